import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import pg from 'pg';
import t from 'tap';

import { acquireEmbedded, stopEmbedded } from '../../engine/embedded/index.js';
import type { EmbeddedOptions, EmbeddedServer } from '../../engine/embedded/index.js';
import { runCarril } from '../testing/index.js';
import { answer, graceMs, scratchFolder } from './helpers.js';

const { home } = scratchFolder(t);
const acquire = (options: EmbeddedOptions = {}): Promise<EmbeddedServer> =>
  acquireEmbedded({ home, graceMs, ...options });

const env = { CARRIL_HOME: home, CARRIL_GRACE_MS: String(graceMs) };
const carril = async (...args: string[]): Promise<string> => {
  const { code, stdout, stderr } = await runCarril(['db', ...args], { env });
  t.equal(code, 0, `db ${args.join(' ')}: ${stderr}`);
  return stdout;
};
await stopEmbedded({ home });

await t.test('start, status, stop', async (t) => {
  const started = JSON.parse(await carril('start', '--json')) as Record<string, unknown>;
  t.match(started, { engine: 'embedded', state: 'running', stays: true, clients: 0 });
  await sleep(2 * graceMs + 200);
  t.match(JSON.parse(await carril('status', '--json')), {
    state: 'running',
    stays: true,
    server_pid: started['server_pid'],
  });
  t.equal(await carril('stop'), 'stopped\n');
  t.match(JSON.parse(await carril('status', '--json')), { state: 'stopped', server_pid: null });
  t.equal(await carril('stop'), 'it was not running\n');
});

await t.test('url: without the password, unless asked for', async (t) => {
  const password = readFileSync(join(home, 'password'), 'utf8').trim();
  t.match(await carril('url'), /^postgres:\/\/carril@127\.0\.0\.1:\d+\/carril\n$/);
  t.match(await carril('url', '--with-password'), `postgres://carril:${password}@127.0.0.1:`);
});

await t.test('create, reset', async (t) => {
  t.match(await carril('create', '--url', 'embedded:otra'), /otra created/);
  t.match(JSON.parse(await carril('create', '--url', 'embedded:otra', '--json')), {
    database: 'otra',
    created: false,
  });
  const server = await acquire({ database: 'otra' });
  const client = new pg.Client(server.target);
  await client.connect();
  client.on('error', () => {
    // the reset ends this session
  });
  await client.query('CREATE TABLE t (a int)');
  t.match(await carril('reset', '--url', 'embedded:otra'), /otra is empty/);
  t.equal(await answer(server, "to_regclass('t')"), '');
  await server.release();
});

await t.test('reset refuses a server that is not embedded, until it is marked', async (t) => {
  const server = await acquire();
  const { host, port, user, password } = server.target;
  t.match(await carril('create', '--url', 'embedded:ajena'), /created/);
  // as it is with any other server
  await answer(server, "set_config('carril.embedded', 'off', false)");
  const admin = new pg.Client(server.target);
  await admin.connect();
  await admin.query("ALTER DATABASE ajena SET carril.embedded = 'off'");
  await admin.end();
  const url = `postgres://${user}:${password}@${host}:${port}/ajena`;
  const foreign = { ...env, CARRIL_DATABASE_URL: url };
  const refused = await runCarril(['db', 'reset'], { env: foreign });
  t.equal(refused.code, 2);
  t.match(refused.stderr, /neither embedded nor marked as disposable.*carril db mark-disposable/);
  t.notMatch(refused.stderr, password);
  t.equal((await runCarril(['db', 'mark-disposable'], { env: foreign })).code, 0);
  t.equal((await runCarril(['db', 'mark-disposable'], { env: foreign })).code, 0, 'twice is once');
  const reset = await runCarril(['db', 'reset'], { env: foreign });
  t.equal(reset.code, 0, reset.stderr);
  t.equal((await runCarril(['db', 'reset'], { env: foreign })).code, 0, 'the mark outlives a reset');
  const start = await runCarril(['db', 'start'], { env: foreign });
  t.equal(start.code, 2);
  t.match(start.stderr, /is for the embedded PostgreSQL/);
  t.match((await runCarril(['db', 'status', '--json'], { env: foreign })).stdout, /"version": "18/);
  await server.release();
});

await t.test('create --wait waits for a server that is not there, and gives up', async (t) => {
  const nowhere = { ...env, CARRIL_DATABASE_URL: 'postgres://carril@127.0.0.1:1/x?connect_timeout=1' };
  const began = performance.now();
  const { code, stdout, stderr } = await runCarril(['db', 'create', '--wait', '1.5s'], { env: nowhere });
  t.equal(code, 1);
  t.match(stdout, /waiting up to 1.5s/);
  t.ok(performance.now() - began > 1_500);
  t.match(stderr, /127\.0\.0\.1:1/);
});
