/** A real deadlock between two sessions of PostgreSQL: the graph, from each of those who can tell of it. */
import t from 'tap';

import { embeddedHome } from '../../engine/embedded/home.js';
import { connect } from '../../engine/index.js';
import { loadName } from '../../benchmarks/contention/load.js';
import type { DeadlockGraph } from '../../benchmarks/contention/deadlock-graph.js';
import { PostgresProbe } from '../../benchmarks/contention/postgres.js';
import { graphOfTold, toldDeadlock } from '../../benchmarks/contention/postgres-deadlock.js';
import { deadlocksInLog } from '../../benchmarks/contention/server-log.js';
import { circleOf } from '../../benchmarks/report/deadlock-circle.js';
import { freshDatabase, waitUntilBlocked } from '../testing/index.js';

const { engine, target, dialect } = await freshDatabase(t, { migrated: false, connect: { poolMax: 6 } });

/**
 * Two sessions, each of which has written a row that the other one wants. A session looks for deadlocks once, when it has
 * waited for a while: the one that waits first never does here, so it is always the other that is given up.
 */
async function collide(): Promise<unknown> {
  const load = await connect(target, { poolMax: 2, appName: loadName });
  try {
    let victim: unknown;
    await load.transaction(async (first) => {
      await first.query("SET LOCAL deadlock_timeout = '1h'");
      await first.query('SELECT prueba.sp_sumar(1)');
      let won: Promise<unknown> = Promise.resolve();
      await load
        .transaction(async (second) => {
          await second.query('SELECT prueba.sp_sumar(2)');
          won = first.query('UPDATE prueba.cuentas SET n = n + 1 WHERE id = 2');
          won.catch(() => undefined);
          await waitUntilBlocked(engine);
          await second.query('SELECT prueba.sp_sumar(1)').catch((error: unknown) => {
            victim = error;
          });
          throw new Error('rolled back');
        })
        .catch(() => undefined);
      await won;
    });
    return victim;
  } finally {
    await load.close();
  }
}

t.test('a deadlock: from the log, from the client that lost, and from who only watched', async (t) => {
  if (dialect !== 'postgres') {
    t.pass('SQL Server draws its own');
    return;
  }
  await engine.batch(`CREATE SCHEMA prueba;
    CREATE TABLE prueba.cuentas (id int PRIMARY KEY, n int NOT NULL);
    INSERT INTO prueba.cuentas VALUES (1, 0), (2, 0);
    CREATE FUNCTION prueba.sp_sumar(p_id int) RETURNS void LANGUAGE plpgsql AS $$
    BEGIN
      UPDATE prueba.cuentas
      SET n = n + 1 WHERE id = p_id;
    END $$;`);
  const log = target.kind === 'embedded' ? embeddedHome(target.home).serverLog : undefined;
  const logging = new PostgresProbe(engine, { load: loadName, log });
  const [told, watching] = [new PostgresProbe(engine), new PostgresProbe(engine)];
  const probes = [logging, told, watching];
  t.teardown(() => Promise.all(probes.map((probe) => probe.close())));
  for (const probe of probes) await probe.begin();
  const error = await collide();
  const lost = toldDeadlock(error);
  t.ok(lost, String(error));
  const byLog = await logging.end(lost === undefined ? [] : [lost]);
  const byClient = await told.end(lost === undefined ? [] : [lost]);
  const byEye = await watching.end();

  t.equal(byLog.deadlocks, 1);
  t.ok((byLog.timeline?.rows ?? []).includes(2), 'two waited at once');
  t.ok(byLog.server_cpu_ms === null || Number(byLog.server_cpu_ms) >= 0);
  for (const [who, { deadlock_graphs: graphs }, victims] of [
    ['log', byLog, 1],
    ['client', byClient, 1],
    ['watcher', byEye, 0],
  ] as const) {
    t.equal(graphs.length, 1, `${who}: told by several, it is one`);
    const [graph] = graphs;
    if (graph === undefined) continue;
    t.equal(graph.processes.filter(({ victim }) => victim).length, victims, who);
    t.match(
      graph.resources.map(({ object }) => object),
      [/cuentas$/, /cuentas$/],
      `${who}: the table that they waited at`,
    );
    t.same(
      graph.resources.flatMap(({ owners, waiters }) => [...owners, ...waiters].map(({ mode }) => mode)),
      ['ExclusiveLock', 'ShareLock', 'ExclusiveLock', 'ShareLock'],
      who,
    );
    t.match(statements(graph), [/UPDATE prueba\.cuentas SET n/, /sp_sumar\(1\)/], who);
    t.equal(circleOf(graph)?.length, 2, `${who}: it closes`);
  }
  const [victim] = byLog.deadlock_graphs[0]?.processes ?? [];
  t.match(victim, {
    victim: true,
    application: loadName,
    lock_mode: 'ShareLock',
    statements: [
      { procedure: 'prueba.sp_sumar', line: 3, text: /^UPDATE prueba\.cuentas\s+SET n/ },
      { procedure: 'prueba.sp_sumar', line: null, text: 'SELECT prueba.sp_sumar(1)' },
    ],
  });
});

function statements({ processes }: DeadlockGraph): string[] {
  return processes
    .map((process) => process.statements.at(-1)?.text ?? '')
    .toSorted((a, b) => b.localeCompare(a));
}

t.test('what the log and the error may look like', (t) => {
  const spanish = `El proceso 11 espera ShareLock en transacción 7; bloqueado por proceso 12.
El proceso 12 espera AccessExclusiveLock en relación 16500 de la base de datos 5; bloqueado por proceso 11.`;
  const graph = graphOfTold({ at: null, detail: spanish, context: null, statement: null }, () => undefined);
  t.match(graph, {
    processes: [
      { id: '11', victim: true, statements: [] },
      { id: '12', victim: false },
    ],
    resources: [
      {
        kind: 'transactionid',
        owners: [{ process: '12', mode: 'ExclusiveLock' }],
        waiters: [{ process: '11' }],
      },
      { kind: 'relation', waiters: [{ process: '12', mode: 'AccessExclusiveLock' }] },
    ],
  });
  t.equal(toldDeadlock(new Error('x')), undefined);
  const line = (pid: number, base: string, text: string) =>
    `2026-11-28 11:00:00.000 UTC [${pid}] carril@${base} carril bench load ${text}\n`;
  const logged = deadlocksInLog(
    line(11, 'a', 'ERROR:  deadlock detected') +
      line(11, 'a', 'DETAIL:  Process 11 waits for ShareLock on transaction 7; blocked by process 12.') +
      '\tProcess 12 waits for ShareLock on transaction 8; blocked by process 11.\n' +
      '\tProcess 11: UPDATE x\n\tSET a = 1\n' +
      '\tProcess 12: UPDATE y\n' +
      line(12, 'a', 'LOG:  process 12 still waiting') +
      line(11, 'a', 'CONTEXT:  while updating tuple (0,1) in relation "x"') +
      line(13, 'b', 'ERROR:  deadlock detected') +
      line(13, 'b', 'DETAIL:  Process 13 waits for ShareLock on transaction 7; blocked by process 12.'),
    'a',
  );
  t.equal(logged.length, 1, 'of this database only');
  const [first] = logged;
  t.match(first && graphOfTold(first, () => undefined), {
    at: '2026-11-28T11:00:00.000Z',
    processes: [
      { spid: 11, statements: [{ text: 'UPDATE x\nSET a = 1' }] },
      { spid: 12, statements: [{ text: 'UPDATE y' }] },
    ],
    resources: [{ object: 'x' }, {}],
  });
  t.end();
});
