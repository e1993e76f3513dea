// written by carril codegen, never edited
import { ProcedureError } from '../../engine/index.js';
import type { CallOptions, CallResult, Procedure, Row, Session } from '../../engine/index.js';
import * as logsTables from './logs.tables.js';
export * from './logs.tables.js';

/** What the engine knows of each procedure of logs. */
export const procedures: Readonly<Record<
  | 'completarEjecucion'
  | 'ejecutarServicio'
  | 'estadoEjecuciones'
  | 'estadoProceso'
  | 'fallarServicio'
  | 'finalizarProceso'
  | 'inicializarEjecucion'
  | 'inicializarProceso'
  | 'listarProcesos'
  | 'marcarServicio'
  | 'resolverPaso'
  | 'resolverProceso'
  | 'resultadosProceso'
, Procedure>> = {
  completarEjecucion: {
    name: 'logs.sp_Completar_Ejecucion',
    parameters: [
      { name: 'ID_Ejecucion', type: { kind: 'bigint' }, output: false, optional: false },
      { name: 'Token', type: { kind: 'bigint' }, output: false, optional: false },
    ],
    results: [
      [
        { name: 'Estado', type: { kind: 'varchar', length: 50 }, nullable: false },
        { name: 'Restantes', type: { kind: 'int' }, nullable: false },
      ],
    ],
  },
  ejecutarServicio: {
    name: 'logs.sp_Ejecutar_Servicio',
    parameters: [
      { name: 'ID_Ejecucion', type: { kind: 'bigint' }, output: false, optional: false },
      { name: 'Servicio', type: { kind: 'varchar', length: 50 }, output: false, optional: false },
      { name: 'Token', type: { kind: 'bigint' }, output: false, optional: false },
    ],
    results: [
      [
        { name: 'Estado', type: { kind: 'varchar', length: 50 }, nullable: false },
        { name: 'Ya_Terminado', type: { kind: 'bit' }, nullable: false },
        { name: 'Duracion_Ms', type: { kind: 'int' }, nullable: false },
      ],
    ],
  },
  estadoEjecuciones: {
    name: 'logs.sp_Estado_Ejecuciones',
    parameters: [
      { name: 'ID_Proceso', type: { kind: 'bigint' }, output: false, optional: false },
    ],
    results: [
      [
        { name: 'ID_Ejecucion', type: { kind: 'bigint' }, nullable: false },
        { name: 'ID_Fund', type: { kind: 'int' }, nullable: true },
        { name: 'FundShortName', type: { kind: 'nvarchar', length: 100 }, nullable: true },
        { name: 'Estado', type: { kind: 'varchar', length: 50 }, nullable: false },
        { name: 'Servicio_Actual', type: { kind: 'varchar', length: 50 }, nullable: true },
        { name: 'Intento', type: { kind: 'int' }, nullable: true },
        { name: 'Poseedor', type: { kind: 'nvarchar', length: 200 }, nullable: true },
        { name: 'FechaInicio', type: { kind: 'datetime2', scale: 3 }, nullable: true },
        { name: 'FechaFin', type: { kind: 'datetime2', scale: 3 }, nullable: true },
        { name: 'Mensaje_Error', type: { kind: 'nvarchar', length: 4000 }, nullable: true },
      ],
    ],
  },
  estadoProceso: {
    name: 'logs.sp_Estado_Proceso',
    parameters: [
      { name: 'ID_Proceso', type: { kind: 'bigint' }, output: false, optional: false },
    ],
    results: [
      [
        { name: 'ID_Proceso', type: { kind: 'bigint' }, nullable: false },
        { name: 'FechaReporte', type: { kind: 'date' }, nullable: false },
        { name: 'Estado', type: { kind: 'varchar', length: 50 }, nullable: false },
        { name: 'Etapa_Actual', type: { kind: 'nvarchar', length: 50 }, nullable: true },
        { name: 'Usuario', type: { kind: 'nvarchar', length: 100 }, nullable: true },
        { name: 'Arquitectura', type: { kind: 'varchar', length: 20 }, nullable: false },
        { name: 'FechaInicio', type: { kind: 'datetime2', scale: 3 }, nullable: false },
        { name: 'FechaFin', type: { kind: 'datetime2', scale: 3 }, nullable: true },
        { name: 'TotalFondos', type: { kind: 'int' }, nullable: false },
        { name: 'FondosExitosos', type: { kind: 'int' }, nullable: false },
        { name: 'FondosFallidos', type: { kind: 'int' }, nullable: false },
        { name: 'FondosOmitidos', type: { kind: 'int' }, nullable: false },
        { name: 'FondosEnProgreso', type: { kind: 'int' }, nullable: false },
        { name: 'FondosPendientes', type: { kind: 'int' }, nullable: false },
        { name: 'ID_Trabajo', type: { kind: 'bigint' }, nullable: true },
      ],
    ],
  },
  fallarServicio: {
    name: 'logs.sp_Fallar_Servicio',
    parameters: [
      { name: 'ID_Ejecucion', type: { kind: 'bigint' }, output: false, optional: false },
      { name: 'Servicio', type: { kind: 'varchar', length: 50 }, output: false, optional: false },
      { name: 'Token', type: { kind: 'bigint' }, output: false, optional: false },
      { name: 'Error', type: { kind: 'nvarchar', length: 4000 }, output: false, optional: false },
      { name: 'Reintentable', type: { kind: 'bit' }, output: false, optional: true },
    ],
    results: [
      [
        { name: 'Estado', type: { kind: 'varchar', length: 50 }, nullable: false },
        { name: 'Intento', type: { kind: 'int' }, nullable: false },
        { name: 'No_Antes_De', type: { kind: 'datetime2', scale: 3 }, nullable: true },
        { name: 'Restantes', type: { kind: 'int' }, nullable: false },
      ],
    ],
  },
  finalizarProceso: {
    name: 'logs.sp_Finalizar_Proceso',
    parameters: [
      { name: 'ID_Proceso', type: { kind: 'bigint' }, output: false, optional: false },
    ],
    results: [
      [
        { name: 'Estado', type: { kind: 'varchar', length: 50 }, nullable: false },
        { name: 'Finalizado', type: { kind: 'bit' }, nullable: false },
        { name: 'TotalFondos', type: { kind: 'int' }, nullable: false },
        { name: 'FondosExitosos', type: { kind: 'int' }, nullable: false },
        { name: 'FondosFallidos', type: { kind: 'int' }, nullable: false },
        { name: 'FondosOmitidos', type: { kind: 'int' }, nullable: false },
      ],
    ],
  },
  inicializarEjecucion: {
    name: 'logs.sp_Inicializar_Ejecucion',
    parameters: [
      { name: 'FechaReporte', type: { kind: 'date' }, output: false, optional: false },
      { name: 'ID_Ejecucion', type: { kind: 'bigint' }, output: true, optional: false },
    ],
    results: [],
  },
  inicializarProceso: {
    name: 'logs.sp_Inicializar_Proceso',
    parameters: [
      { name: 'FechaReporte', type: { kind: 'date' }, output: false, optional: false },
      { name: 'Fondos', type: logsTables.listaFondosV1, output: false, optional: true },
      { name: 'Usuario', type: { kind: 'nvarchar', length: 100 }, output: false, optional: true },
      { name: 'Clave', type: { kind: 'nvarchar', length: 200 }, output: false, optional: true },
      { name: 'ID_Proceso', type: { kind: 'bigint' }, output: true, optional: false },
      { name: 'ID_Trabajo', type: { kind: 'bigint' }, output: true, optional: false },
      { name: 'TotalFondos', type: { kind: 'int' }, output: true, optional: false },
    ],
    results: [],
  },
  listarProcesos: {
    name: 'logs.sp_Listar_Procesos',
    parameters: [
      { name: 'FechaReporte', type: { kind: 'date' }, output: false, optional: true },
      { name: 'Maximo', type: { kind: 'int' }, output: false, optional: true },
    ],
    results: [
      [
        { name: 'ID_Proceso', type: { kind: 'bigint' }, nullable: false },
        { name: 'FechaReporte', type: { kind: 'date' }, nullable: false },
        { name: 'Estado', type: { kind: 'varchar', length: 50 }, nullable: false },
        { name: 'Etapa_Actual', type: { kind: 'nvarchar', length: 50 }, nullable: true },
        { name: 'Usuario', type: { kind: 'nvarchar', length: 100 }, nullable: true },
        { name: 'Arquitectura', type: { kind: 'varchar', length: 20 }, nullable: false },
        { name: 'FechaInicio', type: { kind: 'datetime2', scale: 3 }, nullable: false },
        { name: 'FechaFin', type: { kind: 'datetime2', scale: 3 }, nullable: true },
        { name: 'TotalFondos', type: { kind: 'int' }, nullable: false },
        { name: 'FondosExitosos', type: { kind: 'int' }, nullable: false },
        { name: 'FondosFallidos', type: { kind: 'int' }, nullable: false },
        { name: 'FondosOmitidos', type: { kind: 'int' }, nullable: false },
        { name: 'FondosEnProgreso', type: { kind: 'int' }, nullable: false },
        { name: 'FondosPendientes', type: { kind: 'int' }, nullable: false },
        { name: 'ID_Trabajo', type: { kind: 'bigint' }, nullable: true },
      ],
    ],
  },
  marcarServicio: {
    name: 'logs.sp_Marcar_Servicio',
    parameters: [
      { name: 'ID_Ejecucion', type: { kind: 'bigint' }, output: false, optional: false },
      { name: 'ID_Fund', type: { kind: 'int' }, output: false, optional: false },
      { name: 'Servicio', type: { kind: 'varchar', length: 50 }, output: false, optional: false },
      { name: 'Estado', type: { kind: 'varchar', length: 50 }, output: false, optional: false },
      { name: 'Mensaje_Error', type: { kind: 'nvarchar', length: 4000 }, output: false, optional: true },
      { name: 'Inicio', type: { kind: 'datetime2', scale: 3 }, output: false, optional: true },
    ],
    results: [],
  },
  resolverPaso: {
    name: 'logs.sp_Resolver_Paso',
    parameters: [
      { name: 'Procedimiento', type: { kind: 'nvarchar', length: 256 }, output: false, optional: false },
      { name: 'Esquema', type: { kind: 'nvarchar', length: 128 }, output: true, optional: true },
      { name: 'Nombre', type: { kind: 'nvarchar', length: 300 }, output: true, optional: true },
    ],
    results: [],
  },
  resolverProceso: {
    name: 'logs.sp_Resolver_Proceso',
    parameters: [
      { name: 'ID', type: { kind: 'bigint' }, output: false, optional: false },
      { name: 'ID_Proceso', type: { kind: 'bigint' }, output: true, optional: true },
    ],
    results: [],
  },
  resultadosProceso: {
    name: 'logs.sp_Resultados_Proceso',
    parameters: [
      { name: 'ID_Proceso', type: { kind: 'bigint' }, output: false, optional: false },
    ],
    results: [
      [
        { name: 'FundShortName', type: { kind: 'nvarchar', length: 100 }, nullable: false },
        { name: 'ID_Ejecucion', type: { kind: 'bigint' }, nullable: false },
        { name: 'ID_Proceso', type: { kind: 'bigint' }, nullable: true },
        { name: 'Estado', type: { kind: 'varchar', length: 50 }, nullable: false },
        { name: 'Lineas', type: { kind: 'int' }, nullable: false },
        { name: 'Lineas_Efectivo', type: { kind: 'int' }, nullable: false },
        { name: 'Valor_Total', type: { kind: 'varchar', length: 40 }, nullable: false },
        { name: 'Suma_Pesos', type: { kind: 'varchar', length: 40 }, nullable: false },
        { name: 'Repreciadas', type: { kind: 'int' }, nullable: false },
      ],
    ],
  },
};

