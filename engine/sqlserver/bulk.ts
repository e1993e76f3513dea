import type { Connection } from 'tedious';
import { checkTuple } from '../values.js';
import { procedureName } from './call.js';
import { tediousType, toTedious } from './types.js';
import type { Rows } from '../link.js';
import type { Column } from '../types.js';

/** SQL Server counts locks and takes the whole table near 5,000: no statement of ours writes more rows than this. */
const rowsPerStatement = 2000;

type Write = (connection: Connection, table: string, tuples: unknown[][]) => Promise<number>;

/** Cuts the rows into statements and runs them one after another through `run`. */
export async function bulkRows(
  rows: Rows,
  columns: readonly Column[],
  run: (tuples: unknown[][], write: Write) => Promise<number>,
): Promise<number> {
  const write: Write = (connection, table, tuples) => insertBulk(connection, table, columns, tuples);
  let count = 0;
  let seen = 0;
  let tuples: unknown[][] = [];
  for await (const row of rows) {
    seen += 1;
    const values = checkTuple(row, columns, seen);
    tuples.push(values.map((value, index) => toTedious(value, columns[index]?.type ?? { kind: 'int' })));
    if (tuples.length < rowsPerStatement) continue;
    count += await run(tuples, write);
    tuples = [];
  }
  return tuples.length === 0 ? count : count + (await run(tuples, write));
}

function insertBulk(
  connection: Connection,
  table: string,
  columns: readonly Column[],
  tuples: unknown[][],
): Promise<number> {
  return new Promise((resolve, reject) => {
    // constraints and triggers as for any INSERT, a NULL stays NULL where the column has a default
    const load = connection.newBulkLoad(
      procedureName(table),
      { checkConstraints: true, fireTriggers: true, keepNulls: true },
      (error, count) => {
        if (error === null || error === undefined) resolve(count ?? tuples.length);
        else reject(error);
      },
    );
    for (const { name, type, nullable } of columns) {
      const { type: dataType, ...measures } = tediousType(type);
      load.addColumn(name, dataType, { ...measures, nullable });
    }
    connection.execBulkLoad(load, tuples);
  });
}
