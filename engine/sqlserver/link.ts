import { Request } from 'tedious';
import type { Connection } from 'tedious';
import { ProcedureError } from '../errors.js';
import { interruptible } from '../interrupt.js';
import { isTable, refuseNul } from '../shape.js';
import { bulkRows } from './bulk.js';
import { addArguments, procedureName, resultReader } from './call.js';
import { mapSqlServerError } from './errors.js';
import { fromTedious, guessType, tediousType, toTedious } from './types.js';
import type { CallOptions } from '../engine.js';
import type { Link, Rows } from '../link.js';
import type { Arguments, CallResult, Column, Procedure, Row, SqlValue } from '../types.js';
import type { ReturnedMetadata } from './types.js';

/** A result set as it came. */
export interface ResultSet {
  readonly names: readonly string[];
  readonly rows: SqlValue[][];
}

export interface LinkHost {
  readonly description: string;
  /** 0: none. */
  readonly requestTimeoutMs: number;
  readonly resetsAfterTables: boolean;
}

/** One SQL Server connection. */
export class SqlServerLink implements Link {
  readonly connection: Connection;
  readonly #host: LinkHost;
  #lost = false;
  used = false;
  doubtful = false;

  constructor(connection: Connection, host: LinkHost) {
    this.connection = connection;
    this.#host = host;
    const lose = (): void => {
      this.#lost = true;
    };
    connection.on('end', lose);
    connection.on('error', lose);
  }

  get state(): 'idle' | 'transaction' | 'lost' {
    if (this.#lost || this.connection.closed) return 'lost';
    return this.connection.inTransaction ? 'transaction' : 'idle';
  }

  async call(procedure: Procedure, args: Arguments, options: CallOptions): Promise<CallResult> {
    if (this.#host.resetsAfterTables && procedure.parameters.some(({ type }) => isTable(type)))
      this.used = true;
    const outputs: Record<string, SqlValue> = {};
    const sets = await this.#request(
      procedureName(procedure.name),
      procedure.name,
      options,
      procedure.name,
      (request) => {
        addArguments(request, procedure, args);
        request.on('returnValue', (name: string, value: unknown, metadata: ReturnedMetadata) => {
          outputs[name.replace(/^@/, '').toLowerCase()] = fromTedious(value, metadata);
        });
        this.connection.callProcedure(request);
      },
    );
    return resultReader(procedure)(outputs, sets);
  }

  async query(sql: string, values: readonly SqlValue[], options: CallOptions): Promise<Row[]> {
    refuseNul(sql);
    // without values the text goes as a batch, so that SET and temporary tables outlive it
    if (values.length === 0) this.used = true;
    const sets = await this.#request(sql, 'the statement', options, undefined, (request) => {
      if (values.length === 0) {
        this.connection.execSqlBatch(request);
        return;
      }
      values.forEach((given, index) => {
        const { type, value } = guessType(given);
        const { type: dataType, ...measures } = tediousType(type);
        request.addParameter(`p${index}`, dataType, toTedious(value, type), measures);
      });
      this.connection.execSql(request);
    });
    const last = sets.at(-1);
    return (last?.rows ?? []).map((row) =>
      Object.fromEntries(row.map((value, index) => [last?.names[index] ?? '', value])),
    );
  }

  async batch(sql: string, options: CallOptions): Promise<void> {
    refuseNul(sql);
    this.used = true;
    await this.#request(sql, 'the batch', options, undefined, (request) => {
      this.connection.execSqlBatch(request);
    });
  }

  async bulk(table: string, columns: readonly Column[], rows: Rows, options: CallOptions): Promise<number> {
    try {
      return await bulkRows(rows, columns, (tuples, write) =>
        this.#run(`the bulk load of ${table}`, options, undefined, () =>
          write(this.connection, table, tuples),
        ),
      );
    } catch (error) {
      this.doubtful = true;
      throw error;
    }
  }

  async begin(): Promise<void> {
    await this.#callback((done) => {
      this.connection.beginTransaction(done);
    });
  }

  async commit(): Promise<void> {
    await this.#callback((done) => {
      this.connection.commitTransaction(done);
    });
  }

  async rollback(): Promise<void> {
    await this.#callback((done) => {
      this.connection.rollbackTransaction(done);
    });
  }

  async reset(): Promise<void> {
    await this.#callback((done) => {
      this.connection.reset(done);
    });
    this.used = false;
  }

  /** Sends one request and collects its result sets. */
  #request(
    text: string,
    what: string,
    options: CallOptions,
    procedure: string | undefined,
    send: (request: Request) => void,
  ): Promise<ResultSet[]> {
    return this.#run(what, options, procedure, () => {
      const sets: ResultSet[] = [];
      return new Promise<ResultSet[]>((resolve, reject) => {
        const request = new Request(text, (error) => {
          if (error === null || error === undefined) resolve(sets);
          else reject(error);
        });
        request.on('columnMetadata', (columns) => {
          const list = Array.isArray(columns) ? columns : Object.values(columns);
          sets.push({ names: list.map(({ colName }) => colName), rows: [] });
        });
        request.on('row', (columns: { value: unknown; metadata: ReturnedMetadata }[]) => {
          sets.at(-1)?.rows.push(columns.map(({ value, metadata }) => fromTedious(value, metadata)));
        });
        send(request);
      });
    });
  }

  #callback(start: (done: (error?: Error | null) => void) => void): Promise<void> {
    return this.#run('the transaction', {}, undefined, () => {
      return new Promise<void>((resolve, reject) => {
        start((error) => {
          if (error === null || error === undefined) resolve();
          else reject(error);
        });
      });
    });
  }

  async #run<T>(
    what: string,
    options: CallOptions,
    procedure: string | undefined,
    work: () => Promise<T>,
  ): Promise<T> {
    const server = this.#host.description;
    if (this.state === 'lost') {
      throw new ProcedureError(`the connection to ${server} was lost`, {
        code: 'CONNECTION',
        retryable: true,
        procedure,
      });
    }
    const start = async (): Promise<T> => {
      try {
        return await work();
      } catch (error) {
        const mapped = mapSqlServerError(error, { server, procedure });
        if (mapped instanceof ProcedureError && mapped.code === 'CONNECTION') this.#lost = true;
        throw mapped;
      }
    };
    const destroy = (): void => {
      this.#lost = true;
      this.connection.close();
    };
    return interruptible(start, {
      what,
      signal: options.signal,
      timeoutMs: options.timeoutMs ?? this.#host.requestTimeoutMs,
      cancel: () => {
        this.doubtful = true;
        this.connection.cancel();
        return Promise.resolve();
      },
      abandon: destroy,
    }).finally(() => {
      // after a cancelled request in a transaction the driver cannot tell whether the server rolled it back
      if (this.doubtful && this.connection.inTransaction) destroy();
    });
  }
}