/** Arguments of `logs.sp_Completar_Ejecucion`. */
export interface CompletarEjecucionArgs {
  /** bigint */
  readonly idEjecucion: bigint;
  /** bigint */
  readonly token: bigint;
}

/** The row that `logs.sp_Completar_Ejecucion` returns. */
export interface CompletarEjecucionResult {
  /** varchar(50); of the execution: COMPLETADO or OMITIDO */
  readonly estado: string;
  /** int; 0: no unfinished chunk of the process was seen, try to finalize it; else 1 */
  readonly restantes: number;
}

/**
 * Completes a fund's execution and its chunk together, when every service of it is finished (else 50409, naming
 * the first that is not). OMITIDO when every service was skipped. Already complete under this token: says so and
 * does nothing.
 *
 * Calls `logs.sp_Completar_Ejecucion`.
 * Errors: 50400 BAD_ARGUMENT, 50404 NOT_FOUND, 50408 LOCK_TIMEOUT, 50409 WRONG_STATE, 50410 LEASE_LOST, 50499
 * CANCELLED.
 * Touches: logs.Ejecucion_Fondos write, logs.Ejecuciones write, trabajo.Chunks write.
 * Batch: 1.
 * Entry: carril_app.
 */
export async function completarEjecucion(session: Session, args: CompletarEjecucionArgs, options?: CallOptions): Promise<CompletarEjecucionResult> {
  const result = await session.call(procedures.completarEjecucion, {
    ID_Ejecucion: args.idEjecucion,
    Token: args.token,
  }, options);
  return toCompletarEjecucionResult(oneRow(result, 0, procedures.completarEjecucion));
}

