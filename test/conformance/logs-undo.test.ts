/** What is done to a process afterwards: its failed funds retried, its rows taken back, its history deleted. */
import t from 'tap';

import type { Session } from '../../engine/index.js';
import { logs, trabajo } from '../../procedures/generated/index.js';
import { claimFunds, date, loadFunds, serviceState, startAndClaim } from '../leases/process.js';
import type { Held } from '../leases/process.js';
import { chunkRow, failsWith, sql } from '../leases/support.js';
import { asRole, freshDatabase } from '../testing/index.js';
import { addService, onlyService } from './catalogue.js';

const db = await freshDatabase(t);
const { engine } = db;
await loadFunds(engine, ['ALFA', 'BETA', 'GAMA']);
await onlyService(engine, 'IPA');
await addService(engine, 'CAPM', 2, { dependeDe: 'IPA' });

async function complete(fund: Held): Promise<void> {
  for (const servicio of ['IPA', 'CAPM']) await logs.ejecutarServicio(engine, { ...fund, servicio });
  await logs.completarEjecucion(engine, fund);
}

/** IPA well, CAPM not, for good. */
async function failCapm(fund: Held): Promise<void> {
  await logs.ejecutarServicio(engine, { ...fund, servicio: 'IPA' });
  await logs.fallarServicio(engine, { ...fund, servicio: 'CAPM', error: 'boom', reintentable: false });
}

/** A process of three funds, of which BETA has failed in CAPM and the others are complete. */
async function oneFailed(): Promise<{ idProceso: bigint; idTrabajo: bigint; alfa: Held; beta: Held }> {
  const { idProceso, idTrabajo, held } = await startAndClaim(engine, ['ALFA', 'BETA', 'GAMA']);
  const [alfa, beta, gama] = held;
  if (!alfa || !beta || !gama) throw new Error('three funds');
  await complete(alfa);
  await failCapm(beta);
  await complete(gama);
  t.match(await logs.finalizarProceso(engine, { idProceso }), { estado: 'COMPLETADO_CON_ERRORES' });
  return { idProceso, idTrabajo, alfa, beta };
}

const rowsOf = async (idEjecucion: bigint) =>
  (await logs.planReversion(engine, { idEjecucion })).map(({ filas }) => Number(filas))[0];

await t.test(
  'a retry: the failed fund goes on at its first unfinished service, in the same process',
  async (t) => {
    const { idProceso, idTrabajo, alfa, beta } = await oneFailed();
    const before = await sql(engine, 'SELECT * FROM logs.Ejecucion_Fondos WHERE ID_Ejecucion = ?', [
      alfa.idEjecucion,
    ]);
    t.same(await logs.reintentarProceso(engine, { idProceso }), {
      idProceso,
      estado: 'EN_PROGRESO',
      reintentados: 1,
    });
    t.match(await logs.reintentarProceso(engine, { idProceso }), { reintentados: 0 }, 'twice is once');
    t.match(await logs.estadoProceso(engine, { idProceso }), {
      fechaFin: null,
      fondosExitosos: 2,
      fondosFallidos: 0,
      fondosPendientes: 1,
    });
    t.match(await trabajo.estadoTrabajo(engine, { idTrabajo }), { estado: 'EN_PROGRESO', fechaFin: null });
    t.match(await chunkRow(engine, beta.idChunk), { estado: 'PENDIENTE', token: 1n, intento: 0 });
    t.equal(await serviceState(engine, beta.idEjecucion, 'IPA'), 'COMPLETADO');
    t.equal(await serviceState(engine, beta.idEjecucion, 'CAPM'), 'PENDIENTE');

    await failsWith(t, 50410, logs.ejecutarServicio(engine, { ...beta, servicio: 'CAPM' }));
    await failsWith(t, 50410, logs.completarEjecucion(engine, beta));
    const [again] = await claimFunds(engine, idTrabajo, 'w2');
    if (!again) throw new Error('BETA again');
    t.match(again, { idEjecucion: beta.idEjecucion, token: 2n });
    await failsWith(t, 50410, logs.ejecutarServicio(engine, { ...beta, servicio: 'CAPM' }));
    await failsWith(
      t,
      50410,
      logs.fallarServicio(engine, { ...beta, servicio: 'CAPM', error: 'an old holder, late' }),
    );
    t.match(await logs.ejecutarServicio(engine, { ...again, servicio: 'IPA' }), { yaTerminado: true });
    t.match(await logs.ejecutarServicio(engine, { ...again, servicio: 'CAPM' }), { yaTerminado: false });
    await logs.completarEjecucion(engine, again);
    t.match(await logs.finalizarProceso(engine, { idProceso }), {
      estado: 'COMPLETADO',
      finalizado: true,
      fondosExitosos: 3,
      fondosFallidos: 0,
    });
    t.match(await trabajo.estadoTrabajo(engine, { idTrabajo }), { estado: 'COMPLETADO', completados: 3 });
    t.same(
      await sql(engine, 'SELECT * FROM logs.Ejecucion_Fondos WHERE ID_Ejecucion = ?', [alfa.idEjecucion]),
      before,
      'what was complete is as it was',
    );
  },
);

