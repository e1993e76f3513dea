/**
 * A brownfield database there and back, with the command line as its users have it. `CARRIL_BROWNFIELD=300x50x17` makes it five
 * million rows.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';

import { homol, logs } from '../../procedures/generated/index.js';
import { verifyBackfill } from '../../runner/backfill.js';
import { line } from '../conformance/ipa.js';
import { computedRows } from '../runner/support.js';
import { freshDatabase, runCarril, spawnCarril, testDialect, waitUntil } from '../testing/index.js';
import { auditStatements, largestStatement } from './audit.js';
import { backfilledTables, brownfieldSize, createBrownfield } from './brownfield.js';
import { backfilledFingerprint, rawFingerprint, setAside } from './fingerprint.js';

if (testDialect() !== 'postgres') {
  t.pass('the generator is written for PostgreSQL; test/conformance/backfill.test.ts runs everywhere');
  process.exit(0);
}

const size = brownfieldSize({ dates: 20, funds: 10, lines: 12 });
const db = await freshDatabase(t, { migrated: false });
const { engine, env } = db;
const defects = await createBrownfield(engine, size);
await auditStatements(engine);

/** A night of the new way, whose rows the backfill must leave alone: it compares itself with a date that the backfill moves. */
const night = '2031-05-05';
await homol.cargarIpa(engine, {
  filas: Array.from({ length: size.funds }, (_, i) => i + 1).flatMap((fund) =>
    Array.from({ length: 40 }, (_, n) =>
      line(fund * 100 + n, `G${fund}`, `INV ${n}`, {
        fechaReporte: night,
        cantidad: '10',
        precioLocal: n % 3 === 0 ? null : '10',
        valorMercado: '100',
      }),
    ),
  ),
});
const undisturbed = await nightlyRun();
if (!undisturbed.some((row) => row.includes('fechaanterior":"2020')))
  throw new Error('the night has nothing of the history to compare itself with');
const start = await rawFingerprint(engine);

interface Answer {
  readonly ended: string;
  readonly correct: boolean;
  readonly state: Readonly<Record<string, unknown>>;
  readonly set_aside: readonly { readonly reason: string; readonly rows: string }[];
  readonly tables: readonly { readonly table: string; readonly same: boolean; readonly left: string }[];
  readonly error: { readonly number: number; readonly message: string };
}

async function backfill(
  ...args: readonly string[]
): Promise<{ readonly code: number | null; readonly answer: Answer }> {
  const { code, stdout, stderr } = await runCarril(['backfill', ...args, '--json'], { env });
  return {
    code,
    answer: JSON.parse(stdout === '' ? (stderr.trim().split('\n').at(-1) ?? '') : stdout) as Answer,
  };
}

async function nightlyRun(): Promise<readonly string[]> {
  const { code, stdout, stderr } = await runCarril(['run', '--date', night, '--lanes', '3', '--json'], {
    env,
  });
  if (code !== 0) throw new Error(stderr);
  const { process: made } = JSON.parse(stdout) as { readonly process: { readonly id: string } };
  return await computedRows(engine, made.id);
}

/** As `carril backfill verify`, without a process for it. */
async function verified(): Promise<boolean> {
  const pace = { batch: 20_000, pauseMs: 0, signal: new AbortController().signal, onStep: () => undefined };
  return (await verifyBackfill(engine, pace)).correct;
}

async function batchesDone(): Promise<number> {
  const [row] = await engine.query('SELECT lotes::integer AS n FROM logs.Backfill_Estado');
  return Number(row?.['n']);
}

async function deadlocks(): Promise<number> {
  const [row] = await engine.query(
    'SELECT deadlocks::integer AS n FROM pg_stat_database WHERE datname = current_database()',
  );
  return Number(row?.['n']);
}

let end: Readonly<Record<string, string>> = {};
let aside: readonly string[] = [];

