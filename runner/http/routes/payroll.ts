import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';

import { ProcedureError } from '../../../engine/index.js';
import type { Engine } from '../../../engine/index.js';
import { nomina } from '../../../procedures/generated/index.js';
import { cancelJob } from '../../cancel-job.js';
import { cutOff, planConsolidation, rollbackConsolidation } from '../../payroll/consolidate.js';
import type { App, Service } from '../app.js';
import { callerOf, sameRequest } from '../idempotency.js';
import {
  closingJson,
  closingSchema,
  closingStateJson,
  closingStateSchema,
  discrepancyJson,
  discrepancySchema,
} from '../payroll-json.js';
import { idSchema } from '../process-json.js';
import { encodeEvent } from '../sse.js';

const tags = ['nomina'];

const params = z.object({ id: idSchema.describe('ID_Cierre') });

/** As `carril payroll consolidate` has it: five minutes unless told otherwise, 30 days at most. */
const startSchema = z.strictObject({
  limiteSegundos: z
    .int()
    .min(1)
    .max(30 * 24 * 3600)
    .default(300)
    .describe('after so many seconds it is cut off: timeout_consolidacion'),
});

/** A closing at one moment, as its clients get it. */
export interface ClosingLook {
  readonly ended: boolean;
  readonly events: Buffer;
}

/** Reads a closing, and writes what is to be told of it: once for all who watch. */
export async function lookAtClosing(engine: Engine, idCierre: bigint): Promise<ClosingLook> {
  const state = closingStateJson(
    await nomina.estadoConsolidacion(engine, { idCierre }, { idempotent: true }),
  );
  const ended = state.Estado !== 'consolidando_datos';
  const { ID_Cierre, Estado } = state;
  const texts = [
    encodeEvent({ event: 'cierre', data: state }),
    ...(ended ? [encodeEvent({ event: 'fin', data: { ID_Cierre, Estado } })] : []),
  ];
  return { ended, events: Buffer.from(texts.join('')) };
}

