import { pairwise } from '../figure.js';
import type { Figure } from '../figure.js';

export interface ProbeMeasured {
  readonly bare: readonly number[];
  readonly watched: readonly number[];
  /** Of client and server together, where the server's is known. */
  readonly bare_cpu?: readonly number[];
  readonly watched_cpu?: readonly number[];
}

export function probeFigures({ bare, watched, bare_cpu, watched_cpu }: ProbeMeasured): readonly Figure[] {
  const cost = { unit: '%', better: 'lower', goal: 2, tolerated: 2, headline: true } as const;
  const percents = (a: readonly number[], b: readonly number[]) =>
    pairwise(a, b, (with_, without) => 100 * (with_ / without - 1));
  return [
    { name: 'what the probe costs', ...cost, rounds: percents(watched, bare) },
    ...(bare_cpu === undefined || watched_cpu === undefined
      ? []
      : [{ name: 'what the probe costs in CPU', ...cost, rounds: percents(watched_cpu, bare_cpu) }]),
    { name: 'a run with the probe', unit: 'ms', better: 'lower', rounds: watched },
    { name: 'a run without it', unit: 'ms', better: 'lower', rounds: bare },
  ];
}
