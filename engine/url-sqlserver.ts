import { UsageError } from './errors.js';
import type { SqlServerAuthentication, SqlServerTarget } from './target.js';
import type { UrlOptions, UrlParts } from './url-parts.js';

const known = [
  'encrypt',
  'trustServerCertificate',
  'serverName',
  'hostNameInCertificate',
  'ca',
  'authentication',
  'domain',
  'clientId',
  'tenantId',
  'clientSecret',
  'accessToken',
  'instance',
  'multiSubnetFailover',
  'readOnlyIntent',
  'connectTimeout',
  'requestTimeout',
  'appName',
];

const authentications = [
  'default',
  'ntlm',
  'azure-active-directory-password',
  'azure-active-directory-access-token',
  'azure-active-directory-msi-vm',
  'azure-active-directory-msi-app-service',
  'azure-active-directory-service-principal-secret',
  'azure-active-directory-default',
] as const;

type AuthenticationType = (typeof authentications)[number];

const noIntegratedLogin =
  'Windows integrated login (without a user) needs a library of Windows that this tool does not use: ' +
  'name a SQL Server login (mssql://user@host/database), ' +
  'a domain account by its password (mssql://user@host/database?authentication=ntlm&domain=DOMAIN), ' +
  'or on Azure a Microsoft Entra login (authentication=azure-active-directory-default and its kin)';

/** The options of `mssql://`, after tedious' names. */
export function sqlServerOptions(parts: UrlParts): SqlServerTarget {
  const { options } = parts;
  const [host = '', instanceInHost] = parts.host.split('\\');
  if (host === '') throw new UsageError('the database URL names no host: mssql://user@host/database');
  if (parts.database === '') {
    throw new UsageError('the database URL names no database: mssql://user@host/database');
  }
  if (options.has('trustedConnection') || options.has('integratedSecurity')) {
    throw new UsageError(noIntegratedLogin);
  }
  const instanceOption = options.text('instance');
  if (instanceInHost !== undefined && instanceOption !== undefined) {
    throw new UsageError(String.raw`the database URL names the instance twice: host\instance and instance=`);
  }
  const instance = instanceInHost ?? instanceOption;
  if (instance !== undefined && parts.port !== undefined) {
    throw new UsageError(
      'the database URL gives both a port and an instance: leave out one, the port finds the instance',
    );
  }
  const target: SqlServerTarget = {
    kind: 'sqlserver',
    host,
    port: parts.port ?? (instance === undefined ? 1433 : undefined),
    instance: instance === '' ? undefined : instance,
    database: parts.database,
    authentication: authentication(parts, options),
    encrypt:
      options.oneOf<boolean | 'strict'>(['encrypt'], { true: true, false: false, strict: 'strict' }) ?? true,
    trustServerCertificate: options.flag('trustServerCertificate') ?? false,
    serverName: options.text('serverName', 'hostNameInCertificate'),
    ca: options.text('ca'),
    multiSubnetFailover: options.flag('multiSubnetFailover') ?? false,
    readOnlyIntent: options.flag('readOnlyIntent') ?? false,
    options: options.common(),
  };
  options.nothingElse(known);
  if (target.encrypt === 'strict' && target.trustServerCertificate) {
    throw new UsageError(
      'encrypt=strict always checks the certificate: leave out trustServerCertificate and name its authority with ca=FILE',
    );
  }
  return target;
}

function authentication(parts: UrlParts, options: UrlOptions): SqlServerAuthentication {
  const given = options.oneOf<AuthenticationType>(
    ['authentication'],
    Object.fromEntries(authentications.map((name) => [name, name])),
  );
  // DOMAIN\user is how Windows writes an account: no SQL login may contain a backslash
  const [, domainInUser, account] = /^([^\\]+)\\(.+)$/.exec(parts.user ?? '') ?? [];
  const domain = options.text('domain') ?? domainInUser;
  const type = given ?? (domain === undefined ? 'default' : 'ntlm');
  if (domain !== undefined && type !== 'ntlm') {
    throw new UsageError(`a domain goes with authentication=ntlm, not with ${type}`);
  }
  const need = (value: string | undefined, name: string): string => {
    if (value === undefined) throw new UsageError(`authentication=${type} needs ${name} in the database URL`);
    return value;
  };
  const login = { password: parts.password };
  switch (type) {
    case 'default':
      if (parts.user === undefined) throw new UsageError(noIntegratedLogin);
      return { type, user: parts.user, ...login };
    case 'ntlm':
      return {
        type,
        user: need(account ?? parts.user, 'a user'),
        domain: need(domain, 'domain=DOMAIN'),
        ...login,
      };
    case 'azure-active-directory-password':
      return {
        type,
        user: need(parts.user, 'a user'),
        clientId: need(options.text('clientId'), 'clientId='),
        tenantId: options.text('tenantId') ?? 'common',
        ...login,
      };
    case 'azure-active-directory-access-token':
      return { type, token: need(options.text('accessToken'), 'accessToken=') };
    case 'azure-active-directory-service-principal-secret':
      return {
        type,
        clientId: need(options.text('clientId'), 'clientId='),
        clientSecret: need(options.text('clientSecret'), 'clientSecret='),
        tenantId: need(options.text('tenantId'), 'tenantId='),
      };
    case 'azure-active-directory-default':
    case 'azure-active-directory-msi-vm':
    case 'azure-active-directory-msi-app-service':
      return { type, clientId: options.text('clientId') };
  }
}
