/** Why the migrator refuses or stops, for programs that read `--json` errors. */
export type MigratorCode =
  | 'SCRIPT_FAILED'
  | 'FILE_CHANGED'
  | 'FILE_VANISHED'
  | 'OUT_OF_ORDER'
  | 'BELOW_BASELINE'
  | 'FOREIGN_DEPENDENTS'
  | 'FOREIGN_OBJECTS'
  | 'HALF_DONE'
  | 'NOT_VERIFIED'
  | 'JOURNAL_NOT_EMPTY'
  | 'JOURNAL_NEWER'
  | 'JOURNAL_INCOMPLETE'
  | 'LOCK_LOST'
  | 'INTERRUPTED';

/** The migrator refused, or stopped between two migrations; what was applied before stays applied. */
export class MigratorError extends Error {
  override readonly name: string = 'MigratorError';
  readonly code: MigratorCode;

  constructor(code: MigratorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** A script failed; unless it runs outside a transaction it was rolled back. The message is `file:line:column: what the server said`. */
export class ScriptError extends MigratorError {
  override readonly name = 'ScriptError';
  /** As in the message: relative where the file lies below the working folder or the package. */
  readonly file: string;
  /** 1-based, in the file; not known where the server told no place. */
  readonly line: number | undefined;
  readonly column: number | undefined;
  /** Which one failed, 1-based: a statement of PostgreSQL, a batch between two GO of SQL Server. */
  readonly statement: { readonly number: number; readonly text: string } | undefined;

  constructor(
    message: string,
    place: {
      file: string;
      line?: number | undefined;
      column?: number | undefined;
      statement?: { readonly number: number; readonly text: string } | undefined;
    },
    options?: ErrorOptions,
  ) {
    const { file, line, column } = place;
    const where = [file, line, line === undefined ? undefined : column].filter((part) => part !== undefined);
    super('SCRIPT_FAILED', `${where.join(':')}: ${message}`, options);
    this.file = file;
    this.line = line;
    this.column = column;
    this.statement = place.statement;
  }
}
