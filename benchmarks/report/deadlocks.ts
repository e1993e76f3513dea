import { html } from '../../runner/report/html.js';
import type { Markup } from '../../runner/report/html.js';
import type { DeadlockGraph, DeadlockProcess } from '../contention/deadlock-graph.js';
import type { Round } from '../contention/model.js';
import { circleOf } from './deadlock-circle.js';
import { drawDeadlock, nameOfStatement, resourceName, sessionName, shortName } from './deadlock-drawing.js';
import type { ReportSide } from './sides.js';

/** So many different deadlocks are drawn; the further ones of a side are counted. */
const mostDrawn = 8;

/** Deadlocks that are alike: the same statements over the same objects. */
interface Kind {
  readonly graph: DeadlockGraph;
  times: number;
  readonly rounds: Set<number>;
}

/** Every kind of deadlock of every side: a drawing, then who held what and asked for what, with the statements. */
export function deadlocks(sides: readonly ReportSide[]): Markup {
  return html`<h2 id="deadlocks">Deadlocks</h2>
    ${sides.map(({ name, rounds }) => side(name, rounds))}`;
}

function side(name: string, rounds: readonly Round[]): Markup {
  const total = rounds.reduce((sum, round) => sum + round.deadlocks, 0);
  const kinds = kindsOf(rounds);
  const graphs = kinds.reduce((sum, { times }) => sum + times, 0);
  return html`<h3>${name}</h3>
    <p>
      ${total === 0 ? 'None in any round.' : `${total} in ${rounds.length} rounds; of ${graphs} there is a graph.`}
      ${kinds.length > mostDrawn ? `The ${mostDrawn} most frequent kinds of ${kinds.length} are drawn.` : ''}
    </p>
    ${kinds.slice(0, mostDrawn).map((kind) => drawn(kind))}`;
}

function kindsOf(rounds: readonly Round[]): readonly Kind[] {
  const kinds = new Map<string, Kind>();
  for (const round of rounds) {
    for (const graph of round.deadlock_graphs) {
      const key = signature(graph);
      const kind = kinds.get(key) ?? { graph, times: 0, rounds: new Set() };
      kind.times += 1;
      kind.rounds.add(round.round);
      kinds.set(key, kind);
    }
  }
  return [...kinds.values()].toSorted((a, b) => b.times - a.times);
}

function signature({ processes, resources }: DeadlockGraph): string {
  return JSON.stringify([
    processes.map((process) => [process.victim, nameOfStatement(process)].join(' ')).toSorted(),
    resources
      .map((one) =>
        [resourceName(one), one.owners.map(({ mode }) => mode), one.waiters.map(({ mode }) => mode)].join(
          ' ',
        ),
      )
      .toSorted(),
  ]);
}

function drawn({ graph, times, rounds }: Kind): Markup {
  const circle = circleOf(graph);
  const when = graph.at === null ? '' : ` (${graph.at.slice(0, 19).replace('T', ' ')})`;
  return html`<section class="deadlock">
    <p>
      <b>${times === 1 ? 'Once' : `${times} times`}</b>, in ${rounds.size === 1 ? 'round' : 'rounds'}
      ${[...rounds].join(', ')}${when}
    </p>
    ${
      circle === undefined
        ? html`<p class="notice">The graph does not close to a circle, so it is told in words only.</p>`
        : html`<div class="wide" tabindex="0" role="group" aria-label="drawing of a deadlock">
            ${drawDeadlock(circle)}
          </div>`
    }
    <div class="wide" tabindex="0" role="group" aria-label="sessions of a deadlock">
      <table>
        <thead>
          <tr>
            <th>session</th>
            <th>held</th>
            <th>asked for</th>
            <th>statements, the innermost first</th>
          </tr>
        </thead>
        <tbody>
          ${graph.processes.map((process) => processRow(process, graph))}
        </tbody>
      </table>
    </div>
  </section>`;
}

function processRow(process: DeadlockProcess, { resources }: DeadlockGraph): Markup {
  const of = (list: 'owners' | 'waiters') =>
    resources.flatMap((resource) =>
      resource[list]
        .filter((one) => one.process === process.id)
        .map(({ mode }) => html`<div>${mode} on ${resourceName(resource)}</div>`),
    );
  const { input } = process;
  // a frame of which nothing is known says nothing
  const statements = process.statements.filter(
    ({ procedure, text }) => procedure !== null || !['', 'unknown'].includes(text),
  );
  return html`<tr>
    <td>${sessionName(process)}${process.victim ? html`<br /><b class="bad">✕ victim</b>` : ''}</td>
    <td>${of('owners')}</td>
    <td>${of('waiters')}</td>
    <td>
      ${
        statements.length === 0
          ? html`<code>${input ?? ''}</code>`
          : statements.map(
              ({ procedure, line, text }) =>
                html`<div>
                  ${procedure === null ? '' : html`${shortName(procedure)}${line === null ? '' : `, line ${line}`}<br />`}<code
                    >${text}</code
                  >
                </div>`,
            )
      }
    </td>
  </tr>`;
}
