import { UsageError } from '../../engine/errors.js';
import { quote } from '../quote.js';
import { parseDuration } from './durations.js';

/** Less than this deletes what somebody may still be looking at. */
const leastAgeMs = 3_600_000;

/**
 * How old something must be to be deleted.
 * @throws UsageError on a number without its unit, which may have been meant in days, and on less than an hour unless forced
 */
export function parseAge(text: string, force: boolean): number {
  if (/^\s*\d+(\.\d+)?\s*$/.test(text))
    throw new UsageError(`--older-than: ${quote(text)} has no unit; write 30d or 12h`);
  const age = parseDuration(text, '--older-than');
  if (age < leastAgeMs && !force) {
    throw new UsageError(
      `--older-than: ${quote(text)} is less than 1h: that deletes nearly all history; with --force if that is meant`,
    );
  }
  return age;
}
