/** The review of logs: its procedures, one after another. What sessions do at once is in test/leases/review.test.ts. */
import t from 'tap';

import { createMigrator } from '../../migrator/index.js';
import { logs, trabajo } from '../../procedures/generated/index.js';
import {
  block,
  blocksOf,
  claimReview,
  finishReview,
  ranges,
  sha256,
  startReview,
  startsOf,
  store,
} from '../leases/reviews.js';
import { chunkRow, createJob, claimOne, due, expire, failsWith, sql } from '../leases/support.js';
import { asRole, freshDatabase } from '../testing/index.js';

t.setTimeout(180_000);
const db = await freshDatabase(t);
const { engine } = db;

await t.test('a review from its start to its report', async (t) => {
  const ruta = '/var/log/app.log';
  t.same(await logs.buscarArchivo(engine, { ruta }), [], 'never seen');
  const { idTrabajo, idArchivo, creado } = await startReview(engine, {
    ruta,
    cuts: [0, 40, 100],
    usuario: 'ana',
  });
  t.ok(creado);
  const known = {
    idArchivo,
    huella: sha256('head'),
    huellaBytes: 4096,
    opciones: sha256('options'),
    leido: 0n,
    reanudarEn: 0n,
    idTrabajo: null,
    tipo: null,
    estado: null,
  };
  t.same(await logs.buscarArchivo(engine, { ruta }), [
    { ...known, trabajoVivo: idTrabajo, desde: 0n, hasta: 100n },
  ]);
  const state = await trabajo.estadoTrabajo(engine, { idTrabajo });
  t.match(state, { tipo: 'LOGS', estado: 'EN_PROGRESO', clave: null, total: 2, pendientes: 2 });
  t.same(JSON.parse(state.parametros ?? ''), {
    gzip: false,
    tamano: '1',
    id_archivo: String(idArchivo),
    ruta,
    desde: '0',
    hasta: '100',
  });

  const first = await claimReview(engine, idTrabajo);
  t.match(first, { orden: 1, rangoInicio: 0n, rangoFin: 40n, recurso: ruta, intento: 1 });
  const momento = new Date('2024-02-29T23:59:59.123Z');
  const whole = block(7, {
    byteFin: 30n,
    nivel: 'FATAL',
    momento,
    firma: 'ñandú <n>',
    primeraLinea: 'first \u{1F4A5}',
    texto: 'first \u{1F4A5}\r\n\tat x',
    recortado: true,
  });
  t.same(await store(engine, first, [whole, block(30, { momento: null })]), {
    estado: 'COMPLETADO',
    bloques: 2,
    restantes: 1,
  });
  t.match(await blocksOf(engine, idArchivo), [
    {
      id_archivo: idArchivo,
      byte_inicio: 7n,
      byte_fin: 30n,
      id_trabajo: idTrabajo,
      id_chunk: first.idChunk,
      nivel: 'FATAL',
      momento,
      firma: 'ñandú <n>',
      primera_linea: 'first \u{1F4A5}',
      texto: 'first \u{1F4A5}\r\n\tat x',
      recortado: true,
    },
    { byte_inicio: 30n, byte_fin: 40n, momento: null, recortado: false },
  ]);
  t.match(await chunkRow(engine, first.idChunk), {
    estado: 'COMPLETADO',
    resultado: '{"bloques":2}',
    poseedor: null,
  });
  t.match(await logs.finalizarRevision(engine, { idTrabajo }), {
    estado: 'EN_PROGRESO',
    finalizado: false,
    total: null,
  });

  const last = await claimReview(engine, idTrabajo);
  const resultado = '{"bloques":1,"reanudar_en":"90"}';
  t.same(await store(engine, last, [block(90, { momento })], { resultado }), {
    estado: 'COMPLETADO',
    bloques: 1,
    restantes: 0,
  });
  t.match(await trabajo.trabajosPorFinalizar(engine, { tipos: [{ tipo: 'LOGS' }] }), [{ idTrabajo }]);
  const ended = { estado: 'COMPLETADO', total: 2, completados: 2, fallidos: 0, cancelados: 0 };
  t.same(await logs.finalizarRevision(engine, { idTrabajo }), { ...ended, finalizado: true });
  t.same(await logs.finalizarRevision(engine, { idTrabajo }), { ...ended, finalizado: false });
  t.same(await logs.buscarArchivo(engine, { ruta }), [
    {
      ...known,
      leido: 100n,
      reanudarEn: 90n,
      idTrabajo,
      tipo: 'LOGS',
      estado: 'COMPLETADO',
      trabajoVivo: null,
      desde: null,
      hasta: null,
    },
  ]);

  const summary = {
    idTrabajo,
    tipo: 'LOGS',
    ruta,
    idArchivo,
    estado: 'COMPLETADO',
    desde: 0n,
    hasta: 100n,
    bloques: 3,
    firmas: 2,
    ultimoError: null,
  };
  t.match(await logs.resumenRevision(engine, { idTrabajo }), summary);
  t.match(await logs.resumenRevision(engine, { ruta }), summary);
  t.match(await logs.resumenRevision(engine), summary, 'the newest');
  t.same(await logs.informeBloques(engine, { idTrabajo }), [
    {
      firma: 'failed <n>',
      nivel: 'ERROR',
      veces: 2,
      primero: momento,
      ultimo: momento,
      ejemplo: '2024-01-02 03:04:05 ERROR failed 30',
      ejemploInicio: 30n,
    },
    {
      firma: 'ñandú <n>',
      nivel: 'FATAL',
      veces: 1,
      primero: momento,
      ultimo: momento,
      ejemplo: 'first \u{1F4A5}',
      ejemploInicio: 7n,
    },
  ]);
});

