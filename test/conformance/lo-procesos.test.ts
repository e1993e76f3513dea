/** LO_PROCESOS as programs that know nothing of carril use it, and the two procedures for those that reserve ranges. */
import t from 'tap';

import type { Row, Session } from '../../engine/index.js';
import { logs, trabajo } from '../../procedures/generated/index.js';
import { chunkRow, claim, createJob, failsWith, gate, sql } from '../leases/support.js';
import type { Test } from '../leases/support.js';
import { asRole, freshDatabase, waitUntilBlocked } from '../testing/index.js';

const db = await freshDatabase(t, { connect: { poolMax: 10 } });
const { engine } = db;
const day = new Date('2021-05-07T08:09:10.123Z');

/** A row of the view; its columns have lower-case names. */
async function row(id: bigint): Promise<Row> {
  const [found] = await sql(engine, 'SELECT * FROM LO_PROCESOS WHERE id = ?', [id]);
  if (found === undefined) throw new Error(`no row ${id}`);
  return found;
}

/** The chunk behind a row. */
async function lease(id: bigint): Promise<Row> {
  const [found] = await sql(engine, 'SELECT ID_Chunk FROM trabajo.Lo_Procesos WHERE id = ?', [id]);
  return chunkRow(engine, found?.['id_chunk'] as bigint);
}

/** Inserts what a program would; the row's id. */
async function insert(columns: string, values: readonly (string | bigint | Date | null)[]): Promise<bigint> {
  await sql(
    engine,
    `INSERT INTO LO_PROCESOS (${columns}) VALUES (${values.map(() => '?').join(', ')})`,
    values,
  );
  const [last] = await sql(engine, 'SELECT MAX(id) AS id FROM LO_PROCESOS');
  return last?.['id'] as bigint;
}

let files = 0;
/** A file that no other part of this test knows. */
const newFile = (): string => `/var/log/app ${++files}.log`;

async function reserve(
  rutaArchivo: string,
  byteInicio: bigint,
  byteFin: bigint,
  proceso = 'p',
  more: Partial<logs.ReservarChunkArgs> = {},
): Promise<logs.ReservarChunkResult> {
  return logs.reservarChunk(engine, { rutaArchivo, byteInicio, byteFin, proceso, ...more });
}

/** Instead of waiting for minutes to pass. */
async function age(id: bigint, minutes: number): Promise<void> {
  await sql(
    engine,
    'UPDATE trabajo.Chunks SET Inicio = ? WHERE ID_Chunk = (SELECT l.ID_Chunk FROM trabajo.Lo_Procesos AS l WHERE l.id = ?)',
    [new Date(Date.now() - minutes * 60_000), id],
  );
}

