/** Calls on one chunk by several sessions: whoever comes second waits for the first, and then sees what it did. */
import t from 'tap';

import { trabajo } from '../../procedures/generated/index.js';
import { freshDatabase, waitUntilBlocked } from '../testing/index.js';
import { chunkRow, claim, claimOne, createJob, expire, failsWith, gate, sql } from './support.js';

const { engine } = await freshDatabase(t, { connect: { poolMax: 12 } });

await t.test(
  'a call repeated while its first attempt still runs waits for it and finds it finished',
  async (t) => {
    await createJob(engine, 'REPITE', 1);
    const chunk = await claimOne(engine, 'REPITE', 'w');
    const did = gate();
    const commit = gate();
    const orphan = engine.transaction(async (session) => {
      await trabajo.completarChunk(session, { ...chunk, resultado: '{"by":"first"}' });
      did.open();
      await commit.opened;
    });
    await did.opened;
    const repeated = trabajo.completarChunk(engine, { ...chunk, resultado: '{"by":"second"}' });
    await waitUntilBlocked(engine);
    commit.open();
    await orphan;
    t.match(await repeated, { estado: 'COMPLETADO' });
    t.match(await chunkRow(engine, chunk.idChunk), { resultado: '{"by":"first"}', token: 1n });
  },
);

await t.test('the repeated call does the work itself when the first attempt rolls back', async (t) => {
  await createJob(engine, 'RETROCEDE', 1);
  const chunk = await claimOne(engine, 'RETROCEDE', 'w');
  const did = gate();
  const die = gate();
  const orphan = engine.transaction(async (session) => {
    await trabajo.completarChunk(session, { ...chunk, resultado: '{"by":"first"}' });
    did.open();
    await die.opened;
    throw new Error('the client dies');
  });
  await did.opened;
  const repeated = trabajo.completarChunk(engine, { ...chunk, resultado: '{"by":"second"}' });
  await waitUntilBlocked(engine);
  die.open();
  await t.rejects(orphan, { message: 'the client dies' });
  t.match(await repeated, { estado: 'COMPLETADO' });
  t.match(await chunkRow(engine, chunk.idChunk), { resultado: '{"by":"second"}' });
});

await t.test('a stale holder that waits through the takeover gets 50410 and changes nothing', async (t) => {
  await createJob(engine, 'RELEVO', 1);
  const old = await claimOne(engine, 'RELEVO', 'w1');
  await expire(engine, old.idChunk);
  const taken = gate();
  const commit = gate();
  const takeover = engine.transaction(async (session) => {
    t.match(await claim(session, 'RELEVO', 'w2'), [{ idChunk: old.idChunk, token: 2n }]);
    taken.open();
    await commit.opened;
  });
  await taken.opened;
  const stale = trabajo.completarChunk(engine, { ...old, resultado: '{"by":"stale"}' });
  stale.catch(() => undefined);
  await waitUntilBlocked(engine);
  commit.open();
  await takeover;
  await failsWith(t, 50410, stale);
  t.match(await chunkRow(engine, old.idChunk), {
    poseedor: 'w2',
    token: 2n,
    resultado: null,
    estado: 'PENDIENTE',
  });
});

await t.test('of many completions at once one does it, all agree', async (t) => {
  await createJob(engine, 'A_LA_VEZ', 1);
  const chunk = await claimOne(engine, 'A_LA_VEZ', 'w');
  const results = await Promise.all(
    Array.from({ length: 8 }, (_, i) =>
      trabajo.completarChunk(engine, { ...chunk, resultado: `{"n":${i}}` }),
    ),
  );
  t.ok(results.every(({ estado }) => estado === 'COMPLETADO'));
  t.match(await chunkRow(engine, chunk.idChunk), { estado: 'COMPLETADO', intento: 1, token: 1n });
});

await t.test('complete, fail and give back at once: one of them wins', async (t) => {
  for (let round = 0; round < 10; round++) {
    const idTrabajo = await createJob(engine, 'TRES', 1, { maxIntentos: 1 });
    const chunk = await claimOne(engine, 'TRES', 'w');
    const outcomes = await Promise.allSettled([
      trabajo.completarChunk(engine, chunk),
      trabajo.fallarChunk(engine, { ...chunk, error: 'x' }),
      trabajo.devolverChunk(engine, chunk),
    ]);
    const row = await chunkRow(engine, chunk.idChunk);
    const said = outcomes.flatMap((outcome) =>
      outcome.status === 'fulfilled' ? [outcome.value.estado] : [],
    );
    t.ok(
      said.every((estado) => estado === row['estado']),
      `${said.join()} and the row says ${String(row['estado'])}`,
    );
    t.equal(row['poseedor'], null);
    t.equal(row['token'], 1n);
    await trabajo.cancelarTrabajo(engine, { idTrabajo });
  }
});

