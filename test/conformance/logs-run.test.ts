import t from 'tap';

import { extract, logs, staging, trabajo } from '../../procedures/generated/index.js';
import { date, loadFunds, onlyIpa, serviceState, startAndClaim } from '../leases/process.js';
import { chunkRow, due, expire, failsWith, sql } from '../leases/support.js';
import { asRole, freshDatabase } from '../testing/index.js';

const db = await freshDatabase(t);
const { engine } = db;
await loadFunds(engine, ['ALFA', 'BETA']);
await onlyIpa(engine);

await t.test('a fund runs its service, is completed, and the process ends', async (t) => {
  const { idProceso, idTrabajo, held } = await startAndClaim(engine, ['ALFA', 'BETA']);
  const [a, b] = held;
  if (!a || !b) throw new Error('two funds');
  t.match(await logs.estadoProceso(engine, { idProceso }), {
    estado: 'EN_PROGRESO',
    etapaActual: 'IPA',
    fondosEnProgreso: 2,
    fondosPendientes: 0,
  });
  t.match(await logs.estadoEjecuciones(engine, { idProceso: a.idEjecucion }), [
    { fundShortName: 'ALFA', estado: 'EN_PROGRESO', servicioActual: 'IPA', intento: 1, poseedor: 'w' },
    { fundShortName: 'BETA' },
  ]);

  await failsWith(t, 50409, logs.completarEjecucion(engine, a), /IPA/);
  const ran = await logs.ejecutarServicio(engine, { ...a, servicio: 'IPA' });
  t.match(ran, { estado: 'COMPLETADO', yaTerminado: false });
  t.ok(ran.duracionMs >= 0);
  t.same(await logs.ejecutarServicio(engine, { ...a, servicio: 'IPA' }), {
    estado: 'COMPLETADO',
    yaTerminado: true,
    duracionMs: 0,
  });
  t.match(await logs.ejecutarServicio(engine, { ...a, servicio: 'CAPM' }), {
    estado: 'OMITIDO',
    yaTerminado: true,
  });

  t.same(await logs.completarEjecucion(engine, a), { estado: 'COMPLETADO', restantes: 1 });
  t.match(await logs.completarEjecucion(engine, a), { estado: 'COMPLETADO' }, 'twice is once');
  t.match(await logs.ejecutarServicio(engine, { ...a, servicio: 'IPA' }), { yaTerminado: true });
  t.match(await chunkRow(engine, a.idChunk), { estado: 'COMPLETADO', poseedor: null });
  t.match(await logs.finalizarProceso(engine, { idProceso }), {
    finalizado: false,
    estado: 'EN_PROGRESO',
    fondosExitosos: 1,
  });

  await logs.ejecutarServicio(engine, { ...b, servicio: 'IPA' });
  t.same(await logs.completarEjecucion(engine, b), { estado: 'COMPLETADO', restantes: 0 });
  t.match(await logs.estadoProceso(engine, { idProceso }), {
    estado: 'EN_PROGRESO',
    fechaFin: null,
    fondosExitosos: 2,
  });
  t.same(await logs.finalizarProceso(engine, { idProceso }), {
    estado: 'COMPLETADO',
    finalizado: true,
    totalFondos: 2,
    fondosExitosos: 2,
    fondosFallidos: 0,
    fondosOmitidos: 0,
  });
  t.match(await logs.finalizarProceso(engine, { idProceso: b.idEjecucion }), {
    estado: 'COMPLETADO',
    finalizado: false,
  });
  const state = await logs.estadoProceso(engine, { idProceso });
  t.match(state, {
    estado: 'COMPLETADO',
    fondosEnProgreso: 0,
    fondosPendientes: 0,
    etapaActual: 'FINALIZADO',
  });
  t.ok(state.fechaFin);
  t.match(await trabajo.estadoTrabajo(engine, { idTrabajo }), { estado: 'COMPLETADO', completados: 2 });

  t.same(await logs.resultadosProceso(engine, { idProceso }), [
    {
      fundShortName: 'ALFA',
      idEjecucion: a.idEjecucion,
      idProceso,
      estado: 'COMPLETADO',
      lineas: 3,
      lineasEfectivo: 1,
      valorTotal: '175.00',
      sumaPesos: '100.00',
      repreciadas: 1,
    },
    {
      fundShortName: 'BETA',
      idEjecucion: b.idEjecucion,
      idProceso,
      estado: 'COMPLETADO',
      lineas: 3,
      lineasEfectivo: 1,
      valorTotal: '175.00',
      sumaPesos: '100.00',
      repreciadas: 1,
    },
  ]);
});

