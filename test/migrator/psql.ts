import { spawn, spawnSync } from 'node:child_process';

import t from 'tap';
import type { Test } from 'tap';

import { testDialect } from '../testing/index.js';
import type { TestDatabase } from '../testing/index.js';
import { testServer } from '../testing/server.js';

const found = spawnSync('psql', ['--version'], { encoding: 'utf8' });

/** Why the tests that run psql are skipped, false where they can run. */
export const withoutPsql =
  testDialect() !== 'postgres'
    ? 'psql is PostgreSQL'
    : found.status === 0
      ? false
      : 'there is no psql on the PATH: the PostgreSQL that npm installs has none';

/** A test that needs psql. */
export function withPsql(name: string, run: (t: Test) => Promise<void>): void {
  void t.test(name, { skip: withoutPsql }, run);
}

export interface PsqlResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a file as a DBA would, without anything of carril's around it. */
export async function psql(
  db: TestDatabase,
  file: string,
  args: readonly string[] = [],
): Promise<PsqlResult> {
  const env = await connection(db);
  const child = spawn('psql', ['-X', ...args, '-f', file], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  return await new Promise((resolve) => {
    child.on('close', (code) => {
      resolve({ code, stdout, stderr });
    });
  });
}

/** As libpq reads it from the environment: nothing secret on the command line. */
async function connection(db: TestDatabase): Promise<Record<string, string>> {
  const target = (await testServer()).direct(db.name);
  if (target.kind !== 'postgres') throw new Error(`psql cannot connect to ${target.kind}`);
  return {
    PGHOST: target.host,
    PGPORT: String(target.port),
    PGUSER: target.user,
    PGPASSWORD: target.password ?? '',
    PGDATABASE: target.database,
  };
}
