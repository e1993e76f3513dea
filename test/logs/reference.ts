import { createReadStream, statSync } from 'node:fs';

/**
 * The log's error blocks as a plain reader finds them: one pass from the file's beginning, line after line, with regular
 * expressions. Shares nothing with runner/logs, so that both can be compared.
 */
export interface ReferenceBlock {
  readonly byteStart: number;
  readonly byteEnd: number;
  readonly level: string;
  readonly at: Date | null;
  readonly signature: string;
  readonly firstLine: string;
  readonly text: string;
  readonly truncated: boolean;
}

export interface ReferenceOptions {
  readonly pattern?: string | undefined;
  readonly format?: string | undefined;
  /** The file's own when left out. */
  readonly mtimeMs?: number | undefined;
}

/** All blocks of a file. */
export async function referenceBlocks(
  path: string,
  options: ReferenceOptions = {},
): Promise<ReferenceBlock[]> {
  const blocks: ReferenceBlock[] = [];
  for await (const block of readReference(path, options)) blocks.push(block);
  return blocks;
}

/** All blocks of a file, one after the other. */
export async function* readReference(
  path: string,
  options: ReferenceOptions = {},
): AsyncGenerator<ReferenceBlock> {
  const reader = new Reader({ mtimeMs: statSync(path).mtimeMs, ...options });
  for await (const chunk of createReadStream(path)) {
    reader.add(chunk as Buffer);
    yield* reader.found.splice(0);
  }
  reader.end();
  yield* reader.found;
}

/** All blocks of a text. */
export function blocksOf(
  bytes: Buffer,
  options: ReferenceOptions & { readonly mtimeMs: number },
): ReferenceBlock[] {
  const reader = new Reader(options);
  reader.add(bytes);
  reader.end();
  return reader.found;
}

const kept = 65_536;
const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

interface Block {
  readonly start: number;
  readonly level: string;
  readonly at: Date | null;
  /** Bytes of the timestamp. */
  readonly stamp: number;
  readonly header: 1 | 2;
  parts: Buffer[];
  length: number;
}

/** A timestamp that was read. */
interface Stamp {
  /** Characters, which are bytes. */
  readonly length: number;
  readonly at: Date | null;
  readonly priority: number | undefined;
  /** java.util.logging: the level may begin the next line. */
  readonly jul: boolean;
}

class Reader {
  readonly found: ReferenceBlock[] = [];
  readonly #options: ReferenceOptions;
  readonly #format: RegExp | undefined;
  readonly #pattern: RegExp | undefined;
  #offset = 0;
  #rest: Buffer[] = [];
  #block: Block | undefined;
  /** A java.util.logging line whose level is still to come. */
  #waiting: { readonly start: number; readonly line: Buffer; readonly stamp: Stamp } | undefined;

  constructor(options: ReferenceOptions) {
    this.#options = options;
    this.#format = options.format === undefined ? undefined : formatExpression(options.format);
    const { pattern } = options;
    if (pattern !== undefined)
      this.#pattern = new RegExp(pattern.replace('(?i)', ''), pattern.startsWith('(?i)') ? 'i' : '');
  }

  add(chunk: Buffer): void {
    let from = 0;
    for (let i = chunk.indexOf('\n'); i >= 0; i = chunk.indexOf('\n', from)) {
      const line = chunk.subarray(from, i + 1);
      this.#line(this.#rest.length === 0 ? line : Buffer.concat([...this.#rest.splice(0), line]));
      from = i + 1;
    }
    if (from < chunk.length) this.#rest.push(chunk.subarray(from));
  }

