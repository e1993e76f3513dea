import t from 'tap';

import type { Row } from '../../engine/index.js';
import { dimensionales, logs, trabajo } from '../../procedures/generated/index.js';
import { processWorker, startProcess, startRun } from '../../runner/process.js';
import type { Architecture } from '../../runner/process.js';
import { readTraces } from '../../runner/trace/read.js';
import { Tracer } from '../../runner/trace/tracer.js';
import { loadFunds, date } from '../leases/process.js';
import { expire, failsWith, sql } from '../leases/support.js';
import { freshDatabase } from '../testing/index.js';
import { load, services } from './services.js';

const db = await freshDatabase(t);
const { engine } = db;
await loadFunds(engine, ['ALFA', 'BETA', 'GAMA']);

// ALFA has every source, under codes of its own
await dimensionales.cargarFondos(engine, {
  filas: [
    {
      ...{ linea: 1, fundShortName: 'ALFA', portfolioGeneva: 'ALFA', portfolioCapm: 'ALFA C' },
      ...{ portfolioDerivados: 'ALFA D', portfolioUbs: 'ALFA U', flagUbs: true, flagDerivados: true },
      ...{ active: true, incluirEnCubo: true },
    },
  ],
});
const before = '2021-01-05';
await load(engine, 'IPA', [
  {
    date: before,
    portfolio: 'ALFA',
    lines: [{ InvestID: 'AAA', Cantidad: '8', PrecioLocal: '9', ValorMercado: '72' }],
  },
]);
const alfa = {
  CAPM: ['ALFA C', { Cuenta: '1', Saldo: '180' }],
  PosModRF: ['ALFA', { InvestID: 'BONO', TIR: '0.05', DuracionModificada: '4', ValorMercado: '30' }],
  SONA: [
    'ALFA',
    { ID_Operacion: '1', InvestID: 'AAA', FechaLiquidacion: '2021-01-09', Cantidad: '3', Monto: '30' },
  ],
  Derivados: ['ALFA D', { InvestID: 'FWD', Nocional: '500', Delta: '0.5' }],
  UBS: ['ALFA U', { InvestID: 'AAA', Cantidad: '11', ValorMercado: '110' }],
} as const;
for (const source of ['CAPM', 'PosModRF', 'SONA', 'Derivados', 'UBS'] as const) {
  const [portfolio, line] = alfa[source];
  await load(
    engine,
    source,
    [before, date].map((day) => ({ date: day, portfolio, lines: [line] })),
  );
}

/** Starts one process and works on it until it has ended. */
async function run(architecture: Architecture, funds: readonly string[] = [], day = date, tracer?: Tracer) {
  const process = await startProcess(engine, day, funds, architecture);
  await processWorker(engine, process, { lanes: 3, tracer }).run();
  return process;
}

/** Every row of every Final of a process, without the execution. */
async function computed(idProceso: bigint): Promise<readonly string[]> {
  const rows: string[] = [];
  for (const service of services) {
    const table = `staging.${service}_Final`;
    const found = await sql(
      engine,
      `SELECT f.* FROM ${table} AS f INNER JOIN logs.Ejecuciones AS e ON e.ID_Ejecucion = f.ID_Ejecucion
       WHERE e.ID_Proceso = ?`,
      [idProceso],
    );
    rows.push(...found.map((row) => `${table} ${rowText(row)}`));
  }
  return rows.sort();
}

function rowText(row: Row): string {
  return JSON.stringify(
    Object.entries(row).filter(([column]) => !/^id_ejecucion/i.test(column)),
    (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value),
  );
}

