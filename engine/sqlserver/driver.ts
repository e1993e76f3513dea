import { Pool } from 'tarn';
import type { ConnectionConfiguration } from 'tedious';
import { describeTarget } from '../target.js';
import { mapSqlServerError } from './errors.js';
import { SqlServerLink } from './link.js';
import { configuration, openConnection } from './open.js';
import type { Driver } from '../link.js';
import type { SqlServerTarget } from '../target.js';
import type { LinkHost } from './link.js';

export interface DriverOptions {
  readonly poolMax: number;
  readonly appName: string;
  readonly requestTimeoutMs: number;
  readonly connectTimeoutMs: number;
}

export class SqlServerDriver implements Driver, LinkHost {
  readonly dialect = 'sqlserver';
  readonly description: string;
  readonly requestTimeoutMs: number;
  readonly #pool: Pool<SqlServerLink>;
  readonly #config: ConnectionConfiguration;
  #babelfish: boolean | undefined;

  constructor(target: SqlServerTarget, options: DriverOptions) {
    this.description = describeTarget(target);
    this.requestTimeoutMs = options.requestTimeoutMs;
    this.#config = configuration(target, options);
    this.#pool = new Pool<SqlServerLink>({
      create: () => this.#open(),
      validate: (link) => link.state === 'idle',
      destroy: (link) => {
        link.connection.close();
      },
      min: 0,
      max: options.poolMax,
      idleTimeoutMillis: 30_000,
      // connecting has its own limit; the engine hands out no more turns than there are connections
      createTimeoutMillis: options.connectTimeoutMs * 4,
      acquireTimeoutMillis: options.connectTimeoutMs * 4,
      propagateCreateError: true,
    });
  }

  /** Babelfish answers a second call with a table-valued argument from the first one's rows, until the session is reset. */
  get resetsAfterTables(): boolean {
    return this.#babelfish === true;
  }

  async acquire(): Promise<SqlServerLink> {
    try {
      return await this.#pool.acquire().promise;
    } catch (error) {
      throw mapSqlServerError(error, { server: this.description, connecting: true });
    }
  }

  open(): number {
    return this.#pool.numUsed() + this.#pool.numFree();
  }

  release(link: SqlServerLink, keep: boolean): Promise<void> {
    // closed here, so that the pool's own check finds it unfit
    if (!keep) link.connection.close();
    this.#pool.release(link);
    return Promise.resolve();
  }

  async end(): Promise<void> {
    await this.#pool.destroy();
  }

  async #open(): Promise<SqlServerLink> {
    const link = new SqlServerLink(await openConnection(this.#config), this);
    if (this.#babelfish === undefined) {
      const sql = "SELECT CAST(SERVERPROPERTY('BabelfishVersion') AS nvarchar(100)) AS Version";
      const [row] = await link.query(sql, [], { timeoutMs: 15_000 }).catch(() => []);
      this.#babelfish = typeof row?.['Version'] === 'string';
    }
    return link;
  }
}
