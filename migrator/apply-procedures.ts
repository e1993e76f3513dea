import { ProcedureError } from '../engine/index.js';
import type { Engine, Session } from '../engine/index.js';
import { MigratorError, ScriptError } from './errors.js';
import type { ProcedureChange } from './events.js';
import type { ScriptRun } from './failures.js';
import { deleteProcedure, writeProcedure } from './journal.js';
import type { AppliedProcedure, Author } from './journal.js';
import { dependentsOf, dropObject, objectsNamed } from './objects.js';
import { keyOf } from './procedure-files.js';
import type { ProcedureFile } from './procedure-files.js';
import { closePrevious, readPrevious, restorePrevious, savePrevious } from './previous-objects.js';
import type { PreviousObject } from './previous-objects.js';
import { prepareTransaction, runScript } from './script.js';

export interface ProcedureContext {
  readonly engine: Engine;
  readonly author: Author;
  readonly lockTimeoutMs?: number | undefined;
  /** Of objects that are there though the journal does not know them; by key. */
  readonly decisions: ReadonlyMap<string, 'adopt' | 'replace'>;
  /** Runs one script; records it when it fails. */
  readonly recorded: <T>(run: ScriptRun, work: () => Promise<T>) => Promise<T>;
  readonly signal?: AbortSignal | undefined;
  /** Called before each transaction: stops when the lock is lost or Ctrl-C was pressed. */
  readonly checkpoint: () => Promise<void>;
  readonly onChange: (change: ProcedureChange) => void;
}

/**
 * Makes the procedures those of the files: takes in what is adopted, drops what is the journal's but no longer among the
 * files of this level, and applies each file that differs from the journal, in a transaction of its own.
 * @param files in the order of `readProcedures`
 * @param level the highest applied migration
 */
export async function syncProcedures(
  context: ProcedureContext,
  files: readonly ProcedureFile[],
  applied: readonly AppliedProcedure[],
  level: number,
): Promise<void> {
  const wanted = files.filter((file) => file.since <= level);
  const adopted = wanted.filter(({ name }) => context.decisions.get(keyOf(name)) === 'adopt');
  for (const file of adopted) {
    await context.checkpoint();
    await context.recorded(runOf(file), () => adopt(context, file));
    context.onChange({ name: file.name, action: 'adopted' });
  }
  const previous = await readPrevious(context.engine);
  const gone = goneProcedures(wanted, applied);
  if (gone.length > 0) {
    await context.checkpoint();
    const changes = await context.engine.transaction(async (session) => {
      await prepareTransaction(session, context.lockTimeoutMs);
      const dropped = await dropProcedures(session, gone, files, previous, context.author);
      return [...dropped, ...(await restoreReplaced(session, gone, previous, context.author))];
    });
    for (const change of changes) context.onChange(change);
  }
  const pending = pendingFiles(wanted, applied, new Set(adopted.map(({ name }) => keyOf(name))));
  for (const file of wanted) {
    if (!pending.has(keyOf(file.name))) continue;
    await context.checkpoint();
    const changes = await context.recorded(runOf(file), () =>
      applyFile(context, file, wanted, pending, previous),
    );
    for (const change of changes) {
      pending.delete(keyOf(change.name));
      previous.delete(keyOf(change.name));
      context.onChange(change);
    }
  }
}

/** The journal's procedures that no file of this level makes. */
export function goneProcedures(
  wanted: readonly ProcedureFile[],
  applied: readonly AppliedProcedure[],
): AppliedProcedure[] {
  const keys = new Set(wanted.map((file) => keyOf(file.name)));
  return applied.filter((procedure) => !keys.has(keyOf(procedure.name)));
}

/** The files that differ from the journal, by key, without those that were adopted just now. */
function pendingFiles(
  wanted: readonly ProcedureFile[],
  applied: readonly AppliedProcedure[],
  adopted: ReadonlySet<string>,
): Map<string, ProcedureFile> {
  const checksums = new Map(applied.map((procedure) => [keyOf(procedure.name), procedure.checksum]));
  return new Map(
    wanted
      .filter(({ name, file }) => !adopted.has(keyOf(name)) && checksums.get(keyOf(name)) !== file.checksum)
      .map((file) => [keyOf(file.name), file]),
  );
}

function runOf({ name, since, file }: ProcedureFile): ScriptRun {
  return { part: 'procedure', number: since, name, file };
}

