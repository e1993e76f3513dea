import type { Judged } from './compare.js';

/** A value, with decimals where they say something. */
export function figure(value: number | null): string {
  if (value === null) return '–';
  return Number.isInteger(value) || Math.abs(value) >= 100 ? String(Math.round(value)) : value.toFixed(2);
}

export function intervalOf({ judged, kind }: Judged): string {
  if (judged === null) return '–';
  const { median, low, high } = judged;
  return kind === 'relative'
    ? `${percent(median)} (${percent(low)}–${percent(high)})`
    : `${figure(median)} (${figure(low)}–${figure(high)})`;
}

export function limit({ kind, better }: Judged, value: number): string {
  return `${better === 'lower' ? '≤' : '≥'} ${kind === 'relative' ? percent(value) : figure(value)}`;
}

function percent(value: number): string {
  return `${Math.round(100 * value)} %`;
}
