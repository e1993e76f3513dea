import t from 'tap';

import { trabajo } from '../../procedures/generated/index.js';
import { chunkRow, claim, claimOne, createJob, due, expire, failsWith, sql } from '../leases/support.js';
import { freshDatabase } from '../testing/index.js';

const { engine } = await freshDatabase(t);

await t.test('a job is created once per key', async (t) => {
  const args = {
    tipo: 'CREAR',
    clave: 'a',
    parametros: '{"x":1}',
    maxIntentos: 5,
    usuario: 'ana',
    chunks: [
      { orden: 2, peso: 1.5, rangoInicio: 10n, rangoFin: 9007199254740993n, recurso: 'uno ñ' },
      { orden: 1, peso: 2 },
    ],
  };
  const first = await trabajo.crearTrabajo(engine, args);
  t.equal(first.creado, true);
  const again = await trabajo.crearTrabajo(engine, { ...args, tipo: 'OTRO', chunks: [] });
  t.same(again, { idTrabajo: first.idTrabajo, creado: false });
  t.equal(
    (await trabajo.crearTrabajo(engine, { ...args, clave: 'a ' })).creado,
    false,
    'trailing blanks do not count',
  );
  t.equal(
    (await trabajo.crearTrabajo(engine, { ...args, clave: 'A' })).creado,
    true,
    'upper and lower case do',
  );

  t.match(await trabajo.estadoTrabajo(engine, { idTrabajo: first.idTrabajo }), {
    tipo: 'CREAR',
    clave: 'a',
    estado: 'EN_PROGRESO',
    cancelado: false,
    fechaFin: null,
    total: 2,
    pendientes: 2,
    enProgreso: 0,
    completados: 0,
  });
  const [chunk] = await sql(
    engine,
    'SELECT Rango_Inicio, Rango_Fin, Recurso, Estado, Token, Intento FROM trabajo.Chunks WHERE ID_Trabajo = ? AND Orden = 2',
    [first.idTrabajo],
  );
  t.match(chunk, {
    rango_inicio: 10n,
    rango_fin: 9007199254740993n,
    recurso: 'uno ñ',
    estado: 'PENDIENTE',
    token: 0n,
    intento: 0,
  });
});

await t.test('what cannot be a job is refused', async (t) => {
  const create = (more: Partial<trabajo.CrearTrabajoArgs>) =>
    trabajo.crearTrabajo(engine, { tipo: 'X', ...more });
  await failsWith(t, 50400, create({ tipo: ' ' }));
  await failsWith(t, 50400, create({ clave: '  ' }));
  await failsWith(t, 50400, create({ maxIntentos: 0 }));
  await failsWith(t, 50400, create({ parametros: 'no json' }));
  await failsWith(
    t,
    50400,
    create({ chunks: [{ orden: 3, peso: 1, rangoInicio: 2n, rangoFin: 1n }] }),
    /orden 3/,
  );
  await failsWith(t, 50400, create({ chunks: [{ orden: 1, peso: -1 }] }));
  await failsWith(t, 50404, trabajo.estadoTrabajo(engine, { idTrabajo: 999999n }));
});

await t.test('a job of 4,500 chunks', async (t) => {
  const idTrabajo = await createJob(engine, 'GRANDE', 4500);
  t.match(await trabajo.estadoTrabajo(engine, { idTrabajo }), { total: 4500, pendientes: 4500 });
  const [row] = await sql(
    engine,
    'SELECT COUNT(*) AS n FROM trabajo.Chunks AS a INNER JOIN trabajo.Chunks AS b ON b.ID_Trabajo = a.ID_Trabajo AND b.Orden = a.Orden + 1 WHERE a.ID_Trabajo = ? AND b.ID_Chunk > a.ID_Chunk',
    [idTrabajo],
  );
  t.equal(Number(row?.['n']), 4499, 'IDs follow the order');
  const claimed = await trabajo.reclamarChunks(engine, { poseedor: 'w', idTrabajo, maximo: 2000 });
  t.equal(claimed.length, 2000);
  await trabajo.cancelarTrabajo(engine, { idTrabajo });
});

await t.test('claims take the heaviest first, each once', async (t) => {
  const idTrabajo = await createJob(engine, 'PESO', [1, 5, 0.5, 5, 3], { parametros: '{"a":"b"}' });
  const [a, b] = await claim(engine, 'PESO', 'w1', 2);
  t.match(
    [a, b],
    [
      { orden: 2, peso: 5 },
      { orden: 4, peso: 5 },
    ],
  );
  t.match(a, { idTrabajo, tipo: 'PESO', token: 1n, intento: 1, maxIntentos: 3, parametros: '{"a":"b"}' });
  const left = (a?.expira.getTime() ?? 0) - Date.now();
  t.ok(left > 20_000 && left < 40_000, `a lease of 30 s, ${left} ms are left`);
  t.same(
    (await claim(engine, 'PESO', 'w2', 10)).map(({ orden }) => orden),
    [5, 1, 3],
  );
  t.same(await claim(engine, 'PESO', 'w2', 10), []);
  t.match(await chunkRow(engine, a?.idChunk ?? 0n), { poseedor: 'w1', token: 1n, estado: 'PENDIENTE' });
  t.match(await trabajo.estadoTrabajo(engine, { idTrabajo }), { enProgreso: 5, pendientes: 0 });
});

