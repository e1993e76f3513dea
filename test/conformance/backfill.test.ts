/** The procedures of the backfill, on every engine: a history of a few rows, made by plain SQL. */
import t from 'tap';

import type { SqlValue } from '../../engine/index.js';
import { logs } from '../../procedures/generated/index.js';
import { failsWith, sql } from '../leases/support.js';
import { asRole, freshDatabase, waitUntilBlocked } from '../testing/index.js';

const db = await freshDatabase(t);
const { engine } = db;
const date = '2020-02-03';
/** Above every ID that the sequence has given, as IDs from a clock are. */
const shared = 5_000_000_001n;

await sql(
  engine,
  engine.dialect === 'sqlserver'
    ? 'ALTER SEQUENCE logs.Seq_ID RESTART WITH 6000000000'
    : 'ALTER SEQUENCE logs.Seq_ID RESTART 6000000000',
);
for (const [name, capm] of [
  ['A', 'CA'],
  ['B', 'CB'],
] as const)
  await insert('dimensionales.BD_Funds', {
    FundShortName: name,
    Portfolio_Geneva: `G${name}`,
    Portfolio_CAPM: capm,
  });
const [fundA, fundB] = (
  await sql(engine, 'SELECT ID_Fund FROM dimensionales.BD_Funds ORDER BY FundShortName')
).map((row) => Number(row['id_fund']));
if (fundA === undefined || fundB === undefined) throw new Error('two funds');

await execution(shared, date, 'COMPLETADO', [fundA, fundB]);
for (const fund of [fundA, fundB, 999])
  await insert('staging.CAPM_Final', {
    ID_Ejecucion: shared,
    ID_Fund: fund,
    FechaReporte: date,
    Patrimonio_Contable: 100,
    Total_IPA: 99,
    Diferencia: 1,
  });
// more rows of one fund than a batch takes, and of one that the map does not know
for (const [fund, lines] of [
  [fundA, 3],
  [fundB, 2],
  [999, 2],
] as const)
  for (let line = 1; line <= lines; line += 1)
    await insert('staging.CAPM_WorkTable', {
      ID_Ejecucion: shared,
      ID_Fund: fund,
      ID_Linea: line,
      FechaReporte: date,
      Portfolio: 'P',
      Cuenta: 'caja',
      Descripcion: 'saldo',
      Moneda: 'USD',
      Saldo: line,
    });
for (const portfolio of ['CA', 'CB', 'CX'])
  for (const repeated of [1, 2])
    await insert('extract.CAPM', {
      FechaReporte: date,
      Portfolio: portfolio,
      Cuenta: 'caja',
      Descripcion: 'la misma fila dos veces',
      Moneda: 'USD',
      Saldo: repeated > 0 ? 7 : 0,
    });