await t.test('what a review may not begin with', async (t) => {
  const ruta = '/bad.log';
  const refused = (more: Partial<logs.IniciarRevisionArgs>, message?: RegExp) =>
    failsWith(t, 50400, startReview(engine, { ruta, ...more }), message);
  await refused({ ruta: '' });
  await refused({ ruta: 'ends in a space ' });
  await refused({ huella: 'abc' });
  await refused({ opciones: 'abc' });
  await refused({ huellaBytes: -1 });
  await refused({ desde: -1n });
  await refused({ desde: 10n, hasta: 9n });
  await refused({ parametros: '[]' });
  await refused({ parametros: '{' });
  await refused({ chunks: [] }, /100/);
  await refused({ chunks: ranges([0, 50, 99]) }, /100/);
  await refused({ chunks: ranges([0, 50, 101]) }, /100/);
  await refused({ chunks: ranges([1, 100]) }, /comenzar en 0/);
  await refused(
    { chunks: [...ranges([0, 50]), { orden: 2, rangoInicio: 51n, rangoFin: 100n, peso: 1 }] },
    /50/,
  );
  await refused(
    { chunks: [...ranges([0, 50]), { orden: 2, rangoInicio: 49n, rangoFin: 100n, peso: 1 }] },
    /50/,
  );
  await refused({ chunks: [{ orden: 1, rangoInicio: 0n, rangoFin: 100n, peso: -1 }] });
  await refused({ chunks: [{ orden: 1, peso: 1 }] });
  await refused({ chunks: ranges([0, 50, 50, 100]) });
  await refused({ secuencial: true, chunks: ranges([0, 100]) }, /secuencial/);
  await refused({ parametros: '{"gzip":true}', chunks: ranges([0, 50, 100]) }, /comprimido/);
  await failsWith(t, 50409, startReview(engine, { ruta, cuts: [10, 100] }), /desde 0/);
  await failsWith(t, 50404, startReview(engine, { ruta, idArchivo: 999_999n }));
  t.same(await logs.buscarArchivo(engine, { ruta }), [], 'nothing was written');
  await failsWith(t, 50400, logs.buscarArchivo(engine, { ruta: '' }));
});

await t.test('chunks in any order of their list cover the range by their bytes', async (t) => {
  const { idTrabajo } = await startReview(engine, {
    ruta: '/order.log',
    chunks: [
      { orden: 1, rangoInicio: 60n, rangoFin: 100n, peso: 5, recurso: 'other' },
      { orden: 2, rangoInicio: 0n, rangoFin: 60n, peso: 9 },
    ],
  });
  t.match(await claimReview(engine, idTrabajo), { orden: 2, recurso: '/order.log' }, 'the heaviest first');
  t.match(await claimReview(engine, idTrabajo), { orden: 1, recurso: 'other' });
});

await t.test('a review of many chunks', async (t) => {
  const cuts = Array.from({ length: 4501 }, (_, i) => i * 10);
  const { idTrabajo } = await startReview(engine, { ruta: '/many-chunks.log', cuts });
  t.match(await trabajo.estadoTrabajo(engine, { idTrabajo }), { total: 4500 });
  await trabajo.cancelarTrabajo(engine, { idTrabajo });
  t.match(await logs.finalizarRevision(engine, { idTrabajo }), { estado: 'CANCELADO', cancelados: 4500 });
});

await t.test('an empty range is complete at once', async (t) => {
  const { idTrabajo, idArchivo } = await startReview(engine, { ruta: '/empty.log', cuts: [0] });
  t.match(await logs.finalizarRevision(engine, { idTrabajo }), {
    estado: 'COMPLETADO',
    finalizado: true,
    total: 0,
  });
  t.match(await logs.buscarArchivo(engine, { ruta: '/empty.log' }), [{ idArchivo, leido: 0n, idTrabajo }]);
});

await t.test('blocks are stored under the token, once, and only where the chunk is', async (t) => {
  const { idTrabajo, idArchivo } = await startReview(engine, { ruta: '/rules.log', cuts: [0, 50, 100] });
  const chunk = await claimReview(engine, idTrabajo);
  const { idChunk, token } = chunk;
  await failsWith(t, 50410, store(engine, chunk, [], { token: token + 1n }), /token/);
  await failsWith(t, 50404, store(engine, chunk, [], { idChunk: 999_999n }));
  await failsWith(t, 50400, store(engine, chunk, [], { resultado: 'no json' }));
  await failsWith(t, 50400, store(engine, chunk, [block(50)]), /50/);
  await failsWith(t, 50400, store(engine, chunk, [block(10), block(5)], { desde: 10n }), /5 a 15/);
  await failsWith(t, 50400, store(engine, chunk, [block(10, { byteFin: 10n })]));
  await failsWith(t, 50400, store(engine, chunk, [block(50)], { hasta: 51n }), /no es suyo/);
  await failsWith(t, 50400, store(engine, chunk, [], { desde: 20n, hasta: 19n }));
  t.same(await blocksOf(engine, idArchivo), [], 'none of these wrote anything');

  t.match(await store(engine, chunk, [block(0), block(45, { byteFin: 60n })]), {
    estado: 'COMPLETADO',
    bloques: 2,
  });
  const rows = await blocksOf(engine, idArchivo);
  const row = await chunkRow(engine, idChunk);
  t.same(await store(engine, chunk, [block(20)]), { estado: 'COMPLETADO', bloques: 0, restantes: 1 });
  t.same(await store(engine, chunk, [block(20)], { completar: false }), {
    estado: 'COMPLETADO',
    bloques: 0,
    restantes: 1,
  });
  t.same(await blocksOf(engine, idArchivo), rows, 'a call that is repeated writes nothing');
  t.same(await chunkRow(engine, idChunk), row);

  const given = await claimReview(engine, idTrabajo);
  await trabajo.devolverChunk(engine, given);
  await failsWith(t, 50410, store(engine, given, []), /arrendado/);
  const cancelled = await claimReview(engine, idTrabajo);
  await trabajo.cancelarTrabajo(engine, { idTrabajo });
  await failsWith(t, 50499, store(engine, cancelled, [block(60)]), /cancelado/);
  await trabajo.devolverChunk(engine, cancelled);
  t.match(await logs.finalizarRevision(engine, { idTrabajo }), { estado: 'CANCELADO', finalizado: true });
  t.same(await blocksOf(engine, idArchivo), rows);

  await createJob(engine, 'OTRO', 1);
  const other = await claimOne(engine, 'OTRO', 'w');
  await failsWith(t, 50409, store(engine, other, []), /OTRO/);
});

