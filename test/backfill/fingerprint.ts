/** What a table holds, said without any of the code under test. */
import type { Session } from '../../engine/index.js';
import { backfilledTables } from './brownfield.js';

const tables = [...backfilledTables, 'logs.Procesos'];

/** Every table of the history: rows and a sum over them, as they are. Two that are equal hold the same rows. */
export async function rawFingerprint(session: Session): Promise<Readonly<Record<string, string>>> {
  return await fingerprint(session, (table) => `SELECT x::text AS line FROM ${table} AS x`);
}

/**
 * The same after a backfill, with each ID that it gave written as what it stands for, since sequences give other numbers each
 * time: `shared ID/fund`.
 */
export async function backfilledFingerprint(session: Session): Promise<Readonly<Record<string, string>>> {
  const name = (alias: string) => `${alias}.ID_Ejecucion || '/' || ${alias}.ID_Fund`;
  return await fingerprint(
    session,
    (table) => `
      SELECT (r.line || jsonb_strip_nulls(jsonb_build_object('id_ejecucion', ${name('m')}, 'id_ejecucion_anterior',
        ${name('a')})))::text AS line
      FROM (
        SELECT to_jsonb(x) AS line, (to_jsonb(x) ->> 'id_ejecucion')::bigint AS id,
          (to_jsonb(x) ->> 'id_ejecucion_anterior')::bigint AS anterior
        FROM ${table} AS x OFFSET 0
      ) AS r
      LEFT JOIN logs.Backfill_Mapa AS m ON m.ID_Ejecucion_Nuevo = r.id
      LEFT JOIN logs.Backfill_Mapa AS a ON a.ID_Ejecucion_Nuevo = r.anterior`,
  );
}

/** What was set aside, and why. */
export async function setAside(session: Session): Promise<readonly string[]> {
  const rows = await session.query(
    "SELECT concat_ws(' ', Tabla, Clave, Motivo, Fila) AS line FROM logs.Backfill_Apartados ORDER BY 1",
  );
  return rows.map(({ line }) => String(line));
}

async function fingerprint(
  session: Session,
  linesOf: (table: string) => string,
): Promise<Readonly<Record<string, string>>> {
  const found: Record<string, string> = {};
  for (const table of tables) {
    const [row] = await session.query(
      `SELECT count(*) || ' rows, ' || COALESCE(sum(hashtextextended(l.line, 0)), 0) AS said FROM (${linesOf(table)}) AS l`,
    );
    found[table] = String(row?.['said']);
  }
  return found;
}
