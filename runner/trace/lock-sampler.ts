import type { Row, Session } from '../../engine/index.js';

/** One of our chunks, seen waiting for a lock. */
export interface LockWait {
  readonly chunk: bigint;
  /** The table, or the application lock's name, where the engine tells. */
  readonly resource: string;
  readonly mode: string;
  /** So far. */
  readonly waitedMs: number;
  /** Who holds it: the session, its program, and the chunk it works on when that is one of ours. */
  readonly holder: Readonly<Record<string, string | number | null>>;
}

/*
 * A chunk's session is found by the application lock that its work holds: nothing has to be told to the server beforehand.
 * No statement's text is read: it may hold what no trace should.
 */
const postgres = `
  WITH todos AS MATERIALIZED (
    SELECT l.pid, l.locktype, l.database, l.relation, l.classid, l.objid, l.objsubid, l.mode, l.granted, l.waitstart
    FROM pg_catalog.pg_locks AS l
  ), nuestros AS (
    SELECT t.pid, k.id, t.granted, t.classid, t.objid
    FROM (SELECT x AS id, hashtextextended('carril:chunk:' || x, 0) AS clave FROM unnest(string_to_array($1, ',')) AS x) AS k
    INNER JOIN todos AS t ON t.locktype = 'advisory' AND t.objsubid = 1
      AND t.classid::bigint = ((k.clave >> 32) & 4294967295) AND t.objid::bigint = (k.clave & 4294967295)
  )
  SELECT n.id AS chunk, w.locktype AS tipo, w.mode AS modo,
    COALESCE(w.relation, (SELECT r.relation FROM todos AS r WHERE r.pid = w.pid AND r.locktype = 'tuple' LIMIT 1))::regclass::text
      AS tabla,
    (w.classid = n.classid AND w.objid = n.objid) AS propio,
    COALESCE(extract(epoch FROM clock_timestamp() - w.waitstart) * 1000, 0)::float8 AS ms,
    b.pid AS por, a.application_name AS programa, a.state AS estado, a.client_addr::text AS desde,
    (SELECT o.id FROM nuestros AS o WHERE o.pid = b.pid AND o.granted LIMIT 1) AS por_chunk
  FROM todos AS w
  INNER JOIN nuestros AS n ON n.pid = w.pid
  LEFT JOIN LATERAL (SELECT (pg_blocking_pids(w.pid))[1] AS pid) AS b ON true
  LEFT JOIN pg_catalog.pg_stat_activity AS a ON a.pid = b.pid
  WHERE NOT w.granted`;

const sqlserver = `
  SELECT w.resource_type AS tipo, w.request_mode AS modo, CAST(r.wait_time AS float) AS ms, r.blocking_session_id AS por,
    s.program_name AS programa, s.status AS estado, s.host_name AS desde,
    CASE w.resource_type
      WHEN 'OBJECT' THEN CONCAT(OBJECT_SCHEMA_NAME(w.resource_associated_entity_id), '.',
        OBJECT_NAME(w.resource_associated_entity_id))
      WHEN 'APPLICATION' THEN NULL
      ELSE (
        SELECT TOP (1) CONCAT(OBJECT_SCHEMA_NAME(p.object_id), '.', OBJECT_NAME(p.object_id))
        FROM sys.partitions AS p
        WHERE p.hobt_id = w.resource_associated_entity_id)
    END AS tabla,
    w.resource_description AS descripcion, a.resource_description AS nuestro, b.resource_description AS suyo
  FROM sys.dm_exec_requests AS r
  INNER JOIN sys.dm_tran_locks AS w ON w.request_session_id = r.session_id AND w.request_status IN ('WAIT', 'CONVERT')
  LEFT JOIN sys.dm_exec_sessions AS s ON s.session_id = r.blocking_session_id
  OUTER APPLY (
    SELECT TOP (1) l.resource_description FROM sys.dm_tran_locks AS l
    WHERE l.request_session_id = r.session_id AND l.resource_type = 'APPLICATION'
      AND l.resource_description LIKE '%carril:chunk:%') AS a
  OUTER APPLY (
    SELECT TOP (1) l.resource_description FROM sys.dm_tran_locks AS l
    WHERE l.request_session_id = r.blocking_session_id AND l.resource_type = 'APPLICATION'
      AND l.resource_description LIKE '%carril:chunk:%') AS b
  WHERE r.blocking_session_id <> 0 AND r.database_id = DB_ID()`;

/**
 * Which of these chunks wait for a lock at this moment, for what, and for whom.
 * @throws ProcedureError PERMISSION on SQL Server without VIEW SERVER STATE
 */
export async function sampleLocks(session: Session, chunks: readonly bigint[]): Promise<readonly LockWait[]> {
  if (session.dialect === 'postgres') {
    const rows = await session.query(postgres, [chunks.join(',')], { timeoutMs: 10_000 });
    return rows.map(fromPostgres);
  }
  const held = new Set(chunks);
  const rows = await session.query(sqlserver, [], { timeoutMs: 10_000 });
  return rows.flatMap((row) => {
    const chunk = chunkIn(row['nuestro']);
    return chunk === undefined || !held.has(chunk) ? [] : [fromSqlServer(row, chunk)];
  });
}

function fromPostgres(row: Row): LockWait {
  const chunk = BigInt(text(row['chunk']) ?? '0');
  return {
    chunk,
    resource:
      text(row['tabla']) ??
      (row['propio'] === true ? `carril:chunk:${chunk}` : (text(row['tipo']) ?? 'lock')),
    mode: text(row['modo']) ?? '',
    waitedMs: Number(row['ms']),
    holder: holderOf(row, text(row['por_chunk'])),
  };
}

function fromSqlServer(row: Row, chunk: bigint): LockWait {
  const applock = /\[([^\]]+)\]/.exec(text(row['descripcion']) ?? '')?.[1];
  return {
    chunk,
    resource: text(row['tabla']) ?? applock ?? text(row['tipo']) ?? 'lock',
    mode: text(row['modo']) ?? '',
    waitedMs: Number(row['ms']),
    holder: holderOf(row, chunkIn(row['suyo'])?.toString() ?? null),
  };
}

function holderOf(row: Row, chunk: string | null): LockWait['holder'] {
  return {
    sesion: row['por'] === null ? null : Number(row['por']),
    programa: text(row['programa']),
    estado: text(row['estado']),
    desde: text(row['desde']),
    chunk,
  };
}

/** SQL Server shows `0:[carril:chunk:1042]:(hash)`: the name's first 32 characters, which is all of it. */
function chunkIn(description: unknown): bigint | undefined {
  const [, id] = /carril:chunk:(\d+)/.exec(text(description) ?? '') ?? [];
  return id === undefined ? undefined : BigInt(id);
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
