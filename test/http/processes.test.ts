/** Runs over HTTP: started, watched by several, read, cancelled; the old version beside the new one. */
import t from 'tap';

import type { Session } from '../../engine/index.js';
import { loadSamples } from '../../runner/demo.js';
import { findProcess, processWorker } from '../../runner/process.js';
import { Tracer } from '../../runner/trace/tracer.js';
import { holdTable } from '../runner/support.js';
import { asRole, waitUntil } from '../testing/index.js';
import { waitUntilBlocked } from '../testing/wait.js';
import { scalerQueries } from './deploy.js';
import { readEvents, startServer } from './support.js';

const test = await startServer(t);
const { engine } = test.db;
await loadSamples(engine);

const json = { 'content-type': 'application/json' };
const date = '2021-05-07';

async function start(version: 'v2' | 'v3', headers: Record<string, string> = {}): Promise<Response> {
  return await test.fetch(`/api/procesos/${version}/ejecutar`, {
    method: 'POST',
    headers: { ...json, ...headers },
    body: JSON.stringify({ fechaReporte: date }),
  });
}

interface Started {
  readonly ID_Proceso: string;
}

async function work(id: string): Promise<void> {
  const tracer = new Tracer({ engine, warn: (message) => t.fail(message) });
  await processWorker(engine, await findProcess(engine, BigInt(id)), { lanes: 4, tracer }).run();
}

t.test('start, watch, read', async (t) => {
  const answer = await start('v3');
  t.equal(answer.status, 202);
  const { ID_Proceso: id } = (await answer.json()) as Started;
  t.equal(answer.headers.get('location'), `/api/procesos/v3/proceso/${id}`);

  const watchers = 20;
  const streams = await Promise.all(
    Array.from({ length: watchers }, () =>
      test.fetch(`/api/procesos/v3/proceso/${id}/eventos`, { role: 'read' }),
    ),
  );
  const [all] = await Promise.all([Promise.all(streams.map((stream) => readEvents(stream))), work(id)]);
  const [events = []] = all;
  for (const other of all) t.same(other, events, 'everybody sees the same');
  t.equal(events[0]?.event, 'inicio');
  t.match(events.at(-1), { event: 'fin', data: { Estado: 'COMPLETADO' } });
  const ids = events.map((event) => Number(event.id?.split('-')[1]));
  t.same(
    ids,
    ids.map((_id, i) => i + 1),
    'numbered without gaps',
  );
  for (const fund of ['ARKF', 'ARKG', 'ARKK', 'ARKQ', 'ARKW', 'ARKX']) {
    const own = events.filter(({ data }) => data['FundShortName'] === fund);
    t.equal(own.filter(({ event, data }) => event === 'servicio' && data['Servicio'] === 'IPA').length, 1);
    t.match(
      own.at(-1),
      { event: 'ejecucion', data: { Estado: 'COMPLETADO' } },
      `${fund} ends behind its services`,
    );
  }

  const rest = await readEvents(
    await test.fetch(`/api/procesos/v3/proceso/${id}/eventos`, {
      headers: { 'last-event-id': events[4]?.id ?? '' },
    }),
  );
  t.same(rest, events.slice(5), 'resumed behind the fifth');
  const other = await readEvents(
    await test.fetch(`/api/procesos/v3/proceso/${id}/eventos`, {
      headers: { 'last-event-id': 'deadbeef-4' },
    }),
  );
  t.equal(other[0]?.event, 'inicio', 'an ID of another server gets everything');

  const one = (await (await test.fetch(`/api/procesos/v3/proceso/${id}`)).json()) as {
    proceso: Record<string, unknown>;
    ejecuciones: { FundShortName: string; servicios: { Servicio: string; Estado: string }[] }[];
  };
  t.match(one.proceso, { ID_Proceso: id, FechaReporte: date, Estado: 'COMPLETADO', FondosExitosos: 6 });
  t.equal(one.ejecuciones.length, 6);
  t.match(one.ejecuciones[0]?.servicios[0], { Servicio: 'IPA', Estado: 'COMPLETADO' });
  const list = (await (await test.fetch(`/api/procesos/v3?fecha=${date}`)).json()) as { procesos: Started[] };
  t.equal(list.procesos[0]?.ID_Proceso, id);

  const trace = async (what: string) =>
    (await (await test.fetch(`/api/procesos/v3/proceso/${id}/${what}`, { role: 'read' })).json()) as Record<
      string,
      Record<string, unknown>[]
    >;
  const { etapas = [] } = await trace('traza');
  const ipa = etapas.filter(({ Etapa }) => Etapa === 'IPA');
  t.same(ipa.map(({ FundShortName }) => FundShortName).sort(), ['ARKF', 'ARKG', 'ARKK', 'ARKQ', 'ARKW', 'ARKX']);
  for (const stage of ipa) t.match(stage, { Intentos: 1, Errores: 0, Abiertos: 0, Duracion_Ms: Number, Espera_Ms: Number });
  const { recursos = [] } = await trace('cuellos');
  t.ok(recursos.some(({ Recurso }) => Recurso === 'IPA'), 'a service is a resource');
  const { solapes = [] } = await trace('solapes?limite=3');
  t.ok(solapes.length <= 3);
});

