/** The calls that a program makes, what each may answer whatever else goes on, and what it must do on its own. */
import fc from 'fast-check';

import type { Session } from '../../../engine/index.js';
import { trabajo } from '../../../procedures/generated/index.js';
import { sql } from '../support.js';
import { Draft, hasEnded, holds } from './model.js';
import type { Chunk, Lease, Snapshot } from './model.js';

/** What a call came to: its answer, or the number it was refused with. */
export type Outcome<A> = { readonly answer: A } | { readonly refused: number };

export interface Operation<A = unknown> {
  readonly text: string;
  /** Who makes the call; the operator is neither worker. */
  readonly by: number | 'operator';
  /** Whoever else holds what it wants. */
  readonly neverWaits: boolean;
  /** Several calls that must be one transaction. */
  readonly transaction: boolean;
  readonly refusals: readonly number[];
  /** The job that it cancels. */
  readonly cancels?: bigint;
  /** The chunk that it works on in a transaction. */
  readonly worksOn?: bigint;
  /** The jobs that it has claimed chunks of. */
  claims?(answer: A): readonly bigint[];
  /** Made of several calls, each a transaction. */
  readonly severalCalls?: boolean;
  run(session: Session): Promise<A>;
  /** What must hold once it has committed, or was refused, in whatever company; takes note of what the client learned. */
  learn(outcome: Outcome<A>, after: Snapshot, notes: Notes): string[];
  /** What it must answer when nothing else goes on, and, into the draft, the rows it must leave. */
  predict(outcome: Outcome<A>, draft: Draft): string[];
}

/** What the clients of a program know together. */
export interface Notes {
  readonly kind: string;
  readonly jobs: readonly [work: bigint, light: bigint];
  readonly leases: Lease[];
  /** Every token that a claim has given, so that none is given twice. */
  readonly given: Set<string>;
  /** The newest of each chunk's. */
  readonly newest: Map<bigint, bigint>;
  /** Chunks whose work is in the middle of a transaction. */
  atWork: ReadonlySet<bigint>;
  /** Jobs of which a claim is in the middle of one. */
  claiming: readonly bigint[];
  readonly cancelled: Set<bigint>;
  /** How many calls said that they ended a job. */
  readonly finalized: Map<bigint, number>;
  takeovers: number;
}

/** How often each is chosen. */
const weights = {
  claim: 24,
  complete: 12,
  work: 12,
  part: 12,
  batch: 10,
  fail: 10,
  'give back': 8,
  renew: 10,
  expire: 14,
  'take over': 14,
  wait: 4,
  cancel: 5,
  finalize: 8,
  split: 5,
  retry: 6,
} as const;

type Name = keyof typeof weights;

/** An operation before it meets the rows: numbers that choose among what is there. */
export interface Choice {
  readonly name: Name;
  readonly worker: number;
  readonly pick: number;
  readonly n: number;
  /** A lease that may have been lost long ago instead of one that holds. */
  readonly stale: boolean;
  /** Its transaction stays open until the program ends it. */
  readonly hold: boolean;
}

export const workers = 3;

const choice: fc.Arbitrary<Choice> = fc.record({
  name: fc.oneof(
    ...Object.entries(weights).map(([name, weight]) => ({ weight, arbitrary: fc.constant(name as Name) })),
  ),
  worker: fc.nat({ max: workers - 1 }),
  pick: fc.nat({ max: 99 }),
  n: fc.integer({ min: 1, max: 4 }),
  stale: fc.oneof({ weight: 2, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
  hold: fc.oneof({ weight: 4, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
});

/** Operations made at once, or the end of a transaction that was left open. */
export type Step =
  | { readonly at: 'once'; readonly choices: readonly Choice[] }
  | { readonly at: 'end'; readonly pick: number; readonly commit: boolean };

export interface Program {
  /** Of each job's chunks: hundredths of weight, and the length of the range. */
  readonly chunks: readonly (readonly [weight: number, length: number])[];
  readonly maxAttempts: number;
  readonly steps: readonly Step[];
}

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ at: fc.constant('once' as const), choices: choices(1, 1) }) },
  { weight: 4, arbitrary: fc.record({ at: fc.constant('once' as const), choices: choices(2, 5) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      at: fc.constant('end' as const),
      pick: fc.nat({ max: 9 }),
      commit: fc.oneof(
        { weight: 3, arbitrary: fc.constant(true) },
        { weight: 1, arbitrary: fc.constant(false) },
      ),
    }),
  },
);

