/** Completing in batches by several sessions at once: who waits for whom, and what each is told. */
import t from 'tap';

import { connect } from '../../engine/index.js';
import type { RetryEvent, Session } from '../../engine/index.js';
import { trabajo } from '../../procedures/generated/index.js';
import { freshDatabase, waitUntilBlocked } from '../testing/index.js';
import { chunkRow, claim, claimOne, createJob, expire, failsWith, gate, spelledOut, sql } from './support.js';
import type { Answer } from './support.js';

const { engine, target } = await freshDatabase(t, { connect: { poolMax: 12 } });

interface Held {
  readonly idChunk: bigint;
  readonly token: bigint;
}

type Rows = readonly (trabajo.CompletarChunksRow | Answer)[];

async function complete(
  session: Session,
  chunks: readonly Held[],
  more: Partial<trabajo.CompletarChunksArgs> = {},
): Promise<Rows> {
  const rows = await trabajo.completarChunks(session, {
    poseedor: 'w1',
    chunks: chunks.map(({ idChunk, token }) => ({ idChunk, token, resultado: null })),
    ...more,
  });
  return spelledOut(chunks, rows);
}

/** Those that were claimed, to be held. */
function claimedOf(rows: Rows): (Held & Answer)[] {
  return rows.flatMap((row) => (row.situacion === 'RECLAMADO' && 'token' in row ? [row] : []));
}

function said(rows: Rows): string[] {
  return rows.map(({ situacion }) => situacion);
}

/** Runs `work` in a transaction that stays open, its work done, until `commit` or `rollback`. */
async function held<T>(work: (session: Session) => Promise<T>): Promise<{
  readonly result: T;
  readonly commit: () => Promise<void>;
  readonly rollback: () => Promise<void>;
}> {
  const worked = gate();
  const end = gate();
  let result: T | undefined;
  let goOn = true;
  const transaction = engine
    .transaction(async (session) => {
      result = await work(session);
      worked.open();
      await end.opened;
      if (!goOn) throw new Error('rolled back');
    })
    .catch((error: unknown) => {
      if (goOn) throw error;
    });
  await Promise.race([worked.opened, transaction]);
  const finish = (commit: boolean) => () => {
    goOn = commit;
    end.open();
    return transaction;
  };
  return { result: result as T, commit: finish(true), rollback: finish(false) };
}

await t.test('eight lanes complete and claim in one call, each chunk once', async (t) => {
  const idTrabajo = await createJob(engine, 'CARRIL', 600);
  const completed = new Map<bigint, number>();
  await Promise.all(
    Array.from({ length: 8 }, async (_, lane) => {
      const poseedor = `w${lane}`;
      let mine: readonly Held[] = [];
      for (let empty = 0; empty < 2;) {
        const rows = await complete(engine, mine, { poseedor, reclamar: 1 + lane, idTrabajo });
        for (const { idChunk, situacion } of rows) {
          if (situacion === 'COMPLETADO') completed.set(idChunk, (completed.get(idChunk) ?? 0) + 1);
          else t.equal(situacion, 'RECLAMADO');
        }
        mine = claimedOf(rows);
        empty = mine.length === 0 ? empty + 1 : 0;
      }
    }),
  );
  t.equal(completed.size, 600);
  t.ok([...completed.values()].every((times) => times === 1));
  const [row] = await sql(
    engine,
    "SELECT COUNT(*) AS n FROM trabajo.Chunks WHERE ID_Trabajo = ? AND Estado = 'COMPLETADO' AND Token = 1 AND Intento = 1",
    [idTrabajo],
  );
  t.equal(Number(row?.['n']), 600);
});

await t.test('a repetition waits for the orphaned first call, and does nothing twice', async (t) => {
  const idTrabajo = await createJob(engine, 'ORFANO', 3);
  const mine = await claim(engine, 'ORFANO', 'w1', 2);
  const orphan = await held((session) => complete(session, mine, { reclamar: 1, idTrabajo }));
  t.same(said(orphan.result).toSorted(), ['COMPLETADO', 'COMPLETADO', 'RECLAMADO']);
  const again = complete(engine, mine, { reclamar: 1, idTrabajo });
  await waitUntilBlocked(engine);
  await orphan.commit();
  t.same(
    said(await again),
    ['COMPLETADO', 'COMPLETADO'],
    'and what the lost answer claimed is not claimed again',
  );

  const [lost] = claimedOf(orphan.result);
  const idChunk = lost?.idChunk ?? 0n;
  t.match(await chunkRow(engine, idChunk), { poseedor: 'w1', token: 1n, intento: 1 });
  await expire(engine, idChunk);
  t.match(await claimOne(engine, 'ORFANO', 'w2'), { idChunk, token: 2n }, 'it comes back when it expires');
});

