import { checkTwice } from '../contract.js';
import { keyOf, type ColumnModel, type TableTypeModel } from '../model.js';
import { ParseError, type Problems, type Source } from '../source.js';
import { TokenReader } from '../tokens.js';
import { lexTsql } from './lexer.js';
import { readType } from './type.js';

const constraints = ['primary', 'unique', 'check', 'index', 'constraint'];

/**
 * Reads the table types that a script makes, and forgets those it drops. Called for the migrations in their order, so
 * that the map ends up as the schema does. Whether a column can cross the border is asked where a procedure takes it.
 */
export function collectTableTypes(
  source: Source,
  types: Map<string, TableTypeModel>,
  problems: Problems,
): void {
  const tokens = problems.attempt(() => lexTsql(source));
  if (tokens === undefined) return;
  const reader = new TokenReader(source, tokens);
  while (!reader.done) {
    const place = reader.place();
    if (reader.acceptWords('drop', 'type')) {
      reader.acceptWords('if', 'exists');
      const { schema = 'dbo', name } = reader.qualifiedName("the type's name");
      types.delete(keyOf({ schema, name }));
    } else if (reader.acceptWords('create', 'type')) {
      const type = problems.attempt(() => {
        const { schema = 'dbo', name } = reader.qualifiedName("the type's name");
        if (!reader.acceptWords('as', 'table')) return undefined;
        return { schema, name, columns: readColumns(reader), place };
      });
      if (type === undefined) continue;
      checkTwice(type.columns, problems);
      types.set(keyOf(type), type);
    } else {
      reader.next();
    }
  }
}

function readColumns(reader: TokenReader): ColumnModel[] {
  const columns: ColumnModel[] = [];
  reader.expectSymbol('(', 'and the columns of the table type');
  do {
    if (constraints.some((word) => reader.isWords(word))) skipToEnd(reader);
    else columns.push(readColumn(reader));
  } while (reader.acceptSymbol(','));
  reader.expectSymbol(')', 'after the columns');
  return columns;
}

function readColumn(reader: TokenReader): ColumnModel {
  const place = reader.place();
  const name = reader.identifier('the name of a column').value;
  if (reader.isWords('as')) {
    throw new ParseError(place, `${name} is computed: a client cannot send it; make it a plain column`);
  }
  const type = readType(reader);
  if (!('builtIn' in type)) throw new ParseError(place, `${name} has an unknown type, ${type.name}`);
  let nullable = true;
  while (!reader.isSymbol(',') && !reader.isSymbol(')')) {
    if (reader.done) throw reader.unexpected('")" after the columns');
    if (reader.isWords('identity')) {
      throw new ParseError(place, `${name} is an IDENTITY: a client cannot send it; make it a plain column`);
    }
    if (reader.acceptWords('not', 'null') || reader.acceptWords('primary', 'key')) nullable = false;
    else if (reader.isSymbol('(')) reader.skipParenthesis();
    else reader.next();
  }
  return { name, type: type.builtIn, nullable, note: '', place };
}

/** Past a constraint of the table, up to the comma or parenthesis after it. */
function skipToEnd(reader: TokenReader): void {
  while (!reader.isSymbol(',') && !reader.isSymbol(')')) {
    if (reader.done) throw reader.unexpected('")" after the columns');
    if (reader.isSymbol('(')) reader.skipParenthesis();
    else reader.next();
  }
}
