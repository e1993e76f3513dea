import { z } from 'zod';

import type { App, Service } from '../app.js';
import { dateSchema, executionSchema, idSchema, processSchema } from '../process-json.js';
import { start } from './processes.js';

const tags = ['procesos v2 (deprecated)'];

/** When v2 goes: the plan gives it two weeks beside v3, we give its callers longer. */
const sunset = new Date(Date.UTC(2027, 11, 31)).toUTCString();

/** RFC 9745 and RFC 8594: since when it is deprecated, until when it answers, and what takes its place. */
function deprecated(successor: string): Record<string, string> {
  return {
    deprecation: `@${Date.UTC(2026, 0, 1) / 1000}`,
    sunset,
    link: `<${successor}>; rel="successor-version"`,
  };
}

const startedSchema = z.object({
  ID_Proceso: idSchema,
  ID_Ejecucion: idSchema.describe('what v2’s callers poll: the process stands for it everywhere'),
  FechaReporte: dateSchema,
  Estado: z.string(),
  TotalFondos: z.int(),
});

/** `/api/procesos/v2`, as documents 002 and 004 describe it: the same runs under their old names. */
export function processRoutesV2(app: App, service: Service): void {
  app.post(
    '/api/procesos/v2/ejecutar',
    {
      config: { role: 'run' },
      schema: {
        tags,
        deprecated: true,
        summary: 'Start a process; use v3',
        body: z.object({ fechaReporte: dateSchema }),
        response: { 202: startedSchema },
      },
    },
    async (request, reply) => {
      const { ID_Proceso, FechaReporte, Estado, TotalFondos } = await start(service, request, request.body);
      return await reply
        .code(202)
        .headers(deprecated('/api/procesos/v3/ejecutar'))
        .send({ ID_Proceso, ID_Ejecucion: ID_Proceso, FechaReporte, Estado, TotalFondos });
    },
  );

  app.get(
    '/api/procesos/v2/proceso/:id',
    {
      config: { role: 'read' },
      schema: {
        tags,
        deprecated: true,
        summary: 'A process with its executions; use v3',
        params: z.object({ id: idSchema }),
        response: { 200: processSchema.extend({ ejecuciones: z.array(executionSchema) }) },
      },
    },
    async (request, reply) => {
      const { proceso, ejecuciones } = (await service.processes.get(BigInt(request.params.id))).state;
      return await reply
        .headers(deprecated(`/api/procesos/v3/proceso/${request.params.id}`))
        .send({ ...proceso, ejecuciones });
    },
  );
}