await t.test('a repetition completes what the orphaned first call rolled back', async (t) => {
  await createJob(engine, 'DESHECHO', 2);
  const mine = await claim(engine, 'DESHECHO', 'w1', 2);
  const orphan = await held((session) => complete(session, mine));
  const again = complete(engine, mine);
  await waitUntilBlocked(engine);
  await orphan.rollback();
  t.match(await again, [{ situacion: 'COMPLETADO' }, { situacion: 'COMPLETADO', restantes: 0 }]);
  t.match(await chunkRow(engine, mine[0]?.idChunk ?? 0n), { estado: 'COMPLETADO', token: 1n });
});

await t.test(
  'batches that overlap wait for each other in the order of the chunks, and never deadlock',
  async (t) => {
    await createJob(engine, 'CRUZA', 4);
    const [a, b, c, d] = await claim(engine, 'CRUZA', 'w1', 4);
    if (!a || !b || !c || !d) throw new Error('four chunks');
    const first = await held((session) => complete(session, [b, c]));
    // it has a, and waits for b; were it to begin at its end, it would have d
    const second = complete(engine, [d, c, b, a]);
    await waitUntilBlocked(engine);
    t.same(said(await complete(engine, [d])), ['COMPLETADO'], 'd is nobody’s yet');
    await first.commit();
    t.same(said(await second), ['COMPLETADO', 'COMPLETADO', 'COMPLETADO', 'COMPLETADO']);

    const retries: RetryEvent[] = [];
    const watched = await connect(target, { poolMax: 8, onRetry: (retry) => retries.push(retry) });
    try {
      for (let round = 0; round < 10; round += 1) {
        await createJob(engine, 'CRUZA', 40);
        const mine = await claim(engine, 'CRUZA', 'w1', 40);
        const rows = await Promise.all(
          Array.from({ length: 8 }, (_, i) => complete(watched, i % 2 === 0 ? mine : mine.toReversed())),
        );
        t.ok(
          rows.every(
            (each) => each.length === 40 && each.every(({ situacion }) => situacion === 'COMPLETADO'),
          ),
        );
      }
    } finally {
      await watched.close();
    }
    t.same(retries, [], 'nothing was a deadlock’s victim');
  },
);

await t.test(
  'a claim after expiry goes first: the old holder’s batch waits, loses that one and keeps the others',
  async (t) => {
    const idTrabajo = await createJob(engine, 'VENCIDO', 3);
    const mine = await claim(engine, 'VENCIDO', 'w1', 3);
    const [, gone] = mine;
    if (gone === undefined) throw new Error('three chunks');
    await expire(engine, gone.idChunk);
    const other = await held((session) => claim(session, 'VENCIDO', 'w2', 5));
    t.match(other.result, [{ idChunk: gone.idChunk, token: 2n }]);
    const batch = complete(engine, mine);
    await waitUntilBlocked(engine);
    await other.commit();
    t.same(said(await batch), ['COMPLETADO', 'PERDIDO', 'COMPLETADO']);
    t.match(await chunkRow(engine, gone.idChunk), { estado: 'PENDIENTE', poseedor: 'w2', token: 2n });
    t.match(await complete(engine, [{ idChunk: gone.idChunk, token: 2n }], { poseedor: 'w2' }), [
      { situacion: 'COMPLETADO', idTrabajo, restantes: 0 },
    ]);
  },
);

await t.test('a batch goes first: the claim skips what it completes, and does not wait', async (t) => {
  await createJob(engine, 'PRIMERO', 3);
  const mine = await claim(engine, 'PRIMERO', 'w1', 3);
  for (const { idChunk } of mine) await expire(engine, idChunk);
  const [a, b, c] = mine;
  if (!a || !b || !c) throw new Error('three chunks');
  const batch = await held((session) => complete(session, [a, c]));
  t.match(await claim(engine, 'PRIMERO', 'w2', 5), [{ idChunk: b.idChunk, token: 2n }]);
  t.same(said(batch.result), ['COMPLETADO', 'COMPLETADO']);
  await batch.commit();
  t.same(await claim(engine, 'PRIMERO', 'w2', 5), []);
  t.same(said(await complete(engine, mine)), ['COMPLETADO', 'PERDIDO', 'COMPLETADO']);
});