await t.test('a date under both architectures: the same rows, two shapes in the logs', async (t) => {
  await run('LEGADO', [], before);
  const tracer = new Tracer({ engine, warn: (message) => t.fail(message) });
  const old = await run('LEGADO', [], date, tracer);
  const now = await run('JERARQUICA');
  const rows = await computed(old.id);
  for (const service of services) {
    t.ok(
      rows.some((row) => row.startsWith(`staging.${service}_Final`)),
      `${service} has rows`,
    );
  }
  t.same(rows, await computed(now.id), 'row by row');

  const shared = await sql(
    engine,
    'SELECT ID_Ejecucion, ID_Fund, Estado, Etapa_Actual, TotalFondos, FondosExitosos FROM logs.Ejecuciones WHERE ID_Proceso = ?',
    [old.id],
  );
  t.match(
    shared,
    [{ id_fund: null, estado: 'COMPLETADO', etapa_actual: 'FINALIZADO', totalfondos: 3, fondosexitosos: 3 }],
    'one shared execution, without a fund',
  );
  t.equal((await sql(engine, 'SELECT 1 FROM logs.Ejecuciones WHERE ID_Proceso = ?', [now.id])).length, 3);
  t.same(
    await sql(
      engine,
      'SELECT COUNT(*) AS n FROM extract.IPA WHERE ID_Ejecucion IS NULL AND FechaReporte = ?',
      [date],
    ).then(([row]) => Number(row?.['n'])),
    9,
    'extracted once for all, by date and portfolio',
  );
  t.match(await logs.estadoProceso(engine, { idProceso: old.id }), {
    arquitectura: 'LEGADO',
    estado: 'COMPLETADO',
    totalFondos: 3,
    fondosExitosos: 3,
    idTrabajo: old.job,
  });
  t.match(await logs.estadoEjecuciones(engine, { idProceso: old.id }), [
    { fundShortName: 'ALFA', estado: 'COMPLETADO', mensajeError: null },
    { fundShortName: 'BETA', estado: 'COMPLETADO' },
    { fundShortName: 'GAMA', estado: 'COMPLETADO' },
  ]);
  const results = await logs.resultadosProceso(engine, { idProceso: old.id });
  t.same(
    results.map(({ fundShortName, valorTotal, sumaPesos }) => [fundShortName, valorTotal, sumaPesos]),
    ['ALFA', 'BETA', 'GAMA'].map((fund) => [fund, '175.00', '100.00']),
  );
  t.match(await trabajo.estadoTrabajo(engine, { idTrabajo: old.job }), {
    tipo: 'FONDOS_LEGADO',
    estado: 'COMPLETADO',
    completados: 4,
  });

  const traces = [];
  for await (const page of readTraces(engine, { idProceso: old.id })) traces.push(...page);
  const [{ id_ejecucion: sharedId } = {}] = await sql(
    engine,
    'SELECT ID_Ejecucion FROM logs.Ejecuciones WHERE ID_Proceso = ?',
    [old.id],
  );
  t.ok(traces.every(({ idEjecucion }) => idEjecucion === sharedId));
  for (const fund of [null, 'ALFA', 'BETA', 'GAMA']) {
    const stages = traces.flatMap(({ tipoEvento, fundShortName, etapa, recurso }) =>
      tipoEvento === 'END' && fundShortName === fund && etapa === recurso ? [etapa ?? ''] : [],
    );
    t.same(
      stages.filter((stage) => stage !== 'Completar'),
      services,
      `${fund ?? 'the extraction'} is traced`,
    );
  }

  const again = await run('LEGADO');
  t.same(await computed(again.id), rows, 'a second legacy run replaces what is extracted');
});

