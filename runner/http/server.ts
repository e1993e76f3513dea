import { randomUUID } from 'node:crypto';

import multipart from '@fastify/multipart';
import rateLimit from '@fastify/rate-limit';
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import Fastify from 'fastify';
import type { FastifyBaseLogger } from 'fastify';
import { jsonSchemaTransform, serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import type { DestinationStream, Logger } from 'pino';
import { pino } from 'pino';
import type { Registry } from 'prom-client';

import type { Engine } from '../../engine/index.js';
import type { App, Service } from './app.js';
import { Credentials } from './credentials.js';
import { lookAtReview } from './job-state.js';
import type { JobLook } from './job-state.js';
import { HttpProblem, problemOf } from './problem.js';
import { lookAtProcess, ProcessFeed } from './process-feed.js';
import { sweepUploads } from './retention.js';
import { mayDo } from './roles.js';
import { createRegistry, healthRoutes } from './routes/health.js';
import { logRoutes } from './routes/logs.js';
import { pageRoutes } from './routes/page.js';
import { lookAtClosing, payrollRoutes } from './routes/payroll.js';
import type { ClosingLook } from './routes/payroll.js';
import { processRoutes } from './routes/processes.js';
import { processRoutesV2 } from './routes/processes-v2.js';
import { recordingRoutes } from './routes/recordings.js';
import type { Recordings } from './routes/recordings.js';
import { traceRoutes } from './routes/trace.js';
import { whoamiRoute } from './routes/whoami.js';
import { Streams } from './sse.js';
import { Uploads } from './uploads.js';
import { Watch } from './watch.js';

export interface ServerOptions {
  readonly engine: Engine;
  /** Where uploaded logs are kept. */
  readonly uploads: string;
  /** Bytes of an upload at most. */
  readonly uploadLimit: number;
  /** How long an uploaded log is kept behind its review's end, ms; for ever when left out. */
  readonly keepUploadsMs?: number;
  /** Requests a second of one caller. */
  readonly rate: number;
  /** Streams that are open at one time. */
  readonly streams: number;
  /** Chunks in this process's lanes at this moment. */
  readonly lanes?: () => number;
  /** Calls of this process that were tried again, by the code of what failed. */
  readonly retried?: () => ReadonlyMap<string, number>;
  /** Of the benchmarks; nothing answers for them when left out. */
  readonly recordings?: Recordings;
  readonly version: string;
  /** Where log lines go; standard error when left out. */
  readonly log?: DestinationStream;
}

export interface Server {
  readonly app: App;
  readonly registry: Registry;
  readonly log: Logger;
  /** Starts to listen; where. */
  listen(host: string, port: number): Promise<string>;
  /** Ends streams with a hint to come back, answers what was asked, and stops. */
  drain(): Promise<void>;
}

/** How often a process or job that is watched or polled is looked at, however many clients do, ms. */
const lookEveryMs = 250;

/** The document's monitor of a consolidation asks once a second. */
const lookAtClosingsEveryMs = 1000;

/** How often uploads that are kept long enough are taken away, ms. */
const sweepEveryMs = 3_600_000;

/** How long what was asked may take to be answered once the server is told to stop, ms. */
const drainMs = 20_000;

/** Tokens looked up a second for one address: what is guessed costs the database little. */
const lookups = 100;

/** JSON bodies are small; logs come as multipart, which is not held in memory. */
const bodyLimit = 64 * 1024;

/** The HTTP service: every handler is a call to what the command line uses. */
export async function createServer(options: ServerOptions): Promise<Server> {
  const { engine } = options;
  const log = pino(
    {
      name: 'carril',
      redact: { paths: ['req.headers.authorization', 'headers.authorization'], remove: true },
      serializers: { req: requestLine },
    },
    options.log ?? pino.destination(2),
  );
  const logger: FastifyBaseLogger = log;
  const app: App = Fastify({
    loggerInstance: logger,
    bodyLimit,
    genReqId: () => randomUUID(),
    requestTimeout: 0,
    connectionTimeout: 0,
    forceCloseConnections: 'idle',
    return503OnClosing: true,
    routerOptions: { maxParamLength: 200 },
  });
  const service: Service = {
    engine,
    streams: new Streams(options.streams),
    processes: new Watch<ProcessFeed>(async (id, before) => {
      const look = await lookAtProcess(engine, id);
      // a retry has reopened it: its events begin anew
      const reopened = before?.ended === true && look.process.fechaFin === null;
      const feed = before === undefined || reopened ? new ProcessFeed() : before;
      feed.take(look);
      return feed;
    }, lookEveryMs),
    jobs: new Watch<JobLook>((id) => lookAtReview(engine, id), lookEveryMs),
    closings: new Watch<ClosingLook>((id) => lookAtClosing(engine, id), lookAtClosingsEveryMs),
    uploads: new Uploads(options.uploads, options.uploadLimit),
  };
  await service.uploads.prepare();

  app.removeContentTypeParser('text/plain');
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  answerProblems(app);
  await app.register(rateLimit, {
    max: options.rate,
    timeWindow: 1000,
    keyGenerator: (request) => (request.credential === null ? request.ip : String(request.credential.id)),
    errorResponseBuilder: () =>
      new HttpProblem(429, 'TOO_MANY_REQUESTS', `at most ${options.rate} requests a second are answered`),
  });
  demandCredentials(app, engine);
  await app.register(multipart, {
    limits: { files: 1, fields: 0, fileSize: options.uploadLimit },
    preservePath: true,
    throwFileSizeLimit: false,
  });
  await app.register(swagger, {
    openapi: {
      info: {
        title: 'carril',
        description:
          'Runs, log reviews and their results. Errors are problem+json with the codes of the command line.',
        version: options.version,
      },
      components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
      security: [{ token: [] }],
    },
    transform: jsonSchemaTransform,
  });
  await app.register(swaggerUi, { routePrefix: '/api/docs' });

  await pageRoutes(app);

  const registry = createRegistry(service, {
    lanes: options.lanes ?? (() => 0),
    retried: options.retried ?? (() => new Map()),
  });
  app.after(() => {
    healthRoutes(app, service, registry);
    processRoutes(app, service);
    processRoutesV2(app, service);
    logRoutes(app, service);
    payrollRoutes(app, service);
    traceRoutes(app, service);
    if (options.recordings !== undefined) recordingRoutes(app, options.recordings);
    whoamiRoute(app);
    app.get('/api/openapi.json', { schema: { hide: true } }, () => app.swagger());
  });
  await app.ready();

  const { keepUploadsMs } = options;
  const sweep = async (): Promise<void> => {
    if (keepUploadsMs === undefined) return;
    try {
      const gone = await sweepUploads(engine, service.uploads, keepUploadsMs);
      if (gone > 0) log.info({ gone }, 'uploaded logs were taken away: their reviews ended long ago');
    } catch (error) {
      log.warn({ err: error }, 'uploaded logs could not be swept: the next hour tries again');
    }
  };
  await sweep();
  const sweeping = setInterval(() => void sweep(), sweepEveryMs).unref();

  return {
    app,
    registry,
    log,
    listen: (host, port) => app.listen({ host, port }),
    drain: async () => {
      clearInterval(sweeping);
      service.streams.drain();
      // an upload that crawls is cut off: its client gets no answer, and nothing of it is kept
      const patience = setTimeout(() => {
        app.server.closeAllConnections();
      }, drainMs);
      await app.close();
      clearTimeout(patience);
    },
  };
}

/** A request in the log: no header, and of a query only that there is one. */
function requestLine(request: { readonly method: string; readonly url: string }): Record<string, unknown> {
  return { method: request.method, url: request.url.replace(/\?.*$/s, '?…') };
}

function answerProblems(app: App): void {
  app.setErrorHandler(async (error, request, reply) => {
    const problem = problemOf(error);
    if (problem.status >= 500) request.log.error({ err: error }, problem.detail);
    if (problem.status === 401) void reply.header('www-authenticate', 'Bearer');
    // an answer that closes the connection does not wait for the rest of an upload
    if (request.isMultipart()) void reply.header('connection', 'close');
    return await reply
      .code(problem.status)
      .header('x-request-id', request.id)
      .type('application/problem+json')
      .serializer(JSON.stringify)
      .send(problem);
  });
  app.setNotFoundHandler(() => {
    throw new HttpProblem(404, 'NOT_FOUND', 'there is nothing here; /api/docs lists what there is');
  });
}

/** Every route that names a role wants a token that has it. */
function demandCredentials(app: App, engine: Engine): void {
  const credentials = new Credentials(engine);
  const mayLookUp = app.createRateLimit({
    max: lookups,
    timeWindow: 1000,
    keyGenerator: (request) => `look-up ${request.ip}`,
  });
  app.decorateRequest('credential', null);
  app.addHook('onRequest', async (request, reply) => {
    void reply.header('x-request-id', request.id);
    void reply.header('x-content-type-options', 'nosniff');
    const { role } = request.routeOptions.config;
    if (role === undefined) return;
    void reply.header('cache-control', 'no-store');
    const [, token] = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '') ?? [];
    if (token === undefined)
      throw new HttpProblem(
        401,
        'UNAUTHENTICATED',
        'Authorization: a bearer token is wanted (carril token create)',
      );
    const credential = await credentials.find(token, async () => {
      const asked = await mayLookUp(request);
      if (!asked.isAllowed && asked.isExceeded)
        throw new HttpProblem(429, 'TOO_MANY_REQUESTS', `at most ${lookups} tokens a second are looked up`);
    });
    if (credential === undefined)
      throw new HttpProblem(401, 'UNAUTHENTICATED', 'the token is unknown, revoked or expired');
    request.credential = credential;
    if (!mayDo(credential.role, role))
      throw new HttpProblem(
        403,
        'FORBIDDEN',
        `the role ${role} is wanted, and this token has ${credential.role}`,
      );
  });
}
