/** What document 003 says of errors, with errors that the server really raises: triggers do, so this is for PostgreSQL. */
import t from 'tap';

import { nomina, trabajo } from '../../procedures/generated/index.js';
import type { WorkerEvents } from '../../runner/lanes/events.js';
import { rollbackConsolidation } from '../../runner/payroll/consolidate.js';
import { consolidate } from '../reference-payroll/reference.js';
import { freshDatabase } from '../testing/index.js';
import { byRut, consolidated, generated, planned, sourcesOf, stored } from './support.js';

t.setTimeout(120_000);
const { engine } = await freshDatabase(t, { connect: { poolMax: 8 } });
if (engine.dialect !== 'postgres') {
  t.pass('SQL Server has no way to raise these by hand');
  process.exit();
}

/** Every statement that inserts consolidated employees runs this; `n` is how many, `t` their rows. */
async function trigger(body: string): Promise<void> {
  await engine.batch(`
    CREATE OR REPLACE FUNCTION nomina.prueba() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE n bigint := (SELECT count(*) FROM t);
    BEGIN ${body} RETURN NULL; END $$;
    CREATE OR REPLACE TRIGGER prueba AFTER INSERT ON nomina.EmpleadoConsolidado
    REFERENCING NEW TABLE AS t FOR EACH STATEMENT EXECUTE FUNCTION nomina.prueba();`);
}

/** What a worker told, in words. */
function told(): { events: WorkerEvents; split: string[]; failed: (Date | null)[] } {
  const [split, failed]: [string[], (Date | null)[]] = [[], []];
  return {
    split,
    failed,
    events: {
      split: (chunk, into) => split.push(`${chunk.idChunk} -> ${into.join(', ')}`),
      failed: (_chunk, _message, retryAt) => failed.push(retryAt),
    },
  };
}

const options = { employees: 133, seed: 21, concepts: 4, defects: true };
const closing = await generated(engine, options);

t.test('too little memory halves a chunk until it fits, and nothing is missing', async (t) => {
  await trigger(`IF n > 10 THEN RAISE EXCEPTION 'out of memory' USING ERRCODE = '53200'; END IF;`);
  const worker = told();
  t.match(await consolidated(engine, closing, worker.events), {
    estado: 'datos_consolidados',
    chunksFallidos: 0,
  });
  // 27 employees: 14 and 13, then sevens
  t.ok(worker.split.length >= 12, `${worker.split.length} halvings`);
  t.same(worker.failed, []);
  t.same(
    [...byRut((await stored(engine, closing)).employees).values()].sort(),
    [...byRut(consolidate(sourcesOf(options)).employees).values()].sort(),
  );
  await rollbackConsolidation(engine, closing);
});

t.test('one employee who never fits: error_recursos says why', async (t) => {
  const small = await generated(engine, { employees: 2, seed: 22 });
  await trigger(`RAISE EXCEPTION 'out of memory' USING ERRCODE = '53200';`);
  // no backoff to wait for: the attempts are used up
  const { job } = await planned(engine, small);
  await engine.query('UPDATE trabajo.Trabajos SET Max_Intentos = 1 WHERE ID_Trabajo = $1', [job]);
  const state = await consolidated(engine, small);
  t.match(state, { estado: 'error_recursos', revisionRequerida: true, empleadosProcesados: 0 });
  t.match(state.ultimoError, /^\[recursos\] .*out of memory/);
});

t.test('a database error that passes costs no attempt', async (t) => {
  await engine.batch(
    'CREATE SEQUENCE nomina.prueba_veces; GRANT USAGE ON SEQUENCE nomina.prueba_veces TO carril_dueno',
  );
  await trigger(
    `IF nextval('nomina.prueba_veces') <= 2 THEN RAISE EXCEPTION 'deadlock' USING ERRCODE = '40P01'; END IF;`,
  );
  const worker = told();
  const state = await consolidated(engine, closing, worker.events);
  t.equal(state.estado, 'datos_consolidados');
  const rows = await trabajo.listarChunks(engine, { idTrabajo: state.idTrabajo ?? 0n });
  t.ok(rows.every(({ intento }) => intento === 1));
  await rollbackConsolidation(engine, closing);
});

t.test('anything else is tried three times; the others go on, and the rest is partial', async (t) => {
  const victim = consolidate(sourcesOf(options)).employees[0]?.rut ?? '';
  await trigger(`IF EXISTS (SELECT FROM t WHERE rut = '${victim}') THEN RAISE EXCEPTION 'broken'; END IF;`);
  const worker = told();
  const state = await consolidated(engine, closing, worker.events);
  t.match(state, {
    estado: 'consolidacion_parcial',
    revisionRequerida: false,
    chunks: 5,
    chunksCompletados: 4,
  });
  t.match(state.ultimoError, /broken/);
  t.equal(worker.failed.length, 3);
  t.equal(worker.failed.at(-1), null, 'no further attempt');
  t.ok(
    worker.failed.slice(0, 2).every((at) => at !== null),
    'after a pause',
  );
  t.equal((await stored(engine, closing)).employees.length, state.empleadosProcesados);

  const { state: restored } = await rollbackConsolidation(engine, closing);
  t.equal(restored, 'con_discrepancias');
  await engine.batch('DROP TRIGGER prueba ON nomina.EmpleadoConsolidado');
  t.equal((await consolidated(engine, closing)).estado, 'datos_consolidados');
  t.equal((await nomina.estadoConsolidacion(engine, { idCierre: closing })).porcentaje, 100);
});
