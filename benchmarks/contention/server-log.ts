import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

import type { ToldDeadlock } from './postgres-deadlock.js';

/** Logs that grow by more than this in a round are read from where the last so many bytes begin. */
const mostBytes = 8 * 2 ** 20;

/** Where a log ends now; undefined when it cannot be read. */
export function endOfLog(file: string): number | undefined {
  try {
    return withFile(file, (fd) => fstatSync(fd).size);
  } catch {
    return undefined;
  }
}

/** What was written to it since. */
export function logSince(file: string, from: number): string {
  try {
    return withFile(file, (fd) => {
      const { size } = fstatSync(fd);
      // it was rotated
      const begin = Math.max(size < from ? 0 : from, size - mostBytes);
      const bytes = Buffer.alloc(size - begin);
      return bytes.toString('utf8', 0, readSync(fd, bytes, 0, bytes.length, begin));
    });
  } catch {
    return '';
  }
}

function withFile<T>(file: string, work: (fd: number) => T): T {
  const fd = openSync(file, 'r');
  try {
    return work(fd);
  } finally {
    closeSync(fd);
  }
}

/** The prefix that the embedded server is told to write (`%m [%p] %q%u@%d %a`), then the kind of the line. */
const entry =
  /^(\d{4}-\d\d-\d\d [\d:.]+) UTC \[(\d+)\] \S*?@(\S+) .*?\b(ERROR|DETAIL|HINT|CONTEXT|STATEMENT|LOG|WARNING|FATAL): {2}(.*)$/;

type Part = 'DETAIL' | 'CONTEXT' | 'STATEMENT';

/** The deadlocks of one database that the embedded server's log tells of. */
export function deadlocksInLog(text: string, database: string): readonly ToldDeadlock[] {
  const found: (Record<Part, string> & { at: string })[] = [];
  /** Of each process the deadlock that its next lines are about. */
  const open = new Map<string, Record<Part, string>>();
  let more: ((line: string) => void) | undefined;
  for (const line of text.split('\n')) {
    const [, at = '', pid = '', where, kind, words = ''] = entry.exec(line) ?? [];
    if (kind === undefined) {
      // a further line of the same message begins with a tab
      if (line.startsWith('\t')) more?.(line.slice(1));
      continue;
    }
    more = undefined;
    if (kind === 'ERROR' || kind === 'FATAL') {
      open.delete(pid);
      if (words !== 'deadlock detected' || where !== database) continue;
      const deadlock = { at: `${at.replace(' ', 'T')}Z`, DETAIL: '', CONTEXT: '', STATEMENT: '' };
      open.set(pid, deadlock);
      found.push(deadlock);
    }
    const deadlock = open.get(pid);
    if (deadlock === undefined || (kind !== 'DETAIL' && kind !== 'CONTEXT' && kind !== 'STATEMENT')) continue;
    deadlock[kind] = words;
    more = (next) => {
      deadlock[kind] += `\n${next}`;
    };
  }
  return found.map(({ at, DETAIL, CONTEXT, STATEMENT }) => ({
    at,
    detail: DETAIL,
    context: CONTEXT === '' ? null : CONTEXT,
    statement: STATEMENT === '' ? null : STATEMENT,
  }));
}
