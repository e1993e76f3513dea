import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { UsageError } from '../../engine/errors.js';
import { readHeader } from './csv.js';
import { isForeignHeader, readHoldings } from './holdings.js';
import type { HoldingsFile } from './holdings.js';
import type { Problem } from './problems.js';

/** The files behind a path, and the other CSV files of a folder, which are something else. */
export interface Found {
  readonly files: readonly string[];
  readonly skipped: readonly string[];
}

/** The holdings files behind a path. @throws UsageError when there is nothing to load */
export function findHoldings(path: string): Found {
  return findFiles(path, 'holdings', isForeignHeader);
}

/**
 * A file as it is, or all CSV files of a folder (not of folders below it) but those that are plainly something else.
 * @param what the files hold, for messages
 * @throws UsageError when there is nothing to load
 */
export function findFiles(
  path: string,
  what: string,
  isForeign: (header: readonly string[]) => boolean,
): Found {
  requireName(path);
  if (!isFolder(path)) return { files: [path], skipped: [] };
  const all = readdirSync(path)
    .filter((name) => /\.csv$/i.test(name))
    .sort()
    .map((name) => join(path, name));
  const files = all.filter((file) => !isForeign(readHeader(file)));
  if (files.length === 0) throw new UsageError(`there is no ${what} file (*.csv) in ${path}`);
  return { files, skipped: all.filter((file) => !files.includes(file)) };
}

/**
 * `-` means standard input elsewhere; yargs hands it over as an empty text.
 * @throws UsageError when no file is named
 */
export function requireName(path: string): void {
  if (path === '' || path === '-')
    throw new UsageError('standard input is not read: name a CSV file, so that problems can name it, too');
}

/** @throws UsageError when there is no such file or folder */
function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch (error) {
    throw new UsageError(`cannot read ${path}: ${(error as Error).message}`);
  }
}

/** Reads and checks every file; a fund's date that two of them bring is a problem of the later one. */
export function readAll(
  files: readonly string[],
  portfolios: ReadonlyMap<string, string>,
): readonly HoldingsFile[] {
  const owners = new Map<string, string>();
  return files.map((file) => {
    const holdings = readHoldings(file, portfolios);
    const clashes = claim(
      owners,
      file,
      holdings.positions.map(({ date, portfolio }) => `${portfolio} on ${date}`),
    );
    return clashes.length === 0
      ? holdings
      : { file, positions: [], problems: [...holdings.problems, ...clashes] };
  });
}

/** Notes which file brings which date of which portfolio; one that another file has brought already is a problem. */
export function claim(
  owners: Map<string, string>,
  file: string,
  pairs: Iterable<string>,
): readonly Problem[] {
  const clashes: Problem[] = [];
  for (const pair of new Set(pairs)) {
    const owner = owners.get(pair);
    if (owner === undefined) owners.set(pair, file);
    else clashes.push({ file, line: 1, message: `${pair} is in ${owner} already: one of the two is wrong` });
  }
  return clashes;
}
