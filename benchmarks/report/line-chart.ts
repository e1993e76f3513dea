import type { Markup } from '../../runner/report/html.js';
import { at, drawing, marker, seriesLooks, svg, ticksTo } from './svg.js';
import type { Point } from './svg.js';

export interface Series {
  readonly name: string;
  readonly values: readonly (SeriesValue | null)[];
}

/** A value, with what it may as well be where that is known. */
export interface SeriesValue {
  readonly value: number;
  readonly low?: number;
  readonly high?: number;
}

export interface LineChart {
  /** What is drawn, with its unit. */
  readonly title: string;
  /** Below the axis. */
  readonly across: string;
  readonly labels: readonly string[];
  readonly series: readonly Series[];
  readonly say: (value: number) => string;
}

export const panel = { width: 366, height: 260 };
const edges = { left: 56, right: 10, top: 34, bottom: 44 };

/** Values by name or number, a line a series; the axis begins at 0. */
export function lineChart(chart: LineChart): Markup {
  return drawing(panel.width, panel.height, describe(chart), linePanel(chart));
}

/** What stands in it, to be put into a drawing of one's own. */
export function linePanel({ title, across, labels, series, say }: LineChart): Markup {
  const values = series.flatMap((one) =>
    one.values.flatMap((it) => (it === null ? [] : [it.high ?? it.value])),
  );
  const ticks = ticksTo(Math.max(0, ...values));
  const most = ticks.at(-1) ?? 1;
  const [right, bottom] = [panel.width - edges.right, panel.height - edges.bottom];
  const x = (i: number) => edges.left + ((right - edges.left) * (i + 0.5)) / Math.max(1, labels.length);
  const y = (value: number) => bottom - ((bottom - edges.top) * value) / most;
  return svg`<text class="title" x="${edges.left}" y="16">${title}</text>
${ticks.map(
  (tick) => svg`<line class="grid" x1="${edges.left}" x2="${right}" y1="${at(y(tick))}" y2="${at(y(tick))}"/>
<text class="tick" x="${edges.left - 8}" y="${at(y(tick) + 4)}" text-anchor="end">${say(tick)}</text>`,
)}
${labels.map((label, i) => svg`<text class="tick" x="${at(x(i))}" y="${bottom + 18}" text-anchor="middle">${label}</text>`)}
<text class="tick" x="${at((edges.left + right) / 2)}" y="${bottom + 36}" text-anchor="middle">${across}</text>
${series.map(({ name, values: of }, n) => line(n, name, of, labels, { x, y, say }))}`;
}

function line(
  n: number,
  name: string,
  values: Series['values'],
  labels: readonly string[],
  { x, y, say }: { x: (i: number) => number; y: (value: number) => number; say: (value: number) => string },
): Markup {
  const points = values.flatMap((it, i) =>
    it === null ? [] : [{ x: x(i), y: y(it.value), it, label: labels[i] ?? '' }],
  );
  // bars of two series at one place stand beside each other, not on each other
  const aside = (n - 0.5) * 3;
  return svg`<g class="series c${n % seriesLooks}"><path class="line" d="${path(points)}"/>
${points.map(({ it, x: px }) =>
  it.low === undefined || it.high === undefined
    ? ''
    : svg`<line class="range" x1="${at(px + aside)}" x2="${at(px + aside)}" y1="${at(y(it.low))}" y2="${at(y(it.high))}"/>`,
)}
${points.map((point) => svg`<g><title>${name}, ${point.label}: ${say(point.it.value)}</title>${marker(n, point)}</g>`)}</g>
`;
}

function path(points: readonly Point[]): string {
  return points.map((point, i) => `${i === 0 ? 'M' : 'L'}${at(point.x)} ${at(point.y)}`).join('');
}

function describe({ title, across, series, labels, say }: LineChart): string {
  const said = series.map(
    ({ name, values }) =>
      `${name}: ${values.map((it, i) => `${labels[i] ?? ''} ${it === null ? 'nothing' : say(it.value)}`).join(', ')}`,
  );
  return `${title} by ${across}. ${said.join('; ')}`;
}

/** The series' names beside their looks, for charts that are drawn with them. */
export function legendOf(names: readonly string[]): Markup {
  return svg`<ul class="legend">${names.map(
    (name, n) =>
      svg`<li><svg class="key" viewBox="0 0 34 14" width="34" height="14" aria-hidden="true"><g class="series c${n % seriesLooks}"><path class="line" d="M0 7H34"/>${marker(n, { x: 17, y: 7 })}</g></svg>${name}</li> `,
  )}</ul>`;
}
