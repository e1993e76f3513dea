import { html } from '../../runner/report/html.js';
import type { Markup } from '../../runner/report/html.js';

/** A column; `n` when its cells are numbers. */
export type Column = readonly [name: string, kind?: 'n'];

/** A table that scrolls by itself where it is wider than the page, by the keyboard too. */
export function table(
  label: string,
  columns: readonly Column[],
  rows: readonly (readonly (string | number | Markup)[])[],
): Markup {
  return html`<div class="wide" tabindex="0" role="group" aria-label="${label}">
    <table>
      <thead>
        <tr>
          ${columns.map(([name, kind]) => html`<th class="${kind ?? ''}">${name}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              ${row.map((cell, i) => html`<td class="${columns[i]?.[1] ?? ''}">${cell}</td>`)}
            </tr> `,
        )}
      </tbody>
    </table>
  </div>`;
}
