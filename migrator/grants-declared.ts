import type { Dialect } from '../engine/index.js';
import { journalSchema } from './journal-schema.js';
import type { Migration } from './migration-files.js';
import type { ProcedureFile } from './procedure-files.js';
import { tokensOf } from './sql-tokens.js';
import type { Token } from './sql-tokens.js';

/** What a grant is about; `object` is a table or view, in SQL Server also a procedure; `role` a membership in it. */
export type GrantKind = 'database' | 'schema' | 'object' | 'function' | 'type' | 'role';

export interface Grant {
  readonly role: string;
  /** In upper case; `MEMBER` of a role. */
  readonly privilege: string;
  readonly kind: GrantKind;
  /** `schema.name`; empty for the database. */
  readonly object: string;
}

export interface DeclaredGrants {
  readonly grants: readonly Grant[];
  /** The schemas of carril, or of a site's migrations, in which whatever is granted is declared. */
  readonly schemas: ReadonlySet<string>;
}

/** Neither engine tells them apart by case. */
export function grantKey({ role, privilege, kind, object }: Grant): string {
  return `${privilege} ${kind} ${object} ${role}`.toLowerCase();
}

/**
 * Who may do what by the files: the GRANT and REVOKE of the migrations, in order, then those of the procedures. So there is
 * no second list that could say something else. A grant of a table that a later migration has dropped is among them.
 */
export function declaredGrants(
  dialect: Dialect,
  migrations: readonly Migration[],
  procedures: readonly ProcedureFile[],
): DeclaredGrants {
  const grants = new Map<string, Grant>();
  const texts = [...migrations.map(({ up }) => up.text), ...procedures.map(({ file }) => file.text)];
  for (const text of texts) {
    for (const { verb, ...grant } of statementsOf(tokensOf(text, dialect), dialect)) {
      if (verb === 'GRANT') grants.set(grantKey(grant), grant);
      else grants.delete(grantKey(grant));
    }
  }
  const schemas = new Set<string>(migrations.flatMap(({ up }) => madeSchemas(tokensOf(up.text, dialect))));
  for (const { kind, object } of grants.values()) {
    const schema =
      kind === 'schema' ? object : kind === 'database' || kind === 'role' ? '' : (object.split('.')[0] ?? '');
    if (!['', 'public', 'dbo', journalSchema].includes(schema.toLowerCase()))
      schemas.add(schema.toLowerCase());
  }
  return { grants: [...grants.values()], schemas };
}

function madeSchemas(tokens: readonly Token[]): string[] {
  return tokens.flatMap(({ word }, i) => {
    if (word !== 'SCHEMA' || tokens[i - 1]?.word !== 'CREATE') return [];
    const name = tokens[i + 1]?.word === 'IF' ? tokens[i + 4] : tokens[i + 1];
    return name === undefined ? [] : [name.text.toLowerCase()];
  });
}

type Statement = Grant & { readonly verb: 'GRANT' | 'REVOKE' };

function statementsOf(tokens: readonly Token[], dialect: Dialect): Statement[] {
  const found: Statement[] = [];
  for (const [i, token] of tokens.entries()) {
    if (token.kind === 'body') {
      // what a function's body grants, it grants when it is called
      if (tokens[i - 1]?.word === 'DO') found.push(...statementsOf(tokensOf(token.text, dialect), dialect));
    } else if ((token.word === 'GRANT' || token.word === 'REVOKE') && begins(tokens[i - 1], dialect)) {
      found.push(...statementAt(tokens, i, dialect));
    }
  }
  return found;
}

/** ALTER DEFAULT PRIVILEGES … GRANT and WITH GRANT OPTION are no statements of their own. T-SQL needs no semicolons. */
function begins(before: Token | undefined, dialect: Dialect): boolean {
  if (before === undefined || before.text === ';') return true;
  if (dialect === 'sqlserver') return before.word !== 'WITH';
  return ['BEGIN', 'THEN', 'ELSE', 'LOOP'].includes(before.word);
}

