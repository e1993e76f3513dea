import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';

import { BlockScanner, windowLength } from './block-scanner.js';
import type { OnBlock } from './block.js';
import { LogInputError } from './input-error.js';
import type { Recogniser } from './recogniser.js';
import { hand } from './scan.js';
import type { ScanOptions, ScanResult } from './scan.js';
import { shrunk } from './source.js';
import type { LogSource } from './source.js';

/** Bytes that are decompressed at once. */
const pieceLength = 1 << 18;

/** Whether the file begins as gzip files do. */
export async function isGzip(source: LogSource): Promise<boolean> {
  const magic = await source.read(0, 2);
  return magic.length === 2 && magic[0] === 0x1f && magic[1] === 0x8b;
}

/**
 * Finds the error blocks in what a gzip file holds, from its beginning up to byte `end` of the compressed file; offsets
 * are those of the decompressed text. `onProgress` is told bytes of the compressed file.
 * @throws LogInputError when the gzip data is damaged or cut off
 */
export async function scanGzip(
  source: LogSource,
  end: number,
  recogniser: Recogniser,
  onBlock: OnBlock,
  options: ScanOptions = {},
): Promise<ScanResult> {
  const scanner = new BlockScanner(recogniser, 0);
  let filled = 0;
  let bytes = 0;
  let blocks = 0;
  const take = async (last: boolean): Promise<void> => {
    options.signal?.throwIfAborted();
    const found = scanner.take(filled, last);
    filled = 0;
    blocks += found.length;
    await hand(found, onBlock);
  };
  for await (const piece of decompressed(source, end, options)) {
    bytes += piece.length;
    for (let from = 0; from < piece.length;) {
      const copied = piece.copy(scanner.space, filled, from);
      from += copied;
      filled += copied;
      if (filled === windowLength) await take(false);
    }
  }
  await take(true);
  return { bytes, blocks, resumeAt: scanner.resumeAt };
}

/** What the file holds, piece by piece. */
async function* decompressed(
  source: LogSource,
  end: number,
  { signal, onProgress }: ScanOptions,
): AsyncGenerator<Buffer> {
  const compressed = Readable.from(readAll(source, end, onProgress), { objectMode: false });
  const gunzip = createGunzip({ chunkSize: pieceLength });
  // its outcome arrives by way of the iteration
  pipeline(compressed, gunzip, { signal }).catch(() => undefined);
  try {
    for await (const piece of gunzip) yield piece as Buffer;
  } catch (error) {
    signal?.throwIfAborted();
    throw unreadable(source.path, error);
  } finally {
    compressed.destroy();
    gunzip.destroy();
  }
}

async function* readAll(
  source: LogSource,
  end: number,
  onProgress: ((position: number) => void) | undefined,
): AsyncGenerator<Buffer> {
  for (let position = 0; position < end;) {
    const wanted = Math.min(pieceLength, end - position);
    const piece = await source.read(position, wanted);
    position += piece.length;
    if (piece.length < wanted) throw shrunk(source.path, position, end);
    yield piece;
    onProgress?.(position);
  }
}

function unreadable(path: string, error: unknown): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'Z_BUF_ERROR')
    return new LogInputError('GZIP', `${path} is cut off: its gzip data ends in the middle`, error);
  if (code?.startsWith('Z_') === true)
    return new LogInputError('GZIP', `${path} is damaged: its gzip data cannot be read (${message})`, error);
  return error;
}
