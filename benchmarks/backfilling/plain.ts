import type { Engine } from '../../engine/index.js';
import { backfilledTables } from '../../test/backfill/brownfield.js';

const keyed = backfilledTables.filter((table) => table !== 'logs.Ejecuciones');

/** Copies with the same indexes, in a schema of their own, before the history is touched. */
export async function copyTables(engine: Engine): Promise<void> {
  await engine.batch('DROP SCHEMA IF EXISTS llano CASCADE; CREATE SCHEMA llano');
  for (const table of keyed) {
    const copy = copyOf(table);
    await engine.batch(`CREATE TABLE ${copy} (LIKE ${table} INCLUDING ALL)`);
    await engine.batch(`INSERT INTO ${copy} OVERRIDING SYSTEM VALUE SELECT * FROM ${table}`);
  }
  await engine.batch('ANALYZE; CHECKPOINT');
}

/**
 * What a script of one statement a table would do: the map's new key where the shared one and the fund, or date and
 * portfolio, match.
 */
export async function plainUpdates(
  engine: Engine,
): Promise<{ readonly rows: number; readonly seconds: number }> {
  await engine.batch('ANALYZE logs.Backfill_Mapa; CHECKPOINT');
  let rows = 0;
  let seconds = 0;
  for (const table of keyed) {
    const copy = copyOf(table);
    const text = table.startsWith('extract.')
      ? // the same rows, by their IDs: who is whose has been found out for them
        `UPDATE ${copy} AS c SET ID_Ejecucion = x.ID_Ejecucion FROM ${table} AS x
         WHERE x.ID = c.ID AND x.ID_Ejecucion IS NOT NULL`
      : `UPDATE ${copy} AS c SET ID_Ejecucion = m.ID_Ejecucion_Nuevo FROM logs.Backfill_Mapa AS m
         WHERE m.ID_Ejecucion = c.ID_Ejecucion AND m.ID_Fund = c.ID_Fund`;
    const began = performance.now();
    const [row] = await engine.query(`WITH u AS (${text} RETURNING 1) SELECT count(*)::integer AS n FROM u`);
    seconds += (performance.now() - began) / 1000;
    rows += Number(row?.['n']);
  }
  return { rows, seconds };
}

export async function dropCopies(engine: Engine): Promise<void> {
  await engine.batch('DROP SCHEMA IF EXISTS llano CASCADE');
}

function copyOf(table: string): string {
  return `llano.${table.replace('.', '_')}`;
}
