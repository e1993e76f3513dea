import type { DeadlockGraph, DeadlockProcess, DeadlockResource } from './deadlock-graph.js';
import { processOf, procedureIn } from './wait-graph.js';
import type { SeenSession } from './wait-graph.js';

/** A deadlock as PostgreSQL tells it to the session that it gave up, or in its log. */
export interface ToldDeadlock {
  readonly at: string | null;
  /** `Process 11 waits for ShareLock on transaction 7; blocked by process 12.`, a line a process, the victim's first. */
  readonly detail: string;
  /** The victim's stack, innermost first: `while updating tuple (0,1) in relation "x"`, `PL/pgSQL function …`. */
  readonly context: string | null;
  readonly statement: string | null;
}

/** What a client's error says of the deadlock that it lost; undefined when the error is another one. */
export function toldDeadlock(error: unknown): ToldDeadlock | undefined {
  for (let one = error; one instanceof Error; one = one.cause) {
    const { code, detail, where } = one as { code?: unknown; detail?: unknown; where?: unknown };
    if (code !== '40P01' || typeof detail !== 'string') continue;
    return {
      at: new Date().toISOString(),
      detail,
      context: typeof where === 'string' ? where : null,
      statement: null,
    };
  }
  return undefined;
}

// in whatever language the server speaks: process, mode, (on) resource; … process.
const waitLine = /^\D*(\d+)\D*?\b(\w+Lock)\s+\S+\s+(.+?);\D*(\d+)\.\s*$/gm;
const statementLine = /^\D{0,20}?(\d+): ([\s\S]*?)(?=\n\D{0,20}?\d+: |(?![\s\S]))/gm;

/** Who waited for what, and whose it was, with what the probe has seen of those sessions. */
export function graphOfTold(
  told: ToldDeadlock,
  seen: (pid: number) => SeenSession | undefined,
): DeadlockGraph | undefined {
  const waits = [...told.detail.matchAll(waitLine)].map(([, pid, mode, resource, by]) => ({
    pid: Number(pid),
    mode: mode ?? '',
    resource: resource ?? '',
    by: Number(by),
  }));
  if (waits.length === 0) return undefined;
  // only the server's log has them
  const rest = told.detail.replaceAll(waitLine, '').trim();
  const statements = new Map(
    [...rest.matchAll(statementLine)].map(([, pid, text]) => [Number(pid), (text ?? '').trim()]),
  );
  return {
    at: told.at,
    processes: waits.map(({ pid, mode, resource }, i) => {
      const known = seen(pid);
      const text = statements.get(pid) ?? known?.statement ?? '';
      const outer = { procedure: procedureIn(text), line: null, text: text.trim() };
      const victim = i === 0;
      return {
        ...(known === undefined ? unknownProcess(pid) : processOf(known)),
        victim,
        wait_resource: resource,
        lock_mode: mode,
        statements: [...(victim ? framesOf(told.context) : []), ...(text === '' ? [] : [outer])],
      } satisfies DeadlockProcess;
    }),
    resources: waits.map(({ pid, mode, resource, by }, i): DeadlockResource => {
      const known = seen(pid);
      const here = i === 0 ? relationIn(told.context) : undefined;
      return {
        kind: kindOf(resource),
        object: known?.relation ?? here ?? resource,
        index: null,
        // a transaction's own number is locked exclusively by it, always
        owners: [
          {
            process: String(by),
            mode: known?.held ?? (kindOf(resource) === 'transactionid' ? 'ExclusiveLock' : ''),
          },
        ],
        waiters: [{ process: String(pid), mode, request: 'wait' }],
      };
    }),
  };
}

function unknownProcess(pid: number): Omit<DeadlockProcess, 'victim' | 'statements'> {
  return {
    id: String(pid),
    spid: pid,
    database: null,
    wait_resource: null,
    lock_mode: null,
    isolation: null,
    application: null,
    input: null,
  };
}

/** pg_locks' names of what the detail writes out. */
function kindOf(resource: string): string {
  const [word = ''] = resource.split(' ');
  const kinds = {
    transac: 'transactionid',
    relati: 'relation',
    relaci: 'relation',
    tup: 'tuple',
    advis: 'advisory',
  };
  return Object.entries(kinds).find(([begin]) => word.startsWith(begin))?.[1] ?? word;
}

/** PL/pgSQL's stack: a statement, then the function and line it stands in. */
function framesOf(context: string | null): DeadlockProcess['statements'] {
  if (context === null) return [];
  const frame = /(?:SQL statement "([\s\S]*?)"\n)?PL\/pgSQL function ([\w."]+)\([^)]*\) line (\d+)/g;
  return [...context.matchAll(frame)].map(([, text, procedure, line]) => ({
    procedure: procedure ?? null,
    line: Number(line),
    text: (text ?? '').trim(),
  }));
}

function relationIn(context: string | null): string | undefined {
  return /relation "([^"]+)"/.exec(context ?? '')?.[1];
}