await t.test('who lost the lease changes nothing', async (t) => {
  const { idTrabajo, held } = await startAndClaim(engine, ['ALFA']);
  const [old] = held;
  if (!old) throw new Error('a fund');
  await expire(engine, old.idChunk);
  const [taken] = await trabajo.reclamarChunks(engine, { poseedor: 'w2', idTrabajo });
  t.equal(taken?.token, 2n);
  await failsWith(t, 50410, logs.ejecutarServicio(engine, { ...old, servicio: 'IPA' }));
  await failsWith(t, 50410, logs.completarEjecucion(engine, old));
  await failsWith(t, 50410, logs.fallarServicio(engine, { ...old, servicio: 'IPA', error: 'x' }));
  t.equal(await serviceState(engine, old.idEjecucion, 'IPA'), 'PENDIENTE');
  t.same(await sql(engine, 'SELECT ID FROM extract.IPA WHERE ID_Ejecucion = ?', [old.idEjecucion]), []);
  await trabajo.cancelarTrabajo(engine, { idTrabajo });
});

await t.test('what is not there is said', async (t) => {
  const { idTrabajo, held } = await startAndClaim(engine, ['ALFA']);
  const [fund] = held;
  if (!fund) throw new Error('a fund');
  await failsWith(
    t,
    50404,
    logs.ejecutarServicio(engine, { idEjecucion: 999999n, servicio: 'IPA', token: 1n }),
  );
  await failsWith(t, 50404, logs.completarEjecucion(engine, { idEjecucion: 999999n, token: 1n }));
  await failsWith(t, 50400, logs.ejecutarServicio(engine, { ...fund, servicio: 'NADA' }), /NADA/);
  await failsWith(t, 50409, trabajo.completarChunk(engine, fund), /sp_Completar_Ejecucion/);
  await failsWith(t, 50409, trabajo.finalizarTrabajo(engine, { idTrabajo }), /sp_Finalizar_Proceso/);
  await trabajo.cancelarTrabajo(engine, { idTrabajo });
});