/** `/api/nomina/v1`: payroll closings, what `carril payroll` does with them. */
export function payrollRoutes(app: App, service: Service): void {
  const { engine } = service;
  const state = async (idCierre: bigint) =>
    closingStateJson(await nomina.estadoConsolidacion(engine, { idCierre }, { idempotent: true }));

  app.get(
    '/api/nomina/v1/cierres',
    {
      config: { role: 'read' },
      schema: {
        tags,
        summary: 'The newest closings',
        querystring: z.strictObject({ limite: z.coerce.number().int().min(1).max(1000).default(50) }),
        response: { 200: z.object({ cierres: z.array(closingSchema) }) },
      },
    },
    async (request) => {
      const rows = await nomina.listarCierres(engine, { maximo: request.query.limite }, { idempotent: true });
      return { cierres: rows.map(closingJson) };
    },
  );

  app.get(
    '/api/nomina/v1/cierres/:id',
    {
      config: { role: 'read' },
      schema: {
        tags,
        summary: 'A closing: state, progress, throughput, time left, totals',
        params,
        response: { 200: closingStateSchema },
      },
    },
    async (request) => await state(BigInt(request.params.id)),
  );

  app.get(
    '/api/nomina/v1/cierres/:id/eventos',
    {
      config: { role: 'read' },
      schema: {
        tags,
        summary: 'A closing’s state, once a second while it is consolidated',
        description:
          'Server-Sent Events: cierre, the whole state each time, so that who comes back needs no Last-Event-ID; fin when it is not consolidated, or not any more. The stream ends behind fin.',
        params,
        produces: ['text/event-stream'],
      },
    },
    async (request, reply) => {
      const id = BigInt(request.params.id);
      // before the stream begins: an unknown ID is an answer, not an event
      await state(id);
      await streamClosing(service, id, request, reply);
    },
  );

  app.get(
    '/api/nomina/v1/cierres/:id/discrepancias',
    {
      config: { role: 'read' },
      schema: {
        tags,
        summary: 'A closing’s discrepancies, a page at a time',
        params,
        querystring: z.strictObject({
          tipo: z.string().min(1).max(50).optional().describe('of one type only: RUT_DUPLICADO, …'),
          desde: idSchema.default('0').describe('siguiente of the page before'),
          limite: z.coerce.number().int().min(1).max(2000).default(100),
        }),
        response: {
          200: z.object({
            discrepancias: z.array(discrepancySchema),
            siguiente: idSchema.nullable().describe('where the next page begins; null: there is none'),
          }),
        },
      },
    },
    async (request) => {
      const { tipo, desde, limite } = request.query;
      const rows = await nomina.listarDiscrepancias(
        engine,
        {
          idCierre: BigInt(request.params.id),
          tipo: tipo?.toUpperCase() ?? null,
          desdeId: BigInt(desde),
          maximo: limite,
        },
        { idempotent: true },
      );
      const last = rows.length < limite ? undefined : rows.at(-1);
      return {
        discrepancias: rows.map(discrepancyJson),
        siguiente: last === undefined ? null : String(last.id),
      };
    },
  );

  app.post(
    '/api/nomina/v1/cierres/:id/consolidar',
    {
      config: { role: 'run' },
      schema: {
        tags,
        summary: 'Consolidate a closing, or join the consolidation that runs; workers do it',
        description:
          'With an Idempotency-Key a repeated request gets the first one’s consolidation, whatever has become of it. One that joins another’s does not take the key.',
        params,
        body: startSchema.nullish(),
        response: {
          202: closingStateSchema.extend({ Unido: z.boolean().describe('it was running already') }),
        },
      },
    },
    async (request, reply) => {
      const id = BigInt(request.params.id);
      const { limiteSegundos } = startSchema.parse(request.body ?? {});
      const caller = callerOf(request, ['nomina', String(id), limiteSegundos]);
      const timeoutMs = limiteSegundos * 1000;
      const { job, joined } = await planConsolidation(engine, id, { timeoutMs, caller });
      await sameRequest(engine, job, caller);
      if (!joined) cutOff(engine, job, timeoutMs);
      return await reply
        .code(202)
        .header('location', `/api/nomina/v1/cierres/${id}`)
        .send({ ...(await state(id)), Unido: joined });
    },
  );

  app.post(
    '/api/nomina/v1/cierres/:id/cancelar',
    {
      config: { role: 'run' },
      schema: {
        tags,
        summary: 'Cancel a consolidation: what waits at once, what runs with its next heartbeat',
        params,
        response: { 202: closingStateSchema },
      },
    },
    async (request, reply) => {
      const id = BigInt(request.params.id);
      const { estado, idTrabajo } = await nomina.estadoConsolidacion(
        engine,
        { idCierre: id },
        { idempotent: true },
      );
      if (idTrabajo === null || estado !== 'consolidando_datos')
        throw new ProcedureError(`closing ${id} is not being consolidated: ${estado}`, {
          code: 'WRONG_STATE',
          number: 50409,
        });
      await cancelJob(engine, idTrabajo);
      return await reply.code(202).send(await state(id));
    },
  );

  app.post(
    '/api/nomina/v1/cierres/:id/revertir',
    {
      config: { role: 'run' },
      schema: {
        tags,
        summary: 'Delete what a consolidation has left: the closing is as before it',
        description:
          'In bounded batches. When the connection breaks, the closing stays in revirtiendo_consolidacion, and the same request goes on.',
        params,
        response: {
          200: z.object({ ID_Cierre: idSchema, Estado: z.string(), Borrados: z.int() }),
        },
      },
    },
    async (request, reply) => {
      const gone = new AbortController();
      reply.raw.once('close', () => {
        gone.abort();
      });
      const { state: Estado, deleted } = await rollbackConsolidation(engine, BigInt(request.params.id), {
        signal: gone.signal,
      });
      return { ID_Cierre: request.params.id, Estado, Borrados: deleted };
    },
  );
}

/** Sends a closing's state while it changes, until it is not being consolidated or the client has gone. */
async function streamClosing(
  { streams, closings }: Service,
  id: bigint,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  const stream = streams.open(reply);
  const watched = closings.watch(id);
  try {
    for (;;) {
      const look = await watched.next(stream.closed);
      if (look === undefined) break;
      stream.send(look.events);
      if (look.ended) break;
      await stream.drained();
    }
  } catch (error) {
    // the client comes back by itself, and learns then what there is to learn
    request.log.warn({ err: error }, 'a stream was cut off');
  } finally {
    watched.release();
    stream.end();
  }
}
