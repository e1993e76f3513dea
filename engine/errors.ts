/** Numbers our procedures throw (`50400`; SQLSTATE `UC400`) and the names they have in TypeScript. */
export const procedureCodes = {
  50400: 'BAD_ARGUMENT',
  50404: 'NOT_FOUND',
  50408: 'LOCK_TIMEOUT',
  50409: 'WRONG_STATE',
  50410: 'LEASE_LOST',
  50422: 'VERIFICATION_FAILED',
  50499: 'CANCELLED',
} as const;

export type ProcedureCode =
  | (typeof procedureCodes)[keyof typeof procedureCodes]
  | 'DEADLOCK'
  | 'SERIALIZATION'
  | 'TIMEOUT'
  | 'CONNECTION'
  | 'LOGIN'
  | 'OUT_OF_MEMORY'
  | 'PERMISSION'
  | 'SYNTAX'
  | 'DATABASE';

/** An error that came from the database or from the way to it. Its message never holds a secret. */
export class ProcedureError extends Error {
  override readonly name = 'ProcedureError';
  readonly code: ProcedureCode;
  /** SQL Server's error number; PostgreSQL's UCxxx states become 50xxx; 0 when there is none. */
  readonly number: number;
  /** PostgreSQL's SQLSTATE, when that engine spoke. */
  readonly sqlState: string | undefined;
  /** The procedure that was called, or that raised. */
  readonly procedure: string | undefined;
  /** Another attempt of the same call may succeed: it was rolled back, or never began. */
  readonly retryable: boolean;
  /** 1-based, within the batch or procedure that failed. */
  readonly line: number | undefined;
  readonly column: number | undefined;

  constructor(
    message: string,
    details: {
      code: ProcedureCode;
      number?: number;
      sqlState?: string | undefined;
      procedure?: string | undefined;
      retryable?: boolean;
      line?: number | undefined;
      column?: number | undefined;
      cause?: unknown;
    },
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = details.code;
    this.number = details.number ?? 0;
    this.sqlState = details.sqlState;
    this.procedure = details.procedure;
    this.retryable = details.retryable ?? false;
    this.line = details.line;
    this.column = details.column;
  }
}

/** Wrong use: a bad argument, URL or file. The command line exits 2 on it, 1 on everything else. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The server wants a password and the target has none: whoever can ask a person does so, and connects again. */
export class PasswordMissing extends UsageError {
  /** @param where the server, without user and secrets */
  constructor(where: string) {
    super(
      `the URL of ${where} has no password, and the server asks for one: put the URL with it into ` +
        'CARRIL_DATABASE_URL or carril.config.json, or type it on a terminal (--ask-password)',
    );
  }
}
