import { ProcedureError } from './errors.js';
import type { Column, Row, SqlType, SqlValue } from './types.js';

/**
 * Checks a value on its way to the database and puts it into its plain form, the same for both engines, so that neither
 * driver gets to guess, round or truncate.
 * @param where what the value is, for the message: `@FechaReporte`, `@Filas[3].Moneda`
 * @throws ProcedureError BAD_ARGUMENT
 */
export function checkValue(value: SqlValue | undefined, type: SqlType, where: string): SqlValue {
  if (value === null || value === undefined) return null;
  switch (type.kind) {
    case 'bigint':
      return whole(value, minBigint, maxBigint, type.kind, where);
    case 'int':
      // the usual one, without a bigint on the way
      if (typeof value === 'number' && (value | 0) === value) return value;
      return Number(whole(value, minInt, maxInt, type.kind, where));
    case 'smallint':
      return Number(whole(value, -32_768n, 32_767n, type.kind, where));
    case 'tinyint':
      return Number(whole(value, 0n, 255n, type.kind, where));
    case 'bit':
      return typeof value === 'boolean' ? value : refuse(where, 'true or false', value);
    case 'date':
      return isDate(value) ? value : refuse(where, 'a date YYYY-MM-DD', value);
    case 'datetime2':
      return value instanceof Date && inYears(value)
        ? value
        : refuse(where, 'a Date of the years 1 to 9999', value);
    case 'float':
      return typeof value === 'number' && Number.isFinite(value)
        ? value
        : refuse(where, 'a finite number', value);
    case 'decimal':
      return decimal(value, type, where);
    case 'uniqueidentifier':
      return isGuid(value) ? value.toLowerCase() : refuse(where, 'a GUID', value);
    case 'varbinary':
      if (!(value instanceof Uint8Array)) return refuse(where, 'bytes', value);
      fits(value.byteLength, type.length, 'bytes', where);
      return value;
    default: {
      if (typeof value !== 'string') return refuse(where, 'text', value);
      // procedure parameters of SQL Server are cut silently, PostgreSQL's are not: neither shall happen
      fits(value.length, type.length, 'characters', where);
      return cleanText(value);
    }
  }
}

const [minBigint, maxBigint] = [-(2n ** 63n), 2n ** 63n - 1n];
const [minInt, maxInt] = [-(2n ** 31n), 2n ** 31n - 1n];

/** PostgreSQL cannot store NUL, and UTF-8 cannot carry half a surrogate pair: both become U+FFFD on both engines. */
export function cleanText(text: string): string {
  // nearly every one: both looks are the runtime's own, and cost next to nothing
  if (text.isWellFormed() && !text.includes('\0')) return text;
  return /[\0\p{Surrogate}]/u.test(text) ? text.replaceAll(/[\0\p{Surrogate}]/gu, '\uFFFD') : text;
}

/** A value of `query()`, whose type nobody declares. */
export function cleanValue(value: SqlValue): SqlValue {
  return typeof value === 'string' ? cleanText(value) : value;
}

/** What a driver returned, as the contract's type has it. */
export function readValue(value: SqlValue | undefined, type: SqlType): SqlValue {
  if (value === null || value === undefined) return null;
  switch (type.kind) {
    case 'bigint':
      return typeof value === 'number' || typeof value === 'string' ? BigInt(value) : value;
    case 'int':
    case 'smallint':
    case 'tinyint':
    case 'decimal':
    case 'float':
      return typeof value === 'bigint' || typeof value === 'string' ? Number(value) : value;
    case 'bit':
      return typeof value === 'number' ? value !== 0 : value;
    case 'date':
      return value instanceof Date ? value.toISOString().slice(0, 10) : value;
    case 'uniqueidentifier':
      return typeof value === 'string' ? value.toLowerCase() : value;
    case 'char':
    case 'nchar':
    case 'varchar':
    case 'nvarchar':
      return typeof value === 'bigint' || typeof value === 'number' ? String(value) : value;
    default:
      return value;
  }
}

