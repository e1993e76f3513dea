import type { Figure } from '../figure.js';

export interface BackfillMeasured {
  readonly plain_rows_per_s: number;
  readonly rekeying_rows_per_s: number;
  readonly rekeying_per_cent: number;
  readonly whole_per_cent: number;
  readonly goal_per_cent: number;
  readonly verify_s: number;
  readonly revert_s: number;
  readonly largest_statement: number;
  readonly deadlocks: number;
  readonly nights_beside_backfill: { readonly disturbed: number };
}

/** One was one round before there were several. */
export function backfillFigures({
  measured,
}: {
  readonly measured: BackfillMeasured | readonly BackfillMeasured[];
}): readonly Figure[] {
  const all = [measured].flat();
  const [first] = all;
  if (first === undefined) return [];
  const rounds = (of: (one: BackfillMeasured) => number) => ({ rounds: all.map(of) });
  const rate = { unit: 'rows/s', better: 'higher' } as const;
  const share = { unit: '%', better: 'higher', goal: first.goal_per_cent, headline: true } as const;
  const none = { unit: '', better: 'lower', goal: 0, tolerated: 0 } as const;
  const seconds = { unit: 's', better: 'lower' } as const;
  return [
    { name: 're-keying', ...rate, headline: true, ...rounds((it) => it.rekeying_rows_per_s) },
    { name: 'one plain UPDATE a table', ...rate, ...rounds((it) => it.plain_rows_per_s) },
    { name: 're-keying, of the plain UPDATE', ...share, ...rounds((it) => it.rekeying_per_cent) },
    {
      name: 'with inventory and checksums, of the plain UPDATE',
      ...share,
      ...rounds((it) => it.whole_per_cent),
    },
    { name: 'verification', ...seconds, ...rounds((it) => it.verify_s) },
    { name: 'revert', ...seconds, ...rounds((it) => it.revert_s) },
    {
      name: 'largest statement',
      unit: 'rows',
      better: 'lower',
      goal: 2000,
      tolerated: 2000,
      ...rounds((it) => it.largest_statement),
    },
    { name: 'deadlocks', ...none, ...rounds((it) => it.deadlocks) },
    {
      name: 'disturbed nightly runs beside it',
      ...none,
      ...rounds((it) => it.nights_beside_backfill.disturbed),
    },
  ];
}
