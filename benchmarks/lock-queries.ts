/** What the lock sampler asks PostgreSQL. */

/** Whether this login sees what other sessions do. */
export const mayLook = "SELECT pg_has_role('pg_read_all_stats', 'USAGE') AS allowed";

/**
 * Whether any session of this database waits for a lock: one function of each, for a third of what it costs to read the rows of
 * what they all are doing. Not for the one under which a file grows, as in `waiting`.
 */
export const somebodyWaits = `
  SELECT EXISTS (
    SELECT FROM pg_stat_get_backend_idset() AS s
    WHERE pg_stat_get_backend_wait_event_type(s) = 'Lock' AND pg_stat_get_backend_wait_event(s) <> 'extend'
      AND pg_stat_get_backend_dbid(s) = (SELECT d.oid FROM pg_database AS d WHERE d.datname = current_database())
  ) AS waits`;

/**
 * What the active clients of this database are doing. The function below the view: who is logged in by what name is not
 * asked.
 */
export const activity = `
  SELECT COALESCE(s.wait_event_type || ':' || s.wait_event, 'CPU') AS doing, count(*)::int AS n
  FROM pg_stat_get_activity(NULL) AS s
  WHERE s.datid = (SELECT d.oid FROM pg_database AS d WHERE d.datname = current_database())
    AND s.state = 'active' AND s.pid <> pg_backend_pid() AND s.backend_type = 'client backend'
  GROUP BY 1`;

/**
 * Locks that are not granted: who waits for what, what those do who hold it, and whether they are clients: autovacuum
 * waits for nobody, but may be waited for. Without the server's own lock under which a file grows (`extend`): every lane that
 * inserts meets it, for microseconds, whoever's rows it writes; how often is in `activity`.
 */
export const waiting = `
  -- one look for everything: of two, the second might not find the row's lock any more
  WITH locks AS MATERIALIZED (SELECT * FROM pg_locks)
  SELECT l.locktype AS type, l.mode, left(a.query, 120) AS query, left(a.query, 1000) AS statement,
    a.pid, a.application_name AS application, array_to_string(by.pids, ',') AS blockers,
    -- who waits for a row waits for its writer's transaction; which table's it is says the lock on the row that it holds
    COALESCE(l.relation, (
      SELECT t.relation FROM locks AS t WHERE t.pid = l.pid AND t.locktype = 'tuple' AND t.granted LIMIT 1
    ), (
      -- who follows a row to its newest version has no lock on it: the table is the one in which both write, if it is but one
      SELECT min(w.relation)
      FROM locks AS w
      INNER JOIN pg_class AS k ON k.oid = w.relation AND k.relkind IN ('r', 'p')
      WHERE l.locktype = 'transactionid' AND w.pid = l.pid AND w.mode IN ('RowExclusiveLock', 'RowShareLock')
        AND EXISTS (
          SELECT FROM locks AS h
          WHERE h.relation = w.relation AND h.database = w.database AND h.pid = ANY (by.pids)
            AND h.mode IN ('RowExclusiveLock', 'RowShareLock'))
      HAVING count(DISTINCT w.relation) = 1
    ))::regclass::text AS relation,
    NOT EXISTS (SELECT FROM pg_stat_activity AS b
      WHERE b.pid = ANY (by.pids) AND b.backend_type <> 'client backend') AS between_clients,
    l.pid || ' ' || COALESCE(l.waitstart::text, '') AS wait,
    COALESCE(extract(epoch FROM clock_timestamp() - l.waitstart) * 1000, 0)::float8 AS waited_ms,
    (SELECT string_agg(left(b.query, 120), '; ') FROM pg_stat_activity AS b WHERE b.pid = ANY (by.pids)) AS blocked_by,
    (SELECT string_agg(DISTINCT h.mode, ', ') FROM locks AS h
      WHERE h.granted AND h.pid = ANY (by.pids) AND h.locktype = l.locktype AND h.database IS NOT DISTINCT FROM l.database
        AND h.relation IS NOT DISTINCT FROM l.relation AND h.transactionid IS NOT DISTINCT FROM l.transactionid
        AND h.classid IS NOT DISTINCT FROM l.classid AND h.objid IS NOT DISTINCT FROM l.objid) AS held,
    -- application locks of this session, by which a chunk is known
    (SELECT string_agg(c.classid::bigint || ':' || c.objid::bigint, ',') FROM locks AS c
      WHERE c.pid = l.pid AND c.granted AND c.locktype = 'advisory' AND c.objsubid = 1) AS chunks
  FROM locks AS l
  INNER JOIN pg_stat_activity AS a ON a.pid = l.pid
  CROSS JOIN LATERAL (SELECT pg_blocking_pids(l.pid) AS pids) AS by
  WHERE NOT l.granted AND l.locktype <> 'extend' AND a.datname = current_database()`;
