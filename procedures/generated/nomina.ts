// written by carril codegen, never edited
import { ProcedureError } from '../../engine/index.js';
import type { CallOptions, CallResult, Procedure, Row, Session } from '../../engine/index.js';
import * as nominaTables from './nomina.tables.js';
export * from './nomina.tables.js';

/** What the engine knows of each procedure of nomina. */
export const procedures: Readonly<Record<
  | 'abrirCarga'
  | 'borrarConsolidacion'
  | 'cargarEmpleados'
  | 'cargarMovimientos'
  | 'comprobarCarga'
  | 'consolidarChunk'
  | 'estadoConsolidacion'
  | 'finalizarConsolidacion'
  | 'listarCierres'
  | 'listarConceptos'
  | 'listarConsolidados'
  | 'listarDiscrepancias'
  | 'planificarConsolidacion'
  | 'revertirConsolidacion'
  | 'terminarCarga'
  | 'vencerConsolidacion'
, Procedure>> = {
  abrirCarga: {
    name: 'nomina.sp_Abrir_Carga',
    parameters: [
      { name: 'Cliente', type: { kind: 'nvarchar', length: 200 }, output: false, optional: false },
      { name: 'Mes', type: { kind: 'int' }, output: false, optional: false },
      { name: 'Anno', type: { kind: 'int' }, output: false, optional: false },
      { name: 'Nuevo', type: { kind: 'bit' }, output: false, optional: true },
      { name: 'ID_Cierre', type: { kind: 'bigint' }, output: false, optional: true },
      { name: 'Libro', type: { kind: 'bit' }, output: false, optional: true },
      { name: 'Novedades', type: { kind: 'bit' }, output: false, optional: true },
      { name: 'Analista', type: { kind: 'bit' }, output: false, optional: true },
    ],
    results: [
      [
        { name: 'ID_Cierre', type: { kind: 'bigint' }, nullable: false },
        { name: 'Creado', type: { kind: 'bit' }, nullable: false },
        { name: 'Quedan', type: { kind: 'bit' }, nullable: false },
      ],
    ],
  },
  borrarConsolidacion: {
    name: 'nomina.sp_Borrar_Consolidacion',
    parameters: [
      { name: 'ID_Cierre', type: { kind: 'bigint' }, output: false, optional: false },
      { name: 'Borrados', type: { kind: 'int' }, output: true, optional: true },
      { name: 'Quedan', type: { kind: 'bit' }, output: true, optional: true },
    ],
    results: [],
  },
  cargarEmpleados: {
    name: 'nomina.sp_Cargar_Empleados',
    parameters: [
      { name: 'ID_Cierre', type: { kind: 'bigint' }, output: false, optional: false },
      { name: 'Fuente', type: { kind: 'varchar', length: 20 }, output: false, optional: false },
      { name: 'Empleados', type: nominaTables.listaEmpleadosV1, output: false, optional: true },
      { name: 'Conceptos', type: nominaTables.listaConceptosV1, output: false, optional: true },
    ],
    results: [
      [
        { name: 'Empleados', type: { kind: 'int' }, nullable: false },
        { name: 'Conceptos', type: { kind: 'int' }, nullable: false },
      ],
    ],
  },
  cargarMovimientos: {
    name: 'nomina.sp_Cargar_Movimientos',
    parameters: [
      { name: 'ID_Cierre', type: { kind: 'bigint' }, output: false, optional: false },
      { name: 'Movimientos', type: nominaTables.listaMovimientosV1, output: false, optional: true },
    ],
    results: [
      [
        { name: 'Insertados', type: { kind: 'int' }, nullable: false },
        { name: 'Repetidos', type: { kind: 'int' }, nullable: false },
      ],
    ],
  },
  comprobarCarga: {
    name: 'nomina.sp_Comprobar_Carga',
    parameters: [
      { name: 'ID_Cierre', type: { kind: 'bigint' }, output: false, optional: false },
    ],
    results: [],
  },
  consolidarChunk: {
    name: 'nomina.sp_Consolidar_Chunk',
    parameters: [
      { name: 'ID_Chunk', type: { kind: 'bigint' }, output: false, optional: false },
      { name: 'Token', type: { kind: 'bigint' }, output: false, optional: false },
    ],
    results: [
      [
        { name: 'Estado', type: { kind: 'varchar', length: 50 }, nullable: false },
        { name: 'Empleados', type: { kind: 'int' }, nullable: false },
        { name: 'Registros', type: { kind: 'int' }, nullable: false },
        { name: 'Discrepancias', type: { kind: 'int' }, nullable: false },
        { name: 'Restantes', type: { kind: 'int' }, nullable: false },
      ],
    ],
  },
  estadoConsolidacion: {
    name: 'nomina.sp_Estado_Consolidacion',
    parameters: [
      { name: 'ID_Cierre', type: { kind: 'bigint' }, output: false, optional: false },
    ],
    results: [
      [
        { name: 'ID_Cierre', type: { kind: 'bigint' }, nullable: false },
        { name: 'Cliente', type: { kind: 'nvarchar', length: 200 }, nullable: false },
        { name: 'Mes', type: { kind: 'int' }, nullable: false },
        { name: 'Anno', type: { kind: 'int' }, nullable: false },
        { name: 'Estado', type: { kind: 'varchar', length: 50 }, nullable: false },
        { name: 'Revision_Requerida', type: { kind: 'bit' }, nullable: false },
        { name: 'ID_Trabajo', type: { kind: 'bigint' }, nullable: true },
        { name: 'Empleados', type: { kind: 'int' }, nullable: false },
        { name: 'Empleados_Procesados', type: { kind: 'int' }, nullable: false },
        { name: 'Registros', type: { kind: 'int' }, nullable: false },
        { name: 'Chunks', type: { kind: 'int' }, nullable: false },
        { name: 'Chunks_Completados', type: { kind: 'int' }, nullable: false },
        { name: 'Chunks_Fallidos', type: { kind: 'int' }, nullable: false },
        { name: 'Tamano_Chunk', type: { kind: 'int' }, nullable: true },
        { name: 'Porcentaje', type: { kind: 'float' }, nullable: false },
        { name: 'Segundos', type: { kind: 'float' }, nullable: true },
        { name: 'Empleados_Por_s', type: { kind: 'float' }, nullable: true },
        { name: 'Faltan_s', type: { kind: 'int' }, nullable: true },
        { name: 'Discrepancias', type: { kind: 'int' }, nullable: false },
        { name: 'Total_Haberes', type: { kind: 'varchar', length: 30 }, nullable: true },
        { name: 'Total_Descuentos', type: { kind: 'varchar', length: 30 }, nullable: true },
        { name: 'Liquido_Pagar', type: { kind: 'varchar', length: 30 }, nullable: true },
        { name: 'Ultimo_Error', type: { kind: 'nvarchar', length: 4000 }, nullable: true },
      ],
    ],
  },
  finalizarConsolidacion: {
    name: 'nomina.sp_Finalizar_Consolidacion',
    parameters: [
      { name: 'ID_Trabajo', type: { kind: 'bigint' }, output: false, optional: false },
    ],
    results: [
      [
        { name: 'Estado', type: { kind: 'varchar', length: 50 }, nullable: false },
        { name: 'Finalizado', type: { kind: 'bit' }, nullable: false },
      ],
    ],
  },
  listarCierres: {
    name: 'nomina.sp_Listar_Cierres',
    parameters: [
      { name: 'Maximo', type: { kind: 'int' }, output: false, optional: true },
    ],
    results: [
      [
        { name: 'ID_Cierre', type: { kind: 'bigint' }, nullable: false },
        { name: 'Cliente', type: { kind: 'nvarchar', length: 200 }, nullable: false },
        { name: 'Mes', type: { kind: 'int' }, nullable: false },
        { name: 'Anno', type: { kind: 'int' }, nullable: false },
        { name: 'Estado', type: { kind: 'varchar', length: 50 }, nullable: false },
        { name: 'Revision_Requerida', type: { kind: 'bit' }, nullable: false },
        { name: 'ID_Trabajo', type: { kind: 'bigint' }, nullable: true },
        { name: 'Inicio', type: { kind: 'datetime2', scale: 3 }, nullable: true },
        { name: 'Empleados', type: { kind: 'int' }, nullable: true },
        { name: 'Segundos', type: { kind: 'float' }, nullable: true },
        { name: 'Discrepancias', type: { kind: 'int' }, nullable: true },
        { name: 'Liquido_Pagar', type: { kind: 'varchar', length: 30 }, nullable: true },
      ],
    ],
  },
  listarConceptos: {
    name: 'nomina.sp_Listar_Conceptos',
    parameters: [
      { name: 'ID_Cierre', type: { kind: 'bigint' }, output: false, optional: false },
      { name: 'Desde_ID', type: { kind: 'bigint' }, output: false, optional: false },
      { name: 'Hasta_ID', type: { kind: 'bigint' }, output: false, optional: false },
    ],
    results: [
      [
        { name: 'ID', type: { kind: 'bigint' }, nullable: false },
        { name: 'RUT', type: { kind: 'varchar', length: 15 }, nullable: false },
        { name: 'Codigo_Concepto', type: { kind: 'nvarchar', length: 10 }, nullable: false },
        { name: 'Nombre_Concepto', type: { kind: 'nvarchar', length: 200 }, nullable: false },
        { name: 'Valor', type: { kind: 'varchar', length: 30 }, nullable: false },
        { name: 'Tipo_Concepto', type: { kind: 'nvarchar', length: 20 }, nullable: false },
        { name: 'Fuente_Dato', type: { kind: 'varchar', length: 20 }, nullable: false },
      ],
    ],
  },
  listarConsolidados: {
    name: 'nomina.sp_Listar_Consolidados',
    parameters: [
      { name: 'ID_Cierre', type: { kind: 'bigint' }, output: false, optional: false },
      { name: 'Desde_ID', type: { kind: 'bigint' }, output: false, optional: true },
      { name: 'Maximo', type: { kind: 'int' }, output: false, optional: true },
    ],
    results: [
      [
        { name: 'ID', type: { kind: 'bigint' }, nullable: false },
        { name: 'RUT', type: { kind: 'varchar', length: 15 }, nullable: false },
        { name: 'Nombre_Completo', type: { kind: 'nvarchar', length: 200 }, nullable: false },
        { name: 'Cargo', type: { kind: 'nvarchar', length: 100 }, nullable: false },
        { name: 'Centro_Costo', type: { kind: 'nvarchar', length: 50 }, nullable: false },
        { name: 'Es_Ingreso', type: { kind: 'bit' }, nullable: false },
        { name: 'Es_Finiquito', type: { kind: 'bit' }, nullable: false },
        { name: 'Tiene_Ausentismo', type: { kind: 'bit' }, nullable: false },
        { name: 'Total_Haberes', type: { kind: 'varchar', length: 30 }, nullable: false },
        { name: 'Total_Descuentos', type: { kind: 'varchar', length: 30 }, nullable: false },
        { name: 'Liquido_Pagar', type: { kind: 'varchar', length: 30 }, nullable: false },
        { name: 'Fuentes_Utilizadas', type: { kind: 'nvarchar', length: 100 }, nullable: false },
        { name: 'Reglas_Aplicadas', type: { kind: 'nvarchar', length: 400 }, nullable: false },
        { name: 'Discrepancias_Resueltas', type: { kind: 'int' }, nullable: false },
      ],
    ],
  },
  listarDiscrepancias: {
    name: 'nomina.sp_Listar_Discrepancias',
    parameters: [
      { name: 'ID_Cierre', type: { kind: 'bigint' }, output: false, optional: false },
      { name: 'Tipo', type: { kind: 'varchar', length: 50 }, output: false, optional: true },
      { name: 'Desde_ID', type: { kind: 'bigint' }, output: false, optional: true },
      { name: 'Maximo', type: { kind: 'int' }, output: false, optional: true },
    ],
    results: [
      [
        { name: 'ID', type: { kind: 'bigint' }, nullable: false },
        { name: 'RUT', type: { kind: 'varchar', length: 15 }, nullable: false },
        { name: 'Tipo', type: { kind: 'varchar', length: 50 }, nullable: false },
        { name: 'Codigo_Concepto', type: { kind: 'nvarchar', length: 10 }, nullable: true },
        { name: 'Detalle', type: { kind: 'nvarchar', length: 400 }, nullable: false },
        { name: 'Empleado_Libro', type: { kind: 'bigint' }, nullable: true },
        { name: 'En_Consolidacion', type: { kind: 'bit' }, nullable: false },
      ],
    ],
  },
  planificarConsolidacion: {
    name: 'nomina.sp_Planificar_Consolidacion',
    parameters: [
      { name: 'ID_Cierre', type: { kind: 'bigint' }, output: false, optional: false },
      { name: 'Limite_s', type: { kind: 'int' }, output: false, optional: true },
      { name: 'Lanes', type: { kind: 'int' }, output: false, optional: true },
      { name: 'Usuario', type: { kind: 'nvarchar', length: 100 }, output: false, optional: true },
      { name: 'Clave', type: { kind: 'nvarchar', length: 200 }, output: false, optional: true },
      { name: 'Huella', type: { kind: 'varchar', length: 64 }, output: false, optional: true },
    ],
    results: [
      [
        { name: 'ID_Trabajo', type: { kind: 'bigint' }, nullable: true },
        { name: 'Creado', type: { kind: 'bit' }, nullable: false },
        { name: 'Quedan', type: { kind: 'bit' }, nullable: false },
        { name: 'Empleados', type: { kind: 'int' }, nullable: false },
        { name: 'Chunks', type: { kind: 'int' }, nullable: false },
        { name: 'Tamano', type: { kind: 'int' }, nullable: false },
      ],
    ],
  },
  revertirConsolidacion: {
    name: 'nomina.sp_Revertir_Consolidacion',
    parameters: [
      { name: 'ID_Cierre', type: { kind: 'bigint' }, output: false, optional: false },
    ],
    results: [
      [
        { name: 'Estado', type: { kind: 'varchar', length: 50 }, nullable: false },
        { name: 'Borrados', type: { kind: 'int' }, nullable: false },
        { name: 'Quedan', type: { kind: 'bit' }, nullable: false },
      ],
    ],
  },
  terminarCarga: {
    name: 'nomina.sp_Terminar_Carga',
    parameters: [
      { name: 'ID_Cierre', type: { kind: 'bigint' }, output: false, optional: false },
    ],
    results: [
      [
        { name: 'Estado', type: { kind: 'varchar', length: 50 }, nullable: false },
        { name: 'Empleados', type: { kind: 'int' }, nullable: false },
        { name: 'Novedades', type: { kind: 'int' }, nullable: false },
        { name: 'Discrepancias', type: { kind: 'int' }, nullable: false },
      ],
    ],
  },
  vencerConsolidacion: {
    name: 'nomina.sp_Vencer_Consolidacion',
    parameters: [
      { name: 'ID_Trabajo', type: { kind: 'bigint' }, output: false, optional: false },
    ],
    results: [
      [
        { name: 'Vencida', type: { kind: 'bit' }, nullable: false },
        { name: 'Cancelados', type: { kind: 'int' }, nullable: false },
      ],
    ],
  },
};

