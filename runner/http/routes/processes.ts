import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';

import { ProcedureError } from '../../../engine/index.js';
import { logs } from '../../../procedures/generated/index.js';
import { startProcess } from '../../process.js';
import { cancelJob } from '../../cancel-job.js';
import { retryProcess } from '../../undo.js';
import type { App, Service } from '../app.js';
import { HttpProblem } from '../problem.js';
import type { Look } from '../process-feed.js';
import {
  dateSchema,
  executionJson,
  executionSchema,
  idSchema,
  processJson,
  processSchema,
  serviceJson,
  serviceSchema,
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

const oneSchema = z.object({
  proceso: processSchema,
  ejecuciones: z.array(
    executionSchema.extend({ servicios: z.array(serviceSchema.pick({ Servicio: true, Estado: true })) }),
  ),
});

export type OneProcess = z.infer<typeof oneSchema>;

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
    async (request, reply) =>
      await reply
        .type('application/json; charset=utf-8')
        .serializer(writtenOnce)
        .send(await service.recentProcesses.get(BigInt(request.params.id))),
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
      service.recentProcesses.forget(idProceso);
      service.recentProcesses.forget(BigInt(request.params.id));
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
      service.recentProcesses.forget(process);
      service.recentProcesses.forget(BigInt(request.params.id));
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

/** Starts a process. @throws HttpProblem 422 when the key was used for something else */
export async function start(
  { engine }: Service,
  request: FastifyRequest,
  body: z.infer<typeof runSchema>,
): Promise<z.infer<typeof processSchema>> {
  const { id } = await startProcess(
    engine,
    body.fechaReporte,
    body.fondos ?? [],
    body.arquitectura ?? null,
    undefined,
    // who asked, not whose account the server runs under
    { key: keyOf(request), user: request.credential?.name },
  );
  const state = await logs.estadoProceso(engine, { idProceso: id }, { idempotent: true });
  if (state.fechaReporte !== body.fechaReporte)
    throw new HttpProblem(
      422,
      'KEY_REUSED',
      `Idempotency-Key: it stands for process ${id} of ${state.fechaReporte} already`,
    );
  return processJson(state);
}

/** The caller's own key: that of another caller is another one. */
export function keyOf(request: FastifyRequest): string | undefined {
  const key = request.headers['idempotency-key'];
  if (key === undefined) return undefined;
  if (typeof key !== 'string' || !/^[\x21-\x7e]{1,100}$/.test(key))
    throw new HttpProblem(400, 'BAD_REQUEST', 'Idempotency-Key: 1 to 100 visible ASCII characters');
  return `http:${request.credential?.id ?? 0n}:${key}`;
}

const written = new WeakMap<OneProcess, string>();

/** Many who poll get the same answer: it is written as JSON once. */
function writtenOnce(one: OneProcess): string {
  const text = written.get(one) ?? JSON.stringify(one);
  written.set(one, text);
  return text;
}

/** A look as the API tells it. */
export function oneProcess({ process, executions, services }: Look): OneProcess {
  // a run of the legacy way has one execution for all its funds
  const byExecution = new Map<bigint, logs.EstadoServiciosRow[]>();
  for (const row of services)
    byExecution.set(row.idEjecucion, [...(byExecution.get(row.idEjecucion) ?? []), row]);
  return {
    proceso: processJson(process),
    ejecuciones: executions.map((execution) => ({
      ...executionJson(execution),
      servicios: (byExecution.get(execution.idEjecucion) ?? [])
        .filter(({ idFund }) => execution.idFund === null || idFund === execution.idFund)
        .map(serviceJson)
        .map(({ Servicio, Estado }) => ({ Servicio, Estado })),
    })),
  };
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
