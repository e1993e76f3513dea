/** Schemas that are nobody's migrations. */
const ownSchemas = `n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'
  AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend e WHERE e.classid = 'pg_namespace'::regclass AND e.objid = n.oid AND e.deptype = 'e')`;

const notOfExtension = (catalog: string, oid: string) =>
  `NOT EXISTS (SELECT FROM pg_catalog.pg_depend e WHERE e.classid = '${catalog}'::regclass AND e.objid = ${oid} AND e.deptype = 'e')`;

/** Grants one a row; an object without an ACL has its default one, so that `GRANT` and `REVOKE` leave no trace. */
const grants = (acl: string, kind: string, owner: string) =>
  `LATERAL aclexplode(coalesce(${acl}, acldefault('${kind}', ${owner}))) g`;
const grant = `format('%s to %s by %s%s', g.privilege_type,
  CASE g.grantee WHEN 0 THEN 'public' ELSE pg_get_userbyid(g.grantee) END, pg_get_userbyid(g.grantor),
  CASE WHEN g.is_grantable THEN ' with grant option' END)`;

const relation = `pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace`;
const relationName = `n.nspname || '.' || c.relname`;
const functionName = `format('%s.%s(%s)', n.nspname, p.proname, pg_get_function_identity_arguments(p.oid))`;

