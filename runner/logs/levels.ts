/** What a word says of its line. */
export interface Level {
  readonly name: string;
  readonly error: boolean;
}

/** Where a word counts: anywhere, in capitals or not; anywhere in capitals; only in capitals before a colon. */
type Use = 'any case' | 'capitals' | 'capitals and colon';

const errors = 'ERROR SEVERE FATAL CRITICAL CRIT ALERT EMERG PANIC';
const others = 'TRACE DEBUG INFO NOTICE WARN WARNING';
const othersInCapitals = 'CONFIG FINE FINER FINEST VERBOSE';
/** Kinds of lines that PostgreSQL writes: what they quote is no level. */
const othersBeforeColon = 'LOG STATEMENT DETAIL HINT CONTEXT QUERY LOCATION';

/** How far behind the timestamp a level's word begins at most, in bytes. */
export const levelReach = 200;

const severities: readonly Level[] = [
  ...['EMERG', 'ALERT', 'CRIT', 'ERROR'].map((name) => ({ name, error: true })),
  ...['WARNING', 'NOTICE', 'INFO', 'DEBUG'].map((name) => ({ name, error: false })),
];

/** The level that a syslog priority carries. */
export function severityOf(priority: number): Level | undefined {
  return severities[priority & 7];
}

// The words as a tree: 32 children a node, one for each letter (its lower five bits); child 0 is the end of the road.
const children: number[] = new Array<number>(64).fill(0);
const levels: (Level & { readonly use: Use })[] = [];
/** For each node the place in `levels` of the word that ends there, or -1. */
const ends: number[] = [-1, -1];

addWords(errors, true, 'any case');
addWords(others, false, 'any case');
addWords(othersInCapitals, false, 'capitals');
addWords(othersBeforeColon, false, 'capitals and colon');

const tree = Int16Array.from(children);
const wordAt = Int16Array.from(ends);

function addWords(words: string, error: boolean, use: Use): void {
  for (const name of words.split(' ')) {
    let node = 1;
    for (const letter of Buffer.from(name)) {
      const place = node * 32 + (letter & 31);
      if (children[place] === 0) {
        children[place] = ends.length;
        children.push(...new Array<number>(32).fill(0));
        ends.push(-1);
      }
      node = children[place] ?? 0;
    }
    ends[node] = levels.length;
    levels.push({ name, error, use });
  }
}

const [letter, joined, joining] = [1, 2, 3];
/** Letters; what makes one word with them (digits, `_`, `$`, all beyond ASCII); what does so between two words. */
const kinds = new Uint8Array(256).map((_zero, byte) => {
  if (((byte | 32) - 97) >>> 0 <= 25) return letter;
  if ((byte - 48) >>> 0 <= 9 || byte === 95 || byte === 36 || byte >= 128) return joined;
  return byte === 46 || byte === 45 || byte === 47 || byte === 92 ? joining : 0;
});

/**
 * The first level named in a line's first 200 bytes from `from`. A level is a whole word: in capitals, or in any case within
 * brackets (`[error]`, `[core:error]`), before a colon (`error:`) or behind `level=`; `a.ERROR:` names one too.
 * @param from behind the timestamp
 * @param end where what is known of the file ends
 */
export function findLevel(bytes: Uint8Array, from: number, end: number): Level | undefined {
  const limit = Math.min(end, from + levelReach);
  let i = from;
  while (i < limit) {
    const byte = bytes[i] ?? 0;
    if (kinds[byte] !== letter) {
      if (byte === 10) return undefined;
      i += 1;
      continue;
    }
    const start = i;
    let node = 1;
    let capitals = 32;
    let next = byte;
    do {
      node = tree[node * 32 + (next & 31)] ?? 0;
      capitals &= ~next;
      i += 1;
      next = bytes[i] ?? 0;
    } while (node !== 0 && kinds[next] === letter);
    const word = wordAt[node] ?? -1;
    if (word >= 0) {
      const level = levels[word];
      if (level !== undefined && counts(bytes, from, start, i, end, level.use, capitals !== 0)) return level;
    } else while (i < limit && kinds[bytes[i] ?? 0] === letter) i += 1;
  }
  return undefined;
}

/**
 * The level that a line begins with before a colon (`SEVERE: …`), as java.util.logging's second lines do.
 * @returns null when the line is not there yet to tell
 */
export function levelAtStart(bytes: Uint8Array, from: number, end: number): Level | null | undefined {
  let node = 1;
  let i = from;
  while (i < end && kinds[bytes[i] ?? 0] === letter) {
    node = tree[node * 32 + ((bytes[i] ?? 0) & 31)] ?? 0;
    if (node === 0 || ((bytes[i] ?? 0) & 32) !== 0) return undefined;
    i += 1;
  }
  if (i >= end) return null;
  return bytes[i] === 58 ? levels[wordAt[node] ?? -1] : undefined;
}

/** Whether the word in [start, behind) stands there as levels do. */
function counts(
  bytes: Uint8Array,
  from: number,
  start: number,
  behind: number,
  end: number,
  use: Use,
  capitals: boolean,
): boolean {
  const before = start > from ? (bytes[start - 1] ?? 0) : 32;
  const after = behind < end ? (bytes[behind] ?? 0) : 10;
  if (kinds[before] === joined || kinds[after] === joined) return false;
  if (kinds[after] === joining && behind + 1 < end && isWordByte(bytes[behind + 1])) return false;
  if (kinds[before] === joining && start - 2 >= from && isWordByte(bytes[start - 2]))
    return capitals && before === 46 && after === 58;
  if (capitals) return use !== 'capitals and colon' || after === 58;
  if (use !== 'any case') return false;
  return after === 58 || inBrackets(bytes, before, behind, end) || behindKey(bytes, from, start);
}

function isWordByte(byte: number | undefined): boolean {
  const kind = kinds[byte ?? 0];
  return kind === letter || kind === joined;
}

/** `[error]`, `[error ]`, `[core:error]` */
function inBrackets(bytes: Uint8Array, before: number, behind: number, end: number): boolean {
  if (before !== 91 && before !== 58) return false;
  let i = behind;
  while (i < end && bytes[i] === 32) i += 1;
  return i < end && bytes[i] === 93;
}

/** `level=error`, `lvl=error`, `severity=error` */
function behindKey(bytes: Uint8Array, from: number, start: number): boolean {
  if (bytes[start - 1] !== 61) return false;
  const text = String.fromCharCode(...bytes.subarray(Math.max(from, start - 10), start));
  return /(?:^|[^\w.])(?:level|lvl|severity)=$/.test(text);
}
