import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import t from 'tap';

import { packageRoot } from '../../engine/index.js';
import { readFunds } from '../../runner/load/funds.js';
import { readSource } from '../../runner/load/source-file.js';
import { capm } from '../../runner/load/sources.js';
import { syntheticDays } from '../../runner/load/synthetic-sources.js';
import type { SyntheticDay } from '../../runner/load/synthetic-sources.js';
import { writeFunds } from '../../runner/load/write.js';
import { freshDatabase, runCarril } from '../testing/index.js';

const db = await freshDatabase(t);
const { engine, env } = db;
const carril = (...args: string[]) => runCarril(args, { env });
const samples = join(packageRoot(), 'samples');
const folder = mkdtempSync(join(tmpdir(), 'carril load '));
t.teardown(() => {
  rmSync(folder, { recursive: true });
});

/** Everything that loading could change; identities show whether rows were written again. */
async function stored(): Promise<string[]> {
  const rows = await engine.query(
    `SELECT ID_Linea AS id, CAST(FechaReporte AS varchar(10)) AS d, Portfolio AS p, InvestID AS i, Ticker AS t,
       CAST(Cantidad AS varchar(40)) AS c, CAST(PrecioLocal AS varchar(40)) AS l, CAST(ValorMercado AS varchar(40)) AS v,
       CAST(Peso AS varchar(40)) AS w
     FROM homol.IPA ORDER BY ID_Linea`,
  );
  return rows.map((row) => Object.values(row).map(String).join('|'));
}

t.test('funds, then holdings, then both again: the second time nothing changes', async (t) => {
  const funds = await carril('load', 'funds', join(samples, 'funds.csv'), '--json');
  t.match(JSON.parse(funds.stdout), { funds: 6, inserted: 6, updated: 0, unchanged: 0 });
  t.match(JSON.parse((await carril('load', 'funds', join(samples, 'funds.csv'), '--json')).stdout), {
    inserted: 0,
    unchanged: 6,
  });

  const first = await carril('load', 'holdings', join(samples, 'holdings'));
  t.equal(first.code, 0, first.stderr);
  t.match(first.stdout, /fund_prices\.csv: skipped/);
  const before = await stored();
  t.equal(before.length, 3039);
  t.ok(
    before.some((row) => row.includes('|ONVO|ONVO|')),
    'trailing space trimmed',
  );

  const second = await carril('load', 'holdings', join(samples, 'holdings'));
  t.equal(second.code, 0);
  t.equal(second.stdout.match(/ unchanged$/gm)?.length, 10);
  t.same(await stored(), before);
});

t.test(
  'a file with problems: all of them with file and line, nothing of it loaded, the good one beside it is',
  async (t) => {
    const before = await stored();
    const header = 'date,fund,company,ticker,shares,market_value_usd,weight_pct';
    const bad = join(folder, '2021-05-10.csv');
    const good = join(folder, '2021-05-11.csv');
    writeFileSync(
      bad,
      [
        header,
        '2021-05-10,ARKK,GOOD LINE,GOOD,1,2.50,3',
        '2021-05-10,ARKK,TESLA,TSLA,many,2.50,3',
        '2021-05-10,NONE,TESLA,TSLA,1,2.50,3',
        '2021-05-09,ARKK,APPLE,AAPL,1,2.50,3',
        '2021-05-10,ARKK,GOOD LINE,GOOD ,1,2.50,3',
      ].join('\r\n'),
    );
    writeFileSync(good, `${header}\n2021-05-11,ARKK,"NEW, INC",NEW,1,2.50,3\n`);

    const result = await carril('load', 'holdings', folder);
    t.equal(result.code, 1);
    for (const [line, word] of [
      [3, 'many'],
      [4, 'NONE'],
      [5, '2021-05-09'],
      [6, 'duplicate'],
    ] as const) {
      t.match(result.stderr, new RegExp(`^${bad.replaceAll('.', '\\.')}:${line}: .*${word}`, 'm'));
    }
    t.match(result.stderr, /4 problems; of 1 of 2 files nothing was loaded/);
    const after = await stored();
    t.equal(after.length, before.length + 1);
    t.notOk(after.some((row) => row.includes('2021-05-10')));

    const json = await carril('load', 'holdings', bad, '--json');
    t.equal(json.code, 1);
    t.match(JSON.parse(json.stderr), {
      error: {
        code: 'BAD_INPUT',
        message: /nothing was loaded/,
        problems: [{ file: bad, line: 3 }, {}, {}, {}],
      },
    });
    t.same(await stored(), after);

    writeFileSync(good, `${header}\n2021-05-11,ARKK,NEWER,NEW,1,2.50,3\n2021-05-11,ARKK,SECOND,SEC,1,1,1\n`);
    t.match(JSON.parse((await carril('load', 'holdings', good, '--json')).stdout), {
      files: [{ inserted: 2, replaced: 1, unchanged: false }],
    });
  },
);

