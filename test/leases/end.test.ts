/** Cancelling and finalizing while others claim and complete. */
import t from 'tap';

import { trabajo } from '../../procedures/generated/index.js';
import { freshDatabase, waitUntilBlocked } from '../testing/index.js';
import { claim, claimOne, createJob, failsWith, gate, sql } from './support.js';

const { engine } = await freshDatabase(t, { connect: { poolMax: 12 } });

await t.test('of many finalizers at once one does it', async (t) => {
  for (let round = 0; round < 5; round++) {
    const idTrabajo = await createJob(engine, 'FIN', 3);
    for (const chunk of await claim(engine, 'FIN', 'w', 3)) await trabajo.completarChunk(engine, chunk);
    const results = await Promise.all(
      Array.from({ length: 8 }, () => trabajo.finalizarTrabajo(engine, { idTrabajo })),
    );
    t.equal(results.filter(({ finalizado }) => finalizado).length, 1);
    t.ok(results.every(({ estado, completados }) => estado === 'COMPLETADO' && completados === 3));
  }
});

await t.test('lanes that finalize after each completion end the job, exactly once', async (t) => {
  for (let round = 0; round < 5; round++) {
    const idTrabajo = await createJob(engine, 'CARRILES', 24);
    let finalized = 0;
    await Promise.all(
      Array.from({ length: 6 }, async (_, i) => {
        for (;;) {
          const [chunk] = await claim(engine, 'CARRILES', `w${i}`);
          if (chunk === undefined) break;
          await trabajo.completarChunk(engine, chunk);
          if ((await trabajo.finalizarTrabajo(engine, { idTrabajo })).finalizado) finalized++;
        }
      }),
    );
    t.equal(finalized, 1);
    t.match(await trabajo.estadoTrabajo(engine, { idTrabajo }), { estado: 'COMPLETADO', completados: 24 });
  }
});

await t.test('a finalizer waits for nobody who works', async (t) => {
  const idTrabajo = await createJob(engine, 'SIGUE', 2);
  const [a, b] = await claim(engine, 'SIGUE', 'w', 2);
  if (!a || !b) throw new Error('two chunks');
  const working = gate();
  const finish = gate();
  const worker = engine.transaction(async (session) => {
    await trabajo.tomarChunk(session, { idChunk: a.idChunk, token: a.token });
    working.open();
    await finish.opened;
    await trabajo.completarChunk(session, a);
  });
  await working.opened;
  await trabajo.completarChunk(engine, b);
  t.match(await trabajo.finalizarTrabajo(engine, { idTrabajo }), {
    finalizado: false,
    estado: 'EN_PROGRESO',
  });
  finish.open();
  await worker;
  t.match(await trabajo.finalizarTrabajo(engine, { idTrabajo }), { finalizado: true, estado: 'COMPLETADO' });
});

await t.test('cancelling waits for a claim in its transaction, and no claim comes after it', async (t) => {
  const idTrabajo = await createJob(engine, 'CORTA', 3);
  const taken = gate();
  const commit = gate();
  const claiming = engine.transaction(async (session) => {
    const chunk = await claimOne(session, 'CORTA', 'w1');
    taken.open();
    await commit.opened;
    return chunk;
  });
  await taken.opened;
  const cancelling = trabajo.cancelarTrabajo(engine, { idTrabajo });
  await waitUntilBlocked(engine);
  t.same(await claim(engine, 'CORTA', 'w2'), [], 'who asks meanwhile does not wait');
  commit.open();
  const chunk = await claiming;
  t.same(await cancelling, { estado: 'EN_PROGRESO', cancelados: 2 });
  await failsWith(t, 50499, trabajo.completarChunk(engine, chunk));
  t.same(await trabajo.devolverChunk(engine, chunk), { estado: 'CANCELADO' });
  t.match(await trabajo.finalizarTrabajo(engine, { idTrabajo }), { estado: 'CANCELADO', cancelados: 3 });
});

await t.test('work that began before a cancel commits; the next call learns it', async (t) => {
  const idTrabajo = await createJob(engine, 'ACABA', 2);
  const [a, b] = await claim(engine, 'ACABA', 'w', 2);
  if (!a || !b) throw new Error('two chunks');
  const working = gate();
  const finish = gate();
  const worker = engine.transaction(async (session) => {
    await trabajo.completarChunk(session, a);
    working.open();
    await finish.opened;
  });
  await working.opened;
  t.same(await trabajo.cancelarTrabajo(engine, { idTrabajo }), { estado: 'EN_PROGRESO', cancelados: 0 });
  finish.open();
  await worker;
  await failsWith(t, 50499, trabajo.completarChunk(engine, b));
  await trabajo.devolverChunk(engine, b);
  t.match(await trabajo.finalizarTrabajo(engine, { idTrabajo }), {
    estado: 'CANCELADO',
    completados: 1,
    cancelados: 1,
  });
});

await t.test(
  'claims, completions, failures and a cancel at once: every chunk ends, none twice, no deadlock',
  async (t) => {
    for (let round = 0; round < 3; round++) {
      const idTrabajo = await createJob(engine, 'TODO', 120, { maxIntentos: 2 });
      await Promise.all([
        ...Array.from({ length: 6 }, async (_, i) => {
          for (let n = 0; ; n++) {
            const [chunk] = await claim(engine, 'TODO', `w${i}`);
            if (chunk === undefined) break;
            const call =
              n % 3 === 0
                ? trabajo.devolverChunk(engine, chunk)
                : n % 3 === 1
                  ? trabajo.fallarChunk(engine, { ...chunk, error: 'x', reintentable: false })
                  : trabajo.completarChunk(engine, chunk);
            await call.catch(async (error: unknown) => {
              t.equal((error as { number?: number }).number, 50499);
              await trabajo.devolverChunk(engine, chunk);
            });
          }
        }),
        (async () => {
          while ((await trabajo.estadoTrabajo(engine, { idTrabajo })).fallidos < 10)
            await new Promise(setImmediate);
          await trabajo.cancelarTrabajo(engine, { idTrabajo });
        })(),
      ]);
      const ended = await trabajo.finalizarTrabajo(engine, { idTrabajo });
      t.match(ended, { finalizado: true, estado: 'CANCELADO', total: 120 });
      t.equal((ended.completados ?? 0) + (ended.fallidos ?? 0) + (ended.cancelados ?? 0), 120);
      const rows = await sql(
        engine,
        "SELECT COUNT(*) AS n FROM trabajo.Chunks WHERE ID_Trabajo = ? AND (Estado = 'PENDIENTE' OR Poseedor IS NOT NULL OR Fin IS NULL)",
        [idTrabajo],
      );
      t.equal(Number(rows[0]?.['n']), 0);
    }
    if (engine.dialect === 'postgres') {
      const [row] = await engine.query(
        'SELECT deadlocks::int AS n FROM pg_catalog.pg_stat_database WHERE datname = current_database()',
      );
      t.equal(row?.['n'], 0);
    }
  },
);
