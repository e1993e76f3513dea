/** Jobs as people see them: state and ETA, lists, retry, purge. */
import t from 'tap';

import type { SqlValue } from '../../engine/index.js';
import { logs, trabajo } from '../../procedures/generated/index.js';
import { date, loadFunds } from '../leases/process.js';
import { chunkRow, claim, claimOne, createJob, due, expire, failsWith, sql } from '../leases/support.js';
import { asRole, freshDatabase } from '../testing/index.js';

const db = await freshDatabase(t);
const { engine } = db;
const ago = (seconds: number) => new Date(Date.now() - seconds * 1000);

async function set(idChunk: bigint, columns: string, values: readonly SqlValue[]): Promise<void> {
  await sql(engine, `UPDATE trabajo.Chunks SET ${columns} WHERE ID_Chunk = ?`, [...values, idChunk]);
}

/** Completes the chunk as if it had begun and ended that many seconds ago. */
async function completed(chunk: trabajo.ReclamarChunksRow, began: number, ended: number): Promise<void> {
  await trabajo.completarChunk(engine, chunk);
  await set(chunk.idChunk, 'Inicio = ?, Fin = ?', [ago(began), ago(ended)]);
}

/** A job of that many chunks, all complete, that ended so many days ago. */
async function endedJob(tipo: string, chunks: number, days: number): Promise<bigint> {
  const idTrabajo = await createJob(engine, tipo, chunks);
  for (
    let open = await claim(engine, tipo, 'w', 2000);
    open.length > 0;
    open = await claim(engine, tipo, 'w', 2000)
  )
    await sql(
      engine,
      "UPDATE trabajo.Chunks SET Estado = 'COMPLETADO', Poseedor = NULL, Expira = NULL, Fin = Inicio WHERE ID_Trabajo = ?",
      [idTrabajo],
    );
  await trabajo.finalizarTrabajo(engine, { idTrabajo });
  await sql(engine, 'UPDATE trabajo.Trabajos SET FechaFin = ? WHERE ID_Trabajo = ?', [
    ago(days * 86_400),
    idTrabajo,
  ]);
  return idTrabajo;
}

async function count(table: 'Chunks' | 'Trabajos', idTrabajo: bigint): Promise<number> {
  const [row] = await sql(engine, `SELECT COUNT(*) AS n FROM trabajo.${table} WHERE ID_Trabajo = ?`, [
    idTrabajo,
  ]);
  return Number(row?.['n']);
}