await t.test('funds wait for the extraction; a call repeated does nothing twice', async (t) => {
  const { id, job } = await startProcess(engine, date, ['ALFA', 'BETA'], 'LEGADO');
  const claim = () => trabajo.reclamarChunks(engine, { poseedor: 'w', idTrabajo: job, maximo: 10 });
  const [extraction, ...none] = await claim();
  t.match(extraction, { recurso: 'EXTRACCION', rangoInicio: null });
  t.same(none, []);
  if (!extraction) return;
  t.match(await logs.estadoEjecuciones(engine, { idProceso: id }), [
    { fundShortName: 'ALFA', estado: 'PENDIENTE' },
    { fundShortName: 'BETA', estado: 'PENDIENTE' },
  ]);
  t.match(await logs.estadoProceso(engine, { idProceso: id }), {
    etapaActual: 'EXTRACCION',
    fondosEnProgreso: 2,
  });

  const step = { ...extraction, servicio: 'IPA' };
  t.match(await logs.extraerLegado(engine, step), { pasos: 1 });
  t.match(await logs.extraerLegado(engine, step), { pasos: 1 }, 'again: the same rows');
  t.match(await logs.extraerLegado(engine, { ...step, servicio: 'PNL' }), { pasos: 0 }, 'nothing to extract');
  await failsWith(t, 50400, logs.ejecutarServicioLegado(engine, step), /no tiene fondo/);
  t.same(await logs.abrirFondosLegado(engine, extraction), { estado: 'COMPLETADO', fondos: 2 });
  t.same(
    await logs.abrirFondosLegado(engine, extraction),
    { estado: 'COMPLETADO', fondos: 2 },
    'twice is once',
  );
  t.match(await logs.extraerLegado(engine, step), { pasos: 0 }, 'no more extraction once the funds run');

  const [alfa, beta, ...more] = await claim();
  t.same(more, []);
  if (!alfa || !beta) throw new Error('two funds');
  const lease = { ...alfa, servicio: 'IPA' };
  await failsWith(t, 50410, logs.ejecutarServicioLegado(engine, { ...lease, token: lease.token + 1n }));
  await failsWith(t, 50409, logs.abrirFondosLegado(engine, alfa), /es de un fondo/);
  await failsWith(
    t,
    50409,
    logs.ejecutarServicioLegado(engine, { ...alfa, servicio: 'CAPM' }),
    /depende de IPA/,
  );
  t.match(await logs.ejecutarServicioLegado(engine, lease), { estado: 'COMPLETADO', yaTerminado: false });
  t.match(await logs.ejecutarServicioLegado(engine, lease), { yaTerminado: false }, 'not marked: runs again');
  await logs.marcarEstadoLegado(engine, lease);
  t.match(await logs.ejecutarServicioLegado(engine, lease), { yaTerminado: true, duracionMs: 0 });
  for (const servicio of services.slice(1)) {
    await logs.ejecutarServicioLegado(engine, { ...alfa, servicio });
    await logs.marcarEstadoLegado(engine, { ...alfa, servicio });
  }
  const params = JSON.parse(alfa.parametros ?? '{}') as { id_ejecucion: string };
  const idEjecucion = BigInt(params.id_ejecucion);
  await logs.contarFondosLegado(engine, { idEjecucion });
  t.match(await logs.estadoProceso(engine, { idProceso: id }), { fondosExitosos: 1, fondosEnProgreso: 1 });
  t.same(await trabajo.completarChunk(engine, alfa), { estado: 'COMPLETADO', restantes: 1 });

  // the other fails for good, and no other with it
  const failed = { ...beta, servicio: 'IPA', error: 'boom', reintentable: false };
  t.match(await logs.fallarServicioLegado(engine, failed), { estado: 'ERROR', restantes: 0 });
  t.match(await logs.fallarServicioLegado(engine, failed), { estado: 'ERROR' }, 'twice is once');
  t.match(await logs.finalizarProceso(engine, { idProceso: id }), {
    finalizado: true,
    estado: 'COMPLETADO_CON_ERRORES',
    fondosExitosos: 1,
    fondosFallidos: 1,
  });
  t.match(await logs.estadoEjecuciones(engine, { idProceso: id }), [
    { fundShortName: 'ALFA', estado: 'COMPLETADO' },
    { fundShortName: 'BETA', estado: 'ERROR', servicioActual: 'IPA', mensajeError: 'boom' },
  ]);
  await failsWith(t, 50404, logs.contarFondosLegado(engine, { idEjecucion: 1n }));
  await failsWith(t, 50409, trabajo.finalizarTrabajo(engine, { idTrabajo: job }), /sp_Finalizar_Proceso/);
  await failsWith(t, 50409, trabajo.reintentarTrabajo(engine, { idTrabajo: job }));
});

