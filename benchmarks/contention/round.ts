import type { Architecture } from '../../runner/process.js';
import type { LoadNotes, LoadRun } from './load.js';
import type { Called, Reading, Round } from './model.js';

/** One round: what its client measured, and what the probe saw meanwhile. */
export function roundOf(
  architecture: Architecture,
  round: number,
  funds: number,
  load: { readonly run: LoadRun; readonly notes: LoadNotes },
  { waits_in, chunk_waits, ...reading }: Omit<Reading, 'remarks'>,
): Round {
  const { run, notes } = load;
  const waits: Record<string, number> = {};
  for (const { chunk, at } of chunk_waits ?? []) {
    const service = notes.serviceAt(chunk, at);
    if (service !== undefined) waits[service] = (waits[service] ?? 0) + 1;
  }
  return {
    architecture,
    round,
    ...reading,
    ...run,
    // a probe that cannot tell says nothing, which is not none
    ...(waits_in && { procedures: withWaits(run.procedures, (name) => waits_in[name.toLowerCase()]) }),
    ...(chunk_waits && { services: withWaits(run.services, (name) => waits[name]) }),
    error_3998: run.errors['3998'] ?? 0,
    funds_per_hour: Math.round((funds * 3_600_000) / run.makespan_ms),
    drawn: notes.drawn,
  };
}

function withWaits(
  calls: Readonly<Record<string, Called>>,
  waitsOf: (name: string) => number | undefined,
): Record<string, Called> {
  return Object.fromEntries(
    Object.entries(calls).map(([name, called]) => [name, { ...called, waits: waitsOf(name) ?? 0 }]),
  );
}

/** The lanes of each side's slowest round; those of the others would only make the recording long. */
export function keepSlowest(rounds: readonly Round[]): readonly Round[] {
  const slowest = new Map<string, Round>();
  for (const round of rounds) {
    const most = slowest.get(round.architecture);
    if (most === undefined || round.makespan_ms > most.makespan_ms) slowest.set(round.architecture, round);
  }
  return rounds.map((round) =>
    slowest.get(round.architecture) === round ? round : without(round, ['drawn']),
  );
}

/** A copy that lacks these properties. */
export function without<T extends object, K extends keyof T>(value: T, names: readonly K[]): Omit<T, K> {
  const copy = { ...value };
  for (const name of names) Reflect.deleteProperty(copy, name);
  return copy;
}
