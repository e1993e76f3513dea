import type { Client } from 'pg';
import { pg } from './library.js';

type Connected = (error: Error | null, client?: Client) => void;

/**
 * node-postgres' client, except that an attempt to connect that failed closes its socket. Where it fails on our side
 * (a password that is not there), the server would wait for an answer and hold the process up for a minute.
 */
export class ClosingClient extends pg.Client {
  override connect(): Promise<Client>;
  override connect(callback: Connected): void;
  override connect(callback?: Connected): Promise<Client> | undefined {
    if (callback === undefined) {
      return super.connect().catch((error: unknown) => {
        this.#close();
        throw error;
      });
    }
    // node-postgres' own types have the callback with an error or a client, never either
    const settle: Connected = (error, client) => {
      if (error !== null) this.#close();
      callback(error, client);
    };
    super.connect(settle as (error: Error) => void);
    return undefined;
  }

  #close(): void {
    const { connection } = this as unknown as { connection: { stream: { destroy: () => void } } };
    connection.stream.destroy();
  }
}
