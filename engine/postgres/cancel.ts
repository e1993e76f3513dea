import type { ConnectionOptions } from 'node:tls';
import { pg } from './library.js';

/** What node-postgres' protocol connection can do, beyond its published types. */
interface ProtocolConnection {
  connect(port: number | string, host?: string): void;
  requestSsl(): void;
  cancel(processId: number, secretKey: number): void;
  on(event: 'connect' | 'sslconnect' | 'end', listener: () => void): void;
  on(event: 'error', listener: (error: Error) => void): void;
  readonly stream: { destroy(): void };
}

export interface CancelTarget {
  readonly host: string;
  readonly port: number;
  readonly ssl: false | ConnectionOptions;
  readonly connectTimeoutMs: number;
}

/**
 * Asks the server to cancel what a backend runs, as the protocol provides: over a connection of its own that needs no
 * login and no place in a pool. The server signals the backend before it closes that connection, so that after this
 * promise no cancel is under way any more: an idle backend ignores the signal.
 */
export function cancelBackend(
  target: CancelTarget,
  backend: { processID: number; secretKey: number },
): Promise<void> {
  const Protocol = pg.Connection as unknown as new (config: {
    ssl: false | ConnectionOptions;
  }) => ProtocolConnection;
  const connection = new Protocol({ ssl: target.ssl });
  return new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => {
      connection.stream.destroy();
      reject(new Error(`no answer in ${target.connectTimeoutMs} ms`));
    }, target.connectTimeoutMs);
    const cancel = (): void => {
      connection.cancel(backend.processID, backend.secretKey);
    };
    connection.on('connect', () => {
      if (target.ssl === false) cancel();
      else connection.requestSsl();
    });
    connection.on('sslconnect', cancel);
    connection.on('end', () => {
      clearTimeout(timer);
      resolve();
    });
    connection.on('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    if (target.host.startsWith('/')) connection.connect(`${target.host}/.s.PGSQL.${target.port}`);
    else connection.connect(target.port, target.host);
  });
}