function statementAt(tokens: readonly Token[], at: number, dialect: Dialect): Statement[] {
  const verb = tokens[at]?.word === 'GRANT' ? 'GRANT' : 'REVOKE';
  const reader = { tokens, at: at + 1 };
  const until = verb === 'GRANT' ? 'TO' : 'FROM';
  const privileges = list(reader, ['ON', until]).map((words) => words.map(({ text }) => text).join(' '));
  let kind: GrantKind = 'database';
  let objects: string[] = [''];
  if (reader.tokens[reader.at]?.word === 'ON') {
    reader.at += 1;
    const [read, skip] = kindAt(reader, dialect);
    if (read === undefined) return [];
    kind = read;
    reader.at += skip;
    objects = list(reader, [until]).map(nameOf);
  }
  if (reader.tokens[reader.at]?.word !== until) return [];
  reader.at += 1;
  const roles = rolesAt(reader);
  const plain = privileges.filter((one) => /^[A-Za-z ]+$|^carril_\w+$/.test(one));
  return roles.flatMap((role) =>
    objects.flatMap((object) =>
      plain.map((privilege): Statement => {
        // PostgreSQL has no grants without an object but memberships
        if (kind === 'database' && dialect === 'postgres')
          return { verb, role, privilege: 'MEMBER', kind: 'role', object: privilege };
        return { verb, role, privilege: privilege.toUpperCase(), kind, object };
      }),
    ),
  );
}

interface Reader {
  readonly tokens: readonly Token[];
  at: number;
}

/** Pieces between commas, up to one of those words; what stands in parentheses belongs to its piece. */
function list(reader: Reader, end: readonly string[]): Token[][] {
  const pieces: Token[][] = [[]];
  let depth = 0;
  for (; reader.at < reader.tokens.length; reader.at += 1) {
    const token = reader.tokens[reader.at];
    if (token === undefined || token.text === ';') break;
    if (depth === 0 && end.includes(token.word)) break;
    if (token.text === '(') depth += 1;
    if (token.text === ')') depth -= 1;
    if (token.text === ',' && depth === 0) pieces.push([]);
    else pieces.at(-1)?.push(token);
  }
  return pieces;
}

/** The kind of what follows ON, and how many tokens say it; undefined for what is not read. */
function kindAt({ tokens, at }: Reader, dialect: Dialect): [GrantKind | undefined, number] {
  const word = tokens[at]?.word ?? '';
  if (dialect === 'sqlserver') {
    if (tokens[at + 1]?.text !== ':') return ['object', 0];
    const kinds: Readonly<Record<string, GrantKind>> = { SCHEMA: 'schema', OBJECT: 'object', TYPE: 'type' };
    return [kinds[word], 3];
  }
  if (word === 'SCHEMA') return ['schema', 1];
  if (['FUNCTION', 'PROCEDURE', 'ROUTINE'].includes(word)) return ['function', 1];
  if (['TABLE', 'SEQUENCE'].includes(word)) return ['object', 1];
  return [
    ['ALL', 'TYPE', 'DOMAIN', 'DATABASE', 'LANGUAGE', 'LARGE'].includes(word) ? undefined : 'object',
    0,
  ];
}

/** `schema.name`, without a function's arguments. */
function nameOf(piece: readonly Token[]): string {
  const open = piece.findIndex(({ text }) => text === '(');
  return (open < 0 ? piece : piece.slice(0, open)).map(({ text }) => text).join('');
}

function rolesAt(reader: Reader): string[] {
  const roles: string[] = [];
  for (;;) {
    const token = reader.tokens[reader.at];
    if (token === undefined || (token.kind !== 'word' && token.kind !== 'name')) return roles;
    roles.push(token.text);
    if (reader.tokens[reader.at + 1]?.text !== ',') return roles;
    reader.at += 2;
  }
}
