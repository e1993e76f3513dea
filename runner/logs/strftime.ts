import { UsageError } from '../../engine/errors.js';
import { quote } from '../quote.js';
import {
  behindDigits,
  isAlphanumeric,
  isDigit,
  isWeekdayAt,
  milliseconds,
  monthAt,
  monthNames,
  numberOf,
  weekdayNames,
} from './bytes.js';
import { endsAt, readOffset } from './clock.js';
import type { TimestampFormat } from './formats.js';
import type { Moment } from './moment.js';

/** One piece of a format: the offset behind it, or -1. */
type Step = (bytes: Uint8Array, at: number, end: number, moment: Moment) => number;

/** Directives that are written out as others. */
const composed: Readonly<Record<string, string>> = {
  F: '%Y-%m-%d',
  T: '%H:%M:%S',
  R: '%H:%M',
  D: '%m/%d/%y',
  r: '%I:%M:%S %p',
};

const directives: Readonly<Record<string, Step>> = {
  Y: number(4, 4, 0, 9999, (moment, value) => (moment.year = value)),
  y: number(2, 2, 0, 99, (moment, value) => (moment.year = value + (value < 69 ? 2000 : 1900))),
  m: number(1, 2, 1, 12, (moment, value) => (moment.month = value)),
  d: padded(number(1, 2, 1, 31, (moment, value) => (moment.day = value))),
  e: padded(number(1, 2, 1, 31, (moment, value) => (moment.day = value))),
  j: number(3, 3, 1, 366, (moment, value) => (moment.dayOfYear = value)),
  H: padded(number(1, 2, 0, 23, (moment, value) => (moment.hour = value))),
  k: padded(number(1, 2, 0, 23, (moment, value) => (moment.hour = value))),
  I: padded(number(1, 2, 1, 12, (moment, value) => (moment.hour = value))),
  l: padded(number(1, 2, 1, 12, (moment, value) => (moment.hour = value))),
  M: number(1, 2, 0, 59, (moment, value) => (moment.minute = value)),
  S: number(1, 2, 0, 60, (moment, value) => (moment.second = value)),
  s: number(1, 12, 0, Infinity, (moment, value) => (moment.epoch = value)),
  f: readFraction,
  N: readFraction,
  L: readFraction,
  p: readHalf,
  b: readMonth,
  h: readMonth,
  B: readMonth,
  a: readWeekday,
  A: readWeekday,
  z: readZone,
  Z: readZoneName,
};

/**
 * A format as strftime writes it: `%d/%m/%Y %H:%M:%S`. A space stands for one or more spaces or tabs, months and weekdays
 * are English, numbers may lack their leading zero (not years, nor days of the year).
 * @throws UsageError naming the directive that is not known
 */
export function compileFormat(format: string): TimestampFormat {
  const steps: Step[] = [];
  let endsInLiteral = false;
  let known = 0;
  const pieces = expand(format).match(/%-?.|%-?$|\s+|[^%\s]+/gsu) ?? [];
  for (const piece of pieces) {
    const literal = piece.startsWith('%') ? (piece === '%%' ? '%' : undefined) : piece;
    endsInLiteral = literal !== undefined;
    if (literal === undefined) {
      steps.push(directive(piece));
      known += 1;
    } else steps.push(literal.trim() === '' ? readSpaces : text(literal));
  }
  if (known === 0)
    throw new UsageError(
      `--format: ${quote(format)} has no part of a date or time; write it as %d/%m/%Y %H:%M:%S`,
    );
  return {
    first: firstOf(pieces[0] ?? ''),
    read(bytes, at, end, moment) {
      let i = at;
      for (const step of steps) {
        i = step(bytes, i, end, moment);
        if (i < 0 || i > end) return -1;
      }
      return endsInLiteral || endsAt(bytes, i, end) ? i : -1;
    },
  };
}

function expand(format: string): string {
  return format.replaceAll(/%(.)/gsu, (whole, name: string) => composed[name] ?? whole);
}

