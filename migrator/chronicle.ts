import type { Session } from '../engine/index.js';
import { readFailures } from './failures.js';
import type { Failure } from './failures.js';
import { readHistory } from './history.js';
import type { HistoryEvent } from './history.js';

/** Something that was done, or failed. */
export type ChronicleEntry =
  ({ readonly entry: 'event' } & HistoryEvent) | ({ readonly entry: 'failure' } & Failure);

/** Everything that was done and everything that failed, oldest first. */
export async function readChronicle(session: Session): Promise<ChronicleEntry[]> {
  const events = (await readHistory(session)).map((one) => ({ entry: 'event' as const, ...one }));
  const failures = (await readFailures(session)).map((one) => ({ entry: 'failure' as const, ...one }));
  // each is in order by itself; what failed and was done within one millisecond failed first
  return [...failures, ...events].sort((a, b) => a.at.getTime() - b.at.getTime());
}
