import t from 'tap';

import { trabajo } from '../../procedures/generated/index.js';
import { chunkRow, claim, claimOne, createJob, due, expire, failsWith } from '../leases/support.js';
import { asRole, freshDatabase } from '../testing/index.js';

const db = await freshDatabase(t);
const { engine } = db;

await t.test('a chunk is completed once, under its token', async (t) => {
  await createJob(engine, 'HACE', 2);
  const { idChunk, token } = await claimOne(engine, 'HACE', 'w');
  await failsWith(t, 50410, trabajo.completarChunk(engine, { idChunk, token: token + 1n }), /token/);
  await failsWith(t, 50400, trabajo.completarChunk(engine, { idChunk, token, resultado: 'no json' }));
  await failsWith(t, 50404, trabajo.completarChunk(engine, { idChunk: 999999n, token }));
  t.same(await trabajo.completarChunk(engine, { idChunk, token, resultado: '{"n":1}' }), {
    estado: 'COMPLETADO',
    restantes: 1,
  });
  const row = await chunkRow(engine, idChunk);
  t.match(row, { estado: 'COMPLETADO', poseedor: null, expira: null, token, resultado: '{"n":1}' });
  t.ok(row['fin'] instanceof Date);

  t.match(await trabajo.completarChunk(engine, { idChunk, token, resultado: '{"n":2}' }), {
    estado: 'COMPLETADO',
  });
  t.same(await chunkRow(engine, idChunk), row, 'the second time changes nothing');
  t.match(await trabajo.fallarChunk(engine, { idChunk, token, error: 'late' }), { estado: 'COMPLETADO' });
  t.match(await trabajo.devolverChunk(engine, { idChunk, token }), { estado: 'COMPLETADO' });
  t.same(await chunkRow(engine, idChunk), row, 'nor does a late failure');

  const last = await claimOne(engine, 'HACE', 'w');
  t.same(await trabajo.completarChunk(engine, last), { estado: 'COMPLETADO', restantes: 0 });
});

await t.test('who lost a lease changes nothing', async (t) => {
  await createJob(engine, 'PIERDE', 1);
  const old = await claimOne(engine, 'PIERDE', 'w1');
  await expire(engine, old.idChunk);
  const taken = await claimOne(engine, 'PIERDE', 'w2');
  const row = await chunkRow(engine, old.idChunk);
  await failsWith(t, 50410, trabajo.completarChunk(engine, old));
  await failsWith(t, 50410, trabajo.fallarChunk(engine, { ...old, error: 'x' }));
  await failsWith(t, 50410, trabajo.devolverChunk(engine, old));
  t.same(await trabajo.renovarChunks(engine, { poseedor: 'w1', arriendoS: 60, chunks: [old] }), [
    { idChunk: old.idChunk, token: 1n, situacion: 'PERDIDO' },
  ]);
  t.same(await chunkRow(engine, old.idChunk), row);
  t.match(await trabajo.completarChunk(engine, taken), { estado: 'COMPLETADO' });
});

await t.test(
  'time alone takes nothing away: an expired lease that nobody claimed is still its holder’s',
  async (t) => {
    await createJob(engine, 'TARDE', 2);
    const [a, b] = await claim(engine, 'TARDE', 'w1', 2);
    if (a === undefined || b === undefined) throw new Error('two chunks');
    await expire(engine, a.idChunk);
    await expire(engine, b.idChunk);
    t.match(await trabajo.renovarChunks(engine, { poseedor: 'w1', arriendoS: 30, chunks: [a] }), [
      { situacion: 'RENOVADO' },
    ]);
    t.match(await trabajo.completarChunk(engine, b), { estado: 'COMPLETADO' });
  },
);

await t.test('giving back costs no attempt', async (t) => {
  await createJob(engine, 'DEVUELVE', 1);
  const { idChunk, token } = await claimOne(engine, 'DEVUELVE', 'w');
  t.same(await trabajo.devolverChunk(engine, { idChunk, token }), { estado: 'PENDIENTE' });
  t.match(await chunkRow(engine, idChunk), {
    poseedor: null,
    expira: null,
    no_antes_de: null,
    intento: 0,
    token,
  });
  t.same(await trabajo.devolverChunk(engine, { idChunk, token }), { estado: 'PENDIENTE' }, 'twice is once');
  t.match(await chunkRow(engine, idChunk), { intento: 0 });
  await failsWith(t, 50410, trabajo.completarChunk(engine, { idChunk, token }), /devuelto/);
  t.match(await claimOne(engine, 'DEVUELVE', 'w'), { idChunk, token: 2n, intento: 1 });
});

