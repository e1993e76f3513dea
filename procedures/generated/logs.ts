// written by carril codegen, never edited
import { ProcedureError } from '../../engine/index.js';
import type { CallOptions, CallResult, Procedure, Row, Session } from '../../engine/index.js';
import * as logsTables from './logs.tables.js';
import * as trabajoTables from './trabajo.tables.js';
export * from './logs.tables.js';

/** What the engine knows of each procedure of logs. */
export const procedures: Readonly<Record<
  | 'liberarChunk'
  | 'reservarChunk'
  | 'abrirFondosLegado'
  | 'arquitecturaFondos'
  | 'backfillApartar'
  | 'backfillClave'
  | 'backfillDeshacer'
  | 'backfillEstado'
  | 'backfillFecha'
  | 'backfillListarApartados'
  | 'backfillListarMedidas'
  | 'backfillLote'
  | 'backfillMedir'
  | 'backfillRevertir'
  | 'backfillTerminar'
  | 'backfillVerificar'
  | 'borrarProceso'
  | 'buscarArchivo'
  | 'cambiarArquitectura'
  | 'cerrarRevision'
  | 'completarEjecucion'
  | 'comprobarLegado'
  | 'contarFondosLegado'
  | 'ejecutarServicio'
  | 'ejecutarServicioLegado'
  | 'escribirBloques'
  | 'estadoEjecuciones'
  | 'estadoProceso'
  | 'estadoServicios'
  | 'extraerLegado'
  | 'fallarServicio'
  | 'fallarServicioLegado'
  | 'finalizarProceso'
  | 'finalizarRevision'
  | 'guardarBloques'
  | 'guardarBloquesSecuencial'
  | 'informeBloques'
  | 'inicializarEjecucion'
  | 'inicializarProceso'
  | 'iniciarRevision'
  | 'listarBloques'
  | 'listarProcesos'
  | 'listarRevisiones'
  | 'marcarEstadoLegado'
  | 'marcarServicio'
  | 'planReversion'
  | 'recontarProceso'
  | 'reintentarProceso'
  | 'resolverPaso'
  | 'resolverProceso'
  | 'resultadosCapm'
  | 'resultadosDerivados'
  | 'resultadosIpa'
  | 'resultadosPnl'
  | 'resultadosPosModRf'
  | 'resultadosProceso'
  | 'resultadosServicios'
  | 'resultadosSona'
  | 'resultadosUbs'
  | 'resumenRevision'
  | 'revertirEjecucion'
  | 'revisarDespliegue'
  | 'tomarFondoLegado'
  | 'trazaCuellos'
  | 'trazaLineaTiempo'
  | 'trazaPurgar'
  | 'trazaRegistros'
  | 'trazaResolver'
  | 'trazaSolapes'
  | 'verificarServicios'
