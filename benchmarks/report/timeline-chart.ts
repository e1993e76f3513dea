import type { Markup } from '../../runner/report/html.js';
import { span } from '../../runner/report/format.js';
import type { Timeline } from '../slices.js';
import { at, drawing, svg, ticksTo } from './svg.js';

/** As wide as the lanes that stand below it, and as far in. */
const size = { width: 1152, height: 180 };
const edges = { left: 166, right: 11, top: 12, bottom: 30 };

/** Sessions that waited, over a round, on a track that ends at `until` milliseconds. */
export function timelineChart({ slice_ms, rows, others }: Timeline, until: number): Markup {
  const most = Math.max(0, ...rows, ...others);
  const ticks = ticksTo(Math.max(4, most), true);
  const top = ticks.at(-1) ?? 1;
  const [right, bottom] = [size.width - edges.right, size.height - edges.bottom];
  const lasted = Math.max(until, slice_ms * Math.max(1, rows.length));
  const x = (ms: number) => edges.left + ((right - edges.left) * ms) / lasted;
  const y = (n: number) => bottom - ((bottom - edges.top) * n) / top;
  const steps = (values: readonly number[]) =>
    values.map((n, i) => `V${at(y(n))}H${at(x((i + 1) * slice_ms))}`).join('');
  // where the lanes' axis has its own
  const times = [0, 20, 40, 60, 80, 100].map((share) => (lasted * share) / 100);
  return drawing(
    size.width,
    size.height,
    `Sessions waiting over ${span(lasted)}: at most ${Math.max(0, ...rows)} for rows or tables, ${Math.max(0, ...others)} for application locks`,
    svg`${ticks.map(
      (
        tick,
      ) => svg`<line class="grid" x1="${edges.left}" x2="${right}" y1="${at(y(tick))}" y2="${at(y(tick))}"/>
<text class="tick" x="${edges.left - 8}" y="${at(y(tick) + 4)}" text-anchor="end">${tick}</text>
`,
    )}<text class="tick" x="0" y="${edges.top + 12}">sessions waiting</text>
${times.map(
  (
    ms,
  ) => svg`<text class="tick" x="${at(x(ms))}" y="${bottom + 18}" text-anchor="${ms === 0 ? 'start' : ms === lasted ? 'end' : 'middle'}">${span(ms)}</text>
`,
)}<path class="onrows" d="M${edges.left} ${bottom}${steps(rows)}V${bottom}Z"/>
<path class="onothers" d="M${edges.left} ${bottom}${steps(others)}"/>${
      most === 0
        ? svg`<text x="${size.width / 2}" y="${at((edges.top + bottom) / 2)}" text-anchor="middle">no session was seen waiting</text>`
        : ''
    }`,
    'timeline',
  );
}

export const timelineLegend = svg`<ul class="legend"><li><svg class="key" viewBox="0 0 34 14" width="34" height="14" aria-hidden="true"><path class="onrows" d="M0 14V4H34V14Z"/></svg>for rows or tables</li> <li><svg class="key" viewBox="0 0 34 14" width="34" height="14" aria-hidden="true"><path class="onothers" d="M0 7H34"/></svg>for application locks and the server's own</li></ul>`;
