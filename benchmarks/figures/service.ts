import { pairwise } from '../figure.js';
import type { Figure } from '../figure.js';

interface WatchedRun {
  readonly makespan_s: number;
  readonly memory: { readonly resident_mb: number };
}

interface PolledRun extends WatchedRun {
  readonly status: { readonly p99_ms: number; readonly a_second: number; readonly failed: number };
}

export interface ServiceMeasured {
  readonly alone_s: readonly number[];
  readonly followed: readonly WatchedRun[];
  readonly polled: readonly PolledRun[];
}

export function serviceFigures({ alone_s, followed, polled }: ServiceMeasured): readonly Figure[] {
  const makespans = (runs: readonly WatchedRun[]) => runs.map(({ makespan_s }) => makespan_s);
  const cost = (runs: readonly WatchedRun[]) =>
    pairwise(makespans(runs), alone_s, (a, b) => 100 * (a / b - 1));
  return [
    { name: 'a run alone', unit: 's', better: 'lower', rounds: alone_s },
    { name: 'a run that clients follow', unit: 's', better: 'lower', rounds: makespans(followed) },
    {
      name: 'what following costs a run',
      unit: '%',
      better: 'lower',
      goal: 5,
      tolerated: 5,
      headline: true,
      rounds: cost(followed),
    },
    { name: 'what following and polling cost a run', unit: '%', better: 'lower', rounds: cost(polled) },
    {
      name: 'p99 of a status request',
      unit: 'ms',
      better: 'lower',
      goal: 50,
      headline: true,
      rounds: polled.map(({ status }) => status.p99_ms),
    },
    {
      name: 'status requests answered',
      unit: 'a second',
      better: 'higher',
      rounds: polled.map(({ status }) => status.a_second),
    },
    {
      name: 'status requests that failed',
      unit: '',
      better: 'lower',
      goal: 0,
      tolerated: 0,
      rounds: polled.map(({ status }) => status.failed),
    },
    {
      name: "the server's memory",
      unit: 'MB',
      better: 'lower',
      rounds: polled.map(({ memory }) => memory.resident_mb),
    },
  ];
}
