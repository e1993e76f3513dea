import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { packageRoot } from '../../engine/index.js';
import type { Engine, Row, Session } from '../../engine/index.js';
import { CommandError } from '../../runner/cli/errors.js';
import { Slices } from '../slices.js';
import type { Timeline } from '../slices.js';
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

/** Own time of procedures, by name; `''` is what came without one. */
type Functions = ReadonlyMap<string, Readonly<Record<'calls' | 'self_ms' | 'cpu_ms', number>>>;

interface Counted {
  readonly tables: Counters;
  readonly server: Readonly<Record<string, number>>;
  readonly functions: Functions;
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
  #before: Counted | undefined;
  #begunAt = '';
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
    const [row] = await this.#session.query(read('reloj'));
    this.#begunAt = String(row?.['ahora']);
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
      begunAt: this.#begunAt,
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

  async #counters(): Promise<Counted> {
    const tables = await this.#session.query(read('tablas'));
    const server = await this.#session.query(read('servidor'));
    const functions = await this.#session.query(read('funciones'));
    return {
      functions: new Map(
        functions.map((row) => [
          typeof row['procedimiento'] === 'string' ? row['procedimiento'] : '',
          {
            calls: Number(row['veces'] ?? 0),
            self_ms: Number(row['propio_ms']),
            cpu_ms: Number(row['cpu_ms']),
          },
        ]),
      ),
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
  before: Counted,
  after: Counted,
  seen: {
    readonly ring: RingBuffer;
    readonly escalated: ReadonlyMap<string, number>;
    readonly database: number;
    /** By the server's clock, as the events have it. */
    readonly begunAt: string;
  },
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
    ...functionsOf(before.functions, after.functions),
    deadlock_graphs: graphs,
    timeline: timelineOf(ring.waits, Date.parse(seen.begunAt)),
    remarks: ring.truncated ? ['the event session lost events: single waits and graphs are incomplete'] : [],
  };
}

/** Plans that left the cache took their counts along: a procedure that has less than before counts from 0. */
function functionsOf(before: Functions, after: Functions): Pick<Reading, 'functions' | 'server_cpu_ms'> {
  let cpu = 0;
  const functions: Record<string, { calls: number; self_ms: number }> = {};
  for (const [name, now] of after) {
    const { calls = 0, self_ms = 0, cpu_ms = 0 } = gained(now, before.get(name) ?? {});
    cpu += cpu_ms;
    if (name !== '' && calls > 0) functions[name] = { calls, self_ms: Math.round(self_ms * 10) / 10 };
  }
  return { functions, server_cpu_ms: after.size === 0 ? null : Math.round(cpu) };
}

/** Waits that were long enough for the event session; each of them ended when its event was written. */
function timelineOf(waits: RingBuffer['waits'], begun: number): Timeline {
  const slices = new Slices();
  const step = 20;
  const spans = waits.flatMap(({ at, ms, resource }) => {
    const to = at === null ? Number.NaN : Date.parse(at) - begun;
    return Number.isNaN(to) || to < 0
      ? []
      : [{ from: Math.max(0, to - ms), to, row: resource !== 'APPLICATION' }];
  });
  const end = Math.max(0, ...spans.map(({ to }) => to));
  for (let ms = 0; ms <= end; ms += step) {
    const open = spans.filter(({ from, to }) => from < ms + step && to > ms);
    const rows = open.filter(({ row }) => row).length;
    slices.add(ms, rows, open.length - rows);
  }
  return slices.timeline();
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
