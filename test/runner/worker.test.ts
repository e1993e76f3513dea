import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import t from 'tap';

import type { Engine, Row } from '../../engine/index.js';
import { trabajo } from '../../procedures/generated/index.js';
import { loadSamples } from '../../runner/demo.js';
import { handlers } from '../../runner/handlers/index.js';
import { checkConnections, connectionLimits } from '../../runner/connections.js';
import { Pacer } from '../../runner/lanes/pacer.js';
import { findProcess, startProcess } from '../../runner/process.js';
import { asRole, freshDatabase, runCarril, spawnCarril } from '../testing/index.js';
import { testHome } from '../testing/server.js';
import { waitUntil, waitUntilBlocked } from '../testing/wait.js';
import { holdFinals, startedProcess } from './support.js';

const db = await freshDatabase(t);
const { engine, env } = db;
const sqlServer = engine.dialect === 'sqlserver';
const embedded = env.CARRIL_DATABASE_URL.startsWith('embedded:');
await loadSamples(engine);
const date = '2021-05-07';

/** Chunks of a process's job, in the order of their IDs. */
async function chunksOf(job: bigint): Promise<Row[]> {
  return await engine.query(
    `SELECT ID_Chunk AS id, Estado AS estado, Poseedor AS poseedor, Inicio AS inicio, Expira AS expira, Ultimo_Error AS error
     FROM trabajo.Chunks WHERE ID_Trabajo = ${sqlServer ? '@p0' : '$1'} ORDER BY ID_Chunk`,
    [job],
  );
}

t.test('an idle worker asks the server at most once a second, and less and less', async (t) => {
  if (!embedded) {
    t.comment('the log of that server cannot be read; lanes.test.ts counts the calls on every engine');
    return;
  }
  await engine.batch(`ALTER DATABASE ${db.name} SET log_statement = 'all'`);
  const work = spawnCarril(['work', '--lanes', '4', '--lease', '1s'], { env });
  await waitUntil('it is there', () => work.stdout().includes('lanes on'));
  await sleep(9000);
  const until = Date.now();
  work.kill('SIGINT');
  t.equal((await work.done).code, 130);
  await engine.batch(`ALTER DATABASE ${db.name} RESET log_statement`);

  // every statement that the server was sent, when it came
  const statements = readFileSync(join(testHome(), 'postgres.log'), 'utf8')
    .split('\n')
    .filter((line) => line.includes(`@${db.name} carril work LOG:  `))
    .filter((line) => /LOG: {2}(statement|execute)/.test(line))
    .filter((line) => !line.includes('set_config'))
    .map((line) => ({ at: Date.parse(`${line.slice(0, 23).replace(' ', 'T')}Z`), line }))
    .filter(({ at }) => at < until);
  const first = statements.findIndex(({ line }) => /sp_trabajos_por_finalizar/i.test(line));
  t.ok(first >= 0, statements.map(({ line }) => line).join('\n'));
  // from the start's sweep on it is idle
  const idle = statements.slice(first);
  const gaps = idle.slice(1).map(({ at }, i) => at - (idle[i]?.at ?? 0));
  t.ok(gaps.length >= 3 && gaps.length <= 6, `${gaps.length} queries in 9 s`);
  t.ok(
    gaps.every((gap) => gap >= 995),
    gaps.join(', '),
  );
  t.ok(
    gaps.slice(2).every((gap) => gap >= 1995),
    `it grows to two seconds: ${gaps.join(', ')}`,
  );
});

t.test('the pauses of idle workers are spread by up to a quarter', async (t) => {
  const [least, most] = [new Pacer(200, 200, () => 0), new Pacer(200, 200, () => 0.999)];
  const begun = performance.now();
  const took = async (pacer: Pacer) => {
    await pacer.pause();
    return performance.now() - begun;
  };
  const [short, long] = await Promise.all([took(least), took(most)]);
  t.ok(short >= 198, String(short));
  t.ok(long >= 247 && long > short + 20, `${short}, ${long}`);
});

