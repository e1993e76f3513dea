import type { ServerResponse } from 'node:http';

import type { FastifyReply, FastifyRequest } from 'fastify';

import { HttpProblem } from './problem.js';

/** A comment so often, so that proxies and browsers see that the stream is alive. */
const keepAliveMs = 15_000;

/** What a client may leave unread before it is let go: it reconnects and resumes. */
const mostUnread = 1 << 20;

/** How long a client waits before it reconnects, ms. */
const retryMs = 2000;

export interface ServerEvent {
  readonly id?: string;
  readonly event?: string;
  readonly data: unknown;
}

/** An event as it goes over the wire: written once, sent to everybody. */
export function encodeEvent({ id, event, data }: ServerEvent): string {
  const head = `${id === undefined ? '' : `id: ${id}\n`}${event === undefined ? '' : `event: ${event}\n`}`;
  return `${head}data: ${JSON.stringify(data)}\n\n`;
}

/** One client's stream of Server-Sent Events. */
export class EventStream {
  readonly #response: ServerResponse;
  readonly #keepAlive: NodeJS.Timeout;
  readonly #closed = new AbortController();

  constructor(response: ServerResponse) {
    this.#response = response;
    response.write(`retry: ${retryMs}\n\n`);
    this.#keepAlive = setInterval(() => response.write(': alive\n\n'), keepAliveMs);
    response.on('close', () => {
      this.#close();
    });
    // a client that goes away while it is written to is no trouble of ours
    response.on('error', () => {
      this.#close();
    });
  }

  /** Aborts when the client has gone, or the stream was ended. */
  get closed(): AbortSignal {
    return this.#closed.signal;
  }

  /** Sends what `encodeEvent` wrote, one event or several. A client that does not read is cut off instead of filling the memory. */
  send(encoded: string | Buffer): void {
    if (this.#closed.signal.aborted) return;
    this.#response.write(encoded);
    if (this.#response.writableLength > mostUnread) this.#response.destroy();
  }

  /** Waits until the client has read what was sent; for streams that produce faster than anybody reads. */
  async drained(): Promise<void> {
    if (!this.#response.writableNeedDrain) return;
    await new Promise<void>((resolve) => {
      this.#response.once('drain', resolve);
      this.#response.once('close', resolve);
    });
  }

  /** Nothing is sent from now on: whoever still writes into the stream learns it from `closed`. */
  end(): void {
    this.#close();
    if (!this.#response.writableEnded) this.#response.end();
  }

  #close(): void {
    clearInterval(this.#keepAlive);
    this.#closed.abort();
  }
}

/** All open streams: bounded, and ended together when the server goes. */
export class Streams {
  readonly #open = new Set<EventStream>();
  readonly #most: number;
  #draining = false;

  constructor(most: number) {
    this.#most = most;
  }

  get size(): number {
    return this.#open.size;
  }

  /** Takes the answer over. @throws HttpProblem 429 when too many are open, 503 when the server is about to go */
  open(reply: FastifyReply): EventStream {
    // asked for before the end began, answered after it: nobody would end this one
    if (this.#draining) throw new HttpProblem(503, 'DRAINING', 'the server is about to stop: come back');
    if (this.#open.size >= this.#most)
      throw new HttpProblem(429, 'TOO_MANY_STREAMS', `${this.#most} streams are open, and that is the most`);
    reply.hijack();
    reply.raw.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
      'x-request-id': reply.request.id,
      connection: 'keep-alive',
    });
    const stream = new EventStream(reply.raw);
    this.#open.add(stream);
    stream.closed.addEventListener('abort', () => this.#open.delete(stream));
    return stream;
  }

  /** Tells everybody to come back, and ends their streams. */
  drain(): void {
    this.#draining = true;
    const farewell = encodeEvent({ event: 'cierre', data: { retry_ms: retryMs } });
    for (const stream of this.#open) {
      stream.send(farewell);
      stream.end();
    }
  }
}

/** Where a client that reconnects has got to; undefined for a new one. */
export function lastEventId(request: FastifyRequest): string | undefined {
  const header = request.headers['last-event-id'];
  return typeof header === 'string' && header !== '' ? header : undefined;
}
