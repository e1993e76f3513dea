import { ParseError, type Source } from './source.js';
import type { Token, TokenKind } from './tokens.js';

/** A kind of token: a sticky pattern or a function that finds its text at an offset. Rules are tried in their order. */
export interface LexicalRule {
  /** `space` makes no token. */
  readonly kind: TokenKind | 'space';
  readonly match: RegExp | ((source: Source, at: number) => string | undefined);
  /** What the token means, where that is not its text. */
  readonly value?: (raw: string) => string;
}

/**
 * Splits a part of a source into tokens; a character that no rule knows is a symbol of its own.
 * @throws ParseError on a string, delimited name or comment that does not end
 */
export function lex(
  source: Source,
  rules: readonly LexicalRule[],
  start = 0,
  end = source.text.length,
): Token[] {
  const { text } = source;
  const tokens: Token[] = [];
  for (let at = start; at < end;) {
    let raw: string | undefined;
    const rule = rules.find(({ match }) => {
      if (typeof match === 'function') raw = match(source, at);
      else {
        match.lastIndex = at;
        raw = match.exec(text)?.[0];
      }
      return raw !== undefined;
    });
    if (rule === undefined && opening.has(text.charAt(at))) throw notClosed(source, at, text.charAt(at));
    raw ??= String.fromCodePoint(text.codePointAt(at) ?? 0);
    const kind = rule?.kind ?? 'symbol';
    if (kind !== 'space') {
      tokens.push({ kind, value: rule?.value?.(raw) ?? raw, start: at, end: at + raw.length });
    }
    at += raw.length;
  }
  return tokens;
}

/** What only a rule that did not find the end can have left over. */
const opening = new Set([`'`, '"']);

export function notClosed(source: Source, at: number, what: string): ParseError {
  return new ParseError(source.place(at), `${what} is not closed before the end of the file`);
}

/** `-- …` and block comments with those nested in them: both engines have them alike. */
export const commentRules: readonly LexicalRule[] = [
  { kind: 'comment', match: /--[^\n]*/y },
  {
    kind: 'comment',
    match: (source, at) => (source.text.startsWith('/*', at) ? blockComment(source, at) : undefined),
  },
];

/** The block comment that begins at an offset, with those nested in it. */
export function blockComment(source: Source, start: number): string {
  const { text } = source;
  const edge = /\/\*|\*\//g;
  edge.lastIndex = start;
  for (let depth = 0, found = edge.exec(text); found !== null; found = edge.exec(text)) {
    depth += found[0] === '/*' ? 1 : -1;
    if (depth === 0) return text.slice(start, edge.lastIndex);
  }
  throw notClosed(source, start, 'this comment');
}

/** Takes off a prefix and the quotes; a doubled quote inside is one. */
export function unquote(quote: string): (raw: string) => string {
  return (raw) => raw.slice(raw.indexOf(quote) + 1, -1).replaceAll(quote + quote, quote);
}
