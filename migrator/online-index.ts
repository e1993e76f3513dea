import type { Session } from '../engine/index.js';
import type { Batch } from './splitter.js';

/**
 * What a script puts at the end of a CREATE INDEX of SQL Server that may be built online. A comment: whoever runs the
 * script by hand builds it offline on every edition, and carril knows better.
 */
export const onlineMark = '/* carril: en linea */';
const mark = /\/\* *carril: *en l[ií]nea *\*\//gi;
const option = 'WITH (ONLINE = ON)';

/** SERVERPROPERTY('EngineEdition') of Azure SQL Database, Managed Instance, SQL database in Fabric: always the newest version. */
export const managedEditions: readonly number[] = [5, 8, 12];
/** Enterprise, Developer and Evaluation are one. */
const enterprise = 3;
const onlineEditions: readonly number[] = [enterprise, ...managedEditions];

export async function engineEdition(session: Session): Promise<number> {
  const [row] = await session.query("SELECT CAST(SERVERPROPERTY('EngineEdition') AS int) AS edicion");
  return Number(row?.['edicion']);
}

/** Whether the edition can build an index while others write its table. */
export function buildsOnline(edition: number): boolean {
  return onlineEditions.includes(edition);
}

/** The text with its marks turned into the option. */
export function withOnlineOption(text: string): string {
  return text.replaceAll(mark, option);
}

/** The batches as this server is to run them. PostgreSQL has a statement of its own for it, CONCURRENTLY, in every edition. */
export async function batchesFor(session: Session, batches: readonly Batch[]): Promise<readonly Batch[]> {
  if (session.dialect !== 'sqlserver') return batches;
  if (batches.every(({ text }) => withOnlineOption(text) === text)) return batches;
  if (!buildsOnline(await engineEdition(session))) return batches;
  return batches.map((batch) => ({ ...batch, text: withOnlineOption(batch.text) }));
}

/** T-SQL that does the same to the variable, for a script that runs without carril; empty where there is no mark. */
export function onlineReplacement(text: string, variable: string): string {
  const marks = new Set(text.match(mark));
  return [...marks]
    .map(
      (one) =>
        `    IF CONVERT(int, SERVERPROPERTY('EngineEdition')) IN (${onlineEditions.join(', ')})\n` +
        `      SET ${variable} = REPLACE(${variable}, N'${one}', N'${option}');\n`,
    )
    .join('');
}
