import type { BackfillStep } from '../backfill.js';
import type { Output } from './output.js';
import { spanOf } from './spans.js';

/** In a pipe, at most a line in so long. */
const lineEveryMs = 2000;

/** The rate is that of the last so many milliseconds: phases differ in speed, and so do the hours of a night. */
const rateOverMs = 30_000;

/** How far a backfill is, in rows, and when it will be there. */
export class BackfillProgress {
  readonly #out: Output;
  readonly #bar: ReturnType<Output['progress']>;
  #done: number;
  #total: number;
  #lineAt = performance.now();
  #samples: { readonly at: number; readonly done: number }[];

  constructor(title: string, total: number, done: number, out: Output) {
    this.#out = out;
    this.#done = done;
    this.#total = Math.max(total, done);
    this.#bar = out.progress(`${title}, rows`, this.#total);
    this.#samples = [{ at: performance.now(), done }];
  }

  step({ phase, table, rows, done }: BackfillStep): void {
    const now = performance.now();
    this.#done += rows;
    this.#total = Math.max(this.#total, this.#done);
    this.#samples.push({ at: now, done: this.#done });
    while (this.#samples.length > 2 && (this.#samples[0]?.at ?? now) < now - rateOverMs)
      this.#samples.shift();
    if (!this.#out.live && !done && now - this.#lineAt < lineEveryMs) return;
    this.#lineAt = now;
    const where = [phase, table ?? ''].filter((text) => text !== '').join(' ');
    this.#bar.update(this.#done, [where, this.#left()].filter((text) => text !== '').join(', '), this.#total);
  }

  stop(): void {
    this.#bar.stop();
  }

  #left(): string {
    const [first, last] = [this.#samples[0], this.#samples.at(-1)];
    if (first === undefined || last === undefined || last.done === first.done) return '';
    const seconds = ((this.#total - last.done) / (last.done - first.done)) * ((last.at - first.at) / 1000);
    return `${spanOf(seconds)} left`;
  }
}
