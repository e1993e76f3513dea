import t from 'tap';

import type { Row, Session } from '../../engine/index.js';
import { homol } from '../../procedures/generated/index.js';
import { asRole, freshDatabase } from '../testing/index.js';

const db = await freshDatabase(t);
const { engine } = db;

/** One source: a line, by the number of its line and what identifies it, and everything that can be wrong or differ in one. */
interface Case {
  readonly table: string;
  readonly load: (session: Session, lines: readonly object[]) => Promise<homol.CargarIpaResult>;
  readonly line: (linea: number, portfolio: string, id: string) => object;
  /** The column in which a line's `id` is stored, lower case. */
  readonly id: string;
  /** What a line of the same identity is called in the error. */
  readonly identity: string;
  /** Changes after which it is another line. */
  readonly others: readonly object[];
  /** Changes that make it the same line with other contents. */
  readonly changes: readonly object[];
  /** Cells that no line may have, and the column that the error names. */
  readonly bad: readonly (readonly [object, string])[];
  /** Cells as they may come, and how they are stored. */
  readonly given: object;
  readonly stored: Row;
}

const common = (linea: number, portfolio: string) => ({
  linea,
  fechaReporte: '2021-01-06',
  portfolio,
  descripcion: 'Some name',
  moneda: 'USD',
});
const badCommon: Case['bad'] = [
  [{ portfolio: ' ' }, 'Portfolio'],
  [{ moneda: 'US' }, 'Moneda'],
];

