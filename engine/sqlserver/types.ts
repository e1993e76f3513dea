import { TYPES } from 'tedious';
import { cleanValue } from '../values.js';
import type { Column, SqlType, SqlValue } from '../types.js';

type DataType = (typeof TYPES)[keyof typeof TYPES];

/** A type with its measures, as tedious takes them for parameters, table types' columns and bulk loads alike. */
export interface TediousType {
  readonly type: DataType;
  readonly length?: number;
  readonly precision?: number;
  readonly scale?: number;
}

/**
 * Text always goes as nvarchar, and the server converts it: tedious would encode (var)char in the connection's code
 * page, which need not be the column's.
 */
export function tediousType(type: SqlType): TediousType {
  switch (type.kind) {
    case 'bigint':
      return { type: TYPES.BigInt };
    case 'int':
      return { type: TYPES.Int };
    case 'smallint':
      return { type: TYPES.SmallInt };
    case 'tinyint':
      return { type: TYPES.TinyInt };
    case 'bit':
      return { type: TYPES.Bit };
    case 'date':
      return { type: TYPES.Date };
    case 'float':
      return { type: TYPES.Float };
    case 'uniqueidentifier':
      return { type: TYPES.UniqueIdentifier };
    case 'datetime2':
      return { type: TYPES.DateTime2, scale: type.scale };
    case 'decimal':
      return { type: TYPES.Decimal, precision: type.precision, scale: type.scale };
    case 'varbinary':
      return { type: TYPES.VarBinary, length: measure(type.length, 8000) };
    default:
      return { type: TYPES.NVarChar, length: measure(type.length, 4000) };
  }
}

/** tedious knows `max` as a length above the type's longest. */
function measure(length: number | 'max', longest: number): number {
  return length === 'max' || length > longest ? Infinity : length;
}

/** A checked value as tedious takes it. */
export function toTedious(value: SqlValue, type: SqlType): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  // useUTC makes it the same day again on the wire
  if (type.kind === 'date' && typeof value === 'string') return new Date(`${value}T00:00:00Z`);
  return value;
}

/** The type of a `query()` value, which nobody declares. */
export function guessType(value: SqlValue): { type: SqlType; value: SqlValue } {
  switch (typeof value) {
    case 'bigint':
      return { type: { kind: 'bigint' }, value };
    case 'boolean':
      return { type: { kind: 'bit' }, value };
    case 'number':
      if (!Number.isInteger(value)) return { type: { kind: 'float' }, value };
      if (Math.abs(value) < 2 ** 31) return { type: { kind: 'int' }, value };
      return Number.isSafeInteger(value)
        ? { type: { kind: 'bigint' }, value: BigInt(value) }
        : { type: { kind: 'float' }, value };
    case 'string':
      return {
        type: { kind: 'nvarchar', length: value.length <= 4000 ? 4000 : 'max' },
        value: cleanValue(value),
      };
    default:
      if (value instanceof Date) return { type: { kind: 'datetime2', scale: 7 }, value };
      if (value instanceof Uint8Array) {
        return { type: { kind: 'varbinary', length: value.length <= 8000 ? 8000 : 'max' }, value };
      }
      return { type: { kind: 'nvarchar', length: 1 }, value: null };
  }
}

/** What tedious says of a returned column or value. */
export interface ReturnedMetadata {
  readonly type: { readonly name: string };
  readonly dataLength?: number | undefined;
}

/** What tedious returns, as `SqlValue` has it. */
export function fromTedious(value: unknown, { type, dataLength }: ReturnedMetadata): SqlValue {
  if (value === null || value === undefined) return null;
  switch (type.name) {
    case 'BigInt':
      return BigInt(value as string);
    case 'IntN':
      return dataLength === 8 ? BigInt(value as string) : (value as number);
    case 'Date':
      return (value as Date).toISOString().slice(0, 10);
    case 'Time':
      return (value as Date).toISOString().slice(11, 23);
    default:
      if (value instanceof Date || value instanceof Uint8Array) return value;
      return typeof value === 'object' ? JSON.stringify(value) : (value as SqlValue);
  }
}

/** Columns of a table-valued argument. The server converts each to its table type's column. */
export function tediousColumns(columns: readonly Column[]): (TediousType & { name: string })[] {
  return columns.map(({ name, type }) => {
    // in its widest form, for Babelfish reads 17 bytes of a table's decimals, however many were announced
    if (type.kind === 'decimal') return { name, ...tediousType({ ...type, precision: 38 }) };
    return { name, ...tediousType(type) };
  });
}
