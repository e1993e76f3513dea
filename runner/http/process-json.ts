import { z } from 'zod';

import type { logs } from '../../procedures/generated/index.js';
import type { Look } from './process-feed.js';

/** IDs are strings: a JavaScript number would lose their digits. */
export const idSchema = z
  .string()
  .regex(/^\d{1,19}$/, 'an ID is a whole number')
  .refine((text) => !/^\d{19}$/.test(text) || BigInt(text) < 2n ** 63n, 'an ID is below 2^63');

export const dateSchema = z.iso.date('a date is YYYY-MM-DD');

const instant = z.iso.datetime().nullable();

/** Field names are those of the documents, which their callers know. */
export const processSchema = z.object({
  ID_Proceso: idSchema,
  FechaReporte: dateSchema,
  Estado: z.string(),
  Etapa_Actual: z.string().nullable(),
  Usuario: z.string().nullable(),
  Arquitectura: z.string(),
  FechaInicio: z.iso.datetime(),
  FechaFin: instant,
  TotalFondos: z.int(),
  FondosExitosos: z.int(),
  FondosFallidos: z.int(),
  FondosOmitidos: z.int(),
  FondosEnProgreso: z.int(),
  FondosPendientes: z.int(),
  ID_Trabajo: idSchema.nullable(),
});

export const serviceSchema = z.object({
  ID_Ejecucion: idSchema,
  ID_Fund: z.int(),
  FundShortName: z.string(),
  Servicio: z.string(),
  Estado: z.string(),
});

export const executionSchema = z.object({
  ID_Ejecucion: idSchema,
  ID_Fund: z.int().nullable(),
  FundShortName: z.string().nullable(),
  Estado: z.string(),
  Servicio_Actual: z.string().nullable(),
  Intento: z.int().nullable(),
  FechaInicio: instant,
  FechaFin: instant,
  Mensaje_Error: z.string().nullable(),
});

/** A process with its executions, and each execution's services. */
export const oneSchema = z.object({
  proceso: processSchema,
  ejecuciones: z.array(
    executionSchema.extend({ servicios: z.array(serviceSchema.pick({ Servicio: true, Estado: true })) }),
  ),
});

export type OneProcess = z.infer<typeof oneSchema>;
export type ProcessJson = z.infer<typeof processSchema>;
export type ExecutionJson = z.infer<typeof executionSchema>;
export type ServiceJson = z.infer<typeof serviceSchema>;

export function processJson(row: logs.EstadoProcesoResult): ProcessJson {
  return {
    ID_Proceso: String(row.idProceso),
    FechaReporte: row.fechaReporte,
    Estado: row.estado,
    Etapa_Actual: row.etapaActual,
    Usuario: row.usuario,
    Arquitectura: row.arquitectura,
    FechaInicio: row.fechaInicio.toISOString(),
    FechaFin: row.fechaFin?.toISOString() ?? null,
    TotalFondos: row.totalFondos,
    FondosExitosos: row.fondosExitosos,
    FondosFallidos: row.fondosFallidos,
    FondosOmitidos: row.fondosOmitidos,
    FondosEnProgreso: row.fondosEnProgreso,
    FondosPendientes: row.fondosPendientes,
    ID_Trabajo: row.idTrabajo === null ? null : String(row.idTrabajo),
  };
}

export function executionJson(row: logs.EstadoEjecucionesRow): ExecutionJson {
  return {
    ID_Ejecucion: String(row.idEjecucion),
    ID_Fund: row.idFund,
    FundShortName: row.fundShortName,
    Estado: row.estado,
    Servicio_Actual: row.servicioActual,
    Intento: row.intento,
    FechaInicio: row.fechaInicio?.toISOString() ?? null,
    FechaFin: row.fechaFin?.toISOString() ?? null,
    Mensaje_Error: row.mensajeError,
  };
}

export function serviceJson(row: logs.EstadoServiciosRow): ServiceJson {
  return {
    ID_Ejecucion: String(row.idEjecucion),
    ID_Fund: row.idFund,
    FundShortName: row.fundShortName,
    Servicio: row.servicio,
    Estado: row.estado,
  };
}

/** A look as the API tells it. */
export function oneProcess({ process, executions, services }: Look): OneProcess {
  // a run of the legacy way has one execution for all its funds
  const byFund = new Map<string, OneProcess['ejecuciones'][number]['servicios']>();
  const add = (key: string, service: ServiceJson): void => {
    const { Servicio, Estado } = service;
    const known = byFund.get(key);
    if (known === undefined) byFund.set(key, [{ Servicio, Estado }]);
    else known.push({ Servicio, Estado });
  };
  for (const row of services) {
    add(`${row.idEjecucion}`, serviceJson(row));
    add(`${row.idEjecucion} ${row.idFund}`, serviceJson(row));
  }
  return {
    proceso: processJson(process),
    ejecuciones: executions.map((execution) => ({
      ...executionJson(execution),
      servicios:
        byFund.get(
          execution.idFund === null
            ? `${execution.idEjecucion}`
            : `${execution.idEjecucion} ${execution.idFund}`,
        ) ?? [],
    })),
  };
}
