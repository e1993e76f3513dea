/** Claims by several sessions at once: nobody waits, nobody gets what another has. */
import t from 'tap';

import { trabajo } from '../../procedures/generated/index.js';
import { freshDatabase, waitUntilBlocked } from '../testing/index.js';
import { chunkRow, claim, claimOne, createJob, expire, failsWith, gate, sql } from './support.js';

const { engine } = await freshDatabase(t, { connect: { poolMax: 12 } });

await t.test('eight claimers share 400 chunks of three jobs, each chunk once', async (t) => {
  for (const n of [150, 150, 100]) await createJob(engine, 'CARRERA', n);
  const seen = new Map<bigint, string>();
  const twice: bigint[] = [];
  await Promise.all(
    Array.from({ length: 8 }, async (_, i) => {
      for (let empty = 0; empty < 2;) {
        const got = await claim(engine, 'CARRERA', `w${i}`, 1 + (i % 4));
        empty = got.length === 0 ? empty + 1 : 0;
        for (const { idChunk, token } of got) {
          if (seen.has(idChunk) || token !== 1n) twice.push(idChunk);
          seen.set(idChunk, `w${i}`);
        }
      }
    }),
  );
  t.same(twice, []);
  // an empty claim proves nothing while others hold rows; by now nobody does
  for (const { idChunk } of await claim(engine, 'CARRERA', 'last', 400)) seen.set(idChunk, 'last');
  t.equal(seen.size, 400);
  const rows = await sql(
    engine,
    "SELECT c.ID_Chunk, c.Poseedor FROM trabajo.Chunks AS c INNER JOIN trabajo.Trabajos AS t ON t.ID_Trabajo = c.ID_Trabajo WHERE t.Tipo = 'CARRERA'",
  );
  t.ok(rows.every((row) => seen.get(row['id_chunk'] as bigint) === row['poseedor']));
});

await t.test('a claim skips what another claim holds uncommitted, without waiting', async (t) => {
  const idTrabajo = await createJob(engine, 'SALTA', [3, 2, 1]);
  const taken = gate();
  const done = gate();
  const other = engine.transaction(async (session) => {
    t.match(await claim(session, 'SALTA', 'w1'), [{ orden: 1 }]);
    taken.open();
    await done.opened;
  });
  await taken.opened;
  t.match(await claim(engine, 'SALTA', 'w2', 5), [{ orden: 2 }, { orden: 3 }]);
  t.same(await claim(engine, 'SALTA', 'w3', 5), []);
  done.open();
  await other;
  t.match(await trabajo.estadoTrabajo(engine, { idTrabajo }), { enProgreso: 3 });
});

await t.test('a claim rolled back leaves nothing behind', async (t) => {
  await createJob(engine, 'DESHACE', 1);
  await t.rejects(
    engine.transaction(async (session) => {
      await claimOne(session, 'DESHACE', 'w1');
      throw new Error('the client dies');
    }),
    { message: 'the client dies' },
  );
  t.match(await claimOne(engine, 'DESHACE', 'w2'), { token: 1n, intento: 1 });
});

await t.test('a job whose lock another session holds Exclusive is skipped', async (t) => {
  const busy = await createJob(engine, 'TOMADO', 1);
  const free = await createJob(engine, 'TOMADO', 1);
  const taken = gate();
  const done = gate();
  const other = engine.transaction(async (session) => {
    await trabajo.bloquear(session, { recurso: `carril:trabajo:${busy}`, modo: 'Exclusive', esperaMs: 1000 });
    taken.open();
    await done.opened;
  });
  await taken.opened;
  t.match(await claim(engine, 'TOMADO', 'w', 5), [{ idTrabajo: free }]);
  t.same(await trabajo.reclamarChunks(engine, { poseedor: 'w', idTrabajo: busy }), []);
  done.open();
  await other;
  t.match(await claim(engine, 'TOMADO', 'w', 5), [{ idTrabajo: busy }]);
});

