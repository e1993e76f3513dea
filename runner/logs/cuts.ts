import { headLength, lineKind, padding } from './recogniser.js';
import type { Recogniser } from './recogniser.js';
import { shrunk } from './source.js';
import type { LogSource } from './source.js';

/** A half-open range of bytes. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** Bytes that are looked through at once: few at first, since the next entry is near as a rule. */
const step = { first: 1 << 14, most: 1 << 20 };

const newline = 10;

/**
 * Cuts [from, to) into ranges of about `chunkSize` bytes that begin at timestamped lines, so that no block is cut: at
 * each target the cut moves back to the last such line, forward when there is none since the cut before. Reads around
 * the cuts only. `from` must be the start of a line. No range is empty; from = to gives none.
 * @throws LogInputError when the file ends before `to`
 */
export async function* planCuts(
  source: LogSource,
  from: number,
  to: number,
  chunkSize: number,
  recogniser: Recogniser,
): AsyncGenerator<ByteRange> {
  const finder = new EntryFinder(source, to, recogniser);
  let start = from;
  while (start < to) {
    const target = start + Math.max(1, Math.floor(chunkSize));
    const end = (target < to ? await finder.near(start, target) : null) ?? to;
    yield { start, end };
    start = end;
  }
}

/**
 * Where [start, end) can be cut in two near `target`: at the last timestamped line at or before it, else at the first one
 * behind it; null when there is none but the one at `start`.
 * @throws LogInputError when the file ends before `end`
 */
export async function findCut(
  source: LogSource,
  start: number,
  end: number,
  target: number,
  recogniser: Recogniser,
): Promise<number | null> {
  return new EntryFinder(source, end, recogniser).near(start, target);
}

/** Looks for the starts of timestamped lines. */
class EntryFinder {
  readonly #source: LogSource;
  readonly #to: number;
  readonly #recogniser: Recogniser;
  #buffer = Buffer.alloc(0);

  constructor(source: LogSource, to: number, recogniser: Recogniser) {
    this.#source = source;
    this.#to = to;
    this.#recogniser = recogniser;
  }

  /** The last one in (start, target], else the first one in (target, to). */
  async near(start: number, target: number): Promise<number | null> {
    return (await this.#before(start, target)) ?? (await this.#after(Math.max(start, target)));
  }

  async #before(start: number, target: number): Promise<number | null> {
    let high = Math.min(target + 1, this.#to);
    for (let length = step.first; high > start + 1; length = Math.min(length * 2, step.most)) {
      const low = Math.max(start + 1, high - length);
      const found = await this.#look(low, high, true);
      if (found !== null) return found;
      high = low;
    }
    return null;
  }

  async #after(target: number): Promise<number | null> {
    let low = target + 1;
    for (let length = step.first; low < this.#to; length = Math.min(length * 2, step.most)) {
      const high = Math.min(low + length, this.#to);
      const found = await this.#look(low, high, false);
      if (found !== null) return found;
      low = high;
    }
    return null;
  }

  /** The first or last timestamped line that starts in [low, high). */
  async #look(low: number, high: number, last: boolean): Promise<number | null> {
    // the byte before tells whether a line starts at `low`
    const base = low - 1;
    const bytes = await this.#read(base, Math.min(this.#to, high + headLength));
    const { first } = this.#recogniser;
    const ends = bytes.subarray(0, high - base - 1);
    let at = last ? ends.lastIndexOf(newline) : ends.indexOf(newline);
    while (at >= 0) {
      const start = at + 1;
      if (first[bytes[start] ?? 0] === 1 && this.#isEntry(bytes, start)) return base + start;
      if (last) at = at === 0 ? -1 : ends.lastIndexOf(newline, at - 1);
      else at = ends.indexOf(newline, at + 1);
    }
    return null;
  }

  #isEntry(bytes: Buffer, at: number): boolean {
    return this.#recogniser.classify(this.#buffer, at, bytes.length) !== lineKind.plain;
  }

  async #read(start: number, end: number): Promise<Buffer> {
    const length = end - start;
    if (this.#buffer.length < length + padding) this.#buffer = Buffer.allocUnsafe(length + padding);
    const bytes = this.#buffer.subarray(0, length);
    const filled = await this.#source.readInto(bytes, start);
    if (filled < length) throw shrunk(this.#source.path, start + filled, this.#to);
    this.#buffer.fill(0, length, length + padding);
    return bytes;
  }
}
