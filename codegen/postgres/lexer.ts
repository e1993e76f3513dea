import { commentRules, lex, notClosed, unquote, type LexicalRule } from '../lexer.js';
import type { Source } from '../source.js';
import type { Token } from '../tokens.js';

const dollar = /\$(?:[\p{L}_][\p{L}\p{N}_]*)?\$/uy;

const rules: readonly LexicalRule[] = [
  { kind: 'space', match: /\s+/y },
  ...commentRules,
  { kind: 'string', match: dollarQuoted, value: (raw) => raw.slice(tagLength(raw), -tagLength(raw)) },
  { kind: 'string', match: /e'(?:[^'\\]|''|\\[\s\S])*'/iy, value: unescape },
  { kind: 'string', match: /(?:[nbx]|u&)?'(?:[^']|'')*'/iy, value: unquote(`'`) },
  { kind: 'quoted', match: /(?:u&)?"(?:[^"]|"")*"/iy, value: unquote('"') },
  { kind: 'word', match: /[\p{L}_][\p{L}\p{N}_$]*/uy },
  { kind: 'number', match: /(?:\d[\d_]*\.?\d*|\.\d+)(?:e[+-]?\d+)?/iy },
  { kind: 'symbol', match: /::|:=|=>/y },
];

/** Splits a PostgreSQL script into tokens; a dollar-quoted body is one string. */
export function lexPostgres(source: Source): Token[] {
  return lex(source, rules);
}

function dollarQuoted(source: Source, at: number): string | undefined {
  dollar.lastIndex = at;
  const tag = dollar.exec(source.text)?.[0];
  if (tag === undefined) return undefined;
  const end = source.text.indexOf(tag, at + tag.length);
  if (end === -1) throw notClosed(source, at, tag);
  return source.text.slice(at, end + tag.length);
}

function tagLength(raw: string): number {
  return raw.indexOf('$', 1) + 1;
}

/** Of `E'…'`: the quotes and backslashes; other escapes stay as they are written. */
function unescape(raw: string): string {
  return raw.slice(2, -1).replace(/''|\\(['\\])/g, (_pair, one?: string) => one ?? `'`);
}