/** Arguments of `nomina.sp_Abrir_Carga`. */
export interface AbrirCargaArgs {
  /** nvarchar(200) */
  readonly cliente: string;
  /** int */
  readonly mes: number;
  /** int */
  readonly anno: number;
  /** bit; 0 when left out */
  readonly nuevo?: boolean | undefined;
  /** bigint; NULL when left out */
  readonly idCierre?: bigint | null | undefined;
  /** bit; 1 when left out */
  readonly libro?: boolean | undefined;
  /** bit; 1 when left out */
  readonly novedades?: boolean | undefined;
  /** bit; 1 when left out */
  readonly analista?: boolean | undefined;
}

/** The row that `nomina.sp_Abrir_Carga` returns. */
export interface AbrirCargaResult {
  /** bigint */
  readonly idCierre: bigint;
  /** bit */
  readonly creado: boolean;
  /** bit; 1: there are earlier rows to delete, call again */
  readonly quedan: boolean;
}

/**
 * Opens the closing of a client and month for a load (a new one, if there is none, or if @Nuevo = 1 even then)
 * and puts it into the state cargando, in which it cannot be consolidated. The sources that the load brings
 * (@Libro, @Novedades, @Analista) are emptied first, at most 800 employees or 20,000 rows a call: call again,
 * with @ID_Cierre, until Quedan is 0. A closing that is being consolidated, or that is, is refused (50409): roll
 * it back first. nomina.sp_Terminar_Carga ends the load.
 *
 * Calls `nomina.sp_Abrir_Carga`.
 * Errors: 50400 BAD_ARGUMENT, 50404 NOT_FOUND, 50408 LOCK_TIMEOUT, 50409 WRONG_STATE, 50499 CANCELLED.
 * Touches: nomina.CierreNomina write, nomina.RegistroConceptoEmpleado write, nomina.EmpleadoCierre write,
 * nomina.RegistroConceptoEmpleadoNovedades write, nomina.EmpleadoCierreNovedades write, nomina.AnalistaIngreso
 * write, nomina.AnalistaFiniquito write, nomina.AnalistaIncidencia write.
 * Batch: 2000.
 * Entry: carril_app.
 */