await t.test(
  'a chunk that is too large for one call goes in parts, and an attempt replaces the one before',
  async (t) => {
    const { idTrabajo, idArchivo } = await startReview(engine, { ruta: '/parts.log' });
    const killed = await claimReview(engine, idTrabajo, 'killed');
    t.same(await store(engine, killed, [block(0), block(30)], { hasta: 40n, completar: false }), {
      estado: 'EN_PROGRESO',
      bloques: 2,
      restantes: 1,
    });
    t.same(
      await store(engine, killed, [block(40), block(66)], { desde: 40n, hasta: 70n, completar: false }),
      {
        estado: 'EN_PROGRESO',
        bloques: 2,
        restantes: 1,
      },
    );
    t.match(await chunkRow(engine, killed.idChunk), {
      estado: 'PENDIENTE',
      poseedor: 'killed',
      resultado: null,
    });

    await expire(engine, killed.idChunk);
    const chunk = await claimReview(engine, idTrabajo, 'next');
    await failsWith(t, 50410, store(engine, killed, [block(80)], { desde: 70n, completar: false }));
    await store(engine, chunk, [block(1)], { hasta: 60n, completar: false });
    t.same(await startsOf(engine, idArchivo), [1, 66], 'the parts are replaced one by one');
    await store(engine, chunk, [block(60), block(90)], { desde: 60n });
    t.same(await startsOf(engine, idArchivo), [1, 60, 90]);
    t.match(await logs.finalizarRevision(engine, { idTrabajo }), { estado: 'COMPLETADO' });
  },
);

await t.test('thousands of blocks in one call, replaced by others', async (t) => {
  const { idTrabajo, idArchivo } = await startReview(engine, { ruta: '/many.log', cuts: [0, 1_000_000] });
  const many = Array.from({ length: 4500 }, (_, i) => block(i * 100, { firma: `kind ${i % 3} <n>` }));
  const chunk = await claimReview(engine, idTrabajo);
  t.match(await store(engine, chunk, many, { completar: false }), { bloques: 4500 });
  t.match(await store(engine, chunk, many.slice(0, 4200)), { estado: 'COMPLETADO', bloques: 4200 });
  t.same(
    await startsOf(engine, idArchivo),
    many.slice(0, 4200).map(({ byteInicio }) => Number(byteInicio)),
  );
  await logs.finalizarRevision(engine, { idTrabajo });
  t.match(await logs.informeBloques(engine, { idTrabajo, maximo: 2 }), [
    { firma: 'kind 0 <n>', veces: 1400, ejemploInicio: 0n },
    { firma: 'kind 1 <n>', veces: 1400, ejemploInicio: 100n },
  ]);
  t.match(await logs.resumenRevision(engine, { idTrabajo }), { bloques: 4200, firmas: 3 });

  const next = await startReview(engine, { ruta: '/too-many.log', cuts: [0, 1_000_000] });
  const taken = await claimReview(engine, next.idTrabajo);
  const tooMany = Array.from({ length: 20_001 }, (_, i) => block(i, { byteFin: BigInt(i + 1), texto: 'x' }));
  await failsWith(t, 50400, store(engine, taken, tooMany), /20000/);
});

