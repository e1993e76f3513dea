import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { packageRoot } from '../../engine/index.js';
import type { Engine, Row, Session } from '../../engine/index.js';
import { CommandError } from '../../runner/cli/errors.js';
import { parseHistogram, parseRingBuffer } from './event-session.js';
import type { RingBuffer } from './event-session.js';
import type { Probe, Reading, SlowStatement, TableReading } from './model.js';
import { delta } from './postgres.js';

/** `EngineEdition` of Azure SQL Database: sessions belong to the database there. */
const azureDatabase = 5;
/** Waits that the event session keeps one by one; all of them are in the table's counters. */
const longWaitUs = 5000;
/** The session's MAX_DISPATCH_LATENCY, and a little. */
const dispatchMs = 1200;

interface Server {
  readonly azure: boolean;
  readonly database: number;
}

type Counters = ReadonlyMap<
  string,
  { readonly id: number; readonly values: Readonly<Record<string, number>> }
>;

/**
 * The server's counters before and after, and an Extended Events session in between. It lives on one connection, whose
 * name the session bears: what a killed run leaves behind is known by that connection being gone.
 * @throws CommandError PERMISSION with the grants that are missing
 */
export async function openSqlServerProbe(watcher: Engine): Promise<Probe> {
  let release: (() => void) | undefined;
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const opened = new Promise<{ session: Session; done: Promise<void> }>((resolve, reject) => {
    const done = watcher.connection(async (session) => {
      resolve({ session, done });
      await held;
    });
    done.catch(reject);
  });
  const { session, done } = await opened;
  const close = async () => {
    release?.();
    await done;
  };
  try {
    const server = await checkPermissions(session);
    await sweep(session, server);
    const [row] = await session.query(read('nombre'));
    return new SqlServerProbe(session, server, String(row?.['nombre']), close);
  } catch (error) {
    await close();
    throw error;
  }
}

class SqlServerProbe implements Probe {
  readonly #session: Session;
  readonly #server: Server;
  readonly #name: string;
  readonly #release: () => Promise<void>;
  #before: { tables: Counters; server: Readonly<Record<string, number>> } | undefined;
  #running = false;

  constructor(session: Session, server: Server, name: string, release: () => Promise<void>) {
    this.#session = session;
    this.#server = server;
    this.#name = name;
    this.#release = release;
  }

  async begin(): Promise<void> {
    await this.#session.batch(this.#text('crear'));
    this.#running = true;
    this.#before = await this.#counters();
  }

  async end(): Promise<Reading> {
    const before = this.#before;
    if (before === undefined) throw new Error('the probe was not begun');
    await sleep(dispatchMs);
    const after = await this.#counters();
    const targets = await this.#session.query(this.#text('leer'));
    await this.#drop();
    const data = (name: string) => String(targets.find(({ objetivo }) => objetivo === name)?.['datos'] ?? '');
    return reading(before, after, {
      ring: parseRingBuffer(data('ring_buffer')),
      escalated: parseHistogram(data('histogram')),
      database: this.#server.database,
    });
  }

  async slowest(): Promise<readonly SlowStatement[]> {
    const rows = await this.#session.query(read('lentas'));
    return rows.map((row) => ({
      text: String(row['texto']).trim(),
      procedure: typeof row['procedimiento'] === 'string' ? row['procedimiento'] : null,
      executions: Number(row['veces']),
      total_ms: Number(row['total_ms']),
      max_ms: Number(row['max_ms']),
      cpu_ms: Number(row['cpu_ms']),
      reads: Number(row['lecturas']),
      rows: Number(row['filas']),
      plan: typeof row['plan_xml'] === 'string' ? row['plan_xml'] : null,
    }));
  }

  async close(): Promise<void> {
    try {
      await this.#drop();
    } finally {
      await this.#release();
    }
  }

  async #drop(): Promise<void> {
    if (!this.#running) return;
    this.#running = false;
    await this.#session.batch(this.#text('soltar'));
  }

