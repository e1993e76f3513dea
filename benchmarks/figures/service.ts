import { pairwise } from '../figure.js';
import type { Figure } from '../figure.js';

export interface ServiceMeasured {
  readonly alone_s: readonly number[];
  readonly watched: readonly {
    readonly makespan_s: number;
    readonly status: { readonly p99_ms: number; readonly a_second: number; readonly failed: number };
    readonly memory: { readonly resident_mb: number };
  }[];
}

export function serviceFigures({ alone_s, watched }: ServiceMeasured): readonly Figure[] {
  const makespans = watched.map(({ makespan_s }) => makespan_s);
  return [
    { name: 'a run alone', unit: 's', better: 'lower', rounds: alone_s },
    { name: 'a watched run', unit: 's', better: 'lower', rounds: makespans },
    {
      name: 'what watching costs a run',
      unit: '%',
      better: 'lower',
      goal: 5,
      tolerated: 5,
      headline: true,
      rounds: pairwise(makespans, alone_s, (a, b) => 100 * (a / b - 1)),
    },
    {
      name: 'p99 of a status request',
      unit: 'ms',
      better: 'lower',
      goal: 50,
      headline: true,
      rounds: watched.map(({ status }) => status.p99_ms),
    },
    {
      name: 'status requests answered',
      unit: 'a second',
      better: 'higher',
      rounds: watched.map(({ status }) => status.a_second),
    },
    {
      name: 'status requests that failed',
      unit: '',
      better: 'lower',
      goal: 0,
      tolerated: 0,
      rounds: watched.map(({ status }) => status.failed),
    },
    {
      name: "the server's memory",
      unit: 'MB',
      better: 'lower',
      rounds: watched.map(({ memory }) => memory.resident_mb),
    },
  ];
}
