import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import t from 'tap';
import type { Test } from 'tap';

import type { Engine } from '../../engine/index.js';
import { createMigrator } from '../../migrator/index.js';
import type { Migrator, MigratorOptions } from '../../migrator/index.js';
import { freshDatabase, testDialect } from '../testing/index.js';
import type { TestDatabase } from '../testing/index.js';

/** A test whose scripts are PostgreSQL's: skipped where the suite runs on SQL Server. */
export function onPostgres(name: string, run: (t: Test) => Promise<void>): void {
  const skip = testDialect() === 'postgres' ? false : 'its scripts are PostgreSQL';
  void t.test(name, { skip }, run);
}

/** A database without anything of carril's in it, dropped when the test ends. */
export async function emptyDatabase(t: Test): Promise<TestDatabase> {
  return await freshDatabase(t, { migrated: false, connect: { poolMax: 6 } });
}

/** Scripts on disk: `migrations/001_x.up.sql` and so on, in a folder whose path has a space. */
export interface Project {
  readonly root: string;
  readonly migrations: string;
  readonly procedures: string;
  write(path: string, text: string): void;
  remove(path: string): void;
  /** Writes a migration whose down and verify scripts do nothing unless given. */
  migration(name: string, up: string, down?: string, verify?: string): void;
  /** A migrator of these folders and no others. */
  migrator(engine: Engine, options?: MigratorOptions): Migrator;
}

export function newProject(t: Test): Project {
  const root = mkdtempSync(join(tmpdir(), 'carril con espacio '));
  t.teardown(() => {
    rmSync(root, { recursive: true, force: true });
  });
  const migrations = join(root, 'migrations');
  const procedures = join(root, 'procedures');
  mkdirSync(migrations);
  mkdirSync(procedures);
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  return {
    root,
    migrations,
    procedures,
    write,
    remove(path) {
      rmSync(join(root, path));
    },
    migration(name, up, down = 'SELECT 1;', verify = 'SELECT 1;') {
      write(`migrations/${name}.up.sql`, up);
      write(`migrations/${name}.down.sql`, down);
      write(`migrations/${name}.verify.sql`, verify);
    },
    migrator: (engine, options = {}) =>
      createMigrator(engine, { migrationsDirs: [migrations], proceduresDirs: [procedures], ...options }),
  };
}

export interface ChildMigrator {
  readonly process: ChildProcess;
  /** Resolves with the first event that the child reports of which `wanted` holds. */
  event(wanted: (event: Record<string, unknown>) => boolean): Promise<Record<string, unknown>>;
  /** Exit code, null when it was killed; what it wrote to stderr. */
  readonly ended: Promise<{ code: number | null; stderr: string }>;
}

/** Runs `up` in a process of its own, so that it can be killed. */
export function spawnUp(t: Test, db: TestDatabase, project: Project): ChildMigrator {
  const program = join(dirname(fileURLToPath(import.meta.url)), 'child.js');
  const child = spawn(process.execPath, [program, project.migrations, project.procedures], {
    env: { ...process.env, ...db.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  t.teardown(() => child.kill('SIGKILL'));
  const seen: Record<string, unknown>[] = [];
  const listeners = new Set<() => void>();
  createInterface({ input: child.stdout }).on('line', (line) => {
    seen.push(JSON.parse(line) as Record<string, unknown>);
    for (const listener of listeners) listener();
  });
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const ended = new Promise<{ code: number | null; stderr: string }>((resolve) => {
    child.on('close', (code) => {
      resolve({ code, stderr });
    });
  });
  return {
    process: child,
    ended,
    event: (wanted) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const found = seen.find(wanted);
          if (found === undefined) return;
          listeners.delete(look);
          resolve(found);
        };
        listeners.add(look);
        look();
        void ended.then(() => {
          reject(new Error(`the child ended: ${stderr}`));
        });
      }),
  };
}

/** The names of the ordinary tables in schema public. */
export async function publicTables(engine: Engine): Promise<string[]> {
  const rows = await engine.query(
    `SELECT tablename::text AS name FROM pg_catalog.pg_tables WHERE schemaname = 'public' ORDER BY 1`,
  );
  return rows.map((row) => String(row['name']));
}

/** The error that a promise rejects with; fails the test when it resolves. */
export async function errorOf(work: Promise<unknown>): Promise<Error & { code?: string }> {
  try {
    await work;
  } catch (error) {
    return error as Error;
  }
  throw new Error('resolved, but should have been rejected');
}
