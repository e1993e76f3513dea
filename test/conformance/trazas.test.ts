/** What the readings of the traces say, against cases worked out by hand. */
import t from 'tap';

import type { SqlValue } from '../../engine/index.js';
import { logs } from '../../procedures/generated/index.js';
import { traceColumns, traceTable } from '../../runner/trace/record.js';
import { readTraces } from '../../runner/trace/read.js';
import type { TraceEvent } from '../../runner/trace/record.js';
import { loadFunds, startAndClaim } from '../leases/process.js';
import { failsWith, sql } from '../leases/support.js';
import { asRole, freshDatabase } from '../testing/index.js';

const db = await freshDatabase(t);
const { engine } = db;
await loadFunds(engine, ['ALFA', 'BETA', 'GAMA']);
const { idProceso, idTrabajo, held } = await startAndClaim(engine, ['ALFA', 'BETA', 'GAMA']);
const zero = Date.UTC(2024, 5, 28, 3);

interface Event {
  readonly process?: bigint | null;
  readonly job?: bigint;
  readonly fund?: number | null;
  readonly ms: number;
  readonly event: TraceEvent;
  readonly stage?: string;
  readonly attempt?: string;
  readonly resource?: string;
  readonly duration?: number;
  readonly metadata?: string;
}

async function write(...events: readonly Event[]): Promise<void> {
  const rows = events.map((one): SqlValue[] => {
    const { fund = null, stage = 'IPA' } = one;
    return [
      one.process === undefined ? idProceso : one.process,
      fund === null ? null : (held[fund - 1]?.idEjecucion ?? null),
      fund,
      new Date(zero + one.ms),
      stage,
      one.attempt ?? `${fund ?? 0}.1`,
      one.event,
      one.resource ?? stage,
      one.duration ?? null,
      one.metadata ?? null,
      513,
      one.job ?? idTrabajo,
    ];
  });
  await engine.bulk(traceTable, traceColumns, rows);
}

/** From `a` to `b`, in milliseconds. */
function ran(fund: number, a: number, b: number, more: Partial<Event> = {}): Event[] {
  return [
    { fund, ms: a, event: 'START', ...more },
    { fund, ms: b, event: 'END', ...more, duration: b - a },
  ];
}

await write(
  // ALFA runs IPA from 0 to 5 s and BETA from 3 to 4 s: 004 would not have seen it, their starts are 3 s apart
  ...ran(1, 0, 5000),
  ...ran(2, 3000, 4000),
  // GAMA's starts 100 ms after the end of ALFA's: no overlap; 004's comparison with BETA's start would not tell
  ...ran(3, 5100, 6100),
  // the first attempt of BETA's CAPM fails, a wait on a lock is seen in it, the second attempt goes well
  { fund: 2, ms: 4000, event: 'START', stage: 'CAPM' },
  { fund: 2, ms: 4300, event: 'LOCK', stage: 'CAPM', resource: 'staging.CAPM_WorkTable', duration: 100 },
  { fund: 2, ms: 4500, event: 'WAIT', stage: 'CAPM', resource: 'staging.CAPM_WorkTable', duration: 300 },
  { fund: 2, ms: 4600, event: 'ERROR', stage: 'CAPM', duration: 600, metadata: '{"mensaje":"no"}' },
  { fund: 2, ms: 5600, event: 'WAIT', stage: 'CAPM', resource: 'reintento', attempt: '2.2', duration: 1000 },
  ...ran(2, 5600, 6000, { stage: 'CAPM', attempt: '2.2' }),
  // GAMA's CAPM never ends: its worker was killed
  { fund: 3, ms: 6100, event: 'START', stage: 'CAPM' },
);

