import type { Figure } from '../figure.js';

export interface LogsMeasured {
  readonly rows: readonly {
    readonly how: string;
    readonly runs: readonly { readonly wall_s: number; readonly peak_mb: number | null }[];
  }[];
}

/** What a scan may take of memory, in MB. */
const memoryGoal = 300;

export function logsFigures({ rows }: LogsMeasured): readonly Figure[] {
  return rows.flatMap(({ how, runs }): Figure[] => {
    const peaks = runs.flatMap(({ peak_mb }) => (peak_mb === null ? [] : [peak_mb]));
    return [
      {
        name: how,
        unit: 's',
        better: 'lower',
        headline: peaks.length > 0,
        rounds: runs.map(({ wall_s }) => wall_s),
      },
      ...(peaks.length === 0
        ? []
        : [
            {
              name: `${how}: peak memory of a process`,
              unit: 'MB',
              better: 'lower',
              goal: memoryGoal,
              tolerated: memoryGoal,
              rounds: peaks,
            } as const,
          ]),
    ];
  });
}