  async #counters(): Promise<{ tables: Counters; server: Readonly<Record<string, number>> }> {
    const tables = await this.#session.query(read('tablas'));
    const server = await this.#session.query(read('servidor'));
    return {
      tables: new Map(
        tables.map(({ tabla, id, ...values }) => [
          String(tabla),
          { id: Number(id), values: numbers(values) },
        ]),
      ),
      server: Object.fromEntries(server.map((row) => [String(row['contador']), Number(row['valor'])])),
    };
  }

  #text(file: string): string {
    return read(this.#server.azure ? `${file}_azure` : file)
      .replaceAll('carril_sonda_SESION', this.#name)
      .replaceAll('32767', String(this.#server.database))
      .replaceAll('(5000)', `(${longWaitUs})`);
  }
}

/** A table's counters begin anew when its metadata leaves the cache: what is below where it began counts from 0. */
function gained(
  after: Readonly<Record<string, number>>,
  before: Readonly<Record<string, number>>,
): Record<string, number> {
  const reset = Object.entries(after).some(([name, value]) => value < (before[name] ?? 0));
  return delta(after, reset ? {} : before);
}

/** Puts counters and events together. */
export function reading(
  before: { tables: Counters; server: Readonly<Record<string, number>> },
  after: { tables: Counters; server: Readonly<Record<string, number>> },
  seen: { ring: RingBuffer; escalated: ReadonlyMap<string, number>; database: number },
): Reading {
  const { ring, escalated } = seen;
  const graphs = ring.deadlocks.filter(({ processes }) =>
    processes.some(({ database }) => database === null || database === seen.database),
  );
  const tables = [...after.tables].map(([table, { id, values }]): TableReading => {
    const {
      row_lock_waits = 0,
      row_lock_wait_ms = 0,
      page_lock_waits = 0,
      page_lock_wait_ms = 0,
      ...more
    } = gained(values, before.tables.get(table)?.values ?? {});
    // the counters know rows and pages; waits for the whole table are only in the events
    const whole = ring.waits.filter(({ object, resource }) => object === id && resource === 'OBJECT');
    return {
      table,
      waits: row_lock_waits + page_lock_waits + whole.length,
      wait_ms: row_lock_wait_ms + page_lock_wait_ms + whole.reduce((sum, { ms }) => sum + ms, 0),
      escalations: Math.max(more['promotions'] ?? 0, escalated.get(String(id)) ?? 0),
      procedures: [],
      more,
    };
  });
  const touched = tables.filter(
    ({ waits, escalations, more }) =>
      waits > 0 || escalations !== 0 || Object.values(more).some((n) => n !== 0),
  );
  const sum = (of: (table: TableReading) => number) => tables.reduce((total, table) => total + of(table), 0);
  const server = delta(after.server, before.server);
  return {
    // what did not fit in the buffer the server has counted, of all its databases
    deadlocks: ring.truncated
      ? Math.max(graphs.length, server['Number of Deadlocks/sec'] ?? 0)
      : graphs.length,
    lock_waits: sum(({ waits }) => waits),
    lock_wait_ms: sum(({ wait_ms }) => wait_ms),
    other_waits: ring.waits.filter(({ resource }) => resource === 'APPLICATION').length,
    lock_escalations: sum(({ escalations }) => Number(escalations)),
    tables: touched.toSorted((a, b) => b.wait_ms - a.wait_ms || a.table.localeCompare(b.table)),
    server,
    functions: {},
    deadlock_graphs: graphs,
    remarks: ring.truncated ? ['the event session lost events: single waits and graphs are incomplete'] : [],
  };
}

async function checkPermissions(session: Session): Promise<Server> {
  const [row = {}] = await session.query(read('permisos'));
  const azure = Number(row['edicion']) === azureDatabase;
  const needed = azure
    ? ([
        ['ver_base', 'VIEW DATABASE STATE'],
        ['sesion_base', 'ALTER ANY DATABASE EVENT SESSION'],
      ] as const)
    : ([
        ['ver_servidor', 'VIEW SERVER STATE'],
        ['sesion_servidor', 'ALTER ANY EVENT SESSION'],
      ] as const);
  const missing = needed.filter(([column]) => Number(row[column]) !== 1).map(([, permission]) => permission);
  if (missing.length > 0) {
    const grants = missing.map((permission) => `GRANT ${permission} TO ${azure ? '<user>' : '<login>'}`);
    throw new CommandError(
      `the probe needs ${missing.join(' and ')}, which this login has not: ${grants.join('; ')}${azure ? '' : ' (in master)'}`,
      'PERMISSION',
    );
  }
  return { azure, database: Number(row['base']) };
}

async function sweep(session: Session, { azure }: Server): Promise<void> {
  const left = await session.query(read(azure ? 'huerfanas_azure' : 'huerfanas'));
  const text = read(azure ? 'soltar_azure' : 'soltar');
  for (const row of left) {
    const name = String(row['nombre']);
    if (!/^carril_sonda_\w+$/.test(name)) continue;
    // two that sweep at once: the second finds it gone
    await session.batch(text.replaceAll('carril_sonda_SESION', name)).catch(() => undefined);
  }
}

/** The probe's statements are files of their own, which a DBA can read. */
function read(file: string): string {
  return readFileSync(join(packageRoot(), 'benchmarks', 'sqlserver', `${file}.sql`), 'utf8');
}

function numbers(row: Row): Record<string, number> {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, Number(value)]));
}
