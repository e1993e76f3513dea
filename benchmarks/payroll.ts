/**
 * `npm run bench:payroll`: closings of document 003's sizes and of 5,000 and 100,000 employees with 24 concepts each, consolidated
 * by lanes, by one single set-based statement over the whole closing, and by the document's row-by-row way, on a fresh embedded
 * database with durable commits. Each way's results are compared with those of the lanes.
 */
import { connect, describeTarget } from '../engine/index.js';
import type { Engine } from '../engine/index.js';
import { createMigrator } from '../migrator/index.js';
import { nomina } from '../procedures/generated/index.js';
import {
  consolidationWorker,
  planConsolidation,
  rollbackConsolidation,
} from '../runner/payroll/consolidate.js';
import { generatePayroll } from '../runner/payroll/generate.js';
import { measured, round } from './measured-engine.js';
import { rowByRow } from './payroll/row-by-row.js';
import { singleStatement } from './payroll/single-statement.js';
import { benchTarget, inBenchDatabase } from './bench-database.js';
import { benchOptions, countsOf } from './options.js';
import { record } from './record.js';
import { median } from './statistics.js';

const options = benchOptions(
  'payroll',
  'Consolidates payroll closings in lanes, by one set-based statement and row by row; what they leave is compared.',
  [5, 1],
  {
    employees: { default: '50,133,300,500,5000,100000', quick: '50,300', describe: 'sizes of the closings' },
    concepts: { default: 24, describe: 'concepts an employee' },
    lanes: { default: '1,2', describe: 'lanes' },
    seed: { default: 7, describe: 'of the generator' },
    // more of them go row by row for minutes, and teach nothing new
    'row-by-row': { default: 5000, describe: 'the largest closing that is also done row by row' },
    defects: { default: false, describe: 'with the defects of real ones' },
  },
);
const { out, rounds, seed, concepts, defects } = options;

interface Run {
  readonly wall_s: number;
  readonly round_trips: number;
  /** The client's resident memory: what it had before, and its peak. */
  readonly memory_mb: readonly [number, number];
  readonly chunks: number;
}

const target = benchTarget();

await inBenchDatabase(target, bench);

async function bench(): Promise<void> {
  const engine = await connect(target, { poolMax: 8, appName: 'carril bench' });
  try {
    await createMigrator(engine).up();
    out.note(`on ${describeTarget(target)}`);
    const rows = [];
    for (const size of countsOf(options.employees, 'employees'))
      rows.push(...(await closingOf(engine, size)));
    out.table(
      ['employees', 'how', 's', 'employees/s', 'round trips', 'of one statement', 'memory MB', 'same'],
      rows.map((row) => [
        row.employees,
        row.how,
        row.wall_s.toFixed(2),
        Math.round(row.employees_per_s),
        row.round_trips,
        row.share === null ? '' : `${Math.round(row.share * 100)} %`,
        `${row.memory_mb[0]} -> ${row.memory_mb[1]}`,
        row.same,
      ]),
    );
    await record('payroll', engine, out, options, { data: { concepts, seed, defects }, rows });
    if (rows.some(({ same }) => !same)) process.exitCode = 1;
  } finally {
    await engine.close();
  }
}

