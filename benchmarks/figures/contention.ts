import type { Round } from '../contention/model.js';
import type { Figure } from '../figure.js';

/** Both sides' figures; what else a round holds is for `carril bench compare` and `report`. */
export function contentionFigures({ rounds }: { readonly rounds: readonly Round[] }): readonly Figure[] {
  return [...new Set(rounds.map(({ architecture }) => architecture))].flatMap((side): Figure[] => {
    const of = rounds.filter(({ architecture }) => architecture === side);
    const figure = (
      what: string,
      unit: string,
      key: 'makespan_ms' | 'funds_per_hour' | 'deadlocks' | 'lock_waits',
    ) => ({
      ...{ name: `${side}: ${what}`, unit, headline: true },
      rounds: of.map((round) => round[key]),
    });
    // only of hierarchical lanes the documents want none
    const none = side === 'JERARQUICA' ? { goal: 0, tolerated: 1 } : {};
    return [
      { ...figure('makespan', 'ms', 'makespan_ms'), better: 'lower' },
      { ...figure('funds an hour', '', 'funds_per_hour'), better: 'higher' },
      { ...figure('deadlocks a round', '', 'deadlocks'), better: 'lower', ...none },
      { ...figure('waits between lanes a round', '', 'lock_waits'), better: 'lower', ...none },
    ];
  });
}
