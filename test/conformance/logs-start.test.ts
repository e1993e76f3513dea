import t from 'tap';

import { dimensionales, homol, logs, trabajo } from '../../procedures/generated/index.js';
import { date, loadFunds, serviceState } from '../leases/process.js';
import { createJob, failsWith, sql } from '../leases/support.js';
import { asRole, freshDatabase } from '../testing/index.js';
import { line } from './ipa.js';
import { addService, onlyService } from './catalogue.js';
import { load } from './services.js';
import type { Loaded } from '../reference/group.js';

const db = await freshDatabase(t);
const { engine } = db;

await t.test('without funds there is nothing to start', async (t) => {
  await failsWith(t, 50404, logs.inicializarProceso(engine, { fechaReporte: date }));
  await failsWith(t, 50404, logs.inicializarEjecucion(engine, { fechaReporte: date }));
  t.equal(
    (await sql(engine, 'SELECT ID_Proceso FROM logs.Procesos')).length,
    0,
    'and nothing is left behind',
  );
  t.same(await trabajo.trabajosVivos(engine), { vivos: 0 });
});

await t.test('a process has an execution and a chunk a fund, and IDs above its own', async (t) => {
  await loadFunds(engine, ['ALFA', 'BETA', 'GAMA']);
  await loadFunds(engine, ['DORMIDO'], { active: false });
  await loadFunds(engine, ['FUERA'], { incluirEnCubo: false });
  const { idProceso, idTrabajo, totalFondos } = await logs.inicializarProceso(engine, {
    fechaReporte: date,
    usuario: 'ana',
  });
  t.equal(totalFondos, 3);
  t.match(await logs.estadoProceso(engine, { idProceso }), {
    idProceso,
    fechaReporte: date,
    estado: 'PENDIENTE',
    etapaActual: null,
    usuario: 'ana',
    arquitectura: 'JERARQUICA',
    fechaFin: null,
    totalFondos: 3,
    fondosExitosos: 0,
    fondosFallidos: 0,
    fondosOmitidos: 0,
    fondosEnProgreso: 0,
    fondosPendientes: 3,
    idTrabajo,
  });
  const executions = await logs.estadoEjecuciones(engine, { idProceso });
  t.same(executions.map(({ fundShortName }) => fundShortName).toSorted(), ['ALFA', 'BETA', 'GAMA']);
  t.ok(executions.every(({ idEjecucion, estado }) => idEjecucion > idProceso && estado === 'PENDIENTE'));
  t.equal(new Set(executions.map(({ idEjecucion }) => idEjecucion)).size, 3);

  const job = await trabajo.estadoTrabajo(engine, { idTrabajo });
  t.match(job, { tipo: 'FONDOS', total: 3, pendientes: 3 });
  t.same(JSON.parse(job.parametros ?? ''), {
    id_proceso: String(idProceso),
    fecha_reporte: date,
    servicios: ['IPA', 'CAPM', 'PosModRF', 'SONA', 'Derivados', 'UBS', 'PNL'],
  });
  const chunks = await sql(
    engine,
    'SELECT c.Rango_Inicio, c.Rango_Fin, c.Recurso, e.ID_Ejecucion, f.FundShortName, f.Portfolio_Geneva FROM trabajo.Chunks AS c INNER JOIN logs.Ejecuciones AS e ON e.ID_Chunk = c.ID_Chunk INNER JOIN logs.Ejecucion_Fondos AS f ON f.ID_Ejecucion = e.ID_Ejecucion AND f.ID_Fund = e.ID_Fund WHERE c.ID_Trabajo = ?',
    [idTrabajo],
  );
  t.equal(chunks.length, 3);
  t.ok(
    chunks.every(
      (row) =>
        row['rango_inicio'] === row['id_ejecucion'] &&
        row['rango_fin'] === row['id_ejecucion'] &&
        row['recurso'] === row['fundshortname'] &&
        row['portfolio_geneva'] === row['fundshortname'],
    ),
  );
});