export async function abrirCarga(session: Session, args: AbrirCargaArgs, options?: CallOptions): Promise<AbrirCargaResult> {
  const result = await session.call(procedures.abrirCarga, {
    Cliente: args.cliente,
    Mes: args.mes,
    Anno: args.anno,
    Nuevo: args.nuevo,
    ID_Cierre: args.idCierre,
    Libro: args.libro,
    Novedades: args.novedades,
    Analista: args.analista,
  }, options);
  return toAbrirCargaResult(oneRow(result, 0, procedures.abrirCarga));
}

function toAbrirCargaResult(row: Row): AbrirCargaResult {
  return {
    idCierre: row['ID_Cierre'] as bigint,
    creado: row['Creado'] as boolean,
    quedan: row['Quedan'] as boolean,
  };
}

/** Arguments of `nomina.sp_Borrar_Consolidacion`. */
export interface BorrarConsolidacionArgs {
  /** bigint */
  readonly idCierre: bigint;
}

/** OUTPUT parameters of `nomina.sp_Borrar_Consolidacion`. */
export interface BorrarConsolidacionResult {
  /** int; rows that this call deleted */
  readonly borrados: number;
  /** bit */
  readonly quedan: boolean;
}

/**
 * Deletes what consolidations of a closing have left: its consolidated employees with their concepts, children
 * first, then the discrepancies that they found, then the metrics. At most 800 employees or 20,000 discrepancies
 * a call; call again until Quedan is 0. The sources and the discrepancies that were known before stay. The
 * caller holds the closing's lock. Document 003, limpiar_datos_consolidacion_previos and
 * rollback_consolidacion_fallida.
 *
 * Calls `nomina.sp_Borrar_Consolidacion`.
 * Errors: 50409 WRONG_STATE.
 * Touches: nomina.ConceptoEmpleadoConsolidado write, nomina.EmpleadoConsolidado write, nomina.DiscrepanciaCierre
 * write, nomina.MetricaConsolidacion write.
 * Batch: 2000.
 * Step: called inside the caller's transaction.
 */
export async function borrarConsolidacion(session: Session, args: BorrarConsolidacionArgs, options?: CallOptions): Promise<BorrarConsolidacionResult> {
  const { output } = await session.call(procedures.borrarConsolidacion, {
    ID_Cierre: args.idCierre,
  }, options);
  return {
    borrados: output['Borrados'] as number,
    quedan: output['Quedan'] as boolean,
  };
}

/** Arguments of `nomina.sp_Cargar_Empleados`. */
export interface CargarEmpleadosArgs {
  /** bigint */
  readonly idCierre: bigint;
  /** varchar(20) */
  readonly fuente: string;
  /** nomina.Lista_Empleados_v1; empty when left out */
  readonly empleados?: readonly nominaTables.ListaEmpleadosV1Row[] | undefined;
  /** nomina.Lista_Conceptos_v1; empty when left out */
  readonly conceptos?: readonly nominaTables.ListaConceptosV1Row[] | undefined;
}

/** The row that `nomina.sp_Cargar_Empleados` returns. */
export interface CargarEmpleadosResult {
  /** int; rows written */
  readonly empleados: number;
  /** int; rows written */
  readonly conceptos: number;
}

/**
 * Adds employees and their concepts to a closing that is being loaded, of the Libro or the Novedades (@Fuente:
 * libro, novedades), in one transaction. A concept names the Linea of its employee among those given. Amounts
 * are plain decimals as text, kept exactly: at most ten digits before the point and two behind it. Texts are
 * trimmed. An error names the Linea. At most 20,000 employees and 100,000 concepts a call. Not to be repeated
 * after a lost connection: load the closing again. Document 003, "Modelos de datos FUENTE", 1 and 2.
 *
 * Calls `nomina.sp_Cargar_Empleados`.
 * Errors: 50400 BAD_ARGUMENT, 50404 NOT_FOUND, 50408 LOCK_TIMEOUT, 50409 WRONG_STATE, 50499 CANCELLED.
 * Touches: nomina.CierreNomina read, nomina.EmpleadoCierre write, nomina.RegistroConceptoEmpleado write,
 * nomina.EmpleadoCierreNovedades write, nomina.RegistroConceptoEmpleadoNovedades write.
 * Batch: 2000.
 * Entry: carril_app.
 */
