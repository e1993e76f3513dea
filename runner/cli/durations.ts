import { UsageError } from '../../engine/errors.js';
import { isDate } from '../dates.js';
import { quote } from '../quote.js';

const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * Milliseconds of `500ms`, `30s`, `5m`, `1.5h` or `30d`; a plain number is seconds.
 * @throws UsageError naming the option
 */
export function parseDuration(text: string, option: string): number {
  const [, amount, unit = 's'] = /^(\d+(?:\.\d+)?) ?(ms|s|m|h|d)?$/.exec(text.trim()) ?? [];
  const factor = units[unit];
  if (amount === undefined || factor === undefined) {
    throw new UsageError(`${option}: ${quote(text)} is no duration; write 500ms, 30s, 5m, 1h or 30d`);
  }
  return Math.round(Number(amount) * factor);
}

/**
 * A lease in whole seconds, as the database counts it.
 * @throws UsageError on less than 1 s, more than a day or a fraction
 */
export function parseLease(text: string): number {
  const seconds = parseDuration(text, '--lease') / 1000;
  if (!Number.isInteger(seconds) || seconds < 1 || seconds > 86_400) {
    throw new UsageError(`--lease: ${quote(text)} must be whole seconds, from 1s to 24h`);
  }
  return seconds;
}

/**
 * A date that exists, `YYYY-MM-DD`.
 * @throws UsageError naming the option
 */
export function parseDate(text: string, option: string): string {
  if (!isDate(text)) throw new UsageError(`${option}: ${quote(text)} is no date; write it as 2021-05-07`);
  return text;
}

/**
 * A process or job ID: a positive bigint.
 * @throws UsageError naming where it stood
 */
export function parseId(text: string, option: string): bigint {
  if (!/^\d{1,18}$/.test(text))
    throw new UsageError(`${option}: ${quote(text)} is no ID; IDs are whole numbers`);
  return BigInt(text);
}

/**
 * A whole number within bounds. Options hand over the text that was typed: as a number yargs would make it NaN, which no
 * message can quote.
 * @throws UsageError naming the option
 */
export function parseCount(value: string | number, option: string, min: number, max: number): number {
  const text = String(value).trim();
  const count = text === '' ? NaN : Number(text);
  if (!Number.isInteger(count) || count < min || count > max) {
    throw new UsageError(`${option}: ${quote(text)} must be a whole number from ${min} to ${max}`);
  }
  return count;
}
