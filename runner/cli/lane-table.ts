import type { Engine } from '../../engine/index.js';
import { trabajo } from '../../procedures/generated/index.js';
import type { RunningChunk, Worker } from '../worker.js';
import type { Board, Output } from './output.js';
import type { Progress } from './progress.js';
import { spanOf } from './spans.js';
import { layOut } from './table.js';

const drawEveryMs = 250;
const askEveryMs = 1000;

/** What a `LaneTable` follows. */
export interface FollowedWorker {
  readonly engine: Engine;
  readonly worker: Pick<Worker, 'running'>;
  readonly job: bigint;
  readonly lanes: number;
}

/** `--watch` on a terminal: a row a lane, drawn again and again, with a line below that says how far all of it is. */
export class LaneTable implements Progress {
  readonly #title: string;
  readonly #board: Board;
  readonly #out: Output;
  /** Which chunk each lane has: a chunk keeps its row, as a lane keeps its chunk. */
  #slots: (bigint | undefined)[] = [];
  #done = 0;
  #total: number;
  #failed = 0;
  #leftS: number | undefined;
  #timers: NodeJS.Timeout[] = [];
  #followed: FollowedWorker | undefined;
  #asking = false;

  constructor(title: string, total: number, board: Board, out: Output) {
    this.#title = title;
    this.#total = total;
    this.#board = board;
    this.#out = out;
  }

  /** Shows that worker's lanes from now on. */
  follow(followed: FollowedWorker): void {
    this.#followed = followed;
    this.#timers = [
      setInterval(() => {
        this.#draw();
      }, drawEveryMs),
      setInterval(() => void this.#ask(), askEveryMs),
    ];
    this.#draw();
  }

  update(done: number, _label?: string, total = this.#total): void {
    this.#done = done;
    this.#total = total;
  }

  line(text: string): void {
    this.#out.note(text);
  }

  stop(): void {
    for (const timer of this.#timers) clearInterval(timer);
    this.#board.stop();
  }

  #draw(): void {
    const { worker, lanes } = this.#followed ?? {};
    if (worker === undefined || lanes === undefined) return;
    const left = this.#leftS === undefined ? '' : `, about ${spanOf(this.#leftS)} left`;
    const failed = this.#failed === 0 ? '' : `, ${this.#failed} failed`;
    const rows = laneRows(this.#place(worker.running(), lanes));
    // a table that is taller than the terminal could not be drawn again over itself
    const room = Math.max(1, process.stdout.rows - 4);
    const shown = rows.slice(0, room);
    const more = rows.length > shown.length ? [`… ${rows.length - shown.length} more lanes`] : [];
    this.#board.draw(
      [
        layOut({ head: laneHead, rows: shown }, undefined, undefined),
        ...more,
        `${this.#title}: ${this.#done} of ${this.#total} ended${failed}${left}`,
      ].join('\n'),
    );
  }

  /** The lanes in their order, each with what it runs. */
  #place(running: readonly RunningChunk[], lanes: number): (RunningChunk | undefined)[] {
    const byId = new Map(running.map((chunk) => [chunk.id, chunk]));
    const slots = Array.from({ length: lanes }, (_, i) => {
      const id = this.#slots[i];
      return id !== undefined && byId.delete(id) ? id : undefined;
    });
    for (const id of byId.keys()) {
      const free = slots.indexOf(undefined);
      if (free >= 0) slots[free] = id;
    }
    this.#slots = slots;
    return slots.map((id) => running.find((chunk) => chunk.id === id));
  }

  /** Other workers' funds are seen in the database only. */
  async #ask(): Promise<void> {
    const { engine, job } = this.#followed ?? {};
    if (this.#asking || engine === undefined || job === undefined) return;
    this.#asking = true;
    try {
      const seen = await trabajo.estadoTrabajo(engine, { idTrabajo: job }, { idempotent: true });
      this.#failed = seen.fallidos;
      this.#leftS = seen.faltanS ?? undefined;
    } catch {
      // the line stands still; whether the database answers is the worker's to say
    } finally {
      this.#asking = false;
    }
  }
}

/** As wide as what mostly stands below, so that the columns keep their places. */
export const laneHead = ['lane', 'fund    ', 'service  ', '     s', 'fund s', 'try', 'state'];

/** A row a lane; times in seconds, of the service and of the fund. */
export function laneRows(
  lanes: readonly (RunningChunk | undefined)[],
  now: number = performance.now(),
): (string | number)[][] {
  const seconds = (since: number) => ((now - since) / 1000).toFixed(1);
  return lanes.map((chunk, i) => {
    if (chunk === undefined) return [i + 1, '', '', '', '', '', 'idle'];
    const { resource, id, step, stepSince, since, attempt, stopping } = chunk;
    const state = stopping ? 'stopping' : 'running';
    return [i + 1, resource ?? String(id), step ?? '', seconds(stepSince), seconds(since), attempt, state];
  });
}