function toCompletarEjecucionResult(row: Row): CompletarEjecucionResult {
  return {
    estado: row['Estado'] as string,
    restantes: row['Restantes'] as number,
  };
}

/** Arguments of `logs.sp_Ejecutar_Servicio`. */
export interface EjecutarServicioArgs {
  /** bigint */
  readonly idEjecucion: bigint;
  /** varchar(50) */
  readonly servicio: string;
  /** bigint */
  readonly token: bigint;
}

/** The row that `logs.sp_Ejecutar_Servicio` returns. */
export interface EjecutarServicioResult {
  /** varchar(50); of the service: COMPLETADO or OMITIDO */
  readonly estado: string;
  /** bit; it was finished before this call */
  readonly yaTerminado: boolean;
  /** int; 0 when it was */
  readonly duracionMs: number;
}

/**
 * Runs one service of a fund's execution, under its chunk's token, in one round trip and one transaction: takes
 * the chunk's lock, compares token and state, runs the service's step procedures in order, writes the service's
 * state. A service that is finished already, or skipped for this fund, returns at once with Ya_Terminado 1, so a
 * call repeated after a lost connection does nothing twice. A failure rolls everything back and is recorded by
 * logs.sp_Fallar_Servicio.
 *
 * Only names in logs.Servicio_Procedimientos that exist as procedures in extract or staging are executed.
 * extract procedures take @FechaReporte and @ID_Ejecucion; staging procedures @ID_Ejecucion, @FechaReporte,
 * @ID_Fund, @Portfolio_Geneva. Steps return no rows, and neither commit nor roll back: the transaction is
 * checked after each.
 *
 * Calls `logs.sp_Ejecutar_Servicio`.
 * Errors: 50400 BAD_ARGUMENT, 50404 NOT_FOUND, 50408 LOCK_TIMEOUT, 50409 WRONG_STATE, 50410 LEASE_LOST, 50499
 * CANCELLED.
 * Touches: trabajo.Chunks read, logs.Ejecuciones read, logs.Servicios read, logs.Servicio_Procedimientos read,
 * extract.* write, staging.* write, logs.Ejecucion_Fondos write.
 * Batch: 2000.
 * Entry: carril_app.
 */