await t.test('overlaps are of intervals, and an interval without an end is left out', async (t) => {
  const pairs = await logs.trazaSolapes(engine, { idProceso });
  t.same(
    pairs.map((pair) => ({
      ...pair,
      inicioFund1: +pair.inicioFund1 - zero,
      inicioFund2: +pair.inicioFund2 - zero,
    })),
    [
      {
        ...{
          fund1: 1,
          fund2: 2,
          nombre1: 'ALFA',
          nombre2: 'BETA',
          parte1: '1.1',
          parte2: '2.1',
          recurso: 'IPA',
        },
        ...{ inicioFund1: 0, inicioFund2: 3000, diferenciaMs: 3000, overlapMs: 1000 },
      },
    ],
  );
  t.same(
    await logs.trazaSolapes(engine, { idProceso: held[0]?.idEjecucion ?? 0n }),
    pairs,
    'by an execution',
  );
  t.same(await logs.trazaSolapes(engine, { idTrabajo }), pairs, 'by the job of the process');
  await failsWith(t, 50400, logs.trazaSolapes(engine, { idProceso, maximo: 0 }));
});

await t.test('bottlenecks: locks first, and no START in an average', async (t) => {
  t.same(await logs.trazaCuellos(engine, { idProceso }), [
    {
      ...{
        recurso: 'staging.CAPM_WorkTable',
        totalAccesos: 0,
        duracionPromedioMs: null,
        duracionMaximaMs: null,
      },
      ...{ duracionTotalMs: 0n, totalLocks: 1, totalEsperas: 1, esperaMs: 300n, errores: 0 },
    },
    {
      ...{ recurso: 'IPA', totalAccesos: 3, duracionPromedioMs: 2333, duracionMaximaMs: 5000 },
      ...{ duracionTotalMs: 7000n, totalLocks: 0, totalEsperas: 0, esperaMs: 0n, errores: 0 },
    },
    {
      ...{ recurso: 'CAPM', totalAccesos: 3, duracionPromedioMs: 500, duracionMaximaMs: 600 },
      ...{ duracionTotalMs: 1000n, totalLocks: 0, totalEsperas: 0, esperaMs: 0n, errores: 1 },
    },
    {
      ...{ recurso: 'reintento', totalAccesos: 0, duracionPromedioMs: null, duracionMaximaMs: null },
      ...{ duracionTotalMs: 0n, totalLocks: 0, totalEsperas: 1, esperaMs: 1000n, errores: 0 },
    },
  ]);
});

await t.test('the timeline counts attempts, and says what has not ended', async (t) => {
  const stages = await logs.trazaLineaTiempo(engine, { idProceso });
  t.same(
    stages.map((row) => [
      row.fundShortName,
      row.etapa,
      +row.inicio - zero,
      row.fin === null ? null : +row.fin - zero,
    ]),
    [
      ['ALFA', 'IPA', 0, 5000],
      ['BETA', 'IPA', 3000, 4000],
      ['BETA', 'CAPM', 4000, 6000],
      ['GAMA', 'IPA', 5100, 6100],
      ['GAMA', 'CAPM', 6100, null],
    ],
  );
  t.match(stages[2], {
    duracionMs: 2000n,
    trabajoMs: 1000n,
    esperaMs: 1300n,
    intentos: 2,
    errores: 1,
    abiertos: 0,
  });
  t.match(stages[4], { duracionMs: null, trabajoMs: 0n, intentos: 1, abiertos: 1 });
});

await t.test('a bulk load that came in twice counts once', async (t) => {
  const before = await logs.trazaCuellos(engine, { idProceso });
  await write(...ran(1, 0, 5000), { fund: 3, ms: 6100, event: 'START', stage: 'CAPM' });
  t.same(await logs.trazaCuellos(engine, { idProceso }), before);
  const read: string[] = [];
  for await (const rows of readTraces(engine, { idProceso })) read.push(...rows.map((row) => row.tipoEvento));
  t.equal(read.length, 14);
});

await t.test('pages go on where the last one ended, also within one millisecond', async (t) => {
  const all = await logs.trazaRegistros(engine, { idProceso });
  const paged: (typeof all)[number][] = [];
  for (;;) {
    const last = paged.at(-1);
    const rows = await logs.trazaRegistros(engine, {
      idProceso,
      maximo: 2,
      ...(last === undefined ? {} : { desde: last.timestamp, despuesDe: last.idTrace }),
    });
    paged.push(...rows);
    if (rows.length < 2) break;
  }
  t.same(paged, all);
  t.match(all[0], { fundShortName: 'ALFA', tipoEvento: 'START', timestamp: new Date(zero) });
});

