/** So many at a time; the rest wait in line. The drivers' own queues can neither be left early nor be waited for. */
export class Slots {
  readonly #max: number;
  readonly #waiting = new Set<() => void>();
  #taken = 0;
  #onIdle: (() => void)[] = [];

  constructor(max: number) {
    this.#max = max;
  }

  /** @throws the signal's reason when it is aborted first */
  async take(signal?: AbortSignal): Promise<() => void> {
    signal?.throwIfAborted();
    if (this.#taken < this.#max) {
      this.#taken += 1;
    } else {
      await this.#wait(signal);
    }
    let given = true;
    return () => {
      if (given) this.#giveBack();
      given = false;
    };
  }

  /** Resolves when nobody holds a slot and nobody waits. */
  async idle(): Promise<void> {
    if (this.#taken === 0) return;
    await new Promise<void>((resolve) => this.#onIdle.push(resolve));
  }

  #wait(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const taken = (): void => {
        signal?.removeEventListener('abort', left);
        resolve();
      };
      const left = (): void => {
        this.#waiting.delete(taken);
        // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- the caller's own reason, as it is
        reject(signal?.reason);
      };
      this.#waiting.add(taken);
      signal?.addEventListener('abort', left, { once: true });
    });
  }

  #giveBack(): void {
    const [next] = this.#waiting;
    if (next !== undefined) {
      this.#waiting.delete(next);
      next();
      return;
    }
    this.#taken -= 1;
    if (this.#taken > 0) return;
    for (const resolve of this.#onIdle.splice(0)) resolve();
  }
}
