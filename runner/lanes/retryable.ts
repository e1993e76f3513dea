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

/** A procedure's refusal by its name in TypeScript. */
export function isRefusal(error: unknown, code: 'LEASE_LOST' | 'CANCELLED'): boolean {
  return error instanceof ProcedureError && error.code === code;
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
