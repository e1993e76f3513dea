import { connect } from '../../engine/index.js';
import type { ConnectionTarget, Engine } from '../../engine/index.js';
import { trabajo } from '../../procedures/generated/index.js';
import { Completions } from '../../runner/lanes/completions.js';
import type { FinishedChunk } from '../../runner/lanes/completions.js';
import { expectCount, timed } from './contender.js';
import type { Contender, Outcome, RunOptions } from './contender.js';

/**
 * carril: each call completes what the one before it claimed and claims the next, and the lanes' calls are those of a worker,
 * which shares them among its lanes.
 * @param apart a call of its own for each lane instead: what so many workers of one lane would do
 * @param finished so many ended chunks lie in the table already, half of them in an ended job and half in the very job that runs
 */
export async function carril(
  target: ConnectionTarget,
  connections: number,
  { finished = 0, apart = false }: { readonly finished?: number; readonly apart?: boolean } = {},
): Promise<Contender> {
  const engine = await connect(target, { poolMax: connections, appName: 'carril bench' });
  const { idTrabajo } = await trabajo.crearTrabajo(engine, { tipo: kind });
  if (finished > 0) await fill(engine, idTrabajo, finished);
  return new Carril(engine, connections, idTrabajo, apart);
}

const kind = 'BENCH';

async function fill(engine: Engine, live: bigint, finished: number): Promise<void> {
  const { idTrabajo: ended } = await trabajo.crearTrabajo(engine, { tipo: kind });
  for (const job of [ended, live]) {
    await engine.query(
      `INSERT INTO trabajo.Chunks (id_trabajo, orden, estado, token, intento, inicio, fin)
       SELECT $1, n, 'COMPLETADO', 1, 1, now(), now() FROM generate_series(1, $2::int) AS n`,
      [job, Math.ceil(finished / 2)],
    );
  }
  await trabajo.finalizarTrabajo(engine, { idTrabajo: ended });
}

class Carril implements Contender {
  readonly system = 'carril';
  readonly #engine: Engine;
  readonly #connections: number;
  readonly #job: bigint;
  readonly #apart: boolean;
  /** Chunks above it are this run's. */
  #before = 0n;
  readonly #completed = new Set<bigint>();

  constructor(engine: Engine, connections: number, job: bigint, apart: boolean) {
    this.#engine = engine;
    this.#connections = connections;
    this.#job = job;
    this.#apart = apart;
  }

  async prepare(chunks: number): Promise<void> {
    this.#completed.clear();
    const [row] = await this.#engine.query(
      `SELECT COALESCE(max(id_chunk), 0) AS id, COALESCE(max(orden) FILTER (WHERE id_trabajo = $1), 0) AS orden
       FROM trabajo.Chunks`,
      [this.#job],
    );
    this.#before = row?.['id'] as bigint;
    await this.#engine.query(
      `INSERT INTO trabajo.Chunks (id_trabajo, orden) SELECT $1, $2::int + n FROM generate_series(1, $3::int) AS n`,
      [this.#job, Number(row?.['orden']), chunks],
    );
    const open = () => this.#engine.query('SELECT pg_sleep(0.05)');
    await Promise.all(Array.from({ length: this.#connections }, open));
  }

  async run({ batch, connections, deadline }: RunOptions): Promise<Outcome> {
    const claimsMs: number[] = [];
    const calls = (lanes: number, lane: number) =>
      new Completions({
        session: this.#engine,
        holder: `bench:${lane}`,
        kinds: [kind],
        leaseSeconds: 60,
        job: undefined,
        lanes,
      });
    const shared = calls(connections, 0);
    const begun = performance.now();
    await Promise.all(
      Array.from({ length: connections }, async (_, lane) => {
        const completions = this.#apart ? calls(1, lane) : shared;
        let held: readonly FinishedChunk[] = [];
        do {
          const wanted = performance.now() < deadline ? batch : 0;
          const ended = held;
          const { told, claimed } = await timed(claimsMs, () => completions.turn(ended, wanted));
          for (const { idChunk } of ended) {
            const word = told.get(idChunk) ?? 'DONE';
            if (word === 'LOST' || word === 'CANCELLED' || this.#completed.has(idChunk))
              throw new Error(`carril: chunk ${idChunk} came back as ${word}`);
            this.#completed.add(idChunk);
          }
          held = claimed.map(({ idChunk, token }) => ({ idChunk, token, resultado: null }));
        } while (held.length > 0);
      }),
    );
    const seconds = (performance.now() - begun) / 1000;
    return { seconds, completed: this.#completed.size, claimsMs };
  }

  async verify(completed: number): Promise<void> {
    const [row] = await this.#engine.query(
      `SELECT count(*)::int AS done, count(*) FILTER (WHERE token = 1 AND intento = 1)::int AS once
       FROM trabajo.Chunks WHERE id_chunk > $1 AND estado = 'COMPLETADO'`,
      [this.#before],
    );
    expectCount('carril', 'chunks COMPLETADO', row?.['done'], completed);
    expectCount('carril', 'chunks claimed once', row?.['once'], completed);
    expectCount('carril', 'chunks in answers', this.#completed.size, completed);
  }

  async clean(): Promise<void> {
    await this.#engine.query('DELETE FROM trabajo.Chunks WHERE id_chunk > $1', [this.#before]);
  }

  async close(): Promise<void> {
    await this.#engine.close();
  }
}