await t.test('a batch rolled back leaves its chunks with their holder, and its claims free', async (t) => {
  const idTrabajo = await createJob(engine, 'VUELTA', 2);
  const mine = await claim(engine, 'VUELTA', 'w1', 1);
  const batch = await held((session) => complete(session, mine, { reclamar: 5, idTrabajo }));
  t.same(said(batch.result).toSorted(), ['COMPLETADO', 'RECLAMADO']);
  await batch.rollback();
  t.match(await chunkRow(engine, mine[0]?.idChunk ?? 0n), { estado: 'PENDIENTE', poseedor: 'w1', token: 1n });
  t.match(await claim(engine, 'VUELTA', 'w2', 5), [{ orden: 2, token: 1n }]);
});

await t.test('a heartbeat beside a batch counts its chunks as alive, then as ended', async (t) => {
  await createJob(engine, 'LATE', 2);
  const mine = await claim(engine, 'LATE', 'w1', 2);
  const renew = () => trabajo.renovarChunks(engine, { poseedor: 'w1', arriendoS: 30, chunks: mine });
  const batch = await held((session) => complete(session, mine.slice(0, 1)));
  t.match(await renew(), [{ situacion: 'OCUPADO' }, { situacion: 'RENOVADO' }]);
  await batch.commit();
  t.match(await renew(), [{ situacion: 'TERMINADO' }, { situacion: 'RENOVADO' }]);

  const beat = await held((session) =>
    trabajo.renovarChunks(session, { poseedor: 'w1', arriendoS: 30, chunks: mine.slice(1) }),
  );
  const last = complete(engine, mine.slice(1));
  await waitUntilBlocked(engine);
  await beat.commit();
  t.match(await last, [{ situacion: 'COMPLETADO', restantes: 0 }], 'a renewed lease is the same lease');
});

await t.test('beside a job’s Exclusive lock a batch completes and claims nothing of that job', async (t) => {
  const busy = await createJob(engine, 'OCUPA', 2);
  const free = await createJob(engine, 'OCUPA', 1);
  const mine = await claim(engine, 'OCUPA', 'w1', 1);
  const recurso = `carril:trabajo:${busy}`;
  const other = await held((session) =>
    trabajo.bloquear(session, { recurso, modo: 'Exclusive', esperaMs: 1000 }),
  );
  const rows = await complete(engine, mine, { reclamar: 5, tipos: [{ tipo: 'OCUPA' }] });
  t.match(rows, [
    { situacion: 'COMPLETADO', restantes: 1 },
    { situacion: 'RECLAMADO', idTrabajo: free },
  ]);
  await other.commit();
});

await t.test(
  'a cancel that comes first turns the batch’s chunks to CANCELADO; the job ends so',
  async (t) => {
    const idTrabajo = await createJob(engine, 'CORTA', 3);
    const mine = await claim(engine, 'CORTA', 'w1', 2);
    const [a, b] = mine;
    if (!a || !b) throw new Error('two chunks');
    const batch = await held((session) => complete(session, [a]));
    await trabajo.cancelarTrabajo(engine, { idTrabajo });
    await batch.commit();
    t.match(await complete(engine, mine, { reclamar: 5, idTrabajo }), [
      { situacion: 'COMPLETADO' },
      { situacion: 'CANCELADO' },
    ]);
    t.match(await trabajo.finalizarTrabajo(engine, { idTrabajo }), {
      estado: 'CANCELADO',
      completados: 1,
      cancelados: 2,
    });
  },
);

await t.test('single calls and batches under one token: one of them ends the chunk', async (t) => {
  const endings: readonly ((chunk: Held) => Promise<unknown>)[] = [
    (chunk) => trabajo.completarChunk(engine, chunk),
    (chunk) => trabajo.devolverChunk(engine, chunk),
    (chunk) => trabajo.fallarChunk(engine, { ...chunk, error: 'x', reintentable: false }),
  ];
  for (const [i, end] of endings.entries()) {
    await createJob(engine, `AMBOS${i}`, 1);
    const chunk = await claimOne(engine, `AMBOS${i}`, 'w1');
    const batch = await held((session) => complete(session, [chunk]));
    const other = end(chunk);
    other.catch(() => undefined);
    await waitUntilBlocked(engine);
    await batch.commit();
    await failsWith(t, 50410, other);
    t.match(await chunkRow(engine, chunk.idChunk), { estado: 'COMPLETADO', token: 1n, ultimo_error: null });
  }
});