await t.test('run re-keys what maps, and sets aside what does not with its reason', async (t) => {
  const refused = await backfill('finish');
  t.equal(refused.code, 1, 'nothing to finish yet');
  t.equal(refused.answer.error.number, 50409);

  const { code, answer } = await backfill('run');
  t.equal(code, 0);
  t.match(answer, { ended: 'done', state: { phase: 'COMPLETO', without_process: '1' } });
  const reasons: Record<string, number> = {};
  for (const { reason, rows } of answer.set_aside) reasons[reason] = (reasons[reason] ?? 0) + Number(rows);
  t.same(reasons, defects, 'each defect under its own reason, and nothing else');

  const largest = await largestStatement(engine);
  t.ok(largest <= 2000, `the largest statement wrote ${largest} rows`);
  t.ok(largest > 1000 || size.dates < 20, 'and the batches are large enough for that to mean something');

  end = await backfilledFingerprint(engine);
  aside = await setAside(engine);
});

await t.test('every row is with its own fund, date and process', async (t) => {
  for (const table of backfilledTables.filter((name) => name.startsWith('staging.'))) {
    const [row] = await engine.query(`
      SELECT count(*)::integer AS n
      FROM ${table} AS s
      LEFT JOIN logs.Ejecuciones AS e ON e.ID_Ejecucion = s.ID_Ejecucion AND e.ID_Fund = s.ID_Fund
      WHERE e.ID_Proceso IS NULL
        AND NOT EXISTS (SELECT FROM logs.Backfill_Apartados AS a WHERE a.Tabla = '${table}' AND (a.Fila::jsonb) @> to_jsonb(s))
        AND s.ID_Ejecucion NOT IN (SELECT x.ID_Ejecucion FROM logs.Ejecuciones AS x WHERE x.ID_Proceso IS NULL)`);
    t.equal(row?.['n'], 0, table);
  }
  const [extract] = await engine.query(`
    SELECT count(*)::integer AS wrong
    FROM extract.CAPM AS x
    INNER JOIN logs.Ejecuciones AS e ON e.ID_Ejecucion = x.ID_Ejecucion
    INNER JOIN dimensionales.BD_Funds AS f ON f.ID_Fund = e.ID_Fund
    WHERE f.Portfolio_CAPM <> x.Portfolio OR e.FechaReporte <> x.FechaReporte`);
  t.equal(extract?.['wrong'], 0, 'extract rows by portfolio and date');
  // a run of the new way that came before the backfill was compared with the shared execution, which stays where it was
  const [pnl] = await engine.query(`
    SELECT
      (count(*) FILTER (WHERE e.FechaReporte IS DISTINCT FROM p.FechaAnterior))::integer AS lost,
      (count(*) FILTER (WHERE e.ID_Fund IS DISTINCT FROM p.ID_Fund AND propia.ID_Chunk IS NULL))::integer AS shared
    FROM staging.PNL_WorkTable AS p
    INNER JOIN logs.Ejecuciones AS propia ON propia.ID_Ejecucion = p.ID_Ejecucion
    LEFT JOIN logs.Ejecuciones AS e ON e.ID_Ejecucion = p.ID_Ejecucion_Anterior
    WHERE p.ID_Ejecucion_Anterior IS NOT NULL`);
  t.same(pnl, { lost: 0, shared: 0 }, "what refers to the fund's run before refers to its new ID");
  const [legacy] = await engine.query(`
    SELECT count(*)::integer AS n FROM logs.Ejecuciones AS e
    INNER JOIN logs.Procesos AS p ON p.ID_Proceso = e.ID_Proceso AND p.Arquitectura = 'LEGADO'
    WHERE e.ID_Fund IS NULL AND p.ID_Proceso = e.ID_Ejecucion`);
  t.equal(legacy?.['n'], size.dates + 3, 'a shared execution keeps a process of its own number, and no fund');
});

