import type { Session } from '../../engine/index.js';
import { ProcedureError } from '../../engine/index.js';
import { trabajo } from '../../procedures/generated/index.js';
import type { Chunk } from './handler.js';

/** A chunk whose work leaves nothing in the database but this result (JSON, or null). */
export interface FinishedChunk {
  readonly idChunk: bigint;
  readonly token: bigint;
  readonly resultado: string | null;
}

/** How a chunk ended that did not simply end COMPLETADO in a job that goes on. */
type Ending = 'LAST' | 'CANCELLED' | 'LOST';

/** What became of what one lane handed in. */
export interface Turn {
  /** Of the call's chunks, other lanes' among them, those that did not simply end COMPLETADO in a job that goes on, by ID. */
  readonly told: ReadonlyMap<bigint, Ending>;
  /** Claimed in the same transaction: no more than were asked for. */
  readonly claimed: readonly Chunk[];
}

export interface CompletionOptions {
  readonly session: Session;
  readonly holder: string;
  readonly kinds: readonly string[];
  readonly leaseSeconds: number;
  /** Only this job's chunks. */
  readonly job: bigint | undefined;
  readonly lanes: number;
}

interface Waiting {
  readonly chunks: readonly FinishedChunk[];
  readonly claim: number;
  readonly resolve: (turn: Turn) => void;
  readonly reject: (error: unknown) => void;
}

/** While the server commits the one, the other is on its way. */
const mostCalls = 2;

/** Of each list in one call: the procedure's limit. */
const mostChunks = 2000;

/**
 * Completes the chunks of many lanes, and claims their next ones, in few calls: a commit costs the same for one chunk as
 * for many, so lanes that end while calls are under way go together in the next one. A lane that ends alone does not wait.
 */
export class Completions {
  readonly #options: CompletionOptions;
  /** Lanes in one call: with half of them in each, both calls have work. */
  readonly #mostLanes: number;
  #waiting: Waiting[] = [];
  #calls = 0;
  #scheduled = false;

  constructor(options: CompletionOptions) {
    this.#options = options;
    this.#mostLanes = Math.max(1, Math.ceil(options.lanes / mostCalls));
  }

  /**
   * Completes these chunks of one lane and claims up to `claim` others for it (at most 2,000 each).
   * Rejects when the call failed, and then nothing of it was done, or its answer was lost: then a chunk may be complete,
   * which its token tells whoever asks next.
   */
  turn(chunks: readonly FinishedChunk[], claim: number): Promise<Turn> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ chunks, claim, resolve, reject });
      this.#schedule();
    });
  }

  /** What arrives in the same turn of the event loop goes together. */
  #schedule(): void {
    if (this.#scheduled || this.#waiting.length === 0 || this.#calls >= mostCalls) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      while (this.#waiting.length > 0 && this.#calls < mostCalls) void this.#send(this.#takeOff());
    });
  }

  #takeOff(): readonly Waiting[] {
    let [lanes, completed, claimed] = [0, 0, 0];
    for (const { chunks, claim } of this.#waiting) {
      completed += chunks.length;
      claimed += claim;
      if (lanes > 0 && (lanes === this.#mostLanes || completed > mostChunks || claimed > mostChunks)) break;
      lanes += 1;
    }
    return this.#waiting.splice(0, lanes);
  }

  async #send(lanes: readonly Waiting[]): Promise<void> {
    this.#calls += 1;
    try {
      deal(await this.#call(lanes), lanes);
    } catch (error) {
      await this.#afterError(error, lanes);
    } finally {
      this.#calls -= 1;
      this.#schedule();
    }
  }

  /** A refusal meant for one chunk undid the whole call: each lane asks for itself then. */
  async #afterError(error: unknown, lanes: readonly Waiting[]): Promise<void> {
    const refused = error instanceof ProcedureError && !error.retryable && error.code !== 'CONNECTION';
    if (lanes.length === 1 || !refused) {
      for (const { reject } of lanes) reject(error);
      return;
    }
    for (const lane of lanes) {
      try {
        deal(await this.#call([lane]), [lane]);
      } catch (own) {
        lane.reject(own);
      }
    }
  }

  #call(lanes: readonly Waiting[]): Promise<readonly trabajo.CompletarChunksRow[]> {
    const { session, holder, kinds, leaseSeconds, job } = this.#options;
    return trabajo.completarChunks(
      session,
      {
        poseedor: holder,
        chunks: lanes.flatMap(({ chunks }) => chunks),
        reclamar: lanes.reduce((sum, { claim }) => sum + claim, 0),
        tipos: kinds.map((tipo) => ({ tipo })),
        arriendoS: leaseSeconds,
        idTrabajo: job ?? null,
      },
      { idempotent: true },
    );
  }
}

const endings: Readonly<Record<string, Ending>> = {
  COMPLETADO: 'LAST',
  CANCELADO: 'CANCELLED',
  PERDIDO: 'LOST',
};

/** Gives the lanes what was said, and each as many of the claimed chunks as it asked for while they last. */
function deal(rows: readonly trabajo.CompletarChunksRow[], lanes: readonly Waiting[]): void {
  const claimed: Chunk[] = [];
  const told = new Map<bigint, Ending>();
  for (const row of rows) {
    const ending = endings[row.situacion];
    if (ending === undefined) claimed.push(claimedChunk(row));
    else told.set(row.idChunk, ending);
  }
  let from = 0;
  for (const { claim, resolve } of lanes) {
    resolve({ told, claimed: claimed.slice(from, from + claim) });
    from += claim;
  }
}

/** @throws when the row lacks what every claimed chunk has */
function claimedChunk(row: trabajo.CompletarChunksRow): Chunk {
  const { idTrabajo, tipo, intento, maxIntentos } = row;
  if (idTrabajo === null || tipo === null || intento === null || maxIntentos === null)
    throw new Error(`trabajo.sp_Completar_Chunks claimed chunk ${row.idChunk} and did not say of which job`);
  return { ...row, idTrabajo, tipo, intento, maxIntentos };
}
