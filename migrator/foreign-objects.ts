import { createTwoFilesPatch } from 'diff';

import { UsageError } from '../engine/index.js';
import type { Session } from '../engine/index.js';
import { MigratorError } from './errors.js';
import type { AppliedProcedure } from './journal.js';
import { definitionOf, objectNames, objectsNamed } from './objects.js';
import { keyOf } from './procedure-files.js';
import type { ProcedureFile } from './procedure-files.js';
import { batchesOf } from './script.js';

/** An object that a file would replace, though carril did not put it there. */
export interface ForeignObject {
  readonly file: ProcedureFile;
  /** `FUNCTION`, `VIEW`…; PostgreSQL: of the first one of that name. */
  readonly kind: string;
}

/** What to do with those: named ones, or 'all'. */
export type Choice = 'all' | readonly string[];

/** Objects of the database that have the name of a file and are not in the journal. */
export async function findForeign(
  session: Session,
  files: readonly ProcedureFile[],
  applied: readonly AppliedProcedure[],
): Promise<ForeignObject[]> {
  const ours = new Set(applied.map(({ name }) => keyOf(name)));
  const unknown = files.filter(({ name }) => !ours.has(keyOf(name)));
  if (unknown.length === 0) return [];
  const there = await objectNames(session);
  const found: ForeignObject[] = [];
  for (const file of unknown) {
    if (!there.has(keyOf(file.name))) continue;
    const [object] = await objectsNamed(session, file.name);
    if (object !== undefined) found.push({ file, kind: object.kind });
  }
  return found;
}

/**
 * Decides for each of them; by key.
 * @throws MigratorError `FOREIGN_OBJECTS` when something was not decided; UsageError when it was decided twice, or names
 * a procedure that has no file
 */
export function decide(
  foreign: readonly ForeignObject[],
  files: readonly ProcedureFile[],
  choices: { readonly adopt?: Choice | undefined; readonly replace?: Choice | undefined },
): ReadonlyMap<string, 'adopt' | 'replace'> {
  const { adopt, replace } = choices;
  if (adopt === 'all' && replace === 'all') {
    throw new UsageError('--adopt and --replace: name the objects of one of them');
  }
  const adopted = named(adopt, files, '--adopt');
  const replaced = named(replace, files, '--replace');
  const twice = [...adopted].find((key) => replaced.has(key));
  if (twice !== undefined) throw new UsageError(`--adopt and --replace both name ${twice}`);
  const decisions = new Map<string, 'adopt' | 'replace'>();
  for (const { file } of foreign) {
    const key = keyOf(file.name);
    if (adopted.has(key)) decisions.set(key, 'adopt');
    else if (replaced.has(key)) decisions.set(key, 'replace');
    else if (adopt === 'all') decisions.set(key, 'adopt');
    else if (replace === 'all') decisions.set(key, 'replace');
  }
  const open = foreign.filter(({ file }) => !decisions.has(keyOf(file.name)));
  if (open.length > 0) throw undecided(open);
  return decisions;
}

/** The difference between what is there and the file, as a unified diff; empty where there is none. */
export async function differenceOf(session: Session, file: ProcedureFile): Promise<string> {
  const texts: string[] = [];
  for (const object of await objectsNamed(session, file.name)) {
    texts.push(
      (await definitionOf(session, object)) ?? `-- ${object.identity}: the server does not give its text`,
    );
  }
  const before = comparable(texts.join('\n'));
  const after = comparable(createStatements(file, session));
  if (before === after) return '';
  return createTwoFilesPatch('in the database', file.file.shown, before, after, undefined, undefined, {
    context: 3,
  });
}

function undecided(open: readonly ForeignObject[]): MigratorError {
  const list = open.map(({ file, kind }) => `${file.name} (${kind.toLowerCase()})`).join(', ');
  const one = open.length === 1;
  return new MigratorError(
    'FOREIGN_OBJECTS',
    `${list}: in the database already, and carril did not put ${one ? 'it' : 'them'} there. Nothing was run. ` +
      '`carril migrate plan` shows how the files differ. Then `carril migrate up --adopt` keeps what is there until its file ' +
      'changes; `--replace` saves it and puts the file in its place, and `down` restores it. Both take names: --adopt logs.sp_x',
  );
}

function named(choice: Choice | undefined, files: readonly ProcedureFile[], option: string): Set<string> {
  if (choice === undefined || choice === 'all') return new Set();
  const known = new Set(files.map(({ name }) => keyOf(name)));
  const wrong = choice.find((name) => !known.has(keyOf(name)));
  if (wrong !== undefined) {
    throw new UsageError(
      `${option}: no file makes ${wrong}; write schema.name, as \`carril migrate plan\` does`,
    );
  }
  return new Set(choice.map(keyOf));
}

/** Without the contract, which the database does not keep in PostgreSQL. */
function createStatements(file: ProcedureFile, session: Session): string {
  const texts = batchesOf(file.file, session.dialect).map(({ text }) => text);
  return texts.join(session.dialect === 'postgres' ? '\n' : '\nGO\n');
}

/** Line by line, without what no reader would call a difference. */
function comparable(text: string): string {
  const lines = text
    .replaceAll(/\r\n?/g, '\n')
    .split('\n')
    .map((line) => line.trimEnd());
  return `${lines.join('\n').trim()}\n`;
}
