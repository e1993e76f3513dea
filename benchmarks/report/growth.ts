import type { Markup } from '../../runner/report/html.js';
import type { Round } from '../contention/model.js';
import { medianInterval } from '../statistics.js';
import { chartStyle, inkStyle } from './chart-style.js';
import { legendOf, lineChart, linePanel, panel } from './line-chart.js';
import type { LineChart } from './line-chart.js';
import { marker, seriesLooks, svg } from './svg.js';

/** The numbers of lanes that a recording has rounds of; none where they are all of one. */
export function widthsOf(rounds: readonly Round[]): readonly number[] {
  return [...new Set(rounds.flatMap(({ lanes }) => lanes ?? []))].toSorted((a, b) => a - b);
}

/** How both sides grow with their lanes: medians, with their 95 % intervals. */
function growthCharts(rounds: readonly Round[]): readonly LineChart[] {
  const widths = widthsOf(rounds);
  const sides = [...new Set(rounds.map(({ architecture }) => architecture))];
  const chart = (
    title: string,
    measure: 'makespan_ms' | 'funds_per_hour' | 'lock_waits',
    say: (value: number) => string,
  ): LineChart => ({
    title,
    across: 'lanes',
    labels: widths.map(String),
    series: sides.map((name) => ({
      name,
      values: widths.map((width) => {
        const of = rounds.filter(({ architecture, lanes }) => architecture === name && lanes === width);
        if (of.length === 0) return null;
        const { median: value, low, high } = medianInterval(of.map((round) => round[measure]));
        return { value, low, high };
      }),
    })),
    say,
  });
  return [
    chart('Makespan, seconds', 'makespan_ms', (ms) => String(Math.round(ms / 100) / 10)),
    chart('Funds an hour', 'funds_per_hour', (funds) =>
      funds < 10_000 ? String(Math.round(funds)) : `${Math.round(funds / 1000)}k`,
    ),
    chart('Waits for rows, a round', 'lock_waits', (waits) => String(Math.round(waits * 10) / 10)),
  ];
}

export function growthSection(rounds: readonly Round[]): Markup {
  const sides = [...new Set(rounds.map(({ architecture }) => architecture))];
  return svg`${legendOf(sides)}<div class="charts">${growthCharts(rounds).map((chart) => lineChart(chart))}</div>`;
}

/** The same as an SVG file, light or dark as its reader is. */
export function growthFile(rounds: readonly Round[]): string {
  const charts = growthCharts(rounds);
  const sides = [...new Set(rounds.map(({ architecture }) => architecture))];
  const [width, height] = [panel.width * charts.length, panel.height + 34];
  return `${
    svg`<svg xmlns="http://www.w3.org/2000/svg" class="chart" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">
<title>${charts.map(({ title }) => title).join('; ')}, by lanes: ${sides.join(' and ')}</title>
<style>${inkStyle}${chartStyle}</style>
<rect class="paper" width="100%" height="100%"/>
${sides.map(
  (
    name,
    n,
  ) => svg`<g transform="translate(${56 + n * 170} 12)"><g class="series c${n % seriesLooks}"><path class="line" d="M0 7H34"/>${marker(n, { x: 17, y: 7 })}</g><text x="42" y="11">${name}</text></g>
`,
)}${charts.map(
      (chart, i) => svg`<g transform="translate(${i * panel.width} 30)">${linePanel(chart)}</g>
`,
    )}</svg>`.text
  }\n`;
}