async function closingOf(engine: Engine, employees: number) {
  const { closing } = await generatePayroll(engine, { employees, seed, concepts, defects });
  // as after a night: what the load left is vacuumed and analysed, and no way pays for another's
  await engine.batch('VACUUM ANALYZE');
  const ways: [string, () => Promise<{ round_trips: number; chunks: number }>][] = [
    ...countsOf(options.lanes, 'lanes').map((lanes): (typeof ways)[number] => [
      `${lanes} ${lanes === 1 ? 'lane' : 'lanes'}`,
      () => inLanes(engine, closing, lanes),
    ]),
    [
      'one statement',
      async () => {
        await singleStatement(engine, closing);
        return { round_trips: 3, chunks: 1 };
      },
    ],
  ];
  if (employees <= options['row-by-row'])
    ways.push([
      'row by row',
      async () => ({
        round_trips: (await rowByRow(engine, closing)).queries,
        chunks: Math.ceil(employees / 100),
      }),
    ]);
  const all = new Map<string, Run[]>(ways.map(([how]) => [how, []]));
  const sums = new Set<string>();
  const same = new Map<string, boolean>();
  // the small ones are over in no time: more of them
  const runs = employees <= 500 ? rounds * 5 : rounds;
  for (let i = 0; i < runs; i += 1) {
    for (const [how, run] of ways) {
      const [before, watch] = [rss(), watchMemory()];
      const begun = performance.now();
      const { round_trips, chunks } = await run();
      const wall_s = (performance.now() - begun) / 1000;
      all.get(how)?.push({ wall_s, round_trips, memory_mb: [before, watch.stop()], chunks });
      // without statistics the comparison alone would take minutes
      await engine.batch('ANALYZE nomina.EmpleadoConsolidado, nomina.ConceptoEmpleadoConsolidado');
      sums.add(await checksum(engine, closing));
      same.set(how, (same.get(how) ?? true) && sums.size === 1);
      await takeBack(engine, closing);
      if (employees >= 5000) out.note(`${employees} employees, ${how}: ${wall_s.toFixed(2)} s`);
    }
    await engine.batch('VACUUM ANALYZE nomina.EmpleadoConsolidado, nomina.ConceptoEmpleadoConsolidado');
  }
  const best = median((all.get('one statement') ?? []).map(({ wall_s }) => wall_s));
  return ways.map(([how]) => {
    const list = all.get(how) ?? [];
    const middle = (of: (run: Run) => number) => median(list.map(of));
    const wall_s = middle((run) => run.wall_s);
    return {
      employees,
      how,
      wall_s: inMilliseconds(wall_s),
      all_s: list.map((run) => inMilliseconds(run.wall_s)),
      employees_per_s: round(employees / wall_s),
      round_trips: middle((run) => run.round_trips),
      chunks: middle((run) => run.chunks),
      memory_mb: [
        middle(({ memory_mb: [before] }) => before),
        middle(({ memory_mb: [, peak] }) => peak),
      ] as const,
      share: how === 'one statement' ? null : round(best / wall_s),
      same: same.get(how) ?? false,
    };
  });
}

/** The small ones are over in hundredths of a second. */
function inMilliseconds(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}

async function inLanes(
  engine: Engine,
  closing: bigint,
  lanes: number,
): Promise<{ round_trips: number; chunks: number }> {
  let calls = 0;
  const counted = measured(engine, () => {
    calls += 1;
  });
  const plan = await planConsolidation(counted, closing, { lanes, timeoutMs: 3_600_000 });
  await consolidationWorker(counted, plan, { lanes, leaseSeconds: 30, maxRunTimeMs: 900_000 }).run();
  return { round_trips: calls, chunks: plan.chunks };
}

/** As `carril payroll rollback`; of the ways that are no consolidation it takes the rows only. */
async function takeBack(engine: Engine, closing: bigint): Promise<void> {
  const { idTrabajo } = await nomina.estadoConsolidacion(engine, { idCierre: closing });
  if (idTrabajo !== null) {
    await rollbackConsolidation(engine, closing);
    return;
  }
  await engine.query('DELETE FROM nomina.EmpleadoConsolidado WHERE cierre_id = $1', [closing], {
    timeoutMs: 0,
  });
  await engine.query(
    'DELETE FROM nomina.DiscrepanciaCierre WHERE cierre_id = $1 AND ID_Trabajo IS NOT NULL',
    [closing],
  );
}

/** Of everything that was consolidated, but the IDs. */
async function checksum(engine: Engine, closing: bigint): Promise<string> {
  const [row] = await engine.query(
    `SELECT count(*) AS rows, sum(hashtextextended(concat_ws('|', e.rut, e.nombre_completo, e.cargo, e.es_ingreso, e.es_finiquito,
         e.tiene_ausentismo, e.total_haberes, e.total_descuentos, e.liquido_pagar, e.fuentes_utilizadas, e.reglas_aplicadas,
         c.codigo_concepto, c.nombre_concepto, c.valor, c.tipo_concepto, c.fuente_dato), 0))::text AS sum
     FROM nomina.EmpleadoConsolidado AS e
     LEFT JOIN nomina.ConceptoEmpleadoConsolidado AS c ON c.empleado_consolidado_id = e.id
     WHERE e.cierre_id = $1`,
    [closing],
    { timeoutMs: 0 },
  );
  return `${String(row?.['rows'])} ${String(row?.['sum'])}`;
}

function rss(): number {
  return Math.round(process.memoryUsage.rss() / 2 ** 20);
}

function watchMemory(): { stop: () => number } {
  let peak = rss();
  const timer = setInterval(() => {
    peak = Math.max(peak, rss());
  }, 50);
  return {
    stop: () => {
      clearInterval(timer);
      return Math.max(peak, rss());
    },
  };
}
