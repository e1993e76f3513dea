import type { PoolClient, QueryArrayResult } from 'pg';
import type pgPromise from 'pg-promise';
import { ProcedureError } from '../errors.js';
import { interruptible } from '../interrupt.js';
import { refuseNul } from '../shape.js';
import { callStatement, callResult } from './call.js';
import { copyRows } from './copy.js';
import { ParameterizedQuery } from './library.js';
import { forgetStatements } from './statements.js';
import type { Statements } from './statements.js';
import { toParameter } from './types.js';
import type { CallOptions } from '../engine.js';
import type { Link, Rows } from '../link.js';
import type { Arguments, CallResult, Column, Procedure, Row, SqlValue } from '../types.js';
import type { ErrorContext } from './errors.js';

/** pg-promise's connection, with node-postgres' client behind it. */
export type Connected = Awaited<ReturnType<pgPromise.IDatabase<object>['connect']>>;

/** What a link needs of its driver. */
export interface LinkHost {
  readonly description: string;
  /** 0: none. Also the server's statement_timeout. */
  readonly requestTimeoutMs: number;
  readonly statements: Statements;
  map(error: unknown, context: Omit<ErrorContext, 'server'>): Error;
  cancel(client: PoolClient): Promise<void>;
  prepare(connected: Connected): Promise<void>;
}

/** One PostgreSQL connection. */
export class PostgresLink implements Link {
  readonly connected: Connected;
  readonly #client: PoolClient;
  readonly #host: LinkHost;
  #lost = false;
  used = false;
  doubtful = false;

  constructor(connected: Connected, host: LinkHost) {
    this.connected = connected;
    this.#client = connected.client as unknown as PoolClient;
    this.#host = host;
  }

  /** Told by pg-promise, too, when a connection breaks while nothing runs on it. */
  lose(): void {
    this.#lost = true;
  }

  get state(): 'idle' | 'transaction' | 'lost' {
    if (this.#lost) return 'lost';
    return transactionStatus(this.#client) === 'I' ? 'idle' : 'transaction';
  }

  async call(procedure: Procedure, args: Arguments, options: CallOptions): Promise<CallResult> {
    const { text, values } = callStatement(procedure, args);
    const { fields, rows } = await this.#run(procedure.name, options, { procedure: procedure.name }, () =>
      this.#execute(text, values),
    );
    return callResult(procedure, fields, rows);
  }

  /** Straight to the driver: pg-promise would add its own work to each of what may be thousands of short calls a second. */
  async #execute(text: string, values: unknown[]): Promise<QueryArrayResult<SqlValue[]>> {
    const query = { text, values, rowMode: 'array' as const };
    // within a transaction a statement that is not there would end it, so nothing there relies on one
    const name = this.state === 'idle' ? this.#host.statements.nameOf(text) : undefined;
    if (name === undefined) return this.#client.query<SqlValue[]>(query);
    try {
      return await this.#client.query<SqlValue[]>({ ...query, name });
    } catch (error) {
      if (!this.#host.statements.refuse(error)) throw error;
      return this.#client.query<SqlValue[]>(query);
    }
  }

  async query(sql: string, values: readonly SqlValue[], options: CallOptions): Promise<Row[]> {
    refuseNul(sql);
    // without values the text goes as it stands, and may be any statement
    if (values.length === 0) this.used = true;
    const query = new ParameterizedQuery({ text: sql, values: values.map((value) => toParameter(value)) });
    const result = await this.#run('the statement', options, { sql }, () =>
      values.length === 0
        ? this.connected.multiResult(sql).then((results) => results.at(-1))
        : this.connected.result(query),
    );
    return (result?.rows ?? []) as Row[];
  }

  async batch(sql: string, options: CallOptions): Promise<void> {
    refuseNul(sql);
    if (sql.trim() === '') return;
    this.used = true;
    await this.#run('the batch', options, { sql }, () => this.connected.multiResult(sql));
  }

  async bulk(table: string, columns: readonly Column[], rows: Rows, options: CallOptions): Promise<number> {
    try {
      return await this.#run(`the bulk load of ${table}`, options, {}, () =>
        copyRows(this.#client, table, columns, rows),
      );
    } catch (error) {
      this.doubtful = true;
      throw error;
    }
  }

  async begin(): Promise<void> {
    await this.#plain('BEGIN');
  }

  async commit(): Promise<void> {
    // PostgreSQL answers COMMIT in a failed transaction with ROLLBACK, and no error
    if ((await this.#plain('COMMIT')) !== 'ROLLBACK') return;
    throw new ProcedureError('the transaction had failed and was rolled back, so nothing was committed', {
      code: 'DATABASE',
      sqlState: '25P02',
    });
  }

  async rollback(): Promise<void> {
    await this.#plain('ROLLBACK');
  }

  async reset(): Promise<void> {
    await this.#plain('DISCARD ALL');
    forgetStatements(this.#client);
    await this.#host.prepare(this.connected);
    this.used = false;
  }

  /** Statements of our own; whatever state the server is in, they are short. */
  async #plain(sql: string): Promise<string> {
    const result = await this.#run(sql, { timeoutMs: this.#host.requestTimeoutMs }, {}, () =>
      this.connected.result(sql),
    );
    return result.command;
  }

  async #run<T>(
    what: string,
    options: CallOptions,
    context: Omit<ErrorContext, 'server'>,
    work: () => Promise<T>,
  ): Promise<T> {
    if (this.#lost) {
      throw new ProcedureError(`the connection to ${this.#host.description} was lost`, {
        code: 'CONNECTION',
        retryable: true,
        procedure: context.procedure,
      });
    }
    options.signal?.throwIfAborted();
    const timeoutMs = options.timeoutMs ?? this.#host.requestTimeoutMs;
    const restore = this.#exceeds(timeoutMs) ? await this.#allow(timeoutMs) : undefined;
    try {
      return await interruptible(() => this.#mapped(work, context), {
        what,
        signal: options.signal,
        timeoutMs,
        cancel: () => {
          this.doubtful = true;
          return this.#host.cancel(this.#client);
        },
        abandon: () => {
          this.#lost = true;
          destroySocket(this.#client);
        },
      });
    } finally {
      await restore?.();
    }
  }

  #exceeds(timeoutMs: number): boolean {
    const { requestTimeoutMs } = this.#host;
    return requestTimeoutMs > 0 && (timeoutMs === 0 || timeoutMs > requestTimeoutMs);
  }

  /** The server's own limit stands behind ours; before a statement that may take longer, it is told so. */
  async #allow(timeoutMs: number): Promise<() => Promise<void>> {
    const { requestTimeoutMs } = this.#host;
    await this.#mapped(
      () => this.connected.result(`SET statement_timeout = ${Math.min(timeoutMs, 2 ** 31 - 1)}`),
      {},
    );
    return async () => {
      // a failed transaction takes no SET, and its rollback undoes the one above
      if (this.#lost) return;
      await this.connected.result(`SET statement_timeout = ${requestTimeoutMs}`).catch(() => {
        this.doubtful = true;
      });
    };
  }

  async #mapped<T>(work: () => Promise<T>, context: Omit<ErrorContext, 'server'>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      const mapped = this.#host.map(error, context);
      if (mapped instanceof ProcedureError && mapped.code === 'CONNECTION') this.#lost = true;
      throw mapped;
    }
  }
}

/** What the server said with its last ReadyForQuery: I, T or E. */
function transactionStatus(client: PoolClient): string | null {
  return client.getTransactionStatus();
}

function destroySocket(client: PoolClient): void {
  (client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();
}
