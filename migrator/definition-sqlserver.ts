import type { Session } from '../engine/index.js';
import type { DatabaseObject } from './objects.js';

/**
 * Batches that make the object again, with its permissions, as the catalog has them; undefined for what has no text
 * that may be read (WITH ENCRYPTION, CLR, a login without VIEW DEFINITION).
 */
export async function definitionOf(session: Session, object: DatabaseObject): Promise<string | undefined> {
  const [module] = await session.query(
    `SELECT m.definition AS texto, m.uses_ansi_nulls AS nulos, m.uses_quoted_identifier AS comillas,
            CASE WHEN t.is_disabled = 1
              THEN CONCAT('DISABLE TRIGGER ', QUOTENAME(OBJECT_SCHEMA_NAME(t.object_id)), '.', QUOTENAME(t.name), ' ON ',
                QUOTENAME(OBJECT_SCHEMA_NAME(t.parent_id)), '.', QUOTENAME(OBJECT_NAME(t.parent_id)), ';')
            END AS apagado
       FROM sys.sql_modules AS m LEFT JOIN sys.triggers AS t ON t.object_id = m.object_id
      WHERE m.object_id = CAST(@p0 AS int)`,
    [object.id],
  );
  const text = module?.['texto'];
  if (typeof text !== 'string') return undefined;
  const permissions = await session.query(
    `SELECT CONCAT(CASE p.state WHEN 'D' THEN 'DENY ' ELSE 'GRANT ' END, p.permission_name COLLATE DATABASE_DEFAULT,
              CASE WHEN p.minor_id > 0 THEN CONCAT(' (', QUOTENAME(COL_NAME(p.major_id, p.minor_id)), ')') END,
              ' ON ', QUOTENAME(OBJECT_SCHEMA_NAME(p.major_id)), '.', QUOTENAME(OBJECT_NAME(p.major_id)),
              ' TO ', QUOTENAME(USER_NAME(p.grantee_principal_id)),
              CASE WHEN p.state = 'W' THEN ' WITH GRANT OPTION' END, ';') AS orden
       FROM sys.database_permissions AS p
      WHERE p.class = 1 AND p.major_id = CAST(@p0 AS int)
      ORDER BY p.minor_id, p.grantee_principal_id, p.type`,
    [object.id],
  );
  const on = (value: unknown): string => (value === true || value === 1 ? 'ON' : 'OFF');
  const after = [module?.['apagado'], ...permissions.map((row) => row['orden'])].filter(
    (order): order is string => typeof order === 'string',
  );
  return [
    `SET ANSI_NULLS ${on(module?.['nulos'])};\nSET QUOTED_IDENTIFIER ${on(module?.['comillas'])};`,
    text.trimEnd(),
    ...(after.length === 0 ? [] : [after.join('\n')]),
    '',
  ].join('\nGO\n');
}
