import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import pg from 'pg';

import { stopEmbedded } from '../../engine/embedded/index.js';
import type { EmbeddedServer } from '../../engine/embedded/index.js';
import { isAlive } from '../../engine/embedded/process-info.js';
import { waitUntil } from '../testing/index.js';
import type { TestContext } from '../testing/index.js';

/** Short, so that the tests need not wait for two seconds each time. */
export const graceMs = 400;
export const isRoot = process.getuid?.() === 0;
export const isWindows = process.platform === 'win32';

interface FileContext extends TestContext {
  readonly setTimeout: (milliseconds: number) => unknown;
}

/**
 * A folder with a space in its path, and a home in it, for one test file. In the temporary folder, so that the user that
 * PostgreSQL runs as can reach it when root runs the tests.
 */
export function scratchFolder(t: FileContext): { scratch: string; home: string } {
  // each starts a server many times over, on a machine that does other things as well
  t.setTimeout(240_000);
  const scratch = mkdtempSync(join(tmpdir(), 'carril embedded '));
  if (isRoot) chmodSync(scratch, 0o755);
  const home = join(scratch, 'home of it');
  t.teardown(async () => {
    await stopEmbedded({ home });
    rmSync(scratch, { recursive: true, force: true });
  });
  return { scratch, home };
}

/** A process of its own that holds the server until it is killed. */
export async function holder(home: string): Promise<{ child: ChildProcess; serverPid: number }> {
  const index = new URL('../../engine/embedded/index.js', import.meta.url).href;
  const program = `import { acquireEmbedded, embeddedStatus } from ${JSON.stringify(index)};
    const options = { home: process.argv[1], graceMs: ${graceMs} };
    await acquireEmbedded(options);
    console.log((await embeddedStatus(options)).serverPid);
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program, home], {
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  const serverPid = await waitUntil(
    'the holder to be ready',
    () => Number(/^(\d+)\n/.exec(text)?.[1] ?? 0) || undefined,
    60_000,
  );
  return { child, serverPid };
}

/** What the server answers to `SELECT <sql>`, as text. */
export async function answer(server: EmbeddedServer, sql: string): Promise<string> {
  const client = new pg.Client(server.target);
  await client.connect();
  try {
    const { rows } = await client.query<{ a: string | null }>(`SELECT (${sql})::text AS a`);
    return rows[0]?.a ?? '';
  } finally {
    await client.end();
  }
}

export function gone(pid: number): Promise<true> {
  return waitUntil(`process ${pid} to end`, () => (isAlive(pid) ? undefined : true));
}
