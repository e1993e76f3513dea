/** The payroll consolidation: its procedures, one after another, on every engine. */
import t from 'tap';

import { createMigrator } from '../../migrator/index.js';
import { nomina, trabajo } from '../../procedures/generated/index.js';
import { chunkRow, createJob, expire, failsWith, sql } from '../leases/support.js';
import {
  byRut,
  discrepanciesOf,
  employee,
  loaded,
  planned,
  sourcesOf,
  stored,
  generated,
} from '../payroll/support.js';
import { consolidate } from '../reference-payroll/reference.js';
import { checkDigit } from '../../runner/payroll/rut.js';
import { freshDatabase } from '../testing/index.js';

t.setTimeout(300_000);
const db = await freshDatabase(t);
const { engine } = db;

/** A RUT that is right, by its number. */
const rut = (n: number) => `${n}-${checkDigit(n)}`;

async function claim(idTrabajo: bigint, poseedor = 'w'): Promise<trabajo.ReclamarChunksRow> {
  const [chunk] = await trabajo.reclamarChunks(engine, { poseedor, tipos: [{ tipo: 'NOMINA' }], idTrabajo });
  if (chunk === undefined) throw new Error(`nothing of job ${idTrabajo} to claim`);
  return chunk;
}

/** Consolidates the chunks that are left, one after another, and ends the job. */
async function finish(idTrabajo: bigint): Promise<nomina.FinalizarConsolidacionResult> {
  for (;;) {
    const [chunk] = await trabajo.reclamarChunks(engine, { poseedor: 'w', idTrabajo });
    if (chunk === undefined) break;
    await nomina.consolidarChunk(engine, { idChunk: chunk.idChunk, token: chunk.token });
  }
  return await nomina.finalizarConsolidacion(engine, { idTrabajo });
}

async function rolledBack(idCierre: bigint): Promise<string> {
  for (;;) {
    const { estado, quedan } = await nomina.revertirConsolidacion(engine, { idCierre });
    if (!quedan) return estado;
  }
}

await t.test('every decision of the rules, one employee each', async (t) => {
  const sources = {
    year: 2025,
    month: 7,
    libro: [
      employee('12.345.678-5', { H1: '100.50', D1: ['30', 'descuento'] }),
      // no such check digit, and written twice: the first row counts, with its concepts
      employee('11111111-2', { H1: '1' }, { name: 'First', role: 'Libro' }),
      employee('011.111.111-2', { H1: '999' }, { name: 'Second' }),
      employee(rut(10_000_013).toLowerCase(), { H1: '5', H2: '6', X1: ['7', 'informativo'] }, { name: ' ' }),
      // nothing that could be a RUT
      employee('-', { H1: '1' }),
      employee(rut(9), { H1: ['10', ' HABER '], H2: ['20', 'haber', ' '], D1: ['-0.01', 'descuento'] }),
      employee(rut(123_456_789), {}),
    ],
    novedades: [
      employee(
        rut(12_345_678),
        { H1: '200.25', D1: ['0', 'descuento'], N1: '0.00', N2: ['3', 'haber', ''] },
        { role: 'New' },
      ),
      employee(rut(10_000_013), { H2: ['60', 'descuento'] }, { name: 'From Novedades', role: '  ' }),
      employee(rut(10_000_013), { H1: '500' }, { name: 'Not this one' }),
      employee(rut(77), { H1: '1' }, { name: 'Not in the Libro' }),
      employee(rut(9), { H2: ['0', 'descuento', 'Its name'] }, { role: null }),
    ],
    movements: [
      { class: 'ALTA_BAJA', rut: '12.345.678-5', type: 'ingreso', date: '2025-07-01' },
      { class: 'ALTA_BAJA', rut: '0012345678-5', type: 'finiquito', date: '2025-07-31' },
      {
        class: 'AUSENTISMO',
        rut: rut(9),
        type: 'licencia',
        date: '2025-07-31',
        until: '2025-08-02',
        days: 3,
      },
      {
        class: 'AUSENTISMO',
        rut: rut(10_000_013),
        type: 'licencia',
        date: '2025-06-30',
        until: '2025-07-02',
        days: 3,
      },
      { class: 'ALTA_BAJA', rut: rut(9), type: 'ingreso', date: '2025-08-01' },
      { class: 'ANALISTA_INGRESO', rut: rut(9), date: '2025-07-05' },
    ],
  } as const;
  const closing = await loaded(engine, 'reglas', sources);
  const before = await nomina.estadoConsolidacion(engine, { idCierre: closing });
  t.match(before, {
    estado: 'con_discrepancias',
    empleados: 7,
    idTrabajo: null,
    porcentaje: 0,
    liquidoPagar: null,
  });
  const { job } = await planned(engine, closing);
  t.match(await finish(job), { estado: 'datos_consolidados', finalizado: true });
  const found = await stored(engine, closing);
  const expected = consolidate(sources);
  t.same(byRut(found.employees), byRut(expected.employees));
  t.same(found.discrepancies, expected.discrepancies);
  t.same(found.known, expected.known);

  // and what the reference itself is held to
  const one = (text: string) => found.employees.find((candidate) => candidate.rut === text);
  t.match(one('12345678-5'), {
    name: 'Name 12.345.678-5',
    role: 'New',
    joined: true,
    left: true,
    absent: false,
    haberes: 20_325n,
    descuentos: 3000n,
    sources: ['libro', 'novedades', 'movimientos'],
    resolved: 3,
  });
  t.same(
    one('12345678-5')?.concepts.map(({ code, name, source }) => [code, name, source]),
    [
      ['D1', 'Concept D1', 'libro'],
      ['H1', 'Concept H1', 'novedades'],
      ['N2', 'N2', 'novedades'],
    ],
  );
  t.match(one('11111111-2'), { name: 'First', haberes: 100n, resolved: 2 });
  t.match(one(rut(10_000_013)), {
    name: 'From Novedades',
    role: 'Analista',
    haberes: 500n,
    descuentos: 6000n,
  });
  t.match(one(rut(9)), { haberes: 3000n, descuentos: -1n, absent: true, joined: false });
  t.match(one(rut(123_456_789)), { haberes: 0n, descuentos: 0n, concepts: [], sources: ['libro'] });
  // that nobody reports a finiquito says nothing: no one of that kind was reported
  t.same(found.known, ['INGRESO_NO_INFORMADO 12345678-5 ', `INGRESO_SIN_MOVIMIENTO ${rut(9)} `]);
  const details = await discrepanciesOf(engine, closing);
  t.match(
    details.find(({ tipo }) => tipo === 'TIPO_DISTINTO'),
    { codigoConcepto: 'H2', enConsolidacion: true },
  );
  t.match(await nomina.listarDiscrepancias(engine, { idCierre: closing, tipo: 'NOVEDADES_SIN_LIBRO' }), [
    { rut: rut(77), empleadoLibro: null },
  ]);
});

