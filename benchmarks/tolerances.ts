import { UsageError } from '../engine/index.js';

/** A measure, what the documents want of it, and what they bear: one number of rounds, or relative to recording A. */
export interface Tolerance {
  /** A key of a round. */
  readonly measure: string;
  /** absolute: of B alone; relative: B's over A's. */
  readonly kind: 'absolute' | 'relative';
  readonly better: 'lower' | 'higher';
  readonly goal: number;
  readonly tolerated: number;
}

/**
 * What a rollout must show (documents 002 and 004). Their minutes and funds an hour were measured on other hardware, so
 * both are judged against recording A: 10 and 15 of 25 minutes are 40 and 60 %, 300 and 200 of 120 funds an hour 2.5 and
 * 5/3 times. Ten timeouts a day tolerate one; of a run, which is shorter, none.
 */
export const rolloutTolerances: readonly Tolerance[] = [
  { measure: 'deadlocks', kind: 'absolute', better: 'lower', goal: 0, tolerated: 1 },
  { measure: 'lock_escalations', kind: 'absolute', better: 'lower', goal: 0, tolerated: 2 },
  { measure: 'makespan_ms', kind: 'relative', better: 'lower', goal: 0.4, tolerated: 0.6 },
  { measure: 'funds_per_hour', kind: 'relative', better: 'higher', goal: 2.5, tolerated: 5 / 3 },
  { measure: 'error_3998', kind: 'absolute', better: 'lower', goal: 0, tolerated: 0 },
  { measure: 'timeouts', kind: 'absolute', better: 'lower', goal: 0, tolerated: 0 },
];

/** Of two recordings of one architecture, where nothing should have changed: as before, and at most a fifth slower. */
export const sameTolerances: readonly Tolerance[] = [
  { measure: 'deadlocks', kind: 'absolute', better: 'lower', goal: 0, tolerated: 1 },
  { measure: 'lock_escalations', kind: 'absolute', better: 'lower', goal: 0, tolerated: 2 },
  { measure: 'makespan_ms', kind: 'relative', better: 'lower', goal: 1, tolerated: 1.2 },
  { measure: 'funds_per_hour', kind: 'relative', better: 'higher', goal: 1, tolerated: 1 / 1.2 },
  { measure: 'error_3998', kind: 'absolute', better: 'lower', goal: 0, tolerated: 0 },
  { measure: 'timeouts', kind: 'absolute', better: 'lower', goal: 0, tolerated: 0 },
];

/** Ours, not the documents': lanes with an ID each have nothing to wait for. */
export const lanesTolerances: readonly Tolerance[] = [
  { measure: 'lock_waits', kind: 'absolute', better: 'lower', goal: 0, tolerated: 1 },
];

/**
 * A file's own: `{ "makespan_ms": { "kind": "relative", "better": "lower", "goal": 0.4, "tolerated": 0.6 } }`; a measure it
 * leaves out keeps what it had, null takes it away.
 * @throws UsageError saying which key is wrong
 */
export function readTolerances(
  text: string,
  where: string,
  base: readonly Tolerance[],
): readonly Tolerance[] {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${where} is no JSON: ${(error as Error).message}`);
  }
  if (typeof document !== 'object' || document === null || Array.isArray(document)) {
    throw new UsageError(`${where} must hold one object, a measure a key`);
  }
  const own = Object.entries(document as Record<string, unknown>);
  const kept = base.filter(({ measure }) => own.every(([name]) => name !== measure));
  return [
    ...kept,
    ...own.flatMap(([measure, value]) => (value === null ? [] : [tolerance(measure, value, where)])),
  ];
}

function tolerance(measure: string, value: unknown, where: string): Tolerance {
  const { kind, better, goal, tolerated } = (typeof value === 'object' ? value : {}) as Record<
    string,
    unknown
  >;
  if (kind !== 'absolute' && kind !== 'relative')
    throw new UsageError(`${where}: ${measure}.kind must be absolute or relative`);
  if (better !== 'lower' && better !== 'higher')
    throw new UsageError(`${where}: ${measure}.better must be lower or higher`);
  if (typeof goal !== 'number' || typeof tolerated !== 'number')
    throw new UsageError(`${where}: ${measure}.goal and ${measure}.tolerated must be numbers`);
  return { measure, kind, better, goal, tolerated };
}