await t.test('the ETA comes from the weight of the last completions', async (t) => {
  const idTrabajo = await createJob(engine, 'ETA', [40, 30, 20, 10, 60]);
  const none = { pesoPorS: null, faltanS: null, ultimoFin: null };
  t.match(await trabajo.estadoTrabajo(engine, { idTrabajo }), { pesoTotal: 160, pesoRestante: 160, ...none });

  const [rest, first, second, third, held] = await claim(engine, 'ETA', 'w', 5);
  if (!rest || !first || !second || !third || !held) throw new Error('five chunks');
  t.same(
    [rest, first, second, third, held].map(({ peso }) => peso),
    [60, 40, 30, 20, 10],
  );
  await completed(first, 8, 4);
  const one = await trabajo.estadoTrabajo(engine, { idTrabajo });
  t.match(one, { pesoRestante: 120 });
  t.ok(near(one.pesoPorS, 40 / 8), `one completion: since it began, ${one.pesoPorS} a second`);
  t.ok(near(one.faltanS, 120 / 5, 2), `${one.faltanS} s`);

  // the oldest only says since when
  await set(first.idChunk, 'Inicio = ?, Fin = ?', [ago(14), ago(10)]);
  await completed(second, 12, 6);
  await completed(third, 9, 2);
  const three = await trabajo.estadoTrabajo(engine, { idTrabajo });
  t.match(three, { pesoTotal: 160, pesoRestante: 70, completados: 3 });
  t.ok(near(three.pesoPorS, 50 / 10), `${three.pesoPorS} a second`);
  t.ok(near(three.faltanS, 14, 2), `${three.faltanS} s`);
  t.ok(Math.abs((three.ultimoFin?.getTime() ?? 0) - ago(2).getTime()) < 1500);

  // it stands still: the rate sinks, the ETA grows
  for (const [chunk, ended] of [
    [first, 110],
    [second, 106],
    [third, 102],
  ] as const)
    await set(chunk.idChunk, 'Fin = ?', [ago(ended)]);
  const later = await trabajo.estadoTrabajo(engine, { idTrabajo });
  t.ok(near(later.pesoPorS, 50 / 110, 0.05) && near(later.faltanS, 154, 5), `${later.faltanS} s when halted`);

  // all at one instant, as a batch ends
  for (const chunk of [first, second, third])
    await set(chunk.idChunk, 'Inicio = ?, Fin = ?', [
      new Date(ago(9)),
      new Date(Math.floor(Date.now() / 1000) * 1000),
    ]);
  const batch = await trabajo.estadoTrabajo(engine, { idTrabajo });
  t.ok(near(batch.pesoPorS, 90 / 9), `a batch: ${batch.pesoPorS} a second`);

  await trabajo.completarChunk(engine, rest);
  await trabajo.fallarChunk(engine, { ...held, error: 'x', reintentable: false });
  t.match(await trabajo.estadoTrabajo(engine, { idTrabajo }), { pesoRestante: 0, faltanS: 0 });
  await trabajo.finalizarTrabajo(engine, { idTrabajo });
  t.match(await trabajo.estadoTrabajo(engine, { idTrabajo }), {
    pesoTotal: 160,
    pesoRestante: 0,
    pesoPorS: null,
    faltanS: null,
  });
  await failsWith(t, 50404, trabajo.estadoTrabajo(engine, { idTrabajo: 999999n }));
});

function near(value: number | null, wanted: number, slack = wanted / 5): boolean {
  return value !== null && Math.abs(value - wanted) <= slack;
}

await t.test('of many completions only the newest 100 count; weights of 0 give no ETA', async (t) => {
  const idTrabajo = await createJob(engine, 'CIEN', 151);
  await claim(engine, 'CIEN', 'w', 150);
  // 50 took an hour each; the newest 100 ended one every second, the last of them just now
  const [{ first } = {}] = await sql(
    engine,
    'SELECT MIN(ID_Chunk) AS first FROM trabajo.Chunks WHERE ID_Trabajo = ?',
    [idTrabajo],
  );
  for (let i = 0; i < 150; i++)
    await sql(
      engine,
      "UPDATE trabajo.Chunks SET Estado = 'COMPLETADO', Poseedor = NULL, Expira = NULL, Fin = ? WHERE ID_Chunk = ?",
      [ago(i < 50 ? 1000 + (50 - i) * 3600 : 150 - i), BigInt(String(first)) + BigInt(i)],
    );
  const state = await trabajo.estadoTrabajo(engine, { idTrabajo });
  t.ok(near(state.pesoPorS, 99 / 100), `${state.pesoPorS} a second`);
  t.match(state, { completados: 150, pesoRestante: 1 });

  const weightless = await createJob(engine, 'INGRAVIDO', [0, 0]);
  await completed(await claimOne(engine, 'INGRAVIDO', 'w'), 5, 1);
  t.match(await trabajo.estadoTrabajo(engine, { idTrabajo: weightless }), { pesoPorS: 0, faltanS: null });
});

