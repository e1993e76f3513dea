import { open } from 'node:fs/promises';

import { seeded } from '../runner/load/random.js';
import type { Random } from '../runner/load/random.js';
import { javaTrace, messageOf, pythonTrace, trap, warningDetails } from './log-texts.js';

/** How lines of a made-up log begin; `mixed` changes from entry to entry. */
export type LogStyle = 'log4j' | 'iso' | 'syslog' | 'rfc5424' | 'tomcat' | 'jul' | 'mixed';

export interface LogOptions {
  readonly seed: number;
  /** About so many bytes; the last entry is written whole. */
  readonly bytes: number;
  /** Default `log4j`. */
  readonly style?: LogStyle;
  readonly crlf?: boolean;
  /** Error blocks in a thousand entries. Default 10. */
  readonly errorsPerMille?: number;
  /** Whether the last line lacks its line end. */
  readonly noFinalNewline?: boolean;
}

export interface GeneratedLog {
  readonly bytes: number;
  readonly entries: number;
  readonly lines: number;
  /** Error blocks in it. */
  readonly blocks: number;
}

type Level = 'DEBUG' | 'INFO' | 'WARN' | 'ERROR' | 'FATAL';

const styles = ['log4j', 'iso', 'syslog', 'rfc5424', 'tomcat', 'jul'] as const;
const monthNames = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');
const severities: Readonly<Record<Level, number>> = { FATAL: 2, ERROR: 3, WARN: 4, INFO: 6, DEBUG: 7 };
const begin = Date.UTC(2024, 0, 2, 6, 30);
/** Characters that are put together before they are handed on. */
const partLength = 1 << 16;

/** Writes a made-up log to a file, a part at a time: the same seed makes the same bytes on every machine. */
export async function writeLog(path: string, options: LogOptions): Promise<GeneratedLog> {
  const file = await open(path, 'w');
  try {
    const parts = logParts(options);
    for (;;) {
      const part = parts.next();
      if (part.done === true) return part.value;
      await file.writeFile(part.value);
    }
  } finally {
    await file.close();
  }
}

/** The same in memory, at once: for small logs. */
export function logBytes(options: LogOptions): Buffer {
  return Buffer.concat([...logParts(options)]);
}

/** A made-up log part by part; returns what is in it. */
export function* logParts(options: LogOptions): Generator<Buffer, GeneratedLog> {
  const random = seeded(options.seed);
  const lineEnd = options.crlf === true ? '\r\n' : '\n';
  const counts = { bytes: 0, entries: 0, lines: 0, blocks: 0 };
  let moment = begin + random.between(0, 999);
  let pieces: string[] = [];
  let length = 0;
  for (;;) {
    moment += random.between(0, 40);
    const { lines, error } = entryOf(random, moment, options);
    counts.entries += 1;
    counts.lines += lines.length;
    if (error) counts.blocks += 1;
    const text = lines.join(lineEnd);
    pieces.push(text, lineEnd);
    length += text.length + lineEnd.length;
    const last = counts.bytes + length >= options.bytes;
    if (!last && length < partLength) continue;
    if (last && options.noFinalNewline === true) pieces.pop();
    const part = Buffer.from(pieces.join(''));
    counts.bytes += part.length;
    pieces = [];
    length = 0;
    yield part;
    if (last) return counts;
  }
}

function entryOf(
  random: Random,
  moment: number,
  options: LogOptions,
): { readonly lines: readonly string[]; readonly error: boolean } {
  const { style = 'log4j', errorsPerMille = 10 } = options;
  const written = style === 'mixed' ? (styles[random.between(0, styles.length - 1)] ?? 'log4j') : style;
  const level = levelOf(random, errorsPerMille);
  const error = level === 'ERROR' || level === 'FATAL';
  const message = random.percent(2) ? trap(random, moment) : messageOf(random);
  const lines = firstLines(random, written, level, moment, message);
  if (error) lines.push(...(random.percent(70) ? javaTrace(random) : pythonTrace(random)));
  else if (level === 'WARN' && random.percent(40)) lines.push(...warningDetails(random));
  return { lines, error };
}

function levelOf(random: Random, errorsPerMille: number): Level {
  const drawn = random.between(1, 1000);
  if (drawn <= errorsPerMille) return random.percent(5) ? 'FATAL' : 'ERROR';
  if (drawn > 960) return 'WARN';
  return random.percent(35) ? 'DEBUG' : 'INFO';
}

function firstLines(
  random: Random,
  style: LogStyle,
  level: Level,
  moment: number,
  message: string,
): string[] {
  const iso = new Date(moment).toISOString();
  const [date, time] = [iso.slice(0, 10), iso.slice(11, 23)];
  const month = monthNames[Number(iso.slice(5, 7)) - 1] ?? '';
  const thread = `exec-${random.between(1, 64)}`;
  const logger = `com.carril.${['fondos.Extractor', 'logs.Revisor', 'nomina.Consolidador'][random.between(0, 2)] ?? ''}`;
  switch (style) {
    case 'iso':
      return [`${date}T${time}Z [${thread}] ${level} ${logger}: ${message}`];
    case 'syslog':
      return [
        `${month} ${String(Number(iso.slice(8, 10))).padStart(2)} ${time.slice(0, 8)} nodo${random.between(1, 4)} ` +
          `carril[${random.between(100, 32_000)}]: ${level} ${message}`,
      ];
    case 'rfc5424':
      // the priority decides: words that follow do not
      return [
        `<${16 * 8 + severities[level]}>1 ${iso} nodo1 carril ${random.between(100, 32_000)} ID47 - ${message}`,
      ];
    case 'tomcat':
      return [
        `${iso.slice(8, 10)}-${month}-${iso.slice(0, 4)} ${time} ${level === 'ERROR' ? 'SEVERE' : level} [${thread}] ${logger} ${message}`,
      ];
    case 'jul': {
      const hour = Number(time.slice(0, 2));
      const clock = `${hour % 12 === 0 ? 12 : hour % 12}${time.slice(2, 8)} ${hour < 12 ? 'AM' : 'PM'}`;
      const name = level === 'ERROR' ? 'SEVERE' : level === 'WARN' ? 'WARNING' : level;
      return [
        `${month} ${iso.slice(8, 10)}, ${iso.slice(0, 4)} ${clock} ${logger} ejecutar`,
        `${name}: ${message}`,
      ];
    }
    default:
      return [`${date} ${time.replace('.', ',')} [${thread}] ${level.padEnd(5)} ${logger} - ${message}`];
  }
}
