import { hostname } from 'node:os';

import { UsageError } from '../../engine/index.js';
import { createRecogniser } from './recogniser.js';
import type { Recogniser } from './recogniser.js';
import type { PlannedFile } from './source.js';

/** Kind of the jobs whose chunks are byte ranges of a log. */
export const logsKind = 'LOGS';

/** Kind of the jobs without chunks: the whole range is read by whoever started it. */
export const sequentialKind = 'LOGS_SECUENCIAL';

/** What a log review's job freezes: which file, as it was when it was planned, and how it is read. */
export interface ReviewParameters {
  readonly path: string;
  /** The machine that planned it: elsewhere the same path may be another file. */
  readonly host: string;
  readonly planned: PlannedFile;
  readonly pattern: string | undefined;
  readonly format: string | undefined;
  readonly gzip: boolean;
  /** [from, to) of the file; in a gzip file 0 and its compressed size. */
  readonly from: number;
  readonly to: number;
}

/** The job's parameters as JSON; the procedure that starts the review adds the file's ID. */
export function writeParameters(review: ReviewParameters): string {
  const { planned } = review;
  return JSON.stringify({
    ruta: review.path,
    equipo: review.host,
    tamano: String(planned.end),
    mtime_ms: planned.mtimeMs,
    huella: planned.head,
    huella_bytes: planned.headBytes,
    cola: planned.tail,
    patron: review.pattern ?? null,
    formato: review.format ?? null,
    gzip: review.gzip,
    desde: String(review.from),
    hasta: String(review.to),
  });
}

/** @throws UsageError when they are no review's */
export function readParameters(job: {
  readonly idTrabajo: bigint;
  readonly parametros: string | null;
}): ReviewParameters {
  const raw = JSON.parse(job.parametros ?? '{}') as Record<string, unknown>;
  const text = (key: string): string => {
    const value = raw[key];
    if (typeof value === 'string') return value;
    throw new UsageError(`job ${job.idTrabajo} is no log review: its parameters have no ${key}`);
  };
  const optional = (key: string) => (typeof raw[key] === 'string' ? raw[key] : undefined);
  return {
    path: text('ruta'),
    host: optional('equipo') ?? hostname(),
    planned: {
      head: text('huella'),
      headBytes: Number(raw['huella_bytes']),
      tail: text('cola'),
      end: Number(text('tamano')),
      mtimeMs: Number(raw['mtime_ms']),
    },
    pattern: optional('patron'),
    format: optional('formato'),
    gzip: raw['gzip'] === true,
    from: Number(text('desde')),
    to: Number(text('hasta')),
  };
}

/** Reads the file as its review was planned: a year that lines leave out is that of the plan, in every lane. */
export function recogniserOf({ pattern, format, planned }: ReviewParameters): Recogniser {
  return createRecogniser({ pattern, format, mtimeMs: planned.mtimeMs });
}
