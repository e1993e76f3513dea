import { pairwise } from '../figure.js';
import type { Figure } from '../figure.js';

export interface LeasesMeasured {
  readonly rows: readonly {
    readonly system: string;
    readonly batch: number;
    readonly runs_per_s: readonly number[];
  }[];
  /** carril with every lane calling for itself; recordings of before lanes shared their calls have none. */
  readonly apart?: readonly { readonly batch: number; readonly runs_per_s: readonly number[] }[];
  readonly filled: readonly {
    readonly batch: number;
    readonly finished: number;
    readonly runs_per_s: readonly number[];
  }[];
  readonly goals: readonly { readonly batch: number; readonly best: string; readonly goal: number }[];
}

export function leasesFigures({ rows, apart = [], filled, goals }: LeasesMeasured): readonly Figure[] {
  const of = (system: string, batch: number) =>
    rows.find((row) => row.system === system && row.batch === batch)?.runs_per_s ?? [];
  return [
    ...rows.map(({ system, batch, runs_per_s }): Figure => {
      const own = system === 'carril' ? { headline: true } : {};
      return {
        ...{ name: `${system}, ${batch} a lane`, unit: 'chunks/s', better: 'higher' },
        rounds: runs_per_s,
        ...own,
      };
    }),
    ...goals.map(({ batch, best, goal }): Figure => ({
      name: `carril over the better queue, ${batch} a lane`,
      unit: 'times',
      better: 'higher',
      goal,
      headline: true,
      rounds: pairwise(of('carril', batch), of(best, batch), (own, other) => own / other),
    })),
    ...apart.flatMap(({ batch, runs_per_s }): readonly Figure[] => {
      const best = goals.find((goal) => goal.batch === batch)?.best;
      if (best === undefined) return [];
      return [
        {
          name: `carril over the better queue, ${batch} a lane, every lane calling for itself`,
          ...{ unit: 'times', better: 'higher', headline: true },
          rounds: pairwise(runs_per_s, of(best, batch), (own, other) => own / other),
        },
      ];
    }),
    ...filled.map(({ batch, finished, runs_per_s }): Figure => ({
      name: `cost of ${finished.toLocaleString('en-US')} finished chunks, ${batch} a lane`,
      unit: '%',
      better: 'lower',
      goal: 10,
      tolerated: 10,
      rounds: pairwise(runs_per_s, of('carril', batch), (full, empty) => 100 * (1 - full / empty)),
    })),
  ];
}
