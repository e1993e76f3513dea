/** The credentials of the HTTP service, on every engine: made, checked, expired, revoked, and by whom. */
import { createHash } from 'node:crypto';

import t from 'tap';

import { trabajo } from '../../procedures/generated/index.js';
import { failsWith, sql } from '../leases/support.js';
import { asRole, freshDatabase } from '../testing/index.js';

const db = await freshDatabase(t);
const { engine } = db;
const fingerprint = (key: string): string => createHash('sha256').update(key).digest('hex');
const huella = fingerprint('clave');

await t.test('made once, however often it is asked for', async (t) => {
  const { idCredencial } = await trabajo.crearCredencial(engine, { nombre: 'panel', rol: 'LECTURA', huella });
  t.same(
    await Promise.all(
      [1, 2].map(() => trabajo.crearCredencial(engine, { nombre: 'panel', rol: 'LECTURA', huella })),
    ),
    [{ idCredencial }, { idCredencial }],
  );
  t.same(await trabajo.comprobarCredencial(engine, { huella }), [
    { idCredencial, nombre: 'panel', rol: 'LECTURA' },
  ]);
  t.match(await trabajo.listarCredenciales(engine), [
    { idCredencial, nombre: 'panel', rol: 'LECTURA', vence: null, revocada: null, usuario: /./ },
  ]);
  await failsWith(
    t,
    50409,
    trabajo.crearCredencial(engine, { nombre: 'otro', rol: 'LECTURA', huella }),
    /de otra credencial/,
  );
});

await t.test('what makes no sense is refused', async (t) => {
  const make = (args: Partial<trabajo.CrearCredencialArgs>) =>
    trabajo.crearCredencial(engine, { nombre: 'x', rol: 'ADMIN', huella: fingerprint('x'), ...args });
  await failsWith(t, 50400, make({ nombre: ' ' }), /Nombre/);
  await failsWith(t, 50400, make({ rol: 'DUENO' }), /LECTURA, EJECUCION o ADMIN/);
  for (const wrong of ['abc', huella.toUpperCase(), 'g'.repeat(64)])
    await failsWith(t, 50400, make({ huella: wrong }), /SHA-256/);
  await failsWith(t, 50400, make({ vence: new Date(Date.now() - 1000) }), /ya paso/);
  await failsWith(t, 50404, trabajo.revocarCredencial(engine, { idCredencial: 999n }), /999/);
  t.equal((await trabajo.listarCredenciales(engine)).length, 1);
});

await t.test('one that has expired opens nothing, nor one that was revoked; its time stays', async (t) => {
  const other = fingerprint('otra');
  const { idCredencial } = await trabajo.crearCredencial(engine, {
    nombre: 'noche',
    rol: 'EJECUCION',
    huella: other,
    vence: new Date(Date.now() + 3_600_000),
  });
  t.match(await trabajo.comprobarCredencial(engine, { huella: other }), [{ nombre: 'noche' }]);
  await sql(engine, 'UPDATE trabajo.Credenciales SET Vence = ? WHERE ID_Credencial = ?', [
    new Date(Date.now() - 1000),
    idCredencial,
  ]);
  t.same(await trabajo.comprobarCredencial(engine, { huella: other }), []);

  const first = await trabajo.revocarCredencial(engine, { idCredencial });
  t.match(first, { nombre: 'noche', revocada: Date });
  t.same(await trabajo.revocarCredencial(engine, { idCredencial }), first, 'a second time changes nothing');
  t.match(await trabajo.listarCredenciales(engine), [{ nombre: 'noche' }, { nombre: 'panel' }]);
});

await t.test('carril_dba makes and revokes, carril_app checks', async (t) => {
  const app = await asRole(db, 'carril_app');
  t.match(await trabajo.comprobarCredencial(app, { huella }), [{ nombre: 'panel' }]);
  t.equal((await trabajo.listarCredenciales(app)).length, 2);
  await t.rejects(trabajo.crearCredencial(app, { nombre: 'y', rol: 'ADMIN', huella: fingerprint('y') }));
  await t.rejects(trabajo.revocarCredencial(app, { idCredencial: 1n }));
  const reader = await asRole(db, 'carril_lector');
  await t.rejects(trabajo.comprobarCredencial(reader, { huella }));
  const dba = await asRole(db, 'carril_dba');
  const made = await trabajo.crearCredencial(dba, { nombre: 'dba', rol: 'ADMIN', huella: fingerprint('d') });
  t.match(await trabajo.revocarCredencial(dba, made), { nombre: 'dba' });
});
