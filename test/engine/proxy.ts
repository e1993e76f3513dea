import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

/** A TCP relay in front of a server, to lose connections and answers with. */
export interface Proxy {
  readonly port: number;
  /** Breaks every connection. */
  cut(): void;
  /** Lets nothing through any more, in neither direction, and says nothing. */
  hold(): void;
  close(): Promise<void>;
}

/** @param at the port to listen on: that of one that was closed, for a server that comes back */
export async function proxy(host: string, port: number, at = 0): Promise<Proxy> {
  const sockets = new Set<Socket>();
  let held = false;
  const server = createServer((client) => {
    const upstream = connect(port, host);
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from);
      from.on('data', (data) => {
        if (!held) to.write(data);
      });
      from.on('error', () => undefined);
      from.on('close', () => {
        sockets.delete(from);
        if (!held) to.destroy();
      });
    }
  });
  server.listen(at, '127.0.0.1');
  await once(server, 'listening');
  const cut = (): void => {
    for (const socket of sockets) socket.resetAndDestroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    cut,
    hold: () => {
      held = true;
    },
    close: async () => {
      server.close();
      cut();
      await once(server, 'close');
    },
  };
}