await t.test('an extraction that is lost for good, or cancelled, ends all its funds', async (t) => {
  const lost = await startProcess(engine, date, ['ALFA', 'BETA'], 'LEGADO');
  for (let attempt = 1; attempt <= 3; attempt += 1) {
    const [chunk] = await trabajo.reclamarChunks(engine, { poseedor: 'w', idTrabajo: lost.job });
    if (chunk) await expire(engine, chunk.idChunk);
  }
  t.same(await trabajo.reclamarChunks(engine, { poseedor: 'w', idTrabajo: lost.job }), []);
  t.match(await logs.finalizarProceso(engine, { idProceso: lost.id }), {
    estado: 'ERROR',
    fondosFallidos: 2,
  });
  t.match(await logs.estadoEjecuciones(engine, { idProceso: lost.id }), [
    { fundShortName: 'ALFA', estado: 'ERROR' },
    { fundShortName: 'BETA', estado: 'ERROR' },
  ]);

  const cancelled = await startProcess(engine, date, ['ALFA'], 'LEGADO');
  await trabajo.cancelarTrabajo(engine, { idTrabajo: cancelled.job });
  t.match(await logs.finalizarProceso(engine, { idProceso: cancelled.id }), {
    estado: 'CANCELADO',
    fondosOmitidos: 1,
  });
});

await t.test(
  'the switch: all funds, some of them, one statement back; a process keeps its way',
  async (t) => {
    const setting = async () =>
      Object.fromEntries(
        (await logs.arquitecturaFondos(engine)).map((fund) => [fund.fundShortName, fund.arquitectura]),
      );
    const set = (arquitectura: string, ...names: string[]) =>
      logs.cambiarArquitectura(engine, {
        arquitectura,
        fondos: names.map((fundShortName) => ({ fundShortName })),
        usuario: 'ana',
      });
    t.same(await setting(), { ALFA: 'JERARQUICA', BETA: 'JERARQUICA', GAMA: 'JERARQUICA' });

    t.same(await set('LEGADO', 'BETA', 'GAMA'), { cambiados: 2 });
    t.same(await set('LEGADO', 'GAMA'), { cambiados: 0 });
    t.same(await setting(), { ALFA: 'JERARQUICA', BETA: 'LEGADO', GAMA: 'LEGADO' });
    t.match(await logs.arquitecturaFondos(engine, { fondos: [{ fundShortName: 'BETA' }] }), [
      { fundShortName: 'BETA', propia: true, usuario: 'ana' },
    ]);
    await failsWith(t, 50409, logs.inicializarProceso(engine, { fechaReporte: date }), /un proceso de cada/);
    const { idProceso } = await logs.inicializarProceso(engine, {
      fechaReporte: date,
      fondos: [{ fundShortName: 'BETA' }],
    });
    t.match(await logs.estadoProceso(engine, { idProceso }), { arquitectura: 'LEGADO', totalFondos: 1 });

    const both = await startRun(engine, date);
    t.match(both, [
      { architecture: 'LEGADO', funds: 2 },
      { architecture: 'JERARQUICA', funds: 1 },
    ]);

    // back, by hand, in the one statement that the documents give
    await engine.batch(`UPDATE logs.Ajustes SET Valor = 'LEGADO' WHERE Ajuste = 'ARQUITECTURA'`);
    t.same(await setting(), { ALFA: 'LEGADO', BETA: 'LEGADO', GAMA: 'LEGADO' });
    for (const process of both) {
      await processWorker(engine, process, { lanes: 2 }).run();
      t.match(await logs.estadoProceso(engine, { idProceso: process.id }), {
        arquitectura: process.architecture,
        estado: 'COMPLETADO',
      });
    }
    t.match(
      await startRun(engine, date, ['ALFA'], 'JERARQUICA'),
      [{ architecture: 'JERARQUICA' }],
      'for one run',
    );
    t.same(await set('JERARQUICA'), { cambiados: 3 });
    t.notOk(
      (await logs.arquitecturaFondos(engine)).some(({ propia }) => propia),
      'no setting of its own is left',
    );
    await failsWith(t, 50400, set('OTRA'), /LEGADO o JERARQUICA/);
    await failsWith(t, 50404, set('LEGADO', 'NADIE'), /NADIE/);
    await failsWith(t, 50400, logs.inicializarProceso(engine, { fechaReporte: date, arquitectura: 'OTRA' }));
    await failsWith(t, 50404, startRun(engine, date, ['ALFA', 'NADIE']), /NADIE/);
  },
);