await t.test('a failure backs off, and ends in ERROR after the last attempt', async (t) => {
  const idTrabajo = await createJob(engine, 'FALLA', 1);
  let idChunk = 0n;
  for (const attempt of [1, 2]) {
    const chunk = await claimOne(engine, 'FALLA', 'w');
    ({ idChunk } = chunk);
    const before = Date.now();
    const failed = await trabajo.fallarChunk(engine, { ...chunk, error: `attempt ${attempt}` });
    t.match(failed, { estado: 'PENDIENTE', intento: attempt, restantes: 1 });
    const wait = (failed.noAntesDe?.getTime() ?? 0) - before;
    // the server's clock is this machine's, give or take
    t.ok(wait > -500 && wait < 2000 * 2 ** (attempt - 1) + 1000, `${wait} ms after attempt ${attempt}`);
    t.match(await chunkRow(engine, idChunk), { ultimo_error: `attempt ${attempt}`, poseedor: null });
    const again = await trabajo.fallarChunk(engine, { ...chunk, error: 'again' });
    t.same(again, failed, 'twice is once');
    await due(engine, idChunk);
  }
  const chunk = await claimOne(engine, 'FALLA', 'w');
  t.same(await trabajo.fallarChunk(engine, { ...chunk, error: 'the end' }), {
    estado: 'ERROR',
    intento: 3,
    noAntesDe: null,
    restantes: 0,
  });
  t.match(await chunkRow(engine, idChunk), { estado: 'ERROR', ultimo_error: 'the end', poseedor: null });
  t.same(await claim(engine, 'FALLA', 'w'), []);
  t.match(await trabajo.finalizarTrabajo(engine, { idTrabajo }), {
    estado: 'ERROR',
    finalizado: true,
    fallidos: 1,
  });
});

await t.test('the wait after the tenth attempt is 5 minutes at most', async (t) => {
  await createJob(engine, 'ESPERA', 20, { maxIntentos: 50 });
  const claimed = await claim(engine, 'ESPERA', 'w', 20);
  await engine.query("UPDATE trabajo.Chunks SET Intento = 20 WHERE Poseedor = 'w'");
  const waits: number[] = [];
  for (const chunk of claimed) {
    const failed = await trabajo.fallarChunk(engine, { ...chunk, error: 'x' });
    waits.push((failed.noAntesDe?.getTime() ?? 0) - Date.now());
  }
  t.ok(Math.max(...waits) < 300_500, `at most ${Math.max(...waits)} ms`);
  t.ok(new Set(waits.map((wait) => Math.round(wait / 1000))).size > 3, 'and they are spread');
});

await t.test('what is not retryable ends at once', async (t) => {
  await createJob(engine, 'NUNCA', 1);
  const chunk = await claimOne(engine, 'NUNCA', 'w');
  await failsWith(t, 50400, trabajo.fallarChunk(engine, { ...chunk, error: ' ' }));
  const error = `${'x'.repeat(3999)}ñ`;
  t.match(await trabajo.fallarChunk(engine, { ...chunk, error, reintentable: false }), {
    estado: 'ERROR',
    intento: 1,
  });
  t.match(await chunkRow(engine, chunk.idChunk), { ultimo_error: error });
  t.match(await trabajo.fallarChunk(engine, { ...chunk, error: 'again' }), { estado: 'ERROR' });
  await failsWith(t, 50410, trabajo.completarChunk(engine, chunk));
});