function choices(minLength: number, maxLength: number): fc.Arbitrary<Choice[]> {
  return fc.array(choice, { minLength, maxLength });
}

export const program: fc.Arbitrary<Program> = fc.record({
  chunks: fc.array(fc.tuple(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 9 })), {
    minLength: 2,
    maxLength: 6,
  }),
  maxAttempts: fc.integer({ min: 1, max: 5 }),
  steps: fc.array(step, { minLength: 20, maxLength: 50, size: 'max' }),
});

/** The operation that a choice means, given the rows; undefined when there is nothing for it to work on. */
export function resolve(made: Choice, before: Snapshot, notes: Notes): Operation | undefined {
  const { worker, pick, n } = made;
  const [work, light] = notes.jobs;
  const job = pick % 2 === 0 ? work : light;
  const busy = at(
    [...before.chunks.values()].filter(({ id, holder }) => holder !== null && notes.atWork.has(id)),
    pick,
  );
  const choose = (ofJob?: bigint): Lease | undefined => {
    const mine = notes.leases.filter(({ chunk }) => ofJob === undefined || jobOf(chunk, before) === ofJob);
    const current = mine.filter((one) => holds(before.chunks.get(one.chunk), one));
    return at(made.stale || current.length === 0 ? mine : current, pick);
  };
  const under = (operation: (lease: Lease) => Operation, ofJob?: bigint): Operation | undefined => {
    const lease = choose(ofJob);
    return lease && fenced(operation(lease), lease, notes);
  };
  switch (made.name) {
    case 'claim':
      return claimOf(worker, n, pick % 3 === 0 ? job : undefined, notes);
    case 'complete':
      return under(completeOf);
    case 'work':
      return under((lease) => workOf(lease, undefined), work);
    case 'part':
      return under((lease) => workOf(lease, n), work);
    case 'batch': {
      const first = choose(light);
      if (first === undefined) return undefined;
      const more = notes.leases.filter(
        ({ chunk, worker: by }) =>
          by === first.worker && chunk !== first.chunk && jobOf(chunk, before) === light,
      );
      const second = n > 1 ? at(more, pick) : undefined;
      return batchOf(first.worker, second === undefined ? [first] : [first, second], n % 3, notes);
    }
    case 'fail':
      return under((lease) => failOf(lease, { retryable: pick % 4 !== 0, transient: n === 4 }));
    case 'give back':
      return under(giveBackOf);
    case 'renew':
      return renewOf(worker, made.stale, notes);
    case 'expire':
    case 'take over': {
      const held = [...before.chunks.values()].filter(({ holder }) => holder !== null);
      // rather one that is being worked on: what that transaction does is then another claimer's to undo
      const one = n > 1 && busy !== undefined ? busy : at(held, pick);
      if (one === undefined) return undefined;
      if (made.name === 'expire') return expireOf(one.id);
      // its old holder as well, which then has two leases of one chunk
      return takeOverOf(pick % 2 === 0 ? Number(one.holder?.slice(1)) : worker, one, notes);
    }
    case 'wait':
      return waitOf(notes.jobs);
    case 'cancel':
      if (n > 2 && busy !== undefined) return cancelUnderWorkOf(busy);
      return cancelOf((n > 1 ? at(notes.claiming, pick) : undefined) ?? job);
    case 'finalize':
      return finalizeOf(job, pick % 3 === 0 ? 'operator' : worker);
    case 'split':
      return under((lease) => splitOf(lease, n > 2 ? BigInt(pick % 5) : undefined, before));
    case 'retry':
      return retryOf(job);
  }
}

function at<T>(list: readonly T[], pick: number): T | undefined {
  return list[pick % Math.max(1, list.length)];
}

function jobOf(chunk: bigint, before: Snapshot): bigint | undefined {
  return before.chunks.get(chunk)?.job;
}

/** A newer token of the chunk was given before this call was made: nothing but a refusal will do. */
function superseded(lease: Lease, notes: Notes): boolean {
  return (notes.newest.get(lease.chunk) ?? 0n) > lease.token;
}

/** With that said of every call under the lease, whoever else is there. */
function fenced(operation: Operation, lease: Lease, notes: Notes): Operation {
  if (!superseded(lease, notes)) return operation;
  return {
    ...operation,
    learn: (outcome, after, learned) => [
      ...('answer' in outcome ? [`${operation.text}: not refused, though a newer token was given`] : []),
      ...operation.learn(outcome, after, learned),
    ],
  };
}