export async function ejecutarServicio(session: Session, args: EjecutarServicioArgs, options?: CallOptions): Promise<EjecutarServicioResult> {
  const result = await session.call(procedures.ejecutarServicio, {
    ID_Ejecucion: args.idEjecucion,
    Servicio: args.servicio,
    Token: args.token,
  }, options);
  return toEjecutarServicioResult(oneRow(result, 0, procedures.ejecutarServicio));
}

function toEjecutarServicioResult(row: Row): EjecutarServicioResult {
  return {
    estado: row['Estado'] as string,
    yaTerminado: row['Ya_Terminado'] as boolean,
    duracionMs: row['Duracion_Ms'] as number,
  };
}

/** Arguments of `logs.sp_Estado_Ejecuciones`. */
export interface EstadoEjecucionesArgs {
  /** bigint */
  readonly idProceso: bigint;
}

/** A row of `logs.sp_Estado_Ejecuciones`. */
export interface EstadoEjecucionesRow {
  /** bigint */
  readonly idEjecucion: bigint;
  /** int */
  readonly idFund: number | null;
  /** nvarchar(100) */
  readonly fundShortName: string | null;
  /** varchar(50) */
  readonly estado: string;
  /** varchar(50); while it runs; for ERROR the one that failed */
  readonly servicioActual: string | null;
  /** int */
  readonly intento: number | null;
  /** nvarchar(200); who holds its lease */
  readonly poseedor: string | null;
  /** datetime2(3), UTC */
  readonly fechaInicio: Date | null;
  /** datetime2(3), UTC */
  readonly fechaFin: Date | null;
  /** nvarchar(4000) */
  readonly mensajeError: string | null;
}

/**
 * The executions of a process, in the order of their IDs. Accepts what logs.sp_Estado_Proceso accepts; a run of
 * the old way is one execution without a fund.
 *
 * Calls `logs.sp_Estado_Ejecuciones`.
 * Errors: 50400 BAD_ARGUMENT, 50404 NOT_FOUND.
 * Touches: trabajo.Chunks read, logs.Procesos read, logs.Ejecuciones read, logs.Ejecucion_Fondos read,
 * logs.Servicios read.
 * Batch: none.
 * Entry: carril_app, carril_lector.
 */
export async function estadoEjecuciones(session: Session, args: EstadoEjecucionesArgs, options?: CallOptions): Promise<readonly EstadoEjecucionesRow[]> {
  const result = await session.call(procedures.estadoEjecuciones, {
    ID_Proceso: args.idProceso,
  }, options);
  return (result.results[0] ?? []).map(toEstadoEjecucionesRow);
}

function toEstadoEjecucionesRow(row: Row): EstadoEjecucionesRow {
  return {
    idEjecucion: row['ID_Ejecucion'] as bigint,
    idFund: row['ID_Fund'] as number | null,
    fundShortName: row['FundShortName'] as string | null,
    estado: row['Estado'] as string,
    servicioActual: row['Servicio_Actual'] as string | null,
    intento: row['Intento'] as number | null,
    poseedor: row['Poseedor'] as string | null,
    fechaInicio: row['FechaInicio'] as Date | null,
    fechaFin: row['FechaFin'] as Date | null,
    mensajeError: row['Mensaje_Error'] as string | null,
  };
}

/** Arguments of `logs.sp_Estado_Proceso`. */
export interface EstadoProcesoArgs {
  /** bigint */
  readonly idProceso: bigint;
}

/** The row that `logs.sp_Estado_Proceso` returns. */
export interface EstadoProcesoResult {
  /** bigint */
  readonly idProceso: bigint;
  /** date, `YYYY-MM-DD` */
  readonly fechaReporte: string;
  /** varchar(50) */
  readonly estado: string;
  /** nvarchar(50) */
  readonly etapaActual: string | null;
  /** nvarchar(100) */
  readonly usuario: string | null;
  /** varchar(20) */
  readonly arquitectura: string;
  /** datetime2(3), UTC */
  readonly fechaInicio: Date;
  /** datetime2(3), UTC */
  readonly fechaFin: Date | null;
  /** int */
  readonly totalFondos: number;
  /** int */
  readonly fondosExitosos: number;
  /** int */
  readonly fondosFallidos: number;
  /** int */
  readonly fondosOmitidos: number;
  /** int */
  readonly fondosEnProgreso: number;
  /** int */
  readonly fondosPendientes: number;
  /** bigint */
  readonly idTrabajo: bigint | null;
}

