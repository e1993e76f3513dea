import { UsageError } from './errors.js';
import type { CommonOptions } from './target.js';

/** A URL cut in its parts, percent-decoded. Cut by hand: WHATWG's parser refuses `host\instance`. */
export interface UrlParts {
  readonly host: string;
  readonly port: number | undefined;
  readonly user: string | undefined;
  readonly password: string | undefined;
  readonly database: string;
  readonly options: UrlOptions;
}

/**
 * Cuts `user:password@host:port/database?options`. Messages never repeat any of it but an option's name: a password
 * with an unescaped character in it may have landed anywhere.
 * @throws UsageError
 */
export function cutUrl(rest: string): UrlParts {
  const end = rest.search(/[/?]/);
  const authority = end < 0 ? rest : rest.slice(0, end);
  const tail = end < 0 ? '' : rest.slice(end);
  if (tail.includes('@')) {
    throw new UsageError(
      'the database URL has an @ after its host: in a user name or password write / as %2F, ? as %3F, @ as %40',
    );
  }
  const question = tail.indexOf('?');
  const path = question < 0 ? tail : tail.slice(0, question);
  const at = authority.lastIndexOf('@');
  const login = at < 0 ? undefined : authority.slice(0, at);
  const colon = login?.indexOf(':') ?? -1;
  const user = login === undefined ? undefined : colon < 0 ? login : login.slice(0, colon);
  return {
    ...cutHost(authority.slice(at + 1)),
    user: user === undefined || user === '' ? undefined : decode(user, 'user name'),
    password: login === undefined || colon < 0 ? undefined : decode(login.slice(colon + 1), 'password'),
    database: decode(path.slice(1), 'database'),
    options: new UrlOptions(question < 0 ? '' : tail.slice(question + 1)),
  };
}

function cutHost(text: string): { host: string; port: number | undefined } {
  const found = /^(\[[0-9a-f:.%]*\]|[^:]*)(?::(.*))?$/i.exec(text);
  if (found === null) throw new UsageError('the host of the database URL is not a name or an address');
  const [, host = '', digits] = found;
  const port = digits === undefined || digits === '' ? undefined : Number(digits);
  if (port !== undefined && !(/^\d{1,5}$/.test(digits ?? '') && port >= 1 && port <= 65_535)) {
    throw new UsageError(
      'the port of the database URL is not a number from 1 to 65535; in a password, write : / ? # @ % percent-encoded',
    );
  }
  return { host: host.startsWith('[') ? host.slice(1, -1) : decode(host, 'host'), port };
}

function decode(text: string, part: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new UsageError(`the ${part} of the database URL has a % that is no escape: write % as %25`);
  }
}

/** What stands after the question mark; names without regard to case. Each is taken once, what is left over is unknown. */
export class UrlOptions {
  readonly #left = new Map<string, { name: string; value: string }>();

  constructor(query: string) {
    for (const pair of query.split('&')) {
      if (pair === '') continue;
      const equals = pair.indexOf('=');
      const name = decode(equals < 0 ? pair : pair.slice(0, equals), 'options');
      const value = equals < 0 ? '' : decode(pair.slice(equals + 1).replaceAll('+', '%20'), 'options');
      if (this.#left.has(name.toLowerCase())) {
        throw new UsageError(`the database URL gives the option ${name} twice`);
      }
      this.#left.set(name.toLowerCase(), { name, value });
    }
  }

  has(name: string): boolean {
    return this.#left.has(name.toLowerCase());
  }

  /** Takes one option, under whichever of its names it is given. */
  text(...names: string[]): string | undefined {
    const given = names.filter((name) => this.has(name));
    const [first] = given;
    if (first === undefined) return undefined;
    if (given.length > 1) {
      throw new UsageError(`the database URL gives ${given.join(' and ')}, which mean the same`);
    }
    const value = this.#left.get(first.toLowerCase())?.value;
    this.#left.delete(first.toLowerCase());
    if (value === '') throw new UsageError(`the option ${first} of the database URL has no value`);
    return value;
  }

  flag(...names: string[]): boolean | undefined {
    return this.oneOf(names, { true: true, false: false, yes: true, no: false, 1: true, 0: false });
  }

  oneOf<T>(names: readonly string[], values: Readonly<Record<string, T>>): T | undefined {
    const text = this.text(...names);
    if (text === undefined) return undefined;
    const value = Object.entries(values).find(([name]) => name.toLowerCase() === text.toLowerCase());
    if (value === undefined) {
      throw new UsageError(
        `the option ${names[0] ?? ''} of the database URL takes ${Object.keys(values).join(', ')}`,
      );
    }
    return value[1];
  }

  /** Milliseconds: a number, or one with its unit, as in `500ms`, `15s`, `2m`. */
  milliseconds(...names: string[]): number | undefined {
    const text = this.text(...names);
    if (text === undefined) return undefined;
    const [, digits, unit = 'ms'] = /^(\d{1,9})(ms|s|m)?$/.exec(text) ?? [];
    if (digits === undefined) {
      throw new UsageError(
        `the option ${names[0] ?? ''} of the database URL takes milliseconds, or a time such as 15s`,
      );
    }
    return Number(digits) * { ms: 1, s: 1000, m: 60_000 }[unit as 'ms' | 's' | 'm'];
  }

  common(): CommonOptions {
    return {
      appName: this.text('appName', 'application_name'),
      connectTimeoutMs: this.milliseconds('connectTimeout'),
      requestTimeoutMs: this.milliseconds('requestTimeout'),
    };
  }

  /** @throws UsageError when something has not been taken */
  nothingElse(known: readonly string[]): void {
    const [unknown] = this.#left.values();
    if (unknown !== undefined) {
      throw new UsageError(
        `unknown option ${unknown.name} in the database URL; known are ${known.join(', ')}`,
      );
    }
  }
}
