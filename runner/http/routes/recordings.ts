import { z } from 'zod';

import type { App } from '../app.js';

const tags = ['recordings'];

const recordingSchema = z.object({
  label: z.string(),
  at: z.string(),
  benchmark: z.string(),
  migration: z.string(),
  rounds: z.int(),
  figures: z.int(),
  architectures: z.array(z.string()),
});

const sideSchema = z.object({ label: z.string(), architecture: z.string(), rounds: z.int() });

const comparisonSchema = z.object({
  a: sideSchema,
  b: sideSchema,
  judged: z.array(
    z.object({
      measure: z.string(),
      kind: z.enum(['absolute', 'relative']),
      better: z.enum(['lower', 'higher']),
      goal: z.number(),
      tolerated: z.number(),
      a: z.number().nullable(),
      b: z.number().nullable(),
      judged: z.object({ median: z.number(), low: z.number(), high: z.number() }).nullable(),
      verdict: z.string(),
    }),
  ),
  slower: z.array(
    z.object({
      procedure: z.string(),
      kind: z.string(),
      a_ms: z.number(),
      b_ms: z.number(),
      times: z.number(),
    }),
  ),
  waits: z.array(
    z.object({ table: z.string(), a: z.number(), b: z.number(), procedures: z.array(z.string()) }),
  ),
  broken: z.boolean(),
});

/** What `carril bench list` and `carril bench compare` say of a folder's recordings. */
export interface Recordings {
  list(): Promise<z.input<typeof recordingSchema>[]>;
  /**
   * Judges B by A; a recording of both architectures by itself.
   * @throws HttpProblem 404 for a label that there is not, 409 INCOMPARABLE with every reason
   */
  compare(a: string, b: string): Promise<z.input<typeof comparisonSchema>>;
}

const label = z.string().regex(/^[\w.-]{1,80}$/, 'a label is letters, digits, dots, - and _');

/** `/api/recordings`: what benchmarks have recorded, read only. */
export function recordingRoutes(app: App, recordings: Recordings): void {
  app.get(
    '/api/recordings',
    {
      config: { role: 'read' },
      schema: {
        tags,
        summary: 'The recordings of the benchmarks, newest first',
        response: { 200: z.object({ recordings: z.array(recordingSchema) }) },
      },
    },
    async () => ({ recordings: await recordings.list() }),
  );

  app.get(
    '/api/recordings/compare',
    {
      config: { role: 'read' },
      schema: {
        tags,
        summary: 'Two recordings compared, as carril bench compare does',
        querystring: z.strictObject({
          a: label.describe('before'),
          b: label
            .optional()
            .describe('after; when left out, the legacy side of A against its hierarchical one'),
        }),
        response: { 200: comparisonSchema },
      },
    },
    async (request) => await recordings.compare(request.query.a, request.query.b ?? request.query.a),
  );
}