/**
 * A process and its counters: live while it runs. Accepts the ID of the process, of one of its executions, or of
 * a run of the old way.
 *
 * Calls `logs.sp_Estado_Proceso`.
 * Errors: 50400 BAD_ARGUMENT, 50404 NOT_FOUND.
 * Touches: trabajo.Chunks read, logs.Procesos read, logs.Ejecuciones read, logs.Ejecucion_Fondos read,
 * logs.Servicios read.
 * Batch: none.
 * Entry: carril_app, carril_lector.
 */
export async function estadoProceso(session: Session, args: EstadoProcesoArgs, options?: CallOptions): Promise<EstadoProcesoResult> {
  const result = await session.call(procedures.estadoProceso, {
    ID_Proceso: args.idProceso,
  }, options);
  return toEstadoProcesoResult(oneRow(result, 0, procedures.estadoProceso));
}

function toEstadoProcesoResult(row: Row): EstadoProcesoResult {
  return {
    idProceso: row['ID_Proceso'] as bigint,
    fechaReporte: row['FechaReporte'] as string,
    estado: row['Estado'] as string,
    etapaActual: row['Etapa_Actual'] as string | null,
    usuario: row['Usuario'] as string | null,
    arquitectura: row['Arquitectura'] as string,
    fechaInicio: row['FechaInicio'] as Date,
    fechaFin: row['FechaFin'] as Date | null,
    totalFondos: row['TotalFondos'] as number,
    fondosExitosos: row['FondosExitosos'] as number,
    fondosFallidos: row['FondosFallidos'] as number,
    fondosOmitidos: row['FondosOmitidos'] as number,
    fondosEnProgreso: row['FondosEnProgreso'] as number,
    fondosPendientes: row['FondosPendientes'] as number,
    idTrabajo: row['ID_Trabajo'] as bigint | null,
  };
}

/** Arguments of `logs.sp_Fallar_Servicio`. */
export interface FallarServicioArgs {
  /** bigint */
  readonly idEjecucion: bigint;
  /** varchar(50) */
  readonly servicio: string;
  /** bigint */
  readonly token: bigint;
  /** nvarchar(4000) */
  readonly error: string;
  /** bit; 1 when left out */
  readonly reintentable?: boolean | undefined;
}

/** The row that `logs.sp_Fallar_Servicio` returns. */
export interface FallarServicioResult {
  /** varchar(50); of the chunk: PENDIENTE, ERROR, CANCELADO; COMPLETADO when it had completed */
  readonly estado: string;
  /** int; attempts used */
  readonly intento: number;
  /** datetime2(3), UTC */
  readonly noAntesDe: Date | null;
  /** int; 0: no unfinished chunk of the process was seen, try to finalize it; else 1 */
  readonly restantes: number;
}

/**
 * Records, under the token, that a service of an execution failed: the message on the fund's row, and the
 * attempt on the chunk, which goes back with backoff or ends (as trabajo.sp_Fallar_Chunk says). When the chunk
 * ends, so does the execution, and the service that failed is ERROR; until then it stays PENDIENTE, for the next
 * attempt begins at the first unfinished service. Already recorded under this token: says what became of it and
 * does nothing.
 *
 * Calls `logs.sp_Fallar_Servicio`.
 * Errors: 50400 BAD_ARGUMENT, 50404 NOT_FOUND, 50408 LOCK_TIMEOUT, 50409 WRONG_STATE, 50410 LEASE_LOST, 50499
 * CANCELLED.
 * Touches: trabajo.Chunks write, logs.Ejecucion_Fondos write, logs.Ejecuciones write.
 * Batch: 1.
 * Entry: carril_app.
 */
export async function fallarServicio(session: Session, args: FallarServicioArgs, options?: CallOptions): Promise<FallarServicioResult> {
  const result = await session.call(procedures.fallarServicio, {
    ID_Ejecucion: args.idEjecucion,
    Servicio: args.servicio,
    Token: args.token,
    Error: args.error,
    Reintentable: args.reintentable,
  }, options);
  return toFallarServicioResult(oneRow(result, 0, procedures.fallarServicio));
}

function toFallarServicioResult(row: Row): FallarServicioResult {
  return {
    estado: row['Estado'] as string,
    intento: row['Intento'] as number,
    noAntesDe: row['No_Antes_De'] as Date | null,
    restantes: row['Restantes'] as number,
  };
}

/** Arguments of `logs.sp_Finalizar_Proceso`. */
export interface FinalizarProcesoArgs {
  /** bigint */
  readonly idProceso: bigint;
}

/** The row that `logs.sp_Finalizar_Proceso` returns. */
export interface FinalizarProcesoResult {
  /** varchar(50) */
  readonly estado: string;
  /** bit; this call ended it */
  readonly finalizado: boolean;
  /** int */
  readonly totalFondos: number;
  /** int */
  readonly fondosExitosos: number;
  /** int */
  readonly fondosFallidos: number;
  /** int; skipped, cancelled or rolled back */
  readonly fondosOmitidos: number;
}