t.test('a repeated request under one key finds the first one’s process', async (t) => {
  const key = { 'idempotency-key': 'one' };
  const key2 = { 'idempotency-key': 'two' };
  const startWith = async (headers: Record<string, string>, body: object) =>
    await test.fetch('/api/procesos/v3/ejecutar', {
      method: 'POST',
      headers: { ...json, ...headers },
      body: JSON.stringify({ fechaReporte: date, ...body }),
    });
  const count = async () =>
    Number((await engine.query('SELECT COUNT(*) AS n FROM logs.Procesos'))[0]?.['n']);
  const first = (await (await start('v3', key)).json()) as Started;
  const second = (await (await start('v3', key)).json()) as Started;
  t.equal(second.ID_Proceso, first.ID_Proceso);
  // a program that makes its body anew may order it otherwise
  const few = await startWith(key2, { fondos: ['ARKK', 'ARKG'], arquitectura: 'JERARQUICA' });
  const sameFew = await startWith(key2, { arquitectura: 'JERARQUICA', fondos: ['ARKG', 'ARKK', 'ARKG'] });
  t.equal(((await sameFew.json()) as Started).ID_Proceso, ((await few.json()) as Started).ID_Proceso);
  const before = await count();
  for (const [headers, body] of [
    [key, { fechaReporte: '2021-05-06' }],
    [key, { fondos: ['ARKK'] }],
    [key, { arquitectura: 'JERARQUICA' }],
    [key2, {}],
    [key2, { fondos: ['ARKK'], arquitectura: 'JERARQUICA' }],
  ] as const) {
    const clash = await startWith(headers, body);
    t.equal(clash.status, 422, JSON.stringify(body));
    t.match(await clash.json(), { code: 'KEY_REUSED', detail: /another request.*nothing was started/ });
  }
  t.equal(await count(), before, 'nothing was started');
  const others = await test.fetch('/api/procesos/v3/ejecutar', {
    role: 'admin',
    method: 'POST',
    headers: { ...json, ...key },
    body: JSON.stringify({ fechaReporte: date }),
  });
  t.not(
    ((await others.json()) as Started).ID_Proceso,
    first.ID_Proceso,
    'another caller’s key is another one',
  );
});

