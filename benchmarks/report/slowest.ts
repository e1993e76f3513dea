import type { Lane } from '../../runner/report/data.js';
import { span } from '../../runner/report/format.js';
import { html } from '../../runner/report/html.js';
import { laneChart } from '../../runner/report/lanes.js';
import type { FundLane, Round } from '../contention/model.js';
import type { ReportSide } from './sides.js';
import { timelineChart, timelineLegend } from './timeline-chart.js';

/** Of each side its slowest round: who waited when, and what each lane did meanwhile. */
export function* slowestRounds(sides: readonly ReportSide[]): Generator<string> {
  yield '<h2 id="waits">Waits over time, and the lanes of the slowest round</h2>\n';
  yield timelineLegend.text;
  for (const { name, rounds } of sides) {
    const round = slowestOf(rounds);
    if (round === undefined) continue;
    yield html`<h3>
      ${name}, round ${round.round}${round.lanes === undefined ? '' : `, ${round.lanes} lanes`}:
      ${span(round.makespan_ms)}
    </h3>`.text;
    const until = endOf(round);
    yield round.timeline === undefined
      ? html`<p class="notice">This recording has no times of its waits: it was made by an older carril.</p>`
          .text
      : timelineChart(round.timeline, until).text;
    yield* drawnLanes(round, until);
  }
}

/** Of the track that its waits and its lanes are both drawn on. */
function endOf({ drawn = [], timeline }: Round): number {
  const waits = timeline === undefined ? 0 : timeline.slice_ms * timeline.rows.length;
  return Math.max(1, waits, ...drawn.flatMap(({ bars }) => bars.map(({ to_ms }) => to_ms)));
}

function* drawnLanes({ drawn, architecture }: Round, until: number): Generator<string> {
  if (drawn === undefined || drawn.length === 0) {
    yield html`<p class="notice">
      ${
        architecture === 'ATTACHED'
          ? 'Its lanes are not known: another program ran them.'
          : 'This recording has no lanes: it was made by an older carril.'
      }
    </p>`.text;
    return;
  }
  const lanes = drawn.map((lane) => laneOf(lane)).toSorted((a, b) => beginning(a) - beginning(b));
  yield* laneChart(lanes, { from: 0, to: until, traced: true });
}

function beginning({ bars }: Lane): number {
  return bars[0]?.from ?? Infinity;
}

/** The one whose lanes were kept; else the slowest. */
export function slowestOf(rounds: readonly Round[]): Round | undefined {
  return (
    rounds.find(({ drawn }) => drawn !== undefined) ??
    rounds.toSorted((a, b) => b.makespan_ms - a.makespan_ms)[0]
  );
}

function laneOf({ fund, bars }: FundLane): Lane {
  const [first, last] = [bars[0], bars.at(-1)];
  const took = first === undefined || last === undefined ? 0 : last.to_ms - first.from_ms;
  return {
    name: fund,
    execution: null,
    state: `${bars.length} ${bars.length === 1 ? 'service' : 'services'} in ${span(took)}`,
    attempts: null,
    error: null,
    bars: bars.map(({ service, from_ms, to_ms, failed }) => ({
      stage: service,
      from: from_ms,
      to: to_ms,
      kind: failed ? 'failed' : 'done',
      note: null,
    })),
    waits: [],
  };
}
