import { ProcedureError, UsageError, procedureCodes } from '../errors.js';
import type { ProcedureCode } from '../errors.js';

/** What was being done when the error came. */
export interface ErrorContext {
  /** The server, for messages. */
  readonly server: string;
  readonly procedure?: string | undefined;
  /** The batch, to turn a position in it into line and column. */
  readonly sql?: string | undefined;
  readonly connecting?: boolean;
  /** Why the server has gone, where that is known. */
  readonly because?: string | undefined;
}

/** What node-postgres copies from the server's error message. */
interface ServerError extends Error {
  readonly code: string;
  readonly severity: string;
  readonly detail?: string;
  readonly hint?: string;
  readonly position?: string;
  readonly where?: string;
}

const byState: Readonly<Record<string, readonly [ProcedureCode, retryable: boolean]>> = {
  '40P01': ['DEADLOCK', true],
  '40001': ['SERIALIZATION', true],
  '55P03': ['LOCK_TIMEOUT', true],
  '57014': ['TIMEOUT', false],
  '25P04': ['TIMEOUT', false],
  '53200': ['OUT_OF_MEMORY', false],
  '42501': ['PERMISSION', false],
  '42601': ['SYNTAX', false],
  // the server goes down, comes up, is full, or has thrown this session out
  '57P01': ['CONNECTION', true],
  '57P02': ['CONNECTION', true],
  '57P03': ['CONNECTION', true],
  '57P05': ['CONNECTION', true],
  '25P03': ['CONNECTION', true],
  '53300': ['CONNECTION', true],
  '3D000': ['LOGIN', false],
};

/** Maps whatever node-postgres and pg-promise reject with. */
export function mapPostgresError(error: unknown, context: ErrorContext): Error {
  if (error instanceof ProcedureError || error instanceof UsageError) return error;
  if (!(error instanceof Error)) return new ProcedureError(String(error), { code: 'DATABASE' });
  if (isServerError(error)) return fromServer(error, context);
  if (context.connecting === true || isNetworkError(error)) return fromNetwork(error, context);
  return error;
}

function fromServer(error: ServerError, context: ErrorContext): ProcedureError {
  const [code, retryable] = verdict(error.code);
  const number = /^UC\d{3}$/.test(error.code) ? 50_000 + Number(error.code.slice(2)) : 0;
  const where = position(error, context.sql);
  const more = [error.detail, error.hint].filter((text) => text !== undefined && text !== '');
  const message = [error.message, ...more].join('. ');
  return new ProcedureError(
    context.connecting === true ? `cannot log in to ${context.server}: ${message}${advice(error)}` : message,
    {
      code,
      number,
      retryable,
      sqlState: error.code,
      procedure: context.procedure ?? raisedIn(error),
      line: where?.line ?? (context.sql === undefined ? lineOf(error) : lineInBlock(error, context.sql)),
      column: where?.column,
      cause: error,
    },
  );
}

function verdict(state: string): readonly [ProcedureCode, boolean] {
  if (state.startsWith('UC')) {
    const code = procedureCodes[(50_000 + Number(state.slice(2))) as keyof typeof procedureCodes] as
      ProcedureCode | undefined;
    return [code ?? 'DATABASE', code === 'LOCK_TIMEOUT'];
  }
  const known = byState[state];
  if (known !== undefined) return known;
  if (state.startsWith('08')) return ['CONNECTION', true];
  if (state.startsWith('28')) return ['LOGIN', false];
  return ['DATABASE', false];
}

function advice(error: ServerError): string {
  if (/no encryption|SSL off/i.test(error.message)) return '; add sslmode=require (or better) to the URL';
  if (error.code === '28P01') return '; check the user and the password';
  if (error.code === '28000') return "; check the user, and the server's pg_hba.conf";
  if (error.code === '3D000') return '; create the database first';
  return '';
}

function fromNetwork(error: Error, { server, connecting, procedure, because }: ErrorContext): ProcedureError {
  const told = error instanceof AggregateError ? reasons(error) : error.message;
  const reason = because ?? told;
  return new ProcedureError(
    connecting === true
      ? `cannot connect to ${server}: ${reason}; ${networkAdvice(reason)}`
      : `the connection to ${server} was lost: ${reason}`,
    { code: 'CONNECTION', retryable: true, procedure, cause: error },
  );
}

function networkAdvice(reason: string): string {
  if (/certificate|self.signed|altname/i.test(reason)) {
    return "name the certificate's authority with sslrootcert=FILE, or write sslmode=require to encrypt without checking it";
  }
  if (/does not support SSL/i.test(reason)) {
    return 'if the network is to be trusted without encryption, write sslmode=disable in the URL';
  }
  return 'check that the server runs, that host and port are right and that no firewall stands between';
}

/** A host with several addresses fails once for each. */
function reasons(error: AggregateError): string {
  return [...new Set(error.errors.map((one) => (one instanceof Error ? one.message : String(one))))].join(
    ', ',
  );
}

function isServerError(error: Error): error is ServerError {
  return (
    'severity' in error &&
    'code' in error &&
    typeof error.code === 'string' &&
    /^[0-9A-Z]{5}$/.test(error.code)
  );
}

function isNetworkError(error: Error): boolean {
  if ('syscall' in error || 'errno' in error) return true;
  return /connection (terminated|error|ended)|terminated unexpectedly|timeout expired|not queryable|client was closed|stream (was )?(destroyed|closed)|write after end|premature close|looseQuery|released or lost connection/i.test(
    error.message,
  );
}

/** The server counts characters, not UTF-16 units, from 1 in the whole message. */
function position(error: ServerError, sql: string | undefined): { line: number; column: number } | undefined {
  if (sql === undefined || error.position === undefined) return undefined;
  const before = Array.from(sql)
    .slice(0, Number(error.position) - 1)
    .join('');
  const lines = before.split(/\r\n|\n|\r/);
  return { line: lines.length, column: Array.from(lines.at(-1) ?? '').length + 1 };
}

/** The innermost frame of PL/pgSQL's context, in English and Spanish, as servers here speak. */
function lineOf(error: ServerError): number | undefined {
  const line = /(?:line|línea) (\d+)/.exec(error.where ?? '')?.[1];
  return line === undefined ? undefined : Number(line);
}

/** Where a DO block failed: PL/pgSQL counts from the line of the opening dollar quote. */
function lineInBlock(error: ServerError, sql: string): number | undefined {
  const line = /inline_code_block(?: en)?(?: la)? (?:line|línea) (\d+)/.exec(error.where ?? '')?.[1];
  const opening = /^\s*DO\b[^$]*/i.exec(sql)?.[0];
  if (line === undefined || opening === undefined) return undefined;
  return opening.split('\n').length + Number(line) - 1;
}

function raisedIn(error: ServerError): string | undefined {
  return /PL\/pgSQL ([\w$]+\.[\w$]+)\(|function ([\w$]+\.[\w$]+)\(/
    .exec(error.where ?? '')
    ?.slice(1)
    .find(Boolean);
}
