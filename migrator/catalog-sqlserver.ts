/** An object's `schema.name`; a table type's own name instead of the table's behind it, which the server makes up. */
const objectName = (o: string) => `CONCAT(SCHEMA_NAME(${o}.schema_id), '.', ${o}.name)`;

/** A name that the server made up is another one in each database: what matters is that there is such a thing. */
const constraintName = (k: string, what: string) =>
  `CONCAT(OBJECT_SCHEMA_NAME(${k}.parent_object_id), '.', OBJECT_NAME(${k}.parent_object_id), '.',
      CASE WHEN ${k}.is_system_named = 1 THEN '(unnamed ${what})' ELSE ${k}.name END)`;

const module = (types: string, more = '', join = '', parent = '') => `SELECT ${objectName('o')} AS name,
      CONCAT(${more}CASE WHEN m.uses_ansi_nulls = 0 THEN 'ansi_nulls off ' END,
        CASE WHEN m.uses_quoted_identifier = 0 THEN 'quoted_identifier off ' END,
        CASE WHEN m.definition IS NULL THEN 'encrypted, or not to be seen by this login' ELSE m.definition END) AS definition${parent}
    FROM sys.objects AS o INNER JOIN sys.sql_modules AS m ON m.object_id = o.object_id ${join}
    WHERE o.type IN (${types}) AND o.is_ms_shipped = 0`;

const grant = `CONCAT(p.state_desc COLLATE DATABASE_DEFAULT, ' ', p.permission_name COLLATE DATABASE_DEFAULT, ' to ',
        USER_NAME(p.grantee_principal_id))`;

/**
 * Queries by kind of object, with the columns `name`, `definition` and, where the name does not tell it, `parent`; system
 * views that SQL Server 2017 has. Their `type` and `…_desc` columns have a collation of their own, which CONCAT refuses
 * (451) beside names of the database's.
 */
