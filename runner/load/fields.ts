import { quote } from '../quote.js';

/** A number that `decimal(precision, scale)` can hold; else what is wrong with it. */
export function decimalProblem(text: string, precision: number, scale: number): string | undefined {
  const [, whole, fraction = ''] = /^[+-]?(\d+)(?:\.(\d*))?$/.exec(text) ?? [];
  if (whole === undefined) return `${quote(text)} is no number (digits with a decimal point, no separators)`;
  if (whole.replace(/^0+/, '').length > precision - scale) {
    return `${quote(text)} is too large: at most ${precision - scale} digits before the point`;
  }
  if (fraction.replace(/0+$/, '').length > scale) {
    return `${quote(text)} is too exact: at most ${scale} decimals are kept`;
  }
  return undefined;
}

/** `1`, `0`, `true`, `false`, `yes`, `no` in any case; undefined for anything else. */
export function readFlag(text: string): boolean | undefined {
  if (/^(1|true|yes)$/i.test(text)) return true;
  return /^(0|false|no)$/i.test(text) ? false : undefined;
}