export async function cargarEmpleados(session: Session, args: CargarEmpleadosArgs, options?: CallOptions): Promise<CargarEmpleadosResult> {
  const result = await session.call(procedures.cargarEmpleados, {
    ID_Cierre: args.idCierre,
    Fuente: args.fuente,
    Empleados: nominaTables.listaEmpleadosV1Rows(args.empleados),
    Conceptos: nominaTables.listaConceptosV1Rows(args.conceptos),
  }, options);
  return toCargarEmpleadosResult(oneRow(result, 0, procedures.cargarEmpleados));
}

function toCargarEmpleadosResult(row: Row): CargarEmpleadosResult {
  return {
    empleados: row['Empleados'] as number,
    conceptos: row['Conceptos'] as number,
  };
}

/** Arguments of `nomina.sp_Cargar_Movimientos`. */
export interface CargarMovimientosArgs {
  /** bigint */
  readonly idCierre: bigint;
  /** nomina.Lista_Movimientos_v1; empty when left out */
  readonly movimientos?: readonly nominaTables.ListaMovimientosV1Row[] | undefined;
}

/** The row that `nomina.sp_Cargar_Movimientos` returns. */
export interface CargarMovimientosResult {
  /** int; rows written */
  readonly insertados: number;
  /** int; were there already */
  readonly repetidos: number;
}

/**
 * Adds movements, absences, vacations and what the analyst reports to a closing that is being loaded, in one
 * transaction. Clase: ALTA_BAJA (Tipo ingreso or finiquito, Fecha, Texto: motivo), AUSENTISMO (Tipo, Fecha,
 * Fecha_Fin, Dias), VACACIONES (Fecha, Fecha_Fin, Dias), ANALISTA_INGRESO (Fecha, Texto), ANALISTA_FINIQUITO
 * (Fecha, Texto), ANALISTA_INCIDENCIA (Tipo, Texto).
 *
 * The first three are the personnel system's and belong to no closing: a row that is there already is not added
 * again, and none is removed. An error names the Linea. At most 20,000 rows a call. Document 003, "Modelos de
 * datos FUENTE", 3 and 4.
 *
 * Calls `nomina.sp_Cargar_Movimientos`.
 * Errors: 50400 BAD_ARGUMENT, 50404 NOT_FOUND, 50408 LOCK_TIMEOUT, 50409 WRONG_STATE, 50499 CANCELLED.
 * Touches: nomina.CierreNomina read, nomina.MovimientoAltaBaja write, nomina.MovimientoAusentismo write,
 * nomina.MovimientoVacaciones write, nomina.AnalistaIngreso write, nomina.AnalistaFiniquito write,
 * nomina.AnalistaIncidencia write.
 * Batch: 2000.
 * Entry: carril_app.
 */
export async function cargarMovimientos(session: Session, args: CargarMovimientosArgs, options?: CallOptions): Promise<CargarMovimientosResult> {
  const result = await session.call(procedures.cargarMovimientos, {
    ID_Cierre: args.idCierre,
    Movimientos: nominaTables.listaMovimientosV1Rows(args.movimientos),
  }, options);
  return toCargarMovimientosResult(oneRow(result, 0, procedures.cargarMovimientos));
}

function toCargarMovimientosResult(row: Row): CargarMovimientosResult {
  return {
    insertados: row['Insertados'] as number,
    repetidos: row['Repetidos'] as number,
  };
}

/** Arguments of `nomina.sp_Comprobar_Carga`. */
export interface ComprobarCargaArgs {
  /** bigint */
  readonly idCierre: bigint;
}

/**
 * Takes a closing's lock Exclusive, waiting at most 15 s, and checks that the closing is in the state cargando.
 *
 * Calls `nomina.sp_Comprobar_Carga`.
 * Errors: 50400 BAD_ARGUMENT, 50404 NOT_FOUND, 50408 LOCK_TIMEOUT, 50409 WRONG_STATE, 50499 CANCELLED.
 * Touches: nomina.CierreNomina read.
 * Batch: none.
 * Step: called inside the caller's transaction.
 */
export async function comprobarCarga(session: Session, args: ComprobarCargaArgs, options?: CallOptions): Promise<void> {
  await session.call(procedures.comprobarCarga, {
    ID_Cierre: args.idCierre,
  }, options);
}

/** Arguments of `nomina.sp_Consolidar_Chunk`. */
export interface ConsolidarChunkArgs {
  /** bigint */
  readonly idChunk: bigint;
  /** bigint */
  readonly token: bigint;
}

/** The row that `nomina.sp_Consolidar_Chunk` returns. */
export interface ConsolidarChunkResult {
  /** varchar(50); COMPLETADO */
  readonly estado: string;
  /** int; consolidated by this call */
  readonly empleados: number;
  /** int; employees and concepts written */
  readonly registros: number;
  /** int; found and resolved */
  readonly discrepancias: number;
  /** int; 0: no unfinished chunk of the job was seen, try to finalize it; else 1 */
  readonly restantes: number;
}

/**
 * Consolidates the employees of a chunk under its token, set-based and in one transaction, and completes the
 * chunk. Already complete under this token: says so and does nothing. Rules of document 003, which names them in
 * reglas_aplicadas:
 *
 * - one result a RUT ("EmpleadoConsolidado", unique_together): the first row of the Libro with it, and of the
 * Novedades (buscar_empleado_por_rut: first()); later ones count as RUT_DUPLICADO. A wrong check digit is
 * RUT_INVALIDO, and consolidated. - "consolidar_datos_personales": nombre Libro, else Novedades; cargo
 * Novedades, else Libro; centro_costo Libro. - "consolidar_conceptos_empleado": the Novedades' concept when its
 * valor is not 0, else the Libro's, else none (CERO_EN_NOVEDADES); value, name and type come from the one that
 * counts (TIPO_DISTINTO); of one code twice in one source the last counts (CONCEPTO_DUPLICADO); a name that is
 * blank is the other source's, else the code (CONCEPTO_SIN_NOMBRE). - "consolidar_movimientos_empleado":
 * ingreso, finiquito and ausentismo whose date lies in the closing's month. - "EmpleadoConsolidado", totals:
 * sums of haber and of descuento; another type is in neither (TIPO_DESCONOCIDO).
 *
 * Calls `nomina.sp_Consolidar_Chunk`.
 * Errors: 50400 BAD_ARGUMENT, 50404 NOT_FOUND, 50408 LOCK_TIMEOUT, 50409 WRONG_STATE, 50410 LEASE_LOST, 50499
 * CANCELLED.
 * Touches: trabajo.Chunks write, trabajo.Trabajos read, nomina.CierreNomina read, nomina.EmpleadoCierre read,
 * nomina.RegistroConceptoEmpleado read, nomina.EmpleadoCierreNovedades read,
 * nomina.RegistroConceptoEmpleadoNovedades read, nomina.MovimientoAltaBaja read, nomina.MovimientoAusentismo
 * read, nomina.EmpleadoConsolidado write, nomina.ConceptoEmpleadoConsolidado write, nomina.DiscrepanciaCierre
 * write.
 * Batch: 2000.
 * Entry: carril_app.
 */
