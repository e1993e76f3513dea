import { CommandError } from '../runner/cli/errors.js';
import { differences, judge, leastRounds } from './compare.js';
import type { Comparison } from './compare.js';
import type { Figure } from './figure.js';
import type { Recorded } from './recording.js';
import type { Tolerance } from './tolerances.js';

/** A figure that has no bound of its own may be a fifth worse than before, as durations of one architecture may. */
const worse = 1.2;

/**
 * Judges B's figures by A's of the same names. Those with fewer than five rounds on a side are left out: they would say
 * nothing.
 * @param own instead of what the figures say of themselves
 * @throws CommandError INCOMPARABLE with every reason
 */
export function compareFigures(
  a: Recorded,
  b: Recorded,
  own?: (base: readonly Tolerance[]) => readonly Tolerance[],
): Comparison {
  const reasons = [...differences(a, b)];
  if (a.label === b.label && a.at === b.at) reasons.push('it is one recording of one side; name another');
  const shared = b.figures.flatMap((figure) => {
    const before = a.figures.find(({ name }) => name === figure.name);
    return before === undefined ? [] : [{ figure, before }];
  });
  const enough = shared.filter(
    ({ figure, before }) => Math.min(figure.rounds.length, before.rounds.length) >= leastRounds,
  );
  if (reasons.length === 0 && enough.length === 0) reasons.push(tooFew(a, b, shared.length));
  if (reasons.length > 0) {
    throw new CommandError(
      `${a.label} and ${b.label} cannot be compared: ${reasons.join('; ')}`,
      'INCOMPARABLE',
      { reasons },
    );
  }
  const base = enough.map(({ figure }) => toleranceOf(figure));
  const roundsOf = ({ figures }: Recorded, measure: string) =>
    figures.find((figure) => measureOf(figure) === measure)?.rounds ?? null;
  const judged = (own?.(base) ?? base).map((tolerance) =>
    judge(tolerance, roundsOf(a, tolerance.measure), roundsOf(b, tolerance.measure)),
  );
  const sideOf = ({ label, figures }: Recorded) => ({ label, architecture: '', rounds: most(figures) });
  return {
    ...{ a: sideOf(a), b: sideOf(b), judged, slower: [], waits: [] },
    broken: judged.some(({ verdict }) => verdict === 'broken'),
  };
}

/** A name that is read in a table tells its unit. */
function measureOf({ name, unit }: Figure): string {
  return unit === '' ? name : `${name} (${unit})`;
}

function toleranceOf(figure: Figure): Tolerance {
  const { better, goal, tolerated } = figure;
  const measure = measureOf(figure);
  if (tolerated !== undefined)
    return { measure, kind: 'absolute', better, goal: goal ?? tolerated, tolerated };
  return { measure, kind: 'relative', better, goal: 1, tolerated: better === 'lower' ? worse : 1 / worse };
}

function tooFew(a: Recorded, b: Recorded, shared: number): string {
  if (shared === 0) return 'they have no figure in common';
  const said = [a, b].map(({ label, figures }) => `${label} has ${most(figures)}`).join(', ');
  return `no figure has ${leastRounds} rounds in both (${said}): --rounds ${leastRounds}`;
}

function most(figures: readonly Figure[]): number {
  return Math.max(0, ...figures.map(({ rounds }) => rounds.length));
}
