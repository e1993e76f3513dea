/**
 * The keeper: a small process of its own that owns the embedded PostgreSQL. Carril processes hold a connection to it as
 * long as they need the server; when the last one has gone, killed or not, it stops the server and goes.
 *
 * `node keeper.js HOME GRACE_MS`, started by keeper-client.ts, detached, with its output going to keeper.log.
 */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { writeSync } from 'node:fs';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from './failure.js';
import { embeddedHome } from './home.js';
import { probeKeeper } from './keeper-client.js';
import { isPublished, publishKeeperFile, readKeeperFile } from './keeper-file.js';
import { removeKeeperFile, republish, type KeeperFile } from './keeper-file.js';
import { onMessage, send, type ClientMessage, type KeeperMessage } from './protocol.js';
import { startServer, type Server } from './server.js';

const home = embeddedHome(process.argv[2]);
const grace = Number(process.argv[3]);
/** Whoever started us comes within this time, or has died. */
const firstGrace = Math.max(grace, 5_000);

/** Connections that hold the server up, with the pid of the process behind each. */
const clients = new Map<Socket, number>();
const watchers = new Set<Socket>();
const notices: string[] = [];
const since = new Date().toISOString();
let state: KeeperMessage = { type: 'starting', text: 'starting PostgreSQL' };
let starting: Promise<Server> | undefined;
let stay = false;
let leaving = false;
let graceTimer: NodeJS.Timeout | undefined;
let own: KeeperFile;

const listener = createServer((socket) => {
  // whoever does not say the token soon is not one of ours
  const stranger = setTimeout(() => socket.destroy(), 5_000);
  let admitted = false;
  socket.setNoDelay(true);
  socket.on('error', () => socket.destroy());
  socket.on('close', () => {
    clearTimeout(stranger);
    watchers.delete(socket);
    if (clients.delete(socket)) considerLeaving(grace);
  });
  onMessage(socket, (object) => {
    const message = object as ClientMessage;
    if (!admitted) {
      if (message.type !== 'hello' || !isToken(message.token)) {
        socket.destroy();
        return;
      }
      admitted = true;
      clearTimeout(stranger);
      if (message.watch) watchers.add(socket);
      else clients.set(socket, message.pid);
      clearTimeout(graceTimer);
      tell(socket);
      if (message.watch) considerLeaving(grace);
    } else if (message.type === 'stop') {
      void leave('a client asked to');
    } else if (message.type === 'stay') {
      stay = message.stay;
      own = { ...own, stay };
      republish(home, own);
      tell(socket);
      considerLeaving(grace);
    }
  });
});

function isToken(token: unknown): boolean {
  if (typeof token !== 'string') return false;
  const [given, wanted] = [Buffer.from(token), Buffer.from(own.token)];
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

function countClients(): number {
  return new Set(clients.values()).size;
}

function tell(socket: Socket): void {
  send(socket, state.type === 'ready' ? { ...state, stay, notices, clients: countClients() } : state);
}

function tellAll(next: KeeperMessage): void {
  state = next;
  for (const socket of [...clients.keys(), ...watchers]) tell(socket);
}

function log(text: string): void {
  try {
    writeSync(2, `${new Date().toISOString()} [${process.pid}] ${text}\n`);
  } catch {
    // a full disk must not end the keeper before the server
  }
}

function considerLeaving(after: number): void {
  clearTimeout(graceTimer);
  if (clients.size > 0 || stay || leaving || state.type !== 'ready') return;
  graceTimer = setTimeout(() => void leave('nobody needs the server'), after);
}

/** Stops the server and ends this process. */
async function leave(why: string): Promise<void> {
  if (leaving) return;
  leaving = true;
  log(`stopping: ${why}`);
  tellAll({ type: 'stopping' });
  const server = await starting?.catch(() => undefined);
  await server?.stop();
  quit(0);
}

/** The file goes before the listener: whoever finds the file finds us behind it. */
function quit(code: number): never {
  if (isPublished(home, own)) removeKeeperFile(home, own);
  process.exit(code);
}

async function fail(message: KeeperMessage & { message: string }): Promise<void> {
  if (leaving) return;
  leaving = true;
  log(message.message);
  tellAll(message);
  // whoever started us may not have come yet, and should be told why there is no server
  const deadline = Date.now() + (message.type === 'failed' ? 2_000 : 50);
  let told = clients.size + watchers.size;
  while (Date.now() < deadline && (told === 0 || clients.size + watchers.size > 0)) {
    await sleep(20);
    told += clients.size + watchers.size;
  }
  quit(1);
}

async function takeOffice(): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    listener.once('error', reject);
    listener.listen(0, '127.0.0.1', resolve);
  });
  const { port } = listener.address() as AddressInfo;
  own = { protocol: 1, pid: process.pid, port, token: randomBytes(24).toString('base64url'), stay: false };
  while (!publishKeeperFile(home, own)) {
    const other = readKeeperFile(home);
    if (other === undefined) continue;
    if (await probeKeeper(other)) {
      log(`not needed: process ${other.pid} is the keeper`);
      process.exit(0);
    }
    log(`the keeper before this one (process ${other.pid}) was killed`);
    stay = other.stay;
    removeKeeperFile(home, other);
  }
}

async function run(): Promise<void> {
  await takeOffice();
  starting = startServer(home, {
    progress: (text) => {
      log(text);
      if (!leaving) tellAll({ type: 'starting', text });
    },
    notice: (text) => {
      log(text);
      notices.push(text);
    },
  });
  let server: Server;
  try {
    server = await starting;
  } catch (error) {
    await fail({ type: 'failed', message: messageOf(error) });
    return;
  }
  if (leaving) return;
  const { port, pid, dataFolder, adopted, ended } = server;
  // what an earlier keeper promised goes with the server that it left behind, and with no other
  stay = stay && adopted;
  own = { ...own, stay };
  if (stay) republish(home, own);
  log(`PostgreSQL ${adopted ? 'adopted' : 'started'}: process ${pid}, port ${port}, data in ${dataFolder}`);
  void ended.then((why) => fail({ type: 'lost', message: why }));
  tellAll({
    type: 'ready',
    port,
    serverPid: pid,
    keeperPid: process.pid,
    dataFolder,
    adopted,
    stay,
    clients: countClients(),
    since,
    notices,
  });
  considerLeaving(firstGrace);
  setInterval(() => {
    if (!leaving && !isPublished(home, own)) void leave(`${home.keeperFile} is not ours any more`);
  }, 2_000);
}

process.on('SIGTERM', () => void leave('SIGTERM'));
process.on('SIGINT', () => void leave('SIGINT'));
process.on('SIGHUP', () => {
  // a terminal that closes is none of our business
});
process.on('uncaughtException', (error) => {
  log(`unexpected: ${error.stack ?? error.message}`);
  // a second one while leaving: whatever it waits for may never come
  if (leaving) setTimeout(() => process.exit(1), 5_000);
  void leave('an unexpected error');
});
void run();