await t.test('a file that grew is read on from where its last block or line began', async (t) => {
  const ruta = '/grows.log';
  const first = await startReview(engine, {
    ruta,
    cuts: [0, 50, 100],
    huella: sha256('short'),
    huellaBytes: 100,
  });
  const { idArchivo } = first;
  await finishReview(engine, first.idTrabajo, [block(10), block(90)], 90);

  const refused = (more: Partial<logs.IniciarRevisionArgs> & { cuts?: number[] }, message: RegExp) =>
    failsWith(
      t,
      50409,
      startReview(engine, { ruta, idArchivo, huellaBytes: 100, huella: sha256('short'), ...more }),
      message,
    );
  await refused({ cuts: [91, 200] }, /desde 90/);
  await refused({ cuts: [90, 99] }, /mas corto/);
  await refused({ cuts: [90, 200], huella: sha256('other') }, /reemplazado/);
  await refused({ cuts: [90, 200], huellaBytes: 99 }, /reemplazado/);
  await refused({ cuts: [90, 200], opciones: sha256('other') }, /desde 0/);
  await failsWith(t, 50404, startReview(engine, { ruta: '/another.log', idArchivo }));

  const grown = { huella: sha256('long'), huellaBytes: 4096 };
  const second = await startReview(engine, { ruta, idArchivo, cuts: [90, 150, 200], ...grown });
  t.same(second, { idTrabajo: second.idTrabajo, idArchivo, creado: true });
  t.match(await logs.buscarArchivo(engine, { ruta }), [
    {
      ...grown,
      leido: 100n,
      reanudarEn: 90n,
      idTrabajo: first.idTrabajo,
      trabajoVivo: second.idTrabajo,
      desde: 90n,
      hasta: 200n,
    },
  ]);
  await finishReview(engine, second.idTrabajo, [block(90, { byteFin: 120n }), block(160)], 200);
  t.match(await blocksOf(engine, idArchivo), [
    { byte_inicio: 10n, id_trabajo: first.idTrabajo },
    { byte_inicio: 90n, byte_fin: 120n, id_trabajo: second.idTrabajo },
    { byte_inicio: 160n, id_trabajo: second.idTrabajo },
  ]);
  t.match(await logs.buscarArchivo(engine, { ruta }), [
    { leido: 200n, reanudarEn: 200n, idTrabajo: second.idTrabajo },
  ]);
  t.match(await logs.informeBloques(engine, { ruta }), [{ veces: 3, ejemploInicio: 10n }]);
  t.match(await logs.informeBloques(engine, { idTrabajo: second.idTrabajo }), [
    { veces: 2, ejemploInicio: 90n },
  ]);
  t.match(await logs.resumenRevision(engine, { ruta }), {
    idTrabajo: second.idTrabajo,
    bloques: 3,
    desde: 90n,
  });
  t.match(await logs.resumenRevision(engine, { idTrabajo: second.idTrabajo }), { bloques: 2 });
});

await t.test('another file of that path is another file', async (t) => {
  const ruta = '/rotated.log';
  const old = await startReview(engine, { ruta });
  await finishReview(engine, old.idTrabajo, [block(0), block(50)]);
  const fresh = await startReview(engine, { ruta, cuts: [0, 20], huella: sha256('new') });
  t.not(fresh.idArchivo, old.idArchivo);
  t.match(await logs.buscarArchivo(engine, { ruta }), [
    { idArchivo: fresh.idArchivo, leido: 0n, huella: sha256('new') },
  ]);
  await finishReview(engine, fresh.idTrabajo, [block(0)]);
  t.match(await logs.informeBloques(engine, { ruta }), [{ veces: 1 }], 'the newest');
  t.match(await logs.informeBloques(engine, { idTrabajo: old.idTrabajo }), [{ veces: 2 }]);
  await failsWith(
    t,
    50409,
    startReview(engine, { ruta, idArchivo: old.idArchivo, cuts: [0, 200] }),
    /reemplazado/,
  );
  t.match(await logs.listarRevisiones(engine, { ruta }), [{ idArchivo: fresh.idArchivo }]);
});

await t.test('other options mean from the beginning, and unread until that is complete', async (t) => {
  const ruta = '/options.log';
  const first = await startReview(engine, { ruta });
  await finishReview(engine, first.idTrabajo, [block(0), block(50)], 50);
  const again = { ruta, idArchivo: first.idArchivo, opciones: sha256('pattern') };
  const second = await startReview(engine, { ...again, cuts: [0, 60, 120] });
  t.match(await logs.buscarArchivo(engine, { ruta }), [
    { opciones: sha256('pattern'), leido: 0n, reanudarEn: 0n },
  ]);
  await store(engine, await claimReview(engine, second.idTrabajo), [block(5)]);
  await trabajo.cancelarTrabajo(engine, { idTrabajo: second.idTrabajo });
  t.match(await logs.finalizarRevision(engine, { idTrabajo: second.idTrabajo }), { estado: 'CANCELADO' });
  t.match(await logs.buscarArchivo(engine, { ruta }), [
    { leido: 0n, idTrabajo: first.idTrabajo, trabajoVivo: null },
  ]);
  await failsWith(t, 50409, startReview(engine, { ...again, cuts: [50, 120] }), /desde 0/);
  const third = await startReview(engine, { ...again, cuts: [0, 120] });
  await finishReview(engine, third.idTrabajo, [block(5), block(110)], 110);
  t.same(await startsOf(engine, first.idArchivo), [5, 110]);
  t.match(await logs.buscarArchivo(engine, { ruta }), [
    { leido: 120n, reanudarEn: 110n, idTrabajo: third.idTrabajo },
  ]);
});

await t.test('one chunk that failed makes the review fail, and the file stays where it was', async (t) => {
  const ruta = '/fails.log';
  const first = await startReview(engine, { ruta });
  await finishReview(engine, first.idTrabajo, [block(90)], 90);
  const { idArchivo } = first;
  const second = await startReview(engine, { ruta, idArchivo, cuts: [90, 150, 200] });
  const chunk = await claimReview(engine, second.idTrabajo);
  await trabajo.fallarChunk(engine, { ...chunk, error: 'the file changed', reintentable: false });
  t.same(await finishReview(engine, second.idTrabajo, [block(160)]), {
    estado: 'ERROR',
    finalizado: true,
    total: 2,
    completados: 1,
    fallidos: 1,
    cancelados: 0,
  });
  t.match(await logs.buscarArchivo(engine, { ruta }), [
    { leido: 100n, reanudarEn: 90n, idTrabajo: first.idTrabajo, estado: 'COMPLETADO', trabajoVivo: null },
  ]);
  t.match(await logs.resumenRevision(engine, { ruta }), {
    idTrabajo: second.idTrabajo,
    estado: 'ERROR',
    ultimoError: 'the file changed',
  });
  const third = await startReview(engine, { ruta, idArchivo, cuts: [90, 210] });
  t.match(await finishReview(engine, third.idTrabajo, [block(90)], 210), { estado: 'COMPLETADO' });
  t.same(await startsOf(engine, idArchivo), [90], 'what the failed one had stored is replaced');
});