await t.test('jobs are listed newest first, by kind and state', async (t) => {
  const before = await trabajo.listarTrabajos(engine, { maximo: 2000 });
  const a = await createJob(engine, 'LISTA', 3, { clave: 'lista-a', usuario: 'ana' });
  const b = await createJob(engine, 'LISTA', 1);
  const c = await createJob(engine, 'OTRA_LISTA', 0);
  await trabajo.completarChunk(
    engine,
    (await trabajo.reclamarChunks(engine, { poseedor: 'w', idTrabajo: b }))[0] ?? none(),
  );
  await trabajo.finalizarTrabajo(engine, { idTrabajo: b });
  t.same(
    (await trabajo.listarTrabajos(engine, { maximo: 3 })).map(({ idTrabajo }) => idTrabajo),
    [c, b, a],
  );
  t.equal((await trabajo.listarTrabajos(engine, { maximo: 2000 })).length, before.length + 3);
  const list = await trabajo.listarTrabajos(engine, { tipo: 'LISTA' });
  t.equal(list.length, 2);
  t.match(list[0], { idTrabajo: b, estado: 'COMPLETADO', total: 1, completados: 1, cancelado: false });
  t.ok(list[0]?.fechaFin instanceof Date);
  t.match(list[1], {
    idTrabajo: a,
    tipo: 'LISTA',
    clave: 'lista-a',
    usuario: 'ana',
    estado: 'EN_PROGRESO',
    fechaFin: null,
    total: 3,
    pendientes: 3,
    enProgreso: 0,
    completados: 0,
    fallidos: 0,
    cancelados: 0,
    omitidos: 0,
  });
  t.match(await trabajo.listarTrabajos(engine, { tipo: 'LISTA', estado: 'EN_PROGRESO' }), [{ idTrabajo: a }]);
  t.same(await trabajo.listarTrabajos(engine, { tipo: 'NADA' }), []);
  await failsWith(t, 50400, trabajo.listarTrabajos(engine, { maximo: 0 }));
  await failsWith(t, 50400, trabajo.listarTrabajos(engine, { estado: 'RARO' }));
});

function none(): never {
  throw new Error('nothing to claim');
}

await t.test('the chunks of a job, in pages and by situation', async (t) => {
  const idTrabajo = await createJob(engine, 'FILAS', 8);
  const [done, failed, waiting, expired, held] = await claim(engine, 'FILAS', 'w', 5);
  if (!done || !failed || !waiting || !expired || !held) throw new Error('five chunks');
  await trabajo.completarChunk(engine, { ...done, resultado: '{"n":1}' });
  await trabajo.fallarChunk(engine, { ...failed, error: 'broken', reintentable: false });
  await trabajo.fallarChunk(engine, { ...waiting, error: 'later' });
  await set(waiting.idChunk, 'No_Antes_De = ?', [ago(-60)]);
  await expire(engine, expired.idChunk);

  const all = await trabajo.listarChunks(engine, { idTrabajo });
  t.same(
    all.map(({ situacion }) => situacion),
    ['COMPLETADO', 'ERROR', 'EN_ESPERA', 'VENCIDO', 'EN_PROGRESO', 'PENDIENTE', 'PENDIENTE', 'PENDIENTE'],
  );
  t.match(all[0], { idChunk: done.idChunk, orden: 1, estado: 'COMPLETADO', resultado: '{"n":1}', token: 1n });
  t.match(all[1], { estado: 'ERROR', ultimoError: 'broken', intento: 1, maxIntentos: 3 });
  t.match(all[4], { poseedor: 'w', estado: 'PENDIENTE', peso: 1 });
  const page = await trabajo.listarChunks(engine, { idTrabajo, maximo: 3 });
  t.same(page, all.slice(0, 3));
  t.same(
    (
      await trabajo.listarChunks(engine, { idTrabajo, desdeOrden: (page.at(-1)?.orden ?? 0) + 1, maximo: 3 })
    ).map(({ orden }) => orden),
    [4, 5, 6],
  );
  t.match(await trabajo.listarChunks(engine, { idTrabajo, situacion: 'ERROR' }), [
    { idChunk: failed.idChunk },
  ]);
  t.equal((await trabajo.listarChunks(engine, { idTrabajo, situacion: 'PENDIENTE' })).length, 3);
  t.same(await trabajo.listarChunks(engine, { idTrabajo, situacion: 'OMITIDO' }), []);
  await failsWith(t, 50404, trabajo.listarChunks(engine, { idTrabajo: 999999n }));
  await failsWith(t, 50400, trabajo.listarChunks(engine, { idTrabajo, situacion: 'ROTO' }));
  await failsWith(t, 50400, trabajo.listarChunks(engine, { idTrabajo, maximo: 2001 }));
});

