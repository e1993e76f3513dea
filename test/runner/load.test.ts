import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import t from 'tap';

import { packageRoot } from '../../engine/index.js';
import { syntheticPositions } from '../../runner/load/synthetic.js';
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

t.test('synthetic data: the generated rows, again and again the same', async (t) => {
  const args = [
    'load',
    '--synthetic',
    '--funds',
    '4',
    '--positions',
    '30',
    '--seed',
    '7',
    '--dates',
    '2',
    '--json',
  ];
  const first = await carril(...args);
  t.equal(first.code, 0, first.stderr);
  t.match(JSON.parse(first.stdout), { funds: 4, lines: 240, inserted: 240, dates: 2 });
  t.match(JSON.parse((await carril(...args)).stdout), { lines: 240, inserted: 0 });
  const options = { funds: 4, positions: 30, seed: 7, date: '2024-06-28', dates: 2 };
  const expected = [...syntheticPositions(options)].flatMap(({ positions }) =>
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
    expected.sort(),
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
  ]) {
    const { code, stderr } = await carril(...args);
    t.equal(code, 2, `${args.join(' ')}: ${stderr}`);
  }
});
