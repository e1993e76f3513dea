import { createHash } from 'node:crypto';
import { open, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';

import { LogInputError } from './input-error.js';

/** A log file that is open for reading. */
export interface LogSource {
  readonly path: string;
  /** Bytes when it was opened. */
  readonly size: number;
  readonly mtimeMs: number;
  readonly dev: bigint;
  readonly ino: bigint;
  /** So many bytes from there; fewer only where the file ends. */
  read(position: number, length: number): Promise<Buffer>;
  /** Fills the buffer from there and says how many bytes there were; fewer than its length only where the file ends. */
  readInto(buffer: Buffer, position: number): Promise<number>;
  /** What the open file is at this moment. */
  now(): Promise<{ readonly size: number; readonly mtimeMs: number }>;
  close(): Promise<void>;
}

/** What tells a file that only grew from one that was replaced or rewritten. */
export interface Fingerprint {
  /** sha256, hex, of the first `headBytes` bytes. */
  readonly head: string;
  /** 4,096, or fewer in a smaller file. */
  readonly headBytes: number;
  /** sha256, hex, of the last 4,096 bytes (or fewer) before `end`. */
  readonly tail: string;
}

/** A file as it was when its scan was planned: its bytes up to `end` are to be scanned. */
export interface PlannedFile extends Fingerprint {
  readonly end: number;
  readonly mtimeMs: number;
}

const sample = 4096;

/**
 * Opens a log file.
 * @throws the file system's error (ENOENT, EACCES), or one that says that the path names no file
 */
export async function openSource(path: string): Promise<LogSource> {
  const handle = await open(path, 'r');
  try {
    const found = await handle.stat({ bigint: true });
    if (!found.isFile()) throw new Error(`${path} is no file`);
    return new FileSource(path, handle, {
      size: Number(found.size),
      mtimeMs: Number(found.mtimeMs),
      dev: found.dev,
      ino: found.ino,
    });
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** The fingerprint of the file up to `end` (its size when left out). */
export async function fingerprint(source: LogSource, end = source.size): Promise<Fingerprint> {
  const headBytes = Math.min(sample, end);
  return {
    head: await hashBytes(source, 0, headBytes),
    headBytes,
    tail: await hashBytes(source, Math.max(0, end - sample), end),
  };
}

/**
 * sha256, hex, of a few bytes.
 * @throws LogInputError when the file ends before
 */
export async function hashBytes(source: LogSource, start: number, end: number): Promise<string> {
  const bytes = await source.read(start, end - start);
  if (bytes.length < end - start) throw shrunk(source.path, start + bytes.length, end);
  return createHash('sha256').update(bytes).digest('hex');
}

/**
 * Checks that the file still is the one that was planned. Growing is no change.
 * @throws LogInputError that says what happened to it
 */
export async function checkUnchanged(source: LogSource, planned: PlannedFile): Promise<void> {
  const { size, mtimeMs } = await source.now();
  const { path } = source;
  if (size < planned.end) throw shrunk(path, size, planned.end);
  const named = await stat(path, { bigint: true }).catch(() => undefined);
  if (named === undefined)
    throw new LogInputError('REPLACED', `${path} was moved away or deleted while it was scanned`);
  if (named.ino !== source.ino || named.dev !== source.dev)
    throw new LogInputError('REPLACED', `${path} was replaced by another file while it was scanned`);
  if ((await hashBytes(source, 0, planned.headBytes)) !== planned.head)
    throw new LogInputError(
      'REPLACED',
      `${path} was replaced or rewritten since its scan was planned: its first ${planned.headBytes} bytes are others`,
    );
  if ((await hashBytes(source, Math.max(0, planned.end - sample), planned.end)) !== planned.tail)
    throw new LogInputError(
      'CHANGED',
      `${path} was changed since its scan was planned: the bytes before byte ${planned.end} are others`,
    );
  if (size === planned.end && mtimeMs !== planned.mtimeMs)
    throw new LogInputError(
      'CHANGED',
      `${path} was written to since its scan was planned (${new Date(planned.mtimeMs).toISOString()}, now ` +
        `${new Date(mtimeMs).toISOString()}) without growing`,
    );
}

/** The error for a file that ends before what was to be read. */
export function shrunk(path: string, size: number, expected: number): LogInputError {
  return new LogInputError(
    'SHRUNK',
    `${path} shrank since its scan was planned: ${size} bytes are left of ${expected}`,
  );
}

class FileSource implements LogSource {
  readonly path: string;
  readonly size: number;
  readonly mtimeMs: number;
  readonly dev: bigint;
  readonly ino: bigint;
  readonly #handle: FileHandle;

  constructor(
    path: string,
    handle: FileHandle,
    found: { size: number; mtimeMs: number; dev: bigint; ino: bigint },
  ) {
    this.path = path;
    this.#handle = handle;
    this.size = found.size;
    this.mtimeMs = found.mtimeMs;
    this.dev = found.dev;
    this.ino = found.ino;
  }

  async read(position: number, length: number): Promise<Buffer> {
    const buffer = Buffer.allocUnsafe(Math.max(0, length));
    return buffer.subarray(0, await this.readInto(buffer, position));
  }

  async readInto(buffer: Buffer, position: number): Promise<number> {
    let filled = 0;
    while (filled < buffer.length) {
      const { bytesRead } = await this.#handle.read(
        buffer,
        filled,
        buffer.length - filled,
        position + filled,
      );
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return filled;
  }

  async now(): Promise<{ readonly size: number; readonly mtimeMs: number }> {
    const found = await this.#handle.stat({ bigint: true });
    return { size: Number(found.size), mtimeMs: Number(found.mtimeMs) };
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }
}