await t.test('verify sees a lost row, a doubled one and a changed one', async (t) => {
  t.equal((await backfill('finish')).answer.error.number, 50409, 'finish waits for a verification');
  const { code, answer } = await backfill('verify');
  t.equal(code, 0);
  t.equal(answer.correct, true);
  t.ok(answer.tables.every(({ same, left }) => same && left === '0'));

  const damages: Readonly<Record<string, readonly [string, string, string]>> = {
    changed: [
      'staging.IPA_Final',
      "UPDATE staging.IPA_Final SET ValorMercado = ValorMercado + 1 WHERE InvestID = 'INV 1' AND ID_Fund = 1",
      "UPDATE staging.IPA_Final SET ValorMercado = ValorMercado - 1 WHERE InvestID = 'INV 1' AND ID_Fund = 1",
    ],
    lost: [
      'extract.SONA',
      'CREATE TABLE public.Lost AS SELECT * FROM extract.SONA WHERE ID = 7; DELETE FROM extract.SONA WHERE ID = 7',
      'INSERT INTO extract.SONA OVERRIDING SYSTEM VALUE SELECT * FROM public.Lost',
    ],
    'of another fund': [
      'staging.CAPM_Final',
      `UPDATE staging.CAPM_Final SET ID_Ejecucion = -ID_Ejecucion WHERE ID_Ejecucion = (
         SELECT min(ID_Ejecucion_Nuevo) FROM logs.Backfill_Mapa WHERE ID_Fund = 2)`,
      'UPDATE staging.CAPM_Final SET ID_Ejecucion = -ID_Ejecucion WHERE ID_Ejecucion < 0',
    ],
  };
  for (const [what, [table, damage, repair]] of Object.entries(damages)) {
    await engine.batch(damage);
    t.equal(await verified(), false, what);
    const tables = await logs.backfillListarMedidas(engine);
    t.same(
      tables.filter(({ igual }) => igual === false).map(({ tabla }) => tabla),
      [table],
    );
    await engine.batch(repair);
  }
  t.equal((await backfill('finish')).answer.error.number, 50409, 'the last one failed: finish refuses again');
});

await t.test('revert gives every row back as it was', async (t) => {
  const { code, answer } = await backfill('revert');
  t.equal(code, 0);
  t.match(answer, { ended: 'done', state: { phase: 'REVERTIDO' } });
  t.same(await rawFingerprint(engine), start);
  t.equal(await verified(), true, 'which verify says, too');
});

await t.test('killed at random, beside a nightly run, it ends in the same state', async (t) => {
  const before = await deadlocks();
  let kills = 0;
  const nights: Promise<readonly string[]>[] = [];
  for (let i = 0; i < 10; i += 1) {
    const batches = await batchesDone();
    const child = spawnCarril(['backfill', 'run', '--batch', '400', '--pause', '5'], { env });
    if (i % 4 === 1) nights.push(nightlyRun());
    // now and then while it starts, otherwise within or between two of its batches
    if (i % 5 !== 4) await waitUntil('a batch', async () => (await batchesDone()) > batches);
    const ended = await Promise.race([child.done, sleep(Math.random() * 150)]);
    if (ended !== undefined) break;
    child.kill('SIGKILL');
    await child.done;
    kills += 1;
  }
  t.not((await logs.backfillEstado(engine)).fase, 'COMPLETO', 'each time it was killed there was work left');
  nights.push(nightlyRun());
  const { code } = await backfill('run', '--batch', '3000');
  t.equal(code, 0);
  t.equal(kills, 10, 'killed ten times');
  for (const rows of await Promise.all(nights)) t.same(rows, undisturbed, 'the run is as an undisturbed one');
  t.equal((await deadlocks()) - before, 0, 'no deadlock');

  const nightly = `SELECT ID_Proceso FROM logs.Procesos WHERE FechaReporte = date '${night}'`;
  const now = await withoutNights(nightly);
  for (const table of backfilledTables) t.equal(now[table], end[table], table);
  t.same(await setAside(engine), aside);
  const largest = await largestStatement(engine);
  t.ok(largest <= 2000, `the largest statement of all wrote ${largest} rows`);
});

