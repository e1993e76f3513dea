import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { acquireEmbedded } from '../../engine/embedded/index.js';
import { packageRoot, parseUrl } from '../../engine/index.js';
import type { ConnectionTarget, Dialect } from '../../engine/index.js';

/** The server that this process's test databases are made on. */
export interface TestServer {
  /** Changes when the server is another one, so that nothing made on one is looked for on the other. */
  readonly kind: 'embedded' | 'postgres' | 'sqlserver';
  readonly target: (database: string) => ConnectionTarget;
  /** The same without `embedded:`, so that other logins can be given. */
  readonly direct: (database: string) => ConnectionTarget;
  /** What a child process needs in its environment to open that database. */
  readonly env: (database: string) => { readonly CARRIL_DATABASE_URL: string; readonly CARRIL_HOME: string };
}

/** The server outlives a test file by this long, so that the next one finds it running. */
const graceMs = 15_000;

let server: Promise<TestServer> | undefined;

/** Started or found once a process; let go of when the process ends. */
export function testServer(): Promise<TestServer> {
  server ??= findServer();
  return server;
}

function findServer(): Promise<TestServer> {
  const given = (['CARRIL_TEST_MSSQL', 'CARRIL_TEST_POSTGRES'] as const).find(
    (name) => (process.env[name] ?? '') !== '',
  );
  return given === undefined ? embedded() : Promise.resolve(existing(process.env[given] ?? ''));
}

/** The dialect that `freshDatabase` will have, to pick folders of SQL by, before there is a database. */
export function testDialect(): Dialect {
  return (process.env['CARRIL_TEST_MSSQL'] ?? '') === '' ? 'postgres' : 'sqlserver';
}

/**
 * The tests' own home, one a checkout and user: `$CARRIL_TEST_HOME`, else a folder below the temporary one. It stays from
 * run to run, and with it the migrated template.
 */
export function testHome(): string {
  const given = process.env['CARRIL_TEST_HOME'] ?? '';
  if (given !== '') return given;
  const who = `${process.getuid?.() ?? 'user'} ${packageRoot()}`;
  return join(tmpdir(), `carril-test-${createHash('sha256').update(who).digest('hex').slice(0, 12)}`);
}

async function embedded(): Promise<TestServer> {
  const home = testHome();
  mkdirSync(home, { recursive: true, mode: 0o711 });
  const settings = join(home, 'postgresql.conf');
  // what a test writes is thrown away; only here are commits not durable
  if (!existsSync(settings))
    writeFileSync(settings, 'fsync = off\nsynchronous_commit = off\nfull_page_writes = off\n');
  const { target } = await acquireEmbedded({ home, graceMs });
  return {
    kind: 'embedded',
    target: (database) => ({ kind: 'embedded', home, database }),
    direct: (database) => ({ ...target, database }),
    env: (database) => ({ CARRIL_DATABASE_URL: `embedded:${database}`, CARRIL_HOME: home }),
  };
}

/** A server of the user's, named by a URL to any of its databases, with a login that may create others. */
function existing(url: string): TestServer {
  const target = parseUrl(url, { fromCommandLine: false });
  if (target.kind === 'embedded')
    throw new Error('CARRIL_TEST_… must name a server: mssql:// or postgres://');
  const withDatabase = (database: string): ConnectionTarget => ({ ...target, database });
  return {
    kind: target.kind,
    target: withDatabase,
    direct: withDatabase,
    env: (database) => ({
      CARRIL_DATABASE_URL: url.replace(/^([a-z]+:\/\/[^/?]*)(\/[^?]*)?/i, `$1/${database}`),
      CARRIL_HOME: testHome(),
    }),
  };
}
