import { readFileSync } from 'node:fs';
import type { ConnectionOptions as TlsOptions } from 'node:tls';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool, PoolClient } from 'pg';
import type pgPromise from 'pg-promise';
import { PasswordMissing, UsageError } from '../errors.js';
import { describeTarget } from '../target.js';
import { cancelBackend } from './cancel.js';
import { ClosingClient } from './client.js';
import { isPasswordMissing } from './password.js';
import { ParameterizedQuery, library } from './library.js';
import { mapPostgresError } from './errors.js';
import { PostgresLink } from './link.js';
import { Statements } from './statements.js';
import { typeParsers } from './types.js';
import type { Driver } from '../link.js';
import type { PostgresSsl, PostgresTarget } from '../target.js';
import type { ErrorContext } from './errors.js';
import type { Connected, LinkHost } from './link.js';

export interface DriverOptions {
  readonly poolMax: number;
  readonly appName: string;
  readonly requestTimeoutMs: number;
  readonly connectTimeoutMs: number;
  readonly transactionTimeoutMs: number;
}

/** What the one who started the server knows of it. */
export interface ServerInfo {
  readonly description: string;
  /** Why the server has gone, for lost connections' messages. */
  lostBecause(): string | undefined;
}

/** A client that stopped in the middle of a transaction must not hold its locks for ever. */
const idleInTransactionMs = 60_000;

export class PostgresDriver implements Driver, LinkHost {
  readonly dialect = 'postgres';
  readonly description: string;
  readonly requestTimeoutMs: number;
  readonly statements = new Statements();
  readonly #target: PostgresTarget;
  readonly #options: DriverOptions;
  readonly #ssl: false | TlsOptions;
  readonly #database: pgPromise.IDatabase<object>;
  readonly #prepared = new WeakSet();
  readonly #lostBecause: (() => string | undefined) | undefined;

  constructor(target: PostgresTarget, options: DriverOptions, server: Partial<ServerInfo> = {}) {
    this.description = server.description ?? describeTarget(target);
    this.#lostBecause = server.lostBecause;
    this.requestTimeoutMs = options.requestTimeoutMs;
    this.#target = target;
    this.#options = options;
    this.#ssl = tlsOptions(target.host, target.ssl);
    this.#database = library({
      host: target.host,
      port: target.port,
      user: target.user,
      database: target.database,
      // left out: node-postgres asks PGPASSWORD and the password file
      ...(target.password === undefined ? {} : { password: target.password }),
      ssl: this.#ssl,
      max: options.poolMax,
      connectionTimeoutMillis: options.connectTimeoutMs,
      idleTimeoutMillis: 30_000,
      keepAlive: true,
      application_name: options.appName,
      types: typeParsers,
      Client: ClosingClient,
    } as unknown as Parameters<typeof library>[0]);
    // an idle connection that breaks is replaced; unheard, its error would end the process
    (this.#database.$pool as unknown as Pool).on('error', () => undefined);
  }

  async acquire(): Promise<PostgresLink> {
    const taken: { link?: PostgresLink } = {};
    let connected: Connected;
    try {
      connected = await this.#database.connect({ onLost: () => taken.link?.lose() });
    } catch (error) {
      if (isPasswordMissing(error, this.#target)) throw new PasswordMissing(this.description);
      throw this.map(error, { connecting: true });
    }
    const link = new PostgresLink(connected, this);
    taken.link = link;
    if (this.#prepared.has(connected.client)) return link;
    try {
      await this.prepare(connected);
    } catch (error) {
      await connected.done(true);
      throw this.map(error, { connecting: true });
    }
    return link;
  }

  map(error: unknown, context: Omit<ErrorContext, 'server'>): Error {
    return mapPostgresError(error, { ...context, server: this.description, because: this.#lostBecause?.() });
  }

  async release(link: PostgresLink, keep: boolean): Promise<void> {
    await link.connected.done(!keep);
  }

  open(): number {
    return (this.#database.$pool as unknown as Pool).totalCount;
  }

  /** The pool's own end does not wait for its connections' ends, after which e.g. a database may be dropped. */
  async end(): Promise<void> {
    const pool = this.#database.$pool as unknown as Pool;
    let open = pool.totalCount;
    const removed = new Promise<void>((resolve) => {
      if (open === 0) resolve();
      pool.on('remove', () => {
        open -= 1;
        if (open === 0) resolve();
      });
    });
    await pool.end();
    await Promise.race([removed, sleep(1000, undefined, { ref: false })]);
  }

  async cancel(client: PoolClient): Promise<void> {
    const { processID, secretKey } = client as unknown as { processID: number; secretKey: number };
    const { host, port } = this.#target;
    await cancelBackend(
      { host, port, ssl: this.#ssl, connectTimeoutMs: this.#options.connectTimeoutMs },
      { processID, secretKey },
    );
  }

  /** Settings of the session; by SQL and not at login, since poolers refuse them there, and DISCARD ALL undoes them. */
  async prepare(connected: Connected): Promise<void> {
    const { appName, requestTimeoutMs, transactionTimeoutMs } = this.#options;
    const sql = `SELECT set_config('TimeZone', 'UTC', false), set_config('DateStyle', 'ISO, YMD', false),
        set_config('bytea_output', 'hex', false), set_config('application_name', $1, false),
        set_config('statement_timeout', $2, false), set_config('idle_in_transaction_session_timeout', $3, false),
        CASE WHEN current_setting('server_version_num')::int >= 170000
          THEN set_config('transaction_timeout', $4, false) END`;
    await connected.result(
      new ParameterizedQuery({
        text: sql,
        values: [appName, requestTimeoutMs, idleInTransactionMs, transactionTimeoutMs].map(String),
      }),
    );
    this.#prepared.add(connected.client);
  }
}

function tlsOptions(host: string, ssl: PostgresSsl | undefined): false | TlsOptions {
  if (ssl === undefined || ssl.mode === 'disable') return false;
  const files = {
    // the name to check the certificate for: the driver itself says none where the host is an address
    host,
    ...(ssl.rootCert === undefined ? {} : { ca: read(ssl.rootCert, 'sslrootcert') }),
    ...(ssl.cert === undefined ? {} : { cert: read(ssl.cert, 'sslcert') }),
    ...(ssl.key === undefined ? {} : { key: read(ssl.key, 'sslkey') }),
  };
  if (ssl.mode === 'require') return { ...files, rejectUnauthorized: false };
  if (ssl.mode === 'verify-ca')
    return { ...files, rejectUnauthorized: true, checkServerIdentity: () => undefined };
  return { ...files, rejectUnauthorized: true };
}

function read(file: string, option: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`cannot read the file of ${option}, ${file}: ${(error as Error).message}`);
  }
}