const leaseRefusals = [50410, 50499] as const;
const leaseS = 600;
const name = ({ chunk, token, worker }: Lease): string => `w${worker}'s chunk ${chunk}#${token}`;
const holder = (worker: number): string => `w${worker}`;

function claimOf(
  worker: number,
  maximo: number,
  job: bigint | undefined,
  notes: Notes,
): Operation<readonly trabajo.ReclamarChunksRow[]> {
  return {
    text: `w${worker} claims ${maximo}${job === undefined ? '' : ` of job ${job}`}`,
    by: worker,
    neverWaits: true,
    transaction: false,
    refusals: [],
    run: (session) =>
      trabajo.reclamarChunks(session, {
        poseedor: holder(worker),
        maximo,
        arriendoS: leaseS,
        ...(job === undefined ? { tipos: [{ tipo: notes.kind }] } : { idTrabajo: job }),
      }),
    claims: (rows) => rows.map(({ idTrabajo }) => idTrabajo),
    learn: (outcome) => ('answer' in outcome ? learnClaims(outcome.answer, worker, notes) : []),
    predict(outcome, draft) {
      if (!('answer' in outcome)) return [];
      const jobs = job === undefined ? notes.jobs : [job];
      return predictClaims(outcome.answer, worker, maximo, jobs, draft, notes);
    },
  };
}

interface Claimed {
  readonly idChunk: bigint;
  readonly token: bigint;
}

function learnClaims(rows: readonly Claimed[], worker: number, notes: Notes): string[] {
  const found: string[] = [];
  for (const { idChunk, token } of rows) {
    const key = `${idChunk}#${token}`;
    if (notes.given.has(key)) found.push(`the lease ${key} was given twice`);
    notes.given.add(key);
    if (token > (notes.newest.get(idChunk) ?? 0n)) notes.newest.set(idChunk, token);
    notes.leases.push({ chunk: idChunk, token, worker });
  }
  return found;
}

/** Heaviest first, expired ones before: which ones exactly is claims.test.ts's; here how many, and that nobody is passed over. */
function predictClaims(
  rows: readonly Claimed[],
  worker: number,
  maximo: number,
  jobs: readonly bigint[],
  draft: Draft,
  notes: Notes,
): string[] {
  const found: string[] = [];
  const alive = jobs.map((id) => draft.job(id)).filter((job) => !hasEnded(job) && !job.cancelled);
  const open = alive.flatMap((job) => draft.of(job.id)).filter(({ state }) => state === 'PENDIENTE');
  const spent = (chunk: Chunk): boolean => chunk.expired && chunk.attempt >= draft.job(chunk.job).maxAttempts;
  const claimable = open.filter((chunk) => (chunk.holder === null || chunk.expired) && !spent(chunk));
  const sure = claimable.filter(({ waits }) => !waits).length;
  if (rows.length < Math.min(maximo, sure) || rows.length > Math.min(maximo, claimable.length))
    found.push(`${rows.length} claimed of ${sure} to ${claimable.length}, at most ${maximo}`);
  for (const { idChunk, token } of rows) {
    const old = claimable.find(({ id }) => id === idChunk);
    if (old === undefined) {
      found.push(`chunk ${idChunk} was not to be claimed`);
      continue;
    }
    if (old.expired) notes.takeovers += 1;
    draft.claim(idChunk, holder(worker));
    if (token !== old.token + 1n) found.push(`chunk ${idChunk}: token ${token} after ${old.token}`);
  }
  // which of the used-up ones it came by before it had enough depends on their order
  for (const chunk of open.filter(spent)) {
    if (rows.length < maximo) draft.release(chunk.id, 'ERROR');
    else draft.eitherWay.add(chunk.id);
  }
  return found;
}

const stamped = ({ token }: Lease): string => `{"token":"${token}"}`;

function completed(lease: Lease, after: Snapshot): string[] {
  const chunk = after.chunks.get(lease.chunk);
  return chunk?.state === 'COMPLETADO' && chunk.token === lease.token && chunk.result === stamped(lease)
    ? []
    : [`${name(lease)} was said to be complete, and is ${describe(chunk)}`];
}

/** Who was refused, or told that it is over, must have lost the lease: nobody else may get it under that token. */
function lost(lease: Lease, after: Snapshot, what: string): string[] {
  const chunk = after.chunks.get(lease.chunk);
  return holds(chunk, lease) ? [`${name(lease)} ${what}, and still is ${describe(chunk)}`] : [];
}

