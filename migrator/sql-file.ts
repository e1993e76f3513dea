import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isAbsolute, relative, sep } from 'node:path';

import { UsageError, packageRoot } from '../engine/index.js';

/** A script as the migrator runs it, whatever editor or checkout it came through. */
export interface SqlFile {
  readonly path: string;
  /** The path as messages show it. */
  readonly shown: string;
  /** Without BOM, lines ending in LF: what is run is what the checksum is of. */
  readonly text: string;
  /** SHA-256 of `text`, hexadecimal. */
  readonly checksum: string;
}

/** @throws UsageError when the file cannot be read as UTF-8 */
export function readSqlFile(path: string): SqlFile {
  let raw: string;
  try {
    raw = new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path));
  } catch (error) {
    const why = error instanceof TypeError ? 'it is not UTF-8' : (error as Error).message;
    throw new UsageError(`cannot read ${shownPath(path)}: ${why}`);
  }
  const text = normalise(raw);
  return { path, shown: shownPath(path), text, checksum: checksumOf(text) };
}

/** Without BOM, lines ending in LF. */
export function normalise(text: string): string {
  return text.replace(/^\uFEFF/, '').replaceAll(/\r\n?/g, '\n');
}

/** SHA-256, hexadecimal, of a text that `normalise` has been through. */
export function checksumOf(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

/** Relative to the working folder, else to the package, where the file lies below one of them; with forward slashes. */
export function shownPath(path: string): string {
  for (const base of [process.cwd(), packageRoot()]) {
    const short = relative(base, path);
    if (short !== '' && !short.startsWith('..') && !isAbsolute(short)) return short.split(sep).join('/');
  }
  return path;
}
