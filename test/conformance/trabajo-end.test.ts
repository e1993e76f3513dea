import t from 'tap';

import { trabajo } from '../../procedures/generated/index.js';
import { chunkRow, claim, claimOne, createJob, expire, failsWith } from '../leases/support.js';
import { freshDatabase } from '../testing/index.js';

const { engine } = await freshDatabase(t);

await t.test('a job ends when its last chunk has, once', async (t) => {
  const tipos = [{ tipo: 'FIN' }];
  const idTrabajo = await createJob(engine, 'FIN', 2, { parametros: '{"p":1}' });
  const [a, b] = await claim(engine, 'FIN', 'w', 2);
  if (!a || !b) throw new Error('two chunks');
  await trabajo.completarChunk(engine, a);
  t.same(await trabajo.finalizarTrabajo(engine, { idTrabajo }), {
    estado: 'EN_PROGRESO',
    finalizado: false,
    total: null,
    completados: null,
    fallidos: null,
    cancelados: null,
  });
  t.same(await trabajo.trabajosPorFinalizar(engine, { tipos }), []);
  await trabajo.completarChunk(engine, b);
  t.match(await trabajo.estadoTrabajo(engine, { idTrabajo }), {
    estado: 'EN_PROGRESO',
    completados: 2,
    total: 2,
  });
  t.same(await trabajo.trabajosPorFinalizar(engine, { tipos }), [
    { idTrabajo, tipo: 'FIN', parametros: '{"p":1}' },
  ]);
  t.same(await trabajo.trabajosVivos(engine, { tipos }), { vivos: 1 });

  const ended = { estado: 'COMPLETADO', total: 2, completados: 2, fallidos: 0, cancelados: 0 };
  t.same(await trabajo.finalizarTrabajo(engine, { idTrabajo }), { ...ended, finalizado: true });
  const state = await trabajo.estadoTrabajo(engine, { idTrabajo });
  t.match(state, ended);
  t.ok(state.fechaFin);
  t.same(await trabajo.finalizarTrabajo(engine, { idTrabajo }), { ...ended, finalizado: false });
  t.same(await trabajo.estadoTrabajo(engine, { idTrabajo }), state, 'the second time changes nothing');
  t.same(await trabajo.trabajosPorFinalizar(engine, { tipos }), []);
  t.same(await trabajo.trabajosVivos(engine, { tipos }), { vivos: 0 });
  await failsWith(t, 50404, trabajo.finalizarTrabajo(engine, { idTrabajo: 999999n }));
});

await t.test('a job without chunks is complete', async (t) => {
  const idTrabajo = await createJob(engine, 'VACIO', 0);
  t.match(await trabajo.trabajosPorFinalizar(engine, { tipos: [{ tipo: 'VACIO' }] }), [{ idTrabajo }]);
  t.match(await trabajo.finalizarTrabajo(engine, { idTrabajo }), {
    estado: 'COMPLETADO',
    finalizado: true,
    total: 0,
  });
});

await t.test('jobs of all kinds are alive when none is named', async (t) => {
  const before = await trabajo.trabajosVivos(engine);
  await createJob(engine, 'UNO', 1);
  await createJob(engine, 'OTRO', 1);
  t.same(await trabajo.trabajosVivos(engine), { vivos: before.vivos + 2 });
  t.same(await trabajo.trabajosVivos(engine, { tipos: [{ tipo: 'UNO' }, { tipo: 'NADA' }] }), { vivos: 1 });
});

await t.test('cancelling ends what nobody holds and tells who holds the rest', async (t) => {
  const idTrabajo = await createJob(engine, 'CANCELA', 6);
  const [done, completing, failing, giving, silent] = await claim(engine, 'CANCELA', 'w', 5);
  if (!done || !completing || !failing || !giving || !silent) throw new Error('five chunks');
  await trabajo.completarChunk(engine, done);

  t.same(await trabajo.cancelarTrabajo(engine, { idTrabajo }), { estado: 'EN_PROGRESO', cancelados: 1 });
  t.same(await trabajo.cancelarTrabajo(engine, { idTrabajo }), { estado: 'EN_PROGRESO', cancelados: 0 });
  t.same(await claim(engine, 'CANCELA', 'w'), []);
  t.match(await trabajo.estadoTrabajo(engine, { idTrabajo }), {
    cancelado: true,
    enProgreso: 4,
    cancelados: 1,
    completados: 1,
  });

  await failsWith(t, 50499, trabajo.completarChunk(engine, completing), /cancelado/);
  t.match(await trabajo.completarChunk(engine, done), { estado: 'COMPLETADO' }, 'what was complete stays so');
  t.same(await trabajo.devolverChunk(engine, completing), { estado: 'CANCELADO' });
  t.match(await trabajo.fallarChunk(engine, { ...failing, error: 'x' }), {
    estado: 'CANCELADO',
    noAntesDe: null,
  });
  t.match(await chunkRow(engine, failing.idChunk), {
    estado: 'CANCELADO',
    ultimo_error: 'x',
    poseedor: null,
  });
  t.match(await trabajo.finalizarTrabajo(engine, { idTrabajo }), {
    finalizado: false,
    estado: 'EN_PROGRESO',
  });

  t.same(await trabajo.devolverChunk(engine, giving), { estado: 'CANCELADO' });
  t.same(
    await trabajo.trabajosPorFinalizar(engine, { tipos: [{ tipo: 'CANCELA' }] }),
    [],
    'one is still held',
  );
  await expire(engine, silent.idChunk);
  t.match(await trabajo.trabajosPorFinalizar(engine, { tipos: [{ tipo: 'CANCELA' }] }), [{ idTrabajo }]);
  t.same(await trabajo.finalizarTrabajo(engine, { idTrabajo }), {
    estado: 'CANCELADO',
    finalizado: true,
    total: 6,
    completados: 1,
    fallidos: 0,
    cancelados: 5,
  });
  await failsWith(t, 50499, trabajo.completarChunk(engine, silent));
  t.same(await trabajo.cancelarTrabajo(engine, { idTrabajo }), { estado: 'CANCELADO', cancelados: 0 });
});

await t.test('a cancelled job whose chunks had all completed is complete', async (t) => {
  const idTrabajo = await createJob(engine, 'TARDE', 1);
  await trabajo.completarChunk(engine, await claimOne(engine, 'TARDE', 'w'));
  t.same(await trabajo.cancelarTrabajo(engine, { idTrabajo }), { estado: 'EN_PROGRESO', cancelados: 0 });
  t.match(await trabajo.finalizarTrabajo(engine, { idTrabajo }), { estado: 'COMPLETADO', finalizado: true });
});

await t.test('cancelling a job of 4,500 chunks', async (t) => {
  const idTrabajo = await createJob(engine, 'MUCHOS', 4500);
  t.same(await trabajo.cancelarTrabajo(engine, { idTrabajo }), { estado: 'EN_PROGRESO', cancelados: 4500 });
  t.match(await trabajo.finalizarTrabajo(engine, { idTrabajo }), { estado: 'CANCELADO', cancelados: 4500 });
});

await t.test('what there is not cannot be cancelled', async (t) => {
  await failsWith(t, 50404, trabajo.cancelarTrabajo(engine, { idTrabajo: 999999n }));
});
