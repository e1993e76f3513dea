import { compareFigures } from './compare-figures.js';
import { compare } from './compare.js';
import type { Comparison } from './compare.js';
import { isContention } from './recording.js';
import type { Recorded } from './recording.js';
import type { Tolerance } from './tolerances.js';

/**
 * Judges B by A: round by round where both are of the contention benchmark, else figure by figure.
 * @param own instead of the documents' tolerances
 * @throws CommandError INCOMPARABLE with every reason
 */
export function compareRecordings(
  a: Recorded,
  b: Recorded,
  own?: (base: readonly Tolerance[]) => readonly Tolerance[],
): Comparison {
  return isContention(a) && isContention(b) ? compare(a, b, own) : compareFigures(a, b, own);
}
