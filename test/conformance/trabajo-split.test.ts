/** A chunk that did not fit in memory goes on in two. */
import t from 'tap';

import type { Row } from '../../engine/index.js';
import { trabajo } from '../../procedures/generated/index.js';
import { chunkRow, claim, claimOne, createJob, due, expire, failsWith, sql } from '../leases/support.js';
import { asRole, freshDatabase } from '../testing/index.js';

const db = await freshDatabase(t);
const { engine } = db;
const error = 'JavaScript heap out of memory';

/** A job of one chunk with that range. */
async function rangeJob(
  tipo: string,
  rangoInicio: bigint | null,
  rangoFin: bigint | null,
  peso = 10,
): Promise<bigint> {
  return await createJob(engine, tipo, 0, {
    chunks: [{ orden: 1, rangoInicio, rangoFin, recurso: '/var/log/a.log', peso }],
  });
}

async function rows(idTrabajo: bigint): Promise<Row[]> {
  return await sql(engine, 'SELECT * FROM trabajo.Chunks WHERE ID_Trabajo = ? ORDER BY Orden', [idTrabajo]);
}

/** The IDs of the halves. @throws when there was no split */
function halves(split: trabajo.PartirChunkResult): [bigint, bigint] {
  if (!split.partido || split.idChunk1 === null || split.idChunk2 === null) throw new Error('no split');
  return [split.idChunk1, split.idChunk2];
}

await t.test(
  'a chunk is split in the middle: its range, its weight and its resource go on in two',
  async (t) => {
    const idTrabajo = await createJob(engine, 'PARTE', 0, {
      chunks: [
        { orden: 1, rangoInicio: 1000n, rangoFin: 2001n, recurso: '/var/log/a.log', peso: 7.77 },
        { orden: 5, rangoInicio: 2001n, rangoFin: 2100n, peso: 1 },
      ],
    });
    const chunk = await claimOne(engine, 'PARTE', 'w');
    const split = await trabajo.partirChunk(engine, { ...chunk, error });
    const [first, second] = halves(split);
    t.equal(split.restantes, 1);
    t.match(await chunkRow(engine, chunk.idChunk), {
      estado: 'OMITIDO',
      poseedor: null,
      expira: null,
      token: 1n,
      intento: 1,
      ultimo_error: error,
      resultado: `{"partido_en":["${first}","${second}"]}`,
    });
    t.ok((await chunkRow(engine, chunk.idChunk))['fin'] instanceof Date);
    const [, other, a, b] = await rows(idTrabajo);
    t.match(other, { orden: 5, estado: 'PENDIENTE' });
    const fresh = {
      estado: 'PENDIENTE',
      token: 0n,
      intento: 0,
      recurso: '/var/log/a.log',
      no_antes_de: null,
    };
    t.match(a, { ...fresh, id_chunk: first, orden: 6, rango_inicio: 1000n, rango_fin: 1500n });
    t.match(b, { ...fresh, id_chunk: second, orden: 7, rango_inicio: 1500n, rango_fin: 2001n });
    t.equal(Number(a?.['peso']), 3.88);
    t.equal(Number(b?.['peso']), 3.89);

    t.same(await trabajo.partirChunk(engine, { ...chunk, error: 'again' }), split, 'twice is once');
    t.equal((await rows(idTrabajo)).length, 4);
    t.match(await trabajo.estadoTrabajo(engine, { idTrabajo }), {
      total: 3,
      pendientes: 3,
      omitidos: 1,
      pesoTotal: 8.77,
      pesoRestante: 8.77,
    });

    await failsWith(t, 50410, trabajo.completarChunk(engine, chunk));
    t.match(await trabajo.fallarChunk(engine, { ...chunk, error: 'late' }), { estado: 'OMITIDO' });
    t.same(await trabajo.devolverChunk(engine, chunk), { estado: 'OMITIDO' });
    t.match(await chunkRow(engine, chunk.idChunk), { estado: 'OMITIDO', ultimo_error: error });
    t.match(await trabajo.renovarChunks(engine, { poseedor: 'w', arriendoS: 30, chunks: [chunk] }), [
      { situacion: 'TERMINADO' },
    ]);

    for (const next of await claim(engine, 'PARTE', 'w', 5)) await trabajo.completarChunk(engine, next);
    t.same(await trabajo.finalizarTrabajo(engine, { idTrabajo }), {
      estado: 'COMPLETADO',
      finalizado: true,
      total: 3,
      completados: 3,
      fallidos: 0,
      cancelados: 0,
    });
    t.match(await trabajo.estadoTrabajo(engine, { idTrabajo }), { total: 3, completados: 3, omitidos: 1 });
  },
);

