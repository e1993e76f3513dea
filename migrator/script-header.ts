import type { SqlFile } from './sql-file.js';

/** A line of a script that is meant for carril. */
const line = /^[ \t]*--[ \t]*carril:[ \t]*(.+?)[ \t]*$/gim;

/** Whether the script says that it cannot run in a transaction. */
export function runsOutsideTransaction(file: SqlFile): boolean {
  return [...file.text.matchAll(line)].some(([, said]) => /^sin transacci[oó]n$/i.test(said ?? ''));
}
