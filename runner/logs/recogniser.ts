import { createHash } from 'node:crypto';

import { UsageError } from '../../engine/errors.js';
import { quote } from '../quote.js';
import { knownFormats } from './formats.js';
import type { TimestampFormat } from './formats.js';
import { findLevel, levelAtStart, severityOf } from './levels.js';
import type { Level } from './levels.js';
import { Moment } from './moment.js';
import { compileFormat } from './strftime.js';
import { clip } from './text.js';

/** How the lines of a log are told apart. */
export interface RecogniserOptions {
  /** `--pattern`: a regular expression (`(?i)` in front: without regard to case); a timestamped line that matches begins an error block. */
  readonly pattern?: string | undefined;
  /** `--format`: how timestamps look, as strftime writes it, instead of the known ones. */
  readonly format?: string | undefined;
  /** When the file was last written: gives timestamps without a year theirs. */
  readonly mtimeMs: number;
}

/** What a line is. A line that is not `plain` ends the block before it. */
export const lineKind = {
  /** No timestamp. */
  plain: 0,
  /** The first line of an entry. */
  entry: 1,
  /** The first line of an error block. */
  error: 2,
  /** The first line of an entry; whether of an error block, only the next line will tell, which is not written yet. */
  undecided: 3,
} as const;

export type LineKind = (typeof lineKind)[keyof typeof lineKind];

/** What is known of an error block by its first line. */
export interface FirstLine {
  readonly level: string;
  readonly at: Date | null;
  /** Bytes of the timestamp. */
  readonly timestampLength: number;
  /** 2 when the level stood on the second line, which then belongs to the message. */
  readonly headerLines: 1 | 2;
}

/** Bytes of a line (and of the next) that decide what it is; further ones are not looked at. */
export const headLength = 4096;

/** Bytes behind the known ones that are read over at most: they must be there, and 0. */
export const padding = 256;

/** Knows the first lines of entries and of error blocks; one for any number of scans of a thread, also interleaved ones. */
export interface Recogniser {
  readonly options: RecogniserOptions;
  /** For each byte 1 when a line that begins with it may be timestamped. */
  readonly first: Uint8Array;
  /**
   * What the line that begins at `at` is. Of the bytes from there, `headLength` must be known, or all up to the end of the
   * file or range, with `padding` zeros behind them.
   * @param end where the known bytes end
   */
  classify(bytes: Buffer, at: number, end: number): LineKind;
  /** Of the line that `classify` was last asked about and called an error. */
  firstLine(): FirstLine;
}

/**
 * Prepares what the options say.
 * @throws UsageError naming --pattern or --format
 */
export function createRecogniser(options: RecogniserOptions): Recogniser {
  const format = options.format === undefined ? knownFormats : compileFormat(options.format);
  const pattern = options.pattern === undefined ? undefined : compilePattern(options.pattern);
  return new LineRecogniser(options, format, pattern);
}

/** sha256, hex, of what decides which blocks are found: two scans with the same one find the same. */
export function optionsHash({ pattern, format }: Pick<RecogniserOptions, 'pattern' | 'format'>): string {
  // 1: the rules of this version; another number once they find other blocks
  return createHash('sha256')
    .update(JSON.stringify([1, pattern ?? null, format ?? null]))
    .digest('hex');
}

function compilePattern(pattern: string): RegExp {
  const folded = pattern.startsWith('(?i)');
  try {
    return new RegExp(folded ? pattern.slice(4) : pattern, folded ? 'i' : '');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(`--pattern: ${quote(pattern)} is no regular expression: ${reason}`);
  }
}

class LineRecogniser implements Recogniser {
  readonly options: RecogniserOptions;
  readonly first: Uint8Array;
  readonly #format: TimestampFormat;
  readonly #pattern: RegExp | undefined;
  readonly #moment = new Moment();
  #timestampLength = 0;
  #level = '';
  #headerLines: 1 | 2 = 1;

  constructor(options: RecogniserOptions, format: TimestampFormat, pattern: RegExp | undefined) {
    this.options = options;
    this.first = format.first;
    this.#format = format;
    this.#pattern = pattern;
  }

  classify(bytes: Buffer, at: number, end: number): LineKind {
    const moment = this.#moment;
    moment.clear();
    const behind = this.#format.read(bytes, at, end, moment);
    if (behind < 0) return lineKind.plain;
    this.#timestampLength = behind - at;
    this.#headerLines = 1;
    if (this.#pattern !== undefined) return this.#match(this.#pattern, bytes, at, end);
    if (moment.priority >= 0) return this.#accept(severityOf(moment.priority));
    const level = findLevel(bytes, behind, end);
    if (level !== undefined || !moment.levelOnNextLine) return this.#accept(level);
    return this.#lookAtNextLine(bytes, at, end);
  }

  firstLine(): FirstLine {
    return {
      level: this.#level,
      at: this.#moment.instant(this.options.mtimeMs),
      timestampLength: this.#timestampLength,
      headerLines: this.#headerLines,
    };
  }

  #accept(level: Level | undefined): LineKind {
    if (level?.error !== true) return lineKind.entry;
    this.#level = level.name;
    return lineKind.error;
  }

  #match(pattern: RegExp, bytes: Buffer, at: number, end: number): LineKind {
    const found = pattern.exec(
      bytes.toString('utf8', at, lineEnd(bytes, at, Math.min(end, at + headLength))),
    );
    if (found === null) return lineKind.entry;
    const level = clip(found.groups?.['level']?.trim() ?? '', 20);
    this.#level = level === '' ? 'ERROR' : level.toUpperCase();
    return lineKind.error;
  }

  #lookAtNextLine(bytes: Buffer, at: number, end: number): LineKind {
    const limit = Math.min(end, at + headLength);
    const newline = bytes.subarray(at, limit).indexOf(10);
    // without a line end within the head the next line is too far away, unless it is still to be written
    if (newline < 0) return limit < at + headLength ? lineKind.undecided : lineKind.entry;
    const level = levelAtStart(bytes, at + newline + 1, limit);
    if (level === null) return limit < at + headLength ? lineKind.undecided : lineKind.entry;
    this.#headerLines = 2;
    return this.#accept(level);
  }
}

/** Where the line that begins there ends, its line end not counted; `limit` when it goes on behind that. */
function lineEnd(bytes: Buffer, at: number, limit: number): number {
  const newline = bytes.subarray(at, limit).indexOf(10);
  if (newline < 0) return limit;
  return newline > 0 && bytes[at + newline - 1] === 13 ? at + newline - 1 : at + newline;
}