await t.test('a retry of one execution; of what was cancelled; and what is refused', async (t) => {
  const { idProceso, idTrabajo, held } = await startAndClaim(engine, ['ALFA', 'BETA']);
  const [alfa, beta] = held;
  if (!alfa || !beta) throw new Error('two funds');
  await failCapm(alfa);
  await trabajo.cancelarTrabajo(engine, { idTrabajo });
  await failsWith(t, 50409, logs.reintentarProceso(engine, { idProceso }), /cancelando/);
  await trabajo.devolverChunk(engine, beta);
  t.match(await logs.finalizarProceso(engine, { idProceso }), { estado: 'CANCELADO' });

  t.match(await logs.reintentarProceso(engine, { idProceso: alfa.idEjecucion }), {
    idProceso,
    reintentados: 1,
  });
  t.match(await logs.estadoEjecuciones(engine, { idProceso }), [
    { fundShortName: 'ALFA', estado: 'PENDIENTE' },
    { fundShortName: 'BETA', estado: 'CANCELADO' },
  ]);
  t.match(await logs.reintentarProceso(engine, { idProceso }), { reintentados: 1 }, 'the cancelled one');
  for (const fund of await claimFunds(engine, idTrabajo)) await complete(fund);
  t.match(await logs.finalizarProceso(engine, { idProceso }), { estado: 'COMPLETADO', fondosExitosos: 2 });
  t.match(await logs.reintentarProceso(engine, { idProceso }), { estado: 'COMPLETADO', reintentados: 0 });

  const { idEjecucion } = await logs.inicializarEjecucion(engine, { fechaReporte: date });
  await failsWith(t, 50409, logs.reintentarProceso(engine, { idProceso: idEjecucion }), /anterior/);
  await failsWith(t, 50404, logs.reintentarProceso(engine, { idProceso: 888888n }));
  await failsWith(t, 50409, trabajo.reintentarTrabajo(engine, { idTrabajo }), /sp_Reintentar_Proceso/);
});

/** Tables of extract and staging whose rows belong to executions, and their columns. */
async function laneTables(session: Session): Promise<Map<string, { name: string; type: string }[]>> {
  const rows = await sql(
    session,
    `SELECT c.TABLE_SCHEMA AS esquema, c.TABLE_NAME AS tabla, c.COLUMN_NAME AS columna, c.DATA_TYPE AS tipo
     FROM INFORMATION_SCHEMA.COLUMNS AS c
     INNER JOIN INFORMATION_SCHEMA.TABLES AS t ON t.TABLE_SCHEMA = c.TABLE_SCHEMA AND t.TABLE_NAME = c.TABLE_NAME
     WHERE c.TABLE_SCHEMA IN ('extract', 'staging') AND t.TABLE_TYPE = 'BASE TABLE'
     ORDER BY c.TABLE_SCHEMA, c.TABLE_NAME, c.ORDINAL_POSITION`,
  );
  const tables = new Map<string, { name: string; type: string }[]>();
  for (const { esquema, tabla, columna, tipo } of rows) {
    const table = `${String(esquema)}.${String(tabla)}`;
    tables.set(table, [
      ...(tables.get(table) ?? []),
      { name: String(columna).toLowerCase(), type: String(tipo) },
    ]);
  }
  for (const [table, columns] of tables)
    if (!columns.some(({ name }) => name === 'id_ejecucion')) tables.delete(table);
  return tables;
}