await t.test('an older review that comes to life again writes nothing', async (t) => {
  const ruta = '/overtaken.log';
  const old = await startReview(engine, { ruta });
  await trabajo.cancelarTrabajo(engine, { idTrabajo: old.idTrabajo });
  await logs.finalizarRevision(engine, { idTrabajo: old.idTrabajo });
  const { idTrabajo, idArchivo } = await startReview(engine, { ruta, idArchivo: old.idArchivo });
  await finishReview(engine, idTrabajo, [block(3)]);
  await sql(
    engine,
    "UPDATE trabajo.Trabajos SET Estado = 'EN_PROGRESO', FechaFin = NULL WHERE ID_Trabajo = ?",
    [old.idTrabajo],
  );
  await sql(engine, 'UPDATE trabajo.Trabajos SET Cancelado = ? WHERE ID_Trabajo = ?', [false, old.idTrabajo]);
  await sql(engine, "UPDATE trabajo.Chunks SET Estado = 'PENDIENTE', Fin = NULL WHERE ID_Trabajo = ?", [
    old.idTrabajo,
  ]);
  await failsWith(
    t,
    50409,
    store(engine, await claimReview(engine, old.idTrabajo), [block(4)]),
    /ultima revision/,
  );
  t.same(await startsOf(engine, idArchivo), [3]);
});

await t.test('a second scan of what is being scanned joins it; any other is refused', async (t) => {
  const ruta = '/joined.log';
  const first = await startReview(engine, { ruta, cuts: [0, 50, 100] });
  t.same(await startReview(engine, { ruta }), { ...first, creado: false }, 'with other cuts');
  t.same(await startReview(engine, { ruta, idArchivo: first.idArchivo }), { ...first, creado: false });
  const refused = (more: Partial<logs.IniciarRevisionArgs> & { cuts?: number[] }) =>
    failsWith(t, 50409, startReview(engine, { ruta, ...more }), new RegExp(`trabajo ${first.idTrabajo} `));
  await refused({ cuts: [0, 101] });
  await refused({ huella: sha256('other') });
  await refused({ huellaBytes: 5000 });
  await refused({ opciones: sha256('other') });
  await refused({ secuencial: true });
  await refused({ idArchivo: first.idArchivo + 1000n });
  t.match(await trabajo.estadoTrabajo(engine, { idTrabajo: first.idTrabajo }), {
    estado: 'EN_PROGRESO',
    total: 2,
  });
  t.same(
    await startReview(engine, { ruta: '/JOINED.log' }).then(({ creado }) => creado),
    true,
    'letter by letter',
  );

  const held = await claimReview(engine, first.idTrabajo);
  await trabajo.cancelarTrabajo(engine, { idTrabajo: first.idTrabajo });
  t.match(
    await logs.buscarArchivo(engine, { ruta }),
    [{ trabajoVivo: null }],
    'a cancelled one cannot be joined',
  );
  await failsWith(t, 50409, startReview(engine, { ruta }), /fue cancelado/);
  await expire(engine, held.idChunk);
  const next = await startReview(engine, { ruta, idArchivo: first.idArchivo });
  t.ok(next.creado, 'it was ended on the way');
  t.match(await trabajo.estadoTrabajo(engine, { idTrabajo: first.idTrabajo }), {
    estado: 'CANCELADO',
    cancelados: 2,
  });
});

await t.test('a review that lacks nothing but its end is ended by the next one', async (t) => {
  const ruta = '/unended.log';
  const first = await startReview(engine, { ruta });
  const chunk = await claimReview(engine, first.idTrabajo);
  await store(engine, chunk, [block(0)], { resultado: '{"reanudar_en":"80"}' });
  const second = await startReview(engine, { ruta, idArchivo: first.idArchivo, cuts: [80, 200] });
  t.ok(second.creado);
  t.match(await trabajo.estadoTrabajo(engine, { idTrabajo: first.idTrabajo }), { estado: 'COMPLETADO' });
  t.match(await logs.buscarArchivo(engine, { ruta }), [
    { leido: 100n, reanudarEn: 80n, trabajoVivo: second.idTrabajo },
  ]);
});

await t.test('where the next review begins, when the last chunk says nothing usable', async (t) => {
  for (const [i, resultado] of [
    '{}',
    '{"reanudar_en":"abc"}',
    '{"reanudar_en":"101"}',
    '{"reanudar_en":"-1"}',
    '[]',
  ].entries()) {
    const ruta = `/resume-${i}.log`;
    const { idTrabajo } = await startReview(engine, { ruta });
    await store(engine, await claimReview(engine, idTrabajo), [], { resultado });
    await logs.finalizarRevision(engine, { idTrabajo });
    t.match(await logs.buscarArchivo(engine, { ruta }), [{ leido: 100n, reanudarEn: 100n }], resultado);
  }
});

