import { readFileSync } from 'node:fs';
import { Connection } from 'tedious';
import type { ConnectionConfiguration } from 'tedious';
import { UsageError } from '../errors.js';
import type { SqlServerAuthentication, SqlServerTarget } from '../target.js';

export interface OpenOptions {
  readonly appName: string;
  readonly connectTimeoutMs: number;
}

/** tedious' configuration for a target. */
export function configuration(target: SqlServerTarget, options: OpenOptions): ConnectionConfiguration {
  return {
    server: target.host,
    authentication: authentication(target.authentication),
    options: {
      ...(target.instance === undefined ? { port: target.port ?? 1433 } : { instanceName: target.instance }),
      database: target.database,
      encrypt: target.encrypt,
      trustServerCertificate: target.trustServerCertificate,
      ...(target.serverName === undefined ? {} : { serverName: target.serverName }),
      ...(target.ca === undefined ? {} : { cryptoCredentialsDetails: { ca: certificate(target.ca) } }),
      multiSubnetFailover: target.multiSubnetFailover,
      readOnlyIntent: target.readOnlyIntent,
      appName: options.appName,
      connectTimeout: options.connectTimeoutMs,
      // limits are kept by the engine, which says so with the statement's name
      requestTimeout: 0,
      useUTC: true,
      lowerCaseGuids: true,
      // the whole transaction fails with a statement, as PostgreSQL has it, also where a script forgets to say so
      abortTransactionOnError: true,
      rowCollectionOnDone: false,
      rowCollectionOnRequestCompletion: false,
    },
  };
}

/** Opens one connection. It never emits an unheard `error`: what is lost shows at the next statement. */
export function openConnection(config: ConnectionConfiguration): Promise<Connection> {
  const connection = new Connection(config);
  if (config.options?.encrypt === true) insistOnTls(connection);
  return new Promise((resolve, reject) => {
    let number: number | undefined;
    connection.on('error', () => undefined);
    // the error that the login rejects with has no number
    connection.once('errorMessage', (message: { number?: number }) => {
      number = message.number;
    });
    connection.connect((error) => {
      if (error === undefined) resolve(connection);
      else reject(Object.assign(error, number === undefined ? {} : { number }));
    });
  });
}

/** Where a server offers no TLS, tedious would send the password without it, although told to encrypt. */
function insistOnTls(connection: Connection): void {
  const inner = connection as unknown as { sendLogin7Packet(): void };
  const send = inner.sendLogin7Packet.bind(connection);
  let secure = false;
  connection.on('secure', () => {
    secure = true;
  });
  inner.sendLogin7Packet = () => {
    if (!secure) throw new Error('the server offers no encryption');
    // a redirected or repeated login comes over a socket of its own
    secure = false;
    send();
  };
}

function authentication(login: SqlServerAuthentication): {
  type: SqlServerAuthentication['type'];
  options: object;
} {
  const { type, ...rest } = login;
  if (!('user' in rest)) return { type, options: rest };
  const { user, ...options } = rest;
  return { type, options: { ...options, userName: user } };
}

function certificate(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`cannot read the certificate authority's file ${file}: ${(error as Error).message}`);
  }
}
