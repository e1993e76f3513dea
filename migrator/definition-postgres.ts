import type { Session } from '../engine/index.js';
import type { DatabaseObject } from './objects.js';

/**
 * Statements that make the object again, with its owner and grants, as the catalog has them; undefined for what the
 * engine does not write out (aggregates).
 */
export async function definitionOf(session: Session, object: DatabaseObject): Promise<string | undefined> {
  const [catalog = '', oid = ''] = object.id.split(':');
  if (object.kind === 'AGGREGATE') return undefined;
  const query = { pg_proc: routine, pg_class: view, pg_trigger: trigger }[catalog];
  if (query === undefined) return undefined;
  const rows = await session.query(query, [oid]);
  return rows.length === 0 ? undefined : `${rows.map((row) => String(row['sql'])).join(';\n')};\n`;
}

const grantee = `CASE g.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(g.grantee)) END`;
const option = `CASE WHEN g.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END`;

const routine = `
  WITH o AS (
    SELECT p.oid, p.proacl, p.proowner,
      format('%I.%I(%s)', n.nspname, p.proname, pg_get_function_identity_arguments(p.oid)) AS name
    FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
    WHERE p.oid = $1::text::oid
  )
  SELECT sql FROM (
    SELECT 1 AS place, 0::bigint AS n, rtrim(pg_get_functiondef(o.oid), E' \\n') AS sql FROM o
    UNION ALL
    SELECT 2, 0, format('ALTER ROUTINE %s OWNER TO %I', o.name, pg_get_userbyid(o.proowner)) FROM o
    UNION ALL
    SELECT 3, 0, format('REVOKE ALL ON ROUTINE %s FROM PUBLIC', o.name) FROM o
    UNION ALL
    SELECT 4, row_number() OVER (ORDER BY ${grantee}),
      format('GRANT %s ON ROUTINE %s TO %s%s', g.privilege_type, o.name, ${grantee}, ${option})
    FROM o, LATERAL aclexplode(coalesce(o.proacl, acldefault('f', o.proowner))) g
    WHERE g.grantee <> o.proowner
  ) s ORDER BY place, n`;

const view = `
  WITH o AS (
    SELECT c.oid, c.relacl, c.relowner, c.relkind, c.reloptions, format('%I.%I', n.nspname, c.relname) AS name,
      CASE c.relkind WHEN 'm' THEN 'MATERIALIZED VIEW' ELSE 'VIEW' END AS kind
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE c.oid = $1::text::oid
  )
  SELECT sql FROM (
    SELECT 1 AS place, 0::bigint AS n, format('CREATE %s%s %s%s AS%s%s',
      CASE o.relkind WHEN 'v' THEN 'OR REPLACE ' ELSE '' END, o.kind, o.name,
      CASE WHEN o.reloptions IS NULL THEN '' ELSE format(' WITH (%s)', array_to_string(o.reloptions, ', ')) END,
      E'\\n', rtrim(pg_get_viewdef(o.oid), E'; \\n')) AS sql FROM o
    UNION ALL
    SELECT 2, i.indexrelid::bigint, pg_get_indexdef(i.indexrelid)
    FROM o JOIN pg_catalog.pg_index i ON i.indrelid = o.oid
    UNION ALL
    SELECT 3, 0, format('ALTER %s %s OWNER TO %I', o.kind, o.name, pg_get_userbyid(o.relowner)) FROM o
    UNION ALL
    SELECT 4, row_number() OVER (ORDER BY ${grantee}, g.privilege_type),
      format('GRANT %s ON %s TO %s%s', g.privilege_type, o.name, ${grantee}, ${option})
    FROM o, LATERAL aclexplode(coalesce(o.relacl, acldefault('r', o.relowner))) g
    WHERE g.grantee <> o.relowner
    UNION ALL
    SELECT 5, row_number() OVER (ORDER BY a.attnum, ${grantee}, g.privilege_type),
      format('GRANT %s (%I) ON %s TO %s%s', g.privilege_type, a.attname, o.name, ${grantee}, ${option})
    FROM o JOIN pg_catalog.pg_attribute a ON a.attrelid = o.oid, LATERAL aclexplode(a.attacl) g
  ) s ORDER BY place, n`;

const trigger = `
  SELECT sql FROM (
    SELECT 1 AS place, pg_get_triggerdef(t.oid) AS sql FROM pg_catalog.pg_trigger t WHERE t.oid = $1::text::oid
    UNION ALL
    SELECT 2, format('ALTER TABLE %I.%I %s TRIGGER %I', n.nspname, c.relname,
      CASE t.tgenabled WHEN 'D' THEN 'DISABLE' WHEN 'R' THEN 'ENABLE REPLICA' ELSE 'ENABLE ALWAYS' END, t.tgname)
    FROM pg_catalog.pg_trigger t JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE t.oid = $1::text::oid AND t.tgenabled <> 'O'
  ) s ORDER BY place`;
