import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { parse } from 'csv-parse/sync';
import t from 'tap';

import { packageRoot } from '../../engine/package-root.js';
import { homol } from '../../procedures/generated/index.js';
import { asRole, freshDatabase } from '../testing/index.js';
import { line } from './ipa.js';

const db = await freshDatabase(t);
const { engine } = db;

const load = async (...filas: homol.FilasIpaV1Row[]) => homol.cargarIpa(engine, { filas });

async function stored(portfolio: string) {
  return engine.query(
    `SELECT InvestID AS id, Ticker AS ticker, Descripcion AS descripcion, CAST(Cantidad AS varchar(40)) AS cantidad,
       CAST(PrecioLocal AS varchar(40)) AS precio, CAST(ValorMercado AS varchar(40)) AS valor,
       CAST(Peso AS varchar(40)) AS peso
     FROM homol.IPA WHERE Portfolio = '${portfolio}' ORDER BY FechaReporte, ID_Linea`,
  );
}

await t.test('the same lines again change nothing, in whatever order', async (t) => {
  const lines = [line(2, 'SAME', 'B', { precioLocal: '0.5', peso: '12.34' }), line(3, 'SAME', 'A')];
  t.same(await load(...lines), { insertadas: 2, reemplazadas: 0, sinCambio: false });
  const keys = await engine.query(
    `SELECT ID_Linea AS n FROM homol.IPA WHERE Portfolio = 'SAME' ORDER BY ID_Linea`,
  );
  t.same(await load(...lines), { insertadas: 0, reemplazadas: 0, sinCambio: true });
  t.same(await load(line(2, 'SAME', 'A'), line(3, 'SAME', 'B', { precioLocal: '.50', peso: '+12.340' })), {
    insertadas: 0,
    reemplazadas: 0,
    sinCambio: true,
  });
  t.same(
    await engine.query(`SELECT ID_Linea AS n FROM homol.IPA WHERE Portfolio = 'SAME' ORDER BY ID_Linea`),
    keys,
    'not even rewritten',
  );
  t.match(await stored('SAME'), [
    { id: 'B', cantidad: '1.00000000', precio: '0.50000000', valor: '1.0000', peso: '12.340000' },
    { id: 'A', precio: null, peso: null },
  ]);
});

await t.test('any difference replaces the lines of its date and portfolio, and of no other', async (t) => {
  const base = line(2, 'DIFF', 'X', { ticker: 'X', precioLocal: '3', peso: '1' });
  const other = line(3, 'OTHER', 'X');
  const nextDay = line(4, 'DIFF', 'X', { fechaReporte: '2021-01-07' });
  t.match(await load(base, other, nextDay), { insertadas: 3 });
  const changes: Partial<homol.FilasIpaV1Row>[] = [
    { ticker: null },
    { descripcion: 'x inc' },
    { moneda: 'EUR' },
    { cantidad: '1.00000001' },
    { precioLocal: null },
    { valorMercado: '1.0001' },
    { peso: null },
    { investId: 'Y' },
  ];
  for (const change of changes) {
    await load(base);
    t.same(
      await load({ ...base, ...change }, other, nextDay),
      { insertadas: 1, reemplazadas: 1, sinCambio: false },
      Object.keys(change).join(),
    );
  }
  t.match(await load(base, line(3, 'DIFF', 'Z')), { insertadas: 2, reemplazadas: 1 }, 'one line more');
  t.match(await load(base), { insertadas: 1, reemplazadas: 2 }, 'one line less');
});

await t.test('texts are trimmed, blanks are none, lines keep their order', async (t) => {
  await load(
    line(9, 'TRIM', ' Z ', {
      ticker: ' ',
      precioLocal: ' ',
      peso: '',
      cantidad: ' 2 ',
      descripcion: ' Z  INC ',
    }),
    line(12, 'TRIM', 'A'),
  );
  t.match(await stored('TRIM'), [
    { id: 'Z', ticker: null, descripcion: 'Z  INC', cantidad: '2.00000000', precio: null, peso: null },
    { id: 'A' },
  ]);
});

await t.test('numbers keep every digit and round half away from zero beyond the last', async (t) => {
  await load(
    line(2, 'NUM', 'A', { cantidad: '12345678901234567890.12345678', valorMercado: '-999999999999999.9999' }),
    line(3, 'NUM', 'B', { cantidad: '-0.000000005', valorMercado: '0.00005', precioLocal: '5.' }),
  );
  t.match(await stored('NUM'), [
    { cantidad: '12345678901234567890.12345678', valor: '-999999999999999.9999' },
    { cantidad: '-0.00000001', valor: '0.0001', precio: '5.00000000' },
  ]);
});

await t.test('what is not a plain decimal is refused, by line and column', async (t) => {
  const bad = ['', 'abc', '1e3', '1,5', '1.2.3', '-', '.', '0x1F', '1_000', 'NaN', '--1', '1 2', '$5'];
  for (const cantidad of bad) {
    await t.rejects(
      load(line(2, 'BAD', 'A'), line(31, 'BAD', 'B', { cantidad })),
      { number: 50400, message: /Linea 31: Cantidad/ },
      JSON.stringify(cantidad),
    );
  }
  const others: [Partial<homol.FilasIpaV1Row>, RegExp][] = [
    [{ precioLocal: 'x%y' }, /Linea 5: PrecioLocal "x%+y"/],
    [{ valorMercado: '1000000000000000' }, /Linea 5: ValorMercado/],
    [{ cantidad: '100000000000000000000' }, /Linea 5: Cantidad/],
    [{ peso: '1000' }, /Linea 5: Peso/],
    [{ portfolio: ' ' }, /Linea 5: Portfolio/],
    [{ investId: '' }, /Linea 5: InvestID/],
    [{ moneda: 'US' }, /Linea 5: Moneda/],
  ];
  for (const [change, message] of others) {
    await t.rejects(load(line(2, 'BAD', 'A'), { ...line(5, 'BAD', 'B'), ...change }), {
      number: 50400,
      message,
    });
  }
  t.same(await stored('BAD'), [], 'nothing of a refused list is kept');
});

