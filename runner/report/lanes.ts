import { closingStage } from '../trace/tracer.js';
import type { Bar, Lane, Wait } from './data.js';
import { span } from './format.js';
import { html } from './html.js';
import type { Markup } from './html.js';

/** Looks of services that differ by colour and pattern; further ones begin again. */
const looks = 7;
/** The closing call and what there is no service for. */
const lastLook = 7;

/** What lanes are drawn on. */
export interface Track {
  readonly from: number;
  readonly to: number;
  /** The bars are of services, not only of whole funds. */
  readonly traced: boolean;
}

/** Lanes as rows of bars under one axis, in pieces, with a legend. */
export function* laneChart(lanes: readonly Lane[], track: Track): Generator<string> {
  const look = looksOf(lanes);
  yield legend(lanes, track, look).text;
  yield '<div class="lanes">\n';
  yield html`<div class="axis">
    <span class="name"></span><span class="ticks" aria-hidden="true">${ticks(track)}</span>
  </div> `.text;
  for (const lane of lanes) yield laneRow(lane, track, look).text;
  yield '</div>\n';
}

function looksOf(lanes: readonly Lane[]): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const { bars } of lanes) {
    for (const { stage, kind } of bars) {
      if (found.has(stage)) continue;
      found.set(stage, stage === closingStage || kind === 'whole' ? lastLook : found.size % looks);
    }
  }
  return found;
}

function legend(lanes: readonly Lane[], { traced }: Track, look: ReadonlyMap<string, number>): Markup {
  const kinds = new Set(lanes.flatMap(({ bars }) => bars.map(({ kind }) => kind)));
  const waited = lanes.some((lane) => lane.waits.length > 0);
  return html`<ul class="legend">
      ${[...look].map(([stage, i]) => html`<li><span class="bar s${i}"></span>${stageName(stage)}</li> `)}${
        kinds.has('failed') ? html`<li><span class="bar s7 failed"></span>failed</li> ` : ''
      }${kinds.has('open') ? html`<li><span class="bar s7 open"></span>no end recorded</li> ` : ''}${
        waited ? html`<li><span class="wait"></span>waited</li> ` : ''
      }
    </ul>
    <p class="soft">
      A lane a fund, in the order in which they began. A lane opens with a click, or with Enter: it has the
      times${traced ? ' of its services' : ''}.
    </p> `;
}

function ticks({ from, to }: Track): readonly Markup[] {
  return [0, 20, 40, 60, 80, 100].map(
    (at) => html`<span style="--at:${at}">${span(((to - from) * at) / 100)}</span>`,
  );
}

function laneRow(lane: Lane, track: Track, look: ReadonlyMap<string, number>): Markup {
  const place = placer(track);
  const bars = lane.bars.toSorted((a, b) => a.from - b.from);
  const bad = lane.state === 'ERROR' || lane.state === 'COMPLETADO_CON_ERRORES';
  return html`<details class="lane">
    <summary class="row">
      <span class="name" title="${lane.name}">${bad ? html`<b>✕ ${lane.name}</b>` : lane.name}</span>
      <span class="track" style="--tick:20"
        >${bars.map(
          (bar) =>
            html`<span
              class="bar s${look.get(bar.stage) ?? lastLook} ${bar.kind}"
              style="${place(bar)}"
              title="${sayBar(bar)}"
              ><i>${stageName(bar.stage)}</i></span
            >`,
        )}${lane.waits.map((wait) => html`<span class="wait" style="${place(wait)}" title="${sayWait(wait)}"></span>`)}</span
      >
    </summary>
    <div class="detail">
      <p>
        ${lane.execution === null ? '' : `execution ${lane.execution}, `}${lane.state}${lane.attempts === null ? '' : `, attempt ${lane.attempts}`}${lane.error === null ? '' : html`<br />${lane.error}`}
      </p>
      ${
        lane.bars.length === 0 && lane.waits.length === 0
          ? html`<p class="soft">It has not begun.</p>`
          : html`<table>
              <thead>
                <tr>
                  <th>what</th>
                  <th>from</th>
                  <th>to</th>
                  <th class="n">took</th>
                  <th>result</th>
                </tr>
              </thead>
              <tbody>
                ${[
                  ...bars.map((bar) => ({ at: bar.from, row: barRow(bar, track) })),
                  ...lane.waits.map((wait) => ({ at: wait.from, row: waitRow(wait, track) })),
                ]
                  .toSorted((a, b) => a.at - b.at)
                  .map(({ row }) => row)}
              </tbody>
            </table>`
      }
    </div>
  </details> `;
}

function barRow(bar: Bar, { from }: Track): Markup {
  const result = { done: '', whole: '', failed: '✕ failed', open: 'no end recorded' }[bar.kind];
  return html`<tr>
    <td>${stageName(bar.stage)}</td>
    <td class="n">+${span(bar.from - from)}</td>
    <td class="n">+${span(bar.to - from)}</td>
    <td class="n">${span(length(bar))}</td>
    <td>${result}${bar.kind === 'failed' && bar.note !== null ? `: ${bar.note}` : ''}</td>
  </tr> `;
}

function waitRow(wait: Wait, { from }: Track): Markup {
  return html`<tr>
    <td>waited for ${resourceName(wait.resource)}</td>
    <td class="n">+${span(wait.from - from)}</td>
    <td class="n">+${span(wait.to - from)}</td>
    <td class="n">${span(length(wait))}</td>
    <td>${wait.holder === null ? '' : `held by ${wait.holder}`}</td>
  </tr> `;
}

/** Where something lies on the track, in per cent, to a ten-thousandth. */
function placer({ from, to }: Track): (piece: { readonly from: number; readonly to: number }) => string {
  const scale = 100 / Math.max(1, to - from);
  const percent = (ms: number) => String(Math.round(ms * scale * 10_000) / 10_000);
  return (piece) => `--l:${percent(piece.from - from)};--w:${percent(piece.to - piece.from)}`;
}

function sayBar(bar: Bar): string {
  const result = bar.kind === 'failed' ? ' failed' : '';
  return `${stageName(bar.stage)}${result}, ${span(length(bar))}${bar.note === null ? '' : `: ${bar.note}`}`;
}

function sayWait(wait: Wait): string {
  return `waited ${span(length(wait))} for ${resourceName(wait.resource)}${wait.holder === null ? '' : `, held by ${wait.holder}`}`;
}

export function stageName(stage: string): string {
  if (stage === closingStage) return 'completion';
  return stage === 'whole' ? 'the whole fund' : stage;
}

/** What the tracer writes in the language of the database. */
export function resourceName(resource: string): string {
  if (resource === closingStage) return 'completion';
  return resource === 'reintento' ? 'the next attempt' : resource;
}

export function length({ from, to }: { readonly from: number; readonly to: number }): number {
  return Math.max(0, to - from);
}
