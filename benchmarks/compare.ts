import { CommandError } from '../runner/cli/errors.js';
import type { Round } from './contention/model.js';
import type { Recorded, Recording } from './recording.js';
import { median, medianInterval, ratioInterval } from './statistics.js';
import type { Interval } from './statistics.js';
import { lanesTolerances, rolloutTolerances, sameTolerances } from './tolerances.js';
import type { Tolerance } from './tolerances.js';

/** goal: reached; tolerated: not reached, and borne; broken: the whole interval lies outside; unsure: only part of it. */
export type Verdict = 'goal' | 'tolerated' | 'unsure' | 'broken' | 'not measured';

export interface Judged extends Tolerance {
  readonly a: number | null;
  readonly b: number | null;
  /** What is judged: B's value, or B's over A's. */
  readonly judged: Interval | null;
  readonly verdict: Verdict;
}

/** What a procedure took in the one and in the other. */
export interface ProcedureChange {
  readonly procedure: string;
  /** call: its caller's p95; service: that of the calls that ran it; step: its own time on the server, by its own count. */
  readonly kind: 'call' | 'service' | 'step';
  readonly a_ms: number;
  readonly b_ms: number;
  readonly times: number;
}

/** How often lanes waited at a table, a round, and in which procedures. */
export interface WaitChange {
  readonly table: string;
  readonly a: number;
  readonly b: number;
  readonly procedures: readonly string[];
}

export interface Comparison {
  readonly a: Side;
  readonly b: Side;
  readonly judged: readonly Judged[];
  /** What may explain a broken tolerance: procedures that take half as long again, tables that lanes wait at. */
  readonly slower: readonly ProcedureChange[];
  readonly waits: readonly WaitChange[];
  readonly broken: boolean;
}

interface Side {
  readonly label: string;
  /** Empty where both sides are one and the same. */
  readonly architecture: string;
  readonly rounds: number;
}

/** Fewer say nothing about how far they scatter. */
export const leastRounds = 5;

/**
 * Judges B by A. A recording of both architectures compared with itself is its legacy side against its hierarchical one.
 * @param own instead of what the documents say
 * @throws CommandError INCOMPARABLE with every reason
 */
export function compare(
  a: Recording,
  b: Recording,
  own?: (base: readonly Tolerance[]) => readonly Tolerance[],
): Comparison {
  const [before, after] = sidesOf(a, b);
  const reasons = incomparable(a, b, before, after);
  if (reasons.length > 0) {
    throw new CommandError(
      `${a.label} and ${b.label} cannot be compared: ${reasons.join('; ')}`,
      'INCOMPARABLE',
      { reasons },
    );
  }
  const rollout = before[0]?.architecture !== after[0]?.architecture;
  const base = [
    ...(rollout ? rolloutTolerances : sameTolerances),
    ...(after[0]?.architecture === 'JERARQUICA' ? lanesTolerances : []),
  ];
  const judged = (own?.(base) ?? base).map((tolerance) =>
    judge(tolerance, valuesOf(before, tolerance.measure), valuesOf(after, tolerance.measure)),
  );
  return {
    a: sideOf(a, before),
    b: sideOf(b, after),
    judged,
    slower: slower(before, after),
    waits: waits(before, after),
    broken: judged.some(({ verdict }) => verdict === 'broken'),
  };
}

/** The rounds that are set against each other: of the legacy side and of the hierarchical one where there are both. */
function sidesOf(a: Recording, b: Recording): readonly [readonly Round[], readonly Round[]] {
  const kinds = (recording: Recording) => new Set(recording.rounds.map(({ architecture }) => architecture));
  const of = (recording: Recording, kind: string) =>
    recording.rounds.filter(({ architecture }) => architecture === kind);
  if (a === b || (a.label === b.label && a.at === b.at)) return [of(a, 'LEGADO'), of(b, 'JERARQUICA')];
  const [inA, inB] = [kinds(a), kinds(b)];
  if (inA.size === 1 && inB.size === 1) return [a.rounds, b.rounds];
  // the newest architecture that both have; else each one's only other
  const shared = (['JERARQUICA', 'LEGADO'] as const).find((kind) => inA.has(kind) && inB.has(kind));
  if (shared !== undefined) return [of(a, shared), of(b, shared)];
  return [of(a, 'LEGADO'), of(b, 'JERARQUICA')];
}

function incomparable(
  a: Recording,
  b: Recording,
  before: readonly Round[],
  after: readonly Round[],
): readonly string[] {
  const reasons = [...differences(a, b)];
  for (const [side, rounds] of [
    [a.label, before],
    [b.label, after],
  ] as const) {
    if (new Set(rounds.map(({ lanes }) => lanes)).size > 1)
      reasons.push(`${side} has rounds of several numbers of lanes: carril bench report draws them`);
    if (rounds.length < leastRounds)
      reasons.push(`${side} has ${rounds.length} rounds, ${leastRounds} are needed`);
  }
  return reasons;
}

