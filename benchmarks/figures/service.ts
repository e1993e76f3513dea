import { pairwise } from '../figure.js';
import type { Figure } from '../figure.js';

export interface ServiceMeasured {
  readonly alone_s: readonly number[];
  /** Followed by the clients. */
  readonly followed: readonly WatchedRun[];
  /** Followed, and polled by another process, too. */
  readonly polled: readonly WatchedRun[];
}

interface WatchedRun {
  readonly makespan_s: number;
  readonly status: { readonly p99_ms: number; readonly a_second: number; readonly failed: number } | null;
  readonly memory: { readonly resident_mb: number };
}

export function serviceFigures({ alone_s, followed, polled }: ServiceMeasured): readonly Figure[] {
  const makespans = (runs: readonly WatchedRun[]) => runs.map(({ makespan_s }) => makespan_s);
  const cost = { unit: '%', better: 'lower', goal: 5, tolerated: 5, headline: true } as const;
  const percents = (runs: readonly WatchedRun[]) =>
    pairwise(makespans(runs), alone_s, (a, b) => 100 * (a / b - 1));
  const status = polled.flatMap((run) => run.status ?? []);
  return [
    { name: 'a run alone', unit: 's', better: 'lower', rounds: alone_s },
    { name: 'a followed run', unit: 's', better: 'lower', rounds: makespans(followed) },
    { name: 'a run followed and polled', unit: 's', better: 'lower', rounds: makespans(polled) },
    { name: 'what following costs a run', ...cost, rounds: percents(followed) },
    { name: 'what following and polling cost a run', ...cost, rounds: percents(polled) },
    {
      name: 'p99 of a status request',
      unit: 'ms',
      better: 'lower',
      goal: 50,
      headline: true,
      rounds: status.map((it) => it.p99_ms),
    },
    {
      name: 'status requests answered',
      unit: 'a second',
      better: 'higher',
      rounds: status.map((it) => it.a_second),
    },
    {
      name: 'status requests that failed',
      unit: '',
      better: 'lower',
      goal: 0,
      tolerated: 0,
      rounds: status.map((it) => it.failed),
    },
    {
      name: "the server's memory",
      unit: 'MB',
      better: 'lower',
      rounds: polled.map(({ memory }) => memory.resident_mb),
    },
  ];
}
