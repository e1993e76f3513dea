import type { Batch } from './splitter.js';
import { SplitError } from './splitter.js';

/**
 * Cuts a PostgreSQL script at its semicolons, as psql does, so that an error that the server gives without a position
 * (a duplicate key, a division by zero) can be placed at its statement. Strings (`'…'`, `E'…'`), quoted names, dollar
 * quotes, comments (nested ones too) and the bodies of `BEGIN ATOMIC … END` functions are left whole.
 *
 * Source of the rules: the lexical structure chapter of PostgreSQL's manual, and psql's own scanner for `BEGIN ATOMIC`.
 * @throws SplitError for what is opened and never closed
 */
export function splitStatements(script: string): Batch[] {
  const statements: Batch[] = [];
  let start: number | undefined;
  let parentheses = 0;
  let atomic = 0;
  let lastWord = '';

  const end = (at: number): void => {
    if (start !== undefined) statements.push(statement(script, start, at));
    start = undefined;
    parentheses = 0;
    atomic = 0;
    lastWord = '';
  };

  for (let at = 0; at < script.length;) {
    const [kind, next] = token(script, at);
    if (kind === 'end' && parentheses <= 0 && atomic === 0) {
      end(next);
    } else if (kind !== 'blank') {
      start ??= at;
      const text = script.slice(at, next);
      if (text === '(') parentheses += 1;
      if (text === ')') parentheses -= 1;
      if (kind === 'word') {
        const word = text.toUpperCase();
        if (atomic > 0) atomic += word === 'CASE' || word === 'BEGIN' ? 1 : word === 'END' ? -1 : 0;
        else if (word === 'ATOMIC' && lastWord === 'BEGIN') atomic = 1;
        lastWord = word;
      }
    }
    at = next;
  }
  end(script.length);
  return statements;
}

type Kind = 'blank' | 'end' | 'word' | 'other';

/** What stands at `at`, and where the next thing begins. */
function token(script: string, at: number): [Kind, number] {
  const rest = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    return pattern.exec(script)?.[0];
  };
  const blank = rest(/(?:\s|--[^\n]*)+/y);
  if (blank !== undefined) return ['blank', at + blank.length];
  if (script.startsWith('/*', at)) return ['blank', comment(script, at)];
  if (script[at] === ';') return ['end', at + 1];

  const escaped = rest(/[eE]'(?:[^'\\]|\\[^]|'')*'/y);
  if (escaped !== undefined) return ['other', at + escaped.length];
  // a word before the quotes, so that the $ in a name opens nothing; U&'…', B'…' and X'…' go on as plain strings
  const word = rest(/[\p{L}_][\p{L}\p{N}_$]*/uy);
  if (word !== undefined && !(word.toUpperCase() === 'E' && script[at + 1] === "'"))
    return ['word', at + word.length];
  const plain = rest(/'(?:[^']|'')*'|"(?:[^"]|"")*"/y);
  if (plain !== undefined) return ['other', at + plain.length];
  const tag = rest(/\$(?:[\p{L}_][\p{L}\p{N}_]*)?\$/uy);
  if (tag !== undefined) {
    const close = script.indexOf(tag, at + tag.length);
    if (close < 0) throw open(script, at, `the dollar quote ${tag}`);
    return ['other', close + tag.length];
  }
  if (word !== undefined || script[at] === "'" || script[at] === '"') {
    throw open(script, at, script[at] === '"' ? 'the quoted name' : 'the string');
  }
  return ['other', at + 1];
}

function comment(script: string, at: number): number {
  let depth = 0;
  const marks = /\/\*|\*\//g;
  marks.lastIndex = at;
  for (let mark = marks.exec(script); mark !== null; mark = marks.exec(script)) {
    depth += mark[0] === '/*' ? 1 : -1;
    if (depth === 0) return marks.lastIndex;
  }
  throw open(script, at, 'the comment');
}

function statement(script: string, start: number, end: number): Batch {
  const { line, column } = placeOf(script, start);
  return { text: script.slice(start, end).trimEnd(), line, column, count: 1 };
}

function open(script: string, at: number, what: string): SplitError {
  const { line, column } = placeOf(script, at);
  return new SplitError(`${what} that begins here is not closed`, line, column);
}

function placeOf(script: string, at: number): { line: number; column: number } {
  const lines = script.slice(0, at).split('\n');
  return { line: lines.length, column: (lines.at(-1) ?? '').length + 1 };
}