t.test('a folder: only what is plainly no holdings is skipped', async (t) => {
  const mixed = mkdtempSync(join(tmpdir(), 'carril mixed '));
  t.teardown(() => {
    rmSync(mixed, { recursive: true });
  });
  const write = (name: string, text: string) => {
    writeFileSync(join(mixed, name), text);
  };
  write('prices.csv', 'date,fund,open\n2021-05-12,ARKK,1\n');
  write('broken.csv', 'date,fund,company,ticker,shares,weight_pct\n2021-05-12,ARKK,A,A,1,1\n');
  write('empty.csv', '');
  const result = await carril('load', 'holdings', mixed);
  t.equal(result.code, 1);
  t.match(result.stderr, /broken\.csv:1: column market_value_usd is missing/);
  t.match(result.stderr, /empty\.csv:1: the file is empty/);
  t.match(result.stdout, /prices\.csv: skipped/);
  t.notMatch(result.stdout, /inserted/, 'no table of nothing');
  const stdin = await carril('load', 'holdings', '-');
  t.match(stdin.stderr, /standard input is not read/);
});

t.test('a source: from its file, again without a change, nothing when anything is wrong', async (t) => {
  const sources = join(samples, 'sources');
  await writeFunds(engine, readFunds(join(sources, 'funds.csv')).funds);
  await capm.write(engine, readSource(capm, join(sources, 'capm.csv')).lines);
  const first = await carril('load', 'sona', join(sources, 'sona.csv'), '--json');
  t.equal(first.stderr, '', 'no fund is unknown');
  t.match(JSON.parse(first.stdout), {
    source: 'sona',
    files: [{ lines: 3, inserted: 3, replaced: 0, unchanged: false }],
  });
  t.same(
    await engine.query(
      `SELECT ID_Operacion AS id, CAST(FechaLiquidacion AS varchar(10)) AS d, CAST(Monto AS varchar(40)) AS m
       FROM homol.SONA WHERE Portfolio = 'G-DEMOB' ORDER BY ID_Linea`,
    ),
    [
      { id: 'OP-5501', d: '2024-07-01', m: '2540.0000' },
      { id: 'OP-5507', d: '2024-07-02', m: '-1020.0000' },
    ],
  );

  // a folder: the files of other sources are skipped, and what is there already stays
  const again = await carril('load', 'sona', sources);
  t.match(again.stdout, /capm\.csv: skipped, its columns are not those of homol\.SONA/);
  t.match(again.stdout, /sona\.csv +3 +0 +0 +unchanged/);

  const mixed = mkdtempSync(join(tmpdir(), 'carril capm '));
  t.teardown(() => {
    rmSync(mixed, { recursive: true });
  });
  const header = 'FechaReporte,Portfolio,Cuenta,Descripcion,Moneda,Saldo\n';
  writeFileSync(
    join(mixed, 'a.csv'),
    `${header}2024-06-28,C-101,1101,CASH,USD,1\n2024-07-01,C-9,1101,CASH,USD,2\n`,
  );
  writeFileSync(
    join(mixed, 'b.csv'),
    `${header}2024-06-28,C-101,1101,CASH,USD,one\n2024-07-01,C-9,1,CASH,USD,2\n`,
  );
  const bad = await carril('load', 'capm', mixed);
  t.equal(bad.code, 1);
  t.match(bad.stderr, /2 problems; nothing was loaded/);
  t.match(bad.stderr, /b\.csv:2: Saldo 'one' is no number/);
  t.match(bad.stderr, /b\.csv:1: C-9 on 2024-07-01 is in .*a\.csv already/);
  const balances = async () =>
    (
      await engine.query(
        `SELECT CAST(Saldo AS varchar(40)) AS s FROM homol.CAPM WHERE Portfolio IN ('C-101', 'C-9') ORDER BY ID_Linea`,
      )
    ).map(({ s }) => s);
  t.same(await balances(), ['5100.0000', '67900.0000', '40.2500', '-35.1000'], 'not the good file either');
  rmSync(join(mixed, 'b.csv'));
  const good = await carril('load', 'capm', mixed);
  t.equal(good.code, 0, good.stderr);
  t.match(good.stderr, /no fund has Portfolio_CAPM C-9/);
  t.match(good.stdout, /a\.csv +2 +2 +4/);
  t.same(await balances(), ['1.0000', '2.0000']);
});

