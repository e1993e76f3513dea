import type { Arguments, CallResult, Column, Procedure, Row, SqlValue } from './types.js';

export type Dialect = 'sqlserver' | 'postgres';

export interface CallOptions {
  /** Cancels the running statement on the server; the call then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Milliseconds until the statement is cancelled; the connection's request timeout when left out. 0: none. */
  readonly timeoutMs?: number;
  /**
   * The call may be repeated although its first attempt may have committed, because the procedure does nothing twice
   * (everything that is fenced by a token, everything under an idempotency key). Only then is a lost connection retried;
   * an error after which the server has surely rolled back (deadlock, lock timeout, throttling) always is.
   */
  readonly idempotent?: boolean;
}

/** What SQL runs on: an engine's pool, one connection held for a while, or a transaction. */
export interface Session {
  readonly dialect: Dialect;
  /**
   * Calls a stored procedure (PostgreSQL: the function of that name).
   * @throws ProcedureError with the number that the procedure threw
   */
  call(procedure: Procedure, args: Arguments, options?: CallOptions): Promise<CallResult>;
  /**
   * Runs one statement. Parameters are positional: `$1, $2…` in PostgreSQL, `@p0, @p1…` in SQL Server (as knex's
   * `toSQL().toNative()` numbers them). Names of columns come as the engine has them, bigint as bigint, PostgreSQL's
   * numeric as text; SQL Server's decimals arrive as doubles, so cast one that matters to varchar.
   */
  query(sql: string, values?: readonly SqlValue[], options?: CallOptions): Promise<Row[]>;
  /**
   * Runs one batch as it stands, without parameters: DDL, migration scripts. Never retried.
   * @throws ProcedureError with `line` (1-based, within the batch) and, where the engine tells, `column`
   */
  batch(sql: string, options?: CallOptions): Promise<void>;
  /**
   * Bulk-loads rows (SQL Server: INSERT BULK, at most 2,000 rows a statement; PostgreSQL: COPY) and says how many.
   * Outside a transaction on PostgreSQL all or nothing; in SQL Server each statement stands alone, so use `transaction`.
   */
  bulk(
    table: string,
    columns: readonly Column[],
    rows: Iterable<readonly SqlValue[]> | AsyncIterable<readonly SqlValue[]>,
    options?: CallOptions,
  ): Promise<number>;
}

/** A pool of connections to one database. */
export interface Engine extends Session {
  /** Where it is connected to, for messages: no user's password, no secret option. */
  readonly description: string;
  /** Runs `work` on one connection that nobody else uses meanwhile; session locks live as long as it runs. */
  connection<T>(work: (session: Session) => Promise<T>): Promise<T>;
  /** Runs `work` in one transaction on one connection: commits when it resolves, rolls back when it rejects. Not retried. */
  transaction<T>(work: (session: Session) => Promise<T>): Promise<T>;
  /** Connections of this pool that are open, in use or not. */
  openConnections(): number;
  /** Waits for what is running, then closes every connection. */
  close(): Promise<void>;
}