await t.test('the heaviest fund of a date is claimed first', async (t) => {
  await loadFunds(engine, ['LIVIANO', 'PESADO', 'VACIO'], { incluirEnCubo: false });
  const filas = (name: string, lines: number) =>
    Array.from({ length: lines }, (_, i) => line(i + 1, name, `V${i}`, { valorMercado: '1' }));
  await homol.cargarIpa(engine, { filas: filas('PESADO', 250) });
  await homol.cargarIpa(engine, { filas: filas('LIVIANO', 40) });
  await sql(engine, 'DELETE FROM homol.IPA WHERE Portfolio = ?', ['VACIO']);
  const { idTrabajo } = await logs.inicializarProceso(engine, {
    fechaReporte: date,
    fondos: ['LIVIANO', 'PESADO', 'VACIO'].map((fundShortName) => ({ fundShortName })),
  });
  t.same(
    (await trabajo.reclamarChunks(engine, { poseedor: 'w', idTrabajo, maximo: 10 })).map(
      ({ recurso, peso }) => [recurso, peso],
    ),
    [
      ['PESADO', 3.5],
      ['LIVIANO', 1.4],
      ['VACIO', 1],
    ],
  );
  // all six sources count, by each one's own code, and those of a flag that is off do not
  const lines = (n: number, more: Loaded) => Array.from({ length: n }, () => more);
  await dimensionales.cargarFondos(engine, {
    filas: [
      {
        ...{ linea: 1, fundShortName: 'LIVIANO', portfolioGeneva: 'LIVIANO', portfolioCapm: 'LIV C' },
        ...{ portfolioDerivados: 'LIV D', portfolioUbs: 'LIV U', flagUbs: false, flagDerivados: true },
        ...{ active: true, incluirEnCubo: false },
      },
    ],
  });
  const came = {
    CAPM: ['LIV C', lines(100, { Cuenta: '1', Saldo: '1' })],
    PosModRF: ['LIVIANO', lines(50, { InvestID: 'B', TIR: '0', DuracionModificada: '1', ValorMercado: '1' })],
    SONA: [
      'LIVIANO',
      lines(100, { ID_Operacion: '1', InvestID: 'S', FechaLiquidacion: date, Cantidad: '1', Monto: '1' }),
    ],
    Derivados: ['LIV D', lines(60, { InvestID: 'D', Nocional: '1', Delta: '1' })],
    UBS: ['LIV U', lines(400, { InvestID: 'U', Cantidad: '1', ValorMercado: '1' })],
  } as const;
  for (const source of ['CAPM', 'PosModRF', 'SONA', 'Derivados', 'UBS'] as const) {
    const [portfolio, loaded] = came[source];
    await load(engine, source, [{ date, portfolio, lines: loaded }]);
  }
  const heavier = await logs.inicializarProceso(engine, {
    fechaReporte: date,
    fondos: ['LIVIANO', 'PESADO'].map((fundShortName) => ({ fundShortName })),
  });
  t.same(
    (await trabajo.reclamarChunks(engine, { poseedor: 'w', idTrabajo: heavier.idTrabajo, maximo: 10 })).map(
      ({ recurso, peso }) => [recurso, peso],
    ),
    [
      ['LIVIANO', 4.5],
      ['PESADO', 3.5],
    ],
  );
  const other = await logs.inicializarProceso(engine, {
    fechaReporte: '2021-01-07',
    fondos: [{ fundShortName: 'PESADO' }],
  });
  t.match(await trabajo.estadoTrabajo(engine, other), { pesoTotal: 1 }, 'lines of that date only');
});

await t.test('a second process of a date leaves the first alone', async (t) => {
  const first = await logs.inicializarProceso(engine, { fechaReporte: date });
  const before = await logs.estadoEjecuciones(engine, { idProceso: first.idProceso });
  const second = await logs.inicializarProceso(engine, { fechaReporte: date });
  t.ok(second.idProceso > (before.at(-1)?.idEjecucion ?? 0n));
  t.same(await logs.estadoEjecuciones(engine, { idProceso: first.idProceso }), before);
});

await t.test('funds by name, also one outside the cube; unknown and inactive ones are named', async (t) => {
  const fondos = (...names: string[]) => names.map((fundShortName) => ({ fundShortName }));
  const start = (...names: string[]) =>
    logs.inicializarProceso(engine, { fechaReporte: date, fondos: fondos(...names) });
  const { idProceso, totalFondos } = await start('GAMA', 'FUERA');
  t.equal(totalFondos, 2);
  t.same(
    (await logs.estadoEjecuciones(engine, { idProceso }))
      .map(({ fundShortName }) => fundShortName)
      .toSorted(),
    ['FUERA', 'GAMA'],
  );
  const before = await trabajo.trabajosVivos(engine);
  await failsWith(t, 50404, start('ALFA', 'NADIE', 'NUNCA'), /NADIE, NUNCA/);
  await failsWith(t, 50409, start('ALFA', 'DORMIDO'), /DORMIDO/);
  t.same(await trabajo.trabajosVivos(engine), before);
});

