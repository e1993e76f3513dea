import { setTimeout as sleep } from 'node:timers/promises';
import { ProcedureError } from './errors.js';

/** Told before a call or query is tried again. */
export interface RetryEvent {
  /** 1 for the first repetition. */
  readonly attempt: number;
  readonly delayMs: number;
  /** What the attempt that failed had taken. */
  readonly lostMs: number;
  readonly error: ProcedureError;
  /** The procedure's name, where one was called. */
  readonly procedure: string | undefined;
}

export interface RetryOptions {
  readonly idempotent?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly procedure?: string | undefined;
  readonly onRetry?: ((retry: RetryEvent) => void) | undefined;
  /** Attempts in all. */
  readonly attempts?: number;
  readonly baseMs?: number;
  readonly capMs?: number;
}

/** How far an attempt came: the statement may have reached the server. */
export interface Progress {
  began: boolean;
}

/**
 * Tries again what failed for a passing reason, with full jitter: a delay between 0 and a bound that doubles, so that
 * those who collided do not meet again. A lost connection is only tried again when the statement had not begun, or when
 * the caller says that it does nothing twice.
 */
export async function withRetry<T>(
  attempt: (progress: Progress) => Promise<T>,
  options: RetryOptions,
): Promise<T> {
  const { attempts = 5, baseMs = 50, capMs = 5000 } = options;
  for (let tried = 1; ; tried += 1) {
    const progress: Progress = { began: false };
    const begun = performance.now();
    try {
      return await attempt(progress);
    } catch (error) {
      if (tried >= attempts || !mayRepeat(error, progress, options.idempotent === true)) throw error;
      const lostMs = performance.now() - begun;
      const delayMs = Math.round(Math.random() * Math.min(capMs, baseMs * 2 ** tried));
      options.onRetry?.({ attempt: tried, delayMs, lostMs, error, procedure: options.procedure });
      await sleep(delayMs, undefined, { signal: options.signal }).catch(() => {
        options.signal?.throwIfAborted();
      });
    }
  }
}

function mayRepeat(error: unknown, { began }: Progress, idempotent: boolean): error is ProcedureError {
  if (!(error instanceof ProcedureError) || !error.retryable) return false;
  return error.code !== 'CONNECTION' || !began || idempotent;
}
