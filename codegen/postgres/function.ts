import { looksLikeContract } from '../contract.js';
import type { DefaultValue } from '../model.js';
import { ParseError, type Place, type Source } from '../source.js';
import { TokenReader, type Token } from '../tokens.js';
import { blockComment } from '../lexer.js';
import { lexPostgres } from './lexer.js';
import { readPostgresType, type PostgresType } from './type.js';

export interface PostgresParameter {
  readonly name: string;
  readonly mode: 'in' | 'out' | 'inout' | 'variadic';
  readonly type: PostgresType;
  readonly default: DefaultValue | undefined;
  readonly place: Place;
}

export interface PostgresColumn {
  readonly name: string;
  readonly type: PostgresType;
  readonly place: Place;
}

/** A `CREATE OR REPLACE FUNCTION` and the contract it carries. */
export interface PostgresFunction {
  readonly schema: string | undefined;
  readonly name: string;
  readonly place: Place;
  readonly parameters: readonly PostgresParameter[];
  /** Undefined where RETURNS is left out, as OUT parameters allow. */
  readonly returns: PostgresType | undefined;
  readonly returnsPlace: Place;
  readonly setOf: boolean;
  /** Of RETURNS TABLE (…). */
  readonly columns: readonly PostgresColumn[] | undefined;
  /** The comment that is its contract: on top of it, or in its body. */
  readonly contract: { readonly start: number; readonly text: string } | undefined;
  /** A comment on top of it says `PostgreSQL only: why`. */
  readonly postgresOnly: boolean;
  /** Numbers 50400… whose SQLSTATE, UC400…, its body names after ERRCODE. */
  readonly throws: ReadonlyMap<number, Place>;
}

export interface PostgresFile {
  readonly functions: readonly PostgresFunction[];
  /** `CREATE VIEW`, `CREATE TRIGGER`: nothing of codegen's. */
  readonly hasOther: boolean;
}

/**
 * Reads every function's signature in a PostgreSQL script.
 * @throws ParseError where the file cannot be read
 */
export function parsePostgresFile(source: Source): PostgresFile {
  const tokens = lexPostgres(source);
  const functions: PostgresFunction[] = [];
  let hasOther = false;
  let statement: Token[] = [];
  for (const token of tokens) {
    const ends = token.kind === 'symbol' && token.value === ';';
    if (!ends) statement.push(token);
    if (!ends && token !== tokens.at(-1)) continue;
    const reader = new TokenReader(source, statement);
    const place = reader.place();
    if (reader.acceptWords('create')) {
      reader.acceptWords('or', 'replace');
      if (reader.acceptWords('function')) functions.push(readFunction(reader, place, statement));
      else if (reader.isWords('procedure')) {
        throw new ParseError(
          place,
          'the twin of a procedure is a function: write CREATE OR REPLACE FUNCTION … RETURNS void',
        );
      } else hasOther = true;
    }
    // comments on top of SET ROLE are on top of the function too
    const keep: Token[] = reader.isWords('set') ? statement.filter(({ kind }) => kind === 'comment') : [];
    statement = keep;
  }
  return { functions, hasOther };
}

const afterType = new Set(['default']);
const afterReturns = new Set(
  (
    'language transform window immutable stable volatile not leakproof called returns strict external security parallel ' +
    'cost rows support set as begin return'
  ).split(' '),
);