function describe(chunk: Chunk | undefined): string {
  if (chunk === undefined) return 'gone';
  return `${chunk.state}#${chunk.token} of ${chunk.holder ?? 'nobody'}`;
}

/** Of a refused call under a lease. */
function refused(number: number, lease: Lease, after: Snapshot, notes: Notes): string[] {
  if (number === 50410) return lost(lease, after, 'was refused');
  const job = jobOf(lease.chunk, after);
  return job !== undefined && notes.cancelled.has(job)
    ? []
    : [`${name(lease)} was told of a cancel that nobody made`];
}

/** The refusal that a lease must meet, in the order in which it is looked for; undefined: none. */
function refusalOf(lease: Lease, draft: Draft): number | undefined {
  const chunk = draft.chunk(lease.chunk);
  if (chunk.token !== lease.token) return 50410;
  if (chunk.state === 'COMPLETADO') return undefined;
  if (draft.job(chunk.job).cancelled || chunk.state === 'CANCELADO') return 50499;
  return holds(chunk, lease) ? undefined : 50410;
}

function told(outcome: Outcome<unknown>, refusal: number | undefined): string[] {
  const number = 'refused' in outcome ? outcome.refused : undefined;
  return number === refusal ? [] : [`answered ${number ?? 'well'} instead of ${refusal ?? 'well'}`];
}

function equal(what: string, actual: unknown, expected: unknown): string[] {
  return actual === expected ? [] : [`${what}: ${String(actual)} instead of ${String(expected)}`];
}

function completeOf(lease: Lease): Operation<trabajo.CompletarChunkResult> {
  return {
    text: `complete ${name(lease)}`,
    by: lease.worker,
    neverWaits: false,
    transaction: false,
    refusals: leaseRefusals,
    run: (session) =>
      trabajo.completarChunk(session, {
        idChunk: lease.chunk,
        token: lease.token,
        resultado: stamped(lease),
      }),
    learn: (outcome, after, notes) =>
      'refused' in outcome ? refused(outcome.refused, lease, after, notes) : completed(lease, after),
    predict: (outcome, draft) => predictCompletion(outcome, lease, draft),
  };
}

function predictCompletion(
  outcome: Outcome<{ restantes: number } | undefined>,
  lease: Lease,
  draft: Draft,
): string[] {
  const refusal = refusalOf(lease, draft);
  if (refusal === undefined) draft.release(lease.chunk, 'COMPLETADO', { result: stamped(lease) });
  const remaining = draft.unfinished(draft.chunk(lease.chunk).job) === 0 ? 0 : 1;
  return [
    ...told(outcome, refusal),
    ...('answer' in outcome && outcome.answer !== undefined
      ? equal('Restantes', outcome.answer.restantes, remaining)
      : []),
  ];
}

/**
 * What a service does: checks the lease, leaves the part's row unless an earlier attempt has left it, and commits. Without
 * a part: what is missing of three parts, and the completion, in one transaction.
 */
function workOf(lease: Lease, part: number | undefined): Operation<undefined> {
  const parts = part === undefined ? [1, 2, 3] : [part];
  return {
    text: part === undefined ? `work on ${name(lease)}` : `part ${part} of ${name(lease)}`,
    by: lease.worker,
    worksOn: lease.chunk,
    neverWaits: false,
    transaction: true,
    refusals: leaseRefusals,
    async run(session) {
      const { estado } = await trabajo.tomarChunk(session, { idChunk: lease.chunk, token: lease.token });
      if (estado === 'COMPLETADO') return undefined;
      const values = [lease.chunk, lease.token];
      const done = await sql(session, 'SELECT Parte FROM auditoria.Efectos WHERE ID_Chunk = ?', [
        lease.chunk,
      ]);
      for (const one of parts.filter((p) => !done.some((row) => Number(row['parte']) === p)))
        await sql(session, 'INSERT INTO auditoria.Efectos (ID_Chunk, Token, Parte) VALUES (?, ?, ?)', [
          ...values,
          one,
        ]);
      if (part === undefined)
        await trabajo.completarChunk(session, {
          idChunk: lease.chunk,
          token: lease.token,
          resultado: stamped(lease),
        });
      return undefined;
    },
    learn: (outcome, after, notes) =>
      'refused' in outcome
        ? refused(outcome.refused, lease, after, notes)
        : part === undefined
          ? completed(lease, after)
          : [],
    predict: (outcome, draft) =>
      part === undefined ? predictCompletion(outcome, lease, draft) : told(outcome, refusalOf(lease, draft)),
  };
}

