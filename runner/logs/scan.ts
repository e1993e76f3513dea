import { BlockScanner, windowLength } from './block-scanner.js';
import type { LogBlock, OnBlock } from './block.js';
import type { Recogniser } from './recogniser.js';
import { shrunk } from './source.js';
import type { LogSource } from './source.js';

export interface ScanOptions {
  /** Stops the scan between two windows of 1 MiB; the scan then throws its reason. */
  readonly signal?: AbortSignal | undefined;
  /** Told after each window up to which byte of the file has been read. */
  readonly onProgress?: ((position: number) => void) | undefined;
}

export interface ScanResult {
  /** Bytes scanned (in a gzip file: of what it holds). */
  readonly bytes: number;
  readonly blocks: number;
  /**
   * Where the next scan begins when the file has grown: the start of what may still grow at the range's end (the last block,
   * a line without line end), else the range's end. Of meaning only when the range's end is the file's.
   */
  readonly resumeAt: number;
}

/**
 * Finds the error blocks that begin in [start, end), in order; `start` must be the start of a line and `end` a cut or
 * the file's end. Memory: one window and the capped text of one window's blocks, whatever the file.
 * @throws LogInputError when the file ends before `end`
 */
export async function scanRange(
  source: LogSource,
  start: number,
  end: number,
  recogniser: Recogniser,
  onBlock: OnBlock,
  options: ScanOptions = {},
): Promise<ScanResult> {
  const scanner = new BlockScanner(recogniser, start);
  try {
    let position = start;
    let blocks = 0;
    do {
      options.signal?.throwIfAborted();
      const wanted = Math.min(windowLength, end - position);
      const length = await source.readInto(scanner.space.subarray(0, wanted), position);
      if (length < wanted) throw shrunk(source.path, position + length, end);
      position += length;
      const found = scanner.take(length, position >= end);
      blocks += found.length;
      await hand(found, onBlock);
      options.onProgress?.(position);
    } while (position < end);
    return { bytes: end - start, blocks, resumeAt: scanner.resumeAt };
  } finally {
    scanner.release();
  }
}

/** Gives the blocks away one after the other, waiting only for those that ask for it. */
export async function hand(blocks: readonly LogBlock[], onBlock: OnBlock): Promise<void> {
  for (const block of blocks) {
    const taken = onBlock(block);
    if (taken !== undefined) await taken;
  }
}
