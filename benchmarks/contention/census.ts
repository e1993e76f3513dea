import type { Engine, Row } from '../../engine/index.js';
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
         count(*) FILTER (WHERE filas >= ${escalationAt})::int AS escalating
       FROM carril_censo.Sentencias WHERE filas > 0`,
    );
    const largest = await scratch.query(
      `SELECT operacion || ' ' || tabla AS name, max(filas)::int AS n FROM carril_censo.Sentencias
       WHERE filas > 0 GROUP BY 1 ORDER BY n DESC, name LIMIT 10`,
    );
    const inside = await scratch.query(
      `SELECT f.funcion AS name, sum(s.filas)::int AS n FROM carril_censo.Sentencias AS s
       CROSS JOIN LATERAL unnest(s.funciones) AS f (funcion) WHERE s.filas > 0 GROUP BY 1 ORDER BY 1`,
    );
    const services = await scratch.query(
      `SELECT p.servicio AS name, sum(s.filas)::int AS n FROM carril_censo.Sentencias AS s
       INNER JOIN logs.Servicio_Procedimientos AS p ON lower(p.procedimiento) = ANY (s.funciones)
         OR lower(p.procedimiento) || '_legado' = ANY (s.funciones)
       GROUP BY 1 ORDER BY 1`,
    );
    return {
      architecture,
      largest_statement_rows: Number(row?.['largest'] ?? 0),
      largest_statement: String(largest[0]?.['name'] ?? ''),
      statements_of_5000: Number(row?.['escalating']),
      statements: Number(row?.['statements']),
      largest: largest.map(({ name, n }) => ({ statement: String(name), rows: Number(n) })),
      rows: counted(inside),
      service_rows: counted(services),
    };
  } finally {
    await scratch.batch('DROP SCHEMA carril_censo CASCADE');
    // else autovacuum cuts the catalogs that just shrank while the rounds run, and lanes wait for it
    await scratch.batch('VACUUM', { timeoutMs: 0 });
  }
}

function counted(rows: readonly Row[]): Record<string, number> {
  return Object.fromEntries(rows.map(({ name, n }) => [String(name), Number(n)]));
}

const install = `
  CREATE SCHEMA carril_censo;
  CREATE TABLE carril_censo.Sentencias (
    tabla text NOT NULL, operacion text NOT NULL, filas bigint NOT NULL, funciones text[] NOT NULL
  );
  CREATE FUNCTION carril_censo.Contar() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp AS $$
  DECLARE
    v_pila text;
  BEGIN
    -- quien ha llamado a quien, de dentro afuera
    GET DIAGNOSTICS v_pila = PG_CONTEXT;
    INSERT INTO carril_censo.Sentencias
    SELECT TG_TABLE_SCHEMA || '.' || TG_TABLE_NAME, TG_OP, count(*), ARRAY(
      SELECT DISTINCT lower(m.x[1]) FROM regexp_matches(v_pila, 'function ([a-z_]+\\.\\w+)\\(', 'g') AS m (x)
      WHERE m.x[1] NOT LIKE 'carril_censo.%')
    FROM filas;
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
