/** The middle of the values, between the two in the middle where there is an even number of them. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  const [low = 0, high = low] =
    sorted.length % 2 === 1 ? [sorted[half], sorted[half]] : sorted.slice(half - 1, half + 1);
  return (low + high) / 2;
}

export interface Interval {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

/** Values drawn with return from `seed` on; the same seed draws the same. */
function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const resamples = 2000;

/** 95 % interval of a median by the bootstrap, of few values too: no shape of their distribution is assumed. */
export function medianInterval(values: readonly number[]): Interval {
  return intervalOf((draw) => median(draw(values)), median(values));
}

/** 95 % interval of the ratio of two medians, b to a. Nothing when a's is 0: nothing is a multiple of nothing. */
export function ratioInterval(a: readonly number[], b: readonly number[]): Interval | undefined {
  const base = median(a);
  if (base === 0) return undefined;
  return intervalOf((draw) => median(draw(b)) / median(draw(a)), median(b) / base);
}

/**
 * 95 % interval of the mean ratio of pairs, b's over a's: what changes from pair to pair, as the machine's own pace, is in
 * both of a pair and falls out. Pairs are drawn, not values.
 */
export function pairedInterval(pairs: readonly (readonly [a: number, b: number])[]): Interval {
  const ratios = pairs.map(([a, b]) => b / a);
  return intervalOf((draw) => mean(draw(ratios)), mean(ratios));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function intervalOf(
  statistic: (draw: (values: readonly number[]) => readonly number[]) => number,
  middle: number,
): Interval {
  const next = random(20_210_507);
  const draw = (values: readonly number[]) =>
    values.map(() => values[Math.floor(next() * values.length)] ?? 0);
  const found = Array.from({ length: resamples }, () => statistic(draw))
    .filter(Number.isFinite)
    .sort((a, b) => a - b);
  const at = (share: number) => found[Math.min(found.length - 1, Math.floor(share * found.length))] ?? middle;
  return { median: middle, low: Math.min(at(0.025), middle), high: Math.max(at(0.975), middle) };
}
