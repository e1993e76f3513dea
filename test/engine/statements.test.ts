/** Calls are prepared once a connection, and go on where prepared statements do not stay (a pooler, a changed function). */
import t from 'tap';

import type { Engine, Procedure } from '../../engine/index.js';
import { column, createObjects, eco } from './objects.js';
import { engineDatabases } from './databases.js';

const suma: Procedure = {
  name: 'prueba.suma',
  parameters: [{ name: 'A', type: { kind: 'int' }, output: false, optional: false }],
  results: [[column('Total', { kind: 'int' })]],
};

const create = (type: string): string =>
  `CREATE FUNCTION prueba.suma(p_A integer) RETURNS TABLE (Total ${type}) LANGUAGE sql AS 'SELECT p_A + 1'`;

async function sum(engine: Engine, a: number): Promise<unknown> {
  return (await engine.call(suma, { A: a })).results[0]?.[0]?.['Total'];
}

/** Statements that the pool's only connection has prepared; asked with a value, which leaves the connection as it is. */
async function prepared(engine: Engine): Promise<number> {
  const [row] = await engine.query(
    "SELECT count(*)::int AS n FROM pg_catalog.pg_prepared_statements WHERE name LIKE $1 || '%'",
    ['carril_'],
  );
  return Number(row?.['n']);
}

for (const database of await engineDatabases()) {
  const skip = database.dialect !== 'postgres' && 'prepared statements are PostgreSQL’s';
  await t.test(database.dialect, { skip }, async (t) => {
    t.teardown(() => database.close());
    const setup = await database.open({ poolMax: 1 });
    await createObjects(setup);
    await setup.batch(create('integer'));
    await setup.batch(`CREATE FUNCTION prueba.olvida(p_A integer) RETURNS void LANGUAGE plpgsql
      AS 'BEGIN EXECUTE ''DEALLOCATE ALL''; END'`);
    const open = () => database.open({ poolMax: 1 });

    await t.test('once a connection, whatever the values', async (t) => {
      const engine = await open();
      for (const a of [1, 2, 3]) t.equal(await sum(engine, a), a + 1);
      t.equal(await prepared(engine), 1);
    });

    await t.test('a connection that was reset prepares again', async (t) => {
      const engine = await open();
      await sum(engine, 1);
      await engine.connection((session) => session.query('SELECT 1'));
      t.equal(await prepared(engine), 0);
      t.equal(await sum(engine, 2), 3);
      t.equal(await prepared(engine), 1);
    });

    await t.test('not in a transaction, which a missing statement would end', async (t) => {
      const engine = await open();
      await engine.transaction(async (session) => {
        await session.call(suma, { A: 1 });
      });
      t.equal(await prepared(engine), 0);
      await sum(engine, 1);
      await engine.query('SELECT prueba.olvida($1)', [1]);
      await engine.transaction(async (session) => {
        t.same((await session.call(suma, { A: 4 })).results, [[{ Total: 5 }]]);
      });
    });

    await t.test('a statement that has gone, as behind a pooler: the call goes on without', async (t) => {
      const engine = await open();
      await sum(engine, 1);
      await engine.query('SELECT prueba.olvida($1)', [1]);
      t.equal(await sum(engine, 2), 3);
      t.equal(await sum(engine, 3), 4);
      t.equal(await prepared(engine), 0, 'and does not try again');
    });

    await t.test('a statement that somebody else has prepared on this connection', async (t) => {
      const [first, second] = [await open(), await open()];
      await sum(first, 1);
      const [row] = await first.query('SELECT name FROM pg_catalog.pg_prepared_statements WHERE name <> $1', [
        '',
      ]);
      const name = String(row?.['name']);
      await second.query(`SELECT prueba.olvida($1)`, [1]);
      await setup.batch(`CREATE FUNCTION prueba.prepara(p_A integer) RETURNS void LANGUAGE plpgsql
        AS 'BEGIN EXECUTE ''PREPARE ${name} AS SELECT 1''; END'`);
      await second.query('SELECT prueba.prepara($1)', [1]);
      t.equal(await sum(second, 2), 3);
    });

    await t.test('a function that was made anew, with the same shape and with another', async (t) => {
      const engine = await open();
      for (let i = 0; i < 7; i += 1) await sum(engine, i);
      await setup.batch('DROP FUNCTION prueba.suma(integer)');
      await setup.batch(create('integer'));
      t.equal(await sum(engine, 1), 2);
      t.equal(await prepared(engine), 1);
      await setup.batch('DROP FUNCTION prueba.suma(integer)');
      await setup.batch(create('bigint'));
      t.equal(await sum(engine, 1), 2);
      t.equal(await sum(engine, 2), 3);
    });

    await t.test('rows of a table-valued parameter are values too', async (t) => {
      const engine = await open();
      for (const n of [1, 2]) {
        const Filas = Array.from({ length: n }, (_, i) => ({ Linea: i + 1 }));
        t.equal((await engine.call(eco, { Filas })).results[0]?.length, n);
      }
      t.equal(await prepared(engine), 1);
    });
  });
}
