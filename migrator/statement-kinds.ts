import type { Dialect } from '../engine/index.js';

const option = String.raw`(?:ANSI_\w+|ARITH\w+|CONCAT_NULL_YIELDS_NULL|DATEFIRST|DATEFORMAT|DEADLOCK_PRIORITY|LANGUAGE|LOCK_TIMEOUT|NOCOUNT|NUMERIC_ROUNDABORT|QUOTED_IDENTIFIER|TEXTSIZE|XACT_ABORT|TRANSACTION\s+ISOLATION\s+LEVEL)`;
/** One or more `SET` of SQL Server and nothing else: of the options that a session keeps. */
const options = new RegExp(
  String.raw`^(?:SET\s+${option}(?:\s*,\s*${option})*\s+(?:READ\s+(?:UN)?COMMITTED|REPEATABLE\s+READ|-?\w+)\s*(?:;\s*|(?=SET\s)|$))+$`,
  'i',
);

/** A statement that only sets the session up, as `SET ROLE`: run again by every session that goes on with a script. */
export function isSetting(text: string, dialect: Dialect): boolean {
  const bare = withoutComments(text);
  return dialect === 'postgres' ? /^(?:SET|RESET)\s(?!LOCAL\s)/i.test(bare) : options.test(bare);
}

/** What a script that runs outside a transaction cannot do, in PostgreSQL: each statement stands alone there. */
export function needsTransaction(text: string, dialect: Dialect): string | undefined {
  if (dialect !== 'postgres') return undefined;
  const bare = withoutComments(text);
  if (/^SET\s+LOCAL\b/i.test(bare)) return 'SET LOCAL has no effect outside a transaction: write SET';
  const [word] =
    /^(?:BEGIN|START\s+TRANSACTION|COMMIT|ROLLBACK|END|ABORT|SAVEPOINT|LOCK)\b/i.exec(bare) ?? [];
  return word === undefined
    ? undefined
    : `${word.toUpperCase()} cannot stand in a script that says \`-- carril: sin transaccion\`: each statement is one of its own`;
}

/** An index that a statement makes, for the question whether it did. */
export interface IndexStatement {
  readonly index: string;
  readonly table: string;
}

const name = String.raw`((?:"[^"]+"|\[[^\]]+\]|[\w$]+)(?:\s*\.\s*(?:"[^"]+"|\[[^\]]+\]|[\w$]+))*)`;
const postgresIndex = new RegExp(
  String.raw`^CREATE\s+(?:UNIQUE\s+)?INDEX\s+(?:CONCURRENTLY\s+)?(?:IF\s+NOT\s+EXISTS\s+)?(?!(?:ON|CONCURRENTLY|IF)\b)${name}\s+ON\s+(?:ONLY\s+)?${name}`,
  'i',
);
const sqlserverIndex = new RegExp(
  String.raw`^CREATE\s+(?:UNIQUE\s+)?(?:(?:NON)?CLUSTERED\s+)?(?:COLUMNSTORE\s+)?INDEX\s+${name}\s+ON\s+${name}`,
  'i',
);

/** The index that the statement makes and nothing else; undefined for any other statement. */
export function indexOf(text: string, dialect: Dialect): IndexStatement | undefined {
  const bare = withoutComments(text);
  // a second statement of the batch would be taken for done with the first
  if (dialect === 'sqlserver' && isSeveral(bare)) return undefined;
  const [, index, table] = (dialect === 'postgres' ? postgresIndex : sqlserverIndex).exec(bare) ?? [];
  return index === undefined || table === undefined ? undefined : { index, table };
}

/** Whether running it a second time does no harm, whatever became of the first. */
export function isRepeatable(text: string, dialect: Dialect): boolean {
  const bare = withoutComments(text);
  if (dialect === 'postgres') {
    return (
      /^(?:CREATE|DROP|ALTER)\b[^']*\bIF\s+(?:NOT\s+)?EXISTS\b/i.test(bare) ||
      /^(?:VACUUM|ANALYZE|REINDEX|CLUSTER|REFRESH|CHECKPOINT|COMMENT|GRANT|REVOKE|ALTER\s+(?:SYSTEM|DATABASE))\b/i.test(
        bare,
      )
    );
  }
  if (isSeveral(bare)) return false;
  return (
    /^IF\s+(?:NOT\s+EXISTS\b|\w+\s*\([^()]*\)\s+IS\s+NULL).*\bCREATE\b/is.test(bare) ||
    /^DROP\b.*\bIF\s+EXISTS\b/is.test(bare) ||
    /^(?:UPDATE\s+STATISTICS|ALTER\s+INDEX|ALTER\s+DATABASE|CHECKPOINT|GRANT|REVOKE|DENY|DBCC)\b/i.test(bare)
  );
}

/** Whether a batch of SQL Server may be more than one statement; semicolons between them are not required there. */
function isSeveral(bare: string): boolean {
  const verbs =
    bare.match(/\b(?:INSERT|UPDATE|DELETE|MERGE|CREATE|ALTER|DROP|TRUNCATE|EXEC|EXECUTE)\b/gi) ?? [];
  return /;\s*\S/.test(bare) || verbs.length > 1;
}

/** Good enough for the statement's first words: comments before and between them. */
function withoutComments(text: string): string {
  return text
    .replaceAll(/\/\*[\s\S]*?\*\//g, ' ')
    .replaceAll(/--[^\n]*/g, ' ')
    .trim();
}