await t.test('the statements of before the migration', async (t) => {
  const first = await insert('proceso', ['filtro.py ']);
  t.match(await row(first), {
    proceso: 'filtro.py ',
    usuario: null,
    fecha_fin: null,
    mensaje: null,
    byte_inicio: null,
    byte_fin: null,
    ruta_archivo: null,
    estado: 'PENDIENTE',
  });
  const age = Date.now() - ((await row(first))['fecha_inicio'] as Date).getTime();
  t.ok(Math.abs(age) < 60_000, 'began now');

  await sql(
    engine,
    'INSERT INTO LO_PROCESOS (mensaje, proceso, fecha_fin, fecha_inicio, usuario) VALUES (?, ?, ?, ?, ?), (?, ?, ?, ?, ?)',
    ['m 😀 ', 'uno', day, day, 'ana', null, 'dos', null, day, ''],
  );
  t.match(await row(first + 1n), {
    mensaje: 'm 😀 ',
    proceso: 'uno',
    usuario: 'ana',
    fecha_inicio: day,
    fecha_fin: day,
    estado: 'COMPLETADO',
  });
  t.match(await row(first + 2n), { proceso: 'dos', usuario: '', fecha_inicio: day, estado: 'PENDIENTE' });

  await sql(engine, 'UPDATE LO_PROCESOS SET fecha_fin = ?, mensaje = ? WHERE id = ?', [day, 'fin', first]);
  t.match(await row(first), { fecha_fin: day, mensaje: 'fin', proceso: 'filtro.py ', estado: 'COMPLETADO' });
  t.match(await lease(first), { estado: 'COMPLETADO', fin: day, token: 0n, poseedor: null });
  await sql(engine, 'UPDATE LO_PROCESOS SET fecha_fin = NULL WHERE id IN (?, ?)', [first, first + 1n]);
  t.match(await row(first + 1n), { fecha_fin: null, estado: 'PENDIENTE', mensaje: 'm 😀 ' });
  await sql(engine, 'UPDATE LO_PROCESOS SET mensaje = CONCAT(mensaje, proceso) WHERE id >= ?', [first]);
  t.same(
    (await sql(engine, 'SELECT mensaje FROM LO_PROCESOS WHERE id >= ? ORDER BY id', [first])).map(
      ({ mensaje }) => mensaje,
    ),
    ['finfiltro.py ', 'm 😀 uno', 'dos'],
  );
  await sql(engine, 'DELETE FROM LO_PROCESOS WHERE id IN (?, ?)', [first, first + 2n]);
  t.same(await sql(engine, 'SELECT id FROM LO_PROCESOS WHERE id >= ?', [first]), [{ id: first + 1n }]);
  const [left] = await sql(
    engine,
    `SELECT COUNT(*) AS n FROM trabajo.Chunks AS c INNER JOIN trabajo.Trabajos AS t ON t.ID_Trabajo = c.ID_Trabajo
     WHERE t.Clave = 'LO_PROCESOS'`,
  );
  t.equal(Number(left?.['n']), 1, 'no chunk is left behind');
  await sql(engine, 'UPDATE LO_PROCESOS SET mensaje = ? WHERE id = ?', ['x', first]);
  await sql(engine, 'DELETE FROM LO_PROCESOS WHERE id = ?', [first]);
  await sql(engine, "INSERT INTO LO_PROCESOS (proceso) SELECT 'x' FROM LO_PROCESOS WHERE id = ?", [first]);
  t.pass('statements that find no row do nothing');
});

await t.test('a program that writes the new columns', async (t) => {
  const id = await insert('proceso, usuario, ruta_archivo, byte_inicio, byte_fin, estado', [
    'filtro.py',
    'ana',
    '/var/log/x.log',
    0n,
    9007199254740993n,
    'EN_PROGRESO',
  ]);
  t.match(await row(id), {
    ruta_archivo: '/var/log/x.log',
    byte_inicio: 0n,
    byte_fin: 9007199254740993n,
    estado: 'PROCESANDO',
  });
  const held = await lease(id);
  t.match(held, {
    rango_inicio: 0n,
    rango_fin: 9007199254740993n,
    recurso: '/var/log/x.log',
    estado: 'PENDIENTE',
    poseedor: 'ana',
    token: 1n,
    intento: 1,
  });
  const minutes = ((held['expira'] as Date).getTime() - (held['inicio'] as Date).getTime()) / 60_000;
  t.equal(minutes, 30);

  await sql(engine, "UPDATE LO_PROCESOS SET estado = 'PROCESANDO', mensaje = '50 %' WHERE id = ?", [id]);
  t.match(await lease(id), { poseedor: 'ana', token: 1n, intento: 1 }, 'the same again changes no holder');
  await sql(engine, "UPDATE LO_PROCESOS SET usuario = 'luis' WHERE id = ?", [id]);
  t.match(await lease(id), { poseedor: 'luis', token: 2n, intento: 2 }, 'another user is another holder');
  await sql(engine, 'UPDATE LO_PROCESOS SET fecha_inicio = ? WHERE id = ?', [day, id]);
  t.match(await lease(id), { poseedor: 'luis', token: 3n }, 'and so is another beginning');

  const change = async (estado: string, more = ''): Promise<Row> => {
    await sql(engine, `UPDATE LO_PROCESOS SET estado = ?${more} WHERE id = ?`, [estado, id]);
    const written = await row(id);
    return { ...written, ...(await lease(id)), shown: written['estado'] ?? null };
  };
  t.match(await change(' pendiente '), {
    shown: 'PENDIENTE',
    poseedor: null,
    expira: null,
    fin: null,
    token: 3n,
  });
  t.match(await change('procesando'), { shown: 'PROCESANDO', poseedor: 'luis', token: 4n, intento: 4 });
  t.match(await change('ERROR', ", mensaje = 'disco lleno'"), {
    shown: 'ERROR',
    estado: 'ERROR',
    poseedor: null,
    fecha_fin: null,
    ultimo_error: 'disco lleno',
    token: 4n,
  });
  t.ok((await lease(id))['fin'] instanceof Date);
  t.match(await change('COMPLETADO', ', fecha_fin = fecha_inicio'), {
    shown: 'COMPLETADO',
    fecha_fin: day,
    fin: day,
  });
  t.match(await change('EN_PROGRESO', ', usuario = NULL, fecha_fin = NULL'), {
    shown: 'PROCESANDO',
    token: 5n,
    fin: null,
  });
  t.ok(String((await lease(id))['poseedor']).length > 0, 'without a user, the login holds it');
  await sql(engine, 'UPDATE LO_PROCESOS SET fecha_fin = ? WHERE id = ?', [day, id]);
  t.match(await row(id), { estado: 'COMPLETADO' }, 'an end ends it');
  t.match(await change('CANCELADO'), { shown: 'CANCELADO' });
  await sql(engine, 'UPDATE LO_PROCESOS SET estado = NULL, byte_fin = 20, ruta_archivo = NULL WHERE id = ?', [
    id,
  ]);
  t.match(await row(id), { estado: 'COMPLETADO', byte_fin: 20n, ruta_archivo: null });
  t.match(await lease(id), { rango_fin: 20n, recurso: null });
});

