import { html } from '../../runner/report/html.js';
import type { Markup } from '../../runner/report/html.js';

/** The same as `html`; its own name keeps the formatter, which would take drawings for text, away. */
export const svg = html;

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Round values from 0 to at least `most`, four or five of them; whole ones for what is counted. */
export function ticksTo(most: number, whole = false): readonly number[] {
  if (most <= 0) return [0, 1];
  const rough = whole ? Math.max(1, most / 4) : most / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step =
    (whole ? [1, 2, 5, 10] : [1, 2, 2.5, 5, 10]).map((n) => n * power).find((n) => n >= rough) ?? rough;
  return Array.from({ length: Math.ceil(most / step - 1e-9) + 1 }, (_, i) => i * step);
}

/** One decimal at most: a drawing's coordinates need no more. */
export function at(value: number): string {
  return String(Math.round(value * 10) / 10);
}

/** Looks of series, which differ by colour, by the shape of their points and by their line. */
export const seriesLooks = 4;

const shapes: readonly ((p: Point) => Markup)[] = [
  ({ x, y }) => svg`<rect x="${at(x - 4)}" y="${at(y - 4)}" width="8" height="8"/>`,
  ({ x, y }) => svg`<circle cx="${at(x)}" cy="${at(y)}" r="4.5"/>`,
  ({ x, y }) => svg`<path d="M${at(x)} ${at(y - 5.5)}l5.5 9.5h-11z"/>`,
  ({ x, y }) => svg`<path d="M${at(x)} ${at(y - 6)}l6 6l-6 6l-6 -6z"/>`,
];

export function marker(series: number, point: Point): Markup {
  return (shapes[series % seriesLooks] ?? shapes[0])?.(point) ?? svg``;
}

/** What a reader who does not see the drawing is told of it. */
export function drawing(width: number, height: number, label: string, inside: Markup, kind = ''): Markup {
  return svg`<svg class="chart ${kind}" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${label}">${inside}</svg>`;
}

/** As much of a text as fits, its middle taken out. */
export function fit(text: string, most: number): string {
  if (text.length <= most) return text;
  const half = Math.floor((most - 1) / 2);
  return `${text.slice(0, most - 1 - half)}…${text.slice(text.length - half)}`;
}

/** As much of a text as fits, its end taken out, on one line. */
export function begin(text: string, most: number): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length <= most ? line : `${line.slice(0, most - 1)}…`;
}