await t.test('one process per key', async (t) => {
  const args = { fechaReporte: date, clave: 'noche' };
  const first = await logs.inicializarProceso(engine, args);
  t.same(await logs.inicializarProceso(engine, { ...args, fechaReporte: '2021-01-07', fondos: [] }), first);
  await failsWith(t, 50400, logs.inicializarProceso(engine, { ...args, clave: ' ' }));
  await createJob(engine, 'OTRO', 1, { clave: 'ajena' });
  await failsWith(t, 50409, logs.inicializarProceso(engine, { ...args, clave: 'ajena' }), /OTRO/);

  // what was asked first stays with the job, to tell a repetition from another request
  for (const huella of ['primera', '"otra"']) {
    const { idTrabajo } = await logs.inicializarProceso(engine, { ...args, clave: 'huella', huella });
    const { parametros } = await trabajo.estadoTrabajo(engine, { idTrabajo });
    t.match(JSON.parse(parametros ?? ''), { huella: 'primera' });
  }
  const { idTrabajo } = await logs.inicializarProceso(engine, { ...args, clave: 'rara', huella: '"\\' });
  const { parametros } = await trabajo.estadoTrabajo(engine, { idTrabajo });
  t.match(JSON.parse(parametros ?? ''), { huella: '"\\', fecha_reporte: date });
});

await t.test('services that a fund does not run are OMITIDO from the start', async (t) => {
  await onlyService(engine, 'IPA');
  await addService(engine, 'UBS', 6, { flag: 'Flag_UBS', dependeDe: 'IPA' });
  await addService(engine, 'Derivados', 5, { flag: 'Flag_Derivados' });
  await addService(engine, 'PNL', 7, { dependeDe: 'IPA' });
  await engine.batch("UPDATE logs.Servicios SET Activo = '0' WHERE Servicio = 'PNL'");
  await dimensionales.cargarFondos(engine, {
    filas: [
      {
        linea: 1,
        fundShortName: 'DELTA',
        portfolioGeneva: 'DELTA',
        flagUbs: true,
        flagDerivados: false,
        active: true,
        incluirEnCubo: true,
      },
    ],
  });
  const { idProceso, idTrabajo } = await logs.inicializarProceso(engine, {
    fechaReporte: date,
    fondos: [{ fundShortName: 'DELTA' }],
  });
  const [execution] = await logs.estadoEjecuciones(engine, { idProceso });
  const state = (servicio: string) => serviceState(engine, execution?.idEjecucion ?? 0n, servicio);
  t.equal(await state('IPA'), 'PENDIENTE');
  t.equal(await state('UBS'), 'PENDIENTE', 'its flag is on');
  t.equal(await state('Derivados'), 'OMITIDO', 'its flag is off');
  t.equal(await state('PNL'), 'OMITIDO', 'not active');
  t.equal(await state('CAPM'), 'OMITIDO', 'not in the catalogue');
  t.match(JSON.parse((await trabajo.estadoTrabajo(engine, { idTrabajo })).parametros ?? ''), {
    servicios: ['IPA', 'Derivados', 'UBS'],
  });
  await addService(engine, 'PROPIO', 99);
  await failsWith(t, 50409, logs.inicializarProceso(engine, { fechaReporte: date }), /PROPIO/);
  await onlyService(engine, 'IPA');
  await engine.batch("UPDATE logs.Servicios SET Activo = '0'");
  await failsWith(t, 50409, logs.inicializarProceso(engine, { fechaReporte: date }), /servicios activos/);
  await engine.batch("UPDATE logs.Servicios SET Activo = '1'");
});