/** Enters what is there into the journal as if it were the file's, and changes nothing. */
async function adopt({ engine, author }: ProcedureContext, file: ProcedureFile): Promise<void> {
  const { name, since } = file;
  await engine.transaction(async (session) => {
    await savePrevious(session, file, 'adopted', author);
    const row = { name, since, checksum: file.file.checksum, durationMs: 0 };
    await writeProcedure(session, row, 'adopted', author);
  });
}

/**
 * Drops journaled procedures and their rows, in the session's transaction, in the opposite of the order in which they
 * are created: SQL Server does not drop what something schema-bound needs. Those without a file come first; what was
 * adopted stays, and only its row goes. So does what had replaced something and has the site's own hanging on it: what
 * was there before will be put in its place.
 */
export async function dropProcedures(
  session: Session,
  procedures: readonly AppliedProcedure[],
  files: readonly ProcedureFile[],
  previous: ReadonlyMap<string, PreviousObject>,
  author: Author,
): Promise<ProcedureChange[]> {
  const kept = (name: string) => previous.get(keyOf(name))?.action === 'adopted';
  const ours = new Set(procedures.map(({ name }) => keyOf(name)).filter((key) => !kept(key)));
  const places = new Map(files.map((file, i) => [keyOf(file.name), i]));
  const place = ({ name }: AppliedProcedure) => places.get(keyOf(name)) ?? files.length;
  const changes: ProcedureChange[] = [];
  for (const procedure of [...procedures].sort((a, b) => place(b) - place(a))) {
    const { name } = procedure;
    const before = previous.get(keyOf(name));
    const action = before?.action === 'adopted' ? 'released' : 'dropped';
    if (before?.action === 'adopted') await closePrevious(session, before);
    else if (before === undefined || (await foreignDependents(session, name, ours)).length === 0) {
      await dropWithDependents(session, name, ours);
    }
    await deleteProcedure(session, procedure, action, author);
    changes.push({ name, action });
  }
  return changes;
}

/** Puts back what those procedures had replaced, in the session's transaction; to be called when they are dropped. */
export async function restoreReplaced(
  session: Session,
  procedures: readonly { readonly name: string }[],
  previous: ReadonlyMap<string, PreviousObject>,
  author: Author,
): Promise<ProcedureChange[]> {
  const replaced = procedures.flatMap(({ name }) => {
    const before = previous.get(keyOf(name));
    return before?.action === 'replaced' ? [before] : [];
  });
  await restorePrevious(session, replaced, author);
  return replaced.map(({ name }) => ({ name, action: 'restored' }));
}

/** Thrown to roll back: CREATE OR REPLACE cannot turn the old object into the new one. */
class ShapeChanged extends Error {
  readonly file: ProcedureFile;

  constructor(file: ProcedureFile, cause: unknown) {
    super(`the shape of ${file.name} changed`, { cause });
    this.file = file;
  }
}

/**
 * Applies one file. Where its object's shape changed, the object is dropped with what hangs on it, and all of that is
 * created from its files again, grants included, in the same transaction; what those need of the other pending files
 * comes with them.
 */
async function applyFile(
  context: ProcedureContext,
  file: ProcedureFile,
  wanted: readonly ProcedureFile[],
  pending: ReadonlyMap<string, ProcedureFile>,
  previous: ReadonlyMap<string, PreviousObject>,
): Promise<ProcedureChange[]> {
  const toDrop = new Set<ProcedureFile>();
  const byKey = new Map(wanted.map((one) => [keyOf(one.name), one]));
  const isKept = (key: string): boolean => previous.get(key)?.action === 'adopted' && !pending.has(key);
  const replaces = (key: string): boolean =>
    pending.has(key) && (context.decisions.get(key) === 'replace' || previous.get(key)?.action === 'adopted');
  for (;;) {
    try {
      return await context.engine.transaction(async (session) => {
        await prepareTransaction(session, context.lockTimeoutMs);
        const saved = new Set<string>();
        const save = async (key: string): Promise<void> => {
          const one = byKey.get(key);
          if (one === undefined || !replaces(key) || saved.has(key)) return;
          saved.add(key);
          await savePrevious(session, one, 'replaced', context.author);
        };
        const again = new Set([keyOf(file.name)]);
        const ours = new Set([...byKey.keys()].filter((key) => !isKept(key)));
        for (const { name } of toDrop) {
          await save(keyOf(name));
          for (const dependent of await dropWithDependents(session, name, ours, save)) again.add(dependent);
        }
        const recreated = new Set(toDrop.size === 0 ? [] : again);
        if (toDrop.size > 0) addPending(again, wanted, pending);
        const changes: ProcedureChange[] = [];
        for (const one of wanted.filter(({ name }) => again.has(keyOf(name)))) {
          const key = keyOf(one.name);
          await save(key);
          const action = saved.has(key) ? 'replaced' : recreated.has(key) ? 'recreated' : 'applied';
          await createFromFile(session, one, action, context);
          changes.push({ name: one.name, action });
        }
        return changes;
      });
    } catch (error) {
      if (!(error instanceof ShapeChanged)) throw error;
      if (toDrop.has(error.file)) throw error.cause instanceof Error ? error.cause : error;
      toDrop.add(error.file);
    }
  }
}

