/** What the SQL Server probe reads, on documents in the shape of Microsoft's reference pages; no server is needed. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import t from 'tap';

import { parseDeadlock } from '../../benchmarks/contention/deadlock-graph.js';
import { parseHistogram, parseRingBuffer } from '../../benchmarks/contention/event-session.js';
import { missingIndexes } from '../../benchmarks/contention/missing-indexes.js';
import { reading } from '../../benchmarks/contention/sqlserver.js';
import { packageRoot } from '../../engine/index.js';
import { deadlock } from './deadlock-document.js';
import { plan } from './report-recordings.js';

function event(name: string, inner: string): string {
  return `<event name="${name}" package="sqlserver" timestamp="2026-11-28T10:00:00.123Z">${inner}</event>`;
}

function report(name: string): string {
  return event(
    name,
    `<data name="xml_report"><type name="xml" package="package0" /><value>${deadlock}</value></data>`,
  );
}

function wait(object: number, resource: string, us: number): string {
  return event(
    'lock_acquired',
    `<data name="resource_type"><type name="lock_resource_type" package="sqlserver" /><value>5</value><text>${resource}</text></data>
     <data name="mode"><type name="lock_mode" package="sqlserver" /><value>5</value><text>X</text></data>
     <data name="database_id"><type name="uint32" package="package0" /><value>5</value></data>
     <data name="object_id"><type name="int32" package="package0" /><value>${object}</value></data>
     <data name="duration"><type name="uint64" package="package0" /><value>${us}</value></data>`,
  );
}

function ring(events: readonly string[], attributes = 'truncated="0" droppedCount="0"'): string {
  return `<RingBufferTarget ${attributes} processingTime="0" totalEventsProcessed="${events.length}"
    eventCount="${events.length}" memoryUsed="4242">${events.join('')}</RingBufferTarget>`;
}

const histogram = (slots: readonly [number, number][]) =>
  `<HistogramTarget truncated="0" buckets="256">${slots
    .map(([id, count]) => `<Slot count="${count}"><value>${id}</value></Slot>`)
    .join('')}</HistogramTarget>`;

t.test('a deadlock report: who held what, who asked for what, and with which statements', (t) => {
  for (const text of [deadlock, report('xml_deadlock_report'), report('database_xml_deadlock_report')]) {
    const graph = parseDeadlock(text);
    t.match(graph?.processes, [
      {
        id: 'process27b9b0b9848',
        victim: true,
        spid: 62,
        database: 5,
        lock_mode: 'S',
        wait_resource: 'KEY: 5:72057594214350848 (1a39e6095155)',
        isolation: 'read committed (2)',
        application: 'carril',
        input: 'Proc [Database Id = 5 Object Id = 1173579219]',
        statements: [
          {
            procedure: 'carril.logs.sp_Contar_Fondos_Legado',
            line: 14,
            text: 'SELECT COUNT(*) FROM logs.Ejecucion_Fondos WHERE ID_Ejecucion > 0 AND 1e3 < 2',
          },
          { procedure: null, line: 1, text: 'unknown' },
        ],
      },
      { id: 'process27b9ee33c28', victim: false, spid: 58, statements: [], input: 'UPDATE x' },
    ]);
    t.same(graph?.resources[0], {
      kind: 'keylock',
      object: 'carril.logs.Ejecuciones',
      index: 'PK_Ejecuciones',
      owners: [{ process: 'process27b9ee33c28', mode: 'X' }],
      waiters: [{ process: 'process27b9b0b9848', mode: 'S', request: 'wait' }],
    });
    t.equal(graph?.resources.length, 2);
  }
  t.equal(parseDeadlock(report('xml_deadlock_report'))?.at, '2026-11-28T10:00:00.123Z');
  t.match(
    parseDeadlock('<deadlock victim="p1"><process-list><process id="p1"/></process-list></deadlock>')
      ?.processes,
    [{ id: 'p1', victim: true }],
    'the shape of trace flag 1222',
  );
  t.equal(parseDeadlock('<event name="lock_acquired"/>'), undefined);
  t.end();
});

t.test('the ring buffer and the histogram', (t) => {
  const buffer = parseRingBuffer(
    ring([report('xml_deadlock_report'), wait(42, 'OBJECT', 7500), wait(0, 'APPLICATION', 6000)]),
  );
  t.equal(buffer.deadlocks.length, 1);
  t.same(buffer.waits, [
    { at: '2026-11-28T10:00:00.123Z', object: 42, resource: 'OBJECT', mode: 'X', ms: 7.5 },
    { at: '2026-11-28T10:00:00.123Z', object: null, resource: 'APPLICATION', mode: 'X', ms: 6 },
  ]);
  t.notOk(buffer.truncated);
  t.ok(parseRingBuffer(ring([], 'truncated="0" droppedCount="3"')).truncated);
  t.same(parseRingBuffer(ring([])), { deadlocks: [], waits: [], truncated: false });
  t.same(parseRingBuffer(''), { deadlocks: [], waits: [], truncated: false });
  t.same(
    [
      ...parseHistogram(
        histogram([
          [42, 12],
          [7, 1],
        ]),
      ),
    ],
    [
      ['42', 12],
      ['7', 1],
    ],
  );
  t.same([...parseHistogram(histogram([]))], []);
  t.end();
});

t.test('a reading: what the counters gained, by table, with what only the events know', (t) => {
  const counters = (waits: number, promotions: number, deadlocks: number) => ({
    tables: new Map([
      [
        'logs.Ejecuciones',
        {
          id: 42,
          values: {
            ...{
              row_lock_waits: waits,
              row_lock_wait_ms: 10 * waits,
              page_lock_waits: 1,
              page_lock_wait_ms: 1,
            },
            ...{ promotion_attempts: 5, promotions },
          },
        },
      ],
    ]),
    server: { 'Number of Deadlocks/sec': deadlocks },
    functions: new Map([
      ['logs.sp_x', { calls: waits, self_ms: 10 * waits, cpu_ms: 4 * waits }],
      ['', { calls: 0, self_ms: 1, cpu_ms: 1 }],
    ]),
  });
  const seen = {
    ring: parseRingBuffer(
      ring([report('xml_deadlock_report'), wait(42, 'OBJECT', 7500), wait(42, 'KEY', 7500)]),
    ),
    escalated: parseHistogram(histogram([[42, 3]])),
    database: 5,
    begunAt: '2026-11-28T10:00:00.0000000Z',
  };
  const read = reading(counters(2, 1, 10), counters(6, 3, 12), seen);
  t.match(read, { deadlocks: 1, lock_waits: 5, lock_wait_ms: 47.5, lock_escalations: 3, other_waits: 0 });
  t.same(read.functions, { 'logs.sp_x': { calls: 4, self_ms: 40 } }, 'the own time of each procedure');
  t.equal(read.server_cpu_ms, 16);
  // both waits ended after 123 ms, and had lasted 7.5
  t.same(read.timeline, { slice_ms: 20, rows: [0, 0, 0, 0, 0, 2, 2], others: [0, 0, 0, 0, 0, 0, 0] });
  t.match(read.tables, [
    { table: 'logs.Ejecuciones', waits: 5, escalations: 3, more: { promotions: 2, promotion_attempts: 0 } },
  ]);
  t.equal(
    reading(counters(2, 1, 10), counters(2, 1, 10), { ...seen, database: 6 }).deadlocks,
    0,
    'another database',
  );
  t.equal(
    reading(counters(9, 9, 0), counters(4, 0, 0), seen).tables[0]?.more['promotions'],
    0,
    'counters that began anew',
  );
  const lost = { ...seen, ring: { ...seen.ring, truncated: true } };
  const truncated = reading(counters(2, 1, 10), counters(6, 3, 12), lost);
  t.equal(truncated.deadlocks, 2, 'events were lost: the server has counted them');
  t.equal(truncated.remarks.length, 1);
  t.end();
});

/** Columns as the reference pages list them: learn.microsoft.com/sql/relational-databases/…/<page>. */
const documented: Readonly<Record<string, readonly string[]>> = {
  // system-dynamic-management-views/sys-dm-exec-sessions-transact-sql
  dm_exec_sessions: ['session_id', 'login_time'],
  // system-catalog-views/sys-server-event-sessions-transact-sql
  server_event_sessions: ['name'],
  // system-catalog-views/sys-database-event-sessions-azure-sql-database
  database_event_sessions: ['name'],
  // system-dynamic-management-views/sys-dm-xe-sessions-transact-sql
  dm_xe_sessions: ['address', 'name'],
  // system-dynamic-management-views/sys-dm-xe-session-targets-transact-sql
  dm_xe_session_targets: ['event_session_address', 'target_name', 'target_data'],
  // system-dynamic-management-views/sys-dm-xe-database-sessions-azure-sql-database
  dm_xe_database_sessions: ['address', 'name'],
  // system-dynamic-management-views/sys-dm-xe-database-session-targets-azure-sql-database
  dm_xe_database_session_targets: ['event_session_address', 'target_name', 'target_data'],
  // system-dynamic-management-views/sys-dm-db-index-operational-stats-transact-sql
  dm_db_index_operational_stats: [
    ...[
      'object_id',
      'row_lock_wait_count',
      'row_lock_wait_in_ms',
      'page_lock_wait_count',
      'page_lock_wait_in_ms',
    ],
    ...['index_lock_promotion_attempt_count', 'index_lock_promotion_count', 'leaf_ghost_count'],
  ],
  // system-catalog-views/sys-objects-transact-sql
  objects: ['object_id', 'name', 'schema_id'],
  // system-catalog-views/schemas-catalog-views-sys-schemas
  schemas: ['schema_id', 'name'],
  // system-dynamic-management-views/sys-dm-os-performance-counters-transact-sql
  dm_os_performance_counters: ['object_name', 'counter_name', 'instance_name', 'cntr_value'],
  // system-dynamic-management-views/sys-dm-exec-query-stats-transact-sql
  dm_exec_query_stats: [
    ...['sql_handle', 'plan_handle', 'statement_start_offset', 'statement_end_offset', 'execution_count'],
    ...['total_elapsed_time', 'max_elapsed_time', 'total_worker_time', 'total_logical_reads', 'total_rows'],
  ],
  // system-dynamic-management-views/sys-dm-exec-procedure-stats-transact-sql
  dm_exec_procedure_stats: ['database_id', 'object_id', 'execution_count'],
  // system-dynamic-management-views/sys-dm-exec-sql-text-transact-sql
  dm_exec_sql_text: ['dbid', 'objectid', 'text'],
  // system-dynamic-management-views/sys-dm-exec-query-plan-transact-sql
  dm_exec_query_plan: ['query_plan'],
};

