import { z } from 'zod';

import { logs } from '../../../procedures/generated/index.js';
import type { App, Service } from '../app.js';
import { idSchema } from '../process-json.js';

const tags = ['procesos'];

const params = z.object({ id: idSchema.describe('ID_Proceso, or an ID_Ejecucion') });

const stageSchema = z.object({
  ID_Fund: z.int().nullable(),
  FundShortName: z.string().nullable(),
  Etapa: z.string().nullable(),
  Inicio: z.iso.datetime(),
  Fin: z.iso.datetime().nullable(),
  Duracion_Ms: z
    .int()
    .nullable()
    .describe('from the first start to the last end, pauses between attempts included'),
  Trabajo_Ms: z.int().describe('what the attempts took'),
  Espera_Ms: z.int().describe('waits that ended'),
  Intentos: z.int(),
  Errores: z.int(),
  Abiertos: z.int().describe('attempts without an end: running, or their worker was killed'),
});

const resourceSchema = z.object({
  Recurso: z.string().nullable(),
  Total_Accesos: z.int(),
  Duracion_Promedio_Ms: z.int().nullable(),
  Duracion_Maxima_Ms: z.int().nullable(),
  Duracion_Total_Ms: z.int(),
  Total_Locks: z.int().describe('waits on a lock that were seen'),
  Total_Esperas: z.int(),
  Espera_Ms: z.int(),
  Errores: z.int(),
});

const overlapSchema = z.object({
  Recurso: z.string().nullable(),
  Nombre1: z.string().nullable(),
  Nombre2: z.string().nullable(),
  Inicio_Fund1: z.iso.datetime(),
  Inicio_Fund2: z.iso.datetime(),
  Overlap_Ms: z.int(),
});

/** What a process's trace shows: `carril trace timeline`, `bottlenecks` and `overlaps`. */
export function traceRoutes(app: App, { engine }: Service): void {
  app.get(
    '/api/procesos/v3/proceso/:id/traza',
    {
      config: { role: 'read' },
      schema: {
        tags,
        summary: 'Each fund’s timeline, service by service, with what it waited',
        description: 'Empty for a run without traces, or whose traces were purged.',
        params,
        response: { 200: z.object({ etapas: z.array(stageSchema) }) },
      },
    },
    async (request) => {
      const rows = await logs.trazaLineaTiempo(
        engine,
        { idProceso: BigInt(request.params.id) },
        { idempotent: true },
      );
      return {
        etapas: rows.map((row) => ({
          ID_Fund: row.idFund,
          FundShortName: row.fundShortName,
          Etapa: row.etapa,
          Inicio: row.inicio.toISOString(),
          Fin: row.fin?.toISOString() ?? null,
          Duracion_Ms: row.duracionMs === null ? null : Number(row.duracionMs),
          Trabajo_Ms: Number(row.trabajoMs),
          Espera_Ms: Number(row.esperaMs),
          Intentos: row.intentos,
          Errores: row.errores,
          Abiertos: row.abiertos,
        })),
      };
    },
  );

  app.get(
    '/api/procesos/v3/proceso/:id/cuellos',
    {
      config: { role: 'read' },
      schema: {
        tags,
        summary: 'What was waited for, and what took longest, by resource',
        params,
        response: { 200: z.object({ recursos: z.array(resourceSchema) }) },
      },
    },
    async (request) => {
      const rows = await logs.trazaCuellos(
        engine,
        { idProceso: BigInt(request.params.id) },
        { idempotent: true },
      );
      return {
        recursos: rows.map((row) => ({
          Recurso: row.recurso,
          Total_Accesos: row.totalAccesos,
          Duracion_Promedio_Ms: row.duracionPromedioMs,
          Duracion_Maxima_Ms: row.duracionMaximaMs,
          Duracion_Total_Ms: Number(row.duracionTotalMs),
          Total_Locks: row.totalLocks,
          Total_Esperas: row.totalEsperas,
          Espera_Ms: Number(row.esperaMs),
          Errores: row.errores,
        })),
      };
    },
  );

  app.get(
    '/api/procesos/v3/proceso/:id/solapes',
    {
      config: { role: 'read' },
      schema: {
        tags,
        summary: 'Which funds used the same resource at the same time, the longest first',
        params,
        querystring: z.strictObject({ limite: z.coerce.number().int().min(1).max(1000).default(50) }),
        response: { 200: z.object({ solapes: z.array(overlapSchema) }) },
      },
    },
    async (request) => {
      const rows = await logs.trazaSolapes(
        engine,
        { idProceso: BigInt(request.params.id), maximo: request.query.limite },
        { idempotent: true },
      );
      return {
        solapes: rows.map((row) => ({
          Recurso: row.recurso,
          Nombre1: row.nombre1,
          Nombre2: row.nombre2,
          Inicio_Fund1: row.inicioFund1.toISOString(),
          Inicio_Fund2: row.inicioFund2.toISOString(),
          Overlap_Ms: row.overlapMs,
        })),
      };
    },
  );
}
