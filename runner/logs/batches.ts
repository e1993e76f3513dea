import type { LogBlock } from './block.js';

/** The blocks that begin in [from, to) of a file: all of them. */
export interface Batch {
  readonly from: number;
  readonly to: number;
  readonly blocks: readonly LogBlock[];
}

/**
 * What a call carries at most, unless one block alone is larger: all of a chunk of 1 MB, whatever is in it. Each lane has one such
 * call under way, in several copies until it has been sent.
 */
const most = { blocks: 20_000, characters: 1.5 * 2 ** 20 };

/**
 * Collects a scan's blocks into batches that one call can carry. Their ranges follow each other without a gap, so that
 * writing them replaces whatever was written of the range before.
 */
export class Batches {
  readonly #write: (batch: Batch) => Promise<void>;
  #from: number;
  #blocks: LogBlock[] = [];
  #characters = 0;
  #count = 0;

  /** @param write stores a batch behind which there is more; the last one is what `rest` returns */
  constructor(from: number, write: (batch: Batch) => Promise<void>) {
    this.#from = from;
    this.#write = write;
  }

  /** So many blocks were added. */
  get count(): number {
    return this.#count;
  }

  /** Takes the next block; a promise when the scan must wait for a batch to be stored. */
  add(block: LogBlock): void | Promise<void> {
    const size = block.text.length + block.firstLine.length + block.signature.length;
    const full = this.#blocks.length >= most.blocks || this.#characters + size > most.characters;
    const ready = full && this.#blocks.length > 0 ? this.#take(block.byteStart) : undefined;
    this.#blocks.push(block);
    this.#characters += size;
    this.#count += 1;
    return ready === undefined ? undefined : this.#write(ready);
  }

  /** What is left at the range's end: the last batch, empty or not. */
  rest(to: number): Batch {
    return this.#take(to);
  }

  #take(to: number): Batch {
    const batch = { from: this.#from, to, blocks: this.#blocks };
    this.#from = to;
    this.#blocks = [];
    this.#characters = 0;
    return batch;
  }
}
