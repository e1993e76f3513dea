import { setTimeout as sleep } from 'node:timers/promises';

import type { Engine } from '../engine/index.js';
import { logs } from '../procedures/generated/index.js';

/** What one call did. */
export interface BackfillStep {
  /** Of the backfill: MEDICION, FILAS …; empty while it is verified. */
  readonly phase: string;
  readonly table: string | null;
  readonly rows: number;
  readonly done: boolean;
}

export interface BackfillPace {
  /** Rows that a call treats at most. */
  readonly batch: number;
  /** Milliseconds between two calls, for what else the server has to do. */
  readonly pauseMs: number;
  /** When to stop although there is more, as `performance.now()` tells the time. */
  readonly deadline?: number | undefined;
  /** Aborted, it ends after the call that runs. */
  readonly signal: AbortSignal;
  readonly onStep: (step: BackfillStep) => void;
}

/** How a loop ended: all done, or between two calls. */
export type BackfillEnd = 'done' | 'interrupted' | 'deadline';

/** Batch after batch of the backfill, from wherever it stands. Each call is a transaction: whoever kills us loses one at most. */
export async function runBackfill(engine: Engine, pace: BackfillPace): Promise<BackfillEnd> {
  // what came since the last time is looked for once, at the beginning
  let otraVuelta = true;
  return await repeat(pace, async () => {
    const step = await logs.backfillLote(engine, { maximo: pace.batch, otraVuelta }, { idempotent: true });
    otraVuelta = false;
    return stepOf(step);
  });
}

/** The same on the way back. */
export async function revertBackfill(engine: Engine, pace: BackfillPace): Promise<BackfillEnd> {
  return await repeat(pace, async () =>
    stepOf(await logs.backfillRevertir(engine, { maximo: pace.batch }, { idempotent: true })),
  );
}

/** Counts and checksums again, window by window; whether they are what they were. */
export async function verifyBackfill(
  engine: Engine,
  pace: BackfillPace,
): Promise<{ readonly end: BackfillEnd; readonly correct: boolean }> {
  let correct = false;
  const end = await repeat(pace, async () => {
    // repeated after a lost connection it measures the next window, or all of them once more
    const { tabla, filas, terminado, correcto } = await logs.backfillVerificar(
      engine,
      { ventana: pace.batch },
      { idempotent: true },
    );
    correct = correcto === true;
    return { phase: '', table: tabla, rows: filas, done: terminado };
  });
  return { end, correct };
}

function stepOf({ fase, tabla, filas, terminado }: logs.BackfillLoteResult): BackfillStep {
  return { phase: fase, table: tabla, rows: filas, done: terminado };
}

async function repeat(pace: BackfillPace, call: () => Promise<BackfillStep>): Promise<BackfillEnd> {
  for (;;) {
    if (pace.signal.aborted) return 'interrupted';
    if (pace.deadline !== undefined && performance.now() >= pace.deadline) return 'deadline';
    const step = await call();
    pace.onStep(step);
    if (step.done) return 'done';
    if (pace.pauseMs > 0)
      await sleep(pace.pauseMs, undefined, { signal: pace.signal }).catch(() => undefined);
  }
}