await t.test('a made-up closing with every defect agrees with the reference', async (t) => {
  const options = { employees: 120, seed: 11, concepts: 8, defects: true };
  const closing = await generated(engine, options);
  const { job } = await planned(engine, closing);
  await finish(job);
  const [found, expected] = [await stored(engine, closing), consolidate(sourcesOf(options))];
  t.same(byRut(found.employees), byRut(expected.employees));
  t.same(found.discrepancies, expected.discrepancies);
});

await t.test('sizes by the formula, then balanced; weights predicted; the heaviest first', async (t) => {
  // no concepts: what is planned depends on how many there are
  const libro = (count: number, from = 1_000_000) =>
    Array.from({ length: count }, (_, i) => employee(rut(from + i)));
  for (const [count, size, chunks, largest] of [
    [1, 1, 1, 1],
    [50, 50, 1, 50],
    [51, 25, 3, 17],
    [133, 33, 5, 27],
    [200, 50, 4, 50],
    [201, 50, 5, 41],
    [500, 83, 7, 72],
    [501, 100, 6, 84],
    [1200, 150, 8, 150],
    [1300, 150, 9, 145],
  ] as const) {
    const closing = await loaded(engine, `de ${count}`, { libro: libro(count) });
    const plan = await planned(engine, closing);
    t.match(plan, { employees: count, chunkSize: size, chunks, joined: false }, `${count} employees`);
    const rows = await trabajo.listarChunks(engine, { idTrabajo: plan.job, maximo: 100 });
    const sizes = rows.map(({ peso }) => peso);
    t.equal(Math.max(...sizes), largest, 'one point an employee');
    t.equal(
      sizes.reduce((sum, weight) => sum + weight, 0),
      count,
    );
    t.ok(rows.every(({ rangoInicio }, i) => i === 0 || rangoInicio === rows[i - 1]?.rangoFin));
    await trabajo.cancelarTrabajo(engine, { idTrabajo: plan.job });
    await nomina.finalizarConsolidacion(engine, { idTrabajo: plan.job });
  }

  const closing = await loaded(engine, 'pesos', {
    libro: libro(60, 3_000_000).map((one, i) =>
      i === 59 ? employee(one.rut, { A: '1', B: '2', C: '3' }) : one,
    ),
    movements: [
      { class: 'ALTA_BAJA', rut: rut(3_000_059), type: 'ingreso', date: '2025-07-02' },
      { class: 'ALTA_BAJA', rut: rut(3_000_059), type: 'ingreso', date: '2020-07-02' },
      { class: 'ANALISTA_FINIQUITO', rut: rut(3_000_058), date: '2025-07-02', text: 'x' },
    ],
  });
  const { job } = await planned(engine, closing);
  const rows = await trabajo.listarChunks(engine, { idTrabajo: job, maximo: 100 });
  // 20 employees, 3 concepts, a discrepancy known before, 2 movements
  t.same(
    rows.map(({ peso, recurso }) => [peso, recurso]),
    [
      [20, 'empleados 1-20'],
      [20, 'empleados 21-40'],
      [21.4, 'empleados 41-60'],
    ],
  );
  t.equal((await claim(job)).recurso, 'empleados 41-60', 'the heaviest');
});

