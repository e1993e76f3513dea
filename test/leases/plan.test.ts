/** What a claim reads: never the chunks that have ended, however many there are. */
import t from 'tap';

import { trabajo } from '../../procedures/generated/index.js';
import { freshDatabase } from '../testing/index.js';
import { claim, createJob, sql } from './support.js';

const { engine } = await freshDatabase(t);
const finished = 100_000;

await t.test(
  'a claim beside 100,000 finished chunks reads the pending ones only',
  { skip: engine.dialect === 'sqlserver' && 'statistics of index use are PostgreSQL’s' },
  async (t) => {
    const old = await createJob(engine, 'PLAN', 1);
    const idTrabajo = await createJob(engine, 'PLAN', 200);
    await engine.connection(async (session) => {
      // a session that prepared its plans while the table was small and nothing was held, and statistics that know nothing of
      // what came after
      await session.batch('ANALYZE trabajo.Chunks');
      for (let i = 0; i < 7; i++) await claim(session, 'PLAN', 'w');
      let held: { idChunk: bigint; token: bigint }[] = [];
      for (let i = 0; i < 7; i++) await completeAndClaim(1);
      await sql(
        session,
        `INSERT INTO trabajo.Chunks (ID_Trabajo, Orden, Estado, Token, Intento, Fin)
         SELECT id, n, 'COMPLETADO', 1, 1, now()
         FROM generate_series(2, ${finished} / 2 + 1) AS n CROSS JOIN unnest(ARRAY[${old}, ${idTrabajo}]) AS id (id)
         WHERE id = ${old} OR n > 200`,
      );
      for (const analyzed of [false, true]) {
        if (analyzed) await session.batch('ANALYZE trabajo.Chunks');
        const before = await reads();
        for (let i = 0; i < 10; i++) t.equal((await claim(session, 'PLAN', 'w', 2)).length, 2);
        for (let i = 0; i < 10; i++) t.equal(await completeAndClaim(2), 2);
        const after = await reads();
        const label = analyzed ? 'with fresh statistics' : 'with old statistics and a cached plan';
        t.equal(after.scanned - before.scanned, 0, `no table scan, ${label}`);
        // some pass entries of earlier claims that no vacuum has removed yet: of the 200 pending ones, never of the ended
        t.ok(
          after.index - before.index < 20 * 200,
          `${after.index - before.index} index rows for 20 claims, ${label}`,
        );
      }

      async function completeAndClaim(reclamar: number): Promise<number> {
        const rows = await trabajo.completarChunks(session, {
          poseedor: 'w',
          chunks: held,
          reclamar,
          tipos: [{ tipo: 'PLAN' }],
        });
        held = rows.flatMap(({ situacion, idChunk, token }) =>
          situacion === 'RECLAMADO' ? [{ idChunk, token }] : [],
        );
        const renewed = await trabajo.renovarChunks(session, { poseedor: 'w', arriendoS: 30, chunks: held });
        t.ok(renewed.every(({ situacion }) => situacion === 'RENOVADO'));
        return held.length;
      }

      async function reads(): Promise<{ scanned: number; index: number }> {
        await session.query('SELECT pg_stat_force_next_flush()');
        const [row] = await session.query(
          `SELECT t.seq_tup_read::int AS scanned, (SELECT sum(i.idx_tup_read)::int FROM pg_catalog.pg_stat_user_indexes AS i
             WHERE i.relid = t.relid) AS index
           FROM pg_catalog.pg_stat_user_tables AS t WHERE t.relid = 'trabajo.chunks'::regclass`,
        );
        return { scanned: Number(row?.['scanned']), index: Number(row?.['index']) };
      }
    });
  },
);
