import type { Dialect } from '../engine/index.js';

/** A piece of SQL, for reading and not for running: comments and blanks are left out. */
export interface Token {
  /** word: unquoted; name: `[x]`, `"x"`; variable: `@x`; string: its content; body: what stands between dollars. */
  readonly kind: 'word' | 'name' | 'variable' | 'string' | 'body' | 'mark';
  /** Without quotes; a word in upper case is in `word`. */
  readonly text: string;
  readonly word: string;
  /** 1-based, within the text. */
  readonly line: number;
}

const patterns: readonly (readonly [Token['kind'] | 'blank', RegExp])[] = [
  ['blank', /(?:\s|--[^\n]*)+/y],
  ['blank', /\/\*(?:[^*]|\*(?!\/))*(?:\*\/|$)/y],
  ['string', /[NnEeUuBbXx]?&?'(?:[^']|'')*(?:'|$)/y],
  ['name', /"(?:[^"]|"")*"/y],
  ['variable', /@@?[\w$#]+/y],
  ['word', /[\p{L}_#][\p{L}\p{N}_$#]*/uy],
  ['mark', /[^]/y],
];
const bracketed = /\[(?:[^\]]|\]\])*\]/y;
const dollars = /\$(?:[\p{L}_][\p{L}\p{N}_]*)?\$/uy;

/** Cuts a statement or batch into tokens. What is not closed ends with the text. */
export function tokensOf(text: string, dialect: Dialect): Token[] {
  const tokens: Token[] = [];
  let line = 1;
  for (let at = 0; at < text.length;) {
    const [kind, raw, content] = next(text, at, dialect);
    if (kind !== 'blank')
      tokens.push({ kind, text: content, word: kind === 'word' ? content.toUpperCase() : '', line });
    line += raw.split('\n').length - 1;
    at += raw.length;
  }
  return tokens;
}

function next(text: string, at: number, dialect: Dialect): [Token['kind'] | 'blank', string, string] {
  const match = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    return pattern.exec(text)?.[0];
  };
  if (dialect === 'sqlserver') {
    const name = match(bracketed);
    if (name !== undefined) return ['name', name, name.slice(1, -1).replaceAll(']]', ']')];
  } else {
    const tag = match(dollars);
    if (tag !== undefined) {
      const close = text.indexOf(tag, at + tag.length);
      const body = text.slice(at + tag.length, close < 0 ? undefined : close);
      return ['body', text.slice(at, close < 0 ? undefined : close + tag.length), body];
    }
  }
  for (const [kind, pattern] of patterns) {
    const raw = match(pattern);
    if (raw === undefined || raw === '') continue;
    if (kind === 'string') return [kind, raw, raw.slice(raw.indexOf("'") + 1, -1).replaceAll("''", "'")];
    if (kind === 'name') return [kind, raw, raw.slice(1, -1).replaceAll('""', '"')];
    return [kind, raw, raw];
  }
  return ['mark', text.slice(at, at + 1), text.slice(at, at + 1)];
}
