/** Reading numbers and names in bytes: what a timestamp is made of. A byte behind the end reads as 0. */

/** Whether it is one of 0 to 9. */
export function isDigit(byte: number): boolean {
  return (byte - 48) >>> 0 <= 9;
}

/** Whether it is a letter or digit of ASCII. */
export function isAlphanumeric(byte: number): boolean {
  return isDigit(byte) || ((byte | 32) - 97) >>> 0 <= 25;
}

/** The number that two digits there make, or -1. */
export function twoDigits(bytes: Uint8Array, at: number): number {
  const tens = (bytes[at] ?? 0) - 48;
  const ones = (bytes[at + 1] ?? 0) - 48;
  return tens >>> 0 <= 9 && ones >>> 0 <= 9 ? tens * 10 + ones : -1;
}

/** The number that four digits there make, or -1. */
export function fourDigits(bytes: Uint8Array, at: number): number {
  const high = twoDigits(bytes, at);
  const low = twoDigits(bytes, at + 2);
  return high < 0 || low < 0 ? -1 : high * 100 + low;
}

/** Offset behind the digits there, at most `most` of them. */
export function behindDigits(bytes: Uint8Array, at: number, most: number): number {
  let i = at;
  while (i < at + most && isDigit(bytes[i] ?? 0)) i += 1;
  return i;
}

/** The number that the digits in [at, end) make. */
export function numberOf(bytes: Uint8Array, at: number, end: number): number {
  let value = 0;
  for (let i = at; i < end; i += 1) value = value * 10 + (bytes[i] ?? 0) - 48;
  return value;
}

/** Thousandths of the fraction whose digits stand in [at, end); further digits are dropped. */
export function milliseconds(bytes: Uint8Array, at: number, end: number): number {
  let value = 0;
  for (let i = at; i < at + 3; i += 1) value = value * 10 + (i < end ? (bytes[i] ?? 0) - 48 : 0);
  return value;
}

/** Three letters of ASCII there as one number without regard to case; no name is 0. */
export function threeLetters(bytes: Uint8Array, at: number): number {
  const [a, b, c] = [bytes[at] ?? 0, bytes[at + 1] ?? 0, bytes[at + 2] ?? 0];
  return ((a | 32) << 16) | ((b | 32) << 8) | (c | 32);
}

export const monthNames: readonly string[] =
  'january february march april may june july august september october november december'.split(' ');

export const weekdayNames: readonly string[] =
  'sunday monday tuesday wednesday thursday friday saturday'.split(' ');

const months = byThreeLetters(monthNames);
const weekdays = byThreeLetters(weekdayNames);

/** 1 to 12 for the three letters of a month's English name there, or 0. */
export function monthAt(bytes: Uint8Array, at: number): number {
  return months.get(threeLetters(bytes, at)) ?? 0;
}

/** Whether the three letters there begin a weekday's English name. */
export function isWeekdayAt(bytes: Uint8Array, at: number): boolean {
  return weekdays.has(threeLetters(bytes, at));
}

function byThreeLetters(names: readonly string[]): ReadonlyMap<number, number> {
  return new Map(names.map((name, i) => [threeLetters(Buffer.from(name), 0), i + 1]));
}
