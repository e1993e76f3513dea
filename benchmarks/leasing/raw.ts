import pg from 'pg';

import { expectCount, timed, warm } from './contender.js';
import type { Address, Contender, Outcome, RunOptions } from './contender.js';

/**
 * The floor: a table of two columns, and one statement that takes free rows and marks them done. No lease, no token, no
 * second look: what a queue cannot do without.
 */
const take = {
  name: 'take',
  text: `WITH free AS MATERIALIZED (
      SELECT id FROM bench_raw.queue WHERE state = 0 ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED
    )
    UPDATE bench_raw.queue AS q SET state = 1 FROM free WHERE q.id = free.id RETURNING q.id`,
};

export async function raw(address: Address, connections: number): Promise<Contender> {
  const pool = new pg.Pool({ ...address, max: connections });
  await pool.query('CREATE SCHEMA bench_raw');
  await pool.query('CREATE TABLE bench_raw.queue (id bigint PRIMARY KEY, state smallint NOT NULL)');
  await pool.query('CREATE INDEX ON bench_raw.queue (id) WHERE state = 0');
  return {
    system: 'raw',
    async prepare(chunks) {
      await pool.query('INSERT INTO bench_raw.queue SELECT n, 0 FROM generate_series(1, $1::int) AS n', [
        chunks,
      ]);
      await warm(pool, connections);
    },
    async run({ batch, deadline }: RunOptions): Promise<Outcome> {
      const claimsMs: number[] = [];
      let completed = 0;
      const begun = performance.now();
      await Promise.all(
        Array.from({ length: connections }, async () => {
          while (performance.now() < deadline) {
            const { rowCount } = await timed(claimsMs, () => pool.query({ ...take, values: [batch] }));
            if (rowCount === null || rowCount === 0) break;
            completed += rowCount;
          }
        }),
      );
      return { seconds: (performance.now() - begun) / 1000, completed, claimsMs };
    },
    async verify(completed) {
      const { rows } = await pool.query<{ n: number }>(
        'SELECT count(*)::int AS n FROM bench_raw.queue WHERE state = 1',
      );
      expectCount('raw', 'rows done', rows[0]?.n, completed);
    },
    async clean() {
      await pool.query('TRUNCATE bench_raw.queue');
    },
    async close() {
      await pool.end();
    },
  };
}
