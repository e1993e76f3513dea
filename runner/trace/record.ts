import type { Column, SqlValue } from '../../engine/index.js';
import { shortened } from '../../migrator/redact.js';

export type TraceEvent = 'START' | 'END' | 'WAIT' | 'LOCK' | 'ERROR';

/** What a handler knows of its chunk that a trace should say. */
export interface TraceSubject {
  readonly process?: bigint | undefined;
  readonly execution?: bigint | undefined;
  /** A fund's short name; its ID is looked up before the record is written. */
  readonly fund?: string | undefined;
  /** What the part works on: a service, a file. */
  readonly resource?: string | undefined;
}

/** One event, as it waits in memory: its time is the monotonic clock's. */
export interface TraceRecord extends TraceSubject {
  /** `performance.now()` of the moment. */
  readonly at: number;
  readonly event: TraceEvent;
  readonly job: bigint;
  readonly stage: string | undefined;
  /** Chunk and token: one attempt. */
  readonly attempt: string;
  /** How long what ends here took; undefined for a START. */
  readonly durationMs: number | undefined;
  readonly metadata: Readonly<Record<string, unknown>> | undefined;
  readonly thread: number;
}

export const traceTable = 'logs.Trace_Records';

/** In the order of `rowOf`. */
export const traceColumns: readonly Column[] = [
  { name: 'ID_Proceso', type: { kind: 'bigint' }, nullable: true },
  { name: 'ID_Ejecucion', type: { kind: 'bigint' }, nullable: true },
  { name: 'ID_Fund', type: { kind: 'int' }, nullable: true },
  { name: 'Timestamp', type: { kind: 'datetime2', scale: 3 }, nullable: false },
  { name: 'Etapa', type: { kind: 'nvarchar', length: 50 }, nullable: true },
  { name: 'SubEtapa', type: { kind: 'nvarchar', length: 50 }, nullable: true },
  { name: 'Tipo_Evento', type: { kind: 'nvarchar', length: 20 }, nullable: false },
  { name: 'Recurso', type: { kind: 'nvarchar', length: 100 }, nullable: true },
  { name: 'Duracion_Ms', type: { kind: 'int' }, nullable: true },
  { name: 'Metadata', type: { kind: 'nvarchar', length: 'max' }, nullable: true },
  { name: 'Thread_ID', type: { kind: 'int' }, nullable: true },
  { name: 'ID_Trabajo', type: { kind: 'bigint' }, nullable: true },
];

const mostMs = 2 ** 31 - 1;

/**
 * The row of a record.
 * @param offsetMs what to add to the monotonic clock for the server's time
 * @param fundId of `record.fund`
 */
export function rowOf(record: TraceRecord, offsetMs: number, fundId: number | null): readonly SqlValue[] {
  const { durationMs, metadata } = record;
  return [
    record.process ?? null,
    record.execution ?? null,
    fundId,
    new Date(Math.round(record.at + offsetMs)),
    cut(record.stage, 50),
    record.attempt,
    record.event,
    // the end of a path says more than its beginning
    record.resource === undefined ? null : record.resource.slice(-100),
    durationMs === undefined ? null : Math.min(mostMs, Math.max(0, Math.round(durationMs))),
    metadata === undefined ? null : JSON.stringify(metadata),
    record.thread,
    record.job,
  ];
}

function cut(text: string | undefined, length: number): string | null {
  return text === undefined ? null : shortened(text, length);
}
