import type { Output } from '../runner/cli/output.js';
import { reached, shown } from './figure.js';
import type { Figure } from './figure.js';
import { medianInterval } from './statistics.js';

/** The figures of a recording: medians, with their intervals where there are rounds enough to have one. */
export function showFigures(figures: readonly Figure[], out: Output): void {
  out.table(
    ['figure', 'unit', 'median', '95 %', 'rounds', 'goal', ''],
    figures.map((figure) => [
      ...[figure.name, figure.unit, shown(medianInterval(figure.rounds).median), intervalText(figure)],
      ...[figure.rounds.length, goalText(figure), missed(figure)],
    ]),
  );
}

/** Empty of fewer than three rounds, which have no spread to speak of. */
export function intervalText({ rounds }: Figure): string {
  if (rounds.length < 3) return '';
  const { low, high } = medianInterval(rounds);
  return `${shown(low)} to ${shown(high)}`;
}

export function goalText({ goal, better }: Figure): string {
  return goal === undefined ? '' : `${better === 'lower' ? '≤' : '≥'} ${shown(goal)}`;
}

function missed(figure: Figure): string {
  const well = reached(figure);
  return well === undefined ? '' : well ? 'reached' : 'missed';
}
