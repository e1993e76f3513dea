/** What `carril run` can be asked for besides a date: ranges, one service, the lanes to see, an end to failures. */
import t from 'tap';

import { loadSamples } from '../../runner/demo.js';
import { weekdaysBetween } from '../../runner/dates.js';
import type { ProcessResults } from '../../runner/results.js';
import { laneRows } from '../../runner/cli/lane-table.js';
import { addService, onlyService } from '../conformance/catalogue.js';
import { serviceState } from '../leases/process.js';
import { sql } from '../leases/support.js';
import { freshDatabase, runCarril } from '../testing/index.js';

const db = await freshDatabase(t);
const { engine, env } = db;
await loadSamples(engine);
const carril = (...args: string[]) => runCarril(args, { env });

interface Range {
  readonly from: string;
  readonly to: string;
  readonly skipped: string[];
  readonly not_run: string[];
  readonly processes: ProcessResults[];
}

/** Lets a fund of a date fail until `mend`. */
async function breakFund(date: string, fund: string): Promise<void> {
  await engine.batch(
    `INSERT INTO homol.IPA (FechaReporte, Portfolio, InvestID, Ticker, Descripcion, Moneda, Cantidad, ValorMercado)
     VALUES ${['1', '2'].map(() => `('${date}', '${fund}', 'HUGE', 'HUGE', 'HUGE', 'USD', 1, 999999999999999.9999)`).join(', ')}`,
  );
}
const mend = () => sql(engine, "DELETE FROM homol.IPA WHERE InvestID = 'HUGE'");

t.test('a range: date after date, what has no positions is named, and the lanes are seen', async (t) => {
  const run = await carril(
    ...[
      'run',
      '--from',
      '2021-05-06',
      '--to',
      '2021-05-11',
      '--funds',
      'ARKK,ARKG',
      '--lanes',
      '1',
      '--watch',
    ],
  );
  t.equal(run.code, 0, run.stderr);
  t.match(run.stdout, /^no positions, skipped: 2021-05-10, 2021-05-11$/m, 'and not the weekend');
  t.match(run.stdout, /^2021-05-06 ARK[GK] claimed, attempt 1 of 3\n2021-05-06 ARK[GK] IPA$/m);
  t.match(
    run.stdout,
    /process \d+ of 2021-05-06: COMPLETADO[^]*process \d+ of 2021-05-07: started, 2 funds[^]*process \d+ of 2021-05-07: COMPLETADO/,
    'the second begins when the first has ended',
  );
});

t.test('the PNL of a range is measured from the date before, whichever lane ends first', async (t) => {
  const run = await carril('run', '--from', '2021-05-05', '--to', '2021-05-07', '--lanes', '6', '--json');
  t.equal(run.code, 0, run.stderr);
  const { processes } = JSON.parse(run.stdout) as Range;
  t.equal(processes.length, 3);
  for (const [i, { funds }] of processes.entries()) {
    const [before, day] = [processes[i - 1], processes[i]?.process.id ?? ''];
    if (before === undefined) continue;
    const compared = await sql(
      engine,
      `SELECT DISTINCT p.ID_Ejecucion AS ahora, p.ID_Ejecucion_Anterior AS antes FROM staging.PNL_WorkTable AS p
       INNER JOIN logs.Ejecuciones AS e ON e.ID_Ejecucion = p.ID_Ejecucion WHERE e.ID_Proceso = ?`,
      [BigInt(day)],
    );
    const earlier = new Map(before.funds.map(({ fund, execution_id }) => [fund, execution_id]));
    t.same(
      new Map(compared.map(({ ahora, antes }) => [String(ahora), String(antes)])),
      new Map(funds.map(({ fund, execution_id }) => [execution_id, earlier.get(fund)])),
      'each fund with its own execution of the date before in this very range',
    );
  }
});

t.test('a range ends at the first date that is not complete', async (t) => {
  await breakFund('2021-05-05', 'ARKG');
  const run = await carril('run', '--from', '2021-05-04', '--to', '2021-05-07', '--funds', 'ARKG', '--json');
  t.equal(run.code, 1, run.stdout);
  const range = JSON.parse(run.stdout) as Range;
  t.match(range, {
    from: '2021-05-04',
    to: '2021-05-07',
    skipped: [],
    not_run: ['2021-05-06', '2021-05-07'],
  });
  t.same(
    range.processes.map(({ date, process }) => [date, process.state]),
    [
      ['2021-05-04', 'COMPLETADO'],
      ['2021-05-05', 'ERROR'],
    ],
  );
  t.match(run.stderr, /not run.*2021-05-06, 2021-05-07[^]*carril run --from 2021-05-06 --to 2021-05-07/);
  await mend();
  const none = await carril('run', '--from', '2020-01-01', '--to', '2020-02-01');
  t.equal(none.code, 1);
  t.match(none.stderr, /no date from 2020-01-01 to 2020-02-01 has positions/);
});

