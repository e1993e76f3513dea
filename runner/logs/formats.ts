import { fourDigits, isDigit, isWeekdayAt, monthAt, behindDigits, numberOf, twoDigits } from './bytes.js';
import { readClock } from './clock.js';
import type { Moment } from './moment.js';

/** One way to write timestamps, or several. */
export interface TimestampFormat {
  /** For each byte 1 when a timestamp may begin with it: rules most lines out at once. */
  readonly first: Uint8Array;
  /**
   * Reads the timestamp at the start of a line into the (cleared) moment.
   * @param end where what is known of the file ends
   * @returns the offset behind it, -1 when the line begins otherwise
   */
  read(bytes: Uint8Array, at: number, end: number, moment: Moment): number;
}

const [space, comma, minus, slash, colon, opening, closing, less, greater] = [
  32, 44, 45, 47, 58, 91, 93, 60, 62,
];

/**
 * The formats that need no option: ISO 8601 (`2024-01-02T12:00:00.123+01:00`, a space for the T, slashes, no fraction, no
 * zone), log4j and Java (`2024-01-02 12:00:00,123`, `02 Jan 2024 12:00:00,123`, `02-Jan-2024 12:00:00.123`,
 * `Jan 02, 2024 3:04:05 PM`), all of them also in square brackets, Apache's (`[Tue Jan 02 12:00:00.123456 2024]`), and
 * syslog's (`Jan  2 12:00:00`, `<34>Jan  2 12:00:00`, `<34>1 2024-01-02T12:00:00Z`).
 */
export const knownFormats: TimestampFormat = {
  first: firstBytes('0123456789[<JFMASOND'),
  read(bytes, at, end, moment) {
    const first = bytes[at] ?? 0;
    if (first === opening) return readBracketed(bytes, at + 1, end, moment);
    if (first === less) return readPriority(bytes, at + 1, end, moment);
    return readPlain(bytes, at, end, moment);
  },
};

/** A table of bytes with 1 at the given characters. */
export function firstBytes(characters: string): Uint8Array {
  const table = new Uint8Array(256);
  for (const byte of Buffer.from(characters, 'latin1')) table[byte] = 1;
  return table;
}

function readPlain(bytes: Uint8Array, at: number, end: number, moment: Moment): number {
  if (!isDigit(bytes[at] ?? 0)) return readMonthFirst(bytes, at, end, moment);
  const year = fourDigits(bytes, at);
  return year < 0 ? readDayFirst(bytes, at, end, moment) : readYearFirst(bytes, at, end, moment, year);
}

/** `2024-01-02T12:00:00`, `2024/01/02 12:00:00` */
function readYearFirst(bytes: Uint8Array, at: number, end: number, moment: Moment, year: number): number {
  const separator = bytes[at + 4];
  if ((separator !== minus && separator !== slash) || bytes[at + 7] !== separator) return -1;
  const between = bytes[at + 10] ?? 0;
  if (between !== space && (between | 32) !== 116) return -1;
  if (!setDay(moment, twoDigits(bytes, at + 5), twoDigits(bytes, at + 8))) return -1;
  moment.year = year;
  return readClock(bytes, at + 11, end, moment);
}

/** `02-Jan-2024 12:00:00`, `02 Jan 2024 12:00:00`, `02/Jan/2024:12:00:00` */
function readDayFirst(bytes: Uint8Array, at: number, end: number, moment: Moment): number {
  const i = behindDigits(bytes, at, 2);
  const separator = bytes[i];
  if (separator !== minus && separator !== space && separator !== slash) return -1;
  const year = fourDigits(bytes, i + 5);
  if (bytes[i + 4] !== separator || year < 0) return -1;
  if (!setDay(moment, monthAt(bytes, i + 1), numberOf(bytes, at, i))) return -1;
  const between = bytes[i + 9];
  if (between !== space && between !== colon) return -1;
  moment.year = year;
  return readClock(bytes, i + 10, end, moment, true);
}

/** `Jan  2 12:00:00`, `Jan 2 2024 12:00:00`, `Jan 02, 2024 3:04:05 PM` */
function readMonthFirst(bytes: Uint8Array, at: number, end: number, moment: Moment): number {
  let i = readMonthAndDay(bytes, at, moment);
  if (i < 0) return -1;
  const year = fourDigits(bytes, i + (bytes[i] === comma ? 2 : 1));
  if (bytes[i] === comma) {
    if (year < 0 || bytes[i + 1] !== space || bytes[i + 6] !== space) return -1;
    moment.year = year;
    moment.levelOnNextLine = true;
    return readClock(bytes, i + 7, end, moment, true);
  }
  if (bytes[i] !== space) return -1;
  if (year >= 0 && bytes[i + 5] === space) {
    moment.year = year;
    i += 5;
  }
  return readClock(bytes, i + 1, end, moment, true);
}

/** `Jan  2` */
function readMonthAndDay(bytes: Uint8Array, at: number, moment: Moment): number {
  const month = monthAt(bytes, at);
  if (month === 0 || bytes[at + 3] !== space) return -1;
  const start = bytes[at + 4] === space ? at + 5 : at + 4;
  const i = behindDigits(bytes, start, 2);
  return i > start && setDay(moment, month, numberOf(bytes, start, i)) ? i : -1;
}

/** What stands in `[…]`; the closing bracket is taken along when it follows at once. */
function readBracketed(bytes: Uint8Array, at: number, end: number, moment: Moment): number {
  const i =
    isWeekdayAt(bytes, at) && bytes[at + 3] === space
      ? readWeekdayFirst(bytes, at + 4, end, moment)
      : readPlain(bytes, at, end, moment);
  moment.levelOnNextLine = false;
  return i >= 0 && bytes[i] === closing && i < end ? i + 1 : i;
}

/** Behind the weekday: `Jan 02 12:00:00.123456 2024]` */
function readWeekdayFirst(bytes: Uint8Array, at: number, end: number, moment: Moment): number {
  const date = readMonthAndDay(bytes, at, moment);
  if (date < 0 || bytes[date] !== space) return -1;
  const i = readClock(bytes, date + 1, end, moment, true);
  if (i < 0 || bytes[i] !== space) return -1;
  const year = fourDigits(bytes, i + 1);
  if (year < 0 || i + 5 >= end || bytes[i + 5] !== closing) return -1;
  moment.year = year;
  return i + 5;
}

/** Behind `<`: `34>Jan  2 12:00:00`, `34>2024-01-02T12:00:00Z`, `34>1 2024-01-02T12:00:00Z`, `34>1 - ` (no time known) */
function readPriority(bytes: Uint8Array, at: number, end: number, moment: Moment): number {
  let i = behindDigits(bytes, at, 3);
  const priority = numberOf(bytes, at, i);
  if (i === at || bytes[i] !== greater || priority > 191) return -1;
  moment.priority = priority;
  i += 1;
  const version = behindDigits(bytes, i, 2);
  if (version > i && bytes[version] === space) {
    i = version + 1;
    if (bytes[i] === minus && bytes[i + 1] === space && i + 1 < end) return i + 1;
  }
  i = readPlain(bytes, i, end, moment);
  moment.levelOnNextLine = false;
  return i;
}

function setDay(moment: Moment, month: number, day: number): boolean {
  if (month < 1 || month > 12 || day < 1 || day > 31) return false;
  moment.month = month;
  moment.day = day;
  return true;
}