await t.test('what cannot be is refused, and the whole statement with it', async (t) => {
  const id = await insert('proceso', ['rechazos']);
  const before = await sql(engine, 'SELECT * FROM LO_PROCESOS ORDER BY id');
  const refused = async (
    number: number,
    text: string,
    values: readonly (bigint | string)[] = [],
    message?: RegExp,
  ) => failsWith(t, number, sql(engine, text, values), message);
  await refused(
    50400,
    "INSERT INTO LO_PROCESOS (proceso, estado) VALUES ('a', 'PENDIENTE'), ('b', 'LISTO 100%')",
    [],
    /LISTO 100%/,
  );
  await refused(50400, "INSERT INTO LO_PROCESOS (proceso, estado) VALUES ('a', 'OMITIDO')");
  await refused(
    50400,
    'INSERT INTO LO_PROCESOS (proceso, byte_inicio, byte_fin) VALUES (?, 11, 10)',
    ['a'],
    /\(10\).*\(11\)/,
  );
  await refused(50400, "UPDATE LO_PROCESOS SET estado = 'X', mensaje = 'y' WHERE id = ?", [id]);
  await refused(50400, 'UPDATE LO_PROCESOS SET byte_inicio = 3, byte_fin = 2 WHERE id = ?', [id]);
  await refused(50409, 'UPDATE LO_PROCESOS SET id = id + 1000 WHERE id = ?', [id]);
  await refused(50409, "INSERT INTO LO_PROCESOS (id, proceso) VALUES (-5, 'a')");
  await t.rejects(sql(engine, "INSERT INTO LO_PROCESOS (usuario) VALUES ('sin proceso')"), /proceso/);
  await t.rejects(sql(engine, 'UPDATE LO_PROCESOS SET proceso = NULL WHERE id = ?', [id]), /proceso/);
  t.same(await sql(engine, 'SELECT * FROM LO_PROCESOS ORDER BY id'), before);
});

