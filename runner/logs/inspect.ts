import { constants, gunzipSync } from 'node:zlib';

import { UsageError } from '../../engine/errors.js';
import { isGzip } from './gzip.js';
import { createRecogniser, headLength, lineKind, padding } from './recogniser.js';
import type { Recogniser } from './recogniser.js';
import type { LogSource } from './source.js';

/** Bytes at a log's beginning that tell whether it is understood. */
export const sampleLength = 1 << 18;

/** Of a gzip file, so many compressed bytes: however well they are packed, a few MB come out. */
const packedSampleLength = 1 << 14;

const headBytes = 4096;

/** Compressions that are not read, by their first bytes, and what unpacks them. */
const packed: readonly (readonly [name: string, magic: readonly number[], unpack: string])[] = [
  ['zstd', [0x28, 0xb5, 0x2f, 0xfd], 'zstd -d'],
  ['bzip2', [0x42, 0x5a, 0x68], 'bunzip2'],
  ['xz', [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00], 'unxz'],
  ['zip', [0x50, 0x4b, 0x03, 0x04], 'unzip'],
];

const marks: readonly (readonly [encoding: string, mark: readonly number[]])[] = [
  ['UTF-32LE', [0xff, 0xfe, 0, 0]],
  ['UTF-32BE', [0, 0, 0xfe, 0xff]],
  ['UTF-16LE', [0xff, 0xfe]],
  ['UTF-16BE', [0xfe, 0xff]],
];

/**
 * Looks at a log's beginning: a file that is not understood would pass as one without errors.
 * @returns whether a line there begins with a timestamp that is recognised; null when there is nothing to judge by
 * @throws UsageError for what is no text in an encoding that is read
 */
export async function inspect(
  source: LogSource,
  options: { readonly pattern?: string | undefined; readonly format?: string | undefined },
): Promise<boolean | null> {
  const gzip = await isGzip(source);
  const whole = source.size <= (gzip ? packedSampleLength : sampleLength);
  const sample = gzip
    ? unpacked(await source.read(0, packedSampleLength))
    : await source.read(0, Math.min(source.size, sampleLength));
  if (sample === undefined || sample.length === 0) return null;
  const head = sample.subarray(0, headBytes);
  for (const [name, magic, unpack] of packed) {
    const isMagic = startsWith(head, magic) && (name !== 'bzip2' || isBzip2(head));
    if (isMagic) throw new UsageError(`${source.path} is compressed with ${name}: unpack it with ${unpack}`);
  }
  const marked = marks.find(([, mark]) => startsWith(head, mark))?.[0];
  if (marked !== undefined) throw otherEncoding(source.path, marked);
  const recogniser = createRecogniser({ ...options, mtimeMs: source.mtimeMs });
  const recognised = hasTimestamp(sample, whole, recogniser);
  // a stray NUL in a log that is understood otherwise does no harm
  if (!recognised && head.includes(0)) {
    const encoding = encodingOf(head);
    throw encoding === undefined
      ? new UsageError(`${source.path} is no text: there are NUL bytes in its first 4 KB`)
      : otherEncoding(source.path, encoding);
  }
  return recognised;
}

/** The beginning of what a gzip file holds; undefined when it is damaged, which its scan will say. */
function unpacked(bytes: Buffer): Buffer | undefined {
  try {
    return gunzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH });
  } catch {
    return undefined;
  }
}

function startsWith(bytes: Buffer, magic: readonly number[]): boolean {
  return magic.every((byte, i) => bytes[i] === byte);
}

/** Behind its three letters, which a line of text may begin with too, the block size and the first block's magic. */
function isBzip2(bytes: Buffer): boolean {
  const size = bytes[3] ?? 0;
  return size >= 0x31 && size <= 0x39 && (bytes[4] === 0x31 || bytes[4] === 0x17);
}

/** Text that is mostly ASCII has its NUL bytes at the same places of each character. */
function encodingOf(bytes: Buffer): string | undefined {
  const nuls = [0, 0, 0, 0];
  for (const [i, byte] of bytes.entries()) if (byte === 0) nuls[i % 4] = (nuls[i % 4] ?? 0) + 1;
  const quarter = bytes.length / 4;
  const pattern = nuls.map((n) => (n > 0.7 * quarter ? '0' : n < 0.3 * quarter ? 'x' : '?')).join('');
  return { x000: 'UTF-32LE', '000x': 'UTF-32BE', x0x0: 'UTF-16LE', '0x0x': 'UTF-16BE' }[pattern];
}

function otherEncoding(path: string, encoding: string): UsageError {
  return new UsageError(
    `${path} is text in ${encoding}, which is not read: convert it with iconv -f ${encoding} -t UTF-8`,
  );
}

/** Whether a line begins with a timestamp. */
function hasTimestamp(sample: Buffer, whole: boolean, recogniser: Recogniser): boolean {
  const end = sample.length;
  const bytes = Buffer.alloc(end + padding);
  sample.copy(bytes);
  const judged = whole ? end - 1 : end - headLength;
  let position = startsWith(bytes, [0xef, 0xbb, 0xbf]) ? 3 : 0;
  while (position <= judged) {
    const timestamped =
      recogniser.first[bytes[position] ?? 0] === 1 &&
      recogniser.classify(bytes, position, end) !== lineKind.plain;
    if (timestamped) return true;
    const newline = sample.indexOf(10, position);
    if (newline < 0) return false;
    position = newline + 1;
  }
  return false;
}
