/** Recordings made by hand, for what reads them. */
import type { Round } from '../../benchmarks/contention/model.js';
import type { Recording } from '../../benchmarks/recording.js';

/** A round in which nothing happened but what is given. */
export function round(architecture: Round['architecture'], n: number, more: Partial<Round> = {}): Round {
  const makespan_ms = more.makespan_ms ?? 1000;
  return {
    ...{ architecture, round: n, deadlocks: 0, lock_waits: 0, retries: 0, lock_wait_ms: 0, other_waits: 0 },
    ...{
      lock_escalations: 0,
      error_3998: 0,
      timeouts: 0,
      errors: {},
      lost_to_retries_ms: 0,
      client_cpu_ms: 1,
    },
    ...{
      state: 'COMPLETADO',
      procedures: {},
      services: {},
      tables: [],
      server: {},
      functions: {},
      deadlock_graphs: [],
    },
    ...more,
    makespan_ms,
    funds_per_hour: Math.round((50 * 3_600_000) / makespan_ms),
  };
}

export function recording(label: string, rounds: readonly Round[], more: Partial<Recording> = {}): Recording {
  return {
    ...{ schema: 1, label, benchmark: 'contention', at: '2026-11-28T10:00:00.000Z', migration: '025_x' },
    machine: { cpu: 'c', cores: 2, memory_gb: 8, os: 'linux' },
    versions: { carril: '0.1.0', node: '20', database: 'PostgreSQL 18' },
    data: { funds: 50, positions: 400, lanes: 50, seed: 7 },
    ...{ census: [], statements: [], remarks: [] },
    ...more,
    rounds,
  };
}

/** Makespans around a middle, as real ones are. */
export function rounds(
  architecture: Round['architecture'],
  middle: number,
  more: Partial<Round> = {},
): Round[] {
  return [0.96, 1, 1.03, 0.99, 1.04].map((factor, i) =>
    round(architecture, i + 1, { makespan_ms: middle * factor, ...more }),
  );
}