/** What must be the same of two recordings, and is not. */
export function differences(a: Omit<Recorded, 'figures'>, b: Omit<Recorded, 'figures'>): readonly string[] {
  const reasons: string[] = [];
  const differs = (what: string, one: unknown, other: unknown) => {
    if (JSON.stringify(one) !== JSON.stringify(other))
      reasons.push(`${what}: ${text(one)} and ${text(other)}`);
  };
  differs('benchmark', a.benchmark, b.benchmark);
  for (const key of new Set([...Object.keys(a.data), ...Object.keys(b.data)]))
    differs(key, a.data[key], b.data[key]);
  differs('machine', a.machine, b.machine);
  differs('database server', a.versions.database, b.versions.database);
  return reasons;
}

function text(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'string') return value;
  return typeof value === 'object' && value !== null
    ? Object.values(value).join(', ')
    : JSON.stringify(value);
}

/** Null where it was not measured. */
export function judge(
  tolerance: Tolerance,
  a: readonly number[] | null,
  b: readonly number[] | null,
): Judged {
  const none = { ...tolerance, a: a && median(a), b: b && median(b) } as const;
  if (b === null || (tolerance.kind === 'relative' && a === null))
    return { ...none, judged: null, verdict: 'not measured' };
  const judged = tolerance.kind === 'absolute' ? medianInterval(b) : ratioInterval(a ?? [], b);
  if (judged === undefined) return { ...none, judged: null, verdict: 'not measured' };
  return { ...none, judged, verdict: verdictOf(tolerance, judged) };
}

function verdictOf({ better, goal, tolerated }: Tolerance, { median: middle, low, high }: Interval): Verdict {
  const within = (value: number, limit: number) => (better === 'lower' ? value <= limit : value >= limit);
  const [best, worst] = better === 'lower' ? [low, high] : [high, low];
  if (!within(best, tolerated)) return 'broken';
  if (!within(worst, tolerated)) return 'unsure';
  return within(middle, goal) ? 'goal' : 'tolerated';
}

/** Null where a round has no number of it: PostgreSQL never escalates. */
function valuesOf(rounds: readonly Round[], measure: string): number[] | null {
  const values = rounds.map(
    (round) => Object.entries(round).find(([name]) => name === measure)?.[1] as unknown,
  );
  return values.length > 0 && values.every((value) => typeof value === 'number') ? values : null;
}

/** By the p95 of the calls that the client made, of the services that it ran, and by the own time of what the server ran inside them. */
function slower(before: readonly Round[], after: readonly Round[]): readonly ProcedureChange[] {
  const called = (procedure: string) => (round: Round) => round.procedures[procedure]?.p95_ms;
  const inside = (name: string) => (round: Round) => {
    const it = round.functions[name];
    return it === undefined ? undefined : it.self_ms / it.calls;
  };
  const names = (of: (round: Round) => object) => [
    ...new Set(after.flatMap((round) => Object.keys(of(round)))),
  ];
  const service = (name: string) => (round: Round) => round.services[name]?.p95_ms;
  const changes = [
    ...names(({ procedures }) => procedures).map((name) => ['call', name, called(name)] as const),
    ...names(({ services }) => services).map((name) => ['service', name, service(name)] as const),
    ...names(({ functions }) => functions).map((name) => ['step', name, inside(name)] as const),
  ];
  return changes
    .flatMap(([kind, procedure, of]) => {
      const values = (rounds: readonly Round[]) => rounds.flatMap((round) => of(round) ?? []);
      const [a, b] = [values(before), values(after)];
      if (a.length === 0 || b.length === 0) return [];
      const [a_ms, b_ms] = [median(a), median(b)];
      return b_ms > 1.5 * a_ms && b_ms - a_ms > 1
        ? [{ procedure, kind, a_ms, b_ms, times: b_ms / a_ms }]
        : [];
    })
    .toSorted((x, y) => y.times - x.times);
}

function waits(before: readonly Round[], after: readonly Round[]): Comparison['waits'] {
  const mean = (rounds: readonly Round[], table: string) =>
    rounds.reduce((sum, round) => sum + (round.tables.find((one) => one.table === table)?.waits ?? 0), 0) /
    Math.max(1, rounds.length);
  const names = new Set([...before, ...after].flatMap(({ tables }) => tables.map(({ table }) => table)));
  return [...names]
    .map((table) => ({
      table,
      a: mean(before, table),
      b: mean(after, table),
      procedures: [
        ...new Set(
          after.flatMap(({ tables }) => tables.find((one) => one.table === table)?.procedures ?? []),
        ),
      ],
    }))
    .filter(({ a, b }) => a > 0 || b > 0)
    .toSorted((x, y) => y.b - x.b || y.a - x.a);
}

function sideOf({ label }: Recording, rounds: readonly Round[]): Side {
  return { label, architecture: rounds[0]?.architecture ?? '', rounds: rounds.length };
}