await t.test('a heartbeat says what became of each chunk', async (t) => {
  const idTrabajo = await createJob(engine, 'LATE', 5);
  const [alive, done, back, failed, lost] = await claim(engine, 'LATE', 'w', 5);
  if (!alive || !done || !back || !failed || !lost) throw new Error('five chunks');
  await expire(engine, lost.idChunk);
  t.match(await claim(engine, 'LATE', 'other'), [{ idChunk: lost.idChunk }]);
  await trabajo.completarChunk(engine, done);
  await trabajo.devolverChunk(engine, back);
  await trabajo.fallarChunk(engine, { ...failed, error: 'x', reintentable: false });

  const chunks = [alive, done, back, failed, lost];
  const said = await trabajo.renovarChunks(engine, { poseedor: 'w', arriendoS: 600, chunks });
  t.same(
    said.map(({ situacion }) => situacion),
    ['RENOVADO', 'TERMINADO', 'TERMINADO', 'TERMINADO', 'PERDIDO'],
  );
  const row = await chunkRow(engine, alive.idChunk);
  t.ok((row['expira'] as Date).getTime() - Date.now() > 500_000, 'renewed for 600 s');
  t.match(await trabajo.renovarChunks(engine, { poseedor: 'thief', arriendoS: 30, chunks: [alive] }), [
    { situacion: 'PERDIDO' },
  ]);
  t.same(await trabajo.renovarChunks(engine, { poseedor: 'w', arriendoS: 30, chunks: [] }), []);
  await failsWith(t, 50400, trabajo.renovarChunks(engine, { poseedor: 'w', arriendoS: 0, chunks }));
  await failsWith(t, 50400, trabajo.renovarChunks(engine, { poseedor: '', arriendoS: 30, chunks }));

  await trabajo.cancelarTrabajo(engine, { idTrabajo });
  t.match(await trabajo.renovarChunks(engine, { poseedor: 'w', arriendoS: 30, chunks: [alive, back] }), [
    { idChunk: alive.idChunk, situacion: 'CANCELADO' },
    { idChunk: back.idChunk, situacion: 'CANCELADO' },
  ]);
});

await t.test('carril_app calls the entry procedures and reaches nothing behind them', async (t) => {
  const app = await asRole(db, 'carril_app');
  const idTrabajo = await createJob(app, 'ROL', 3);
  const chunk = await claimOne(app, 'ROL', 'w');
  t.match(await trabajo.renovarChunks(app, { poseedor: 'w', arriendoS: 30, chunks: [chunk] }), [
    { situacion: 'RENOVADO' },
  ]);
  t.match(await trabajo.completarChunk(app, chunk), { estado: 'COMPLETADO' });
  t.match(await trabajo.fallarChunk(app, { ...(await claimOne(app, 'ROL', 'w')), error: 'x' }), {
    estado: 'PENDIENTE',
  });
  t.match(await trabajo.devolverChunk(app, await claimOne(app, 'ROL', 'w')), { estado: 'PENDIENTE' });
  t.match(await trabajo.cancelarTrabajo(app, { idTrabajo }), { cancelados: 2 });
  t.match(await trabajo.finalizarTrabajo(app, { idTrabajo }), { estado: 'CANCELADO', finalizado: true });
  t.match(await trabajo.estadoTrabajo(app, { idTrabajo }), { completados: 1, cancelados: 2 });
  t.match(await trabajo.trabajosVivos(app, { tipos: [{ tipo: 'ROL' }] }), { vivos: 0 });
  t.same(await trabajo.trabajosPorFinalizar(app, { tipos: [{ tipo: 'ROL' }] }), []);

  const forbidden: (() => Promise<unknown>)[] = [
    () => app.query('SELECT ID_Chunk FROM trabajo.Chunks'),
    () => app.query('UPDATE trabajo.Chunks SET Token = 99'),
    () => trabajo.tomarChunk(app, { idChunk: chunk.idChunk, token: chunk.token }),
    () => trabajo.cerrarChunk(app, { idChunk: chunk.idChunk, token: 1n, estado: 'ERROR' }),
    () => trabajo.cerrarTrabajo(app, { idTrabajo }),
    () => trabajo.barrerCancelado(app, { idTrabajo }),
    () => trabajo.registrarFallo(app, { idChunk: chunk.idChunk, token: 1n, error: 'x' }),
    () => trabajo.bloquear(app, { recurso: 'x', modo: 'Exclusive', esperaMs: 0 }),
  ];
  for (const call of forbidden) await t.rejects(call(), { code: 'PERMISSION' });

  const reader = await asRole(db, 'carril_lector');
  t.match(await trabajo.estadoTrabajo(reader, { idTrabajo }), { estado: 'CANCELADO' });
  t.ok((await reader.query('SELECT ID_Chunk FROM trabajo.vw_Chunks')).length > 0);
  t.ok((await reader.query('SELECT ID_Trabajo FROM trabajo.vw_Trabajos')).length > 0);
  await t.rejects(reader.query('SELECT ID_Chunk FROM trabajo.Chunks'), { code: 'PERMISSION' });
  await t.rejects(claim(reader, 'ROL', 'w'), { code: 'PERMISSION' });
  await t.rejects(trabajo.cancelarTrabajo(reader, { idTrabajo }), { code: 'PERMISSION' });
});