await t.test('a chunk is cut where its handler says, and its halves may be split again', async (t) => {
  const idTrabajo = await rangeJob('CORTE', 0n, 100n);
  const chunk = await claimOne(engine, 'CORTE', 'w');
  const [first, second] = halves(await trabajo.partirChunk(engine, { ...chunk, error, corte: 30n }));
  t.match(await chunkRow(engine, first), { rango_inicio: 0n, rango_fin: 30n });
  t.match(await chunkRow(engine, second), { rango_inicio: 30n, rango_fin: 100n });
  t.equal(Number((await chunkRow(engine, first))['peso']), 3);
  t.equal(Number((await chunkRow(engine, second))['peso']), 7);

  // down to single units: every byte once, the weight as it was
  for (
    let next = await claim(engine, 'CORTE', 'w');
    next[0] !== undefined;
    next = await claim(engine, 'CORTE', 'w')
  ) {
    const { partido } = await trabajo.partirChunk(engine, { ...next[0], error });
    if (!partido) await trabajo.completarChunk(engine, next[0]);
  }
  const all = await rows(idTrabajo);
  const whole = all.filter(({ estado }) => estado === 'COMPLETADO');
  t.same(
    whole.map((row) => Number(row['rango_inicio'])).toSorted((a, b) => a - b),
    Array.from({ length: 100 }, (_, i) => i),
  );
  t.ok(whole.every((row) => Number(row['rango_fin']) === Number(row['rango_inicio']) + 1));
  t.equal(Math.round(whole.reduce((sum, row) => sum + Number(row['peso']), 0) * 100), 1000);
  t.equal(all.length, 199, '99 splits');
  t.match(await trabajo.finalizarTrabajo(engine, { idTrabajo }), {
    estado: 'COMPLETADO',
    total: 100,
    completados: 100,
  });
});

await t.test('what cannot be split says so and stays as it was', async (t) => {
  const ranges: [bigint | null, bigint | null, bigint?][] = [
    [null, null],
    [5n, null],
    [null, 5n],
    [7n, 7n],
    [7n, 8n],
    [10n, 20n, 10n],
    [10n, 20n, 20n],
    [10n, 20n, 9n],
    [10n, 20n, 21n],
    [10n, 20n, -1n],
  ];
  for (const [from, to, corte] of ranges) {
    const idTrabajo = await rangeJob('ENTERO', from, to);
    const chunk = await claimOne(engine, 'ENTERO', 'w');
    const before = await rows(idTrabajo);
    const label = `[${from}, ${to}) at ${corte}`;
    t.same(
      await trabajo.partirChunk(engine, { ...chunk, error, ...(corte === undefined ? {} : { corte }) }),
      { partido: false, idChunk1: null, idChunk2: null, restantes: 1 },
      label,
    );
    t.same(await rows(idTrabajo), before, label);
    t.match(await trabajo.fallarChunk(engine, { ...chunk, error, reintentable: false }), { estado: 'ERROR' });
  }
  await rangeJob('FONDOS', 10n, 20n);
  const fund = await claimOne(engine, 'FONDOS', 'w');
  t.match(await trabajo.partirChunk(engine, { ...fund, error }), { partido: false }, 'a fund is no range');

  await rangeJob('HECHO', 10n, 20n);
  const done = await claimOne(engine, 'HECHO', 'w');
  await trabajo.completarChunk(engine, done);
  t.same(await trabajo.partirChunk(engine, { ...done, error }), {
    partido: false,
    idChunk1: null,
    idChunk2: null,
    restantes: 0,
  });
  t.match(await chunkRow(engine, done.idChunk), { estado: 'COMPLETADO' });
});