/**
 * Ends a process whose chunks have all ended; to be tried after every commit that ends a chunk and on every idle
 * poll. A cheap look without a lock comes first; then the job's lock Exclusive, a recount, and in one commit:
 * executions whose chunk ended without them (expired for the last time, cancelled) get its state, the process
 * its state and counters, the job its end. Whoever comes second finds it done. Accepts the ID of the process or
 * of one of its executions.
 *
 * CANCELADO when an execution was cancelled; ERROR when all failed; COMPLETADO_CON_ERRORES when some did; else
 * COMPLETADO.
 *
 * Calls `logs.sp_Finalizar_Proceso`.
 * Errors: 50400 BAD_ARGUMENT, 50404 NOT_FOUND, 50408 LOCK_TIMEOUT, 50409 WRONG_STATE, 50499 CANCELLED.
 * Touches: trabajo.Chunks write, trabajo.Trabajos write, logs.Ejecucion_Fondos write, logs.Ejecuciones write,
 * logs.Procesos write.
 * Batch: 2000.
 * Entry: carril_app.
 */
export async function finalizarProceso(session: Session, args: FinalizarProcesoArgs, options?: CallOptions): Promise<FinalizarProcesoResult> {
  const result = await session.call(procedures.finalizarProceso, {
    ID_Proceso: args.idProceso,
  }, options);
  return toFinalizarProcesoResult(oneRow(result, 0, procedures.finalizarProceso));
}

function toFinalizarProcesoResult(row: Row): FinalizarProcesoResult {
  return {
    estado: row['Estado'] as string,
    finalizado: row['Finalizado'] as boolean,
    totalFondos: row['TotalFondos'] as number,
    fondosExitosos: row['FondosExitosos'] as number,
    fondosFallidos: row['FondosFallidos'] as number,
    fondosOmitidos: row['FondosOmitidos'] as number,
  };
}

/** Arguments of `logs.sp_Inicializar_Ejecucion`. */
export interface InicializarEjecucionArgs {
  /** date, `YYYY-MM-DD` */
  readonly fechaReporte: string;
}

/** OUTPUT parameters of `logs.sp_Inicializar_Ejecucion`. */
export interface InicializarEjecucionResult {
  /** bigint */
  readonly idEjecucion: bigint;
}

/**
 * The old way in, kept for its callers: one ID_Ejecucion for all funds that are Active and Incluir_En_Cubo, with
 * their states per service, under a process of its own (Arquitectura LEGADO). It has no job: whoever runs it
 * writes its states.
 *
 * Calls `logs.sp_Inicializar_Ejecucion`.
 * Errors: 50400 BAD_ARGUMENT, 50404 NOT_FOUND.
 * Touches: dimensionales.BD_Funds read, logs.Procesos write, logs.Ejecuciones write, logs.Ejecucion_Fondos
 * write.
 * Batch: 2000.
 * Entry: carril_app.
 */
export async function inicializarEjecucion(session: Session, args: InicializarEjecucionArgs, options?: CallOptions): Promise<InicializarEjecucionResult> {
  const { output } = await session.call(procedures.inicializarEjecucion, {
    FechaReporte: args.fechaReporte,
  }, options);
  return {
    idEjecucion: output['ID_Ejecucion'] as bigint,
  };
}

/** Arguments of `logs.sp_Inicializar_Proceso`. */
export interface InicializarProcesoArgs {
  /** date, `YYYY-MM-DD` */
  readonly fechaReporte: string;
  /** logs.Lista_Fondos_v1; empty when left out */
  readonly fondos?: readonly logsTables.ListaFondosV1Row[] | undefined;
  /** nvarchar(100); NULL when left out */
  readonly usuario?: string | null | undefined;
  /** nvarchar(200); NULL when left out */
  readonly clave?: string | null | undefined;
}

/** OUTPUT parameters of `logs.sp_Inicializar_Proceso`. */
export interface InicializarProcesoResult {
  /** bigint */
  readonly idProceso: bigint;
  /** bigint */
  readonly idTrabajo: bigint;
  /** int */
  readonly totalFondos: number;
}

/**
 * Starts a process for a date: the process, one execution a fund, their states per service, and the job with one
 * chunk an execution, in one transaction. Without funds: all that are Active and Incluir_En_Cubo. Under an
 * idempotency key that exists already it creates nothing and gives back the process of that key. What the
 * process will run is frozen here: the funds' codes and flags, and the active services; a service that is not
 * active, or whose flag the fund has off, is OMITIDO from now on.
 *
 * Every ID comes from logs.Seq_ID, the process's first: whatever other callers draw in between, an execution's
 * ID is above its process's.
 *
 * Calls `logs.sp_Inicializar_Proceso`.
 * Errors: 50400 BAD_ARGUMENT, 50404 NOT_FOUND, 50408 LOCK_TIMEOUT, 50409 WRONG_STATE, 50499 CANCELLED.
 * Touches: dimensionales.BD_Funds read, logs.Servicios read, trabajo.Trabajos write, logs.Procesos write,
 * trabajo.Chunks write, logs.Ejecuciones write, logs.Ejecucion_Fondos write.
 * Batch: 2000.
 * Entry: carril_app.
 */