await t.test('what failed is tried again, with all its attempts, and the job goes on', async (t) => {
  const idTrabajo = await createJob(engine, 'OTRAVEZ', 4, { maxIntentos: 1 });
  const [a, b, c, d] = await claim(engine, 'OTRAVEZ', 'w', 4);
  if (!a || !b || !c || !d) throw new Error('four chunks');
  await trabajo.completarChunk(engine, a);
  for (const chunk of [b, c]) await trabajo.fallarChunk(engine, { ...chunk, error: 'broken' });

  // alive: its failed chunks only
  t.same(await trabajo.reintentarTrabajo(engine, { idTrabajo, idChunk: b.idChunk }), {
    estado: 'EN_PROGRESO',
    reintentados: 1,
  });
  t.match(await chunkRow(engine, b.idChunk), {
    estado: 'PENDIENTE',
    token: 1n,
    intento: 0,
    fin: null,
    ultimo_error: 'broken',
  });
  t.same(await trabajo.reintentarTrabajo(engine, { idTrabajo, idChunk: b.idChunk }), {
    estado: 'EN_PROGRESO',
    reintentados: 0,
  });
  t.same(await trabajo.reintentarTrabajo(engine, { idTrabajo, idChunk: d.idChunk }), {
    estado: 'EN_PROGRESO',
    reintentados: 0,
  });
  t.match(await chunkRow(engine, d.idChunk), { poseedor: 'w' }, 'what is held stays held');
  await failsWith(t, 50410, trabajo.completarChunk(engine, b));

  const again = await claimOne(engine, 'OTRAVEZ', 'w');
  t.match(again, { idChunk: b.idChunk, token: 2n, intento: 1 });
  await trabajo.completarChunk(engine, again);
  await trabajo.completarChunk(engine, d);
  t.match(await trabajo.finalizarTrabajo(engine, { idTrabajo }), {
    estado: 'COMPLETADO_CON_ERRORES',
    fallidos: 1,
  });

  // ended: it lives again
  t.same(await trabajo.reintentarTrabajo(engine, { idTrabajo }), { estado: 'EN_PROGRESO', reintentados: 1 });
  t.match(await trabajo.estadoTrabajo(engine, { idTrabajo }), {
    estado: 'EN_PROGRESO',
    fechaFin: null,
    completados: 3,
    fallidos: 0,
    pendientes: 1,
  });
  t.match(await trabajo.finalizarTrabajo(engine, { idTrabajo }), { finalizado: false, total: null });
  await trabajo.completarChunk(engine, await claimOne(engine, 'OTRAVEZ', 'w'));
  t.match(await trabajo.finalizarTrabajo(engine, { idTrabajo }), {
    estado: 'COMPLETADO',
    finalizado: true,
    completados: 4,
    fallidos: 0,
  });
  const state = await trabajo.estadoTrabajo(engine, { idTrabajo });
  t.same(await trabajo.reintentarTrabajo(engine, { idTrabajo }), { estado: 'COMPLETADO', reintentados: 0 });
  t.same(await trabajo.estadoTrabajo(engine, { idTrabajo }), state, 'nothing to retry: nothing changes');
});

await t.test('a cancelled job comes back, 500 chunks a call', async (t) => {
  const idTrabajo = await createJob(engine, 'VUELVE', 1200);
  const held = await claimOne(engine, 'VUELVE', 'w');
  await trabajo.cancelarTrabajo(engine, { idTrabajo });
  await failsWith(t, 50409, trabajo.reintentarTrabajo(engine, { idTrabajo }), /cancelando/);
  await trabajo.devolverChunk(engine, held);
  t.match(await trabajo.finalizarTrabajo(engine, { idTrabajo }), { estado: 'CANCELADO', cancelados: 1200 });
  const calls: number[] = [];
  for (;;) {
    const { estado, reintentados } = await trabajo.reintentarTrabajo(engine, { idTrabajo });
    t.equal(estado, 'EN_PROGRESO');
    calls.push(reintentados);
    if (reintentados === 0) break;
  }
  t.same(calls, [500, 500, 200, 0]);
  t.match(await trabajo.estadoTrabajo(engine, { idTrabajo }), {
    cancelado: false,
    pendientes: 1200,
    cancelados: 0,
  });
  t.match(await claimOne(engine, 'VUELVE', 'w'), { idChunk: held.idChunk, token: 2n, intento: 1 });
});

