import { createHash } from 'node:crypto';

import type { FastifyRequest } from 'fastify';

import type { Engine } from '../../engine/index.js';
import { trabajo } from '../../procedures/generated/index.js';
import type { Caller } from '../process.js';
import { HttpProblem } from './problem.js';

/** The caller's own key: that of another caller is another one. */
export function keyOf(request: FastifyRequest): string | undefined {
  const key = request.headers['idempotency-key'];
  if (key === undefined) return undefined;
  if (typeof key !== 'string' || !/^[\x21-\x7e]{1,100}$/.test(key))
    throw new HttpProblem(400, 'BAD_REQUEST', 'Idempotency-Key: 1 to 100 visible ASCII characters');
  return `http:${request.credential?.id ?? 0n}:${key}`;
}

/**
 * For whom a job is started: who asked, not whose account the server runs under.
 * @param asked what makes the request this one; the same in the same order for a repetition
 */
export function callerOf(request: FastifyRequest, asked: readonly unknown[]): Caller {
  const key = keyOf(request);
  const digest =
    key === undefined ? undefined : createHash('sha256').update(JSON.stringify(asked)).digest('hex');
  return { key, digest, user: request.credential?.name };
}

/** @throws HttpProblem 422 when the key's job was started by another request: this one has started nothing then */
export async function sameRequest(engine: Engine, idTrabajo: bigint, { key, digest }: Caller): Promise<void> {
  if (key === undefined) return;
  const { clave, parametros } = await trabajo.estadoTrabajo(engine, { idTrabajo }, { idempotent: true });
  // a consolidation that somebody else started, and that was joined, has no key of ours
  if (clave !== key) return;
  const { huella } = JSON.parse(parametros ?? '{}') as { huella?: unknown };
  if (huella !== digest) throw keyReused();
}

export function keyReused(): HttpProblem {
  return new HttpProblem(
    422,
    'KEY_REUSED',
    'Idempotency-Key: it stands for another request of yours already; nothing was started, send a new key for a new request',
  );
}