t.test('--max-failures cancels the rest; a retry goes on with all of it', async (t) => {
  // the heaviest funds start first: these two
  await breakFund('2021-05-07', 'ARKW');
  const heaviest = await sql(
    engine,
    `SELECT Portfolio, COUNT(*) AS n FROM homol.IPA WHERE FechaReporte = '2021-05-07' GROUP BY Portfolio ORDER BY n DESC`,
  );
  const first = String(heaviest[0]?.['portfolio']);
  await breakFund('2021-05-07', first);
  const run = await carril('run', '--date', '2021-05-07', '--lanes', '1', '--max-failures', '1');
  t.equal(run.code, 1, run.stdout);
  t.match(run.stderr, /1 fund has failed \(--max-failures 1\): the rest is cancelled/);
  t.match(run.stdout, /: CANCELADO in/);
  const [, id = ''] = /process (\d+) of/.exec(run.stdout) ?? [];
  const { executions } = JSON.parse((await carril('status', id, '--json')).stdout) as {
    executions: { state: string }[];
  };
  t.equal(executions.filter(({ state }) => state === 'ERROR').length, 1);
  t.ok(executions.filter(({ state }) => state === 'CANCELADO').length >= 4, JSON.stringify(executions));
  await mend();
  const retried = await carril('retry', id, '--json');
  t.equal(retried.code, 0, retried.stderr);
  t.match(JSON.parse(retried.stdout), { process: { id, state: 'COMPLETADO' } });
});

t.test('--service: that one alone where what it needs is there', async (t) => {
  await onlyService(engine, 'IPA');
  await addService(engine, 'CAPM', 2, { dependeDe: 'IPA' });
  await addService(engine, 'SONA', 3);
  const states = async (stdout: string) => {
    const [fund] = (JSON.parse(stdout) as ProcessResults).funds;
    const id = BigInt(fund?.execution_id ?? 0);
    return await Promise.all(['IPA', 'CAPM', 'SONA'].map((name) => serviceState(engine, id, name)));
  };
  const args = ['run', '--date', '2021-05-03', '--funds', 'ARKF', '--service', 'capm', '--json'];
  const first = await carril(...args);
  t.equal(first.code, 0, first.stderr);
  t.same(await states(first.stdout), ['COMPLETADO', 'COMPLETADO', 'OMITIDO'], 'IPA was missing');
  const second = await carril(...args);
  t.same(await states(second.stdout), ['OMITIDO', 'COMPLETADO', 'OMITIDO'], 'IPA is there now');
  const unknown = await carril('run', '--date', '2021-05-03', '--service', 'NADA');
  t.equal(unknown.code, 1);
  t.match(unknown.stderr, /NADA.*IPA, CAPM, SONA/);

  await sql(engine, "UPDATE logs.Servicios SET Depende_De = 'CAPM' WHERE Servicio = 'IPA'");
  const cycle = await carril('run', '--date', '2021-05-03', '--json');
  t.equal(cycle.code, 1);
  t.match(JSON.parse(cycle.stderr), {
    error: {
      problems: [
        { service: 'CAPM', problem: 'CICLO' },
        { service: 'IPA', problem: 'CICLO' },
      ],
    },
  });
  t.equal(cycle.stdout, '');
});

t.test('a row a lane: what it runs, for how long, and whether it is being stopped', (t) => {
  const chunk = {
    id: 7n,
    resource: 'ARKK',
    attempt: 2,
    step: 'IPA',
    since: 1000,
    stepSince: 4000,
    stopping: false,
  };
  t.same(laneRows([undefined, chunk, { ...chunk, resource: null, step: undefined, stopping: true }], 5500), [
    [1, '', '', '', '', '', 'idle'],
    [2, 'ARKK', 'IPA', '1.5', '4.5', 2, 'running'],
    [3, '7', '', '1.5', '4.5', 2, 'stopping'],
  ]);
  t.same(weekdaysBetween('2021-04-30', '2021-05-04'), ['2021-04-30', '2021-05-03', '2021-05-04']);
  t.same(weekdaysBetween('2021-05-01', '2021-05-02'), []);
  t.end();
});

t.test('wrong use exits 2', async (t) => {
  for (const [args, message] of [
    [['run', '--from', '2021-05-04'], /--from and --to/],
    [['run', '--from', '2021-05-05', '--to', '2021-05-04'], /after/],
  ] as const) {
    const { code, stderr } = await carril(...args);
    t.equal(code, 2, stderr);
    t.match(stderr, message);
  }
});
