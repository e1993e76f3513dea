import type { DeadlockGraph, DeadlockProcess, DeadlockResource } from '../contention/deadlock-graph.js';

/** A step of the circle: a process, what it asks for in which mode, and in which mode the next one holds that. */
export interface Step {
  readonly process: DeadlockProcess;
  readonly resource: DeadlockResource;
  readonly asks: string;
  readonly holds: string;
}

/**
 * The shortest circle through the victim, beginning with it: it asks for what the next one holds, and so on until the last
 * one asks for what the victim holds. Undefined where the graph does not close, as with parts of one parallel statement.
 */
export function circleOf(graph: DeadlockGraph): readonly Step[] | undefined {
  const { processes } = graph;
  for (const start of [...processes.filter(({ victim }) => victim), ...processes]) {
    const found = circleFrom(start, graph);
    if (found !== undefined) return found;
  }
  return undefined;
}

function circleFrom(
  start: DeadlockProcess,
  { processes, resources }: DeadlockGraph,
): readonly Step[] | undefined {
  // breadth first: the first way that comes back is a shortest one
  const ways: { readonly at: DeadlockProcess; readonly steps: readonly Step[] }[] = [
    { at: start, steps: [] },
  ];
  const reached = new Set([start]);
  for (let way = ways.shift(); way !== undefined; way = ways.shift()) {
    for (const { step, next } of stepsFrom(way.at, processes, resources)) {
      if (next === start) return [...way.steps, step];
      if (reached.has(next)) continue;
      reached.add(next);
      ways.push({ at: next, steps: [...way.steps, step] });
    }
  }
  return undefined;
}

/** What a process asks for, and who holds it; its own locks are in nobody's way but the others'. */
function stepsFrom(
  process: DeadlockProcess,
  processes: readonly DeadlockProcess[],
  resources: readonly DeadlockResource[],
): readonly { readonly step: Step; readonly next: DeadlockProcess }[] {
  return resources.flatMap((resource) =>
    resource.waiters
      .filter((waiter) => waiter.process === process.id)
      .flatMap(({ mode: asks }) =>
        resource.owners.flatMap(({ process: id, mode: holds }) => {
          const next = processes.find((one) => one.id === id);
          return next === undefined || next === process
            ? []
            : [{ step: { process, resource, asks, holds }, next }];
        }),
      ),
  );
}
