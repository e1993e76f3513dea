import t from 'tap';

import { extract, homol } from '../../procedures/generated/index.js';
import { freshDatabase } from '../testing/index.js';
import { execution, insertDirectly, line } from './ipa.js';

const { engine, dialect } = await freshDatabase(t);

async function extractIpa(idEjecucion: bigint, fechaReporte = '2021-01-06'): Promise<void> {
  await engine.transaction((session) => extract.extractIpa(session, { fechaReporte, idEjecucion }));
}

async function rows(idEjecucion: bigint): Promise<string[]> {
  const found = await engine.query(
    `SELECT Portfolio AS portfolio, InvestID AS id, Ticker AS ticker, CAST(Cantidad AS varchar(40)) AS cantidad,
       CAST(PrecioLocal AS varchar(40)) AS precio, CAST(ValorMercado AS varchar(40)) AS valor,
       CAST(Peso AS varchar(40)) AS peso
     FROM extract.IPA AS x WHERE x.ID_Ejecucion = ${String(idEjecucion)} ORDER BY x.ID`,
  );
  return found.map((row) => Object.values(row).join('|'));
}

await homol.cargarIpa(engine, {
  filas: [
    line(2, 'P1', 'B', { precioLocal: '2.5', peso: '40', cantidad: '3', valorMercado: '7.5' }),
    line(3, 'P1', 'A', { ticker: null }),
    line(4, 'P2', 'C'),
    line(5, 'P3', 'D'),
    line(6, 'P1', 'LATER', { fechaReporte: '2021-01-07' }),
  ],
});

await t.test("copies the lines of its own fund and date, and nobody else's", async (t) => {
  await execution(engine, 101n, ['P1']);
  await execution(engine, 102n, ['P2']);
  await extractIpa(102n);
  await extractIpa(101n);
  t.same(await rows(101n), ['P1|B|B|3.00000000|2.50000000|7.5000|40.000000', 'P1|A||1.00000000||1.0000|']);
  t.same(await rows(102n), ['P2|C|C|1.00000000||1.0000|']);
});

await t.test('twice leaves the same rows', async (t) => {
  const before = await rows(101n);
  await extractIpa(101n);
  t.same(await rows(101n), before);
  t.equal((await rows(102n)).length, 1);
});

await t.test('what left the source leaves the extract', async (t) => {
  await execution(engine, 103n, ['P4']);
  await homol.cargarIpa(engine, { filas: [line(2, 'P4', 'A'), line(3, 'P4', 'B')] });
  await extractIpa(103n);
  await homol.cargarIpa(engine, { filas: [line(2, 'P4', 'B')] });
  await extractIpa(103n);
  t.same(await rows(103n), ['P4|B|B|1.00000000||1.0000|']);
});

await t.test('a legacy execution takes all of its funds, a portfolio shared by two funds once', async (t) => {
  await execution(engine, 104n, ['P3', 'P1', 'P2', 'P1']);
  await extractIpa(104n);
  t.same(
    (await rows(104n)).map((row) => row.split('|').slice(0, 2).join()),
    ['P1,B', 'P1,A', 'P2,C', 'P3,D'],
  );
});

await t.test('a fund without lines, and an execution without funds, have nothing', async (t) => {
  await execution(engine, 105n, ['NOBODY']);
  await execution(engine, 106n, []);
  await extractIpa(105n);
  await extractIpa(106n);
  t.same([...(await rows(105n)), ...(await rows(106n))], []);
});

await t.test('more than 2,000 lines, twice', async (t) => {
  const filas = Array.from({ length: 4_100 }, (_, at) => line(at + 2, 'BIG', `I${at}`));
  await homol.cargarIpa(engine, { filas });
  await execution(engine, 107n, ['BIG']);
  for (const time of ['once', 'again']) {
    await extractIpa(107n);
    t.same(
      (await rows(107n)).map((row) => row.split('|')[1]),
      filas.map((one) => one.investId),
      time,
    );
  }
});

await t.test('lines that a loader of the site left twice come over twice', async (t) => {
  await insertDirectly(engine, [line(1, 'TWICE', 'A'), line(2, 'TWICE', 'A')]);
  await execution(engine, 108n, ['TWICE']);
  await extractIpa(108n);
  t.equal((await rows(108n)).length, 2);
});

await t.test('errors', async (t) => {
  await t.rejects(extractIpa(999n), { number: 50404, message: /999/ });
  await t.rejects(extractIpa(101n, '2021-01-07'), { number: 50400, message: /2021-01-06.*2021-01-07/ });
  if (dialect === 'sqlserver') {
    // PostgreSQL is always in a transaction
    await t.rejects(extract.extractIpa(engine, { fechaReporte: '2021-01-06', idEjecucion: 101n }), {
      number: 50409,
      message: /transaccion/,
    });
  }
  t.equal((await rows(101n)).length, 2, 'its rows are still there');
});