await t.test("carril's own log review is seen and not touched", async (t) => {
  const { idTrabajo } = await trabajo.crearTrabajo(engine, {
    tipo: 'LOGS',
    usuario: 'carril',
    chunks: [
      { orden: 1, peso: 2, rangoInicio: 0n, rangoFin: 100n, recurso: '/var/log/y.log' },
      { orden: 2, peso: 1, rangoInicio: 100n, rangoFin: 200n, recurso: '/var/log/y.log' },
    ],
  });
  const [held] = await claim(engine, 'LOGS', 'w1');
  if (held === undefined) throw new Error('nothing claimed');
  t.match(await row(-held.idChunk), {
    ruta_archivo: '/var/log/y.log',
    byte_inicio: 0n,
    byte_fin: 100n,
    estado: 'PROCESANDO',
    usuario: 'w1',
  });
  const seen = await sql(
    engine,
    "SELECT id, estado FROM LO_PROCESOS WHERE ruta_archivo = '/var/log/y.log' ORDER BY byte_inicio",
  );
  t.match(seen, [{ estado: 'PROCESANDO' }, { estado: 'PENDIENTE' }]);
  const mine = await insert('proceso', ['al lado']);
  const before = await sql(engine, 'SELECT * FROM LO_PROCESOS ORDER BY id');
  for (const statement of [
    "UPDATE LO_PROCESOS SET estado = 'COMPLETADO' WHERE id IN (?, ?)",
    "UPDATE LO_PROCESOS SET mensaje = 'x' WHERE id IN (?, ?)",
    'DELETE FROM LO_PROCESOS WHERE id IN (?, ?)',
  ]) {
    await failsWith(t, 50409, sql(engine, statement, [-held.idChunk, mine]), /revision de logs/);
  }
  await failsWith(t, 50409, logs.liberarChunk(engine, { id: -held.idChunk, token: held.token }));
  t.same(await sql(engine, 'SELECT * FROM LO_PROCESOS ORDER BY id'), before);
  await createJob(engine, 'OTRO', 1);
  t.same(await sql(engine, 'SELECT * FROM LO_PROCESOS ORDER BY id'), before, 'other kinds are not in it');
  await trabajo.cancelarTrabajo(engine, { idTrabajo });
});

await t.test('two programs take the same row: one has it', async (t) => {
  const id = await insert('proceso, usuario', ['carrera', 'nadie']);
  const take = (session: Session, usuario: string) =>
    sql(
      session,
      "UPDATE LO_PROCESOS SET estado = 'PROCESANDO', usuario = ? WHERE id = ? AND estado = 'PENDIENTE'",
      [usuario, id],
    );
  const taken = gate();
  const done = gate();
  const first = engine.transaction(async (session) => {
    await take(session, 'ana');
    taken.open();
    await done.opened;
  });
  await taken.opened;
  // on a connection of its own: the engine would repeat the statement by itself
  const second = engine
    .connection((session) => take(session, 'luis'))
    .then(
      () => undefined,
      (error: unknown) => error,
    );
  await waitUntilBlocked(engine);
  done.open();
  await first;
  const error = await second;
  // where readers wait for writers, the second finds no pending row instead
  if (error !== undefined)
    t.match(error, { number: 50408, retryable: true, message: /otra sesion cambio la fila/ });
  t.match(await row(id), { estado: 'PROCESANDO', usuario: 'ana' });
  t.match(await lease(id), { poseedor: 'ana', token: 1n, intento: 1 });
  await take(engine, 'luis');
  t.match(await lease(id), { poseedor: 'ana' }, 'repeated, it finds nothing to take');

  // the same for a row that is deleted while it is taken
  const other = await insert('proceso', ['carrera']);
  const changed = gate();
  const finish = gate();
  const writer = engine.transaction(async (session) => {
    await sql(session, "UPDATE LO_PROCESOS SET estado = 'PROCESANDO' WHERE id = ?", [other]);
    changed.open();
    await finish.opened;
  });
  await changed.opened;
  const gone = engine
    .connection((session) =>
      sql(session, "DELETE FROM LO_PROCESOS WHERE id = ? AND estado = 'PENDIENTE'", [other]),
    )
    .then(
      () => undefined,
      (reason: unknown) => reason,
    );
  await waitUntilBlocked(engine);
  finish.open();
  await writer;
  const reason = await gone;
  if (db.dialect === 'postgres' || reason !== undefined) t.match(reason, { number: 50408 });
  t.match(await row(other), { estado: 'PROCESANDO' });
});

