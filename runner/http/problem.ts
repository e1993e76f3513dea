import type { FastifyError } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';

import { ProcedureError, UsageError } from '../../engine/index.js';
import type { ProcedureCode } from '../../engine/index.js';

/** An error as RFC 9457 writes it, with the codes that the command line has. */
export interface Problem {
  readonly type: 'about:blank';
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  /** Of an error that a procedure threw. */
  readonly number?: number;
  /** What is wrong where, of a request that does not fit its schema. */
  readonly errors?: readonly { readonly path: string; readonly message: string }[];
}

/** An answer that is no success: thrown by handlers, written by the server's error handler. */
export class HttpProblem extends Error {
  override readonly name = 'HttpProblem';
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, detail: string) {
    super(detail);
    this.status = status;
    this.code = code;
  }
}

const titles: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  408: 'Request Timeout',
  409: 'Conflict',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  422: 'Unprocessable Content',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
};

/** What a procedure's error is over HTTP; anything else that a database says is its trouble, not the caller's. */
const statuses: Partial<Readonly<Record<ProcedureCode, number>>> = {
  BAD_ARGUMENT: 400,
  NOT_FOUND: 404,
  WRONG_STATE: 409,
  LEASE_LOST: 409,
  CANCELLED: 409,
  VERIFICATION_FAILED: 409,
  LOCK_TIMEOUT: 503,
  DEADLOCK: 503,
  SERIALIZATION: 503,
  TIMEOUT: 503,
  CONNECTION: 503,
};

/** Codes of our own for what Fastify and its plugins refuse. */
const refusals: Readonly<Record<number, string>> = {
  400: 'BAD_REQUEST',
  404: 'NOT_FOUND',
  405: 'METHOD_NOT_ALLOWED',
  406: 'MULTIPART_EXPECTED',
  413: 'TOO_LARGE',
  415: 'UNSUPPORTED_MEDIA_TYPE',
  429: 'TOO_MANY_REQUESTS',
};

/**
 * What to answer on an error. Of what nobody foresaw the caller learns nothing but that it happened: the log has it, under
 * the request's ID.
 */
export function problemOf(error: unknown): Problem {
  if (error instanceof HttpProblem) return problem(error.status, error.code, error.message);
  if (error instanceof UsageError) return problem(400, 'USAGE', error.message);
  if (error instanceof ProcedureError) {
    const status = statuses[error.code] ?? 500;
    // what a procedure of ours threw is written for its caller; what the engine says may show its insides
    const detail = error.number >= 50400 && error.number <= 50499 ? error.message : unforeseen(status);
    return {
      ...problem(status, error.code, detail),
      ...(error.number === 0 ? {} : { number: error.number }),
    };
  }
  if (hasZodFastifySchemaValidationErrors(error)) {
    const errors = error.validation.map(({ instancePath, message }) => ({
      path: `${error.validationContext ?? 'request'}${instancePath}`,
      message: message ?? 'is wrong',
    }));
    const detail = errors.map(({ path, message }) => `${path}: ${message}`).join('; ');
    return { ...problem(400, 'BAD_REQUEST', detail), errors };
  }
  const { statusCode, message } = error as Partial<FastifyError>;
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    const status = statusCode === 406 ? 415 : statusCode;
    return problem(status, refusals[statusCode] ?? 'BAD_REQUEST', message ?? '');
  }
  return problem(500, 'INTERNAL', unforeseen(500));
}

function unforeseen(status: number): string {
  return status === 503
    ? 'the database does not answer right now: try again'
    : 'something went wrong here; the log says what, under the request ID of this answer';
}

function problem(status: number, code: string, detail: string): Problem {
  return { type: 'about:blank', title: titles[status] ?? 'Error', status, code, detail };
}
