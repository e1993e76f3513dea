import type { Row, Session } from '../engine/index.js';
import { builder, now, runQuery } from './builder.js';
import { MigratorError } from './errors.js';
import { authorColumns } from './journal-author.js';
import type { Author } from './journal-author.js';
import { hasTables, journalSchema } from './journal-schema.js';
import type { Migration } from './migration-files.js';
import { padded } from './plan.js';
import { redact, shortened } from './redact.js';
import { runsOutsideTransaction } from './script-header.js';

/** A statement of a script that runs outside a transaction, as carril.Pasos has it. */
export interface Step {
  readonly number: number;
  readonly part: 'up' | 'down';
  /** 1-based. */
  readonly statement: number;
  /** begun: nobody knows how it ended; failed: the server said so. */
  readonly state: 'begun' | 'failed' | 'done';
  /** Of the script, and of the statement. */
  readonly checksum: string;
  readonly statementChecksum: string;
  readonly text: string;
  readonly at: Date;
}

const states = { begun: 'EMPEZADA', failed: 'FALLIDA', done: 'TERMINADA' } as const;

/** In the order of numbers and statements. */
export async function readSteps(session: Session): Promise<Step[]> {
  if (!(await hasTables(session, ['Pasos']))) return [];
  const rows = await runQuery(session, table(session).select('*').orderBy(['numero', 'parte', 'sentencia']));
  return rows.map(toStep);
}

/** Replaces the statement's row. */
export async function writeStep(
  session: Session,
  step: Omit<Step, 'at'> & { readonly durationMs?: number },
  author: Author,
): Promise<void> {
  await runQuery(session, one(session, step).delete());
  const row = {
    numero: step.number,
    parte: step.part.toUpperCase(),
    sentencia: step.statement,
    estado: states[step.state],
    checksum: step.checksum,
    checksum_sentencia: step.statementChecksum,
    texto: shortened(redact(step.text), 400),
    en: now(session.dialect),
    duracion_ms: step.durationMs ?? 0,
    ...authorColumns(session, author),
  };
  await runQuery(session, table(session).insert(row));
}

/** Forgets a script's steps: it is done, or begins anew. */
export async function deleteSteps(session: Session, number: number, part: 'up' | 'down'): Promise<void> {
  await runQuery(session, table(session).where({ numero: number, parte: part.toUpperCase() }).delete());
}

/**
 * Refuses to run in one direction what stands halfway in the other: its statements were committed one by one.
 * @throws MigratorError `HALF_DONE`
 */
export function refuseHalfDone(steps: readonly Step[], direction: 'up' | 'down'): void {
  const other = steps.find(({ part }) => part !== direction);
  if (other === undefined) return;
  const number = padded(other.number);
  throw new MigratorError(
    'HALF_DONE',
    other.part === 'up'
      ? `migration ${number} runs outside a transaction and is half applied: finish it with \`carril migrate up\` first, or undo ` +
          `by hand what its first statements did and say so: carril migrate repair --resume-at 1 --migration ${other.number} --reason …`
      : `migration ${number} is half reverted: finish it with \`carril migrate down\` first`,
  );
}

/** How far a script that runs outside a transaction has got: statements done, of how many it knows to have begun. */
export function doneOf(steps: readonly Step[], migration: Migration, part: 'up' | 'down'): number {
  if (!runsOutsideTransaction(migration[part])) return 0;
  return steps.filter(
    (step) => step.number === migration.number && step.part === part && step.state === 'done',
  ).length;
}

function table(session: Session) {
  return builder(session.dialect).withSchema(journalSchema).table('Pasos');
}

function one(session: Session, { number, part, statement }: Pick<Step, 'number' | 'part' | 'statement'>) {
  return table(session).where({ numero: number, parte: part.toUpperCase(), sentencia: statement });
}

function toStep(row: Row): Step {
  const state = String(row['estado']);
  return {
    number: Number(row['numero']),
    part: row['parte'] === 'DOWN' ? 'down' : 'up',
    statement: Number(row['sentencia']),
    state: state === states.done ? 'done' : state === states.failed ? 'failed' : 'begun',
    checksum: String(row['checksum']),
    statementChecksum: String(row['checksum_sentencia']),
    text: String(row['texto']),
    at: row['en'] as Date,
  };
}