await t.test('a position twice is refused; the same one of another date or portfolio is not', async (t) => {
  await t.rejects(load(line(2, 'DUP', 'A'), line(3, 'DUP', 'B'), line(8, 'DUP', ' A')), {
    number: 50400,
    message: /Linea 8: InvestID A de DUP al 2021-01-06 ya esta en la linea 2/,
  });
  t.match(
    await load(
      line(2, 'DUP', 'A'),
      line(3, 'DUP2', 'A'),
      line(4, 'DUP', 'A', { fechaReporte: '2021-01-07' }),
    ),
    { insertadas: 3 },
  );
});

await t.test('no lines: nothing to change', async (t) => {
  t.same(await load(), { insertadas: 0, reemplazadas: 0, sinCambio: true });
});

await t.test('more than 2,000 lines in one fund', async (t) => {
  const lines = Array.from({ length: 4_500 }, (_, at) =>
    line(at + 2, 'BIG', `I${at}`, { cantidad: `${at}.5` }),
  );
  t.same(await load(...lines), { insertadas: 4_500, reemplazadas: 0, sinCambio: false });
  t.match(await load(...lines), { sinCambio: true });
  t.same(await load(...lines.slice(1)), { insertadas: 4_499, reemplazadas: 4_500, sinCambio: false });
  const rows = await stored('BIG');
  t.same(
    rows.map((row) => row['id']),
    lines.slice(1).map((one) => one.investId),
    'in the order of the lines',
  );
});

await t.test(
  'loads at once of overlapping pairs, in opposite order: each leaves all of its lines',
  async (t) => {
    const version = (n: number) =>
      Array.from({ length: 60 }, (_, at) =>
        line(at + 2, `P${(at + n) % 3}`, `I${at}`, { cantidad: String(n) }),
      );
    await Promise.all([1, 2, 3, 4].map((n) => load(...(n % 2 === 0 ? version(n).toReversed() : version(n)))));
    for (const portfolio of ['P0', 'P1', 'P2']) {
      const rows = await stored(portfolio);
      t.equal(rows.length, 20, portfolio);
      t.equal(new Set(rows.map((row) => row['cantidad'])).size, 1, `${portfolio}: lines of one load only`);
    }
  },
);

await t.test('a published file arrives to the cent', async (t) => {
  const file = join(packageRoot(), 'samples', 'holdings', '2021-05-07.csv');
  const published = parse<Record<string, string>>(await readFile(file), { columns: true });
  const filas = published.map((row, at) => ({
    linea: at + 2,
    fechaReporte: row['date'] ?? '',
    portfolio: row['fund'] ?? '',
    investId: row['ticker'] === '' ? (row['company'] ?? '') : (row['ticker'] ?? ''),
    ticker: row['ticker'],
    descripcion: row['company'] ?? '',
    moneda: 'USD',
    cantidad: row['shares'] ?? '',
    valorMercado: row['market_value_usd'] ?? '',
    peso: row['weight_pct'],
  }));
  t.same(await load(...filas), { insertadas: 303, reemplazadas: 0, sinCambio: false });
  t.same(await load(...filas), { insertadas: 0, reemplazadas: 0, sinCambio: true });
  const totals = await engine.query(
    `SELECT Portfolio AS fund, CAST(COUNT(*) AS int) AS lines, CAST(SUM(ValorMercado) AS varchar(40)) AS value
     FROM homol.IPA WHERE FechaReporte = '2021-05-07' GROUP BY Portfolio ORDER BY Portfolio`,
  );
  const cents = new Map<string, { lines: number; value: bigint }>();
  for (const { portfolio, valorMercado } of filas) {
    const [whole = '', part = ''] = valorMercado.split('.');
    const value = BigInt(whole + part.padEnd(4, '0'));
    const sum = cents.get(portfolio) ?? { lines: 0, value: 0n };
    cents.set(portfolio, { lines: sum.lines + 1, value: sum.value + value });
  }
  t.same(
    totals.map((row) => [row['fund'], row['lines'], String(row['value']).replace('.', '')]),
    [...cents].sort().map(([fund, { lines, value }]) => [fund, lines, String(value)]),
  );
});

await t.test('carril_app loads by the procedure only, carril_carga inserts only', async (t) => {
  const app = await asRole(db, 'carril_app');
  t.match(await homol.cargarIpa(app, { filas: [line(2, 'ROLE', 'A')] }), { insertadas: 1 });
  await t.rejects(app.query('SELECT * FROM homol.IPA'), { code: 'PERMISSION' });
  await t.rejects(app.batch('DELETE FROM homol.IPA'), { code: 'PERMISSION' });
  const intake = await asRole(db, 'carril_carga');
  await intake.batch(
    `INSERT INTO homol.IPA (FechaReporte, Portfolio, InvestID, Descripcion, Moneda, Cantidad, ValorMercado)
     VALUES ('2021-01-06', 'ROLE', 'B', 'B', 'USD', 1, 1)`,
  );
  await t.rejects(intake.query('SELECT * FROM homol.IPA'), { code: 'PERMISSION' });
  await t.rejects(homol.cargarIpa(intake, { filas: [] }), { code: 'PERMISSION' });
});