t.test('synthetic data: the generated rows, again and again the same', async (t) => {
  const args = 'load --synthetic --funds 5 --positions 30 --seed 7 --dates 2 --json'.split(' ');
  const first = await carril(...args);
  t.equal(first.code, 0, first.stderr);
  const options = { funds: 5, positions: 30, seed: 7, date: '2024-06-28', dates: 2 };
  const days = [...syntheticDays(options)];
  const count = (lines: (day: SyntheticDay) => readonly unknown[]) =>
    days.reduce((sum, day) => sum + lines(day).length, 0);
  const expected = {
    ipa: 300,
    capm: count(({ capm }) => capm),
    posmodrf: count(({ posModRf }) => posModRf),
    sona: count(({ sona }) => sona),
    derivados: count(({ derivados }) => derivados),
    ubs: count(({ ubs }) => ubs),
  };
  const lines = Object.values(expected).reduce((sum, part) => sum + part, 0);
  t.match(JSON.parse(first.stdout), {
    ...options,
    lines,
    inserted: lines,
    sources: Object.fromEntries(
      Object.entries(expected).map(([name, part]) => [name, { lines: part, inserted: part }]),
    ),
  });
  for (const [name, part] of Object.entries(expected)) {
    t.match(
      await engine.query(`SELECT CAST(COUNT(*) AS int) AS n FROM homol.${name} WHERE Portfolio LIKE 'SYN%'`),
      [{ n: part }],
      name,
    );
  }
  t.match(JSON.parse((await carril(...args, '--sources', 'ipa,capm')).stdout), {
    lines: expected.ipa + expected.capm,
    inserted: 0,
    sources: { ipa: { lines: expected.ipa }, capm: {}, ubs: undefined },
  });
  const generated = days.flatMap(({ positions }) =>
    positions.map((p) =>
      [p.date, p.portfolio, p.investId, p.ticker, Number(p.quantity), Number(p.marketValue)].join('|'),
    ),
  );
  const loaded = (await stored()).filter((row) => row.includes('|SYN'));
  t.same(
    loaded
      .map((row) => {
        const [, date, portfolio, id, ticker, quantity, , value] = row.split('|');
        return [date, portfolio, id, ticker === 'null' ? '' : ticker, Number(quantity), Number(value)].join(
          '|',
        );
      })
      .sort(),
    generated.sort(),
  );
});

t.test('wrong use', async (t) => {
  for (const args of [
    ['load'],
    ['load', 'holdings'],
    ['load', 'holdings', join(folder, 'none.csv')],
    ['load', 'holdings', '-'],
    ['load', 'funds', '-'],
    ['load', '--synthetic', '--funds', '0'],
    ['load', '--synthetic', '--seed', 'x'],
    ['load', '--synthetic', '--sources', 'ipa,sap'],
  ]) {
    const { code, stderr } = await carril(...args);
    t.equal(code, 2, `${args.join(' ')}: ${stderr}`);
  }
});
