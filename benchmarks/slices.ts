/** Sessions that waited for a lock: the most that were seen at once in each slice of the time since the probe began. */
export interface Timeline {
  readonly slice_ms: number;
  /** For rows, pages and tables. */
  readonly rows: readonly number[];
  /** For application locks and the server's own. */
  readonly others: readonly number[];
}

const most = 240;

/** Folds samples, however many, into slices of one length: two become one whenever there would be too many. */
export class Slices {
  #sliceMs = 20;
  #rows: number[] = [];
  #others: number[] = [];

  add(atMs: number, rows: number, others: number): void {
    while (atMs / this.#sliceMs >= most) {
      this.#sliceMs *= 2;
      this.#rows = halved(this.#rows);
      this.#others = halved(this.#others);
    }
    const at = Math.max(0, Math.floor(atMs / this.#sliceMs));
    for (let i = this.#rows.length; i <= at; i += 1) {
      this.#rows.push(0);
      this.#others.push(0);
    }
    this.#rows[at] = Math.max(this.#rows[at] ?? 0, rows);
    this.#others[at] = Math.max(this.#others[at] ?? 0, others);
  }

  timeline(): Timeline {
    return { slice_ms: this.#sliceMs, rows: this.#rows, others: this.#others };
  }
}

function halved(values: readonly number[]): number[] {
  return Array.from({ length: Math.ceil(values.length / 2) }, (_, i) =>
    Math.max(values[2 * i] ?? 0, values[2 * i + 1] ?? 0),
  );
}
