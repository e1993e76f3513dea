interface Answer<T> {
  readonly value: Promise<T>;
  readonly asked: number;
  renewing: boolean;
}

/**
 * Reads things that are named by an ID; who asks for the same one shares the answer. One that is no longer fresh is renewed behind
 * the back of who asks, and told until it is stale: nobody who polls waits for the database.
 */
export class Recent<T> {
  readonly #read: (id: bigint) => Promise<T>;
  readonly #freshMs: number;
  readonly #staleMs: number;
  readonly #answers = new Map<bigint, Answer<T>>();

  constructor(read: (id: bigint) => Promise<T>, { freshMs, staleMs }: { freshMs: number; staleMs: number }) {
    this.#read = read;
    this.#freshMs = freshMs;
    this.#staleMs = staleMs;
  }

  /** What it is, or was a moment ago. @throws what reading throws: that is asked again by the next one */
  get(id: bigint): Promise<T> {
    const known = this.#answers.get(id);
    if (known === undefined) return this.#ask(id).value;
    if (!known.renewing && performance.now() - known.asked > this.#freshMs) {
      known.renewing = true;
      const next = this.#begin(id);
      next.value.then(
        () => {
          // unless it was forgotten meanwhile
          if (this.#answers.get(id) === known) this.#keep(id, next);
        },
        () => {
          known.renewing = false;
        },
      );
    }
    return known.value;
  }

  /** Takes what was just read for another purpose. */
  put(id: bigint, value: T): void {
    this.#keep(id, { value: Promise.resolve(value), asked: performance.now(), renewing: false });
  }

  /** What was changed is read again. */
  forget(id: bigint): void {
    this.#answers.delete(id);
  }

  #begin(id: bigint): Answer<T> {
    return { value: this.#read(id), asked: performance.now(), renewing: false };
  }

  #ask(id: bigint): Answer<T> {
    const answer = this.#begin(id);
    this.#keep(id, answer);
    return answer;
  }

  #keep(id: bigint, answer: Answer<T>): void {
    this.#answers.set(id, answer);
    const drop = (): void => {
      if (this.#answers.get(id) === answer) this.#answers.delete(id);
    };
    answer.value.then(() => {
      setTimeout(drop, Math.max(0, answer.asked + this.#staleMs - performance.now())).unref();
    }, drop);
  }
}
