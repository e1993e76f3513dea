/**
 * A process of its own that asks for a run's state so many times a second, whether answers come or not, until it is told to stop.
 * It speaks HTTP by hand: a client's own work would be taken from the run, on a machine that has both.
 */
import { connect } from 'node:net';
import type { Socket } from 'node:net';

import { timingsOf } from '../measured-engine.js';
import type { Timings } from '../measured-engine.js';

export interface Asked extends Timings {
  /** Answers that were no success. */
  readonly failed: number;
  readonly a_second: number;
  /** Of this process, while it asked. */
  readonly cpu_s: number;
}

const [address = '', token = '', rate = '200'] = process.argv.slice(2);
const { hostname, port, pathname } = new URL(address);
const request = `GET ${pathname} HTTP/1.1\r\nHost: ${hostname}\r\nAccept-Encoding: gzip\r\nAuthorization: Bearer ${token}\r\n\r\n`;
const idle: Socket[] = [];
const times: number[] = [];
const waiting = new Set<Promise<void>>();
let failed = 0;
const stopping = new AbortController();

/** One request over a connection; resolves with its status once the last byte has come. */
function exchange(socket: Socket): Promise<number> {
  return new Promise((resolve, reject) => {
    let head = Buffer.alloc(0);
    let status = 0;
    let left = Infinity;
    const take = (bytes: Buffer): void => {
      if (status === 0) {
        head = Buffer.concat([head, bytes]);
        const end = head.indexOf('\r\n\r\n');
        if (end < 0) return;
        const text = head.toString('latin1', 0, end);
        status = Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1]);
        left = Number(/^content-length: (\d+)/im.exec(text)?.[1]) - (head.length - end - 4);
      } else left -= bytes.length;
      if (left <= 0) settle(undefined);
    };
    const settle = (error: Error | undefined): void => {
      socket.off('data', take).off('error', settle).off('close', closed);
      if (error === undefined) resolve(status);
      else reject(error);
    };
    const closed = (): void => {
      settle(new Error('the server closed the connection'));
    };
    socket.on('data', take).on('error', settle).on('close', closed);
    socket.write(request);
  });
}

/** From the moment it was due: a request that waits for a connection has waited, too. */
async function ask(due: number): Promise<void> {
  const socket = idle.pop() ?? connect({ host: hostname, port: Number(port), noDelay: true });
  let status = 0;
  try {
    status = await exchange(socket);
    idle.push(socket);
  } catch {
    socket.destroy();
  }
  times.push(performance.now() - due);
  if (status !== 200) failed += 1;
}

process.on('message', () => {
  stopping.abort();
});
// a connection and a first answer, so that the run does not begin beside the start of this process
await ask(performance.now());
times.length = 0;
process.send?.('open');
const begun = performance.now();
const cpu = process.cpuUsage();
const everyMs = 1000 / Number(rate);
for (let n = 0; !stopping.signal.aborted; n += 1) {
  const due = begun + n * everyMs;
  const early = due - performance.now();
  if (early > 1) await new Promise((resolve) => setTimeout(resolve, early));
  const asked = ask(Math.max(due, begun)).then(() => {
    waiting.delete(asked);
  });
  waiting.add(asked);
}
const seconds = (performance.now() - begun) / 1000;
await Promise.all(waiting);
const { user, system } = process.cpuUsage(cpu);
for (const socket of idle) socket.destroy();
const asked: Asked = {
  ...timingsOf(times),
  failed,
  a_second: Math.round(times.length / seconds),
  cpu_s: Math.round((user + system) / 1e4) / 100,
};
process.send?.(asked);
process.disconnect();