async function insert(table: string, row: Readonly<Record<string, SqlValue>>): Promise<void> {
  const columns = Object.keys(row);
  await sql(
    engine,
    `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
    Object.values(row),
  );
}

async function execution(id: bigint, day: string, state: string, funds: readonly number[]): Promise<void> {
  await insert('logs.Ejecuciones', {
    ID_Ejecucion: id,
    FechaReporte: day,
    Estado: state,
    FechaInicio: new Date(),
    TotalFondos: funds.length,
  });
  for (const fund of funds)
    await insert('logs.Ejecucion_Fondos', {
      ID_Ejecucion: id,
      ID_Fund: fund,
      FundShortName: fund === fundA ? 'A' : 'B',
      Portfolio_Geneva: 'G',
      Estado_Process_IPA: fund === fundA ? 'COMPLETADO' : 'ERROR',
    });
}

async function run(args: logs.BackfillLoteArgs = {}): Promise<number> {
  for (let calls = 1; ; calls += 1) {
    const { terminado } = await logs.backfillLote(
      engine,
      calls === 1 ? args : { ...args, otraVuelta: false },
    );
    if (terminado) return calls;
  }
}

async function revert(): Promise<void> {
  while (!(await logs.backfillRevertir(engine, { maximo: 3 })).terminado);
}

async function verify(): Promise<boolean | null> {
  for (;;) {
    const { terminado, correcto } = await logs.backfillVerificar(engine, { ventana: 2 });
    if (terminado) return correcto;
  }
}

async function aside(): Promise<readonly string[]> {
  const rows = await logs.backfillListarApartados(engine);
  return rows.map(({ tabla, motivo, filas }) => `${tabla} ${motivo} ${filas}`);
}

await t.test('what it is asked out of turn, it refuses', async (t) => {
  await failsWith(t, 50400, logs.backfillLote(engine, { maximo: 0 }), /1 y 20000/);
  await failsWith(t, 50400, logs.backfillRevertir(engine, { maximo: 20_001 }));
  await failsWith(t, 50400, logs.backfillVerificar(engine, { ventana: 0 }));
  await failsWith(t, 50409, logs.backfillVerificar(engine, {}), /NUEVO/);
  await failsWith(t, 50409, logs.backfillTerminar(engine, {}), /carril backfill run/);
  t.match(await logs.backfillRevertir(engine, {}), { fase: 'NUEVO', terminado: true }, 'nothing to revert');
  t.match(await logs.backfillEstado(engine), { fase: 'NUEVO', sinProceso: 1n, lotes: 0n });
});

await t.test('a run becomes a process with an execution a fund', async (t) => {
  t.ok((await run({ maximo: 1 })) > 20, 'one row a call');
  t.match(await logs.backfillEstado(engine), {
    fase: 'COMPLETO',
    ejecuciones: 1n,
    nuevas: 2n,
    sinProceso: 0n,
    mayorSentencia: 2, // what is set aside goes by the execution
    verificado: null,
  });
  t.match(await logs.estadoProceso(engine, { idProceso: shared }), {
    idProceso: shared,
    arquitectura: 'LEGADO',
    estado: 'COMPLETADO',
    totalFondos: 2,
  });
  const executions = await sql(
    engine,
    'SELECT ID_Ejecucion, ID_Fund, Estado FROM logs.Ejecuciones WHERE ID_Proceso = ? ORDER BY ID_Ejecucion',
    [shared],
  );
  t.match(
    executions.map((row) => [row['id_fund'], row['estado']]),
    [
      [null, 'COMPLETADO'],
      [fundA, 'COMPLETADO'],
      [fundB, 'ERROR'],
    ],
    "the shared one keeps no fund; a fund's state is what its services say",
  );
  t.equal((await logs.listarProcesos(engine, { fechaReporte: date })).length, 1, 'and it is listed once');
  t.same(
    (
      await sql(
        engine,
        `SELECT e.ID_Fund, COUNT(*) AS filas FROM staging.CAPM_WorkTable AS s
          INNER JOIN logs.Ejecuciones AS e ON e.ID_Ejecucion = s.ID_Ejecucion
          GROUP BY e.ID_Fund`,
      )
    )
      .map((row) => `${String(row['id_fund'])} ${String(row['filas'])}`)
      .sort(),
    [`${fundA} 3`, `${fundB} 2`, 'null 2'].sort(),
    'a pair of more rows than a batch is re-keyed by parts, one that is no fund’s stays',
  );
  t.same(await aside(), [
    'extract.CAPM SIN_FONDO 2',
    'staging.CAPM_Final SIN_FONDO 1',
    'staging.CAPM_WorkTable SIN_FONDO 2',
  ]);
  t.match(
    await logs.backfillLote(engine, { otraVuelta: true }),
    { terminado: true, filas: 0 },
    'not before verified',
  );
});

await t.test('it is verified by counts and checksums, and finished only then', async (t) => {
  await failsWith(t, 50409, logs.backfillTerminar(engine, {}), /sin verificar/);
  t.equal(await verify(), true);
  const table = (await logs.backfillListarMedidas(engine)).find(({ tabla }) => tabla === 'extract.CAPM');
  t.match(table, {
    antesFilas: 6n,
    cambiadas: 4n,
    apartadas: 2n,
    despuesFilas: 6n,
    pendientes: 0n,
    igual: true,
  });
  t.equal(table?.antesSuma, table?.despuesSuma);

  await sql(engine, "UPDATE extract.CAPM SET Saldo = 8 WHERE Portfolio = 'CA'");
  t.equal(await verify(), false, 'two rows changed alike do not cancel each other');
  await sql(engine, "UPDATE extract.CAPM SET Saldo = 7 WHERE Portfolio = 'CA'");
  t.equal(await verify(), true);
});

await t.test(
  'a fund that is known by now, and a run that has ended by now, come with another round',
  async (t) => {
    await sql(engine, "UPDATE dimensionales.BD_Funds SET Portfolio_CAPM = 'CX' WHERE ID_Fund = ?", [fundA]);
    await execution(shared + 1n, '2020-02-04', 'EN_PROGRESO', [fundA]);
    await run({ otraVuelta: true });
    t.match(
      await logs.backfillEstado(engine),
      { vuelta: 1, sinProceso: 1n, ejecuciones: 1n },
      'it may still be running',
    );
    t.same(await aside(), ['staging.CAPM_Final SIN_FONDO 1', 'staging.CAPM_WorkTable SIN_FONDO 2']);
    t.equal(await verify(), true);
    await failsWith(t, 50409, logs.backfillTerminar(engine, {}), /1 ejecuciones no tienen proceso/);

    await sql(engine, 'UPDATE logs.Ejecuciones SET FechaInicio = ? WHERE ID_Ejecucion = ?', [
      new Date(Date.now() - 25 * 3_600_000),
      shared + 1n,
    ]);
    await run({ otraVuelta: true });
    t.match(
      await logs.backfillEstado(engine),
      { vuelta: 2, sinProceso: 0n, ejecuciones: 2n },
      'a day later it is not',
    );
    t.equal(await verify(), true);
  },
);

await t.test('two at a time are one after the other', async (t) => {
  const calls: Promise<logs.BackfillLoteResult>[] = [];
  await engine.transaction(async (session) => {
    await logs.backfillLote(session, {});
    calls.push(logs.backfillLote(engine, {}));
    await waitUntilBlocked(engine);
  });
  for (const answer of await Promise.all(calls))
    t.match(answer, { terminado: true }, 'the second one waited');
});

await t.test('finished, every execution has a process; undone and reverted, none of them', async (t) => {
  t.equal(await verify(), true);
  await logs.backfillTerminar(engine, {});
  await logs.backfillTerminar(engine, {});
  t.ok((await logs.backfillEstado(engine)).terminado);
  await t.rejects(
    insert('logs.Ejecuciones', { ID_Ejecucion: 7n, FechaReporte: date }),
    'not without a process',
  );
  const { idEjecucion } = await logs.inicializarEjecucion(engine, { fechaReporte: '2020-02-05' });
  t.ok(idEjecucion > shared, 'the old way in still works');
  await failsWith(t, 50409, logs.backfillRevertir(engine, {}), /finish --undo/);

  await logs.backfillTerminar(engine, { deshacer: true });
  await revert();
  t.match(await logs.backfillEstado(engine), { fase: 'REVERTIDO', sinProceso: 2n, cambiadas: 0n });
  t.equal(await verify(), true);
  const [row] = await sql(engine, 'SELECT COUNT(*) AS n FROM staging.CAPM_Final WHERE ID_Ejecucion = ?', [
    shared,
  ]);
  t.equal(Number(row?.['n']), 3);
  const [lines] = await sql(
    engine,
    'SELECT COUNT(*) AS n FROM staging.CAPM_WorkTable WHERE ID_Ejecucion = ?',
    [shared],
  );
  t.equal(Number(lines?.['n']), 7);
  const [legacy] = await sql(engine, "SELECT COUNT(*) AS n FROM logs.Procesos WHERE Arquitectura = 'LEGADO'");
  t.equal(Number(legacy?.['n']), 1, 'the process that the old way in made stays');

  await run();
  t.equal(await verify(), true, 'and again');
});

await t.test('only carril_dba may', async (t) => {
  const app = await asRole(db, 'carril_app');
  await t.rejects(logs.backfillLote(app, {}));
  await t.rejects(logs.backfillRevertir(app, {}));
  await t.rejects(logs.backfillTerminar(app, {}));
  const reader = await asRole(db, 'carril_lector');
  t.match(await logs.backfillEstado(reader), { fase: 'COMPLETO' }, 'a reader may look');
  await t.rejects(logs.backfillVerificar(reader, {}));
  const dba = await asRole(db, 'carril_dba');
  t.match(await logs.backfillLote(dba, {}), { terminado: true });
  await logs.backfillRevertir(dba, {});
});
