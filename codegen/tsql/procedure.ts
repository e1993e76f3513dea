import type { DefaultValue } from '../model.js';
import { ParseError, type Place, type Source } from '../source.js';
import { TokenReader, type Token } from '../tokens.js';
import { lexTsql } from './lexer.js';
import { readType, type WrittenType } from './type.js';

/** A parameter as the statement declares it. */
export interface WrittenParameter {
  readonly name: string;
  readonly type: WrittenType;
  readonly typePlace: Place;
  readonly output: boolean;
  readonly readonly: boolean;
  readonly nullable: boolean;
  readonly default: DefaultValue | undefined;
  readonly place: Place;
}

/** A `CREATE OR ALTER PROCEDURE` and the comments on top of it. */
export interface WrittenProcedure {
  readonly schema: string | undefined;
  readonly name: string;
  readonly place: Place;
  readonly parameters: readonly WrittenParameter[];
  /** Block comments between the start of the batch and CREATE. */
  readonly comments: readonly Token[];
  /** Those of the batch before it, where they are lost to it. */
  readonly commentsBefore: readonly Token[];
  /** Numbers after THROW in its body. */
  readonly throws: ReadonlyMap<number, Place>;
}

export interface TsqlFile {
  readonly procedures: readonly WrittenProcedure[];
  /** Functions, views and triggers by `schema.name` in lower case: codegen makes nothing of them. */
  readonly others: readonly string[];
}

/**
 * Reads every procedure's signature in a T-SQL file, one a batch, as SQL Server wants it.
 * @throws ParseError where the file cannot be read
 */
export function parseTsqlFile(source: Source): TsqlFile {
  const procedures: WrittenProcedure[] = [];
  const others: string[] = [];
  let commentsBefore: readonly Token[] = [];
  for (const batch of batches(lexTsql(source))) {
    const first = batch.findIndex((token) => token.kind !== 'comment');
    const lead = first === -1 ? batch : batch.slice(0, first);
    const comments = lead.filter((token) => token.value.startsWith('/*'));
    const reader = new TokenReader(source, batch);
    const place = reader.place();
    const creates =
      reader.acceptWords('create', 'or', 'alter') ||
      reader.acceptWords('create') ||
      reader.acceptWords('alter');
    if (creates && (reader.acceptWords('procedure') || reader.acceptWords('proc'))) {
      procedures.push({
        ...readProcedure(reader, place),
        comments,
        commentsBefore,
        throws: readThrows(reader),
      });
      commentsBefore = [];
      continue;
    }
    commentsBefore = comments;
    const other = creates && ['function', 'view', 'trigger'].some((word) => reader.acceptWords(word));
    if (other) {
      const { schema = 'dbo', name } = reader.qualifiedName('its name');
      others.push(`${schema}.${name}`.toLowerCase());
    }
  }
  return { procedures, others };
}

function batches(tokens: readonly Token[]): Token[][] {
  const found: Token[][] = [[]];
  for (const token of tokens) {
    if (token.kind === 'go') found.push([]);
    else found.at(-1)?.push(token);
  }
  return found.filter((batch) => batch.length > 0);
}

function readProcedure(
  reader: TokenReader,
  place: Place,
): Omit<WrittenProcedure, 'comments' | 'commentsBefore' | 'throws'> {
  const { schema, name } = reader.qualifiedName("the procedure's name");
  if (reader.acceptSymbol(';')) reader.next();
  const parameters: WrittenParameter[] = [];
  const parenthesis = reader.acceptSymbol('(');
  if (reader.peek().kind === 'variable') {
    do parameters.push(readParameter(reader));
    while (reader.acceptSymbol(','));
  }
  if (parenthesis) reader.expectSymbol(')', 'after the parameters');
  if (!reader.isWords('as') && !reader.isWords('with') && !reader.isWords('for')) {
    throw reader.unexpected(parameters.length === 0 ? 'a parameter or AS' : '"," and a parameter, or AS');
  }
  return { schema, name, place, parameters };
}

function readParameter(reader: TokenReader): WrittenParameter {
  const token = reader.peek();
  if (token.kind !== 'variable') throw reader.unexpected('a parameter, "@name type"');
  const place = reader.place();
  reader.next();
  reader.acceptWords('as');
  const typePlace = reader.place();
  const type = readType(reader);
  reader.acceptWords('varying');
  const notNull = reader.acceptWords('not', 'null');
  const writtenNull = !notNull && reader.acceptWords('null');
  const value = reader.acceptSymbol('=') ? readDefault(reader) : undefined;
  let output = false;
  let readonly = false;
  for (;;) {
    if (reader.acceptWords('output') || reader.acceptWords('out')) output = true;
    else if (reader.acceptWords('readonly')) readonly = true;
    else break;
  }
  const nullable = !notNull && (writtenNull || value?.kind === 'null');
  return { name: token.value.slice(1), type, typePlace, output, readonly, nullable, default: value, place };
}

/** SQL Server takes constants only: a literal, NULL, or a bare word that stands for a string. */
function readDefault(reader: TokenReader): DefaultValue {
  const sign = reader.acceptSymbol('-') ? '-' : '';
  if (sign === '') reader.acceptSymbol('+');
  const token = reader.peek();
  if (token.kind === 'number') {
    reader.next();
    const binary = /^0x/i.test(token.value);
    return binary
      ? { kind: 'expression', text: token.value }
      : { kind: 'number', text: String(Number(sign + token.value)) };
  }
  if (sign !== '') throw reader.unexpected('a number after the sign');
  if (reader.acceptWords('null')) return { kind: 'null' };
  if (token.kind === 'string' || token.kind === 'word' || token.kind === 'quoted') {
    reader.next();
    return { kind: 'string', text: token.value };
  }
  throw new ParseError(reader.place(), 'expected a constant after "=": a literal or NULL');
}

function readThrows(reader: TokenReader): Map<number, Place> {
  const found = new Map<number, Place>();
  while (!reader.done) {
    if (!reader.acceptWords('throw')) {
      reader.next();
      continue;
    }
    const token = reader.peek();
    const number = Number(token.value);
    if (token.kind === 'number' && !found.has(number)) found.set(number, reader.place());
  }
  return found;
}
