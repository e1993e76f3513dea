import type { Session } from '../../engine/index.js';
import { trabajo } from '../../procedures/generated/index.js';
import type { WorkerEvents } from './events.js';
import type { Chunk, FailedAttempt, Handler, Outcome } from './handler.js';
import { HeldChunk, Stopped } from './held-chunk.js';
import { attemptMayGoBetter, isMemoryFailure, isRefusal, messageOf, passesByItself } from './retryable.js';

/** A lane's surroundings: what it shares with the worker's other lanes. */
export interface LaneContext {
  readonly session: Session;
  readonly handlers: ReadonlyMap<string, Handler>;
  readonly events: WorkerEvents;
  readonly maxRunTimeMs: number;
  /** The chunks of all lanes, which the heartbeat renews. */
  readonly held: Set<HeldChunk>;
  stopping(): boolean;
  /** Completes a chunk whose work left nothing but this result. */
  complete(chunk: Chunk, resultado: string | null): Promise<Outcome>;
}

/**
 * Runs one claimed chunk to whatever end it takes, and finalizes its job if it was the last: then true. Throws nothing
 * of the chunk's.
 */
export async function runChunk(chunk: Chunk, lane: LaneContext): Promise<boolean> {
  const handler = lane.handlers.get(chunk.tipo);
  // the claim asked for these kinds only
  if (handler === undefined) throw new Error(`no handler for chunks of kind ${chunk.tipo}`);
  const held = new HeldChunk(chunk);
  lane.held.add(held);
  const timer = setTimeout(() => {
    held.stop('timed-out', `ran longer than ${lane.maxRunTimeMs / 1000} s (--max-run-time)`);
  }, lane.maxRunTimeMs);
  let remaining: number | undefined;
  try {
    remaining = await attempt(held, handler, lane);
  } finally {
    clearTimeout(timer);
    lane.held.delete(held);
  }
  if (remaining !== 0) return false;
  await finalize(chunk, handler, lane);
  return true;
}

/** The job's unfinished chunks, where the end of this one told. */
async function attempt(held: HeldChunk, handler: Handler, lane: LaneContext): Promise<number | undefined> {
  const { chunk } = held;
  try {
    const outcome = await handler.run(chunk, lane.session, {
      signal: held.signal,
      stopping: () => lane.stopping(),
      step: (name) => {
        held.begin(name);
        lane.events.step?.(chunk, name);
      },
      closing: () => {
        held.closing = true;
      },
      complete: (resultado) => {
        held.closing = true;
        return lane.complete(chunk, resultado);
      },
    });
    if (outcome.kind === 'stopped') {
      await giveBack(chunk, lane, 'given-back', 'the worker is stopping');
      return undefined;
    }
    lane.events.completed?.(chunk, outcome.state, outcome.remaining);
    return outcome.remaining;
  } catch (error) {
    return await afterError(held, error, handler, lane);
  }
}

async function afterError(
  held: HeldChunk,
  error: unknown,
  handler: Handler,
  lane: LaneContext,
): Promise<number | undefined> {
  const { chunk } = held;
  const reason: unknown = held.signal.reason;
  const cause = reason instanceof Stopped ? reason.stopCause : undefined;
  if (cause === 'lease-lost' || isRefusal(error, 'LEASE_LOST')) {
    // another worker has it: whatever we would say now is refused, and rightly so
    lane.events.dropped?.(chunk, 'lease-lost', messageOf(error));
    return undefined;
  }
  if (cause === 'cancelled' || isRefusal(error, 'CANCELLED')) {
    await giveBack(chunk, lane, 'cancelled', 'the job was cancelled');
    return 0;
  }
  if (cause === 'interrupted') {
    await giveBack(chunk, lane, 'given-back', 'interrupted');
    return undefined;
  }
  const { step } = held;
  if (cause === 'timed-out' && reason instanceof Stopped) {
    const { message } = reason;
    return await recordFailure(held, { step, message, retryable: true, transient: false }, handler, lane);
  }
  const message = messageOf(error);
  if (isMemoryFailure(error)) {
    const split = await splitChunk(held, message, handler, lane);
    if (split !== undefined) return split.remaining;
  }
  const [retryable, transient] = [attemptMayGoBetter(error), passesByItself(error)];
  return await recordFailure(held, { step, message, retryable, transient }, handler, lane);
}

/** Halves a chunk that was too large for the memory. Undefined when it cannot be halved: it fails as anything does. */
async function splitChunk(
  held: HeldChunk,
  message: string,
  handler: Handler,
  lane: LaneContext,
): Promise<{ remaining: number | undefined } | undefined> {
  const { chunk } = held;
  held.closing = true;
  try {
    // null in the call asks for the middle
    const corte = handler.splitAt === undefined ? null : await handler.splitAt(chunk);
    if (corte === null && handler.splitAt !== undefined) return undefined;
    const { partido, idChunk1, idChunk2, restantes } = await trabajo.partirChunk(
      lane.session,
      { idChunk: chunk.idChunk, token: chunk.token, error: message.slice(0, 4000), corte },
      { idempotent: true },
    );
    if (!partido || idChunk1 === null || idChunk2 === null) return undefined;
    lane.events.split?.(chunk, [idChunk1, idChunk2], message, restantes);
    return { remaining: restantes };
  } catch (error) {
    if (isRefusal(error, 'LEASE_LOST')) {
      lane.events.dropped?.(chunk, 'lease-lost', `${message}; ${messageOf(error)}`);
      return { remaining: undefined };
    }
    // of a cancelled job: recording the failure ends the chunk
    if (!isRefusal(error, 'CANCELLED'))
      lane.events.warning?.(`chunk ${chunk.idChunk} could not be split: ${messageOf(error)}`);
    return undefined;
  }
}

async function recordFailure(
  held: HeldChunk,
  attempt: FailedAttempt,
  handler: Handler,
  lane: LaneContext,
): Promise<number | undefined> {
  const { chunk } = held;
  const { message } = attempt;
  held.closing = true;
  try {
    const failure = await handler.fail(chunk, lane.session, attempt);
    lane.events.failed?.(chunk, message, failure.retryAt, failure.remaining);
    return failure.remaining;
  } catch (error) {
    const lost = isRefusal(error, 'LEASE_LOST');
    lane.events.dropped?.(
      chunk,
      lost ? 'lease-lost' : 'unreachable',
      `${message}; its failure could not be recorded: ${messageOf(error)}`,
    );
    return undefined;
  }
}

/** Gives the lease back without using up the attempt; when that fails, the lease expires on its own. */
export async function giveBack(
  chunk: Chunk,
  lane: Pick<LaneContext, 'session' | 'events'>,
  why: 'given-back' | 'cancelled',
  message: string,
): Promise<void> {
  try {
    await trabajo.devolverChunk(
      lane.session,
      { idChunk: chunk.idChunk, token: chunk.token },
      { idempotent: true },
    );
    lane.events.dropped?.(chunk, why, message);
  } catch (error) {
    const lost = isRefusal(error, 'LEASE_LOST');
    lane.events.dropped?.(chunk, lost ? 'lease-lost' : 'unreachable', `${message}; ${messageOf(error)}`);
  }
}

async function finalize(chunk: Chunk, handler: Handler, lane: LaneContext): Promise<void> {
  try {
    await handler.finalize(chunk, lane.session);
  } catch (error) {
    // the sweep of the idle poll and of the heartbeat tries again
    lane.events.warning?.(`job ${chunk.idTrabajo} is not finalized yet: ${messageOf(error)}`);
  }
}