await t.test('what is not retried says why', async (t) => {
  await loadFunds(engine, ['ALFA']);
  const fund = await logs.inicializarProceso(engine, { fechaReporte: date });
  await failsWith(t, 50409, trabajo.reintentarTrabajo(engine, { idTrabajo: fund.idTrabajo }), /FONDOS/);
  const old = await createJob(engine, 'LO_PROCESOS', 1);
  await failsWith(t, 50409, trabajo.reintentarTrabajo(engine, { idTrabajo: old }), /LO_PROCESOS/);
  await failsWith(t, 50404, trabajo.reintentarTrabajo(engine, { idTrabajo: 999999n }));
  const one = await createJob(engine, 'UNA', 1);
  const two = await createJob(engine, 'UNA', 1);
  const [foreign] = await sql(engine, 'SELECT ID_Chunk FROM trabajo.Chunks WHERE ID_Trabajo = ?', [two]);
  await failsWith(
    t,
    50404,
    trabajo.reintentarTrabajo(engine, { idTrabajo: one, idChunk: BigInt(String(foreign?.['id_chunk'])) }),
  );
  const review = await createJob(engine, 'LOGS', 2);
  const [a, b] = await claim(engine, 'LOGS', 'w', 2);
  if (!a || !b) throw new Error('two chunks');
  await trabajo.fallarChunk(engine, { ...a, error: 'no such file', reintentable: false });
  t.match(
    await trabajo.reintentarTrabajo(engine, { idTrabajo: review }),
    { reintentados: 1 },
    'alive it is retried',
  );
  await sql(
    engine,
    "UPDATE trabajo.Trabajos SET Estado = 'ERROR', FechaFin = FechaCreacion WHERE ID_Trabajo = ?",
    [review],
  );
  await failsWith(t, 50409, trabajo.reintentarTrabajo(engine, { idTrabajo: review }), /archivo/);
});

await t.test('all or nothing: one failed chunk fails the job', async (t) => {
  const close = async (failed: number, todoONada: boolean) => {
    const idTrabajo = await createJob(engine, 'TODO', 3);
    for (const [i, chunk] of (await claim(engine, 'TODO', 'w', 3)).entries()) {
      if (i >= failed) await trabajo.completarChunk(engine, chunk);
      else await trabajo.fallarChunk(engine, { ...chunk, error: 'x', reintentable: false });
    }
    return await engine.transaction((session) => trabajo.cerrarTrabajo(session, { idTrabajo, todoONada }));
  };
  const ended = { cerrado: true, total: 3, cancelados: 0 };
  t.same(await close(1, true), { ...ended, estado: 'ERROR', completados: 2, fallidos: 1 });
  t.same(await close(1, false), { ...ended, estado: 'COMPLETADO_CON_ERRORES', completados: 2, fallidos: 1 });
  t.same(await close(0, true), { ...ended, estado: 'COMPLETADO', completados: 3, fallidos: 0 });
});

