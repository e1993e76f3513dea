import { acquireEmbedded, embeddedStatus } from '../../../../engine/embedded/index.js';
import type { EmbeddedTarget, PostgresTarget, SqlServerTarget } from '../../../../engine/index.js';
import { defineCommand, resolveTarget, withOutput } from '../../context.js';
import type { GlobalOptions } from '../../context.js';

interface UrlOptions extends GlobalOptions {
  readonly withPassword?: boolean | undefined;
}

export const url = defineCommand<UrlOptions>({
  command: 'url',
  describe: 'print the URL of the database, for psql and the like; without the password unless asked for',
  builder: (args) =>
    args
      .option('with-password', {
        type: 'boolean',
        default: false,
        describe: 'with the password in it: mind who sees the screen or the log',
      })
      .example('psql "$(carril db url --with-password)"', 'open it in psql'),
  handler: (argv) =>
    withOutput(argv, async (out) => {
      const target = await resolveTarget(argv);
      const server = target.kind === 'embedded' ? await embedded(target) : target;
      const text = urlOf(server, argv.withPassword === true);
      out.print(text);
      out.document({ url: text });
      if (target.kind !== 'embedded') return;
      const { stay } = await embeddedStatus({ home: target.home });
      if (!stay) out.warn('it stops when nobody uses it through carril; `carril db start` keeps it up');
    }),
});

/** Starts the server where it does not run, since its port may change then. */
async function embedded({ home, database }: EmbeddedTarget): Promise<PostgresTarget> {
  const server = await acquireEmbedded({ home, database });
  await server.release();
  return server.target;
}

function urlOf(target: PostgresTarget | SqlServerTarget, withPassword: boolean): string {
  const { user, password } = loginOf(target);
  const login =
    user === undefined
      ? ''
      : encodeURIComponent(user) +
        (withPassword && password !== undefined ? `:${encodeURIComponent(password)}` : '');
  const scheme = target.kind === 'sqlserver' ? 'mssql' : 'postgres';
  // an instance stands in the options: a backslash in a host is taken apart by shells
  const isSocket = target.host.startsWith('/');
  const host = isSocket ? '' : target.host.includes(':') ? `[${target.host}]` : target.host;
  const port = target.port === undefined ? '' : `:${target.port}`;
  const options = target.kind === 'sqlserver' ? sqlServerOptions(target) : postgresOptions(target, isSocket);
  const query = options.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&');
  return `${scheme}://${login === '' ? '' : `${login}@`}${host}${port}/${encodeURIComponent(target.database)}${query === '' ? '' : `?${query}`}`;
}

type Options = (readonly [string, string])[];

function loginOf(target: PostgresTarget | SqlServerTarget): { user?: string; password?: string | undefined } {
  if (target.kind === 'postgres') return { user: target.user, password: target.password };
  const login = target.authentication;
  return 'user' in login ? { user: login.user, password: login.password } : {};
}

function postgresOptions(target: PostgresTarget, isSocket: boolean): Options {
  const { ssl } = target;
  return given([
    ['host', isSocket ? target.host : undefined],
    ['sslmode', ssl?.mode],
    ['sslrootcert', ssl?.rootCert],
    ['sslcert', ssl?.cert],
    ['sslkey', ssl?.key],
  ]);
}

function sqlServerOptions(target: SqlServerTarget): Options {
  const login = target.authentication;
  return given([
    ['instance', target.instance],
    ['authentication', login.type === 'default' ? undefined : login.type],
    ['domain', 'domain' in login ? login.domain : undefined],
    ['clientId', 'clientId' in login ? login.clientId : undefined],
    ['tenantId', 'tenantId' in login ? login.tenantId : undefined],
    ['encrypt', target.encrypt === true ? undefined : String(target.encrypt)],
    ['trustServerCertificate', target.trustServerCertificate ? 'true' : undefined],
    ['serverName', target.serverName],
    ['ca', target.ca],
    ['multiSubnetFailover', target.multiSubnetFailover ? 'true' : undefined],
    ['readOnlyIntent', target.readOnlyIntent ? 'true' : undefined],
  ]);
}

function given(options: readonly (readonly [string, string | undefined])[]): Options {
  return options.flatMap(([name, value]): Options => (value === undefined ? [] : [[name, value]]));
}
