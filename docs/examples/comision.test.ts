// A site tests a procedure of its own. Folders: site/migrations, site/procedures (both engines); site/generated was written by
// `carril codegen --procedures docs/examples/site/procedures --out docs/examples/site/generated`.
import { join } from 'node:path';
import t from 'tap';
import { asRole, freshDatabase, testDialect } from 'carril/testing';
import { packageRoot } from 'carril';
import { sitio } from './site/generated/index.js';

const site = join(packageRoot(), 'docs/examples/site');
const db = await freshDatabase(t, {
  migrationsDirs: [join(site, 'migrations', testDialect())],
  proceduresDirs: [join(site, 'procedures', testDialect())],
});

t.test('a fund of 365,000.00 at 1.5 % a year pays 15.00 a day', async (t) => {
  await db.engine.batch(`
    INSERT INTO sitio.Tasas (ID_Fund, Tasa) VALUES (7, 1.5);
    INSERT INTO staging.IPA_Final (ID_Ejecucion, ID_Fund, InvestID, FechaReporte, Descripcion, Moneda, Cantidad,
      PrecioLocal, ValorMercado, Peso, Lineas, Repreciadas, Es_Efectivo)
    VALUES (1, 7, 'A', '2021-05-07', 'A', 'USD', 10, 30000, 300000, 82.1917808219, 1, 0, ${db.dialect === 'postgres' ? 'false' : '0'}),
           (1, 7, 'B', '2021-05-07', 'B', 'USD', 10, 6500, 65000, 17.8082191781, 1, 0, ${db.dialect === 'postgres' ? 'false' : '0'});`);

  // as the application's role, which may execute the procedure and nothing else
  const app = await asRole(db, 'carril_app');
  t.strictSame(await sitio.comision(app, { idEjecucion: 1n, idFund: 7 }), { comision: '15.00' });
  await t.rejects(app.query('SELECT * FROM sitio.Tasas'), { code: 'PERMISSION' });
});

t.test('a fund without a rate is an error that names it', async (t) => {
  await t.rejects(sitio.comision(db.engine, { idEjecucion: 1n, idFund: 8 }), {
    code: 'NOT_FOUND',
    number: 50404,
    message: /8/,
  });
});