export async function consolidarChunk(session: Session, args: ConsolidarChunkArgs, options?: CallOptions): Promise<ConsolidarChunkResult> {
  const result = await session.call(procedures.consolidarChunk, {
    ID_Chunk: args.idChunk,
    Token: args.token,
  }, options);
  return toConsolidarChunkResult(oneRow(result, 0, procedures.consolidarChunk));
}

function toConsolidarChunkResult(row: Row): ConsolidarChunkResult {
  return {
    estado: row['Estado'] as string,
    empleados: row['Empleados'] as number,
    registros: row['Registros'] as number,
    discrepancias: row['Discrepancias'] as number,
    restantes: row['Restantes'] as number,
  };
}

/** Arguments of `nomina.sp_Estado_Consolidacion`. */
export interface EstadoConsolidacionArgs {
  /** bigint */
  readonly idCierre: bigint;
}

/** The row that `nomina.sp_Estado_Consolidacion` returns. */
export interface EstadoConsolidacionResult {
  /** bigint */
  readonly idCierre: bigint;
  /** nvarchar(200) */
  readonly cliente: string;
  /** int */
  readonly mes: number;
  /** int */
  readonly anno: number;
  /** varchar(50) */
  readonly estado: string;
  /** bit */
  readonly revisionRequerida: boolean;
  /** bigint */
  readonly idTrabajo: bigint | null;
  /** int; rows of the Libro */
  readonly empleados: number;
  /** int */
  readonly empleadosProcesados: number;
  /** int; employees and concepts written */
  readonly registros: number;
  /** int */
  readonly chunks: number;
  /** int */
  readonly chunksCompletados: number;
  /** int */
  readonly chunksFallidos: number;
  /** int */
  readonly tamanoChunk: number | null;
  /** float */
  readonly porcentaje: number;
  /** float; since its beginning, or all of it */
  readonly segundos: number | null;
  /** float */
  readonly empleadosPorS: number | null;
  /** int; while it runs */
  readonly faltanS: number | null;
  /** int; known before and found */
  readonly discrepancias: number;
  /** varchar(30); once it has ended, as the two below */
  readonly totalHaberes: string | null;
  /** varchar(30) */
  readonly totalDescuentos: string | null;
  /** varchar(30) */
  readonly liquidoPagar: string | null;
  /** nvarchar(4000); of the first chunk that failed */
  readonly ultimoError: string | null;
}

/**
 * How far the consolidation of a closing is: live while it runs, from its metrics afterwards. Progress is by
 * weight; the ETA divides what is left by the rate since its beginning. Document 003, progreso_consolidacion and
 * the monitor. Amounts as text.
 *
 * Calls `nomina.sp_Estado_Consolidacion`.
 * Errors: 50400 BAD_ARGUMENT, 50404 NOT_FOUND.
 * Touches: trabajo.Trabajos read, trabajo.Chunks read, nomina.CierreNomina read, nomina.EmpleadoCierre read,
 * nomina.DiscrepanciaCierre read, nomina.MetricaConsolidacion read.
 * Batch: none.
 * Entry: carril_app, carril_lector.
 */
export async function estadoConsolidacion(session: Session, args: EstadoConsolidacionArgs, options?: CallOptions): Promise<EstadoConsolidacionResult> {
  const result = await session.call(procedures.estadoConsolidacion, {
    ID_Cierre: args.idCierre,
  }, options);
  return toEstadoConsolidacionResult(oneRow(result, 0, procedures.estadoConsolidacion));
}

function toEstadoConsolidacionResult(row: Row): EstadoConsolidacionResult {
  return {
    idCierre: row['ID_Cierre'] as bigint,
    cliente: row['Cliente'] as string,
    mes: row['Mes'] as number,
    anno: row['Anno'] as number,
    estado: row['Estado'] as string,
    revisionRequerida: row['Revision_Requerida'] as boolean,
    idTrabajo: row['ID_Trabajo'] as bigint | null,
    empleados: row['Empleados'] as number,
    empleadosProcesados: row['Empleados_Procesados'] as number,
    registros: row['Registros'] as number,
    chunks: row['Chunks'] as number,
    chunksCompletados: row['Chunks_Completados'] as number,
    chunksFallidos: row['Chunks_Fallidos'] as number,
    tamanoChunk: row['Tamano_Chunk'] as number | null,
    porcentaje: row['Porcentaje'] as number,
    segundos: row['Segundos'] as number | null,
    empleadosPorS: row['Empleados_Por_s'] as number | null,
    faltanS: row['Faltan_s'] as number | null,
    discrepancias: row['Discrepancias'] as number,
    totalHaberes: row['Total_Haberes'] as string | null,
    totalDescuentos: row['Total_Descuentos'] as string | null,
    liquidoPagar: row['Liquido_Pagar'] as string | null,
    ultimoError: row['Ultimo_Error'] as string | null,
  };
}

/** Arguments of `nomina.sp_Finalizar_Consolidacion`. */
export interface FinalizarConsolidacionArgs {
  /** bigint */
  readonly idTrabajo: bigint;
}

/** The row that `nomina.sp_Finalizar_Consolidacion` returns. */
export interface FinalizarConsolidacionResult {
  /** varchar(50); of the closing; of the job when no closing is left */
  readonly estado: string;
  /** bit; this call ended it */
  readonly finalizado: boolean;
}

/**
 * Ends a consolidation whose chunks have all ended, exactly once: to be tried after every commit that ends a
 * chunk and on every idle poll. A cheap look without a lock first, then the job's lock Exclusive, a recount, one
 * commit: the job's end, the closing's state and its metrics. Of a cancelled job it first ends what nobody
 * holds.
 *
 * State of the closing by the chunks that went well (document 003, determinar_estado_final): all
 * datos_consolidados; from 50 % consolidacion_parcial; else error_consolidacion, or error_recursos when a chunk
 * failed for want of memory (its message begins with [recursos]). Cancelled: timeout_consolidacion if its time
 * was up, else consolidacion_cancelada. Below 80 % a review is required.
 *
 * Calls `nomina.sp_Finalizar_Consolidacion`.
 * Errors: 50400 BAD_ARGUMENT, 50404 NOT_FOUND, 50408 LOCK_TIMEOUT, 50409 WRONG_STATE, 50499 CANCELLED.
 * Touches: trabajo.Chunks write, trabajo.Trabajos write, nomina.CierreNomina write, nomina.DiscrepanciaCierre
 * read, nomina.MetricaConsolidacion write.
 * Batch: 2000.
 * Entry: carril_app.
 */
export async function finalizarConsolidacion(session: Session, args: FinalizarConsolidacionArgs, options?: CallOptions): Promise<FinalizarConsolidacionResult> {
  const result = await session.call(procedures.finalizarConsolidacion, {
    ID_Trabajo: args.idTrabajo,
  }, options);
  return toFinalizarConsolidacionResult(oneRow(result, 0, procedures.finalizarConsolidacion));
}

