/** Splitting, retrying and purging while others claim, work and finalize. */
import t from 'tap';

import { ProcedureError } from '../../engine/index.js';
import type { Session } from '../../engine/index.js';
import { trabajo } from '../../procedures/generated/index.js';
import { freshDatabase, waitUntilBlocked } from '../testing/index.js';
import { chunkRow, claim, claimOne, createJob, failsWith, gate, sql } from './support.js';

const { engine } = await freshDatabase(t, { connect: { poolMax: 14 } });
const error = 'out of memory';

async function rangeJob(tipo: string, rangoFin: bigint, more: Partial<trabajo.CrearTrabajoArgs> = {}) {
  return await createJob(engine, tipo, 0, {
    chunks: [{ orden: 1, rangoInicio: 0n, rangoFin, peso: 8 }],
    ...more,
  });
}

/** Runs `inside` in a transaction that stays open until `finish` is opened. */
function held<T>(inside: (session: Session) => Promise<T>) {
  const begun = gate();
  const finish = gate();
  const done = engine.transaction(async (session) => {
    const result = await inside(session);
    begun.open();
    await finish.opened;
    return result;
  });
  return { begun: begun.opened, finish: finish.open, done };
}

await t.test('a finalizer that has the job waits for nobody; the split comes after it', async (t) => {
  const idTrabajo = await rangeJob('ANTES', 10n);
  const chunk = await claimOne(engine, 'ANTES', 'w');
  const finalizer = held(async (session) => {
    await trabajo.bloquear(session, {
      recurso: `carril:trabajo:${idTrabajo}`,
      modo: 'Exclusive',
      esperaMs: 0,
    });
    return await trabajo.cerrarTrabajo(session, { idTrabajo });
  });
  await finalizer.begun;
  const splitting = trabajo.partirChunk(engine, { ...chunk, error });
  await waitUntilBlocked(engine);
  t.match(await chunkRow(engine, chunk.idChunk), { poseedor: 'w' }, 'nothing of it has happened');
  finalizer.finish();
  t.match(await finalizer.done, { cerrado: false, estado: 'EN_PROGRESO' });
  t.match(await splitting, { partido: true, restantes: 1 });
});

await t.test(
  'a finalizer that comes during a split sees the chunk or its halves, never neither',
  async (t) => {
    const idTrabajo = await rangeJob('DURANTE', 10n);
    const chunk = await claimOne(engine, 'DURANTE', 'w');
    const split = held((session) => trabajo.partirChunk(session, { ...chunk, error }));
    await split.begun;
    // it looks without a lock first, and sees the chunk as it was
    t.match(await trabajo.finalizarTrabajo(engine, { idTrabajo }), { finalizado: false });
    // one that counts waits for the split
    const counting = engine.transaction(async (session) => {
      await trabajo.bloquear(session, {
        recurso: `carril:trabajo:${idTrabajo}`,
        modo: 'Exclusive',
        esperaMs: 15_000,
      });
      return await trabajo.cerrarTrabajo(session, { idTrabajo });
    });
    await waitUntilBlocked(engine);
    t.same(await claim(engine, 'DURANTE', 'w2', 5), [], 'a claim waits for nobody');
    split.finish();
    t.match(await split.done, { partido: true });
    t.match(await counting, { cerrado: false });
    t.equal((await claim(engine, 'DURANTE', 'w2', 5)).length, 2);
  },
);

await t.test('a split waits for a claim in its transaction', async (t) => {
  await createJob(engine, 'RECLAMO', 0, {
    chunks: [
      { orden: 1, rangoInicio: 0n, rangoFin: 10n, peso: 2 },
      { orden: 2, peso: 1 },
    ],
  });
  const chunk = await claimOne(engine, 'RECLAMO', 'w1');
  const claiming = held((session) => claimOne(session, 'RECLAMO', 'w2'));
  await claiming.begun;
  const splitting = trabajo.partirChunk(engine, { ...chunk, error });
  await waitUntilBlocked(engine);
  claiming.finish();
  t.match(await claiming.done, { orden: 2 });
  t.match(await splitting, { partido: true });
});

await t.test('a repeated split waits for its own orphaned session and says what that did', async (t) => {
  const idTrabajo = await rangeJob('HUERFANA', 10n);
  const chunk = await claimOne(engine, 'HUERFANA', 'w');
  const orphan = held((session) => trabajo.partirChunk(session, { ...chunk, error }));
  await orphan.begun;
  const again = trabajo.partirChunk(engine, { ...chunk, error });
  await waitUntilBlocked(engine);
  orphan.finish();
  t.same(await again, await orphan.done);
  t.match(await trabajo.estadoTrabajo(engine, { idTrabajo }), { total: 2, omitidos: 1 });
});