t.test('cancel', async (t) => {
  const { ID_Proceso: id } = (await (await start('v3')).json()) as Started;
  const answer = await test.fetch(`/api/procesos/v3/proceso/${id}/cancelar`, { method: 'POST' });
  t.equal(answer.status, 202);
  await work(id);
  const again = await test.fetch(`/api/procesos/v3/proceso/${id}/cancelar`, { method: 'POST' });
  t.equal(again.status, 409);
  t.match(await again.json(), { code: 'WRONG_STATE', number: 50409 });
  const { proceso } = (await (await test.fetch(`/api/procesos/v3/proceso/${id}`)).json()) as {
    proceso: Record<string, unknown>;
  };
  t.equal(proceso['Estado'], 'CANCELADO');

  const retried = await test.fetch(`/api/procesos/v3/proceso/${id}/reintentar`, { method: 'POST' });
  t.equal(retried.status, 202);
  t.match(await retried.json(), { ID_Proceso: id, Estado: 'PENDIENTE', Reintentados: 6 });
  const stream = await test.fetch(`/api/procesos/v3/proceso/${id}/eventos`);
  const [events] = await Promise.all([readEvents(stream), work(id)]);
  t.match(events.at(-1), { event: 'fin', data: { Estado: 'COMPLETADO' } }, 'the same process ends well');
});

t.test('version 2 works, and says that it goes', async (t) => {
  const answer = await start('v2');
  t.equal(answer.status, 202);
  for (const header of ['deprecation', 'sunset', 'link']) t.ok(answer.headers.get(header), header);
  const started = (await answer.json()) as Started & { ID_Ejecucion: string };
  t.equal(started.ID_Ejecucion, started.ID_Proceso);
  const one = await test.fetch(`/api/procesos/v2/proceso/${started.ID_Ejecucion}`);
  t.ok(one.headers.get('sunset'));
  t.match(await one.json(), { ID_Proceso: started.ID_Proceso, ejecuciones: { length: 6 } });
});

t.test('the queue, as a scaler asks for it', async (t) => {
  const reader = await asRole(test.db, 'carril_lector');
  const [row] = await reader.query("SELECT Reclamables AS n FROM trabajo.vw_Cola WHERE Tipo = 'FONDOS'");
  t.ok(Number(row?.['n']) >= 6, 'what was started and not worked on waits');
  for (const query of scalerQueries()) {
    const [answer] = await reader.query(query);
    t.same(Object.values(answer ?? {}).map(Number), [Number(row?.['n'])], 'the manifest asks the same');
  }
  const metrics = await (await test.fetch('/metrics', { role: 'read' })).text();
  t.match(metrics, /carril_retries_total\{code="DEADLOCK"\} 0\n/);
  t.match(metrics, /carril_database_deadlocks_total\{server="postgres"\} \d+\n/);
  t.notMatch(metrics, /carril_database_lock_waits_total\{/, 'PostgreSQL does not count them: no 0 is made up');
  t.match(
    metrics,
    new RegExp(`carril_chunks\\{kind="FONDOS",situation="claimable"\\} ${String(row?.['n'])}\n`),
  );
});

t.test('the server’s deadlocks and waits, whoever met them', async (t) => {
  const metric = async (name: string) => {
    const text = await (await test.fetch('/metrics', { role: 'read' })).text();
    return Number(new RegExp(`^${name}\\{server="postgres"\\} (\\d+)$`, 'm').exec(text)?.[1]);
  };
  const before = await metric('carril_database_deadlocks_total');
  t.equal(await metric('carril_database_lock_waiting'), 0);
  const lock = (session: Session, n: number) => session.query(`SELECT pg_advisory_xact_lock(${n})`);
  let locked = 0;
  const both = await Promise.allSettled(
    [1, 2].map((mine) =>
      engine.transaction(async (session) => {
        await lock(session, mine);
        locked += 1;
        await waitUntil('both to hold one', () => locked >= 2);
        await lock(session, 3 - mine);
      }),
    ),
  );
  t.equal(both.filter(({ status }) => status === 'rejected').length, 1);
  await waitUntil('the deadlock to be counted', async () => {
    return (await metric('carril_database_deadlocks_total')) === before + 1;
  });

  const holder = await holdTable(engine, 'logs.Ajustes');
  const waiter = engine.query("UPDATE logs.Ajustes SET Valor = Valor WHERE Ajuste = 'no such'");
  await waitUntilBlocked(engine);
  t.equal(await metric('carril_database_lock_waiting'), 1);
  await holder.release();
  await waiter;
});
