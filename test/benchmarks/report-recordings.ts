/** Two recordings for a look at their report: of SQL Server, whose legacy side deadlocks and escalates, and of PostgreSQL. */
import { parseDeadlock } from '../../benchmarks/contention/deadlock-graph.js';
import type { DeadlockGraph } from '../../benchmarks/contention/deadlock-graph.js';
import { neverEscalates } from '../../benchmarks/contention/model.js';
import type { FundLane, Round } from '../../benchmarks/contention/model.js';
import { graphOfTold } from '../../benchmarks/contention/postgres-deadlock.js';
import type { Recording } from '../../benchmarks/recording.js';
import type { Timeline } from '../../benchmarks/slices.js';
import { deadlock } from './deadlock-document.js';
import { recording, round } from './recordings.js';

const services = ['IPA', 'CAPM', 'PosModRF', 'SONA', 'Derivados', 'UBS', 'PNL'];
const funds = [
  'ARKK',
  'MONEDA DEUDA LATAM',
  'BLK <GLOBAL> & CO',
  'PIMCO',
  'SPY',
  'TEMPLETON',
  'ISHARES',
  'VTI',
];

/** Lanes that end after `until`, each a little later than the one before. */
function lanes(until: number, legacy: boolean): FundLane[] {
  const drawn = funds.map((fund, i) => {
    const begin = (legacy ? until / 4 : 40) + 15 * i;
    const width = (until - begin - 10 * (funds.length - i)) / services.length;
    return {
      fund,
      bars: services.map((service, n) => ({
        service,
        from_ms: begin + n * width,
        to_ms: begin + (n + 0.97) * width,
        failed: legacy && i === 2 && n === 4,
      })),
    };
  });
  const batch = services.map((service, n) => ({
    service,
    from_ms: 20 + (n * until) / 32,
    to_ms: 20 + ((n + 0.9) * until) / 32,
    failed: false,
  }));
  return legacy ? [{ fund: 'EXTRACCION', bars: batch }, ...drawn] : drawn;
}

function timeline(until: number, legacy: boolean): Timeline {
  const slice_ms = 40;
  const count = Math.ceil(until / slice_ms);
  const wave = (i: number) => Math.round(6 * Math.abs(Math.sin(i / 9)) + (i % 5 === 0 ? 3 : 0));
  return {
    slice_ms,
    rows: Array.from({ length: count }, (_, i) => (legacy && i > count / 4 ? wave(i) : 0)),
    others: Array.from({ length: count }, (_, i) => (i % 17 === 0 ? 1 : 0)),
  };
}

const called = (ms: number, more: object = {}) => ({
  ...{ calls: 350, total_ms: 350 * ms, p50_ms: ms, p95_ms: 2 * ms, p99_ms: 3 * ms, max_ms: 4 * ms },
  ...{ waits: 0, retries: 0 },
  ...more,
});

/** The same circle through three sessions: nobody is in the reference's own example. */
const ofThree: DeadlockGraph = {
  at: '2026-11-28T10:00:03.000Z',
  processes: ['a', 'b', 'c'].map((id, i) => ({
    ...{ id, victim: id === 'b', spid: 71 + i, database: 5, wait_resource: null, lock_mode: 'U' },
    ...{ isolation: 'read committed (2)', application: 'carril bench load', input: null },
    statements: [
      {
        procedure: 'carril.logs.sp_Marcar_Estado_Legado',
        line: 31,
        text: `UPDATE f\nSET f.Estado = N'COMPLETADO'\nFROM logs.Ejecucion_Fondos AS f WITH (ROWLOCK)\nWHERE f.ID_Ejecucion = @Compartida AND f.ID_Fund = ${i}`,
      },
    ],
  })),
  resources: ['a', 'b', 'c'].map((id, i, all) => ({
    kind: i === 1 ? 'pagelock' : 'keylock',
    object: 'carril.logs.Ejecucion_Fondos_Con_Un_Nombre_Muy_Largo',
    index: i === 1 ? null : 'IX_Ejecucion_Fondos_Estado',
    owners: [{ process: all[(i + 1) % 3] ?? '', mode: 'X' }],
    waiters: [{ process: id, mode: 'U', request: 'wait' }],
  })),
};

function sqlServerRound(architecture: Round['architecture'], n: number): Round {
  const legacy = architecture === 'LEGADO';
  const makespan_ms = (legacy ? 3100 : 1150) * (1 + 0.04 * ((n * 7) % 5));
  const graph = parseDeadlock(deadlock);
  return round(architecture, n, {
    makespan_ms,
    ...(legacy
      ? {
          ...{ deadlocks: 2, lock_waits: 60 + n, lock_wait_ms: 2400, retries: 2, lost_to_retries_ms: 310 },
          ...{ lock_escalations: 3, errors: { '1205': 2 } },
          deadlock_graphs: [...(graph === undefined ? [] : [graph]), n < 3 ? ofThree : (graph ?? ofThree)],
        }
      : {}),
    tables: legacy
      ? [
          {
            ...{ table: 'extract.IPA', waits: 12, wait_ms: 800, escalations: 3, procedures: [] },
            more: { promotion_attempts: 7, promotions: 3 },
          },
          {
            ...{ table: 'logs.Ejecuciones', waits: 48, wait_ms: 1600, escalations: 0, procedures: [] },
            more: {},
          },
        ]
      : [],
    functions: { 'staging.IPA_03_Final': { calls: 50, self_ms: legacy ? 900 : 300 } },
    procedures: {
      [legacy ? 'logs.sp_Ejecutar_Servicio_Legado' : 'logs.sp_Ejecutar_Servicio']: called(legacy ? 60 : 20, {
        retries: legacy ? 2 : 0,
      }),
    },
    services: Object.fromEntries(services.map((service, i) => [service, called(10 + i)])),
    server_cpu_ms: legacy ? 4100 : 1900,
    timeline: timeline(makespan_ms, legacy),
    ...(n === 2 ? { drawn: lanes(makespan_ms, legacy) } : {}),
  });
}

