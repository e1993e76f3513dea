import { behindDigits, isAlphanumeric, isDigit, milliseconds, twoDigits } from './bytes.js';
import type { Moment } from './moment.js';

const [plus, comma, minus, dot, colon, space] = [43, 44, 45, 46, 58, 32];

/**
 * Reads `H:MM`, `HH:MM:SS` with a fraction behind point or comma, `AM`/`PM` and a zone (`Z`, `+02`, `+0200`, `+02:00`, also
 * behind a space), which must end before another letter or digit begins.
 * @returns the offset behind it, -1 when there is none. Where the text ends right behind it there is none either: the rest of
 *   the line may not be written yet
 */
export function readClock(
  bytes: Uint8Array,
  at: number,
  end: number,
  moment: Moment,
  needsSeconds = false,
): number {
  let i = readTime(bytes, at, end, moment, needsSeconds);
  if (i < 0) return -1;
  i = readHalf(bytes, i, end, moment);
  i = readZone(bytes, i, end, moment);
  return endsAt(bytes, i, end) ? i : -1;
}

/** `H:MM` or `H:MM:SS` with a fraction. */
function readTime(bytes: Uint8Array, at: number, end: number, moment: Moment, needsSeconds: boolean): number {
  let i = at;
  let hour = twoDigits(bytes, i);
  if (hour >= 0) i += 2;
  else {
    hour = (bytes[i] ?? 0) - 48;
    if (hour >>> 0 > 9) return -1;
    i += 1;
  }
  const minute = twoDigits(bytes, i + 1);
  if (bytes[i] !== colon || hour > 23 || minute >>> 0 > 59) return -1;
  i += 3;
  moment.hour = hour;
  moment.minute = minute;
  if (bytes[i] !== colon || (i + 1 < end && !isDigit(bytes[i + 1] ?? 0))) return needsSeconds ? -1 : i;
  const second = twoDigits(bytes, i + 1);
  if (second >>> 0 > 60) return -1;
  moment.second = second;
  i += 3;
  const mark = bytes[i];
  if (mark !== dot && mark !== comma) return i;
  if (i + 1 >= end) return -1;
  if (isDigit(bytes[i + 1] ?? 0)) {
    const behind = behindDigits(bytes, i + 1, 12);
    moment.milli = milliseconds(bytes, i + 1, behind);
    i = behind;
  }
  return i;
}

/** ` AM` or ` PM`, if it is there. */
function readHalf(bytes: Uint8Array, at: number, end: number, moment: Moment): number {
  if (bytes[at] !== space || ((bytes[at + 2] ?? 0) | 32) !== 109) return at;
  const letter = (bytes[at + 1] ?? 0) | 32;
  if ((letter !== 97 && letter !== 112) || moment.hour < 1 || moment.hour > 12) return at;
  if (!endsAt(bytes, at + 3, end)) return at;
  moment.half = letter === 97 ? 'AM' : 'PM';
  return at + 3;
}

/** A zone, if it is there. */
function readZone(bytes: Uint8Array, at: number, end: number, moment: Moment): number {
  const first = bytes[at] ?? 0;
  if ((first | 32) === 122) return at + 1;
  const sign = first === space ? at + 1 : at;
  if (bytes[sign] !== plus && bytes[sign] !== minus) return at;
  const behind = readOffset(bytes, sign, moment);
  // ` +02` behind a space may as well be a part of the message
  const shortest = first === space ? 5 : 3;
  if (behind < sign + shortest || !endsAt(bytes, behind, end)) {
    moment.offset = 0;
    return at;
  }
  return behind;
}

/** `+02`, `+0200` or `+02:00`: the offset behind it, or -1. */
export function readOffset(bytes: Uint8Array, at: number, moment: Moment): number {
  const hours = twoDigits(bytes, at + 1);
  if (hours >>> 0 > 18) return -1;
  const gap = bytes[at + 3] === colon ? 1 : 0;
  const minutes = twoDigits(bytes, at + 3 + gap);
  const whole = minutes >>> 0 <= 59;
  moment.offset = (hours * 60 + (whole ? minutes : 0)) * (bytes[at] === minus ? -1 : 1);
  return whole ? at + 5 + gap : at + 3;
}

/** Whether what was read ends here: another byte follows, and it is neither letter nor digit. */
export function endsAt(bytes: Uint8Array, at: number, end: number): boolean {
  return at < end && !isAlphanumeric(bytes[at] ?? 0);
}