await t.test('ranges as wide as a bigint, weights as small as nothing', async (t) => {
  const top = 9_223_372_036_854_775_807n;
  await rangeJob('ANCHO', -top, top, 0);
  const wide = await claimOne(engine, 'ANCHO', 'w');
  const [first, second] = halves(await trabajo.partirChunk(engine, { ...wide, error }));
  t.match(await chunkRow(engine, first), { rango_inicio: -top, rango_fin: 0n });
  t.match(await chunkRow(engine, second), { rango_inicio: 0n, rango_fin: top });
  t.equal(Number((await chunkRow(engine, second))['peso']), 0);

  await rangeJob('LEVE', 0n, 3n, 0.01);
  const light = await claimOne(engine, 'LEVE', 'w');
  const [a, b] = halves(await trabajo.partirChunk(engine, { ...light, error }));
  const weights = [await chunkRow(engine, a), await chunkRow(engine, b)].map((row) => Number(row['peso']));
  t.same(weights.toSorted(), [0, 0.01]);

  // where a double has no single units left
  await rangeJob('ALTO', top - 2n, top, 8);
  const high = halves(await trabajo.partirChunk(engine, { ...(await claimOne(engine, 'ALTO', 'w')), error }));
  for (const half of high) t.equal(Number((await chunkRow(engine, half))['peso']), 4);
});

await t.test('only who holds a chunk splits it', async (t) => {
  await rangeJob('AJENO', 0n, 10n);
  const old = await claimOne(engine, 'AJENO', 'w1');
  await failsWith(t, 50404, trabajo.partirChunk(engine, { idChunk: 999999n, token: 1n, error }));
  await failsWith(t, 50400, trabajo.partirChunk(engine, { ...old, error: ' ' }));
  await expire(engine, old.idChunk);
  const held = await claimOne(engine, 'AJENO', 'w2');
  await failsWith(t, 50410, trabajo.partirChunk(engine, { ...old, error }), /token/);
  await trabajo.fallarChunk(engine, { ...held, error: 'x' });
  await failsWith(t, 50410, trabajo.partirChunk(engine, { ...held, error }));
  await due(engine, held.idChunk);
  const back = await claimOne(engine, 'AJENO', 'w3');
  await trabajo.devolverChunk(engine, back);
  await failsWith(t, 50410, trabajo.partirChunk(engine, { ...back, error }), /devuelto/);

  const idTrabajo = await rangeJob('CANCELADA', 0n, 10n);
  const cancelled = await claimOne(engine, 'CANCELADA', 'w');
  await trabajo.cancelarTrabajo(engine, { idTrabajo });
  await failsWith(t, 50499, trabajo.partirChunk(engine, { ...cancelled, error }));
  t.equal((await rows(idTrabajo)).length, 1);
  t.same(await trabajo.devolverChunk(engine, cancelled), { estado: 'CANCELADO' });
});

await t.test('carril_app may split, carril_lector may not', async (t) => {
  await rangeJob('PERMISO', 0n, 10n);
  const app = await asRole(db, 'carril_app');
  const chunk = await claimOne(app, 'PERMISO', 'w');
  const reader = await asRole(db, 'carril_lector');
  await t.rejects(trabajo.partirChunk(reader, { ...chunk, error }), { code: 'PERMISSION' });
  t.match(await trabajo.partirChunk(app, { ...chunk, error }), { partido: true });
});
