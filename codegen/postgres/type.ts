import type { SqlType } from '../../engine/index.js';
import { isTableType, type TableTypeModel } from '../model.js';
import type { TokenReader } from '../tokens.js';

/** A PostgreSQL type by its own name, as format_type() says it, without its modifiers. */
export interface PostgresType {
  readonly base: string;
  readonly modifiers: readonly number[];
}

const aliases: Readonly<Record<string, string>> = {
  int: 'integer',
  int4: 'integer',
  int2: 'smallint',
  int8: 'bigint',
  bool: 'boolean',
  'character varying': 'varchar',
  character: 'char',
  bpchar: 'char',
  decimal: 'numeric',
  float8: 'double precision',
  float: 'double precision',
  'timestamp with time zone': 'timestamptz',
  'timestamp without time zone': 'timestamp',
};

/** One name for a type of several; a schema in front of it stays, save pg_catalog. */
export function canonicalType(name: string): string {
  const lower = name.toLowerCase().replace(/^pg_catalog\./, '');
  return aliases[lower] ?? lower;
}

/** Reads a type up to the comma, default or parenthesis after it, or to one of the words. */
export function readPostgresType(reader: TokenReader, stopWords: ReadonlySet<string>): PostgresType {
  let name = '';
  const modifiers: number[] = [];
  for (;;) {
    const token = reader.peek();
    if (token.kind === 'symbol' && token.value === '(') {
      // (12, 2), and in the middle of `timestamp(3) with time zone`
      modifiers.push(...readModifiers(reader));
    } else if (token.kind === 'symbol' && '.[]'.includes(token.value)) {
      name += reader.next().value;
    } else if (
      (token.kind === 'word' && !stopWords.has(token.value.toLowerCase())) ||
      token.kind === 'quoted'
    ) {
      name += name === '' || name.endsWith('.') ? token.value : ` ${token.value}`;
      reader.next();
    } else {
      break;
    }
  }
  if (name === '') throw reader.unexpected('a type');
  return { base: canonicalType(name), modifiers };
}

function readModifiers(reader: TokenReader): number[] {
  const found: number[] = [];
  reader.next();
  while (!reader.acceptSymbol(')')) {
    const token = reader.next();
    if (token.kind === 'number') found.push(Number(token.value));
    else if (token.kind === 'end') throw reader.unexpected('")" after the modifiers of the type');
  }
  return found;
}

export function postgresTypeText(type: PostgresType): string {
  return type.modifiers.length === 0 ? type.base : `${type.base}(${type.modifiers.join(',')})`;
}

const strings = ['text', 'varchar', 'char'];

/** What stands for a T-SQL type in PostgreSQL, the usual one first. */
export function twinTypes(type: SqlType | TableTypeModel): readonly string[] {
  if (isTableType(type)) return ['jsonb'];
  switch (type.kind) {
    case 'int':
      return ['integer'];
    case 'tinyint':
      return ['smallint'];
    case 'bit':
      return ['boolean'];
    case 'datetime2':
      return ['timestamptz'];
    case 'decimal':
      return ['numeric'];
    case 'float':
      return ['double precision', 'real'];
    case 'uniqueidentifier':
      return ['uuid'];
    case 'varbinary':
      return ['bytea'];
    case 'char':
    case 'nchar':
    case 'varchar':
    case 'nvarchar':
      return strings;
    default:
      return [type.kind];
  }
}

/** What the twin should say, or undefined when it says that already. */
export function typeDifference(type: SqlType | TableTypeModel, twin: PostgresType): string | undefined {
  const [usual = '', ...others] = twinTypes(type);
  if (usual !== twin.base && !others.includes(twin.base)) {
    return others.length === 0 ? usual : `${usual} (or ${others.join(', ')})`;
  }
  if (!isTableType(type) && type.kind === 'decimal' && twin.modifiers.length > 0) {
    const [precision, scale = 0] = twin.modifiers;
    if (precision !== type.precision || scale !== type.scale) {
      return `numeric(${String(type.precision)},${String(type.scale)}) (or numeric)`;
    }
  }
  return undefined;
}