function directive(piece: string): Step {
  const step = directives[piece.replace(/^%-?/, '')];
  if (step === undefined) {
    const names = [...Object.keys(directives), ...Object.keys(composed), '%']
      .map((name) => `%${name}`)
      .join(' ');
    throw new UsageError(`--format: ${quote(piece)} is no directive; there are ${names}`);
  }
  return step;
}

/** Bytes that a format beginning with this piece can begin with; all when that is not plain. */
function firstOf(piece: string): Uint8Array {
  const table = new Uint8Array(256);
  const literal = piece === '%%' ? '%' : piece;
  if (!literal.startsWith('%') || literal === '%') {
    const [byte] = Buffer.from(literal);
    if (literal.trim() === '') table[32] = table[9] = 1;
    else if (byte !== undefined) table[byte] = 1;
    return table;
  }
  const numeric = 'YymdejHkIlMSsfNL'.includes(piece.slice(-1));
  for (let byte = 0; byte < 256; byte += 1) table[byte] = !numeric || isDigit(byte) || byte === 32 ? 1 : 0;
  return table;
}

function text(literal: string): Step {
  const expected = Buffer.from(literal);
  return (bytes, at) => {
    for (let i = 0; i < expected.length; i += 1) if (bytes[at + i] !== expected[i]) return -1;
    return at + expected.length;
  };
}

function readSpaces(bytes: Uint8Array, at: number): number {
  let i = at;
  while (bytes[i] === 32 || bytes[i] === 9) i += 1;
  return i > at ? i : -1;
}

/** Digits: at least and at most so many, their value within bounds. */
function number(
  least: number,
  most: number,
  min: number,
  max: number,
  set: (moment: Moment, value: number) => void,
): Step {
  return (bytes, at, _end, moment) => {
    const behind = behindDigits(bytes, at, most);
    const value = numberOf(bytes, at, behind);
    if (behind < at + least || value < min || value > max) return -1;
    set(moment, value);
    return behind;
  };
}

/** The same with a space in place of the leading zero. */
function padded(step: Step): Step {
  return (bytes, at, end, moment) => step(bytes, bytes[at] === 32 ? at + 1 : at, end, moment);
}

function readFraction(bytes: Uint8Array, at: number, _end: number, moment: Moment): number {
  const behind = behindDigits(bytes, at, 12);
  if (behind === at) return -1;
  moment.milli = milliseconds(bytes, at, behind);
  return behind;
}

function readHalf(bytes: Uint8Array, at: number, _end: number, moment: Moment): number {
  const letter = (bytes[at] ?? 0) | 32;
  if (((bytes[at + 1] ?? 0) | 32) !== 109 || (letter !== 97 && letter !== 112)) return -1;
  moment.half = letter === 97 ? 'AM' : 'PM';
  return at + 2;
}

function readMonth(bytes: Uint8Array, at: number, _end: number, moment: Moment): number {
  const month = monthAt(bytes, at);
  if (month === 0) return -1;
  moment.month = month;
  return behindName(bytes, at, monthNames[month - 1] ?? '');
}

function readWeekday(bytes: Uint8Array, at: number): number {
  if (!isWeekdayAt(bytes, at)) return -1;
  const name = weekdayNames.find((name) => behindName(bytes, at, name) === at + name.length);
  return at + (name?.length ?? 3);
}

/** Behind the whole name when it stands there, else behind its first three letters. */
function behindName(bytes: Uint8Array, at: number, name: string): number {
  for (let i = 3; i < name.length; i += 1) {
    if (((bytes[at + i] ?? 0) | 32) !== name.charCodeAt(i)) return at + 3;
  }
  return at + name.length;
}

function readZone(bytes: Uint8Array, at: number, _end: number, moment: Moment): number {
  const first = bytes[at] ?? 0;
  if ((first | 32) === 122) return at + 1;
  return first === 43 || first === 45 ? readOffset(bytes, at, moment) : -1;
}

/** A zone's name: read over, since names alone do not tell the offset. */
function readZoneName(bytes: Uint8Array, at: number): number {
  let i = at;
  while (isAlphanumeric(bytes[i] ?? 0) && !isDigit(bytes[i] ?? 0)) i += 1;
  return i > at ? i : -1;
}