await t.test('a legacy run is found by its ID_Ejecucion, a job that is no process by its own', async (t) => {
  await engine.batch(
    "INSERT INTO logs.Ejecuciones (ID_Ejecucion, FechaReporte) VALUES (20251024, '2024-06-28')",
  );
  await write(...ran(1, 0, 100).map((one) => ({ ...one, process: 20251024n })));
  t.match(await logs.trazaLineaTiempo(engine, { idProceso: 20251024n }), [
    { fundShortName: 'ALFA', etapa: 'IPA' },
  ]);

  const job = { process: null, job: 777n, fund: null, stage: 'scan', resource: '/var/log/a.log' };
  await write(
    { ...job, ms: 0, event: 'START', attempt: '8.1' },
    { ...job, ms: 900, event: 'END', attempt: '8.1', duration: 900 },
    { ...job, ms: 500, event: 'START', attempt: '9.1' },
    { ...job, ms: 700, event: 'END', attempt: '9.1', duration: 200 },
  );
  t.match(await logs.trazaLineaTiempo(engine, { idTrabajo: 777n }), [
    { idFund: null, chunk: '8', etapa: 'scan', duracionMs: 900n },
    { idFund: null, chunk: '9', etapa: 'scan', duracionMs: 200n },
  ]);
  t.match(await logs.trazaSolapes(engine, { idTrabajo: 777n }), [
    { fund1: null, parte1: '8.1', parte2: '9.1', recurso: '/var/log/a.log', overlapMs: 200 },
  ]);
  await failsWith(t, 50404, logs.trazaCuellos(engine, { idTrabajo: 778n }), /778/);
  await failsWith(t, 50404, logs.trazaCuellos(engine, { idProceso: 1_000_000_000_000n }));
  await failsWith(t, 50400, logs.trazaCuellos(engine, {}));
  await failsWith(t, 50400, logs.trazaCuellos(engine, { idProceso, idTrabajo }));
});

await t.test('carril_carga writes, carril_lector asks, carril_app asks and purges', async (t) => {
  const denied = { code: 'PERMISSION' };
  const intake = await asRole(db, 'carril_carga');
  const row = [idProceso, null, null, new Date(zero), 'IPA', 'x.1', 'LOCK', 'r', 1, null, 1, idTrabajo];
  t.equal(await intake.bulk(traceTable, traceColumns, [row]), 1);
  await t.rejects(intake.query('SELECT * FROM logs.Trace_Records'), denied);
  const app = await asRole(db, 'carril_app');
  await t.rejects(app.bulk(traceTable, traceColumns, [row]), denied);
  t.ok((await logs.trazaCuellos(app, { idProceso })).length > 0);
  const reader = await asRole(db, 'carril_lector');
  t.ok((await logs.trazaRegistros(reader, { idProceso })).length > 0);
  await t.rejects(logs.trazaPurgar(reader, { antesDe: new Date() }), denied);
});

await t.test('a purge takes the old in bounded calls, and stops at the first that is young', async (t) => {
  const count = async () =>
    Number((await sql(engine, 'SELECT COUNT(*) AS n FROM logs.Trace_Records'))[0]?.['n']);
  const old = await count();
  const now = Date.now() - zero;
  await write(...ran(1, now, now + 10));
  const antesDe = new Date(zero + 86_400_000);
  t.same(await logs.trazaPurgar(engine, { antesDe, maximo: 5 }), { borradas: 5, quedan: true });
  t.same(await logs.trazaPurgar(engine, { antesDe }), { borradas: old - 5, quedan: false });
  t.equal(await count(), 2);
  await failsWith(t, 50400, logs.trazaPurgar(engine, { antesDe, maximo: 2001 }));
});