  end(): void {
    if (this.#rest.length > 0) this.#line(Buffer.concat(this.#rest));
    this.#close();
  }

  /** A line with its line end, if it has one. */
  #line(given: Buffer): void {
    let start = this.#offset;
    this.#offset += given.length;
    let line = given;
    if (start === 0 && given.subarray(0, 3).toString('latin1') === '\u00ef\u00bb\u00bf') {
      start = 3;
      line = given.subarray(3);
    }
    if (line.length === 0) return;
    const head = line.subarray(0, 4096).toString('latin1');
    const stamp = this.#format === undefined ? knownStamp(head, this.#year) : this.#ownStamp(head);
    if (stamp === undefined) {
      this.#goOn(line, head);
      return;
    }
    this.#close();
    const level = this.#levelOf(line, head, stamp);
    if (level !== undefined) this.#open(start, level, stamp, 1, [line]);
    else if (stamp.jul && this.#pattern === undefined && findLevel(head.slice(stamp.length)) === undefined)
      this.#waiting = { start, line, stamp };
  }

  /** A line without a timestamp. */
  #goOn(line: Buffer, head: string): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    const [, level] = /^([A-Z]+):/.exec(head) ?? [];
    if (waiting !== undefined && level !== undefined && errorWords.includes(level))
      this.#open(waiting.start, level, waiting.stamp, 2, [waiting.line]);
    if (this.#block === undefined) return;
    if (this.#block.length <= kept) this.#block.parts.push(line);
    this.#block.length += line.length;
  }

  #levelOf(line: Buffer, head: string, stamp: Stamp): string | undefined {
    if (this.#pattern !== undefined) {
      const text = line
        .subarray(0, 4096)
        .toString()
        .replace(/\r?\n$/, '');
      const match = this.#pattern.exec(text);
      if (match === null) return undefined;
      const named = match.groups?.['level']?.trim().slice(0, 20) ?? '';
      return named === '' ? 'ERROR' : named.toUpperCase();
    }
    if (stamp.priority !== undefined) return ['EMERG', 'ALERT', 'CRIT', 'ERROR'][stamp.priority % 8];
    const level = findLevel(head.slice(stamp.length));
    return level !== undefined && errorWords.includes(level) ? level : undefined;
  }

  #open(start: number, level: string, stamp: Stamp, header: 1 | 2, parts: Buffer[]): void {
    const length = parts.reduce((sum, part) => sum + part.length, 0);
    this.#block = { start, level, at: stamp.at, stamp: stamp.length, header, parts, length };
  }

  #close(): void {
    const block = this.#block;
    this.#block = undefined;
    this.#waiting = undefined;
    if (block === undefined) return;
    const { start, length, level, at } = block;
    const bytes = Buffer.concat(block.parts);
    const cut = length > kept;
    // a character that is cut at the end is left out when more is to follow
    const whole = text(bytes.subarray(0, kept), cut);
    const short = shorten(whole);
    const lines = (from: number) =>
      text(bytes.subarray(from, kept), cut)
        .split('\n', block.header)
        .map((line) => line.replace(/\r+$/, ''))
        .join(' ');
    this.found.push({
      byteStart: start,
      byteEnd: start + length,
      level,
      at,
      signature: signature(lines(block.stamp)),
      firstLine: cutAt(lines(0), 1000),
      text: short.replace(/[\r\n]+$/, ''),
      truncated: cut || short !== whole,
    });
  }

  readonly #year = (parts: DateParts): Date | null => {
    const latest = (this.#options.mtimeMs ?? 0) + 24 * 3600 * 1000;
    for (let year = new Date(latest).getUTCFullYear(), left = 9; left > 0; left -= 1, year -= 1) {
      const date = dateOf({ ...parts, year });
      if (date !== null && date.getTime() <= latest) return date;
    }
    return null;
  };

  #ownStamp(head: string): Stamp | undefined {
    const match = this.#format?.exec(head);
    if (match === null || match === undefined) return undefined;
    const groups = match.groups ?? {};
    const parts = partsOf(groups);
    if (parts === undefined) return undefined;
    const at = parts.month === 0 ? null : parts.year === undefined ? this.#year(parts) : dateOf(parts);
    return { length: match[0].length, at, priority: undefined, jul: false };
  }
}

interface DateParts {
  readonly year: number | undefined;
  /** 0: no date. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly milli: number;
  /** Minutes. */
  readonly offset: number;
}

/** What named groups say; undefined when a part is out of its bounds. */
function partsOf(groups: Partial<Record<string, string>>): DateParts | undefined {
  const count = (name: string, otherwise: number) => Number((groups[name] ?? String(otherwise)).trim());
  const named =
    groups['b'] === undefined ? count('m', 0) : months.indexOf(groups['b'].toLowerCase().slice(0, 3)) + 1;
  if (groups['b'] !== undefined && named === 0) return undefined;
  const [day, hour, minute, second] = [count('d', 1), count('H', 0), count('M', 0), count('S', 0)];
  if ((groups['m'] !== undefined && named < 1) || named > 12 || day < 1 || day > 31) return undefined;
  if (hour > 23 || minute > 59 || second > 60) return undefined;
  const half = groups['p']?.trim().toLowerCase();
  if (half !== undefined && (hour < 1 || hour > 12)) return undefined;
  const [, sign, hours, minutes = '0'] = /^\s*([+-])(\d\d):?(\d\d)?$/.exec(groups['z'] ?? '') ?? [];
  return {
    year: groups['Y'] === undefined ? undefined : Number(groups['Y']),
    month: named,
    day,
    hour: half === undefined ? hour : (hour % 12) + (half === 'pm' ? 12 : 0),
    minute,
    second,
    milli: Number((groups['f'] ?? '0').padEnd(3, '0').slice(0, 3)),
    offset: hours === undefined ? 0 : (Number(hours) * 60 + Number(minutes)) * (sign === '-' ? -1 : 1),
  };
}