await t.test('kinds with an end of their own are refused', async (t) => {
  for (const tipo of ['FONDOS', 'LOGS', 'LOGS_SECUENCIAL', 'LO_PROCESOS']) {
    const idTrabajo = await createJob(engine, tipo, 0);
    await failsWith(t, 50409, trabajo.finalizarTrabajo(engine, { idTrabajo }));
  }
  const idTrabajo = await createJob(engine, 'LOGS', 1);
  const [chunk] = await trabajo.reclamarChunks(engine, { poseedor: 'w', idTrabajo });
  await failsWith(t, 50409, trabajo.completarChunk(engine, chunk ?? none()), /sp_Guardar_Bloques/);
  const old = await createJob(engine, 'LO_PROCESOS', 1);
  await failsWith(t, 50409, trabajo.cancelarTrabajo(engine, { idTrabajo: old }), /LO_PROCESOS/);
  t.match(await trabajo.estadoTrabajo(engine, { idTrabajo: old }), { cancelado: false, pendientes: 1 });

  const unasked = (await trabajo.trabajosPorFinalizar(engine)).map(({ tipo }) => tipo);
  t.notOk(
    unasked.some((tipo) => ['LO_PROCESOS', 'LOGS_SECUENCIAL'].includes(tipo)),
    'nobody is sent to end them',
  );
  t.match(await trabajo.trabajosVivos(engine, { tipos: [{ tipo: 'LO_PROCESOS' }] }), { vivos: 0 });
});

await t.test('a purge takes what ended before, oldest first, in bounded calls', async (t) => {
  const old = await endedJob('PURGA', 5, 40);
  const older = await endedJob('PURGA', 7, 50);
  const recent = await endedJob('PURGA', 3, 10);
  const alive = await createJob(engine, 'PURGA', 2);
  const other = await endedJob('OTRA_PURGA', 1, 60);
  const antesDe = ago(30 * 86_400);
  t.same(await trabajo.purgarTrabajos(engine, { antesDe, tipo: 'PURGA', maximo: 4 }), {
    trabajos: 0,
    chunks: 4,
    otros: 0,
    quedan: true,
  });
  t.equal(await count('Chunks', older), 3, 'the oldest goes first, in parts');
  t.match(await trabajo.estadoTrabajo(engine, { idTrabajo: older }), {
    estado: 'COMPLETADO',
    total: 7,
    completados: 7,
  });
  t.same(await trabajo.purgarTrabajos(engine, { antesDe, tipo: 'PURGA', maximo: 4 }), {
    trabajos: 1,
    chunks: 3,
    otros: 0,
    quedan: true,
  });
  t.same(await trabajo.purgarTrabajos(engine, { antesDe, tipo: 'PURGA' }), {
    trabajos: 1,
    chunks: 5,
    otros: 0,
    quedan: false,
  });
  t.same(await trabajo.purgarTrabajos(engine, { antesDe, tipo: 'PURGA' }), {
    trabajos: 0,
    chunks: 0,
    otros: 0,
    quedan: false,
  });
  for (const gone of [old, older]) t.equal(await count('Trabajos', gone), 0);
  t.equal(await count('Chunks', recent), 3);
  t.equal(await count('Chunks', alive), 2);
  t.equal(await count('Trabajos', other), 1, 'of another kind');

  const funds = await createJob(engine, 'FONDOS', 1);
  const view = await createJob(engine, 'LO_PROCESOS', 1);
  for (const id of [funds, view])
    await sql(
      engine,
      "UPDATE trabajo.Trabajos SET Estado = 'COMPLETADO', FechaFin = ? WHERE ID_Trabajo = ?",
      [ago(100 * 86_400), id],
    );
  t.match(await trabajo.purgarTrabajos(engine, { antesDe }), { trabajos: 1, chunks: 1 });
  t.equal(await count('Trabajos', other), 0);
  t.equal(await count('Chunks', funds), 1);
  t.equal(await count('Chunks', view), 1);
  for (const tipo of ['FONDOS', 'LO_PROCESOS'])
    await failsWith(t, 50409, trabajo.purgarTrabajos(engine, { antesDe, tipo }));
  await failsWith(t, 50400, trabajo.purgarTrabajos(engine, { antesDe, maximo: 2001 }));
});

