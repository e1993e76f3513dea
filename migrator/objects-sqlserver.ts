import type { Session } from '../engine/index.js';
import type { DatabaseObject } from './objects.js';

const kinds: Readonly<Record<string, string>> = {
  P: 'PROCEDURE',
  V: 'VIEW',
  FN: 'FUNCTION',
  IF: 'FUNCTION',
  TF: 'FUNCTION',
  TR: 'TRIGGER',
};

export async function objectsNamed(session: Session, name: string): Promise<DatabaseObject[]> {
  const [schema = '', object = ''] = name.split('.');
  const rows = await session.query(
    `SELECT o.object_id AS id, RTRIM(o.type) AS tipo, s.name AS esquema, o.name AS nombre
       FROM sys.objects AS o INNER JOIN sys.schemas AS s ON s.schema_id = o.schema_id
      WHERE s.name = @p0 AND o.name = @p1`,
    [schema, object],
  );
  return rows.flatMap((row) => {
    const kind = kinds[String(row['tipo'])];
    if (kind === undefined) return [];
    const identity = [row['esquema'], row['nombre']]
      .map((part) => `[${String(part).replaceAll(']', ']]')}]`)
      .join('.');
    return [{ id: String(row['id']), kind, identity }];
  });
}

export async function objectNames(session: Session): Promise<string[]> {
  const rows = await session.query(
    `SELECT LOWER(CONCAT(s.name, '.', o.name)) AS nombre
       FROM sys.objects AS o INNER JOIN sys.schemas AS s ON s.schema_id = o.schema_id
      WHERE o.type IN ('P', 'V', 'FN', 'IF', 'TF', 'TR') AND o.is_ms_shipped = 0`,
  );
  return rows.map((row) => String(row['nombre']));
}
