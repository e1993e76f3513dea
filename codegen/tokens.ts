import { ParseError, type Place, type Source } from './source.js';

export type TokenKind =
  | 'word'
  /** A delimited identifier, `[x]` or `"x"`; its value is without the delimiters. */
  | 'quoted'
  /** `@x` or `@@x`; its value is with the `@`. */
  | 'variable'
  /** A string literal; its value is what stands between the quotes, unescaped. */
  | 'string'
  | 'number'
  | 'symbol'
  /** Its value is the whole text, delimiters included. */
  | 'comment'
  /** A line that ends a T-SQL batch. */
  | 'go'
  | 'end';

export interface Token {
  readonly kind: TokenKind;
  readonly value: string;
  /** Offsets in the source. */
  readonly start: number;
  readonly end: number;
}

/** Walks over tokens, leaving comments out. Words are compared without regard to case. */
export class TokenReader {
  readonly source: Source;
  readonly #tokens: readonly Token[];
  readonly #endToken: Token;
  #at = 0;

  constructor(source: Source, tokens: readonly Token[]) {
    this.source = source;
    this.#tokens = tokens.filter((token) => token.kind !== 'comment');
    const end = tokens.at(-1)?.end ?? 0;
    this.#endToken = { kind: 'end', value: 'the end of the statement', start: end, end };
  }

  get done(): boolean {
    return this.#at >= this.#tokens.length;
  }

  peek(ahead = 0): Token {
    return this.#tokens[this.#at + ahead] ?? this.#endToken;
  }

  next(): Token {
    const token = this.peek();
    this.#at++;
    return token;
  }

  /** Whether these words come next. */
  isWords(...words: readonly string[]): boolean {
    return words.every((word, i) => {
      const token = this.peek(i);
      return token.kind === 'word' && token.value.toLowerCase() === word;
    });
  }

  /** Goes past these words if they come next, all of them. */
  acceptWords(...words: readonly string[]): boolean {
    if (!this.isWords(...words)) return false;
    this.#at += words.length;
    return true;
  }

  isSymbol(symbol: string): boolean {
    const token = this.peek();
    return token.kind === 'symbol' && token.value === symbol;
  }

  acceptSymbol(symbol: string): boolean {
    if (!this.isSymbol(symbol)) return false;
    this.#at++;
    return true;
  }

  expectSymbol(symbol: string, what: string): void {
    if (!this.acceptSymbol(symbol)) throw this.unexpected(`"${symbol}" ${what}`);
  }

  /** An identifier, bare or delimited. */
  identifier(what: string): Token {
    const token = this.peek();
    if (token.kind !== 'word' && token.kind !== 'quoted') throw this.unexpected(what);
    return this.next();
  }

  /** `name` or `schema.name` (of longer names, the last two parts). */
  qualifiedName(what: string): { schema: string | undefined; name: string; start: number } {
    const first = this.identifier(what);
    const parts = [first.value];
    while (this.acceptSymbol('.')) parts.push(this.identifier(what).value);
    return { schema: parts.at(-2), name: parts.at(-1) ?? '', start: first.start };
  }

  /** Goes past a parenthesis and everything in it, if one comes next. */
  skipParenthesis(): void {
    if (!this.isSymbol('(')) return;
    const start = this.next();
    for (let depth = 1; depth > 0;) {
      if (this.done) throw new ParseError(this.source.place(start.start), 'this parenthesis is not closed');
      const token = this.next();
      if (token.kind !== 'symbol') continue;
      if (token.value === '(') depth++;
      else if (token.value === ')') depth--;
    }
  }

  place(token: Token = this.peek()): Place {
    return this.source.place(token.start);
  }

  unexpected(expected: string): ParseError {
    const token = this.peek();
    const found =
      token.kind === 'end' ? token.value : token.kind === 'string' ? 'a string' : `"${token.value}"`;
    return new ParseError(this.place(token), `expected ${expected}, found ${found}`);
  }
}