await t.test(
  'lanes that split what is large and finalize after each end: every unit once, ended once',
  async (t) => {
    const units = 256n;
    for (let round = 0; round < 3; round++) {
      const idTrabajo = await rangeJob('LANES', units, { maxIntentos: 5 });
      let finalized = 0;
      await Promise.all(
        Array.from({ length: 6 }, async (_, i) => {
          for (let idle = 0; idle < 200;) {
            const [chunk] = await claim(engine, 'LANES', `w${i}`);
            if (chunk === undefined) {
              // a claim is refused while somebody splits: an empty answer proves nothing
              if ((await trabajo.finalizarTrabajo(engine, { idTrabajo })).finalizado) finalized++;
              if ((await trabajo.estadoTrabajo(engine, { idTrabajo })).fechaFin !== null) break;
              idle++;
              continue;
            }
            const length = (chunk.rangoFin ?? 0n) - (chunk.rangoInicio ?? 0n);
            if (length > 8n) await trabajo.partirChunk(engine, { ...chunk, error });
            else await trabajo.completarChunk(engine, chunk);
            if ((await trabajo.finalizarTrabajo(engine, { idTrabajo })).finalizado) finalized++;
          }
        }),
      );
      t.equal(finalized, 1);
      t.match(await trabajo.estadoTrabajo(engine, { idTrabajo }), {
        estado: 'COMPLETADO',
        total: 32,
        completados: 32,
        omitidos: 31,
        pesoTotal: 8,
      });
      const done = await sql(
        engine,
        "SELECT Rango_Inicio, Rango_Fin FROM trabajo.Chunks WHERE ID_Trabajo = ? AND Estado = 'COMPLETADO' ORDER BY Rango_Inicio",
        [idTrabajo],
      );
      let at = 0n;
      for (const row of done) {
        t.equal(row['rango_inicio'], at);
        at = row['rango_fin'] as bigint;
      }
      t.equal(at, units);
    }
  },
);

/** A job of that many chunks, all of them failed, and ended. */
async function failedJob(tipo: string, count: number) {
  const idTrabajo = await createJob(engine, tipo, count, { maxIntentos: 1 });
  const chunks = await trabajo.reclamarChunks(engine, { poseedor: 'w', maximo: count, idTrabajo });
  for (const chunk of chunks) await trabajo.fallarChunk(engine, { ...chunk, error: 'x' });
  const { estado } = await trabajo.finalizarTrabajo(engine, { idTrabajo });
  if (estado !== 'ERROR') throw new Error(`the job is ${estado}`);
  return { idTrabajo, chunks };
}

await t.test('a claim beside a retry does not wait, and takes what came back once it is there', async (t) => {
  const { idTrabajo, chunks } = await failedJob('RETORNA', 3);
  const retry = held((session) => trabajo.reintentarTrabajo(session, { idTrabajo }));
  await retry.begun;
  t.same(await claim(engine, 'RETORNA', 'w2', 5), []);
  retry.finish();
  t.same(await retry.done, { estado: 'EN_PROGRESO', reintentados: 3 });
  const back = await claim(engine, 'RETORNA', 'w2', 5);
  t.same(
    back.map(({ idChunk, token, intento }) => ({ idChunk, token, intento })),
    chunks.map(({ idChunk }) => ({ idChunk, token: 2n, intento: 1 })),
  );
  for (const chunk of chunks) await failsWith(t, 50410, trabajo.completarChunk(engine, chunk), /token/);
});

await t.test('a retry waits for an old holder that is still in its transaction', async (t) => {
  const { idTrabajo, chunks } = await failedJob('ESPERA', 1);
  const [old] = chunks;
  if (old === undefined) throw new Error('one chunk');
  const holder = held((session) =>
    trabajo.tomarChunk(session, { idChunk: old.idChunk, token: old.token, exigir: false }),
  );
  await holder.begun;
  const retry = trabajo.reintentarTrabajo(engine, { idTrabajo });
  await waitUntilBlocked(engine);
  holder.finish();
  await holder.done;
  t.same(await retry, { estado: 'EN_PROGRESO', reintentados: 1 });
});

await t.test('of many retries at once each chunk comes back once', async (t) => {
  const { idTrabajo } = await failedJob('VARIOS', 40);
  const results = await Promise.all(
    Array.from({ length: 8 }, () => trabajo.reintentarTrabajo(engine, { idTrabajo })),
  );
  t.equal(
    results.reduce((sum, { reintentados }) => sum + reintentados, 0),
    40,
  );
  t.match(await trabajo.estadoTrabajo(engine, { idTrabajo }), { estado: 'EN_PROGRESO', pendientes: 40 });
});

