import { z } from 'zod';

import type { nomina } from '../../procedures/generated/index.js';
import { idSchema } from './process-json.js';

/** Amounts are decimals as text: a JavaScript number would round them. */
const amount = z.string().regex(/^-?\d+\.\d{2}$/);

const nameSchema = z.object({
  ID_Cierre: idSchema,
  Cliente: z.string(),
  Mes: z.int(),
  Anno: z.int(),
  Estado: z.string(),
  Revision_Requerida: z.boolean(),
  ID_Trabajo: idSchema.nullable(),
});

/** A closing in the list; what its consolidation left is null until that has ended. */
export const closingSchema = nameSchema.extend({
  Inicio: z.iso.datetime().nullable(),
  Empleados: z.int().nullable(),
  Segundos: z.number().nullable(),
  Discrepancias: z.int().nullable(),
  Liquido_Pagar: amount.nullable(),
});

export const closingStateSchema = nameSchema.extend({
  Empleados: z.int(),
  Empleados_Procesados: z.int(),
  Registros: z.int().describe('employees and concepts written'),
  Chunks: z.int(),
  Chunks_Completados: z.int(),
  Chunks_Fallidos: z.int(),
  Tamano_Chunk: z.int().nullable(),
  Porcentaje: z.number().min(0).max(100),
  Segundos: z.number().nullable().describe('since its beginning, or all of it'),
  Empleados_Por_s: z.number().nullable(),
  Faltan_s: z.int().nullable().describe('while it runs'),
  Discrepancias: z.int(),
  Total_Haberes: amount.nullable(),
  Total_Descuentos: amount.nullable(),
  Liquido_Pagar: amount.nullable(),
  Ultimo_Error: z.string().nullable(),
});

export const discrepancySchema = z.object({
  ID: idSchema,
  RUT: z.string(),
  Tipo: z.string(),
  Codigo_Concepto: z.string().nullable(),
  Detalle: z.string(),
  En_Consolidacion: z.boolean().describe('found by the consolidation; false: known before'),
});

export function closingJson(row: nomina.ListarCierresRow): z.infer<typeof closingSchema> {
  return {
    ...nameOf(row),
    Inicio: row.inicio?.toISOString() ?? null,
    Empleados: row.empleados,
    Segundos: row.segundos,
    Discrepancias: row.discrepancias,
    Liquido_Pagar: row.liquidoPagar,
  };
}

export function closingStateJson(row: nomina.EstadoConsolidacionResult): z.infer<typeof closingStateSchema> {
  return {
    ...nameOf(row),
    Empleados: row.empleados,
    Empleados_Procesados: row.empleadosProcesados,
    Registros: row.registros,
    Chunks: row.chunks,
    Chunks_Completados: row.chunksCompletados,
    Chunks_Fallidos: row.chunksFallidos,
    Tamano_Chunk: row.tamanoChunk,
    Porcentaje: row.porcentaje,
    Segundos: row.segundos,
    Empleados_Por_s: row.empleadosPorS,
    Faltan_s: row.faltanS,
    Discrepancias: row.discrepancias,
    Total_Haberes: row.totalHaberes,
    Total_Descuentos: row.totalDescuentos,
    Liquido_Pagar: row.liquidoPagar,
    Ultimo_Error: row.ultimoError,
  };
}

export function discrepancyJson(row: nomina.ListarDiscrepanciasRow): z.infer<typeof discrepancySchema> {
  return {
    ID: String(row.id),
    RUT: row.rut,
    Tipo: row.tipo,
    Codigo_Concepto: row.codigoConcepto,
    Detalle: row.detalle,
    En_Consolidacion: row.enConsolidacion,
  };
}

function nameOf(
  row: Pick<
    nomina.EstadoConsolidacionResult,
    'idCierre' | 'cliente' | 'mes' | 'anno' | 'estado' | 'revisionRequerida' | 'idTrabajo'
  >,
): z.infer<typeof nameSchema> {
  return {
    ID_Cierre: String(row.idCierre),
    Cliente: row.cliente,
    Mes: row.mes,
    Anno: row.anno,
    Estado: row.estado,
    Revision_Requerida: row.revisionRequerida,
    ID_Trabajo: row.idTrabajo === null ? null : String(row.idTrabajo),
  };
}
