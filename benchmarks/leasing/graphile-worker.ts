import { setTimeout as sleep } from 'node:timers/promises';

import { Logger, makeWorkerUtils, run } from 'graphile-worker';
import pg from 'pg';
import type { Pool, PoolClient } from 'pg';

import { expectCount, warm } from './contender.js';
import type { Address, Contender, Outcome, RunOptions } from './contender.js';

const silent = new Logger(() => () => undefined);
const task = 'bench';

/**
 * graphile-worker: its runner, as many workers as connections, and one connection more to listen on, as its performance page
 * has it. One at a time: plain. In batches: its local queue of that size, completions gathered without delay.
 */
export async function graphileWorker(address: Address, connections: number): Promise<Contender> {
  const pool = new pg.Pool({ ...address, max: connections + 1 });
  pool.on('error', () => undefined);
  const watch = new Watch(pool);
  const utils = await makeWorkerUtils({ pgPool: pool, logger: silent });
  await utils.migrate();
  let prepared = 0;
  return {
    system: 'graphile-worker',
    async prepare(chunks) {
      prepared = chunks;
      for (let from = 0; from < chunks; from += 5000) {
        const count = Math.min(5000, chunks - from);
        await utils.addJobs(
          Array.from({ length: count }, (_, i) => ({ identifier: task, payload: { n: from + i } })),
        );
      }
      await warm(pool, connections + 1);
    },
    async run({ batch, chunks, deadline }: RunOptions): Promise<Outcome> {
      const { all, giveUp } = watch.begin(chunks);
      const runner = await run({
        pgPool: pool,
        logger: silent,
        noHandleSignals: true,
        parsedCronItems: [],
        taskList: { [task]: () => undefined },
        preset: {
          worker: {
            concurrentJobs: connections,
            ...(batch === 1
              ? {}
              : { localQueue: { size: batch }, completeJobBatchDelay: 0, failJobBatchDelay: 0 }),
          },
        },
      });
      const late = setTimeout(giveUp, Math.max(0, deadline - performance.now()));
      await all;
      clearTimeout(late);
      const outcome = watch.outcome();
      await runner.stop();
      await watch.quiet();
      return outcome;
    },
    async verify() {
      const { rows } = await pool.query<{ n: number }>(
        'SELECT count(*)::int AS n FROM graphile_worker._private_jobs',
      );
      expectCount('graphile-worker', 'jobs left', rows[0]?.n, prepared - watch.outcome().completed);
    },
    async clean() {
      await pool.query('TRUNCATE graphile_worker._private_jobs');
    },
    async close() {
      await utils.release();
      await pool.end();
    },
  };
}

interface Statement {
  readonly text?: string;
}

/** Sees the claims and completions on a pool's connections: the library does not tell when a completion is committed. */
class Watch {
  #begun: number | undefined;
  #ended = 0;
  #completed = 0;
  #claimsMs: number[] = [];
  #wanted = 0;
  #running = 0;
  #finish: () => void = () => undefined;

  constructor(pool: Pool) {
    pool.on('connect', (client) => {
      this.#follow(client);
    });
  }

  /** Forgets what was before. The promise resolves when so many jobs are complete, or when `giveUp` is called. */
  begin(wanted: number): { readonly all: Promise<void>; readonly giveUp: () => void } {
    this.#begun = undefined;
    this.#completed = 0;
    this.#claimsMs = [];
    this.#wanted = wanted;
    const all = new Promise<void>((resolve) => {
      this.#finish = resolve;
    });
    return { all, giveUp: this.#finish };
  }

  outcome(): Outcome {
    return {
      seconds: (this.#ended - (this.#begun ?? this.#ended)) / 1000,
      completed: this.#completed,
      claimsMs: this.#claimsMs,
    };
  }

  /** Waits for what is still on its way when the clock has stopped. */
  async quiet(): Promise<void> {
    while (this.#running > 0) await sleep(10);
  }

  #follow(client: PoolClient): void {
    const query = client.query.bind(client) as (...args: unknown[]) => unknown;
    const watched = (...args: unknown[]): unknown => {
      const text = (args[0] as Statement | undefined)?.text ?? '';
      const claims = text.startsWith('with j as');
      const completes = text.startsWith('delete from');
      if (!claims && !completes) return query(...args);
      const begun = performance.now();
      this.#begun ??= begun;
      this.#running += 1;
      return (query(...args) as Promise<{ rowCount: number | null }>).then((result) => {
        this.#running -= 1;
        this.#ended = performance.now();
        if (claims) this.#claimsMs.push(this.#ended - begun);
        else this.#completed += result.rowCount ?? 0;
        if (this.#completed >= this.#wanted) this.#finish();
        return result;
      });
    };
    client.query = watched as typeof client.query;
  }
}
