import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import { interrupted, onInterrupt } from './interrupt.js';

/**
 * Writes a file that is there whole or not at all: under another name first, which Ctrl-C takes away again.
 * @returns an exit code when it was interrupted
 */
export async function writeWhole(
  file: string,
  pieces: Iterable<string> | AsyncIterable<string>,
): Promise<number | undefined> {
  const partial = `${file}.partial`;
  const controller = new AbortController();
  const release = onInterrupt(() => {
    controller.abort();
  });
  try {
    await pipeline(Readable.from(pieces), createWriteStream(partial), { signal: controller.signal });
    await rename(partial, file);
    return undefined;
  } catch (error) {
    await rm(partial, { force: true });
    if (controller.signal.aborted) return interrupted;
    throw error;
  } finally {
    release();
  }
}
