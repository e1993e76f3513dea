/** Each role of the database, logged in: what it is for, and what it must not do. */
import t from 'tap';
import type { Test } from 'tap';

import type { Engine } from '../../engine/index.js';
import { createMigrator } from '../../migrator/index.js';
import { logs } from '../../procedures/generated/index.js';
import { asRole, freshDatabase } from '../testing/index.js';

t.setTimeout(180_000);
const db = await freshDatabase(t);
const denied = { code: 'PERMISSION' };

async function refuses(t: Test, engine: Engine, statements: readonly string[]): Promise<void> {
  for (const statement of statements) await t.rejects(engine.query(statement), denied, statement);
}

t.test('carril_app calls entry procedures and touches no table', async (t) => {
  const app = await asRole(db, 'carril_app');
  t.strictSame(await logs.listarProcesos(app, {}), []);
  await refuses(t, app, [
    'SELECT * FROM logs.Procesos',
    'SELECT * FROM trabajo.Chunks',
    'DELETE FROM staging.IPA_Final',
    "INSERT INTO logs.Ajustes (Ajuste, Valor) VALUES ('ARQUITECTURA', 'LEGADO')",
    'SELECT * FROM carril.Migraciones',
  ]);
  await t.rejects(createMigrator(app).down(), 'it cannot migrate');
});

t.test('carril_carga reaches intake tables only', async (t) => {
  const intake = await asRole(db, 'carril_carga');
  await refuses(t, intake, [
    'SELECT * FROM logs.Procesos',
    'DELETE FROM homol.IPA',
    'DELETE FROM extract.IPA',
    'SELECT * FROM carril.Migraciones',
  ]);
  await t.rejects(logs.finalizarProceso(intake, { idProceso: 1n }), denied);
});

t.test('carril_lector reads views and changes nothing', async (t) => {
  const reader = await asRole(db, 'carril_lector');
  t.strictSame(await reader.query('SELECT * FROM logs.vw_Procesos'), []);
  await refuses(t, reader, ['SELECT * FROM logs.Ajustes', 'DELETE FROM logs.Procesos']);
  await t.rejects(
    logs.inicializarProceso(reader, { fechaReporte: '2021-05-07' }),
    denied,
    'it starts no process',
  );
});

t.test('carril_dba migrates', async (t) => {
  const dba = await asRole(db, 'carril_dba');
  const migrator = createMigrator(dba);
  const before = await migrator.status();
  await migrator.down();
  const { migrations } = await migrator.status();
  t.equal(migrations.filter(({ state }) => state === 'pending').length, 1, 'one step back');
  await migrator.up();
  t.strictSame(
    (await migrator.status()).migrations.map(({ number, state }) => [number, state]),
    before.migrations.map(({ number, state }) => [number, state]),
  );
  t.strictSame(
    (await migrator.verify()).filter(({ ok }) => !ok),
    [],
  );
});
