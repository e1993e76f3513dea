import type { Dialect } from '../engine/index.js';
import type { Batch } from './splitter.js';
import { tokensOf } from './sql-tokens.js';
import type { Token } from './sql-tokens.js';

/**
 * What a script does to a table, and whom that keeps waiting until its transaction ends (outside a transaction: until
 * the statement does). From the weakest:
 * read: nobody · rows: writers of the same rows · online: other schema changes only, both readers and writers go on ·
 * share: writers wait · exclusive: readers and writers wait · create: the script makes the table, nobody knows it yet.
 */
export type Access = 'read' | 'rows' | 'online' | 'share' | 'exclusive' | 'create';

export interface TableAccess {
  /** `schema.table`; PostgreSQL's in lower case. */
  readonly name: string;
  readonly access: Access;
  /** `ALTER TABLE`, `CREATE INDEX`, `UPDATE`…, in the order in which they come. */
  readonly statements: readonly string[];
  /** Its name before the script renamed it. */
  readonly before: string | undefined;
}

export interface Footprint {
  readonly tables: readonly TableAccess[];
  /** What cannot be read off the text: dynamic SQL, procedures that are called. */
  readonly unread: readonly { readonly line: number; readonly what: string }[];
}

/**
 * Reads off the statements which tables they touch. It knows what migrations are made of, not the whole language: what
 * runs only later (bodies of procedures, views and triggers) counts for nothing, what is put together at run time is said
 * to be unread.
 */
export function footprintOf(batches: readonly Batch[], dialect: Dialect): Footprint {
  const reader = new Reader(dialect);
  for (const batch of batches) reader.batch(tokensOf(batch.text, dialect), batch.line);
  return reader.result();
}

interface Found {
  name: string;
  access: Access;
  statements: string[];
  before: string | undefined;
}

const order: readonly Access[] = ['read', 'rows', 'online', 'share', 'exclusive'];
const systemSchemas = new Set(['sys', 'information_schema', 'pg_catalog', 'pg_temp', 'inserted', 'deleted']);
/** Functions of the server that stand where a table could: `EXTRACT(day FROM x)` has no table. */
const notTables = new Set([
  'SELECT',
  'VALUES',
  'LATERAL',
  'UNNEST',
  'OPENJSON',
  'ROWS',
  'SET',
  'WHERE',
  'ONLY',
]);
/** Words that end a table's name and are no alias of it. */
const clauses = new Set(
  (
    'WHERE SET JOIN INNER LEFT RIGHT FULL CROSS OUTER ON USING GROUP ORDER HAVING UNION EXCEPT INTERSECT LIMIT OFFSET ' +
    'FETCH FOR WITH VALUES SELECT DEFAULT OUTPUT OPTION RETURNING FROM AS LOOP INTO WHEN THEN NATURAL WINDOW TABLESAMPLE'
  ).split(' '),
);

/** PostgreSQL's, but for those of which only writers notice. */
const lockModes: Readonly<Record<string, Access>> = {
  'ACCESS SHARE MODE': 'read',
  'ROW SHARE MODE': 'read',
  'ROW EXCLUSIVE MODE': 'rows',
  'SHARE UPDATE EXCLUSIVE MODE': 'online',
  'ACCESS EXCLUSIVE MODE': 'exclusive',
};

class Reader {
  readonly #dialect: Dialect;
  readonly #tables = new Map<string, Found>();
  readonly #unread: { line: number; what: string }[] = [];
  /** Names that tables had before they were renamed: what bears them now is a view, unless the script makes a table. */
  readonly #free = new Set<string>();
  #tokens: readonly Token[] = [];
  #line = 1;

  constructor(dialect: Dialect) {
    this.#dialect = dialect;
  }

