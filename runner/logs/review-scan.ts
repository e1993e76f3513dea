import type { OnBlock } from './block.js';
import type { ByteRange } from './cuts.js';
import { scanGzip } from './gzip.js';
import { recogniserOf } from './parameters.js';
import type { ReviewParameters } from './parameters.js';
import { scanRange } from './scan.js';
import type { ScanResult } from './scan.js';
import type { LogSource } from './source.js';

/** A part of a review that was scanned. */
export interface Scanned extends ScanResult {
  /** Behind the last byte, counted as the blocks' offsets are: in a gzip file, in what it holds. */
  readonly end: number;
}

/** Scans a range of the file as the review was planned; a gzip file is scanned whole. */
export async function scanReview(
  source: LogSource,
  review: ReviewParameters,
  { start, end }: ByteRange,
  onBlock: OnBlock,
  options: { signal?: AbortSignal | undefined; read?: ((bytes: number) => void) | undefined },
): Promise<Scanned> {
  const { signal, read } = options;
  let position = start;
  const onProgress = (reached: number) => {
    read?.(reached - position);
    position = reached;
  };
  const recogniser = recogniserOf(review);
  if (!review.gzip) {
    const result = await scanRange(source, start, end, recogniser, onBlock, { signal, onProgress });
    return { ...result, end };
  }
  const result = await scanGzip(source, end, recogniser, onBlock, { signal, onProgress });
  // what has grown is another gzip file: it is read from its beginning again
  return { ...result, end: result.bytes, resumeAt: 0 };
}