await t.test('many programs insert at once', async (t) => {
  const [before] = await sql(engine, 'SELECT COUNT(*) AS n FROM LO_PROCESOS');
  await Promise.all(
    Array.from({ length: 8 }, async (_, i) => {
      for (let n = 0; n < 10; n += 1) {
        await sql(engine, 'INSERT INTO LO_PROCESOS (proceso, usuario) VALUES (?, ?), (?, ?)', [
          `m${i}`,
          'a',
          `m${i}`,
          'b',
        ]);
      }
    }),
  );
  const [after] = await sql(engine, 'SELECT COUNT(*) AS n FROM LO_PROCESOS');
  t.equal(Number(after?.['n']) - Number(before?.['n']), 160);
});

await t.test('a range is reserved and released', async (t) => {
  const file = newFile();
  const { id, token } = await reserve(file, 0n, 1_000_000n, 'filtro.py', { usuario: 'ana' });
  t.equal(token, 1n);
  t.match(await row(id), {
    proceso: 'filtro.py',
    usuario: 'ana',
    ruta_archivo: file,
    byte_inicio: 0n,
    byte_fin: 1_000_000n,
    estado: 'PROCESANDO',
    fecha_fin: null,
  });
  const held = await lease(id);
  t.equal(((held['expira'] as Date).getTime() - (held['inicio'] as Date).getTime()) / 60_000, 30);
  t.same(await logs.liberarChunk(engine, { id, token, mensaje: '3 errores' }), { estado: 'COMPLETADO' });
  const done = await row(id);
  t.match(done, { estado: 'COMPLETADO', mensaje: '3 errores' });
  t.ok(done['fecha_fin'] instanceof Date);
  t.same(await logs.liberarChunk(engine, { id, token, mensaje: 'otro' }), { estado: 'COMPLETADO' });
  t.same(await row(id), done, 'released again: nothing happens');
  await failsWith(t, 50410, logs.liberarChunk(engine, { id, token, estado: 'ERROR' }), /COMPLETADO/);
  t.match((await lease(id))['poseedor'], null);
});

await t.test('a range that another has is refused, by name', async (t) => {
  const file = newFile();
  const a = await reserve(file, 100n, 200n, 'filtro 1', { usuario: 'ana' });
  const clash = new RegExp(`fila ${a.id}.*\\[100, 200\\).*PROCESANDO.*filtro 1, ana`);
  await failsWith(t, 50409, reserve(file, 100n, 200n), clash);
  await failsWith(t, 50409, reserve(file, 199n, 201n), clash);
  await failsWith(t, 50409, reserve(file, 0n, 101n), clash);
  await failsWith(t, 50409, reserve(file, 0n, 1000n), clash);
  await failsWith(t, 50409, reserve(file, 150n, 160n), clash);
  await reserve(file, 0n, 100n);
  await reserve(file, 200n, 300n);
  t.pass('ranges that only touch do not overlap');
  await reserve(file.toUpperCase(), 100n, 200n);
  await reserve(newFile(), 100n, 200n);
  t.pass('nor do those of other files, and letters count');

  await logs.liberarChunk(engine, a);
  await failsWith(t, 50409, reserve(file, 100n, 200n), /COMPLETADO/);
  await age(a.id, 1000);
  await failsWith(t, 50409, reserve(file, 100n, 200n), /COMPLETADO/);
  await sql(engine, "UPDATE LO_PROCESOS SET estado = 'CANCELADO' WHERE id = ?", [a.id]);
  const b = await reserve(file, 100n, 200n);
  t.not(b.id, a.id, 'one that was cancelled is in nobody’s way');
  await logs.liberarChunk(engine, { ...b, estado: 'ERROR', mensaje: 'x' });
  t.match(await lease(b.id), { estado: 'ERROR', ultimo_error: 'x' });
  const c = await reserve(file, 150n, 200n);
  t.ok(c.id > b.id, 'nor is one that failed');
});

