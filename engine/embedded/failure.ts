import { ProcedureError } from '../errors.js';

/** The embedded server cannot be had, and why: its message says what to do, and goes to the user as it stands. */
export class EmbeddedFailure extends ProcedureError {
  constructor(message: string, cause?: unknown) {
    super(message, { code: 'CONNECTION', cause });
  }
}

/** `ENOENT` and the like, of an error of the system's. */
export function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** What PostgreSQL's own last words mean to the person who has to act on them; undefined when there is no telling. */
export function explainServerLog(log: string): string | undefined {
  for (const [pattern, meaning] of meanings) {
    if (pattern.test(log)) return meaning;
  }
  return undefined;
}

/** The lines of a PostgreSQL log that say why it ended. */
export function lastWords(log: string): string {
  const lines = log.split(/\r?\n/).filter((line) => line.trim() !== '');
  const grave = lines.filter((line) =>
    /\b(FATAL|PANIC|error):|unrecognized configuration|invalid value|syntax error|hint:/i.test(line),
  );
  return (grave.length > 0 ? grave : lines).slice(-3).join('\n');
}

const meanings: readonly (readonly [RegExp, string])[] = [
  [
    /could not create (shared memory|semaphores)/,
    'the system has no shared memory or semaphores left (see kernel.shm*, kern.sysv.*)',
  ],
  [
    /could not map anonymous shared memory|[Cc]annot allocate memory/,
    'there is not enough memory: free some, or lower shared_buffers in postgresql.conf of the CARRIL_HOME folder',
  ],
  [/No space left on device|Disk quota exceeded/, 'no space is left on the disk: make room and start again'],
  [
    /could not bind .*: Permission denied/,
    'this user may not use that port (below 1024 it takes an administrator): set CARRIL_PORT to another one',
  ],
  [/Address already in use|could not bind/, 'the port is in use by another program'],
  [
    /could not look up effective user ID/,
    'the current user id has no entry in the system’s list of users, which PostgreSQL insists on: add one to /etc/passwd, or run as a user that has one',
  ],
  [
    /error while loading shared libraries|Library not loaded|GLIBC_/,
    'a shared library that PostgreSQL needs is missing here: reinstall with `npm ci`; where the system has no glibc (Alpine), use a PostgreSQL of your own through CARRIL_DATABASE_URL',
  ],
  [
    /invalid (value|configuration)|unrecognized configuration parameter|syntax error in file/,
    'a setting is wrong',
  ],
  [
    /Permission denied|Operation not permitted/,
    'the user that PostgreSQL runs as may not use a file or folder',
  ],
];
