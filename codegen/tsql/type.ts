import type { SqlType } from '../../engine/index.js';
import { ParseError } from '../source.js';
import type { TokenReader } from '../tokens.js';

/** A type as written: a built-in one, or the name of one that a migration makes. */
export type WrittenType =
  { readonly builtIn: SqlType } | { readonly schema: string | undefined; readonly name: string };

const plain = {
  bigint: 'bigint',
  int: 'int',
  integer: 'int',
  smallint: 'smallint',
  tinyint: 'tinyint',
  bit: 'bit',
  date: 'date',
  float: 'float',
  real: 'float',
  uniqueidentifier: 'uniqueidentifier',
} as const;

const text = {
  char: 'char',
  nchar: 'nchar',
  varchar: 'varchar',
  nvarchar: 'nvarchar',
  binary: 'varbinary',
  varbinary: 'varbinary',
} as const;

/** Types that do not cross the border as they are, and what to write instead. */
const instead: Readonly<Record<string, string>> = {
  money: 'write decimal(15,4), or varchar(21) and convert it in the procedure',
  smallmoney: 'write decimal(10,4)',
  time: 'write varchar(16) and convert it in the procedure',
  datetimeoffset: 'write datetime2(3) in UTC',
  text: 'write varchar(max)',
  ntext: 'write nvarchar(max)',
  image: 'write varbinary(max)',
  xml: 'write nvarchar(max)',
  json: 'write nvarchar(max)',
  sql_variant: 'write the type that is meant',
  timestamp: 'write varbinary(8)',
  rowversion: 'write varbinary(8)',
  hierarchyid: 'write nvarchar(4000) and convert it in the procedure',
  geography: 'write nvarchar(max) and convert it in the procedure',
  geometry: 'write nvarchar(max) and convert it in the procedure',
  cursor: 'a cursor cannot leave the database: return rows',
  table: 'write the name of a table type, READONLY',
};

/**
 * Reads a T-SQL type with its length, or precision and scale.
 * @throws ParseError on a type that wrappers cannot carry, saying what to write instead
 */
export function readType(reader: TokenReader): WrittenType {
  const place = reader.place();
  const { schema, name } = reader.qualifiedName('a type');
  const base = name.toLowerCase();
  if (schema !== undefined && schema.toLowerCase() !== 'sys') return { schema, name };

  if (base === 'double' && reader.acceptWords('precision')) return { builtIn: { kind: 'float' } };
  if (base === 'sysname') return { builtIn: { kind: 'nvarchar', length: 128 } };
  if (base === 'datetime') return { builtIn: { kind: 'datetime2', scale: 3 } };
  if (base === 'smalldatetime') return { builtIn: { kind: 'datetime2', scale: 0 } };
  if (base in plain) {
    numbers(reader);
    return { builtIn: { kind: plain[base as keyof typeof plain] } };
  }
  if (base === 'datetime2') return { builtIn: { kind: 'datetime2', scale: numbers(reader)[0] ?? 7 } };
  if (base === 'decimal' || base === 'numeric' || base === 'dec') {
    const [precision = 18, scale = 0] = numbers(reader);
    return { builtIn: { kind: 'decimal', precision, scale } };
  }
  if (base in text) {
    const kind = text[base as keyof typeof text];
    const length = readLength(reader);
    if (length === undefined) {
      throw new ParseError(
        place,
        `${name} without a length holds 1 character: write ${name}(n) or ${name}(max)`,
      );
    }
    return { builtIn: { kind, length } };
  }
  const hint = instead[base];
  if (hint !== undefined) throw new ParseError(place, `wrappers cannot carry ${name}: ${hint}`);
  return { schema, name };
}

function readLength(reader: TokenReader): number | 'max' | undefined {
  if (!reader.acceptSymbol('(')) return undefined;
  const length = reader.acceptWords('max') ? 'max' : wholeNumber(reader);
  reader.expectSymbol(')', 'after the length');
  return length;
}

function numbers(reader: TokenReader): number[] {
  if (!reader.acceptSymbol('(')) return [];
  const found = [wholeNumber(reader)];
  while (reader.acceptSymbol(',')) found.push(wholeNumber(reader));
  reader.expectSymbol(')', 'after precision and scale');
  return found;
}

function wholeNumber(reader: TokenReader): number {
  const token = reader.peek();
  if (token.kind !== 'number' || !/^\d+$/.test(token.value)) throw reader.unexpected('a whole number');
  reader.next();
  return Number(token.value);
}
