import { median } from './statistics.js';

/** One measured quantity of a recording, with a value a round. */
export interface Figure {
  readonly name: string;
  readonly unit: string;
  readonly better: 'lower' | 'higher';
  readonly rounds: readonly number[];
  /** What its issue wants of the median. */
  readonly goal?: number;
  /** Judged by itself, and broken beyond this: of what may be 0 or less nothing is a multiple. Else judged by the recording before. */
  readonly tolerated?: number;
  /** Stands in the README's table and in the history. */
  readonly headline?: boolean;
}

/** Round by round: `of` the first list's value and the other's. */
export function pairwise(
  a: readonly number[],
  b: readonly number[],
  of: (a: number, b: number) => number,
): number[] {
  return a.slice(0, b.length).map((value, i) => of(value, b[i] ?? NaN));
}

/** A figure's median in as many digits as tell something. */
export function shown(value: number): string {
  const size = Math.abs(value);
  if (Number.isInteger(value) || size >= 100) return Math.round(value).toLocaleString('en-US');
  return value.toFixed(size >= 10 ? 1 : 2);
}

/** With its unit: `4,206 chunks/s`, `2.5 %`. */
export function shownWith(value: number, unit: string): string {
  return unit === '' ? shown(value) : `${shown(value)} ${unit}`;
}

export function reached({ rounds, goal, better }: Figure): boolean | undefined {
  if (goal === undefined || rounds.length === 0) return undefined;
  return better === 'lower' ? median(rounds) <= goal : median(rounds) >= goal;
}
