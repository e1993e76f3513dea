/** Migration 021 on a database with chunks that were split. */
import t from 'tap';

import { createMigrator } from '../../migrator/index.js';
import { trabajo } from '../../procedures/generated/index.js';
import { chunkRow, claimOne, createJob } from '../leases/support.js';
import { freshDatabase } from '../testing/index.js';

void t.test('021 reverted: a split chunk says so; applied again: as it was', async (t) => {
  const { engine } = await freshDatabase(t);
  const migrator = createMigrator(engine);
  const idTrabajo = await createJob(engine, 'PARTE', 0, {
    chunks: [{ orden: 1, rangoInicio: 0n, rangoFin: 10n, peso: 2 }],
  });
  const chunk = await claimOne(engine, 'PARTE', 'w');
  const { idChunk1 } = await trabajo.partirChunk(engine, { ...chunk, error: 'out of memory' });
  const { resultado } = await chunkRow(engine, chunk.idChunk);

  await migrator.down({ to: 20 });
  const down = await chunkRow(engine, chunk.idChunk);
  t.match(down, { estado: 'CANCELADO', poseedor: null, resultado });
  t.match(down['ultimo_error'], /partido.*out of memory/);
  t.match(await chunkRow(engine, idChunk1 ?? 0n), { estado: 'PENDIENTE', rango_inicio: 0n, rango_fin: 5n });

  await migrator.up();
  t.match(await chunkRow(engine, chunk.idChunk), { estado: 'OMITIDO', resultado });
  for (const next of [await claimOne(engine, 'PARTE', 'w'), await claimOne(engine, 'PARTE', 'w')])
    await trabajo.completarChunk(engine, next);
  t.match(await trabajo.finalizarTrabajo(engine, { idTrabajo }), {
    estado: 'COMPLETADO',
    total: 2,
    completados: 2,
  });
  t.match(await trabajo.estadoTrabajo(engine, { idTrabajo }), { omitidos: 1 });
});
