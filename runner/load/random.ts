/** Random numbers that are the same for the same seed on every machine (mulberry32). */
export interface Random {
  /** A whole number from `min` to `max`, both included; at most 2^32 different ones. */
  between(min: number, max: number): number;
  /** True in so many of a hundred cases. */
  percent(chance: number): boolean;
}

export function seeded(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  const between = (min: number, max: number): number =>
    min + Math.floor((next() / 2 ** 32) * (max - min + 1));
  return { between, percent: (chance) => between(1, 100) <= chance };
}