await t.test('the triggers of the rollout', async (t) => {
  await engine.batch('UPDATE logs.Ajustes SET ID_Fund = ID_Fund WHERE 1 = 0');
  const check = async () => {
    const [failures, duration] = await logs.revisarDespliegue(engine);
    return { failures, duration };
  };
  const calm = await check();
  t.match(calm, {
    failures: { disparador: 'FALLOS', dispara: false, umbral: 50 },
    duration: { disparador: 'DURACION', umbral: 120 },
  });
  t.ok((calm.failures?.muestras ?? 0) >= 4, 'executions of the last two hours');
  t.ok((calm.duration?.base ?? 0) > 0, 'legacy runs are the baseline');

  // each hierarchical process took 30 s a fund, each legacy one 20: 150 %
  const seconds = (n: number) =>
    engine.dialect === 'sqlserver'
      ? `DATEADD(SECOND, -${n} * x.TotalFondos, x.FechaFin)`
      : `x.FechaFin - ${n} * x.TotalFondos * interval '1 second'`;
  const update = (table: string, n: number, where: string) =>
    engine.dialect === 'sqlserver'
      ? `UPDATE x SET FechaInicio = ${seconds(n)} FROM ${table} AS x WHERE ${where}`
      : `UPDATE ${table} AS x SET FechaInicio = ${seconds(n)} WHERE ${where}`;
  await engine.batch(update('logs.Procesos', 30, "x.Arquitectura = 'JERARQUICA' AND x.FechaFin IS NOT NULL"));
  await engine.batch(update('logs.Ejecuciones', 20, 'x.ID_Fund IS NULL AND x.FechaFin IS NOT NULL'));
  const slow = await check();
  t.match(slow.duration, { dispara: true, muestras: 2 });
  t.equal(Math.round(slow.duration?.valor ?? 0), 150);
  t.equal(Math.round(slow.duration?.actual ?? 0), 30);
  t.match((await logs.revisarDespliegue(engine, { duracionPct: 160 }))[1], { dispara: false });

  // three of five failed
  await engine.batch(
    `UPDATE logs.Ejecuciones SET Estado = 'ERROR' WHERE ID_Fund IS NOT NULL AND FechaFin IS NOT NULL AND ID_Ejecucion IN (
       SELECT MAX(e.ID_Ejecucion) FROM logs.Ejecuciones AS e WHERE e.FechaFin IS NOT NULL GROUP BY e.ID_Fund)`,
  );
  const failing = await check();
  t.match(failing.failures, { dispara: true, muestras: 4, actual: 3, valor: 75 });
  t.match(
    (await logs.revisarDespliegue(engine, { fallosPct: 75 }))[0],
    { dispara: false },
    'more than, not as much',
  );
  await failsWith(t, 50400, logs.revisarDespliegue(engine, { horas: 0 }));
});