/** Queries by kind of object, with the columns `name`, `definition` and, where the name does not tell it, `parent`. */
export const postgresCatalog: Readonly<Record<string, string>> = {
  schema: `SELECT n.nspname AS name, 'owner ' || pg_get_userbyid(n.nspowner) AS definition
    FROM pg_catalog.pg_namespace n WHERE ${ownSchemas}`,

  'schema grant': `SELECT n.nspname AS name, ${grant} AS definition
    FROM pg_catalog.pg_namespace n, ${grants('n.nspacl', 'n', 'n.nspowner')} WHERE ${ownSchemas} ORDER BY 1, 2`,

  'default grant': `SELECT coalesce(n.nspname || '.', '') || d.defaclobjtype::text || ' of ' || pg_get_userbyid(d.defaclrole) AS name,
      d.defaclacl::text AS definition
    FROM pg_catalog.pg_default_acl d LEFT JOIN pg_catalog.pg_namespace n ON n.oid = d.defaclnamespace`,

  table: `SELECT ${relationName} AS name, concat('owner ', pg_get_userbyid(c.relowner),
      CASE c.relkind WHEN 'p' THEN ' partitioned by ' || pg_get_partkeydef(c.oid) WHEN 'f' THEN ' foreign' END,
      CASE c.relpersistence WHEN 'u' THEN ' unlogged' END, ' with ' || c.reloptions::text,
      CASE WHEN c.relrowsecurity THEN ' row security' END, CASE WHEN c.relforcerowsecurity THEN ' forced' END,
      ' partition ' || pg_get_expr(c.relpartbound, c.oid)) AS definition
    FROM ${relation} WHERE c.relkind IN ('r', 'p', 'f') AND ${ownSchemas} AND ${notOfExtension('pg_class', 'c.oid')}`,

  column: `SELECT ${relationName} || '.' || a.attname AS name,
      concat(
        (SELECT count(*) FROM pg_catalog.pg_attribute b
          WHERE b.attrelid = a.attrelid AND b.attnum > 0 AND b.attnum <= a.attnum AND NOT b.attisdropped),
        ' ', format_type(a.atttypid, a.atttypmod), CASE WHEN a.attnotnull THEN ' not null' END,
        CASE a.attidentity WHEN 'a' THEN ' identity always' WHEN 'd' THEN ' identity by default' END,
        CASE a.attgenerated WHEN 's' THEN ' generated as ' WHEN 'v' THEN ' virtual as '
          ELSE CASE WHEN d.adbin IS NOT NULL THEN ' default ' END END, pg_get_expr(d.adbin, d.adrelid),
        CASE WHEN a.attcollation <> t.typcollation THEN ' collate ' || a.attcollation::regcollation::text END,
        CASE WHEN a.attstorage <> t.typstorage THEN ' storage ' || a.attstorage::text END) AS definition
    FROM ${relation} JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
    LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm', 'c') AND ${ownSchemas} AND ${notOfExtension('pg_class', 'c.oid')}`,

  'column grant': `SELECT ${relationName} || '.' || a.attname AS name, ${grant} AS definition
    FROM ${relation} JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND NOT a.attisdropped,
      LATERAL aclexplode(a.attacl) g
    WHERE ${ownSchemas} ORDER BY 1, 2`,

  'table grant': `SELECT ${relationName} AS name, ${grant} AS definition
    FROM ${relation}, ${grants('c.relacl', 'r', 'c.relowner')}
    WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm') AND ${ownSchemas} ORDER BY 1, 2`,

  constraint: `SELECT coalesce(${relationName} || '.', n.nspname || '.' || t.typname || '.') || k.conname AS name,
      pg_get_constraintdef(k.oid) AS definition
    FROM pg_catalog.pg_constraint k JOIN pg_catalog.pg_namespace n ON n.oid = k.connamespace
    LEFT JOIN pg_catalog.pg_class c ON c.oid = k.conrelid LEFT JOIN pg_catalog.pg_type t ON t.oid = k.contypid
    WHERE ${ownSchemas}`,

  index: `SELECT ${relationName} AS name,
      pg_get_indexdef(i.indexrelid) || CASE WHEN i.indisvalid THEN '' ELSE ' invalid' END AS definition,
      (SELECT n.nspname || '.' || r.relname FROM pg_catalog.pg_class r WHERE r.oid = i.indrelid) AS parent
    FROM ${relation} JOIN pg_catalog.pg_index i ON i.indexrelid = c.oid WHERE ${ownSchemas}`,

  sequence: `SELECT ${relationName} AS name,
      format('%s start %s by %s from %s to %s cache %s cycle %s owner %s owned by %s', s.seqtypid::regtype, s.seqstart,
        s.seqincrement, s.seqmin, s.seqmax, s.seqcache, s.seqcycle, pg_get_userbyid(c.relowner),
        (SELECT pg_describe_object(d.refclassid, d.refobjid, d.refobjsubid) FROM pg_catalog.pg_depend d
          WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype IN ('a', 'i') AND d.refobjsubid > 0)) AS definition,
      (SELECT m.nspname || '.' || r.relname FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_class r ON r.oid = d.refobjid
         JOIN pg_catalog.pg_namespace m ON m.oid = r.relnamespace
        WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype IN ('a', 'i') AND d.refobjsubid > 0) AS parent
    FROM ${relation} JOIN pg_catalog.pg_sequence s ON s.seqrelid = c.oid WHERE ${ownSchemas}`,

  'sequence grant': `SELECT ${relationName} AS name, ${grant} AS definition
    FROM ${relation}, ${grants('c.relacl', 's', 'c.relowner')}
    WHERE c.relkind = 'S' AND ${ownSchemas} ORDER BY 1, 2`,

  view: `SELECT ${relationName} AS name, concat('owner ', pg_get_userbyid(c.relowner),
      CASE c.relkind WHEN 'm' THEN ' materialized' END, ' with ' || c.reloptions::text, E'\n', pg_get_viewdef(c.oid)) AS definition
    FROM ${relation} WHERE c.relkind IN ('v', 'm') AND ${ownSchemas} AND ${notOfExtension('pg_class', 'c.oid')}`,

  function: `SELECT ${functionName} AS name, concat('owner ', pg_get_userbyid(p.proowner), E'\n',
      CASE WHEN p.prokind <> 'a' THEN pg_get_functiondef(p.oid) ELSE 'aggregate' END) AS definition
    FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
    WHERE ${ownSchemas} AND ${notOfExtension('pg_proc', 'p.oid')}`,

  'function grant': `SELECT ${functionName} AS name, ${grant} AS definition
    FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace,
      ${grants('p.proacl', 'f', 'p.proowner')}
    WHERE ${ownSchemas} AND ${notOfExtension('pg_proc', 'p.oid')} ORDER BY 1, 2`,

  trigger: `SELECT ${relationName} || '.' || t.tgname AS name,
      concat(pg_get_triggerdef(t.oid), CASE t.tgenabled WHEN 'D' THEN ' disabled' WHEN 'R' THEN ' enabled on replicas only'
        WHEN 'A' THEN ' enabled always' END) AS definition
    FROM ${relation} JOIN pg_catalog.pg_trigger t ON t.tgrelid = c.oid AND NOT t.tgisinternal WHERE ${ownSchemas}`,

  rule: `SELECT ${relationName} || '.' || r.rulename AS name,
      concat(pg_get_ruledef(r.oid), CASE r.ev_enabled WHEN 'D' THEN ' disabled' END) AS definition
    FROM ${relation} JOIN pg_catalog.pg_rewrite r ON r.ev_class = c.oid AND r.rulename <> '_RETURN' WHERE ${ownSchemas}`,

  statistics: `SELECT n.nspname || '.' || s.stxname AS name, pg_get_statisticsobjdef(s.oid) AS definition,
      (SELECT m.nspname || '.' || r.relname FROM pg_catalog.pg_class r
         JOIN pg_catalog.pg_namespace m ON m.oid = r.relnamespace WHERE r.oid = s.stxrelid) AS parent
    FROM pg_catalog.pg_statistic_ext s JOIN pg_catalog.pg_namespace n ON n.oid = s.stxnamespace WHERE ${ownSchemas}`,

  policy: `SELECT ${relationName} || '.' || p.polname AS name,
      format('%s %s %s %s %s', p.polcmd, p.polpermissive, p.polroles::regrole[], pg_get_expr(p.polqual, c.oid),
        pg_get_expr(p.polwithcheck, c.oid)) AS definition
    FROM ${relation} JOIN pg_catalog.pg_policy p ON p.polrelid = c.oid WHERE ${ownSchemas}`,

  type: `SELECT n.nspname || '.' || t.typname AS name,
      concat(t.typtype, ' ', format_type(t.typbasetype, t.typtypmod),
        CASE WHEN t.typnotnull THEN ' not null' END, ' default ' || t.typdefault,
        ' values ' || (SELECT string_agg(e.enumlabel, ',' ORDER BY e.enumsortorder) FROM pg_catalog.pg_enum e WHERE e.enumtypid = t.oid)) AS definition
    FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
    LEFT JOIN pg_catalog.pg_class c ON c.oid = t.typrelid
    WHERE (t.typtype IN ('d', 'e', 'r', 'm') OR c.relkind = 'c') AND ${ownSchemas} AND ${notOfExtension('pg_type', 't.oid')}`,

  comment: `SELECT i.type || ' ' || i.identity AS name, d.description AS definition
    FROM pg_catalog.pg_description d, LATERAL pg_identify_object(d.classoid, d.objoid, d.objsubid) i
    JOIN pg_catalog.pg_namespace n ON n.nspname = i.schema
    WHERE ${ownSchemas}`,
};
