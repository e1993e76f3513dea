/** Where to connect to: what `parseUrl` makes of a URL. It holds secrets; `describeTarget` says it without them. */
export type ConnectionTarget = SqlServerTarget | PostgresTarget | EmbeddedTarget;

/** The PostgreSQL that npm installed, started on first use. */
export interface EmbeddedTarget {
  readonly kind: 'embedded';
  /** Its database; the default one when left out. */
  readonly database?: string | undefined;
  /** The folder it lives in, instead of `$CARRIL_HOME` or `.carril/`. */
  readonly home?: string | undefined;
}

export interface PostgresTarget {
  readonly kind: 'postgres';
  /** A host name, an address, or the folder of a Unix socket. */
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password?: string | undefined;
  readonly database: string;
  readonly ssl?: PostgresSsl | undefined;
  readonly options?: CommonOptions | undefined;
}

/** TLS as libpq names it: `prefer` and `allow` are left out on purpose, since they promise nothing. */
export interface PostgresSsl {
  readonly mode: 'disable' | 'require' | 'verify-ca' | 'verify-full';
  /** File of the certificate authority, PEM. */
  readonly rootCert?: string | undefined;
  /** Files of the client's certificate and key, PEM. */
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
}

export interface SqlServerTarget {
  readonly kind: 'sqlserver';
  readonly host: string;
  /** Left out together with `instance`: 1433. */
  readonly port?: number | undefined;
  /** Named instance, looked up at the server's SQL Browser (UDP 1434). */
  readonly instance?: string | undefined;
  readonly database: string;
  readonly authentication: SqlServerAuthentication;
  readonly encrypt: boolean | 'strict';
  readonly trustServerCertificate: boolean;
  /** Name expected in the server's certificate, where it is not the host's. */
  readonly serverName?: string | undefined;
  /** File of the certificate authority, PEM. */
  readonly ca?: string | undefined;
  readonly multiSubnetFailover: boolean;
  readonly readOnlyIntent: boolean;
  readonly options?: CommonOptions | undefined;
}

/** Options that a URL may carry for either engine; those given to `connect` win. */
export interface CommonOptions {
  readonly appName?: string | undefined;
  readonly connectTimeoutMs?: number | undefined;
  readonly requestTimeoutMs?: number | undefined;
}

/** How tedious logs in, by its own names. Their secrets are refused in a URL from the command line. */
export type SqlServerAuthentication =
  | { readonly type: 'default'; readonly user: string; readonly password?: string | undefined }
  | {
      readonly type: 'ntlm';
      readonly user: string;
      readonly password?: string | undefined;
      readonly domain: string;
    }
  | {
      readonly type: 'azure-active-directory-password';
      readonly user: string;
      readonly password?: string | undefined;
      readonly clientId: string;
      readonly tenantId: string;
    }
  | { readonly type: 'azure-active-directory-access-token'; readonly token: string }
  | {
      readonly type: 'azure-active-directory-msi-vm' | 'azure-active-directory-msi-app-service';
      readonly clientId?: string | undefined;
    }
  | {
      readonly type: 'azure-active-directory-service-principal-secret';
      readonly clientId: string;
      readonly clientSecret: string;
      readonly tenantId: string;
    }
  | { readonly type: 'azure-active-directory-default'; readonly clientId?: string | undefined };

/** `host:port/database`, for messages: no user, no password, no secret option. */
export function describeTarget(target: ConnectionTarget): string {
  if (target.kind === 'embedded')
    return `embedded PostgreSQL${target.database === undefined ? '' : ` (${target.database})`}`;
  const where =
    target.kind === 'sqlserver' && target.instance !== undefined
      ? `${target.host}\\${target.instance}`
      : `${target.host}:${String(target.port ?? 1433)}`;
  return `${target.kind === 'sqlserver' ? 'SQL Server' : 'PostgreSQL'} ${where}/${target.database}`;
}

/**
 * Whether the login surely lacks the password it needs, so that a prompt may ask for it (see `withPassword`). Of a
 * PostgreSQL only its server can tell: it may trust us, and PGPASSWORD or a password file may hold the password.
 */
export function needsPassword(target: ConnectionTarget): boolean {
  if (target.kind !== 'sqlserver') return false;
  const login = target.authentication;
  return 'user' in login && login.password === undefined;
}

/** The same target with a password that came from a prompt. */
export function withPassword(target: ConnectionTarget, password: string): ConnectionTarget {
  if (target.kind === 'postgres') return { ...target, password };
  if (target.kind === 'sqlserver' && 'user' in target.authentication) {
    return { ...target, authentication: { ...target.authentication, password } };
  }
  return target;
}