await t.test(
  'a retry that comes with the finalizer: the job ends with its chunks ended, or lives',
  async (t) => {
    for (let round = 0; round < 10; round++) {
      const idTrabajo = await createJob(engine, 'CRUCE', 2, { maxIntentos: 1 });
      const [a, b] = await claim(engine, 'CRUCE', 'w', 2);
      if (!a || !b) throw new Error('two chunks');
      await trabajo.fallarChunk(engine, { ...a, error: 'x' });
      await trabajo.completarChunk(engine, b);
      await Promise.all([
        trabajo.finalizarTrabajo(engine, { idTrabajo }),
        trabajo.reintentarTrabajo(engine, { idTrabajo }),
        trabajo.finalizarTrabajo(engine, { idTrabajo }),
      ]);
      t.match(await trabajo.estadoTrabajo(engine, { idTrabajo }), { estado: 'EN_PROGRESO', pendientes: 1 });
      await trabajo.completarChunk(engine, await claimOne(engine, 'CRUCE', 'w'));
      t.match(await trabajo.finalizarTrabajo(engine, { idTrabajo }), {
        estado: 'COMPLETADO',
        completados: 2,
      });
    }
  },
);

await t.test('a purge skips a job that somebody brings back to life', async (t) => {
  const { idTrabajo } = await failedJob('REVIVE', 3);
  const other = await failedJob('REVIVE', 2);
  const antesDe = new Date(Date.now() + 60_000);
  const retry = held((session) => trabajo.reintentarTrabajo(session, { idTrabajo }));
  await retry.begun;
  t.same(await trabajo.purgarTrabajos(engine, { antesDe, tipo: 'REVIVE' }), {
    trabajos: 1,
    chunks: 2,
    otros: 0,
    quedan: false,
  });
  retry.finish();
  await retry.done;
  t.match(await trabajo.purgarTrabajos(engine, { antesDe, tipo: 'REVIVE' }), { trabajos: 0, chunks: 0 });
  t.equal((await claim(engine, 'REVIVE', 'w2', 5)).length, 3, 'whole');
  await failsWith(t, 50404, trabajo.reintentarTrabajo(engine, { idTrabajo: other.idTrabajo }));
});

await t.test('a purge that was held up looks again before it deletes', async (t) => {
  const first = await failedJob('MIRA', 1);
  const second = await failedJob('MIRA', 2);
  const antesDe = new Date(Date.now() + 60_000);
  const [chunk] = first.chunks;
  if (chunk === undefined) throw new Error('one chunk');
  const row = held((session) =>
    sql(session, 'UPDATE trabajo.Chunks SET Ultimo_Error = Ultimo_Error WHERE ID_Chunk = ?', [chunk.idChunk]),
  );
  await row.begun;
  const purging = trabajo.purgarTrabajos(engine, { antesDe, tipo: 'MIRA' });
  await waitUntilBlocked(engine);
  t.match(await trabajo.reintentarTrabajo(engine, { idTrabajo: second.idTrabajo }), { reintentados: 2 });
  row.finish();
  await row.done;
  t.match(await purging, { trabajos: 1, chunks: 1 });
  t.match(await trabajo.estadoTrabajo(engine, second), { estado: 'EN_PROGRESO', pendientes: 2 });
});

await t.test('retries and purges at once: a job is there with all its chunks, or gone', async (t) => {
  for (let round = 0; round < 6; round++) {
    const jobs = await Promise.all(Array.from({ length: 6 }, () => failedJob('AZAR', 4)));
    const antesDe = new Date(Date.now() + 60_000);
    await Promise.all([
      ...jobs.map(({ idTrabajo }) =>
        trabajo.reintentarTrabajo(engine, { idTrabajo }).catch((error: unknown) => {
          if (!(error instanceof ProcedureError) || error.number !== 50404) throw error;
        }),
      ),
      ...Array.from({ length: 3 }, () => trabajo.purgarTrabajos(engine, { antesDe, tipo: 'AZAR' })),
    ]);
    for (const { idTrabajo } of jobs) {
      const chunks = await sql(engine, 'SELECT Estado FROM trabajo.Chunks WHERE ID_Trabajo = ?', [idTrabajo]);
      const [job] = await sql(engine, 'SELECT Estado FROM trabajo.Trabajos WHERE ID_Trabajo = ?', [
        idTrabajo,
      ]);
      if (job === undefined) t.equal(chunks.length, 0);
      else {
        t.equal(chunks.length, 4);
        t.ok(
          chunks.every(({ estado }) => estado === (job['estado'] === 'EN_PROGRESO' ? 'PENDIENTE' : 'ERROR')),
        );
      }
    }
  }
});