await t.test('states: two join, what is not verified is refused, and so is a second load', async (t) => {
  const closing = await generated(engine, { employees: 60, seed: 2 });
  const first = await planned(engine, closing);
  t.match(await planned(engine, closing), {
    job: first.job,
    joined: true,
    chunks: first.chunks,
    chunkSize: 25,
  });
  await failsWith(
    t,
    50409,
    nomina.abrirCarga(engine, { cliente: 'Generado 60/2', mes: 7, anno: 2025, idCierre: closing }),
    /consolidando_datos/,
  );
  await failsWith(t, 50409, nomina.revertirConsolidacion(engine, { idCierre: closing }), /cancelelo/);
  await failsWith(t, 50409, trabajo.finalizarTrabajo(engine, { idTrabajo: first.job }), /nomina/);
  t.match(await nomina.finalizarConsolidacion(engine, { idTrabajo: first.job }), {
    estado: 'consolidando_datos',
    finalizado: false,
  });

  // an old holder is refused, a repeated call does nothing
  const old = await claim(first.job, 'old');
  await expire(engine, old.idChunk);
  const again = await claim(first.job, 'new');
  t.equal(again.idChunk, old.idChunk);
  const lease = (chunk: trabajo.ReclamarChunksRow) => ({ idChunk: chunk.idChunk, token: chunk.token });
  await failsWith(t, 50410, nomina.consolidarChunk(engine, lease(old)), /token/);
  const done = await nomina.consolidarChunk(engine, lease(again));
  t.match(done, { estado: 'COMPLETADO', empleados: 20, restantes: 1 });
  t.same(await nomina.consolidarChunk(engine, lease(again)), {
    ...done,
    empleados: 0,
    registros: 0,
    discrepancias: 0,
  });
  const state = await nomina.estadoConsolidacion(engine, { idCierre: closing });
  t.match(state, { empleadosProcesados: 20, chunksCompletados: 1, chunks: 3, registros: done.registros });
  t.ok(state.porcentaje > 20 && state.porcentaje < 50 && state.faltanS !== null);

  t.match(await finish(first.job), { estado: 'datos_consolidados', finalizado: true });
  t.match(await nomina.finalizarConsolidacion(engine, { idTrabajo: first.job }), {
    estado: 'datos_consolidados',
    finalizado: false,
  });
  await failsWith(t, 50409, planned(engine, closing), /datos_consolidados/);
  await failsWith(t, 50409, trabajo.reintentarTrabajo(engine, { idTrabajo: first.job }), /deshagala/);
  await failsWith(t, 50404, planned(engine, 999_999n));

  t.equal(await rolledBack(closing), 'verificado_sin_discrepancias');
  t.same((await stored(engine, closing)).employees, []);
  const [metrics] = await sql(
    engine,
    'SELECT COUNT(*) AS n FROM nomina.MetricaConsolidacion WHERE cierre_id = ?',
    [closing],
  );
  t.equal(Number(metrics?.['n']), 0);
  t.equal(await rolledBack(closing), 'verificado_sin_discrepancias', 'a second time changes nothing');
  const second = await planned(engine, closing);
  t.not(second.job, first.job);
  t.match(await finish(second.job), { estado: 'datos_consolidados' });
});