await t.test(
  'an expired chunk whose old holder is mid-transaction is skipped; the holder commits',
  async (t) => {
    await createJob(engine, 'MEDIO', 2);
    const [a, b] = await claim(engine, 'MEDIO', 'w1', 2);
    if (!a || !b) throw new Error('two chunks');
    const working = gate();
    const finish = gate();
    const other = engine.transaction(async (session) => {
      // the lock and the check of a running service
      await trabajo.tomarChunk(session, { idChunk: a.idChunk, token: a.token });
      working.open();
      await finish.opened;
      await trabajo.completarChunk(session, a);
    });
    await working.opened;
    await expire(engine, a.idChunk);
    await expire(engine, b.idChunk);
    t.match(await claim(engine, 'MEDIO', 'w2', 5), [{ idChunk: b.idChunk, token: 2n }]);
    t.match(await chunkRow(engine, a.idChunk), { poseedor: 'w1', token: 1n });
    finish.open();
    await other;
    t.match(await chunkRow(engine, a.idChunk), { estado: 'COMPLETADO', token: 1n });
    t.same(await claim(engine, 'MEDIO', 'w2', 5), []);
  },
);

await t.test('a free chunk that was held before is skipped while a stale call holds its lock', async (t) => {
  await createJob(engine, 'RESTO', [2, 1]);
  const back = await claimOne(engine, 'RESTO', 'w1');
  await trabajo.devolverChunk(engine, back);
  const taken = gate();
  const done = gate();
  const other = engine.transaction(async (session) => {
    await trabajo.bloquear(session, {
      recurso: `carril:chunk:${back.idChunk}`,
      modo: 'Exclusive',
      esperaMs: 0,
    });
    taken.open();
    await done.opened;
  });
  await taken.opened;
  t.match(await claim(engine, 'RESTO', 'w2', 1), [], 'its turn is not given to the next');
  t.match(await claim(engine, 'RESTO', 'w2', 2), [{ orden: 2 }]);
  done.open();
  await other;
  t.match(await claim(engine, 'RESTO', 'w2', 2), [{ orden: 1, token: 2n }]);
});

await t.test('a heartbeat that comes first keeps an expired lease', async (t) => {
  await createJob(engine, 'GANA', 1);
  const chunk = await claimOne(engine, 'GANA', 'w1');
  await expire(engine, chunk.idChunk);
  const renewed = gate();
  const done = gate();
  const other = engine.transaction(async (session) => {
    await trabajo.renovarChunks(session, { poseedor: 'w1', arriendoS: 30, chunks: [chunk] });
    renewed.open();
    await done.opened;
  });
  await renewed.opened;
  t.same(await claim(engine, 'GANA', 'w2'), [], 'its row is locked');
  done.open();
  await other;
  t.same(await claim(engine, 'GANA', 'w2'), []);
  t.match(await trabajo.completarChunk(engine, chunk), { estado: 'COMPLETADO' });
});

await t.test('locks ask in their order: who waits for a lock says 50408 in time', async (t) => {
  const taken = gate();
  const done = gate();
  const recurso = 'carril:prueba:ñ';
  const other = engine.transaction(async (session) => {
    const shared = await trabajo.bloquear(session, { recurso, modo: 'Shared', esperaMs: 0 });
    t.equal(shared.concedido, true);
    taken.open();
    await done.opened;
  });
  await taken.opened;
  await engine.transaction(async (session) => {
    t.same(await trabajo.bloquear(session, { recurso, modo: 'Exclusive', esperaMs: 0 }), {
      concedido: false,
    });
    t.same(await trabajo.bloquear(session, { recurso, modo: 'Shared', esperaMs: 0 }), { concedido: true });
  });
  const ask = (modo: string, esperaMs: number) =>
    engine.transaction((session) => trabajo.bloquear(session, { recurso, modo, esperaMs }));
  await failsWith(t, 50408, ask('Exclusive', 50), /carril:prueba/);
  await failsWith(t, 50400, ask('Sideways', 0));
  const waiting = ask('Exclusive', 15_000);
  await waitUntilBlocked(engine);
  done.open();
  await other;
  t.same(await waiting, { concedido: true });
});
