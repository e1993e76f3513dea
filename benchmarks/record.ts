import { renameSync, mkdirSync, writeFileSync } from 'node:fs';
import { cpus, platform, release, totalmem } from 'node:os';
import { join } from 'node:path';

import type { Engine } from '../engine/index.js';
import { createMigrator } from '../migrator/index.js';
import type { Output } from '../runner/cli/output.js';
import { packageVersion } from '../runner/cli/version.js';
import { figuresOf } from './figures/index.js';
import type { Benchmark, Measured } from './figures/index.js';
import type { CommonOptions } from './options.js';
import type { Recorded } from './recording.js';

/** What a recording says of where it was made. */
export interface Surroundings {
  readonly at: string;
  readonly machine: {
    readonly cpu: string;
    readonly cores: number;
    readonly memory_gb: number;
    readonly os: string;
  };
  readonly versions: { readonly carril: string; readonly node: string; readonly database: string };
}

/** The machine, the versions and the moment. */
export async function surroundings(engine: Engine): Promise<Surroundings> {
  const [row] = await engine.query(
    engine.dialect === 'sqlserver' ? 'SELECT @@VERSION AS version' : 'SELECT version() AS version',
  );
  const [cpu] = cpus();
  return {
    at: new Date().toISOString(),
    machine: {
      cpu: cpu?.model.trim() ?? 'unknown',
      cores: cpus().length,
      memory_gb: Math.round(totalmem() / 2 ** 30),
      os: `${platform()} ${release()}`,
    },
    versions: {
      carril: packageVersion(),
      node: process.versions.node,
      database: String(row?.['version']).split('\n')[0] ?? '',
    },
  };
}

/** Of the database that is measured, so that a history of recordings shows what each migration did. */
export async function newestMigration(watcher: Engine): Promise<string> {
  const { migrations } = await createMigrator(watcher).status();
  const newest = migrations.findLast(({ state }) => state === 'applied' || state === 'baseline');
  return newest === undefined ? 'none' : newest.name;
}

/** `leases-2026-11-28T123615Z`: a recording's label, and its file's name. */
export function labelAt(benchmark: string, at: string): string {
  return `${benchmark}-${at.replaceAll(':', '').replace(/\.\d+Z$/, 'Z')}`;
}

/**
 * Prints what a benchmark measured as its document, and writes it into the folder of the recordings, with the figures in
 * it by name; whole, or not at all.
 * @param data what was run: recordings of other data are not compared
 */
export async function record<B extends Benchmark>(
  benchmark: B,
  engine: Engine,
  out: Output,
  { dir, unrecorded }: Pick<CommonOptions, 'dir' | 'unrecorded'>,
  measured: Measured<B> & { readonly data: Recorded['data'] } & Readonly<Record<string, unknown>>,
): Promise<void> {
  const where = await surroundings(engine);
  const label = labelAt(benchmark, where.at);
  const migration = await newestMigration(engine);
  const figures = figuresOf(benchmark, measured);
  const recording = { schema: 1, label, benchmark, ...where, migration, ...measured, figures };
  if (!unrecorded) {
    mkdirSync(dir, { recursive: true });
    const file = join(dir, `${label}.json`);
    writeFileSync(`${file}.part`, `${JSON.stringify(recording, null, 2)}\n`);
    renameSync(`${file}.part`, file);
    out.note(`recorded in ${file}`);
  }
  out.document(recording);
}
