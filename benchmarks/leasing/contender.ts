import type { Pool } from 'pg';

/** What one system did with its chunks in one run. */
export interface Outcome {
  /** From the first claim to the end of the last completion. */
  readonly seconds: number;
  /** Chunks completed, as the clients were told; the database is asked afterwards. */
  readonly completed: number;
  /** Milliseconds of each claim as its caller saw it. With carril and raw it completes as well. */
  readonly claimsMs: readonly number[];
}

export interface RunOptions {
  /** Chunks claimed at once. */
  readonly batch: number;
  /** What `prepare` made. */
  readonly chunks: number;
  /** Sessions that claim and complete. */
  readonly connections: number;
  /** `performance.now()` at which the run stops taking chunks, done or not. */
  readonly deadline: number;
}

/** A job queue under test. All of them live in one database, in schemas of their own. */
export interface Contender {
  readonly system: string;
  /** Makes so many chunks (jobs), ready to be claimed. Not timed. */
  prepare(chunks: number): Promise<void>;
  run(options: RunOptions): Promise<Outcome>;
  /** @throws when the database says anything else than that each of them was completed, once */
  verify(completed: number): Promise<void>;
  /** Takes back what the run left, so that the next one begins as this one did. */
  clean(): Promise<void>;
  close(): Promise<void>;
}

/** Where the server is, for the systems that open their own connections. */
export interface Address {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

/** Opens a pool's connections before the clock runs. */
export async function warm(pool: Pool, connections: number): Promise<void> {
  const clients = await Promise.all(Array.from({ length: connections }, () => pool.connect()));
  for (const client of clients) client.release();
}

/** Adds a call's milliseconds to a list. */
export async function timed<T>(into: number[], call: () => Promise<T>): Promise<T> {
  const begun = performance.now();
  const result = await call();
  into.push(performance.now() - begun);
  return result;
}

/** @throws saying what was expected */
export function expectCount(system: string, what: string, found: unknown, expected: number): void {
  if (Number(found) !== expected) {
    throw new Error(`${system}: ${what}: ${String(found)}, and ${expected} were expected`);
  }
}