/** What a batch's answer says of one of its chunks: by not naming it, that it was completed. */
function saidOf(lease: Lease, rows: readonly trabajo.CompletarChunksRow[]): string {
  const row = rows.find(({ idChunk, situacion }) => idChunk === lease.chunk && situacion !== 'RECLAMADO');
  return row?.situacion ?? 'COMPLETADO';
}

function batchOf(
  worker: number,
  leases: readonly Lease[],
  reclamar: number,
  notes: Notes,
): Operation<readonly trabajo.CompletarChunksRow[]> {
  const [, light] = notes.jobs;
  const stale = new Set(leases.filter((lease) => superseded(lease, notes)));
  const claimed = (rows: readonly trabajo.CompletarChunksRow[]) =>
    rows.filter(({ situacion }) => situacion === 'RECLAMADO');
  return {
    text: `w${worker} completes ${leases.map(name).join(' and ')}, claims ${reclamar}`,
    by: worker,
    neverWaits: false,
    transaction: false,
    refusals: [],
    run: (session) =>
      trabajo.completarChunks(session, {
        poseedor: holder(worker),
        chunks: leases.map((lease) => ({
          idChunk: lease.chunk,
          token: lease.token,
          resultado: stamped(lease),
        })),
        reclamar,
        arriendoS: leaseS,
        idTrabajo: light,
      }),
    learn(outcome, after) {
      if (!('answer' in outcome)) return [];
      return [
        ...learnClaims(claimed(outcome.answer), worker, notes),
        ...leases.flatMap((lease) => {
          const said = saidOf(lease, outcome.answer);
          if (stale.has(lease) && said !== 'PERDIDO')
            return [`${name(lease)} was told ${said}, though a newer token was given`];
          return said === 'COMPLETADO' ? completed(lease, after) : lost(lease, after, `was told ${said}`);
        }),
      ];
    },
    predict(outcome, draft) {
      if (!('answer' in outcome)) return [];
      const found: string[] = [];
      for (const lease of leases) {
        const chunk = draft.chunk(lease.chunk);
        const { cancelled } = draft.job(chunk.job);
        const done = chunk.token === lease.token && chunk.state === 'COMPLETADO';
        const ended = chunk.token === lease.token && chunk.state === 'CANCELADO';
        const valid = holds(chunk, lease);
        if (valid && cancelled) draft.release(chunk.id, 'CANCELADO');
        else if (valid) draft.release(chunk.id, 'COMPLETADO', { result: stamped(lease) });
        const expected =
          done || (valid && !cancelled) ? 'COMPLETADO' : ended || valid ? 'CANCELADO' : 'PERDIDO';
        found.push(...equal(name(lease), saidOf(lease, outcome.answer), expected));
      }
      if (reclamar > 0)
        found.push(...predictClaims(claimed(outcome.answer), worker, reclamar, [light], draft, notes));
      return found;
    },
  };
}

function failOf(
  lease: Lease,
  how: { readonly retryable: boolean; readonly transient: boolean },
): Operation<trabajo.FallarChunkResult> {
  return {
    text: `fail ${name(lease)}${how.retryable ? '' : ' for good'}${how.transient ? ', passing by' : ''}`,
    by: lease.worker,
    neverWaits: false,
    transaction: false,
    refusals: [50410],
    run: (session) =>
      trabajo.fallarChunk(session, {
        idChunk: lease.chunk,
        token: lease.token,
        error: `the attempt under token ${lease.token} failed`,
        reintentable: how.retryable,
        transitorio: how.transient,
      }),
    learn: (outcome, after, notes) =>
      'refused' in outcome
        ? refused(outcome.refused, lease, after, notes)
        : lost(lease, after, 'was said to have failed'),
    predict(outcome, draft) {
      const chunk = draft.chunk(lease.chunk);
      if (chunk.token !== lease.token) return told(outcome, 50410);
      if (holds(chunk, lease)) {
        const { cancelled, maxAttempts } = draft.job(chunk.job);
        const free = how.transient && Number(chunk.token) - chunk.attempt < 10;
        if (cancelled) draft.release(chunk.id, 'CANCELADO');
        else if (!how.retryable || (!free && chunk.attempt >= maxAttempts)) draft.release(chunk.id, 'ERROR');
        else
          draft.release(chunk.id, 'PENDIENTE', {
            waits: true,
            attempt: free ? chunk.attempt - 1 : chunk.attempt,
          });
      }
      return [
        ...told(outcome, undefined),
        ...('answer' in outcome
          ? equal('Estado', outcome.answer.estado, draft.chunk(lease.chunk).state)
          : []),
      ];
    },
  };
}

