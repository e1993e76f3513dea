import type { Problem } from '../source.js';

/** What the database says against the contracts. */
export interface LiveComparison {
  /** Procedures looked at. */
  readonly compared: number;
  readonly differences: readonly Problem[];
  /** What the engine could not say, and why: no difference. */
  readonly notes: readonly Problem[];
}