, Procedure>> = {
  liberarChunk: {
    name: 'logs.liberar_chunk',
    parameters: [
      { name: 'id', type: { kind: 'bigint' }, output: false, optional: false },
      { name: 'Token', type: { kind: 'bigint' }, output: false, optional: false },
      { name: 'estado', type: { kind: 'varchar', length: 50 }, output: false, optional: true },
      { name: 'mensaje', type: { kind: 'nvarchar', length: 4000 }, output: false, optional: true },
    ],
    results: [
      [
        { name: 'estado', type: { kind: 'varchar', length: 50 }, nullable: false },
      ],
    ],
  },
  reservarChunk: {
    name: 'logs.reservar_chunk',
    parameters: [
      { name: 'ruta_archivo', type: { kind: 'nvarchar', length: 400 }, output: false, optional: false },
      { name: 'byte_inicio', type: { kind: 'bigint' }, output: false, optional: false },
      { name: 'byte_fin', type: { kind: 'bigint' }, output: false, optional: false },
      { name: 'proceso', type: { kind: 'nvarchar', length: 200 }, output: false, optional: false },
      { name: 'usuario', type: { kind: 'nvarchar', length: 100 }, output: false, optional: true },
      { name: 'limite_min', type: { kind: 'int' }, output: false, optional: true },
    ],
    results: [
      [
        { name: 'id', type: { kind: 'bigint' }, nullable: false },
        { name: 'Token', type: { kind: 'bigint' }, nullable: false },
      ],
    ],
  },
  abrirFondosLegado: {
    name: 'logs.sp_Abrir_Fondos_Legado',
    parameters: [
      { name: 'ID_Chunk', type: { kind: 'bigint' }, output: false, optional: false },
      { name: 'Token', type: { kind: 'bigint' }, output: false, optional: false },
    ],
    results: [
      [
        { name: 'Estado', type: { kind: 'varchar', length: 50 }, nullable: false },
        { name: 'Fondos', type: { kind: 'int' }, nullable: false },
      ],
    ],
  },
  arquitecturaFondos: {
    name: 'logs.sp_Arquitectura_Fondos',
    parameters: [
      { name: 'Fondos', type: logsTables.listaFondosV1, output: false, optional: true },
    ],
    results: [
      [
        { name: 'FundShortName', type: { kind: 'nvarchar', length: 100 }, nullable: false },
        { name: 'Arquitectura', type: { kind: 'varchar', length: 20 }, nullable: false },
        { name: 'Propia', type: { kind: 'bit' }, nullable: false },
        { name: 'FechaCambio', type: { kind: 'datetime2', scale: 3 }, nullable: true },
        { name: 'Usuario', type: { kind: 'nvarchar', length: 100 }, nullable: true },
      ],
    ],
  },
  backfillApartar: {
    name: 'logs.sp_Backfill_Apartar',
    parameters: [
      { name: 'Tabla', type: { kind: 'nvarchar', length: 257 }, output: false, optional: false },
      { name: 'Desde', type: { kind: 'bigint' }, output: false, optional: false },
      { name: 'Hasta', type: { kind: 'bigint' }, output: false, optional: false },
      { name: 'Maximo', type: { kind: 'int' }, output: false, optional: false },
      { name: 'Filas', type: { kind: 'int' }, output: true, optional: true },
    ],
    results: [],
  },
  backfillClave: {
    name: 'logs.sp_Backfill_Clave',
    parameters: [
      { name: 'Tabla', type: { kind: 'nvarchar', length: 257 }, output: false, optional: false },
      { name: 'Desde_ID', type: { kind: 'bigint' }, output: false, optional: false },
      { name: 'Desde_Fund', type: { kind: 'int' }, output: false, optional: false },
      { name: 'Maximo', type: { kind: 'int' }, output: false, optional: false },
      { name: 'Filas', type: { kind: 'int' }, output: true, optional: true },
      { name: 'Hasta_ID', type: { kind: 'bigint' }, output: true, optional: true },
      { name: 'Hasta_Fund', type: { kind: 'int' }, output: true, optional: true },
    ],
    results: [],
  },
  backfillDeshacer: {
    name: 'logs.sp_Backfill_Deshacer',
    parameters: [
      { name: 'Tabla', type: { kind: 'nvarchar', length: 257 }, output: false, optional: false },
      { name: 'Desde', type: { kind: 'bigint' }, output: false, optional: false },
      { name: 'Maximo', type: { kind: 'int' }, output: false, optional: false },
      { name: 'Filas', type: { kind: 'int' }, output: true, optional: true },
      { name: 'Hasta', type: { kind: 'bigint' }, output: true, optional: true },
    ],
    results: [],
  },
  backfillEstado: {
    name: 'logs.sp_Backfill_Estado',
    parameters: [],
    results: [
      [
        { name: 'Fase', type: { kind: 'varchar', length: 20 }, nullable: false },
        { name: 'Tabla', type: { kind: 'nvarchar', length: 257 }, nullable: true },
        { name: 'Vuelta', type: { kind: 'int' }, nullable: false },
        { name: 'Lotes', type: { kind: 'bigint' }, nullable: false },
        { name: 'Filas', type: { kind: 'bigint' }, nullable: false },
        { name: 'Medidas', type: { kind: 'bigint' }, nullable: false },
        { name: 'Cambiadas', type: { kind: 'bigint' }, nullable: false },
        { name: 'Apartadas', type: { kind: 'bigint' }, nullable: false },
        { name: 'Ejecuciones', type: { kind: 'bigint' }, nullable: false },
        { name: 'Nuevas', type: { kind: 'bigint' }, nullable: false },
        { name: 'Sin_Proceso', type: { kind: 'bigint' }, nullable: false },
        { name: 'Mayor_Sentencia', type: { kind: 'int' }, nullable: false },
        { name: 'Inicio', type: { kind: 'datetime2', scale: 3 }, nullable: true },
        { name: 'Ultimo', type: { kind: 'datetime2', scale: 3 }, nullable: true },
        { name: 'Fin', type: { kind: 'datetime2', scale: 3 }, nullable: true },
        { name: 'Verificado', type: { kind: 'datetime2', scale: 3 }, nullable: true },
        { name: 'Terminado', type: { kind: 'datetime2', scale: 3 }, nullable: true },
      ],
    ],
  },
  backfillFecha: {
    name: 'logs.sp_Backfill_Fecha',
    parameters: [
      { name: 'Tabla', type: { kind: 'nvarchar', length: 257 }, output: false, optional: false },
      { name: 'Desde', type: { kind: 'bigint' }, output: false, optional: false },
      { name: 'Tope', type: { kind: 'bigint' }, output: false, optional: false },
      { name: 'Maximo', type: { kind: 'int' }, output: false, optional: false },
      { name: 'Cambiadas', type: { kind: 'int' }, output: true, optional: true },
      { name: 'Apartadas', type: { kind: 'int' }, output: true, optional: true },
      { name: 'Hasta', type: { kind: 'bigint' }, output: true, optional: true },
    ],
    results: [],
  },
  backfillListarApartados: {
    name: 'logs.sp_Backfill_Listar_Apartados',
    parameters: [],
    results: [
      [
        { name: 'Tabla', type: { kind: 'nvarchar', length: 257 }, nullable: false },
        { name: 'Motivo', type: { kind: 'varchar', length: 30 }, nullable: false },
        { name: 'Filas', type: { kind: 'bigint' }, nullable: false },
      ],
    ],
  },
  backfillListarMedidas: {
    name: 'logs.sp_Backfill_Listar_Medidas',
    parameters: [],
    results: [
      [
        { name: 'Tabla', type: { kind: 'nvarchar', length: 257 }, nullable: false },
        { name: 'Antes_Filas', type: { kind: 'bigint' }, nullable: false },
        { name: 'Antes_Suma', type: { kind: 'varchar', length: 90 }, nullable: false },
        { name: 'Cambiadas', type: { kind: 'bigint' }, nullable: false },
        { name: 'Apartadas', type: { kind: 'bigint' }, nullable: false },
        { name: 'Despues_Filas', type: { kind: 'bigint' }, nullable: true },
        { name: 'Despues_Suma', type: { kind: 'varchar', length: 90 }, nullable: true },
        { name: 'Pendientes', type: { kind: 'bigint' }, nullable: true },
        { name: 'Igual', type: { kind: 'bit' }, nullable: true },
      ],
    ],
  },
  backfillLote: {
    name: 'logs.sp_Backfill_Lote',
    parameters: [
      { name: 'Maximo', type: { kind: 'int' }, output: false, optional: true },
      { name: 'Otra_Vuelta', type: { kind: 'bit' }, output: false, optional: true },
    ],
    results: [
      [
        { name: 'Fase', type: { kind: 'varchar', length: 20 }, nullable: false },
        { name: 'Tabla', type: { kind: 'nvarchar', length: 257 }, nullable: true },
        { name: 'Filas', type: { kind: 'int' }, nullable: false },
        { name: 'Terminado', type: { kind: 'bit' }, nullable: false },
        { name: 'Lotes', type: { kind: 'bigint' }, nullable: false },
      ],
    ],
  },
  backfillMedir: {
    name: 'logs.sp_Backfill_Medir',
    parameters: [
      { name: 'Tabla', type: { kind: 'nvarchar', length: 257 }, output: false, optional: false },
      { name: 'Desde', type: { kind: 'bigint' }, output: false, optional: false },
      { name: 'Ventana', type: { kind: 'int' }, output: false, optional: false },
      { name: 'Filas', type: { kind: 'bigint' }, output: true, optional: true },
      { name: 'S1', type: { kind: 'varchar', length: 40 }, output: true, optional: true },
      { name: 'S2', type: { kind: 'varchar', length: 40 }, output: true, optional: true },
      { name: 'Apartar', type: { kind: 'bigint' }, output: true, optional: true },
      { name: 'Pendientes', type: { kind: 'bigint' }, output: true, optional: true },
      { name: 'Hasta', type: { kind: 'bigint' }, output: true, optional: true },
    ],
    results: [],
  },
  backfillRevertir: {
    name: 'logs.sp_Backfill_Revertir',
    parameters: [
      { name: 'Maximo', type: { kind: 'int' }, output: false, optional: true },
    ],
    results: [
      [
        { name: 'Fase', type: { kind: 'varchar', length: 20 }, nullable: false },
        { name: 'Tabla', type: { kind: 'nvarchar', length: 257 }, nullable: true },
        { name: 'Filas', type: { kind: 'int' }, nullable: false },
        { name: 'Terminado', type: { kind: 'bit' }, nullable: false },
        { name: 'Lotes', type: { kind: 'bigint' }, nullable: false },
      ],
    ],
  },
  backfillTerminar: {
    name: 'logs.sp_Backfill_Terminar',
    parameters: [
      { name: 'Deshacer', type: { kind: 'bit' }, output: false, optional: true },
    ],
    results: [],
  },
  backfillVerificar: {
    name: 'logs.sp_Backfill_Verificar',
    parameters: [
      { name: 'Ventana', type: { kind: 'int' }, output: false, optional: true },
    ],
    results: [
      [
        { name: 'Tabla', type: { kind: 'nvarchar', length: 257 }, nullable: true },
        { name: 'Filas', type: { kind: 'int' }, nullable: false },
        { name: 'Terminado', type: { kind: 'bit' }, nullable: false },
        { name: 'Correcto', type: { kind: 'bit' }, nullable: true },
      ],
    ],
  },
  borrarProceso: {
    name: 'logs.sp_Borrar_Proceso',
    parameters: [
      { name: 'ID_Proceso', type: { kind: 'bigint' }, output: false, optional: false },
      { name: 'Maximo', type: { kind: 'int' }, output: false, optional: true },
    ],
    results: [
      [
        { name: 'Borradas', type: { kind: 'int' }, nullable: false },
        { name: 'Quedan', type: { kind: 'bit' }, nullable: false },
      ],
    ],
  },
  buscarArchivo: {
    name: 'logs.sp_Buscar_Archivo',
    parameters: [
      { name: 'Ruta', type: { kind: 'nvarchar', length: 400 }, output: false, optional: false },
    ],
    results: [
      [
        { name: 'ID_Archivo', type: { kind: 'bigint' }, nullable: false },
        { name: 'Huella', type: { kind: 'varchar', length: 64 }, nullable: false },
        { name: 'Huella_Bytes', type: { kind: 'int' }, nullable: false },
        { name: 'Opciones', type: { kind: 'varchar', length: 64 }, nullable: false },
        { name: 'Leido', type: { kind: 'bigint' }, nullable: false },
        { name: 'Reanudar_En', type: { kind: 'bigint' }, nullable: false },
        { name: 'ID_Trabajo', type: { kind: 'bigint' }, nullable: true },
        { name: 'Tipo', type: { kind: 'varchar', length: 50 }, nullable: true },
        { name: 'Estado', type: { kind: 'varchar', length: 50 }, nullable: true },
        { name: 'Trabajo_Vivo', type: { kind: 'bigint' }, nullable: true },
        { name: 'Desde', type: { kind: 'bigint' }, nullable: true },
        { name: 'Hasta', type: { kind: 'bigint' }, nullable: true },
      ],
    ],
  },
  cambiarArquitectura: {
    name: 'logs.sp_Cambiar_Arquitectura',
    parameters: [
      { name: 'Arquitectura', type: { kind: 'varchar', length: 20 }, output: false, optional: false },
      { name: 'Fondos', type: logsTables.listaFondosV1, output: false, optional: true },
      { name: 'Usuario', type: { kind: 'nvarchar', length: 100 }, output: false, optional: true },
      { name: 'Cambiados', type: { kind: 'int' }, output: true, optional: false },
    ],
    results: [],
  },
  cerrarRevision: {
    name: 'logs.sp_Cerrar_Revision',
    parameters: [
      { name: 'ID_Trabajo', type: { kind: 'bigint' }, output: false, optional: false },
      { name: 'Error', type: { kind: 'nvarchar', length: 4000 }, output: false, optional: true },
      { name: 'Reanudar_En', type: { kind: 'bigint' }, output: false, optional: true },
      { name: 'Estado', type: { kind: 'varchar', length: 50 }, output: true, optional: true },
      { name: 'Cerrado', type: { kind: 'bit' }, output: true, optional: true },
    ],
    results: [],
  },
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
  comprobarLegado: {
    name: 'logs.sp_Comprobar_Legado',
    parameters: [
      { name: 'ID_Ejecucion', type: { kind: 'bigint' }, output: false, optional: false },
      { name: 'FechaReporte', type: { kind: 'date' }, output: false, optional: false },
    ],
    results: [],
  },
  contarFondosLegado: {
    name: 'logs.sp_Contar_Fondos_Legado',
    parameters: [
      { name: 'ID_Ejecucion', type: { kind: 'bigint' }, output: false, optional: false },
    ],
    results: [],
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
  ejecutarServicioLegado: {
    name: 'logs.sp_Ejecutar_Servicio_Legado',
    parameters: [
      { name: 'ID_Chunk', type: { kind: 'bigint' }, output: false, optional: false },
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
  escribirBloques: {
    name: 'logs.sp_Escribir_Bloques',
    parameters: [
      { name: 'ID_Trabajo', type: { kind: 'bigint' }, output: false, optional: false },
      { name: 'ID_Chunk', type: { kind: 'bigint' }, output: false, optional: false },
      { name: 'Desde', type: { kind: 'bigint' }, output: false, optional: false },
      { name: 'Hasta', type: { kind: 'bigint' }, output: false, optional: false },
      { name: 'Bloques', type: logsTables.listaBloquesV1, output: false, optional: true },
      { name: 'Escritos', type: { kind: 'int' }, output: true, optional: true },
    ],
    results: [],
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
  estadoServicios: {
    name: 'logs.sp_Estado_Servicios',
    parameters: [
      { name: 'ID_Proceso', type: { kind: 'bigint' }, output: false, optional: false },
    ],
    results: [
      [
        { name: 'ID_Ejecucion', type: { kind: 'bigint' }, nullable: false },
        { name: 'ID_Fund', type: { kind: 'int' }, nullable: false },
        { name: 'FundShortName', type: { kind: 'nvarchar', length: 100 }, nullable: false },
        { name: 'Servicio', type: { kind: 'varchar', length: 50 }, nullable: false },
        { name: 'Orden', type: { kind: 'int' }, nullable: false },
        { name: 'Estado', type: { kind: 'varchar', length: 50 }, nullable: false },
      ],
    ],
  },
  extraerLegado: {
    name: 'logs.sp_Extraer_Legado',
    parameters: [
      { name: 'ID_Chunk', type: { kind: 'bigint' }, output: false, optional: false },
      { name: 'Servicio', type: { kind: 'varchar', length: 50 }, output: false, optional: false },
      { name: 'Token', type: { kind: 'bigint' }, output: false, optional: false },
    ],
    results: [
      [
        { name: 'Pasos', type: { kind: 'int' }, nullable: false },
        { name: 'Duracion_Ms', type: { kind: 'int' }, nullable: false },
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
  fallarServicioLegado: {
    name: 'logs.sp_Fallar_Servicio_Legado',
    parameters: [
      { name: 'ID_Chunk', type: { kind: 'bigint' }, output: false, optional: false },
      { name: 'Servicio', type: { kind: 'varchar', length: 50 }, output: false, optional: false },
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
  finalizarRevision: {
    name: 'logs.sp_Finalizar_Revision',
    parameters: [
      { name: 'ID_Trabajo', type: { kind: 'bigint' }, output: false, optional: false },
      { name: 'Error', type: { kind: 'nvarchar', length: 4000 }, output: false, optional: true },
      { name: 'Reanudar_En', type: { kind: 'bigint' }, output: false, optional: true },
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
  guardarBloques: {
    name: 'logs.sp_Guardar_Bloques',
    parameters: [
      { name: 'ID_Chunk', type: { kind: 'bigint' }, output: false, optional: false },
      { name: 'Token', type: { kind: 'bigint' }, output: false, optional: false },
      { name: 'Desde', type: { kind: 'bigint' }, output: false, optional: false },
      { name: 'Hasta', type: { kind: 'bigint' }, output: false, optional: false },
      { name: 'Bloques', type: logsTables.listaBloquesV1, output: false, optional: true },
      { name: 'Completar', type: { kind: 'bit' }, output: false, optional: true },
      { name: 'Resultado', type: { kind: 'nvarchar', length: 'max' }, output: false, optional: true },
    ],
    results: [
      [
        { name: 'Estado', type: { kind: 'varchar', length: 50 }, nullable: false },
        { name: 'Bloques', type: { kind: 'int' }, nullable: false },
        { name: 'Restantes', type: { kind: 'int' }, nullable: false },
      ],
    ],
  },
  guardarBloquesSecuencial: {
    name: 'logs.sp_Guardar_Bloques_Secuencial',
    parameters: [
      { name: 'ID_Trabajo', type: { kind: 'bigint' }, output: false, optional: false },
      { name: 'Desde', type: { kind: 'bigint' }, output: false, optional: false },
      { name: 'Hasta', type: { kind: 'bigint' }, output: false, optional: false },
      { name: 'Bloques', type: logsTables.listaBloquesV1, output: false, optional: true },
    ],
    results: [
      [
        { name: 'Bloques', type: { kind: 'int' }, nullable: false },
      ],
    ],
  },
  informeBloques: {
    name: 'logs.sp_Informe_Bloques',
    parameters: [
      { name: 'ID_Trabajo', type: { kind: 'bigint' }, output: false, optional: true },
      { name: 'Ruta', type: { kind: 'nvarchar', length: 400 }, output: false, optional: true },
      { name: 'Maximo', type: { kind: 'int' }, output: false, optional: true },
    ],
    results: [
      [
        { name: 'Firma', type: { kind: 'nvarchar', length: 400 }, nullable: false },
        { name: 'Nivel', type: { kind: 'varchar', length: 20 }, nullable: false },
        { name: 'Veces', type: { kind: 'int' }, nullable: false },
        { name: 'Primero', type: { kind: 'datetime2', scale: 3 }, nullable: true },
        { name: 'Ultimo', type: { kind: 'datetime2', scale: 3 }, nullable: true },
        { name: 'Ejemplo', type: { kind: 'nvarchar', length: 1000 }, nullable: false },
        { name: 'Ejemplo_Inicio', type: { kind: 'bigint' }, nullable: false },
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
      { name: 'Arquitectura', type: { kind: 'varchar', length: 20 }, output: false, optional: true },
      { name: 'Servicio', type: { kind: 'varchar', length: 50 }, output: false, optional: true },
      { name: 'Huella', type: { kind: 'varchar', length: 64 }, output: false, optional: true },
      { name: 'ID_Proceso', type: { kind: 'bigint' }, output: true, optional: false },
      { name: 'ID_Trabajo', type: { kind: 'bigint' }, output: true, optional: false },
      { name: 'TotalFondos', type: { kind: 'int' }, output: true, optional: false },
    ],
    results: [],
  },
  iniciarRevision: {
    name: 'logs.sp_Iniciar_Revision',
    parameters: [
      { name: 'Ruta', type: { kind: 'nvarchar', length: 400 }, output: false, optional: false },
      { name: 'Huella', type: { kind: 'varchar', length: 64 }, output: false, optional: false },
      { name: 'Huella_Bytes', type: { kind: 'int' }, output: false, optional: false },
      { name: 'Opciones', type: { kind: 'varchar', length: 64 }, output: false, optional: false },
      { name: 'Desde', type: { kind: 'bigint' }, output: false, optional: false },
      { name: 'Hasta', type: { kind: 'bigint' }, output: false, optional: false },
      { name: 'ID_Archivo', type: { kind: 'bigint' }, output: false, optional: true },
      { name: 'Secuencial', type: { kind: 'bit' }, output: false, optional: true },
      { name: 'Parametros', type: { kind: 'nvarchar', length: 'max' }, output: false, optional: true },
      { name: 'Usuario', type: { kind: 'nvarchar', length: 100 }, output: false, optional: true },
      { name: 'Chunks', type: trabajoTables.listaChunksV1, output: false, optional: true },
    ],
    results: [
      [
        { name: 'ID_Trabajo', type: { kind: 'bigint' }, nullable: false },
        { name: 'ID_Archivo', type: { kind: 'bigint' }, nullable: false },
        { name: 'Creado', type: { kind: 'bit' }, nullable: false },
      ],
    ],
  },
  listarBloques: {
    name: 'logs.sp_Listar_Bloques',
    parameters: [
      { name: 'ID_Trabajo', type: { kind: 'bigint' }, output: false, optional: false },
      { name: 'Desde', type: { kind: 'bigint' }, output: false, optional: true },
      { name: 'Hasta', type: { kind: 'bigint' }, output: false, optional: true },
      { name: 'Maximo', type: { kind: 'int' }, output: false, optional: true },
    ],
    results: [
      [
        { name: 'ID_Chunk', type: { kind: 'bigint' }, nullable: true },
        { name: 'Byte_Inicio', type: { kind: 'bigint' }, nullable: false },
        { name: 'Byte_Fin', type: { kind: 'bigint' }, nullable: false },
        { name: 'Nivel', type: { kind: 'varchar', length: 20 }, nullable: false },
        { name: 'Momento', type: { kind: 'datetime2', scale: 3 }, nullable: true },
        { name: 'Firma', type: { kind: 'nvarchar', length: 400 }, nullable: false },
        { name: 'Primera_Linea', type: { kind: 'nvarchar', length: 1000 }, nullable: false },
        { name: 'Texto', type: { kind: 'nvarchar', length: 4000 }, nullable: false },
      ],
    ],
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
  listarRevisiones: {
    name: 'logs.sp_Listar_Revisiones',
    parameters: [
      { name: 'Ruta', type: { kind: 'nvarchar', length: 400 }, output: false, optional: true },
    ],
    results: [
      [
        { name: 'Ruta', type: { kind: 'nvarchar', length: 400 }, nullable: false },
        { name: 'ID_Archivo', type: { kind: 'bigint' }, nullable: false },
        { name: 'ID_Trabajo', type: { kind: 'bigint' }, nullable: true },
        { name: 'Estado_Trabajo', type: { kind: 'varchar', length: 50 }, nullable: true },
        { name: 'Leido', type: { kind: 'bigint' }, nullable: false },
        { name: 'Reanudar_En', type: { kind: 'bigint' }, nullable: false },
        { name: 'ID_Chunk', type: { kind: 'bigint' }, nullable: true },
        { name: 'Orden', type: { kind: 'int' }, nullable: true },
        { name: 'Byte_Inicio', type: { kind: 'bigint' }, nullable: true },
        { name: 'Byte_Fin', type: { kind: 'bigint' }, nullable: true },
        { name: 'Estado', type: { kind: 'varchar', length: 50 }, nullable: true },
        { name: 'Poseedor', type: { kind: 'nvarchar', length: 200 }, nullable: true },
        { name: 'Intento', type: { kind: 'int' }, nullable: true },
        { name: 'Fin', type: { kind: 'datetime2', scale: 3 }, nullable: true },
      ],
    ],
  },
  marcarEstadoLegado: {
    name: 'logs.sp_Marcar_Estado_Legado',
    parameters: [
      { name: 'ID_Chunk', type: { kind: 'bigint' }, output: false, optional: false },
      { name: 'Servicio', type: { kind: 'varchar', length: 50 }, output: false, optional: false },
      { name: 'Token', type: { kind: 'bigint' }, output: false, optional: false },
    ],
    results: [],
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
  planReversion: {
    name: 'logs.sp_Plan_Reversion',
    parameters: [
      { name: 'ID_Proceso', type: { kind: 'bigint' }, output: false, optional: true },
      { name: 'ID_Ejecucion', type: { kind: 'bigint' }, output: false, optional: true },
    ],
    results: [
      [
        { name: 'ID_Proceso', type: { kind: 'bigint' }, nullable: true },
        { name: 'ID_Ejecucion', type: { kind: 'bigint' }, nullable: false },
        { name: 'FundShortName', type: { kind: 'nvarchar', length: 100 }, nullable: true },
        { name: 'Estado', type: { kind: 'varchar', length: 50 }, nullable: false },
        { name: 'Termino', type: { kind: 'bit' }, nullable: false },
        { name: 'Filas', type: { kind: 'bigint' }, nullable: false },
      ],
    ],
  },
  recontarProceso: {
    name: 'logs.sp_Recontar_Proceso',
    parameters: [
      { name: 'ID_Proceso', type: { kind: 'bigint' }, output: false, optional: false },
    ],
    results: [],
  },
  reintentarProceso: {
    name: 'logs.sp_Reintentar_Proceso',
    parameters: [
      { name: 'ID_Proceso', type: { kind: 'bigint' }, output: false, optional: false },
    ],
    results: [
      [
        { name: 'ID_Proceso', type: { kind: 'bigint' }, nullable: false },
        { name: 'Estado', type: { kind: 'varchar', length: 50 }, nullable: false },
        { name: 'Reintentados', type: { kind: 'int' }, nullable: false },
      ],
    ],
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
  resultadosCapm: {
    name: 'logs.sp_Resultados_CAPM',
    parameters: [
      { name: 'ID_Proceso', type: { kind: 'bigint' }, output: false, optional: false },
      { name: 'Fondo', type: { kind: 'nvarchar', length: 100 }, output: false, optional: true },
    ],
    results: [
      [
        { name: 'FundShortName', type: { kind: 'nvarchar', length: 100 }, nullable: false },
        { name: 'ID_Ejecucion', type: { kind: 'bigint' }, nullable: false },
        { name: 'Patrimonio_Contable', type: { kind: 'varchar', length: 40 }, nullable: false },
        { name: 'Total_IPA', type: { kind: 'varchar', length: 40 }, nullable: false },
        { name: 'Diferencia', type: { kind: 'varchar', length: 40 }, nullable: false },
        { name: 'Diferencia_PB', type: { kind: 'varchar', length: 40 }, nullable: true },
      ],
    ],
  },
  resultadosDerivados: {
    name: 'logs.sp_Resultados_Derivados',
    parameters: [
      { name: 'ID_Proceso', type: { kind: 'bigint' }, output: false, optional: false },
      { name: 'Fondo', type: { kind: 'nvarchar', length: 100 }, output: false, optional: true },
    ],
    results: [
      [
        { name: 'FundShortName', type: { kind: 'nvarchar', length: 100 }, nullable: false },
        { name: 'ID_Ejecucion', type: { kind: 'bigint' }, nullable: false },
        { name: 'InvestID', type: { kind: 'nvarchar', length: 100 }, nullable: false },
        { name: 'Descripcion', type: { kind: 'nvarchar', length: 200 }, nullable: false },
        { name: 'Nocional', type: { kind: 'varchar', length: 40 }, nullable: false },
        { name: 'ValorMercado', type: { kind: 'varchar', length: 40 }, nullable: false },
        { name: 'Exposicion_Delta', type: { kind: 'varchar', length: 40 }, nullable: true },
      ],
    ],
  },
  resultadosIpa: {
    name: 'logs.sp_Resultados_IPA',
    parameters: [
      { name: 'ID_Proceso', type: { kind: 'bigint' }, output: false, optional: false },
      { name: 'Fondo', type: { kind: 'nvarchar', length: 100 }, output: false, optional: true },
    ],
    results: [
      [
        { name: 'FundShortName', type: { kind: 'nvarchar', length: 100 }, nullable: false },
        { name: 'ID_Ejecucion', type: { kind: 'bigint' }, nullable: false },
        { name: 'InvestID', type: { kind: 'nvarchar', length: 100 }, nullable: false },
        { name: 'Descripcion', type: { kind: 'nvarchar', length: 200 }, nullable: false },
        { name: 'Moneda', type: { kind: 'char', length: 3 }, nullable: false },
        { name: 'Cantidad', type: { kind: 'varchar', length: 40 }, nullable: false },
        { name: 'PrecioLocal', type: { kind: 'varchar', length: 40 }, nullable: true },
        { name: 'ValorMercado', type: { kind: 'varchar', length: 40 }, nullable: false },
        { name: 'Peso', type: { kind: 'varchar', length: 40 }, nullable: false },
        { name: 'Lineas', type: { kind: 'int' }, nullable: false },
        { name: 'Repreciadas', type: { kind: 'int' }, nullable: false },
        { name: 'Es_Efectivo', type: { kind: 'bit' }, nullable: false },
      ],
    ],
  },
  resultadosPnl: {
    name: 'logs.sp_Resultados_PNL',
    parameters: [
      { name: 'ID_Proceso', type: { kind: 'bigint' }, output: false, optional: false },
      { name: 'Fondo', type: { kind: 'nvarchar', length: 100 }, output: false, optional: true },
    ],
    results: [
      [
        { name: 'FundShortName', type: { kind: 'nvarchar', length: 100 }, nullable: false },
        { name: 'ID_Ejecucion', type: { kind: 'bigint' }, nullable: false },
        { name: 'InvestID', type: { kind: 'nvarchar', length: 100 }, nullable: false },
        { name: 'FechaAnterior', type: { kind: 'date' }, nullable: true },
        { name: 'Cambio_Valor', type: { kind: 'varchar', length: 40 }, nullable: false },
        { name: 'Efecto_Precio', type: { kind: 'varchar', length: 40 }, nullable: false },
        { name: 'Efecto_Cantidad', type: { kind: 'varchar', length: 40 }, nullable: false },
      ],
    ],
  },
  resultadosPosModRf: {
    name: 'logs.sp_Resultados_PosModRF',
    parameters: [
      { name: 'ID_Proceso', type: { kind: 'bigint' }, output: false, optional: false },
      { name: 'Fondo', type: { kind: 'nvarchar', length: 100 }, output: false, optional: true },
    ],
    results: [
      [
        { name: 'FundShortName', type: { kind: 'nvarchar', length: 100 }, nullable: false },
        { name: 'ID_Ejecucion', type: { kind: 'bigint' }, nullable: false },
        { name: 'InvestID', type: { kind: 'nvarchar', length: 100 }, nullable: false },
        { name: 'Descripcion', type: { kind: 'nvarchar', length: 200 }, nullable: false },
        { name: 'Nominal', type: { kind: 'varchar', length: 40 }, nullable: false },
        { name: 'ValorMercado', type: { kind: 'varchar', length: 40 }, nullable: false },
        { name: 'Peso', type: { kind: 'varchar', length: 40 }, nullable: false },
        { name: 'DuracionModificada', type: { kind: 'varchar', length: 40 }, nullable: true },
        { name: 'Contribucion', type: { kind: 'varchar', length: 40 }, nullable: true },
        { name: 'Duracion_Fondo', type: { kind: 'varchar', length: 40 }, nullable: true },
      ],
    ],
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
  resultadosServicios: {
    name: 'logs.sp_Resultados_Servicios',
    parameters: [
      { name: 'ID_Proceso', type: { kind: 'bigint' }, output: false, optional: false },
    ],
    results: [
      [
        { name: 'FundShortName', type: { kind: 'nvarchar', length: 100 }, nullable: false },
        { name: 'ID_Ejecucion', type: { kind: 'bigint' }, nullable: false },
        { name: 'Servicio', type: { kind: 'varchar', length: 50 }, nullable: false },
        { name: 'Estado', type: { kind: 'varchar', length: 50 }, nullable: false },
        { name: 'Filas', type: { kind: 'int' }, nullable: false },
      ],
    ],
  },
  resultadosSona: {
    name: 'logs.sp_Resultados_SONA',
    parameters: [
      { name: 'ID_Proceso', type: { kind: 'bigint' }, output: false, optional: false },
      { name: 'Fondo', type: { kind: 'nvarchar', length: 100 }, output: false, optional: true },
    ],
    results: [
      [
        { name: 'FundShortName', type: { kind: 'nvarchar', length: 100 }, nullable: false },
        { name: 'ID_Ejecucion', type: { kind: 'bigint' }, nullable: false },
        { name: 'InvestID', type: { kind: 'nvarchar', length: 100 }, nullable: false },
        { name: 'Moneda', type: { kind: 'char', length: 3 }, nullable: false },
        { name: 'Cantidad_Pendiente', type: { kind: 'varchar', length: 40 }, nullable: false },
        { name: 'Monto_Pendiente', type: { kind: 'varchar', length: 40 }, nullable: false },
        { name: 'Operaciones', type: { kind: 'int' }, nullable: false },
      ],
    ],
  },
  resultadosUbs: {
    name: 'logs.sp_Resultados_UBS',
    parameters: [
      { name: 'ID_Proceso', type: { kind: 'bigint' }, output: false, optional: false },
      { name: 'Fondo', type: { kind: 'nvarchar', length: 100 }, output: false, optional: true },
    ],
    results: [
      [
        { name: 'FundShortName', type: { kind: 'nvarchar', length: 100 }, nullable: false },
        { name: 'ID_Ejecucion', type: { kind: 'bigint' }, nullable: false },
        { name: 'InvestID', type: { kind: 'nvarchar', length: 100 }, nullable: false },
        { name: 'Tipo_Diferencia', type: { kind: 'varchar', length: 20 }, nullable: false },
        { name: 'Cantidad_IPA', type: { kind: 'varchar', length: 40 }, nullable: true },
        { name: 'Cantidad_UBS', type: { kind: 'varchar', length: 40 }, nullable: true },
        { name: 'Diferencia', type: { kind: 'varchar', length: 40 }, nullable: false },
      ],
    ],
  },
  resumenRevision: {
    name: 'logs.sp_Resumen_Revision',
    parameters: [
      { name: 'ID_Trabajo', type: { kind: 'bigint' }, output: false, optional: true },
      { name: 'Ruta', type: { kind: 'nvarchar', length: 400 }, output: false, optional: true },
    ],
    results: [
      [
        { name: 'ID_Trabajo', type: { kind: 'bigint' }, nullable: false },
        { name: 'Tipo', type: { kind: 'varchar', length: 50 }, nullable: false },
        { name: 'Ruta', type: { kind: 'nvarchar', length: 400 }, nullable: false },
        { name: 'ID_Archivo', type: { kind: 'bigint' }, nullable: false },
        { name: 'Estado', type: { kind: 'varchar', length: 50 }, nullable: false },
        { name: 'Desde', type: { kind: 'bigint' }, nullable: false },
        { name: 'Hasta', type: { kind: 'bigint' }, nullable: false },
        { name: 'Bloques', type: { kind: 'int' }, nullable: false },
        { name: 'Firmas', type: { kind: 'int' }, nullable: false },
        { name: 'FechaCreacion', type: { kind: 'datetime2', scale: 3 }, nullable: false },
        { name: 'FechaFin', type: { kind: 'datetime2', scale: 3 }, nullable: true },
        { name: 'Ultimo_Error', type: { kind: 'nvarchar', length: 4000 }, nullable: true },
      ],
    ],
  },
  revertirEjecucion: {
    name: 'logs.sp_Revertir_Ejecucion',
    parameters: [
      { name: 'ID_Ejecucion', type: { kind: 'bigint' }, output: false, optional: false },
      { name: 'Maximo', type: { kind: 'int' }, output: false, optional: true },
    ],
    results: [
      [
        { name: 'Borradas', type: { kind: 'int' }, nullable: false },
        { name: 'Quedan', type: { kind: 'bit' }, nullable: false },
        { name: 'Ajenas', type: { kind: 'nvarchar', length: 2000 }, nullable: true },
      ],
    ],
  },
  revisarDespliegue: {
    name: 'logs.sp_Revisar_Despliegue',
    parameters: [
      { name: 'Horas', type: { kind: 'int' }, output: false, optional: true },
      { name: 'Dias', type: { kind: 'int' }, output: false, optional: true },
      { name: 'Fallos_Pct', type: { kind: 'int' }, output: false, optional: true },
      { name: 'Duracion_Pct', type: { kind: 'int' }, output: false, optional: true },
    ],
    results: [
      [
        { name: 'Disparador', type: { kind: 'varchar', length: 20 }, nullable: false },
        { name: 'Dispara', type: { kind: 'bit' }, nullable: false },
        { name: 'Valor', type: { kind: 'float' }, nullable: true },
        { name: 'Umbral', type: { kind: 'float' }, nullable: false },
        { name: 'Muestras', type: { kind: 'int' }, nullable: false },
        { name: 'Actual', type: { kind: 'float' }, nullable: true },
        { name: 'Base', type: { kind: 'float' }, nullable: true },
      ],
    ],
  },
  tomarFondoLegado: {
    name: 'logs.sp_Tomar_Fondo_Legado',
    parameters: [
      { name: 'ID_Chunk', type: { kind: 'bigint' }, output: false, optional: false },
      { name: 'Token', type: { kind: 'bigint' }, output: false, optional: false },
      { name: 'Estado', type: { kind: 'varchar', length: 50 }, output: true, optional: true },
      { name: 'ID_Trabajo', type: { kind: 'bigint' }, output: true, optional: true },
      { name: 'ID_Ejecucion', type: { kind: 'bigint' }, output: true, optional: true },
      { name: 'FechaReporte', type: { kind: 'date' }, output: true, optional: true },
      { name: 'ID_Fund', type: { kind: 'int' }, output: true, optional: true },
      { name: 'Portfolio_Geneva', type: { kind: 'varchar', length: 50 }, output: true, optional: true },
    ],
    results: [],
  },
  trazaCuellos: {
    name: 'logs.sp_Traza_Cuellos',
    parameters: [
      { name: 'ID_Proceso', type: { kind: 'bigint' }, output: false, optional: true },
      { name: 'ID_Trabajo', type: { kind: 'bigint' }, output: false, optional: true },
    ],
    results: [
      [
        { name: 'Recurso', type: { kind: 'nvarchar', length: 100 }, nullable: true },
        { name: 'Total_Accesos', type: { kind: 'int' }, nullable: false },
        { name: 'Duracion_Promedio_Ms', type: { kind: 'int' }, nullable: true },
        { name: 'Duracion_Maxima_Ms', type: { kind: 'int' }, nullable: true },
        { name: 'Duracion_Total_Ms', type: { kind: 'bigint' }, nullable: false },
        { name: 'Total_Locks', type: { kind: 'int' }, nullable: false },
        { name: 'Total_Esperas', type: { kind: 'int' }, nullable: false },
        { name: 'Espera_Ms', type: { kind: 'bigint' }, nullable: false },
        { name: 'Errores', type: { kind: 'int' }, nullable: false },
      ],
    ],
  },
  trazaLineaTiempo: {
    name: 'logs.sp_Traza_Linea_Tiempo',
    parameters: [
      { name: 'ID_Proceso', type: { kind: 'bigint' }, output: false, optional: true },
      { name: 'ID_Trabajo', type: { kind: 'bigint' }, output: false, optional: true },
    ],
    results: [
      [
        { name: 'ID_Fund', type: { kind: 'int' }, nullable: true },
        { name: 'FundShortName', type: { kind: 'nvarchar', length: 100 }, nullable: true },
        { name: 'Chunk', type: { kind: 'nvarchar', length: 50 }, nullable: true },
        { name: 'Etapa', type: { kind: 'nvarchar', length: 50 }, nullable: true },
        { name: 'Inicio', type: { kind: 'datetime2', scale: 3 }, nullable: false },
        { name: 'Fin', type: { kind: 'datetime2', scale: 3 }, nullable: true },
        { name: 'Duracion_Ms', type: { kind: 'bigint' }, nullable: true },
        { name: 'Trabajo_Ms', type: { kind: 'bigint' }, nullable: false },
        { name: 'Espera_Ms', type: { kind: 'bigint' }, nullable: false },
        { name: 'Intentos', type: { kind: 'int' }, nullable: false },
        { name: 'Errores', type: { kind: 'int' }, nullable: false },
        { name: 'Abiertos', type: { kind: 'int' }, nullable: false },
      ],
    ],
  },
  trazaPurgar: {
    name: 'logs.sp_Traza_Purgar',
    parameters: [
      { name: 'Antes_De', type: { kind: 'datetime2', scale: 3 }, output: false, optional: false },
      { name: 'Maximo', type: { kind: 'int' }, output: false, optional: true },
    ],
    results: [
      [
        { name: 'Borradas', type: { kind: 'int' }, nullable: false },
        { name: 'Quedan', type: { kind: 'bit' }, nullable: false },
      ],
    ],
  },
  trazaRegistros: {
    name: 'logs.sp_Traza_Registros',
    parameters: [
      { name: 'ID_Proceso', type: { kind: 'bigint' }, output: false, optional: true },
      { name: 'ID_Trabajo', type: { kind: 'bigint' }, output: false, optional: true },
      { name: 'Desde', type: { kind: 'datetime2', scale: 3 }, output: false, optional: true },
      { name: 'Despues_De', type: { kind: 'bigint' }, output: false, optional: true },
      { name: 'Maximo', type: { kind: 'int' }, output: false, optional: true },
    ],
    results: [
      [
        { name: 'ID_Trace', type: { kind: 'bigint' }, nullable: false },
        { name: 'ID_Ejecucion', type: { kind: 'bigint' }, nullable: true },
        { name: 'ID_Fund', type: { kind: 'int' }, nullable: true },
        { name: 'FundShortName', type: { kind: 'nvarchar', length: 100 }, nullable: true },
        { name: 'Timestamp', type: { kind: 'datetime2', scale: 3 }, nullable: false },
        { name: 'Etapa', type: { kind: 'nvarchar', length: 50 }, nullable: true },
        { name: 'SubEtapa', type: { kind: 'nvarchar', length: 50 }, nullable: true },
        { name: 'Tipo_Evento', type: { kind: 'nvarchar', length: 20 }, nullable: false },
        { name: 'Recurso', type: { kind: 'nvarchar', length: 100 }, nullable: true },
        { name: 'Duracion_Ms', type: { kind: 'int' }, nullable: true },
        { name: 'Metadata', type: { kind: 'nvarchar', length: 'max' }, nullable: true },
        { name: 'Thread_ID', type: { kind: 'int' }, nullable: true },
      ],
    ],
  },
  trazaResolver: {
    name: 'logs.sp_Traza_Resolver',
    parameters: [
      { name: 'ID_Proceso', type: { kind: 'bigint' }, output: false, optional: false },
      { name: 'ID_Trabajo', type: { kind: 'bigint' }, output: false, optional: false },
      { name: 'ID_Raiz_Proceso', type: { kind: 'bigint' }, output: true, optional: true },
      { name: 'ID_Raiz_Trabajo', type: { kind: 'bigint' }, output: true, optional: true },
    ],
    results: [],
  },
  trazaSolapes: {
    name: 'logs.sp_Traza_Solapes',
    parameters: [
      { name: 'ID_Proceso', type: { kind: 'bigint' }, output: false, optional: true },
      { name: 'ID_Trabajo', type: { kind: 'bigint' }, output: false, optional: true },
      { name: 'Maximo', type: { kind: 'int' }, output: false, optional: true },
    ],
    results: [
      [
        { name: 'Fund1', type: { kind: 'int' }, nullable: true },
        { name: 'Fund2', type: { kind: 'int' }, nullable: true },
        { name: 'Nombre1', type: { kind: 'nvarchar', length: 100 }, nullable: true },
        { name: 'Nombre2', type: { kind: 'nvarchar', length: 100 }, nullable: true },
        { name: 'Parte1', type: { kind: 'nvarchar', length: 50 }, nullable: true },
        { name: 'Parte2', type: { kind: 'nvarchar', length: 50 }, nullable: true },
        { name: 'Recurso', type: { kind: 'nvarchar', length: 100 }, nullable: true },
        { name: 'Inicio_Fund1', type: { kind: 'datetime2', scale: 3 }, nullable: false },
        { name: 'Inicio_Fund2', type: { kind: 'datetime2', scale: 3 }, nullable: false },
        { name: 'Diferencia_Ms', type: { kind: 'int' }, nullable: false },
        { name: 'Overlap_Ms', type: { kind: 'int' }, nullable: false },
      ],
    ],
  },
  verificarServicios: {
    name: 'logs.sp_Verificar_Servicios',
    parameters: [],
    results: [
      [
        { name: 'Servicio', type: { kind: 'varchar', length: 50 }, nullable: false },
        { name: 'Orden', type: { kind: 'int' }, nullable: true },
        { name: 'Problema', type: { kind: 'varchar', length: 30 }, nullable: false },
        { name: 'Detalle', type: { kind: 'nvarchar', length: 2048 }, nullable: false },
      ],
    ],
  },
};

/** Arguments of `logs.liberar_chunk`. */
export interface LiberarChunkArgs {
  /** bigint */
  readonly id: bigint;
  /** bigint */
  readonly token: bigint;
  /** varchar(50); 'COMPLETADO' when left out */
  readonly estado?: string | undefined;
  /** nvarchar(4000); NULL when left out */
  readonly mensaje?: string | null | undefined;
}

/** The row that `logs.liberar_chunk` returns. */
export interface LiberarChunkResult {
  /** varchar(50); of the row now */
  readonly estado: string;
}

/**
 * Releases a range that logs.reservar_chunk reserved, under its token: COMPLETADO, ERROR, CANCELADO, or
 * PENDIENTE to give it back. A message, when given, replaces the row's. 50410 when somebody else has taken it
 * over, or when nobody holds it any more and it is not in that state. Already released like that under this
 * token: says so and does nothing. Rows of carril's own log review (negative ids) are released by their workers
 * only (50409).
 *
 * Calls `logs.liberar_chunk`.
 * Errors: 50400 BAD_ARGUMENT, 50404 NOT_FOUND, 50408 LOCK_TIMEOUT, 50409 WRONG_STATE, 50410 LEASE_LOST, 50499
 * CANCELLED.
 * Touches: trabajo.Lo_Procesos write, trabajo.Chunks write, trabajo.Trabajos read.
 * Batch: 1.
 * Entry: carril_app.
 */
export async function liberarChunk(session: Session, args: LiberarChunkArgs, options?: CallOptions): Promise<LiberarChunkResult> {
  const result = await session.call(procedures.liberarChunk, {
    id: args.id,
    Token: args.token,
    estado: args.estado,
    mensaje: args.mensaje,
  }, options);
  return toLiberarChunkResult(oneRow(result, 0, procedures.liberarChunk));
}

function toLiberarChunkResult(row: Row): LiberarChunkResult {
  return {
    estado: row['estado'] as string,
  };
}

/** Arguments of `logs.reservar_chunk`. */
export interface ReservarChunkArgs {
  /** nvarchar(400) */
  readonly rutaArchivo: string;
  /** bigint */
  readonly byteInicio: bigint;
  /** bigint */
  readonly byteFin: bigint;
  /** nvarchar(200) */
  readonly proceso: string;
  /** nvarchar(100); NULL when left out */
  readonly usuario?: string | null | undefined;
  /** int; 30 when left out */
  readonly limiteMin?: number | undefined;
}

/** The row that `logs.reservar_chunk` returns. */
export interface ReservarChunkResult {
  /** bigint; of the row of LO_PROCESOS */
  readonly id: bigint;
  /** bigint; to be given to logs.liberar_chunk */
  readonly token: bigint;
}

/**
 * Reserves a range of bytes of a log for a process: a row of LO_PROCESOS in PROCESANDO, held for @limite_min
 * minutes. A range that overlaps one of that file which is PENDIENTE, PROCESANDO or COMPLETADO is refused
 * (50409, naming its id), with two exceptions, both for exactly the same range: one that is PENDIENTE is taken,
 * and one that has been PROCESANDO for longer than @limite_min is taken over, under a higher token, so that its
 * holder can no longer release it. Ranges in ERROR or CANCELADO are in nobody's way. Paths are compared letter
 * by letter and do not end in a blank (50400); reservations of one file wait for each other, at most 15 s.
 *
 * Calls `logs.reservar_chunk`.
 * Errors: 50400 BAD_ARGUMENT, 50408 LOCK_TIMEOUT, 50409 WRONG_STATE, 50499 CANCELLED.
 * Touches: trabajo.Lo_Procesos write, trabajo.Chunks write, trabajo.Trabajos read.
 * Batch: 1.
 * Entry: carril_app.
 */
export async function reservarChunk(session: Session, args: ReservarChunkArgs, options?: CallOptions): Promise<ReservarChunkResult> {
  const result = await session.call(procedures.reservarChunk, {
    ruta_archivo: args.rutaArchivo,
    byte_inicio: args.byteInicio,
    byte_fin: args.byteFin,
    proceso: args.proceso,
    usuario: args.usuario,
    limite_min: args.limiteMin,
  }, options);
  return toReservarChunkResult(oneRow(result, 0, procedures.reservarChunk));
}

function toReservarChunkResult(row: Row): ReservarChunkResult {
  return {
    id: row['id'] as bigint,
    token: row['Token'] as bigint,
  };
}

/** Arguments of `logs.sp_Abrir_Fondos_Legado`. */
export interface AbrirFondosLegadoArgs {
  /** bigint */
  readonly idChunk: bigint;
  /** bigint */
  readonly token: bigint;
}

/** The row that `logs.sp_Abrir_Fondos_Legado` returns. */
export interface AbrirFondosLegadoResult {
  /** varchar(50); COMPLETADO */
  readonly estado: string;
  /** int */
  readonly fondos: number;
}

/**
 * Completes the extraction chunk of a run of the old way and, in the same transaction, adds a chunk for each
 * fund of its shared execution: none can be claimed before all is extracted. Already complete under this token:
 * does nothing.
 *
 * Calls `logs.sp_Abrir_Fondos_Legado`.
 * Errors: 50400 BAD_ARGUMENT, 50404 NOT_FOUND, 50408 LOCK_TIMEOUT, 50409 WRONG_STATE, 50410 LEASE_LOST, 50499
 * CANCELLED.
 * Touches: homol.IPA read, homol.CAPM read, homol.PosModRF read, homol.SONA read, homol.Derivados read,
 * homol.UBS read, trabajo.Chunks write, logs.Ejecuciones write, logs.Ejecucion_Fondos read.
 * Batch: 2000.
 * Entry: carril_app.
 */
export async function abrirFondosLegado(session: Session, args: AbrirFondosLegadoArgs, options?: CallOptions): Promise<AbrirFondosLegadoResult> {
  const result = await session.call(procedures.abrirFondosLegado, {
    ID_Chunk: args.idChunk,
    Token: args.token,
  }, options);
  return toAbrirFondosLegadoResult(oneRow(result, 0, procedures.abrirFondosLegado));
}

function toAbrirFondosLegadoResult(row: Row): AbrirFondosLegadoResult {
  return {
    estado: row['Estado'] as string,
    fondos: row['Fondos'] as number,
  };
}

/** Arguments of `logs.sp_Arquitectura_Fondos`. */
export interface ArquitecturaFondosArgs {
  /** logs.Lista_Fondos_v1; empty when left out */
  readonly fondos?: readonly logsTables.ListaFondosV1Row[] | undefined;
}

/** A row of `logs.sp_Arquitectura_Fondos`. */
export interface ArquitecturaFondosRow {
  /** nvarchar(100) */
  readonly fundShortName: string;
  /** varchar(20); LEGADO or JERARQUICA */
  readonly arquitectura: string;
  /** bit; a setting of the fund itself; else the general one */
  readonly propia: boolean;
  /** datetime2(3), UTC */
  readonly fechaCambio: Date | null;
  /** nvarchar(100) */
  readonly usuario: string | null;
}

/**
 * The way each of these funds runs from now on, by name; of none given, that of all that are Active and
 * Incluir_En_Cubo. A process that has started keeps its own.
 *
 * Calls `logs.sp_Arquitectura_Fondos`.
 * Errors: none of its own.
 * Touches: dimensionales.BD_Funds read, logs.Ajustes read.
 * Batch: none.
 * Entry: carril_app, carril_lector.
 */
export async function arquitecturaFondos(session: Session, args: ArquitecturaFondosArgs = {}, options?: CallOptions): Promise<readonly ArquitecturaFondosRow[]> {
  const result = await session.call(procedures.arquitecturaFondos, {
    Fondos: logsTables.listaFondosV1Rows(args.fondos),
  }, options);
  return (result.results[0] ?? []).map(toArquitecturaFondosRow);
}

function toArquitecturaFondosRow(row: Row): ArquitecturaFondosRow {
  return {
    fundShortName: row['FundShortName'] as string,
    arquitectura: row['Arquitectura'] as string,
    propia: row['Propia'] as boolean,
    fechaCambio: row['FechaCambio'] as Date | null,
    usuario: row['Usuario'] as string | null,
  };
}

/** Arguments of `logs.sp_Backfill_Apartar`. */
export interface BackfillApartarArgs {
  /** nvarchar(257) */
  readonly tabla: string;
  /** bigint */
  readonly desde: bigint;
  /** bigint */
  readonly hasta: bigint;
  /** int */
  readonly maximo: number;
}

/** OUTPUT parameters of `logs.sp_Backfill_Apartar`. */
export interface BackfillApartarResult {
  /** int */
  readonly filas: number;
}

/**
 * Copies rows of a table keyed by (ID_Ejecucion, ID_Fund) that no execution of a fund is for to
 * logs.Backfill_Apartados, with the reason: SIN_EJECUCION (logs.Ejecuciones does not know it) or SIN_FONDO (it
 * knows no such fund). The rows stay as they are.
 *
 * Calls `logs.sp_Backfill_Apartar`.
 * Errors: 50404 NOT_FOUND, 50409 WRONG_STATE.
 * Touches: logs.Backfill_Ejecuciones read, logs.Backfill_Mapa read, logs.Ejecuciones read, the table read,
 * logs.Backfill_Apartados write.
 * Batch: 2000.
 * Step: called inside the caller's transaction.
 */
export async function backfillApartar(session: Session, args: BackfillApartarArgs, options?: CallOptions): Promise<BackfillApartarResult> {
  const { output } = await session.call(procedures.backfillApartar, {
    Tabla: args.tabla,
    Desde: args.desde,
    Hasta: args.hasta,
    Maximo: args.maximo,
  }, options);
  return {
    filas: output['Filas'] as number,
  };
}

/** Arguments of `logs.sp_Backfill_Clave`. */
export interface BackfillClaveArgs {
  /** nvarchar(257) */
  readonly tabla: string;
  /** bigint */
  readonly desdeId: bigint;
  /** int */
  readonly desdeFund: number;
  /** int */
  readonly maximo: number;
}

/** OUTPUT parameters of `logs.sp_Backfill_Clave`. */
export interface BackfillClaveResult {
  /** int */
  readonly filas: number;
  /** bigint; the pair to go on with */
  readonly hastaId: bigint | null;
  /** int */
  readonly hastaFund: number | null;
}

/**
 * Re-keys rows of a table keyed by (ID_Ejecucion, ID_Fund): from the shared execution to the fund's own, in the
 * order of the map, from a pair on. Hasta_ID null: that was the last.
 *
 * Calls `logs.sp_Backfill_Clave`.
 * Errors: 50404 NOT_FOUND, 50409 WRONG_STATE.
 * Touches: logs.Backfill_Tablas read, logs.Backfill_Mapa read, the table write.
 * Batch: 2000.
 * Step: called inside the caller's transaction.
 */
export async function backfillClave(session: Session, args: BackfillClaveArgs, options?: CallOptions): Promise<BackfillClaveResult> {
  const { output } = await session.call(procedures.backfillClave, {
    Tabla: args.tabla,
    Desde_ID: args.desdeId,
    Desde_Fund: args.desdeFund,
    Maximo: args.maximo,
  }, options);
  return {
    filas: output['Filas'] as number,
    hastaId: output['Hasta_ID'] as bigint | null,
    hastaFund: output['Hasta_Fund'] as number | null,
  };
}

/** Arguments of `logs.sp_Backfill_Deshacer`. */
export interface BackfillDeshacerArgs {
  /** nvarchar(257) */
  readonly tabla: string;
  /** bigint */
  readonly desde: bigint;
  /** int */
  readonly maximo: number;
}

/** OUTPUT parameters of `logs.sp_Backfill_Deshacer`. */
export interface BackfillDeshacerResult {
  /** int */
  readonly filas: number;
  /** bigint; the last execution that it touched, which may have more rows */
  readonly hasta: bigint | null;
}

/**
 * Gives rows of a table back the ID_Ejecucion that they had before the backfill, in the order of the map, from
 * one of its executions on. Filas less than @Maximo: that was the last.
 *
 * Calls `logs.sp_Backfill_Deshacer`.
 * Errors: 50404 NOT_FOUND, 50409 WRONG_STATE.
 * Touches: logs.Backfill_Tablas read, logs.Backfill_Mapa read, the table write.
 * Batch: 2000.
 * Step: called inside the caller's transaction.
 */
export async function backfillDeshacer(session: Session, args: BackfillDeshacerArgs, options?: CallOptions): Promise<BackfillDeshacerResult> {
  const { output } = await session.call(procedures.backfillDeshacer, {
    Tabla: args.tabla,
    Desde: args.desde,
    Maximo: args.maximo,
  }, options);
  return {
    filas: output['Filas'] as number,
    hasta: output['Hasta'] as bigint | null,
  };
}

/** The row that `logs.sp_Backfill_Estado` returns. */
export interface BackfillEstadoResult {
  /** varchar(20) */
  readonly fase: string;
  /** nvarchar(257); the table it is at */
  readonly tabla: string | null;
  /** int; 0: the first round */
  readonly vuelta: number;
  /** bigint */
  readonly lotes: bigint;
  /** bigint */
  readonly filas: bigint;
  /** bigint */
  readonly medidas: bigint;
  /** bigint */
  readonly cambiadas: bigint;
  /** bigint */
  readonly apartadas: bigint;
  /** bigint; legacy executions in the inventory */
  readonly ejecuciones: bigint;
  /** bigint; executions of one fund, in the map */
  readonly nuevas: bigint;
  /** bigint; executions without a process now */
  readonly sinProceso: bigint;
  /** int; rows of the statement that wrote most */
  readonly mayorSentencia: number;
  /** datetime2(3), UTC */
  readonly inicio: Date | null;
  /** datetime2(3), UTC */
  readonly ultimo: Date | null;
  /** datetime2(3), UTC */
  readonly fin: Date | null;
  /** datetime2(3), UTC; when a verification passed, with nothing changed since */
  readonly verificado: Date | null;
  /** datetime2(3), UTC; since when ID_Proceso is NOT NULL */
  readonly terminado: Date | null;
}

/**
 * How far the backfill is. Filas is what the tables hold of the old way: measured once MEDICION has ended,
 * before that an estimate of all rows from the statistics; Medidas and Cambiadas say how many of them are
 * measured and re-keyed.
 *
 * Calls `logs.sp_Backfill_Estado`.
 * Errors: none of its own.
 * Touches: logs.Backfill_Estado read, logs.Backfill_Tablas read, logs.Backfill_Medidas read,
 * logs.Backfill_Ejecuciones read, logs.Backfill_Mapa read, logs.Backfill_Apartados read, logs.Ejecuciones read.
 * Batch: none.
 * Entry: carril_dba, carril_lector.
 */
export async function backfillEstado(session: Session, options?: CallOptions): Promise<BackfillEstadoResult> {
  const result = await session.call(procedures.backfillEstado, {}, options);
  return toBackfillEstadoResult(oneRow(result, 0, procedures.backfillEstado));
}

function toBackfillEstadoResult(row: Row): BackfillEstadoResult {
  return {
    fase: row['Fase'] as string,
    tabla: row['Tabla'] as string | null,
    vuelta: row['Vuelta'] as number,
    lotes: row['Lotes'] as bigint,
    filas: row['Filas'] as bigint,
    medidas: row['Medidas'] as bigint,
    cambiadas: row['Cambiadas'] as bigint,
    apartadas: row['Apartadas'] as bigint,
    ejecuciones: row['Ejecuciones'] as bigint,
    nuevas: row['Nuevas'] as bigint,
    sinProceso: row['Sin_Proceso'] as bigint,
    mayorSentencia: row['Mayor_Sentencia'] as number,
    inicio: row['Inicio'] as Date | null,
    ultimo: row['Ultimo'] as Date | null,
    fin: row['Fin'] as Date | null,
    verificado: row['Verificado'] as Date | null,
    terminado: row['Terminado'] as Date | null,
  };
}

/** Arguments of `logs.sp_Backfill_Fecha`. */
export interface BackfillFechaArgs {
  /** nvarchar(257) */
  readonly tabla: string;
  /** bigint */
  readonly desde: bigint;
  /** bigint */
  readonly tope: bigint;
  /** int */
  readonly maximo: number;
}

/** OUTPUT parameters of `logs.sp_Backfill_Fecha`. */
export interface BackfillFechaResult {
  /** int */
  readonly cambiadas: number;
  /** int */
  readonly apartadas: number;
  /** bigint; the last ID that it looked at; null: there are no more */
  readonly hasta: bigint | null;
}

/**
 * Gives rows of a table without ID_Ejecucion theirs: the fund whose code in dimensionales.BD_Funds is their
 * Portfolio, and the one backfilled execution of that fund and date. Where there is none, or more than one, the
 * row is copied to logs.Backfill_Apartados with the reason and stays as it is. Rows of a date that a run of the
 * old way is writing right now are left for later.
 *
 * Calls `logs.sp_Backfill_Fecha`.
 * Errors: 50404 NOT_FOUND, 50409 WRONG_STATE.
 * Touches: logs.Backfill_Tablas read, dimensionales.BD_Funds read, logs.Backfill_Mapa read, logs.Ejecuciones
 * read, the table write, logs.Backfill_Apartados write.
 * Batch: 2000.
 * Step: called inside the caller's transaction.
 */
export async function backfillFecha(session: Session, args: BackfillFechaArgs, options?: CallOptions): Promise<BackfillFechaResult> {
  const { output } = await session.call(procedures.backfillFecha, {
    Tabla: args.tabla,
    Desde: args.desde,
    Tope: args.tope,
    Maximo: args.maximo,
  }, options);
  return {
    cambiadas: output['Cambiadas'] as number,
    apartadas: output['Apartadas'] as number,
    hasta: output['Hasta'] as bigint | null,
  };
}

/** A row of `logs.sp_Backfill_Listar_Apartados`. */
export interface BackfillListarApartadosRow {
  /** nvarchar(257) */
  readonly tabla: string;
  /** varchar(30) */
  readonly motivo: string;
  /** bigint */
  readonly filas: bigint;
}

/**
 * What the backfill could not assign, counted by table and reason; the rows themselves are in
 * logs.Backfill_Apartados.
 *
 * Calls `logs.sp_Backfill_Listar_Apartados`.
 * Errors: none of its own.
 * Touches: logs.Backfill_Apartados read.
 * Batch: none.
 * Entry: carril_dba, carril_lector.
 */
export async function backfillListarApartados(session: Session, options?: CallOptions): Promise<readonly BackfillListarApartadosRow[]> {
  const result = await session.call(procedures.backfillListarApartados, {}, options);
  return (result.results[0] ?? []).map(toBackfillListarApartadosRow);
}

function toBackfillListarApartadosRow(row: Row): BackfillListarApartadosRow {
  return {
    tabla: row['Tabla'] as string,
    motivo: row['Motivo'] as string,
    filas: row['Filas'] as bigint,
  };
}

/** A row of `logs.sp_Backfill_Listar_Medidas`. */
export interface BackfillListarMedidasRow {
  /** nvarchar(257) */
  readonly tabla: string;
  /** bigint */
  readonly antesFilas: bigint;
  /** varchar(90) */
  readonly antesSuma: string;
  /** bigint; re-keyed */
  readonly cambiadas: bigint;
  /** bigint; set aside */
  readonly apartadas: bigint;
  /** bigint */
  readonly despuesFilas: bigint | null;
  /** varchar(90) */
  readonly despuesSuma: string | null;
  /** bigint; neither re-keyed nor set aside */
  readonly pendientes: bigint | null;
  /** bit; counts and checksums agree */
  readonly igual: boolean | null;
}

/**
 * The tables of the backfill with their counts and checksums before and, once verified, after. A checksum is two
 * sums of slices of the rows' SHA-256, as text.
 *
 * Calls `logs.sp_Backfill_Listar_Medidas`.
 * Errors: none of its own.
 * Touches: logs.Backfill_Tablas read, logs.Backfill_Medidas read, logs.Backfill_Apartados read.
 * Batch: none.
 * Entry: carril_dba, carril_lector.
 */
export async function backfillListarMedidas(session: Session, options?: CallOptions): Promise<readonly BackfillListarMedidasRow[]> {
  const result = await session.call(procedures.backfillListarMedidas, {}, options);
  return (result.results[0] ?? []).map(toBackfillListarMedidasRow);
}

function toBackfillListarMedidasRow(row: Row): BackfillListarMedidasRow {
  return {
    tabla: row['Tabla'] as string,
    antesFilas: row['Antes_Filas'] as bigint,
    antesSuma: row['Antes_Suma'] as string,
    cambiadas: row['Cambiadas'] as bigint,
    apartadas: row['Apartadas'] as bigint,
    despuesFilas: row['Despues_Filas'] as bigint | null,
    despuesSuma: row['Despues_Suma'] as string | null,
    pendientes: row['Pendientes'] as bigint | null,
    igual: row['Igual'] as boolean | null,
  };
}

/** Arguments of `logs.sp_Backfill_Lote`. */
export interface BackfillLoteArgs {
  /** int; 10000 when left out */
  readonly maximo?: number | undefined;
  /** bit; 0 when left out */
  readonly otraVuelta?: boolean | undefined;
}

/** The row that `logs.sp_Backfill_Lote` returns. */
export interface BackfillLoteResult {
  /** varchar(20) */
  readonly fase: string;
  /** nvarchar(257) */
  readonly tabla: string | null;
  /** int; rows that this call treated */
  readonly filas: number;
  /** bit */
  readonly terminado: boolean;
  /** bigint; calls that did something, of all sessions */
  readonly lotes: bigint;
}

/**
 * One bounded batch of the backfill: takes it up where the last call left it, writes at most @Maximo rows (while
 * it measures, reads that many or one execution's), and says how far it is. To be called until Terminado.
 * Phases: LIMPIEZA (what an earlier backfill left), INVENTARIO (legacy executions and the map), MEDICION (counts
 * and checksums before; what belongs to no fund is set aside), PROCESOS (a process an execution, an execution a
 * fund), FILAS (logs, staging and extract rows are re-keyed), COMPLETO.
 *
 * Runs of the old way that have not ended (younger than logs.Ajustes BACKFILL_EN_CURSO_H, 24 hours) are left for
 * later: with @Otra_Vuelta a backfill that is complete and verified looks again for them and for rows whose fund
 * is known by now. Nothing that a process of the new way writes is ever touched. One call at a time: a second
 * one waits up to 15 s.
 *
 * Calls `logs.sp_Backfill_Lote`.
 * Errors: 50400 BAD_ARGUMENT, 50404 NOT_FOUND, 50408 LOCK_TIMEOUT, 50409 WRONG_STATE, 50499 CANCELLED.
 * Touches: logs.Backfill_Estado write, logs.Backfill_Medidas write, logs.Backfill_Ejecuciones write,
 * logs.Backfill_Mapa write, logs.Procesos write, logs.Ejecuciones write, logs.Ejecucion_Fondos write, the tables
 * of logs.Backfill_Tablas write, logs.Backfill_Apartados write.
 * Batch: 2000.
 * Entry: carril_dba.
 */
export async function backfillLote(session: Session, args: BackfillLoteArgs = {}, options?: CallOptions): Promise<BackfillLoteResult> {
  const result = await session.call(procedures.backfillLote, {
    Maximo: args.maximo,
    Otra_Vuelta: args.otraVuelta,
  }, options);
  return toBackfillLoteResult(oneRow(result, 0, procedures.backfillLote));
}

function toBackfillLoteResult(row: Row): BackfillLoteResult {
  return {
    fase: row['Fase'] as string,
    tabla: row['Tabla'] as string | null,
    filas: row['Filas'] as number,
    terminado: row['Terminado'] as boolean,
    lotes: row['Lotes'] as bigint,
  };
}

/** Arguments of `logs.sp_Backfill_Medir`. */
export interface BackfillMedirArgs {
  /** nvarchar(257) */
  readonly tabla: string;
  /** bigint */
  readonly desde: bigint;
  /** int */
  readonly ventana: number;
}

/** OUTPUT parameters of `logs.sp_Backfill_Medir`. */
export interface BackfillMedirResult {
  /** bigint */
  readonly filas: bigint;
  /** varchar(40); sum of the first 8 bytes of each hash, as a signed number */
  readonly s1: string;
  /** varchar(40); of the next 8 */
  readonly s2: string;
  /** bigint; rows keyed by execution that no execution of a fund is for, and that are not set aside yet */
  readonly apartar: bigint;
  /** bigint; rows neither re-keyed nor set aside */
  readonly pendientes: bigint;
  /** bigint; end of the window; null: it was the last */
  readonly hasta: bigint | null;
}

/**
 * Counts the legacy rows of a window of a table, and adds up slices of each row's SHA-256, over all columns and
 * with every ID that the backfill gave turned back into what it was: the same before, in the middle, afterwards
 * and reverted. Only rows of the old way count: neither a process of the new way nor a run that is not in the
 * inventory (it had not ended) changes the sums.
 *
 * Calls `logs.sp_Backfill_Medir`.
 * Errors: 50404 NOT_FOUND, 50409 WRONG_STATE.
 * Touches: logs.Backfill_Tablas read, logs.Backfill_Medidas read, logs.Backfill_Ejecuciones read,
 * logs.Backfill_Mapa read, logs.Ejecuciones read, logs.Backfill_Apartados read, the table read.
 * Batch: none.
 * Step: called inside the caller's transaction.
 */
export async function backfillMedir(session: Session, args: BackfillMedirArgs, options?: CallOptions): Promise<BackfillMedirResult> {
  const { output } = await session.call(procedures.backfillMedir, {
    Tabla: args.tabla,
    Desde: args.desde,
    Ventana: args.ventana,
  }, options);
  return {
    filas: output['Filas'] as bigint,
    s1: output['S1'] as string,
    s2: output['S2'] as string,
    apartar: output['Apartar'] as bigint,
    pendientes: output['Pendientes'] as bigint,
    hasta: output['Hasta'] as bigint | null,
  };
}

/** Arguments of `logs.sp_Backfill_Revertir`. */
export interface BackfillRevertirArgs {
  /** int; 10000 when left out */
  readonly maximo?: number | undefined;
}

/** The row that `logs.sp_Backfill_Revertir` returns. */
export interface BackfillRevertirResult {
  /** varchar(20) */
  readonly fase: string;
  /** nvarchar(257) */
  readonly tabla: string | null;
  /** int; rows that this call treated */
  readonly filas: number;
  /** bit */
  readonly terminado: boolean;
  /** bigint */
  readonly lotes: bigint;
}

/**
 * One bounded batch of the way back: rows get the keys that they had, last table first; then the executions and
 * processes that the backfill made go. To be called until Terminado. The map stays until the next backfill or
 * until 017 is reverted, so that logs.sp_Backfill_Verificar can compare with what was measured before. Refused
 * (50409) after logs.sp_Backfill_Terminar.
 *
 * Calls `logs.sp_Backfill_Revertir`.
 * Errors: 50400 BAD_ARGUMENT, 50404 NOT_FOUND, 50408 LOCK_TIMEOUT, 50409 WRONG_STATE, 50499 CANCELLED.
 * Touches: logs.Backfill_Estado write, logs.Backfill_Medidas write, logs.Backfill_Ejecuciones write,
 * logs.Backfill_Mapa read, the tables of logs.Backfill_Tablas write, logs.Ejecuciones write, logs.Procesos
 * write.
 * Batch: 2000.
 * Entry: carril_dba.
 */
export async function backfillRevertir(session: Session, args: BackfillRevertirArgs = {}, options?: CallOptions): Promise<BackfillRevertirResult> {
  const result = await session.call(procedures.backfillRevertir, {
    Maximo: args.maximo,
  }, options);
  return toBackfillRevertirResult(oneRow(result, 0, procedures.backfillRevertir));
}

function toBackfillRevertirResult(row: Row): BackfillRevertirResult {
  return {
    fase: row['Fase'] as string,
    tabla: row['Tabla'] as string | null,
    filas: row['Filas'] as number,
    terminado: row['Terminado'] as boolean,
    lotes: row['Lotes'] as bigint,
  };
}

/** Arguments of `logs.sp_Backfill_Terminar`. */
export interface BackfillTerminarArgs {
  /** bit; 0 when left out */
  readonly deshacer?: boolean | undefined;
}

/**
 * After a verification that passed: logs.Ejecuciones.ID_Proceso becomes NOT NULL and its foreign key trusted;
 * ID_Fund stays NULL for runs of the old way. Waits at most 5 s for the table's lock. With @Deshacer it becomes
 * nullable again, so that logs.sp_Backfill_Revertir can give the history back; the foreign key stays trusted.
 * Where the edition builds indexes online, the column's is built after the commit, with the table free again; a
 * call that dies before that is made good by the next one.
 *
 * Calls `logs.sp_Backfill_Terminar`.
 * Errors: 50408 LOCK_TIMEOUT, 50409 WRONG_STATE, 50499 CANCELLED.
 * Touches: logs.Backfill_Estado write, logs.Ejecuciones write.
 * Batch: none.
 * Entry: carril_dba.
 */
export async function backfillTerminar(session: Session, args: BackfillTerminarArgs = {}, options?: CallOptions): Promise<void> {
  await session.call(procedures.backfillTerminar, {
    Deshacer: args.deshacer,
  }, options);
}

/** Arguments of `logs.sp_Backfill_Verificar`. */
export interface BackfillVerificarArgs {
  /** int; 20000 when left out */
  readonly ventana?: number | undefined;
}

/** The row that `logs.sp_Backfill_Verificar` returns. */
export interface BackfillVerificarResult {
  /** nvarchar(257) */
  readonly tabla: string | null;
  /** int; rows that this call read */
  readonly filas: number;
  /** bit */
  readonly terminado: boolean;
  /** bit; null until Terminado */
  readonly correcto: boolean | null;
}

/**
 * One window of a verification of a backfill that is complete, or reverted: counts and checksums of every table
 * again, with new IDs turned back into what they were, beside what was measured before. To be called until
 * Terminado; Correcto then says whether all tables have the rows they had and, unless reverted, each is re-keyed
 * or set aside. logs.sp_Backfill_Listar_Medidas has the figures.
 *
 * Calls `logs.sp_Backfill_Verificar`.
 * Errors: 50400 BAD_ARGUMENT, 50404 NOT_FOUND, 50408 LOCK_TIMEOUT, 50409 WRONG_STATE, 50499 CANCELLED.
 * Touches: logs.Backfill_Estado write, logs.Backfill_Medidas write, the tables of logs.Backfill_Tablas read,
 * logs.Backfill_Apartados read.
 * Batch: 2000.
 * Entry: carril_dba.
 */
export async function backfillVerificar(session: Session, args: BackfillVerificarArgs = {}, options?: CallOptions): Promise<BackfillVerificarResult> {
  const result = await session.call(procedures.backfillVerificar, {
    Ventana: args.ventana,
  }, options);
  return toBackfillVerificarResult(oneRow(result, 0, procedures.backfillVerificar));
}

function toBackfillVerificarResult(row: Row): BackfillVerificarResult {
  return {
    tabla: row['Tabla'] as string | null,
    filas: row['Filas'] as number,
    terminado: row['Terminado'] as boolean,
    correcto: row['Correcto'] as boolean | null,
  };
}

/** Arguments of `logs.sp_Borrar_Proceso`. */
export interface BorrarProcesoArgs {
  /** bigint */
  readonly idProceso: bigint;
  /** int; 2000 when left out */
  readonly maximo?: number | undefined;
}

/** The row that `logs.sp_Borrar_Proceso` returns. */
export interface BorrarProcesoResult {
  /** int; rows that this call deleted */
  readonly borradas: number;
  /** bit; the process is still there: call again */
  readonly quedan: boolean;
}

/**
 * Deletes a process that is REVERTIDO with its history: the states of its funds, its executions, its chunks, the
 * process and its job, children first, at most @Maximo rows a call. Call again until Quedan is 0. It can be
 * stopped at any point and called again; the process itself goes last, so that it is found until then.
 * @ID_Proceso is that of the process and no other.
 *
 * Refused (50409) while not everything that it wrote in extract and staging is rolled back. Holds the job's lock
 * Exclusive.
 *
 * Calls `logs.sp_Borrar_Proceso`.
 * Errors: 50400 BAD_ARGUMENT, 50404 NOT_FOUND, 50408 LOCK_TIMEOUT, 50409 WRONG_STATE, 50499 CANCELLED.
 * Touches: logs.Ejecucion_Fondos write, logs.Ejecuciones write, trabajo.Chunks write, logs.Procesos write,
 * trabajo.Trabajos write.
 * Batch: 2000.
 * Entry: carril_app.
 */
export async function borrarProceso(session: Session, args: BorrarProcesoArgs, options?: CallOptions): Promise<BorrarProcesoResult> {
  const result = await session.call(procedures.borrarProceso, {
    ID_Proceso: args.idProceso,
    Maximo: args.maximo,
  }, options);
  return toBorrarProcesoResult(oneRow(result, 0, procedures.borrarProceso));
}

function toBorrarProcesoResult(row: Row): BorrarProcesoResult {
  return {
    borradas: row['Borradas'] as number,
    quedan: row['Quedan'] as boolean,
  };
}

/** Arguments of `logs.sp_Buscar_Archivo`. */
export interface BuscarArchivoArgs {
  /** nvarchar(400) */
  readonly ruta: string;
}

/** A row of `logs.sp_Buscar_Archivo`. */
export interface BuscarArchivoRow {
  /** bigint */
  readonly idArchivo: bigint;
  /** varchar(64) */
  readonly huella: string;
  /** int */
  readonly huellaBytes: number;
  /** varchar(64) */
  readonly opciones: string;
  /** bigint; read up to here by completed reviews */
  readonly leido: bigint;
  /** bigint; where the next review begins */
  readonly reanudarEn: bigint;
  /** bigint; newest completed review */
  readonly idTrabajo: bigint | null;
  /** varchar(50) */
  readonly tipo: string | null;
  /** varchar(50) */
  readonly estado: string | null;
  /** bigint; review that is running */
  readonly trabajoVivo: bigint | null;
  /** bigint; its range */
  readonly desde: bigint | null;
  /** bigint */
  readonly hasta: bigint | null;
}

/**
 * What is known of a log file: the newest row of that path, how far it was read, its newest completed review,
 * and the one that is running, if any (not one that was cancelled). No row: never seen.
 *
 * Calls `logs.sp_Buscar_Archivo`.
 * Errors: 50400 BAD_ARGUMENT.
 * Touches: logs.Archivos read, trabajo.Trabajos read.
 * Batch: none.
 * Entry: carril_app.
 */
export async function buscarArchivo(session: Session, args: BuscarArchivoArgs, options?: CallOptions): Promise<readonly BuscarArchivoRow[]> {
  const result = await session.call(procedures.buscarArchivo, {
    Ruta: args.ruta,
  }, options);
  return (result.results[0] ?? []).map(toBuscarArchivoRow);
}

function toBuscarArchivoRow(row: Row): BuscarArchivoRow {
  return {
    idArchivo: row['ID_Archivo'] as bigint,
    huella: row['Huella'] as string,
    huellaBytes: row['Huella_Bytes'] as number,
    opciones: row['Opciones'] as string,
    leido: row['Leido'] as bigint,
    reanudarEn: row['Reanudar_En'] as bigint,
    idTrabajo: row['ID_Trabajo'] as bigint | null,
    tipo: row['Tipo'] as string | null,
    estado: row['Estado'] as string | null,
    trabajoVivo: row['Trabajo_Vivo'] as bigint | null,
    desde: row['Desde'] as bigint | null,
    hasta: row['Hasta'] as bigint | null,
  };
}

/** Arguments of `logs.sp_Cambiar_Arquitectura`. */
export interface CambiarArquitecturaArgs {
  /** varchar(20) */
  readonly arquitectura: string;
  /** logs.Lista_Fondos_v1; empty when left out */
  readonly fondos?: readonly logsTables.ListaFondosV1Row[] | undefined;
  /** nvarchar(100); NULL when left out */
  readonly usuario?: string | null | undefined;
}

/** OUTPUT parameters of `logs.sp_Cambiar_Arquitectura`. */
export interface CambiarArquitecturaResult {
  /** int; funds that run another way than before */
  readonly cambiados: number;
}

/**
 * The switch: sets the architecture of the funds named, or, of none named, of all of them, which takes back what
 * single funds had of their own. Processes that have started keep theirs. The same by hand: UPDATE logs.Ajustes
 * SET Valor = 'LEGADO' WHERE Ajuste = 'ARQUITECTURA' (all funds at once).
 *
 * Calls `logs.sp_Cambiar_Arquitectura`.
 * Errors: 50400 BAD_ARGUMENT, 50404 NOT_FOUND.
 * Touches: dimensionales.BD_Funds read, logs.Ajustes write.
 * Batch: 2000.
 * Entry: carril_app.
 */
export async function cambiarArquitectura(session: Session, args: CambiarArquitecturaArgs, options?: CallOptions): Promise<CambiarArquitecturaResult> {
  const { output } = await session.call(procedures.cambiarArquitectura, {
    Arquitectura: args.arquitectura,
    Fondos: logsTables.listaFondosV1Rows(args.fondos),
    Usuario: args.usuario,
  }, options);
  return {
    cambiados: output['Cambiados'] as number,
  };
}

/** Arguments of `logs.sp_Cerrar_Revision`. */
export interface CerrarRevisionArgs {
  /** bigint */
  readonly idTrabajo: bigint;
  /** nvarchar(4000); NULL when left out */
  readonly error?: string | null | undefined;
  /** bigint; NULL when left out */
  readonly reanudarEn?: bigint | null | undefined;
}

/** OUTPUT parameters of `logs.sp_Cerrar_Revision`. */
export interface CerrarRevisionResult {
  /** varchar(50); of the job */
  readonly estado: string;
  /** bit; this call ended it */
  readonly cerrado: boolean;
}

/**
 * Ends a review of a log if nothing of it is left to do, and writes what is known of its file then, once. The
 * caller holds the job's lock Exclusive. LOGS: as trabajo.sp_Cerrar_Trabajo, all or nothing: one failed chunk
 * makes the job ERROR; of a cancelled one it first ends what nobody holds. LOGS_SECUENCIAL: at once, CANCELADO,
 * ERROR (the message goes into the job's parameters) or COMPLETADO.
 *
 * Only COMPLETADO moves the file on: read up to the review's end; the next review begins at @Reanudar_En, else
 * at what the last chunk's result says ({"reanudar_en":"123"}), else at the review's end; compressed input is
 * always read from its start.
 *
 * Calls `logs.sp_Cerrar_Revision`.
 * Errors: 50400 BAD_ARGUMENT, 50404 NOT_FOUND, 50409 WRONG_STATE, 50499 CANCELLED.
 * Touches: trabajo.Chunks write, trabajo.Trabajos write, logs.Archivos write.
 * Batch: 2000.
 * Step: called inside the caller's transaction.
 */
export async function cerrarRevision(session: Session, args: CerrarRevisionArgs, options?: CallOptions): Promise<CerrarRevisionResult> {
  const { output } = await session.call(procedures.cerrarRevision, {
    ID_Trabajo: args.idTrabajo,
    Error: args.error,
    Reanudar_En: args.reanudarEn,
  }, options);
  return {
    estado: output['Estado'] as string,
    cerrado: output['Cerrado'] as boolean,
  };
}

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

/** Arguments of `logs.sp_Comprobar_Legado`. */
export interface ComprobarLegadoArgs {
  /** bigint */
  readonly idEjecucion: bigint;
  /** date, `YYYY-MM-DD` */
  readonly fechaReporte: string;
}

/**
 * Checks what every extraction of the old way is called with: inside a transaction, for a shared execution of
 * that date.
 *
 * Calls `logs.sp_Comprobar_Legado`.
 * Errors: 50400 BAD_ARGUMENT, 50404 NOT_FOUND, 50409 WRONG_STATE.
 * Touches: logs.Ejecuciones read.
 * Batch: none.
 * Step: called inside the caller's transaction.
 */
export async function comprobarLegado(session: Session, args: ComprobarLegadoArgs, options?: CallOptions): Promise<void> {
  await session.call(procedures.comprobarLegado, {
    ID_Ejecucion: args.idEjecucion,
    FechaReporte: args.fechaReporte,
  }, options);
}

/** Arguments of `logs.sp_Contar_Fondos_Legado`. */
export interface ContarFondosLegadoArgs {
  /** bigint */
  readonly idEjecucion: bigint;
}

/**
 * Counts the funds of a shared execution and writes the counters on its row: what every lane of a run of the old
 * way does when its fund has ended, so that all of them update one row (document 002, "logs.Ejecuciones:
 * TotalFondos, FondosExitosos, FondosFallidos"; the count is that of updateProcesoStats in document 004). An
 * execution that has ended stays as it is.
 *
 * Calls `logs.sp_Contar_Fondos_Legado`.
 * Errors: 50404 NOT_FOUND.
 * Touches: logs.Ejecuciones write, logs.Ejecucion_Fondos read.
 * Batch: 1.
 * Entry: carril_app.
 */
export async function contarFondosLegado(session: Session, args: ContarFondosLegadoArgs, options?: CallOptions): Promise<void> {
  await session.call(procedures.contarFondosLegado, {
    ID_Ejecucion: args.idEjecucion,
  }, options);
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

/** Arguments of `logs.sp_Ejecutar_Servicio_Legado`. */
export interface EjecutarServicioLegadoArgs {
  /** bigint */
  readonly idChunk: bigint;
  /** varchar(50) */
  readonly servicio: string;
  /** bigint */
  readonly token: bigint;
}

/** The row that `logs.sp_Ejecutar_Servicio_Legado` returns. */
export interface EjecutarServicioLegadoResult {
  /** varchar(50); of the service: COMPLETADO or OMITIDO */
  readonly estado: string;
  /** bit; it was finished before this call */
  readonly yaTerminado: boolean;
  /** int; 0 when it was */
  readonly duracionMs: number;
}

/**
 * Runs the staging procedures of one service for one fund of a run of the old way, under its chunk's token and
 * in one transaction: the same procedures as logs.sp_Ejecutar_Servicio runs, with the shared ID_Ejecucion and
 * the fund's ID_Fund. What it reads was extracted for all funds before. Its state is written by another call,
 * logs.sp_Marcar_Estado_Legado: a service that is finished already returns at once with Ya_Terminado 1, one that
 * was stopped between the two runs again and leaves the same rows.
 *
 * Document 002, "Flujo Actual": staging procedures WHERE ID_Ejecucion = shared AND ID_Fund = own, 50 funds side
 * by side.
 *
 * Calls `logs.sp_Ejecutar_Servicio_Legado`.
 * Errors: 50400 BAD_ARGUMENT, 50404 NOT_FOUND, 50408 LOCK_TIMEOUT, 50409 WRONG_STATE, 50410 LEASE_LOST, 50499
 * CANCELLED.
 * Touches: trabajo.Chunks read, logs.Ejecuciones read, logs.Ejecucion_Fondos read, logs.Servicios read,
 * logs.Servicio_Procedimientos read, extract.* read, staging.* write.
 * Batch: 2000.
 * Entry: carril_app.
 */
export async function ejecutarServicioLegado(session: Session, args: EjecutarServicioLegadoArgs, options?: CallOptions): Promise<EjecutarServicioLegadoResult> {
  const result = await session.call(procedures.ejecutarServicioLegado, {
    ID_Chunk: args.idChunk,
    Servicio: args.servicio,
    Token: args.token,
  }, options);
  return toEjecutarServicioLegadoResult(oneRow(result, 0, procedures.ejecutarServicioLegado));
}

function toEjecutarServicioLegadoResult(row: Row): EjecutarServicioLegadoResult {
  return {
    estado: row['Estado'] as string,
    yaTerminado: row['Ya_Terminado'] as boolean,
    duracionMs: row['Duracion_Ms'] as number,
  };
}

/** Arguments of `logs.sp_Escribir_Bloques`. */
export interface EscribirBloquesArgs {
  /** bigint */
  readonly idTrabajo: bigint;
  /** bigint */
  readonly idChunk: bigint;
  /** bigint */
  readonly desde: bigint;
  /** bigint */
  readonly hasta: bigint;
  /** logs.Lista_Bloques_v1; empty when left out */
  readonly bloques?: readonly logsTables.ListaBloquesV1Row[] | undefined;
}

/** OUTPUT parameters of `logs.sp_Escribir_Bloques`. */
export interface EscribirBloquesResult {
  /** int */
  readonly escritos: number;
}

/**
 * Writes the error blocks that begin in a part of a file, [@Desde, @Hasta), in place of those that were there:
 * the old ones are deleted, the given ones, which must all begin inside, inserted. Only the newest review of a
 * file writes; one that was overtaken (an older job that was retried) is told so with 50409. At most 20,000
 * blocks a call.
 *
 * Calls `logs.sp_Escribir_Bloques`.
 * Errors: 50400 BAD_ARGUMENT, 50409 WRONG_STATE.
 * Touches: logs.Archivos read, logs.Bloques_Error write.
 * Batch: 2000.
 * Step: called inside the caller's transaction.
 */
export async function escribirBloques(session: Session, args: EscribirBloquesArgs, options?: CallOptions): Promise<EscribirBloquesResult> {
  const { output } = await session.call(procedures.escribirBloques, {
    ID_Trabajo: args.idTrabajo,
    ID_Chunk: args.idChunk,
    Desde: args.desde,
    Hasta: args.hasta,
    Bloques: logsTables.listaBloquesV1Rows(args.bloques),
  }, options);
  return {
    escritos: output['Escritos'] as number,
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
 * The executions of a process, in the order of their IDs. Accepts what logs.sp_Estado_Proceso accepts. A run of
 * the old way that has a job is shown by fund, all under its one ID_Ejecucion; one without is one execution
 * without a fund.
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

/** Arguments of `logs.sp_Estado_Servicios`. */
export interface EstadoServiciosArgs {
  /** bigint */
  readonly idProceso: bigint;
}

/** A row of `logs.sp_Estado_Servicios`. */
export interface EstadoServiciosRow {
  /** bigint */
  readonly idEjecucion: bigint;
  /** int */
  readonly idFund: number;
  /** nvarchar(100) */
  readonly fundShortName: string;
  /** varchar(50) */
  readonly servicio: string;
  /** int */
  readonly orden: number;
  /** varchar(50) */
  readonly estado: string;
}

/**
 * The services of a process, fund by fund in the order in which they run: those that logs.Servicios knows.
 * Accepts what logs.sp_Estado_Proceso accepts.
 *
 * Calls `logs.sp_Estado_Servicios`.
 * Errors: 50400 BAD_ARGUMENT, 50404 NOT_FOUND.
 * Touches: logs.Procesos read, logs.Ejecuciones read, logs.Ejecucion_Fondos read, logs.Servicios read.
 * Batch: none.
 * Entry: carril_app, carril_lector.
 */
export async function estadoServicios(session: Session, args: EstadoServiciosArgs, options?: CallOptions): Promise<readonly EstadoServiciosRow[]> {
  const result = await session.call(procedures.estadoServicios, {
    ID_Proceso: args.idProceso,
  }, options);
  return (result.results[0] ?? []).map(toEstadoServiciosRow);
}

function toEstadoServiciosRow(row: Row): EstadoServiciosRow {
  return {
    idEjecucion: row['ID_Ejecucion'] as bigint,
    idFund: row['ID_Fund'] as number,
    fundShortName: row['FundShortName'] as string,
    servicio: row['Servicio'] as string,
    orden: row['Orden'] as number,
    estado: row['Estado'] as string,
  };
}

/** Arguments of `logs.sp_Extraer_Legado`. */
export interface ExtraerLegadoArgs {
  /** bigint */
  readonly idChunk: bigint;
  /** varchar(50) */
  readonly servicio: string;
  /** bigint */
  readonly token: bigint;
}

/** The row that `logs.sp_Extraer_Legado` returns. */
export interface ExtraerLegadoResult {
  /** int */
  readonly pasos: number;
  /** int */
  readonly duracionMs: number;
}

/**
 * Runs, under the extraction chunk's token, the batch extraction of one service for all funds of a run of the
 * old way: of each extract procedure of the service its sibling <name>_Legado, in one transaction. A service
 * without one (PNL) does nothing. Run again it leaves the same rows.
 *
 * Document 004, phase 2: "Los SPs de extraccion son BATCH (una vez por fecha para todos los fondos)".
 *
 * Calls `logs.sp_Extraer_Legado`.
 * Errors: 50400 BAD_ARGUMENT, 50404 NOT_FOUND, 50408 LOCK_TIMEOUT, 50409 WRONG_STATE, 50410 LEASE_LOST, 50499
 * CANCELLED.
 * Touches: trabajo.Chunks read, logs.Ejecuciones read, logs.Servicio_Procedimientos read, extract.* write.
 * Batch: none.
 * Entry: carril_app.
 */
export async function extraerLegado(session: Session, args: ExtraerLegadoArgs, options?: CallOptions): Promise<ExtraerLegadoResult> {
  const result = await session.call(procedures.extraerLegado, {
    ID_Chunk: args.idChunk,
    Servicio: args.servicio,
    Token: args.token,
  }, options);
  return toExtraerLegadoResult(oneRow(result, 0, procedures.extraerLegado));
}

function toExtraerLegadoResult(row: Row): ExtraerLegadoResult {
  return {
    pasos: row['Pasos'] as number,
    duracionMs: row['Duracion_Ms'] as number,
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
  /** bit; 0 when left out */
  readonly transitorio?: boolean | undefined;
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
 * attempt on the chunk, which goes back with backoff or ends (as trabajo.sp_Fallar_Chunk says, @Transitorio
 * too). When the chunk ends, so does the execution, and the service that failed is ERROR; until then it stays
 * PENDIENTE, for the next attempt begins at the first unfinished service. Already recorded under this token:
 * says what became of it and does nothing.
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
    Transitorio: args.transitorio,
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

/** Arguments of `logs.sp_Fallar_Servicio_Legado`. */
export interface FallarServicioLegadoArgs {
  /** bigint */
  readonly idChunk: bigint;
  /** varchar(50) */
  readonly servicio: string;
  /** bigint */
  readonly token: bigint;
  /** nvarchar(4000) */
  readonly error: string;
  /** bit; 1 when left out */
  readonly reintentable?: boolean | undefined;
  /** bit; 0 when left out */
  readonly transitorio?: boolean | undefined;
}

/** The row that `logs.sp_Fallar_Servicio_Legado` returns. */
export interface FallarServicioLegadoResult {
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
 * Records, under the token, that an attempt at a chunk of a run of the old way failed: as
 * trabajo.sp_Fallar_Chunk does, and on the fund's row the message, with ERROR for the service when the chunk
 * ends so. The batch extraction has no fund: only its chunk is written, and its error ends the run. Already
 * recorded under this token: says what became of it and does nothing.
 *
 * Calls `logs.sp_Fallar_Servicio_Legado`.
 * Errors: 50400 BAD_ARGUMENT, 50404 NOT_FOUND, 50408 LOCK_TIMEOUT, 50409 WRONG_STATE, 50410 LEASE_LOST, 50499
 * CANCELLED.
 * Touches: trabajo.Chunks write, logs.Ejecuciones read, logs.Ejecucion_Fondos write.
 * Batch: 1.
 * Entry: carril_app.
 */
export async function fallarServicioLegado(session: Session, args: FallarServicioLegadoArgs, options?: CallOptions): Promise<FallarServicioLegadoResult> {
  const result = await session.call(procedures.fallarServicioLegado, {
    ID_Chunk: args.idChunk,
    Servicio: args.servicio,
    Token: args.token,
    Error: args.error,
    Reintentable: args.reintentable,
    Transitorio: args.transitorio,
  }, options);
  return toFallarServicioLegadoResult(oneRow(result, 0, procedures.fallarServicioLegado));
}

function toFallarServicioLegadoResult(row: Row): FallarServicioLegadoResult {
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
 * Of a run of the old way the funds are its chunks: their ends go to the funds' rows, and the state and the
 * counts to the shared execution too, over what the lanes counted last.
 *
 * CANCELADO when an execution was cancelled; ERROR when all failed; COMPLETADO_CON_ERRORES when some did;
 * REVERTIDO when all were rolled back by then; else COMPLETADO.
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

/** Arguments of `logs.sp_Finalizar_Revision`. */
export interface FinalizarRevisionArgs {
  /** bigint */
  readonly idTrabajo: bigint;
  /** nvarchar(4000); NULL when left out */
  readonly error?: string | null | undefined;
  /** bigint; NULL when left out */
  readonly reanudarEn?: bigint | null | undefined;
}

/** The row that `logs.sp_Finalizar_Revision` returns. */
export interface FinalizarRevisionResult {
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
 * Ends a review of a log. Kind LOGS: to be tried after every commit that ends a chunk and on every idle poll, as
 * trabajo.sp_Finalizar_Trabajo is: a cheap look without a lock first, then the job's lock Exclusive, a recount,
 * one commit. COMPLETADO only when every chunk is; one that failed makes the job ERROR. Kind LOGS_SECUENCIAL:
 * called once by who read the file, with @Error if that failed and @Reanudar_En, where the next review begins.
 * Only COMPLETADO moves the file on.
 *
 * Calls `logs.sp_Finalizar_Revision`.
 * Errors: 50400 BAD_ARGUMENT, 50404 NOT_FOUND, 50408 LOCK_TIMEOUT, 50409 WRONG_STATE, 50499 CANCELLED.
 * Touches: trabajo.Chunks write, trabajo.Trabajos write, logs.Archivos write.
 * Batch: 2000.
 * Entry: carril_app.
 */
export async function finalizarRevision(session: Session, args: FinalizarRevisionArgs, options?: CallOptions): Promise<FinalizarRevisionResult> {
  const result = await session.call(procedures.finalizarRevision, {
    ID_Trabajo: args.idTrabajo,
    Error: args.error,
    Reanudar_En: args.reanudarEn,
  }, options);
  return toFinalizarRevisionResult(oneRow(result, 0, procedures.finalizarRevision));
}

function toFinalizarRevisionResult(row: Row): FinalizarRevisionResult {
  return {
    estado: row['Estado'] as string,
    finalizado: row['Finalizado'] as boolean,
    total: row['Total'] as number | null,
    completados: row['Completados'] as number | null,
    fallidos: row['Fallidos'] as number | null,
    cancelados: row['Cancelados'] as number | null,
  };
}

/** Arguments of `logs.sp_Guardar_Bloques`. */
export interface GuardarBloquesArgs {
  /** bigint */
  readonly idChunk: bigint;
  /** bigint */
  readonly token: bigint;
  /** bigint */
  readonly desde: bigint;
  /** bigint */
  readonly hasta: bigint;
  /** logs.Lista_Bloques_v1; empty when left out */
  readonly bloques?: readonly logsTables.ListaBloquesV1Row[] | undefined;
  /** bit; 1 when left out */
  readonly completar?: boolean | undefined;
  /** nvarchar(max); NULL when left out */
  readonly resultado?: string | null | undefined;
}

/** The row that `logs.sp_Guardar_Bloques` returns. */
export interface GuardarBloquesResult {
  /** varchar(50); COMPLETADO, or EN_PROGRESO after a part */
  readonly estado: string;
  /** int; rows that this call wrote */
  readonly bloques: number;
  /** int; 0: no unfinished chunk of the job was seen, try to finalize it; else 1 */
  readonly restantes: number;
}

/**
 * Stores the error blocks of a chunk of a log and completes the chunk, in one transaction under its token: what
 * begins in [@Desde, @Hasta) is replaced by the given blocks. Already complete under this token: says so and
 * does nothing. With @Completar = 0 it stores a part of a chunk that is too large for one call; the chunk stays
 * held, and an attempt that is repeated replaces the parts again. The part must lie in the chunk's range (of
 * compressed input only from its start on: its bytes are counted after decompression). The result is
 * {"bloques":n} unless given. At most 20,000 blocks a call.
 *
 * Calls `logs.sp_Guardar_Bloques`.
 * Errors: 50400 BAD_ARGUMENT, 50404 NOT_FOUND, 50408 LOCK_TIMEOUT, 50409 WRONG_STATE, 50410 LEASE_LOST, 50499
 * CANCELLED.
 * Touches: logs.Archivos read, logs.Bloques_Error write, trabajo.Chunks write, trabajo.Trabajos read.
 * Batch: 2000.
 * Entry: carril_app.
 */
export async function guardarBloques(session: Session, args: GuardarBloquesArgs, options?: CallOptions): Promise<GuardarBloquesResult> {
  const result = await session.call(procedures.guardarBloques, {
    ID_Chunk: args.idChunk,
    Token: args.token,
    Desde: args.desde,
    Hasta: args.hasta,
    Bloques: logsTables.listaBloquesV1Rows(args.bloques),
    Completar: args.completar,
    Resultado: args.resultado,
  }, options);
  return toGuardarBloquesResult(oneRow(result, 0, procedures.guardarBloques));
}

function toGuardarBloquesResult(row: Row): GuardarBloquesResult {
  return {
    estado: row['Estado'] as string,
    bloques: row['Bloques'] as number,
    restantes: row['Restantes'] as number,
  };
}

/** Arguments of `logs.sp_Guardar_Bloques_Secuencial`. */
export interface GuardarBloquesSecuencialArgs {
  /** bigint */
  readonly idTrabajo: bigint;
  /** bigint */
  readonly desde: bigint;
  /** bigint */
  readonly hasta: bigint;
  /** logs.Lista_Bloques_v1; empty when left out */
  readonly bloques?: readonly logsTables.ListaBloquesV1Row[] | undefined;
}

/** The row that `logs.sp_Guardar_Bloques_Secuencial` returns. */
export interface GuardarBloquesSecuencialResult {
  /** int; rows that this call wrote */
  readonly bloques: number;
}

/**
 * Stores the error blocks of a part of a log for a sequential review, which has no chunks and no leases: what
 * begins in [@Desde, @Hasta) is replaced by the given blocks. The job's lock Exclusive keeps two runs of one
 * review apart. At most 20,000 blocks a call.
 *
 * Calls `logs.sp_Guardar_Bloques_Secuencial`.
 * Errors: 50400 BAD_ARGUMENT, 50404 NOT_FOUND, 50408 LOCK_TIMEOUT, 50409 WRONG_STATE, 50499 CANCELLED.
 * Touches: trabajo.Trabajos read, logs.Archivos read, logs.Bloques_Error write.
 * Batch: 2000.
 * Entry: carril_app.
 */
export async function guardarBloquesSecuencial(session: Session, args: GuardarBloquesSecuencialArgs, options?: CallOptions): Promise<GuardarBloquesSecuencialResult> {
  const result = await session.call(procedures.guardarBloquesSecuencial, {
    ID_Trabajo: args.idTrabajo,
    Desde: args.desde,
    Hasta: args.hasta,
    Bloques: logsTables.listaBloquesV1Rows(args.bloques),
  }, options);
  return toGuardarBloquesSecuencialResult(oneRow(result, 0, procedures.guardarBloquesSecuencial));
}

function toGuardarBloquesSecuencialResult(row: Row): GuardarBloquesSecuencialResult {
  return {
    bloques: row['Bloques'] as number,
  };
}

/** Arguments of `logs.sp_Informe_Bloques`. */
export interface InformeBloquesArgs {
  /** bigint; NULL when left out */
  readonly idTrabajo?: bigint | null | undefined;
  /** nvarchar(400); NULL when left out */
  readonly ruta?: string | null | undefined;
  /** int; 100 when left out */
  readonly maximo?: number | undefined;
}

/** A row of `logs.sp_Informe_Bloques`. */
export interface InformeBloquesRow {
  /** nvarchar(400) */
  readonly firma: string;
  /** varchar(20) */
  readonly nivel: string;
  /** int */
  readonly veces: number;
  /** datetime2(3), UTC; first seen, by the time stamps in the log */
  readonly primero: Date | null;
  /** datetime2(3), UTC; last seen */
  readonly ultimo: Date | null;
  /** nvarchar(1000); first line of the earliest block */
  readonly ejemplo: string;
  /** bigint; where that block begins */
  readonly ejemploInicio: bigint;
}

/**
 * The error blocks of one review, or of a file (the newest with that path), grouped by signature and level, the
 * most frequent first. Exactly one of @ID_Trabajo and @Ruta. A block that grew is counted by the review that
 * read it last.
 *
 * Calls `logs.sp_Informe_Bloques`.
 * Errors: 50400 BAD_ARGUMENT, 50404 NOT_FOUND, 50409 WRONG_STATE.
 * Touches: trabajo.Trabajos read, logs.Archivos read, logs.Bloques_Error read.
 * Batch: none.
 * Entry: carril_app, carril_lector.
 */
export async function informeBloques(session: Session, args: InformeBloquesArgs = {}, options?: CallOptions): Promise<readonly InformeBloquesRow[]> {
  const result = await session.call(procedures.informeBloques, {
    ID_Trabajo: args.idTrabajo,
    Ruta: args.ruta,
    Maximo: args.maximo,
  }, options);
  return (result.results[0] ?? []).map(toInformeBloquesRow);
}

function toInformeBloquesRow(row: Row): InformeBloquesRow {
  return {
    firma: row['Firma'] as string,
    nivel: row['Nivel'] as string,
    veces: row['Veces'] as number,
    primero: row['Primero'] as Date | null,
    ultimo: row['Ultimo'] as Date | null,
    ejemplo: row['Ejemplo'] as string,
    ejemploInicio: row['Ejemplo_Inicio'] as bigint,
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
  /** varchar(20); NULL when left out */
  readonly arquitectura?: string | null | undefined;
  /** varchar(50); NULL when left out */
  readonly servicio?: string | null | undefined;
  /** varchar(64); NULL when left out */
  readonly huella?: string | null | undefined;
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
 * idempotency key that exists already it creates nothing and gives back the process of that key; @Huella, a
 * digest of what was asked, is kept with the job, so that its caller can tell a repetition from another request.
 * What the process will run is frozen here: the funds' codes and flags, the architecture, and the active
 * services; a service that is not active, or whose flag the fund has off, is OMITIDO from now on.
 *
 * @Arquitectura NULL: what logs.Ajustes says of the funds, 50409 when they differ (a process has one; start
 * two). LEGADO: one ID_Ejecucion for all funds, without ID_Fund, and a job of kind FONDOS_LEGADO with one chunk,
 * the batch extraction, which adds the funds' chunks when it is done.
 *
 * With @Servicio only that service runs. What it depends on, directly or not, is OMITIDO where the fund has a
 * completed execution of that date with that service complete, whose rows are read then, and runs before it
 * where not. A fund that has the flag of @Servicio off runs nothing; the old way cannot run one alone (50409).
 * Nothing is started (50409, naming the rows) while logs.Servicios cannot be run: see
 * logs.sp_Verificar_Servicios.
 *
 * A chunk's weight is what logs.fn_Peso_Fondo says, of the sources whose flag the fund has on: the heaviest
 * funds are claimed first.
 *
 * Every ID comes from logs.Seq_ID, the process's first: whatever other callers draw in between, an execution's
 * ID is above its process's.
 *
 * Calls `logs.sp_Inicializar_Proceso`.
 * Errors: 50400 BAD_ARGUMENT, 50404 NOT_FOUND, 50408 LOCK_TIMEOUT, 50409 WRONG_STATE, 50499 CANCELLED.
 * Touches: dimensionales.BD_Funds read, logs.Ajustes read, homol.IPA read, homol.CAPM read, homol.PosModRF read,
 * homol.SONA read, homol.Derivados read, homol.UBS read, logs.Servicios read, logs.Servicio_Procedimientos read,
 * trabajo.Trabajos write, logs.Procesos write, trabajo.Chunks write, logs.Ejecuciones write,
 * logs.Ejecucion_Fondos write.
 * Batch: 2000.
 * Entry: carril_app.
 */
export async function inicializarProceso(session: Session, args: InicializarProcesoArgs, options?: CallOptions): Promise<InicializarProcesoResult> {
  const { output } = await session.call(procedures.inicializarProceso, {
    FechaReporte: args.fechaReporte,
    Fondos: logsTables.listaFondosV1Rows(args.fondos),
    Usuario: args.usuario,
    Clave: args.clave,
    Arquitectura: args.arquitectura,
    Servicio: args.servicio,
    Huella: args.huella,
  }, options);
  return {
    idProceso: output['ID_Proceso'] as bigint,
    idTrabajo: output['ID_Trabajo'] as bigint,
    totalFondos: output['TotalFondos'] as number,
  };
}

/** Arguments of `logs.sp_Iniciar_Revision`. */
export interface IniciarRevisionArgs {
  /** nvarchar(400) */
  readonly ruta: string;
  /** varchar(64) */
  readonly huella: string;
  /** int */
  readonly huellaBytes: number;
  /** varchar(64) */
  readonly opciones: string;
  /** bigint */
  readonly desde: bigint;
  /** bigint */
  readonly hasta: bigint;
  /** bigint; NULL when left out */
  readonly idArchivo?: bigint | null | undefined;
  /** bit; 0 when left out */
  readonly secuencial?: boolean | undefined;
  /** nvarchar(max); NULL when left out */
  readonly parametros?: string | null | undefined;
  /** nvarchar(100); NULL when left out */
  readonly usuario?: string | null | undefined;
  /** trabajo.Lista_Chunks_v1; empty when left out */
  readonly chunks?: readonly trabajoTables.ListaChunksV1Row[] | undefined;
}

/** The row that `logs.sp_Iniciar_Revision` returns. */
export interface IniciarRevisionResult {
  /** bigint */
  readonly idTrabajo: bigint;
  /** bigint */
  readonly idArchivo: bigint;
  /** bit; 0: that review was running already */
  readonly creado: boolean;
}

/**
 * Starts a review of a log file's bytes [@Desde, @Hasta), in one transaction: the file's row, the job, and for
 * kind LOGS its chunks, which must cover the range without a gap or an overlap (compressed input: one chunk).
 * With @Secuencial = 1 the job is of kind LOGS_SECUENCIAL and has no chunks. Without @ID_Archivo the file is new
 * to the database, also when one with that path is known: it was replaced. id_archivo, ruta, desde and hasta in
 * @Parametros are written here.
 *
 * A review of that path that is running: if it is of the same file, kind, options and range, it is given back
 * with Creado = 0, so two scans at once join; one that was cancelled, or that lacks nothing but its end, is
 * ended first; else 50409, naming it. No byte is skipped: @Desde cannot lie behind where the next review of the
 * file begins, and other options than last time mean from 0 on; the file counts as unread until such a review is
 * complete.
 *
 * Calls `logs.sp_Iniciar_Revision`.
 * Errors: 50400 BAD_ARGUMENT, 50404 NOT_FOUND, 50408 LOCK_TIMEOUT, 50409 WRONG_STATE, 50499 CANCELLED.
 * Touches: logs.Archivos write, trabajo.Trabajos write, trabajo.Chunks write.
 * Batch: 2000.
 * Entry: carril_app.
 */
export async function iniciarRevision(session: Session, args: IniciarRevisionArgs, options?: CallOptions): Promise<IniciarRevisionResult> {
  const result = await session.call(procedures.iniciarRevision, {
    Ruta: args.ruta,
    Huella: args.huella,
    Huella_Bytes: args.huellaBytes,
    Opciones: args.opciones,
    Desde: args.desde,
    Hasta: args.hasta,
    ID_Archivo: args.idArchivo,
    Secuencial: args.secuencial,
    Parametros: args.parametros,
    Usuario: args.usuario,
    Chunks: trabajoTables.listaChunksV1Rows(args.chunks),
  }, options);
  return toIniciarRevisionResult(oneRow(result, 0, procedures.iniciarRevision));
}

function toIniciarRevisionResult(row: Row): IniciarRevisionResult {
  return {
    idTrabajo: row['ID_Trabajo'] as bigint,
    idArchivo: row['ID_Archivo'] as bigint,
    creado: row['Creado'] as boolean,
  };
}

/** Arguments of `logs.sp_Listar_Bloques`. */
export interface ListarBloquesArgs {
  /** bigint */
  readonly idTrabajo: bigint;
  /** bigint; 0 when left out */
  readonly desde?: bigint | undefined;
  /** bigint; NULL when left out */
  readonly hasta?: bigint | null | undefined;
  /** int; 1000 when left out */
  readonly maximo?: number | undefined;
}

/** A row of `logs.sp_Listar_Bloques`. */
export interface ListarBloquesRow {
  /** bigint; which chunk found it; none in a sequential review */
  readonly idChunk: bigint | null;
  /** bigint */
  readonly byteInicio: bigint;
  /** bigint */
  readonly byteFin: bigint;
  /** varchar(20) */
  readonly nivel: string;
  /** datetime2(3), UTC */
  readonly momento: Date | null;
  /** nvarchar(400) */
  readonly firma: string;
  /** nvarchar(1000) */
  readonly primeraLinea: string;
  /** nvarchar(4000) */
  readonly texto: string;
}

/**
 * The error blocks of one review that begin in a range of bytes, in the file's order, at most @Maximo: the next
 * page begins after the last Byte_Inicio of this one. The text is cut at 4,000 characters; its range of bytes is
 * whole.
 *
 * Calls `logs.sp_Listar_Bloques`.
 * Errors: 50400 BAD_ARGUMENT.
 * Touches: logs.Bloques_Error read.
 * Batch: none.
 * Entry: carril_app, carril_lector.
 */
export async function listarBloques(session: Session, args: ListarBloquesArgs, options?: CallOptions): Promise<readonly ListarBloquesRow[]> {
  const result = await session.call(procedures.listarBloques, {
    ID_Trabajo: args.idTrabajo,
    Desde: args.desde,
    Hasta: args.hasta,
    Maximo: args.maximo,
  }, options);
  return (result.results[0] ?? []).map(toListarBloquesRow);
}

function toListarBloquesRow(row: Row): ListarBloquesRow {
  return {
    idChunk: row['ID_Chunk'] as bigint | null,
    byteInicio: row['Byte_Inicio'] as bigint,
    byteFin: row['Byte_Fin'] as bigint,
    nivel: row['Nivel'] as string,
    momento: row['Momento'] as Date | null,
    firma: row['Firma'] as string,
    primeraLinea: row['Primera_Linea'] as string,
    texto: row['Texto'] as string,
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

/** Arguments of `logs.sp_Listar_Revisiones`. */
export interface ListarRevisionesArgs {
  /** nvarchar(400); NULL when left out */
  readonly ruta?: string | null | undefined;
}

/** A row of `logs.sp_Listar_Revisiones`. */
export interface ListarRevisionesRow {
  /** nvarchar(400) */
  readonly ruta: string;
  /** bigint */
  readonly idArchivo: bigint;
  /** bigint */
  readonly idTrabajo: bigint | null;
  /** varchar(50) */
  readonly estadoTrabajo: string | null;
  /** bigint */
  readonly leido: bigint;
  /** bigint */
  readonly reanudarEn: bigint;
  /** bigint */
  readonly idChunk: bigint | null;
  /** int */
  readonly orden: number | null;
  /** bigint */
  readonly byteInicio: bigint | null;
  /** bigint */
  readonly byteFin: bigint | null;
  /** varchar(50); PROCESANDO: held under a lease that has not expired */
  readonly estado: string | null;
  /** nvarchar(200) */
  readonly poseedor: string | null;
  /** int */
  readonly intento: number | null;
  /** datetime2(3), UTC */
  readonly fin: Date | null;
}

/**
 * What carril logs sync writes down: of each file (the newest with its path) its newest review and, of kind
 * LOGS, its chunks in their order, those that were split left out; one row without a chunk where there is none.
 * Of all files, or of one.
 *
 * Calls `logs.sp_Listar_Revisiones`.
 * Errors: none of its own.
 * Touches: trabajo.Chunks read, trabajo.Trabajos read, logs.Archivos read.
 * Batch: none.
 * Entry: carril_app, carril_lector.
 */
export async function listarRevisiones(session: Session, args: ListarRevisionesArgs = {}, options?: CallOptions): Promise<readonly ListarRevisionesRow[]> {
  const result = await session.call(procedures.listarRevisiones, {
    Ruta: args.ruta,
  }, options);
  return (result.results[0] ?? []).map(toListarRevisionesRow);
}

function toListarRevisionesRow(row: Row): ListarRevisionesRow {
  return {
    ruta: row['Ruta'] as string,
    idArchivo: row['ID_Archivo'] as bigint,
    idTrabajo: row['ID_Trabajo'] as bigint | null,
    estadoTrabajo: row['Estado_Trabajo'] as string | null,
    leido: row['Leido'] as bigint,
    reanudarEn: row['Reanudar_En'] as bigint,
    idChunk: row['ID_Chunk'] as bigint | null,
    orden: row['Orden'] as number | null,
    byteInicio: row['Byte_Inicio'] as bigint | null,
    byteFin: row['Byte_Fin'] as bigint | null,
    estado: row['Estado'] as string | null,
    poseedor: row['Poseedor'] as string | null,
    intento: row['Intento'] as number | null,
    fin: row['Fin'] as Date | null,
  };
}

/** Arguments of `logs.sp_Marcar_Estado_Legado`. */
export interface MarcarEstadoLegadoArgs {
  /** bigint */
  readonly idChunk: bigint;
  /** varchar(50) */
  readonly servicio: string;
  /** bigint */
  readonly token: bigint;
}

/**
 * Writes that a service of one fund of a run of the old way has finished, under its chunk's token: one UPDATE of
 * one row, in a transaction of its own, 350 of them for 50 funds and 7 services (document 004, hypothesis 4:
 * "ExecutionTracker, 350 UPDATEs sin batching"). Written twice it is the same.
 *
 * Calls `logs.sp_Marcar_Estado_Legado`.
 * Errors: 50400 BAD_ARGUMENT, 50404 NOT_FOUND, 50408 LOCK_TIMEOUT, 50409 WRONG_STATE, 50410 LEASE_LOST, 50499
 * CANCELLED.
 * Touches: trabajo.Chunks read, logs.Ejecuciones read, logs.Ejecucion_Fondos write.
 * Batch: 1.
 * Entry: carril_app.
 */
export async function marcarEstadoLegado(session: Session, args: MarcarEstadoLegadoArgs, options?: CallOptions): Promise<void> {
  await session.call(procedures.marcarEstadoLegado, {
    ID_Chunk: args.idChunk,
    Servicio: args.servicio,
    Token: args.token,
  }, options);
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

/** Arguments of `logs.sp_Plan_Reversion`. */
export interface PlanReversionArgs {
  /** bigint; NULL when left out */
  readonly idProceso?: bigint | null | undefined;
  /** bigint; NULL when left out */
  readonly idEjecucion?: bigint | null | undefined;
}

/** A row of `logs.sp_Plan_Reversion`. */
export interface PlanReversionRow {
  /** bigint; null for a run from before processes */
  readonly idProceso: bigint | null;
  /** bigint */
  readonly idEjecucion: bigint;
  /** nvarchar(100); null for a run of the old way */
  readonly fundShortName: string | null;
  /** varchar(50) */
  readonly estado: string;
  /** bit; it can be rolled back: it neither runs nor waits to be run */
  readonly termino: boolean;
  /** bigint */
  readonly filas: bigint;
}

/**
 * What rolling back would delete: the executions of a process, or one of them, with the rows that each has in
 * extract and staging. Either ID, not both. @ID_Proceso accepts the ID of the process or a run's of the old way;
 * that of one fund's execution is refused (50409), lest a whole process goes for one fund.
 *
 * Calls `logs.sp_Plan_Reversion`.
 * Errors: 50400 BAD_ARGUMENT, 50404 NOT_FOUND, 50409 WRONG_STATE.
 * Touches: extract.* read, staging.* read, trabajo.Chunks read, logs.Procesos read, logs.Ejecuciones read,
 * logs.Ejecucion_Fondos read.
 * Batch: none.
 * Entry: carril_app.
 */
export async function planReversion(session: Session, args: PlanReversionArgs = {}, options?: CallOptions): Promise<readonly PlanReversionRow[]> {
  const result = await session.call(procedures.planReversion, {
    ID_Proceso: args.idProceso,
    ID_Ejecucion: args.idEjecucion,
  }, options);
  return (result.results[0] ?? []).map(toPlanReversionRow);
}

function toPlanReversionRow(row: Row): PlanReversionRow {
  return {
    idProceso: row['ID_Proceso'] as bigint | null,
    idEjecucion: row['ID_Ejecucion'] as bigint,
    fundShortName: row['FundShortName'] as string | null,
    estado: row['Estado'] as string,
    termino: row['Termino'] as boolean,
    filas: row['Filas'] as bigint,
  };
}

/** Arguments of `logs.sp_Recontar_Proceso`. */
export interface RecontarProcesoArgs {
  /** bigint */
  readonly idProceso: bigint;
}

/**
 * Writes a process's state and counters from the final states of its executions: when it ends, and when one of
 * them is rolled back after that. CANCELADO when an execution was cancelled; ERROR when all failed;
 * COMPLETADO_CON_ERRORES when some did; REVERTIDO when all were rolled back; else COMPLETADO. A process of the
 * old way keeps what its writers gave it, until all of it is REVERTIDO. The caller sees to it that no execution
 * changes meanwhile.
 *
 * Calls `logs.sp_Recontar_Proceso`.
 * Errors: none of its own.
 * Touches: logs.Ejecuciones read, logs.Procesos write.
 * Batch: 1.
 * Step: called inside the caller's transaction.
 */
export async function recontarProceso(session: Session, args: RecontarProcesoArgs, options?: CallOptions): Promise<void> {
  await session.call(procedures.recontarProceso, {
    ID_Proceso: args.idProceso,
  }, options);
}

/** Arguments of `logs.sp_Reintentar_Proceso`. */
export interface ReintentarProcesoArgs {
  /** bigint */
  readonly idProceso: bigint;
}

/** The row that `logs.sp_Reintentar_Proceso` returns. */
export interface ReintentarProcesoResult {
  /** bigint */
  readonly idProceso: bigint;
  /** varchar(50); of the process */
  readonly estado: string;
  /** int; funds that this call set free */
  readonly reintentados: number;
}

/**
 * Gives the failed and cancelled funds of a process another chance, in that process: each begins at its first
 * unfinished service, with all its attempts. Accepts the ID of the process, or of one fund's execution for that
 * fund alone. What is complete, skipped or rolled back stays as it is, and so does the list of services, which
 * was frozen when the process began. The process and its job, if they had ended, are under way again until they
 * are finalized. At most 500 funds a call: call again until Reintentados is 0. Nothing to retry changes nothing.
 *
 * Holds the job's lock Exclusive, and of each chunk its own (waiting at most 15 s). Tokens stay where they are:
 * a late call of an earlier holder is refused before and after the next claim. Refused (50409): a run of the old
 * way, and a process that is being cancelled, until it has ended.
 *
 * Calls `logs.sp_Reintentar_Proceso`.
 * Errors: 50400 BAD_ARGUMENT, 50404 NOT_FOUND, 50408 LOCK_TIMEOUT, 50409 WRONG_STATE, 50499 CANCELLED.
 * Touches: logs.Ejecucion_Fondos write, logs.Ejecuciones write, logs.Procesos write, trabajo.Chunks write,
 * trabajo.Trabajos write.
 * Batch: 500.
 * Entry: carril_app.
 */
export async function reintentarProceso(session: Session, args: ReintentarProcesoArgs, options?: CallOptions): Promise<ReintentarProcesoResult> {
  const result = await session.call(procedures.reintentarProceso, {
    ID_Proceso: args.idProceso,
  }, options);
  return toReintentarProcesoResult(oneRow(result, 0, procedures.reintentarProceso));
}

function toReintentarProcesoResult(row: Row): ReintentarProcesoResult {
  return {
    idProceso: row['ID_Proceso'] as bigint,
    estado: row['Estado'] as string,
    reintentados: row['Reintentados'] as number,
  };
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

/** Arguments of `logs.sp_Resultados_CAPM`. */
export interface ResultadosCapmArgs {
  /** bigint */
  readonly idProceso: bigint;
  /** nvarchar(100); NULL when left out */
  readonly fondo?: string | null | undefined;
}

/** A row of `logs.sp_Resultados_CAPM`. */
export interface ResultadosCapmRow {
  /** nvarchar(100) */
  readonly fundShortName: string;
  /** bigint */
  readonly idEjecucion: bigint;
  /** varchar(40) */
  readonly patrimonioContable: string;
  /** varchar(40) */
  readonly totalIpa: string;
  /** varchar(40) */
  readonly diferencia: string;
  /** varchar(40) */
  readonly diferenciaPb: string | null;
}

/**
 * The rows of staging.CAPM_Final that a process made, of one fund or of all, by fund name. Accepts what
 * logs.sp_Estado_Proceso accepts. Amounts as text, with all their decimals.
 *
 * Calls `logs.sp_Resultados_CAPM`.
 * Errors: 50400 BAD_ARGUMENT, 50404 NOT_FOUND.
 * Touches: logs.Procesos read, logs.Ejecuciones read, logs.Ejecucion_Fondos read, staging.CAPM_Final read.
 * Batch: none.
 * Entry: carril_app, carril_lector.
 */
export async function resultadosCapm(session: Session, args: ResultadosCapmArgs, options?: CallOptions): Promise<readonly ResultadosCapmRow[]> {
  const result = await session.call(procedures.resultadosCapm, {
    ID_Proceso: args.idProceso,
    Fondo: args.fondo,
  }, options);
  return (result.results[0] ?? []).map(toResultadosCapmRow);
}

function toResultadosCapmRow(row: Row): ResultadosCapmRow {
  return {
    fundShortName: row['FundShortName'] as string,
    idEjecucion: row['ID_Ejecucion'] as bigint,
    patrimonioContable: row['Patrimonio_Contable'] as string,
    totalIpa: row['Total_IPA'] as string,
    diferencia: row['Diferencia'] as string,
    diferenciaPb: row['Diferencia_PB'] as string | null,
  };
}

/** Arguments of `logs.sp_Resultados_Derivados`. */
export interface ResultadosDerivadosArgs {
  /** bigint */
  readonly idProceso: bigint;
  /** nvarchar(100); NULL when left out */
  readonly fondo?: string | null | undefined;
}

/** A row of `logs.sp_Resultados_Derivados`. */
export interface ResultadosDerivadosRow {
  /** nvarchar(100) */
  readonly fundShortName: string;
  /** bigint */
  readonly idEjecucion: bigint;
  /** nvarchar(100) */
  readonly investId: string;
  /** nvarchar(200) */
  readonly descripcion: string;
  /** varchar(40) */
  readonly nocional: string;
  /** varchar(40) */
  readonly valorMercado: string;
  /** varchar(40) */
  readonly exposicionDelta: string | null;
}

/**
 * The rows of staging.Derivados_Final that a process made, of one fund or of all, by fund name. Accepts what
 * logs.sp_Estado_Proceso accepts. Amounts as text, with all their decimals.
 *
 * Calls `logs.sp_Resultados_Derivados`.
 * Errors: 50400 BAD_ARGUMENT, 50404 NOT_FOUND.
 * Touches: logs.Procesos read, logs.Ejecuciones read, logs.Ejecucion_Fondos read, staging.Derivados_Final read.
 * Batch: none.
 * Entry: carril_app, carril_lector.
 */
export async function resultadosDerivados(session: Session, args: ResultadosDerivadosArgs, options?: CallOptions): Promise<readonly ResultadosDerivadosRow[]> {
  const result = await session.call(procedures.resultadosDerivados, {
    ID_Proceso: args.idProceso,
    Fondo: args.fondo,
  }, options);
  return (result.results[0] ?? []).map(toResultadosDerivadosRow);
}

function toResultadosDerivadosRow(row: Row): ResultadosDerivadosRow {
  return {
    fundShortName: row['FundShortName'] as string,
    idEjecucion: row['ID_Ejecucion'] as bigint,
    investId: row['InvestID'] as string,
    descripcion: row['Descripcion'] as string,
    nocional: row['Nocional'] as string,
    valorMercado: row['ValorMercado'] as string,
    exposicionDelta: row['Exposicion_Delta'] as string | null,
  };
}

/** Arguments of `logs.sp_Resultados_IPA`. */
export interface ResultadosIpaArgs {
  /** bigint */
  readonly idProceso: bigint;
  /** nvarchar(100); NULL when left out */
  readonly fondo?: string | null | undefined;
}

/** A row of `logs.sp_Resultados_IPA`. */
export interface ResultadosIpaRow {
  /** nvarchar(100) */
  readonly fundShortName: string;
  /** bigint */
  readonly idEjecucion: bigint;
  /** nvarchar(100) */
  readonly investId: string;
  /** nvarchar(200) */
  readonly descripcion: string;
  /** char(3) */
  readonly moneda: string;
  /** varchar(40) */
  readonly cantidad: string;
  /** varchar(40) */
  readonly precioLocal: string | null;
  /** varchar(40) */
  readonly valorMercado: string;
  /** varchar(40) */
  readonly peso: string;
  /** int */
  readonly lineas: number;
  /** int */
  readonly repreciadas: number;
  /** bit */
  readonly esEfectivo: boolean;
}

/**
 * The rows of staging.IPA_Final that a process made, of one fund or of all, by fund name. Accepts what
 * logs.sp_Estado_Proceso accepts. Amounts as text, with all their decimals.
 *
 * Calls `logs.sp_Resultados_IPA`.
 * Errors: 50400 BAD_ARGUMENT, 50404 NOT_FOUND.
 * Touches: logs.Procesos read, logs.Ejecuciones read, logs.Ejecucion_Fondos read, staging.IPA_Final read.
 * Batch: none.
 * Entry: carril_app, carril_lector.
 */
export async function resultadosIpa(session: Session, args: ResultadosIpaArgs, options?: CallOptions): Promise<readonly ResultadosIpaRow[]> {
  const result = await session.call(procedures.resultadosIpa, {
    ID_Proceso: args.idProceso,
    Fondo: args.fondo,
  }, options);
  return (result.results[0] ?? []).map(toResultadosIpaRow);
}

function toResultadosIpaRow(row: Row): ResultadosIpaRow {
  return {
    fundShortName: row['FundShortName'] as string,
    idEjecucion: row['ID_Ejecucion'] as bigint,
    investId: row['InvestID'] as string,
    descripcion: row['Descripcion'] as string,
    moneda: row['Moneda'] as string,
    cantidad: row['Cantidad'] as string,
    precioLocal: row['PrecioLocal'] as string | null,
    valorMercado: row['ValorMercado'] as string,
    peso: row['Peso'] as string,
    lineas: row['Lineas'] as number,
    repreciadas: row['Repreciadas'] as number,
    esEfectivo: row['Es_Efectivo'] as boolean,
  };
}

/** Arguments of `logs.sp_Resultados_PNL`. */
export interface ResultadosPnlArgs {
  /** bigint */
  readonly idProceso: bigint;
  /** nvarchar(100); NULL when left out */
  readonly fondo?: string | null | undefined;
}

/** A row of `logs.sp_Resultados_PNL`. */
export interface ResultadosPnlRow {
  /** nvarchar(100) */
  readonly fundShortName: string;
  /** bigint */
  readonly idEjecucion: bigint;
  /** nvarchar(100) */
  readonly investId: string;
  /** date, `YYYY-MM-DD` */
  readonly fechaAnterior: string | null;
  /** varchar(40) */
  readonly cambioValor: string;
  /** varchar(40) */
  readonly efectoPrecio: string;
  /** varchar(40) */
  readonly efectoCantidad: string;
}

/**
 * The rows of staging.PNL_Final that a process made, of one fund or of all, by fund name. Accepts what
 * logs.sp_Estado_Proceso accepts. Amounts as text, with all their decimals.
 *
 * Calls `logs.sp_Resultados_PNL`.
 * Errors: 50400 BAD_ARGUMENT, 50404 NOT_FOUND.
 * Touches: logs.Procesos read, logs.Ejecuciones read, logs.Ejecucion_Fondos read, staging.PNL_Final read.
 * Batch: none.
 * Entry: carril_app, carril_lector.
 */
export async function resultadosPnl(session: Session, args: ResultadosPnlArgs, options?: CallOptions): Promise<readonly ResultadosPnlRow[]> {
  const result = await session.call(procedures.resultadosPnl, {
    ID_Proceso: args.idProceso,
    Fondo: args.fondo,
  }, options);
  return (result.results[0] ?? []).map(toResultadosPnlRow);
}

function toResultadosPnlRow(row: Row): ResultadosPnlRow {
  return {
    fundShortName: row['FundShortName'] as string,
    idEjecucion: row['ID_Ejecucion'] as bigint,
    investId: row['InvestID'] as string,
    fechaAnterior: row['FechaAnterior'] as string | null,
    cambioValor: row['Cambio_Valor'] as string,
    efectoPrecio: row['Efecto_Precio'] as string,
    efectoCantidad: row['Efecto_Cantidad'] as string,
  };
}

/** Arguments of `logs.sp_Resultados_PosModRF`. */
export interface ResultadosPosModRfArgs {
  /** bigint */
  readonly idProceso: bigint;
  /** nvarchar(100); NULL when left out */
  readonly fondo?: string | null | undefined;
}

/** A row of `logs.sp_Resultados_PosModRF`. */
export interface ResultadosPosModRfRow {
  /** nvarchar(100) */
  readonly fundShortName: string;
  /** bigint */
  readonly idEjecucion: bigint;
  /** nvarchar(100) */
  readonly investId: string;
  /** nvarchar(200) */
  readonly descripcion: string;
  /** varchar(40) */
  readonly nominal: string;
  /** varchar(40) */
  readonly valorMercado: string;
  /** varchar(40) */
  readonly peso: string;
  /** varchar(40) */
  readonly duracionModificada: string | null;
  /** varchar(40) */
  readonly contribucion: string | null;
  /** varchar(40) */
  readonly duracionFondo: string | null;
}

/**
 * The rows of staging.PosModRF_Final that a process made, of one fund or of all, by fund name. Accepts what
 * logs.sp_Estado_Proceso accepts. Amounts as text, with all their decimals.
 *
 * Calls `logs.sp_Resultados_PosModRF`.
 * Errors: 50400 BAD_ARGUMENT, 50404 NOT_FOUND.
 * Touches: logs.Procesos read, logs.Ejecuciones read, logs.Ejecucion_Fondos read, staging.PosModRF_Final read.
 * Batch: none.
 * Entry: carril_app, carril_lector.
 */
export async function resultadosPosModRf(session: Session, args: ResultadosPosModRfArgs, options?: CallOptions): Promise<readonly ResultadosPosModRfRow[]> {
  const result = await session.call(procedures.resultadosPosModRf, {
    ID_Proceso: args.idProceso,
    Fondo: args.fondo,
  }, options);
  return (result.results[0] ?? []).map(toResultadosPosModRfRow);
}

function toResultadosPosModRfRow(row: Row): ResultadosPosModRfRow {
  return {
    fundShortName: row['FundShortName'] as string,
    idEjecucion: row['ID_Ejecucion'] as bigint,
    investId: row['InvestID'] as string,
    descripcion: row['Descripcion'] as string,
    nominal: row['Nominal'] as string,
    valorMercado: row['ValorMercado'] as string,
    peso: row['Peso'] as string,
    duracionModificada: row['DuracionModificada'] as string | null,
    contribucion: row['Contribucion'] as string | null,
    duracionFondo: row['Duracion_Fondo'] as string | null,
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

/** Arguments of `logs.sp_Resultados_Servicios`. */
export interface ResultadosServiciosArgs {
  /** bigint */
  readonly idProceso: bigint;
}

/** A row of `logs.sp_Resultados_Servicios`. */
export interface ResultadosServiciosRow {
  /** nvarchar(100) */
  readonly fundShortName: string;
  /** bigint */
  readonly idEjecucion: bigint;
  /** varchar(50) */
  readonly servicio: string;
  /** varchar(50) */
  readonly estado: string;
  /** int */
  readonly filas: number;
}

/**
 * How many rows each service of a process left for each of its funds, in the order in which they run. Accepts
 * what logs.sp_Estado_Proceso accepts. Of the seven: a service of the site's own has its rows in tables of its
 * own.
 *
 * Calls `logs.sp_Resultados_Servicios`.
 * Errors: 50400 BAD_ARGUMENT, 50404 NOT_FOUND.
 * Touches: logs.Procesos read, logs.Ejecuciones read, logs.Ejecucion_Fondos read, logs.Servicios read,
 * staging.IPA_Final read, staging.CAPM_Final read, staging.PosModRF_Final read, staging.SONA_Final read,
 * staging.Derivados_Final read, staging.UBS_Final read, staging.PNL_Final read.
 * Batch: none.
 * Entry: carril_app, carril_lector.
 */
export async function resultadosServicios(session: Session, args: ResultadosServiciosArgs, options?: CallOptions): Promise<readonly ResultadosServiciosRow[]> {
  const result = await session.call(procedures.resultadosServicios, {
    ID_Proceso: args.idProceso,
  }, options);
  return (result.results[0] ?? []).map(toResultadosServiciosRow);
}

function toResultadosServiciosRow(row: Row): ResultadosServiciosRow {
  return {
    fundShortName: row['FundShortName'] as string,
    idEjecucion: row['ID_Ejecucion'] as bigint,
    servicio: row['Servicio'] as string,
    estado: row['Estado'] as string,
    filas: row['Filas'] as number,
  };
}

/** Arguments of `logs.sp_Resultados_SONA`. */
export interface ResultadosSonaArgs {
  /** bigint */
  readonly idProceso: bigint;
  /** nvarchar(100); NULL when left out */
  readonly fondo?: string | null | undefined;
}

/** A row of `logs.sp_Resultados_SONA`. */
export interface ResultadosSonaRow {
  /** nvarchar(100) */
  readonly fundShortName: string;
  /** bigint */
  readonly idEjecucion: bigint;
  /** nvarchar(100) */
  readonly investId: string;
  /** char(3) */
  readonly moneda: string;
  /** varchar(40) */
  readonly cantidadPendiente: string;
  /** varchar(40) */
  readonly montoPendiente: string;
  /** int */
  readonly operaciones: number;
}

/**
 * The rows of staging.SONA_Final that a process made, of one fund or of all, by fund name. Accepts what
 * logs.sp_Estado_Proceso accepts. Amounts as text, with all their decimals.
 *
 * Calls `logs.sp_Resultados_SONA`.
 * Errors: 50400 BAD_ARGUMENT, 50404 NOT_FOUND.
 * Touches: logs.Procesos read, logs.Ejecuciones read, logs.Ejecucion_Fondos read, staging.SONA_Final read.
 * Batch: none.
 * Entry: carril_app, carril_lector.
 */
export async function resultadosSona(session: Session, args: ResultadosSonaArgs, options?: CallOptions): Promise<readonly ResultadosSonaRow[]> {
  const result = await session.call(procedures.resultadosSona, {
    ID_Proceso: args.idProceso,
    Fondo: args.fondo,
  }, options);
  return (result.results[0] ?? []).map(toResultadosSonaRow);
}

function toResultadosSonaRow(row: Row): ResultadosSonaRow {
  return {
    fundShortName: row['FundShortName'] as string,
    idEjecucion: row['ID_Ejecucion'] as bigint,
    investId: row['InvestID'] as string,
    moneda: row['Moneda'] as string,
    cantidadPendiente: row['Cantidad_Pendiente'] as string,
    montoPendiente: row['Monto_Pendiente'] as string,
    operaciones: row['Operaciones'] as number,
  };
}

/** Arguments of `logs.sp_Resultados_UBS`. */
export interface ResultadosUbsArgs {
  /** bigint */
  readonly idProceso: bigint;
  /** nvarchar(100); NULL when left out */
  readonly fondo?: string | null | undefined;
}

/** A row of `logs.sp_Resultados_UBS`. */
export interface ResultadosUbsRow {
  /** nvarchar(100) */
  readonly fundShortName: string;
  /** bigint */
  readonly idEjecucion: bigint;
  /** nvarchar(100) */
  readonly investId: string;
  /** varchar(20) */
  readonly tipoDiferencia: string;
  /** varchar(40) */
  readonly cantidadIpa: string | null;
  /** varchar(40) */
  readonly cantidadUbs: string | null;
  /** varchar(40) */
  readonly diferencia: string;
}

/**
 * The rows of staging.UBS_Final that a process made, of one fund or of all, by fund name. Accepts what
 * logs.sp_Estado_Proceso accepts. Amounts as text, with all their decimals.
 *
 * Calls `logs.sp_Resultados_UBS`.
 * Errors: 50400 BAD_ARGUMENT, 50404 NOT_FOUND.
 * Touches: logs.Procesos read, logs.Ejecuciones read, logs.Ejecucion_Fondos read, staging.UBS_Final read.
 * Batch: none.
 * Entry: carril_app, carril_lector.
 */
export async function resultadosUbs(session: Session, args: ResultadosUbsArgs, options?: CallOptions): Promise<readonly ResultadosUbsRow[]> {
  const result = await session.call(procedures.resultadosUbs, {
    ID_Proceso: args.idProceso,
    Fondo: args.fondo,
  }, options);
  return (result.results[0] ?? []).map(toResultadosUbsRow);
}

function toResultadosUbsRow(row: Row): ResultadosUbsRow {
  return {
    fundShortName: row['FundShortName'] as string,
    idEjecucion: row['ID_Ejecucion'] as bigint,
    investId: row['InvestID'] as string,
    tipoDiferencia: row['Tipo_Diferencia'] as string,
    cantidadIpa: row['Cantidad_IPA'] as string | null,
    cantidadUbs: row['Cantidad_UBS'] as string | null,
    diferencia: row['Diferencia'] as string,
  };
}

/** Arguments of `logs.sp_Resumen_Revision`. */
export interface ResumenRevisionArgs {
  /** bigint; NULL when left out */
  readonly idTrabajo?: bigint | null | undefined;
  /** nvarchar(400); NULL when left out */
  readonly ruta?: string | null | undefined;
}

/** The row that `logs.sp_Resumen_Revision` returns. */
export interface ResumenRevisionResult {
  /** bigint */
  readonly idTrabajo: bigint;
  /** varchar(50) */
  readonly tipo: string;
  /** nvarchar(400) */
  readonly ruta: string;
  /** bigint */
  readonly idArchivo: bigint;
  /** varchar(50) */
  readonly estado: string;
  /** bigint */
  readonly desde: bigint;
  /** bigint */
  readonly hasta: bigint;
  /** int */
  readonly bloques: number;
  /** int; groups of sp_Informe_Bloques: signature and level */
  readonly firmas: number;
  /** datetime2(3), UTC */
  readonly fechaCreacion: Date;
  /** datetime2(3), UTC */
  readonly fechaFin: Date | null;
  /** nvarchar(4000); of the first chunk that failed, or of the sequential review */
  readonly ultimoError: string | null;
}

/**
 * One review of a log: that job, or the newest of the file with that path (then Bloques and Firmas are the whole
 * file's), or, with neither, the newest of all.
 *
 * Calls `logs.sp_Resumen_Revision`.
 * Errors: 50400 BAD_ARGUMENT, 50404 NOT_FOUND.
 * Touches: trabajo.Chunks read, trabajo.Trabajos read, logs.Archivos read, logs.Bloques_Error read.
 * Batch: none.
 * Entry: carril_app, carril_lector.
 */
export async function resumenRevision(session: Session, args: ResumenRevisionArgs = {}, options?: CallOptions): Promise<ResumenRevisionResult> {
  const result = await session.call(procedures.resumenRevision, {
    ID_Trabajo: args.idTrabajo,
    Ruta: args.ruta,
  }, options);
  return toResumenRevisionResult(oneRow(result, 0, procedures.resumenRevision));
}

function toResumenRevisionResult(row: Row): ResumenRevisionResult {
  return {
    idTrabajo: row['ID_Trabajo'] as bigint,
    tipo: row['Tipo'] as string,
    ruta: row['Ruta'] as string,
    idArchivo: row['ID_Archivo'] as bigint,
    estado: row['Estado'] as string,
    desde: row['Desde'] as bigint,
    hasta: row['Hasta'] as bigint,
    bloques: row['Bloques'] as number,
    firmas: row['Firmas'] as number,
    fechaCreacion: row['FechaCreacion'] as Date,
    fechaFin: row['FechaFin'] as Date | null,
    ultimoError: row['Ultimo_Error'] as string | null,
  };
}

/** Arguments of `logs.sp_Revertir_Ejecucion`. */
export interface RevertirEjecucionArgs {
  /** bigint */
  readonly idEjecucion: bigint;
  /** int; 2000 when left out */
  readonly maximo?: number | undefined;
}

/** The row that `logs.sp_Revertir_Ejecucion` returns. */
export interface RevertirEjecucionResult {
  /** int; rows that this call deleted */
  readonly borradas: number;
  /** bit; there may be more: call again */
  readonly quedan: boolean;
  /** nvarchar(2000); tables with an ID_Ejecucion that this procedure does not know */
  readonly ajenas: string | null;
}

/**
 * Deletes what an execution wrote in extract and staging, at most @Maximo rows a call, and leaves it REVERTIDO:
 * its rows of logs, with messages and times, and its trace stay. Call again until Quedan is 0. The first call
 * already says REVERTIDO, in the execution and its services, so that nobody reads the half that is left as a
 * result; Etapa_Actual is REVIRTIENDO until the last row is gone. It can be stopped at any point and called
 * again; of what is reverted already it deletes nothing.
 *
 * The process, if it has ended, is counted anew, and is REVERTIDO when all of it is. A run of the old way is one
 * execution. Refused (50409) while the execution runs or waits to be run. What it was is not kept, and it is
 * never retried.
 *
 * Takes the job's lock and the chunk's Exclusive in the first call, the chunk's in the others; where there is no
 * chunk, the backfill's. Tables of a site's own in extract and staging that have an ID_Ejecucion are left alone,
 * and named in Ajenas.
 *
 * Calls `logs.sp_Revertir_Ejecucion`.
 * Errors: 50400 BAD_ARGUMENT, 50404 NOT_FOUND, 50408 LOCK_TIMEOUT, 50409 WRONG_STATE, 50499 CANCELLED.
 * Touches: extract.* write, staging.* write, logs.Ejecucion_Fondos write, logs.Ejecuciones write, logs.Procesos
 * write, trabajo.Chunks read.
 * Batch: 2000.
 * Entry: carril_app.
 */
export async function revertirEjecucion(session: Session, args: RevertirEjecucionArgs, options?: CallOptions): Promise<RevertirEjecucionResult> {
  const result = await session.call(procedures.revertirEjecucion, {
    ID_Ejecucion: args.idEjecucion,
    Maximo: args.maximo,
  }, options);
  return toRevertirEjecucionResult(oneRow(result, 0, procedures.revertirEjecucion));
}

function toRevertirEjecucionResult(row: Row): RevertirEjecucionResult {
  return {
    borradas: row['Borradas'] as number,
    quedan: row['Quedan'] as boolean,
    ajenas: row['Ajenas'] as string | null,
  };
}

/** Arguments of `logs.sp_Revisar_Despliegue`. */
export interface RevisarDespliegueArgs {
  /** int; 2 when left out */
  readonly horas?: number | undefined;
  /** int; 7 when left out */
  readonly dias?: number | undefined;
  /** int; 50 when left out */
  readonly fallosPct?: number | undefined;
  /** int; 120 when left out */
  readonly duracionPct?: number | undefined;
}

/** A row of `logs.sp_Revisar_Despliegue`. */
export interface RevisarDespliegueRow {
  /** varchar(20); FALLOS or DURACION */
  readonly disparador: string;
  /** bit */
  readonly dispara: boolean;
  /** float; per cent; null without anything to judge, or without a baseline */
  readonly valor: number | null;
  /** float; per cent above which it fires */
  readonly umbral: number;
  /** int; executions (FALLOS) or processes (DURACION) that were judged */
  readonly muestras: number;
  /** float; failed executions, or seconds a fund */
  readonly actual: number | null;
  /** float; seconds a fund of the baseline */
  readonly base: number | null;
}

/**
 * The two triggers of a rollout (document 002, "Rollback Plan"), computed from the logs. FALLOS: of the
 * hierarchical executions that ended within @Horas, more than @Fallos_Pct per cent failed. DURACION: the
 * hierarchical processes that completed within @Dias took more than @Duracion_Pct per cent of the baseline, the
 * newest 20 legacy processes that completed. Durations are seconds a fund (the processes' time over their
 * funds), so that a rollout of some funds compares with runs of all of them.
 *
 * Calls `logs.sp_Revisar_Despliegue`.
 * Errors: 50400 BAD_ARGUMENT.
 * Touches: logs.Procesos read, logs.Ejecuciones read.
 * Batch: none.
 * Entry: carril_app, carril_lector.
 */
export async function revisarDespliegue(session: Session, args: RevisarDespliegueArgs = {}, options?: CallOptions): Promise<readonly RevisarDespliegueRow[]> {
  const result = await session.call(procedures.revisarDespliegue, {
    Horas: args.horas,
    Dias: args.dias,
    Fallos_Pct: args.fallosPct,
    Duracion_Pct: args.duracionPct,
  }, options);
  return (result.results[0] ?? []).map(toRevisarDespliegueRow);
}

function toRevisarDespliegueRow(row: Row): RevisarDespliegueRow {
  return {
    disparador: row['Disparador'] as string,
    dispara: row['Dispara'] as boolean,
    valor: row['Valor'] as number | null,
    umbral: row['Umbral'] as number,
    muestras: row['Muestras'] as number,
    actual: row['Actual'] as number | null,
    base: row['Base'] as number | null,
  };
}

/** Arguments of `logs.sp_Tomar_Fondo_Legado`. */
export interface TomarFondoLegadoArgs {
  /** bigint */
  readonly idChunk: bigint;
  /** bigint */
  readonly token: bigint;
}

/** OUTPUT parameters of `logs.sp_Tomar_Fondo_Legado`. */
export interface TomarFondoLegadoResult {
  /** varchar(50); of the chunk */
  readonly estado: string;
  /** bigint */
  readonly idTrabajo: bigint;
  /** bigint */
  readonly idEjecucion: bigint;
  /** date, `YYYY-MM-DD` */
  readonly fechaReporte: string;
  /** int */
  readonly idFund: number | null;
  /** varchar(50) */
  readonly portfolioGeneva: string | null;
}

/**
 * Takes a chunk of a run of the old way under its token, as trabajo.sp_Tomar_Chunk does, and says what it is
 * about: the shared execution, and its fund (Rango_Inicio); the chunk of the batch extraction has none. 50409
 * for a chunk of another kind.
 *
 * Calls `logs.sp_Tomar_Fondo_Legado`.
 * Errors: 50400 BAD_ARGUMENT, 50404 NOT_FOUND, 50408 LOCK_TIMEOUT, 50409 WRONG_STATE, 50410 LEASE_LOST, 50499
 * CANCELLED.
 * Touches: trabajo.Chunks read, trabajo.Trabajos read, logs.Procesos read, logs.Ejecuciones read,
 * logs.Ejecucion_Fondos read.
 * Batch: none.
 * Step: called inside the caller's transaction.
 */
export async function tomarFondoLegado(session: Session, args: TomarFondoLegadoArgs, options?: CallOptions): Promise<TomarFondoLegadoResult> {
  const { output } = await session.call(procedures.tomarFondoLegado, {
    ID_Chunk: args.idChunk,
    Token: args.token,
  }, options);
  return {
    estado: output['Estado'] as string,
    idTrabajo: output['ID_Trabajo'] as bigint,
    idEjecucion: output['ID_Ejecucion'] as bigint,
    fechaReporte: output['FechaReporte'] as string,
    idFund: output['ID_Fund'] as number | null,
    portfolioGeneva: output['Portfolio_Geneva'] as string | null,
  };
}

/** Arguments of `logs.sp_Traza_Cuellos`. */
export interface TrazaCuellosArgs {
  /** bigint; NULL when left out */
  readonly idProceso?: bigint | null | undefined;
  /** bigint; NULL when left out */
  readonly idTrabajo?: bigint | null | undefined;
}

/** A row of `logs.sp_Traza_Cuellos`. */
export interface TrazaCuellosRow {
  /** nvarchar(100) */
  readonly recurso: string | null;
  /** int */
  readonly totalAccesos: number;
  /** int; NULL for what was only waited for */
  readonly duracionPromedioMs: number | null;
  /** int */
  readonly duracionMaximaMs: number | null;
  /** bigint */
  readonly duracionTotalMs: bigint;
  /** int; waits on a lock that were seen */
  readonly totalLocks: number;
  /** int; waits of any kind that ended */
  readonly totalEsperas: number;
  /** bigint; how long they took together */
  readonly esperaMs: bigint;
  /** int */
  readonly errores: number;
}

/**
 * The bottlenecks by resource (document 004's second query): what was waited for first, then what took longest.
 * 004 counted every row as an access and averaged the zeros of START in; here an access is a START, and
 * durations are those of END and ERROR.
 *
 * Calls `logs.sp_Traza_Cuellos`.
 * Errors: 50400 BAD_ARGUMENT, 50404 NOT_FOUND.
 * Touches: trabajo.Trabajos read, logs.Procesos read, logs.Ejecuciones read, logs.Trace_Records read.
 * Batch: none.
 * Entry: carril_app, carril_lector.
 */
export async function trazaCuellos(session: Session, args: TrazaCuellosArgs = {}, options?: CallOptions): Promise<readonly TrazaCuellosRow[]> {
  const result = await session.call(procedures.trazaCuellos, {
    ID_Proceso: args.idProceso,
    ID_Trabajo: args.idTrabajo,
  }, options);
  return (result.results[0] ?? []).map(toTrazaCuellosRow);
}

function toTrazaCuellosRow(row: Row): TrazaCuellosRow {
  return {
    recurso: row['Recurso'] as string | null,
    totalAccesos: row['Total_Accesos'] as number,
    duracionPromedioMs: row['Duracion_Promedio_Ms'] as number | null,
    duracionMaximaMs: row['Duracion_Maxima_Ms'] as number | null,
    duracionTotalMs: row['Duracion_Total_Ms'] as bigint,
    totalLocks: row['Total_Locks'] as number,
    totalEsperas: row['Total_Esperas'] as number,
    esperaMs: row['Espera_Ms'] as bigint,
    errores: row['Errores'] as number,
  };
}

/** Arguments of `logs.sp_Traza_Linea_Tiempo`. */
export interface TrazaLineaTiempoArgs {
  /** bigint; NULL when left out */
  readonly idProceso?: bigint | null | undefined;
  /** bigint; NULL when left out */
  readonly idTrabajo?: bigint | null | undefined;
}

/** A row of `logs.sp_Traza_Linea_Tiempo`. */
export interface TrazaLineaTiempoRow {
  /** int */
  readonly idFund: number | null;
  /** nvarchar(100) */
  readonly fundShortName: string | null;
  /** nvarchar(50); of what has no fund */
  readonly chunk: string | null;
  /** nvarchar(50) */
  readonly etapa: string | null;
  /** datetime2(3), UTC */
  readonly inicio: Date;
  /** datetime2(3), UTC */
  readonly fin: Date | null;
  /** bigint */
  readonly duracionMs: bigint | null;
  /** bigint */
  readonly trabajoMs: bigint;
  /** bigint; of it or between attempts: waits that ended */
  readonly esperaMs: bigint;
  /** int */
  readonly intentos: number;
  /** int */
  readonly errores: number;
  /** int; attempts without an end: running, or the worker was killed */
  readonly abiertos: number;
}

/**
 * The timeline of each fund, stage by stage (document 004's third query), by fund and start. Fin is when the
 * last attempt ended, NULL while none has; Duracion_Ms runs from the first start to it, pauses between attempts
 * included, as in 004, and Trabajo_Ms is what the attempts took. In a job that is no process's, a chunk takes
 * the place of a fund.
 *
 * Calls `logs.sp_Traza_Linea_Tiempo`.
 * Errors: 50400 BAD_ARGUMENT, 50404 NOT_FOUND.
 * Touches: dimensionales.BD_Funds read, trabajo.Trabajos read, logs.Procesos read, logs.Ejecuciones read,
 * logs.Trace_Records read.
 * Batch: none.
 * Entry: carril_app, carril_lector.
 */
export async function trazaLineaTiempo(session: Session, args: TrazaLineaTiempoArgs = {}, options?: CallOptions): Promise<readonly TrazaLineaTiempoRow[]> {
  const result = await session.call(procedures.trazaLineaTiempo, {
    ID_Proceso: args.idProceso,
    ID_Trabajo: args.idTrabajo,
  }, options);
  return (result.results[0] ?? []).map(toTrazaLineaTiempoRow);
}

function toTrazaLineaTiempoRow(row: Row): TrazaLineaTiempoRow {
  return {
    idFund: row['ID_Fund'] as number | null,
    fundShortName: row['FundShortName'] as string | null,
    chunk: row['Chunk'] as string | null,
    etapa: row['Etapa'] as string | null,
    inicio: row['Inicio'] as Date,
    fin: row['Fin'] as Date | null,
    duracionMs: row['Duracion_Ms'] as bigint | null,
    trabajoMs: row['Trabajo_Ms'] as bigint,
    esperaMs: row['Espera_Ms'] as bigint,
    intentos: row['Intentos'] as number,
    errores: row['Errores'] as number,
    abiertos: row['Abiertos'] as number,
  };
}

/** Arguments of `logs.sp_Traza_Purgar`. */
export interface TrazaPurgarArgs {
  /** datetime2(3), UTC */
  readonly antesDe: Date;
  /** int; 2000 when left out */
  readonly maximo?: number | undefined;
}

/** The row that `logs.sp_Traza_Purgar` returns. */
export interface TrazaPurgarResult {
  /** int */
  readonly borradas: number;
  /** bit; 1: the call reached its limit, there may be more */
  readonly quedan: boolean;
}

/**
 * Deletes trace records from before a moment, the first written first, at most @Maximo a call. Call again until
 * Quedan is 0. Records are written soon after their time, so the first that is young ends it: no index on the
 * time is needed.
 *
 * Calls `logs.sp_Traza_Purgar`.
 * Errors: 50400 BAD_ARGUMENT.
 * Touches: logs.Trace_Records write.
 * Batch: 2000.
 * Entry: carril_app.
 */
export async function trazaPurgar(session: Session, args: TrazaPurgarArgs, options?: CallOptions): Promise<TrazaPurgarResult> {
  const result = await session.call(procedures.trazaPurgar, {
    Antes_De: args.antesDe,
    Maximo: args.maximo,
  }, options);
  return toTrazaPurgarResult(oneRow(result, 0, procedures.trazaPurgar));
}

function toTrazaPurgarResult(row: Row): TrazaPurgarResult {
  return {
    borradas: row['Borradas'] as number,
    quedan: row['Quedan'] as boolean,
  };
}

/** Arguments of `logs.sp_Traza_Registros`. */
export interface TrazaRegistrosArgs {
  /** bigint; NULL when left out */
  readonly idProceso?: bigint | null | undefined;
  /** bigint; NULL when left out */
  readonly idTrabajo?: bigint | null | undefined;
  /** datetime2(3), UTC; NULL when left out */
  readonly desde?: Date | null | undefined;
  /** bigint; 0 when left out */
  readonly despuesDe?: bigint | undefined;
  /** int; 2000 when left out */
  readonly maximo?: number | undefined;
}

/** A row of `logs.sp_Traza_Registros`. */
export interface TrazaRegistrosRow {
  /** bigint */
  readonly idTrace: bigint;
  /** bigint */
  readonly idEjecucion: bigint | null;
  /** int */
  readonly idFund: number | null;
  /** nvarchar(100) */
  readonly fundShortName: string | null;
  /** datetime2(3), UTC */
  readonly timestamp: Date;
  /** nvarchar(50) */
  readonly etapa: string | null;
  /** nvarchar(50) */
  readonly subEtapa: string | null;
  /** nvarchar(20) */
  readonly tipoEvento: string;
  /** nvarchar(100) */
  readonly recurso: string | null;
  /** int */
  readonly duracionMs: number | null;
  /** nvarchar(max) */
  readonly metadata: string | null;
  /** int */
  readonly threadId: number | null;
}

/**
 * The trace records of a process, or of a job that is no process's, a page at a time in the order of their time:
 * the next page goes on after the last row's Timestamp and ID_Trace. A record that a repeated bulk load brought
 * in twice comes twice.
 *
 * Calls `logs.sp_Traza_Registros`.
 * Errors: 50400 BAD_ARGUMENT, 50404 NOT_FOUND.
 * Touches: dimensionales.BD_Funds read, trabajo.Trabajos read, logs.Procesos read, logs.Ejecuciones read,
 * logs.Trace_Records read.
 * Batch: none.
 * Entry: carril_app, carril_lector.
 */
export async function trazaRegistros(session: Session, args: TrazaRegistrosArgs = {}, options?: CallOptions): Promise<readonly TrazaRegistrosRow[]> {
  const result = await session.call(procedures.trazaRegistros, {
    ID_Proceso: args.idProceso,
    ID_Trabajo: args.idTrabajo,
    Desde: args.desde,
    Despues_De: args.despuesDe,
    Maximo: args.maximo,
  }, options);
  return (result.results[0] ?? []).map(toTrazaRegistrosRow);
}

function toTrazaRegistrosRow(row: Row): TrazaRegistrosRow {
  return {
    idTrace: row['ID_Trace'] as bigint,
    idEjecucion: row['ID_Ejecucion'] as bigint | null,
    idFund: row['ID_Fund'] as number | null,
    fundShortName: row['FundShortName'] as string | null,
    timestamp: row['Timestamp'] as Date,
    etapa: row['Etapa'] as string | null,
    subEtapa: row['SubEtapa'] as string | null,
    tipoEvento: row['Tipo_Evento'] as string,
    recurso: row['Recurso'] as string | null,
    duracionMs: row['Duracion_Ms'] as number | null,
    metadata: row['Metadata'] as string | null,
    threadId: row['Thread_ID'] as number | null,
  };
}

/** Arguments of `logs.sp_Traza_Resolver`. */
export interface TrazaResolverArgs {
  /** bigint */
  readonly idProceso: bigint;
  /** bigint */
  readonly idTrabajo: bigint;
}

/** OUTPUT parameters of `logs.sp_Traza_Resolver`. */
export interface TrazaResolverResult {
  /** bigint; the process; NULL when it is a job */
  readonly idRaizProceso: bigint | null;
  /** bigint; the job; NULL when it is a process */
  readonly idRaizTrabajo: bigint | null;
}

/**
 * What a question about traces is about: a process, by its ID, one of its executions' or a legacy ID_Ejecucion,
 * or a job. A job that is a process's stands for the process. An ID that nothing goes by any more is accepted as
 * long as it has traces.
 *
 * Calls `logs.sp_Traza_Resolver`.
 * Errors: 50400 BAD_ARGUMENT, 50404 NOT_FOUND.
 * Touches: trabajo.Trabajos read, logs.Procesos read, logs.Ejecuciones read, logs.Trace_Records read.
 * Batch: none.
 * Step: called inside the caller's transaction, or without one.
 */
export async function trazaResolver(session: Session, args: TrazaResolverArgs, options?: CallOptions): Promise<TrazaResolverResult> {
  const { output } = await session.call(procedures.trazaResolver, {
    ID_Proceso: args.idProceso,
    ID_Trabajo: args.idTrabajo,
  }, options);
  return {
    idRaizProceso: output['ID_Raiz_Proceso'] as bigint | null,
    idRaizTrabajo: output['ID_Raiz_Trabajo'] as bigint | null,
  };
}

/** Arguments of `logs.sp_Traza_Solapes`. */
export interface TrazaSolapesArgs {
  /** bigint; NULL when left out */
  readonly idProceso?: bigint | null | undefined;
  /** bigint; NULL when left out */
  readonly idTrabajo?: bigint | null | undefined;
  /** int; 1000 when left out */
  readonly maximo?: number | undefined;
}

/** A row of `logs.sp_Traza_Solapes`. */
export interface TrazaSolapesRow {
  /** int */
  readonly fund1: number | null;
  /** int */
  readonly fund2: number | null;
  /** nvarchar(100); the fund's short name */
  readonly nombre1: string | null;
  /** nvarchar(100) */
  readonly nombre2: string | null;
  /** nvarchar(50); chunk and token */
  readonly parte1: string | null;
  /** nvarchar(50) */
  readonly parte2: string | null;
  /** nvarchar(100) */
  readonly recurso: string | null;
  /** datetime2(3), UTC */
  readonly inicioFund1: Date;
  /** datetime2(3), UTC */
  readonly inicioFund2: Date;
  /** int; from one start to the other: what 004 called Overlap_Ms */
  readonly diferenciaMs: number;
  /** int */
  readonly overlapMs: number;
}

/**
 * Which funds used the same resource at the same time (document 004's first query), from when each began until
 * it ended, the longest first. 004 compared starts less than a second apart; here two overlap when both were
 * running, however far apart they began, and Overlap_Ms says for how long. What has no end (still running, a
 * worker that was killed) is left out. In a job that is no process's, chunks take the place of funds.
 *
 * Calls `logs.sp_Traza_Solapes`.
 * Errors: 50400 BAD_ARGUMENT, 50404 NOT_FOUND.
 * Touches: dimensionales.BD_Funds read, trabajo.Trabajos read, logs.Procesos read, logs.Ejecuciones read,
 * logs.Trace_Records read.
 * Batch: none.
 * Entry: carril_app, carril_lector.
 */
export async function trazaSolapes(session: Session, args: TrazaSolapesArgs = {}, options?: CallOptions): Promise<readonly TrazaSolapesRow[]> {
  const result = await session.call(procedures.trazaSolapes, {
    ID_Proceso: args.idProceso,
    ID_Trabajo: args.idTrabajo,
    Maximo: args.maximo,
  }, options);
  return (result.results[0] ?? []).map(toTrazaSolapesRow);
}

function toTrazaSolapesRow(row: Row): TrazaSolapesRow {
  return {
    fund1: row['Fund1'] as number | null,
    fund2: row['Fund2'] as number | null,
    nombre1: row['Nombre1'] as string | null,
    nombre2: row['Nombre2'] as string | null,
    parte1: row['Parte1'] as string | null,
    parte2: row['Parte2'] as string | null,
    recurso: row['Recurso'] as string | null,
    inicioFund1: row['Inicio_Fund1'] as Date,
    inicioFund2: row['Inicio_Fund2'] as Date,
    diferenciaMs: row['Diferencia_Ms'] as number,
    overlapMs: row['Overlap_Ms'] as number,
  };
}

/** A row of `logs.sp_Verificar_Servicios`. */
export interface VerificarServiciosRow {
  /** varchar(50) */
  readonly servicio: string;
  /** int; of the row of logs.Servicio_Procedimientos, where it is that row */
  readonly orden: number | null;
  /** varchar(30); CICLO, ORDEN, DEPENDENCIA_INACTIVA, SIN_COLUMNA, SIN_PROCEDIMIENTOS or PROCEDIMIENTO */
  readonly problema: string;
  /** nvarchar(2048); in words, naming the rows */
  readonly detalle: string;
}

/**
 * What keeps the active services from being run, one row a problem; none when all is well.
 * logs.sp_Inicializar_Proceso refuses to start a process (50409) for the same reasons: a cycle, a dependency
 * that comes later or is not active, a service without procedures or without a column of its own, a procedure
 * that does not exist in extract or staging.
 *
 * Calls `logs.sp_Verificar_Servicios`.
 * Errors: none of its own.
 * Touches: logs.Servicios read, logs.Servicio_Procedimientos read.
 * Batch: none.
 * Entry: carril_app.
 */
export async function verificarServicios(session: Session, options?: CallOptions): Promise<readonly VerificarServiciosRow[]> {
  const result = await session.call(procedures.verificarServicios, {}, options);
  return (result.results[0] ?? []).map(toVerificarServiciosRow);
}

function toVerificarServiciosRow(row: Row): VerificarServiciosRow {
  return {
    servicio: row['Servicio'] as string,
    orden: row['Orden'] as number | null,
    problema: row['Problema'] as string,
    detalle: row['Detalle'] as string,
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