function readFunction(reader: TokenReader, place: Place, tokens: readonly Token[]): PostgresFunction {
  const { source } = reader;
  const { schema, name } = reader.qualifiedName("the function's name");
  reader.expectSymbol('(', 'and the parameters');
  const parameters: PostgresParameter[] = [];
  if (!reader.isSymbol(')')) {
    do parameters.push(readParameter(reader));
    while (reader.acceptSymbol(','));
  }
  reader.expectSymbol(')', 'after the parameters');
  const returnsPlace = reader.place();
  let returns: PostgresType | undefined;
  let columns: PostgresColumn[] | undefined;
  let setOf = false;
  if (reader.acceptWords('returns')) {
    if (reader.acceptWords('table')) {
      columns = readColumns(reader);
      setOf = true;
    } else {
      setOf = reader.acceptWords('setof');
      returns = readPostgresType(reader, afterReturns);
    }
  }
  const body = tokens.filter((token) => token.kind === 'string');
  return {
    ...{ schema, name, place, parameters, returns, returnsPlace, setOf, columns },
    contract: findContract(source, tokens, body),
    postgresOnly: tokens.some(
      ({ kind, value }) => kind === 'comment' && /^[-/*\s]*PostgreSQL only:/m.test(value),
    ),
    throws: findThrows(source, body),
  };
}

function readParameter(reader: TokenReader): PostgresParameter {
  const place = reader.place();
  const mode = (['inout', 'in', 'out', 'variadic'] as const).find((word) => reader.acceptWords(word)) ?? 'in';
  const name = reader.identifier('the name of a parameter').value;
  if (reader.isSymbol(',') || reader.isSymbol(')')) {
    throw new ParseError(place, `this parameter has no name: write "p_Name ${name}"`);
  }
  const type = readPostgresType(reader, afterType);
  const hasDefault = ['default'].some((word) => reader.acceptWords(word)) || acceptAssignment(reader);
  return { name, mode, type, default: hasDefault ? readDefault(reader) : undefined, place };
}

function acceptAssignment(reader: TokenReader): boolean {
  return reader.acceptSymbol('=') || reader.acceptSymbol(':=');
}

/** A literal, cast or not; anything else is an expression that is not looked into. */
function readDefault(reader: TokenReader): DefaultValue {
  const tokens: Token[] = [];
  while (!reader.isSymbol(',') && !reader.isSymbol(')')) {
    if (reader.done) throw reader.unexpected('")" after the parameters');
    if (reader.isSymbol('(')) {
      tokens.push(reader.peek());
      reader.skipParenthesis();
    } else tokens.push(reader.next());
  }
  const cast = tokens.findIndex((token) => token.value === '::');
  const value = cast === -1 ? tokens : tokens.slice(0, cast);
  const [sign, ...unsigned] = value;
  const negative = sign?.kind === 'symbol' && sign.value === '-';
  const [literal, ...rest] = negative ? unsigned : value;
  const text = reader.source.text.slice(tokens[0]?.start, tokens.at(-1)?.end);
  if (literal === undefined || rest.length > 0) return { kind: 'expression', text };
  const lower = literal.value.toLowerCase();
  if (literal.kind === 'number') {
    return { kind: 'number', text: String(Number(`${negative ? '-' : ''}${literal.value}`)) };
  }
  if (negative) return { kind: 'expression', text };
  if (literal.kind === 'string') return { kind: 'string', text: literal.value };
  if (literal.kind === 'word' && lower === 'null') return { kind: 'null' };
  if (literal.kind === 'word' && (lower === 'true' || lower === 'false'))
    return { kind: 'boolean', text: lower };
  return { kind: 'expression', text };
}

function readColumns(reader: TokenReader): PostgresColumn[] {
  const columns: PostgresColumn[] = [];
  reader.expectSymbol('(', 'and the columns of the result');
  do {
    const place = reader.place();
    const name = reader.identifier('the name of a column').value;
    columns.push({ name, type: readPostgresType(reader, afterType), place });
  } while (reader.acceptSymbol(','));
  reader.expectSymbol(')', 'after the columns');
  return columns;
}

function findContract(
  source: Source,
  tokens: readonly Token[],
  body: readonly Token[],
): PostgresFunction['contract'] {
  const comment = tokens.findLast((token) => token.kind === 'comment' && looksLikeContract(token.value));
  if (comment !== undefined) return { start: comment.start, text: comment.value };
  for (const { start, end } of body) {
    for (let at = source.text.indexOf('/*', start); at !== -1 && at < end;) {
      const text = blockComment(source, at);
      if (looksLikeContract(text)) return { start: at, text };
      at = source.text.indexOf('/*', at + text.length);
    }
  }
  return undefined;
}

/** `ERRCODE = 'UC404'` is T-SQL's THROW 50404. */
function findThrows(source: Source, body: readonly Token[]): Map<number, Place> {
  const found = new Map<number, Place>();
  for (const { start, end } of body) {
    for (const raised of source.text.slice(start, end).matchAll(/errcode\s*:?=\s*'UC(\d{3})'/gi)) {
      const number = 50000 + Number(raised[1]);
      if (!found.has(number)) found.set(number, source.place(start + raised.index));
    }
  }
  return found;
}
