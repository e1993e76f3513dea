import { ProcedureError, UsageError } from '../engine/index.js';
import type { Engine, Row } from '../engine/index.js';

/** Connections a worker needs: one a lane, one for the heartbeat, one for everything else. */
export function connectionsOf(lanes: number): number {
  return lanes + 2;
}

/** One of the limits that a connection has to pass. */
export interface ConnectionLimit {
  /** So many connections may be open at once. */
  readonly allowed: number;
  /** So many are, as far as this login can see; ours among them. */
  readonly used: number;
  /** Where the number comes from. */
  readonly because: string;
  /** How to get at least `needed`. */
  readonly raise: (needed: number) => string;
}

/**
 * Compares what a worker needs with what the server grants.
 * @returns what to say when fewer connections are free at this moment than it needs; undefined when all is well
 * @throws UsageError when the server would never grant so many: the largest number of lanes, and what to change
 */
export async function checkConnections(engine: Engine, lanes: number): Promise<string | undefined> {
  const needed = connectionsOf(lanes);
  const limits = await connectionLimits(engine);
  const [tightest] = limits.toSorted((a, b) => a.allowed - b.allowed);
  if (tightest !== undefined && tightest.allowed < needed) throw new UsageError(refusal(lanes, tightest));
  const [fullest] = limits.toSorted((a, b) => a.allowed - a.used - (b.allowed - b.used));
  if (fullest === undefined) return undefined;
  // our own, the one that asked among them, are used ones, and will be the lanes'
  const free = fullest.allowed - fullest.used + engine.openConnections();
  if (free >= needed) return undefined;
  return (
    `${lanes} ${lanes === 1 ? 'lane needs' : 'lanes need'} up to ${needed} connections, and only ${Math.max(0, free)} are free just now ` +
    `(${fullest.because}, ${fullest.used} in use): lanes beyond that wait for their turn`
  );
}

function refusal(lanes: number, { allowed, because, raise }: ConnectionLimit): string {
  const needed = connectionsOf(lanes);
  const most = allowed - connectionsOf(0);
  const less = most < 1 ? 'not even one lane fits' : `take --lanes ${most} or fewer`;
  return (
    `--lanes ${lanes} needs ${needed} connections (lanes + 2), and the server grants ${allowed}: ` +
    `${because}; ${less}, or ${raise(needed)}`
  );
}

/** The limits that are known: none where the login may not see them. */
export async function connectionLimits(engine: Engine): Promise<readonly ConnectionLimit[]> {
  return engine.dialect === 'postgres' ? await postgresLimits(engine) : await sqlServerLimits(engine);
}

async function postgresLimits(engine: Engine): Promise<readonly ConnectionLimit[]> {
  const [row] = await engine.query(
    `SELECT current_setting('max_connections')::int AS maximum,
       current_setting('superuser_reserved_connections')::int
         + COALESCE(current_setting('reserved_connections', true), '0')::int AS reserved,
       current_setting('carril.embedded', true) AS embedded,
       (SELECT sum(s.numbackends)::int FROM pg_catalog.pg_stat_database AS s) AS used,
       quote_ident(d.datname) AS database_name, d.datconnlimit AS database_limit,
       (SELECT s.numbackends FROM pg_catalog.pg_stat_database AS s WHERE s.datid = d.oid) AS database_used,
       quote_ident(r.rolname) AS role_name, r.rolconnlimit AS role_limit, r.rolsuper AS superuser,
       (SELECT count(*)::int FROM pg_catalog.pg_stat_activity AS a WHERE a.usesysid = r.oid) AS role_used
     FROM pg_catalog.pg_database AS d CROSS JOIN pg_catalog.pg_roles AS r
     WHERE d.datname = current_database() AND r.rolname = session_user`,
    [],
    { idempotent: true },
  );
  if (row === undefined) return [];
  const [maximum, reserved] = [number(row, 'maximum'), number(row, 'reserved')];
  const where =
    row['embedded'] === 'on'
      ? 'in .carril/postgresql.conf (or in CARRIL_HOME), then `carril db stop`'
      : 'in postgresql.conf and restart the server';
  const limits: ConnectionLimit[] = [
    {
      // those that are reserved are for the one who comes to help, whoever we are
      allowed: maximum - reserved,
      used: number(row, 'used'),
      because: `max_connections is ${maximum}, ${reserved} of them reserved`,
      raise: (needed) => `set max_connections = ${needed + reserved} or more ${where}`,
    },
  ];
  // neither holds for superusers
  if (row['superuser'] === true) return limits;
  for (const what of ['database', 'role'] as const) {
    const limit = number(row, `${what}_limit`);
    if (limit < 0) continue;
    const name = String(row[`${what}_name`]);
    limits.push({
      allowed: limit,
      used: number(row, `${what}_used`),
      because: `the ${what} ${name} has a connection limit of ${limit}`,
      raise: (needed) => `ALTER ${what.toUpperCase()} ${name} CONNECTION LIMIT ${needed}`,
    });
  }
  return limits;
}

/** `EngineEdition` of Azure SQL Database. */
const azureDatabase = 5;

async function sqlServerLimits(engine: Engine): Promise<readonly ConnectionLimit[]> {
  const server = await visible(
    engine,
    `SELECT @@MAX_CONNECTIONS AS maximum, CAST(SERVERPROPERTY('EngineEdition') AS int) AS edition,
       (SELECT CAST(c.value_in_use AS int) FROM sys.configurations AS c WHERE c.name = N'user connections') AS configured`,
  );
  const sessions = await visible(
    engine,
    'SELECT COUNT(*) AS used FROM sys.dm_exec_sessions AS s WHERE s.is_user_process = 1',
  );
  const limits: ConnectionLimit[] = [];
  const used = number(sessions, 'used');
  // 0, as nearly everywhere: as many as there can be
  const configured = number(server, 'configured');
  const allowed = configured > 0 ? configured : number(server, 'maximum');
  if (allowed > 0) {
    limits.push({
      allowed,
      used,
      because: configured > 0 ? `'user connections' is ${configured}` : 'that is the most it can have',
      raise: (needed) =>
        `set the option 'user connections' (sp_configure) to ${needed} or more, or to 0, and restart the server`,
    });
  }
  if (number(server, 'edition') !== azureDatabase) return limits;
  const tier = await visible(
    engine,
    `SELECT TOP (1) g.slo_name, g.max_sessions, g.primary_group_max_workers AS max_workers
     FROM sys.dm_user_db_resource_governance AS g WHERE g.database_id = DB_ID()`,
  );
  for (const [column, what] of [
    ['max_sessions', 'sessions'],
    ['max_workers', 'requests at a time'],
  ] as const) {
    const most = number(tier, column);
    if (most <= 0) continue;
    limits.push({
      allowed: most,
      used,
      because: `the service objective ${String(tier['slo_name'])} has ${most} ${what}`,
      raise: () => 'move the database to a larger service objective',
    });
  }
  return limits;
}

/** The row; an empty one where the login may not see it, or where this server does not have it. */
async function visible(engine: Engine, sql: string): Promise<Row> {
  try {
    return (await engine.query(sql, [], { idempotent: true }))[0] ?? {};
  } catch (error) {
    if (error instanceof ProcedureError && !error.retryable) return {};
    throw error;
  }
}

function number(row: Row, column: string): number {
  return Number(row[column] ?? 0);
}
