import type { Row, Session } from '../engine/index.js';
import { builder, now, runQuery } from './builder.js';
import { MigratorError } from './errors.js';
import { recordEvent } from './history.js';
import { authorColumns } from './journal-author.js';
import type { Author } from './journal-author.js';
import { hasTables, journalSchema } from './journal-schema.js';
import { definitionOf, objectsNamed } from './objects.js';
import { keyOf } from './procedure-files.js';
import { batchesOf, runBatch } from './script.js';
import { checksumOf, normalise } from './sql-file.js';

/** An object that was in the database before carril took its name over, kept in carril.Objetos_Previos. */
export interface PreviousObject {
  readonly id: bigint;
  readonly name: string;
  /** adopted: still as it was; replaced: its file stands in its place, and `down` restores it. */
  readonly action: 'adopted' | 'replaced';
  readonly since: number;
  /** Makes it again, grants included; PostgreSQL: of every function of that name. */
  readonly script: string;
}

const actions = { adopted: 'ADOPTADA', replaced: 'REEMPLAZADA' } as const;

/** Those that are open, by key. */
export async function readPrevious(session: Session): Promise<Map<string, PreviousObject>> {
  if (!(await hasTables(session, ['Objetos_Previos']))) return new Map();
  const rows = await runQuery(session, table(session).select('*').whereNull('cerrado_en').orderBy('id'));
  return new Map(rows.map(toObject).map((one) => [keyOf(one.name), one]));
}

/**
 * The script that makes again what has that name; undefined when nothing has.
 * @throws MigratorError when the engine does not give its text
 */
async function scriptOf(session: Session, name: string): Promise<string | undefined> {
  const scripts: string[] = [];
  for (const object of await objectsNamed(session, name)) {
    const script = await definitionOf(session, object);
    if (script === undefined) {
      throw new MigratorError(
        'FOREIGN_OBJECTS',
        `${name}: the server does not give the text of this ${object.kind.toLowerCase()} (encrypted?), so it could not be ` +
          'restored. Keep it with --adopt, or drop it yourself and run `carril migrate up` again',
      );
    }
    scripts.push(script);
  }
  return scripts.length === 0 ? undefined : scripts.join(session.dialect === 'postgres' ? '\n' : '');
}

/** Saves what has that name now, in the transaction that adopts or replaces it; another open row of it is closed. */
export async function savePrevious(
  session: Session,
  procedure: { readonly name: string; readonly since: number },
  action: PreviousObject['action'],
  author: Author,
): Promise<void> {
  const script = await scriptOf(session, procedure.name).catch((error: unknown) => {
    // what stays need not be made again
    if (action === 'adopted' && error instanceof MigratorError) return `-- ${error.message}`;
    throw error;
  });
  if (script === undefined) return;
  const open = table(session)
    .whereNull('cerrado_en')
    .whereRaw('lower(??) = ?', ['nombre', keyOf(procedure.name)]);
  await runQuery(session, open.update({ cerrado_en: now(session.dialect) }));
  const row = {
    nombre: procedure.name,
    accion: actions[action],
    desde: procedure.since,
    guion: script,
    checksum: checksumOf(normalise(script)),
    guardado_en: now(session.dialect),
    ...authorColumns(session, author),
  };
  await runQuery(session, table(session).insert(row));
}

/** What becomes of it no longer concerns carril. */
export async function closePrevious(session: Session, previous: PreviousObject): Promise<void> {
  const one = table(session).where({ id: String(previous.id) });
  await runQuery(session, one.update({ cerrado_en: now(session.dialect) }));
}

/**
 * Makes replaced objects again, in the session's transaction, each after those that it needs.
 * @throws ScriptError when the server refuses
 */
export async function restorePrevious(
  session: Session,
  objects: readonly PreviousObject[],
  author: Author,
): Promise<void> {
  if (session.dialect === 'postgres') {
    await session.batch('SET LOCAL check_function_bodies = off');
    for (const { name } of objects) await revokeAll(session, name);
    await inAnyOrder(session, objects, (one) => restoreOne(session, one, author));
    await session.batch('SET LOCAL check_function_bodies = on');
    return;
  }
  for (const one of [...objects].sort((a, b) => rank(a) - rank(b))) await restoreOne(session, one, author);
}

/** SQL Server binds late, but for what is bound to a schema: functions and views come first, triggers last. */
function rank({ script }: PreviousObject): number {
  const kind = /\bCREATE\s+(?:OR\s+ALTER\s+)?(FUNCTION|VIEW|TRIGGER)\b/i.exec(script)?.[1]?.toUpperCase();
  return kind === undefined ? 2 : ['FUNCTION', 'VIEW', '', 'TRIGGER'].indexOf(kind);
}

/** The catalog no longer says which of them needs which: what fails is tried again once another one has succeeded. */
async function inAnyOrder(
  session: Session,
  objects: readonly PreviousObject[],
  work: (one: PreviousObject) => Promise<void>,
): Promise<void> {
  let left = [...objects];
  while (left.length > 0) {
    const failed: PreviousObject[] = [];
    let first: unknown;
    for (const one of left) {
      await session.batch('SAVEPOINT restaurar');
      try {
        await work(one);
        await session.batch('RELEASE SAVEPOINT restaurar');
      } catch (error) {
        first ??= error;
        failed.push(one);
        await session.batch('ROLLBACK TO SAVEPOINT restaurar');
      }
    }
    if (failed.length === left.length) throw first;
    left = failed;
  }
}

/** What could not be dropped keeps its permissions, which are not those that the restored one had. */
async function revokeAll(session: Session, name: string): Promise<void> {
  for (const object of await objectsNamed(session, name)) {
    const [catalog = '', oid = ''] = object.id.split(':');
    const prefix = { pg_proc: 'pro', pg_class: 'rel' }[catalog];
    if (prefix === undefined) continue;
    const rows = await session.query(
      `SELECT DISTINCT CASE g.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(g.grantee)) END AS quien
         FROM pg_catalog.${catalog} o, LATERAL aclexplode(o.${prefix}acl) g
        WHERE o.oid = $1::text::oid AND g.grantee <> o.${prefix}owner`,
      [oid],
    );
    for (const row of rows) {
      await session.batch(
        `REVOKE ALL ON ${catalog === 'pg_proc' ? 'ROUTINE ' : ''}${object.identity} FROM ${String(row['quien'])}`,
      );
    }
  }
}

async function restoreOne(session: Session, previous: PreviousObject, author: Author): Promise<void> {
  const { name, script, since: number } = previous;
  const shown = `what ${name} was before carril (carril.Objetos_Previos, id ${previous.id})`;
  const file = { path: shown, shown, text: normalise(script), checksum: checksumOf(normalise(script)) };
  for (const [index, batch] of batchesOf(file, session.dialect).entries()) {
    await runBatch(session, file, batch, index + 1);
  }
  await closePrevious(session, previous);
  await recordEvent(session, { event: 'restored', kind: 'procedure', number, name }, author);
}

function table(session: Session) {
  return builder(session.dialect).withSchema(journalSchema).table('Objetos_Previos');
}

function toObject(row: Row): PreviousObject {
  return {
    id: BigInt(String(row['id'])),
    name: String(row['nombre']),
    action: row['accion'] === actions.adopted ? 'adopted' : 'replaced',
    since: Number(row['desde']),
    script: String(row['guion']),
  };
}
