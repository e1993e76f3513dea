/** Several sessions on one log review: who holds a chunk writes its blocks, whoever else tries writes nothing. */
import t from 'tap';

import type { Session } from '../../engine/index.js';
import { logs, trabajo } from '../../procedures/generated/index.js';
import { freshDatabase, waitUntilBlocked } from '../testing/index.js';
import {
  block,
  blocksOf,
  claimReview,
  finishReview,
  sha256,
  startReview,
  startsOf,
  store,
} from './reviews.js';
import { chunkRow, expire, failsWith, gate, sql } from './support.js';

const { engine } = await freshDatabase(t, { connect: { poolMax: 14 } });

/** Runs `work` in a transaction that stays open until `end`; then it commits, or rolls back. */
async function inTransaction<R>(
  work: (session: Session) => Promise<R>,
): Promise<{ result: R; commit: () => Promise<void>; rollback: () => Promise<void> }> {
  const did = gate();
  const end = gate();
  const rolledBack = new Error('rolled back');
  let [dies, result] = [false, undefined as R | undefined];
  const open = engine.transaction(async (session) => {
    result = await work(session);
    did.open();
    await end.opened;
    if (dies) throw rolledBack;
  });
  await Promise.race([did.opened, open]);
  const close = async (die: boolean) => {
    dies = die;
    end.open();
    await open.catch((error: unknown) => {
      if (error !== rolledBack) throw error;
    });
  };
  return { result: result as R, commit: () => close(false), rollback: () => close(true) };
}

await t.test('the old holder of a chunk that was taken over is refused and writes nothing', async (t) => {
  const { idTrabajo, idArchivo } = await startReview(engine, { ruta: '/taken.log' });
  const old = await claimReview(engine, idTrabajo, 'old');
  await store(engine, old, [block(5)], { hasta: 50n, completar: false });
  await expire(engine, old.idChunk);
  const chunk = await claimReview(engine, idTrabajo, 'new');
  t.equal(chunk.token, 2n);
  await failsWith(t, 50410, store(engine, old, [block(70)], { desde: 50n }), /token/);
  t.same(await startsOf(engine, idArchivo), [5]);

  // and while the new one is in the middle of its call
  const working = await inTransaction((session) => store(session, chunk, [block(1), block(80)]));
  const late = failsWith(t, 50410, store(engine, old, [block(70)]), /token/);
  await waitUntilBlocked(engine);
  await working.commit();
  await late;
  t.same(await startsOf(engine, idArchivo), [1, 80]);
  t.match(await chunkRow(engine, chunk.idChunk), {
    estado: 'COMPLETADO',
    token: 2n,
    resultado: '{"bloques":2}',
  });
});

await t.test('a chunk whose old holder is in the middle of storing is not taken over', async (t) => {
  const { idTrabajo, idArchivo } = await startReview(engine, { ruta: '/slow.log' });
  const chunk = await claimReview(engine, idTrabajo, 'slow');
  await expire(engine, chunk.idChunk);
  const storing = await inTransaction((session) => store(session, chunk, [block(5)]));
  await t.rejects(claimReview(engine, idTrabajo, 'next'), /nothing/, 'it is skipped, without waiting');
  await storing.commit();
  t.same(await startsOf(engine, idArchivo), [5]);
  t.match(await logs.finalizarRevision(engine, { idTrabajo }), { estado: 'COMPLETADO', completados: 1 });
});

await t.test('a call repeated beside its orphan waits for it and stores nothing twice', async (t) => {
  const { idTrabajo, idArchivo } = await startReview(engine, { ruta: '/orphan.log' });
  const chunk = await claimReview(engine, idTrabajo);
  const orphan = await inTransaction((session) => store(session, chunk, [block(5), block(20)]));
  const repeated = store(engine, chunk, [block(5), block(20)]);
  await waitUntilBlocked(engine);
  await orphan.commit();
  t.same(await repeated, { estado: 'COMPLETADO', bloques: 0, restantes: 0 });
  t.same(await startsOf(engine, idArchivo), [5, 20]);
});

await t.test('beside an orphan that rolls back, the repeated call stores them itself', async (t) => {
  const { idTrabajo, idArchivo } = await startReview(engine, { ruta: '/orphan-dies.log' });
  const chunk = await claimReview(engine, idTrabajo);
  const orphan = await inTransaction((session) => store(session, chunk, [block(5), block(20)]));
  const repeated = store(engine, chunk, [block(5), block(20)]);
  await waitUntilBlocked(engine);
  await orphan.rollback();
  t.same(await repeated, { estado: 'COMPLETADO', bloques: 2, restantes: 0 });
  t.same(await startsOf(engine, idArchivo), [5, 20]);
});

