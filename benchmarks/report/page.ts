import { closeDocument, openDocument } from '../../runner/report/document.js';
import { html } from '../../runner/report/html.js';
import type { Markup } from '../../runner/report/html.js';
import type { Comparison } from '../compare.js';
import type { Recording } from '../recording.js';
import { calls, slowStatements } from './calls.js';
import { deadlocks } from './deadlocks.js';
import { escalations } from './escalations.js';
import { growthSection, widthsOf } from './growth.js';
import { roundsSection, roundsTable } from './rounds.js';
import { sidesOf } from './sides.js';
import type { ReportSide } from './sides.js';
import { slowestRounds } from './slowest.js';
import { benchStyle } from './style.js';
import { table } from './table.js';
import { verdicts } from './verdicts.js';

export interface BenchReport {
  readonly a: Recording;
  readonly b: Recording | undefined;
  /** Why there is none, where there might have been one. */
  readonly comparison: Comparison | { readonly reasons: readonly string[] } | undefined;
}

/** The page in pieces. */
export function* benchPage({ a, b, comparison }: BenchReport): Generator<string> {
  const recordings = b === undefined ? [a] : [a, b];
  const sides = sidesOf(recordings);
  const title = b === undefined ? `Recording ${a.label}` : `${a.label} against ${b.label}`;
  yield openDocument(title, benchStyle);
  yield html`<h1>${title}</h1>`.text;
  yield html`${recordings.map((recording) => facts(recording))}`.text;
  if (comparison !== undefined) {
    yield ('reasons' in comparison ? incomparable(comparison.reasons) : verdicts(comparison)).text;
  }
  const growing = recordings.filter(({ rounds }) => widthsOf(rounds).length > 0);
  for (const { label, rounds } of growing) {
    yield html`<h2>How both sides grow with their lanes: ${label}</h2>
      ${growthSection(rounds)}`.text;
  }
  yield growing.length === 0
    ? roundsSection(sides).text
    : html`<h2 id="rounds">Rounds</h2>
        ${roundsTable(sides)}`.text;
  yield* slowestRounds(sides);
  yield waitsByTable(sides).text;
  yield html`${deadlocks(sides)}${escalations(sides)}${calls(sides)}${slowStatements(sides)}${remarks(recordings)}`
    .text;
  yield closeDocument('Figures of one machine: what they are worth is their relation.');
}

function facts({ label, at, machine, versions, migration, data }: Recording): Markup {
  const all: readonly (readonly [string, string])[] = [
    ['recording', `${label}, ${at.slice(0, 19).replace('T', ' ')} UTC`],
    [
      'load',
      Object.entries(data)
        .map(([name, value]) => `${name} ${value}`)
        .join(', ') || 'of others',
    ],
    ['database', versions.database],
    ['migration', migration],
    ['machine', `${machine.cores} cores of ${machine.cpu}, ${machine.memory_gb} GB, ${machine.os}`],
    ['versions', `carril ${versions.carril}, Node ${versions.node}`],
  ];
  return html`<dl class="facts">
    ${all.map(
      ([name, value]) =>
        html`<dt>${name}</dt>
          <dd>${value}</dd>`,
    )}
  </dl>`;
}

function incomparable(reasons: readonly string[]): Markup {
  return html`<h2>Not judged</h2>
    <p class="notice">These cannot be compared, so there is no verdict: ${reasons.join('; ')}.</p>`;
}

function waitsByTable(sides: readonly ReportSide[]): Markup {
  return html`<h2 id="tables">Tables that lanes waited at</h2>
    ${sides.map(({ name, rounds }) => {
      const names = new Set(
        rounds.flatMap(({ tables }) => tables.filter(({ waits }) => waits > 0).map((one) => one.table)),
      );
      const rows = [...names]
        .map((of) => {
          const list = rounds.flatMap(({ tables }) => tables.filter((one) => one.table === of));
          const sum = (key: 'waits' | 'wait_ms') => list.reduce((total, one) => total + one[key], 0);
          const procedures = [...new Set(list.flatMap((one) => one.procedures))].join(', ');
          return { of, procedures, waits: sum('waits') / rounds.length, ms: sum('wait_ms') / rounds.length };
        })
        .toSorted((x, y) => y.ms - x.ms);
      return html`<h3>${name}</h3>
        ${
          rows.length === 0
            ? html`<p>None in ${rounds.length} rounds.</p>`
            : table(
                `tables that ${name} waited at`,
                [['table'], ['waits a round', 'n'], ['ms a round', 'n'], ['in']],
                rows.map((row) => [row.of, row.waits.toFixed(1), row.ms.toFixed(1), row.procedures]),
              )
        }`;
    })}`;
}

function remarks(recordings: readonly Recording[]): Markup | '' {
  const all = recordings.flatMap(({ label, remarks: said }) => said.map((remark) => `${label}: ${remark}`));
  if (all.length === 0) return '';
  return html`<h2 id="remarks">Remarks</h2>
    <ul>
      ${all.map((remark) => html`<li>${remark}</li> `)}
    </ul>`;
}
