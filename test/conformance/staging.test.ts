import t from 'tap';

import { homol, staging } from '../../procedures/generated/index.js';
import { freshDatabase } from '../testing/index.js';
import { execution, final, insertDirectly, line, runIpa, summary, worktable } from './ipa.js';
import type { Lane } from './ipa.js';

const { engine, dialect } = await freshDatabase(t);
let nextId = 1_000n;

/** A fund that has these lines, run through the whole service. */
async function run(portfolio: string, ...filas: homol.FilasIpaV1Row[]): Promise<Lane> {
  await homol.cargarIpa(engine, { filas });
  return runStored(portfolio);
}

async function runStored(portfolio: string): Promise<Lane> {
  const [lane] = await execution(engine, (nextId += 1n), [portfolio]);
  if (lane === undefined) throw new Error('no lane');
  await runIpa(engine, lane);
  return lane;
}

await t.test('prices: the own one, the latest known, the calculated, none', async (t) => {
  const on = (fechaReporte: string, portfolio: string, id: string, precioLocal: string, linea: number) =>
    line(linea, portfolio, id, { fechaReporte, precioLocal });
  await homol.cargarIpa(engine, {
    filas: [
      on('2021-01-04', 'OLD', 'KNOWN', '10', 1),
      on('2021-01-05', 'ZZ', 'KNOWN', '11', 2),
      on('2021-01-07', 'ZZ', 'KNOWN', '99', 3), // after the date
      on('2021-01-06', 'Z9', 'TIE', '5', 4),
      on('2021-01-06', 'Z1', 'TIE', '4', 5),
      on('2021-01-05', 'A0', 'TIE', '3', 6), // an earlier date loses, whatever its portfolio
      on('2021-01-05', 'OLD', 'OWN', '1', 7),
      on('2021-01-05', 'OLD', 'ZERO', '6', 8),
      on('2021-01-05', 'OLD', 'NO QUANTITY, KNOWN', '8', 9),
      on('2021-01-05', 'OLD', 'ONLY BAD', '-2', 10),
      on('2021-01-04', 'OLD', 'ONLY BAD', '0', 11),
    ],
  });
  await insertDirectly(engine, [
    line(1, 'Z2', 'SAME FUND', { fechaReporte: '2021-01-05', precioLocal: '21' }),
    line(2, 'Z2', 'SAME FUND', { fechaReporte: '2021-01-05', precioLocal: '22' }),
  ]);
  const cases: [id: string, given: Partial<homol.FilasIpaV1Row>, price: string | null, from: string][] = [
    ['OWN', { precioLocal: '7.5' }, '7.50000000', 'ORIGEN'],
    ['NEGATIVE', { precioLocal: '-3' }, '-3.00000000', 'ORIGEN'],
    ['KNOWN', {}, '11.00000000', 'ULTIMO_CONOCIDO'],
    ['TIE', {}, '4.00000000', 'ULTIMO_CONOCIDO'],
    ['SAME FUND', {}, '21.00000000', 'ULTIMO_CONOCIDO'],
    ['ZERO', { precioLocal: '0' }, '6.00000000', 'ULTIMO_CONOCIDO'],
    ['NO QUANTITY, KNOWN', { cantidad: '0' }, '8.00000000', 'ULTIMO_CONOCIDO'],
    ['ONLY BAD', { cantidad: '4', valorMercado: '10' }, '2.50000000', 'CALCULADO'],
    ['100/3', { cantidad: '3', valorMercado: '100' }, '33.33333333', 'CALCULADO'],
    ['2/3', { cantidad: '3', valorMercado: '2', precioLocal: '0' }, '0.66666667', 'CALCULADO'],
    ['-2/3', { cantidad: '3', valorMercado: '-2' }, '-0.66666667', 'CALCULADO'],
    ['short', { cantidad: '-8', valorMercado: '-1' }, '0.12500000', 'CALCULADO'],
    ['half', { cantidad: '20000', valorMercado: '0.0001' }, '0.00000001', 'CALCULADO'],
    ['-half', { cantidad: '-20000', valorMercado: '0.0001' }, '-0.00000001', 'CALCULADO'],
    ['below half', { cantidad: '20001', valorMercado: '0.0001' }, '0.00000000', 'CALCULADO'],
    // 999,999,999,999,999.9999 / 7 = 142,857,142,857,142.857 128 571 4…
    [
      'large',
      { cantidad: '7', valorMercado: '999999999999999.9999' },
      '142857142857142.85712857',
      'CALCULADO',
    ],
    ['worthless', { cantidad: '5', valorMercado: '0' }, '0.00000000', 'CALCULADO'],
    ['no quantity', { cantidad: '0' }, null, 'SIN_PRECIO'],
    ['no room', { cantidad: '0.00000001', valorMercado: '123456789012345' }, null, 'SIN_PRECIO'],
  ];
  const lane = await run('PRICES', ...cases.map(([id, given], at) => line(at + 2, 'PRICES', id, given)));
  t.same(
    (await worktable(engine, lane)).map((row) => [row['linea'], row['id'], row['precio'], row['origen']]),
    cases.map(([id, , price, from], at) => [BigInt(at + 1), id, price, from]),
  );
});

