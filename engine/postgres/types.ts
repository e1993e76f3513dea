import { cleanValue } from '../values.js';
import { pg } from './library.js';
import type { Column, SqlType, SqlValue } from '../types.js';

/** A parameter's type as PostgreSQL names it, for the cast that picks the function. */
export function castOf(type: SqlType): string {
  switch (type.kind) {
    case 'bigint':
    case 'smallint':
    case 'date':
      return type.kind;
    case 'int':
      return 'integer';
    case 'tinyint':
      return 'smallint';
    case 'bit':
      return 'boolean';
    case 'float':
      return 'double precision';
    case 'datetime2':
      return 'timestamptz';
    case 'decimal':
      return 'numeric';
    case 'uniqueidentifier':
      return 'uuid';
    case 'varbinary':
      return 'bytea';
    default:
      return 'text';
  }
}

/** A checked value as the protocol's text; bytes stay bytes. */
export function toParameter(value: SqlValue, type?: SqlType): string | Buffer | null {
  const plain = cleanValue(value);
  if (plain === null) return null;
  if (plain instanceof Date) return plain.toISOString();
  if (plain instanceof Uint8Array) return Buffer.from(plain.buffer, plain.byteOffset, plain.byteLength);
  if (type?.kind === 'decimal') return Number(plain).toFixed(type.scale);
  return String(plain);
}

/** Rows of a table-valued argument as `jsonb` text: what JSON's numbers would damage travels as text. */
export function toJson(rows: readonly (readonly SqlValue[])[], columns: readonly Column[]): string {
  return JSON.stringify(
    rows.map((row) => {
      const named: Record<string, ReturnType<typeof jsonValue>> = {};
      let at = 0;
      for (const { name, type } of columns) {
        named[name] = jsonValue(row[at] ?? null, type);
        at += 1;
      }
      return named;
    }),
  );
}

function jsonValue(value: SqlValue, type: SqlType): string | number | boolean | null {
  if (value === null || typeof value === 'boolean') return value;
  if (typeof value === 'number' && type.kind !== 'decimal') return value;
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof Uint8Array) return `\\x${Buffer.from(value).toString('hex')}`;
  return toParameter(value, type) as string;
}

const identity = (text: string): string => text;
const timestamptz = pg.types.getTypeParser(pg.types.builtins.TIMESTAMPTZ) as (text: string) => unknown;

/** 'infinity' comes as a number from the driver; the furthest Date stands for it. */
function toDate(text: string): Date {
  const date = timestamptz(text);
  return date instanceof Date ? date : new Date(date === Infinity ? 8.64e15 : -8.64e15);
}

const parsers = new Map<number, (text: string) => SqlValue>([
  [pg.types.builtins.BOOL, (text) => text === 't'],
  [pg.types.builtins.INT8, BigInt],
  [pg.types.builtins.INT4, Number],
  [pg.types.builtins.INT2, Number],
  [pg.types.builtins.OID, Number],
  [pg.types.builtins.FLOAT8, Number],
  [pg.types.builtins.FLOAT4, Number],
  [pg.types.builtins.TIMESTAMPTZ, toDate],
  // stored in UTC by convention, as datetime2 is
  [pg.types.builtins.TIMESTAMP, (text) => toDate(text.endsWith('infinity') ? text : `${text}+00`)],
  [pg.types.builtins.BYTEA, (text) => Buffer.from(text.slice(2), 'hex')],
]);

/** How this engine's connections read values; the driver's global table stays as others may have set it. */
export const typeParsers = {
  getTypeParser(oid: number): (text: string) => SqlValue {
    return parsers.get(oid) ?? identity;
  },
};