t.test('every column of a sys view that the probe names is one of its reference page', (t) => {
  const folder = join(packageRoot(), 'benchmarks', 'sqlserver');
  const used = new Map<string, Set<string>>();
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.sql'))) {
    const text = readFileSync(join(folder, file), 'utf8').replaceAll(/N?'[^']*'/g, "''");
    const aliases = new Map(
      [...text.matchAll(/(?:FROM|JOIN|APPLY) sys\.(\w+)(?:\([^)]*(?:\(\))?[^)]*\))? AS (\w+)/g)].map(
        ([, view, alias]) => [alias ?? '', view ?? ''],
      ),
    );
    t.equal(
      aliases.size,
      new Set([...text.matchAll(/sys\.(\w+)/g)].map(([, view]) => view)).size,
      `${file}: all are read`,
    );
    for (const [, alias, column] of text.matchAll(/\b([a-z])\.(\w+)/g)) {
      const view = aliases.get(alias ?? '');
      t.ok(view, `${file}: ${alias}.${column} belongs to a view`);
      used.set(view ?? '', (used.get(view ?? '') ?? new Set()).add(column ?? ''));
    }
  }
  t.same(
    Object.fromEntries([...used].map(([view, columns]) => [view, [...columns].sort()])),
    Object.fromEntries(Object.entries(documented).map(([view, columns]) => [view, [...columns].sort()])),
  );
  t.end();
});

t.test('a plan’s missing indexes: columns of equality first, then of ranges', (t) => {
  const index = 'homol.IPA (FechaReporte, Saldo) INCLUDE (Portfolio, Odd]Name): 87 %';
  t.same(missingIndexes(plan), [index]);
  t.same(missingIndexes(plan.replace('<RelOp NodeId="0"/>', '')), [index]);
  t.same(missingIndexes(plan.replace(/<MissingIndexes>[^]*<\/MissingIndexes>/, '')), []);
  t.same(missingIndexes(''), []);
  t.same(missingIndexes('no XML at all <'), []);
  t.end();
});