function toFinalizarConsolidacionResult(row: Row): FinalizarConsolidacionResult {
  return {
    estado: row['Estado'] as string,
    finalizado: row['Finalizado'] as boolean,
  };
}

/** Arguments of `nomina.sp_Listar_Cierres`. */
export interface ListarCierresArgs {
  /** int; 20 when left out */
  readonly maximo?: number | undefined;
}

/** A row of `nomina.sp_Listar_Cierres`. */
export interface ListarCierresRow {
  /** bigint */
  readonly idCierre: bigint;
  /** nvarchar(200) */
  readonly cliente: string;
  /** int */
  readonly mes: number;
  /** int */
  readonly anno: number;
  /** varchar(50) */
  readonly estado: string;
  /** bit */
  readonly revisionRequerida: boolean;
  /** bigint */
  readonly idTrabajo: bigint | null;
  /** datetime2(3), UTC; of its consolidation */
  readonly inicio: Date | null;
  /** int; consolidated; as the three below, once it has ended */
  readonly empleados: number | null;
  /** float */
  readonly segundos: number | null;
  /** int */
  readonly discrepancias: number | null;
  /** varchar(30) */
  readonly liquidoPagar: string | null;
}

/**
 * The newest payroll closings, newest first, with what their consolidation left when it ended; how far one is
 * that runs says nomina.sp_Estado_Consolidacion. Counts nothing, so it may be asked often. Amounts as text.
 *
 * Calls `nomina.sp_Listar_Cierres`.
 * Errors: 50400 BAD_ARGUMENT.
 * Touches: nomina.CierreNomina read, nomina.MetricaConsolidacion read.
 * Batch: none.
 * Entry: carril_app, carril_lector.
 */
export async function listarCierres(session: Session, args: ListarCierresArgs = {}, options?: CallOptions): Promise<readonly ListarCierresRow[]> {
  const result = await session.call(procedures.listarCierres, {
    Maximo: args.maximo,
  }, options);
  return (result.results[0] ?? []).map(toListarCierresRow);
}

function toListarCierresRow(row: Row): ListarCierresRow {
  return {
    idCierre: row['ID_Cierre'] as bigint,
    cliente: row['Cliente'] as string,
    mes: row['Mes'] as number,
    anno: row['Anno'] as number,
    estado: row['Estado'] as string,
    revisionRequerida: row['Revision_Requerida'] as boolean,
    idTrabajo: row['ID_Trabajo'] as bigint | null,
    inicio: row['Inicio'] as Date | null,
    empleados: row['Empleados'] as number | null,
    segundos: row['Segundos'] as number | null,
    discrepancias: row['Discrepancias'] as number | null,
    liquidoPagar: row['Liquido_Pagar'] as string | null,
  };
}

/** Arguments of `nomina.sp_Listar_Conceptos`. */
export interface ListarConceptosArgs {
  /** bigint */
  readonly idCierre: bigint;
  /** bigint */
  readonly desdeId: bigint;
  /** bigint */
  readonly hastaId: bigint;
}

/** A row of `nomina.sp_Listar_Conceptos`. */
export interface ListarConceptosRow {
  /** bigint; of the consolidated employee */
  readonly id: bigint;
  /** varchar(15) */
  readonly rut: string;
  /** nvarchar(10) */
  readonly codigoConcepto: string;
  /** nvarchar(200) */
  readonly nombreConcepto: string;
  /** varchar(30) */
  readonly valor: string;
  /** nvarchar(20) */
  readonly tipoConcepto: string;
  /** varchar(20) */
  readonly fuenteDato: string;
}

/**
 * The consolidated concepts of a closing's employees whose IDs lie in (@Desde_ID, @Hasta_ID], in the order of ID
 * and code: whole employees, as nomina.sp_Listar_Consolidados names them. Amounts as text.
 *
 * Calls `nomina.sp_Listar_Conceptos`.
 * Errors: 50400 BAD_ARGUMENT.
 * Touches: nomina.EmpleadoConsolidado read, nomina.ConceptoEmpleadoConsolidado read.
 * Batch: none.
 * Entry: carril_app, carril_lector.
 */
export async function listarConceptos(session: Session, args: ListarConceptosArgs, options?: CallOptions): Promise<readonly ListarConceptosRow[]> {
  const result = await session.call(procedures.listarConceptos, {
    ID_Cierre: args.idCierre,
    Desde_ID: args.desdeId,
    Hasta_ID: args.hastaId,
  }, options);
  return (result.results[0] ?? []).map(toListarConceptosRow);
}

function toListarConceptosRow(row: Row): ListarConceptosRow {
  return {
    id: row['ID'] as bigint,
    rut: row['RUT'] as string,
    codigoConcepto: row['Codigo_Concepto'] as string,
    nombreConcepto: row['Nombre_Concepto'] as string,
    valor: row['Valor'] as string,
    tipoConcepto: row['Tipo_Concepto'] as string,
    fuenteDato: row['Fuente_Dato'] as string,
  };
}

/** Arguments of `nomina.sp_Listar_Consolidados`. */
export interface ListarConsolidadosArgs {
  /** bigint */
  readonly idCierre: bigint;
  /** bigint; 0 when left out */
  readonly desdeId?: bigint | undefined;
  /** int; 2000 when left out */
  readonly maximo?: number | undefined;
}

/** A row of `nomina.sp_Listar_Consolidados`. */
export interface ListarConsolidadosRow {
  /** bigint */
  readonly id: bigint;
  /** varchar(15) */
  readonly rut: string;
  /** nvarchar(200) */
  readonly nombreCompleto: string;
  /** nvarchar(100) */
  readonly cargo: string;
  /** nvarchar(50) */
  readonly centroCosto: string;
  /** bit */
  readonly esIngreso: boolean;
  /** bit */
  readonly esFiniquito: boolean;
  /** bit */
  readonly tieneAusentismo: boolean;
  /** varchar(30) */
  readonly totalHaberes: string;
  /** varchar(30) */
  readonly totalDescuentos: string;
  /** varchar(30) */
  readonly liquidoPagar: string;
  /** nvarchar(100); a JSON list */
  readonly fuentesUtilizadas: string;
  /** nvarchar(400); a JSON list */
  readonly reglasAplicadas: string;
  /** int */
  readonly discrepanciasResueltas: number;
}

/**
 * The consolidated employees of a closing in the order of their IDs, from after @Desde_ID on. Amounts as text.
 *
 * Calls `nomina.sp_Listar_Consolidados`.
 * Errors: 50400 BAD_ARGUMENT, 50404 NOT_FOUND.
 * Touches: nomina.CierreNomina read, nomina.EmpleadoConsolidado read.
 * Batch: none.
 * Entry: carril_app, carril_lector.
 */
export async function listarConsolidados(session: Session, args: ListarConsolidadosArgs, options?: CallOptions): Promise<readonly ListarConsolidadosRow[]> {
  const result = await session.call(procedures.listarConsolidados, {
    ID_Cierre: args.idCierre,
    Desde_ID: args.desdeId,
    Maximo: args.maximo,
  }, options);
  return (result.results[0] ?? []).map(toListarConsolidadosRow);
}