function dateOf(parts: DateParts): Date | null {
  const pad = (value: number, length = 2) => String(value).padStart(length, '0');
  const day = `${pad(parts.year ?? 0, 4)}-${pad(parts.month)}-${pad(parts.day)}`;
  const midnight = new Date(`${day}T00:00:00Z`);
  if (Number.isNaN(midnight.getTime()) || midnight.toISOString().slice(0, 10) !== day) return null;
  const seconds = (parts.hour * 60 + parts.minute - parts.offset) * 60 + parts.second;
  return new Date(midnight.getTime() + seconds * 1000 + parts.milli);
}

const clock =
  '(?<H>\\d\\d?):(?<M>\\d\\d)(?!\\d)(?::(?<S>\\d\\d)(?!\\d)(?:[.,](?<f>\\d{1,12})(?!\\d))?(?![.,](?:\\d|$))|(?!:(?:\\d|$)))(?<p> [AaPp][Mm](?![0-9A-Za-z]))?' +
  '(?<z>[Zz]|[+-]\\d\\d(?::?\\d\\d)?(?![0-9A-Za-z])| [+-]\\d\\d:?\\d\\d(?![0-9A-Za-z]))?(?=[^0-9A-Za-z])';
const yearFirst = `(?<Y>\\d{4})(?<s>[-/])(?<m>\\d\\d)\\k<s>(?<d>\\d\\d)[ Tt]${clock}`;
const dayFirst = `(?<d>\\d\\d?)(?<s>[-/ ])(?<b>[A-Za-z]{3})\\k<s>(?<Y>\\d{4})[ :]${clock}`;
const monthFirst = `(?<b>[A-Z][a-z]{2}) (?<d> ?\\d\\d?)(?: (?<Y>\\d{4}))? ${clock}`;
const monthComma = `(?<b>[A-Z][a-z]{2}) (?<d> ?\\d\\d?), (?<Y>\\d{4}) ${clock}`;
const apache = `(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) (?<b>[A-Z][a-z]{2}) (?<d> ?\\d\\d?) ${clock} (?<Y>\\d{4})(?=\\])`;

const plain = [yearFirst, dayFirst, monthFirst, monthComma].map((source) => new RegExp(`^${source}`));
const bracketed = [yearFirst, dayFirst, monthFirst, monthComma, apache].map(
  (source) => new RegExp(`^\\[${source}\\]?`),
);

/** A timestamp of one of the known formats; a line without line end must go on behind it. */
function knownStamp(head: string, yearOf: (parts: DateParts) => Date | null): Stamp | undefined {
  const [prefix = '', digits] = /^<(\d{1,3})>(?:\d\d? )?/.exec(head) ?? [];
  const priority = digits === undefined ? undefined : Number(digits);
  if (priority !== undefined) {
    if (priority > 191) return undefined;
    if (/> ?\d+ $/.test(prefix) && head.startsWith('- ', prefix.length))
      return { length: prefix.length + 1, at: null, priority, jul: false };
  }
  const rest = head.slice(prefix.length);
  const expressions = prefix === '' && rest.startsWith('[') ? bracketed : plain;
  for (const expression of expressions) {
    const match = expression.exec(rest);
    const groups = match?.groups;
    if (match === null || groups === undefined) continue;
    const parts = partsOf(groups);
    // only a year in front makes a time without seconds a timestamp
    if (parts === undefined || (groups['S'] === undefined && groups['b'] !== undefined)) return undefined;
    return {
      length: prefix.length + match[0].length,
      at: parts.year === undefined ? yearOf(parts) : dateOf(parts),
      priority,
      jul: prefix === '' && match[0].includes(', '),
    };
  }
  return undefined;
}

/** The few directives that tests use, as one expression. */
function formatExpression(format: string): RegExp {
  const sources: Record<string, string> = {
    d: '(?<d>[ ]?\\d\\d?)',
    m: '(?<m>\\d\\d?)',
    Y: '(?<Y>\\d{4})',
    b: '(?<b>[A-Za-z]{3})',
    H: '(?<H>[ ]?\\d\\d?)',
    M: '(?<M>\\d\\d?)',
    S: '(?<S>\\d\\d?)',
    f: '(?<f>\\d{1,12})',
    z: '(?<z>[Zz]|[+-]\\d\\d(?::?\\d\\d)?)',
    p: '(?<p>[AaPp][Mm])',
  };
  const source = format
    .replaceAll(/[.[\]()|*+?^$\\]/g, '\\$&')
    .replaceAll(/ +/g, '[ \\t]+')
    .replaceAll(/%(.)/g, (_all, name: string) => sources[name] ?? `no directive ${name}`);
  return new RegExp(`^${source}${/%.$/.test(format) ? '(?=[^0-9A-Za-z])' : ''}`);
}

