/** Runs over HTTP: started, watched by several, read, cancelled; the old version beside the new one. */
import t from 'tap';

import { loadSamples } from '../../runner/demo.js';
import { findProcess, processWorker } from '../../runner/process.js';
import { asRole } from '../testing/index.js';
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
  await processWorker(engine, await findProcess(engine, BigInt(id)), { lanes: 4 }).run();
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
});

t.test('a repeated request under one key finds the first one’s process', async (t) => {
  const key = { 'idempotency-key': 'one' };
  const first = (await (await start('v3', key)).json()) as Started;
  const second = (await (await start('v3', key)).json()) as Started;
  t.equal(second.ID_Proceso, first.ID_Proceso);
  const clash = await test.fetch('/api/procesos/v3/ejecutar', {
    method: 'POST',
    headers: { ...json, ...key },
    body: JSON.stringify({ fechaReporte: '2021-05-06' }),
  });
  t.equal(clash.status, 422);
  t.match(await clash.json(), { code: 'KEY_REUSED' });
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
  t.match(
    metrics,
    new RegExp(`carril_chunks\\{kind="FONDOS",situation="claimable"\\} ${String(row?.['n'])}\n`),
  );
});
