import { timingsOf } from '../measured-engine.js';
import type { Called } from './model.js';

/** How long each call of something took, and how many of them were repeated. */
export class CallBook {
  readonly #times = new Map<string, number[]>();
  readonly #retries = new Map<string, number>();

  called(name: string, ms: number): void {
    const list = this.#times.get(name);
    if (list === undefined) this.#times.set(name, [ms]);
    else list.push(ms);
  }

  retried(name: string): void {
    this.#retries.set(name, (this.#retries.get(name) ?? 0) + 1);
  }

  summed(): Record<string, Called> {
    const names = new Set([...this.#times.keys(), ...this.#retries.keys()]);
    return Object.fromEntries(
      [...names].map((name) => [
        name,
        { ...timingsOf(this.#times.get(name) ?? []), retries: this.#retries.get(name) ?? 0 },
      ]),
    );
  }
}
