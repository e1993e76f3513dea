import type { FastifyRequest } from 'fastify';
import { z } from 'zod';

import { ProcedureError } from '../../../engine/index.js';
import type { Engine } from '../../../engine/index.js';
import { logs, trabajo } from '../../../procedures/generated/index.js';
import { isOvertaken, planReview, startReview } from '../../logs/review.js';
import type { Plan, ScanRequest } from '../../logs/review.js';
import { openSource } from '../../logs/source.js';
import type { LogSource } from '../../logs/source.js';
import { cancelJob } from '../../cancel-job.js';
import type { App, Service } from '../app.js';
import { jobStatuses, lookAtReview, statusOf } from '../job-state.js';
import { keyOf, keyReused } from '../idempotency.js';
import { HttpProblem } from '../problem.js';
import { idSchema } from '../process-json.js';
import { streamResults } from '../results-stream.js';

const tags = ['logs'];

/** As document 001 names its fields. */
const processResponse = z.object({
  job_id: idSchema,
  status: z.enum(jobStatuses),
  message: z.string(),
  total_chunks: z.int(),
  estimated_time: z.int().nullable(),
});

const statusResponse = z.object({
  job_id: idSchema,
  status: z.enum(jobStatuses),
  progress: z.number().min(0).max(1),
  chunks_processed: z.int(),
  total_chunks: z.int(),
  anomalies_found: z.int(),
  estimated_remaining_time: z.int().nullable().describe('seconds'),
  error_message: z.string().nullable(),
});

const jobSchema = z.object({
  job_id: idSchema,
  status: z.enum(jobStatuses),
  state: z.string().describe('as the database names it'),
  user: z.string().nullable(),
  created: z.iso.datetime(),
  ended: z.iso.datetime().nullable(),
  chunks_processed: z.int(),
  total_chunks: z.int(),
});

const signatureSchema = z.object({
  signature: z.string(),
  level: z.string(),
  count: z.int(),
  first: z.iso.datetime().nullable(),
  last: z.iso.datetime().nullable(),
  example: z.string(),
});

const params = z.object({ id: idSchema });

/** What an upload is scanned as: about a megabyte a chunk, the timestamps that are recognised without being told. */
const asUploaded: ScanRequest = {
  pattern: undefined,
  format: undefined,
  chunkBytes: 2 ** 20,
  sequential: false,
  again: false,
};

/** `/api/v2`: logs as document 001 has them; an anomaly is an error block. */
export function logRoutes(app: App, service: Service): void {
  const { engine } = service;

  app.post(
    '/api/v2/process',
    {
      config: { role: 'run' },
      schema: {
        tags,
        summary: 'Upload a log; workers scan it',
        description:
          'multipart/form-data with one file. It is written to disk as it arrives. With an Idempotency-Key a repeated upload gets the first one’s job.',
        consumes: ['multipart/form-data'],
        response: { 200: processResponse },
      },
    },
    async (request) => {
      const path = await receive(service, request);
      const { job, message } = await review(service, path);
      const look = await lookAtReview(engine, job);
      return {
        job_id: String(job),
        status: statusOf(look.job),
        message,
        total_chunks: look.job.total,
        estimated_time: look.job.faltanS,
      };
    },
  );

  app.get(
    '/api/v2/jobs',
    {
      config: { role: 'read' },
      schema: {
        tags,
        summary: 'The newest scans',
        querystring: z.strictObject({ limit: z.coerce.number().int().min(1).max(1000).default(50) }),
        response: { 200: z.object({ jobs: z.array(jobSchema) }) },
      },
    },
    async (request) => {
      const rows = await trabajo.listarTrabajos(
        engine,
        { tipo: 'LOGS', maximo: request.query.limit },
        { idempotent: true },
      );
      return {
        jobs: rows.map((row) => ({
          job_id: String(row.idTrabajo),
          status: statusOf(row),
          state: row.estado,
          user: row.usuario,
          created: row.fechaCreacion.toISOString(),
          ended: row.fechaFin?.toISOString() ?? null,
          chunks_processed: row.completados + row.fallidos + row.cancelados,
          total_chunks: row.total,
        })),
      };
    },
  );

  app.get(
    '/api/v2/status/:id',
    {
      config: { role: 'read' },
      schema: { tags, summary: 'How far a scan is', params, response: { 200: statusResponse } },
    },
    async (request) => {
      const { job, summary } = await service.jobs.get(BigInt(request.params.id));
      const done = job.completados + job.fallidos + job.cancelados;
      const status = statusOf(job);
      return {
        job_id: String(job.idTrabajo),
        status,
        progress: job.total === 0 ? Number(job.fechaFin !== null) : done / job.total,
        chunks_processed: done,
        total_chunks: job.total,
        anomalies_found: summary.bloques,
        estimated_remaining_time: job.fechaFin === null ? job.faltanS : null,
        error_message: status === 'failed' || status === 'processing' ? summary.ultimoError : null,
      };
    },
  );

  app.get(
    '/api/v2/results/:id/stream',
    {
      config: { role: 'read' },
      schema: {
        tags,
        summary: 'The error blocks, one event a chunk',
        description:
          'Server-Sent Events in the order of the file. An event’s ID is the byte behind its chunk: Last-Event-ID goes on there, without gaps or repeats.',
        params,
        produces: ['text/event-stream'],
      },
    },
    async (request, reply) => {
      await streamResults(service, BigInt(request.params.id), request, reply);
    },
  );

  app.post(
    '/api/v2/cancel/:id',
    {
      config: { role: 'run' },
      schema: {
        tags,
        summary: 'Cancel a scan',
        params,
        response: { 200: z.object({ message: z.string(), job_id: idSchema }) },
      },
    },
    async (request) => {
      const { job } = await lookAtReview(engine, BigInt(request.params.id));
      if (job.fechaFin !== null)
        throw new ProcedureError(`job ${job.idTrabajo} has ended: ${job.estado}`, {
          code: 'WRONG_STATE',
          number: 50409,
        });
      await cancelJob(engine, job.idTrabajo);
      service.jobs.forget(job.idTrabajo);
      return { message: 'Procesamiento cancelado', job_id: String(job.idTrabajo) };
    },
  );

  app.get(
    '/api/v2/report/:id',
    {
      config: { role: 'read' },
      schema: {
        tags,
        summary: 'A scan’s error blocks by signature, the most frequent first',
        params,
        querystring: z.strictObject({ limit: z.coerce.number().int().min(1).max(1000).default(100) }),
        response: {
          200: z.object({ job: idSchema, blocks: z.int(), signatures: z.array(signatureSchema) }),
        },
      },
    },
    async (request) => {
      const { job, summary } = await lookAtReview(engine, BigInt(request.params.id));
      const rows = await logs.informeBloques(
        engine,
        { idTrabajo: job.idTrabajo, maximo: request.query.limit },
        { idempotent: true },
      );
      return {
        job: String(job.idTrabajo),
        blocks: summary.bloques,
        signatures: rows.map((row) => ({
          signature: row.firma,
          level: row.nivel,
          count: row.veces,
          first: row.primero?.toISOString() ?? null,
          last: row.ultimo?.toISOString() ?? null,
          example: row.ejemplo,
        })),
      };
    },
  );
}

