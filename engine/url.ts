import { userInfo } from 'node:os';
import { UsageError } from './errors.js';
import { sqlServerOptions } from './url-sqlserver.js';
import { cutUrl } from './url-parts.js';
import type { UrlParts } from './url-parts.js';
import type { ConnectionTarget, EmbeddedTarget, PostgresSsl, PostgresTarget } from './target.js';

export type * from './target.js';

const forms = 'embedded: | mssql://user@host/database | postgres://user@host/database';

/**
 * Reads a database URL: `embedded:`, `embedded:name`, `mssql://…`, `postgres://…`.
 * @throws UsageError on anything else, and on a secret in a URL from the command line, where every process list shows it
 */
export function parseUrl(text: string, { fromCommandLine }: { fromCommandLine: boolean }): ConnectionTarget {
  const url = text.trim();
  const scheme = /^([a-z]+):/i.exec(url)?.[1]?.toLowerCase();
  if (scheme === 'embedded') return embedded(url.slice('embedded:'.length));
  if (scheme !== 'mssql' && scheme !== 'postgres' && scheme !== 'postgresql') {
    throw new UsageError(`not a database URL; write one of ${forms}`);
  }
  if (!url.slice(scheme.length).startsWith('://')) {
    throw new UsageError(`the database URL lacks // after ${scheme}: ; write ${scheme}://user@host/database`);
  }
  const rest = url.slice(scheme.length + 3);
  if (fromCommandLine) refuseSecrets(rest);
  const parts = cutUrl(rest);
  return scheme === 'mssql' ? sqlServerOptions(parts) : postgres(parts);
}

/** Refused before anything else is looked at, so that no other message comes first. */
function refuseSecrets(rest: string): void {
  const login = rest.slice(0, rest.lastIndexOf('@') + 1);
  const option = /[?&](password|pwd|clientSecret|accessToken|token)=/i.exec(rest)?.[1];
  if (!login.includes(':') && option === undefined) return;
  const what = option === undefined ? 'a password' : `a secret (${option})`;
  throw new UsageError(
    `the database URL on the command line carries ${what}, which every user of this machine could read: ` +
      'put the URL into the environment variable CARRIL_DATABASE_URL or into carril.config.json, ' +
      'or leave the password out and type it when asked',
  );
}

function embedded(name: string): EmbeddedTarget {
  if (name === '') return { kind: 'embedded' };
  if (!/^[a-z_][a-z0-9_]{0,62}$/.test(name)) {
    throw new UsageError(
      'embedded:NAME takes the name of a database: lower-case letters, digits and _, at most 63, no digit first',
    );
  }
  return { kind: 'embedded', database: name };
}

const postgresOptions = [
  'sslmode',
  'sslrootcert',
  'sslcert',
  'sslkey',
  'host',
  'connect_timeout',
  'connectTimeout',
  'requestTimeout',
  'appName',
];

function postgres(parts: UrlParts): PostgresTarget {
  const { options } = parts;
  const host = options.text('host') ?? parts.host;
  if (host.includes(',')) {
    throw new UsageError('the database URL names several hosts; name the one that takes writes');
  }
  const user = parts.user ?? process.env['PGUSER'] ?? userInfo().username;
  const ssl = tls(options.text('sslmode'), {
    rootCert: options.text('sslrootcert'),
    cert: options.text('sslcert'),
    key: options.text('sslkey'),
  });
  const seconds = options.text('connect_timeout');
  if (seconds !== undefined && !/^\d{1,6}$/.test(seconds)) {
    throw new UsageError('the option connect_timeout of the database URL takes seconds');
  }
  const common = options.common();
  options.nothingElse(postgresOptions);
  return {
    kind: 'postgres',
    host: host === '' ? 'localhost' : host,
    port: parts.port ?? 5432,
    user,
    password: parts.password,
    database: parts.database === '' ? user : parts.database,
    ssl,
    options: seconds === undefined ? common : { ...common, connectTimeoutMs: Number(seconds) * 1000 },
  };
}

function tls(mode: string | undefined, files: Omit<PostgresSsl, 'mode'>): PostgresSsl | undefined {
  switch (mode) {
    case undefined:
      // a certificate authority without a mode is a wish to be checked
      return files.rootCert === undefined ? undefined : { mode: 'verify-full', ...files };
    case 'disable':
    case 'require':
    case 'verify-ca':
    case 'verify-full':
      return { mode, ...files };
    case 'allow':
    case 'prefer':
      throw new UsageError(
        `sslmode=${mode} leaves it to chance whether the connection is encrypted: write disable, require, verify-ca or verify-full`,
      );
    default:
      throw new UsageError(
        'the option sslmode of the database URL takes disable, require, verify-ca, verify-full',
      );
  }
}