await t.test('one given back is reserved again, under a higher token', async (t) => {
  const file = newFile();
  const a = await reserve(file, 0n, 10n, 'uno', { usuario: 'ana' });
  t.same(await logs.liberarChunk(engine, { ...a, estado: 'pendiente' }), { estado: 'PENDIENTE' });
  t.match(await row(a.id), { estado: 'PENDIENTE', fecha_fin: null });
  t.match(await lease(a.id), { intento: 0, token: 1n });
  await failsWith(t, 50409, reserve(file, 0n, 11n), /PENDIENTE/);
  const b = await reserve(file, 0n, 10n, 'dos', { usuario: 'luis' });
  t.same(b, { id: a.id, token: 2n });
  t.match(await row(a.id), { proceso: 'dos', usuario: 'luis', estado: 'PROCESANDO' });
  await failsWith(t, 50410, logs.liberarChunk(engine, a));
  await logs.liberarChunk(engine, b);

  const registered = await insert('proceso, ruta_archivo, byte_inicio, byte_fin', ['plan', file, 10n, 20n]);
  t.same(
    await reserve(file, 10n, 20n),
    { id: registered, token: 1n },
    'one that a program registered as pending',
  );
});

await t.test(
  'one that is abandoned is taken over after the limit, and its holder cannot release it',
  async (t) => {
    const file = newFile();
    const a = await reserve(file, 0n, 10n, 'uno');
    await age(a.id, 29);
    await failsWith(t, 50409, reserve(file, 0n, 10n, 'dos'));
    await age(a.id, 31);
    await failsWith(t, 50409, reserve(file, 0n, 10n, 'dos', { limiteMin: 45 }));
    await failsWith(t, 50409, reserve(file, 0n, 11n, 'dos'), /PROCESANDO/);
    const b = await reserve(file, 0n, 10n, 'dos');
    t.same(b, { id: a.id, token: 2n });
    await failsWith(t, 50410, logs.liberarChunk(engine, a), /token 1.*va por el 2/);
    t.match(await row(a.id), { estado: 'PROCESANDO', proceso: 'dos' });
    await failsWith(t, 50409, reserve(file, 0n, 10n, 'tres'), /dos/);
    t.same(await logs.liberarChunk(engine, b), { estado: 'COMPLETADO' });

    // taken through the view, too
    const c = await reserve(file, 10n, 20n, 'uno', { usuario: 'ana' });
    await sql(engine, "UPDATE LO_PROCESOS SET usuario = 'luis', estado = 'PROCESANDO' WHERE id = ?", [c.id]);
    await failsWith(t, 50410, logs.liberarChunk(engine, c));
  },
);

await t.test(
  'a taker waits for a holder that is releasing at that moment, and finds it released',
  async (t) => {
    const file = newFile();
    const a = await reserve(file, 0n, 10n, 'uno');
    await age(a.id, 60);
    const released = gate();
    const done = gate();
    const holder = engine.transaction(async (session) => {
      await logs.liberarChunk(session, a);
      released.open();
      await done.opened;
    });
    await released.opened;
    const taker = reserve(file, 0n, 10n, 'dos').then(
      () => undefined,
      (error: unknown) => error,
    );
    await waitUntilBlocked(engine);
    done.open();
    await holder;
    t.match(await taker, { number: 50409 });
    t.match(await row(a.id), { estado: 'COMPLETADO', proceso: 'uno' });
  },
);

await t.test('a reservation waits for another one of its file, and sees it', async (t) => {
  const file = newFile();
  const reserved = gate();
  const done = gate();
  const first = engine.transaction(async (session) => {
    await logs.reservarChunk(session, { rutaArchivo: file, byteInicio: 0n, byteFin: 10n, proceso: 'uno' });
    reserved.open();
    await done.opened;
  });
  await reserved.opened;
  const second = reserve(file, 5n, 15n, 'dos').then(
    () => undefined,
    (error: unknown) => error,
  );
  await waitUntilBlocked(engine);
  await reserve(newFile(), 5n, 15n);
  t.pass('those of other files do not wait');
  done.open();
  await first;
  t.match(await second, { number: 50409, message: /uno/ });
});