await t.test('a failed service fails its fund and no other; a retry begins at it', async (t) => {
  const { idProceso, idTrabajo, held } = await startAndClaim(engine, ['ALFA', 'BETA']);
  const [a, b] = held;
  if (!a || !b) throw new Error('two funds');
  const failed = await logs.fallarServicio(engine, { ...a, servicio: 'IPA', error: 'boom ñ' });
  t.match(failed, { estado: 'PENDIENTE', intento: 1, restantes: 1 });
  t.ok(failed.noAntesDe);
  t.same(
    await logs.fallarServicio(engine, { ...a, servicio: 'IPA', error: 'again' }),
    failed,
    'twice is once',
  );
  t.equal(await serviceState(engine, a.idEjecucion, 'IPA'), 'PENDIENTE');
  t.match(await logs.estadoEjecuciones(engine, { idProceso }), [
    {
      fundShortName: 'ALFA',
      estado: 'PENDIENTE',
      servicioActual: null,
      mensajeError: 'boom ñ',
      poseedor: null,
    },
    { fundShortName: 'BETA', estado: 'EN_PROGRESO', mensajeError: null },
  ]);

  await due(engine, a.idChunk);
  const [again] = await trabajo.reclamarChunks(engine, { poseedor: 'w2', idTrabajo });
  const second = { ...a, token: again?.token ?? 0n };
  t.match(
    await logs.fallarServicio(engine, { ...second, servicio: 'IPA', error: 'no way', reintentable: false }),
    {
      estado: 'ERROR',
      intento: 2,
      noAntesDe: null,
    },
  );
  t.equal(await serviceState(engine, a.idEjecucion, 'IPA'), 'ERROR');
  await logs.ejecutarServicio(engine, { ...b, servicio: 'IPA' });
  await logs.completarEjecucion(engine, b);
  t.match(await logs.finalizarProceso(engine, { idProceso }), {
    estado: 'COMPLETADO_CON_ERRORES',
    finalizado: true,
    fondosExitosos: 1,
    fondosFallidos: 1,
  });
  t.match(await logs.estadoEjecuciones(engine, { idProceso }), [
    { fundShortName: 'ALFA', estado: 'ERROR', servicioActual: 'IPA', mensajeError: 'no way' },
    { fundShortName: 'BETA', estado: 'COMPLETADO', servicioActual: null, mensajeError: null },
  ]);
});

await t.test('a success after a failure clears the message', async (t) => {
  const { idProceso, idTrabajo, held } = await startAndClaim(engine, ['ALFA']);
  const [fund] = held;
  if (!fund) throw new Error('a fund');
  await logs.fallarServicio(engine, { ...fund, servicio: 'IPA', error: 'boom' });
  await due(engine, fund.idChunk);
  const [again] = await trabajo.reclamarChunks(engine, { poseedor: 'w', idTrabajo });
  const second = { ...fund, token: again?.token ?? 0n };
  await logs.ejecutarServicio(engine, { ...second, servicio: 'IPA' });
  await logs.completarEjecucion(engine, second);
  t.match(await logs.finalizarProceso(engine, { idProceso }), { estado: 'COMPLETADO', finalizado: true });
  t.match(await logs.estadoEjecuciones(engine, { idProceso }), [
    { estado: 'COMPLETADO', mensajeError: null, intento: 2 },
  ]);
});

await t.test('an execution whose chunk expired for the last time, and one that was cancelled', async (t) => {
  const { idProceso, idTrabajo, held } = await startAndClaim(engine, ['ALFA', 'BETA']);
  const [a, b] = held;
  if (!a || !b) throw new Error('two funds');
  await sql(engine, 'UPDATE trabajo.Chunks SET Intento = 3 WHERE ID_Chunk = ?', [a.idChunk]);
  await expire(engine, a.idChunk);
  t.same(await trabajo.reclamarChunks(engine, { poseedor: 'w2', idTrabajo }), []);
  t.match(await logs.estadoEjecuciones(engine, { idProceso }), [
    { estado: 'ERROR', servicioActual: 'IPA' },
    { estado: 'EN_PROGRESO' },
  ]);
  await trabajo.cancelarTrabajo(engine, { idTrabajo });
  await failsWith(t, 50499, logs.ejecutarServicio(engine, { ...b, servicio: 'IPA' }));
  await failsWith(t, 50499, logs.completarEjecucion(engine, b));
  t.match(await logs.fallarServicio(engine, { ...b, servicio: 'IPA', error: 'cancelled' }), {
    estado: 'CANCELADO',
  });
  t.match(await logs.finalizarProceso(engine, { idProceso }), {
    estado: 'CANCELADO',
    finalizado: true,
    fondosExitosos: 0,
    fondosFallidos: 1,
    fondosOmitidos: 1,
  });
  const [first, second] = await logs.estadoEjecuciones(engine, { idProceso });
  t.match(first, { estado: 'ERROR', mensajeError: /w/ });
  t.match(second, { estado: 'CANCELADO', servicioActual: null });
  t.ok(first?.fechaFin && second?.fechaFin);
  const rows = await sql(
    engine,
    'SELECT Estado FROM logs.Ejecuciones WHERE ID_Proceso = ? ORDER BY ID_Ejecucion',
    [idProceso],
  );
  t.same(
    rows.map(({ estado }) => estado),
    ['ERROR', 'CANCELADO'],
    'the finalizer wrote them',
  );
});

