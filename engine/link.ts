import type { CallOptions, Dialect } from './engine.js';
import type { Arguments, CallResult, Column, Procedure, Row, SqlValue } from './types.js';

/** Rows for a bulk load. */
export type Rows = Iterable<readonly SqlValue[]> | AsyncIterable<readonly SqlValue[]>;

/** One connection to the server, used by one caller at a time. Errors come out mapped. */
export interface Link {
  /** `lost`: closed, or in a state that nobody can be sure of. */
  readonly state: 'idle' | 'transaction' | 'lost';
  /** Something ran that may have left settings, temporary tables or locks behind. */
  readonly used: boolean;
  /** A cancel was sent, or a stream broke: fit for its present caller, not for the pool. */
  readonly doubtful: boolean;
  call(procedure: Procedure, args: Arguments, options: CallOptions): Promise<CallResult>;
  query(sql: string, values: readonly SqlValue[], options: CallOptions): Promise<Row[]>;
  batch(sql: string, options: CallOptions): Promise<void>;
  bulk(table: string, columns: readonly Column[], rows: Rows, options: CallOptions): Promise<number>;
  begin(): Promise<void>;
  commit(): Promise<void>;
  rollback(): Promise<void>;
  /** Settings, temporary objects and session locks back to how a new connection has them. */
  reset(): Promise<void>;
}

/** What a driver gives: connections, taken and put back. It neither queues nor retries. */
export interface Driver {
  readonly dialect: Dialect;
  readonly description: string;
  acquire(): Promise<Link>;
  /** Puts a connection back into the pool, or closes it. */
  release(link: Link, keep: boolean): Promise<void>;
  end(): Promise<void>;
  /** Connections that are open, in use or not. */
  open(): number;
}