  result(): Footprint {
    return { tables: [...this.#tables.values()], unread: this.#unread };
  }

  batch(tokens: readonly Token[], line: number): void {
    const outer = [this.#tokens, this.#line] as const;
    this.#tokens = tokens;
    this.#line = line;
    if (!this.#laterOnly()) for (let i = 0; i < tokens.length;) i = Math.max(i + 1, this.#at(i));
    [this.#tokens, this.#line] = outer;
  }

  /** What makes a procedure, function, view or trigger; of these only the trigger's table is touched. */
  #laterOnly(): boolean {
    let i = 0;
    if (this.#is(i, 'CREATE', 'ALTER')) i += 1;
    else return false;
    while (
      this.#is(i, 'OR', 'ALTER', 'REPLACE', 'CONSTRAINT', 'MATERIALIZED', 'TEMP', 'TEMPORARY', 'RECURSIVE')
    )
      i += 1;
    if (!this.#is(i, 'PROCEDURE', 'PROC', 'FUNCTION', 'VIEW', 'TRIGGER', 'RULE', 'AGGREGATE')) return false;
    if (this.#is(i, 'TRIGGER', 'RULE')) {
      const on = this.#tokens.findIndex(({ word }, at) => at > i && word === 'ON');
      // a trigger on a view locks the view; it is no table, and the catalog will say so
      if (on > 0)
        this.#touch(on + 1, this.#dialect === 'sqlserver' ? 'exclusive' : 'share', 'CREATE TRIGGER');
    }
    return true;
  }

  /** Reads what begins at token `i`; returns where to go on. */
  #at(i: number): number {
    const token = this.#tokens[i];
    if (token === undefined) return i + 1;
    if (token.kind === 'body') {
      // DO $$ … $$, and nothing else that gets here
      this.batch(tokensOf(token.text, this.#dialect), this.#line + token.line - 1);
      return i + 1;
    }
    switch (token.word) {
      case 'GRANT':
      case 'REVOKE':
      case 'DENY':
        return this.#endOfStatement(i);
      case 'CREATE':
        return this.#create(i + 1);
      case 'ALTER':
        return this.#alter(i + 1);
      case 'DROP':
        return this.#drop(i + 1);
      case 'TRUNCATE':
        return this.#list(this.#skip(i + 1, 'TABLE', 'ONLY'), 'exclusive', 'TRUNCATE');
      case 'INSERT':
        return this.#touch(this.#skip(i + 1, 'INTO'), 'rows', 'INSERT');
      case 'MERGE':
        return this.#touch(this.#skip(i + 1, 'INTO', 'ONLY'), 'rows', 'MERGE');
      case 'UPDATE':
      case 'DELETE':
        return this.#change(i, token.word);
      case 'FROM':
      case 'JOIN':
        return this.#source(i);
      case 'REFERENCES':
        return this.#touch(i + 1, this.#dialect === 'sqlserver' ? 'exclusive' : 'share', 'REFERENCES');
      case 'INTO':
        return this.#dialect === 'sqlserver' ? this.#touch(i + 1, 'create', 'SELECT INTO') : i + 1;
      case 'LOCK':
        return this.#is(i + 1, 'TABLE') ? this.#lock(i + 2) : i + 1;
      case 'COPY':
        return this.#touch(i + 1, 'rows', 'COPY');
      case 'EXEC':
      case 'EXECUTE':
      case 'CALL':
        return this.#execute(i);
      default:
        return this.#call(i);
    }
  }

  #create(from: number): number {
    const i = this.#skip(
      from,
      ...[
        'OR',
        'REPLACE',
        'ALTER',
        'UNIQUE',
        'CLUSTERED',
        'NONCLUSTERED',
        'COLUMNSTORE',
        'UNLOGGED',
        'TEMP',
        'TEMPORARY',
      ],
      ...['GLOBAL', 'LOCAL', 'FOREIGN', 'MATERIALIZED', 'PRIMARY', 'XML', 'SPATIAL'],
    );
    if (this.#is(i, 'TABLE')) {
      const temporary = this.#tokens.slice(from, i).some(({ word }) => word.startsWith('TEMP'));
      const name = this.#skip(i + 1, 'IF', 'NOT', 'EXISTS');
      return temporary ? name + 1 : this.#touch(name, 'create', 'CREATE TABLE');
    }
    if (this.#is(i, 'INDEX')) {
      const clustered = this.#tokens.slice(from, i).some(({ word }) => word === 'CLUSTERED');
      const online = this.#is(i + 1, 'CONCURRENTLY') || this.#isOnline(i);
      const on = this.#tokens.findIndex(({ word }, at) => at > i && word === 'ON');
      const access = online ? 'online' : clustered ? 'exclusive' : 'share';
      return on < 0 ? i + 1 : this.#touch(this.#skip(on + 1, 'ONLY'), access, 'CREATE INDEX');
    }
    // TYPE x AS TABLE (…), SCHEMA, SEQUENCE, ROLE: no table
    if (this.#is(i, 'TYPE', 'SCHEMA', 'SEQUENCE', 'ROLE', 'SYNONYM', 'DOMAIN', 'EXTENSION'))
      return this.#endOfStatement(i);
    return i;
  }

  #alter(i: number): number {
    if (this.#is(i, 'INDEX') && this.#dialect === 'sqlserver') {
      const on = this.#tokens.findIndex(({ word }, at) => at > i && word === 'ON');
      return on < 0 ? i + 1 : this.#touch(on + 1, this.#isOnline(i) ? 'online' : 'exclusive', 'ALTER INDEX');
    }
    if (!this.#is(i, 'TABLE')) return this.#is(i, 'COLUMN', 'CONSTRAINT') ? i + 1 : this.#endOfStatement(i);
    const at = this.#skip(i + 1, 'IF', 'EXISTS', 'ONLY');
    const name = this.#name(at);
    if (name === undefined) return at + 1;
    const validates = this.#dialect === 'postgres' && this.#is(name.next, 'VALIDATE');
    const next = this.#touch(at, validates ? 'online' : 'exclusive', 'ALTER TABLE');
    if (this.#is(next, 'RENAME') && this.#is(next + 1, 'TO')) {
      const renamed = this.#tokens[next + 2]?.text;
      if (renamed !== undefined) this.#rename(name.name, `${name.name.split('.')[0] ?? ''}.${renamed}`);
      return next + 3;
    }
    return next;
  }

  #drop(i: number): number {
    if (this.#is(i, 'TABLE')) return this.#list(this.#skip(i + 1, 'IF', 'EXISTS'), 'exclusive', 'DROP TABLE');
    if (this.#is(i, 'INDEX', 'TRIGGER')) {
      const what = `DROP ${this.#tokens[i]?.word ?? ''}`;
      const end = this.#endOfStatement(i);
      const on = this.#tokens.findIndex(({ word }, at) => at > i && at < end && word === 'ON');
      if (on > 0) return this.#touch(on + 1, 'exclusive', what);
      this.#cannotRead(
        i,
        `${what} ${this.#name(this.#skip(i + 1, 'IF', 'EXISTS', 'CONCURRENTLY'))?.name ?? ''}: its table`,
      );
      return end;
    }
    return i;
  }

  #change(i: number, verb: string): number {
    // ON DELETE CASCADE, FOR UPDATE, ON CONFLICT DO UPDATE SET, UPDATE STATISTICS, AFTER INSERT OR UPDATE
    if (this.#is(i - 1, 'ON', 'FOR', 'KEY', 'OR', 'AFTER', 'BEFORE', 'OF')) return i + 1;
    if (this.#is(i + 1, 'SET', 'STATISTICS', 'CASCADE', 'ON')) return i + 1;
    let at = i + 1;
    if (this.#is(at, 'TOP')) at = this.#afterParentheses(at + 1);
    at = this.#skip(at, 'FROM', 'ONLY');
    const name = this.#name(at);
    const end = this.#endOfStatement(i);
    const alias = name?.parts.length === 1 ? this.#aliased(name.parts[0] ?? '', at + 1, end) : undefined;
    if (alias !== undefined) {
      this.#touch(alias, 'rows', verb);
      return at + 1;
    }
    return this.#touch(at, 'rows', verb);
  }

  /** `UPDATE c SET … FROM t AS c`: where t stands. */
  #aliased(alias: string, from: number, end: number): number | undefined {
    for (let i = from; i < end; i += 1) {
      if (!this.#is(i, 'FROM', 'JOIN') && this.#tokens[i]?.text !== ',') continue;
      const name = this.#name(i + 1);
      if (name === undefined) continue;
      const at = this.#skip(name.next, 'AS');
      if (this.#tokens[at]?.text.toLowerCase() === alias.toLowerCase()) return i + 1;
    }
    return undefined;
  }

  #source(i: number): number {
    // a IS DISTINCT FROM b, EXTRACT(day FROM x), FETCH NEXT FROM cursor
    if (this.#is(i - 1, 'DISTINCT') && this.#is(i - 2, 'IS', 'NOT')) return i + 1;
    let at = this.#skip(i + 1, 'ONLY', 'LATERAL');
    for (;;) {
      const name = this.#name(at);
      if (name === undefined || notTables.has(this.#tokens[at]?.word ?? '')) return at;
      if (this.#tokens[name.next]?.text === '(') return this.#call(at);
      if (!this.#isCte(name.parts)) this.#touch(at, 'read', 'SELECT');
      let next = name.next;
      if (this.#is(next, 'AS')) next += 2;
      else if (this.#isAlias(next)) next += 1;
      if (this.#tokens[next]?.text !== ',') return next;
      at = this.#skip(next + 1, 'LATERAL');
    }
  }

  #isAlias(i: number): boolean {
    const token = this.#tokens[i];
    if (token === undefined) return false;
    return token.kind === 'name' || (token.kind === 'word' && !clauses.has(token.word));
  }

  /** `x AS (` or `x (a, b) AS (` anywhere before. */
  #isCte(parts: readonly string[]): boolean {
    if (parts.length > 1) return false;
    const name = parts[0]?.toLowerCase();
    return this.#tokens.some((token, i) => {
      if (
        token.text.toLowerCase() !== name ||
        !(this.#is(i - 1, 'WITH', 'RECURSIVE') || this.#tokens[i - 1]?.text === ',')
      ) {
        return false;
      }
      const at = this.#tokens[i + 1]?.text === '(' ? this.#afterParentheses(i + 1) : i + 1;
      return (
        this.#is(at, 'AS') && (this.#tokens[at + 1]?.text === '(' || this.#is(at + 1, 'MATERIALIZED', 'NOT'))
      );
    });
  }

  #lock(i: number): number {
    const end = this.#endOfStatement(i);
    const words = this.#tokens.slice(i, end).map(({ word }) => word);
    const from = words.indexOf('IN');
    const mode =
      from < 0 ? 'ACCESS EXCLUSIVE MODE' : words.slice(from + 1, words.indexOf('MODE') + 1).join(' ');
    const access = lockModes[mode] ?? 'share';
    return this.#list(this.#skip(i, 'ONLY'), access, 'LOCK TABLE');
  }

  #execute(i: number): number {
    // GRANT EXECUTE is read with its GRANT; EXECUTE AS, EXECUTE FUNCTION belong to what is made
    if (this.#is(i + 1, 'AS', 'FUNCTION', 'PROCEDURE', 'ON')) return i + 1;
    let at = i + 1;
    if (this.#tokens[at]?.kind === 'variable' && this.#tokens[at + 1]?.text === '=') at += 2;
    const name = this.#name(at);
    const procedure = name?.parts.at(-1)?.toLowerCase();
    if (procedure === 'sp_rename') {
      const [old, renamed] = this.#tokens.slice(at + 1, at + 5).filter(({ kind }) => kind === 'string');
      if (old !== undefined && renamed !== undefined) {
        const parts = old.text.replaceAll(/[[\]"]/g, '').split('.');
        // schema.table; with a column or index it is schema.table.column
        const [schema = 'dbo', table = ''] = parts.length === 1 ? ['dbo', parts[0]] : parts;
        this.#add(`${schema}.${table}`, 'exclusive', 'sp_rename');
        if (parts.length < 3) this.#rename(`${schema}.${table}`, `${schema}.${renamed.text}`);
        return at + 4;
      }
    }
    const shown = procedure === undefined || procedure === 'sp_executesql' || this.#dialect === 'postgres';
    this.#cannotRead(
      i,
      shown && !this.#is(i, 'CALL') ? 'SQL put together at run time' : `a call of ${name?.name ?? ''}`,
    );
    return at + 1;
  }

  /** `schema.function(…)` anywhere. */
  #call(i: number): number {
    const name = this.#name(i);
    if (name === undefined) return i + 1;
    if (name.parts.length < 2 || this.#tokens[name.next]?.text !== '(')
      return name.parts.length > 1 ? name.next : i + 1;
    if (!systemSchemas.has(name.parts[0]?.toLowerCase() ?? '')) this.#cannotRead(i, `a call of ${name.name}`);
    return name.next;
  }

  #list(from: number, access: Access, statement: string): number {
    let i = from;
    for (;;) {
      const next = this.#touch(i, access, statement);
      if (this.#tokens[next]?.text !== ',') return next;
      i = this.#skip(next + 1, 'ONLY');
    }
  }

  /** Notes the table whose name begins at `i`; returns where the name ends. */
  #touch(i: number, access: Access, statement: string): number {
    const name = this.#name(i);
    if (name === undefined) return i;
    this.#add(name.name, this.#isTabLocked(name.next) ? 'exclusive' : access, statement);
    return name.next;
  }

  #add(name: string, access: Access, statement: string): void {
    const [schema = '', table = ''] = name.split('.');
    if (
      systemSchemas.has(schema.toLowerCase()) ||
      systemSchemas.has(table.toLowerCase()) ||
      table.startsWith('#')
    )
      return;
    if (access === 'create') this.#free.delete(name.toLowerCase());
    if (this.#free.has(name.toLowerCase())) return;
    const found = this.#tables.get(name.toLowerCase());
    if (found === undefined) {
      this.#tables.set(name.toLowerCase(), { name, access, statements: [statement], before: undefined });
      return;
    }
    if (found.access !== 'create') {
      // made anew after it was dropped: whoever uses it waited for that
      const stronger = access === 'create' ? 'exclusive' : access;
      if (order.indexOf(stronger) > order.indexOf(found.access)) found.access = stronger;
    }
    if (access !== 'read' && !found.statements.includes(statement)) found.statements.push(statement);
  }

  /** From here on the table goes under another name. */
  #rename(before: string, name: string): void {
    const found = this.#tables.get(before.toLowerCase());
    if (found === undefined) return;
    this.#tables.delete(before.toLowerCase());
    this.#free.add(before.toLowerCase());
    this.#tables.set(this.#cased(name).toLowerCase(), {
      ...found,
      name: this.#cased(name),
      before: found.before ?? found.name,
    });
  }

  #cannotRead(i: number, what: string): void {
    const line = this.#line + (this.#tokens[i]?.line ?? 1) - 1;
    if (!this.#unread.some((one) => one.line === line && one.what === what))
      this.#unread.push({ line, what });
  }

  /** A name of one to three parts; `x` alone is of the dialect's default schema. */
  #name(i: number): { name: string; parts: string[]; next: number } | undefined {
    const parts: string[] = [];
    let at = i;
    for (;;) {
      const token = this.#tokens[at];
      if (token === undefined || (token.kind !== 'word' && token.kind !== 'name')) break;
      parts.push(token.kind === 'name' ? token.text : this.#cased(token.text));
      at += 1;
      if (this.#tokens[at]?.text !== '.') break;
      at += 1;
    }
    if (parts.length === 0) return undefined;
    const home = this.#dialect === 'sqlserver' ? 'dbo' : 'public';
    return { name: [home, ...parts].slice(-2).join('.'), parts, next: at };
  }

  #cased(name: string): string {
    return this.#dialect === 'postgres' ? name.toLowerCase() : name;
  }

  #is(i: number, ...words: readonly string[]): boolean {
    return words.includes(this.#tokens[i]?.word ?? '-');
  }

  #skip(from: number, ...words: readonly string[]): number {
    let i = from;
    while (this.#is(i, ...words)) i += 1;
    return i;
  }

  #afterParentheses(from: number): number {
    let depth = 0;
    for (let i = from; i < this.#tokens.length; i += 1) {
      const text = this.#tokens[i]?.text;
      if (text === '(') depth += 1;
      if (text === ')') depth -= 1;
      if (depth === 0) return i + 1;
    }
    return this.#tokens.length;
  }

  #endOfStatement(from: number): number {
    const end = this.#tokens.findIndex(({ kind, text }, i) => i > from && kind === 'mark' && text === ';');
    return end < 0 ? this.#tokens.length : end;
  }

  /** `WITH (ONLINE = ON)` before the statement's end. */
  #isOnline(i: number): boolean {
    const text = this.#tokens.slice(i, this.#endOfStatement(i)).map((token) => token.text.toUpperCase());
    return text.some((word, at) => word === 'ONLINE' && text[at + 1] === '=' && text[at + 2] === 'ON');
  }

  /** `WITH (TABLOCKX)` right behind the table, or behind its alias. */
  #isTabLocked(i: number): boolean {
    const from = this.#is(i, 'AS') ? i + 2 : this.#isAlias(i) ? i + 1 : i;
    if (!this.#is(from, 'WITH') || this.#tokens[from + 1]?.text !== '(') return false;
    return this.#tokens.slice(from, this.#afterParentheses(from + 1)).some(({ word }) => word === 'TABLOCKX');
  }
}
