import t, { type Test } from 'tap';
import { ProcedureError } from '../../engine/index.js';
import type { Engine, Row, SqlValue } from '../../engine/index.js';
import { engineDatabases, isBabelfish } from './databases.js';
import { column, createObjects, eco, falla, filaColumns, salidas } from './objects.js';

const guid = '6f9619ff-8b86-d011-b42d-00c04fc964ff';

const filas: Row[] = [
  {
    Linea: 1,
    ID_Largo: 9_223_372_036_854_775_807n,
    Fecha: '2021-05-07',
    Instante: new Date('2021-05-07T23:59:59.123Z'),
    Monto: 12_345_678_901.2345,
    Marca: true,
    Texto: 'Señal \\ "con"\tcomillas\n',
    Codigo: '0.00000001',
  },
  {
    Linea: 2,
    ID_Largo: -9_007_199_254_740_993n,
    Fecha: '0001-01-01',
    Instante: new Date('1970-01-01T00:00:00Z'),
    Monto: -0.0001,
    Marca: false,
    Texto: '',
    Codigo: ' ',
  },
  {
    Linea: 3,
    ID_Largo: null,
    Fecha: null,
    Instante: null,
    Monto: null,
    Marca: null,
    Texto: null,
    Codigo: null,
  },
];

for (const database of await engineDatabases()) {
  await t.test(database.dialect, async (t) => {
    t.teardown(() => database.close());
    const engine = await database.open();
    await createObjects(engine);

    await t.test('OUTPUT parameters of each type, and a default', async (t) => {
      const { output, results } = await engine.call(salidas, {
        Largo: 9_007_199_254_740_993n,
        Fecha: '2020-02-29',
        Guid: guid.toUpperCase(),
      });
      t.same(results, []);
      t.same(output, {
        Largo_Out: 9_007_199_254_740_993n,
        Fecha_Out: '2020-02-29',
        Texto_Out: 'omiso',
        Guid_Out: guid,
      });
      const nulls = await engine.call(salidas, { Largo: null, Fecha: null, Texto: null, Guid: null });
      t.same(nulls.output, { Largo_Out: null, Fecha_Out: null, Texto_Out: null, Guid_Out: null });
    });

    await t.test('table-valued parameter and result set', async (t) => {
      const { output, results } = await engine.call(eco, { Filas: filas });
      t.same(output, {});
      t.strictSame(results, [filas], 'values and the spelling and order of the contract');
      t.same((await engine.call(eco, { Filas: [] })).results, [[]], 'empty');
      t.same((await engine.call(eco, {})).results, [[]], 'left out');
      const many = Array.from({ length: 5000 }, (_, index): Row => ({
        Linea: index,
        ID_Largo: BigInt(index),
      }));
      const back = (await engine.call(eco, { Filas: many })).results[0] ?? [];
      t.equal(back.length, 5000);
      t.match(back[4999], { Linea: 4999, ID_Largo: 4999n, Texto: null });
    });

    await t.test('NUL and lone surrogates become U+FFFD', async (t) => {
      const { results } = await engine.call(eco, { Filas: [{ Linea: 1, Texto: 'a\0b\uD800c' }] });
      t.equal(results[0]?.[0]?.['Texto'], 'a\uFFFDb\uFFFDc');
      const { output } = await engine.call(salidas, { Largo: 1n, Fecha: '2021-01-01', Texto: 'x\0' });
      t.equal(output['Texto_Out'], 'x\uFFFD');
    });

    await t.test('bad arguments never reach the server', async (t) => {
      const bad = { code: 'BAD_ARGUMENT', number: 50_400, retryable: false };
      const good = { Largo: 1n, Fecha: '2021-01-01' };
      await t.rejects(engine.call(salidas, { Largo: 1n }), { ...bad, message: /needs @Fecha/ });
      await t.rejects(engine.call(salidas, { ...good, Otro: 1 }), { ...bad, message: /no parameter @Otro/ });
      await t.rejects(engine.call(salidas, { ...good, Texto: 'x'.repeat(21) }), {
        ...bad,
        message: /at most 20/,
      });
      await t.rejects(engine.call(salidas, { ...good, Fecha: '2021-02-30' }), bad);
      await t.rejects(engine.call(salidas, { ...good, Largo: 2n ** 63n }), bad);
      await t.rejects(engine.call(salidas, { ...good, Largo: 1.5 }), bad);
      await t.rejects(engine.call(eco, { Filas: [{ Linea: 1, Otra: 1 }] }), {
        ...bad,
        message: /no column Otra/,
      });
      await t.rejects(engine.call(eco, { Filas: [{ Texto: '' }] }), {
        ...bad,
        message: /Linea must not be NULL/,
      });
    });

    await t.test('errors that procedures throw', async (t) => {
      const codes = [
        [50_400, 'BAD_ARGUMENT'],
        [50_404, 'NOT_FOUND'],
        [50_409, 'WRONG_STATE'],
        [50_410, 'LEASE_LOST'],
        [50_422, 'VERIFICATION_FAILED'],
        [50_499, 'CANCELLED'],
        [50_455, 'DATABASE'],
      ] as const;
      for (const [number, code] of codes) {
        await t.rejects(engine.call(falla, { Numero: number }), {
          name: 'ProcedureError',
          number,
          code,
          procedure: 'prueba.sp_Falla',
          retryable: false,
          message: 'fallo pedido',
        });
      }
      const missing = { ...falla, name: 'prueba.sp_No_Existe' };
      await t.rejects(engine.call(missing, { Numero: 1 }), { code: 'DATABASE', procedure: missing.name });
      const stale = { ...eco, results: [[...filaColumns, column('Nueva', { kind: 'int' })]] };
      await t.rejects(engine.call(stale, {}), { message: /no column Nueva/ });
    });

    await t.test('query: types by themselves, positional parameters', async (t) => {
      const pg = engine.dialect === 'postgres';
      const [row] = await engine.query(
        pg
          ? `SELECT 1::bigint AS a, 2 AS b, 1.50::numeric(9,2) AS c, date '2021-05-07' AS d, true AS e,
               timestamptz '2021-05-07 01:02:03.456+02' AS f, '${guid.toUpperCase()}'::uuid AS g, NULL AS h, '\\x00ff'::bytea AS i`
          : `SELECT CAST(1 AS bigint) AS a, 2 AS b, CAST(1.50 AS decimal(9,2)) AS c, CAST('2021-05-07' AS date) AS d, CAST(1 AS bit) AS e,
               CAST('2021-05-06 23:02:03.456' AS datetime2(3)) AS f, CAST('${guid}' AS uniqueidentifier) AS g, NULL AS h, CAST(0x00ff AS varbinary(2)) AS i`,
      );
      t.same(row, {
        a: 1n,
        b: 2,
        c: pg ? '1.50' : 1.5,
        d: '2021-05-07',
        e: true,
        f: new Date('2021-05-06T23:02:03.456Z'),
        g: guid,
        h: null,
        i: Buffer.from([0, 255]),
      });
      const values: SqlValue[] = [2n ** 62n, 'ñandú', '2021-05-07', true, new Date(0), null];
      const [back] = await engine.query(
        pg
          ? 'SELECT $1::bigint AS a, $2::text AS b, $3::date AS c, $4::boolean AS d, $5::timestamptz AS e, $6::text AS f'
          : 'SELECT @p0 AS a, @p1 AS b, CAST(@p2 AS date) AS c, @p3 AS d, @p4 AS e, @p5 AS f',
        values,
      );
      t.same(Object.values(back ?? {}), values);
      t.same(await engine.query('SELECT 1 AS uno WHERE 1 = 0'), []);
    });

    await t.test('batch: where it failed', async (t) => {
      const failed = await caught(engine.batch('SELECT 1;\n\nSELECT fila FROM prueba.No_Existe;'));
      t.equal(failed.line, 3);
      t.equal(failed.column, engine.dialect === 'postgres' ? 18 : undefined);
      t.equal((await caught(engine.batch('SELEC 1;'))).line, 1);
      await t.rejects(engine.batch('SELECT 1;\nSELECT \0'), { code: 'SYNTAX', line: 2 });
      // Babelfish does not tell its client of a transaction that a batch begins
      if (!(await isBabelfish(engine))) {
        await t.rejects(engine.batch(engine.dialect === 'postgres' ? 'BEGIN' : 'BEGIN TRANSACTION'), {
          message: /left a transaction open/,
        });
      }
      await engine.batch('');
    });

    await t.test('bulk load', async (t) => {
      await bulk(t, engine);
    });
  });
}

