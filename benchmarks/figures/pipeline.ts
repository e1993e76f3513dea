import type { Figure } from '../figure.js';

interface PipelineRun {
  readonly makespan_s: number;
  readonly ideal_s?: number;
  readonly deadlocks: number;
  readonly locks: { readonly on_rows: readonly unknown[] };
}

export interface PipelineMeasured {
  readonly pairs?: readonly {
    readonly lanes: PipelineRun;
    readonly bare: { readonly makespan_s: number };
    readonly ratio: number;
  }[];
  /** Before there was a bare loop beside each run. */
  readonly runs?: readonly PipelineRun[];
}

export function pipelineFigures({ pairs = [], runs }: PipelineMeasured): readonly Figure[] {
  const all = runs ?? pairs.map(({ lanes }) => lanes);
  const seconds = { unit: 's', better: 'lower' } as const;
  const none = { unit: '', better: 'lower', goal: 0, tolerated: 0, headline: true } as const;
  const ideals = all.flatMap(({ ideal_s }) => ideal_s ?? []);
  return [
    { name: 'makespan', ...seconds, headline: true, rounds: all.map((run) => run.makespan_s) },
    ...(ideals.length === 0
      ? []
      : [{ name: 'services alone, over the lanes', ...seconds, rounds: ideals } as const]),
    ...(pairs.length === 0
      ? []
      : ([
          { name: 'the bare loop', ...seconds, rounds: pairs.map(({ bare }) => bare.makespan_s) },
          {
            name: 'makespan over the bare loop',
            unit: 'times',
            better: 'lower',
            headline: true,
            rounds: pairs.map(({ ratio }) => ratio),
          },
        ] as const)),
    { name: 'deadlocks', ...none, rounds: all.map((run) => run.deadlocks) },
    {
      name: "waits for another lane's rows",
      ...none,
      rounds: all.map(({ locks }) => locks.on_rows.length),
    },
  ];
}

export interface GrowthMeasured {
  readonly dates: readonly { readonly run_s: number }[];
  readonly last_over_first: number;
  readonly last_three_over_first_three: number;
}

export function growthFigures(measured: GrowthMeasured): readonly Figure[] {
  const ratio = { unit: 'times', better: 'lower', goal: 1.1, headline: true } as const;
  return [
    {
      name: 'a date',
      unit: 's',
      better: 'lower',
      rounds: measured.dates.map(({ run_s }) => run_s),
    },
    { name: 'the last date over the first', ...ratio, rounds: [measured.last_over_first] },
    {
      name: 'the last three dates over the first three',
      ...ratio,
      rounds: [measured.last_three_over_first_three],
    },
  ];
}
