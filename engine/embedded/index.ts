/** The PostgreSQL that npm installed: started on first use, shared by every carril process, stopped after the last. */
import { setTimeout as sleep } from 'node:timers/promises';
import { defaultDatabase, login } from './cluster.js';
import { embeddedHome, passwordOf, prepareHome, type Home } from './home.js';
import { join, type Membership } from './keeper-client.js';
import { send, type KeeperMessage } from './protocol.js';

export { defaultDatabase } from './cluster.js';
export { EmbeddedFailure } from './failure.js';
export { embeddedStatus, stopEmbedded, type EmbeddedStatus } from './control.js';

export interface EmbeddedOptions {
  /** The folder of its state; `$CARRIL_HOME`, else `.carril/` of the project, when left out. */
  readonly home?: string | undefined;
  /** The database to point at; `carril`, which always exists, when left out. Another one has to exist already. */
  readonly database?: string | undefined;
  /** Leave the server running after its last client has gone, until `stopEmbedded`. */
  readonly stay?: boolean | undefined;
  /** Milliseconds that a server started by this call outlives its last client; `$CARRIL_GRACE_MS`, else two seconds, when left out. */
  readonly graceMs?: number | undefined;
  /** Told when starting takes its time, e.g. because the cluster is made first. */
  readonly onProgress?: ((text: string) => void) | undefined;
  /** Told what the user should know of this start, e.g. another port. A warning of the process's when left out. */
  readonly onNotice?: ((text: string) => void) | undefined;
}

export interface EmbeddedServer {
  readonly target: {
    readonly kind: 'postgres';
    readonly host: string;
    readonly port: number;
    readonly user: string;
    readonly password: string;
    readonly database: string;
  };
  /** Why the server has gone meanwhile, where it has: what a lost connection should say. */
  lostBecause(): string | undefined;
  /** Lets go of the server; it stops about two seconds after the last process has. Does not wait for that. */
  release(): Promise<void>;
}

/**
 * Starts the embedded PostgreSQL, or joins the one that runs, and holds it until `release` or until this process ends,
 * however it ends.
 * @throws EmbeddedFailure saying what stands in the way (a port, a folder, a user, the disk) and what to do
 */
export async function acquireEmbedded(options: EmbeddedOptions = {}): Promise<EmbeddedServer> {
  const home = embeddedHome(options.home);
  prepareHome(home);
  let progress: string | undefined;
  const graceMs = options.graceMs ?? defaultGrace();
  const joined = await joinOrThrow(home, graceMs, (text) => {
    if (text !== progress && progress !== undefined) options.onProgress?.(text);
    progress = text;
  });
  const notify = options.onNotice ?? warn;
  for (const notice of joined.ready.notices) notify(notice);
  if (options.stay === true) send(joined.socket, { type: 'stay', stay: true });
  const hold = holdOn(home, graceMs, joined);
  return {
    target: {
      kind: 'postgres',
      host: '127.0.0.1',
      port: joined.ready.port,
      user: login,
      password: passwordOf(home).password,
      database: options.database ?? defaultDatabase,
    },
    ...hold,
  };
}

function warn(text: string): void {
  process.emitWarning(text, 'CarrilWarning');
}

function defaultGrace(): number {
  const asked = Number(process.env['CARRIL_GRACE_MS'] ?? '');
  return Number.isFinite(asked) && asked > 0 ? asked : 2_000;
}

async function joinOrThrow(
  home: Home,
  graceMs: number,
  onProgress?: (text: string) => void,
): Promise<Membership> {
  const joined = await join(home, { watch: false, start: true, graceMs, onProgress });
  if (joined === undefined) throw new Error('a keeper is always started');
  return joined;
}

/**
 * Watches over the membership: a keeper that was killed is replaced by another, which adopts the server that it left
 * behind, so that this server is stopped in the end all the same.
 */
function holdOn(
  home: Home,
  graceMs: number,
  first: Membership,
): Pick<EmbeddedServer, 'lostBecause' | 'release'> {
  let current: Membership | undefined = first;
  let released = false;
  let lost: string | undefined;

  const follow = async (membership: Membership): Promise<void> => {
    const last = await membership.ended;
    current = undefined;
    lost = reasonOf(last);
    for (
      let attempt = 1;
      !released && lost === undefined && current === undefined && attempt <= 5;
      attempt++
    ) {
      try {
        const again = await joinOrThrow(home, graceMs);
        if (again.ready.serverPid !== first.ready.serverPid)
          lost = 'the embedded PostgreSQL was started anew';
        current = again;
        if (released as boolean) again.socket.destroy();
        else void follow(again);
      } catch {
        await sleep(500, undefined, { ref: false });
      }
    }
  };
  void follow(first);

  return {
    lostBecause: () => lost,
    release: async () => {
      released = true;
      const membership = current;
      if (membership === undefined) return;
      membership.socket.ref();
      membership.socket.end();
      await membership.ended;
    },
  };
}

function reasonOf(last: KeeperMessage): string | undefined {
  if (last.type === 'lost') return `the embedded PostgreSQL has ended: ${last.message}`;
  if (last.type === 'stopping')
    return 'the embedded PostgreSQL was stopped (carril db stop, or a signal to its keeper)';
  return undefined;
}