/** Adds the pending files that those in the set mention, directly or through each other. */
function addPending(
  keys: Set<string>,
  wanted: readonly ProcedureFile[],
  pending: ReadonlyMap<string, ProcedureFile>,
): void {
  const byKey = new Map(wanted.map((file) => [keyOf(file.name), file]));
  for (const key of keys) {
    for (const mentioned of byKey.get(key)?.mentions ?? []) if (pending.has(mentioned)) keys.add(mentioned);
  }
}

async function createFromFile(
  session: Session,
  file: ProcedureFile,
  action: 'applied' | 'recreated' | 'replaced',
  context: ProcedureContext,
): Promise<void> {
  const began = performance.now();
  const before = await objectsNamed(session, file.name);
  try {
    await runScript(session, file.file, context.signal);
  } catch (error) {
    if (before.length > 0 && isShapeError(error)) throw new ShapeChanged(file, error);
    throw error;
  }
  // PostgreSQL: another list of parameters makes a second function beside the old one
  const after = await objectsNamed(session, file.name);
  const known = new Set(before.map(({ id }) => id));
  if (session.dialect === 'postgres' && before.length > 0 && after.some(({ id }) => !known.has(id))) {
    throw new ShapeChanged(file, undefined);
  }
  const { name, since } = file;
  const durationMs = Math.round(performance.now() - began);
  await writeProcedure(
    session,
    { name, since, checksum: file.file.checksum, durationMs },
    action,
    context.author,
  );
}

/**
 * 42P13: another result or parameter names; 42P16: a view's columns; 42809: another kind of object; 42725: a GRANT that
 * finds the old function beside the new one. SQL Server 2010: another kind of object.
 */
function isShapeError(error: unknown): boolean {
  if (!(error instanceof ScriptError) || !(error.cause instanceof ProcedureError)) return false;
  const { sqlState, number } = error.cause;
  return sqlState === undefined ? number === 2010 : ['42P13', '42P16', '42809', '42725'].includes(sqlState);
}

/** Drops what has that name; says which of ours went with it. @throws MigratorError when something else would go too */
async function dropWithDependents(
  session: Session,
  name: string,
  ours: ReadonlySet<string>,
  beforeDrop?: (key: string) => Promise<void>,
): Promise<ReadonlySet<string>> {
  const foreign = await foreignDependents(session, name, ours);
  if (foreign.length > 0) {
    throw new MigratorError(
      'FOREIGN_DEPENDENTS',
      `${name} must be dropped to be made anew, but carril did not make what depends on it: ` +
        `${foreign.join(', ')}. Drop that first, and make it again afterwards`,
    );
  }
  const went = new Set<string>();
  for (const object of await objectsNamed(session, name)) {
    const dependents = await dependentsOf(session, object);
    for (const { name: dependent } of dependents) {
      if (dependent === undefined) continue;
      went.add(keyOf(dependent));
      await beforeDrop?.(keyOf(dependent));
    }
    await dropObject(session, object);
  }
  return went;
}

/** What hangs on that name and is not ours, as messages say it. */
async function foreignDependents(
  session: Session,
  name: string,
  ours: ReadonlySet<string>,
): Promise<string[]> {
  const found: string[] = [];
  for (const object of await objectsNamed(session, name)) {
    for (const one of await dependentsOf(session, object)) {
      if (one.name === undefined || !ours.has(keyOf(one.name))) found.push(one.description);
    }
  }
  return found;
}