export async function inicializarProceso(session: Session, args: InicializarProcesoArgs, options?: CallOptions): Promise<InicializarProcesoResult> {
  const { output } = await session.call(procedures.inicializarProceso, {
    FechaReporte: args.fechaReporte,
    Fondos: logsTables.listaFondosV1Rows(args.fondos),
    Usuario: args.usuario,
    Clave: args.clave,
  }, options);
  return {
    idProceso: output['ID_Proceso'] as bigint,
    idTrabajo: output['ID_Trabajo'] as bigint,
    totalFondos: output['TotalFondos'] as number,
  };
}

/** Arguments of `logs.sp_Listar_Procesos`. */
export interface ListarProcesosArgs {
  /** date, `YYYY-MM-DD`; NULL when left out */
  readonly fechaReporte?: string | null | undefined;
  /** int; 20 when left out */
  readonly maximo?: number | undefined;
}

/** A row of `logs.sp_Listar_Procesos`. */
export interface ListarProcesosRow {
  /** bigint */
  readonly idProceso: bigint;
  /** date, `YYYY-MM-DD` */
  readonly fechaReporte: string;
  /** varchar(50) */
  readonly estado: string;
  /** nvarchar(50) */
  readonly etapaActual: string | null;
  /** nvarchar(100) */
  readonly usuario: string | null;
  /** varchar(20) */
  readonly arquitectura: string;
  /** datetime2(3), UTC */
  readonly fechaInicio: Date;
  /** datetime2(3), UTC */
  readonly fechaFin: Date | null;
  /** int */
  readonly totalFondos: number;
  /** int */
  readonly fondosExitosos: number;
  /** int */
  readonly fondosFallidos: number;
  /** int */
  readonly fondosOmitidos: number;
  /** int */
  readonly fondosEnProgreso: number;
  /** int */
  readonly fondosPendientes: number;
  /** bigint */
  readonly idTrabajo: bigint | null;
}

/**
 * The newest processes, newest first, of one date or of all; runs of the old way among them.
 *
 * Calls `logs.sp_Listar_Procesos`.
 * Errors: 50400 BAD_ARGUMENT.
 * Touches: trabajo.Chunks read, logs.Procesos read, logs.Ejecuciones read, logs.Ejecucion_Fondos read,
 * logs.Servicios read.
 * Batch: none.
 * Entry: carril_app, carril_lector.
 */
export async function listarProcesos(session: Session, args: ListarProcesosArgs = {}, options?: CallOptions): Promise<readonly ListarProcesosRow[]> {
  const result = await session.call(procedures.listarProcesos, {
    FechaReporte: args.fechaReporte,
    Maximo: args.maximo,
  }, options);
  return (result.results[0] ?? []).map(toListarProcesosRow);
}

function toListarProcesosRow(row: Row): ListarProcesosRow {
  return {
    idProceso: row['ID_Proceso'] as bigint,
    fechaReporte: row['FechaReporte'] as string,
    estado: row['Estado'] as string,
    etapaActual: row['Etapa_Actual'] as string | null,
    usuario: row['Usuario'] as string | null,
    arquitectura: row['Arquitectura'] as string,
    fechaInicio: row['FechaInicio'] as Date,
    fechaFin: row['FechaFin'] as Date | null,
    totalFondos: row['TotalFondos'] as number,
    fondosExitosos: row['FondosExitosos'] as number,
    fondosFallidos: row['FondosFallidos'] as number,
    fondosOmitidos: row['FondosOmitidos'] as number,
    fondosEnProgreso: row['FondosEnProgreso'] as number,
    fondosPendientes: row['FondosPendientes'] as number,
    idTrabajo: row['ID_Trabajo'] as bigint | null,
  };
}

/** Arguments of `logs.sp_Marcar_Servicio`. */
export interface MarcarServicioArgs {
  /** bigint */
  readonly idEjecucion: bigint;
  /** int */
  readonly idFund: number;
  /** varchar(50) */
  readonly servicio: string;
  /** varchar(50) */
  readonly estado: string;
  /** nvarchar(4000); NULL when left out */
  readonly mensajeError?: string | null | undefined;
  /** datetime2(3), UTC; NULL when left out */
  readonly inicio?: Date | null | undefined;
}

/**
 * Writes the state of one service of an execution, and its message (NULL clears it). Updates exactly one row,
 * else 50404. The first service that is marked sets the fund's start.
 *
 * Calls `logs.sp_Marcar_Servicio`.
 * Errors: 50400 BAD_ARGUMENT, 50404 NOT_FOUND.
 * Touches: logs.Ejecucion_Fondos write.
 * Batch: 1.
 * Step: called inside the caller's transaction.
 */
export async function marcarServicio(session: Session, args: MarcarServicioArgs, options?: CallOptions): Promise<void> {
  await session.call(procedures.marcarServicio, {
    ID_Ejecucion: args.idEjecucion,
    ID_Fund: args.idFund,
    Servicio: args.servicio,
    Estado: args.estado,
    Mensaje_Error: args.mensajeError,
    Inicio: args.inicio,
  }, options);
}