await t.test('a purge of 4,500 chunks', async (t) => {
  await endedJob('GRANDE', 4500, 40);
  const calls: trabajo.PurgarTrabajosResult[] = [];
  do calls.push(await trabajo.purgarTrabajos(engine, { antesDe: ago(86_400), tipo: 'GRANDE' }));
  while (calls.at(-1)?.quedan === true);
  t.same(
    calls.map(({ chunks }) => chunks),
    [2000, 2000, 500],
  );
  t.equal(calls.at(-1)?.trabajos, 1);
});

await t.test('the blocks of a log review go with it; how far its file was read stays', async (t) => {
  const hash = 'a'.repeat(64);
  await sql(
    engine,
    'INSERT INTO logs.Archivos (Ruta, Huella, Huella_Bytes, Opciones, Leido, Reanudar_En) VALUES (?, ?, 1, ?, 900, 800)',
    ['/var/log/purga.log', hash, hash],
  );
  const [file] = await sql(engine, 'SELECT ID_Archivo FROM logs.Archivos WHERE Ruta = ?', [
    '/var/log/purga.log',
  ]);
  const idArchivo = BigInt(String(file?.['id_archivo']));
  const parametros = JSON.stringify({ id_archivo: String(idArchivo) });
  const first = await createJob(engine, 'LOGS', 2, { parametros });
  const second = await createJob(engine, 'LOGS_SECUENCIAL', 0, { parametros });
  for (const [job, blocks, days] of [
    [first, 5, 50],
    [second, 2, 40],
  ] as const) {
    for (let i = 0; i < blocks; i++)
      await sql(
        engine,
        `INSERT INTO logs.Bloques_Error (ID_Archivo, Byte_Inicio, Byte_Fin, ID_Trabajo, Nivel, Firma, Primera_Linea, Texto, Recortado)
         VALUES (?, ?, ?, ?, 'ERROR', 'f', 'l', 't', ${engine.dialect === 'postgres' ? 'false' : '0'})`,
        [idArchivo, job * 1000n + BigInt(i), job * 1000n + BigInt(i) + 1n, job],
      );
    await sql(engine, "UPDATE trabajo.Chunks SET Estado = 'COMPLETADO' WHERE ID_Trabajo = ?", [job]);
    await sql(
      engine,
      "UPDATE trabajo.Trabajos SET Estado = 'COMPLETADO', FechaFin = ? WHERE ID_Trabajo = ?",
      [ago(days * 86_400), job],
    );
  }
  await sql(engine, 'UPDATE logs.Archivos SET ID_Trabajo = ?, ID_Ultimo_Trabajo = ? WHERE ID_Archivo = ?', [
    second,
    second,
    idArchivo,
  ]);
  const blocks = async () =>
    (await sql(engine, 'SELECT ID_Trabajo FROM logs.Bloques_Error WHERE ID_Archivo = ?', [idArchivo])).length;
  const antesDe = ago(86_400);
  t.same(await trabajo.purgarTrabajos(engine, { antesDe, tipo: 'LOGS', maximo: 6 }), {
    trabajos: 0,
    chunks: 1,
    otros: 5,
    quedan: true,
  });
  t.same(await trabajo.purgarTrabajos(engine, { antesDe, tipo: 'LOGS' }), {
    trabajos: 1,
    chunks: 1,
    otros: 0,
    quedan: false,
  });
  t.equal(await blocks(), 2);
  const [kept] = await sql(engine, 'SELECT * FROM logs.Archivos WHERE ID_Archivo = ?', [idArchivo]);
  t.match(kept, { id_trabajo: second, id_ultimo_trabajo: second }, 'the newest review is another one');
  t.match(await trabajo.purgarTrabajos(engine, { antesDe, tipo: 'LOGS_SECUENCIAL' }), {
    trabajos: 1,
    otros: 2,
  });
  t.equal(await blocks(), 0);
  const [left] = await sql(engine, 'SELECT * FROM logs.Archivos WHERE ID_Archivo = ?', [idArchivo]);
  t.match(left, { id_trabajo: null, id_ultimo_trabajo: null, leido: 900n, reanudar_en: 800n });
});