const cases: readonly Case[] = [
  {
    table: 'CAPM',
    load: (session, filas) => homol.cargarCapm(session, { filas: filas as homol.FilasCapmV1Row[] }),
    line: (linea, portfolio, id) => ({ ...common(linea, portfolio), cuenta: id, saldo: '10.5' }),
    id: 'cuenta',
    identity: 'Cuenta A, Moneda USD',
    others: [{ cuenta: 'Y' }, { moneda: 'EUR' }],
    changes: [{ descripcion: 'some name' }, { saldo: '10.5001' }],
    bad: [...badCommon, [{ cuenta: ' ' }, 'Cuenta'], [{ saldo: '1,5' }, 'Saldo'], [{ saldo: '' }, 'Saldo']],
    given: { cuenta: ' 1101 ', saldo: '-999999999999999.99994', descripcion: ' ' },
    stored: { cuenta: '1101', saldo: '-999999999999999.9999', descripcion: '' },
  },
  {
    table: 'PosModRF',
    load: (session, filas) => homol.cargarPosModRf(session, { filas: filas as homol.FilasPosModRfV1Row[] }),
    line: (linea, portfolio, id) => ({
      ...common(linea, portfolio),
      investId: id,
      nominal: '1000',
      tir: '4.5',
      duracionModificada: '2.25',
      valorMercado: '990',
    }),
    id: 'investid',
    identity: 'InvestID A',
    others: [{ investId: 'Y' }],
    changes: [
      { descripcion: 'some name' },
      { moneda: 'EUR' },
      { nominal: '1000.00000001' },
      { tir: null },
      { duracionModificada: '2.26' },
      { valorMercado: '990.0001' },
    ],
    bad: [
      ...badCommon,
      [{ investId: '' }, 'InvestID'],
      [{ nominal: '1e3' }, 'Nominal'],
      [{ tir: '10000' }, 'TIR'],
      [{ duracionModificada: 'x%y' }, 'DuracionModificada'],
      [{ valorMercado: '1000000000000000' }, 'ValorMercado'],
    ],
    given: {
      investId: ' B 1 ',
      nominal: ' 2 ',
      tir: ' ',
      duracionModificada: '-0.123456789',
      valorMercado: '5.',
    },
    stored: {
      investid: 'B 1',
      nominal: '2.00000000',
      tir: null,
      duracionmodificada: '-0.12345679',
      valormercado: '5.0000',
    },
  },
  {
    table: 'SONA',
    load: (session, filas) => homol.cargarSona(session, { filas: filas as homol.FilasSonaV1Row[] }),
    line: (linea, portfolio, id) => ({
      ...common(linea, portfolio),
      idOperacion: id,
      investId: 'ALFA',
      fechaOperacion: '2021-01-05',
      fechaLiquidacion: '2021-01-07',
      cantidad: '10',
      monto: '100',
    }),
    id: 'id_operacion',
    identity: 'ID_Operacion A',
    others: [{ idOperacion: 'Y' }],
    changes: [
      { investId: 'BRAV' },
      { descripcion: 'some name' },
      { moneda: 'EUR' },
      { fechaOperacion: '2021-01-06' },
      { fechaLiquidacion: '2021-01-08' },
      { cantidad: '-10' },
      { monto: '-100' },
    ],
    bad: [
      ...badCommon,
      [{ idOperacion: ' ' }, 'ID_Operacion'],
      [{ investId: ' ' }, 'InvestID'],
      [{ cantidad: '--1' }, 'Cantidad'],
      [{ monto: '.' }, 'Monto'],
    ],
    given: { idOperacion: ' OP-1 ', cantidad: '+1.5', monto: '-.5', fechaLiquidacion: '2021-02-28' },
    stored: {
      id_operacion: 'OP-1',
      cantidad: '1.50000000',
      monto: '-0.5000',
      fechaliquidacion: '2021-02-28',
    },
  },
  {
    table: 'Derivados',
    load: (session, filas) => homol.cargarDerivados(session, { filas: filas as homol.FilasDerivadosV1Row[] }),
    line: (linea, portfolio, id) => ({
      ...common(linea, portfolio),
      investId: id,
      tipoInstrumento: 'OPCION',
      fechaVencimiento: '2021-12-15',
      nocional: '1000',
      valorMercado: '-5',
      delta: '0.5',
    }),
    id: 'investid',
    identity: 'InvestID A',
    others: [{ investId: 'Y' }],
    changes: [
      { descripcion: 'some name' },
      { tipoInstrumento: 'FUTURO' },
      { moneda: 'EUR' },
      { fechaVencimiento: null },
      { nocional: '1000.1' },
      { valorMercado: '5' },
      { delta: '0.5000000001' },
    ],
    bad: [
      ...badCommon,
      [{ investId: ' ' }, 'InvestID'],
      [{ tipoInstrumento: ' ' }, 'Tipo_Instrumento'],
      [{ nocional: 'NaN' }, 'Nocional'],
      [{ valorMercado: ' ' }, 'ValorMercado'],
      [{ delta: '100000000' }, 'Delta'],
    ],
    given: { investId: ' FWD ', tipoInstrumento: ' FORWARD ', fechaVencimiento: null, delta: '' },
    stored: { investid: 'FWD', tipo_instrumento: 'FORWARD', fechavencimiento: null, delta: null },
  },
  {
    table: 'UBS',
    load: (session, filas) => homol.cargarUbs(session, { filas: filas as homol.FilasUbsV1Row[] }),
    line: (linea, portfolio, id) => ({
      ...common(linea, portfolio),
      investId: id,
      cantidad: '10',
      precioLocal: '3',
      valorMercado: '30',
    }),
    id: 'investid',
    identity: 'InvestID A',
    others: [{ investId: 'Y' }],
    changes: [
      { descripcion: 'some name' },
      { moneda: 'EUR' },
      { cantidad: '10.00000001' },
      { precioLocal: null },
      { valorMercado: '30.0001' },
    ],
    bad: [
      ...badCommon,
      [{ investId: ' ' }, 'InvestID'],
      [{ cantidad: '$5' }, 'Cantidad'],
      [{ precioLocal: 'abc' }, 'PrecioLocal'],
      [{ valorMercado: '' }, 'ValorMercado'],
    ],
    given: { investId: ' X ', cantidad: '12345678901234567890.12345678', precioLocal: ' ' },
    stored: { investid: 'X', cantidad: '12345678901234567890.12345678', preciolocal: null },
  },
];

const nothing = { insertadas: 0, reemplazadas: 0, sinCambio: true };