await t.test('one consolidation per key; closings are listed newest first', async (t) => {
  const [idCierre, other] = [await generated(engine, { seed: 31 }), await generated(engine, { seed: 32 })];
  const plan = (id: bigint, clave: string, huella = 'h') =>
    nomina.planificarConsolidacion(engine, { idCierre: id, clave, huella });
  const first = await plan(idCierre, 'julio');
  t.match(first, { creado: true, empleados: 60, chunks: 3, tamano: 25 });
  t.same(await plan(idCierre, 'julio'), { ...first, creado: false });
  t.same(await plan(other, 'julio', 'otra'), { ...first, creado: false }, 'whatever else is asked for');
  t.match(await nomina.estadoConsolidacion(engine, { idCierre: other }), { idTrabajo: null });
  const { clave, parametros } = await trabajo.estadoTrabajo(engine, { idTrabajo: first.idTrabajo ?? 0n });
  t.match([clave, JSON.parse(parametros ?? '')], ['julio', { id_cierre: String(idCierre), huella: 'h' }]);
  // who joins does not take its key
  t.match(await plan(idCierre, 'agosto'), { idTrabajo: first.idTrabajo, creado: false });
  await finish(first.idTrabajo ?? 0n);
  t.match(await plan(idCierre, 'julio'), { idTrabajo: first.idTrabajo, creado: false }, 'it has ended');
  await failsWith(t, 50409, plan(idCierre, 'agosto'), /datos_consolidados/);
  await failsWith(t, 50400, plan(idCierre, ' '));
  await createJob(engine, 'OTRO', 1, { clave: 'ajena nomina' });
  await failsWith(t, 50409, plan(other, 'ajena nomina'), /OTRO/);

  const listed = await nomina.listarCierres(engine, { maximo: 2 });
  t.match(listed, [
    {
      idCierre: other,
      estado: 'verificado_sin_discrepancias',
      idTrabajo: null,
      inicio: null,
      empleados: null,
    },
    { idCierre, estado: 'datos_consolidados', empleados: 60, discrepancias: 0, inicio: Date },
  ]);
  const { liquidoPagar } = await nomina.estadoConsolidacion(engine, { idCierre });
  t.equal(listed[1]?.liquidoPagar, liquidoPagar);
  for (const maximo of [0, 2001]) await failsWith(t, 50400, nomina.listarCierres(engine, { maximo }));
});

await t.test('how it ends: by the chunks that went well, cancelled, or out of time', async (t) => {
  // 133 employees: five chunks
  const closing = await generated(engine, { employees: 133, seed: 3, concepts: 2 });
  await sql(engine, "UPDATE nomina.CierreNomina SET estado = 'con_discrepancias' WHERE id = ?", [closing]);
  for (const [failing, message, estado, review] of [
    [1, 'bad', 'consolidacion_parcial', false],
    [2, 'bad', 'consolidacion_parcial', true],
    [3, 'bad', 'error_consolidacion', true],
    [5, '[recursos] out of memory', 'error_recursos', true],
  ] as const) {
    const { job } = await planned(engine, closing);
    for (let i = 0; i < failing; i += 1) {
      const { idChunk, token } = await claim(job);
      await trabajo.fallarChunk(engine, { idChunk, token, error: message, reintentable: false });
    }
    t.match(await finish(job), { estado, finalizado: true }, `${failing} of 5 failed`);
    t.match(await nomina.estadoConsolidacion(engine, { idCierre: closing }), {
      estado,
      revisionRequerida: review,
      chunks: 5,
      chunksCompletados: 5 - failing,
      chunksFallidos: failing,
      ultimoError: message,
    });
    t.equal(await rolledBack(closing), 'con_discrepancias', 'the state from before');
  }

  const cancelled = await planned(engine, closing);
  const held = await claim(cancelled.job);
  await trabajo.cancelarTrabajo(engine, { idTrabajo: cancelled.job });
  const lease = { idChunk: held.idChunk, token: held.token };
  await failsWith(t, 50499, nomina.consolidarChunk(engine, lease));
  await trabajo.devolverChunk(engine, lease);
  t.match(await finish(cancelled.job), { estado: 'consolidacion_cancelada', finalizado: true });
  await rolledBack(closing);

  const late = await planned(engine, closing);
  t.match(await nomina.vencerConsolidacion(engine, { idTrabajo: late.job }), {
    vencida: false,
    cancelados: 0,
  });
  await sql(engine, 'UPDATE nomina.CierreNomina SET limite = ? WHERE id = ?', [
    new Date(Date.now() - 60_000),
    closing,
  ]);
  t.match(await nomina.vencerConsolidacion(engine, { idTrabajo: late.job }), {
    vencida: true,
    cancelados: 5,
  });
  t.match(await finish(late.job), { estado: 'timeout_consolidacion', finalizado: true });
  t.match(await nomina.vencerConsolidacion(engine, { idTrabajo: late.job }), {
    vencida: true,
    cancelados: 0,
  });
});

