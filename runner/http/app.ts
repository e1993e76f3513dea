import type { FastifyInstance, FastifyBaseLogger, RawServerDefault } from 'fastify';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';

import type { Engine } from '../../engine/index.js';
import type { Credential } from './credentials.js';
import type { Role } from './roles.js';
import type { Streams } from './sse.js';
import type { Watch } from './watch.js';
import type { ProcessFeed } from './process-feed.js';
import type { Uploads } from './uploads.js';
import type { ClosingLook } from './routes/payroll.js';
import type { JobLook } from './job-state.js';

/** Fastify with zod as its schemas' language. */
export type App = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>;

/** What the routes share. */
export interface Service {
  readonly engine: Engine;
  readonly streams: Streams;
  readonly processes: Watch<ProcessFeed>;
  readonly jobs: Watch<JobLook>;
  readonly closings: Watch<ClosingLook>;
  readonly uploads: Uploads;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Who may call it; nobody needs a token where it is left out. */
    readonly role?: Role;
  }
  interface FastifyRequest {
    /** Of the token that came with it. */
    credential: Credential | null;
  }
}