await t.test(
  'a transient failure gives the attempt back, ten times, and backs off with the times it was held',
  async (t) => {
    const idTrabajo = await createJob(engine, 'PASAJERO', 1, { maxIntentos: 2 });
    let idChunk = 0n;
    for (let held = 1; held <= 10; held++) {
      const chunk = await claimOne(engine, 'PASAJERO', 'w');
      ({ idChunk } = chunk);
      t.match(chunk, { token: BigInt(held), intento: 1 });
      const before = Date.now();
      const failed = await trabajo.fallarChunk(engine, {
        ...chunk,
        error: `deadlock ${held}`,
        transitorio: true,
      });
      t.match(failed, { estado: 'PENDIENTE', intento: 0, restantes: 1 });
      const wait = (failed.noAntesDe?.getTime() ?? 0) - before;
      t.ok(
        wait > -500 && wait < Math.min(2000 * 2 ** (held - 1), 300_000) + 1000,
        `${wait} ms after ${held}`,
      );
      t.same(
        await trabajo.fallarChunk(engine, { ...chunk, error: 'again', transitorio: true }),
        failed,
        'twice is once',
      );
      t.match(await chunkRow(engine, idChunk), {
        intento: 0,
        poseedor: null,
        ultimo_error: `deadlock ${held}`,
      });
      await due(engine, idChunk);
    }
    // from the eleventh on it is a failure like any other
    for (const [intento, estado] of [
      [1, 'PENDIENTE'],
      [2, 'ERROR'],
    ] as const) {
      const chunk = await claimOne(engine, 'PASAJERO', 'w');
      t.match(await trabajo.fallarChunk(engine, { ...chunk, error: 'deadlock', transitorio: true }), {
        estado,
        intento,
      });
      await due(engine, idChunk);
    }
    t.equal((await trabajo.finalizarTrabajo(engine, { idTrabajo })).estado, 'ERROR');

    await createJob(engine, 'AGOTADO', 1, { maxIntentos: 1 });
    const last = await claimOne(engine, 'AGOTADO', 'w');
    t.match(
      await trabajo.fallarChunk(engine, { ...last, error: 'x', transitorio: true }),
      { estado: 'PENDIENTE', intento: 0 },
      'also in the last attempt',
    );
    await due(engine, last.idChunk);
    t.match(
      await trabajo.fallarChunk(engine, {
        ...(await claimOne(engine, 'AGOTADO', 'w')),
        error: 'x',
        transitorio: true,
        reintentable: false,
      }),
      { estado: 'ERROR' },
      'what is not retryable is not',
    );
  },
);

await t.test('carril_app sees, retries and purges; carril_lector sees', async (t) => {
  const idTrabajo = await createJob(engine, 'PAPELES', 1);
  const app = await asRole(db, 'carril_app');
  const reader = await asRole(db, 'carril_lector');
  for (const session of [app, reader]) {
    t.match(await trabajo.estadoTrabajo(session, { idTrabajo }), { total: 1 });
    t.equal((await trabajo.listarTrabajos(session, { tipo: 'PAPELES' })).length, 1);
    t.equal((await trabajo.listarChunks(session, { idTrabajo })).length, 1);
    // what a server does not say, or not to everybody, is null
    const { deadlocks, esperas, esperando } = await trabajo.medirServidor(session);
    for (const count of [deadlocks, esperas, esperando]) t.ok(count === null || count >= 0);
    if (session.dialect === 'postgres') t.same([typeof deadlocks, esperas, esperando], ['bigint', null, 0]);
  }
  t.same(await trabajo.reintentarTrabajo(app, { idTrabajo }), { estado: 'EN_PROGRESO', reintentados: 0 });
  t.match(await trabajo.purgarTrabajos(app, { antesDe: ago(86_400), tipo: 'PAPELES' }), { quedan: false });
  await t.rejects(trabajo.reintentarTrabajo(reader, { idTrabajo }), { code: 'PERMISSION' });
  await t.rejects(trabajo.purgarTrabajos(reader, { antesDe: ago(0) }), { code: 'PERMISSION' });
});
