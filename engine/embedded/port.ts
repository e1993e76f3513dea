import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { codeOf, EmbeddedFailure } from './failure.js';

/** Below what Linux, macOS and Windows give to outgoing connections, so that none of those takes it meanwhile. */
const lowest = 15_432;
const highest = 29_999;

/** Why a port of 127.0.0.1 cannot be had, to be said after its number; undefined when it is free. */
export function obstacleAt(port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', (error) => {
      resolve(explainListen(error));
    });
    probe.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      probe.close(() => {
        resolve(undefined);
      });
    });
  });
}

/** What the system's refusal to listen means: a port that is taken, and one that this user may not use, are told apart. */
export function explainListen(error: unknown): string {
  const code = codeOf(error);
  return code === 'EACCES' || code === 'EPERM'
    ? 'may not be used by this user (below 1024 it takes an administrator)'
    : 'is in use by another program';
}

/** A port of 127.0.0.1 that nobody listens on. */
export async function findFreePort(): Promise<number> {
  for (let attempt = 0; attempt < 50; attempt++) {
    const port = randomInt(lowest, highest + 1);
    if ((await obstacleAt(port)) === undefined) return port;
  }
  throw new EmbeddedFailure(
    `no port of 127.0.0.1 from ${lowest} to ${highest} could be had for PostgreSQL in 50 attempts: ` +
      'set CARRIL_PORT to one that is free',
  );
}

/** `$CARRIL_PORT`: a port that the user insists on. */
export function portAskedFor(): number | undefined {
  const text = process.env['CARRIL_PORT'];
  if (text === undefined || text === '') return undefined;
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new EmbeddedFailure(`CARRIL_PORT is not a port number: ${text}`);
  }
  return port;
}