/** A row of any of those tables; the number makes its key one of its own. */
async function addRow(
  session: Session,
  table: string,
  columns: readonly { name: string; type: string }[],
  idEjecucion: bigint,
  number: number,
): Promise<void> {
  const filled = columns.filter(({ name }) => name !== 'id');
  const value = ({ name, type }: { name: string; type: string }) => {
    if (name === 'id_ejecucion') return idEjecucion;
    if (name === 'origen_precio') return 'ORIGEN';
    if (name === 'tipo_diferencia') return 'FALTA_EN_IPA';
    if (type === 'date') return date;
    if (type === 'bit' || type === 'boolean') return true;
    if (name === 'moneda') return 'USD';
    return type.includes('char') ? `V${number}` : number;
  };
  await sql(
    session,
    `INSERT INTO ${table} (${filled.map(({ name }) => name).join(', ')}) VALUES (${filled.map(() => '?').join(', ')})`,
    filled.map(value),
  );
}

await t.test(
  'a rollback: every table, in batches, stopped half way and gone on with; nobody else’s row',
  async (t) => {
    const { idProceso, idTrabajo, alfa, beta } = await oneFailed();
    const tables = await laneTables(engine);
    t.ok(tables.size >= 21, `${tables.size} tables`);
    for (const [table, columns] of tables)
      for (const idEjecucion of [alfa.idEjecucion, beta.idEjecucion])
        for (const number of [901, 902]) await addRow(engine, table, columns, idEjecucion, number);
    const total = (await rowsOf(alfa.idEjecucion)) ?? 0;
    const others = await rowsOf(beta.idEjecucion);
    t.ok(total >= 2 * tables.size + 3, `${total} rows`);
    const messages = await sql(engine, 'SELECT * FROM logs.Ejecucion_Fondos WHERE ID_Ejecucion = ?', [
      beta.idEjecucion,
    ]);

    const app = await asRole(db, 'carril_app');
    const step = () => logs.revertirEjecucion(app, { idEjecucion: alfa.idEjecucion, maximo: 10 });
    t.same(await step(), { borradas: 10, quedan: true, ajenas: null });
    t.equal(await rowsOf(alfa.idEjecucion), total - 10, 'a batch and no more');
    t.match(
      (await logs.estadoEjecuciones(engine, { idProceso })).find(
        ({ idEjecucion }) => idEjecucion === alfa.idEjecucion,
      ),
      { estado: 'REVERTIDO', fundShortName: 'ALFA' },
      'nobody reads the other half as a result',
    );
    t.equal(await serviceState(engine, alfa.idEjecucion, 'IPA'), 'REVERTIDO');
    t.equal(await serviceState(engine, alfa.idEjecucion, 'SONA'), 'OMITIDO');
    t.match(await logs.estadoProceso(engine, { idProceso }), {
      estado: 'COMPLETADO_CON_ERRORES',
      fondosExitosos: 1,
      fondosFallidos: 1,
      fondosOmitidos: 1,
    });
    const stage = async () =>
      (
        await sql(engine, 'SELECT Etapa_Actual FROM logs.Ejecuciones WHERE ID_Ejecucion = ?', [
          alfa.idEjecucion,
        ])
      )[0];
    t.match(await stage(), { etapa_actual: 'REVIRTIENDO' });

    let calls = 1;
    let deleted = 10;
    for (let left = true; left; calls += 1) {
      const answer = await step();
      t.ok(answer.borradas <= 10);
      deleted += answer.borradas;
      left = answer.quedan;
    }
    t.equal(deleted, total);
    t.equal(calls, Math.floor(total / 10) + 1);
    t.equal(await rowsOf(alfa.idEjecucion), 0);
    t.match(await stage(), { etapa_actual: null });
    t.match(await step(), { borradas: 0, quedan: false }, 'once more changes nothing');
    t.equal(await rowsOf(beta.idEjecucion), others, 'another execution’s rows are there');
    t.same(
      await sql(engine, 'SELECT * FROM logs.Ejecucion_Fondos WHERE ID_Ejecucion = ?', [beta.idEjecucion]),
      messages,
    );
    t.match(await chunkRow(engine, alfa.idChunk), { estado: 'COMPLETADO' }, 'the history is kept');

    // the failed one goes, too, and the rest: then so is the process
    await logs.revertirEjecucion(engine, { idEjecucion: beta.idEjecucion });
    t.match(await logs.estadoEjecuciones(engine, { idProceso }), [
      { estado: 'REVERTIDO' },
      { estado: 'REVERTIDO', mensajeError: 'boom' },
      { estado: 'COMPLETADO' },
    ]);
    t.match(await logs.reintentarProceso(engine, { idProceso }), { reintentados: 0 }, 'never retried');
    await failsWith(t, 50409, logs.borrarProceso(engine, { idProceso }), /reviertalo/);
    const [, , last] = await logs.planReversion(engine, { idProceso });
    t.match(last, { fundShortName: 'GAMA', termino: true });
    // IPA's and CAPM's extraction is the same in this catalogue: 3 rows there, and 3, 1 and 3 in staging
    t.equal(last?.filas, 10n);
    await logs.revertirEjecucion(engine, { idEjecucion: last?.idEjecucion ?? 0n });
    t.match(await logs.estadoProceso(engine, { idProceso }), { estado: 'REVERTIDO', fondosOmitidos: 3 });

    t.match(await logs.borrarProceso(app, { idProceso, maximo: 4 }), { borradas: 4, quedan: true });
    t.match(await logs.estadoProceso(engine, { idProceso }), { estado: 'REVERTIDO' }, 'still found');
    t.match(await logs.borrarProceso(app, { idProceso, maximo: 4 }), { borradas: 4, quedan: true });
    t.match(await logs.borrarProceso(app, { idProceso }), { borradas: 3, quedan: false });
    for (const [table, column, value] of [
      ['logs.Procesos', 'ID_Proceso', idProceso],
      ['logs.Ejecuciones', 'ID_Proceso', idProceso],
      ['logs.Ejecucion_Fondos', 'ID_Ejecucion', beta.idEjecucion],
      ['trabajo.Chunks', 'ID_Trabajo', idTrabajo],
      ['trabajo.Trabajos', 'ID_Trabajo', idTrabajo],
    ] as const)
      t.same(await sql(engine, `SELECT ${column} FROM ${table} WHERE ${column} = ?`, [value]), [], table);
    await failsWith(t, 50404, logs.borrarProceso(engine, { idProceso }));
  },
);