/** Arguments of `logs.sp_Resolver_Paso`. */
export interface ResolverPasoArgs {
  /** nvarchar(256) */
  readonly procedimiento: string;
}

/** OUTPUT parameters of `logs.sp_Resolver_Paso`. */
export interface ResolverPasoResult {
  /** nvarchar(128); extract or staging */
  readonly esquema: string;
  /** nvarchar(300); [schema].[name] */
  readonly nombre: string;
}

/**
 * The step procedure a name of the catalogue stands for: one that exists as a procedure in schema extract or
 * staging, quoted and ready to be executed. Anything else is 50409: a synonym, a function, another schema,
 * another database.
 *
 * A caller sees in sys.procedures only what it has a permission on, hence VIEW DEFINITION on the two schemas for
 * carril_app: it lets it see that a step exists, not execute it. (EXECUTE AS OWNER would need a migrator that
 * may impersonate dbo.)
 *
 * Calls `logs.sp_Resolver_Paso`.
 * Errors: 50409 WRONG_STATE.
 * Touches: nothing.
 * Batch: none.
 * Step: called inside the caller's transaction.
 */
export async function resolverPaso(session: Session, args: ResolverPasoArgs, options?: CallOptions): Promise<ResolverPasoResult> {
  const { output } = await session.call(procedures.resolverPaso, {
    Procedimiento: args.procedimiento,
  }, options);
  return {
    esquema: output['Esquema'] as string,
    nombre: output['Nombre'] as string,
  };
}

/** Arguments of `logs.sp_Resolver_Proceso`. */
export interface ResolverProcesoArgs {
  /** bigint */
  readonly id: bigint;
}

/** OUTPUT parameters of `logs.sp_Resolver_Proceso`. */
export interface ResolverProcesoResult {
  /** bigint */
  readonly idProceso: bigint;
}

/**
 * Which process an ID stands for: its own, its child's (ID_Ejecucion), or a run's of the old way. A legacy
 * ID_Ejecucion without a process stands for itself. IDs come from one sequence, so no number is both.
 *
 * Calls `logs.sp_Resolver_Proceso`.
 * Errors: 50400 BAD_ARGUMENT, 50404 NOT_FOUND.
 * Touches: logs.Procesos read, logs.Ejecuciones read.
 * Batch: none.
 * Step: called inside the caller's transaction, or without one.
 */
export async function resolverProceso(session: Session, args: ResolverProcesoArgs, options?: CallOptions): Promise<ResolverProcesoResult> {
  const { output } = await session.call(procedures.resolverProceso, {
    ID: args.id,
  }, options);
  return {
    idProceso: output['ID_Proceso'] as bigint,
  };
}

/** Arguments of `logs.sp_Resultados_Proceso`. */
export interface ResultadosProcesoArgs {
  /** bigint */
  readonly idProceso: bigint;
}

/** A row of `logs.sp_Resultados_Proceso`. */
export interface ResultadosProcesoRow {
  /** nvarchar(100) */
  readonly fundShortName: string;
  /** bigint */
  readonly idEjecucion: bigint;
  /** bigint; null for a run of the old way that has no process yet */
  readonly idProceso: bigint | null;
  /** varchar(50); of the execution */
  readonly estado: string;
  /** int */
  readonly lineas: number;
  /** int */
  readonly lineasEfectivo: number;
  /** varchar(40) */
  readonly valorTotal: string;
  /** varchar(40) */
  readonly sumaPesos: string;
  /** int */
  readonly repreciadas: number;
}

/**
 * What a process produced for each of its funds in service IPA, by fund name. Accepts what
 * logs.sp_Estado_Proceso accepts. Amounts as text with two decimals, rounded half away from zero.
 *
 * Calls `logs.sp_Resultados_Proceso`.
 * Errors: 50400 BAD_ARGUMENT, 50404 NOT_FOUND.
 * Touches: trabajo.Chunks read, logs.Procesos read, logs.Ejecuciones read, logs.Ejecucion_Fondos read,
 * logs.Servicios read, staging.IPA_Final read.
 * Batch: none.
 * Entry: carril_app, carril_lector.
 */
export async function resultadosProceso(session: Session, args: ResultadosProcesoArgs, options?: CallOptions): Promise<readonly ResultadosProcesoRow[]> {
  const result = await session.call(procedures.resultadosProceso, {
    ID_Proceso: args.idProceso,
  }, options);
  return (result.results[0] ?? []).map(toResultadosProcesoRow);
}

function toResultadosProcesoRow(row: Row): ResultadosProcesoRow {
  return {
    fundShortName: row['FundShortName'] as string,
    idEjecucion: row['ID_Ejecucion'] as bigint,
    idProceso: row['ID_Proceso'] as bigint | null,
    estado: row['Estado'] as string,
    lineas: row['Lineas'] as number,
    lineasEfectivo: row['Lineas_Efectivo'] as number,
    valorTotal: row['Valor_Total'] as string,
    sumaPesos: row['Suma_Pesos'] as string,
    repreciadas: row['Repreciadas'] as number,
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
