import t from 'tap';

import { loadSamples } from '../../runner/demo.js';
import type { ProcessResults } from '../../runner/results.js';
import { freshDatabase, runCarril } from '../testing/index.js';
import { computedRows, expectedOf } from './support.js';

const db = await freshDatabase(t);
const { engine, env } = db;
await loadSamples(engine);
const date = '2021-05-07';
const carril = (...args: string[]) => runCarril(args, { env });

t.test('a run: each fund to the cent as in the file, in text and JSON', async (t) => {
  const run = await carril('run', '--date', date);
  t.equal(run.code, 0, run.stderr);
  t.match(run.stdout, /process \d+ of 2021-05-07: started, 6 funds/);
  t.match(run.stdout, /process \d+ 6\/6/, 'progress as lines');
  t.match(run.stdout, /COMPLETADO in \d/);

  const { code, stdout } = await carril('results', '--date', date, '--json');
  t.equal(code, 0);
  const results = JSON.parse(stdout) as ProcessResults;
  t.same(Object.keys(results), ['date', 'process', 'funds', 'services']);
  t.same(Object.keys(results.process), ['id', 'state']);
  t.equal(results.date, date);
  t.equal(results.process.state, 'COMPLETADO');
  const expected = expectedOf(date);
  t.equal(results.funds.length, expected.size);
  for (const fund of results.funds) {
    const want = expected.get(fund.fund);
    t.same(Object.keys(fund), [
      ...[
        'fund',
        'execution_id',
        'process_id',
        'state',
        'lines',
        'cash_lines',
        'total_value',
        'weight_sum',
        'repriced',
      ],
    ]);
    t.match(fund, {
      process_id: results.process.id,
      state: 'COMPLETADO',
      lines: want?.lines,
      cash_lines: want?.cashLines,
      total_value: want?.total,
    });
    t.ok(Math.abs(Number(fund.weight_sum) - 100) <= 0.01, 'weights sum to 100');
    t.ok(BigInt(fund.execution_id) > BigInt(fund.process_id), 'an execution ID of its own above its process');
    t.match(
      run.stdout,
      new RegExp(`^${fund.fund} .* ${String(want?.total)} `, 'm'),
      'the table says the same',
    );
  }
  t.equal(new Set(results.funds.map(({ execution_id }) => execution_id)).size, 6);

  const of = ['results', '--process', results.process.id];
  const [text, ipa, unknown] = await Promise.all([
    carril(...of),
    carril(...of, '--service', 'IPA', '--fund', 'ARKK', '--json'),
    carril(...of, '--service', 'UBS', '--fund', 'ARKZ'),
  ]);
  const arkk = expected.get('ARKK');
  t.match(text.stdout, /^fund +IPA +CAPM +PosModRF +SONA +Derivados +UBS +PNL$/m);
  t.match(text.stdout, new RegExp(`^ARKK +${String(arkk?.lines)} +0 +0 +0 +OMITIDO +OMITIDO +\\d+$`, 'm'));
  const { rows } = JSON.parse(ipa.stdout) as { rows: Record<string, unknown>[] };
  t.equal(rows.length, arkk?.lines, 'each of its positions');
  t.match(rows[0], { fund: 'ARKK', invest_id: /./, cantidad: /^\d+\.\d{8}$/, es_efectivo: false });
  t.match([unknown.code, unknown.stderr], [1, /has no fund ARKZ; it has ARKF, ARKG/]);
});

t.test('two runs of one date at once: two processes, identical results', async (t) => {
  const both = await Promise.all([1, 2].map(() => carril('run', '--date', date, '--json')));
  t.same(
    both.map(({ code }) => code),
    [0, 0],
    both.map(({ stderr }) => stderr).join('\n'),
  );
  const [one, two] = both.map(({ stdout }) => JSON.parse(stdout) as ProcessResults);
  t.not(one?.process.id, two?.process.id);
  const plain = (results: ProcessResults | undefined) =>
    results?.funds.map((fund) => ({ ...fund, execution_id: '', process_id: '' }));
  t.same(plain(one), plain(two));
  const [first, second] = await Promise.all(
    [one, two].map((results) => computedRows(engine, results?.process.id ?? '0')),
  );
  t.same(first, second, 'row by row');
  t.ok((first ?? []).length > 250);
  const ids = both.flatMap(({ stdout }) =>
    (JSON.parse(stdout) as ProcessResults).funds.map(({ execution_id }) => execution_id),
  );
  t.equal(new Set(ids).size, 12, 'no execution ID twice');
});

t.test('some funds, one lane', async (t) => {
  const run = await carril('run', '--date', date, '--funds', 'ARKK, ARKG', '--lanes', '1', '--json');
  t.equal(run.code, 0, run.stderr);
  t.same(
    (JSON.parse(run.stdout) as ProcessResults).funds.map(({ fund }) => fund),
    ['ARKG', 'ARKK'],
  );
});

