import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, platform, release, totalmem } from 'node:os';
import { join } from 'node:path';

import { packageRoot } from '../engine/index.js';
import type { Engine } from '../engine/index.js';
import { packageVersion } from '../runner/cli/version.js';

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

/** Writes benchmarks/results/<name>-<moment>.json and returns its path. */
export function record(name: string, recording: { readonly at: string }): string {
  const folder = join(packageRoot(), 'benchmarks', 'results');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${name}-${recording.at.replaceAll(':', '').replace(/\.\d+Z$/, 'Z')}.json`);
  writeFileSync(file, `${JSON.stringify(recording, null, 2)}\n`);
  return file;
}
