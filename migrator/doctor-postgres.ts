import { statfsSync } from 'node:fs';

import type { Engine, Row, Session } from '../engine/index.js';
import type { Check, Finding } from './doctor.js';

/** Work of ours ends with the call that took its lock: a session that sits idle with one has lost its client, or its mind. */
const idleWithLockSeconds = 2;
const longIdleSeconds = 300;
const veryLongIdleSeconds = 3600;

export const postgresChecks: readonly Check[] = [
  { name: 'version', look: version },
  { name: 'permissions', look: permissions },
  { name: 'isolation', look: isolation },
  { name: 'collation', look: collation },
  { name: 'space', look: space },
  { name: 'locks', look: applicationLocks },
  { name: 'idle transactions', look: idleTransactions },
  { name: 'indexes', look: indexes },
  { name: 'connections', look: connections },
  { name: 'transaction IDs', look: transactionIds },
];

async function only(session: Session, sql: string): Promise<Row> {
  return (await session.query(sql))[0] ?? {};
}

async function version(engine: Engine): Promise<Finding> {
  const row = await only(
    engine,
    `SELECT current_setting('server_version') AS name, current_setting('server_version_num')::int AS number`,
  );
  const [found, number] = [`PostgreSQL ${String(row['name'])}`, Number(row['number'])];
  if (number >= 170_000) return { state: 'ok', found };
  if (number >= 160_000) {
    const advice =
      'from 17 on transaction_timeout ends what hangs; until then set idle_in_transaction_session_timeout';
    return { state: 'warning', found, advice };
  }
  return { state: 'problem', found, advice: 'PostgreSQL 16 or newer is needed' };
}

async function permissions(engine: Engine): Promise<Finding[]> {
  const row = await only(
    engine,
    `SELECT session_user::text AS login, r.rolsuper AS super, r.rolcreaterole AS creates_roles, r.rolcreatedb AS creates_databases,
            to_regrole('carril_dueno') IS NOT NULL AS has_roles,
            EXISTS (SELECT FROM pg_catalog.pg_roles d WHERE d.rolname = 'carril_dueno' AND pg_has_role(d.oid, 'SET')) AS becomes_owner,
            has_database_privilege(current_database(), 'CREATE') AS creates_schemas,
            to_regnamespace('carril') IS NOT NULL AS has_journal,
            coalesce((SELECT bool_and(has_table_privilege(c.oid, 'SELECT') AND has_table_privilege(c.oid, 'INSERT')
                                      AND has_table_privilege(c.oid, 'DELETE'))
                        FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                       WHERE n.nspname = 'carril' AND c.relkind = 'r'), false) AS writes_journal,
            pg_has_role('pg_read_all_stats', 'USAGE') AS sees_sessions,
            current_setting('transaction_read_only') AS read_only, pg_is_in_recovery() AS standby
       FROM pg_catalog.pg_roles r WHERE r.rolname = session_user`,
  );
  const login = String(row['login']);
  const findings: Finding[] = [];
  const problem = (found: string, advice: string): void => {
    findings.push({ state: 'problem', found, advice });
  };
  if (row['standby'] === true || row['read_only'] === 'on') {
    problem(
      'the database is read-only',
      'connect to the primary; ALTER DATABASE … RESET default_transaction_read_only',
    );
  }
  if (row['has_roles'] === true && row['becomes_owner'] !== true) {
    problem(
      `${login} may not migrate: it cannot become carril_dueno`,
      `GRANT carril_dba TO ${quoted(login)}`,
    );
  }
  if (row['has_roles'] !== true && row['creates_roles'] !== true && row['super'] !== true) {
    problem(
      `the roles of carril are missing, and ${login} may not make them`,
      'apply 001 once with a login that has CREATEROLE and CREATE on the database',
    );
  }
  if (row['has_journal'] === true && row['writes_journal'] !== true) {
    problem(
      `${login} may not write the journal`,
      'GRANT USAGE ON SCHEMA carril, and SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA carril TO carril_dba',
    );
  }
  if (row['has_journal'] !== true && row['creates_schemas'] !== true) {
    problem(`${login} may not create schemas here`, `GRANT CREATE ON DATABASE … TO ${quoted(login)}`);
  }
  if (findings.length === 0) {
    const drift = row['creates_databases'] === true || row['super'] === true;
    const scratch = drift ? '' : '; no scratch databases (migrate drift needs --against)';
    findings.push({ state: 'ok', found: `${login} may migrate${scratch}` });
  }
  if (row['sees_sessions'] !== true) {
    findings.push({
      state: 'warning',
      found: `${login} does not see what other logins' sessions do: the checks of locks and idle transactions are blind to them`,
      advice: `GRANT pg_read_all_stats TO ${quoted(login)}`,
    });
  }
  return findings;
}

