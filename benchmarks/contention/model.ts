import type { Architecture } from '../../runner/process.js';
import type { Timings } from '../measured-engine.js';
import type { Timeline } from '../slices.js';
import type { DeadlockGraph } from './deadlock-graph.js';
import type { ToldDeadlock } from './postgres-deadlock.js';

/** PostgreSQL keeps row locks in the rows: there is no number of them at which it would take the table's instead. */
export const neverEscalates = 'none by design';

/** What one table went through in a round. */
export interface TableReading {
  readonly table: string;
  readonly waits: number;
  readonly wait_ms: number;
  readonly escalations: number | typeof neverEscalates;
  /** Procedures that were seen waiting, where the probe can tell. */
  readonly procedures: readonly string[];
  /** Counters of the engine's own: dead rows, promotion attempts. */
  readonly more: Readonly<Record<string, number>>;
}

/** What a fund's lane did, in milliseconds since the probe began. */
export interface FundLane {
  readonly fund: string;
  readonly bars: readonly {
    readonly service: string;
    readonly from_ms: number;
    readonly to_ms: number;
    readonly failed: boolean;
  }[];
}

/** Calls of a procedure or a service, with what went wrong in them. */
export interface Called extends Timings {
  /** Waits for rows or tables that were seen inside. */
  readonly waits?: number;
  readonly retries?: number;
}

/** What a probe saw of a server between `begin` and `end`. */
export interface Reading {
  readonly deadlocks: number;
  /** Sessions that waited for rows, pages or tables: what one lane must never do to another. */
  readonly lock_waits: number;
  readonly lock_wait_ms: number;
  /** Waits for application locks and the server's own: part of the lease protocol, none of them for rows. */
  readonly other_waits: number;
  readonly lock_escalations: number | typeof neverEscalates;
  readonly tables: readonly TableReading[];
  /** Counters of the whole server or database. */
  readonly server: Readonly<Record<string, number>>;
  /** Procedures and functions by the server's own count: their own time, what they call taken out. */
  readonly functions: Readonly<Record<string, { readonly calls: number; readonly self_ms: number }>>;
  readonly deadlock_graphs: readonly DeadlockGraph[];
  readonly timeline?: Timeline;
  /** Processor time of the server's processes; null where it cannot be known. */
  readonly server_cpu_ms?: number | null;
  /** Waits for rows or tables by the procedure that was called, in small letters. */
  readonly waits_in?: Readonly<Record<string, number>>;
  /** Chunks whose work waited for rows or tables, and when it was first seen, by `performance.now()`. */
  readonly chunk_waits?: readonly { readonly chunk: string; readonly at: number }[];
  /** What this login may not see, and what else limits the reading. */
  readonly remarks: readonly string[];
}

/** Watches a server while a load runs; what it starts there it takes away again. */
export interface Probe {
  begin(): Promise<void>;
  /**
   * After the load's connections are closed: a session hands in its part of the counters when it ends.
   * @param told deadlocks as the clients were told of them
   */
  end(told?: readonly ToldDeadlock[]): Promise<Reading>;
  /** The statements that took most time since the server began to count, where it keeps them with their plans. */
  slowest?(): Promise<readonly SlowStatement[]>;
  close(): Promise<void>;
}

export interface SlowStatement {
  readonly text: string;
  readonly procedure: string | null;
  readonly executions: number;
  readonly total_ms: number;
  readonly max_ms: number;
  readonly cpu_ms: number;
  readonly reads: number;
  readonly rows: number;
  /** XML; it names the indexes it misses, too. */
  readonly plan: string | null;
}

export interface Round {
  readonly architecture: Architecture | 'ATTACHED';
  readonly round: number;
  readonly deadlocks: number;
  readonly lock_waits: number;
  readonly retries: number;
  readonly makespan_ms: number;
  readonly funds_per_hour: number;
  readonly lock_wait_ms: number;
  readonly other_waits: number;
  readonly lock_escalations: number | typeof neverEscalates;
  readonly error_3998: number;
  readonly timeouts: number;
  /** Errors that the client saw, by the engine's number or SQLSTATE. */
  readonly errors: Readonly<Record<string, number>>;
  /** What failed attempts had taken when they failed. */
  readonly lost_to_retries_ms: number;
  readonly client_cpu_ms: number;
  readonly state: string;
  /** Milliseconds by procedure, as the client saw them. */
  readonly procedures: Readonly<Record<string, Called>>;
  /** Milliseconds by service. */
  readonly services: Readonly<Record<string, Called>>;
  readonly tables: readonly TableReading[];
  readonly server: Readonly<Record<string, number>>;
  readonly functions: Reading['functions'];
  readonly deadlock_graphs: readonly DeadlockGraph[];
  /** Lanes of this round, where one recording has rounds of several numbers of them. */
  readonly lanes?: number;
  readonly timeline?: Timeline;
  readonly server_cpu_ms?: number | null;
  /** Of the slowest round of each side only. */
  readonly drawn?: readonly FundLane[];
}

/** How large the statements of one run were, by architecture: counted in a run of its own that is not timed. */
export interface Census {
  readonly architecture: Architecture;
  readonly largest_statement_rows: number;
  readonly largest_statement: string;
  /** Statements that SQL Server, which counts locks, would have escalated: 5,000 rows of one table or more. */
  readonly statements_of_5000: number;
  readonly statements: number;
  /** The largest first. */
  readonly largest?: readonly { readonly statement: string; readonly rows: number }[];
  /** Rows written inside each procedure, by it or by what it calls. */
  readonly rows?: Readonly<Record<string, number>>;
  /** Rows that the steps of each service wrote. */
  readonly service_rows?: Readonly<Record<string, number>>;
}
