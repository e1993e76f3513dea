import { UsageError } from '../../../../engine/index.js';

const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** `500ms`, `5s`, `2m`, `1h` or a number of seconds, in milliseconds. @throws UsageError that names the option */
export function parseDuration(text: string, option: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(text.trim());
  if (match === null) throw new UsageError(`${option} ${text}: write a duration as 500ms, 5s, 2m or 1h`);
  return Math.round(Number(match[1]) * (units[match[2] ?? 's'] ?? 1000));
}
