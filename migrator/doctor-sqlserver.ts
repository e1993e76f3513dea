import { ProcedureError } from '../engine/index.js';
import type { Engine, Row, Session } from '../engine/index.js';
import type { Check, Finding } from './doctor.js';
import { hasJournal } from './journal-schema.js';
import { buildsOnline, engineEdition, managedEditions } from './online-index.js';

/** Work of ours ends with the call that took its lock: a session that sleeps with one has lost its client, or its mind. */
const idleWithLockSeconds = 2;
const longIdleSeconds = 300;
const veryLongIdleSeconds = 3600;

/** SERVERPROPERTY('EngineEdition') of Azure SQL Database. */
const azureDatabase = 5;

const stateAdvice =
  'GRANT VIEW SERVER STATE TO its login, in master (from 2022 on VIEW SERVER PERFORMANCE STATE is enough; on Azure SQL ' +
  'GRANT VIEW DATABASE STATE TO its user)';

export const sqlserverChecks: readonly Check[] = [
  { name: 'version', look: version },
  { name: 'permissions', look: permissions },
  { name: 'compatibility level', look: compatibility },
  { name: 'row versions', look: rowVersions },
  { name: 'isolation', look: isolation },
  { name: 'collation', look: collation },
  { name: 'space', look: files },
  { name: 'disk', look: volumes },
  { name: 'locks', look: applicationLocks },
  { name: 'idle transactions', look: idleTransactions },
  { name: 'online indexes', look: onlineIndexes },
  { name: 'indexes', look: indexes },
];

async function only(session: Session, sql: string): Promise<Row> {
  return (await session.query(sql))[0] ?? {};
}

async function version(engine: Engine): Promise<Finding> {
  const row = await only(
    engine,
    `SELECT CAST(SERVERPROPERTY('ProductVersion') AS nvarchar(50)) AS version,
            CAST(SERVERPROPERTY('Edition') AS nvarchar(128)) AS edicion`,
  );
  const number = String(row['version']);
  const found = `SQL Server ${number}, ${String(row['edicion'])}`;
  const major = Number.parseInt(number, 10);
  if (managedEditions.includes(await engineEdition(engine)) || major >= 14) return { state: 'ok', found };
  return { state: 'problem', found, advice: 'SQL Server 2017 (14) or newer is needed' };
}

async function permissions(engine: Engine): Promise<Finding[]> {
  const who = await only(
    engine,
    `SELECT ORIGINAL_LOGIN() AS login_original, USER_NAME() AS usuario, IS_ROLEMEMBER(N'db_owner') AS es_dueno,
            IS_ROLEMEMBER(N'carril_dba') AS es_dba, CAST(DATABASEPROPERTYEX(DB_NAME(), 'Updateability') AS nvarchar(60)) AS escritura`,
  );
  const rights = await engine.query(
    `SELECT v.permiso AS permiso, HAS_PERMS_BY_NAME(DB_NAME(), N'DATABASE', v.permiso) AS permitido
       FROM (VALUES (N'CREATE TABLE'), (N'CREATE VIEW'), (N'CREATE PROCEDURE'), (N'CREATE FUNCTION'), (N'CREATE TYPE'),
                    (N'VIEW DEFINITION')) AS v (permiso)`,
  );
  const missing = rights.filter((row) => Number(row['permitido']) !== 1).map((row) => String(row['permiso']));
  const login = String(who['login_original']);
  const user = `[${String(who['usuario']).replaceAll(']', ']]')}]`;
  const findings: Finding[] = [];
  const problem = (found: string, advice: string): void => {
    findings.push({ state: 'problem', found, advice });
  };
  if (who['escritura'] === 'READ_ONLY') {
    problem(
      'the database is read-only',
      'connect to the primary, without readOnlyIntent; or ALTER DATABASE … SET READ_WRITE',
    );
  }
  if (Number(who['es_dueno']) !== 1 && Number(who['es_dba']) !== 1) {
    problem(
      `${login} is in neither db_owner nor carril_dba`,
      `001 is applied once by a member of db_owner; from then on ALTER ROLE carril_dba ADD MEMBER ${user} is enough`,
    );
  }
  const creates = missing.filter((name) => name !== 'VIEW DEFINITION');
  if (creates.length > 0)
    problem(`${login} may not ${creates.join(', ')}`, `GRANT ${creates.join(', ')} TO carril_dba`);
  const closed = await engine.query(
    `SELECT s.name AS esquema FROM sys.schemas AS s
      WHERE s.name IN (N'dimensionales', N'homol', N'extract', N'staging', N'logs', N'trabajo', N'nomina')
        AND HAS_PERMS_BY_NAME(QUOTENAME(s.name), N'SCHEMA', N'ALTER') = 0`,
  );
  for (const row of closed) {
    const schema = String(row['esquema']);
    problem(`${login} may not change schema ${schema}`, `GRANT CONTROL ON SCHEMA::${schema} TO carril_dba`);
  }
  if (await hasJournal(engine)) {
    const row = await only(
      engine,
      `SELECT HAS_PERMS_BY_NAME(N'carril.Migraciones', N'OBJECT', N'INSERT') AS inserta,
              HAS_PERMS_BY_NAME(N'carril.Migraciones', N'OBJECT', N'DELETE') AS borra`,
    );
    if (Number(row['inserta']) !== 1 || Number(row['borra']) !== 1) {
      problem(
        `${login} may not write the journal`,
        'GRANT SELECT, INSERT, UPDATE, DELETE, VIEW DEFINITION ON SCHEMA::carril TO carril_dba',
      );
    }
  }
  if (findings.length === 0) findings.push({ state: 'ok', found: `${login} may migrate` });
  if (missing.includes('VIEW DEFINITION')) {
    findings.push({
      state: 'warning',
      found: `${login} does not see all definitions: carril migrate drift would call what is hidden missing`,
      advice: 'GRANT VIEW DEFINITION TO carril_dba',
    });
  }
  if (!(await seesState(engine))) {
    findings.push({
      state: 'warning',
      found: `${login} does not see other sessions: locks, idle transactions and disks cannot be checked`,
      advice: stateAdvice,
    });
  }
  return findings;
}

