// written by carril codegen, never edited
import { ProcedureError } from '../../engine/index.js';
import type { CallOptions, CallResult, Procedure, Row, Session } from '../../engine/index.js';
import * as trabajoTables from './trabajo.tables.js';
export * from './trabajo.tables.js';

/** What the engine knows of each procedure of trabajo. */
export const procedures: Readonly<Record<
  | 'barrerCancelado'
  | 'bloquear'
  | 'cancelarTrabajo'
  | 'cerrarChunk'
  | 'cerrarTrabajo'
  | 'completarChunk'
  | 'crearTrabajo'
  | 'devolverChunk'
  | 'estadoTrabajo'
  | 'fallarChunk'
  | 'finalizarTrabajo'
  | 'reclamarChunks'
  | 'registrarFallo'
  | 'renovarChunks'
  | 'restantes'
  | 'tomarChunk'
  | 'trabajosPorFinalizar'
  | 'trabajosVivos'
, Procedure>> = {
  barrerCancelado: {
    name: 'trabajo.sp_Barrer_Cancelado',
    parameters: [
      { name: 'ID_Trabajo', type: { kind: 'bigint' }, output: false, optional: false },
      { name: 'Cancelados', type: { kind: 'int' }, output: true, optional: true },
    ],
    results: [],
  },
  bloquear: {
    name: 'trabajo.sp_Bloquear',
    parameters: [
      { name: 'Recurso', type: { kind: 'nvarchar', length: 255 }, output: false, optional: false },
      { name: 'Modo', type: { kind: 'varchar', length: 20 }, output: false, optional: false },
      { name: 'Espera_ms', type: { kind: 'int' }, output: false, optional: false },
      { name: 'Concedido', type: { kind: 'bit' }, output: true, optional: true },
    ],
    results: [],
  },
  cancelarTrabajo: {
    name: 'trabajo.sp_Cancelar_Trabajo',
    parameters: [
      { name: 'ID_Trabajo', type: { kind: 'bigint' }, output: false, optional: false },
    ],
    results: [
      [
        { name: 'Estado', type: { kind: 'varchar', length: 50 }, nullable: false },
        { name: 'Cancelados', type: { kind: 'int' }, nullable: false },
      ],
    ],
  },
  cerrarChunk: {
    name: 'trabajo.sp_Cerrar_Chunk',
    parameters: [
      { name: 'ID_Chunk', type: { kind: 'bigint' }, output: false, optional: false },
      { name: 'Token', type: { kind: 'bigint' }, output: false, optional: false },
      { name: 'Estado', type: { kind: 'varchar', length: 50 }, output: false, optional: false },
      { name: 'Resultado', type: { kind: 'nvarchar', length: 'max' }, output: false, optional: true },
      { name: 'Error', type: { kind: 'nvarchar', length: 4000 }, output: false, optional: true },
    ],
    results: [],
  },
  cerrarTrabajo: {
    name: 'trabajo.sp_Cerrar_Trabajo',
    parameters: [
      { name: 'ID_Trabajo', type: { kind: 'bigint' }, output: false, optional: false },
      { name: 'Estado', type: { kind: 'varchar', length: 50 }, output: true, optional: true },
      { name: 'Cerrado', type: { kind: 'bit' }, output: true, optional: true },
      { name: 'Total', type: { kind: 'int' }, output: true, optional: true },
      { name: 'Completados', type: { kind: 'int' }, output: true, optional: true },
      { name: 'Fallidos', type: { kind: 'int' }, output: true, optional: true },
      { name: 'Cancelados', type: { kind: 'int' }, output: true, optional: true },
    ],
    results: [],
  },
  completarChunk: {
    name: 'trabajo.sp_Completar_Chunk',
    parameters: [
      { name: 'ID_Chunk', type: { kind: 'bigint' }, output: false, optional: false },
      { name: 'Token', type: { kind: 'bigint' }, output: false, optional: false },
      { name: 'Resultado', type: { kind: 'nvarchar', length: 'max' }, output: false, optional: true },
    ],
    results: [
      [
        { name: 'Estado', type: { kind: 'varchar', length: 50 }, nullable: false },
        { name: 'Restantes', type: { kind: 'int' }, nullable: false },
      ],
    ],
  },
  crearTrabajo: {
    name: 'trabajo.sp_Crear_Trabajo',
    parameters: [
      { name: 'Tipo', type: { kind: 'varchar', length: 50 }, output: false, optional: false },
      { name: 'Clave', type: { kind: 'nvarchar', length: 200 }, output: false, optional: true },
      { name: 'Parametros', type: { kind: 'nvarchar', length: 'max' }, output: false, optional: true },
      { name: 'Max_Intentos', type: { kind: 'int' }, output: false, optional: true },
      { name: 'Usuario', type: { kind: 'nvarchar', length: 100 }, output: false, optional: true },
      { name: 'Chunks', type: trabajoTables.listaChunksV1, output: false, optional: true },
      { name: 'ID_Trabajo', type: { kind: 'bigint' }, output: true, optional: false },
      { name: 'Creado', type: { kind: 'bit' }, output: true, optional: false },
    ],
    results: [],
  },
  devolverChunk: {
    name: 'trabajo.sp_Devolver_Chunk',
    parameters: [
      { name: 'ID_Chunk', type: { kind: 'bigint' }, output: false, optional: false },
      { name: 'Token', type: { kind: 'bigint' }, output: false, optional: false },
    ],
    results: [
      [
        { name: 'Estado', type: { kind: 'varchar', length: 50 }, nullable: false },
      ],
    ],
  },
  estadoTrabajo: {
    name: 'trabajo.sp_Estado_Trabajo',
    parameters: [
      { name: 'ID_Trabajo', type: { kind: 'bigint' }, output: false, optional: false },
    ],
    results: [
      [
        { name: 'ID_Trabajo', type: { kind: 'bigint' }, nullable: false },
        { name: 'Tipo', type: { kind: 'varchar', length: 50 }, nullable: false },
        { name: 'Clave', type: { kind: 'nvarchar', length: 200 }, nullable: true },
        { name: 'Parametros', type: { kind: 'nvarchar', length: 'max' }, nullable: true },
        { name: 'Estado', type: { kind: 'varchar', length: 50 }, nullable: false },
        { name: 'Cancelado', type: { kind: 'bit' }, nullable: false },
        { name: 'FechaCreacion', type: { kind: 'datetime2', scale: 3 }, nullable: false },
        { name: 'FechaFin', type: { kind: 'datetime2', scale: 3 }, nullable: true },
        { name: 'Total', type: { kind: 'int' }, nullable: false },
        { name: 'Pendientes', type: { kind: 'int' }, nullable: false },
        { name: 'EnProgreso', type: { kind: 'int' }, nullable: false },
        { name: 'Completados', type: { kind: 'int' }, nullable: false },
        { name: 'Fallidos', type: { kind: 'int' }, nullable: false },
        { name: 'Cancelados', type: { kind: 'int' }, nullable: false },
      ],
    ],
  },
  fallarChunk: {
    name: 'trabajo.sp_Fallar_Chunk',
    parameters: [
      { name: 'ID_Chunk', type: { kind: 'bigint' }, output: false, optional: false },
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
  finalizarTrabajo: {
    name: 'trabajo.sp_Finalizar_Trabajo',
    parameters: [
      { name: 'ID_Trabajo', type: { kind: 'bigint' }, output: false, optional: false },
    ],
    results: [
      [
        { name: 'Estado', type: { kind: 'varchar', length: 50 }, nullable: false },
        { name: 'Finalizado', type: { kind: 'bit' }, nullable: false },
        { name: 'Total', type: { kind: 'int' }, nullable: true },
        { name: 'Completados', type: { kind: 'int' }, nullable: true },
        { name: 'Fallidos', type: { kind: 'int' }, nullable: true },
        { name: 'Cancelados', type: { kind: 'int' }, nullable: true },
      ],
    ],
  },
  reclamarChunks: {
    name: 'trabajo.sp_Reclamar_Chunks',
    parameters: [
      { name: 'Poseedor', type: { kind: 'nvarchar', length: 200 }, output: false, optional: false },
      { name: 'Tipos', type: trabajoTables.listaTiposV1, output: false, optional: true },
      { name: 'Maximo', type: { kind: 'int' }, output: false, optional: true },
      { name: 'Arriendo_s', type: { kind: 'int' }, output: false, optional: true },
      { name: 'ID_Trabajo', type: { kind: 'bigint' }, output: false, optional: true },
    ],
    results: [
      [
        { name: 'ID_Chunk', type: { kind: 'bigint' }, nullable: false },
        { name: 'ID_Trabajo', type: { kind: 'bigint' }, nullable: false },
        { name: 'Tipo', type: { kind: 'varchar', length: 50 }, nullable: false },
        { name: 'Orden', type: { kind: 'int' }, nullable: false },
        { name: 'Rango_Inicio', type: { kind: 'bigint' }, nullable: true },
        { name: 'Rango_Fin', type: { kind: 'bigint' }, nullable: true },
        { name: 'Recurso', type: { kind: 'nvarchar', length: 400 }, nullable: true },
        { name: 'Peso', type: { kind: 'decimal', precision: 12, scale: 2 }, nullable: false },
        { name: 'Token', type: { kind: 'bigint' }, nullable: false },
        { name: 'Intento', type: { kind: 'int' }, nullable: false },
        { name: 'Max_Intentos', type: { kind: 'int' }, nullable: false },
        { name: 'Expira', type: { kind: 'datetime2', scale: 3 }, nullable: false },
        { name: 'Parametros', type: { kind: 'nvarchar', length: 'max' }, nullable: true },
      ],
    ],
  },
  registrarFallo: {
    name: 'trabajo.sp_Registrar_Fallo',
    parameters: [
      { name: 'ID_Chunk', type: { kind: 'bigint' }, output: false, optional: false },
      { name: 'Token', type: { kind: 'bigint' }, output: false, optional: false },
      { name: 'Error', type: { kind: 'nvarchar', length: 4000 }, output: false, optional: false },
      { name: 'Reintentable', type: { kind: 'bit' }, output: false, optional: true },
      { name: 'Estado', type: { kind: 'varchar', length: 50 }, output: true, optional: true },
      { name: 'Intento', type: { kind: 'int' }, output: true, optional: true },
      { name: 'No_Antes_De', type: { kind: 'datetime2', scale: 3 }, output: true, optional: true },
      { name: 'ID_Trabajo', type: { kind: 'bigint' }, output: true, optional: true },
      { name: 'Registrado', type: { kind: 'bit' }, output: true, optional: true },
    ],
    results: [],
  },
  renovarChunks: {
    name: 'trabajo.sp_Renovar_Chunks',
    parameters: [
      { name: 'Poseedor', type: { kind: 'nvarchar', length: 200 }, output: false, optional: false },
      { name: 'Arriendo_s', type: { kind: 'int' }, output: false, optional: false },
      { name: 'Chunks', type: trabajoTables.listaArriendosV1, output: false, optional: true },
    ],
    results: [
      [
        { name: 'ID_Chunk', type: { kind: 'bigint' }, nullable: false },
        { name: 'Token', type: { kind: 'bigint' }, nullable: false },
        { name: 'Situacion', type: { kind: 'varchar', length: 20 }, nullable: false },
      ],
    ],
  },
  restantes: {
    name: 'trabajo.sp_Restantes',
    parameters: [
      { name: 'ID_Trabajo', type: { kind: 'bigint' }, output: false, optional: false },
      { name: 'Restantes', type: { kind: 'int' }, output: true, optional: true },
    ],
    results: [],
  },
  tomarChunk: {
    name: 'trabajo.sp_Tomar_Chunk',
    parameters: [
      { name: 'ID_Chunk', type: { kind: 'bigint' }, output: false, optional: false },
      { name: 'Token', type: { kind: 'bigint' }, output: false, optional: false },
      { name: 'Exigir', type: { kind: 'bit' }, output: false, optional: true },
      { name: 'Espera_ms', type: { kind: 'int' }, output: false, optional: true },
      { name: 'Estado', type: { kind: 'varchar', length: 50 }, output: true, optional: true },
      { name: 'ID_Trabajo', type: { kind: 'bigint' }, output: true, optional: true },
      { name: 'Vigente', type: { kind: 'bit' }, output: true, optional: true },
      { name: 'Cancelado', type: { kind: 'bit' }, output: true, optional: true },
    ],
    results: [],
  },
  trabajosPorFinalizar: {
    name: 'trabajo.sp_Trabajos_Por_Finalizar',
    parameters: [
      { name: 'Tipos', type: trabajoTables.listaTiposV1, output: false, optional: true },
    ],
    results: [
      [
        { name: 'ID_Trabajo', type: { kind: 'bigint' }, nullable: false },
        { name: 'Tipo', type: { kind: 'varchar', length: 50 }, nullable: false },
        { name: 'Parametros', type: { kind: 'nvarchar', length: 'max' }, nullable: true },
      ],
    ],
  },
  trabajosVivos: {
    name: 'trabajo.sp_Trabajos_Vivos',
    parameters: [
      { name: 'Tipos', type: trabajoTables.listaTiposV1, output: false, optional: true },
    ],
    results: [
      [
        { name: 'Vivos', type: { kind: 'int' }, nullable: false },
      ],
    ],
  },
};

/** Arguments of `trabajo.sp_Barrer_Cancelado`. */
export interface BarrerCanceladoArgs {
  /** bigint */
  readonly idTrabajo: bigint;
}

/** OUTPUT parameters of `trabajo.sp_Barrer_Cancelado`. */
export interface BarrerCanceladoResult {
  /** int; chunks that this call ended */
  readonly cancelados: number;
}

/**
 * Turns what is left of a cancelled job into CANCELADO: chunks that nobody holds, and chunks whose lease has
 * expired and whose old holder is not in the middle of a transaction (its lock is asked for without waiting).
 * What is held and alive is left to its holder. At most 20,000 chunks a call. The caller holds the job's lock
 * Exclusive.
 *
 * Calls `trabajo.sp_Barrer_Cancelado`.
 * Errors: 50400 BAD_ARGUMENT, 50409 WRONG_STATE, 50499 CANCELLED.
 * Touches: trabajo.Chunks write.
 * Batch: 2000.
 * Step: called inside the caller's transaction.
 */
export async function barrerCancelado(session: Session, args: BarrerCanceladoArgs, options?: CallOptions): Promise<BarrerCanceladoResult> {
  const { output } = await session.call(procedures.barrerCancelado, {
    ID_Trabajo: args.idTrabajo,
  }, options);
  return {
    cancelados: output['Cancelados'] as number,
  };
}

/** Arguments of `trabajo.sp_Bloquear`. */
export interface BloquearArgs {
  /** nvarchar(255) */
  readonly recurso: string;
  /** varchar(20) */
  readonly modo: string;
  /** int */
  readonly esperaMs: number;
}

/** OUTPUT parameters of `trabajo.sp_Bloquear`. */
export interface BloquearResult {
  /** bit */
  readonly concedido: boolean;
}

/**
 * Takes a transaction-owned application lock and turns sp_getapplock's return codes into errors: -1 and -3 into
 * 50408, -2 into 50499, anything else negative into 50400. With @Espera_ms = 0 a refusal is an answer,
 * @Concedido = 0, and no error. The lock ends with the caller's transaction.
 *
 * Calls `trabajo.sp_Bloquear`.
 * Errors: 50400 BAD_ARGUMENT, 50408 LOCK_TIMEOUT, 50409 WRONG_STATE, 50499 CANCELLED.
 * Touches: nothing.
 * Batch: none.
 * Step: called inside the caller's transaction.
 */
export async function bloquear(session: Session, args: BloquearArgs, options?: CallOptions): Promise<BloquearResult> {
  const { output } = await session.call(procedures.bloquear, {
    Recurso: args.recurso,
    Modo: args.modo,
    Espera_ms: args.esperaMs,
  }, options);
  return {
    concedido: output['Concedido'] as boolean,
  };
}

/** Arguments of `trabajo.sp_Cancelar_Trabajo`. */
export interface CancelarTrabajoArgs {
  /** bigint */
  readonly idTrabajo: bigint;
}

/** The row that `trabajo.sp_Cancelar_Trabajo` returns. */
export interface CancelarTrabajoResult {
  /** varchar(50); of the job: EN_PROGRESO until its finalizer has ended it */
  readonly estado: string;
  /** int; chunks that this call ended */
  readonly cancelados: number;
}

/**
 * Cancels a job: sets its flag and turns what nobody holds (or whose lease has expired) into CANCELADO, at most
 * 20,000 chunks a call in statements of 2,000; call again until Cancelados is 0, or leave the rest to the
 * finalizer, which goes on with it. What is held and alive learns it at its next check or heartbeat. Waits for
 * the job's lock at most 15 s: claims hold it for milliseconds. A job that has ended stays as it is.
 *
 * Calls `trabajo.sp_Cancelar_Trabajo`.
 * Errors: 50400 BAD_ARGUMENT, 50404 NOT_FOUND, 50408 LOCK_TIMEOUT, 50409 WRONG_STATE, 50499 CANCELLED.
 * Touches: trabajo.Trabajos write, trabajo.Chunks write.
 * Batch: 2000.
 * Entry: carril_app.
 */
export async function cancelarTrabajo(session: Session, args: CancelarTrabajoArgs, options?: CallOptions): Promise<CancelarTrabajoResult> {
  const result = await session.call(procedures.cancelarTrabajo, {
    ID_Trabajo: args.idTrabajo,
  }, options);
  return toCancelarTrabajoResult(oneRow(result, 0, procedures.cancelarTrabajo));
}

function toCancelarTrabajoResult(row: Row): CancelarTrabajoResult {
  return {
    estado: row['Estado'] as string,
    cancelados: row['Cancelados'] as number,
  };
}

/** Arguments of `trabajo.sp_Cerrar_Chunk`. */
export interface CerrarChunkArgs {
  /** bigint */
  readonly idChunk: bigint;
  /** bigint */
  readonly token: bigint;
  /** varchar(50) */
  readonly estado: string;
  /** nvarchar(max); NULL when left out */
  readonly resultado?: string | null | undefined;
  /** nvarchar(4000); NULL when left out */
  readonly error?: string | null | undefined;
}

/**
 * Ends a chunk that sp_Tomar_Chunk has opened: sets its final state and gives up the lease. Updates exactly one
 * row, else 50410. The token stays.
 *
 * Calls `trabajo.sp_Cerrar_Chunk`.
 * Errors: 50400 BAD_ARGUMENT, 50410 LEASE_LOST.
 * Touches: trabajo.Chunks write.
 * Batch: 1.
 * Step: called inside the caller's transaction.
 */
export async function cerrarChunk(session: Session, args: CerrarChunkArgs, options?: CallOptions): Promise<void> {
  await session.call(procedures.cerrarChunk, {
    ID_Chunk: args.idChunk,
    Token: args.token,
    Estado: args.estado,
    Resultado: args.resultado,
    Error: args.error,
  }, options);
}

/** Arguments of `trabajo.sp_Cerrar_Trabajo`. */
export interface CerrarTrabajoArgs {
  /** bigint */
  readonly idTrabajo: bigint;
}

/** OUTPUT parameters of `trabajo.sp_Cerrar_Trabajo`. */
export interface CerrarTrabajoResult {
  /** varchar(50); state of the job */
  readonly estado: string;
  /** bit; this call ended it */
  readonly cerrado: boolean;
  /** int */
  readonly total: number | null;
  /** int */
  readonly completados: number | null;
  /** int */
  readonly fallidos: number | null;
  /** int */
  readonly cancelados: number | null;
}

/**
 * Ends a job whose chunks have all ended: counts them and writes its final state, once. The caller holds the
 * job's lock Exclusive. With an unfinished chunk left, or a job that has ended already, it changes nothing and
 * says so.
 *
 * CANCELADO when a chunk was cancelled; ERROR when all failed; COMPLETADO_CON_ERRORES when some did; else
 * COMPLETADO.
 *
 * Calls `trabajo.sp_Cerrar_Trabajo`.
 * Errors: 50404 NOT_FOUND.
 * Touches: trabajo.Chunks read, trabajo.Trabajos write.
 * Batch: 1.
 * Step: called inside the caller's transaction.
 */
export async function cerrarTrabajo(session: Session, args: CerrarTrabajoArgs, options?: CallOptions): Promise<CerrarTrabajoResult> {
  const { output } = await session.call(procedures.cerrarTrabajo, {
    ID_Trabajo: args.idTrabajo,
  }, options);
  return {
    estado: output['Estado'] as string,
    cerrado: output['Cerrado'] as boolean,
    total: output['Total'] as number | null,
    completados: output['Completados'] as number | null,
    fallidos: output['Fallidos'] as number | null,
    cancelados: output['Cancelados'] as number | null,
  };
}

/** Arguments of `trabajo.sp_Completar_Chunk`. */
export interface CompletarChunkArgs {
  /** bigint */
  readonly idChunk: bigint;
  /** bigint */
  readonly token: bigint;
  /** nvarchar(max); NULL when left out */
  readonly resultado?: string | null | undefined;
}

/** The row that `trabajo.sp_Completar_Chunk` returns. */
export interface CompletarChunkResult {
  /** varchar(50); COMPLETADO */
  readonly estado: string;
  /** int; 0: no unfinished chunk of the job was seen, try to finalize it; else 1 */
  readonly restantes: number;
}

/**
 * Completes a chunk under its token, with its result. Already complete under this token: says so and does
 * nothing. A chunk whose job was cancelled is not completed (50499): the holder gives it back and it becomes
 * CANCELADO.
 *
 * Calls `trabajo.sp_Completar_Chunk`.
 * Errors: 50400 BAD_ARGUMENT, 50404 NOT_FOUND, 50408 LOCK_TIMEOUT, 50409 WRONG_STATE, 50410 LEASE_LOST, 50499
 * CANCELLED.
 * Touches: trabajo.Chunks write, trabajo.Trabajos read.
 * Batch: 1.
 * Entry: carril_app.
 */
export async function completarChunk(session: Session, args: CompletarChunkArgs, options?: CallOptions): Promise<CompletarChunkResult> {
  const result = await session.call(procedures.completarChunk, {
    ID_Chunk: args.idChunk,
    Token: args.token,
    Resultado: args.resultado,
  }, options);
  return toCompletarChunkResult(oneRow(result, 0, procedures.completarChunk));
}

function toCompletarChunkResult(row: Row): CompletarChunkResult {
  return {
    estado: row['Estado'] as string,
    restantes: row['Restantes'] as number,
  };
}

/** Arguments of `trabajo.sp_Crear_Trabajo`. */
export interface CrearTrabajoArgs {
  /** varchar(50) */
  readonly tipo: string;
  /** nvarchar(200); NULL when left out */
  readonly clave?: string | null | undefined;
  /** nvarchar(max); NULL when left out */
  readonly parametros?: string | null | undefined;
  /** int; 3 when left out */
  readonly maxIntentos?: number | undefined;
  /** nvarchar(100); NULL when left out */
  readonly usuario?: string | null | undefined;
  /** trabajo.Lista_Chunks_v1; empty when left out */
  readonly chunks?: readonly trabajoTables.ListaChunksV1Row[] | undefined;
}

/** OUTPUT parameters of `trabajo.sp_Crear_Trabajo`. */
export interface CrearTrabajoResult {
  /** bigint */
  readonly idTrabajo: bigint;
  /** bit; 0: the job of this key existed */
  readonly creado: boolean;
}

/**
 * Creates a job with its chunks in one transaction. Under an idempotency key that exists already it creates
 * nothing and gives the job of that key back, whatever the other arguments say. A job may have no chunks: its
 * finalizer completes it.
 *
 * Calls `trabajo.sp_Crear_Trabajo`.
 * Errors: 50400 BAD_ARGUMENT, 50408 LOCK_TIMEOUT, 50409 WRONG_STATE, 50499 CANCELLED.
 * Touches: trabajo.Trabajos write, trabajo.Chunks write.
 * Batch: 2000.
 * Entry: carril_app.
 */
export async function crearTrabajo(session: Session, args: CrearTrabajoArgs, options?: CallOptions): Promise<CrearTrabajoResult> {
  const { output } = await session.call(procedures.crearTrabajo, {
    Tipo: args.tipo,
    Clave: args.clave,
    Parametros: args.parametros,
    Max_Intentos: args.maxIntentos,
    Usuario: args.usuario,
    Chunks: trabajoTables.listaChunksV1Rows(args.chunks),
  }, options);
  return {
    idTrabajo: output['ID_Trabajo'] as bigint,
    creado: output['Creado'] as boolean,
  };
}

/** Arguments of `trabajo.sp_Devolver_Chunk`. */
export interface DevolverChunkArgs {
  /** bigint */
  readonly idChunk: bigint;
  /** bigint */
  readonly token: bigint;
}

/** The row that `trabajo.sp_Devolver_Chunk` returns. */
export interface DevolverChunkResult {
  /** varchar(50); of the chunk */
  readonly estado: string;
}

/**
 * Gives a chunk back unfinished: it is free at once and the attempt is not used up. Of a cancelled job:
 * CANCELADO. Already given back, failed or ended under this token: says so and does nothing.
 *
 * Calls `trabajo.sp_Devolver_Chunk`.
 * Errors: 50400 BAD_ARGUMENT, 50404 NOT_FOUND, 50408 LOCK_TIMEOUT, 50409 WRONG_STATE, 50410 LEASE_LOST, 50499
 * CANCELLED.
 * Touches: trabajo.Chunks write, trabajo.Trabajos read.
 * Batch: 1.
 * Entry: carril_app.
 */
export async function devolverChunk(session: Session, args: DevolverChunkArgs, options?: CallOptions): Promise<DevolverChunkResult> {
  const result = await session.call(procedures.devolverChunk, {
    ID_Chunk: args.idChunk,
    Token: args.token,
  }, options);
  return toDevolverChunkResult(oneRow(result, 0, procedures.devolverChunk));
}

function toDevolverChunkResult(row: Row): DevolverChunkResult {
  return {
    estado: row['Estado'] as string,
  };
}

/** Arguments of `trabajo.sp_Estado_Trabajo`. */
export interface EstadoTrabajoArgs {
  /** bigint */
  readonly idTrabajo: bigint;
}

/** The row that `trabajo.sp_Estado_Trabajo` returns. */
export interface EstadoTrabajoResult {
  /** bigint */
  readonly idTrabajo: bigint;
  /** varchar(50) */
  readonly tipo: string;
  /** nvarchar(200) */
  readonly clave: string | null;
  /** nvarchar(max) */
  readonly parametros: string | null;
  /** varchar(50) */
  readonly estado: string;
  /** bit */
  readonly cancelado: boolean;
  /** datetime2(3), UTC */
  readonly fechaCreacion: Date;
  /** datetime2(3), UTC */
  readonly fechaFin: Date | null;
  /** int */
  readonly total: number;
  /** int; free, waiting for their time, or with an expired lease */
  readonly pendientes: number;
  /** int; under a lease that has not expired */
  readonly enProgreso: number;
  /** int */
  readonly completados: number;
  /** int */
  readonly fallidos: number;
  /** int */
  readonly cancelados: number;
}

/**
 * A job and its counts: live while it runs, as its finalizer wrote them afterwards.
 *
 * Calls `trabajo.sp_Estado_Trabajo`.
 * Errors: 50400 BAD_ARGUMENT, 50404 NOT_FOUND.
 * Touches: trabajo.Trabajos read, trabajo.Chunks read.
 * Batch: none.
 * Entry: carril_app, carril_lector.
 */
export async function estadoTrabajo(session: Session, args: EstadoTrabajoArgs, options?: CallOptions): Promise<EstadoTrabajoResult> {
  const result = await session.call(procedures.estadoTrabajo, {
    ID_Trabajo: args.idTrabajo,
  }, options);
  return toEstadoTrabajoResult(oneRow(result, 0, procedures.estadoTrabajo));
}

function toEstadoTrabajoResult(row: Row): EstadoTrabajoResult {
  return {
    idTrabajo: row['ID_Trabajo'] as bigint,
    tipo: row['Tipo'] as string,
    clave: row['Clave'] as string | null,
    parametros: row['Parametros'] as string | null,
    estado: row['Estado'] as string,
    cancelado: row['Cancelado'] as boolean,
    fechaCreacion: row['FechaCreacion'] as Date,
    fechaFin: row['FechaFin'] as Date | null,
    total: row['Total'] as number,
    pendientes: row['Pendientes'] as number,
    enProgreso: row['EnProgreso'] as number,
    completados: row['Completados'] as number,
    fallidos: row['Fallidos'] as number,
    cancelados: row['Cancelados'] as number,
  };
}

/** Arguments of `trabajo.sp_Fallar_Chunk`. */
export interface FallarChunkArgs {
  /** bigint */
  readonly idChunk: bigint;
  /** bigint */
  readonly token: bigint;
  /** nvarchar(4000) */
  readonly error: string;
  /** bit; 1 when left out */
  readonly reintentable?: boolean | undefined;
}

/** The row that `trabajo.sp_Fallar_Chunk` returns. */
export interface FallarChunkResult {
  /** varchar(50); of the chunk: PENDIENTE, ERROR, CANCELADO; COMPLETADO when it had completed */
  readonly estado: string;
  /** int; attempts used */
  readonly intento: number;
  /** datetime2(3), UTC */
  readonly noAntesDe: Date | null;
  /** int; 0: no unfinished chunk of the job was seen, try to finalize it; else 1 */
  readonly restantes: number;
}

/**
 * Records that an attempt failed. Retryable and with attempts left: the chunk goes back and may be claimed from
 * No_Antes_De on (exponential backoff with full jitter, 2 s to 5 min). Else: ERROR, with the message kept. Of a
 * cancelled job: CANCELADO. Already recorded under this token: says what became of it and does nothing.
 *
 * Calls `trabajo.sp_Fallar_Chunk`.
 * Errors: 50400 BAD_ARGUMENT, 50404 NOT_FOUND, 50408 LOCK_TIMEOUT, 50409 WRONG_STATE, 50410 LEASE_LOST, 50499
 * CANCELLED.
 * Touches: trabajo.Chunks write, trabajo.Trabajos read.
 * Batch: 1.
 * Entry: carril_app.
 */
export async function fallarChunk(session: Session, args: FallarChunkArgs, options?: CallOptions): Promise<FallarChunkResult> {
  const result = await session.call(procedures.fallarChunk, {
    ID_Chunk: args.idChunk,
    Token: args.token,
    Error: args.error,
    Reintentable: args.reintentable,
  }, options);
  return toFallarChunkResult(oneRow(result, 0, procedures.fallarChunk));
}

function toFallarChunkResult(row: Row): FallarChunkResult {
  return {
    estado: row['Estado'] as string,
    intento: row['Intento'] as number,
    noAntesDe: row['No_Antes_De'] as Date | null,
    restantes: row['Restantes'] as number,
  };
}

/** Arguments of `trabajo.sp_Finalizar_Trabajo`. */
export interface FinalizarTrabajoArgs {
  /** bigint */
  readonly idTrabajo: bigint;
}

/** The row that `trabajo.sp_Finalizar_Trabajo` returns. */
export interface FinalizarTrabajoResult {
  /** varchar(50); of the job */
  readonly estado: string;
  /** bit; this call ended it */
  readonly finalizado: boolean;
  /** int; counts: null until the job has ended */
  readonly total: number | null;
  /** int */
  readonly completados: number | null;
  /** int */
  readonly fallidos: number | null;
  /** int */
  readonly cancelados: number | null;
}

/**
 * Ends a job whose chunks have all ended; to be tried after every commit that ends a chunk and on every idle
 * poll. A cheap look without a lock comes first; then the job's lock Exclusive, a recount, one commit: whoever
 * comes second finds it done. Of a cancelled job it first ends what nobody holds. Jobs of kind FONDOS are ended
 * by logs.sp_Finalizar_Proceso.
 *
 * Calls `trabajo.sp_Finalizar_Trabajo`.
 * Errors: 50400 BAD_ARGUMENT, 50404 NOT_FOUND, 50408 LOCK_TIMEOUT, 50409 WRONG_STATE, 50499 CANCELLED.
 * Touches: trabajo.Chunks write, trabajo.Trabajos write.
 * Batch: 2000.
 * Entry: carril_app.
 */
export async function finalizarTrabajo(session: Session, args: FinalizarTrabajoArgs, options?: CallOptions): Promise<FinalizarTrabajoResult> {
  const result = await session.call(procedures.finalizarTrabajo, {
    ID_Trabajo: args.idTrabajo,
  }, options);
  return toFinalizarTrabajoResult(oneRow(result, 0, procedures.finalizarTrabajo));
}

function toFinalizarTrabajoResult(row: Row): FinalizarTrabajoResult {
  return {
    estado: row['Estado'] as string,
    finalizado: row['Finalizado'] as boolean,
    total: row['Total'] as number | null,
    completados: row['Completados'] as number | null,
    fallidos: row['Fallidos'] as number | null,
    cancelados: row['Cancelados'] as number | null,
  };
}

/** Arguments of `trabajo.sp_Reclamar_Chunks`. */
export interface ReclamarChunksArgs {
  /** nvarchar(200) */
  readonly poseedor: string;
  /** trabajo.Lista_Tipos_v1; empty when left out */
  readonly tipos?: readonly trabajoTables.ListaTiposV1Row[] | undefined;
  /** int; 1 when left out */
  readonly maximo?: number | undefined;
  /** int; 30 when left out */
  readonly arriendoS?: number | undefined;
  /** bigint; NULL when left out */
  readonly idTrabajo?: bigint | null | undefined;
}

/** A row of `trabajo.sp_Reclamar_Chunks`. */
export interface ReclamarChunksRow {
  /** bigint */
  readonly idChunk: bigint;
  /** bigint */
  readonly idTrabajo: bigint;
  /** varchar(50) */
  readonly tipo: string;
  /** int */
  readonly orden: number;
  /** bigint */
  readonly rangoInicio: bigint | null;
  /** bigint */
  readonly rangoFin: bigint | null;
  /** nvarchar(400) */
  readonly recurso: string | null;
  /** decimal(12,2) */
  readonly peso: number;
  /** bigint */
  readonly token: bigint;
  /** int */
  readonly intento: number;
  /** int */
  readonly maxIntentos: number;
  /** datetime2(3), UTC */
  readonly expira: Date;
  /** nvarchar(max); of the job */
  readonly parametros: string | null;
}

/**
 * Claims up to @Maximo chunks for a worker, heaviest first, of jobs of the given kinds (none given: of any kind
 * but LO_PROCESOS, which is never claimed), or of one given job. Each claim raises the chunk's token and uses
 * one attempt. Never waits: what another session has locked is skipped, so an empty answer proves nothing about
 * a job.
 *
 * A chunk held before (token not 0: given back, failed, expired) is taken only with its lock Exclusive, asked
 * for without waiting: refused means that its old holder is in the middle of a transaction. Expired leases come
 * first; one that has used all its attempts ends in ERROR instead.
 *
 * Calls `trabajo.sp_Reclamar_Chunks`.
 * Errors: 50400 BAD_ARGUMENT, 50409 WRONG_STATE, 50499 CANCELLED.
 * Touches: trabajo.Trabajos read, trabajo.Chunks write.
 * Batch: 2000.
 * Entry: carril_app.
 */
export async function reclamarChunks(session: Session, args: ReclamarChunksArgs, options?: CallOptions): Promise<readonly ReclamarChunksRow[]> {
  const result = await session.call(procedures.reclamarChunks, {
    Poseedor: args.poseedor,
    Tipos: trabajoTables.listaTiposV1Rows(args.tipos),
    Maximo: args.maximo,
    Arriendo_s: args.arriendoS,
    ID_Trabajo: args.idTrabajo,
  }, options);
  return (result.results[0] ?? []).map(toReclamarChunksRow);
}

function toReclamarChunksRow(row: Row): ReclamarChunksRow {
  return {
    idChunk: row['ID_Chunk'] as bigint,
    idTrabajo: row['ID_Trabajo'] as bigint,
    tipo: row['Tipo'] as string,
    orden: row['Orden'] as number,
    rangoInicio: row['Rango_Inicio'] as bigint | null,
    rangoFin: row['Rango_Fin'] as bigint | null,
    recurso: row['Recurso'] as string | null,
    peso: row['Peso'] as number,
    token: row['Token'] as bigint,
    intento: row['Intento'] as number,
    maxIntentos: row['Max_Intentos'] as number,
    expira: row['Expira'] as Date,
    parametros: row['Parametros'] as string | null,
  };
}

/** Arguments of `trabajo.sp_Registrar_Fallo`. */
export interface RegistrarFalloArgs {
  /** bigint */
  readonly idChunk: bigint;
  /** bigint */
  readonly token: bigint;
  /** nvarchar(4000) */
  readonly error: string;
  /** bit; 1 when left out */
  readonly reintentable?: boolean | undefined;
}

/** OUTPUT parameters of `trabajo.sp_Registrar_Fallo`. */
export interface RegistrarFalloResult {
  /** varchar(50); state of the chunk */
  readonly estado: string;
  /** int; attempts used */
  readonly intento: number;
  /** datetime2(3), UTC; when it may be claimed again */
  readonly noAntesDe: Date | null;
  /** bigint */
  readonly idTrabajo: bigint;
  /** bit; this call recorded it */
  readonly registrado: boolean;
}

/**
 * Records the failure of an attempt: the chunk goes back with exponential backoff and full jitter (a random wait
 * up to 2 s x 2^(attempt - 1), at most 5 min), or ends in ERROR when the failure is not retryable or the
 * attempts are used up, or in CANCELADO when its job was cancelled. The message is kept. A repeated call finds
 * it recorded and changes nothing.
 *
 * Calls `trabajo.sp_Registrar_Fallo`.
 * Errors: 50400 BAD_ARGUMENT, 50404 NOT_FOUND, 50408 LOCK_TIMEOUT, 50409 WRONG_STATE, 50410 LEASE_LOST, 50499
 * CANCELLED.
 * Touches: trabajo.Chunks write, trabajo.Trabajos read.
 * Batch: 1.
 * Step: called inside the caller's transaction.
 */
export async function registrarFallo(session: Session, args: RegistrarFalloArgs, options?: CallOptions): Promise<RegistrarFalloResult> {
  const { output } = await session.call(procedures.registrarFallo, {
    ID_Chunk: args.idChunk,
    Token: args.token,
    Error: args.error,
    Reintentable: args.reintentable,
  }, options);
  return {
    estado: output['Estado'] as string,
    intento: output['Intento'] as number,
    noAntesDe: output['No_Antes_De'] as Date | null,
    idTrabajo: output['ID_Trabajo'] as bigint,
    registrado: output['Registrado'] as boolean,
  };
}

/** Arguments of `trabajo.sp_Renovar_Chunks`. */
export interface RenovarChunksArgs {
  /** nvarchar(200) */
  readonly poseedor: string;
  /** int */
  readonly arriendoS: number;
  /** trabajo.Lista_Arriendos_v1; empty when left out */
  readonly chunks?: readonly trabajoTables.ListaArriendosV1Row[] | undefined;
}

/** A row of `trabajo.sp_Renovar_Chunks`. */
export interface RenovarChunksRow {
  /** bigint */
  readonly idChunk: bigint;
  /** bigint */
  readonly token: bigint;
  /** varchar(20) */
  readonly situacion: string;
}

/**
 * The heartbeat: renews all of a worker's leases in one call, for @Arriendo_s seconds from now, and says what
 * became of each. Never waits: a row that another session has locked counts as alive, whoever it is (this
 * worker's own completion, or a claim after expiry: then the token decides, and the next heartbeat says
 * PERDIDO).
 *
 * RENOVADO   renewed CANCELADO  the job was cancelled (renewed all the same, so that its holder has time to stop
 * and give it back) OCUPADO    its row is locked at this moment: counts as alive, not renewed this time
 * TERMINADO  ended or given back under this very token PERDIDO    the token moved: another worker has it
 *
 * Two looks. The first takes what it can lock, and renews it. The second, after that has committed, looks at the
 * rest, again skipping what is locked: a row that it sees can be judged by its token, a row that it does not see
 * is locked, so OCUPADO. Under READ_COMMITTED_SNAPSHOT a plain read would answer from an old version, and under
 * locking READ COMMITTED it would wait; READPAST with READCOMMITTEDLOCK sees the row as it is, or not at all, in
 * both. A row that was locked in the first look and is free and unchanged in the second is OCUPADO too. So is a
 * chunk that has been deleted (only an ended job's are): its holder, if it is still somewhere, hears 50404 at
 * its next call.
 *
 * Calls `trabajo.sp_Renovar_Chunks`.
 * Errors: 50400 BAD_ARGUMENT.
 * Touches: trabajo.Trabajos read, trabajo.Chunks write.
 * Batch: 2000.
 * Entry: carril_app.
 */
export async function renovarChunks(session: Session, args: RenovarChunksArgs, options?: CallOptions): Promise<readonly RenovarChunksRow[]> {
  const result = await session.call(procedures.renovarChunks, {
    Poseedor: args.poseedor,
    Arriendo_s: args.arriendoS,
    Chunks: trabajoTables.listaArriendosV1Rows(args.chunks),
  }, options);
  return (result.results[0] ?? []).map(toRenovarChunksRow);
}

function toRenovarChunksRow(row: Row): RenovarChunksRow {
  return {
    idChunk: row['ID_Chunk'] as bigint,
    token: row['Token'] as bigint,
    situacion: row['Situacion'] as string,
  };
}

/** Arguments of `trabajo.sp_Restantes`. */
export interface RestantesArgs {
  /** bigint */
  readonly idTrabajo: bigint;
}

/** OUTPUT parameters of `trabajo.sp_Restantes`. */
export interface RestantesResult {
  /** int */
  readonly restantes: number;
}

/**
 * Whether a job has unfinished chunks, as two index lookups and without waiting: 0 when none was seen, else 1.
 * What another session has locked at this moment is on its way to its end or not: 0 means only that finalizing
 * is worth a try.
 *
 * Calls `trabajo.sp_Restantes`.
 * Errors: none of its own.
 * Touches: trabajo.Chunks read.
 * Batch: none.
 * Step: called inside the caller's transaction, or after it.
 */
export async function restantes(session: Session, args: RestantesArgs, options?: CallOptions): Promise<RestantesResult> {
  const { output } = await session.call(procedures.restantes, {
    ID_Trabajo: args.idTrabajo,
  }, options);
  return {
    restantes: output['Restantes'] as number,
  };
}

/** Arguments of `trabajo.sp_Tomar_Chunk`. */
export interface TomarChunkArgs {
  /** bigint */
  readonly idChunk: bigint;
  /** bigint */
  readonly token: bigint;
  /** bit; 1 when left out */
  readonly exigir?: boolean | undefined;
  /** int; 15000 when left out */
  readonly esperaMs?: number | undefined;
}

/** OUTPUT parameters of `trabajo.sp_Tomar_Chunk`. */
export interface TomarChunkResult {
  /** varchar(50); state of the chunk */
  readonly estado: string;
  /** bigint */
  readonly idTrabajo: bigint;
  /** bit */
  readonly vigente: boolean;
  /** bit; the job's flag */
  readonly cancelado: boolean;
}

/**
 * Opens work on a leased chunk: takes its application lock Exclusive, waiting at most @Espera_ms, and then, in a
 * statement after that, compares the token. The lock is what makes a repeated call wait for its own orphaned
 * session; the order is what makes the comparison see everything that the lock's previous holder committed.
 * Nothing but the token decides: an expired lease that nobody has claimed is still its holder's.
 *
 * 50404 no such chunk; 50410 the token moved. With @Exigir = 1 also 50410 when nobody holds the chunk and 50499
 * when its job is cancelled, unless it is COMPLETADO under this very token: that is said in @Estado and left to
 * the caller. With @Exigir = 0 the facts are returned: @Vigente = 1 says that the chunk is held under this
 * token.
 *
 * Calls `trabajo.sp_Tomar_Chunk`.
 * Errors: 50400 BAD_ARGUMENT, 50404 NOT_FOUND, 50408 LOCK_TIMEOUT, 50409 WRONG_STATE, 50410 LEASE_LOST, 50499
 * CANCELLED.
 * Touches: trabajo.Chunks read, trabajo.Trabajos read.
 * Batch: none.
 * Step: called inside the caller's transaction.
 */
export async function tomarChunk(session: Session, args: TomarChunkArgs, options?: CallOptions): Promise<TomarChunkResult> {
  const { output } = await session.call(procedures.tomarChunk, {
    ID_Chunk: args.idChunk,
    Token: args.token,
    Exigir: args.exigir,
    Espera_ms: args.esperaMs,
  }, options);
  return {
    estado: output['Estado'] as string,
    idTrabajo: output['ID_Trabajo'] as bigint,
    vigente: output['Vigente'] as boolean,
    cancelado: output['Cancelado'] as boolean,
  };
}

/** Arguments of `trabajo.sp_Trabajos_Por_Finalizar`. */
export interface TrabajosPorFinalizarArgs {
  /** trabajo.Lista_Tipos_v1; empty when left out */
  readonly tipos?: readonly trabajoTables.ListaTiposV1Row[] | undefined;
}

/** A row of `trabajo.sp_Trabajos_Por_Finalizar`. */
export interface TrabajosPorFinalizarRow {
  /** bigint */
  readonly idTrabajo: bigint;
  /** varchar(50) */
  readonly tipo: string;
  /** nvarchar(max) */
  readonly parametros: string | null;
}

/**
 * Jobs of the given kinds (none given: of any kind) that a finalizer should be tried on: none of their chunks is
 * unfinished, or they were cancelled and what is left is held by nobody alive. For idle polls.
 *
 * Calls `trabajo.sp_Trabajos_Por_Finalizar`.
 * Errors: none of its own.
 * Touches: trabajo.Trabajos read, trabajo.Chunks read.
 * Batch: none.
 * Entry: carril_app.
 */
export async function trabajosPorFinalizar(session: Session, args: TrabajosPorFinalizarArgs = {}, options?: CallOptions): Promise<readonly TrabajosPorFinalizarRow[]> {
  const result = await session.call(procedures.trabajosPorFinalizar, {
    Tipos: trabajoTables.listaTiposV1Rows(args.tipos),
  }, options);
  return (result.results[0] ?? []).map(toTrabajosPorFinalizarRow);
}

function toTrabajosPorFinalizarRow(row: Row): TrabajosPorFinalizarRow {
  return {
    idTrabajo: row['ID_Trabajo'] as bigint,
    tipo: row['Tipo'] as string,
    parametros: row['Parametros'] as string | null,
  };
}

/** Arguments of `trabajo.sp_Trabajos_Vivos`. */
export interface TrabajosVivosArgs {
  /** trabajo.Lista_Tipos_v1; empty when left out */
  readonly tipos?: readonly trabajoTables.ListaTiposV1Row[] | undefined;
}

/** The row that `trabajo.sp_Trabajos_Vivos` returns. */
export interface TrabajosVivosResult {
  /** int */
  readonly vivos: number;
}

/**
 * How many jobs of the given kinds (none given: of any kind) have not ended. A worker leaves for want of work
 * only at 0.
 *
 * Calls `trabajo.sp_Trabajos_Vivos`.
 * Errors: none of its own.
 * Touches: trabajo.Trabajos read.
 * Batch: none.
 * Entry: carril_app.
 */
export async function trabajosVivos(session: Session, args: TrabajosVivosArgs = {}, options?: CallOptions): Promise<TrabajosVivosResult> {
  const result = await session.call(procedures.trabajosVivos, {
    Tipos: trabajoTables.listaTiposV1Rows(args.tipos),
  }, options);
  return toTrabajosVivosResult(oneRow(result, 0, procedures.trabajosVivos));
}

function toTrabajosVivosResult(row: Row): TrabajosVivosResult {
  return {
    vivos: row['Vivos'] as number,
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