/** Sessions that a command has open, counted every few milliseconds until `stop`; the most there were. */
function watchSessions(appName: string): { most: () => number; stop: () => Promise<void> } {
  let [most, stopped] = [0, false];
  const sql = sqlServer
    ? 'SELECT COUNT(*) AS n FROM sys.dm_exec_sessions WHERE program_name = @p0 AND database_id = DB_ID()'
    : 'SELECT count(*)::int AS n FROM pg_stat_activity WHERE application_name = $1 AND datname = current_database()';
  const watching = (async () => {
    while (!stopped) {
      const [row] = await engine.query(sql, [appName]);
      most = Math.max(most, Number(row?.['n']));
      await sleep(10);
    }
  })();
  return {
    most: () => most,
    stop: async () => {
      stopped = true;
      await watching;
    },
  };
}

t.test('a worker opens lanes + 2 connections at most', async (t) => {
  const barrier = await holdFinals(engine);
  const sessions = watchSessions('carril run');
  const run = spawnCarril(['run', '--date', date, '--lanes', '3', '--lease', '1s'], { env });
  const { job } = await findProcess(engine, BigInt(await startedProcess(run)));
  await waitUntilBlocked(engine, 3);
  const before = (await chunksOf(job)).map(({ expira }) => Number(expira));
  await waitUntil('heartbeats, a sweep with each', async () =>
    (await chunksOf(job)).every(
      ({ expira, poseedor }, i) => poseedor === null || Number(expira) > (before[i] ?? 0) + 1000,
    ),
  );
  await barrier.release();
  const { code, stderr } = await run.done;
  await sessions.stop();
  t.equal(code, 0, stderr);
  t.ok(sessions.most() >= 4, `three lanes and the heartbeat were seen: ${sessions.most()}`);
  t.ok(sessions.most() <= 5, `never more than five: ${sessions.most()}`);
});

t.test('beyond the limit of connections a worker refuses to start, and says what to change', async (t) => {
  const allowed = Math.min(...(await connectionLimits(engine)).map((limit) => limit.allowed));
  if (allowed >= 502) {
    t.comment(`this server grants ${allowed} connections`);
    return;
  }
  for (const args of [['work'], ['run', '--date', date]]) {
    const before = await startedProcesses();
    const { code, stderr } = await runCarril([...args, '--lanes', '500'], { env });
    t.equal(code, 2, stderr);
    t.match(stderr, `--lanes 500 needs 502 connections (lanes + 2), and the server grants ${allowed}`);
    t.match(stderr, `take --lanes ${allowed - 2} or fewer`);
    if (embedded) t.match(stderr, /max_connections is 300, 3 of them reserved.*set max_connections = 505/);
    t.equal(await startedProcesses(), before, 'no process is left behind');
  }
});

async function startedProcesses(): Promise<number> {
  const [row] = await engine.query('SELECT COUNT(*) AS n FROM logs.Procesos');
  return Number(row?.['n']);
}

