import type { Figure } from '../figure.js';

export interface TraceMeasured {
  readonly overhead: {
    readonly pairs: readonly {
      readonly with_ms: number;
      readonly without_ms: number;
      readonly percent: number;
      /** Of client and server together. */
      readonly cpu_percent?: number | null;
    }[];
  };
  readonly writing: {
    readonly rounds: readonly { readonly writer: number; readonly copy: number; readonly percent: number }[];
  };
}

export function traceFigures({ overhead: { pairs }, writing: { rounds } }: TraceMeasured): readonly Figure[] {
  const cost = { unit: '%', better: 'lower', goal: 3, tolerated: 3, headline: true } as const;
  const cpu = pairs.flatMap(({ cpu_percent }) => cpu_percent ?? []);
  return [
    { name: 'what tracing costs a run', ...cost, rounds: pairs.map(({ percent }) => percent) },
    ...(cpu.length === 0 ? [] : [{ name: 'what tracing costs in CPU', ...cost, rounds: cpu }]),
    { name: 'a traced run', unit: 'ms', better: 'lower', rounds: pairs.map(({ with_ms }) => with_ms) },
    {
      name: 'an untraced run',
      unit: 'ms',
      better: 'lower',
      rounds: pairs.map(({ without_ms }) => without_ms),
    },
    { name: 'traces written', unit: 'rows/s', better: 'higher', rounds: rounds.map(({ writer }) => writer) },
    {
      name: 'COPY of the same rows',
      unit: 'rows/s',
      better: 'higher',
      rounds: rounds.map(({ copy }) => copy),
    },
    {
      name: "traces written, of COPY's rows a second",
      unit: '%',
      better: 'higher',
      goal: 70,
      headline: true,
      rounds: rounds.map(({ percent }) => percent),
    },
  ];
}
