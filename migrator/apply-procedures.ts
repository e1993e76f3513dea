import { ProcedureError } from '../engine/index.js';
import type { Engine, Session } from '../engine/index.js';
import { MigratorError, ScriptError } from './errors.js';
import type { ProcedureChange } from './events.js';
import { deleteProcedure, writeProcedure } from './journal.js';
import type { AppliedProcedure, Author } from './journal.js';
import { dependentsOf, dropObject, objectsNamed } from './objects.js';
import { keyOf } from './procedure-files.js';
import type { ProcedureFile } from './procedure-files.js';
import { prepareTransaction, runScript } from './script.js';

export interface ProcedureContext {
  readonly engine: Engine;
  readonly author: Author;
  readonly signal?: AbortSignal | undefined;
  /** Called before each transaction: stops when the lock is lost or Ctrl-C was pressed. */
  readonly checkpoint: () => Promise<void>;
  readonly onChange: (change: ProcedureChange) => void;
}

/**
 * Makes the procedures those of the files: drops what is the journal's but no longer among the files of this level, and
 * applies each file that differs from the journal, in a transaction of its own.
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
  const wantedKeys = new Set(wanted.map((file) => keyOf(file.name)));
  const gone = applied.filter((procedure) => !wantedKeys.has(keyOf(procedure.name)));
  if (gone.length > 0) {
    await context.checkpoint();
    await context.engine.transaction(async (session) => {
      await prepareTransaction(session);
      await dropProcedures(session, gone, files);
    });
    for (const { name } of gone) context.onChange({ name, action: 'dropped' });
  }
  const checksums = new Map(applied.map((procedure) => [keyOf(procedure.name), procedure.checksum]));
  const pending = new Map(
    wanted
      .filter((file) => checksums.get(keyOf(file.name)) !== file.file.checksum)
      .map((file) => [keyOf(file.name), file]),
  );
  for (const file of wanted) {
    if (!pending.has(keyOf(file.name))) continue;
    await context.checkpoint();
    for (const change of await applyFile(context, file, wanted, pending)) {
      pending.delete(keyOf(change.name));
      context.onChange(change);
    }
  }
}

/**
 * Drops journaled procedures and their rows, in the session's transaction, in the opposite of the order in which they
 * are created: SQL Server does not drop what something schema-bound needs. Those without a file come first.
 */
export async function dropProcedures(
  session: Session,
  procedures: readonly AppliedProcedure[],
  files: readonly ProcedureFile[],
): Promise<void> {
  const ours = new Set(procedures.map((procedure) => keyOf(procedure.name)));
  const places = new Map(files.map((file, i) => [keyOf(file.name), i]));
  const place = ({ name }: AppliedProcedure) => places.get(keyOf(name)) ?? files.length;
  for (const { name } of [...procedures].sort((a, b) => place(b) - place(a))) {
    await dropWithDependents(session, name, ours);
    await deleteProcedure(session, name);
  }
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
): Promise<ProcedureChange[]> {
  const toDrop = new Set<ProcedureFile>();
  for (;;) {
    try {
      return await context.engine.transaction(async (session) => {
        await prepareTransaction(session);
        const again = new Set([keyOf(file.name)]);
        const ours = new Set(wanted.map(({ name }) => keyOf(name)));
        for (const { name } of toDrop) {
          for (const dependent of await dropWithDependents(session, name, ours)) again.add(dependent);
        }
        const recreated = new Set(toDrop.size === 0 ? [] : again);
        if (toDrop.size > 0) addPending(again, wanted, pending);
        const changes: ProcedureChange[] = [];
        for (const one of wanted.filter(({ name }) => again.has(keyOf(name)))) {
          await createFromFile(session, one, context);
          changes.push({ name: one.name, action: recreated.has(keyOf(one.name)) ? 'recreated' : 'applied' });
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
  await writeProcedure(session, { name, since, checksum: file.file.checksum, durationMs }, context.author);
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
): Promise<ReadonlySet<string>> {
  const went = new Set<string>();
  for (const object of await objectsNamed(session, name)) {
    const dependents = await dependentsOf(session, object);
    const foreign = dependents.filter((one) => one.name === undefined || !ours.has(keyOf(one.name)));
    if (foreign.length > 0) {
      throw new MigratorError(
        'FOREIGN_DEPENDENTS',
        `${name} must be dropped to be made anew, but carril did not make what depends on it: ` +
          `${foreign.map((one) => one.description).join(', ')}. Drop that first, and make it again afterwards`,
      );
    }
    for (const one of dependents) if (one.name !== undefined) went.add(keyOf(one.name));
    await dropObject(session, object);
  }
  return went;
}