await t.test('claims fill up from several jobs, oldest first, and stay within kinds and job', async (t) => {
  const first = await createJob(engine, 'MEZCLA', 1);
  const second = await createJob(engine, 'MEZCLA', 2);
  const other = await createJob(engine, 'AJENA', 1);
  const third = await createJob(engine, 'MEZCLA', 1);
  const claimed = await claim(engine, 'MEZCLA', 'w', 3);
  t.same(
    claimed.map(({ idTrabajo }) => idTrabajo),
    [first, second, second],
  );
  t.same(await trabajo.reclamarChunks(engine, { poseedor: 'w', idTrabajo: second, maximo: 5 }), []);
  t.same(
    await trabajo.reclamarChunks(engine, { poseedor: 'w', tipos: [{ tipo: 'MEZCLA' }], idTrabajo: other }),
    [],
  );
  t.match(
    await trabajo.reclamarChunks(engine, { poseedor: 'w', tipos: [{ tipo: 'NADA' }, { tipo: 'AJENA' }] }),
    [{ idTrabajo: other }],
  );
  t.match(await trabajo.reclamarChunks(engine, { poseedor: 'w', idTrabajo: third }), [{ idTrabajo: third }]);
});

await t.test('LO_PROCESOS is never claimed', async (t) => {
  const idTrabajo = await createJob(engine, 'LO_PROCESOS', 1);
  t.same(await claim(engine, 'LO_PROCESOS', 'w'), []);
  t.same(await trabajo.reclamarChunks(engine, { poseedor: 'w', idTrabajo }), []);
  const all = await trabajo.reclamarChunks(engine, { poseedor: 'w', maximo: 2000 });
  t.ok(all.length > 0, 'nor when every kind is asked for');
  t.notOk(all.some(({ tipo }) => tipo === 'LO_PROCESOS'));
});

await t.test('a chunk waits for its time', async (t) => {
  await trabajo.crearTrabajo(engine, {
    tipo: 'LUEGO',
    chunks: [
      { orden: 1, peso: 9, noAntesDe: new Date(Date.now() + 3_600_000) },
      { orden: 2, peso: 1, noAntesDe: new Date(Date.now() - 1_000) },
    ],
  });
  const claimed = await claim(engine, 'LUEGO', 'w', 5);
  t.match(claimed, [{ orden: 2 }]);
  t.equal(claimed.length, 1);
});

await t.test('bad claims are refused', async (t) => {
  const reclamar = (more: Partial<trabajo.ReclamarChunksArgs>) =>
    trabajo.reclamarChunks(engine, { poseedor: 'w', ...more });
  await failsWith(t, 50400, reclamar({ poseedor: ' ' }));
  await failsWith(t, 50400, reclamar({ maximo: 0 }));
  await failsWith(t, 50400, reclamar({ maximo: 2001 }));
  await failsWith(t, 50400, reclamar({ arriendoS: 0 }));
  t.same(await reclamar({ idTrabajo: 999999n }), []);
});

await t.test('an expired lease is claimed by the next, with a higher token', async (t) => {
  await createJob(engine, 'VENCE', 1);
  const old = await claimOne(engine, 'VENCE', 'w1');
  t.same(await claim(engine, 'VENCE', 'w2'), [], 'not before it expires');
  await expire(engine, old.idChunk);
  t.match(await claimOne(engine, 'VENCE', 'w2'), { idChunk: old.idChunk, token: 2n, intento: 2 });
  t.same(await claim(engine, 'VENCE', 'w1'), []);
});

await t.test('an expired chunk without attempts left ends in ERROR', async (t) => {
  const idTrabajo = await createJob(engine, 'AGOTA', 2, { maxIntentos: 1 });
  const [a, b] = await claim(engine, 'AGOTA', 'w1', 2);
  await expire(engine, a?.idChunk ?? 0n);
  t.same(await claim(engine, 'AGOTA', 'w2', 5), []);
  const row = await chunkRow(engine, a?.idChunk ?? 0n);
  t.match(row, { estado: 'ERROR', poseedor: null, expira: null, token: 1n, intento: 1 });
  t.match(String(row['ultimo_error']), /w1/);
  t.match(await chunkRow(engine, b?.idChunk ?? 0n), { estado: 'PENDIENTE', poseedor: 'w1' });
  await trabajo.completarChunk(engine, { idChunk: b?.idChunk ?? 0n, token: 1n });
  t.same(await trabajo.trabajosPorFinalizar(engine, { tipos: [{ tipo: 'AGOTA' }] }), [
    { idTrabajo, tipo: 'AGOTA', parametros: null },
  ]);
  t.match(await trabajo.finalizarTrabajo(engine, { idTrabajo }), {
    estado: 'COMPLETADO_CON_ERRORES',
    finalizado: true,
    completados: 1,
    fallidos: 1,
  });
});

await t.test(
  'a chunk given back or failed is claimed again, and the heaviest still goes first',
  async (t) => {
    await createJob(engine, 'VUELVE', [3, 2, 1]);
    const [a, b] = await claim(engine, 'VUELVE', 'w1', 2);
    await trabajo.devolverChunk(engine, { idChunk: b?.idChunk ?? 0n, token: 1n });
    await trabajo.fallarChunk(engine, { idChunk: a?.idChunk ?? 0n, token: 1n, error: 'x' });
    await due(engine, a?.idChunk ?? 0n);
    t.match(await claim(engine, 'VUELVE', 'w2', 5), [
      { orden: 1, token: 2n, intento: 2 },
      { orden: 2, token: 2n, intento: 1 },
      { orden: 3, token: 1n, intento: 1 },
    ]);
  },
);