function toListarConsolidadosRow(row: Row): ListarConsolidadosRow {
  return {
    id: row['ID'] as bigint,
    rut: row['RUT'] as string,
    nombreCompleto: row['Nombre_Completo'] as string,
    cargo: row['Cargo'] as string,
    centroCosto: row['Centro_Costo'] as string,
    esIngreso: row['Es_Ingreso'] as boolean,
    esFiniquito: row['Es_Finiquito'] as boolean,
    tieneAusentismo: row['Tiene_Ausentismo'] as boolean,
    totalHaberes: row['Total_Haberes'] as string,
    totalDescuentos: row['Total_Descuentos'] as string,
    liquidoPagar: row['Liquido_Pagar'] as string,
    fuentesUtilizadas: row['Fuentes_Utilizadas'] as string,
    reglasAplicadas: row['Reglas_Aplicadas'] as string,
    discrepanciasResueltas: row['Discrepancias_Resueltas'] as number,
  };
}

/** Arguments of `nomina.sp_Listar_Discrepancias`. */
export interface ListarDiscrepanciasArgs {
  /** bigint */
  readonly idCierre: bigint;
  /** varchar(50); NULL when left out */
  readonly tipo?: string | null | undefined;
  /** bigint; 0 when left out */
  readonly desdeId?: bigint | undefined;
  /** int; 2000 when left out */
  readonly maximo?: number | undefined;
}

/** A row of `nomina.sp_Listar_Discrepancias`. */
export interface ListarDiscrepanciasRow {
  /** bigint */
  readonly id: bigint;
  /** varchar(15) */
  readonly rut: string;
  /** varchar(50) */
  readonly tipo: string;
  /** nvarchar(10) */
  readonly codigoConcepto: string | null;
  /** nvarchar(400) */
  readonly detalle: string;
  /** bigint; its row of the Libro */
  readonly empleadoLibro: bigint | null;
  /** bit; found and resolved by the consolidation */
  readonly enConsolidacion: boolean;
}

/**
 * The discrepancies of a closing, known before or found by its consolidation, in the order of their IDs, from
 * after @Desde_ID on; of one kind or of all.
 *
 * Calls `nomina.sp_Listar_Discrepancias`.
 * Errors: 50400 BAD_ARGUMENT, 50404 NOT_FOUND.
 * Touches: nomina.CierreNomina read, nomina.DiscrepanciaCierre read.
 * Batch: none.
 * Entry: carril_app, carril_lector.
 */
export async function listarDiscrepancias(session: Session, args: ListarDiscrepanciasArgs, options?: CallOptions): Promise<readonly ListarDiscrepanciasRow[]> {
  const result = await session.call(procedures.listarDiscrepancias, {
    ID_Cierre: args.idCierre,
    Tipo: args.tipo,
    Desde_ID: args.desdeId,
    Maximo: args.maximo,
  }, options);
  return (result.results[0] ?? []).map(toListarDiscrepanciasRow);
}

function toListarDiscrepanciasRow(row: Row): ListarDiscrepanciasRow {
  return {
    id: row['ID'] as bigint,
    rut: row['RUT'] as string,
    tipo: row['Tipo'] as string,
    codigoConcepto: row['Codigo_Concepto'] as string | null,
    detalle: row['Detalle'] as string,
    empleadoLibro: row['Empleado_Libro'] as bigint | null,
    enConsolidacion: row['En_Consolidacion'] as boolean,
  };
}

/** Arguments of `nomina.sp_Planificar_Consolidacion`. */
export interface PlanificarConsolidacionArgs {
  /** bigint */
  readonly idCierre: bigint;
  /** int; NULL when left out */
  readonly limiteS?: number | null | undefined;
  /** int; NULL when left out */
  readonly lanes?: number | null | undefined;
  /** nvarchar(100); NULL when left out */
  readonly usuario?: string | null | undefined;
  /** nvarchar(200); NULL when left out */
  readonly clave?: string | null | undefined;
  /** varchar(64); NULL when left out */
  readonly huella?: string | null | undefined;
}

/** The row that `nomina.sp_Planificar_Consolidacion` returns. */
export interface PlanificarConsolidacionResult {
  /** bigint; null while Quedan is 1 */
  readonly idTrabajo: bigint | null;
  /** bit */
  readonly creado: boolean;
  /** bit */
  readonly quedan: boolean;
  /** int; rows of the Libro */
  readonly empleados: number;
  /** int */
  readonly chunks: number;
  /** int; by the formula, before balancing */
  readonly tamano: number;
}

/**
 * Plans the consolidation of a closing: one job of kind NOMINA with its chunks. The closing must be verified
 * (verificado_sin_discrepancias, con_discrepancias), else 50409; one that is being consolidated is given back
 * with Creado = 0, so two at once join. Results of an earlier life are deleted first, a bounded number a call:
 * call again while Quedan is 1.
 *
 * Under an idempotency key that exists already it plans nothing and gives back the job of that key, whatever has
 * become of it (50409 when it is no consolidation); one that joins does not take the key. @Huella, a digest of
 * what was asked, is kept with the job, so that its caller can tell a repetition from another request.
 *
 * Chunks are ranges of EmpleadoCierre.id. Size (calcular_chunk_size_dinamico): up to 50 employees all of them,
 * up to 200 max(25, n div 4), up to 500 max(50, n div 6), else max(100, min(150, n div 8)); then balanced
 * (balancear_chunks_optimizado): ceil(n / size) chunks of ceil(n / chunks). Weight (predecir_complejidad_chunk):
 * 1 an employee, 0.1 a concept of the Libro, 0.5 a discrepancy known before, 0.3 a movement; the heaviest are
 * claimed first. What no chunk would see becomes a discrepancy here: NOVEDADES_SIN_LIBRO, and RUT_INVALIDO of a
 * Libro row without any RUT. Document 003, "Tarea principal de coordinacion", "Sistema de chunks dinamicos".
 * @Limite_s: seconds after which it is cut off (timeout_consolidacion).
 *
 * Calls `nomina.sp_Planificar_Consolidacion`.
 * Errors: 50400 BAD_ARGUMENT, 50404 NOT_FOUND, 50408 LOCK_TIMEOUT, 50409 WRONG_STATE, 50499 CANCELLED.
 * Touches: trabajo.Trabajos write, trabajo.Chunks write, nomina.CierreNomina write,
 * nomina.ConceptoEmpleadoConsolidado write, nomina.EmpleadoConsolidado write, nomina.DiscrepanciaCierre write,
 * nomina.MetricaConsolidacion write, nomina.EmpleadoCierre read, nomina.RegistroConceptoEmpleado read,
 * nomina.EmpleadoCierreNovedades read, nomina.MovimientoAltaBaja read.
 * Batch: 2000.
 * Entry: carril_app.
 */
export async function planificarConsolidacion(session: Session, args: PlanificarConsolidacionArgs, options?: CallOptions): Promise<PlanificarConsolidacionResult> {
  const result = await session.call(procedures.planificarConsolidacion, {
    ID_Cierre: args.idCierre,
    Limite_s: args.limiteS,
    Lanes: args.lanes,
    Usuario: args.usuario,
    Clave: args.clave,
    Huella: args.huella,
  }, options);
  return toPlanificarConsolidacionResult(oneRow(result, 0, procedures.planificarConsolidacion));
}

