import type { Session } from '../engine/index.js';
import type { DatabaseObject, Dependent } from './objects.js';

export async function objectsNamed(session: Session, name: string): Promise<DatabaseObject[]> {
  const [schema = '', object = ''] = name.toLowerCase().split('.');
  const rows = await session.query(
    `SELECT 'pg_proc:' || p.oid AS id,
            CASE p.prokind WHEN 'p' THEN 'PROCEDURE' WHEN 'a' THEN 'AGGREGATE' ELSE 'FUNCTION' END AS kind,
            format('%I.%I(%s)', n.nspname, p.proname, pg_get_function_identity_arguments(p.oid)) AS identity
       FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
      WHERE n.nspname = $1 AND p.proname = $2
      UNION ALL
     SELECT 'pg_class:' || c.oid, CASE c.relkind WHEN 'm' THEN 'MATERIALIZED VIEW' ELSE 'VIEW' END,
            format('%I.%I', n.nspname, c.relname)
       FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = $1 AND c.relname = $2 AND c.relkind IN ('v', 'm')
      UNION ALL
     SELECT 'pg_trigger:' || t.oid, 'TRIGGER', format('%I ON %I.%I', t.tgname, n.nspname, c.relname)
       FROM pg_catalog.pg_trigger t JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid
       JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = $1 AND t.tgname = $2 AND NOT t.tgisinternal`,
    [schema, object],
  );
  return rows.map((row) => ({
    id: String(row['id']),
    kind: String(row['kind']),
    identity: String(row['identity']),
  }));
}

export async function objectNames(session: Session): Promise<string[]> {
  const rows = await session.query(
    `SELECT lower(n.nspname || '.' || o.name) AS name
       FROM (SELECT p.pronamespace AS ns, p.proname::text AS name FROM pg_catalog.pg_proc p
              UNION ALL
             SELECT c.relnamespace, c.relname FROM pg_catalog.pg_class c WHERE c.relkind IN ('v', 'm')
              UNION ALL
             SELECT c.relnamespace, t.tgname FROM pg_catalog.pg_trigger t
               JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid WHERE NOT t.tgisinternal) o
       JOIN pg_catalog.pg_namespace n ON n.oid = o.ns
      WHERE n.nspname NOT IN ('pg_catalog', 'information_schema')`,
  );
  return rows.map((row) => String(row['name']));
}

/** Follows pg_depend; a view's rule and row type stand for the view itself. */
export async function dependentsOf(session: Session, object: DatabaseObject): Promise<Dependent[]> {
  const [catalog = '', oid = ''] = object.id.split(':');
  const rows = await session.query(
    `WITH RECURSIVE hanging (classid, objid) AS (
       SELECT $1::regclass::oid, $2::text::oid
        UNION
       SELECT CASE WHEN d.classid = 'pg_rewrite'::regclass THEN 'pg_class'::regclass::oid ELSE d.classid END,
              CASE WHEN d.classid = 'pg_rewrite'::regclass THEN r.ev_class ELSE d.objid END
         FROM hanging h
         JOIN pg_catalog.pg_depend d ON d.refclassid = h.classid AND d.refobjid = h.objid
         LEFT JOIN pg_catalog.pg_rewrite r ON d.classid = 'pg_rewrite'::regclass AND r.oid = d.objid
     )
     SELECT coalesce(
              (SELECT n.nspname || '.' || p.proname FROM pg_catalog.pg_proc p
                 JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
                WHERE h.classid = 'pg_proc'::regclass AND p.oid = h.objid),
              (SELECT n.nspname || '.' || c.relname FROM pg_catalog.pg_class c
                 JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                WHERE h.classid = 'pg_class'::regclass AND c.oid = h.objid AND c.relkind IN ('v', 'm')),
              (SELECT n.nspname || '.' || t.tgname FROM pg_catalog.pg_trigger t
                 JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid
                 JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                WHERE h.classid = 'pg_trigger'::regclass AND t.oid = h.objid)
            ) AS name,
            pg_describe_object(h.classid, h.objid, 0) AS description
       FROM hanging h
      WHERE NOT (h.classid = $1::regclass::oid AND h.objid = $2::text::oid)
        AND NOT (h.classid = 'pg_type'::regclass AND EXISTS (
              SELECT FROM pg_catalog.pg_type t LEFT JOIN pg_catalog.pg_type e ON e.oid = t.typelem
               WHERE t.oid = h.objid AND (t.typrelid <> 0 OR e.typrelid <> 0)))
      ORDER BY 2`,
    [`pg_catalog.${catalog}`, oid],
  );
  return rows.map((row) => ({
    name: row['name'] === null || row['name'] === undefined ? undefined : String(row['name']),
    description: String(row['description']),
  }));
}
