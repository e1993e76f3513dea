/** Completing chunks in batches, and claiming the next ones in the same call. */
import t from 'tap';

import { trabajo } from '../../procedures/generated/index.js';
import {
  chunkRow,
  claim,
  claimOne,
  createJob,
  expire,
  failsWith,
  spelledOut,
  sql,
} from '../leases/support.js';
import { freshDatabase } from '../testing/index.js';

const { engine } = await freshDatabase(t);

interface Held {
  readonly idChunk: bigint;
  readonly token: bigint;
  readonly resultado?: string;
}

function complete(
  chunks: readonly Held[],
  more: Partial<trabajo.CompletarChunksArgs> = {},
): Promise<readonly trabajo.CompletarChunksRow[]> {
  return trabajo.completarChunks(engine, {
    poseedor: 'w',
    chunks: chunks.map(({ idChunk, token, resultado }) => ({ idChunk, token, resultado: resultado ?? null })),
    ...more,
  });
}

/** What is known of each chunk, by its ID. */
function said(chunks: readonly Held[], rows: readonly trabajo.CompletarChunksRow[]): Record<string, string> {
  return Object.fromEntries(
    spelledOut(chunks, rows).map(({ idChunk, situacion }) => [String(idChunk), situacion]),
  );
}

await t.test('a batch is completed with its results', async (t) => {
  const idTrabajo = await createJob(engine, 'LOTE', 3);
  const [a, b, c] = await claim(engine, 'LOTE', 'w', 3);
  if (!a || !b || !c) throw new Error('three chunks');
  const first = await complete([
    { ...b, resultado: '{"ñ":2}' },
    { ...a, resultado: '[1]' },
  ]);
  t.same(first, [], 'nothing is said of what went well, in a job that goes on');
  t.match(await chunkRow(engine, a.idChunk), {
    estado: 'COMPLETADO',
    poseedor: null,
    expira: null,
    token: 1n,
    intento: 1,
    resultado: '[1]',
  });
  t.match(await chunkRow(engine, b.idChunk), { estado: 'COMPLETADO', resultado: '{"ñ":2}' });
  t.ok((await chunkRow(engine, b.idChunk))['fin'] instanceof Date);
  t.match(await chunkRow(engine, c.idChunk), { estado: 'PENDIENTE', poseedor: 'w' });
  t.match(
    await complete([c]),
    [
      {
        ...{ situacion: 'COMPLETADO', idChunk: c.idChunk, token: 1n, idTrabajo, restantes: 0 },
        ...{ tipo: null, orden: null, peso: null, expira: null },
      },
    ],
    'the last one says so',
  );
  t.match(await trabajo.finalizarTrabajo(engine, { idTrabajo }), { estado: 'COMPLETADO', completados: 3 });
});

await t.test('a repeated call says the same and changes nothing', async (t) => {
  await createJob(engine, 'REPITE', 2);
  const held = await claim(engine, 'REPITE', 'w', 2);
  const first = await complete(held);
  const before = await Promise.all(held.map(({ idChunk }) => chunkRow(engine, idChunk)));
  t.same(await complete(held.map((chunk) => ({ ...chunk, resultado: '{"otra":1}' }))), first);
  t.same(await Promise.all(held.map(({ idChunk }) => chunkRow(engine, idChunk))), before);
  const [one] = held;
  if (one === undefined) throw new Error('two chunks');
  t.match(await trabajo.completarChunk(engine, one), { estado: 'COMPLETADO' }, 'singly as well');
});

await t.test('what is lost is said to be, and keeps nothing else from being completed', async (t) => {
  await createJob(engine, 'PIERDE', 6);
  const [own, moved, back, failed, single, future] = await claim(engine, 'PIERDE', 'w', 6);
  if (!own || !moved || !back || !failed || !single || !future) throw new Error('six chunks');
  await expire(engine, moved.idChunk);
  t.match(await claimOne(engine, 'PIERDE', 'other'), { idChunk: moved.idChunk, token: 2n });
  await trabajo.devolverChunk(engine, back);
  await trabajo.fallarChunk(engine, { ...failed, error: 'no', reintentable: false });
  await trabajo.completarChunk(engine, { ...single, resultado: '{"a":1}' });
  const unknown = { idChunk: 999_999_999n, token: 1n };
  const batch = [own, moved, back, failed, single, unknown, { ...future, token: 2n }];
  const rows = await complete(batch);
  t.same(said(batch, rows), {
    [String(own.idChunk)]: 'COMPLETADO',
    [String(moved.idChunk)]: 'PERDIDO',
    [String(back.idChunk)]: 'PERDIDO',
    [String(failed.idChunk)]: 'PERDIDO',
    [String(single.idChunk)]: 'COMPLETADO',
    [String(unknown.idChunk)]: 'PERDIDO',
    [String(future.idChunk)]: 'PERDIDO',
  });
  for (const { situacion, restantes, idChunk, idTrabajo } of rows) {
    t.equal(situacion, 'PERDIDO');
    t.equal(restantes, null);
    t.equal(idTrabajo === null, idChunk === unknown.idChunk);
  }
  t.match(await chunkRow(engine, moved.idChunk), { estado: 'PENDIENTE', poseedor: 'other', token: 2n });
  t.match(await chunkRow(engine, back.idChunk), { estado: 'PENDIENTE', poseedor: null, token: 1n });
  t.match(await chunkRow(engine, failed.idChunk), { estado: 'ERROR', ultimo_error: 'no' });
  t.match(await chunkRow(engine, single.idChunk), { resultado: '{"a":1}' });
  t.match(await chunkRow(engine, future.idChunk), { estado: 'PENDIENTE', poseedor: 'w', token: 1n });
});