await t.test('a sequential review: no chunks, no leases, the same result', async (t) => {
  const ruta = '/sequential.log';
  const { idTrabajo, idArchivo } = await startReview(engine, { ruta, secuencial: true });
  t.match(await trabajo.estadoTrabajo(engine, { idTrabajo }), { tipo: 'LOGS_SECUENCIAL', total: 0 });
  t.same(await startReview(engine, { ruta, secuencial: true }), { idTrabajo, idArchivo, creado: false });
  await failsWith(t, 50409, startReview(engine, { ruta }), /LOGS_SECUENCIAL/);
  await failsWith(t, 50409, trabajo.finalizarTrabajo(engine, { idTrabajo }), /sp_Finalizar_Revision/);

  const write = (from: number, to: number, starts: readonly number[], id = idTrabajo) =>
    logs.guardarBloquesSecuencial(engine, {
      idTrabajo: id,
      desde: BigInt(from),
      hasta: BigInt(to),
      bloques: starts.map((start) => block(start)),
    });
  t.same(await write(0, 50, [1, 2, 3]), { bloques: 3 });
  t.same(await write(0, 50, [0, 20]), { bloques: 2 }, 'read again after it was killed');
  t.same(await write(50, 100, [90]), { bloques: 1 });
  t.match(await blocksOf(engine, idArchivo), [
    { byte_inicio: 0n, id_trabajo: idTrabajo, id_chunk: null },
    { byte_inicio: 20n },
    { byte_inicio: 90n },
  ]);
  await failsWith(t, 50400, write(50, 101, []), /no es suyo/);
  await failsWith(t, 50400, write(0, 50, [50]), /50/);
  await failsWith(t, 50404, write(0, 50, [], 999_999n));
  const chunked = await startReview(engine, { ruta: '/chunked.log' });
  await failsWith(t, 50409, write(0, 50, [], chunked.idTrabajo));

  await failsWith(t, 50400, logs.finalizarRevision(engine, { idTrabajo, reanudarEn: -1n }));
  t.same(await logs.finalizarRevision(engine, { idTrabajo, reanudarEn: 90n }), {
    estado: 'COMPLETADO',
    finalizado: true,
    total: 0,
    completados: 0,
    fallidos: 0,
    cancelados: 0,
  });
  t.match(await logs.finalizarRevision(engine, { idTrabajo, error: 'late' }), {
    estado: 'COMPLETADO',
    finalizado: false,
  });
  await failsWith(t, 50409, write(0, 50, []), /COMPLETADO/);
  t.match(await logs.buscarArchivo(engine, { ruta }), [
    { leido: 100n, reanudarEn: 90n, idTrabajo, tipo: 'LOGS_SECUENCIAL', estado: 'COMPLETADO' },
  ]);
  t.match(await logs.resumenRevision(engine, { idTrabajo }), {
    tipo: 'LOGS_SECUENCIAL',
    bloques: 3,
    ultimoError: null,
  });
  t.match(await logs.listarRevisiones(engine, { ruta }), [
    { idTrabajo, estadoTrabajo: 'COMPLETADO', leido: 100n, idChunk: null, orden: null, estado: null },
  ]);
});

await t.test('a sequential review that failed, and one that was cancelled', async (t) => {
  const ruta = '/sequential-fails.log';
  const failed = await startReview(engine, { ruta, secuencial: true });
  const ended = { estado: 'ERROR', finalizado: true };
  const { idTrabajo, idArchivo } = failed;
  t.match(await logs.finalizarRevision(engine, { idTrabajo, error: 'it "shrank"' }), ended);
  t.match(await logs.resumenRevision(engine, { idTrabajo }), { estado: 'ERROR', ultimoError: 'it "shrank"' });
  t.match(await logs.buscarArchivo(engine, { ruta }), [{ leido: 0n, idTrabajo: null, trabajoVivo: null }]);

  const next = await startReview(engine, { ruta, secuencial: true, idArchivo });
  await trabajo.cancelarTrabajo(engine, { idTrabajo: next.idTrabajo });
  const args = { idTrabajo: next.idTrabajo, desde: 0n, hasta: 10n, bloques: [] };
  await failsWith(t, 50499, logs.guardarBloquesSecuencial(engine, args), /cancelado/);
  const third = await startReview(engine, { ruta, idArchivo });
  t.ok(third.creado, 'a cancelled one is ended by whoever comes next');
  t.match(await trabajo.estadoTrabajo(engine, { idTrabajo: next.idTrabajo }), { estado: 'CANCELADO' });
});

await t.test(
  'compressed input: one chunk, whose bytes go beyond the file, always from its start',
  async (t) => {
    const ruta = '/app.log.gz';
    const parametros = '{"gzip":true}';
    const { idTrabajo, idArchivo } = await startReview(engine, { ruta, parametros });
    const chunk = await claimReview(engine, idTrabajo);
    await store(engine, chunk, [block(700)], { hasta: 1000n, completar: false });
    await failsWith(t, 50400, store(engine, chunk, [], { desde: -1n, hasta: 5000n }));
    await store(engine, chunk, [block(4000)], {
      desde: 1000n,
      hasta: 5000n,
      resultado: '{"reanudar_en":"4000"}',
    });
    t.match(await logs.finalizarRevision(engine, { idTrabajo }), { estado: 'COMPLETADO' });
    t.match(await logs.buscarArchivo(engine, { ruta }), [{ leido: 100n, reanudarEn: 0n }]);
    t.same(await startsOf(engine, idArchivo), [700, 4000]);

    const next = await startReview(engine, { ruta, parametros, idArchivo, secuencial: true, cuts: [0, 120] });
    const args = { idTrabajo: next.idTrabajo, desde: 0n, hasta: 9000n, bloques: [block(8000)] };
    t.same(await logs.guardarBloquesSecuencial(engine, args), { bloques: 1 });
    t.same(await startsOf(engine, idArchivo), [8000]);
  },
);

