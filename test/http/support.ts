import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createCredential } from '../../runner/http/credentials.js';
import type { Role } from '../../runner/http/roles.js';
import { createServer } from '../../runner/http/server.js';
import type { Server, ServerOptions } from '../../runner/http/server.js';
import { asRole, freshDatabase } from '../testing/index.js';
import type { TestContext, TestDatabase } from '../testing/index.js';

/** A server in this process, on a database of its own, and how to talk to it as each role. */
export interface TestServer {
  readonly db: TestDatabase;
  readonly server: Server;
  readonly url: string;
  readonly uploads: string;
  /** What it wrote to its log. */
  readonly log: () => string;
  readonly tokens: Readonly<Record<Role, string>>;
  fetch(path: string, options?: RequestInit & { readonly role?: Role }): Promise<Response>;
}

export async function startServer(t: TestContext, options: Partial<ServerOptions> = {}): Promise<TestServer> {
  const db = await freshDatabase(t);
  const uploads = mkdtempSync(join(tmpdir(), 'carril-http-'));
  const lines: string[] = [];
  const server = await createServer({
    // as it should be deployed: it may call entry procedures and nothing else
    engine: await asRole(db, 'carril_app'),
    uploads,
    uploadLimit: 2 ** 20,
    rate: 10_000,
    streams: 500,
    version: '0.0.0',
    log: { write: (line) => lines.push(line) },
    ...options,
  });
  const url = await server.listen('127.0.0.1', 0);
  t.teardown(async () => {
    await server.drain();
    rmSync(uploads, { recursive: true, force: true });
  });
  const token = async (role: Role) => (await createCredential(db.engine, role, role, null)).token;
  const tokens = { read: await token('read'), run: await token('run'), admin: await token('admin') };
  return {
    db,
    server,
    url,
    uploads,
    tokens,
    log: () => lines.join(''),
    fetch: (path, { role = 'run', ...init } = {}) =>
      fetch(`${url}${path}`, {
        ...init,
        headers: {
          authorization: `Bearer ${tokens[role]}`,
          ...(init.headers as Record<string, string> | undefined),
        },
      }),
  };
}

export interface SseEvent {
  readonly id: string | undefined;
  readonly event: string | undefined;
  readonly data: Record<string, unknown>;
}

/** The events of a stream until it ends, or until `enough` says so. */
export async function readEvents(
  response: Response,
  enough: (events: readonly SseEvent[]) => boolean = () => false,
): Promise<SseEvent[]> {
  const events: SseEvent[] = [];
  let rest = '';
  const decoder = new TextDecoder();
  for await (const bytes of response.body ?? []) {
    rest += decoder.decode(bytes as Uint8Array, { stream: true });
    const parts = rest.split('\n\n');
    rest = parts.pop() ?? '';
    for (const part of parts) {
      const field = (name: string): string | undefined =>
        part
          .split('\n')
          .find((line) => line.startsWith(`${name}: `))
          ?.slice(name.length + 2);
      const data = field('data');
      if (data !== undefined)
        events.push({
          id: field('id'),
          event: field('event'),
          data: JSON.parse(data) as Record<string, unknown>,
        });
    }
    if (enough(events)) break;
  }
  return events;
}
