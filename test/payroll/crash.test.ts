/**
 * Workers killed with `kill -9` at random while a closing is consolidated. 1,500 employees; CARRIL_TEST_PAYROLL_CRASH=20000 for the
 * real thing.
 */
import t from 'tap';

import { nomina } from '../../procedures/generated/index.js';
import { seeded } from '../../runner/load/random.js';
import { consolidate } from '../reference-payroll/reference.js';
import { holdTable } from '../runner/support.js';
import { freshDatabase, spawnCarril } from '../testing/index.js';
import { waitUntil, waitUntilBlocked } from '../testing/wait.js';
import { byRut, generated, planned, sourcesOf, stored } from './support.js';

t.setTimeout(900_000);
const { engine, env } = await freshDatabase(t, { connect: { poolMax: 6 } });
const employees = Number(process.env['CARRIL_TEST_PAYROLL_CRASH'] ?? '1500');
const seed = Number(process.env['CARRIL_TEST_SEED'] ?? Date.now() % 100_000);

t.test(`${employees} employees, workers killed at random (seed ${seed})`, async (t) => {
  const random = seeded(seed);
  const options = { employees, seed: 33, concepts: 8, defects: true };
  const closing = await generated(engine, options);
  const { job, chunks } = await planned(engine, closing, 3_600_000);
  const work = () =>
    spawnCarril(['work', '--kinds', 'NOMINA', '--lanes', '2', '--lease', '1s', '--idle-exit', '0s'], { env });
  const state = () => nomina.estadoConsolidacion(engine, { idCierre: closing });
  const ended = async () => (await state()).estado !== 'consolidando_datos';

  // surely in the middle: each lane has begun a transaction that cannot end
  const barrier = await holdTable(engine, 'nomina.ConceptoEmpleadoConsolidado');
  const first = work();
  await waitUntilBlocked(engine, 2);
  first.kill('SIGKILL');
  await first.done;
  await barrier.release();

  // and wherever it happens to be: after as many chunks as chance says
  let kills = 1;
  for (let done = 0; !(await ended());) {
    const worker = work();
    const after = done + random.between(1, Math.max(2, Math.floor(chunks / 5)));
    const reason = await waitUntil('the worker has got on, or the job has ended', async () => {
      const seen = await state();
      done = seen.chunksCompletados;
      if (seen.estado !== 'consolidando_datos') return 'ended';
      return done >= after ? 'killed' : undefined;
    });
    if (reason === 'killed') kills += 1;
    worker.kill(reason === 'killed' ? 'SIGKILL' : 'SIGTERM');
    await worker.done;
  }
  t.comment(`${kills} workers killed, ${chunks} chunks`);
  t.ok(kills > 1);

  const expected = consolidate(sourcesOf(options));
  const found = await stored(engine, closing);
  t.equal(found.employees.length, expected.employees.length, 'one result a RUT');
  t.same(
    [...byRut(found.employees).values()].sort(),
    [...byRut(expected.employees).values()].sort(),
    'as if nobody had been killed',
  );
  t.same(found.discrepancies, expected.discrepancies, 'nothing found twice');
  t.match(await state(), { estado: 'datos_consolidados', empleadosProcesados: expected.employees.length });
  const parameter = engine.dialect === 'sqlserver' ? '@p0' : '$1';
  const rows = await engine.query(
    `SELECT chunks_exitosos AS n FROM nomina.MetricaConsolidacion WHERE cierre_id = ${parameter}`,
    [closing],
  );
  t.same(rows, [{ n: chunks }], 'one row of metrics');
  t.match(
    await nomina.finalizarConsolidacion(engine, { idTrabajo: job }),
    { finalizado: false },
    'ended once',
  );
});