await t.test('all funds failed: ERROR', async (t) => {
  const { idProceso, held } = await startAndClaim(engine, ['ALFA']);
  const [fund] = held;
  if (!fund) throw new Error('a fund');
  await logs.fallarServicio(engine, { ...fund, servicio: 'IPA', error: 'x', reintentable: false });
  t.match(await logs.finalizarProceso(engine, { idProceso }), { estado: 'ERROR', finalizado: true });
});

await t.test('a service waits for the one it depends on', async (t) => {
  const switchCapm = (active: number) =>
    engine.batch(`UPDATE logs.Servicios SET Activo = '${active}' WHERE Servicio = 'CAPM'`);
  await switchCapm(1);
  const { idTrabajo, held } = await startAndClaim(engine, ['ALFA']);
  const [fund] = held;
  if (!fund) throw new Error('a fund');
  await failsWith(t, 50409, logs.ejecutarServicio(engine, { ...fund, servicio: 'CAPM' }), /CAPM.*IPA/);
  await logs.ejecutarServicio(engine, { ...fund, servicio: 'IPA' });
  await failsWith(t, 50409, logs.completarEjecucion(engine, fund), /CAPM/);
  t.match(await logs.ejecutarServicio(engine, { ...fund, servicio: 'CAPM' }), { estado: 'COMPLETADO' });
  t.match(await logs.completarEjecucion(engine, fund), { estado: 'COMPLETADO' });
  t.match(await logs.finalizarProceso(engine, { idProceso: fund.idEjecucion }), { finalizado: true });
  t.match(await trabajo.estadoTrabajo(engine, { idTrabajo }), { estado: 'COMPLETADO' });
  await switchCapm(0);
});

await t.test(
  'only catalogued steps that exist are executed, and a failing one rolls everything back',
  async (t) => {
    const { idTrabajo, held } = await startAndClaim(engine, ['ALFA']);
    const [fund] = held;
    if (!fund) throw new Error('a fund');
    const run = () => logs.ejecutarServicio(engine, { ...fund, servicio: 'IPA' });
    const step = (orden: number, name: string) =>
      engine.batch(
        `INSERT INTO logs.Servicio_Procedimientos (Servicio, Orden, Procedimiento) VALUES ('IPA', ${orden}, '${name}')`,
      );
    const unstep = (orden: number) =>
      engine.batch(`DELETE FROM logs.Servicio_Procedimientos WHERE Orden = ${orden}`);

    for (const name of [
      'staging.No_Existe',
      'staging.IPA_Final',
      'staging.x.y',
      'extract.a; DROP TABLE logs.Procesos',
    ]) {
      await step(9, name);
      await failsWith(t, 50409, run());
      await unstep(9);
    }
    await engine.batch(
      engine.dialect === 'postgres'
        ? `CREATE FUNCTION staging.Paso_Malo(p_ID_Ejecucion bigint, p_FechaReporte date, p_ID_Fund integer, p_Portfolio_Geneva text)
         RETURNS void LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'a step fails for %', p_Portfolio_Geneva; END $$`
        : `CREATE PROCEDURE staging.Paso_Malo @ID_Ejecucion bigint, @FechaReporte date, @ID_Fund int, @Portfolio_Geneva varchar(50)
         AS BEGIN DECLARE @m nvarchar(100) = CONCAT('a step fails for ', @Portfolio_Geneva); THROW 51000, @m, 1; END`,
    );
    await step(9, 'staging.Paso_Malo');
    await t.rejects(run(), { message: /a step fails for ALFA/ });
    t.same(await sql(engine, 'SELECT ID FROM extract.IPA WHERE ID_Ejecucion = ?', [fund.idEjecucion]), []);
    t.equal(await serviceState(engine, fund.idEjecucion, 'IPA'), 'PENDIENTE');
    t.match(await chunkRow(engine, fund.idChunk), { poseedor: 'w', token: 1n });
    await unstep(9);

    t.match(await run(), { estado: 'COMPLETADO' });
    await trabajo.cancelarTrabajo(engine, { idTrabajo });
  },
);

