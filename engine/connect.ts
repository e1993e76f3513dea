import type { Engine } from './engine.js';
import { PasswordMissing } from './errors.js';
import type { Driver } from './link.js';
import { PooledEngine } from './pooled-engine.js';
import type { RetryEvent } from './retry.js';
import { describeTarget, needsPassword } from './target.js';
import type { ConnectionTarget, EmbeddedTarget } from './target.js';

export interface ConnectOptions {
  /** Connections at most; 10 when left out. */
  readonly poolMax?: number;
  /** What the server's lists of sessions show; `carril` when left out. */
  readonly appName?: string;
  /** Until a statement is cancelled; 0 for never. Five minutes when left out. */
  readonly requestTimeoutMs?: number;
  /** Until connecting is given up; 15 s when left out. */
  readonly connectTimeoutMs?: number;
  /** PostgreSQL 17 or newer: until the server ends a transaction, whatever its client does. None when left out. */
  readonly transactionTimeoutMs?: number;
  /** Told before a call or query is tried again. */
  readonly onRetry?: (retry: RetryEvent) => void;
  /** Embedded: told when starting the server takes its time. */
  readonly onProgress?: (text: string) => void;
  /** Embedded: told what the user should know of the start. */
  readonly onNotice?: (text: string) => void;
}

type Hooks = Pick<ConnectOptions, 'onRetry' | 'onProgress' | 'onNotice'>;
type Filled = Required<Omit<ConnectOptions, keyof Hooks>> & Hooks;

/**
 * Opens a pool of connections to a database, and proves with one of them that the server is there and lets us in.
 * `embedded:` starts its server when it does not run.
 * @throws ProcedureError CONNECTION or LOGIN, saying where to and what to check
 * @throws PasswordMissing when the server wants a password and the target has none
 */
export async function connect(target: ConnectionTarget, options: ConnectOptions = {}): Promise<Engine> {
  if (needsPassword(target)) throw new PasswordMissing(describeTarget(target));
  // a caller's undefined counts as left out
  const given = Object.fromEntries(
    Object.entries(options).filter(([, value]) => value !== undefined),
  ) as ConnectOptions;
  const fromUrl = target.kind === 'embedded' ? undefined : target.options;
  const filled: Filled = {
    poolMax: 10,
    transactionTimeoutMs: 0,
    appName: fromUrl?.appName ?? 'carril',
    requestTimeoutMs: fromUrl?.requestTimeoutMs ?? 300_000,
    connectTimeoutMs: fromUrl?.connectTimeoutMs ?? 15_000,
    ...given,
  };
  const driver = await openDriver(target, filled);
  const engine = new PooledEngine(driver, { poolMax: filled.poolMax, onRetry: options.onRetry });
  try {
    await driver.release(await driver.acquire(), true);
    return engine;
  } catch (error) {
    await driver.end().catch(() => undefined);
    throw error;
  }
}

/** Drivers are loaded when they are needed: each takes a noticeable part of a command's start. */
async function openDriver(target: ConnectionTarget, options: Filled): Promise<Driver> {
  switch (target.kind) {
    case 'sqlserver': {
      const { SqlServerDriver } = await import('./sqlserver/driver.js');
      return new SqlServerDriver(target, options);
    }
    case 'postgres': {
      const { PostgresDriver } = await import('./postgres/driver.js');
      return new PostgresDriver(target, options);
    }
    case 'embedded':
      return openEmbedded(target, options);
  }
}

async function openEmbedded(target: EmbeddedTarget, options: Filled): Promise<Driver> {
  const { acquireEmbedded } = await import('./embedded/index.js');
  const { PostgresDriver } = await import('./postgres/driver.js');
  const { home, database } = target;
  const embedded = await acquireEmbedded({
    ...(home === undefined ? {} : { home }),
    ...(database === undefined ? {} : { database }),
    onProgress: options.onProgress,
    onNotice: options.onNotice,
  });
  const driver = new PostgresDriver(embedded.target, options, {
    description: `embedded PostgreSQL (${embedded.target.database})`,
    lostBecause: () => embedded.lostBecause(),
  });
  const end = driver.end.bind(driver);
  driver.end = async () => {
    try {
      await end();
    } finally {
      await embedded.release();
    }
  };
  return driver;
}