async function bulk(t: Test, engine: Engine): Promise<void> {
  const count = async (): Promise<number> =>
    Number((await engine.query('SELECT COUNT(*) AS n FROM prueba.Filas'))[0]?.['n']);
  const tuples = filas.map((row) => filaColumns.map(({ name }) => row[name] ?? null));
  t.equal(await engine.bulk('prueba.Filas', filaColumns, tuples), 3);
  const stored = await engine.query(
    'SELECT Linea, ID_Largo, Fecha, Instante, Marca, Texto, Codigo FROM prueba.Filas ORDER BY Linea',
  );
  t.same(
    stored.map((row) => Object.values(row)),
    tuples.map((tuple) => tuple.filter((_, index) => index !== 4)),
  );
  function* many(): Generator<SqlValue[]> {
    for (let line = 10; line < 4510; line += 1) yield [line, `texto ${line}`];
  }
  const some = filaColumns.filter(({ name }) => name === 'Linea' || name === 'Texto');
  t.equal(await engine.bulk('prueba.Filas', some, many()), 4500);
  t.equal(await count(), 4503);
  t.equal(await engine.bulk('prueba.Filas', some, []), 0);

  const tricky = filaColumns.filter(({ name }) => ['Linea', 'ID_Largo', 'Instante', 'Texto'].includes(name));
  const instants = ['2021-05-07T10:00:00.999Z', '2021-05-07T10:00:01.007Z', '1969-12-31T23:59:59.999Z'];
  const texts = ['a\tb\\c\nd\re', '\\N', 'x\0y', 'x\uD800y', '\u{1F680}', '\\.'];
  const given = [-(2n ** 63n), 2n ** 63n - 1n, 0n, -1n, 5n, 6n].map((large, i): SqlValue[] =>
    // as the type has its columns
    tricky.map(
      ({ name }) =>
        ({
          Linea: 7000 + i,
          ID_Largo: large,
          Instante: new Date(instants[i % 3] ?? ''),
          Texto: texts[i] ?? null,
        })[name] ?? null,
    ),
  );
  t.equal(await engine.bulk('prueba.Filas', tricky, given), 6);
  const names = tricky.map(({ name }) => name).join(', ');
  const back = await engine.query(`SELECT ${names} FROM prueba.Filas WHERE Linea >= 7000 ORDER BY Linea`);
  t.same(
    back.map((row) => Object.values(row)),
    given.map((row) =>
      row.map((value) => (typeof value === 'string' ? value.replaceAll(/[\0\uD800]/g, '\uFFFD') : value)),
    ),
    'no character of the format itself is taken for one',
  );
  for (const [column, wrong] of [
    ['Linea', 2 ** 31],
    ['ID_Largo', 2n ** 63n],
    ['Texto', 'x'.repeat(101)],
    ['Instante', new Date(Number.NaN)],
  ] as const) {
    const row = tricky.map(({ name }) => (name === column ? wrong : name === 'Linea' ? 8000 : null));
    await t.rejects(engine.bulk('prueba.Filas', tricky, [row]), { message: new RegExp(`row 1\\.${column}`) });
  }
  await engine.batch('DELETE FROM prueba.Filas WHERE Linea >= 7000');

  const twice = (async function* twice(): AsyncGenerator<SqlValue[]> {
    for (const line of [5000, 5001, 5000]) yield await Promise.resolve([line, 'x']);
  })();
  await t.rejects(
    engine.transaction((session) => session.bulk('prueba.Filas', some, twice)),
    { code: 'DATABASE' },
    'a duplicate key',
  );
  function* breaking(): Generator<SqlValue[]> {
    yield [6000, 'x'];
    throw new Error('no more lines');
  }
  await t.rejects(engine.bulk('prueba.Filas', some, breaking()), { message: 'no more lines' });
  await t.rejects(engine.bulk('prueba.Filas', some, [['seis', 'x']]), { message: /row 1\.Linea/ });
  await t.rejects(engine.bulk('prueba.No_Existe', some, [[1, 'x']]), { name: 'ProcedureError' });
  t.equal(await count(), 4503, 'nothing of what failed');
}

async function caught(promise: Promise<unknown>): Promise<ProcedureError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof ProcedureError) return error;
  throw new Error(`expected a ProcedureError, got ${String(error)}`);
}
