import type { Socket } from 'node:net';

/**
 * What a carril process and the keeper say to each other over a loopback connection: one JSON object a line. The
 * connection itself is the registration: as long as it is open, the keeper keeps PostgreSQL up.
 */
export type ClientMessage =
  /** First line. `watch`: to look or to give an order, without keeping the server up. */
  | { readonly type: 'hello'; readonly token: string; readonly pid: number; readonly watch: boolean }
  /** Keep the server up when the last client has gone; or not any more. */
  | { readonly type: 'stay'; readonly stay: boolean }
  /** Stop the server now, whoever uses it. */
  | { readonly type: 'stop' };

export type KeeperMessage =
  | { readonly type: 'starting'; readonly text: string }
  | ReadyMessage
  /** The server cannot be had; the keeper goes. */
  | { readonly type: 'failed'; readonly message: string }
  /** The server is being stopped on purpose. */
  | { readonly type: 'stopping' }
  /** The server ended by itself; the keeper goes. */
  | { readonly type: 'lost'; readonly message: string };

export interface ReadyMessage {
  readonly type: 'ready';
  readonly port: number;
  readonly serverPid: number;
  readonly keeperPid: number;
  readonly dataFolder: string;
  readonly adopted: boolean;
  readonly stay: boolean;
  /** Processes that hold the server up, the receiver among them. */
  readonly clients: number;
  /** ISO 8601. */
  readonly since: string;
  /** What the user should know of this start. */
  readonly notices: readonly string[];
}

export function send(socket: Socket, message: ClientMessage | KeeperMessage): void {
  if (!socket.destroyed && socket.writable) socket.write(JSON.stringify(message) + '\n');
}

/** Calls `take` with each line's object; a line that is none, or too long to be one, ends the connection. */
export function onMessage(socket: Socket, take: (message: object) => void): void {
  let rest = '';
  socket.setEncoding('utf8');
  socket.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > 65_536) {
      socket.destroy();
      return;
    }
    for (const line of lines) {
      let message: unknown;
      try {
        message = JSON.parse(line);
      } catch {
        message = undefined;
      }
      if (typeof message !== 'object' || message === null) {
        socket.destroy();
        return;
      }
      take(message);
    }
  });
}
