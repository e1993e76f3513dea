import { commentRules, lex, unquote, type LexicalRule } from '../lexer.js';
import type { Source } from '../source.js';
import type { Token } from '../tokens.js';

const rules: readonly LexicalRule[] = [
  // sqlcmd and SSMS: GO alone on its line, perhaps with a count and a comment
  { kind: 'go', match: /(?<![^\n])[ \t]*go(?:[ \t]+\d+)?[ \t]*(?:--[^\n]*)?(?=\r?\n|$)/iy },
  // ends at each line's start, where GO may stand
  { kind: 'space', match: /[^\S\n]+|\n/y },
  ...commentRules,
  { kind: 'string', match: /n?'(?:[^']|'')*'/iy, value: unquote(`'`) },
  {
    kind: 'quoted',
    match: /\[(?:[^\]]|\]\])*\]/y,
    value: (raw) => raw.slice(1, -1).replaceAll(']]', ']'),
  },
  { kind: 'quoted', match: /"(?:[^"]|"")*"/y, value: unquote('"') },
  { kind: 'variable', match: /@[@\p{L}\p{N}_$#]+/uy },
  { kind: 'word', match: /[\p{L}_#][\p{L}\p{N}_$#@]*/uy },
  { kind: 'number', match: /0x[0-9a-f]*|(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?/iy },
];

/** Splits T-SQL into tokens, comments and GO lines among them. A part of the source can be named by its offsets. */
export function lexTsql(source: Source, start?: number, end?: number): Token[] {
  return lex(source, rules, start, end);
}
