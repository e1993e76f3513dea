import { stripVTControlCharacters } from 'node:util';

import Table from 'cli-table3';

/** What a table's cell may hold; nothing is shown for null and undefined. */
export type Cell = string | number | bigint | boolean | Date | null | undefined;

export interface TableContent {
  readonly head: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
  /** Lines below the table, for what is too long for a column. */
  readonly below?: readonly string[];
}

/**
 * A table as text: in a pipe (no width) plain columns; on a terminal with a frame, or, where that would be wider than the
 * terminal, whose wrapped lines nobody can read, plain columns, or in the last resort the narrow content.
 * @param columns the terminal's width; undefined for no terminal
 */
export function layOut(
  full: TableContent,
  narrow: TableContent | undefined,
  columns: number | undefined,
): string {
  const plain = aligned(full.head, full.rows);
  if (columns === undefined) return plain;
  const framed = boxed(full.head, full.rows);
  if (widthOf(framed) <= columns) return framed;
  if (narrow === undefined || widthOf(plain) <= columns) return plain;
  return [aligned(narrow.head, narrow.rows), ...(narrow.below ?? [])].join('\n');
}

/** A message for a cell: its first line, cut where it is long; all of it is in `--json`. */
export function oneLine(message: string | null, longest = 200): string | null {
  if (message === null) return null;
  const whole = message.trim();
  const shown = (whole.split(/\r?\n/, 1)[0] ?? '').slice(0, longest);
  return shown.length < whole.length ? `${shown}…` : shown;
}

/** Characters of the longest line, without the escape sequences of its colours. */
function widthOf(drawn: string): number {
  const lines = stripVTControlCharacters(drawn).split('\n');
  return Math.max(...lines.map((line) => line.length));
}

function text(cell: Cell): string {
  if (cell === null || cell === undefined) return '';
  if (cell instanceof Date) return cell.toISOString();
  return String(cell);
}

const numeric = /^-?[\d,]+(\.\d+)?( ?(%|s|ms|MB))?$/;

/** A column of which every filled cell is a number is set to the right. */
function rightAligned(head: readonly string[], cells: readonly (readonly string[])[]): boolean[] {
  return head.map((_title, i) => {
    const filled = cells.map((row) => row[i] ?? '').filter((cell) => cell !== '');
    return filled.length > 0 && filled.every((cell) => numeric.test(cell));
  });
}

function boxed(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const cells = rows.map((row) => row.map(text));
  const table = new Table({
    head: [...head],
    colAligns: rightAligned(head, cells).map((right) => (right ? 'right' : 'left')),
    style: { head: ['bold'], border: ['gray'], compact: true },
  });
  table.push(...cells);
  return table.toString();
}

/** Columns two spaces apart, without a frame: easy on grep and awk, and on a log. */
function aligned(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const cells = rows.map((row) => row.map(text));
  const right = rightAligned(head, cells);
  const lines = [head, ...cells];
  const widths = head.map((_title, i) => Math.max(...lines.map((line) => (line[i] ?? '').length)));
  return lines
    .map((line) =>
      widths
        .map((width, i) =>
          right[i] === true ? (line[i] ?? '').padStart(width) : (line[i] ?? '').padEnd(width),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
