/**
 * Queries by kind of object, each with the columns `name` and `definition`; system views that SQL Server 2017 has. Their
 * `type` and `…_desc` columns have a collation of their own, which CONCAT refuses (451) beside names of the database's.
 */
export const sqlserverCatalog: Readonly<Record<string, string>> = {
  schema: `SELECT s.name AS name, CONCAT('owner ', USER_NAME(s.principal_id)) AS definition
    FROM sys.schemas AS s
    WHERE s.schema_id < 16384 AND s.name NOT IN ('dbo', 'guest', 'sys', 'INFORMATION_SCHEMA')`,

  table: `SELECT CONCAT(SCHEMA_NAME(t.schema_id), '.', t.name) AS name, 'table' AS definition
    FROM sys.tables AS t WHERE t.is_ms_shipped = 0`,

  column: `SELECT CONCAT(SCHEMA_NAME(o.schema_id), '.', COALESCE(tt.name, o.name), '.', c.name) AS name,
      CONCAT(COLUMNPROPERTY(c.object_id, c.name, 'ordinal'), ' ', TYPE_NAME(c.user_type_id), ' ', c.max_length, ' ', c.precision, ' ', c.scale,
        CASE WHEN c.is_nullable = 1 THEN ' null' ELSE ' not null' END, CASE WHEN c.is_identity = 1 THEN ' identity' END,
        ' default ', d.definition, ' computed ', k.definition, ' collation ', c.collation_name COLLATE DATABASE_DEFAULT) AS definition
    FROM sys.columns AS c INNER JOIN sys.objects AS o ON o.object_id = c.object_id
    LEFT JOIN sys.table_types AS tt ON tt.type_table_object_id = o.object_id
    LEFT JOIN sys.default_constraints AS d ON d.object_id = c.default_object_id
    LEFT JOIN sys.computed_columns AS k ON k.object_id = c.object_id AND k.column_id = c.column_id
    WHERE o.type IN ('U', 'V', 'TT') AND (o.is_ms_shipped = 0 OR tt.name IS NOT NULL)`,

  check: `SELECT CONCAT(SCHEMA_NAME(k.schema_id), '.', OBJECT_NAME(k.parent_object_id), '.', k.name) AS name,
      CONCAT(k.definition, ' disabled ', k.is_disabled, ' untrusted ', k.is_not_trusted) AS definition
    FROM sys.check_constraints AS k`,

  'foreign key': `SELECT CONCAT(SCHEMA_NAME(k.schema_id), '.', OBJECT_NAME(k.parent_object_id), '.', k.name) AS name,
      CONCAT(COL_NAME(c.parent_object_id, c.parent_column_id), ' to ', OBJECT_SCHEMA_NAME(c.referenced_object_id), '.',
        OBJECT_NAME(c.referenced_object_id), '.', COL_NAME(c.referenced_object_id, c.referenced_column_id),
        ' on delete ', k.delete_referential_action_desc COLLATE DATABASE_DEFAULT, ' disabled ', k.is_disabled, ' untrusted ', k.is_not_trusted) AS definition
    FROM sys.foreign_keys AS k INNER JOIN sys.foreign_key_columns AS c ON c.constraint_object_id = k.object_id
    ORDER BY k.name, c.constraint_column_id`,

  index: `SELECT CONCAT(OBJECT_SCHEMA_NAME(i.object_id), '.', OBJECT_NAME(i.object_id), '.', i.name) AS name,
      CONCAT(i.type_desc COLLATE DATABASE_DEFAULT, CASE WHEN i.is_unique = 1 THEN ' unique' END, CASE WHEN i.is_primary_key = 1 THEN ' primary key' END,
        ' ', c.key_ordinal, ' ', COL_NAME(c.object_id, c.column_id), CASE WHEN c.is_descending_key = 1 THEN ' desc' END,
        CASE WHEN c.is_included_column = 1 THEN ' included' END, ' where ', i.filter_definition) AS definition
    FROM sys.indexes AS i INNER JOIN sys.index_columns AS c ON c.object_id = i.object_id AND c.index_id = i.index_id
    INNER JOIN sys.objects AS o ON o.object_id = i.object_id
    WHERE o.type = 'U' AND o.is_ms_shipped = 0
    ORDER BY i.name, c.key_ordinal, COL_NAME(c.object_id, c.column_id)`,

  sequence: `SELECT CONCAT(SCHEMA_NAME(s.schema_id), '.', s.name) AS name,
      CONCAT(TYPE_NAME(s.user_type_id), ' by ', CAST(s.increment AS bigint), ' cycle ', s.is_cycling) AS definition
    FROM sys.sequences AS s`,

  'table type': `SELECT CONCAT(SCHEMA_NAME(t.schema_id), '.', t.name) AS name, 'table type' AS definition FROM sys.table_types AS t`,

  module: `SELECT CONCAT(SCHEMA_NAME(o.schema_id), '.', o.name) AS name, CONCAT(CAST(o.type AS varchar(2)) COLLATE DATABASE_DEFAULT, ' ', m.definition) AS definition
    FROM sys.sql_modules AS m INNER JOIN sys.objects AS o ON o.object_id = m.object_id WHERE o.is_ms_shipped = 0`,

  grant: `SELECT CONCAT(p.class_desc COLLATE DATABASE_DEFAULT, ' ', COALESCE(OBJECT_SCHEMA_NAME(o.object_id) + '.' + o.name, SCHEMA_NAME(p.major_id), TYPE_NAME(p.major_id))) AS name,
      CONCAT(p.state_desc COLLATE DATABASE_DEFAULT, ' ', p.permission_name COLLATE DATABASE_DEFAULT, ' to ', USER_NAME(p.grantee_principal_id)) AS definition
    FROM sys.database_permissions AS p LEFT JOIN sys.objects AS o ON p.class = 1 AND o.object_id = p.major_id
    WHERE p.major_id > 0 OR p.class = 3
    ORDER BY 1, 2`,

  role: `SELECT name AS name, 'role' AS definition FROM sys.database_principals WHERE type = 'R' AND is_fixed_role = 0 AND name <> 'public'`,
};