/**
 * A row of a table-valued argument in the order of its type's columns.
 * @throws ProcedureError BAD_ARGUMENT on a key that the type does not have, and on a NULL where it has none
 */
export function checkRow(row: Row, columns: readonly Column[], where: string): SqlValue[] {
  for (const key of Object.keys(row)) {
    if (!columns.some(({ name }) => name === key)) {
      throw bad(`${where} has no column ${key}; it has ${columns.map(({ name }) => name).join(', ')}`);
    }
  }
  return columns.map(({ name, type, nullable }) => {
    const given = row[name];
    // what is fine as it is, and most of what batches carry: its place in them need not be spelled out
    if (nullable && (given === null || given === undefined)) return null;
    if (type.kind === 'bigint' && typeof given === 'bigint' && given >= minBigint && given <= maxBigint) {
      return given;
    }
    const value = checkValue(given, type, `${where}.${name}`);
    if (value === null && !nullable) throw bad(`${where}.${name} must not be NULL`);
    return value;
  });
}

/** Row `number` of a bulk load, checked by position. */
export function checkTuple(row: readonly SqlValue[], columns: readonly Column[], number: number): SqlValue[] {
  if (row.length !== columns.length) {
    throw bad(`row ${number} has ${row.length} values for ${columns.length} columns`);
  }
  let at = 0;
  try {
    const values: SqlValue[] = [];
    for (const { name, type, nullable } of columns) {
      // where it stands is only worth the writing for a row that is refused
      const value = checkValue(row[at], type, name);
      if (value === null && !nullable) throw bad(`${name} must not be NULL`);
      values.push(value);
      at += 1;
    }
    return values;
  } catch (error) {
    const column = columns[at];
    if (column === undefined) throw error;
    const where = `row ${number}.${column.name}`;
    checkValue(row[at], column.type, where);
    throw bad(`${where} must not be NULL`);
  }
}

export function bad(message: string, procedure?: string): ProcedureError {
  return new ProcedureError(message, { code: 'BAD_ARGUMENT', number: 50_400, procedure });
}

function refuse(where: string, wanted: string, value: SqlValue): never {
  const shown =
    value instanceof Date ? 'an invalid Date' : value instanceof Uint8Array ? 'bytes' : String(value);
  throw bad(`${where} takes ${wanted}, not ${shown.slice(0, 60)} (${typeof value})`);
}

function whole(value: SqlValue, min: bigint, max: bigint, kind: string, where: string): bigint {
  if (typeof value === 'number' && !Number.isSafeInteger(value)) return refuse(where, `a ${kind}`, value);
  if (typeof value !== 'number' && typeof value !== 'bigint') return refuse(where, `a ${kind}`, value);
  const number = BigInt(value);
  return number >= min && number <= max ? number : refuse(where, `a ${kind} from ${min} to ${max}`, value);
}

function decimal(value: SqlValue, type: { precision: number; scale: number }, where: string): number {
  const kind = `decimal(${type.precision},${type.scale})`;
  if (type.precision > 15) throw bad(`${where}: ${kind} has more digits than a number: declare it as text`);
  if (typeof value !== 'number' || !Number.isFinite(value)) return refuse(where, `a ${kind}`, value);
  // rounded here, half away from zero as both servers do, for PostgreSQL's parameters have no scale
  const rounded = (Math.sign(value) * Math.round(Math.abs(value) * 10 ** type.scale)) / 10 ** type.scale;
  if (Math.abs(rounded) >= 10 ** (type.precision - type.scale)) return refuse(where, `a ${kind}`, value);
  return rounded;
}

function isDate(value: SqlValue): value is string {
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\d$/.test(value) || value < '0001-01-01') return false;
  const date = new Date(`${value}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(value);
}

function inYears(value: Date): boolean {
  const year = value.getUTCFullYear();
  return year >= 1 && year <= 9999;
}

function isGuid(value: SqlValue): value is string {
  return typeof value === 'string' && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value);
}

function fits(length: number, most: number | 'max', unit: string, where: string): void {
  if (most !== 'max' && length > most) throw bad(`${where} takes at most ${most} ${unit}, not ${length}`);
}