function giveBackOf(lease: Lease): Operation<trabajo.DevolverChunkResult> {
  return {
    text: `give back ${name(lease)}`,
    by: lease.worker,
    neverWaits: false,
    transaction: false,
    refusals: [50410],
    run: (session) => trabajo.devolverChunk(session, { idChunk: lease.chunk, token: lease.token }),
    learn: (outcome, after, notes) =>
      'refused' in outcome
        ? refused(outcome.refused, lease, after, notes)
        : lost(lease, after, 'was said to be given back'),
    predict(outcome, draft) {
      const chunk = draft.chunk(lease.chunk);
      if (chunk.token !== lease.token) return told(outcome, 50410);
      if (holds(chunk, lease)) {
        if (draft.job(chunk.job).cancelled) draft.release(chunk.id, 'CANCELADO');
        else draft.release(chunk.id, 'PENDIENTE', { attempt: chunk.attempt - 1 });
      }
      return [
        ...told(outcome, undefined),
        ...('answer' in outcome
          ? equal('Estado', outcome.answer.estado, draft.chunk(lease.chunk).state)
          : []),
      ];
    },
  };
}

function renewOf(
  worker: number,
  oldest: boolean,
  notes: Notes,
): Operation<readonly trabajo.RenovarChunksRow[]> | undefined {
  // a chunk once
  const mine = notes.leases.filter((one) => one.worker === worker);
  const byChunk = new Map((oldest ? mine.toReversed() : mine).map((lease) => [lease.chunk, lease]));
  if (byChunk.size === 0) return undefined;
  const stale = new Set([...byChunk.values()].filter((lease) => superseded(lease, notes)));
  return {
    text: `w${worker} renews ${[...byChunk.values()].map(name).join(', ')}`,
    by: worker,
    neverWaits: true,
    transaction: false,
    refusals: [],
    run: (session) =>
      trabajo.renovarChunks(session, {
        poseedor: holder(worker),
        arriendoS: leaseS,
        chunks: [...byChunk.values()].map(({ chunk, token }) => ({ idChunk: chunk, token })),
      }),
    learn: (outcome, after) =>
      'answer' in outcome
        ? outcome.answer.flatMap(({ idChunk, situacion }) => {
            const lease = byChunk.get(idChunk);
            if (lease !== undefined && stale.has(lease) && situacion !== 'PERDIDO')
              return [`${name(lease)} was told ${situacion}, though a newer token was given`];
            return lease !== undefined && ['PERDIDO', 'TERMINADO'].includes(situacion)
              ? lost(lease, after, `was told ${situacion}`)
              : [];
          })
        : [],
    predict(outcome, draft) {
      if (!('answer' in outcome)) return [];
      return [...byChunk.values()].flatMap((lease) => {
        const chunk = draft.chunk(lease.chunk);
        const row = outcome.answer.find(({ idChunk }) => idChunk === lease.chunk);
        if (holds(chunk, lease)) {
          draft.setChunk(chunk.id, { expired: false });
          const { cancelled } = draft.job(chunk.job);
          return equal(name(lease), row?.situacion, cancelled ? 'CANCELADO' : 'RENOVADO');
        }
        const expected =
          chunk.token !== lease.token ? 'PERDIDO' : chunk.state === 'CANCELADO' ? 'CANCELADO' : 'TERMINADO';
        return equal(name(lease), row?.situacion, expected);
      });
    },
  };
}