/** A permission that this version does not know counts as not there (NULL). */
async function seesState(engine: Engine): Promise<boolean> {
  const row = await only(
    engine,
    `SELECT HAS_PERMS_BY_NAME(NULL, NULL, N'VIEW SERVER STATE') AS servidor,
            HAS_PERMS_BY_NAME(NULL, NULL, N'VIEW SERVER PERFORMANCE STATE') AS rendimiento,
            HAS_PERMS_BY_NAME(DB_NAME(), N'DATABASE', N'VIEW DATABASE STATE') AS base`,
  );
  if (Number(row['servidor']) === 1 || Number(row['rendimiento']) === 1) return true;
  const edition = await engineEdition(engine);
  return (edition === azureDatabase || edition === 12) && Number(row['base']) === 1;
}

/** Runs what needs VIEW SERVER STATE, and says so where it is not granted. */
async function withState<T extends Finding | Finding[]>(
  engine: Engine,
  look: () => Promise<T>,
): Promise<T | Finding> {
  const blind: Finding = { state: 'warning', found: 'not to be seen by this login', advice: stateAdvice };
  if (!(await seesState(engine))) return blind;
  try {
    return await look();
  } catch (error) {
    if (error instanceof ProcedureError && error.code === 'PERMISSION') return blind;
    throw error;
  }
}

async function compatibility(engine: Engine): Promise<Finding> {
  const level = Number(
    (
      await only(
        engine,
        'SELECT d.compatibility_level AS nivel FROM sys.databases AS d WHERE d.name = DB_NAME()',
      )
    )['nivel'],
  );
  const advice = `ALTER DATABASE CURRENT SET COMPATIBILITY_LEVEL = 140 (2017) or higher, after a look at its query plans`;
  if (level >= 140) return { state: 'ok', found: String(level) };
  return { state: level >= 130 ? 'warning' : 'problem', found: `${level}, that of an older version`, advice };
}

async function rowVersions(engine: Engine): Promise<Finding> {
  const row = await only(
    engine,
    `SELECT d.is_read_committed_snapshot_on AS rcsi, d.snapshot_isolation_state_desc AS instantanea
       FROM sys.databases AS d WHERE d.name = DB_NAME()`,
  );
  const found = `READ_COMMITTED_SNAPSHOT ${row['rcsi'] === true ? 'on' : 'off'}, snapshot isolation ${String(row['instantanea']).toLowerCase()}`;
  if (row['rcsi'] === true) return { state: 'ok', found };
  return {
    state: 'warning',
    found: `${found}: readers and lanes wait for each other`,
    advice:
      'when nobody uses it: ALTER DATABASE CURRENT SET READ_COMMITTED_SNAPSHOT ON WITH ROLLBACK AFTER 10 SECONDS',
  };
}

/** Each session sees itself, whatever it may. */
async function isolation(engine: Engine): Promise<Finding> {
  const row = await only(
    engine,
    'SELECT s.transaction_isolation_level AS nivel FROM sys.dm_exec_sessions AS s WHERE s.session_id = @@SPID',
  );
  const level = Number(row['nivel']);
  const names = [
    'unspecified',
    'read uncommitted',
    'read committed',
    'repeatable read',
    'serializable',
    'snapshot',
  ];
  const found = names[level] ?? `level ${level}`;
  if (level === 2) return { state: 'ok', found };
  return {
    state: 'problem',
    found: `new sessions begin with ${found}`,
    advice: 'a logon trigger or a proxy sets it: READ COMMITTED is what the procedures need',
  };
}

