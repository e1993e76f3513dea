/** What alerts, lists and a purge read: the living and the recent, however much has ended. */
import t from 'tap';

import type { Session } from '../../engine/index.js';
import { trabajo } from '../../procedures/generated/index.js';
import { freshDatabase } from '../testing/index.js';
import { claim, createJob, sql } from './support.js';

const { engine } = await freshDatabase(t);
const jobs = 400;
const chunksPerJob = 250;

await t.test(
  'beside 100,000 chunks of 400 ended jobs',
  { skip: engine.dialect === 'sqlserver' && 'statistics of index use are PostgreSQL’s' },
  async (t) => {
    await engine.connection(async (session) => {
      const idTrabajo = await createJob(session, 'VIVO', 20);
      const [failed] = await claim(session, 'VIVO', 'w', 3);
      if (failed === undefined) throw new Error('three chunks');
      await trabajo.fallarChunk(session, { ...failed, error: 'x', reintentable: false });
      const calls: readonly (readonly [string, number, () => Promise<unknown>])[] = [
        // with statistics of an empty table any index on jobs looks as good as the right one: jobs, but none of their chunks
        ['alerts', 5 * jobs, () => trabajo.alertas(session)],
        ['the newest jobs', 2 * jobs, () => trabajo.listarTrabajos(session, { maximo: 5 })],
        ['a page of chunks', 500, () => trabajo.listarChunks(session, { idTrabajo, maximo: 5 })],
        ['the state of a job', 500, () => trabajo.estadoTrabajo(session, { idTrabajo })],
        ['a retry', 200, () => trabajo.reintentarTrabajo(session, { idTrabajo, idChunk: failed.idChunk })],
        [
          'a purge that finds nothing',
          200,
          () => trabajo.purgarTrabajos(session, { antesDe: new Date('2000-01-01') }),
        ],
      ];
      // plans prepared while the tables were small
      for (const [, , call] of calls) for (let i = 0; i < 7; i++) await call();
      await sql(
        session,
        `INSERT INTO trabajo.Trabajos (Tipo, Estado, FechaCreacion, FechaFin, Total, Completados, Fallidos, Cancelados, Omitidos)
         SELECT 'VIEJO', 'COMPLETADO_CON_ERRORES', now() - interval '20 days', now() - interval '10 days', ${chunksPerJob},
           ${chunksPerJob} - 1, 1, 0, 0
         FROM generate_series(1, ${jobs})`,
      );
      await sql(
        session,
        `INSERT INTO trabajo.Chunks (ID_Trabajo, Orden, Estado, Token, Intento, Inicio, Fin)
         SELECT t.ID_Trabajo, n, CASE WHEN n = 1 THEN 'ERROR' ELSE 'COMPLETADO' END, 1, 1, t.FechaCreacion, t.FechaFin
         FROM trabajo.Trabajos AS t CROSS JOIN generate_series(1, ${chunksPerJob}) AS n
         WHERE t.Tipo = 'VIEJO'`,
      );
      const found = await trabajo.alertas(session);
      t.same(found, [], 'nothing of what is old');
      for (const analyzed of [false, true]) {
        if (analyzed) await session.batch('ANALYZE');
        for (const [name, limit, call] of calls) {
          const before = await reads(session);
          await call();
          const read = (await reads(session)) - before;
          t.ok(read < limit, `${name}: ${read} rows read, with ${analyzed ? 'fresh' : 'old'} statistics`);
        }
      }
    });
  },
);

/** Rows that this session's scans, of tables and of indexes, have read so far. */
async function reads(session: Session): Promise<number> {
  await session.query('SELECT pg_stat_force_next_flush()');
  const [row] = await session.query(
    `SELECT sum(t.seq_tup_read + (SELECT sum(i.idx_tup_read) FROM pg_catalog.pg_stat_user_indexes AS i WHERE i.relid = t.relid))::int
       AS n
     FROM pg_catalog.pg_stat_user_tables AS t
     WHERE t.relid IN ('trabajo.chunks'::regclass, 'trabajo.trabajos'::regclass)`,
  );
  return Number(row?.['n']);
}
