import { html } from '../../runner/report/html.js';
import type { Markup } from '../../runner/report/html.js';
import { neverEscalates } from '../contention/model.js';
import type { ReportSide } from './sides.js';
import { table } from './table.js';

/** Locks of rows that became a lock of the table: counted on SQL Server, what would have become one on PostgreSQL. */
export function escalations(sides: readonly ReportSide[]): Markup {
  return html`<h2 id="escalations">Lock escalations</h2>
    ${sides.map((side) => (side.rounds.every(({ lock_escalations }) => lock_escalations === neverEscalates) ? never(side) : counted(side)))}`;
}

function counted({ name, rounds }: ReportSide): Markup {
  const tables = [...new Set(rounds.flatMap((round) => round.tables.map((one) => one.table)))].map((of) => {
    const readings = rounds.flatMap((round) => round.tables.filter((one) => one.table === of));
    const sum = (value: (reading: (typeof readings)[number]) => number) =>
      readings.reduce((total, reading) => total + value(reading), 0);
    return {
      of,
      escalated: sum(({ escalations: n }) => Number(n) || 0),
      attempts: sum(({ more }) => more['promotion_attempts'] ?? 0),
    };
  });
  const some = tables
    .filter(({ escalated, attempts }) => escalated > 0 || attempts > 0)
    .toSorted((a, b) => b.escalated - a.escalated || b.attempts - a.attempts);
  return html`<h3>${name}</h3>
    ${
      some.length === 0
        ? html`<p>None in ${rounds.length} rounds.</p>`
        : table(
            `escalations of ${name}`,
            [['table'], ['escalations a round', 'n'], ['attempts a round', 'n']],
            some.map(({ of, escalated, attempts }) => [
              of,
              (escalated / rounds.length).toFixed(1),
              (attempts / rounds.length).toFixed(1),
            ]),
          )
    }`;
}

function never({ name, rounds, recording }: ReportSide): Markup {
  const census = recording.census.find(({ architecture }) => architecture === rounds[0]?.architecture);
  return html`<h3>${name}</h3>
    <p>
      None by design: PostgreSQL keeps row locks in the rows.
      ${
        census === undefined
          ? ''
          : `SQL Server, which counts locks, escalates near 5,000 rows of one table in a statement: ${census.statements_of_5000} of the ${census.statements} statements of a run wrote so many.`
      }
    </p>
    ${
      census === undefined
        ? ''
        : table(
            `largest statements of ${name}`,
            [['largest statements'], ['rows', 'n'], ['on SQL Server']],
            (
              census.largest ?? [{ statement: census.largest_statement, rows: census.largest_statement_rows }]
            ).map(({ statement, rows }) => [
              statement,
              rows.toLocaleString('en'),
              rows >= 5000 ? '✕ would escalate' : 'keeps its row locks',
            ]),
          )
    }`;
}
