/** What somebody should look at, and from when on. */
import t from 'tap';

import { logs, trabajo } from '../../procedures/generated/index.js';
import { claimReview, finishReview, startReview } from '../leases/reviews.js';
import { claim, claimOne, createJob, sql } from '../leases/support.js';
import { asRole, freshDatabase } from '../testing/index.js';

const db = await freshDatabase(t);
const { engine } = db;
const ago = (seconds: number) => new Date(Date.now() - seconds * 1000);
const hour = 3600;

async function alertsOf(idTrabajo: bigint): Promise<readonly trabajo.AlertasRow[]> {
  return (await trabajo.alertas(engine)).filter((alert) => alert.idTrabajo === idTrabajo);
}

async function kindsOf(idTrabajo: bigint): Promise<string[]> {
  return (await alertsOf(idTrabajo)).map(({ alerta }) => alerta).toSorted();
}

async function job(idTrabajo: bigint, columns: string, value: Date): Promise<void> {
  await sql(engine, `UPDATE trabajo.Trabajos SET ${columns} WHERE ID_Trabajo = ?`, [value, idTrabajo]);
}

async function chunks(idTrabajo: bigint, columns: string, value: Date, which = '1 = 1'): Promise<void> {
  await sql(engine, `UPDATE trabajo.Chunks SET ${columns} WHERE ${which} AND ID_Trabajo = ?`, [
    value,
    idTrabajo,
  ]);
}

/** Sets a threshold for the length of `run`. */
async function withSetting(name: string, value: string, run: () => Promise<void>): Promise<void> {
  await sql(engine, 'INSERT INTO logs.Ajustes (Ajuste, ID_Fund, Valor) VALUES (?, NULL, ?)', [name, value]);
  try {
    await run();
  } finally {
    await sql(engine, 'DELETE FROM logs.Ajustes WHERE Ajuste = ?', [name]);
  }
}

await t.test('nothing to say of work that goes well', async (t) => {
  const idTrabajo = await createJob(engine, 'BIEN', 6);
  const [a, b] = await claim(engine, 'BIEN', 'w', 2);
  if (!a || !b) throw new Error('two chunks');
  await trabajo.completarChunk(engine, a);
  await trabajo.fallarChunk(engine, { ...b, error: 'once' });
  t.same(await trabajo.alertas(engine), []);
  t.same(await alertsOf(idTrabajo), []);
});

await t.test('a failed chunk, of a live job and of one that ended a while ago', async (t) => {
  const idTrabajo = await createJob(engine, 'FALLO', 0, {
    chunks: [
      { orden: 1, peso: 2, recurso: '/var/log/a.log' },
      { orden: 2, peso: 1 },
    ],
  });
  const failed = await claimOne(engine, 'FALLO', 'w');
  await trabajo.fallarChunk(engine, { ...failed, error: 'no such file', reintentable: false });
  const [alert, ...more] = await alertsOf(idTrabajo);
  t.same(more, []);
  t.match(alert, {
    alerta: 'CHUNK_FALLIDO',
    tipo: 'FALLO',
    idChunk: failed.idChunk,
    recurso: '/var/log/a.log',
    detalle: 'no such file',
  });
  t.ok(Math.abs((alert?.desde?.getTime() ?? 0) - Date.now()) < 60_000);

  await trabajo.completarChunk(engine, await claimOne(engine, 'FALLO', 'w'));
  await trabajo.finalizarTrabajo(engine, { idTrabajo });
  t.same(await kindsOf(idTrabajo), ['CHUNK_FALLIDO']);
  await job(idTrabajo, 'FechaFin = ?', ago(23 * hour));
  t.same(await kindsOf(idTrabajo), ['CHUNK_FALLIDO']);
  await job(idTrabajo, 'FechaFin = ?', ago(25 * hour));
  t.same(await kindsOf(idTrabajo), [], 'a day is over');
  await withSetting('ALERTA_HORAS', '48', async () => {
    t.same(await kindsOf(idTrabajo), ['CHUNK_FALLIDO'], 'two are not');
  });
  await job(idTrabajo, 'FechaFin = ?', ago(hour));
  await trabajo.reintentarTrabajo(engine, { idTrabajo });
  t.same(await kindsOf(idTrabajo), [], 'tried again');
});

await t.test('an expired lease that nobody claims', async (t) => {
  const idTrabajo = await createJob(engine, 'VENCE', 2);
  const held = await claimOne(engine, 'VENCE', 'w-lost');
  await chunks(idTrabajo, 'Expira = ?', ago(50), "Poseedor = 'w-lost'");
  t.same(await kindsOf(idTrabajo), [], '50 s: a worker may be on its way');
  await sql(engine, 'UPDATE trabajo.Chunks SET Expira = ? WHERE ID_Chunk = ?', [ago(90), held.idChunk]);
  t.match(await alertsOf(idTrabajo), [
    { alerta: 'ARRIENDO_VENCIDO', idChunk: held.idChunk, detalle: /w-lost/ },
  ]);
  await withSetting('ALERTA_VENCIDO_S', '120', async () => {
    t.same(await kindsOf(idTrabajo), []);
  });
  await claim(engine, 'VENCE', 'w2', 2);
  t.same(await kindsOf(idTrabajo), []);
});