async function collation(engine: Engine): Promise<Finding> {
  const row = await only(
    engine,
    `SELECT CAST(DATABASEPROPERTYEX(DB_NAME(), 'Collation') AS nvarchar(128)) AS de_base,
            CAST(SERVERPROPERTY('Collation') AS nvarchar(128)) AS de_servidor, CASE WHEN N'a' = N'A' THEN 1 ELSE 0 END AS iguales`,
  );
  const [own, server] = [String(row['de_base']), String(row['de_servidor'])];
  if (own !== server && !managedEditions.includes(await engineEdition(engine))) {
    return {
      state: 'warning',
      found: `${own}; the server, and so tempdb, has ${server}`,
      advice:
        "a site's own procedures that compare with text in temporary tables need COLLATE DATABASE_DEFAULT there",
    };
  }
  if (Number(row['iguales']) !== 1) {
    return {
      state: 'warning',
      found: `${own} tells upper from lower case`,
      advice:
        "codes (tickers, portfolios) must be written alike everywhere, and a site's own SQL must spell names as they are",
    };
  }
  return { state: 'ok', found: own };
}

async function files(engine: Engine): Promise<Finding[]> {
  const rows = await engine.query(
    `SELECT f.name AS nombre, f.type AS tipo, CAST(f.size AS float) / 128 AS mb,
            CAST(FILEPROPERTY(f.name, 'SpaceUsed') AS float) / 128 AS usados, CAST(f.max_size AS float) / 128 AS maximo,
            CASE WHEN f.growth = 0 OR f.max_size = 0 THEN 1 ELSE 0 END AS fijo,
            CASE WHEN f.max_size = -1 THEN 1 ELSE 0 END AS sin_limite
       FROM sys.database_files AS f WHERE f.type IN (0, 1) ORDER BY f.type, f.file_id`,
  );
  const wait = await only(
    engine,
    'SELECT d.log_reuse_wait_desc AS espera, d.recovery_model_desc AS modelo FROM sys.databases AS d WHERE d.name = DB_NAME()',
  );
  return rows.map((row): Finding => {
    const isLog = Number(row['tipo']) === 1;
    const [size, used] = [Number(row['mb']), Number(row['usados'])];
    const most =
      Number(row['fijo']) === 1 ? size : Number(row['sin_limite']) === 1 ? undefined : Number(row['maximo']);
    const limit = most === undefined ? 'grows until its disk is full' : `at most ${megabytes(most)}`;
    const why = isLog ? `; ${String(wait['modelo'])}, waits for ${String(wait['espera'])}` : '';
    const found = `${isLog ? 'log' : 'data'} ${String(row['nombre'])}: ${megabytes(used)} of ${megabytes(size)} used, ${limit}${why}`;
    const left = most === undefined ? 1 : (most - used) / Math.max(most, 1);
    if (left >= 0.1) return { state: 'ok', found };
    return {
      state: left < 0.02 ? 'problem' : 'warning',
      found,
      advice: isLog
        ? 'back up the log (FULL), end the transaction that it waits for, or raise MAXSIZE'
        : 'raise MAXSIZE or add a file: a backfill copies what it changes',
    };
  });
}

async function volumes(engine: Engine): Promise<Finding | Finding[]> {
  if ((await engineEdition(engine)) === azureDatabase) return { state: 'ok', found: "the service's own" };
  return await withState(engine, async (): Promise<Finding[]> => {
    const rows = await engine.query(
      `SELECT DISTINCT v.volume_mount_point AS volumen, CAST(v.available_bytes AS float) / 1048576 AS libres,
              CAST(v.total_bytes AS float) / 1048576 AS total
         FROM sys.database_files AS f CROSS APPLY sys.dm_os_volume_stats(DB_ID(), f.file_id) AS v`,
    );
    return rows.map((row): Finding => {
      const [free, total] = [Number(row['libres']), Number(row['total'])];
      const found = `${String(row['volumen'])}: ${megabytes(free)} of ${megabytes(total)} free`;
      if (free >= Math.max(1024, total * 0.05)) return { state: 'ok', found };
      return { state: free < 200 ? 'problem' : 'warning', found, advice: 'make room on the disk' };
    });
  });
}

