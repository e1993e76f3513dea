import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { packageRoot } from '../engine/index.js';
import { readCatalog, type Catalog } from './catalog.js';
import { emit, header } from './emit.js';
import { findFolders, isFolder, shown, type Folders } from './load.js';
import type { Rules } from './rules.js';

export interface CodegenOptions {
  /** A site's own procedures; carril's when left out. */
  readonly procedures?: string | undefined;
  /** Scripts that make the site's table types; `migrations` beside its procedures when left out, if there. */
  readonly migrations?: string | undefined;
  /** Where the wrappers go; `generated` in the procedures' folder when left out. */
  readonly out?: string | undefined;
  /** What paths in messages are relative to. */
  readonly base?: string | undefined;
  /** What wrappers import the engine from. */
  readonly engineModule?: string | undefined;
}

/** A run of codegen, before anything is written. */
export interface Generated {
  readonly catalog: Catalog;
  readonly out: string;
  /** `out` as messages show it. */
  readonly shownOut: string;
  /** The files' texts by their names. */
  readonly files: ReadonlyMap<string, string>;
}

/** How the folder differs from what codegen would write. */
export interface Staleness {
  readonly stale: readonly string[];
  readonly missing: readonly string[];
  /** Written by codegen once, for something that is gone. */
  readonly surplus: readonly string[];
}

/** Reads and checks the SQL and makes the wrappers' texts; writes nothing. */
export function generate(options: CodegenOptions = {}): Generated {
  const { folders, rules, out, base } = resolveOptions(options);
  const catalog = readCatalog(folders, rules);
  const files = emit(catalog, options.engineModule ?? (rules.ours ? '../../engine/index.js' : 'carril'));
  return { catalog, out, shownOut: shown(out, base), files };
}

function resolveOptions(options: CodegenOptions): {
  folders: Folders;
  rules: Rules;
  out: string;
  base: string;
} {
  const root = packageRoot();
  const ours = options.procedures === undefined;
  const procedures = options.procedures ?? join(root, 'procedures');
  const base = options.base ?? (ours ? root : process.cwd());
  const ownMigrations = join(root, 'migrations');
  const beside = join(dirname(procedures), 'migrations');
  const given = options.migrations ?? (ours ? ownMigrations : isFolder(beside) ? beside : undefined);
  // a site's procedures may take our table types
  const migrations = [...new Set([ownMigrations, ...(given === undefined ? [] : [given])])];
  const folders = findFolders(procedures, base, migrations);
  return { folders, rules: { ours }, out: options.out ?? join(procedures, 'generated'), base };
}

export function compareWithDisk({ out, files }: Generated): Staleness {
  const stale: string[] = [];
  const missing: string[] = [];
  for (const [name, text] of files) {
    const file = join(out, name);
    if (!existsSync(file)) missing.push(name);
    else if (readFileSync(file, 'utf8') !== text) stale.push(name);
  }
  const present = existsSync(out) ? readdirSync(out).sort() : [];
  const surplus = present.filter((name) => !files.has(name) && isOurs(join(out, name)));
  return { stale, missing, surplus };
}

function isOurs(file: string): boolean {
  return file.endsWith('.ts') && readFileSync(file, 'utf8').startsWith(header);
}

/** Brings the folder up to date; a file whose text is the same is not touched. */
export function writeToDisk(generated: Generated): Staleness {
  const difference = compareWithDisk(generated);
  const { out, files } = generated;
  mkdirSync(out, { recursive: true });
  for (const name of [...difference.stale, ...difference.missing]) {
    writeFileSync(join(out, name), files.get(name) ?? '');
  }
  for (const name of difference.surplus) rmSync(join(out, name));
  return difference;
}