await t.test('whoever takes a range or a row from its holder waits for its lock', async (t) => {
  const file = newFile();
  const ranges = await Promise.all([0n, 1n, 2n].map((n) => reserve(file, n, n + 1n, `p${n}`)));
  const [taken, changed, deleted] = ranges;
  if (taken === undefined || changed === undefined || deleted === undefined) throw new Error('three of them');
  await age(taken.id, 60);
  const locks = await Promise.all(
    ranges.map(async ({ id }) => `carril:chunk:${String((await lease(id))['id_chunk'])}`),
  );
  const held = gate();
  const done = gate();
  // a holder whose session is in the middle of a transaction, before its first write
  const holder = engine.transaction(async (session) => {
    for (const recurso of locks)
      await trabajo.bloquear(session, { recurso, modo: 'Exclusive', esperaMs: 1000 });
    held.open();
    await done.opened;
  });
  await held.opened;
  const waiting = [
    reserve(file, 0n, 1n, 'otro'),
    engine.connection((session) =>
      sql(session, "UPDATE LO_PROCESOS SET usuario = 'otro' WHERE id = ?", [changed.id]),
    ),
    sql(engine, 'DELETE FROM LO_PROCESOS WHERE id = ?', [deleted.id]),
  ];
  await waitUntilBlocked(engine, 3);
  await sql(engine, "UPDATE LO_PROCESOS SET mensaje = 'x' WHERE id = ?", [changed.id]);
  t.pass('what leaves the holder alone does not wait');
  done.open();
  await holder;
  const [first, second] = await Promise.allSettled(waiting);
  t.match(first, { status: 'fulfilled', value: { id: taken.id, token: 2n } });
  t.match(second, { status: 'rejected', reason: { number: 50408 } }, 'it was changed in between');
  t.match(await row(changed.id), { mensaje: 'x' });
  t.same(await sql(engine, 'SELECT id FROM LO_PROCESOS WHERE id = ?', [deleted.id]), []);
});

await t.test('eight processes reserve overlapping ranges of one file: no byte is given twice', async (t) => {
  const file = newFile();
  let refused = 0;
  const given: { inicio: number; fin: number }[] = [];
  await Promise.all(
    Array.from({ length: 8 }, async (_, i) => {
      for (let n = 0; n < 12; n += 1) {
        const inicio = ((i * 7 + n * 13) % 40) * 5;
        const fin = inicio + 5 + ((i + n) % 4) * 5;
        try {
          await reserve(file, BigInt(inicio), BigInt(fin), `p${i}`);
          given.push({ inicio, fin });
        } catch (error) {
          t.match(error, { number: 50409 });
          refused += 1;
        }
      }
    }),
  );
  given.sort((x, y) => x.inicio - y.inicio);
  t.ok(given.length > 0 && refused > 0, `${given.length} given, ${refused} refused`);
  t.ok(given.every(({ inicio }, i) => inicio >= (given[i - 1]?.fin ?? 0)));
  const [stored] = await sql(engine, 'SELECT COUNT(*) AS n FROM LO_PROCESOS WHERE ruta_archivo = ?', [file]);
  t.equal(Number(stored?.['n']), given.length);
});