/** Time passes for one lease; not when its row is locked, which would make the test wait for itself. */
function expireOf(chunk: bigint): Operation<undefined> {
  return {
    text: `the lease of chunk ${chunk} runs out`,
    by: 'operator',
    neverWaits: true,
    transaction: false,
    refusals: [],
    async run(session) {
      await sql(
        session,
        session.dialect === 'postgres'
          ? `UPDATE trabajo.Chunks SET Expira = clock_timestamp() - interval '1 minute'
             WHERE ID_Chunk = (SELECT ID_Chunk FROM trabajo.Chunks WHERE ID_Chunk = ? AND Poseedor IS NOT NULL
               FOR NO KEY UPDATE SKIP LOCKED)`
          : `UPDATE c SET Expira = DATEADD(MINUTE, -1, SYSUTCDATETIME())
             FROM trabajo.Chunks AS c WITH (ROWLOCK, READPAST, READCOMMITTEDLOCK)
             WHERE c.ID_Chunk = ? AND c.Poseedor IS NOT NULL`,
        [chunk],
      );
      return undefined;
    },
    learn: () => [],
    predict(_outcome, draft) {
      if (draft.chunk(chunk).holder !== null) draft.setChunk(chunk, { expired: true });
      return [];
    },
  };
}

/** A lease runs out, and somebody claims, rather that chunk than others. */
function takeOverOf(
  worker: number,
  { id, job }: Chunk,
  notes: Notes,
): Operation<readonly trabajo.ReclamarChunksRow[]> {
  const expiry = expireOf(id);
  const claim = claimOf(worker, 1, job, notes);
  return {
    ...claim,
    text: `${expiry.text}, ${claim.text}`,
    async run(session) {
      await expiry.run(session);
      return await claim.run(session);
    },
    predict: (outcome, draft) => [
      ...expiry.predict({ answer: undefined }, draft),
      ...claim.predict(outcome, draft),
    ],
  };
}

/** Time passes for every backoff. */
function waitOf(jobs: readonly bigint[]): Operation<undefined> {
  return {
    text: 'backoffs pass',
    by: 'operator',
    neverWaits: true,
    transaction: false,
    refusals: [],
    async run(session) {
      await sql(
        session,
        session.dialect === 'postgres'
          ? `UPDATE trabajo.Chunks SET No_Antes_De = NULL
             WHERE ID_Chunk IN (SELECT ID_Chunk FROM trabajo.Chunks
               WHERE ID_Trabajo IN (?, ?) AND No_Antes_De IS NOT NULL FOR NO KEY UPDATE SKIP LOCKED)`
          : `UPDATE c SET No_Antes_De = NULL
             FROM trabajo.Chunks AS c WITH (ROWLOCK, READPAST, READCOMMITTEDLOCK)
             WHERE c.ID_Trabajo IN (?, ?) AND c.No_Antes_De IS NOT NULL`,
        jobs,
      );
      return undefined;
    },
    learn: () => [],
    predict(_outcome, draft) {
      for (const { id } of jobs.flatMap((job) => draft.of(job))) draft.setChunk(id, { waits: false });
      return [];
    },
  };
}

function cancelOf(job: bigint): Operation<trabajo.CancelarTrabajoResult> {
  return {
    text: `cancel job ${job}`,
    cancels: job,
    by: 'operator',
    neverWaits: false,
    transaction: false,
    refusals: [],
    run: (session) => trabajo.cancelarTrabajo(session, { idTrabajo: job }),
    learn: () => [],
    predict(outcome, draft) {
      if (!('answer' in outcome)) return [];
      const { answer } = outcome;
      const { state } = draft.job(job);
      let swept = 0;
      if (state === 'EN_PROGRESO') {
        draft.setJob(job, { cancelled: true });
        swept = draft.sweep(job);
      }
      return [...equal('Estado', answer.estado, state), ...equal('Cancelados', answer.cancelados, swept)];
    },
  };
}

/** The lease of a chunk that is being worked on runs out, and its job is cancelled. */
function cancelUnderWorkOf({ id, job }: Chunk): Operation<trabajo.CancelarTrabajoResult> {
  const expiry = expireOf(id);
  const cancel = cancelOf(job);
  return {
    ...cancel,
    text: `${expiry.text}, ${cancel.text}`,
    severalCalls: true,
    async run(session) {
      await expiry.run(session);
      return await cancel.run(session);
    },
    predict: (outcome, draft) => [
      ...expiry.predict({ answer: undefined }, draft),
      ...cancel.predict(outcome, draft),
    ],
  };
}

