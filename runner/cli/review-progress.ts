import type { Engine } from '../../engine/index.js';
import { trabajo } from '../../procedures/generated/index.js';
import type { Output } from './output.js';
import { megabyte } from './sizes.js';
import { spanOf } from './spans.js';

/** How often the database is asked how far all workers together are. */
const askEveryMs = 1000;

/** In a pipe, at most a line in so long. */
const lineEveryMs = 2000;

/** How far a review is, in megabytes: a bar on a terminal, a line every tenth of the way, or less often, in a pipe. */
export class ReviewProgress {
  readonly #out: Output;
  readonly #title: string;
  readonly #total: number;
  readonly #bytes: number;
  readonly #bar: ReturnType<Output['progress']>;
  #read = 0;
  #known = 0;
  #left = '';
  #tenths = 0;
  #lineAt = performance.now();
  #timers: NodeJS.Timeout[] = [];

  constructor(title: string, bytes: number, out: Output) {
    this.#out = out;
    this.#bytes = bytes;
    this.#title = title;
    this.#total = Math.ceil(bytes / megabyte);
    this.#bar = out.progress(`${title}, MB`, this.#total);
  }

  /** So many bytes has this process read; those of a chunk that it read twice count twice. */
  get bytesRead(): number {
    return this.#read;
  }

  /** Bytes that this process has read. */
  read(bytes: number): void {
    this.#read += bytes;
    if (!this.#out.live) this.#line();
  }

  /** Draws on a terminal, and asks the database for what the job's other workers have done. */
  start(engine: Engine, job: bigint): void {
    if (!this.#out.live) return;
    let asking = false;
    const ask = async () => {
      if (asking) return;
      asking = true;
      try {
        const state = await trabajo.estadoTrabajo(engine, { idTrabajo: job }, { idempotent: true });
        const total = state.pesoTotal;
        // a chunk's weight is its megabytes
        if (total > 0) this.#known = this.#bytes * (1 - state.pesoRestante / total);
        this.#left = state.faltanS === null ? '' : `${spanOf(state.faltanS)} left`;
      } catch {
        // the bar stands still; whether the database answers is the worker's to say
      } finally {
        asking = false;
      }
    };
    const draw = () => {
      this.#draw();
    };
    this.#timers = [setInterval(() => void ask(), askEveryMs), setInterval(draw, 200)];
  }

  /** A line worth its own. */
  line(text: string): void {
    this.#out.note(`${this.#title}: ${text}`);
  }

  /** @param complete the review has ended well: the bar is drawn to its end */
  stop(complete: boolean): void {
    for (const timer of this.#timers) clearInterval(timer);
    if (this.#out.live) {
      if (complete) this.#known = this.#bytes;
      this.#left = '';
      this.#draw();
    }
    this.#bar.stop();
  }

  #done(): number {
    return Math.min(this.#bytes, Math.max(this.#read, this.#known));
  }

  #draw(): void {
    this.#bar.update(this.#megabytes(), this.#left);
  }

  #line(): void {
    const tenths = Math.floor((10 * this.#done()) / this.#bytes);
    if (tenths <= this.#tenths || performance.now() < this.#lineAt + lineEveryMs) return;
    this.#tenths = tenths;
    this.#lineAt = performance.now();
    this.#bar.update(this.#megabytes(), `${tenths * 10} %`);
  }

  /** The last one, begun or not, when all is done. */
  #megabytes(): number {
    const done = this.#done();
    return done >= this.#bytes ? this.#total : Math.floor(done / megabyte);
  }
}
