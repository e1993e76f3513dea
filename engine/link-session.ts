import type { CallOptions, Dialect, Session } from './engine.js';
import type { Link, Rows } from './link.js';
import type { Arguments, CallResult, Column, Procedure, Row, SqlValue } from './types.js';

/** A session on one connection: its calls run one after another, also when made at once, and none after its end. */
export class LinkSession implements Session {
  readonly dialect: Dialect;
  readonly #link: Link;
  #last: Promise<unknown> = Promise.resolve();
  #ended = false;

  constructor(dialect: Dialect, link: Link) {
    this.dialect = dialect;
    this.#link = link;
  }

  call(procedure: Procedure, args: Arguments, options: CallOptions = {}): Promise<CallResult> {
    return this.#next((link) => link.call(procedure, args, options));
  }

  query(sql: string, values: readonly SqlValue[] = [], options: CallOptions = {}): Promise<Row[]> {
    return this.#next((link) => link.query(sql, values, options));
  }

  batch(sql: string, options: CallOptions = {}): Promise<void> {
    return this.#next((link) => link.batch(sql, options));
  }

  bulk(table: string, columns: readonly Column[], rows: Rows, options: CallOptions = {}): Promise<number> {
    return this.#next((link) => link.bulk(table, columns, rows, options));
  }

  /** Refuses what comes later and waits for what still runs. */
  async end(): Promise<void> {
    this.#ended = true;
    await this.#last;
  }

  async #next<T>(work: (link: Link) => Promise<T>): Promise<T> {
    if (this.#ended) {
      throw new Error('this session has ended: await everything that runs on it before its callback returns');
    }
    const result = this.#last.then(() => work(this.#link));
    this.#last = result.catch(() => undefined);
    return result;
  }
}