await t.test('an expired lease that nobody has claimed is still its holder’s', async (t) => {
  await createJob(engine, 'TARDE', 1);
  const held = await claimOne(engine, 'TARDE', 'w');
  await expire(engine, held.idChunk);
  t.match(await complete([held]), [{ situacion: 'COMPLETADO', restantes: 0 }]);
});

await t.test('chunks of a cancelled job become CANCELADO', async (t) => {
  const cancelled = await createJob(engine, 'ANULA', 2);
  const held = await claim(engine, 'ANULA', 'w', 1);
  const alive = await createJob(engine, 'ANULA2', 1);
  const other = await claimOne(engine, 'ANULA2', 'w');
  await trabajo.cancelarTrabajo(engine, { idTrabajo: cancelled });
  const batch = [...held, other];
  for (let time = 0; time < 2; time += 1) {
    const rows = await complete(batch.map((chunk) => ({ ...chunk, resultado: '{"x":1}' })));
    t.match(rows, [
      { situacion: 'CANCELADO', idTrabajo: cancelled, restantes: null },
      { situacion: 'COMPLETADO', idTrabajo: alive, restantes: 0 },
    ]);
  }
  t.match(await chunkRow(engine, held[0]?.idChunk ?? 0n), {
    estado: 'CANCELADO',
    poseedor: null,
    resultado: null,
    token: 1n,
  });
  t.match(await trabajo.finalizarTrabajo(engine, { idTrabajo: cancelled }), { estado: 'CANCELADO' });
});

await t.test('the same call claims the next ones, as a claim of its own would', async (t) => {
  const parametros = '{"p":"ñ"}';
  const idTrabajo = await createJob(engine, 'SIGUE', [9, 8, 7, 6, 5], { parametros });
  const none = await complete([], { tipos: [{ tipo: 'SIGUE' }] });
  t.same(none, [], 'neither chunks nor claims: nothing');
  const begun = await complete([], { reclamar: 2, tipos: [{ tipo: 'SIGUE' }], arriendoS: 90 });
  t.match(begun, [
    { situacion: 'RECLAMADO', token: 1n, idTrabajo, restantes: null, tipo: 'SIGUE', orden: 1, peso: 9 },
    {
      situacion: 'RECLAMADO',
      orden: 2,
      intento: 1,
      maxIntentos: 3,
      parametros,
      recurso: null,
      rangoInicio: null,
    },
  ]);
  const left = (begun[0]?.expira?.getTime() ?? 0) - Date.now();
  t.ok(left > 60_000 && left < 120_000, `a lease of 90 s, ${left} ms are left`);
  t.match(await chunkRow(engine, begun[0]?.idChunk ?? 0n), { poseedor: 'w', token: 1n });

  const next = await complete(begun, { reclamar: 2, tipos: [{ tipo: 'SIGUE' }] });
  t.same(next.map(({ situacion, orden, restantes }) => [situacion, orden, restantes]).toSorted(), [
    ['RECLAMADO', 3, null],
    ['RECLAMADO', 4, null],
  ]);
  const held = next.filter(({ situacion }) => situacion === 'RECLAMADO');
  const other = await createJob(engine, 'OTRA', 1);
  const last = await complete(held, { reclamar: 5, idTrabajo: other });
  t.same(
    last.filter(({ situacion }) => situacion === 'RECLAMADO').map((row) => row.idTrabajo),
    [other],
  );
  t.equal(last.length, 1, 'one is free, so nothing is said of those completed');
  const end = await complete([], { reclamar: 5, idTrabajo });
  const over = await complete(end, { reclamar: 5, idTrabajo });
  t.match(over, [{ situacion: 'COMPLETADO', restantes: 0 }], 'nothing left to claim');
});