t.test("PostgreSQL's limits of a role and of a database count, and what is in use is told", async (t) => {
  if (sqlServer) return;
  const app = await asRole(db, 'carril_app');
  const [row] = await app.query('SELECT session_user AS name');
  const login = String(row?.['name']);
  t.equal(await checkConnections(app, 4), undefined);

  await engine.batch(`ALTER ROLE ${login} CONNECTION LIMIT 5`);
  t.equal(await checkConnections(app, 3), undefined);
  await t.rejects(checkConnections(app, 4), {
    name: 'UsageError',
    message: new RegExp(
      `grants 5: the role ${login} has a connection limit of 5; take --lanes 3 or fewer, or ALTER ROLE ${login} CONNECTION LIMIT 6$`,
    ),
  });
  await app.connection(async () => {
    await app.connection(async () => {
      t.equal(await checkConnections(app, 3), undefined, 'our own will be the lanes’');
      const held = app.openConnections();
      const openConnections = app.openConnections.bind(app);
      t.ok(held >= 2, `${held} are open`);
      // as another pool of the same login would see them, but for the one that asks
      app.openConnections = () => 1;
      try {
        await app.query('SELECT 1');
        t.equal(await checkConnections(app, 1), undefined);
        t.match(
          await checkConnections(app, 2),
          /2 lanes need up to 4 connections, and only 3 are free just now/,
        );
        await app.connection(async () => {
          t.match(await checkConnections(app, 1), /^1 lane needs up to 3 connections, and only 2 are free/);
        });
      } finally {
        app.openConnections = openConnections;
      }
    });
  });

  await engine.batch(`ALTER DATABASE ${db.name} CONNECTION LIMIT 2`);
  await t.rejects(checkConnections(app, 1), {
    message: new RegExp(
      `the database ${db.name} has .*not even one lane fits, or ALTER DATABASE ${db.name} `,
    ),
  });
  t.equal(await checkConnections(engine, 1), undefined, 'it does not hold for a superuser');
  await engine.batch(`ALTER DATABASE ${db.name} CONNECTION LIMIT -1`);
});

/** An engine that answers a few queries as a SQL Server would. */
function pretend(answers: readonly (readonly [RegExp, Row | Error])[]): Engine {
  const query = (sql: string): Promise<Row[]> => {
    const [, answer] = answers.find(([pattern]) => pattern.test(sql)) ?? [];
    if (answer instanceof Error) return Promise.reject(answer);
    return Promise.resolve(answer === undefined ? [] : [answer]);
  };
  return {
    dialect: 'sqlserver',
    description: 'pretended',
    query,
    openConnections: () => 1,
  } as unknown as Engine;
}