/** As showplan XML names a missing index. */
export const plan = `<ShowPlanXML xmlns="http://schemas.microsoft.com/sqlserver/2004/07/showplan" Version="1.6"><BatchSequence><Batch><Statements>
<StmtCond StatementType="COND"><Condition/><Then><Statements><StmtSimple StatementId="2" StatementType="INSERT"><QueryPlan CachedPlanSize="40">
<MissingIndexes><MissingIndexGroup Impact="87.2514"><MissingIndex Database="[fondos]" Schema="[homol]" Table="[IPA]">
<ColumnGroup Usage="INEQUALITY"><Column Name="[Saldo]" ColumnId="9"/></ColumnGroup>
<ColumnGroup Usage="EQUALITY"><Column Name="[FechaReporte]" ColumnId="3"/></ColumnGroup>
<ColumnGroup Usage="INCLUDE"><Column Name="[Portfolio]" ColumnId="4"/><Column Name="[Odd]]Name]" ColumnId="5"/></ColumnGroup>
</MissingIndex></MissingIndexGroup></MissingIndexes><RelOp NodeId="0"/></QueryPlan></StmtSimple></Statements></Then></StmtCond>
</Statements></Batch></BatchSequence></ShowPlanXML>`;

export const sqlServer: Recording = recording(
  'sqlserver-both',
  [1, 2, 3, 4, 5].flatMap((n) => [sqlServerRound('LEGADO', n), sqlServerRound('JERARQUICA', n)]),
  {
    versions: {
      carril: '0.1.0',
      node: '20.20.2',
      database: 'Microsoft SQL Server 2022 (RTM-CU14) - 16.0.4135.4 (X64)',
    },
    statements: [
      {
        text: 'INSERT INTO extract.IPA (ID_Ejecucion, Portfolio)\nSELECT @ID, h.Portfolio FROM homol.IPA AS h WHERE h.FechaReporte = @FechaReporte',
        procedure: 'extract.Extract_IPA_Legado',
        ...{
          executions: 5,
          total_ms: 4200,
          max_ms: 1100,
          cpu_ms: 3900,
          reads: 1_200_345,
          rows: 0,
          plan,
        },
      },
    ],
    remarks: ['the event session lost events: single waits and graphs are incomplete'],
  },
);

const told = {
  at: '2026-11-28T11:00:00.000Z',
  detail: `Process 4711 waits for ShareLock on transaction 901; blocked by process 4712.
Process 4712 waits for ShareLock on transaction 900; blocked by process 4711.
Process 4711: SELECT * FROM logs.sp_x($1)
Process 4712: UPDATE logs.ejecuciones SET estado = $1 WHERE id_ejecucion = 7`,
  context: `while updating tuple (0,1) in relation "ejecucion_fondos"
SQL statement "UPDATE logs.Ejecucion_Fondos SET estado = p_Estado"
PL/pgSQL function logs.sp_x(bigint) line 12 at SQL statement`,
  statement: null,
};

export const postgres: Recording = recording(
  'postgres-both',
  [1, 2, 3, 4, 5].flatMap((n) =>
    (['LEGADO', 'JERARQUICA'] as const).map((architecture) => {
      const graph = graphOfTold(told, () => undefined);
      const legacy = architecture === 'LEGADO';
      const one = sqlServerRound(architecture, n);
      return {
        ...one,
        lock_escalations: neverEscalates,
        deadlocks: legacy && n === 1 ? 1 : 0,
        deadlock_graphs: legacy && n === 1 && graph !== undefined ? [graph] : [],
        tables: one.tables.map((table) => ({ ...table, escalations: neverEscalates, more: {} })),
      };
    }),
  ),
  {
    census: (['LEGADO', 'JERARQUICA'] as const).map((architecture) => ({
      architecture,
      largest_statement: 'INSERT extract.ipa',
      ...(architecture === 'LEGADO'
        ? { largest_statement_rows: 20_000, statements_of_5000: 2, statements: 991 }
        : { largest_statement_rows: 400, statements_of_5000: 0, statements: 1251 }),
      largest: [
        { statement: 'INSERT extract.ipa', rows: architecture === 'LEGADO' ? 20_000 : 400 },
        { statement: 'DELETE staging.pnl_worktable', rows: 396 },
      ],
      rows: { 'logs.sp_ejecutar_servicio': 61_000, 'logs.sp_ejecutar_servicio_legado': 61_000 },
      service_rows: { IPA: 21_000 },
    })),
  },
);

/** Rounds of several numbers of lanes. */
export const growth: Recording = recording(
  'growth',
  [1, 2, 3].flatMap((n) =>
    [10, 25, 50, 100, 200].flatMap((width, i) =>
      (['LEGADO', 'JERARQUICA'] as const).map((architecture) =>
        round(architecture, n, {
          lanes: width,
          makespan_ms: (architecture === 'LEGADO' ? 9000 + 900 * i : 6000 - 300 * i) * (1 + n / 40),
          lock_waits: architecture === 'LEGADO' ? 20 + 15 * i : 0,
        }),
      ),
    ),
  ),
  {
    benchmark: 'contention-growth',
    data: { funds: 200, positions: 400, lanes: '10,25,50,100,200', seed: 7 },
  },
);