await t.test('what is expired or was given back is claimed with a higher token', async (t) => {
  await createJob(engine, 'VUELVE', 3);
  const [gone, back, done] = await claim(engine, 'VUELVE', 'w1', 3);
  if (!gone || !back || !done) throw new Error('three chunks');
  await expire(engine, gone.idChunk);
  await trabajo.devolverChunk(engine, back);
  const rows = await complete([done], { reclamar: 5, tipos: [{ tipo: 'VUELVE' }] });
  t.same(
    rows.map(({ situacion, idChunk, token }) => [situacion, idChunk, token]).toSorted(),
    [
      ['RECLAMADO', gone.idChunk, 2n],
      ['RECLAMADO', back.idChunk, 2n],
    ].toSorted(),
  );
});

await t.test('a batch over several jobs says of each whether chunks are left', async (t) => {
  const open = await createJob(engine, 'VARIOS', 2);
  const whole = await createJob(engine, 'VARIOS', 2);
  const held = await claim(engine, 'VARIOS', 'w', 4);
  const batch = held.filter(({ idTrabajo, orden }) => idTrabajo === whole || orden === 1);
  const rows = await complete(batch);
  t.same(
    rows.map(({ idTrabajo, restantes }) => [idTrabajo, restantes]),
    [
      [whole, 0],
      [whole, 0],
    ],
    'of the other one nothing: it goes on',
  );
  t.match(await trabajo.estadoTrabajo(engine, { idTrabajo: open }), { completados: 1, enProgreso: 1 });
});

await t.test('the last chunk of one job is told of while another job’s are claimed', async (t) => {
  const over = await createJob(engine, 'ACABA', 1);
  const last = await claimOne(engine, 'ACABA', 'w');
  const on = await createJob(engine, 'NO_ACABA', 1);
  const rows = await complete([last], { reclamar: 1, idTrabajo: on });
  t.match(spelledOut([last], rows), [
    { situacion: 'COMPLETADO', idChunk: last.idChunk, idTrabajo: over, restantes: 0 },
    { situacion: 'RECLAMADO', idTrabajo: on },
  ]);
  t.equal(rows.length, 2);
});

await t.test('2,000 at once', async (t) => {
  const idTrabajo = await createJob(engine, 'MUCHOS', 2500);
  const held = await complete([], { reclamar: 2000, idTrabajo });
  t.equal(held.length, 2000);
  const rows = await complete(held, { reclamar: 2000, idTrabajo });
  t.equal(rows.length, 500);
  t.ok(rows.every(({ situacion }) => situacion === 'RECLAMADO'));
  const [row] = await sql(
    engine,
    "SELECT COUNT(*) AS n FROM trabajo.Chunks WHERE ID_Trabajo = ? AND Estado = 'COMPLETADO' AND Token = 1",
    [idTrabajo],
  );
  t.equal(Number(row?.['n']), 2000);
  await failsWith(t, 50400, complete([...held, { idChunk: 1n, token: 1n }]), /2000/);
  await trabajo.cancelarTrabajo(engine, { idTrabajo });
});

await t.test('kinds whose completion writes more are refused, with the whole call', async (t) => {
  await createJob(engine, 'SIMPLE', 1);
  const simple = await claimOne(engine, 'SIMPLE', 'w');
  for (const [kind, instead] of [
    ['FONDOS', /sp_Completar_Ejecucion/],
    ['LOGS', /sp_Guardar_Bloques/],
  ] as const) {
    await createJob(engine, kind, 1);
    const held = await claimOne(engine, kind, 'w');
    await failsWith(t, 50409, complete([simple, held], { reclamar: 1 }), instead);
    t.match(await chunkRow(engine, held.idChunk), { estado: 'PENDIENTE', poseedor: 'w' });
    t.match(await chunkRow(engine, simple.idChunk), { estado: 'PENDIENTE', poseedor: 'w' });
  }
  t.match(await complete([simple]), [{ situacion: 'COMPLETADO' }]);
});

await t.test('bad arguments are refused, and nothing is written', async (t) => {
  const idTrabajo = await createJob(engine, 'MALO', 2);
  const held = await claimOne(engine, 'MALO', 'w');
  await failsWith(t, 50400, complete([held], { poseedor: ' ' }));
  await failsWith(t, 50400, complete([held], { reclamar: -1 }));
  await failsWith(t, 50400, complete([held], { reclamar: 2001 }));
  await failsWith(t, 50400, complete([held], { reclamar: 1, arriendoS: 0 }));
  await failsWith(t, 50400, complete([held], { reclamar: 1, arriendoS: 86_401 }));
  for (const resultado of ['no json', '1', '"text"']) {
    await failsWith(t, 50400, complete([{ ...held, resultado }]), new RegExp(String(held.idChunk)));
  }
  await t.rejects(complete([held, held]), 'the same chunk twice');
  t.match(await chunkRow(engine, held.idChunk), { estado: 'PENDIENTE', poseedor: 'w' });
  t.match(await trabajo.estadoTrabajo(engine, { idTrabajo }), { pendientes: 1, enProgreso: 1 });
});
