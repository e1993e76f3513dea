import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';

import { ProcedureError } from '../../../engine/index.js';
import { logs } from '../../../procedures/generated/index.js';
import { startProcess } from '../../process.js';
import { cancelJob } from '../../cancel-job.js';
import { retryProcess } from '../../undo.js';
import type { App, Service } from '../app.js';
import { callerOf, sameRequest } from '../idempotency.js';
import {
  dateSchema,
  idSchema,
  oneSchema,
  processJson,
  processSchema,
} from '../process-json.js';
import { lastEventId } from '../sse.js';

const tags = ['procesos'];

export const runSchema = z.strictObject({
  fechaReporte: dateSchema,
  fondos: z
    .array(z.string().min(1).max(100))
    .max(1000)
    .optional()
    .describe('FundShortName of those to run; all that are active when left out'),
  arquitectura: z.enum(['LEGADO', 'JERARQUICA']).optional().describe('as the switch says when left out'),
});

const params = z.object({ id: idSchema.describe('ID_Proceso, or a legacy ID_Ejecucion') });

/** `/api/procesos/v3`: start, list, read, watch and cancel processes. */
export function processRoutes(app: App, service: Service): void {
  const { engine } = service;

  app.get(
    '/api/procesos/v3',
    {
      config: { role: 'read' },
      schema: {
        tags,
        summary: 'The newest processes',
        querystring: z.strictObject({
          fecha: dateSchema.optional(),
          limite: z.coerce.number().int().min(1).max(1000).default(50),
        }),
        response: { 200: z.object({ procesos: z.array(processSchema) }) },
      },
    },
    async (request) => {
      const { fecha, limite } = request.query;
      const rows = await logs.listarProcesos(
        engine,
        { fechaReporte: fecha ?? null, maximo: limite },
        { idempotent: true },
      );
      return { procesos: rows.map(processJson) };
    },
  );

  app.post(
    '/api/procesos/v3/ejecutar',
    {
      config: { role: 'run' },
      schema: {
        tags,
        summary: 'Start a process of a date; workers run it',
        description: 'With an Idempotency-Key a repeated request gets the first one’s process.',
        body: runSchema,
        response: { 202: processSchema },
      },
    },
    async (request, reply) => {
      const started = await start(service, request, request.body);
      return await reply
        .code(202)
        .header('location', `/api/procesos/v3/proceso/${started.ID_Proceso}`)
        .send(started);
    },
  );

  app.get(
    '/api/procesos/v3/proceso/:id',
    {
      config: { role: 'read' },
      schema: {
        tags,
        summary: 'A process with its executions and services',
        params,
        response: { 200: oneSchema },
      },
    },
    async (request, reply) => {
      const feed = await service.processes.get(BigInt(request.params.id));
      // many who poll get the same answer: it is written as JSON once
      return await reply
        .type('application/json; charset=utf-8')
        .serializer(() => feed.json)
        .send(feed.state);
    },
  );

  app.post(
    '/api/procesos/v3/proceso/:id/cancelar',
    {
      config: { role: 'run' },
      schema: {
        tags,
        summary: 'Cancel a process: what waits at once, what runs with its next heartbeat',
        params,
        response: { 202: processSchema },
      },
    },
    async (request, reply) => {
      const { idTrabajo, idProceso, fechaFin, estado } = await logs.estadoProceso(
        engine,
        { idProceso: BigInt(request.params.id) },
        { idempotent: true },
      );
      if (idTrabajo === null)
        throw new ProcedureError(`process ${idProceso} was run the legacy way and has no job to cancel`, {
          code: 'WRONG_STATE',
          number: 50409,
        });
      if (fechaFin !== null)
        throw new ProcedureError(`process ${idProceso} has ended: ${estado}`, {
          code: 'WRONG_STATE',
          number: 50409,
        });
      await cancelJob(engine, idTrabajo);
      service.processes.forget(idProceso);
      service.processes.forget(BigInt(request.params.id));
      const after = await logs.estadoProceso(engine, { idProceso }, { idempotent: true });
      return await reply.code(202).send(processJson(after));
    },
  );

  app.post(
    '/api/procesos/v3/proceso/:id/reintentar',
    {
      config: { role: 'run' },
      schema: {
        tags,
        summary:
          'Give the failed and cancelled funds of a process another chance, each from the service it failed on',
        params: z.object({ id: idSchema.describe('ID_Proceso, or the ID_Ejecucion of one fund') }),
        response: { 202: processSchema.extend({ Reintentados: z.int() }) },
      },
    },
    async (request, reply) => {
      const { process, retried } = await retryProcess(engine, BigInt(request.params.id));
      service.processes.forget(process);
      service.processes.forget(BigInt(request.params.id));
      const after = await logs.estadoProceso(engine, { idProceso: process }, { idempotent: true });
      return await reply.code(202).send({ ...processJson(after), Reintentados: retried });
    },
  );

  app.get(
    '/api/procesos/v3/proceso/:id/eventos',
    {
      config: { role: 'read' },
      schema: {
        tags,
        summary: 'What happens in a process, as it happens',
        description:
          'Server-Sent Events: inicio, servicio, ejecucion, proceso, fin. Last-Event-ID resumes. The stream ends behind fin.',
        params,
        produces: ['text/event-stream'],
      },
    },
    async (request, reply) => {
      // before the stream begins: an unknown ID is an answer, not an event
      const { idProceso } = await logs.estadoProceso(
        engine,
        { idProceso: BigInt(request.params.id) },
        { idempotent: true },
      );
      await streamProcess(service, idProceso, request, reply);
    },
  );
}

/** Starts a process. @throws HttpProblem 422 when its key stands for another request */
export async function start(
  { engine }: Service,
  request: FastifyRequest,
  body: z.infer<typeof runSchema>,
): Promise<z.infer<typeof processSchema>> {
  const { fechaReporte, fondos = [], arquitectura = null } = body;
  const caller = callerOf(request, [
    'proceso',
    fechaReporte,
    [...new Set(fondos)].toSorted(),
    arquitectura,
  ]);
  const { id, job } = await startProcess(engine, fechaReporte, fondos, arquitectura, undefined, caller);
  await sameRequest(engine, job, caller);
  return processJson(await logs.estadoProceso(engine, { idProceso: id }, { idempotent: true }));
}

/** Sends a process's events until it has ended or the client has gone. */
async function streamProcess(
  { streams, processes }: Service,
  id: bigint,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  const stream = streams.open(reply);
  const watched = processes.watch(id);
  try {
    // one that has ended may have been reopened by a retry: look again
    let feed = watched.seen?.ended === false ? watched.seen : await watched.next(stream.closed);
    let at = feed?.positionAfter(lastEventId(request)) ?? 0;
    while (feed !== undefined && !stream.closed.aborted) {
      while (at < feed.length) {
        const { to, bytes } = feed.eventsFrom(at);
        stream.send(bytes);
        at = to;
        await stream.drained();
      }
      if (feed.ended) break;
      feed = await watched.next(stream.closed);
    }
  } catch (error) {
    // the client comes back by itself, and learns then what there is to learn
    request.log.warn({ err: error }, 'a stream was cut off');
  } finally {
    watched.release();
    stream.end();
  }
}