await t.test('a review is ended by its own procedure, and nothing else is', async (t) => {
  const { idTrabajo } = await startReview(engine, { ruta: '/own.log' });
  await failsWith(t, 50409, trabajo.finalizarTrabajo(engine, { idTrabajo }), /sp_Finalizar_Revision/);
  await failsWith(
    t,
    50409,
    trabajo.completarChunk(engine, await claimReview(engine, idTrabajo)),
    /sp_Guardar_Bloques/,
  );
  await failsWith(t, 50400, logs.finalizarRevision(engine, { idTrabajo, error: 'x' }), /secuencial/);
  await failsWith(t, 50400, logs.finalizarRevision(engine, { idTrabajo, reanudarEn: 1n }), /secuencial/);
  await failsWith(t, 50404, logs.finalizarRevision(engine, { idTrabajo: 999_999n }));
  const other = await createJob(engine, 'AJENO', 0);
  await failsWith(t, 50409, logs.finalizarRevision(engine, { idTrabajo: other }), /AJENO/);
});

await t.test('a chunk that was split is reviewed in halves', async (t) => {
  const ruta = '/split.log';
  const { idTrabajo, idArchivo } = await startReview(engine, { ruta, cuts: [0, 60, 100] });
  const chunk = await claimReview(engine, idTrabajo);
  await store(engine, chunk, [block(1)], { hasta: 20n, completar: false });
  const { partido } = await trabajo.partirChunk(engine, {
    idChunk: chunk.idChunk,
    token: chunk.token,
    error: 'out of memory',
    corte: 25n,
  });
  t.ok(partido);
  await failsWith(t, 50410, store(engine, chunk, [block(30)]));
  const listed = await logs.listarRevisiones(engine, { ruta });
  t.same(
    listed.map(({ byteInicio, byteFin }) => [byteInicio, byteFin]),
    [
      [0n, 25n],
      [25n, 60n],
      [60n, 100n],
    ],
    'the whole range, once',
  );
  t.match(await finishReview(engine, idTrabajo, [block(2), block(25), block(99)], 99), {
    estado: 'COMPLETADO',
    total: 3,
    completados: 3,
  });
  t.same(await startsOf(engine, idArchivo), [2, 25, 99]);
  t.match(await logs.buscarArchivo(engine, { ruta }), [{ leido: 100n, reanudarEn: 99n }]);
});

await t.test('what is listed for the state file', async (t) => {
  const ruta = '/listed.log';
  const { idTrabajo, idArchivo } = await startReview(engine, { ruta, cuts: [0, 10, 20, 30, 40] });
  const file = { ruta, idArchivo, idTrabajo, estadoTrabajo: 'EN_PROGRESO', leido: 0n, reanudarEn: 0n };
  const done = await claimReview(engine, idTrabajo, 'a');
  await store(engine, done, []);
  await claimReview(engine, idTrabajo, 'b');
  const expired = await claimReview(engine, idTrabajo, 'c');
  await expire(engine, expired.idChunk);
  const rows = await logs.listarRevisiones(engine, { ruta });
  t.match(rows, [
    { ...file, orden: 1, byteInicio: 0n, byteFin: 10n, estado: 'COMPLETADO', poseedor: null, intento: 1 },
    {
      ...file,
      orden: 2,
      byteInicio: 10n,
      byteFin: 20n,
      estado: 'PROCESANDO',
      poseedor: 'b',
      intento: 1,
      fin: null,
    },
    { ...file, orden: 3, estado: 'PENDIENTE', poseedor: 'c', intento: 1 },
    { ...file, orden: 4, estado: 'PENDIENTE', poseedor: null, intento: 0 },
  ]);
  t.ok(rows[0]?.fin instanceof Date);
  const all = await logs.listarRevisiones(engine);
  t.same(
    all.filter((row) => row.ruta === ruta),
    rows,
  );
  t.equal(
    new Set(all.map((row) => row.ruta)).size,
    new Set(all.map((row) => row.idArchivo)).size,
    'a path once',
  );
  t.same(await logs.listarRevisiones(engine, { ruta: '/unknown.log' }), []);
});

await t.test('a report groups by signature and level, letter by letter', async (t) => {
  const ruta = '/grouped.log';
  const { idTrabajo } = await startReview(engine, { ruta });
  const at = (second: number) => new Date(Date.UTC(2024, 0, 1, 0, 0, second));
  await finishReview(engine, idTrabajo, [
    block(0, { firma: 'Timeout', momento: at(9) }),
    block(10, { firma: 'timeout', momento: null, primeraLinea: 'earliest' }),
    block(20, { firma: 'timeout', momento: at(5) }),
    block(30, { firma: 'timeout', momento: at(1) }),
    block(40, { firma: 'timeout', nivel: 'FATAL' }),
    block(50, { firma: 'Timeout', momento: at(2) }),
    block(60, { firma: 'timeout', nivel: 'Fatal' }),
  ]);
  t.match(await logs.informeBloques(engine, { idTrabajo }), [
    {
      firma: 'timeout',
      nivel: 'ERROR',
      veces: 3,
      primero: at(1),
      ultimo: at(5),
      ejemplo: 'earliest',
      ejemploInicio: 10n,
    },
    { firma: 'Timeout', nivel: 'ERROR', veces: 2, primero: at(2), ultimo: at(9), ejemploInicio: 0n },
    { firma: 'timeout', nivel: 'FATAL', veces: 1, ejemploInicio: 40n },
    { firma: 'timeout', nivel: 'Fatal', veces: 1, ejemploInicio: 60n },
  ]);
  t.equal((await logs.informeBloques(engine, { ruta, maximo: 1 })).length, 1);
  await failsWith(t, 50400, logs.informeBloques(engine));
  await failsWith(t, 50400, logs.informeBloques(engine, { idTrabajo, ruta }));
  await failsWith(t, 50400, logs.informeBloques(engine, { idTrabajo, maximo: 0 }));
  await failsWith(t, 50404, logs.informeBloques(engine, { idTrabajo: 999_999n }));
  await failsWith(t, 50404, logs.informeBloques(engine, { ruta: '/unknown.log' }));
  await failsWith(
    t,
    50409,
    logs.informeBloques(engine, { idTrabajo: await createJob(engine, 'SUYO', 0) }),
    /SUYO/,
  );
  await failsWith(t, 50400, logs.resumenRevision(engine, { idTrabajo, ruta }));
  await failsWith(t, 50404, logs.resumenRevision(engine, { idTrabajo: 999_999n }));
  await failsWith(t, 50404, logs.resumenRevision(engine, { ruta: '/unknown.log' }));
});