await t.test('a job in which nothing happens', async (t) => {
  const idTrabajo = await createJob(engine, 'QUIETO', 3);
  await job(idTrabajo, 'FechaCreacion = ?', ago(29 * 60));
  t.same(await kindsOf(idTrabajo), []);
  await job(idTrabajo, 'FechaCreacion = ?', ago(31 * 60));
  const [alert] = await alertsOf(idTrabajo);
  t.match(alert, { alerta: 'TRABAJO_SIN_PROGRESO', idChunk: null, detalle: /3 chunks/ });
  t.ok(Math.abs((alert?.desde?.getTime() ?? 0) - ago(31 * 60).getTime()) < 5000, 'since it was created');
  await withSetting('ALERTA_SIN_PROGRESO_MIN', '40', async () => {
    t.same(await kindsOf(idTrabajo), []);
  });

  const [held] = await claim(engine, 'QUIETO', 'w');
  t.same(await kindsOf(idTrabajo), [], 'a claim is progress');
  await chunks(idTrabajo, 'Inicio = ?', ago(40 * 60));
  t.same(await kindsOf(idTrabajo), ['TRABAJO_SIN_PROGRESO'], 'a chunk held for 40 minutes is none');
  await trabajo.completarChunk(engine, held ?? never());
  t.same(await kindsOf(idTrabajo), [], 'a completion is');
  await chunks(idTrabajo, 'Fin = ?', ago(35 * 60));
  t.same(await kindsOf(idTrabajo), ['TRABAJO_SIN_PROGRESO']);
  await chunks(idTrabajo, 'No_Antes_De = ?', ago(-600), "Estado = 'PENDIENTE'");
  t.same(await kindsOf(idTrabajo), [], 'all wait for their time');
  await chunks(idTrabajo, 'No_Antes_De = ?', ago(60), "Estado = 'PENDIENTE'");
  t.same(await kindsOf(idTrabajo), [], 'which came a minute ago');
  await chunks(idTrabajo, 'No_Antes_De = ?', ago(32 * 60), "Estado = 'PENDIENTE'");
  t.same(await kindsOf(idTrabajo), ['TRABAJO_SIN_PROGRESO']);

  const unfinished = await createJob(engine, 'SOLO', 0);
  await job(unfinished, 'FechaCreacion = ?', ago(hour));
  t.match(await alertsOf(unfinished), [{ alerta: 'TRABAJO_SIN_PROGRESO', detalle: /nadie lo ha terminado/ }]);
  await trabajo.finalizarTrabajo(engine, { idTrabajo: unfinished });
  t.same(await kindsOf(unfinished), []);
});

function never(): never {
  throw new Error('nothing was claimed');
}

await t.test('too many of a job’s chunks failed', async (t) => {
  const idTrabajo = await createJob(engine, 'MUCHOS', 6);
  const [a, b, c, d, e, f] = await claim(engine, 'MUCHOS', 'w', 6);
  if (!a || !b || !c || !d || !e || !f) throw new Error('six chunks');
  for (const chunk of [a, b, c])
    await trabajo.fallarChunk(engine, { ...chunk, error: 'x', reintentable: false });
  const many = async () => (await kindsOf(idTrabajo)).filter((kind) => kind === 'UMBRAL_FALLIDOS').length;
  t.equal(await many(), 0, 'three have ended: too few to tell');
  await trabajo.completarChunk(engine, d);
  t.equal(await many(), 1, 'three of four');
  t.match(
    (await alertsOf(idTrabajo)).find(({ alerta }) => alerta === 'UMBRAL_FALLIDOS'),
    { idChunk: null, detalle: /^3 de 4 .* 50 por ciento/ },
  );
  await withSetting('ALERTA_FALLIDOS_PCT', '75', async () => {
    t.equal(await many(), 0);
  });
  await trabajo.completarChunk(engine, e);
  await trabajo.completarChunk(engine, f);
  t.equal(await many(), 0, 'three of six: not more than half');
  await withSetting('ALERTA_FALLIDOS_PCT', '49', async () => {
    t.equal(await many(), 1);
    await trabajo.finalizarTrabajo(engine, { idTrabajo });
    t.equal(await many(), 1, 'ended, from its counts');
    await job(idTrabajo, 'FechaFin = ?', ago(25 * hour));
    t.equal(await many(), 0);
  });
});