/** Takes the request's file; its path. Nothing is left of an upload that did not end well. */
async function receive({ uploads }: Service, request: FastifyRequest): Promise<string> {
  const key = keyOf(request);
  if (!request.isMultipart())
    throw new HttpProblem(415, 'UNSUPPORTED_MEDIA_TYPE', 'multipart/form-data with one file is wanted');
  let path: string | undefined;
  try {
    for await (const part of request.parts()) {
      if (part.type !== 'file')
        throw new HttpProblem(400, 'BAD_REQUEST', `${part.fieldname}: only one file is taken`);
      path = uploads.pathFor(
        part.filename,
        key === undefined ? undefined : { caller: String(request.credential?.id), text: key },
      );
      const earlier = key === undefined ? undefined : await uploads.underSameKey(path);
      if (earlier === undefined) await uploads.store(path, part.file);
      // the same upload once more: what is on disk is whole
      else if (earlier === path) await uploads.checkSame(path, part.file);
      else throw keyReused();
    }
  } catch (error) {
    // a second part, or an end that never came, behind a file that was whole
    if (path !== undefined && key === undefined) await uploads.remove(path);
    throw asRefusal(error);
  }
  if (path === undefined) throw new HttpProblem(400, 'BAD_REQUEST', 'file: there is none in the request');
  return path;
}

/** The parser's errors are plain ones; a system's (a full disk) or ours have a code. */
function asRefusal(error: unknown): unknown {
  if (!(error instanceof Error) || 'code' in error || 'statusCode' in error) return error;
  return new HttpProblem(400, 'BAD_REQUEST', `the multipart body cannot be read: ${error.message}`);
}

/** Starts what was planned; of two uploads under one key that meet here, the second finds the first one's job. */
async function registered(
  engine: Engine,
  source: LogSource,
  plan: Exclude<Plan, { kind: 'nothing' }>,
): Promise<bigint> {
  try {
    return (await startReview(engine, plan, asUploaded)).job;
  } catch (error) {
    const other = isOvertaken(error) ? await planReview(engine, source, asUploaded) : undefined;
    if (other === undefined || other.kind === 'new' || other.job === null) throw error;
    return other.job;
  }
}

/** Registers the scan of an uploaded file. @throws HttpProblem, with the file gone, for what cannot be scanned */
async function review(
  { engine, uploads }: Service,
  path: string,
): Promise<{ readonly job: bigint; readonly message: string }> {
  const source = await openSource(path);
  try {
    const plan = await planReview(engine, source, asUploaded);
    if (plan.kind === 'nothing') {
      if (plan.job !== null) return { job: plan.job, message: 'Procesamiento terminado' };
      throw new HttpProblem(400, 'EMPTY_FILE', 'file: it is empty');
    }
    const job = await registered(engine, source, plan);
    const message =
      plan.recognised === false
        ? 'Procesamiento iniciado; ninguna linea del comienzo tiene una fecha que se reconozca'
        : 'Procesamiento iniciado';
    return { job, message };
  } catch (error) {
    const known = await logs.buscarArchivo(engine, { ruta: path }, { idempotent: true }).catch(() => [null]);
    // nobody refers to it
    if (known.length === 0) await uploads.remove(path);
    throw error;
  } finally {
    await source.close();
  }
}