await t.test('a path as long as its column, twice', async (t) => {
  const long = (end: string) => `/${'d/'.repeat(190)}${end}`.padEnd(400, end);
  const a = await startReview(engine, { ruta: long('a') });
  const b = await startReview(engine, { ruta: long('b') });
  t.not(a.idArchivo, b.idArchivo);
  t.same(await startReview(engine, { ruta: long('a') }), { ...a, creado: false });
  await t.rejects(startReview(engine, { ruta: `${long('a')}x` }), 'it is not cut silently');
});

await t.test('a purge takes a review’s blocks; how far the file was read stays known', async (t) => {
  const ruta = '/purged.log';
  const { idTrabajo, idArchivo } = await startReview(engine, { ruta });
  await finishReview(engine, idTrabajo, [block(0), block(50)], 50);
  await sql(engine, 'UPDATE trabajo.Trabajos SET FechaFin = ? WHERE ID_Trabajo = ?', [
    new Date('2001-01-01'),
    idTrabajo,
  ]);
  await trabajo.purgarTrabajos(engine, { antesDe: new Date('2001-01-02'), tipo: 'LOGS' });
  await failsWith(t, 50404, trabajo.estadoTrabajo(engine, { idTrabajo }));
  t.same(await blocksOf(engine, idArchivo), []);
  t.match(await logs.buscarArchivo(engine, { ruta }), [
    { idArchivo, leido: 100n, reanudarEn: 50n, idTrabajo: null, tipo: null, estado: null, trabajoVivo: null },
  ]);
  t.match(await logs.listarRevisiones(engine, { ruta }), [
    { idTrabajo: null, estadoTrabajo: null, leido: 100n, idChunk: null },
  ]);
  await failsWith(t, 50404, logs.resumenRevision(engine, { ruta }));
  t.ok((await startReview(engine, { ruta, idArchivo, cuts: [50, 200] })).creado, 'it is read on');
});

await t.test('who may do what', async (t) => {
  const ruta = '/roles.log';
  const denied = { code: 'PERMISSION' };
  const [app, reader] = [await asRole(db, 'carril_app'), await asRole(db, 'carril_lector')];
  const { idTrabajo } = await startReview(app, { ruta });
  await finishReview(app, idTrabajo, [block(0)]);
  t.match(await logs.informeBloques(app, { ruta }), [{ veces: 1 }]);
  await t.rejects(app.query('SELECT * FROM logs.Bloques_Error'), denied);
  await t.rejects(app.query('SELECT * FROM logs.Archivos'), denied);

  t.match(await logs.informeBloques(reader, { idTrabajo }), [{ veces: 1 }]);
  t.match(await logs.resumenRevision(reader, { ruta }), { bloques: 1 });
  t.match(await logs.listarRevisiones(reader, { ruta }), [{ idTrabajo }]);
  t.match(
    await sql(reader, 'SELECT Ruta, Byte_Fin, Texto FROM logs.vw_Bloques_Error WHERE ID_Trabajo = ?', [
      idTrabajo,
    ]),
    [{ ruta, byte_fin: 10n, texto: /failed 0/ }],
  );
  await t.rejects(reader.query('SELECT * FROM logs.Bloques_Error'), denied);
  await t.rejects(startReview(reader, { ruta: '/reader.log' }), denied);
  await t.rejects(logs.finalizarRevision(reader, { idTrabajo }), denied);
});

await t.test(
  '022 down cancels the reviews that run: without their procedures nobody could end them',
  async (t) => {
    const running = await startReview(engine, { ruta: '/down.log', cuts: [0, 50, 60, 100] });
    const other = await createJob(engine, 'QUEDA', 1);
    await store(engine, await claimReview(engine, running.idTrabajo), []);
    const failing = await claimReview(engine, running.idTrabajo);
    await trabajo.fallarChunk(engine, { ...failing, error: 'x' });
    await due(engine, failing.idChunk);
    const held = await claimReview(engine, running.idTrabajo);
    const sequential = await startReview(engine, { ruta: '/down-sequential.log', secuencial: true });
    const migrator = createMigrator(engine);
    await migrator.down({ to: 21 });
    t.match(await trabajo.estadoTrabajo(engine, { idTrabajo: running.idTrabajo }), {
      estado: 'CANCELADO',
      total: 3,
      completados: 1,
      cancelados: 2,
    });
    t.match(await trabajo.estadoTrabajo(engine, { idTrabajo: sequential.idTrabajo }), {
      estado: 'CANCELADO',
    });
    t.match(await trabajo.estadoTrabajo(engine, { idTrabajo: other }), {
      estado: 'EN_PROGRESO',
      pendientes: 1,
    });
    t.match(await chunkRow(engine, held.idChunk), { estado: 'CANCELADO', poseedor: null, token: held.token });
    await migrator.up();
    t.same(await logs.listarRevisiones(engine), []);
    await failsWith(t, 50499, store(engine, held, []), /cancelado/);
  },
);
