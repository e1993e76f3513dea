import { ProcedureError } from '../engine/index.js';
import type { Engine, Row, Session } from '../engine/index.js';
import { builder, now, runQuery } from './builder.js';
import { MigratorError, ScriptError } from './errors.js';
import type { HistoryEvent } from './history.js';
import { authorColumns } from './journal-author.js';
import type { Author } from './journal-author.js';
import { hasTables, journalSchema } from './journal-schema.js';
import { keyOf } from './procedure-files.js';
import { redact, shortened } from './redact.js';
import type { SqlFile } from './sql-file.js';

/** The script of a run: a migration's, or a procedure's file. */
export interface ScriptRun {
  readonly part: 'up' | 'down' | 'procedure';
  /** A migration's; of a procedure the one after which it can exist. */
  readonly number: number;
  readonly name: string;
  readonly file: SqlFile;
}

export interface Failure {
  readonly id: bigint;
  readonly part: ScriptRun['part'];
  readonly number: number | undefined;
  readonly name: string;
  readonly file: string;
  /** Of the script that failed. */
  readonly checksum: string;
  /** Which statement (SQL Server: batch), 1-based, and how it begins. */
  readonly statement: number | undefined;
  readonly text: string | undefined;
  readonly line: number | undefined;
  readonly column: number | undefined;
  readonly errorNumber: number;
  readonly sqlState: string | undefined;
  readonly message: string;
  readonly durationMs: number;
  readonly at: Date;
  readonly user: string;
  readonly login: string;
  readonly host: string;
  readonly version: string;
}

/**
 * Records that a script failed, on a connection of the pool: what failed was rolled back with its own. To be called after
 * that, when the pool has a connection to spare.
 */
export async function recordFailure(
  engine: Engine,
  run: ScriptRun,
  error: unknown,
  durationMs: number,
  author: Author,
): Promise<void> {
  const place = error instanceof ScriptError ? error : undefined;
  const cause = causeOf(error);
  const { statement } = place ?? {};
  const row = {
    guion: shortened(run.file.shown, 400),
    checksum: run.file.checksum,
    parte: parts[run.part],
    numero: run.number,
    nombre: run.name,
    sentencia: statement?.number ?? null,
    texto: statement === undefined ? null : shortened(redact(statement.text), 400),
    linea: place?.line ?? null,
    columna: place?.column ?? null,
    error_numero: cause?.number ?? 0,
    error_estado: cause?.sqlState ?? null,
    mensaje: shortened(redact(messageOf(error)), 4000),
    duracion_ms: durationMs,
    en: now(engine.dialect),
    ...authorColumns(engine, author),
  };
  await runQuery(engine, builder(engine.dialect).withSchema(journalSchema).table('Fallos').insert(row));
}

/** Oldest first. */
export async function readFailures(session: Session): Promise<Failure[]> {
  if (!(await hasTables(session, ['Fallos']))) return [];
  const query = builder(session.dialect).withSchema(journalSchema).table('Fallos').select('*').orderBy('id');
  return (await runQuery(session, query)).map(toFailure);
}

/**
 * The newest failure of each script that has not succeeded since: a migration that is still to be applied (or, when its
 * down script failed, still to be reverted), a procedure that still is as before.
 * @param applied numbers of the migrations that stand
 */
export function openFailures(
  failures: readonly Failure[],
  history: readonly HistoryEvent[],
  applied: ReadonlySet<number>,
): Failure[] {
  const newest = new Map<string, Failure>();
  for (const failure of failures) newest.set(`${failure.part} ${keyOf(failure.name)}`, failure);
  return [...newest.values()].filter((failure) => {
    const { part, number, name, at } = failure;
    if (part !== 'procedure' && number !== undefined && applied.has(number) === (part === 'up')) return false;
    const kind = part === 'procedure' ? 'procedure' : 'migration';
    return !history.some(
      (event) =>
        event.kind === kind && keyOf(event.name) === keyOf(name) && settles(event, part) && event.at >= at,
    );
  });
}

function settles({ event }: HistoryEvent, part: ScriptRun['part']): boolean {
  if (part === 'up') return event === 'applied' || event === 'baselined';
  return part === 'procedure' || event === 'reverted';
}

const parts = { up: 'UP', down: 'DOWN', procedure: 'PROCEDIMIENTO' } as const;

function causeOf(error: unknown): ProcedureError | undefined {
  if (error instanceof ProcedureError) return error;
  return error instanceof MigratorError && error.cause instanceof ProcedureError ? error.cause : undefined;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function toFailure(row: Row): Failure {
  const text = (name: string): string | undefined => {
    const value = row[name];
    return typeof value === 'string' ? value : undefined;
  };
  const number = (name: string): number | undefined => {
    const value = row[name];
    return typeof value === 'number' ? value : undefined;
  };
  const part = text('parte');
  return {
    id: BigInt(String(row['id'])),
    part: part === 'UP' ? 'up' : part === 'DOWN' ? 'down' : 'procedure',
    number: number('numero'),
    name: text('nombre') ?? '',
    file: text('guion') ?? '',
    checksum: text('checksum') ?? '',
    statement: number('sentencia'),
    text: text('texto'),
    line: number('linea'),
    column: number('columna'),
    errorNumber: number('error_numero') ?? 0,
    sqlState: text('error_estado'),
    message: text('mensaje') ?? '',
    durationMs: number('duracion_ms') ?? 0,
    at: row['en'] as Date,
    user: text('usuario') ?? '',
    login: text('login') ?? '',
    host: text('equipo') ?? '',
    version: text('version') ?? '',
  };
}