await t.test(
  'a rollback while its process runs: the fund that runs is refused, one that ended is not',
  async (t) => {
    const { idProceso, idTrabajo, held } = await startAndClaim(engine, ['ALFA', 'BETA', 'GAMA']);
    const [alfa, beta, gama] = held;
    if (!alfa || !beta || !gama) throw new Error('three funds');
    await complete(alfa);
    await failsWith(
      t,
      50409,
      logs.revertirEjecucion(engine, { idEjecucion: beta.idEjecucion }),
      /no ha terminado/,
    );
    await trabajo.devolverChunk(engine, gama);
    await failsWith(
      t,
      50409,
      logs.revertirEjecucion(engine, { idEjecucion: gama.idEjecucion }),
      /no ha terminado/,
    );
    t.match(await logs.planReversion(engine, { idProceso }), [
      { fundShortName: 'ALFA', termino: true },
      { fundShortName: 'BETA', termino: false },
      { fundShortName: 'GAMA', termino: false },
    ]);
    t.match(await logs.revertirEjecucion(engine, { idEjecucion: alfa.idEjecucion }), { borradas: 10 });
    t.match(await logs.estadoProceso(engine, { idProceso }), { estado: 'EN_PROGRESO', fondosOmitidos: 1 });
    await complete(beta);
    for (const fund of await claimFunds(engine, idTrabajo)) await complete(fund);
    t.match(await logs.finalizarProceso(engine, { idProceso }), {
      estado: 'COMPLETADO',
      finalizado: true,
      fondosExitosos: 2,
      fondosOmitidos: 1,
    });
  },
);

