/**
 * Decimals as whole numbers of their last digit: exact, and nothing like what either engine computes with.
 */

/** `12.5` at scale 4 is 125000n. A text with more decimals than the scale is an error, not a rounding. */
export function units(text: string, scale: number): bigint {
  const [, sign = '', whole = '', fraction = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text) ?? [];
  if (whole === '' || fraction.length > scale) throw new Error(`${text} is no decimal of scale ${scale}`);
  return BigInt(sign + whole + fraction.padEnd(scale, '0'));
}

/** As both engines print a decimal of that scale. */
export function text(value: bigint, scale: number): string {
  const digits = String(absolute(value)).padStart(scale + 1, '0');
  return `${value < 0n ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

/** n / d, rounded half away from zero. */
export function quotient(n: bigint, d: bigint): bigint {
  const [dividend, divisor] = [absolute(n), absolute(d)];
  const rounded = (2n * dividend + divisor) / (2n * divisor);
  return n < 0n === d < 0n ? rounded : -rounded;
}

/** The same value with fewer decimals, rounded half away from zero. */
export function rescaled(value: bigint, from: number, to: number): bigint {
  return quotient(value, 10n ** BigInt(from - to));
}

export function absolute(value: bigint): bigint {
  return value < 0n ? -value : value;
}

export function sum(values: readonly bigint[]): bigint {
  return values.reduce((total, value) => total + value, 0n);
}
