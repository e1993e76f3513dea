import type { Session } from '../engine/index.js';

/**
 * About how many rows each table has, by `schema.table` in lower case, as the catalog's statistics have it: exact in
 * SQL Server, as of the last ANALYZE, VACUUM or index build in PostgreSQL; undefined where there was none yet.
 */
export async function rowEstimates(session: Session): Promise<ReadonlyMap<string, bigint | undefined>> {
  const rows = await session.query(
    session.dialect === 'sqlserver'
      ? `SELECT LOWER(CONCAT(s.name, '.', t.name)) AS tabla, SUM(p.rows) AS filas
           FROM sys.tables AS t INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
           INNER JOIN sys.partitions AS p ON p.object_id = t.object_id AND p.index_id IN (0, 1)
          GROUP BY s.name, t.name`
      : // of a partitioned table the sum of its parts, where it was not analyzed itself
        `SELECT lower(n.nspname || '.' || c.relname) AS tabla,
                CASE WHEN c.relkind = 'p' AND c.reltuples < 0
                  THEN (SELECT sum(greatest(k.reltuples, 0)) FROM pg_catalog.pg_partition_tree(c.oid) t
                          JOIN pg_catalog.pg_class k ON k.oid = t.relid WHERE t.isleaf)
                  ELSE nullif(c.reltuples, -1) END::bigint AS filas
           FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
          WHERE c.relkind IN ('r', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema')`,
  );
  return new Map(
    rows.map((row) => {
      const count = row['filas'];
      return [
        String(row['tabla']),
        count === null || count === undefined ? undefined : BigInt(String(count)),
      ];
    }),
  );
}
