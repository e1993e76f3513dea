/** Fund lanes by several sessions at once. */
import t from 'tap';

import { logs, trabajo } from '../../procedures/generated/index.js';
import { freshDatabase, waitUntilBlocked } from '../testing/index.js';
import { date, lane, loadFunds, onlyIpa, startAndClaim } from './process.js';
import { expire, failsWith, gate, sql } from './support.js';

const { engine } = await freshDatabase(t, { connect: { poolMax: 12 } });
const funds = Array.from({ length: 24 }, (_, i) => `F${String(i).padStart(2, '0')}`);
await loadFunds(engine, funds);

await t.test(
  'processes started together take IDs that interleave, each execution’s above its process’s',
  async (t) => {
    const started = await Promise.all(
      Array.from({ length: 6 }, () => logs.inicializarProceso(engine, { fechaReporte: date })),
    );
    const all = new Set<bigint>(started.map(({ idProceso }) => idProceso));
    for (const { idProceso, idTrabajo } of started) {
      const executions = await logs.estadoEjecuciones(engine, { idProceso });
      t.equal(executions.length, funds.length);
      t.ok(executions.every(({ idEjecucion }) => idEjecucion > idProceso));
      for (const { idEjecucion } of executions) all.add(idEjecucion);
      await trabajo.cancelarTrabajo(engine, { idTrabajo });
    }
    t.equal(all.size, 6 * (funds.length + 1), 'no ID twice');
  },
);

await t.test('processes under one key, started together, are one', async (t) => {
  const started = await Promise.all(
    Array.from({ length: 6 }, () => logs.inicializarProceso(engine, { fechaReporte: date, clave: 'una' })),
  );
  t.equal(new Set(started.map(({ idProceso }) => idProceso)).size, 1);
  t.equal((await logs.estadoEjecuciones(engine, started[0] ?? { idProceso: 0n })).length, funds.length);
  await trabajo.cancelarTrabajo(engine, { idTrabajo: started[0]?.idTrabajo ?? 0n });
});

await t.test(
  'two processes of one date in eight lanes: both complete, once, with the same results',
  async (t) => {
    const [one, two] = await Promise.all([
      logs.inicializarProceso(engine, { fechaReporte: date }),
      logs.inicializarProceso(engine, { fechaReporte: date }),
    ]);
    const finalized = await Promise.all(Array.from({ length: 8 }, (_, i) => lane(engine, `w${i}`)));
    t.equal(
      finalized.reduce((a, b) => a + b, 0),
      2,
    );
    const results = await Promise.all(
      [one, two].map(async ({ idProceso }) => {
        t.match(await logs.estadoProceso(engine, { idProceso }), {
          estado: 'COMPLETADO',
          fondosExitosos: funds.length,
        });
        const rows = await logs.resultadosProceso(engine, { idProceso });
        return rows.map(({ fundShortName, lineas, valorTotal, sumaPesos }) => ({
          ...{ fundShortName, lineas, valorTotal, sumaPesos },
        }));
      }),
    );
    t.same(results[0], results[1]);
    t.match(results[0]?.[0], { lineas: 3, valorTotal: '175.00', sumaPesos: '100.00' });
    if (engine.dialect === 'postgres') {
      const [row] = await engine.query(
        'SELECT deadlocks::int AS n FROM pg_catalog.pg_stat_database WHERE datname = current_database()',
      );
      t.equal(row?.['n'], 0);
    }
  },
);

await t.test(
  'a service repeated while its first attempt still runs waits for it and finds it finished',
  async (t) => {
    // from here on: one service is enough to show it
    await onlyIpa(engine);
    const { idTrabajo, held } = await startAndClaim(engine, ['F00']);
    const [fund] = held;
    if (!fund) throw new Error('a fund');
    const did = gate();
    const commit = gate();
    const orphan = engine.transaction(async (session) => {
      const first = await logs.ejecutarServicio(session, { ...fund, servicio: 'IPA' });
      t.equal(first.yaTerminado, false);
      did.open();
      await commit.opened;
    });
    await did.opened;
    const repeated = logs.ejecutarServicio(engine, { ...fund, servicio: 'IPA' });
    await waitUntilBlocked(engine);
    t.match(
      await trabajo.renovarChunks(engine, { poseedor: 'w', arriendoS: 30, chunks: [fund] }),
      [{ situacion: 'RENOVADO' }],
      'heartbeats go on: a running service locks no row of its chunk',
    );
    commit.open();
    await orphan;
    t.match(await repeated, { estado: 'COMPLETADO', yaTerminado: true });
    const rows = await sql(engine, 'SELECT COUNT(*) AS n FROM extract.IPA WHERE ID_Ejecucion = ?', [
      fund.idEjecucion,
    ]);
    t.equal(Number(rows[0]?.['n']), 3, 'no row twice');
    await trabajo.cancelarTrabajo(engine, { idTrabajo });
  },
);

await t.test('a stalled worker whose fund was taken over gets 50410 and changes nothing', async (t) => {
  const { idProceso, idTrabajo, held } = await startAndClaim(engine, ['F01']);
  const [old] = held;
  if (!old) throw new Error('a fund');
  await logs.ejecutarServicio(engine, { ...old, servicio: 'IPA' });
  await expire(engine, old.idChunk);
  const [taken] = await trabajo.reclamarChunks(engine, { poseedor: 'w2', idTrabajo });
  const next = { ...old, token: taken?.token ?? 0n };
  t.match(await logs.ejecutarServicio(engine, { ...next, servicio: 'IPA' }), { yaTerminado: true });
  await failsWith(t, 50410, logs.completarEjecucion(engine, old));
  await failsWith(t, 50410, logs.fallarServicio(engine, { ...old, servicio: 'IPA', error: 'late' }));
  t.match(await logs.completarEjecucion(engine, next), { estado: 'COMPLETADO' });
  await failsWith(t, 50410, logs.completarEjecucion(engine, old));
  t.match(await logs.finalizarProceso(engine, { idProceso }), { estado: 'COMPLETADO', finalizado: true });
});

await t.test('of many finalizers at once one does it', async (t) => {
  const { idProceso, held } = await startAndClaim(engine, ['F02', 'F03']);
  for (const fund of held) {
    await logs.ejecutarServicio(engine, { ...fund, servicio: 'IPA' });
    await logs.completarEjecucion(engine, fund);
  }
  const results = await Promise.all(
    Array.from({ length: 8 }, () => logs.finalizarProceso(engine, { idProceso })),
  );
  t.equal(results.filter(({ finalizado }) => finalizado).length, 1);
  t.ok(results.every(({ estado, fondosExitosos }) => estado === 'COMPLETADO' && fondosExitosos === 2));
});