/** The server keeps the first 32 characters of a name: `carril:chunk:42` and its like fit. */
async function applicationLocks(engine: Engine): Promise<Finding | Finding[]> {
  return await withState(engine, async (): Promise<Finding | Finding[]> => {
    const rows = await engine.query(
      `SELECT l.request_session_id AS sesion, l.resource_description AS recurso, l.request_mode AS modo, s.login_name AS login_sesion,
              s.program_name AS programa, s.host_name AS equipo, DATEDIFF_BIG(second, s.last_request_end_time, GETDATE()) AS segundos
         FROM sys.dm_tran_locks AS l
         INNER JOIN sys.dm_exec_sessions AS s ON s.session_id = l.request_session_id
        WHERE l.resource_type = N'APPLICATION' AND l.resource_database_id = DB_ID() AND l.request_status = N'GRANT'
          AND l.resource_description LIKE N'%carril:%' AND l.resource_description NOT LIKE N'%carril:migrador%'
          AND s.status = N'sleeping' AND DATEDIFF_BIG(second, s.last_request_end_time, GETDATE()) >= ${idleWithLockSeconds}
        ORDER BY l.request_session_id`,
    );
    if (rows.length === 0) return { state: 'ok', found: 'no idle session holds an application lock' };
    return rows.map((row): Finding => {
      const name = /carril:[^\])]*/.exec(String(row['recurso']))?.[0] ?? String(row['recurso']);
      const session = String(row['sesion']);
      return {
        state: 'problem',
        found: `session ${session} (${describe(row)}) holds ${name} and is idle for ${String(row['segundos'])} s`,
        advice: `its work waits for nobody and blocks others: KILL ${session}`,
      };
    });
  });
}

async function idleTransactions(engine: Engine): Promise<Finding | Finding[]> {
  return await withState(engine, async (): Promise<Finding | Finding[]> => {
    const rows = await engine.query(
      `SELECT s.session_id AS sesion, s.login_name AS login_sesion, s.program_name AS programa, s.host_name AS equipo,
              DATEDIFF_BIG(second, s.last_request_end_time, GETDATE()) AS segundos
         FROM sys.dm_exec_sessions AS s
        WHERE s.is_user_process = 1 AND s.database_id = DB_ID() AND s.open_transaction_count > 0 AND s.status = N'sleeping'
          AND DATEDIFF_BIG(second, s.last_request_end_time, GETDATE()) >= ${longIdleSeconds}
        ORDER BY s.last_request_end_time`,
    );
    if (rows.length === 0) return { state: 'ok', found: `none longer than ${longIdleSeconds / 60} min` };
    return rows.map((row): Finding => {
      const seconds = Number(row['segundos']);
      return {
        state: seconds >= veryLongIdleSeconds ? 'problem' : 'warning',
        found: `session ${String(row['sesion'])} (${describe(row)}) for ${Math.round(seconds / 60)} min`,
        advice: `it keeps its locks and row versions, and the log from being reused: KILL ${String(row['sesion'])}`,
      };
    });
  });
}

async function onlineIndexes(engine: Engine): Promise<Finding> {
  const edition = await engineEdition(engine);
  if (buildsOnline(edition)) return { state: 'ok', found: 'this edition builds them online' };
  return {
    state: 'warning',
    found: 'this edition builds indexes offline only: their table is locked meanwhile',
    advice: 'migrate in a window in which nobody writes large tables; carril migrate plan shows which',
  };
}

async function indexes(engine: Engine): Promise<Finding | Finding[]> {
  const rows = await engine.query(
    `SELECT OBJECT_SCHEMA_NAME(i.object_id) AS esquema, OBJECT_NAME(i.object_id) AS tabla, i.name AS indice, 1 AS deshabilitado
       FROM sys.indexes AS i INNER JOIN sys.tables AS t ON t.object_id = i.object_id
      WHERE i.is_disabled = 1 AND t.is_ms_shipped = 0
      UNION ALL
     SELECT OBJECT_SCHEMA_NAME(r.object_id), OBJECT_NAME(r.object_id), r.name, 0
       FROM sys.index_resumable_operations AS r WHERE r.state = 1`,
  );
  if (rows.length === 0) return { state: 'ok', found: 'none disabled, none half built' };
  return rows.map((row): Finding => {
    const on = `[${String(row['indice'])}] ON [${String(row['esquema'])}].[${String(row['tabla'])}]`;
    const disabled = Number(row['deshabilitado']) === 1;
    return {
      state: 'warning',
      found: `${on} is ${disabled ? 'disabled' : 'half built: its building was paused'}`,
      advice: disabled ? `ALTER INDEX ${on} REBUILD` : `ALTER INDEX ${on} RESUME, or ABORT`,
    };
  });
}

function describe(row: Row): string {
  return [row['login_sesion'], row['programa'], row['equipo']]
    .map((part) => (typeof part === 'string' ? part.trim() : ''))
    .filter((part) => part !== '')
    .join(', ');
}

function megabytes(count: number): string {
  return `${Math.round(count).toLocaleString('en')} MB`;
}