await t.test(
  'loads: exact amounts, nothing of a bad batch, the same rows again change nothing',
  async (t) => {
    const name = { cliente: 'cargas', mes: 2, anno: 2025 };
    const { idCierre, creado } = await nomina.abrirCarga(engine, name);
    t.ok(creado);
    const row = { linea: 1, rut: rut(5), nombre: 'n', cargo: null, centroCosto: null, fechaIngreso: null };
    const load = (sueldoBase: string, valor = '1') =>
      nomina.cargarEmpleados(engine, {
        idCierre,
        fuente: 'libro',
        empleados: [{ ...row, sueldoBase }],
        conceptos: [{ linea: 1, empleado: 1, codigo: 'H1', nombre: '', valor, tipo: 'haber' }],
      });
    for (const bad of ['1.005', '1e3', '12345678901', '', '1,5', 'NaN'])
      await failsWith(t, 50400, load(bad), /Linea 1: Sueldo_Base/);
    await failsWith(t, 50400, load('1', '0.001'), /Linea 1 de los conceptos: Valor/);
    await failsWith(t, 50409, nomina.terminarCarga(engine, { idCierre }), /no tiene empleados/);
    await failsWith(t, 50409, planned(engine, idCierre), /cargando/);
    t.same(await load('9999999999.99', '-9999999999.99'), { empleados: 1, conceptos: 1 });
    const movimiento = {
      linea: 1,
      clase: 'ALTA_BAJA',
      rut: '00.005-1',
      tipo: 'ingreso',
      fecha: '2025-02-28',
    };
    t.same(await nomina.cargarMovimientos(engine, { idCierre, movimientos: [movimiento] }), {
      insertados: 1,
      repetidos: 0,
    });
    t.same(
      await nomina.cargarMovimientos(engine, { idCierre, movimientos: [{ ...movimiento, rut: '5-1' }] }),
      { insertados: 0, repetidos: 1 },
    );
    await failsWith(
      t,
      50400,
      nomina.cargarMovimientos(engine, { idCierre, movimientos: [{ ...movimiento, tipo: 'otro' }] }),
      /Linea 1: Tipo/,
    );
    t.match(await nomina.terminarCarga(engine, { idCierre }), {
      estado: 'verificado_sin_discrepancias',
      empleados: 1,
    });
    await failsWith(t, 50409, load('1'), /sp_Abrir_Carga/);
    const { job } = await planned(engine, idCierre);
    await finish(job);
    const state = await nomina.estadoConsolidacion(engine, { idCierre });
    t.match(state, {
      totalHaberes: '-9999999999.99',
      liquidoPagar: '-9999999999.99',
      totalDescuentos: '0.00',
    });
    await failsWith(t, 50409, nomina.abrirCarga(engine, name), /datos_consolidados/);

    await rolledBack(idCierre);
    const again = await nomina.abrirCarga(engine, name);
    t.match(again, { idCierre, creado: false, quedan: true });
    t.match(await nomina.abrirCarga(engine, name), { quedan: false });
    t.match(await nomina.estadoConsolidacion(engine, { idCierre }), { estado: 'cargando', empleados: 0 });
  },
);

await t.test('020 down cancels what runs, keeps the sources, and up brings it all back', async (t) => {
  const closing = await generated(engine, { employees: 60, seed: 5 });
  const { job } = await planned(engine, closing);
  const { idChunk } = await claim(job);
  const migrator = createMigrator(engine);
  await migrator.down({ to: 19 });
  t.match(await chunkRow(engine, idChunk), { estado: 'CANCELADO', poseedor: null });
  const [row] = await sql(
    engine,
    'SELECT estado, (SELECT COUNT(*) FROM nomina.EmpleadoCierre WHERE cierre_id = c.id) AS n FROM nomina.CierreNomina AS c WHERE id = ?',
    [closing],
  );
  t.equal(row?.['estado'], 'verificado_sin_discrepancias');
  t.equal(Number(row?.['n']), 60);
  await migrator.up();
  const again = await planned(engine, closing);
  t.match(await finish(again.job), { estado: 'datos_consolidados' });
});