function finalizeOf(job: bigint, by: number | 'operator'): Operation<trabajo.FinalizarTrabajoResult> {
  return {
    text: `${by === 'operator' ? 'the operator' : holder(by)} finalizes job ${job}`,
    by,
    neverWaits: false,
    transaction: false,
    refusals: [],
    run: (session) => trabajo.finalizarTrabajo(session, { idTrabajo: job }),
    learn(outcome, _after, notes) {
      if ('answer' in outcome && outcome.answer.finalizado)
        notes.finalized.set(job, (notes.finalized.get(job) ?? 0) + 1);
      return [];
    },
    predict(outcome, draft) {
      if (!('answer' in outcome)) return [];
      const before = draft.job(job);
      const ended = hasEnded(before);
      if (!ended && before.cancelled) draft.sweep(job);
      const ends = !ended && draft.unfinished(job) === 0;
      if (ends) draft.setJob(job, { state: draft.finalState(job) });
      return [
        ...equal('Finalizado', outcome.answer.finalizado, ends),
        ...equal('Estado', outcome.answer.estado, draft.job(job).state),
      ];
    },
  };
}

function splitOf(
  lease: Lease,
  offset: bigint | undefined,
  before: Snapshot,
): Operation<trabajo.PartirChunkResult> {
  const from = before.chunks.get(lease.chunk)?.from ?? 0n;
  const corte = offset === undefined ? undefined : from + offset;
  return {
    text: `split ${name(lease)}${corte === undefined ? '' : ` at ${corte}`}`,
    by: lease.worker,
    neverWaits: false,
    transaction: false,
    refusals: leaseRefusals,
    run: (session) =>
      trabajo.partirChunk(session, {
        idChunk: lease.chunk,
        token: lease.token,
        error: `the attempt under token ${lease.token} failed`,
        corte,
      }),
    learn(outcome, after, notes) {
      if ('refused' in outcome) return refused(outcome.refused, lease, after, notes);
      if (!outcome.answer.partido) return [];
      return [
        ...lost(lease, after, 'was said to be split'),
        ...[outcome.answer.idChunk1, outcome.answer.idChunk2]
          .filter((id) => id === null || !after.chunks.has(id))
          .map((id) => `${name(lease)} was split into ${String(id)}, which is not there`),
      ];
    },
    predict(outcome, draft) {
      const chunk = draft.chunk(lease.chunk);
      const before = chunk.token === lease.token && chunk.state === 'OMITIDO';
      const refusal = before ? undefined : refusalOf(lease, draft);
      if (refusal !== undefined || !('answer' in outcome)) return told(outcome, refusal);
      const { partido, idChunk1, idChunk2 } = outcome.answer;
      const cut = corte ?? chunk.from + (chunk.to - chunk.from) / 2n;
      const may = chunk.state === 'PENDIENTE' && cut > chunk.from && cut < chunk.to;
      const found = equal('Partido', partido, before || may);
      if (!partido || before || idChunk1 === null || idChunk2 === null) return found;
      const order = Math.max(...draft.of(chunk.job).map((one) => one.order));
      const length = chunk.to - chunk.from;
      const weight = Math.round((chunk.weight * Number(cut - chunk.from)) / Number(length));
      const half = { ...chunk, holder: null, token: 0n, attempt: 0, expired: false };
      draft.chunks.set(idChunk1, { ...half, id: idChunk1, order: order + 1, to: cut, weight });
      draft.chunks.set(idChunk2, {
        ...{ ...half, id: idChunk2, order: order + 2, from: cut, weight: chunk.weight - weight },
      });
      draft.release(chunk.id, 'OMITIDO', { result: `{"partido_en":["${idChunk1}","${idChunk2}"]}` });
      return found;
    },
  };
}

function retryOf(job: bigint): Operation<trabajo.ReintentarTrabajoResult> {
  return {
    text: `retry job ${job}`,
    by: 'operator',
    neverWaits: false,
    transaction: false,
    refusals: [50409],
    run: (session) => trabajo.reintentarTrabajo(session, { idTrabajo: job }),
    learn: (outcome, _after, notes) =>
      'refused' in outcome && !notes.cancelled.has(job)
        ? [`retrying job ${job} was refused, though nobody cancelled it`]
        : [],
    predict(outcome, draft) {
      const before = draft.job(job);
      if (!hasEnded(before) && before.cancelled) return told(outcome, 50409);
      const failed = draft.of(job).filter(({ state }) => state === 'ERROR' || state === 'CANCELADO');
      for (const { id } of failed) draft.release(id, 'PENDIENTE', { attempt: 0 });
      if (failed.length > 0 && hasEnded(before))
        draft.setJob(job, { state: 'EN_PROGRESO', cancelled: false });
      return [
        ...told(outcome, undefined),
        ...('answer' in outcome ? equal('Reintentados', outcome.answer.reintentados, failed.length) : []),
      ];
    },
  };
}