/** The fingerprint without what the nights of this file have written: they are taken away first, in a transaction that ends in nothing. */
async function withoutNights(processes: string): Promise<Record<string, string>> {
  let found: Readonly<Record<string, string>> = {};
  const nothing = new Error('rolled back');
  const first = `(SELECT min(ID_Proceso) FROM (${processes}) AS p)`;
  await engine
    .transaction(async (session) => {
      const late = `SELECT ID_Ejecucion FROM logs.Ejecuciones WHERE ID_Proceso IN (${processes}) AND ID_Proceso > ${first}`;
      for (const table of backfilledTables.toReversed().filter((name) => name !== 'logs.Ejecuciones'))
        await session.query(`DELETE FROM ${table} WHERE ID_Ejecucion IN (${late})`);
      await session.query(`DELETE FROM logs.Ejecuciones WHERE ID_Ejecucion IN (${late})`);
      found = await backfilledFingerprint(session);
      throw nothing;
    })
    .catch((error: unknown) => {
      if (error !== nothing) throw error;
    });
  return { ...found };
}

await t.test(
  'finish makes the process obligatory and the key trusted; undo and revert lead back',
  async (t) => {
    t.equal((await backfill('verify')).code, 0);
    const late = await backfill('finish');
    t.equal(late.answer.error.number, 50409, 'the run of this night has no process yet');
    t.match(late.answer.error.message, / 1 ejecuciones no tienen proceso/);

    await engine.query(
      "UPDATE logs.Ejecuciones SET Estado = 'COMPLETADO', FechaFin = now() WHERE ID_Proceso IS NULL",
    );
    t.match((await backfill('run')).answer, { state: { round: 2, without_process: '0', phase: 'COMPLETO' } });
    t.equal((await backfill('verify')).code, 0);
    const { code, answer } = await backfill('finish');
    t.equal(code, 0);
    t.ok(answer.state['finished']);
    const shape = async () => {
      const [row] = await engine.query(`
      SELECT a.attnotnull AS required, k.convalidated AS trusted
      FROM pg_attribute AS a, pg_constraint AS k
      WHERE a.attrelid = 'logs.ejecuciones'::regclass AND a.attname = 'id_proceso' AND k.conname = 'fk_ejecuciones_procesos'`);
      return row;
    };
    t.match(await shape(), { required: true, trusted: true });
    // 004's finds the dates that may be NULL, one of the defects
    const { stdout: scripts } = await runCarril(['migrate', 'verify'], { env });
    for (const script of ['013_ejecuciones_id_proceso', '017_backfill'])
      t.match(scripts, new RegExp(`${script} +ok`), 'its verify script agrees');

    t.equal((await backfill('finish', '--undo')).code, 0);
    t.match(await shape(), { required: false });
    t.equal((await backfill('revert')).code, 0);
    t.equal((await backfill('verify')).answer.correct, true);
    const [left] = await engine.query(
      "SELECT count(*)::integer AS n FROM logs.Procesos WHERE Arquitectura = 'LEGADO'",
    );
    t.equal(left?.['n'], 0, 'no process of the backfill is left');
  },
);

await t.test('Ctrl-C ends it between two batches, and status says where', async (t) => {
  const child = spawnCarril(['backfill', 'run', '--batch', '50', '--pause', '20'], { env, detached: true });
  const { lotes: before } = await logs.backfillEstado(engine);
  await waitUntil('three batches', async () => (await logs.backfillEstado(engine)).lotes > before + 3n);
  const second = await backfill('run', '--wait-for-migrator', '0s');
  t.equal(second.code, 1, 'a second one is refused');
  t.match(
    second.answer.error.message,
    new RegExp(`another migrator .*\\(carril backfill run\\)@.*, process ${String(child.pid)}, since `),
    'and told who is at work',
  );
  child.signalGroup('SIGINT');
  const { code, stdout } = await child.done;
  t.equal(code, 130);
  t.match(stdout, /go on with: carril backfill run/);
  const { code: fine, stdout: said } = await runCarril(['backfill', 'status'], { env });
  t.equal(fine, 0);
  t.match(said, /^(LIMPIEZA|INVENTARIO|MEDICION|PROCESOS|FILAS): /);
  t.equal((await backfill('run', '--batch', '0')).code, 2, 'wrong use');
});
