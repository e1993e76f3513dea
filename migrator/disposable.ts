import type { Engine, Session } from '../engine/index.js';
import { UsageError } from '../engine/index.js';
import { builder, now, runQuery } from './builder.js';
import { ensureJournal, hasTables, journalSchema } from './journal-schema.js';

const key = 'desechable';

/**
 * May its data be thrown away? So it is with every database of the embedded server, which says of itself that it is
 * one, and with a database that somebody has marked (`carril db mark-disposable`). Anything else may be production.
 */
export async function isDisposable(session: Session): Promise<boolean> {
  return (await isEmbedded(session)) || (await isMarked(session));
}

/** Marks the database as one whose data may be thrown away, in carril.Base. Needs the right to create the journal's tables. */
export async function markDisposable(engine: Engine): Promise<void> {
  await ensureJournal(engine);
  if (await isMarked(engine)) return;
  const row = { clave: key, valor: '1', cambiado_en: now(engine.dialect) };
  await runQuery(engine, builder(engine.dialect).withSchema(journalSchema).table('Base').insert(row));
}

/**
 * @param what names the work in the message: `db reset`, `load --synthetic`
 * @throws UsageError saying how to mark the database, when it is not disposable
 */
export async function requireDisposable(engine: Engine, what: string): Promise<void> {
  if (await isDisposable(engine)) return;
  throw new UsageError(
    `${what} destroys or floods the data of ${engine.description}, which is neither embedded nor marked as disposable. ` +
      'If its data may be thrown away, say so once: carril db mark-disposable',
  );
}

async function isEmbedded(session: Session): Promise<boolean> {
  if (session.dialect !== 'postgres') return false;
  const [row] = await session.query("SELECT current_setting('carril.embedded', true) AS embedded");
  return row?.['embedded'] === 'on';
}

async function isMarked(session: Session): Promise<boolean> {
  if (!(await hasTables(session, ['Base']))) return false;
  const query = builder(session.dialect)
    .withSchema(journalSchema)
    .table('Base')
    .select('valor')
    .where({ clave: key });
  const [row] = await runQuery(session, query);
  return row !== undefined;
}