function toPlanificarConsolidacionResult(row: Row): PlanificarConsolidacionResult {
  return {
    idTrabajo: row['ID_Trabajo'] as bigint | null,
    creado: row['Creado'] as boolean,
    quedan: row['Quedan'] as boolean,
    empleados: row['Empleados'] as number,
    chunks: row['Chunks'] as number,
    tamano: row['Tamano'] as number,
  };
}

/** Arguments of `nomina.sp_Revertir_Consolidacion`. */
export interface RevertirConsolidacionArgs {
  /** bigint */
  readonly idCierre: bigint;
}

/** The row that `nomina.sp_Revertir_Consolidacion` returns. */
export interface RevertirConsolidacionResult {
  /** varchar(50); of the closing */
  readonly estado: string;
  /** int; rows that this call deleted */
  readonly borrados: number;
  /** bit */
  readonly quedan: boolean;
}

/**
 * Takes a consolidation back, whether it went well or not: deletes its results, discrepancies and metrics, a
 * bounded number a call (call again until Quedan is 0; meanwhile the closing is in revirtiendo_consolidacion),
 * and puts the closing back into the state from which it was consolidated; where that is not known,
 * con_discrepancias if any are left, else verificado_sin_discrepancias. One that still runs is refused (50409):
 * cancel it first. Nothing to take back: changes nothing. Document 003, rollback_consolidacion_fallida.
 *
 * Calls `nomina.sp_Revertir_Consolidacion`.
 * Errors: 50400 BAD_ARGUMENT, 50404 NOT_FOUND, 50408 LOCK_TIMEOUT, 50409 WRONG_STATE, 50499 CANCELLED.
 * Touches: trabajo.Trabajos read, nomina.CierreNomina write, nomina.ConceptoEmpleadoConsolidado write,
 * nomina.EmpleadoConsolidado write, nomina.DiscrepanciaCierre write, nomina.MetricaConsolidacion write.
 * Batch: 2000.
 * Entry: carril_app.
 */
export async function revertirConsolidacion(session: Session, args: RevertirConsolidacionArgs, options?: CallOptions): Promise<RevertirConsolidacionResult> {
  const result = await session.call(procedures.revertirConsolidacion, {
    ID_Cierre: args.idCierre,
  }, options);
  return toRevertirConsolidacionResult(oneRow(result, 0, procedures.revertirConsolidacion));
}

function toRevertirConsolidacionResult(row: Row): RevertirConsolidacionResult {
  return {
    estado: row['Estado'] as string,
    borrados: row['Borrados'] as number,
    quedan: row['Quedan'] as boolean,
  };
}

/** Arguments of `nomina.sp_Terminar_Carga`. */
export interface TerminarCargaArgs {
  /** bigint */
  readonly idCierre: bigint;
}

/** The row that `nomina.sp_Terminar_Carga` returns. */
export interface TerminarCargaResult {
  /** varchar(50); of the closing */
  readonly estado: string;
  /** int; rows of the Libro */
  readonly empleados: number;
  /** int; rows of the Novedades */
  readonly novedades: number;
  /** int; known now, before the consolidation */
  readonly discrepancias: number;
}

/**
 * Ends the load of a closing: holds what the analyst reports against the movements of the month and leaves the
 * closing con_discrepancias or verificado_sin_discrepancias, ready to be consolidated. Found are
 * INGRESO_SIN_MOVIMIENTO and FINIQUITO_SIN_MOVIMIENTO (reported, but there is no movement), and, of employees of
 * the Libro and only when the analyst has reported any of that kind, INGRESO_NO_INFORMADO and
 * FINIQUITO_NO_INFORMADO. Those of an earlier load are replaced. Document 003, "Datos del Analista
 * (Validacion)": 'para validacion cruzada con MovimientoAltaBaja'.
 *
 * Calls `nomina.sp_Terminar_Carga`.
 * Errors: 50400 BAD_ARGUMENT, 50404 NOT_FOUND, 50408 LOCK_TIMEOUT, 50409 WRONG_STATE, 50499 CANCELLED.
 * Touches: nomina.CierreNomina write, nomina.DiscrepanciaCierre write, nomina.EmpleadoCierre read,
 * nomina.EmpleadoCierreNovedades read, nomina.AnalistaIngreso read, nomina.AnalistaFiniquito read,
 * nomina.MovimientoAltaBaja read.
 * Batch: 2000.
 * Entry: carril_app.
 */
export async function terminarCarga(session: Session, args: TerminarCargaArgs, options?: CallOptions): Promise<TerminarCargaResult> {
  const result = await session.call(procedures.terminarCarga, {
    ID_Cierre: args.idCierre,
  }, options);
  return toTerminarCargaResult(oneRow(result, 0, procedures.terminarCarga));
}

function toTerminarCargaResult(row: Row): TerminarCargaResult {
  return {
    estado: row['Estado'] as string,
    empleados: row['Empleados'] as number,
    novedades: row['Novedades'] as number,
    discrepancias: row['Discrepancias'] as number,
  };
}

/** Arguments of `nomina.sp_Vencer_Consolidacion`. */
export interface VencerConsolidacionArgs {
  /** bigint */
  readonly idTrabajo: bigint;
}

/** The row that `nomina.sp_Vencer_Consolidacion` returns. */
export interface VencerConsolidacionResult {
  /** bit; its time was up, now or at an earlier call */
  readonly vencida: boolean;
  /** int; chunks that this call ended */
  readonly cancelados: number;
}

/**
 * Cuts a consolidation off whose time is up by the server's clock: as trabajo.sp_Cancelar_Trabajo, and its
 * closing will be left in timeout_consolidacion (document 003, chord.get(timeout=300)). Before that moment,
 * without a limit, and once it has ended or was cancelled, it changes nothing.
 *
 * Calls `nomina.sp_Vencer_Consolidacion`.
 * Errors: 50400 BAD_ARGUMENT, 50404 NOT_FOUND, 50408 LOCK_TIMEOUT, 50409 WRONG_STATE, 50499 CANCELLED.
 * Touches: trabajo.Trabajos write, trabajo.Chunks write, nomina.CierreNomina write.
 * Batch: 2000.
 * Entry: carril_app.
 */
export async function vencerConsolidacion(session: Session, args: VencerConsolidacionArgs, options?: CallOptions): Promise<VencerConsolidacionResult> {
  const result = await session.call(procedures.vencerConsolidacion, {
    ID_Trabajo: args.idTrabajo,
  }, options);
  return toVencerConsolidacionResult(oneRow(result, 0, procedures.vencerConsolidacion));
}

function toVencerConsolidacionResult(row: Row): VencerConsolidacionResult {
  return {
    vencida: row['Vencida'] as boolean,
    cancelados: row['Cancelados'] as number,
  };
}

function oneRow(result: CallResult, set: number, procedure: Procedure): Row {
  const rows = result.results[set] ?? [];
  const [row] = rows;
  if (row !== undefined && rows.length === 1) return row;
  throw new ProcedureError(
    `${procedure.name} returned ${String(rows.length)} rows where its contract says one: check the procedure in the database`,
    { code: 'DATABASE', procedure: procedure.name },
  );
}