/** The protocol of leases looks again in a later statement, and so refuses snapshots that outlive one (50409). */
async function isolation(engine: Engine): Promise<Finding[]> {
  const row = await only(engine, `SELECT current_setting('default_transaction_isolation') AS level`);
  const level = String(row['level']);
  const others = await engine.query(
    `SELECT coalesce('role ' || r.rolname, 'every login') || CASE WHEN s.setdatabase = 0 THEN '' ELSE ' in this database' END AS who,
            c.setting AS setting
       FROM pg_catalog.pg_db_role_setting s LEFT JOIN pg_catalog.pg_roles r ON r.oid = s.setrole, unnest(s.setconfig) AS c (setting)
      WHERE s.setdatabase IN (0, (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database()))
        AND c.setting LIKE 'default\\_transaction\\_isolation=%' AND c.setting <> 'default_transaction_isolation=read committed'`,
  );
  const advice =
    "back to the default, which is what the procedures need: ALTER DATABASE … (or ROLE …) RESET default_transaction_isolation, or the server's setting";
  const findings = others.map((one): Finding => ({
    state: 'problem',
    found: `${String(one['who'])}: ${String(one['setting'])}`,
    advice,
  }));
  if (findings.length > 0) return findings;
  const found = `${level}; row versions always`;
  return [level === 'read committed' ? { state: 'ok', found } : { state: 'problem', found, advice }];
}

async function collation(engine: Engine): Promise<Finding> {
  const row = await only(
    engine,
    `SELECT pg_encoding_to_char(d.encoding) AS encoding, d.datcollate AS name, d.datcollversion AS made_with,
            pg_database_collation_actual_version(d.oid) AS now
       FROM pg_catalog.pg_database d WHERE d.datname = current_database()`,
  );
  const found = `${String(row['encoding'])}, ${String(row['name'])}`;
  if (row['encoding'] !== 'UTF8') {
    return {
      state: 'problem',
      found,
      advice: 'the database must be UTF8: create it anew, and restore into it',
    };
  }
  if (typeof row['made_with'] === 'string' && row['made_with'] !== row['now']) {
    return {
      state: 'warning',
      found: `${found}, made with version ${row['made_with']}, the library now has ${String(row['now'])}`,
      advice:
        'text indexes may be in another order: REINDEX DATABASE, then ALTER DATABASE … REFRESH COLLATION VERSION',
    };
  }
  return { state: 'ok', found };
}

async function space(engine: Engine): Promise<Finding> {
  const row = await only(
    engine,
    `SELECT pg_database_size(current_database())::float8 AS bytes, current_setting('carril.embedded', true) AS embedded`,
  );
  const bytes = Number(row['bytes']);
  const size = `the database takes ${megabytes(bytes)}`;
  if (row['embedded'] !== 'on') {
    return { state: 'ok', found: `${size}; PostgreSQL does not tell how much room its disk has: look there` };
  }
  const folder = (await only(engine, `SELECT current_setting('data_directory') AS folder`))['folder'];
  const disk = statfsSync(String(folder));
  const free = disk.bavail * disk.bsize;
  const found = `${size}; its disk has ${megabytes(free)} free`;
  if (free >= Math.max(bytes / 2, 1e9)) return { state: 'ok', found };
  return {
    state: free < 2e8 ? 'problem' : 'warning',
    found,
    advice: 'make room: a backfill copies what it changes',
  };
}

/** Application locks that a session holds which does nothing: the migrator's own is held by an idle session on purpose. */
async function applicationLocks(engine: Engine): Promise<Finding | Finding[]> {
  const rows = await engine.query(
    `SELECT l.pid, coalesce(a.usename::text, '?') AS login, coalesce(nullif(a.application_name, ''), '?') AS application, a.state,
            (((l.classid::bigint << 32) | l.objid::bigint))::text AS key, l.mode,
            round(extract(epoch FROM clock_timestamp() - a.state_change))::int AS seconds
       FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid
      WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
        AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())
        AND ((l.classid::bigint << 32) | l.objid::bigint) <> hashtextextended('carril:migrador', 0)
        AND a.state LIKE 'idle%' AND a.state_change < clock_timestamp() - make_interval(secs => ${idleWithLockSeconds})
      ORDER BY a.state_change, l.pid, key`,
  );
  if (rows.length === 0) return { state: 'ok', found: 'no idle session holds an application lock' };
  const names = await lockNames(
    engine,
    rows.map((row) => String(row['key'])),
  );
  return rows.map((row): Finding => {
    const name =
      names.get(String(row['key'])) ??
      `an application lock (key ${String(row['key'])}, perhaps not carril's)`;
    return {
      state: 'problem',
      found: `session ${String(row['pid'])} (${String(row['login'])}, ${String(row['application'])}) holds ${name} and is ${String(row['state'])} for ${String(row['seconds'])} s`,
      advice: `its work waits for nobody and blocks others: SELECT pg_terminate_backend(${String(row['pid'])})`,
    };
  });
}

