const units: readonly (readonly [string, number])[] = [
  ['d', 86_400],
  ['h', 3600],
  ['min', 60],
  ['s', 1],
];

/** Seconds as people say them: `45 s`, `12 min`, `3 h 20 min`, `2 d 4 h`; the second unit only below ten of the first. */
export function spanOf(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const first = units.findIndex(([, size]) => whole >= size);
  const [name = 's', size = 1] = units[first] ?? [];
  const [nextName, nextSize] = units[first + 1] ?? [];
  if (first < 0 || nextName === undefined || nextSize === undefined) return `${whole} ${name}`;
  const count = Math.floor(whole / size);
  const rest = Math.floor((whole % size) / nextSize);
  if (count < 10 && rest > 0) return `${count} ${name} ${rest} ${nextName}`;
  return `${Math.round(whole / size)} ${name}`;
}

/** How long something took, between two instants: below ten seconds with a tenth. */
export function tookOf(from: Date, to: Date): string {
  const seconds = (to.getTime() - from.getTime()) / 1000;
  return seconds < 10 ? `${seconds.toFixed(1)} s` : spanOf(seconds);
}

/** How long ago an instant of the server's clock was, which may be a little ahead of ours. */
export function agoOf(instant: Date, now: number = Date.now()): string {
  return spanOf((now - instant.getTime()) / 1000);
}
