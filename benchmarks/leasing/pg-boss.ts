import PgBoss from 'pg-boss';
import pg from 'pg';

import { expectCount, timed, warm } from './contender.js';
import type { Address, Contender, Outcome, RunOptions } from './contender.js';

const queue = 'bench';

/** pg-boss: its own fetch and complete, as many loops as connections, its maintenance off so that it does not interfere. */
export async function pgBoss(address: Address, connections: number): Promise<Contender> {
  const pool = new pg.Pool({ ...address, max: connections });
  const boss = new PgBoss({
    // its own pool is this very one, so that its connections can be opened before the clock runs
    db: { executeSql: (text, values) => pool.query(text, values) },
    schema: 'pgboss',
    supervise: false,
    schedule: false,
  });
  boss.on('error', (error) => {
    throw error;
  });
  await boss.start();
  await boss.createQueue(queue);
  return {
    system: 'pg-boss',
    async prepare(chunks) {
      for (let from = 0; from < chunks; from += 5000) {
        const count = Math.min(5000, chunks - from);
        await boss.insert(Array.from({ length: count }, (_, i) => ({ name: queue, data: { n: from + i } })));
      }
      await warm(pool, connections);
    },
    async run({ batch, deadline }: RunOptions): Promise<Outcome> {
      const claimsMs: number[] = [];
      let completed = 0;
      const begun = performance.now();
      await Promise.all(
        Array.from({ length: connections }, async () => {
          while (performance.now() < deadline) {
            const jobs = await timed(claimsMs, () => boss.fetch(queue, { batchSize: batch }));
            if (jobs.length === 0) break;
            await boss.complete(
              queue,
              jobs.map(({ id }) => id),
            );
            completed += jobs.length;
          }
        }),
      );
      return { seconds: (performance.now() - begun) / 1000, completed, claimsMs };
    },
    async verify(completed) {
      const { rows } = await pool.query<{ n: number }>(
        `SELECT count(*)::int AS n FROM pgboss.job WHERE name = $1 AND state = 'completed'`,
        [queue],
      );
      expectCount('pg-boss', 'jobs completed', rows[0]?.n, completed);
    },
    async clean() {
      await boss.clearStorage();
    },
    async close() {
      await boss.stop({ graceful: false });
      await pool.end();
    },
  };
}
