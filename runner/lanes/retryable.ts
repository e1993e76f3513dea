import { ProcedureError } from '../../engine/index.js';

/** Refusals that the same call on the same data will meet again: no further attempt is made. */
const final = new Set([
  'BAD_ARGUMENT',
  'NOT_FOUND',
  'WRONG_STATE',
  'VERIFICATION_FAILED',
  'PERMISSION',
  'SYNTAX',
]);

/** SQL Server's errors of values that do not fit: overflow, conversion, division by zero, truncation. */
const badValues = new Set([220, 232, 241, 242, 245, 248, 8114, 8115, 8134, 8152, 2628]);

/** Whether another attempt of the chunk, later, may go better; what is not known to be final is tried again. */
export function attemptMayGoBetter(error: unknown): boolean {
  if (!(error instanceof ProcedureError)) return true;
  // class 22 is PostgreSQL's `data exception`
  const badValue = badValues.has(error.number) || error.sqlState?.startsWith('22') === true;
  return !badValue && !final.has(error.code);
}

/** What Node says when a buffer, a string or a file does not fit, by code where there is one. */
const memoryCodes = new Set([
  'OUT_OF_MEMORY',
  'ENOMEM',
  'ERR_BUFFER_TOO_LARGE',
  'ERR_FS_FILE_TOO_LARGE',
  'ERR_MEMORY_ALLOCATION_FAILED',
  'ERR_STRING_TOO_LONG',
  'ERR_WORKER_OUT_OF_MEMORY',
]);
const memoryMessage =
  /array buffer allocation failed|invalid (array|string) length|(map|set) maximum size exceeded/i;

/** Whether the work was too large for the memory, here or in the database, whoever wrapped the error since. */
export function isMemoryFailure(error: unknown): boolean {
  for (
    let [one, depth] = [error, 0];
    one instanceof Error && depth < 8;
    [one, depth] = [one.cause, depth + 1]
  ) {
    if ('code' in one && memoryCodes.has(String(one.code))) return true;
    if (one instanceof RangeError && memoryMessage.test(one.message)) return true;
  }
  return false;
}

/** Whether the database was only unwell for a moment: a deadlock, a lock not granted, throttling, a lost connection. */
export function passesByItself(error: unknown): boolean {
  return error instanceof ProcedureError && (error.retryable || error.code === 'CONNECTION');
}

/** A procedure's refusal by its name in TypeScript. */
export function isRefusal(error: unknown, code: 'LEASE_LOST' | 'CANCELLED'): boolean {
  return error instanceof ProcedureError && error.code === code;
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
