import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import t from 'tap';

import type { LogBlock } from '../../runner/logs/block.js';
import { planCuts } from '../../runner/logs/cuts.js';
import type { ByteRange } from '../../runner/logs/cuts.js';
import { createRecogniser } from '../../runner/logs/recogniser.js';
import type { Recogniser } from '../../runner/logs/recogniser.js';
import { scanRange } from '../../runner/logs/scan.js';
import type { ScanResult } from '../../runner/logs/scan.js';
import { openSource } from '../../runner/logs/source.js';
import type { LogSource } from '../../runner/logs/source.js';

/** The moment that tests say files were written at: 2024-01-03 12:00 UTC. */
export const written = Date.UTC(2024, 0, 3, 12);

/** A recogniser of the known formats, or of others. */
export function recogniser(
  options: { pattern?: string; format?: string; mtimeMs?: number } = {},
): Recogniser {
  return createRecogniser({ mtimeMs: written, ...options });
}

/** A file of the test's folder; the folder goes away with the test file. */
export function fileWith(content: string | Buffer, name = 'app.log'): string {
  folder ??= makeFolder();
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

let folder: string | undefined;

function makeFolder(): string {
  const made = mkdtempSync(join(tmpdir(), 'carril logs '));
  t.teardown(() => {
    rmSync(made, { recursive: true });
  });
  return made;
}

/** Bytes as if they were a file. */
export function memorySource(bytes: Buffer): LogSource {
  const readInto = (buffer: Buffer, position: number) =>
    Promise.resolve(bytes.copy(buffer, 0, position, position + buffer.length));
  return {
    path: 'memory.log',
    size: bytes.length,
    mtimeMs: written,
    dev: 0n,
    ino: 0n,
    readInto,
    read: (position, length) => Promise.resolve(bytes.subarray(position, position + length)),
    now: () => Promise.resolve({ size: bytes.length, mtimeMs: written }),
    close: () => Promise.resolve(),
  };
}

export async function withSource<T>(path: string, use: (source: LogSource) => Promise<T>): Promise<T> {
  const source = await openSource(path);
  try {
    return await use(source);
  } finally {
    await source.close();
  }
}

/** The blocks of a range (the whole, when left out), and what the scan says. */
export async function scan(
  source: LogSource,
  known: Recogniser,
  range: ByteRange = { start: 0, end: source.size },
): Promise<ScanResult & { readonly found: LogBlock[] }> {
  const found: LogBlock[] = [];
  const result = await scanRange(source, range.start, range.end, known, (block) => {
    found.push(block);
  });
  return { ...result, found };
}

/** The blocks of a text. */
export async function blocksIn(content: string | Buffer, known = recogniser()): Promise<LogBlock[]> {
  return (await scan(memorySource(Buffer.from(content)), known)).found;
}

export async function cutsOf(
  source: LogSource,
  chunkSize: number,
  known: Recogniser,
  range: ByteRange = { start: 0, end: source.size },
): Promise<ByteRange[]> {
  const cuts: ByteRange[] = [];
  for await (const cut of planCuts(source, range.start, range.end, chunkSize, known)) cuts.push(cut);
  return cuts;
}

/** The blocks that the chunks of a plan find, put together. */
export async function blocksByChunks(
  source: LogSource,
  chunkSize: number,
  known: Recogniser,
  range?: ByteRange,
): Promise<LogBlock[]> {
  const found: LogBlock[] = [];
  for (const cut of await cutsOf(source, chunkSize, known, range))
    found.push(...(await scan(source, known, cut)).found);
  return found;
}