export const sqlserverCatalog: Readonly<Record<string, string>> = {
  schema: `SELECT s.name AS name, CONCAT('owner ', USER_NAME(s.principal_id)) AS definition
    FROM sys.schemas AS s
    WHERE s.schema_id < 16384 AND s.name NOT IN ('dbo', 'guest', 'sys', 'INFORMATION_SCHEMA')`,

  table: `SELECT ${objectName('t')} AS name,
      CONCAT('lock escalation ', t.lock_escalation_desc COLLATE DATABASE_DEFAULT,
        CASE WHEN t.temporal_type <> 0 THEN CONCAT(' temporal ', t.temporal_type_desc COLLATE DATABASE_DEFAULT) END,
        CASE WHEN t.is_memory_optimized = 1 THEN ' memory-optimized' END) AS definition
    FROM sys.tables AS t WHERE t.is_ms_shipped = 0`,

  // max_length counts bytes: nchar and nvarchar have half as many characters
  column: `SELECT CONCAT(SCHEMA_NAME(COALESCE(tt.schema_id, o.schema_id)), '.', COALESCE(tt.name, o.name), '.', c.name) AS name,
      CONCAT(COLUMNPROPERTY(c.object_id, c.name, 'ordinal'), ' ', TYPE_NAME(c.user_type_id),
        CASE
          WHEN TYPE_NAME(c.system_type_id) IN ('char', 'varchar', 'binary', 'varbinary', 'nchar', 'nvarchar') THEN
            CASE WHEN c.max_length = -1 THEN '(max)'
              WHEN TYPE_NAME(c.system_type_id) IN ('nchar', 'nvarchar') THEN CONCAT('(', c.max_length / 2, ')')
              ELSE CONCAT('(', c.max_length, ')') END
          WHEN TYPE_NAME(c.system_type_id) IN ('decimal', 'numeric') THEN CONCAT('(', c.precision, ', ', c.scale, ')')
          WHEN TYPE_NAME(c.system_type_id) IN ('datetime2', 'time', 'datetimeoffset') THEN CONCAT('(', c.scale, ')')
        END,
        CASE WHEN c.is_nullable = 1 THEN ' null' ELSE ' not null' END,
        CASE WHEN i.column_id IS NOT NULL THEN
          CONCAT(' identity(', CONVERT(varchar(40), i.seed_value), ', ', CONVERT(varchar(40), i.increment_value), ')') END,
        CASE WHEN d.definition IS NOT NULL THEN
          CONCAT(CASE WHEN d.is_system_named = 0 THEN CONCAT(' constraint ', d.name) END, ' default ', d.definition) END,
        CASE WHEN k.definition IS NOT NULL THEN
          CONCAT(' as ', k.definition, CASE WHEN k.is_persisted = 1 THEN ' persisted' END) END,
        CASE WHEN c.collation_name IS NOT NULL THEN CONCAT(' collate ', c.collation_name COLLATE DATABASE_DEFAULT) END) AS definition
    FROM sys.columns AS c INNER JOIN sys.objects AS o ON o.object_id = c.object_id
    LEFT JOIN sys.table_types AS tt ON tt.type_table_object_id = o.object_id
    LEFT JOIN sys.default_constraints AS d ON d.object_id = c.default_object_id
    LEFT JOIN sys.identity_columns AS i ON i.object_id = c.object_id AND i.column_id = c.column_id
    LEFT JOIN sys.computed_columns AS k ON k.object_id = c.object_id AND k.column_id = c.column_id
    WHERE o.type IN ('U', 'V', 'TT') AND (o.is_ms_shipped = 0 OR tt.name IS NOT NULL)`,

  check: `SELECT ${constraintName('k', 'check')} AS name,
      CONCAT(k.definition, CASE WHEN k.is_disabled = 1 THEN ' disabled' END,
        CASE WHEN k.is_not_trusted = 1 THEN ' not trusted' END) AS definition
    FROM sys.check_constraints AS k INNER JOIN sys.tables AS t ON t.object_id = k.parent_object_id`,

  'foreign key': `SELECT ${constraintName('k', 'foreign key')} AS name,
      CONCAT('(', c.columnas, ') references ', OBJECT_SCHEMA_NAME(k.referenced_object_id), '.', OBJECT_NAME(k.referenced_object_id),
        ' (', c.referidas, ') on delete ', k.delete_referential_action_desc COLLATE DATABASE_DEFAULT,
        ' on update ', k.update_referential_action_desc COLLATE DATABASE_DEFAULT,
        CASE WHEN k.is_disabled = 1 THEN ' disabled' END, CASE WHEN k.is_not_trusted = 1 THEN ' not trusted' END) AS definition
    FROM sys.foreign_keys AS k
    CROSS APPLY (
      SELECT STRING_AGG(CAST(COL_NAME(f.parent_object_id, f.parent_column_id) AS nvarchar(max)), ', ')
               WITHIN GROUP (ORDER BY f.constraint_column_id) AS columnas,
             STRING_AGG(CAST(COL_NAME(f.referenced_object_id, f.referenced_column_id) AS nvarchar(max)), ', ')
               WITHIN GROUP (ORDER BY f.constraint_column_id) AS referidas
        FROM sys.foreign_key_columns AS f WHERE f.constraint_object_id = k.object_id) AS c`,

  // keys come with their index; lanes need row locks, so an index that forbids them says so
  index: `SELECT CONCAT(OBJECT_SCHEMA_NAME(i.object_id), '.', OBJECT_NAME(i.object_id), '.',
        CASE WHEN k.is_system_named = 1 THEN '(unnamed key)' ELSE i.name END) AS name,
      CONCAT(LOWER(i.type_desc COLLATE DATABASE_DEFAULT), CASE WHEN i.is_unique = 1 THEN ' unique' END,
        CASE WHEN i.is_primary_key = 1 THEN ' primary key' WHEN i.is_unique_constraint = 1 THEN ' constraint' END,
        ' (', l.llaves, ')', CASE WHEN n.incluidas IS NOT NULL THEN CONCAT(' include (', n.incluidas, ')') END,
        CASE WHEN i.filter_definition IS NOT NULL THEN CONCAT(' where ', i.filter_definition) END,
        CASE WHEN i.ignore_dup_key = 1 THEN ' ignore_dup_key' END, CASE WHEN i.is_disabled = 1 THEN ' disabled' END,
        CASE WHEN i.allow_row_locks = 0 THEN ' no row locks' END,
        CASE WHEN i.allow_page_locks = 0 THEN ' no page locks' END) AS definition
    FROM sys.indexes AS i INNER JOIN sys.objects AS o ON o.object_id = i.object_id
    LEFT JOIN sys.key_constraints AS k ON k.parent_object_id = i.object_id AND k.unique_index_id = i.index_id
    OUTER APPLY (
      SELECT STRING_AGG(CAST(CONCAT(COL_NAME(c.object_id, c.column_id),
                 CASE WHEN c.is_descending_key = 1 THEN ' desc' END) AS nvarchar(max)), ', ')
               WITHIN GROUP (ORDER BY c.key_ordinal) AS llaves
        FROM sys.index_columns AS c
       WHERE c.object_id = i.object_id AND c.index_id = i.index_id AND c.key_ordinal > 0) AS l
    OUTER APPLY (
      SELECT STRING_AGG(CAST(COL_NAME(c.object_id, c.column_id) AS nvarchar(max)), ', ')
               WITHIN GROUP (ORDER BY COL_NAME(c.object_id, c.column_id)) AS incluidas
        FROM sys.index_columns AS c
       WHERE c.object_id = i.object_id AND c.index_id = i.index_id AND c.is_included_column = 1) AS n
    WHERE o.type IN ('U', 'V') AND o.is_ms_shipped = 0 AND i.index_id > 0 AND i.is_hypothetical = 0`,

  sequence: `SELECT ${objectName('s')} AS name,
      CONCAT(TYPE_NAME(s.user_type_id), ' by ', CONVERT(varchar(40), s.increment), ' from ', CONVERT(varchar(40), s.minimum_value),
        ' to ', CONVERT(varchar(40), s.maximum_value), CASE WHEN s.is_cycling = 1 THEN ' cycle' END,
        CASE WHEN s.is_cached = 0 THEN ' no cache' WHEN s.cache_size IS NOT NULL THEN CONCAT(' cache ', s.cache_size) END) AS definition
    FROM sys.sequences AS s`,

  synonym: `SELECT ${objectName('s')} AS name, s.base_object_name AS definition FROM sys.synonyms AS s`,

  type: `SELECT ${objectName('t')} AS name,
      CONCAT(TYPE_NAME(t.system_type_id), ' ', t.max_length, ' ', t.precision, ' ', t.scale,
        CASE WHEN t.is_nullable = 1 THEN ' null' ELSE ' not null' END) AS definition
    FROM sys.types AS t WHERE t.is_user_defined = 1 AND t.is_table_type = 0`,

  'table type': `SELECT ${objectName('t')} AS name, 'table type' AS definition FROM sys.table_types AS t`,

  procedure: module("'P'"),

  function: module("'FN', 'IF', 'TF'"),

  view: module("'V'"),

  trigger: module(
    "'TR'",
    "CASE WHEN t.is_disabled = 1 THEN 'disabled ' END, ",
    'INNER JOIN sys.triggers AS t ON t.object_id = o.object_id',
    ", CONCAT(OBJECT_SCHEMA_NAME(o.parent_object_id), '.', OBJECT_NAME(o.parent_object_id)) AS parent",
  ),

  'schema grant': `SELECT SCHEMA_NAME(p.major_id) AS name, ${grant} AS definition
    FROM sys.database_permissions AS p WHERE p.class = 3 AND p.state <> 'R' ORDER BY 1, 2`,

  'object grant': `SELECT ${objectName('o')} AS name, ${grant} AS definition
    FROM sys.database_permissions AS p INNER JOIN sys.objects AS o ON o.object_id = p.major_id
    WHERE p.class = 1 AND p.minor_id = 0 AND o.is_ms_shipped = 0 ORDER BY 1, 2`,

  'column grant': `SELECT CONCAT(SCHEMA_NAME(o.schema_id), '.', o.name, '.', COL_NAME(p.major_id, p.minor_id)) AS name, ${grant} AS definition
    FROM sys.database_permissions AS p INNER JOIN sys.objects AS o ON o.object_id = p.major_id
    WHERE p.class = 1 AND p.minor_id > 0 AND o.is_ms_shipped = 0 ORDER BY 1, 2`,

  'type grant': `SELECT ${objectName('t')} AS name, ${grant} AS definition
    FROM sys.database_permissions AS p INNER JOIN sys.types AS t ON t.user_type_id = p.major_id
    WHERE p.class = 6 ORDER BY 1, 2`,

  // named after the role: what one of ours may in the whole database is ours to know, and what nobody may
  'database grant': `SELECT r.name AS name, ${grant} AS definition
    FROM sys.database_permissions AS p INNER JOIN sys.database_principals AS r ON r.principal_id = p.grantee_principal_id
    WHERE p.class = 0 AND r.type = 'R' AND (r.name <> 'public' OR p.state = 'D') ORDER BY 1, 2`,

  role: `SELECT r.name AS name, 'role' AS definition
    FROM sys.database_principals AS r WHERE r.type = 'R' AND r.is_fixed_role = 0 AND r.name <> 'public'`,
};
