import { pairwise } from '../figure.js';
import type { Figure } from '../figure.js';

export interface PayrollMeasured {
  readonly rows: readonly {
    readonly employees: number;
    readonly how: string;
    readonly all_s: readonly number[];
  }[];
}

export function payrollFigures({ rows }: PayrollMeasured): readonly Figure[] {
  const largest = Math.max(...rows.map(({ employees }) => employees));
  return rows.flatMap(({ employees, how, all_s }): Figure[] => {
    const name = `${employees.toLocaleString('en-US')} employees, ${how}`;
    const inLanes = /lanes?$/.test(how);
    const headline = employees === largest && inLanes ? { headline: true } : {};
    const goal = inLanes ? { goal: 70 } : {};
    const one = rows.find((row) => row.employees === employees && row.how === 'one statement')?.all_s ?? [];
    return [
      { name, unit: 's', better: 'lower', rounds: all_s, ...headline },
      ...(how === 'one statement' || one.length === 0
        ? []
        : [
            {
              name: `${name}: speed of one statement`,
              unit: '%',
              better: 'higher',
              ...goal,
              ...headline,
              rounds: pairwise(all_s, one, (own, other) => (100 * other) / own),
            } as const,
          ]),
    ];
  });
}