await t.test('a job that has lived too long', async (t) => {
  const idTrabajo = await createJob(engine, 'LARGO', 2);
  await claim(engine, 'LARGO', 'w');
  await job(idTrabajo, 'FechaCreacion = ?', ago(11 * hour));
  t.same(await kindsOf(idTrabajo), []);
  await job(idTrabajo, 'FechaCreacion = ?', ago(13 * hour));
  t.match(await alertsOf(idTrabajo), [{ alerta: 'UMBRAL_DURACION', detalle: /78\d minutos/ }]);
  await withSetting('ALERTA_DURACION_MIN', '1000', async () => {
    t.same(await kindsOf(idTrabajo), []);
  });
  for (const value of ['pronto', '', '-5', '10 horas', '1e3'])
    await withSetting('ALERTA_DURACION_MIN', value, async () => {
      t.same(await kindsOf(idTrabajo), ['UMBRAL_DURACION'], `'${value}' is no number: the default`);
    });
  for (const value of ['999999', '99999999999999999999'])
    await withSetting('ALERTA_DURACION_MIN', value, async () => {
      t.same(await kindsOf(idTrabajo), [], value);
    });
  await withSetting('ALERTA_HORAS', '99999999999999999999', async () => {
    t.same(await kindsOf(idTrabajo), ['UMBRAL_DURACION'], 'a number beyond reason breaks nothing');
  });
});

await t.test('LO_PROCESOS never ends: only what failed in it lately is said', async (t) => {
  const idTrabajo = await createJob(engine, 'LO_PROCESOS', 6);
  await job(idTrabajo, 'FechaCreacion = ?', ago(1000 * hour));
  t.same(await kindsOf(idTrabajo), []);
  await chunks(idTrabajo, "Poseedor = 'viejo', Token = 1, Expira = ?", ago(hour), 'Orden = 1');
  t.same(await kindsOf(idTrabajo), []);
  await chunks(idTrabajo, "Estado = 'ERROR', Fin = ?", ago(30 * hour), 'Orden > 2');
  t.same(await kindsOf(idTrabajo), []);
  await chunks(idTrabajo, 'Fin = ?', ago(hour), 'Orden = 3');
  t.same(await kindsOf(idTrabajo), ['CHUNK_FALLIDO']);
});

/** A review of four chunks, three of which fail. */
async function failedReview(ruta: string, idArchivo: bigint | null): Promise<[bigint, bigint]> {
  const review = await startReview(engine, { ruta, idArchivo, cuts: [0, 20, 40, 60, 100] });
  for (let i = 0; i < 3; i++) {
    const chunk = await claimReview(engine, review.idTrabajo);
    await trabajo.fallarChunk(engine, { ...chunk, error: 'no such file', reintentable: false });
  }
  await finishReview(engine, review.idTrabajo);
  return [review.idTrabajo, review.idArchivo];
}

await t.test('a failed review of a log is over when a newer one of the same file is complete', async (t) => {
  const ruta = '/var/log/alerts.log';
  const said = ['CHUNK_FALLIDO', 'CHUNK_FALLIDO', 'CHUNK_FALLIDO', 'UMBRAL_FALLIDOS'];
  const [first, idArchivo] = await failedReview(ruta, null);
  t.same(await kindsOf(first), said);
  const other = await startReview(engine, { ruta: '/var/log/other.log' });
  t.match(await finishReview(engine, other.idTrabajo), { estado: 'COMPLETADO' });
  t.same(await kindsOf(first), said, 'another file');
  const [second] = await failedReview(ruta, idArchivo);
  t.same(await kindsOf(first), said, 'a newer one, which failed as well');
  const third = await startReview(engine, { ruta, idArchivo });
  t.same(await kindsOf(second), said, 'a newer one that runs');
  t.match(await finishReview(engine, third.idTrabajo), { estado: 'COMPLETADO' });
  t.same(await kindsOf(first), []);
  t.same(await kindsOf(second), []);
  t.match(await logs.buscarArchivo(engine, { ruta }), [{ idTrabajo: third.idTrabajo }]);

  const [fourth] = await failedReview(ruta, idArchivo);
  t.same(await kindsOf(fourth), said, 'an older one that is complete clears nothing');
  t.same(await kindsOf(second), []);
  const rotated = await startReview(engine, { ruta, huella: 'a'.repeat(64) });
  t.not(rotated.idArchivo, idArchivo);
  t.match(await finishReview(engine, rotated.idTrabajo), { estado: 'COMPLETADO' });
  t.same(await kindsOf(fourth), said, 'another file in its place: what failed was never read');
});

await t.test('newest first, and through the view for who reads', async (t) => {
  const all = await trabajo.alertas(engine);
  const times = all.map(({ desde }) => desde?.getTime() ?? 0);
  t.same(
    times,
    times.toSorted((x, y) => y - x),
  );
  t.ok(all.length >= 3);
  for (const role of ['carril_app', 'carril_lector'] as const)
    t.equal((await trabajo.alertas(await asRole(db, role))).length, all.length);
  const reader = await asRole(db, 'carril_lector');
  t.equal((await reader.query('SELECT Alerta FROM trabajo.vw_Alertas')).length, all.length);
});
