import { UsageError } from '../../engine/errors.js';
import { quote } from '../quote.js';

const units: Readonly<Record<string, number>> = { B: 1, KB: 2 ** 10, MB: 2 ** 20, GB: 2 ** 30 };

/** Bytes of the unit that sizes are shown in; here and in options 1 MB is 1,048,576 bytes. */
export const megabyte = 2 ** 20;

/**
 * Bytes of `500KB`, `1MB`, `1.5MB` or `1GB` (1 KB is 1,024 bytes); a plain number is bytes.
 * @throws UsageError naming the option
 */
export function parseSize(text: string, option: string, min: number, max: number): number {
  const [, amount, unit = 'B'] = /^(\d+(?:\.\d+)?) ?([KMG]?B)?$/.exec(text.trim().toUpperCase()) ?? [];
  const factor = units[unit];
  if (amount === undefined || factor === undefined)
    throw new UsageError(`${option}: ${quote(text)} is no size; write 500KB, 1MB or 1GB`);
  const bytes = Math.round(Number(amount) * factor);
  if (bytes < min || bytes > max)
    throw new UsageError(`${option}: ${quote(text)} must be from ${formatSize(min)} to ${formatSize(max)}`);
  return bytes;
}

/** A size for people, in the largest unit that keeps it at 1 or more. */
export function formatSize(bytes: number): string {
  const unit = ['GB', 'MB', 'KB'].find((name) => bytes >= (units[name] ?? Infinity));
  if (unit === undefined) return `${bytes} B`;
  const amount = bytes / (units[unit] ?? 1);
  return `${Number.isInteger(amount) ? amount : amount.toFixed(1)} ${unit}`;
}
