import { Counter, Gauge, Registry, collectDefaultMetrics } from 'prom-client';
import { z } from 'zod';

import type { Engine } from '../../../engine/index.js';
import { trabajo } from '../../../procedures/generated/index.js';
import type { App, Service } from '../app.js';
import { HttpProblem } from '../problem.js';

const tags = ['health'];

/** Alive, ready and how it goes: what a load balancer and Prometheus ask. */
export function healthRoutes(app: App, service: Service, registry: Registry): void {
  app.get(
    '/healthz',
    {
      schema: {
        tags,
        summary: 'The process answers',
        response: { 200: z.object({ status: z.literal('ok') }) },
      },
    },
    () => ({ status: 'ok' as const }),
  );

  app.get(
    '/readyz',
    {
      schema: {
        tags,
        summary: 'The database answers, and it has carril’s procedures',
        response: { 200: z.object({ status: z.literal('ok') }) },
      },
    },
    async (request) => {
      try {
        await trabajo.medirCola(service.engine, { idempotent: true, timeoutMs: 5000 });
      } catch (error) {
        request.log.warn({ err: error }, 'not ready');
        throw new HttpProblem(503, 'NOT_READY', 'the database does not answer, or lacks carril’s procedures');
      }
      return { status: 'ok' as const };
    },
  );

  app.get(
    '/metrics',
    {
      config: { role: 'read' },
      schema: { tags, summary: 'For Prometheus', produces: ['text/plain'] },
    },
    async (_request, reply) => {
      const text = await registry.metrics();
      return await reply.header('content-type', registry.contentType).send(text);
    },
  );
}

/** The queue as the database has it, and this process's own part: asked when Prometheus asks. */
export function createRegistry(
  { engine, streams }: Pick<Service, 'engine' | 'streams'>,
  { lanes, retried }: { readonly lanes: () => number; readonly retried: () => ReadonlyMap<string, number> },
): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: 'carril_' });
  new Gauge({
    name: 'carril_chunks',
    help: 'Chunks of jobs that are alive, by kind and situation',
    labelNames: ['kind', 'situation'],
    registers: [registry],
    async collect() {
      this.reset();
      for (const row of await trabajo.medirCola(engine, { idempotent: true })) {
        this.set({ kind: row.tipo, situation: 'claimable' }, row.reclamables);
        this.set({ kind: row.tipo, situation: 'waiting' }, row.enEspera);
        this.set({ kind: row.tipo, situation: 'leased' }, row.enProgreso);
        this.set({ kind: row.tipo, situation: 'expired' }, row.vencidos);
      }
    },
  });
  new Gauge({
    name: 'carril_lanes_busy',
    help: 'Chunks that lanes of this process are working on',
    registers: [registry],
    collect() {
      this.set(lanes());
    },
  });
  new Gauge({
    name: 'carril_streams_open',
    help: 'Open streams of events',
    registers: [registry],
    collect() {
      this.set(streams.size);
    },
  });
  databaseMetrics(registry, engine);
  new Counter({
    name: 'carril_retries_total',
    help: 'Calls of this process that were tried again, by why: DEADLOCK, LOCK_TIMEOUT (a wait that was too long), CONNECTION, ...',
    labelNames: ['code'],
    registers: [registry],
    collect() {
      this.reset();
      // that there was none is worth telling, too
      this.inc({ code: 'DEADLOCK' }, 0);
      this.inc({ code: 'LOCK_TIMEOUT' }, 0);
      for (const [code, n] of retried()) this.inc({ code }, n);
    },
  });
  return registry;
}

/** What the database server counts, whoever it happened to. What it does not say is left out: no 0 that would look like good news. */
function databaseMetrics(registry: Registry, engine: Engine): void {
  const labelNames = ['server'];
  const labels = { server: engine.dialect };
  let asking: Promise<trabajo.MedirServidorResult> | undefined;
  // all three are collected at once: one question
  const ask = (): Promise<trabajo.MedirServidorResult> =>
    (asking ??= trabajo.medirServidor(engine, { idempotent: true }).finally(() => {
      asking = undefined;
    }));
  new Counter({
    name: 'carril_database_deadlocks_total',
    help: 'Deadlocks, whoever met them: of this database on PostgreSQL, of the whole server on SQL Server',
    labelNames,
    registers: [registry],
    async collect() {
      const { deadlocks } = await ask();
      this.reset();
      if (deadlocks !== null) this.inc(labels, Number(deadlocks));
    },
  });
  new Counter({
    name: 'carril_database_lock_waits_total',
    help: 'Waits on locks that have ended, as SQL Server counts them for all its databases; PostgreSQL counts none',
    labelNames,
    registers: [registry],
    async collect() {
      const { esperas } = await ask();
      this.reset();
      if (esperas !== null) this.inc(labels, Number(esperas));
    },
  });
  new Gauge({
    name: 'carril_database_lock_waiting',
    help: 'Sessions of this database, whosever, that wait for a lock at this moment',
    labelNames,
    registers: [registry],
    async collect() {
      const { esperando } = await ask();
      this.reset();
      if (esperando !== null) this.set(labels, esperando);
    },
  });
}
