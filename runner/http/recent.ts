/** Reads things that are named by an ID; who asks for the same one within a moment shares the answer. */
export class Recent<T> {
  readonly #read: (id: bigint) => Promise<T>;
  readonly #freshMs: number;
  readonly #answers = new Map<bigint, Promise<T>>();

  constructor(read: (id: bigint) => Promise<T>, freshMs: number) {
    this.#read = read;
    this.#freshMs = freshMs;
  }

  /** What it is, or was at most so long ago. @throws what reading throws: that is asked again by the next one */
  get(id: bigint): Promise<T> {
    const known = this.#answers.get(id);
    if (known !== undefined) return known;
    const answer = this.#read(id);
    this.#answers.set(id, answer);
    const forget = (): void => {
      if (this.#answers.get(id) === answer) this.#answers.delete(id);
    };
    answer.then(() => setTimeout(forget, this.#freshMs).unref(), forget);
    return answer;
  }

  /** What was changed here is read again. */
  forget(id: bigint): void {
    this.#answers.delete(id);
  }
}
