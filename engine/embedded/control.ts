import { existsSync } from 'node:fs';
import { embeddedHome, readState } from './home.js';
import { join } from './keeper-client.js';
import { readPostmasterPid } from './postmaster-pid.js';
import { isServerOf } from './process-info.js';
import { send } from './protocol.js';

export interface EmbeddedStatus {
  /** `stopped`: it can be started; `none`: never started from this home. `orphaned`: the server runs, its keeper was killed. */
  readonly state: 'running' | 'stopped' | 'orphaned' | 'none';
  readonly home: string;
  readonly port: number | null;
  readonly dataFolder: string | null;
  readonly log: string;
  readonly serverPid: number | null;
  readonly keeperPid: number | null;
  /** Carril processes that hold it up. */
  readonly clients: number;
  /** Runs until `carril db stop`. */
  readonly stay: boolean;
  /** ISO 8601. */
  readonly since: string | null;
}

/** What is known of the embedded server of that home, without starting it. */
export async function embeddedStatus(options: { home?: string | undefined } = {}): Promise<EmbeddedStatus> {
  const home = embeddedHome(options.home);
  const nothing = {
    home: home.folder,
    log: home.serverLog,
    port: null,
    dataFolder: null,
    serverPid: null,
    keeperPid: null,
    clients: 0,
    stay: false,
    since: null,
  };
  const joined = existsSync(home.folder)
    ? await join(home, { watch: true, start: false, graceMs: 0 })
    : undefined;
  if (joined !== undefined) {
    joined.socket.destroy();
    const { port, dataFolder, serverPid, keeperPid, clients, stay, since } = joined.ready;
    return { ...nothing, state: 'running', port, dataFolder, serverPid, keeperPid, clients, stay, since };
  }
  const state = existsSync(home.folder) ? readState(home) : undefined;
  if (state === undefined) return { ...nothing, state: 'none' };
  const dataFolder = state.data ?? `${home.folder}/data`;
  const left = readPostmasterPid(dataFolder);
  const orphaned = left !== undefined && isServerOf(left.pid, dataFolder) === true;
  return {
    ...nothing,
    state: orphaned ? 'orphaned' : 'stopped',
    port: state.port,
    dataFolder,
    serverPid: orphaned ? left.pid : null,
  };
}

/** Stops the server, whoever uses it, and waits until it has ended. False when none ran. */
export async function stopEmbedded(options: { home?: string | undefined } = {}): Promise<boolean> {
  const home = embeddedHome(options.home);
  const { state } = await embeddedStatus(options);
  if (state === 'none' || state === 'stopped') return false;
  // an orphan is adopted first: stopping it is the keeper's trade
  const joined = await join(home, { watch: true, start: true, graceMs: 2_000 });
  if (joined === undefined) return false;
  joined.socket.ref();
  send(joined.socket, { type: 'stop' });
  await joined.ended;
  return true;
}