const errorWords = ['ERROR', 'SEVERE', 'FATAL', 'CRITICAL', 'CRIT', 'ALERT', 'EMERG', 'PANIC'];
const bothCases = [...errorWords, 'TRACE', 'DEBUG', 'INFO', 'NOTICE', 'WARN', 'WARNING'];
const capitals = [...bothCases, 'CONFIG', 'FINE', 'FINER', 'FINEST', 'VERBOSE'];
const beforeColon = ['LOG', 'STATEMENT', 'DETAIL', 'HINT', 'CONTEXT', 'QUERY', 'LOCATION'];

/** The first word behind the timestamp that stands there as levels do. */
function findLevel(behind: string): string | undefined {
  const [line = ''] = behind.split('\n', 1);
  for (const match of line.matchAll(/[A-Za-z]+/g)) {
    const [word] = match;
    if (match.index >= 200) return undefined;
    const before = line.slice(0, match.index);
    const after = line.slice(match.index + word.length);
    if (/[\w$\u0080-\u00ff]$/.test(before) || /^[\w$\u0080-\u00ff]/.test(after)) continue;
    if (/^[-./\\][\w$\u0080-\u00ff]/.test(after)) continue;
    const upper = word.toUpperCase();
    if (/[\w$\u0080-\u00ff][-./\\]$/.test(before)) {
      const named = [...capitals, ...beforeColon].includes(word);
      if (named && before.endsWith('.') && after.startsWith(':')) return word;
      continue;
    }
    if (capitals.includes(word)) return word;
    if (beforeColon.includes(word) && after.startsWith(':')) return word;
    if (word === upper || !bothCases.includes(upper)) continue;
    const inBrackets = /[[:]$/.test(before) && /^ *\]/.test(after);
    const keyed = /(?:^|[^\w.])(?:level|lvl|severity)=$/.test(before);
    if (after.startsWith(':') || inBrackets || keyed) return upper;
  }
  return undefined;
}

/** What is masked, by what, and what must not stand before it. */
const masks: readonly (readonly [RegExp, string, RegExp])[] = [
  [/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![0-9A-Za-z])/iy, '<uuid>', /[0-9A-Za-z]/],
  [/\d{1,3}(?:\.\d{1,3}){3}(?![0-9A-Za-z]|\.\d)/y, '<ip>', /[0-9A-Za-z.]/],
  [
    /(?:(?=[0-9a-f:]*::)(?=[a-f:]*\d)[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7}|[0-9a-f]{1,4}(?::[0-9a-f]{1,4}){7})(?![0-9A-Za-z:])/iy,
    '<ip>',
    /[0-9A-Za-z:]/,
  ],
  [/(?:0x[0-9a-f]+|(?=[a-f]*\d)(?=\d*[a-f])[0-9a-f]{8,})(?![0-9A-Za-z])/iy, '<hex>', /[0-9A-Za-z]/],
  [/\d+(?:[.,]\d+)*/y, '<n>', /^$/],
];

/** Goes through the message once a mask: an id where a word begins, at last numbers anywhere. */
function signature(message: string): string {
  let given = message.trim().split(/\s+/).join(' ');
  for (const [expression, mask, before] of masks) {
    let done = '';
    for (let i = 0; i < given.length;) {
      expression.lastIndex = i;
      const match = before.test(given[i - 1] ?? ' ') ? null : expression.exec(given);
      done += match === null ? (given[i] ?? '') : mask;
      i += match === null ? 1 : match[0].length;
    }
    given = done;
  }
  return cutAt(given, 400);
}

/** UTF-8 as text; with `cut` a character that is incomplete at the end is left out. */
function text(bytes: Buffer, cut: boolean): string {
  return new TextDecoder('utf-8', { ignoreBOM: true })
    .decode(bytes, { stream: cut })
    .split('\0')
    .join('\ufffd');
}

/** 64 KiB of UTF-8 at most. */
function shorten(whole: string): string {
  let bytes = 0;
  let end = 0;
  for (const character of whole) {
    bytes += Buffer.byteLength(character);
    if (bytes > kept) break;
    end += character.length;
  }
  return whole.slice(0, end);
}

/** At most so many UTF-16 code units, no character cut in two. */
function cutAt(whole: string, most: number): string {
  let cut = '';
  for (const character of whole) {
    if (cut.length + character.length > most) break;
    cut += character;
  }
  return cut;
}
