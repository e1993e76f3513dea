import { ProcedureError, UsageError } from '../../engine/errors.js';

/** A command failed and has already said so: nothing more is printed, the process exits with `exitCode`. */
export class SilentFailure extends Error {
  override readonly name = 'SilentFailure';
  readonly exitCode: number;

  constructor(exitCode = 1) {
    super(`exit ${exitCode}`);
    this.exitCode = exitCode;
  }
}

/** A command failed as commands do (no such process, problems in a file): the message is for the user, without a stack. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  readonly code: string;
  /** What `--json` adds to the error's code, number and message. */
  readonly details: Readonly<Record<string, unknown>>;

  constructor(message: string, code = 'FAILED', details: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.code = code;
    this.details = details;
  }
}

/** What yargs itself throws once a command is being loaded, past the parser's own handler: wrong use as well. */
export function usageError(error: unknown): unknown {
  return error instanceof Error && error.name === 'YError' ? new UsageError(error.message) : error;
}

/** 2 for wrong use, 1 for everything else. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof SilentFailure) return error.exitCode;
  return error instanceof UsageError ? 2 : 1;
}

/**
 * Says on stderr what went wrong: a line for what a user can act on, the stack for what is our own mistake; with
 * `--json` one line `{"error":{"code","number","message"}}`.
 */
export function printError(error: unknown, options: { json: boolean }): void {
  if (error instanceof SilentFailure) return;
  const { code, number, message } = describe(error);
  if (options.json) {
    const details = error instanceof CommandError ? error.details : {};
    process.stderr.write(`${JSON.stringify({ error: { code, number, message, ...details } })}\n`);
    return;
  }
  process.stderr.write(`carril: ${message}\n`);
  if (error instanceof UsageError) process.stderr.write('Try --help.\n');
  if (isOurMistake(error)) process.stderr.write(`${(error as Error).stack ?? ''}\n`);
}

function describe(error: unknown): { code: string; number: number; message: string } {
  if (error instanceof ProcedureError) {
    const where = error.procedure === undefined ? '' : ` (${error.procedure})`;
    const message = error.number === 0 ? error.message : `${error.number}: ${error.message}${where}`;
    const hint = isMissingObject(error) ? '; bring the database up to date: carril migrate up' : '';
    return { code: error.code, number: error.number, message: `${message}${hint}` };
  }
  if (error instanceof UsageError) return { code: 'USAGE', number: 0, message: error.message };
  if (error instanceof CommandError) return { code: error.code, number: 0, message: error.message };
  if (error instanceof Error) {
    const { code } = error as NodeJS.ErrnoException;
    return { code: code ?? 'INTERNAL', number: 0, message: error.message || error.name };
  }
  return { code: 'INTERNAL', number: 0, message: String(error) };
}

/** Our schemas or procedures are not there, or older than this version. */
function isMissingObject({ number, sqlState }: ProcedureError): boolean {
  return number === 2812 || number === 208 || ['3F000', '42883', '42P01'].includes(sqlState ?? '');
}

/** Programming mistakes show their stack; a missing file, a refused connection or a thrown plain Error does not. */
function isOurMistake(error: unknown): boolean {
  return error instanceof TypeError || error instanceof ReferenceError || error instanceof RangeError;
}
