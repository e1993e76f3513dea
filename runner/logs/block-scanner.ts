import { textCap } from './block.js';
import type { LogBlock } from './block.js';
import { headLength, lineKind, padding } from './recogniser.js';
import type { FirstLine, Recogniser } from './recogniser.js';
import { signatureOf } from './signature.js';
import { capped, characterEnd, clip, decode, withoutLineEnds } from './text.js';

/** Bytes that are read at once. */
export const windowLength = 1 << 20;

const newline = 10;

/** Windows that nobody uses at the moment: a scan of a small range takes longer to get a new one than to read it. */
const spare: Buffer[] = [];
const mostSpare = 8;

interface OpenBlock extends FirstLine {
  readonly start: number;
  /** Bytes of its text that stand in the capture. */
  captured: number;
}

/**
 * Finds the error blocks in bytes that come window by window. Keeps one window, and the capped text of the block that goes
 * on behind it: a line or a block of any length costs no more memory.
 */
export class BlockScanner {
  readonly #recogniser: Recogniser;
  /** What is left of the window before, the new window, and zeros behind the last one. */
  readonly #buffer = spare.pop() ?? Buffer.allocUnsafe(headLength + windowLength + padding);
  #capture: Buffer | undefined;
  /** Offset in the file of the buffer's first byte. */
  #base: number;
  /** Bytes left of the window before: the beginning of a line that could not be judged yet. */
  #left = 0;
  /** Whether the buffer begins within a line. */
  #withinLine = false;
  #lineStart: number;
  #open: OpenBlock | undefined;
  /** Start of the last entry, when its level was to stand on a line that is not written yet. */
  #undecided: number | undefined;
  #resumeAt: number;

  /** @param start where the first byte stands in the file */
  constructor(recogniser: Recogniser, start: number) {
    this.#recogniser = recogniser;
    this.#base = start;
    this.#lineStart = start;
    this.#resumeAt = start;
  }

  /** Where the next bytes are to be put. */
  get space(): Buffer {
    return this.#buffer.subarray(this.#left, this.#left + windowLength);
  }

  /** Start of what may still grow at the end; of meaning after the last bytes. */
  get resumeAt(): number {
    return this.#resumeAt;
  }

  /** Gives the window back; the scanner cannot be used any more. */
  release(): void {
    if (spare.length < mostSpare) spare.push(this.#buffer);
  }

  /** Takes so many bytes that were put into `space`: the blocks that end in them. */
  take(length: number, last: boolean): LogBlock[] {
    const end = this.#left + length;
    const buffer = this.#buffer;
    if (last) buffer.fill(0, end, end + padding);
    const blocks: LogBlock[] = [];
    const position = this.#scan(end, last, blocks);
    if (last) this.#finish(end, blocks);
    else if (this.#open !== undefined) this.#save(this.#open, position);
    buffer.copyWithin(0, position, end);
    this.#left = end - position;
    this.#base += position;
    return blocks;
  }

  /** Goes through the lines that can be judged; the offset in the buffer of what cannot. */
  #scan(end: number, last: boolean, blocks: LogBlock[]): number {
    const { first } = this.#recogniser;
    const buffer = this.#buffer;
    const lines = buffer.subarray(0, end);
    // a line that begins behind this may have its head in the next window
    const judged = last ? end - 1 : end - headLength;
    let position = this.#base === 0 && !this.#withinLine ? byteOrderMark(lines) : 0;
    let withinLine = this.#withinLine;
    for (;;) {
      if (withinLine) {
        const found = lines.indexOf(newline, position);
        if (found < 0) {
          position = end;
          break;
        }
        position = found + 1;
      }
      withinLine = position <= judged;
      if (!withinLine) break;
      if (first[buffer[position] ?? 0] === 1) this.#judge(position, end, blocks);
      this.#lineStart = this.#base + position;
    }
    this.#withinLine = withinLine;
    return position;
  }

  #judge(position: number, end: number, blocks: LogBlock[]): void {
    const kind = this.#recogniser.classify(this.#buffer, position, end);
    if (kind === lineKind.plain) return;
    const start = this.#base + position;
    if (this.#open !== undefined) blocks.push(this.#close(this.#open, position));
    this.#undecided = kind === lineKind.undecided ? start : undefined;
    if (kind === lineKind.error) this.#open = { ...this.#recogniser.firstLine(), start, captured: 0 };
  }

  /** What ends with the last byte. */
  #finish(end: number, blocks: LogBlock[]): void {
    const behind = this.#base + end;
    this.#resumeAt = this.#open?.start ?? this.#undecided ?? (this.#withinLine ? this.#lineStart : behind);
    if (this.#open !== undefined) blocks.push(this.#close(this.#open, end));
  }

  /** Keeps the text of a block that goes on in the next window; all that is kept of it so far. */
  #save(open: OpenBlock, position: number): Buffer {
    const capture = (this.#capture ??= Buffer.allocUnsafe(textCap));
    const from = Math.max(0, open.start - this.#base);
    open.captured += this.#buffer.copy(capture, open.captured, from, position);
    return capture.subarray(0, open.captured);
  }

  /** The block whose last byte stands before that place in the buffer. */
  #close(open: OpenBlock, position: number): LogBlock {
    this.#open = undefined;
    const byteEnd = this.#base + position;
    const length = byteEnd - open.start;
    if (open.start >= this.#base)
      return block(open, byteEnd, this.#buffer, open.start - this.#base, Math.min(length, textCap));
    const kept = this.#save(open, position);
    return block(open, byteEnd, kept, 0, kept.length);
  }
}

/** The block whose text, as far as it is kept, stands at `at` in the bytes. */
function block(open: OpenBlock, byteEnd: number, bytes: Buffer, at: number, length: number): LogBlock {
  const end = at + length;
  const cut = byteEnd - open.start > length;
  const whole = decode(bytes, at, cut ? characterEnd(bytes, at, end) : end);
  const text = capped(whole);
  const header = headerOf(bytes, at, end, open.headerLines);
  const message = headerOf(bytes, at + open.timestampLength, end, open.headerLines);
  return {
    byteStart: open.start,
    byteEnd,
    level: open.level,
    at: open.at,
    signature: signatureOf(message),
    firstLine: clip(header, 1000),
    text: withoutLineEnds(text),
    truncated: cut || text.length < whole.length,
  };
}

/** The first line from `at`, or the first two with a space between them, as far as the head reaches. */
function headerOf(bytes: Buffer, at: number, end: number, lines: 1 | 2): string {
  const behind = lineEnd(bytes, at, end);
  const first = withoutLineEnds(decode(bytes, at, behind));
  if (lines === 1) return first;
  return `${first} ${withoutLineEnds(decode(bytes, behind, lineEnd(bytes, behind, end)))}`;
}

/** Where the line that begins at `at` ends, its line end included, as far as the head reaches. */
function lineEnd(bytes: Buffer, at: number, end: number): number {
  const limit = Math.min(end, at + headLength);
  const found = bytes.subarray(at, limit).indexOf(newline);
  if (found >= 0) return at + found + 1;
  return limit < end ? characterEnd(bytes, at, limit) : end;
}

/** Bytes of the mark that some editors put before a text in UTF-8. */
function byteOrderMark(bytes: Buffer): number {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
}