await t.test('a heartbeat on a locked row says OCUPADO and does not wait', async (t) => {
  await createJob(engine, 'OCUPADO', 2);
  const chunks = await claim(engine, 'OCUPADO', 'w', 2);
  const [busy] = chunks;
  if (busy === undefined) throw new Error('a chunk');
  const did = gate();
  const commit = gate();
  const worker = engine.transaction(async (session) => {
    await trabajo.completarChunk(session, busy);
    did.open();
    await commit.opened;
  });
  await did.opened;
  const beat = () => trabajo.renovarChunks(engine, { poseedor: 'w', arriendoS: 30, chunks });
  t.match(await beat(), [{ idChunk: busy.idChunk, situacion: 'OCUPADO' }, { situacion: 'RENOVADO' }]);
  commit.open();
  await worker;
  t.match(await beat(), [{ idChunk: busy.idChunk, situacion: 'TERMINADO' }, { situacion: 'RENOVADO' }]);
});

await t.test('a chunk that is worked on is renewed: the work locks no row ahead of its end', async (t) => {
  await createJob(engine, 'CORRE', 1);
  const chunk = await claimOne(engine, 'CORRE', 'w');
  const working = gate();
  const finish = gate();
  const worker = engine.transaction(async (session) => {
    await trabajo.tomarChunk(session, { idChunk: chunk.idChunk, token: chunk.token });
    working.open();
    await finish.opened;
  });
  await working.opened;
  t.match(await trabajo.renovarChunks(engine, { poseedor: 'w', arriendoS: 30, chunks: [chunk] }), [
    { situacion: 'RENOVADO' },
  ]);
  finish.open();
  await worker;
});

await t.test('a heartbeat during a takeover says OCUPADO, and PERDIDO after it', async (t) => {
  await createJob(engine, 'QUITA', 1);
  const chunk = await claimOne(engine, 'QUITA', 'w1');
  await expire(engine, chunk.idChunk);
  const taken = gate();
  const commit = gate();
  const takeover = engine.transaction(async (session) => {
    await claimOne(session, 'QUITA', 'w2');
    taken.open();
    await commit.opened;
  });
  await taken.opened;
  const beat = () => trabajo.renovarChunks(engine, { poseedor: 'w1', arriendoS: 30, chunks: [chunk] });
  t.match(await beat(), [{ situacion: 'OCUPADO' }]);
  commit.open();
  await takeover;
  t.match(await beat(), [{ situacion: 'PERDIDO' }]);
});

await t.test('two jobs under one key, asked for at once, are one job', async (t) => {
  const results = await Promise.all(
    Array.from({ length: 6 }, () =>
      trabajo.crearTrabajo(engine, { tipo: 'CLAVE', clave: 'una', chunks: [{ orden: 1, peso: 1 }] }),
    ),
  );
  t.equal(new Set(results.map(({ idTrabajo }) => idTrabajo)).size, 1);
  t.equal(results.filter(({ creado }) => creado).length, 1);
  const [row] = await sql(engine, 'SELECT COUNT(*) AS n FROM trabajo.Chunks WHERE ID_Trabajo = ?', [
    results[0]?.idTrabajo ?? 0n,
  ]);
  t.equal(Number(row?.['n']), 1);
});

await t.test('leases need READ COMMITTED', async (t) => {
  await createJob(engine, 'AISLA', 1);
  const chunk = await claimOne(engine, 'AISLA', 'w1');
  await engine.connection(async (session) => {
    if (session.dialect === 'sqlserver') {
      // the procedures set the level themselves: what a pool has left on the connection does not matter
      await session.batch('SET TRANSACTION ISOLATION LEVEL SERIALIZABLE');
      t.same(await claim(session, 'AISLA', 'w2'), []);
      t.match(await trabajo.renovarChunks(session, { poseedor: 'w1', arriendoS: 30, chunks: [chunk] }), [
        { situacion: 'RENOVADO' },
      ]);
      t.match(await trabajo.completarChunk(session, chunk), { estado: 'COMPLETADO' });
      return;
    }
    await session.batch('SET default_transaction_isolation = "repeatable read"');
    await failsWith(t, 50409, trabajo.completarChunk(session, chunk), /READ COMMITTED/);
    await failsWith(t, 50409, claim(session, 'AISLA', 'w2'), /READ COMMITTED/);
    await session.batch('RESET default_transaction_isolation');
  });
});
