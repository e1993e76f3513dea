import { ConnectionError, RequestError } from 'tedious';
import { ProcedureError, UsageError, procedureCodes } from '../errors.js';
import type { ProcedureCode } from '../errors.js';

/** What was being done when the error came. */
export interface ErrorContext {
  /** The server, for messages. */
  readonly server: string;
  readonly procedure?: string | undefined;
  readonly connecting?: boolean;
}

const byNumber = new Map<number, readonly [ProcedureCode, retryable: boolean]>([
  [1205, ['DEADLOCK', true]],
  [1222, ['LOCK_TIMEOUT', true]],
  [3960, ['SERIALIZATION', true]],
  // the database is not available just now: failover, or it is being moved
  [40_613, ['CONNECTION', true]],
  // throttled: the server has done nothing
  ...[40_501, 49_918, 49_919, 49_920].map((number) => [number, ['DATABASE', true]] as const),
  ...[701, 802, 8645, 8651].map((number) => [number, ['OUT_OF_MEMORY', false]] as const),
  ...[229, 230, 262, 297, 300, 916, 15_247].map((number) => [number, ['PERMISSION', false]] as const),
  ...[102, 105, 111, 137, 156, 319].map((number) => [number, ['SYNTAX', false]] as const),
  ...[4060, 18_450, 18_451, 18_452, 18_456, 18_470, 18_486, 18_487, 18_488, 40_532].map(
    (number) => [number, ['LOGIN', false]] as const,
  ),
  // the server goes down, or has thrown this session out
  ...[596, 6005, 17_142].map((number) => [number, ['CONNECTION', true]] as const),
]);

const driverCodes: Readonly<Record<string, ProcedureCode>> = {
  ETIMEOUT: 'TIMEOUT',
  ECANCEL: 'TIMEOUT',
  ELOGIN: 'LOGIN',
  EFEDAUTH: 'LOGIN',
  ESOCKET: 'CONNECTION',
  ECLOSE: 'CONNECTION',
  EINSTLOOKUP: 'CONNECTION',
  EINVALIDSTATE: 'CONNECTION',
  EENCRYPT: 'CONNECTION',
};

/** Maps whatever tedious rejects with. A statement may fail with several errors: the one that decides is chosen. */
export function mapSqlServerError(error: unknown, context: ErrorContext): Error {
  if (error instanceof ProcedureError || error instanceof UsageError) return error;
  if (error instanceof AggregateError) {
    return mapSqlServerError(deciding(error.errors as readonly unknown[]), context);
  }
  if (!(error instanceof Error)) return new ProcedureError(String(error), { code: 'DATABASE' });
  if (context.connecting === true) return fromConnecting(error, context);
  if (error instanceof RequestError && error.number !== undefined)
    return fromServer(error, error.number, context);
  const code = error instanceof ConnectionError || isNetworkError(error) ? 'CONNECTION' : driverCode(error);
  if (code === undefined) return error;
  return new ProcedureError(
    code === 'CONNECTION' ? `the connection to ${context.server} was lost: ${error.message}` : error.message,
    { code, retryable: code === 'CONNECTION', procedure: context.procedure, cause: error },
  );
}

function fromServer(error: RequestError, number: number, { procedure }: ErrorContext): ProcedureError {
  const [code, retryable] = verdict(number);
  return new ProcedureError(error.message, {
    code,
    number,
    retryable,
    procedure: procedure ?? (error.procName === '' ? undefined : error.procName),
    line: error.lineNumber === 0 ? undefined : error.lineNumber,
    cause: error,
  });
}

function verdict(number: number): readonly [ProcedureCode, boolean] {
  const ours = procedureCodes[number as keyof typeof procedureCodes] as ProcedureCode | undefined;
  if (ours !== undefined) return [ours, ours === 'LOCK_TIMEOUT'];
  return byNumber.get(number) ?? ['DATABASE', false];
}

/** A passing reason explains the others; then what our procedures throw; then the first, whose consequences follow. */
function deciding(errors: readonly unknown[]): unknown {
  const number = (error: unknown): number => (error instanceof RequestError ? (error.number ?? 0) : 0);
  return (
    errors.find((error) => verdict(number(error))[1]) ??
    errors.find((error) => number(error) in procedureCodes) ??
    errors[0]
  );
}

function fromConnecting(error: Error, { server }: ErrorContext): ProcedureError {
  const number = serverNumber(error);
  const code =
    (number === undefined ? undefined : byNumber.get(number)?.[0]) ?? driverCode(error) ?? 'CONNECTION';
  const details = { number: number ?? 0, cause: error };
  const reason = innermost(error).replace(/\.$/, '');
  if (code === 'LOGIN') {
    return new ProcedureError(
      `cannot log in to ${server}: ${reason}; check the user, the password and that the database exists and lets this user in`,
      { code, ...details },
    );
  }
  return new ProcedureError(`cannot connect to ${server}: ${reason}; ${advice(reason)}`, {
    code: 'CONNECTION',
    retryable: true,
    ...details,
  });
}

/** What lies under tedious' "Failed to connect to …" and "Could not connect (sequence)". */
function innermost(error: Error): string {
  const { cause } = error;
  if (cause instanceof AggregateError) {
    return [...new Set(cause.errors.map((one) => (one instanceof Error ? one.message : String(one))))].join(
      ', ',
    );
  }
  return cause instanceof Error ? innermost(cause) : error.message;
}

function advice(reason: string): string {
  if (/certificate|self.signed|altname/i.test(reason)) {
    return "name the certificate's authority with ca=FILE and its name with serverName=, or, on a network you trust, write trustServerCertificate=true";
  }
  if (/requires encryption/i.test(reason)) return 'write encrypt=true in the URL';
  if (/no encryption|ssl routines|tls/i.test(reason)) {
    return 'if the network is to be trusted without it, write encrypt=false in the URL';
  }
  if (/instance|browser|1434|\\/i.test(reason)) {
    return 'check the instance name, and that SQL Server Browser (UDP 1434) can be reached, or give the port instead';
  }
  return 'check that the server runs, that host and port are right and that no firewall stands between';
}

function serverNumber(error: Error): number | undefined {
  return 'number' in error && typeof error.number === 'number' ? error.number : undefined;
}

function driverCode(error: Error): ProcedureCode | undefined {
  return 'code' in error && typeof error.code === 'string' ? driverCodes[error.code] : undefined;
}

function isNetworkError(error: Error): boolean {
  return 'syscall' in error || /socket hang up|premature close|connection (lost|closed)/i.test(error.message);
}
