// written by carril codegen, never edited
import { ProcedureError } from '../../engine/index.js';
import type { CallOptions, CallResult, Procedure, Row, Session } from '../../engine/index.js';
import * as trabajoTables from './trabajo.tables.js';
export * from './trabajo.tables.js';

/** What the engine knows of each procedure of trabajo. */
export const procedures: Readonly<Record<
  | 'alertas'
  | 'barrerCancelado'
  | 'bloquear'
  | 'cancelarTrabajo'
  | 'cerrarChunk'
  | 'cerrarTrabajo'
  | 'completarChunk'
  | 'completarChunks'
  | 'comprobarCredencial'
  | 'crearCredencial'
  | 'crearTrabajo'
  | 'devolverChunk'
  | 'estadoTrabajo'
  | 'fallarChunk'
  | 'finalizarTrabajo'
  | 'listarChunks'
  | 'listarCredenciales'
  | 'listarTrabajos'
  | 'medirCola'
  | 'medirServidor'
  | 'partirChunk'
  | 'purgarTrabajos'
  | 'reclamarChunks'
  | 'reclamarPaso'
  | 'registrarFallo'
  | 'reintentarTrabajo'
  | 'renovarChunks'
  | 'restantes'
  | 'revocarCredencial'
  | 'tomarChunk'
  | 'trabajosPorFinalizar'
  | 'trabajosVivos'