t.test('status and resume', async (t) => {
  const { stdout } = await carril('status', '--json', '--limit', '1');
  const [newest] = (JSON.parse(stdout) as { processes: { id: string; state: string; date: string }[] })
    .processes;
  t.match(newest, { state: 'COMPLETADO', date });
  const one = await carril('status', String(newest?.id));
  t.match(one.stdout, /ARKG +\d+ +COMPLETADO/);
  const resumed = await carril('run', '--resume', String(newest?.id));
  t.equal(resumed.code, 0, 'a process that has ended is only shown');
  t.match(resumed.stdout, /COMPLETADO/);
});

t.test('a failed fund fails no other, and the run says which and exits 1', async (t) => {
  // a step that fails for one fund only: an amount so close to the end of the type that the sum overflows it
  const huge = '999999999999999.9999';
  const rows = ['A', 'B'].map((id) => `('2021-06-01', 'ARKK', '${id}', '${id}', '${id}', 'USD', 1, ${huge})`);
  const good = `('2021-06-01', 'ARKG', 'C', 'C', 'C', 'USD', 1, 5)`;
  await engine.batch(
    `INSERT INTO homol.IPA (FechaReporte, Portfolio, InvestID, Ticker, Descripcion, Moneda, Cantidad, ValorMercado)
     VALUES ${[...rows, good].join(', ').replaceAll("'B'", "'A'")}`,
  );
  const run = await carril('run', '--date', '2021-06-01', '--funds', 'ARKK,ARKG');
  t.equal(run.code, 1, run.stdout);
  t.match(run.stdout, /ARKG +\d+ +COMPLETADO/);
  t.match(run.stdout, /COMPLETADO_CON_ERRORES in/);
  t.match(run.stderr, /^ARKK: ERROR: /m);
  t.match(run.stdout, /^process \d+ \d\/2 ARKK ERROR$/m, 'progress names the fund and its state');
  const [, id] = /process (\d+) of/.exec(run.stdout) ?? [];
  const status = await carril('status', String(id));
  t.match(status.stdout, /^ARKK +\d+ +ERROR +IPA /m, 'status names the service that failed');
  const json = await carril('run', '--date', '2021-06-01', '--funds', 'ARKK', '--json');
  t.equal(json.code, 1);
  t.equal((JSON.parse(json.stdout) as ProcessResults).process.state, 'ERROR');
});

t.test('wrong use exits 2, what does not work 1, with a line that says what to do', async (t) => {
  const cases: [string[], number, RegExp][] = [
    [['run'], 2, /--date.*--resume/],
    [['run', '--date', '2021-02-30'], 2, /no date/],
    [['run', '--date', date, '--resume', '1'], 2, /mutually exclusive/],
    [['run', '--date', date, '--lanes', '0'], 2, /--lanes/],
    [['run', '--date', date, '--lanes', 'x'], 2, /--lanes: 'x' must/],
    [['run', '--date', date, '--funds', ''], 2, /empty name/],
    [['run', '--date', date, '--lease', 'soon'], 2, /duration/],
    [['run', '--date', date, '--lease', '500ms'], 2, /whole seconds/],
    [['run', '--date', date, '--bogus'], 2, /bogus/],
    [['results'], 2, /--date or --process/],
    [['work', '--kinds', 'NADA'], 2, /FONDOS/],
    [['run', '--date', date, '--funds', 'NADA'], 1, /50404.*NADA/],
    [['run', '--resume', '999999'], 1, /50404/],
    [['results', '--date', '2020-01-01'], 1, /no process of 2020-01-01.*carril run/],
    [['status', 'x'], 2, /no ID/],
    [['status', '999999'], 1, /50404/],
    [['nothing'], 2, /nothing/i],
  ];
  for (const [args, code, message] of cases) {
    const result = await carril(...args);
    t.equal(result.code, code, `${args.join(' ')}: ${result.stderr}`);
    t.match(result.stderr, message, args.join(' '));
  }
  const { stderr, stdout } = await carril('results', '--date', '2020-01-01', '--json');
  t.match(JSON.parse(stderr), { error: { code: 'NOT_FOUND', number: 0, message: /no process/ } });
  t.equal(stdout, '');
});

t.test('help of every command has an example', async (t) => {
  for (const name of ['demo', 'load', 'run', 'work', 'status', 'results']) {
    const { code, stdout } = await carril(name, '--help');
    t.equal(code, 0);
    t.match(stdout, new RegExp(`carril ${name}`));
    t.match(stdout, /Examples:/, name);
  }
});