await t.test('lanes of one file do not wait for each other, even where an attempt is replaced', async (t) => {
  const cuts = [0, 100, 200, 300];
  const { idTrabajo, idArchivo } = await startReview(engine, { ruta: '/lanes.log', cuts });
  // each has stored parts before, up to its very edges
  const first = await Promise.all(cuts.slice(1).map((_, i) => claimReview(engine, idTrabajo, `old ${i}`)));
  for (const chunk of first) {
    const from = Number(chunk.rangoInicio);
    await store(engine, chunk, [block(from), block(from + 50), block(from + 90)], { completar: false });
    await expire(engine, chunk.idChunk);
  }
  const open = [];
  for (let i = 0; i < first.length; i++) {
    const chunk = await claimReview(engine, idTrabajo, `new ${i}`);
    const from = Number(chunk.rangoInicio);
    // would hang, and fail for its time, if it had to wait for the one before
    open.push(await inTransaction((session) => store(session, chunk, [block(from), block(from + 99)])));
  }
  await Promise.all(open.map(({ commit }) => commit()));
  t.same(await startsOf(engine, idArchivo), [0, 99, 100, 199, 200, 299]);
  t.match(await logs.finalizarRevision(engine, { idTrabajo }), { estado: 'COMPLETADO', completados: 3 });
});

await t.test('two scans that start at once join', async (t) => {
  const ruta = '/at-once.log';
  const first = await inTransaction((session) => startReview(session, { ruta, cuts: [0, 50, 100] }));
  const second = startReview(engine, { ruta, cuts: [0, 30, 100] });
  await waitUntilBlocked(engine);
  await first.commit();
  t.same(await second, { ...first.result, creado: false });
  t.match(await trabajo.estadoTrabajo(engine, { idTrabajo: first.result.idTrabajo }), { total: 2 });

  for (let round = 0; round < 3; round++) {
    const many = await Promise.all(
      Array.from({ length: 8 }, () => startReview(engine, { ruta: `/many-${round}.log` })),
    );
    t.equal(many.filter(({ creado }) => creado).length, 1);
    t.equal(new Set(many.map(({ idTrabajo }) => idTrabajo)).size, 1);
    t.equal(new Set(many.map(({ idArchivo }) => idArchivo)).size, 1);
  }
});

await t.test(
  'the second starts by itself when the first rolls back, and is refused when it wants another',
  async (t) => {
    const ruta = '/at-once-dies.log';
    const first = await inTransaction((session) => startReview(session, { ruta }));
    const second = startReview(engine, { ruta });
    await waitUntilBlocked(engine);
    await first.rollback();
    t.match(await second, { creado: true });

    const grown = await inTransaction((session) => startReview(session, { ruta: '/at-once-grown.log' }));
    const longer = failsWith(
      t,
      50409,
      startReview(engine, { ruta: '/at-once-grown.log', cuts: [0, 120] }),
      /ya revisa/,
    );
    await waitUntilBlocked(engine);
    await grown.commit();
    await longer;
  },
);

await t.test('scans of different files do not wait for each other', async (t) => {
  const long = `/${'x'.repeat(398)}`;
  const open = await Promise.all(
    ['/a.log', '/b.log', `${long}a`, `${long}b`].map((ruta) =>
      inTransaction((session) => startReview(session, { ruta })),
    ),
  );
  await Promise.all(open.map(({ commit }) => commit()));
  t.equal(new Set(open.map(({ result }) => result.idTrabajo)).size, 4);
});

await t.test('of many finalizers at once one ends the review', async (t) => {
  for (let round = 0; round < 5; round++) {
    const ruta = `/fin-${round}.log`;
    const { idTrabajo } = await startReview(engine, { ruta, cuts: [0, 50, 100] });
    for (const i of [0, 1])
      await store(engine, await claimReview(engine, idTrabajo), [block(i * 50)], {
        resultado: `{"reanudar_en":"${50 + i * 40}"}`,
      });
    const results = await Promise.all(
      Array.from({ length: 8 }, () => logs.finalizarRevision(engine, { idTrabajo })),
    );
    t.equal(results.filter(({ finalizado }) => finalizado).length, 1);
    t.ok(results.every(({ estado, completados }) => estado === 'COMPLETADO' && completados === 2));
    t.match(await logs.buscarArchivo(engine, { ruta }), [{ leido: 100n, reanudarEn: 90n, idTrabajo }]);
  }
});

await t.test('ending a review waits for whoever has its lock', async (t) => {
  const { idTrabajo } = await startReview(engine, { ruta: '/locked.log' });
  await store(engine, await claimReview(engine, idTrabajo), []);
  const held = await inTransaction((session) =>
    trabajo.bloquear(session, { recurso: `carril:trabajo:${idTrabajo}`, modo: 'Shared', esperaMs: 0 }),
  );
  const ending = logs.finalizarRevision(engine, { idTrabajo });
  await waitUntilBlocked(engine);
  t.match(await trabajo.estadoTrabajo(engine, { idTrabajo }), { estado: 'EN_PROGRESO' });
  await held.commit();
  t.match(await ending, { estado: 'COMPLETADO', finalizado: true });
});