, Procedure>> = {
  alertas: {
    name: 'trabajo.sp_Alertas',
    parameters: [],
    results: [
      [
        { name: 'Alerta', type: { kind: 'varchar', length: 40 }, nullable: false },
        { name: 'ID_Trabajo', type: { kind: 'bigint' }, nullable: true },
        { name: 'Tipo', type: { kind: 'varchar', length: 50 }, nullable: true },
        { name: 'ID_Chunk', type: { kind: 'bigint' }, nullable: true },
        { name: 'Recurso', type: { kind: 'nvarchar', length: 400 }, nullable: true },
        { name: 'Desde', type: { kind: 'datetime2', scale: 3 }, nullable: true },
        { name: 'Detalle', type: { kind: 'nvarchar', length: 4000 }, nullable: true },
      ],
    ],
  },
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
      { name: 'Todo_O_Nada', type: { kind: 'bit' }, output: false, optional: true },
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
  completarChunks: {
    name: 'trabajo.sp_Completar_Chunks',
    parameters: [
      { name: 'Poseedor', type: { kind: 'nvarchar', length: 200 }, output: false, optional: false },
      { name: 'Chunks', type: trabajoTables.listaTerminadosV1, output: false, optional: true },
      { name: 'Reclamar', type: { kind: 'int' }, output: false, optional: true },
      { name: 'Tipos', type: trabajoTables.listaTiposV1, output: false, optional: true },
      { name: 'Arriendo_s', type: { kind: 'int' }, output: false, optional: true },
      { name: 'ID_Trabajo', type: { kind: 'bigint' }, output: false, optional: true },
    ],
    results: [
      [
        { name: 'Situacion', type: { kind: 'varchar', length: 20 }, nullable: false },
        { name: 'ID_Chunk', type: { kind: 'bigint' }, nullable: false },
        { name: 'Token', type: { kind: 'bigint' }, nullable: false },
        { name: 'ID_Trabajo', type: { kind: 'bigint' }, nullable: true },
        { name: 'Restantes', type: { kind: 'int' }, nullable: true },
        { name: 'Tipo', type: { kind: 'varchar', length: 50 }, nullable: true },
        { name: 'Orden', type: { kind: 'int' }, nullable: true },
        { name: 'Rango_Inicio', type: { kind: 'bigint' }, nullable: true },
        { name: 'Rango_Fin', type: { kind: 'bigint' }, nullable: true },
        { name: 'Recurso', type: { kind: 'nvarchar', length: 400 }, nullable: true },
        { name: 'Peso', type: { kind: 'decimal', precision: 12, scale: 2 }, nullable: true },
        { name: 'Intento', type: { kind: 'int' }, nullable: true },
        { name: 'Max_Intentos', type: { kind: 'int' }, nullable: true },
        { name: 'Expira', type: { kind: 'datetime2', scale: 3 }, nullable: true },
        { name: 'Parametros', type: { kind: 'nvarchar', length: 'max' }, nullable: true },
      ],
    ],
  },
  comprobarCredencial: {
    name: 'trabajo.sp_Comprobar_Credencial',
    parameters: [
      { name: 'Huella', type: { kind: 'varchar', length: 64 }, output: false, optional: false },
    ],
    results: [
      [
        { name: 'ID_Credencial', type: { kind: 'bigint' }, nullable: false },
        { name: 'Nombre', type: { kind: 'nvarchar', length: 100 }, nullable: false },
        { name: 'Rol', type: { kind: 'varchar', length: 20 }, nullable: false },
      ],
    ],
  },
  crearCredencial: {
    name: 'trabajo.sp_Crear_Credencial',
    parameters: [
      { name: 'Nombre', type: { kind: 'nvarchar', length: 100 }, output: false, optional: false },
      { name: 'Rol', type: { kind: 'varchar', length: 20 }, output: false, optional: false },
      { name: 'Huella', type: { kind: 'varchar', length: 64 }, output: false, optional: false },
      { name: 'Vence', type: { kind: 'datetime2', scale: 3 }, output: false, optional: true },
      { name: 'ID_Credencial', type: { kind: 'bigint' }, output: true, optional: false },
    ],
    results: [],
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
        { name: 'Omitidos', type: { kind: 'int' }, nullable: false },
        { name: 'Peso_Total', type: { kind: 'float' }, nullable: false },
        { name: 'Peso_Restante', type: { kind: 'float' }, nullable: false },
        { name: 'Peso_Por_s', type: { kind: 'float' }, nullable: true },
        { name: 'Faltan_s', type: { kind: 'int' }, nullable: true },
        { name: 'Ultimo_Fin', type: { kind: 'datetime2', scale: 3 }, nullable: true },
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
      { name: 'Transitorio', type: { kind: 'bit' }, output: false, optional: true },
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
  listarChunks: {
    name: 'trabajo.sp_Listar_Chunks',
    parameters: [
      { name: 'ID_Trabajo', type: { kind: 'bigint' }, output: false, optional: false },
      { name: 'Situacion', type: { kind: 'varchar', length: 20 }, output: false, optional: true },
      { name: 'Desde_Orden', type: { kind: 'int' }, output: false, optional: true },
      { name: 'Maximo', type: { kind: 'int' }, output: false, optional: true },
    ],
    results: [
      [
        { name: 'ID_Chunk', type: { kind: 'bigint' }, nullable: false },
        { name: 'Orden', type: { kind: 'int' }, nullable: false },
        { name: 'Rango_Inicio', type: { kind: 'bigint' }, nullable: true },
        { name: 'Rango_Fin', type: { kind: 'bigint' }, nullable: true },
        { name: 'Recurso', type: { kind: 'nvarchar', length: 400 }, nullable: true },
        { name: 'Peso', type: { kind: 'decimal', precision: 12, scale: 2 }, nullable: false },
        { name: 'Estado', type: { kind: 'varchar', length: 50 }, nullable: false },
        { name: 'Situacion', type: { kind: 'varchar', length: 20 }, nullable: false },
        { name: 'Poseedor', type: { kind: 'nvarchar', length: 200 }, nullable: true },
        { name: 'Token', type: { kind: 'bigint' }, nullable: false },
        { name: 'Intento', type: { kind: 'int' }, nullable: false },
        { name: 'Max_Intentos', type: { kind: 'int' }, nullable: false },
        { name: 'Expira', type: { kind: 'datetime2', scale: 3 }, nullable: true },
        { name: 'No_Antes_De', type: { kind: 'datetime2', scale: 3 }, nullable: true },
        { name: 'Inicio', type: { kind: 'datetime2', scale: 3 }, nullable: true },
        { name: 'Fin', type: { kind: 'datetime2', scale: 3 }, nullable: true },
        { name: 'Resultado', type: { kind: 'nvarchar', length: 'max' }, nullable: true },
        { name: 'Ultimo_Error', type: { kind: 'nvarchar', length: 4000 }, nullable: true },
      ],
    ],
  },
  listarCredenciales: {
    name: 'trabajo.sp_Listar_Credenciales',
    parameters: [],
    results: [
      [
        { name: 'ID_Credencial', type: { kind: 'bigint' }, nullable: false },
        { name: 'Nombre', type: { kind: 'nvarchar', length: 100 }, nullable: false },
        { name: 'Rol', type: { kind: 'varchar', length: 20 }, nullable: false },
        { name: 'FechaCreacion', type: { kind: 'datetime2', scale: 3 }, nullable: false },
        { name: 'Vence', type: { kind: 'datetime2', scale: 3 }, nullable: true },
        { name: 'Revocada', type: { kind: 'datetime2', scale: 3 }, nullable: true },
        { name: 'Usuario', type: { kind: 'nvarchar', length: 100 }, nullable: false },
      ],
    ],
  },
  listarTrabajos: {
    name: 'trabajo.sp_Listar_Trabajos',
    parameters: [
      { name: 'Tipo', type: { kind: 'varchar', length: 50 }, output: false, optional: true },
      { name: 'Estado', type: { kind: 'varchar', length: 50 }, output: false, optional: true },
      { name: 'Maximo', type: { kind: 'int' }, output: false, optional: true },
    ],
    results: [
      [
        { name: 'ID_Trabajo', type: { kind: 'bigint' }, nullable: false },
        { name: 'Tipo', type: { kind: 'varchar', length: 50 }, nullable: false },
        { name: 'Clave', type: { kind: 'nvarchar', length: 200 }, nullable: true },
        { name: 'Estado', type: { kind: 'varchar', length: 50 }, nullable: false },
        { name: 'Cancelado', type: { kind: 'bit' }, nullable: false },
        { name: 'Usuario', type: { kind: 'nvarchar', length: 100 }, nullable: true },
        { name: 'FechaCreacion', type: { kind: 'datetime2', scale: 3 }, nullable: false },
        { name: 'FechaFin', type: { kind: 'datetime2', scale: 3 }, nullable: true },
        { name: 'Total', type: { kind: 'int' }, nullable: false },
        { name: 'Pendientes', type: { kind: 'int' }, nullable: false },
        { name: 'EnProgreso', type: { kind: 'int' }, nullable: false },
        { name: 'Completados', type: { kind: 'int' }, nullable: false },
        { name: 'Fallidos', type: { kind: 'int' }, nullable: false },
        { name: 'Cancelados', type: { kind: 'int' }, nullable: false },
        { name: 'Omitidos', type: { kind: 'int' }, nullable: false },
      ],
    ],
  },
  medirCola: {
    name: 'trabajo.sp_Medir_Cola',
    parameters: [],
    results: [
      [
        { name: 'Tipo', type: { kind: 'varchar', length: 50 }, nullable: false },
        { name: 'Reclamables', type: { kind: 'int' }, nullable: false },
        { name: 'En_Espera', type: { kind: 'int' }, nullable: false },
        { name: 'En_Progreso', type: { kind: 'int' }, nullable: false },
        { name: 'Vencidos', type: { kind: 'int' }, nullable: false },
      ],
    ],
  },
  medirServidor: {
    name: 'trabajo.sp_Medir_Servidor',
    parameters: [],
    results: [
      [
        { name: 'Deadlocks', type: { kind: 'bigint' }, nullable: true },
        { name: 'Esperas', type: { kind: 'bigint' }, nullable: true },
        { name: 'Esperando', type: { kind: 'int' }, nullable: true },
      ],
    ],
  },
  partirChunk: {
    name: 'trabajo.sp_Partir_Chunk',
    parameters: [
      { name: 'ID_Chunk', type: { kind: 'bigint' }, output: false, optional: false },
      { name: 'Token', type: { kind: 'bigint' }, output: false, optional: false },
      { name: 'Error', type: { kind: 'nvarchar', length: 4000 }, output: false, optional: false },
      { name: 'Corte', type: { kind: 'bigint' }, output: false, optional: true },
    ],
    results: [
      [
        { name: 'Partido', type: { kind: 'bit' }, nullable: false },
        { name: 'ID_Chunk_1', type: { kind: 'bigint' }, nullable: true },
        { name: 'ID_Chunk_2', type: { kind: 'bigint' }, nullable: true },
        { name: 'Restantes', type: { kind: 'int' }, nullable: false },
      ],
    ],
  },
  purgarTrabajos: {
    name: 'trabajo.sp_Purgar_Trabajos',
    parameters: [
      { name: 'Antes_De', type: { kind: 'datetime2', scale: 3 }, output: false, optional: false },
      { name: 'Tipo', type: { kind: 'varchar', length: 50 }, output: false, optional: true },
      { name: 'Maximo', type: { kind: 'int' }, output: false, optional: true },
    ],
    results: [
      [
        { name: 'Trabajos', type: { kind: 'int' }, nullable: false },
        { name: 'Chunks', type: { kind: 'int' }, nullable: false },
        { name: 'Otros', type: { kind: 'int' }, nullable: false },
        { name: 'Quedan', type: { kind: 'bit' }, nullable: false },
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
  reclamarPaso: {
    name: 'trabajo.sp_Reclamar_Paso',
    parameters: [
      { name: 'Poseedor', type: { kind: 'nvarchar', length: 200 }, output: false, optional: false },
      { name: 'Tipos', type: trabajoTables.listaTiposV1, output: false, optional: true },
      { name: 'Maximo', type: { kind: 'int' }, output: false, optional: false },
      { name: 'Arriendo_s', type: { kind: 'int' }, output: false, optional: false },
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
      { name: 'Transitorio', type: { kind: 'bit' }, output: false, optional: true },
      { name: 'Estado', type: { kind: 'varchar', length: 50 }, output: true, optional: true },
      { name: 'Intento', type: { kind: 'int' }, output: true, optional: true },
      { name: 'No_Antes_De', type: { kind: 'datetime2', scale: 3 }, output: true, optional: true },
      { name: 'ID_Trabajo', type: { kind: 'bigint' }, output: true, optional: true },
      { name: 'Registrado', type: { kind: 'bit' }, output: true, optional: true },
    ],
    results: [],
  },
  reintentarTrabajo: {
    name: 'trabajo.sp_Reintentar_Trabajo',
    parameters: [
      { name: 'ID_Trabajo', type: { kind: 'bigint' }, output: false, optional: false },
      { name: 'ID_Chunk', type: { kind: 'bigint' }, output: false, optional: true },
    ],
    results: [
      [
        { name: 'Estado', type: { kind: 'varchar', length: 50 }, nullable: false },
        { name: 'Reintentados', type: { kind: 'int' }, nullable: false },
      ],
    ],
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
  revocarCredencial: {
    name: 'trabajo.sp_Revocar_Credencial',
    parameters: [
      { name: 'ID_Credencial', type: { kind: 'bigint' }, output: false, optional: false },
    ],
    results: [
      [
        { name: 'Nombre', type: { kind: 'nvarchar', length: 100 }, nullable: false },
        { name: 'Revocada', type: { kind: 'datetime2', scale: 3 }, nullable: false },
      ],
    ],
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

/** A row of `trabajo.sp_Alertas`. */
export interface AlertasRow {
  /** varchar(40); CHUNK_FALLIDO, ARRIENDO_VENCIDO, TRABAJO_SIN_PROGRESO, UMBRAL_FALLIDOS, UMBRAL_DURACION */
  readonly alerta: string;
  /** bigint */
  readonly idTrabajo: bigint | null;
  /** varchar(50) */
  readonly tipo: string | null;
  /** bigint */
  readonly idChunk: bigint | null;
  /** nvarchar(400) */
  readonly recurso: string | null;
  /** datetime2(3), UTC */
  readonly desde: Date | null;
  /** nvarchar(4000) */
  readonly detalle: string | null;
}

/**
 * What somebody should look at: the rows of trabajo.vw_Alertas, which says what each of them means, the newest
 * first, at most 2,000.
 *
 * Calls `trabajo.sp_Alertas`.
 * Errors: none of its own.
 * Touches: trabajo.Chunks read, trabajo.Trabajos read, logs.Archivos read, logs.Ajustes read.
 * Batch: none.
 * Entry: carril_app, carril_lector.
 */
export async function alertas(session: Session, options?: CallOptions): Promise<readonly AlertasRow[]> {
  const result = await session.call(procedures.alertas, {}, options);
  return (result.results[0] ?? []).map(toAlertasRow);
}

function toAlertasRow(row: Row): AlertasRow {
  return {
    alerta: row['Alerta'] as string,
    idTrabajo: row['ID_Trabajo'] as bigint | null,
    tipo: row['Tipo'] as string | null,
    idChunk: row['ID_Chunk'] as bigint | null,
    recurso: row['Recurso'] as string | null,
    desde: row['Desde'] as Date | null,
    detalle: row['Detalle'] as string | null,
  };
}

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
 * the job's lock at most 15 s: claims hold it for milliseconds. A job that has ended stays as it is; that of
 * LO_PROCESOS cannot be cancelled (50409).
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
 * row, else 50410. The token stays. OMITIDO (from migration 021 on) is a chunk that was split.
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
  /** bit; 0 when left out */
  readonly todoONada?: boolean | undefined;
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
 * With @Todo_O_Nada = 1 ERROR when a chunk failed, whatever became of the others. CANCELADO when a chunk was
 * cancelled; ERROR when all failed; COMPLETADO_CON_ERRORES when some did; else COMPLETADO. A chunk that was
 * split (OMITIDO) does not count: its halves do.
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
    Todo_O_Nada: args.todoONada,
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
 * CANCELADO. Kinds whose completion writes more than the chunk are completed by their own procedure (50409):
 * FONDOS, LOGS.
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

/** Arguments of `trabajo.sp_Completar_Chunks`. */
export interface CompletarChunksArgs {
  /** nvarchar(200) */
  readonly poseedor: string;
  /** trabajo.Lista_Terminados_v1; empty when left out */
  readonly chunks?: readonly trabajoTables.ListaTerminadosV1Row[] | undefined;
  /** int; 0 when left out */
  readonly reclamar?: number | undefined;
  /** trabajo.Lista_Tipos_v1; empty when left out */
  readonly tipos?: readonly trabajoTables.ListaTiposV1Row[] | undefined;
  /** int; 30 when left out */
  readonly arriendoS?: number | undefined;
  /** bigint; NULL when left out */
  readonly idTrabajo?: bigint | null | undefined;
}

/** A row of `trabajo.sp_Completar_Chunks`. */
export interface CompletarChunksRow {
  /** varchar(20) */
  readonly situacion: string;
  /** bigint */
  readonly idChunk: bigint;
  /** bigint */
  readonly token: bigint;
  /** bigint; when there is such a chunk */
  readonly idTrabajo: bigint | null;
  /** int; 0 with COMPLETADO */
  readonly restantes: number | null;
  /** varchar(50); this and what follows: with RECLAMADO */
  readonly tipo: string | null;
  /** int */
  readonly orden: number | null;
  /** bigint */
  readonly rangoInicio: bigint | null;
  /** bigint */
  readonly rangoFin: bigint | null;
  /** nvarchar(400) */
  readonly recurso: string | null;
  /** decimal(12,2) */
  readonly peso: number | null;
  /** int */
  readonly intento: number | null;
  /** int */
  readonly maxIntentos: number | null;
  /** datetime2(3), UTC */
  readonly expira: Date | null;
  /** nvarchar(max); of the job */
  readonly parametros: string | null;
}

/**
 * Completes a batch of chunks, each under its token and with its result, and claims up to @Reclamar next ones in
 * the same transaction: one commit for both. For chunks whose work leaves nothing in the database but their own
 * result: it takes no chunk's lock. The row's lock and the token serialise it against a claim, a heartbeat and
 * its own repetition. Kinds whose completion writes more are refused (50409), and with them the whole call.
 *
 * Answers with what the caller could not know. A chunk of @Chunks that is not named was completed, or was
 * complete already under this very token, and its job goes on.
 *
 * COMPLETADO  completed as well, and no unfinished chunk of its job was seen: try to finalize it CANCELADO   its
 * job was cancelled: the chunk was not completed, it is CANCELADO PERDIDO     another token, nobody's, ended
 * otherwise, or no such chunk; the others are completed all the same RECLAMADO   a chunk claimed by this call,
 * as trabajo.sp_Reclamar_Chunks gives it
 *
 * Rows are locked in the order of ID_Chunk, and only those that can still be completed. Claims come after, and
 * never wait. What an answer that got lost had claimed stays leased until it expires.
 *
 * Calls `trabajo.sp_Completar_Chunks`.
 * Errors: 50400 BAD_ARGUMENT, 50409 WRONG_STATE, 50499 CANCELLED.
 * Touches: trabajo.Trabajos read, trabajo.Chunks write.
 * Batch: 2000.
 * Entry: carril_app.
 */
export async function completarChunks(session: Session, args: CompletarChunksArgs, options?: CallOptions): Promise<readonly CompletarChunksRow[]> {
  const result = await session.call(procedures.completarChunks, {
    Poseedor: args.poseedor,
    Chunks: trabajoTables.listaTerminadosV1Rows(args.chunks),
    Reclamar: args.reclamar,
    Tipos: trabajoTables.listaTiposV1Rows(args.tipos),
    Arriendo_s: args.arriendoS,
    ID_Trabajo: args.idTrabajo,
  }, options);
  return (result.results[0] ?? []).map(toCompletarChunksRow);
}

function toCompletarChunksRow(row: Row): CompletarChunksRow {
  return {
    situacion: row['Situacion'] as string,
    idChunk: row['ID_Chunk'] as bigint,
    token: row['Token'] as bigint,
    idTrabajo: row['ID_Trabajo'] as bigint | null,
    restantes: row['Restantes'] as number | null,
    tipo: row['Tipo'] as string | null,
    orden: row['Orden'] as number | null,
    rangoInicio: row['Rango_Inicio'] as bigint | null,
    rangoFin: row['Rango_Fin'] as bigint | null,
    recurso: row['Recurso'] as string | null,
    peso: row['Peso'] as number | null,
    intento: row['Intento'] as number | null,
    maxIntentos: row['Max_Intentos'] as number | null,
    expira: row['Expira'] as Date | null,
    parametros: row['Parametros'] as string | null,
  };
}

/** Arguments of `trabajo.sp_Comprobar_Credencial`. */
export interface ComprobarCredencialArgs {
  /** varchar(64) */
  readonly huella: string;
}

/** A row of `trabajo.sp_Comprobar_Credencial`. */
export interface ComprobarCredencialRow {
  /** bigint */
  readonly idCredencial: bigint;
  /** nvarchar(100) */
  readonly nombre: string;
  /** varchar(20) */
  readonly rol: string;
}

/**
 * What the credential with this fingerprint may do: no row when there is none, or when it was revoked or has
 * expired.
 *
 * Calls `trabajo.sp_Comprobar_Credencial`.
 * Errors: 50400 BAD_ARGUMENT.
 * Touches: trabajo.Credenciales read.
 * Batch: none.
 * Entry: carril_app.
 */
export async function comprobarCredencial(session: Session, args: ComprobarCredencialArgs, options?: CallOptions): Promise<readonly ComprobarCredencialRow[]> {
  const result = await session.call(procedures.comprobarCredencial, {
    Huella: args.huella,
  }, options);
  return (result.results[0] ?? []).map(toComprobarCredencialRow);
}

function toComprobarCredencialRow(row: Row): ComprobarCredencialRow {
  return {
    idCredencial: row['ID_Credencial'] as bigint,
    nombre: row['Nombre'] as string,
    rol: row['Rol'] as string,
  };
}

/** Arguments of `trabajo.sp_Crear_Credencial`. */
export interface CrearCredencialArgs {
  /** nvarchar(100) */
  readonly nombre: string;
  /** varchar(20) */
  readonly rol: string;
  /** varchar(64) */
  readonly huella: string;
  /** datetime2(3), UTC; NULL when left out */
  readonly vence?: Date | null | undefined;
}

/** OUTPUT parameters of `trabajo.sp_Crear_Credencial`. */
export interface CrearCredencialResult {
  /** bigint */
  readonly idCredencial: bigint;
}

/**
 * Creates a credential for the HTTP service from the SHA-256 of its key: the key itself never comes here. The
 * same fingerprint a second time gives the first one's ID, so that a call repeated after a lost connection
 * creates nothing twice.
 *
 * Calls `trabajo.sp_Crear_Credencial`.
 * Errors: 50400 BAD_ARGUMENT, 50409 WRONG_STATE.
 * Touches: trabajo.Credenciales write.
 * Batch: 1.
 * Entry: carril_dba.
 */
export async function crearCredencial(session: Session, args: CrearCredencialArgs, options?: CallOptions): Promise<CrearCredencialResult> {
  const { output } = await session.call(procedures.crearCredencial, {
    Nombre: args.nombre,
    Rol: args.rol,
    Huella: args.huella,
    Vence: args.vence,
  }, options);
  return {
    idCredencial: output['ID_Credencial'] as bigint,
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
  /** int; split into two others */
  readonly omitidos: number;
  /** float */
  readonly pesoTotal: number;
  /** float; of what has not ended */
  readonly pesoRestante: number;
  /** float; null when nothing has completed or the job has ended */
  readonly pesoPorS: number | null;
  /** int; seconds to go at that rate */
  readonly faltanS: number | null;
  /** datetime2(3), UTC; of the newest completion */
  readonly ultimoFin: Date | null;
}

/**
 * A job, its counts and its ETA: live while it runs, as its finalizer wrote them afterwards. Chunks that were
 * split (Omitidos) count neither in Total nor in the weights: their halves do.
 *
 * The ETA comes from the job's newest 100 completions: the weight of those after the oldest of them, by the time
 * from that one until now; when all ended at one instant, their weight by the time since the first of them
 * began. So the rate of a job that stands still sinks.
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
    omitidos: row['Omitidos'] as number,
    pesoTotal: row['Peso_Total'] as number,
    pesoRestante: row['Peso_Restante'] as number,
    pesoPorS: row['Peso_Por_s'] as number | null,
    faltanS: row['Faltan_s'] as number | null,
    ultimoFin: row['Ultimo_Fin'] as Date | null,
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
  /** bit; 0 when left out */
  readonly transitorio?: boolean | undefined;
}

/** The row that `trabajo.sp_Fallar_Chunk` returns. */
export interface FallarChunkResult {
  /** varchar(50); of the chunk: PENDIENTE, ERROR, CANCELADO; COMPLETADO or OMITIDO when it had completed or been split */
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
 * cancelled job: CANCELADO. @Transitorio = 1, a database error that passes by itself, gives the attempt back, at
 * most 10 times a chunk. Already recorded under this token: says what became of it and does nothing.
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
    Transitorio: args.transitorio,
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
 * by logs.sp_Finalizar_Proceso, those of the log review by logs.sp_Finalizar_Revision, those of a payroll by
 * nomina.sp_Finalizar_Consolidacion, and that of LO_PROCESOS never (50409).
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

/** Arguments of `trabajo.sp_Listar_Chunks`. */
export interface ListarChunksArgs {
  /** bigint */
  readonly idTrabajo: bigint;
  /** varchar(20); NULL when left out */
  readonly situacion?: string | null | undefined;
  /** int; 0 when left out */
  readonly desdeOrden?: number | undefined;
  /** int; 100 when left out */
  readonly maximo?: number | undefined;
}

/** A row of `trabajo.sp_Listar_Chunks`. */
export interface ListarChunksRow {
  /** bigint */
  readonly idChunk: bigint;
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
  /** varchar(50) */
  readonly estado: string;
  /** varchar(20) */
  readonly situacion: string;
  /** nvarchar(200) */
  readonly poseedor: string | null;
  /** bigint */
  readonly token: bigint;
  /** int */
  readonly intento: number;
  /** int */
  readonly maxIntentos: number;
  /** datetime2(3), UTC */
  readonly expira: Date | null;
  /** datetime2(3), UTC */
  readonly noAntesDe: Date | null;
  /** datetime2(3), UTC; of the last attempt */
  readonly inicio: Date | null;
  /** datetime2(3), UTC */
  readonly fin: Date | null;
  /** nvarchar(max) */
  readonly resultado: string | null;
  /** nvarchar(4000) */
  readonly ultimoError: string | null;
}

/**
 * The chunks of a job in their order, from @Desde_Orden on, all or those in one situation (see
 * trabajo.vw_Chunks), at most @Maximo: the next page begins after the last Orden of this one.
 *
 * Calls `trabajo.sp_Listar_Chunks`.
 * Errors: 50400 BAD_ARGUMENT, 50404 NOT_FOUND.
 * Touches: trabajo.Trabajos read, trabajo.Chunks read.
 * Batch: none.
 * Entry: carril_app, carril_lector.
 */
export async function listarChunks(session: Session, args: ListarChunksArgs, options?: CallOptions): Promise<readonly ListarChunksRow[]> {
  const result = await session.call(procedures.listarChunks, {
    ID_Trabajo: args.idTrabajo,
    Situacion: args.situacion,
    Desde_Orden: args.desdeOrden,
    Maximo: args.maximo,
  }, options);
  return (result.results[0] ?? []).map(toListarChunksRow);
}

function toListarChunksRow(row: Row): ListarChunksRow {
  return {
    idChunk: row['ID_Chunk'] as bigint,
    orden: row['Orden'] as number,
    rangoInicio: row['Rango_Inicio'] as bigint | null,
    rangoFin: row['Rango_Fin'] as bigint | null,
    recurso: row['Recurso'] as string | null,
    peso: row['Peso'] as number,
    estado: row['Estado'] as string,
    situacion: row['Situacion'] as string,
    poseedor: row['Poseedor'] as string | null,
    token: row['Token'] as bigint,
    intento: row['Intento'] as number,
    maxIntentos: row['Max_Intentos'] as number,
    expira: row['Expira'] as Date | null,
    noAntesDe: row['No_Antes_De'] as Date | null,
    inicio: row['Inicio'] as Date | null,
    fin: row['Fin'] as Date | null,
    resultado: row['Resultado'] as string | null,
    ultimoError: row['Ultimo_Error'] as string | null,
  };
}

/** A row of `trabajo.sp_Listar_Credenciales`. */
export interface ListarCredencialesRow {
  /** bigint */
  readonly idCredencial: bigint;
  /** nvarchar(100) */
  readonly nombre: string;
  /** varchar(20) */
  readonly rol: string;
  /** datetime2(3), UTC */
  readonly fechaCreacion: Date;
  /** datetime2(3), UTC */
  readonly vence: Date | null;
  /** datetime2(3), UTC */
  readonly revocada: Date | null;
  /** nvarchar(100) */
  readonly usuario: string;
}

/**
 * The credentials of the HTTP service, the newest first, without their fingerprints.
 *
 * Calls `trabajo.sp_Listar_Credenciales`.
 * Errors: none of its own.
 * Touches: trabajo.Credenciales read.
 * Batch: none.
 * Entry: carril_app, carril_dba.
 */
export async function listarCredenciales(session: Session, options?: CallOptions): Promise<readonly ListarCredencialesRow[]> {
  const result = await session.call(procedures.listarCredenciales, {}, options);
  return (result.results[0] ?? []).map(toListarCredencialesRow);
}

function toListarCredencialesRow(row: Row): ListarCredencialesRow {
  return {
    idCredencial: row['ID_Credencial'] as bigint,
    nombre: row['Nombre'] as string,
    rol: row['Rol'] as string,
    fechaCreacion: row['FechaCreacion'] as Date,
    vence: row['Vence'] as Date | null,
    revocada: row['Revocada'] as Date | null,
    usuario: row['Usuario'] as string,
  };
}

/** Arguments of `trabajo.sp_Listar_Trabajos`. */
export interface ListarTrabajosArgs {
  /** varchar(50); NULL when left out */
  readonly tipo?: string | null | undefined;
  /** varchar(50); NULL when left out */
  readonly estado?: string | null | undefined;
  /** int; 20 when left out */
  readonly maximo?: number | undefined;
}

/** A row of `trabajo.sp_Listar_Trabajos`. */
export interface ListarTrabajosRow {
  /** bigint */
  readonly idTrabajo: bigint;
  /** varchar(50) */
  readonly tipo: string;
  /** nvarchar(200) */
  readonly clave: string | null;
  /** varchar(50) */
  readonly estado: string;
  /** bit */
  readonly cancelado: boolean;
  /** nvarchar(100) */
  readonly usuario: string | null;
  /** datetime2(3), UTC */
  readonly fechaCreacion: Date;
  /** datetime2(3), UTC */
  readonly fechaFin: Date | null;
  /** int */
  readonly total: number;
  /** int */
  readonly pendientes: number;
  /** int */
  readonly enProgreso: number;
  /** int */
  readonly completados: number;
  /** int */
  readonly fallidos: number;
  /** int */
  readonly cancelados: number;
  /** int */
  readonly omitidos: number;
}

/**
 * The newest jobs, newest first, of one kind or of all, in one state or in any, with their counts. Counts only
 * the chunks of the jobs that it lists.
 *
 * Calls `trabajo.sp_Listar_Trabajos`.
 * Errors: 50400 BAD_ARGUMENT.
 * Touches: trabajo.Trabajos read, trabajo.Chunks read.
 * Batch: none.
 * Entry: carril_app, carril_lector.
 */
export async function listarTrabajos(session: Session, args: ListarTrabajosArgs = {}, options?: CallOptions): Promise<readonly ListarTrabajosRow[]> {
  const result = await session.call(procedures.listarTrabajos, {
    Tipo: args.tipo,
    Estado: args.estado,
    Maximo: args.maximo,
  }, options);
  return (result.results[0] ?? []).map(toListarTrabajosRow);
}

function toListarTrabajosRow(row: Row): ListarTrabajosRow {
  return {
    idTrabajo: row['ID_Trabajo'] as bigint,
    tipo: row['Tipo'] as string,
    clave: row['Clave'] as string | null,
    estado: row['Estado'] as string,
    cancelado: row['Cancelado'] as boolean,
    usuario: row['Usuario'] as string | null,
    fechaCreacion: row['FechaCreacion'] as Date,
    fechaFin: row['FechaFin'] as Date | null,
    total: row['Total'] as number,
    pendientes: row['Pendientes'] as number,
    enProgreso: row['EnProgreso'] as number,
    completados: row['Completados'] as number,
    fallidos: row['Fallidos'] as number,
    cancelados: row['Cancelados'] as number,
    omitidos: row['Omitidos'] as number,
  };
}

/** A row of `trabajo.sp_Medir_Cola`. */
export interface MedirColaRow {
  /** varchar(50) */
  readonly tipo: string;
  /** int; could be claimed now */
  readonly reclamables: number;
  /** int; wait for their time */
  readonly enEspera: number;
  /** int; held */
  readonly enProgreso: number;
  /** int; held, and expired */
  readonly vencidos: number;
}

/**
 * The queue as trabajo.vw_Cola has it, for who may only call procedures.
 *
 * Calls `trabajo.sp_Medir_Cola`.
 * Errors: none of its own.
 * Touches: trabajo.Chunks read, trabajo.Trabajos read.
 * Batch: none.
 * Entry: carril_app, carril_lector.
 */
export async function medirCola(session: Session, options?: CallOptions): Promise<readonly MedirColaRow[]> {
  const result = await session.call(procedures.medirCola, {}, options);
  return (result.results[0] ?? []).map(toMedirColaRow);
}

function toMedirColaRow(row: Row): MedirColaRow {
  return {
    tipo: row['Tipo'] as string,
    reclamables: row['Reclamables'] as number,
    enEspera: row['En_Espera'] as number,
    enProgreso: row['En_Progreso'] as number,
    vencidos: row['Vencidos'] as number,
  };
}

/** The row that `trabajo.sp_Medir_Servidor` returns. */
export interface MedirServidorResult {
  /** bigint */
  readonly deadlocks: bigint | null;
  /** bigint; waits on locks, those that have ended */
  readonly esperas: bigint | null;
  /** int; sessions that wait at this moment */
  readonly esperando: number | null;
}

/**
 * What the server has counted of deadlocks and waits on locks, whoever met them, and how many sessions of this
 * database wait for a lock now. SQL Server counts for the server as a whole, since it started (the performance
 * counters that benchmarks read, too), and shows it to who has VIEW SERVER STATE (VIEW DATABASE STATE in Azure
 * SQL Database); to anybody else all three are NULL. PostgreSQL counts deadlocks of the database, since its
 * statistics were reset, and no waits.
 *
 * Calls `trabajo.sp_Medir_Servidor`.
 * Errors: none of its own.
 * Touches: nothing.
 * Batch: none.
 * Entry: carril_app, carril_lector.
 */
export async function medirServidor(session: Session, options?: CallOptions): Promise<MedirServidorResult> {
  const result = await session.call(procedures.medirServidor, {}, options);
  return toMedirServidorResult(oneRow(result, 0, procedures.medirServidor));
}

function toMedirServidorResult(row: Row): MedirServidorResult {
  return {
    deadlocks: row['Deadlocks'] as bigint | null,
    esperas: row['Esperas'] as bigint | null,
    esperando: row['Esperando'] as number | null,
  };
}

/** Arguments of `trabajo.sp_Partir_Chunk`. */
export interface PartirChunkArgs {
  /** bigint */
  readonly idChunk: bigint;
  /** bigint */
  readonly token: bigint;
  /** nvarchar(4000) */
  readonly error: string;
  /** bigint; NULL when left out */
  readonly corte?: bigint | null | undefined;
}

/** The row that `trabajo.sp_Partir_Chunk` returns. */
export interface PartirChunkResult {
  /** bit */
  readonly partido: boolean;
  /** bigint; from Rango_Inicio to the cut */
  readonly idChunk1: bigint | null;
  /** bigint; from the cut to Rango_Fin */
  readonly idChunk2: bigint | null;
  /** int; 0: no unfinished chunk of the job was seen, try to finalize it; else 1 */
  readonly restantes: number;
}

/**
 * Splits a leased chunk whose work did not fit in memory: its half-open range [Rango_Inicio, Rango_Fin) goes on
 * in two new chunks, cut at @Corte (none given: in the middle), with the weight shared out in proportion, at the
 * end of the job's order. The chunk itself becomes OMITIDO: lease given up, @Error kept, its halves named in its
 * Resultado. One transaction: either all of the range is in the two, or nothing has changed.
 *
 * Partido = 0, and nothing changed: a range of fewer than two units or none, a cut outside of it, a kind whose
 * chunks are no ranges (FONDOS, LO_PROCESOS), or a chunk that has completed. The caller then fails the chunk as
 * usual. Already split under this token: says into which.
 *
 * Calls `trabajo.sp_Partir_Chunk`.
 * Errors: 50400 BAD_ARGUMENT, 50404 NOT_FOUND, 50408 LOCK_TIMEOUT, 50409 WRONG_STATE, 50410 LEASE_LOST, 50499
 * CANCELLED.
 * Touches: trabajo.Trabajos read, trabajo.Chunks write.
 * Batch: 1.
 * Entry: carril_app.
 */
export async function partirChunk(session: Session, args: PartirChunkArgs, options?: CallOptions): Promise<PartirChunkResult> {
  const result = await session.call(procedures.partirChunk, {
    ID_Chunk: args.idChunk,
    Token: args.token,
    Error: args.error,
    Corte: args.corte,
  }, options);
  return toPartirChunkResult(oneRow(result, 0, procedures.partirChunk));
}

function toPartirChunkResult(row: Row): PartirChunkResult {
  return {
    partido: row['Partido'] as boolean,
    idChunk1: row['ID_Chunk_1'] as bigint | null,
    idChunk2: row['ID_Chunk_2'] as bigint | null,
    restantes: row['Restantes'] as number,
  };
}

/** Arguments of `trabajo.sp_Purgar_Trabajos`. */
export interface PurgarTrabajosArgs {
  /** datetime2(3), UTC */
  readonly antesDe: Date;
  /** varchar(50); NULL when left out */
  readonly tipo?: string | null | undefined;
  /** int; 2000 when left out */
  readonly maximo?: number | undefined;
}

/** The row that `trabajo.sp_Purgar_Trabajos` returns. */
export interface PurgarTrabajosResult {
  /** int; jobs deleted */
  readonly trabajos: number;
  /** int; chunks deleted */
  readonly chunks: number;
  /** int; error blocks deleted */
  readonly otros: number;
  /** bit; 1: the call reached its limit, there may be more */
  readonly quedan: boolean;
}

/**
 * Deletes jobs that ended before a moment, oldest first, of one kind or of all, with their chunks and, of a log
 * review, its error blocks: at most @Maximo rows a call, of at most 500 jobs, children first, so that a large
 * job goes in several calls; between them it is still an ended job with its counts. Call again until Quedan is
 * 0.
 *
 * Never FONDOS, which belong to a process, nor LO_PROCESOS (50409 when asked for by name). A job whose lock is
 * refused is skipped: somebody is about to bring it back to life. No chunk's lock is taken: an ended chunk has
 * no holder, and only a retry, which needs the job's lock, could give it another. A file whose newest review
 * goes keeps how far it was read.
 *
 * Calls `trabajo.sp_Purgar_Trabajos`.
 * Errors: 50400 BAD_ARGUMENT, 50409 WRONG_STATE, 50499 CANCELLED.
 * Touches: logs.Bloques_Error write, trabajo.Chunks write, logs.Archivos write, trabajo.Trabajos write.
 * Batch: 2000.
 * Entry: carril_app.
 */
export async function purgarTrabajos(session: Session, args: PurgarTrabajosArgs, options?: CallOptions): Promise<PurgarTrabajosResult> {
  const result = await session.call(procedures.purgarTrabajos, {
    Antes_De: args.antesDe,
    Tipo: args.tipo,
    Maximo: args.maximo,
  }, options);
  return toPurgarTrabajosResult(oneRow(result, 0, procedures.purgarTrabajos));
}

function toPurgarTrabajosResult(row: Row): PurgarTrabajosResult {
  return {
    trabajos: row['Trabajos'] as number,
    chunks: row['Chunks'] as number,
    otros: row['Otros'] as number,
    quedan: row['Quedan'] as boolean,
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

/** Arguments of `trabajo.sp_Reclamar_Paso`. */
export interface ReclamarPasoArgs {
  /** nvarchar(200) */
  readonly poseedor: string;
  /** trabajo.Lista_Tipos_v1; empty when left out */
  readonly tipos?: readonly trabajoTables.ListaTiposV1Row[] | undefined;
  /** int */
  readonly maximo: number;
  /** int */
  readonly arriendoS: number;
  /** bigint; NULL when left out */
  readonly idTrabajo?: bigint | null | undefined;
}

/** A row of `trabajo.sp_Reclamar_Paso`. */
export interface ReclamarPasoRow {
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
 * The claim itself, for trabajo.sp_Reclamar_Chunks and trabajo.sp_Completar_Chunks, which validate, begin and
 * commit: both take its rows with INSERT ... EXEC and answer after the commit. Never waits.
 *
 * Calls `trabajo.sp_Reclamar_Paso`.
 * Errors: 50400 BAD_ARGUMENT, 50409 WRONG_STATE, 50499 CANCELLED.
 * Touches: trabajo.Trabajos read, trabajo.Chunks write.
 * Batch: 2000.
 * Step: called inside the caller's transaction.
 */
export async function reclamarPaso(session: Session, args: ReclamarPasoArgs, options?: CallOptions): Promise<readonly ReclamarPasoRow[]> {
  const result = await session.call(procedures.reclamarPaso, {
    Poseedor: args.poseedor,
    Tipos: trabajoTables.listaTiposV1Rows(args.tipos),
    Maximo: args.maximo,
    Arriendo_s: args.arriendoS,
    ID_Trabajo: args.idTrabajo,
  }, options);
  return (result.results[0] ?? []).map(toReclamarPasoRow);
}

function toReclamarPasoRow(row: Row): ReclamarPasoRow {
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
  /** bit; 0 when left out */
  readonly transitorio?: boolean | undefined;
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
 * @Transitorio = 1: a database error that passes by itself (lost connection, deadlock, lock timeout,
 * throttling). The chunk goes back with the backoff of the times that it was held in vain, 2 s x 2^(Token -
 * attempts), and the attempt is given back, as long as fewer than 10 were (Token - attempts < 10); after that it
 * uses an attempt like any other failure.
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
    Transitorio: args.transitorio,
  }, options);
  return {
    estado: output['Estado'] as string,
    intento: output['Intento'] as number,
    noAntesDe: output['No_Antes_De'] as Date | null,
    idTrabajo: output['ID_Trabajo'] as bigint,
    registrado: output['Registrado'] as boolean,
  };
}

/** Arguments of `trabajo.sp_Reintentar_Trabajo`. */
export interface ReintentarTrabajoArgs {
  /** bigint */
  readonly idTrabajo: bigint;
  /** bigint; NULL when left out */
  readonly idChunk?: bigint | null | undefined;
}

/** The row that `trabajo.sp_Reintentar_Trabajo` returns. */
export interface ReintentarTrabajoResult {
  /** varchar(50); of the job */
  readonly estado: string;
  /** int; chunks that this call set free */
  readonly reintentados: number;
}

/**
 * Gives what failed or was cancelled another chance: chunks in ERROR or CANCELADO, or the given one of them,
 * become PENDIENTE with all their attempts (their token stays where it is); a job that had ended is EN_PROGRESO
 * again, no longer cancelled, its counts open. At most 500 chunks a call, in the job's order: call again until
 * Reintentados is 0. Nothing to retry changes nothing.
 *
 * Holds the job's lock Exclusive, and of each chunk its own (waiting at most 15 s): 500 is what keeps these
 * locks few. Refused (50409): FONDOS, retried by logs.sp_Reintentar_Proceso, and LO_PROCESOS; a log review that
 * has ended, for the next scan goes on where it stopped; a payroll consolidation that has ended, which is rolled
 * back instead; a job that is being cancelled, until it has ended.
 *
 * Calls `trabajo.sp_Reintentar_Trabajo`.
 * Errors: 50400 BAD_ARGUMENT, 50404 NOT_FOUND, 50408 LOCK_TIMEOUT, 50409 WRONG_STATE, 50499 CANCELLED.
 * Touches: trabajo.Chunks write, trabajo.Trabajos write.
 * Batch: 500.
 * Entry: carril_app.
 */
export async function reintentarTrabajo(session: Session, args: ReintentarTrabajoArgs, options?: CallOptions): Promise<ReintentarTrabajoResult> {
  const result = await session.call(procedures.reintentarTrabajo, {
    ID_Trabajo: args.idTrabajo,
    ID_Chunk: args.idChunk,
  }, options);
  return toReintentarTrabajoResult(oneRow(result, 0, procedures.reintentarTrabajo));
}

function toReintentarTrabajoResult(row: Row): ReintentarTrabajoResult {
  return {
    estado: row['Estado'] as string,
    reintentados: row['Reintentados'] as number,
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

/** Arguments of `trabajo.sp_Revocar_Credencial`. */
export interface RevocarCredencialArgs {
  /** bigint */
  readonly idCredencial: bigint;
}

/** The row that `trabajo.sp_Revocar_Credencial` returns. */
export interface RevocarCredencialResult {
  /** nvarchar(100) */
  readonly nombre: string;
  /** datetime2(3), UTC */
  readonly revocada: Date;
}

/**
 * Revokes a credential: from now on it opens nothing. One that was revoked before keeps its time. The row stays,
 * for who asks later what it was.
 *
 * Calls `trabajo.sp_Revocar_Credencial`.
 * Errors: 50400 BAD_ARGUMENT, 50404 NOT_FOUND.
 * Touches: trabajo.Credenciales write.
 * Batch: 1.
 * Entry: carril_dba.
 */
export async function revocarCredencial(session: Session, args: RevocarCredencialArgs, options?: CallOptions): Promise<RevocarCredencialResult> {
  const result = await session.call(procedures.revocarCredencial, {
    ID_Credencial: args.idCredencial,
  }, options);
  return toRevocarCredencialResult(oneRow(result, 0, procedures.revocarCredencial));
}

function toRevocarCredencialResult(row: Row): RevocarCredencialResult {
  return {
    nombre: row['Nombre'] as string,
    revocada: row['Revocada'] as Date,
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
 * unfinished, or they were cancelled and what is left is held by nobody alive. For idle polls. Never
 * LO_PROCESOS, which does not end, nor LOGS_SECUENCIAL, which has no chunks and is ended by who runs it.
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
 * only at 0. LO_PROCESOS and LOGS_SECUENCIAL do not count: no worker has anything to do for them.
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