await t.test('cash: no ticker, and a value that is the quantity', async (t) => {
  const cases: [id: string, given: Partial<homol.FilasIpaV1Row>, cash: boolean][] = [
    ['MONEY MARKET', { ticker: null, cantidad: '1622028.37', valorMercado: '1622028.37' }, true],
    ['COMPANY', { ticker: null, cantidad: '456329', valorMercado: '6238017.43' }, false],
    ['TICKER', { ticker: 'USDC', cantidad: '5', valorMercado: '5' }, false],
    ['OVERDRAFT', { ticker: null, cantidad: '-5.25', valorMercado: '-5.25' }, true],
    ['ALMOST', { ticker: null, cantidad: '5.00001', valorMercado: '5' }, false],
  ];
  await insertDirectly(engine, [
    line(1, 'CASH', 'BLANK', { ticker: ' ', cantidad: '3', valorMercado: '3' }),
    ...cases.map(([id, given], at) => ({ ...line(at + 2, 'CASH', id), ...given })),
  ]);
  const lane = await runStored('CASH');
  const expected = ['BLANK', ...cases.filter(([, , cash]) => cash).map(([id]) => id)];
  const rows = await worktable(engine, lane);
  t.same(
    rows.filter((row) => row['efectivo']).map((row) => row['id']),
    expected,
  );
  t.match(rows[1], { precio: '1.00000000', origen: 'CALCULADO' }, 'cash is priced at 1');
  t.equal((await summary(engine, lane)).cash, 3);
  t.same(
    (await final(engine, lane)).filter((row) => row['efectivo']).map((row) => row['id']),
    expected.toSorted(),
    'cash stays in the final result, marked',
  );
});

await t.test('weights sum to exactly 100; the largest takes what rounding left over', async (t) => {
  const cases: [name: string, values: string[], weights: string[]][] = [
    ['1 2', ['1', '2'], ['33.3333333333', '66.6666666667']],
    ['thirds', ['1', '1', '1'], ['33.3333333334', '33.3333333333', '33.3333333333']],
    ['sixths', ['1', '4', '1'], ['16.6666666667', '66.6666666666', '16.6666666667']],
    ['one', ['0.0001'], ['100.0000000000']],
    ['shorts', ['3', '-1'], ['150.0000000000', '-50.0000000000']],
    ['all short', ['-1', '-3'], ['25.0000000000', '75.0000000000']],
    [
      'largest is short',
      ['-4', '3', '3', '1'],
      ['-133.3333333333', '100.0000000000', '100.0000000000', '33.3333333333'],
    ],
    ['zero line', ['0', '5'], ['0.0000000000', '100.0000000000']],
    ['nets to zero', ['5', '-5'], ['0.0000000000', '0.0000000000']],
    ['all zero', ['0', '0'], ['0.0000000000', '0.0000000000']],
    [
      'seven',
      ['1', '1', '1', '1', '1', '1', '1'],
      ['14.2857142858', ...Array<string>(6).fill('14.2857142857')],
    ],
  ];
  for (const [name, values, weights] of cases) {
    const portfolio = `W ${name}`;
    const lane = await run(
      portfolio,
      ...values.map((valorMercado, at) => line(at + 2, portfolio, `I${at}`, { valorMercado, cantidad: '9' })),
    );
    t.same(
      (await final(engine, lane)).map((row) => row['peso']),
      weights,
      name,
    );
  }
});

await t.test('a total that is next to nothing beside a position has no weights', async (t) => {
  const lines = (rest: string) => [
    line(2, 'TINY', 'A', { valorMercado: '1000' }),
    line(3, 'TINY', 'B', { valorMercado: rest }),
  ];
  await t.rejects(run('TINY', ...lines('-999.9995')), { number: 50409, message: /fondo 1/ });
  const lane = await run('TINY', ...lines('-999.99'));
  t.match(await final(engine, lane), [{ peso: '10000000.0000000000' }, { peso: '-9999900.0000000000' }]);
});

