/** An error block: a first line that begins with a timestamp and an error level, and all lines up to the next timestamped one. */
export interface LogBlock {
  /** Offset of its first byte in the file (in a gzip file: in what it holds). */
  readonly byteStart: number;
  /** Offset behind its last byte, the last line's end included; always the whole block, even when `text` is cut. */
  readonly byteEnd: number;
  /** Upper case as found (`ERROR`, `FATAL`, …), or what the pattern's group `level` matched; at most 20 characters. */
  readonly level: string;
  /** null when its timestamp names no instant: no date in it, or one that does not exist. */
  readonly at: Date | null;
  /** The first line behind its timestamp, numbers and ids masked; at most 400 characters. */
  readonly signature: string;
  /** At most 1,000 characters. */
  readonly firstLine: string;
  /** At most 64 KiB of UTF-8, without the line end at its end; what is no UTF-8, and NUL, reads as U+FFFD. */
  readonly text: string;
  /** Whether `text` lacks a part of the block. */
  readonly truncated: boolean;
}

/** Longest text of a block that is kept, in bytes of UTF-8. */
export const textCap = 65_536;

/** Takes a block; a scan reads on when the promise it may return is fulfilled. */
export type OnBlock = (block: LogBlock) => void | Promise<void>;