await t.test('bad calls are refused', async (t) => {
  const file = newFile();
  await failsWith(t, 50400, reserve(' ', 0n, 1n));
  await failsWith(t, 50400, reserve(`${file} `, 0n, 1n));
  await failsWith(t, 50400, reserve(file, 1n, 1n));
  await failsWith(t, 50400, reserve(file, -1n, 1n));
  await failsWith(t, 50400, reserve(file, 0n, 1n, ' '));
  await failsWith(t, 50400, reserve(file, 0n, 1n, 'p', { limiteMin: 0 }));
  await failsWith(t, 50400, reserve(file, 0n, 1n, 'p', { limiteMin: 2_147_483_647 }));
  await failsWith(t, 50400, logs.liberarChunk(engine, { id: 1n, token: 1n, estado: 'PROCESANDO' }));
  await failsWith(t, 50404, logs.liberarChunk(engine, { id: 999_999n, token: 1n }));
  const odd = `/${'ñ'.repeat(390)}/100%.log`;
  const { id } = await reserve(odd, 0n, 1n, 'con %s', { usuario: '100%' });
  await failsWith(t, 50409, reserve(odd, 0n, 1n), /100%\.log.*con %s, 100%/);
  t.match(await row(id), { ruta_archivo: odd, usuario: '100%' });
});

await t.test('nobody works on its job, waits for it, ends it or cancels it', async (t: Test) => {
  const [job] = await sql(
    engine,
    "SELECT ID_Trabajo, Estado FROM trabajo.Trabajos WHERE Clave = 'LO_PROCESOS'",
  );
  const idTrabajo = job?.['id_trabajo'] as bigint;
  const kinds = [{ tipo: 'LO_PROCESOS' }];
  await insert('proceso', ['pendiente']);
  t.equal((await trabajo.reclamarChunks(engine, { poseedor: 'w', idTrabajo })).length, 0);
  t.equal((await trabajo.reclamarChunks(engine, { poseedor: 'w', tipos: kinds })).length, 0);
  const others = await trabajo.reclamarChunks(engine, { poseedor: 'w', maximo: 2000 });
  t.ok(others.every((chunk) => chunk.idTrabajo !== idTrabajo));

  const alive = await trabajo.trabajosVivos(engine, {});
  const [counted] = await sql(
    engine,
    "SELECT COUNT(*) AS n FROM trabajo.Trabajos WHERE Estado = 'EN_PROGRESO' AND Tipo <> 'LO_PROCESOS'",
  );
  t.equal(alive.vivos, Number(counted?.['n']));
  t.equal((await trabajo.trabajosVivos(engine, { tipos: kinds })).vivos, 0);

  await sql(engine, "UPDATE LO_PROCESOS SET estado = 'COMPLETADO' WHERE id > 0");
  for (const tipos of [[], kinds]) {
    const due = await trabajo.trabajosPorFinalizar(engine, { tipos });
    t.ok(due.every((one) => one.idTrabajo !== idTrabajo));
  }
  await failsWith(t, 50409, trabajo.finalizarTrabajo(engine, { idTrabajo }));
  await failsWith(t, 50409, trabajo.cancelarTrabajo(engine, { idTrabajo }));
  const after = await sql(engine, 'SELECT Estado, Cancelado FROM trabajo.Trabajos WHERE ID_Trabajo = ?', [
    idTrabajo,
  ]);
  t.match(after, [{ estado: 'EN_PROGRESO', cancelado: false }]);
});

await t.test(
  'carril_app reserves and releases, and reads or writes no row; carril_lector reads',
  async (t) => {
    const app = await asRole(db, 'carril_app');
    const reader = await asRole(db, 'carril_lector');
    const denied = { code: 'PERMISSION' };
    const taken = await logs.reservarChunk(app, {
      rutaArchivo: newFile(),
      byteInicio: 0n,
      byteFin: 1n,
      proceso: 'p',
    });
    t.same(await logs.liberarChunk(app, taken), { estado: 'COMPLETADO' });
    await t.rejects(sql(app, "INSERT INTO LO_PROCESOS (proceso) VALUES ('x')"), denied);
    await t.rejects(sql(app, 'SELECT * FROM trabajo.Lo_Procesos'), denied);
    t.match(await sql(reader, 'SELECT estado FROM LO_PROCESOS WHERE id = ?', [taken.id]), [
      { estado: 'COMPLETADO' },
    ]);
    await t.rejects(sql(reader, 'DELETE FROM LO_PROCESOS'), denied);
    await t.rejects(logs.liberarChunk(reader, taken), denied);
  },
);
