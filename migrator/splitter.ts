/** One round trip to the server, repeated `count` times: what `GO` separates, in PostgreSQL a statement. */
export interface Batch {
  /** Without the blank lines around it; line endings as in the file. */
  readonly text: string;
  /** Line of the file, 1-based, on which `text` begins: the server's line n is the file's line + n - 1. */
  readonly line: number;
  /** Column of that line, 1-based, where `text` does not begin with it; 1 when left out. */
  readonly column?: number;
  /** `GO 3`: 3. `GO 0` is allowed, as in SSMS, and means never. */
  readonly count: number;
}

/** A script that sqlcmd and SSMS would refuse before the server sees it: open string or comment, `GO` with more than a count. */
export class SplitError extends Error {
  override readonly name = 'SplitError';
  /** 1-based. */
  readonly line: number;
  readonly column: number;

  constructor(message: string, line: number, column: number) {
    super(message);
    this.line = line;
    this.column = column;
  }
}

/**
 * Splits a T-SQL script into batches as SSMS and sqlcmd do.
 *
 * The rules, as Microsoft's own batch parser has them (sqltoolsservice, ManagedBatchParser; go-sqlcmd agrees but for
 * brackets and nested comments, which it does not know):
 * - `GO` counts only as the first word of a line, in any case, blanks before it allowed; never inside a string, a
 *   bracketed or quoted name, or a comment, and not behind a comment that ends on the same line.
 * - After it: blanks, a count, blanks, a `--` comment; anything else is an error there, and so it is here.
 * - `GO;` is no separator: neither parser takes `;` for the end of the word, so the line stays in the batch and goes to
 *   the server, which reads it as an alias, as a procedure called GO, or as a syntax error. (`GO 2;` is an error.)
 * - Block comments nest. `''`, `]]` and `""` do not end what they stand in.
 * - Variables `$(x)` and commands as `:r` belong to sqlcmd's own mode and are left as they are.
 *
 * @throws SplitError
 */
export function splitBatches(script: string): Batch[] {
  const text = script.startsWith('\uFEFF') ? script.slice(1) : script;
  const batches: Batch[] = [];
  // the batch and the line being read
  let start = 0;
  let position = 0;
  const lines = lineCounter(text);
  const end = (upTo: number, count: number) => {
    const body = text.slice(start, upTo).trimEnd();
    if (body === '') return;
    const blankLines = /^(?:[ \t]*(?:\r\n|\r|\n))*/.exec(body)?.[0].length ?? 0;
    batches.push({ text: body.slice(blankLines), line: lines(start + blankLines), count });
  };
  while (position < text.length) {
    const separator = readSeparator(text, position);
    if (separator === undefined) {
      position = skipLine(text, position);
    } else {
      end(position, separator.count);
      start = separator.next;
      position = separator.next;
    }
  }
  end(text.length, 1);
  return batches;
}

/** Characters that end the word `GO` (the list of SSMS): with any other behind it, it is part of a name or `GO;`. */
const separatorWord = /[ \t]*go(?=[ \t\r\n$/\-'"([!]|$)/iy;
const separatorRest = /[ \t]*(\d+)?[ \t]*(?:--[^\r\n]*)?(?:\r\n|\r|\n|$)/y;

/** The separator on the line that begins at `from`, if there is one. */
function readSeparator(text: string, from: number): { count: number; next: number } | undefined {
  separatorWord.lastIndex = from;
  if (!separatorWord.test(text)) return undefined;
  const after = separatorWord.lastIndex;
  separatorRest.lastIndex = after;
  const rest = separatorRest.exec(text);
  const count = Number(rest?.[1] ?? '1');
  if (rest === null || count > 0x7fffffff) {
    const { line, column } = place(text, after);
    throw new SplitError('after GO only a count and a -- comment may follow', line, column);
  }
  return { count, next: separatorRest.lastIndex };
}

/** Skips to the beginning of the next line that begins outside of strings, names and comments. */
function skipLine(text: string, from: number): number {
  let i = from;
  while (i < text.length) {
    const two = text.slice(i, i + 2);
    if (two === '--') i = lineEnd(text, i);
    else if (two === '/*') i = skipComment(text, i);
    else if (two === '\r\n') return i + 2;
    else if (two.startsWith('\n') || two.startsWith('\r')) return i + 1;
    else if (two.startsWith("'")) i = skipQuoted(text, i, "'", 'string');
    else if (two.startsWith('"')) i = skipQuoted(text, i, '"', 'quoted name');
    else if (two.startsWith('[')) i = skipQuoted(text, i, ']', 'bracketed name');
    else i += 1;
  }
  return i;
}

function lineEnd(text: string, from: number): number {
  let i = from;
  while (i < text.length && text[i] !== '\n' && text[i] !== '\r') i += 1;
  return i;
}

function skipComment(text: string, from: number): number {
  let depth = 0;
  for (let i = from; i < text.length;) {
    const two = text.slice(i, i + 2);
    if (two === '/*') depth += 1;
    else if (two === '*/') depth -= 1;
    i += two === '/*' || two === '*/' ? 2 : 1;
    if (depth === 0) return i;
  }
  throw unclosed(text, from, 'comment');
}

function skipQuoted(text: string, from: number, closing: string, what: string): number {
  for (let i = from + 1; i < text.length; i += 1) {
    if (text[i] !== closing) continue;
    if (text[i + 1] !== closing) return i + 1;
    i += 1;
  }
  throw unclosed(text, from, what);
}

function unclosed(text: string, at: number, what: string): SplitError {
  const { line, column } = place(text, at);
  return new SplitError(`this ${what} is not closed`, line, column);
}

/** Tells the line, 1-based, of positions that are asked for in rising order: each line is counted once. */
function lineCounter(text: string): (position: number) => number {
  let line = 1;
  let counted = 0;
  return (position) => {
    line += text.slice(counted, position).match(/\r\n|\r|\n/g)?.length ?? 0;
    counted = position;
    return line;
  };
}

/** Line and column, 1-based, of a position. */
function place(text: string, position: number): { line: number; column: number } {
  const lines = text.slice(0, position).split(/\r\n|\r|\n/);
  return { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
}