await t.test('the old way: one ID for all funds, under a process of its own', async (t) => {
  const { idEjecucion } = await logs.inicializarEjecucion(engine, { fechaReporte: date });
  const state = await logs.estadoProceso(engine, { idProceso: idEjecucion });
  t.match(state, {
    fechaReporte: date,
    estado: 'EN_PROGRESO',
    arquitectura: 'LEGADO',
    totalFondos: 4,
    fondosEnProgreso: 4,
    idTrabajo: null,
  });
  t.ok(state.idProceso < idEjecucion);
  t.same(await logs.estadoProceso(engine, { idProceso: state.idProceso }), state);
  t.match(await logs.estadoEjecuciones(engine, { idProceso: idEjecucion }), [
    { idEjecucion, idFund: null, fundShortName: null, estado: 'EN_PROGRESO' },
  ]);
  t.match(await logs.resultadosProceso(engine, { idProceso: idEjecucion }), [
    { fundShortName: 'ALFA', idEjecucion, lineas: 0, valorTotal: '0.00', sumaPesos: '0.00' },
    { fundShortName: 'BETA' },
    { fundShortName: 'DELTA' },
    { fundShortName: 'GAMA' },
  ]);
  await failsWith(t, 50409, logs.finalizarProceso(engine, { idProceso: idEjecucion }));
  await failsWith(
    t,
    50409,
    logs.ejecutarServicio(engine, { idEjecucion, servicio: 'IPA', token: 1n }),
    /anterior/,
  );

  await sql(
    engine,
    "UPDATE logs.Ejecuciones SET Estado = 'COMPLETADO', FondosExitosos = 3, FondosFallidos = 1 WHERE ID_Ejecucion = ?",
    [idEjecucion],
  );
  t.match(await logs.estadoProceso(engine, { idProceso: idEjecucion }), {
    estado: 'COMPLETADO',
    fondosExitosos: 3,
    fondosFallidos: 1,
    fondosEnProgreso: 0,
  });
});

await t.test('a run from before processes stands for itself', async (t) => {
  await engine.batch(
    `INSERT INTO logs.Ejecuciones (ID_Ejecucion, FechaReporte, Estado, TotalFondos) VALUES (-7, '2020-12-31', 'PENDIENTE', 2)`,
  );
  t.match(await logs.estadoProceso(engine, { idProceso: -7n }), {
    idProceso: -7n,
    estado: 'PENDIENTE',
    arquitectura: 'LEGADO',
    fondosPendientes: 2,
  });
  t.match(await logs.estadoEjecuciones(engine, { idProceso: -7n }), [{ idEjecucion: -7n }]);
  t.match(await logs.listarProcesos(engine, { fechaReporte: '2020-12-31' }), [{ idProceso: -7n }]);
});

await t.test('processes are listed newest first', async (t) => {
  const all = await logs.listarProcesos(engine);
  t.ok(all.length > 5);
  t.same(
    all.map(({ idProceso }) => idProceso),
    all.map(({ idProceso }) => idProceso).toSorted((a, b) => (a < b ? 1 : -1)),
  );
  t.same(await logs.listarProcesos(engine, { maximo: 2 }), all.slice(0, 2));
  t.same(await logs.listarProcesos(engine, { fechaReporte: '1999-01-01' }), []);
  await failsWith(t, 50400, logs.listarProcesos(engine, { maximo: 0 }));
  await failsWith(t, 50404, logs.estadoProceso(engine, { idProceso: 888888n }));
  await failsWith(t, 50404, logs.estadoEjecuciones(engine, { idProceso: 888888n }));
  await failsWith(t, 50404, logs.resultadosProceso(engine, { idProceso: 888888n }));
  await failsWith(t, 50404, logs.resultadosServicios(engine, { idProceso: 888888n }));
  await failsWith(t, 50404, logs.resultadosPnl(engine, { idProceso: 888888n }));
  await failsWith(t, 50404, logs.finalizarProceso(engine, { idProceso: 888888n }));
});

await t.test('carril_lector reads what there is to read', async (t) => {
  const reader = await asRole(db, 'carril_lector');
  const [newest] = await logs.listarProcesos(reader, { maximo: 1 });
  const id = { idProceso: newest?.idProceso ?? 0n };
  t.same(await logs.estadoProceso(reader, id), newest);
  t.ok((await logs.estadoEjecuciones(reader, id)).length > 0);
  t.ok((await logs.resultadosProceso(reader, id)).length > 0);
  t.ok((await logs.resultadosServicios(reader, id)).length > 0);
  t.same(await logs.resultadosIpa(reader, { ...id, fondo: 'NADIE' }), []);
  for (const view of ['vw_Procesos', 'vw_Ejecuciones', 'vw_Ejecucion_Servicios']) {
    t.ok((await reader.query(`SELECT * FROM logs.${view}`)).length > 0, view);
  }
  await t.rejects(reader.query('SELECT ID_Proceso FROM logs.Procesos'), { code: 'PERMISSION' });
  await t.rejects(logs.inicializarProceso(reader, { fechaReporte: date }), { code: 'PERMISSION' });
  await t.rejects(logs.finalizarProceso(reader, id), { code: 'PERMISSION' });
});