await t.test(
  'a step that ends its caller’s transaction is found out',
  { skip: engine.dialect === 'postgres' && 'a function cannot' },
  async (t) => {
    const { idTrabajo, held } = await startAndClaim(engine, ['ALFA']);
    const [fund] = held;
    if (!fund) throw new Error('a fund');
    await engine.batch(`CREATE PROCEDURE staging.Paso_Confirma @ID_Ejecucion bigint, @FechaReporte date, @ID_Fund int,
      @Portfolio_Geneva varchar(50) AS BEGIN COMMIT TRANSACTION; END`);
    await engine.batch(
      "INSERT INTO logs.Servicio_Procedimientos (Servicio, Orden, Procedimiento) VALUES ('IPA', 9, 'staging.Paso_Confirma')",
    );
    await failsWith(t, 50409, logs.ejecutarServicio(engine, { ...fund, servicio: 'IPA' }), /Paso_Confirma/i);
    t.equal(await serviceState(engine, fund.idEjecucion, 'IPA'), 'PENDIENTE');
    await engine.batch('DELETE FROM logs.Servicio_Procedimientos WHERE Orden = 9');
    await trabajo.cancelarTrabajo(engine, { idTrabajo });
  },
);

await t.test('carril_app runs a fund from start to end and reaches nothing behind it', async (t) => {
  const app = await asRole(db, 'carril_app');
  const all = ['IPA', 'CAPM', 'PosModRF', 'SONA', 'Derivados', 'UBS', 'PNL'];
  await engine.batch("UPDATE logs.Servicios SET Activo = '1'");
  await loadFunds(engine, ['ALFA'], { flagUbs: true, flagDerivados: true });
  const { idProceso, held } = await startAndClaim(app, ['ALFA']);
  const [fund] = held;
  if (!fund) throw new Error('a fund');
  for (const servicio of all) {
    const ran = await logs.ejecutarServicio(app, { ...fund, servicio });
    t.match(ran, { estado: 'COMPLETADO', yaTerminado: false }, servicio);
  }
  t.match(await logs.completarEjecucion(app, fund), { estado: 'COMPLETADO', restantes: 0 });
  t.match(await logs.finalizarProceso(app, { idProceso }), { estado: 'COMPLETADO', finalizado: true });
  t.match(await logs.resultadosProceso(app, { idProceso }), [{ valorTotal: '175.00' }]);
  t.ok((await logs.inicializarEjecucion(app, { fechaReporte: date })).idEjecucion > idProceso);
  const args = { idEjecucion: fund.idEjecucion, fechaReporte: date, idFund: 1, portfolioGeneva: 'ALFA' };
  const forbidden: (() => Promise<unknown>)[] = [
    () => app.query('SELECT ID_Proceso FROM logs.Procesos'),
    () => app.query('SELECT ID FROM extract.IPA'),
    () => app.query("UPDATE logs.Servicio_Procedimientos SET Procedimiento = 'extract.Otro'"),
    () => extract.extractIpa(app, args),
    () => staging.ipa03Final(app, args),
    () => logs.marcarServicio(app, { ...args, servicio: 'IPA', estado: 'PENDIENTE' }),
    () => logs.resolverPaso(app, { procedimiento: 'extract.Extract_IPA' }),
  ];
  for (const call of forbidden) await t.rejects(call(), { code: 'PERMISSION' });
});