/** Only hashes are locked: the names are those of the jobs and chunks that are alive, where this login may read them. */
async function lockNames(engine: Engine, keys: readonly string[]): Promise<Map<string, string>> {
  const names = `SELECT 'carril:trabajo:' || ID_Trabajo AS name FROM trabajo.Trabajos WHERE Estado = 'EN_PROGRESO'
     UNION ALL
    SELECT 'carril:chunk:' || c.ID_Chunk FROM trabajo.Chunks c WHERE c.Estado = 'PENDIENTE'`;
  try {
    const rows = await engine.query(
      `SELECT n.name, hashtextextended(n.name, 0)::text AS key FROM (${names}) n
        WHERE hashtextextended(n.name, 0) = ANY (string_to_array($1, ',')::bigint[])`,
      [keys.join(',')],
    );
    return new Map(rows.map((row) => [String(row['key']), String(row['name'])]));
  } catch {
    return new Map();
  }
}

async function idleTransactions(engine: Engine): Promise<Finding | Finding[]> {
  const rows = await engine.query(
    `SELECT a.pid::text AS id, format('session %s (%s, %s)', a.pid, coalesce(a.usename::text, '?'),
              coalesce(nullif(a.application_name, ''), '?')) AS who,
            round(extract(epoch FROM clock_timestamp() - a.state_change))::int AS seconds, false AS prepared
       FROM pg_catalog.pg_stat_activity a
      WHERE a.datname = current_database() AND a.state LIKE 'idle in transaction%'
        AND a.state_change < clock_timestamp() - make_interval(secs => ${longIdleSeconds})
      UNION ALL
     SELECT p.gid, format('prepared transaction %s (%s)', p.gid, p.owner),
            round(extract(epoch FROM clock_timestamp() - p.prepared))::int, true
       FROM pg_catalog.pg_prepared_xacts p
      WHERE p.database = current_database() AND p.prepared < clock_timestamp() - make_interval(secs => ${longIdleSeconds})
      ORDER BY 3 DESC`,
  );
  if (rows.length === 0) return { state: 'ok', found: `none longer than ${longIdleSeconds / 60} min` };
  return rows.map((row): Finding => ({
    state: Number(row['seconds']) >= veryLongIdleSeconds ? 'problem' : 'warning',
    found: `${String(row['who'])} for ${Math.round(Number(row['seconds']) / 60)} min`,
    advice:
      row['prepared'] === true
        ? `it keeps its locks for ever: COMMIT PREPARED or ROLLBACK PREPARED '${String(row['id'])}'`
        : `it keeps its locks, and vacuum from cleaning: SELECT pg_terminate_backend(${String(row['id'])}); set idle_in_transaction_session_timeout`,
  }));
}

/** What a `CREATE INDEX CONCURRENTLY` that failed has left is written by everybody and read by nobody. */
async function indexes(engine: Engine): Promise<Finding | Finding[]> {
  const rows = await engine.query(
    `SELECT format('%I.%I', n.nspname, c.relname) AS name
       FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
       JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE NOT i.indisvalid AND n.nspname NOT LIKE 'pg\\_%' AND c.relkind = 'i'
        AND NOT EXISTS (SELECT FROM pg_catalog.pg_stat_progress_create_index p WHERE p.index_relid = i.indexrelid)
      ORDER BY 1`,
  );
  if (rows.length === 0) {
    return { state: 'ok', found: 'all valid; they can be built online (CONCURRENTLY) in every edition' };
  }
  return rows.map((row): Finding => ({
    state: 'warning',
    found: `${String(row['name'])} is invalid: its building was interrupted`,
    advice: `REINDEX INDEX CONCURRENTLY ${String(row['name'])}, or drop it and run the migration again`,
  }));
}

async function connections(engine: Engine): Promise<Finding> {
  const row = await only(
    engine,
    `SELECT (SELECT count(*) FROM pg_catalog.pg_stat_activity WHERE backend_type = 'client backend')::int AS used,
            current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
              - coalesce(current_setting('reserved_connections', true), '0')::int AS most`,
  );
  const [used, most] = [Number(row['used']), Number(row['most'])];
  const found = `${used} of ${most} in use`;
  if (used < most * 0.9) return { state: 'ok', found };
  return {
    state: 'warning',
    found,
    advice: 'raise max_connections, or run fewer lanes: a worker opens --lanes + 2',
  };
}

async function transactionIds(engine: Engine): Promise<Finding> {
  const row = await only(
    engine,
    'SELECT age(datfrozenxid) AS age FROM pg_catalog.pg_database WHERE datname = current_database()',
  );
  const age = Number(row['age']);
  const found = `the oldest is ${Math.round(age / 1e6)} million old`;
  if (age < 1e9) return { state: 'ok', found };
  return {
    state: age < 1.6e9 ? 'warning' : 'problem',
    found,
    advice:
      'at 2,000 million the server stops writing: find what keeps vacuum back (idle transactions, slots), then VACUUM',
  };
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6).toLocaleString('en')} MB`;
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