await t.test('lines of one InvestID become one row', async (t) => {
  await insertDirectly(engine, [
    line(1, 'MERGE', 'A', {
      descripcion: 'zz',
      moneda: 'EUR',
      cantidad: '2',
      precioLocal: '1.5',
      valorMercado: '30',
    }),
    line(2, 'MERGE', 'B', { valorMercado: '10', ticker: null, cantidad: '10' }),
    line(3, 'MERGE', 'A', {
      descripcion: 'mm',
      moneda: 'CLP',
      cantidad: '3',
      precioLocal: null,
      valorMercado: '-50',
    }),
    line(4, 'MERGE', 'A', {
      descripcion: 'aa',
      moneda: 'USD',
      cantidad: '4',
      precioLocal: '7',
      valorMercado: '50',
    }),
    line(5, 'MERGE', 'B', { valorMercado: '9', ticker: 'B', cantidad: '9' }),
  ]);
  const lane = await runStored('MERGE');
  t.same(
    (await final(engine, lane)).map((row) => Object.values(row).join('|')),
    [
      // 30 - 50 + 50; description, currency and price of the first of the two lines of 50. -50 / 3 has no own price,
      // and A's known one of the date is the first line's 1.5
      'A|mm|CLP|9.00000000|1.50000000|30.0000|61.2244897959|3|1|false',
      // one of its lines is not cash
      'B|B INC|USD|19.00000000|1.00000000|19.0000|38.7755102041|2|2|false',
    ],
  );
});

await t.test('a fund without lines has no rows, and loses those it had', async (t) => {
  const lane = await run('GONE', line(2, 'GONE', 'A'), line(3, 'GONE', 'CASH', { ticker: null }));
  t.match(await summary(engine, lane), { cash: 1, final: 2 });
  await engine.batch("DELETE FROM homol.IPA WHERE Portfolio = 'GONE'");
  await runIpa(engine, lane);
  t.match(await summary(engine, lane), { cash: 0, final: 0, value: null });
});

await t.test(
  'twice leaves the same rows; funds that share an execution do not touch each other',
  async (t) => {
    await homol.cargarIpa(engine, {
      filas: [
        line(2, 'S1', 'A', { ticker: null }),
        line(3, 'S1', 'B'),
        line(4, 'S2', 'A'),
        line(5, 'S2', 'C'),
      ],
    });
    const lanes = await execution(engine, (nextId += 1n), ['S1', 'S2']);
    const [one, two] = lanes;
    if (one === undefined || two === undefined) throw new Error('no lanes');
    await runIpa(engine, one);
    await runIpa(engine, two);
    const before = [await final(engine, one), await final(engine, two), await worktable(engine, two)];
    await runIpa(engine, one);
    await runIpa(engine, two);
    t.same([await final(engine, one), await final(engine, two), await worktable(engine, two)], before);
    t.same(
      (await worktable(engine, two)).map((row) => [row['linea'], row['id']]),
      [
        [1n, 'A'],
        [2n, 'C'],
      ],
    );
  },
);

await t.test('more than 2,000 lines and more than 2,000 cash lines, twice', async (t) => {
  const filas = Array.from({ length: 6_300 }, (_, at) =>
    line(at + 2, 'BIG', `I${at}`, {
      ticker: at % 3 === 0 ? null : `I${at}`,
      cantidad: '7',
      valorMercado: at % 3 === 0 ? '7' : '11',
    }),
  );
  const lane = await run('BIG', ...filas);
  const expected = { cash: 2_100, final: 6_300, value: '60900.0000', weights: '100.0000000000' };
  t.same(await summary(engine, lane), expected);
  await runIpa(engine, lane);
  t.same(await summary(engine, lane), expected);
  const rows = await worktable(engine, lane);
  t.same(
    rows.map((row) => [row['linea'], row['id']]),
    filas.map((one, at) => [BigInt(at + 1), one.investId]),
  );
});

await t.test('errors, the same of every step', async (t) => {
  const lane = await run('ERR', line(2, 'ERR', 'A'));
  const steps = [
    staging.ipa01RescatarLocalPriceV2,
    staging.ipa02Cash,
    staging.ipa03Final,
    staging.comprobarPaso,
  ];
  for (const step of steps) {
    const call = (change: Partial<Lane>) =>
      engine.transaction((session) => step(session, { ...lane, ...change }));
    await t.rejects(call({ idEjecucion: 77n }), { number: 50404, message: /77/ }, step.name);
    await t.rejects(call({ idFund: 9 }), { number: 50404, message: /fondo 9/ });
    await t.rejects(call({ fechaReporte: '2021-01-07' }), { number: 50400, message: /2021-01-07/ });
    await t.rejects(call({ portfolioGeneva: '100%' }), { number: 50400, message: /ERR, no 100%/ });
    if (dialect === 'sqlserver') {
      // PostgreSQL is always in a transaction
      await t.rejects(step(engine, lane), { number: 50409, message: /transaccion/ });
    }
  }
  t.equal((await final(engine, lane)).length, 1, 'its rows are still there');
});
