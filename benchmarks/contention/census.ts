import type { Engine } from '../../engine/index.js';
import type { Architecture } from '../../runner/process.js';
import type { Census } from './model.js';

/** SQL Server counts the locks of one statement on one table, and near so many it takes the table's instead. */
const escalationAt = 5000;

/**
 * Counts the rows that each statement writes, with triggers on a scratch database: PostgreSQL never escalates, and what
 * SQL Server would have escalated shows in no counter of it. Never beside a run that is timed.
 */
export async function withCensus(
  scratch: Engine,
  architecture: Architecture,
  run: () => Promise<void>,
): Promise<Census> {
  await scratch.batch(install);
  try {
    await run();
    const [row] = await scratch.query(
      `SELECT max(filas)::int AS largest, count(*)::int AS statements,
         count(*) FILTER (WHERE filas >= ${escalationAt})::int AS escalating,
         (array_agg(operacion || ' ' || tabla ORDER BY filas DESC))[1] AS name
       FROM carril_censo.Sentencias WHERE filas > 0`,
    );
    return {
      architecture,
      largest_statement_rows: Number(row?.['largest'] ?? 0),
      largest_statement: String(row?.['name'] ?? ''),
      statements_of_5000: Number(row?.['escalating']),
      statements: Number(row?.['statements']),
    };
  } finally {
    await scratch.batch('DROP SCHEMA carril_censo CASCADE');
    // else autovacuum cuts the catalogs that just shrank while the rounds run, and lanes wait for it
    await scratch.batch('VACUUM', { timeoutMs: 0 });
  }
}

const install = `
  CREATE SCHEMA carril_censo;
  CREATE TABLE carril_censo.Sentencias (tabla text NOT NULL, operacion text NOT NULL, filas bigint NOT NULL);
  CREATE FUNCTION carril_censo.Contar() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp AS $$
  BEGIN
    INSERT INTO carril_censo.Sentencias
    SELECT TG_TABLE_SCHEMA || '.' || TG_TABLE_NAME, TG_OP, count(*) FROM filas;
    RETURN NULL;
  END $$;
  DO $$
  DECLARE
    v_tabla record;
    v_evento text;
  BEGIN
    FOR v_tabla IN
      SELECT n.nspname, c.relname FROM pg_class AS c INNER JOIN pg_namespace AS n ON n.oid = c.relnamespace
      WHERE c.relkind = 'r' AND n.nspname IN ('extract', 'staging', 'logs', 'trabajo')
    LOOP
      FOREACH v_evento IN ARRAY ARRAY['INSERT', 'UPDATE', 'DELETE'] LOOP
        EXECUTE format(
          'CREATE TRIGGER carril_censo_%s AFTER %s ON %I.%I REFERENCING %s TABLE AS filas FOR EACH STATEMENT
           EXECUTE FUNCTION carril_censo.Contar()',
          lower(v_evento), v_evento, v_tabla.nspname, v_tabla.relname,
          CASE v_evento WHEN 'DELETE' THEN 'OLD' ELSE 'NEW' END);
      END LOOP;
    END LOOP;
  END $$;`;
