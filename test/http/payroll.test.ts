/** Payroll over HTTP: closings listed, one consolidated, watched, repeated, cancelled, rolled back. */
import t from 'tap';

import { trabajo } from '../../procedures/generated/index.js';
import { consolidationWorker } from '../../runner/payroll/consolidate.js';
import { handlers } from '../../runner/handlers/index.js';
import { Worker } from '../../runner/worker.js';
import { generated } from '../payroll/support.js';
import { waitUntil } from '../testing/index.js';
import { readEvents, startServer } from './support.js';

const test = await startServer(t);
const { engine } = test.db;

interface Closing {
  readonly ID_Cierre: string;
  readonly Estado: string;
  readonly ID_Trabajo: string | null;
  readonly Unido?: boolean;
}

const path = (closing: bigint, what = '') => `/api/nomina/v1/cierres/${closing}${what}`;

async function post(closing: bigint, what: string, body?: object, key?: string): Promise<Response> {
  return await test.fetch(path(closing, `/${what}`), {
    method: 'POST',
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(key === undefined ? {} : { 'idempotency-key': key }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

async function get<T>(where: string): Promise<T> {
  return (await (await test.fetch(where, { role: 'read' })).json()) as T;
}

async function work(job: string | null): Promise<void> {
  const plan = { closing: 0n, job: BigInt(job ?? ''), employees: 0, chunks: 2, chunkSize: 0, joined: true };
  await consolidationWorker(engine, plan, { lanes: 2, leaseSeconds: 30, maxRunTimeMs: 60_000 }).run();
}

t.test('start, watch, read, roll back', async (t) => {
  const closing = await generated(engine, { defects: true });
  const { cierres } = await get<{ cierres: Closing[] }>('/api/nomina/v1/cierres?limite=1');
  t.match(cierres, [{ ID_Cierre: String(closing), Empleados: null, ID_Trabajo: null }]);
  t.match(await get(path(closing)), { Empleados: 60, Porcentaje: 0, Liquido_Pagar: null, Faltan_s: null });

  const answer = await post(closing, 'consolidar', { limiteSegundos: 600 }, 'july');
  t.equal(answer.status, 202);
  t.equal(answer.headers.get('location'), path(closing));
  const started = (await answer.json()) as Closing;
  t.match(started, { Estado: 'consolidando_datos', Unido: false, Chunks: 3, Chunks_Completados: 0 });
  const [job] = await trabajo.listarTrabajos(engine, { tipo: 'NOMINA', maximo: 1 });
  t.match(job, { idTrabajo: BigInt(started.ID_Trabajo ?? ''), usuario: 'run' }, 'in the name of the token');

  const joined = await post(closing, 'consolidar');
  t.match(await joined.json(), { ID_Trabajo: started.ID_Trabajo, Unido: true }, 'it runs already');
  const rolledBack = await post(closing, 'revertir');
  t.equal(rolledBack.status, 409, 'what runs is cancelled first');

  const watchers = await Promise.all(
    Array.from({ length: 5 }, () => test.fetch(path(closing, '/eventos'), { role: 'read' })),
  );
  const first = watchers.map((stream) => readEvents(stream));
  const [all] = await Promise.all([Promise.all(first), work(started.ID_Trabajo)]);
  for (const events of all) {
    t.match(events.at(-2), { event: 'cierre', data: { Estado: 'datos_consolidados', Porcentaje: 100 } });
    t.match(events.at(-1), { event: 'fin', data: { Estado: 'datos_consolidados' } });
  }
  const ended = await get<Record<string, unknown>>(path(closing));
  t.match(ended, { Chunks: 3, Chunks_Completados: 3, Porcentaje: 100, Faltan_s: null, Ultimo_Error: null });
  t.match(ended['Liquido_Pagar'], /^\d+\.\d\d$/);
  t.type(ended['Empleados_Por_s'], 'number');
  t.match(await get('/api/nomina/v1/cierres'), { cierres: [{ Liquido_Pagar: ended['Liquido_Pagar'] }] });

  // page by page, and of one type
  const found: { ID: string; Tipo: string }[] = [];
  for (let from: string | null = '0'; from !== null; ) {
    const page: { discrepancias: typeof found; siguiente: string | null } = await get(
      path(closing, `/discrepancias?desde=${from}&limite=7`),
    );
    t.ok(page.discrepancias.length <= 7);
    found.push(...page.discrepancias);
    from = page.siguiente;
  }
  t.equal(found.length, ended['Discrepancias']);
  t.equal(new Set(found.map(({ ID }) => ID)).size, found.length, 'none twice');
  const [type] = found.map(({ Tipo }) => Tipo);
  const ofOne = await get<{ discrepancias: typeof found }>(path(closing, `/discrepancias?tipo=${type ?? ''}`));
  t.equal(ofOne.discrepancias.length, found.filter(({ Tipo }) => Tipo === type).length);

  const repeated = await post(closing, 'consolidar', { limiteSegundos: 600 }, 'july');
  t.equal(repeated.status, 202, 'a repetition is answered, although it has ended');
  t.match(await repeated.json(), { ID_Trabajo: started.ID_Trabajo, Estado: 'datos_consolidados' });
  const anew = await post(closing, 'consolidar');
  t.match(await anew.json(), { code: 'WRONG_STATE', number: 50409 });

  t.equal((await post(closing, 'cancelar')).status, 409, 'it does not run');
  const back = await post(closing, 'revertir');
  t.equal(back.status, 200);
  const { Borrados, Estado } = (await back.json()) as { Borrados: number; Estado: string };
  t.ok(Borrados > 60);
  t.match(await get(path(closing)), { Estado, ID_Trabajo: null, Liquido_Pagar: null });
  t.equal((await readEvents(await test.fetch(path(closing, '/eventos')))).at(-1)?.event, 'fin', 'nothing to watch');
});

t.test('a key stands for one request', async (t) => {
  const [one, other] = [await generated(engine), await generated(engine)];
  const both = await Promise.all([post(one, 'consolidar', {}, 'k'), post(one, 'consolidar', {}, 'k')]);
  const [a, b] = (await Promise.all(both.map((answer) => answer.json()))) as [Closing, Closing];
  t.equal(a.ID_Trabajo, b.ID_Trabajo, 'at once, and still one');
  for (const [closing, body] of [
    [other, {}],
    [one, { limiteSegundos: 10 }],
  ] as const) {
    const clash = await post(closing, 'consolidar', body, 'k');
    t.equal(clash.status, 422);
    t.match(await clash.json(), { code: 'KEY_REUSED', detail: /another request/ });
  }
  t.match(await get(path(other)), { ID_Trabajo: null }, 'nothing was started');
  const process = await test.fetch('/api/procesos/v3/ejecutar', {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': 'k' },
    body: '{"fechaReporte":"2021-05-07"}',
  });
  t.equal(process.status, 409, 'nor for one of another kind');
});

t.test('cancelled, and out of time', async (t) => {
  const closing = await generated(engine);
  const started = (await (await post(closing, 'consolidar')).json()) as Closing;
  t.equal((await post(closing, 'cancelar')).status, 202);
  await work(started.ID_Trabajo);
  t.match(await get(path(closing)), { Estado: 'consolidacion_cancelada', Chunks_Completados: 0 });
  t.match(await (await post(closing, 'revertir')).json(), { Estado: /^verificado|con_/ });

  // no worker is there: the server itself sees the time run out
  const late = (await (await post(closing, 'consolidar', { limiteSegundos: 1 })).json()) as Closing;
  await waitUntil('the time to be up', async () => {
    const [row] = await engine.query(
      `SELECT COUNT(*) AS n FROM nomina.CierreNomina AS c WHERE c.id = ${closing} AND c.vencida`,
    );
    return Number(row?.['n']) === 1;
  });
  await new Worker({
    engine,
    handlers,
    lanes: 1,
    leaseSeconds: 30,
    maxRunTimeMs: 60_000,
    idleExitMs: 0,
  }).run();
  t.match(await get(path(closing)), { ID_Trabajo: late.ID_Trabajo, Estado: 'timeout_consolidacion' });
});