await t.test(
  'lanes that finalize after each chunk end the review, once, with every block once',
  async (t) => {
    const cuts = Array.from({ length: 41 }, (_, i) => i * 100);
    const blocks = Array.from({ length: 400 }, (_, i) => block(i * 10));
    const { idTrabajo, idArchivo } = await startReview(engine, { ruta: '/race.log', cuts });
    let finalized = 0;
    await Promise.all(
      Array.from({ length: 6 }, async (_, i) => {
        for (let n = 0; ; n++) {
          const [chunk] = await trabajo.reclamarChunks(engine, {
            poseedor: `w${i}`,
            tipos: [{ tipo: 'LOGS' }],
            idTrabajo,
          });
          if (chunk === undefined) break;
          const [from, to] = [chunk.rangoInicio ?? 0n, chunk.rangoFin ?? 0n];
          const mine = blocks.filter(({ byteInicio }) => byteInicio >= from && byteInicio < to);
          if (n % 4 === 1) {
            // stopped in the middle: whoever takes it next replaces its part
            await store(engine, chunk, mine.slice(0, 5), { hasta: from + 50n, completar: false });
            await trabajo.devolverChunk(engine, chunk);
            continue;
          }
          await store(engine, chunk, mine);
          if ((await logs.finalizarRevision(engine, { idTrabajo })).finalizado) finalized++;
        }
      }),
    );
    if ((await logs.finalizarRevision(engine, { idTrabajo })).finalizado) finalized++;
    t.equal(finalized, 1);
    t.match(await trabajo.estadoTrabajo(engine, { idTrabajo }), { estado: 'COMPLETADO', completados: 40 });
    t.same(
      await startsOf(engine, idArchivo),
      blocks.map(({ byteInicio }) => Number(byteInicio)),
    );
  },
);

await t.test('a scan that starts while the last one is being ended waits for that and goes on', async (t) => {
  const ruta = '/ending.log';
  const { idTrabajo, idArchivo } = await startReview(engine, { ruta });
  const chunk = await claimReview(engine, idTrabajo);
  await store(engine, chunk, [block(80)], { resultado: '{"reanudar_en":"80"}' });
  const ending = await inTransaction((session) => logs.finalizarRevision(session, { idTrabajo }));
  const next = startReview(engine, { ruta, idArchivo, cuts: [0, 200] });
  await waitUntilBlocked(engine);
  await ending.commit();
  t.match(await next, { idArchivo, creado: true });
  t.match(await logs.buscarArchivo(engine, { ruta }), [{ leido: 100n, reanudarEn: 80n, idTrabajo }]);
});

await t.test('two runs of one sequential review keep apart', async (t) => {
  const { idTrabajo, idArchivo } = await startReview(engine, { ruta: '/sequential.log', secuencial: true });
  const write = (session: Session, starts: readonly number[]) =>
    logs.guardarBloquesSecuencial(session, {
      idTrabajo,
      desde: 0n,
      hasta: 100n,
      bloques: starts.map((start) => block(start)),
    });
  const first = await inTransaction((session) => write(session, [1, 50, 90]));
  const second = write(engine, [1, 50, 90]);
  await waitUntilBlocked(engine);
  await first.commit();
  t.same(await second, { bloques: 3 });
  t.same(await startsOf(engine, idArchivo), [1, 50, 90]);

  const ended = await Promise.all(
    Array.from({ length: 6 }, () => logs.finalizarRevision(engine, { idTrabajo, reanudarEn: 90n })),
  );
  t.equal(ended.filter(({ finalizado }) => finalizado).length, 1);
});

await t.test(
  'reviews of many files at once, cancelled on the way, and scanned again: no deadlock',
  async (t) => {
    const cuts = Array.from({ length: 9 }, (_, i) => i * 100);
    const blocks = Array.from({ length: 80 }, (_, i) => block(i * 10));
    const files = await Promise.all(
      Array.from({ length: 6 }, async (_, i) => {
        const ruta = `/crowd-${i}.log`;
        const first = await startReview(engine, { ruta, cuts, huella: sha256(ruta) });
        const working: Promise<unknown>[] = [
          finishReview(engine, first.idTrabajo, blocks),
          finishReview(engine, first.idTrabajo, blocks),
        ];
        if (i % 2 === 1) working.push(trabajo.cancelarTrabajo(engine, { idTrabajo: first.idTrabajo }));
        const results = await Promise.allSettled(working);
        for (const result of results)
          if (result.status === 'rejected') t.equal((result.reason as { number?: number }).number, 50499);
        await sql(engine, "UPDATE trabajo.Chunks SET Expira = ? WHERE ID_Trabajo = ? AND Poseedor = 'w'", [
          new Date(Date.now() - 60_000),
          first.idTrabajo,
        ]);
        const { idArchivo } = first;
        const again = await startReview(engine, { ruta, cuts, huella: sha256(ruta), idArchivo });
        await finishReview(engine, again.idTrabajo, blocks);
        return { ruta, idArchivo };
      }),
    );
    for (const { ruta, idArchivo } of files) {
      t.match(await logs.buscarArchivo(engine, { ruta }), [{ leido: 800n, trabajoVivo: null }]);
      t.equal((await blocksOf(engine, idArchivo)).length, blocks.length);
    }
    if (engine.dialect === 'postgres') {
      const [row] = await engine.query(
        'SELECT deadlocks::int AS n FROM pg_catalog.pg_stat_database WHERE datname = current_database()',
      );
      t.equal(row?.['n'], 0);
    }
  },
);
