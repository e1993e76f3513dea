import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import pg from 'pg';
import t from 'tap';

import { acquireEmbedded, embeddedStatus, stopEmbedded } from '../../engine/embedded/index.js';
import type { EmbeddedOptions, EmbeddedServer } from '../../engine/embedded/index.js';
import { isAlive } from '../../engine/embedded/process-info.js';
import { spawnCarril, waitUntil } from '../testing/index.js';
import { answer, gone, graceMs, holder, isWindows, scratchFolder } from './helpers.js';

const { scratch, home } = scratchFolder(t);
const acquire = (options: EmbeddedOptions = {}): Promise<EmbeddedServer> =>
  acquireEmbedded({ home, graceMs, ...options });

await t.test('makes a cluster, keeps what lanes need, and stops after its last client', async (t) => {
  const server = await acquire();
  t.match(server.target, { host: '127.0.0.1', user: 'carril', database: 'carril' });
  t.match(await answer(server, "current_setting('server_version')"), /^18\./);
  for (const [name, value] of [
    ['fsync', 'on'],
    ['synchronous_commit', 'on'],
    ['max_connections', '300'],
    ['track_io_timing', 'on'],
    ['log_lock_waits', 'on'],
    ['deadlock_timeout', '1s'],
    ['TimeZone', 'UTC'],
    ['server_encoding', 'UTF8'],
    ['listen_addresses', '127.0.0.1'],
    ['unix_socket_directories', ''],
    ['password_encryption', 'scram-sha-256'],
  ] as const) {
    t.equal(await answer(server, `current_setting('${name}')`), value, name);
  }
  if (!isWindows) t.equal(statSync(join(home, 'password')).mode & 0o777, 0o600);
  t.equal(readFileSync(join(home, '.gitignore'), 'utf8'), '*\n');

  const wrong = new pg.Client({ ...server.target, password: 'guess' });
  await t.rejects(wrong.connect(), /password authentication failed/);

  const { serverPid, keeperPid } = await embeddedStatus({ home });
  await server.release();
  await gone(serverPid ?? 0);
  await gone(keeperPid ?? 0);
  t.match(await embeddedStatus({ home }), { state: 'stopped', port: server.target.port });
  t.notOk(existsSync(join(home, 'keeper.json')));
});

await t.test('starts again in about a second, at the same port, with the same password', async (t) => {
  const { port } = await embeddedStatus({ home });
  const began = performance.now();
  const server = await acquire();
  t.ok(performance.now() - began < 5_000, 'far below what making one takes on a slow machine');
  t.equal(server.target.port, port);
  t.equal(await answer(server, '1'), '1');
  await server.release();
});

await t.test('processes that start at once share one server', async (t) => {
  await stopEmbedded({ home });
  const holders = await Promise.all([1, 2, 3, 4].map(() => holder(home)));
  const servers = new Set(holders.map(({ serverPid }) => serverPid));
  t.equal(servers.size, 1);
  t.match(await embeddedStatus({ home }), { clients: 4 });
  for (const { child } of holders) child.kill('SIGKILL');
  const [pid] = servers;
  await gone(pid ?? 0);
  t.match(await embeddedStatus({ home }), { state: 'stopped' });
});

await t.test('four processes make one new cluster', async (t) => {
  const other = join(scratch, 'made at once');
  const holders = await Promise.all([1, 2, 3, 4].map(() => holder(other)));
  t.equal(new Set(holders.map(({ serverPid }) => serverPid)).size, 1);
  for (const { child } of holders) child.kill('SIGKILL');
  await gone(holders[0]?.serverPid ?? 0);
});

await t.test('a home that is deleted takes its server along', async (t) => {
  const doomed = join(scratch, 'doomed');
  const server = await acquire({ home: doomed });
  const { serverPid, keeperPid } = await embeddedStatus({ home: doomed });
  rmSync(doomed, { recursive: true, force: true, maxRetries: 5 });
  await gone(serverPid ?? 0);
  await gone(keeperPid ?? 0);
  await server.release();
  t.pass();
});

await t.test('settings of the user are read last; a lost password is replaced', async (t) => {
  await stopEmbedded({ home });
  writeFileSync(join(home, 'postgresql.conf'), "work_mem = '3MB'\n");
  rmSync(join(home, 'password'));
  const server = await acquire({
    onNotice: () => {
      // the password's
    },
  });
  t.equal(await answer(server, "current_setting('work_mem')"), '3MB');
  rmSync(join(home, 'postgresql.conf'));
  await server.release();
});

await t.test('Ctrl-C reaches neither the keeper nor the server', async (t) => {
  if (isWindows) {
    t.comment('Windows: no process groups');
    return;
  }
  await stopEmbedded({ home });
  // a command that would wait for long
  const env = { CARRIL_HOME: home, CARRIL_GRACE_MS: '1500' };
  const { child, serverPid } = await holder(home);
  const waiting = spawnCarril(['db', 'create', '--url', 'postgres://x@127.0.0.1:1/x', '--wait', '60s'], {
    env,
    detached: true,
  });
  await waitUntil('the command to wait', () => waiting.stdout().includes('waiting') || undefined);
  waiting.signalGroup('SIGINT');
  t.equal((await waiting.done).code, 130);
  process.kill(-(child.pid ?? 0), 'SIGINT');
  await sleep(100);
  t.ok(isAlive(serverPid), 'the server is in another group, and stops after the grace');
  await gone(serverPid);
});