for (const { table, load, line, id, identity, others, changes, bad, given, stored } of cases) {
  const put = (...lines: object[]) => load(engine, lines);

  await t.test(
    `${table}: the same lines again change nothing; any difference replaces its pair only`,
    async (t) => {
      const [one, two] = [line(2, 'P', 'X'), line(3, 'P', 'Z')];
      const elsewhere = [line(4, 'OTHER', 'X'), { ...line(5, 'P', 'X'), fechaReporte: '2021-01-07' }];
      t.same(await put(one, two, ...elsewhere), { insertadas: 4, reemplazadas: 0, sinCambio: false });
      const before = await rows(table);
      t.same(await put(...elsewhere, { ...two, linea: 8 }, { ...one, linea: 9 }), nothing);
      t.same(await rows(table), before, 'not even rewritten');
      for (const change of [...changes, ...others]) {
        await put(one, two);
        t.same(
          await put({ ...one, ...change }, two, ...elsewhere),
          { insertadas: 2, reemplazadas: 2, sinCambio: false },
          Object.keys(change).join(),
        );
      }
      t.match(await put(one), { insertadas: 1, reemplazadas: 2 }, 'one line less');
      for (const other of others) t.match(await put(one, { ...one, linea: 3, ...other }), { insertadas: 2 });
      t.same(await put(), nothing);
    },
  );

  await t.test(
    `${table}: what a cell may not hold, by line and column; nothing of the list is kept`,
    async (t) => {
      for (const [change, column] of bad) {
        await t.rejects(
          put(line(2, 'BAD', 'A'), { ...line(31, 'BAD', 'B'), ...change }),
          { number: 50400, message: new RegExp(`Linea 31: ${column} `) },
          JSON.stringify(change),
        );
      }
      await t.rejects(put(line(2, 'BAD', 'A'), line(3, 'BAD', 'B'), line(8, 'BAD', ' A')), {
        number: 50400,
        message: new RegExp(`Linea 8: ${identity} de BAD al 2021-01-06 ya esta en la linea 2`),
      });
      t.same(
        (await rows(table)).filter((row) => row['portfolio'] === 'BAD'),
        [],
      );
    },
  );

  await t.test(`${table}: texts trimmed, blanks none, numbers to the last digit`, async (t) => {
    await put({ ...line(7, 'CLEAN', 'A'), ...given });
    const [row] = (await rows(table)).filter(({ portfolio }) => portfolio === 'CLEAN');
    t.match(row, stored);
  });

  await t.test(
    `${table}: more than 2,000 lines, in their order; loads at once of the same pairs`,
    async (t) => {
      const many = Array.from({ length: 2_300 }, (_, at) => line(at + 2, 'BIG', `I${at}`));
      await put(...many);
      t.same(await put(...many.slice(1)), { insertadas: 2_299, reemplazadas: 2_300, sinCambio: false });
      const big = (await rows(table)).filter(({ portfolio }) => portfolio === 'BIG');
      t.same(
        big.map((row) => row[id]),
        Array.from({ length: 2_299 }, (_, at) => `I${at + 1}`),
      );
      const version = (n: number) =>
        ['P0', 'P1', 'P2'].flatMap((p, at) =>
          ['A', 'B'].map((name, i) => ({ ...line(at * 2 + i + 2, p, name), descripcion: `version ${n}` })),
        );
      await Promise.all(
        [1, 2, 3, 4].map((n) => put(...(n % 2 === 0 ? version(n) : version(n).toReversed()))),
      );
      for (const pair of ['P0', 'P1', 'P2']) {
        const left = (await rows(table)).filter(({ portfolio }) => portfolio === pair);
        t.equal(left.length, 2, pair);
        t.equal(new Set(left.map((row) => row['descripcion'])).size, 1, `${pair}: lines of one load only`);
      }
    },
  );
}

await t.test('carril_app loads by the procedures only', async (t) => {
  const [app, reader] = [await asRole(db, 'carril_app'), await asRole(db, 'carril_lector')];
  for (const { table, load, line } of cases) {
    t.match(await load(app, [line(2, 'ROLE', 'A')]), { insertadas: 1 }, table);
    await t.rejects(app.batch(`DELETE FROM homol.${table}`), { code: 'PERMISSION' });
    await t.rejects(load(reader, []), { code: 'PERMISSION' });
  }
});

/** All rows of a table, by lower-case names, everything but numbers of lines as text. */
async function rows(table: string): Promise<Row[]> {
  const columns = await engine.query(
    `SELECT COLUMN_NAME AS name, CHARACTER_MAXIMUM_LENGTH AS length FROM INFORMATION_SCHEMA.COLUMNS
     WHERE LOWER(TABLE_SCHEMA) = 'homol' AND LOWER(TABLE_NAME) = '${table.toLowerCase()}' ORDER BY ORDINAL_POSITION`,
  );
  const list = columns.map(({ name, length }) => {
    const column = String(name);
    return length === null && column.toLowerCase() !== 'id_linea'
      ? `CAST(${column} AS varchar(40)) AS ${column.toLowerCase()}`
      : `${column} AS ${column.toLowerCase()}`;
  });
  return engine.query(
    `SELECT ${list.join(', ')} FROM homol.${table} ORDER BY FechaReporte, Portfolio, ID_Linea`,
  );
}