await t.test('a run of the old way is one execution; a site’s own table is named, not touched', async (t) => {
  const { idEjecucion } = await logs.inicializarEjecucion(engine, { fechaReporte: date });
  await failsWith(t, 50409, logs.revertirEjecucion(engine, { idEjecucion }), /no ha terminado/);
  await sql(
    engine,
    "UPDATE logs.Ejecuciones SET Estado = 'COMPLETADO', FondosExitosos = 3 WHERE ID_Ejecucion = ?",
    [idEjecucion],
  );
  const tables = await laneTables(engine);
  await addRow(
    engine,
    'extract.IPA',
    tables.get(engine.dialect === 'postgres' ? 'extract.ipa' : 'extract.IPA') ?? [],
    idEjecucion,
    1,
  );
  await engine.batch('CREATE TABLE staging.Del_Sitio (ID_Ejecucion bigint NOT NULL)');
  const [plan] = await logs.planReversion(engine, { idProceso: idEjecucion });
  t.match(plan, { idEjecucion, fundShortName: null, estado: 'COMPLETADO', termino: true, filas: 1n });
  const { borradas, quedan, ajenas } = await logs.revertirEjecucion(engine, { idEjecucion });
  t.same({ borradas, quedan }, { borradas: 1, quedan: false });
  t.match(ajenas, /^staging\.del_sitio$/i);
  t.match(await logs.estadoProceso(engine, { idProceso: idEjecucion }), {
    estado: 'REVERTIDO',
    arquitectura: 'LEGADO',
    fondosExitosos: 0,
    fondosOmitidos: 3,
  });
  const { idProceso } = await logs.estadoProceso(engine, { idProceso: idEjecucion });
  t.match(await logs.borrarProceso(engine, { idProceso }), { borradas: 5, quedan: false });
  await engine.batch('DROP TABLE staging.Del_Sitio');
});

await t.test('what makes no sense is refused', async (t) => {
  const { idProceso, alfa } = await oneFailed();
  await failsWith(t, 50404, logs.revertirEjecucion(engine, { idEjecucion: 888888n }));
  await failsWith(t, 50404, logs.revertirEjecucion(engine, { idEjecucion: idProceso }));
  await failsWith(t, 50400, logs.revertirEjecucion(engine, { idEjecucion: alfa.idEjecucion, maximo: 2001 }));
  await failsWith(t, 50400, logs.borrarProceso(engine, { idProceso, maximo: 0 }));
  await failsWith(t, 50400, logs.planReversion(engine, {}));
  await failsWith(t, 50400, logs.planReversion(engine, { idProceso, idEjecucion: alfa.idEjecucion }));
  await failsWith(t, 50404, logs.planReversion(engine, { idEjecucion: idProceso }));
  await failsWith(t, 50409, logs.planReversion(engine, { idProceso: alfa.idEjecucion }), /un fondo/);
  const reader = await asRole(db, 'carril_lector');
  await t.rejects(logs.revertirEjecucion(reader, { idEjecucion: alfa.idEjecucion }), { code: 'PERMISSION' });
  await t.rejects(logs.borrarProceso(reader, { idProceso }), { code: 'PERMISSION' });
  await t.rejects(logs.reintentarProceso(reader, { idProceso }), { code: 'PERMISSION' });
});
