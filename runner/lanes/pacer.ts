/**
 * Spaces out the queries of a worker that finds nothing to do: at least `minMs` between two of them, growing by half
 * up to `maxMs`, with jitter upwards, so that many idle workers do not ask in step.
 */
export class Pacer {
  readonly #minMs: number;
  readonly #maxMs: number;
  readonly #random: () => number;
  #waitMs: number;
  #wake: (() => void) | undefined;
  #woken = false;

  constructor(minMs = 1000, maxMs = 2000, random: () => number = Math.random) {
    this.#minMs = minMs;
    this.#maxMs = maxMs;
    this.#random = random;
    this.#waitMs = minMs;
  }

  /** Waits for the next turn; true when `wake` cut the wait short. */
  async pause(): Promise<boolean> {
    if (this.#woken) {
      this.#woken = false;
      return true;
    }
    const ms = this.#waitMs * (1 + this.#random() * 0.25);
    this.#waitMs = Math.min(this.#maxMs, this.#waitMs * 1.5);
    return await new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#wake = undefined;
        resolve(false);
      }, ms);
      this.#wake = () => {
        clearTimeout(timer);
        this.#wake = undefined;
        resolve(true);
      };
    });
  }

  /** There may be something to do: ends the pause that is under way, or else the next one before it begins. */
  wake(): void {
    if (this.#wake === undefined) this.#woken = true;
    else this.#wake();
  }

  /** What came before is being looked at now: only a later `wake` ends the next pause. */
  looking(): void {
    this.#woken = false;
  }

  /** Something was found: the next pause is the shortest again. */
  reset(): void {
    this.#waitMs = this.#minMs;
  }
}