t.test("SQL Server's limits: the configured one, and the service objective's on Azure", async (t) => {
  const sessions = [/dm_exec_sessions/, { used: 9 }] as const;
  const plain = { maximum: 32_767, edition: 3, configured: 0 };
  t.equal(await checkConnections(pretend([[/MAX_CONNECTIONS/, plain], sessions]), 500), undefined);
  const configured = pretend([[/MAX_CONNECTIONS/, { ...plain, configured: 40 }], sessions]);
  t.equal(await checkConnections(configured, 30), undefined);
  t.match(
    await checkConnections(configured, 31),
    /only 32 are free just now \('user connections' is 40, 9 in use/,
  );
  await t.rejects(checkConnections(configured, 39), {
    message:
      /grants 40: 'user connections' is 40; take --lanes 38 or fewer, or set the option 'user connections' \(sp_configure\) to 41/,
  });
  const azure = pretend([
    [/MAX_CONNECTIONS/, { ...plain, edition: 5 }],
    sessions,
    [/resource_governance/, { slo_name: 'S0', max_sessions: 600, max_workers: 60 }],
  ]);
  await t.rejects(checkConnections(azure, 59), {
    message: /grants 60: the service objective S0 has 60 requests at a time; take --lanes 58 or fewer/,
  });
  const denied = Object.assign(new Error('denied'), {});
  t.same(await connectionLimits(pretend([])), [], 'a login that may see nothing');
  await t.rejects(connectionLimits(pretend([[/MAX_CONNECTIONS/, denied]])), denied);
});

t.test('--kinds: only jobs of these kinds are worked on; one that there is not is wrong use', async (t) => {
  const unknown = await runCarril(['work', '--kinds', 'fondos,nonsense'], { env });
  t.equal(unknown.code, 2);
  t.match(unknown.stderr, /--kinds: there is no kind 'nonsense'; there are FONDOS/);
  const { job } = await startProcess(engine, date);
  for (const { kind } of handlers.filter((handler) => handler.kind !== 'FONDOS')) {
    const other = await runCarril(['work', '--kinds', kind, '--idle-exit', '0s'], { env });
    t.equal(other.code, 0, other.stderr);
    t.match(await trabajo.estadoTrabajo(engine, { idTrabajo: job }), { pendientes: 6, completados: 0 });
  }
  const funds = await runCarril(['work', '--kinds', ' fondos ', '--idle-exit', '0s'], { env });
  t.equal(funds.code, 0, funds.stderr);
  t.match(await trabajo.estadoTrabajo(engine, { idTrabajo: job }), { estado: 'COMPLETADO', completados: 6 });
});

t.test('--lanes and --lease: so many chunks at once, for so long, renewed at a third of it', async (t) => {
  const { job } = await startProcess(engine, date);
  const barrier = await holdFinals(engine);
  const work = spawnCarril(['work', '--lanes', '2', '--lease', '6s', '--idle-exit', '0s'], { env });
  await waitUntilBlocked(engine, 2);
  const held = (await chunksOf(job)).filter(({ poseedor }) => poseedor !== null);
  t.equal(held.length, 2);
  for (const { inicio, expira } of held) t.ok(Number(expira) - Number(inicio) >= 6000);
  const begun = performance.now();
  await waitUntil('both leases are renewed', async () => {
    const now = (await chunksOf(job)).filter(({ poseedor }) => poseedor !== null);
    return now.every(({ expira }, i) => Number(expira) > Number(held[i]?.['expira']));
  });
  t.ok(performance.now() - begun < 5000, 'before they have expired');
  const renewed = (await chunksOf(job)).filter(({ poseedor }) => poseedor !== null);
  t.equal(renewed.length, 2, 'no third lane');
  await barrier.release();
  t.equal((await work.done).code, 0);
  t.match(await trabajo.estadoTrabajo(engine, { idTrabajo: job }), { estado: 'COMPLETADO' });
});

t.test('--max-run-time: past it the statement is cancelled and the attempt fails', async (t) => {
  const { job } = await startProcess(engine, date, ['ARKK']);
  const barrier = await holdFinals(engine);
  const work = spawnCarril(['work', '--max-run-time', '400ms'], { env });
  await waitUntil('it says so', () => work.stdout().includes('ran longer than 0.4 s (--max-run-time)'));
  const [chunk] = await chunksOf(job);
  t.match(chunk, { estado: 'PENDIENTE', error: /ran longer than 0\.4 s/ });
  work.kill('SIGINT');
  await work.done;
  await barrier.release();
  await trabajo.cancelarTrabajo(engine, { idTrabajo: job });
  const finished = await runCarril(['work', '--idle-exit', '0s'], { env });
  t.equal(finished.code, 0, finished.stderr);
});

t.test('--idle-exit: a worker stays while a job lives, though it has no chunk for it', async (t) => {
  const { job } = await startProcess(engine, date, ['ARKK']);
  const [chunk] = await trabajo.reclamarChunks(engine, { poseedor: 'another', idTrabajo: job });
  if (chunk === undefined) throw new Error('nothing claimed');
  if (embedded) await engine.batch(`ALTER DATABASE ${db.name} SET log_statement = 'all'`);
  const work = spawnCarril(['work', '--idle-exit', '100ms'], { env });
  let ended = false;
  void work.done.then(() => {
    ended = true;
  });
  if (embedded) {
    const asked = () =>
      readFileSync(join(testHome(), 'postgres.log'), 'utf8')
        .split('\n')
        .filter((line) => line.includes(`@${db.name} carril work LOG: `) && /sp_trabajos_vivos/i.test(line))
        .length;
    await waitUntil('it has asked whether it may leave', () => asked() > 0);
    await engine.batch(`ALTER DATABASE ${db.name} RESET log_statement`);
  } else await sleep(5000);
  t.notOk(ended, 'another worker holds a chunk, which may come back');
  await trabajo.devolverChunk(engine, { idChunk: chunk.idChunk, token: chunk.token });
  const { code, stdout, stderr } = await work.done;
  t.equal(code, 0, stderr);
  t.match(stdout, /1 completed, 0 attempts failed, 0 lost/);
  t.match(await trabajo.estadoTrabajo(engine, { idTrabajo: job }), { estado: 'COMPLETADO' });
});
