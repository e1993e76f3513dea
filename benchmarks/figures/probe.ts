import { pairwise } from '../figure.js';
import type { Figure } from '../figure.js';

export interface ProbeMeasured {
  readonly bare: readonly number[];
  readonly watched: readonly number[];
}

export function probeFigures({ bare, watched }: ProbeMeasured): readonly Figure[] {
  return [
    {
      name: 'what the probe costs',
      unit: '%',
      better: 'lower',
      goal: 2,
      tolerated: 2,
      headline: true,
      rounds: pairwise(watched, bare, (a, b) => 100 * (a / b - 1)),
    },
    { name: 'a run with the probe', unit: 'ms', better: 'lower', rounds: watched },
    { name: 'a run without it', unit: 'ms', better: 'lower', rounds: bare },
  ];
}
