/*
  Quien puede que: los roles y todos los permisos de carril. Lo escribe `carril codegen` a partir de los GRANT de migraciones y
  procedimientos; no se edita. Se puede correr cuantas veces se quiera: da lo que falte y no quita nada. `carril migrate up`
  hace lo mismo al terminar, y quita ademas lo que ningun archivo concede (`carril migrate grants` lo muestra).
*/
SET NOCOUNT, XACT_ABORT ON;
DECLARE @negado nvarchar(max);
-- un GRANT quita el DENY de lo mismo al mismo rol: lo que el DBA nego vuelve al final, en la misma transaccion
SELECT @negado = STRING_AGG(CONVERT(nvarchar(max), CONCAT(N'DENY ', p.permission_name COLLATE DATABASE_DEFAULT,
  CASE WHEN p.class = 1 AND p.minor_id > 0 THEN CONCAT(N' (', QUOTENAME(COL_NAME(p.major_id, p.minor_id)), N')') END,
  CASE p.class
    WHEN 1 THEN CONCAT(N' ON OBJECT::', QUOTENAME(OBJECT_SCHEMA_NAME(p.major_id)), N'.', QUOTENAME(OBJECT_NAME(p.major_id)))
    WHEN 3 THEN CONCAT(N' ON SCHEMA::', QUOTENAME(SCHEMA_NAME(p.major_id)))
    WHEN 6 THEN (
      SELECT CONCAT(N' ON TYPE::', QUOTENAME(SCHEMA_NAME(t.schema_id)), N'.', QUOTENAME(t.name))
      FROM sys.types AS t WHERE t.user_type_id = p.major_id)
  END, N' TO ', QUOTENAME(USER_NAME(p.grantee_principal_id)))), N'; ')
FROM sys.database_permissions AS p
WHERE p.state = 'D' AND p.class IN (0, 1, 3, 6) AND USER_NAME(p.grantee_principal_id) LIKE N'carril[_]%';
BEGIN TRANSACTION;

-- carril_app
IF DATABASE_PRINCIPAL_ID(N'carril_app') IS NULL
  CREATE ROLE carril_app AUTHORIZATION dbo;
IF SCHEMA_ID(N'extract') IS NOT NULL GRANT VIEW DEFINITION ON SCHEMA::extract TO carril_app;
IF SCHEMA_ID(N'staging') IS NOT NULL GRANT VIEW DEFINITION ON SCHEMA::staging TO carril_app;
IF TYPE_ID(N'dimensionales.Filas_Fondos_v1') IS NOT NULL GRANT EXECUTE ON TYPE::dimensionales.Filas_Fondos_v1 TO carril_app;
IF OBJECT_ID(N'dimensionales.sp_Cargar_Fondos') IS NOT NULL GRANT EXECUTE ON OBJECT::dimensionales.sp_Cargar_Fondos TO carril_app;
IF OBJECT_ID(N'dimensionales.sp_Listar_Fondos') IS NOT NULL GRANT EXECUTE ON OBJECT::dimensionales.sp_Listar_Fondos TO carril_app;
IF TYPE_ID(N'homol.Filas_CAPM_v1') IS NOT NULL GRANT EXECUTE ON TYPE::homol.Filas_CAPM_v1 TO carril_app;
IF TYPE_ID(N'homol.Filas_Derivados_v1') IS NOT NULL GRANT EXECUTE ON TYPE::homol.Filas_Derivados_v1 TO carril_app;
IF TYPE_ID(N'homol.Filas_IPA_v1') IS NOT NULL GRANT EXECUTE ON TYPE::homol.Filas_IPA_v1 TO carril_app;
IF TYPE_ID(N'homol.Filas_PosModRF_v1') IS NOT NULL GRANT EXECUTE ON TYPE::homol.Filas_PosModRF_v1 TO carril_app;
IF TYPE_ID(N'homol.Filas_SONA_v1') IS NOT NULL GRANT EXECUTE ON TYPE::homol.Filas_SONA_v1 TO carril_app;
IF TYPE_ID(N'homol.Filas_UBS_v1') IS NOT NULL GRANT EXECUTE ON TYPE::homol.Filas_UBS_v1 TO carril_app;
IF OBJECT_ID(N'homol.sp_Cargar_CAPM') IS NOT NULL GRANT EXECUTE ON OBJECT::homol.sp_Cargar_CAPM TO carril_app;
IF OBJECT_ID(N'homol.sp_Cargar_Derivados') IS NOT NULL GRANT EXECUTE ON OBJECT::homol.sp_Cargar_Derivados TO carril_app;
IF OBJECT_ID(N'homol.sp_Cargar_IPA') IS NOT NULL GRANT EXECUTE ON OBJECT::homol.sp_Cargar_IPA TO carril_app;
IF OBJECT_ID(N'homol.sp_Cargar_PosModRF') IS NOT NULL GRANT EXECUTE ON OBJECT::homol.sp_Cargar_PosModRF TO carril_app;
IF OBJECT_ID(N'homol.sp_Cargar_SONA') IS NOT NULL GRANT EXECUTE ON OBJECT::homol.sp_Cargar_SONA TO carril_app;
IF OBJECT_ID(N'homol.sp_Cargar_UBS') IS NOT NULL GRANT EXECUTE ON OBJECT::homol.sp_Cargar_UBS TO carril_app;
IF OBJECT_ID(N'homol.sp_Fechas_Cargadas') IS NOT NULL GRANT EXECUTE ON OBJECT::homol.sp_Fechas_Cargadas TO carril_app;
IF OBJECT_ID(N'logs.liberar_chunk') IS NOT NULL GRANT EXECUTE ON OBJECT::logs.liberar_chunk TO carril_app;
IF TYPE_ID(N'logs.Lista_Bloques_v1') IS NOT NULL GRANT EXECUTE ON TYPE::logs.Lista_Bloques_v1 TO carril_app;
IF TYPE_ID(N'logs.Lista_Fondos_v1') IS NOT NULL GRANT EXECUTE ON TYPE::logs.Lista_Fondos_v1 TO carril_app;
IF OBJECT_ID(N'logs.reservar_chunk') IS NOT NULL GRANT EXECUTE ON OBJECT::logs.reservar_chunk TO carril_app;
IF OBJECT_ID(N'logs.sp_Abrir_Fondos_Legado') IS NOT NULL GRANT EXECUTE ON OBJECT::logs.sp_Abrir_Fondos_Legado TO carril_app;
IF OBJECT_ID(N'logs.sp_Arquitectura_Fondos') IS NOT NULL GRANT EXECUTE ON OBJECT::logs.sp_Arquitectura_Fondos TO carril_app;
IF OBJECT_ID(N'logs.sp_Borrar_Proceso') IS NOT NULL GRANT EXECUTE ON OBJECT::logs.sp_Borrar_Proceso TO carril_app;
IF OBJECT_ID(N'logs.sp_Buscar_Archivo') IS NOT NULL GRANT EXECUTE ON OBJECT::logs.sp_Buscar_Archivo TO carril_app;
IF OBJECT_ID(N'logs.sp_Cambiar_Arquitectura') IS NOT NULL GRANT EXECUTE ON OBJECT::logs.sp_Cambiar_Arquitectura TO carril_app;
IF OBJECT_ID(N'logs.sp_Completar_Ejecucion') IS NOT NULL GRANT EXECUTE ON OBJECT::logs.sp_Completar_Ejecucion TO carril_app;
IF OBJECT_ID(N'logs.sp_Contar_Fondos_Legado') IS NOT NULL GRANT EXECUTE ON OBJECT::logs.sp_Contar_Fondos_Legado TO carril_app;
IF OBJECT_ID(N'logs.sp_Ejecutar_Servicio') IS NOT NULL GRANT EXECUTE ON OBJECT::logs.sp_Ejecutar_Servicio TO carril_app;
IF OBJECT_ID(N'logs.sp_Ejecutar_Servicio_Legado') IS NOT NULL GRANT EXECUTE ON OBJECT::logs.sp_Ejecutar_Servicio_Legado TO carril_app;
IF OBJECT_ID(N'logs.sp_Estado_Ejecuciones') IS NOT NULL GRANT EXECUTE ON OBJECT::logs.sp_Estado_Ejecuciones TO carril_app;
IF OBJECT_ID(N'logs.sp_Estado_Proceso') IS NOT NULL GRANT EXECUTE ON OBJECT::logs.sp_Estado_Proceso TO carril_app;
IF OBJECT_ID(N'logs.sp_Estado_Servicios') IS NOT NULL GRANT EXECUTE ON OBJECT::logs.sp_Estado_Servicios TO carril_app;
IF OBJECT_ID(N'logs.sp_Extraer_Legado') IS NOT NULL GRANT EXECUTE ON OBJECT::logs.sp_Extraer_Legado TO carril_app;
IF OBJECT_ID(N'logs.sp_Fallar_Servicio') IS NOT NULL GRANT EXECUTE ON OBJECT::logs.sp_Fallar_Servicio TO carril_app;
IF OBJECT_ID(N'logs.sp_Fallar_Servicio_Legado') IS NOT NULL GRANT EXECUTE ON OBJECT::logs.sp_Fallar_Servicio_Legado TO carril_app;
IF OBJECT_ID(N'logs.sp_Finalizar_Proceso') IS NOT NULL GRANT EXECUTE ON OBJECT::logs.sp_Finalizar_Proceso TO carril_app;
IF OBJECT_ID(N'logs.sp_Finalizar_Revision') IS NOT NULL GRANT EXECUTE ON OBJECT::logs.sp_Finalizar_Revision TO carril_app;
IF OBJECT_ID(N'logs.sp_Guardar_Bloques') IS NOT NULL GRANT EXECUTE ON OBJECT::logs.sp_Guardar_Bloques TO carril_app;
IF OBJECT_ID(N'logs.sp_Guardar_Bloques_Secuencial') IS NOT NULL GRANT EXECUTE ON OBJECT::logs.sp_Guardar_Bloques_Secuencial TO carril_app;
IF OBJECT_ID(N'logs.sp_Informe_Bloques') IS NOT NULL GRANT EXECUTE ON OBJECT::logs.sp_Informe_Bloques TO carril_app;
IF OBJECT_ID(N'logs.sp_Inicializar_Ejecucion') IS NOT NULL GRANT EXECUTE ON OBJECT::logs.sp_Inicializar_Ejecucion TO carril_app;
IF OBJECT_ID(N'logs.sp_Inicializar_Proceso') IS NOT NULL GRANT EXECUTE ON OBJECT::logs.sp_Inicializar_Proceso TO carril_app;
IF OBJECT_ID(N'logs.sp_Iniciar_Revision') IS NOT NULL GRANT EXECUTE ON OBJECT::logs.sp_Iniciar_Revision TO carril_app;
IF OBJECT_ID(N'logs.sp_Listar_Bloques') IS NOT NULL GRANT EXECUTE ON OBJECT::logs.sp_Listar_Bloques TO carril_app;
IF OBJECT_ID(N'logs.sp_Listar_Procesos') IS NOT NULL GRANT EXECUTE ON OBJECT::logs.sp_Listar_Procesos TO carril_app;
IF OBJECT_ID(N'logs.sp_Listar_Revisiones') IS NOT NULL GRANT EXECUTE ON OBJECT::logs.sp_Listar_Revisiones TO carril_app;
IF OBJECT_ID(N'logs.sp_Marcar_Estado_Legado') IS NOT NULL GRANT EXECUTE ON OBJECT::logs.sp_Marcar_Estado_Legado TO carril_app;
IF OBJECT_ID(N'logs.sp_Plan_Reversion') IS NOT NULL GRANT EXECUTE ON OBJECT::logs.sp_Plan_Reversion TO carril_app;
IF OBJECT_ID(N'logs.sp_Reintentar_Proceso') IS NOT NULL GRANT EXECUTE ON OBJECT::logs.sp_Reintentar_Proceso TO carril_app;
IF OBJECT_ID(N'logs.sp_Resultados_CAPM') IS NOT NULL GRANT EXECUTE ON OBJECT::logs.sp_Resultados_CAPM TO carril_app;
IF OBJECT_ID(N'logs.sp_Resultados_Derivados') IS NOT NULL GRANT EXECUTE ON OBJECT::logs.sp_Resultados_Derivados TO carril_app;
IF OBJECT_ID(N'logs.sp_Resultados_IPA') IS NOT NULL GRANT EXECUTE ON OBJECT::logs.sp_Resultados_IPA TO carril_app;
IF OBJECT_ID(N'logs.sp_Resultados_PNL') IS NOT NULL GRANT EXECUTE ON OBJECT::logs.sp_Resultados_PNL TO carril_app;
IF OBJECT_ID(N'logs.sp_Resultados_PosModRF') IS NOT NULL GRANT EXECUTE ON OBJECT::logs.sp_Resultados_PosModRF TO carril_app;
IF OBJECT_ID(N'logs.sp_Resultados_Proceso') IS NOT NULL GRANT EXECUTE ON OBJECT::logs.sp_Resultados_Proceso TO carril_app;
IF OBJECT_ID(N'logs.sp_Resultados_Servicios') IS NOT NULL GRANT EXECUTE ON OBJECT::logs.sp_Resultados_Servicios TO carril_app;
IF OBJECT_ID(N'logs.sp_Resultados_SONA') IS NOT NULL GRANT EXECUTE ON OBJECT::logs.sp_Resultados_SONA TO carril_app;
IF OBJECT_ID(N'logs.sp_Resultados_UBS') IS NOT NULL GRANT EXECUTE ON OBJECT::logs.sp_Resultados_UBS TO carril_app;
IF OBJECT_ID(N'logs.sp_Resumen_Revision') IS NOT NULL GRANT EXECUTE ON OBJECT::logs.sp_Resumen_Revision TO carril_app;
IF OBJECT_ID(N'logs.sp_Revertir_Ejecucion') IS NOT NULL GRANT EXECUTE ON OBJECT::logs.sp_Revertir_Ejecucion TO carril_app;
IF OBJECT_ID(N'logs.sp_Revisar_Despliegue') IS NOT NULL GRANT EXECUTE ON OBJECT::logs.sp_Revisar_Despliegue TO carril_app;
IF OBJECT_ID(N'logs.sp_Traza_Cuellos') IS NOT NULL GRANT EXECUTE ON OBJECT::logs.sp_Traza_Cuellos TO carril_app;
IF OBJECT_ID(N'logs.sp_Traza_Linea_Tiempo') IS NOT NULL GRANT EXECUTE ON OBJECT::logs.sp_Traza_Linea_Tiempo TO carril_app;
IF OBJECT_ID(N'logs.sp_Traza_Purgar') IS NOT NULL GRANT EXECUTE ON OBJECT::logs.sp_Traza_Purgar TO carril_app;
IF OBJECT_ID(N'logs.sp_Traza_Registros') IS NOT NULL GRANT EXECUTE ON OBJECT::logs.sp_Traza_Registros TO carril_app;
IF OBJECT_ID(N'logs.sp_Traza_Solapes') IS NOT NULL GRANT EXECUTE ON OBJECT::logs.sp_Traza_Solapes TO carril_app;
IF OBJECT_ID(N'logs.sp_Verificar_Servicios') IS NOT NULL GRANT EXECUTE ON OBJECT::logs.sp_Verificar_Servicios TO carril_app;
IF TYPE_ID(N'nomina.Lista_Conceptos_v1') IS NOT NULL GRANT EXECUTE ON TYPE::nomina.Lista_Conceptos_v1 TO carril_app;
IF TYPE_ID(N'nomina.Lista_Empleados_v1') IS NOT NULL GRANT EXECUTE ON TYPE::nomina.Lista_Empleados_v1 TO carril_app;
IF TYPE_ID(N'nomina.Lista_Movimientos_v1') IS NOT NULL GRANT EXECUTE ON TYPE::nomina.Lista_Movimientos_v1 TO carril_app;
IF OBJECT_ID(N'nomina.sp_Abrir_Carga') IS NOT NULL GRANT EXECUTE ON OBJECT::nomina.sp_Abrir_Carga TO carril_app;
IF OBJECT_ID(N'nomina.sp_Cargar_Empleados') IS NOT NULL GRANT EXECUTE ON OBJECT::nomina.sp_Cargar_Empleados TO carril_app;
IF OBJECT_ID(N'nomina.sp_Cargar_Movimientos') IS NOT NULL GRANT EXECUTE ON OBJECT::nomina.sp_Cargar_Movimientos TO carril_app;
IF OBJECT_ID(N'nomina.sp_Consolidar_Chunk') IS NOT NULL GRANT EXECUTE ON OBJECT::nomina.sp_Consolidar_Chunk TO carril_app;
IF OBJECT_ID(N'nomina.sp_Estado_Consolidacion') IS NOT NULL GRANT EXECUTE ON OBJECT::nomina.sp_Estado_Consolidacion TO carril_app;
IF OBJECT_ID(N'nomina.sp_Finalizar_Consolidacion') IS NOT NULL GRANT EXECUTE ON OBJECT::nomina.sp_Finalizar_Consolidacion TO carril_app;
IF OBJECT_ID(N'nomina.sp_Listar_Cierres') IS NOT NULL GRANT EXECUTE ON OBJECT::nomina.sp_Listar_Cierres TO carril_app;
IF OBJECT_ID(N'nomina.sp_Listar_Conceptos') IS NOT NULL GRANT EXECUTE ON OBJECT::nomina.sp_Listar_Conceptos TO carril_app;
IF OBJECT_ID(N'nomina.sp_Listar_Consolidados') IS NOT NULL GRANT EXECUTE ON OBJECT::nomina.sp_Listar_Consolidados TO carril_app;
IF OBJECT_ID(N'nomina.sp_Listar_Discrepancias') IS NOT NULL GRANT EXECUTE ON OBJECT::nomina.sp_Listar_Discrepancias TO carril_app;
IF OBJECT_ID(N'nomina.sp_Planificar_Consolidacion') IS NOT NULL GRANT EXECUTE ON OBJECT::nomina.sp_Planificar_Consolidacion TO carril_app;
IF OBJECT_ID(N'nomina.sp_Revertir_Consolidacion') IS NOT NULL GRANT EXECUTE ON OBJECT::nomina.sp_Revertir_Consolidacion TO carril_app;
IF OBJECT_ID(N'nomina.sp_Terminar_Carga') IS NOT NULL GRANT EXECUTE ON OBJECT::nomina.sp_Terminar_Carga TO carril_app;
IF OBJECT_ID(N'nomina.sp_Vencer_Consolidacion') IS NOT NULL GRANT EXECUTE ON OBJECT::nomina.sp_Vencer_Consolidacion TO carril_app;
IF TYPE_ID(N'trabajo.Lista_Arriendos_v1') IS NOT NULL GRANT EXECUTE ON TYPE::trabajo.Lista_Arriendos_v1 TO carril_app;
IF TYPE_ID(N'trabajo.Lista_Chunks_v1') IS NOT NULL GRANT EXECUTE ON TYPE::trabajo.Lista_Chunks_v1 TO carril_app;
IF TYPE_ID(N'trabajo.Lista_Terminados_v1') IS NOT NULL GRANT EXECUTE ON TYPE::trabajo.Lista_Terminados_v1 TO carril_app;
IF TYPE_ID(N'trabajo.Lista_Tipos_v1') IS NOT NULL GRANT EXECUTE ON TYPE::trabajo.Lista_Tipos_v1 TO carril_app;
IF OBJECT_ID(N'trabajo.sp_Alertas') IS NOT NULL GRANT EXECUTE ON OBJECT::trabajo.sp_Alertas TO carril_app;
IF OBJECT_ID(N'trabajo.sp_Cancelar_Trabajo') IS NOT NULL GRANT EXECUTE ON OBJECT::trabajo.sp_Cancelar_Trabajo TO carril_app;
IF OBJECT_ID(N'trabajo.sp_Completar_Chunk') IS NOT NULL GRANT EXECUTE ON OBJECT::trabajo.sp_Completar_Chunk TO carril_app;
IF OBJECT_ID(N'trabajo.sp_Completar_Chunks') IS NOT NULL GRANT EXECUTE ON OBJECT::trabajo.sp_Completar_Chunks TO carril_app;
IF OBJECT_ID(N'trabajo.sp_Comprobar_Credencial') IS NOT NULL GRANT EXECUTE ON OBJECT::trabajo.sp_Comprobar_Credencial TO carril_app;
IF OBJECT_ID(N'trabajo.sp_Crear_Trabajo') IS NOT NULL GRANT EXECUTE ON OBJECT::trabajo.sp_Crear_Trabajo TO carril_app;
IF OBJECT_ID(N'trabajo.sp_Devolver_Chunk') IS NOT NULL GRANT EXECUTE ON OBJECT::trabajo.sp_Devolver_Chunk TO carril_app;
IF OBJECT_ID(N'trabajo.sp_Estado_Trabajo') IS NOT NULL GRANT EXECUTE ON OBJECT::trabajo.sp_Estado_Trabajo TO carril_app;
IF OBJECT_ID(N'trabajo.sp_Fallar_Chunk') IS NOT NULL GRANT EXECUTE ON OBJECT::trabajo.sp_Fallar_Chunk TO carril_app;
IF OBJECT_ID(N'trabajo.sp_Finalizar_Trabajo') IS NOT NULL GRANT EXECUTE ON OBJECT::trabajo.sp_Finalizar_Trabajo TO carril_app;
IF OBJECT_ID(N'trabajo.sp_Listar_Chunks') IS NOT NULL GRANT EXECUTE ON OBJECT::trabajo.sp_Listar_Chunks TO carril_app;
IF OBJECT_ID(N'trabajo.sp_Listar_Credenciales') IS NOT NULL GRANT EXECUTE ON OBJECT::trabajo.sp_Listar_Credenciales TO carril_app;
IF OBJECT_ID(N'trabajo.sp_Listar_Trabajos') IS NOT NULL GRANT EXECUTE ON OBJECT::trabajo.sp_Listar_Trabajos TO carril_app;
IF OBJECT_ID(N'trabajo.sp_Medir_Cola') IS NOT NULL GRANT EXECUTE ON OBJECT::trabajo.sp_Medir_Cola TO carril_app;
IF OBJECT_ID(N'trabajo.sp_Medir_Servidor') IS NOT NULL GRANT EXECUTE ON OBJECT::trabajo.sp_Medir_Servidor TO carril_app;
IF OBJECT_ID(N'trabajo.sp_Partir_Chunk') IS NOT NULL GRANT EXECUTE ON OBJECT::trabajo.sp_Partir_Chunk TO carril_app;
IF OBJECT_ID(N'trabajo.sp_Purgar_Trabajos') IS NOT NULL GRANT EXECUTE ON OBJECT::trabajo.sp_Purgar_Trabajos TO carril_app;
IF OBJECT_ID(N'trabajo.sp_Reclamar_Chunks') IS NOT NULL GRANT EXECUTE ON OBJECT::trabajo.sp_Reclamar_Chunks TO carril_app;
IF OBJECT_ID(N'trabajo.sp_Reintentar_Trabajo') IS NOT NULL GRANT EXECUTE ON OBJECT::trabajo.sp_Reintentar_Trabajo TO carril_app;
IF OBJECT_ID(N'trabajo.sp_Renovar_Chunks') IS NOT NULL GRANT EXECUTE ON OBJECT::trabajo.sp_Renovar_Chunks TO carril_app;
IF OBJECT_ID(N'trabajo.sp_Trabajos_Por_Finalizar') IS NOT NULL GRANT EXECUTE ON OBJECT::trabajo.sp_Trabajos_Por_Finalizar TO carril_app;
IF OBJECT_ID(N'trabajo.sp_Trabajos_Vivos') IS NOT NULL GRANT EXECUTE ON OBJECT::trabajo.sp_Trabajos_Vivos TO carril_app;

-- carril_carga
IF DATABASE_PRINCIPAL_ID(N'carril_carga') IS NULL
  CREATE ROLE carril_carga AUTHORIZATION dbo;
IF OBJECT_ID(N'homol.CAPM') IS NOT NULL GRANT INSERT ON OBJECT::homol.CAPM TO carril_carga;
IF OBJECT_ID(N'homol.Derivados') IS NOT NULL GRANT INSERT ON OBJECT::homol.Derivados TO carril_carga;
IF OBJECT_ID(N'homol.IPA') IS NOT NULL GRANT INSERT ON OBJECT::homol.IPA TO carril_carga;
IF OBJECT_ID(N'homol.PosModRF') IS NOT NULL GRANT INSERT ON OBJECT::homol.PosModRF TO carril_carga;
IF OBJECT_ID(N'homol.SONA') IS NOT NULL GRANT INSERT ON OBJECT::homol.SONA TO carril_carga;
IF OBJECT_ID(N'homol.UBS') IS NOT NULL GRANT INSERT ON OBJECT::homol.UBS TO carril_carga;
IF OBJECT_ID(N'logs.Trace_Records') IS NOT NULL GRANT INSERT ON OBJECT::logs.Trace_Records TO carril_carga;

-- carril_dba
IF DATABASE_PRINCIPAL_ID(N'carril_dba') IS NULL
  CREATE ROLE carril_dba AUTHORIZATION dbo;
GRANT CREATE FUNCTION TO carril_dba;
GRANT CREATE PROCEDURE TO carril_dba;
GRANT CREATE TABLE TO carril_dba;
GRANT CREATE TYPE TO carril_dba;
GRANT CREATE VIEW TO carril_dba;
GRANT VIEW DEFINITION TO carril_dba;
IF SCHEMA_ID(N'carril') IS NOT NULL GRANT ALTER ON SCHEMA::carril TO carril_dba;
IF SCHEMA_ID(N'carril') IS NOT NULL GRANT DELETE ON SCHEMA::carril TO carril_dba;
IF SCHEMA_ID(N'carril') IS NOT NULL GRANT INSERT ON SCHEMA::carril TO carril_dba;
IF SCHEMA_ID(N'carril') IS NOT NULL GRANT SELECT ON SCHEMA::carril TO carril_dba;
IF SCHEMA_ID(N'carril') IS NOT NULL GRANT UPDATE ON SCHEMA::carril TO carril_dba;
IF SCHEMA_ID(N'carril') IS NOT NULL GRANT VIEW DEFINITION ON SCHEMA::carril TO carril_dba;
IF SCHEMA_ID(N'dimensionales') IS NOT NULL GRANT CONTROL ON SCHEMA::dimensionales TO carril_dba;
IF SCHEMA_ID(N'extract') IS NOT NULL GRANT CONTROL ON SCHEMA::extract TO carril_dba;
IF SCHEMA_ID(N'homol') IS NOT NULL GRANT CONTROL ON SCHEMA::homol TO carril_dba;
IF SCHEMA_ID(N'logs') IS NOT NULL GRANT CONTROL ON SCHEMA::logs TO carril_dba;
IF SCHEMA_ID(N'nomina') IS NOT NULL GRANT CONTROL ON SCHEMA::nomina TO carril_dba;
IF SCHEMA_ID(N'staging') IS NOT NULL GRANT CONTROL ON SCHEMA::staging TO carril_dba;
IF SCHEMA_ID(N'trabajo') IS NOT NULL GRANT CONTROL ON SCHEMA::trabajo TO carril_dba;
IF OBJECT_ID(N'dbo.LO_PROCESOS') IS NOT NULL GRANT CONTROL ON OBJECT::dbo.LO_PROCESOS TO carril_dba;
IF OBJECT_ID(N'logs.sp_Backfill_Estado') IS NOT NULL GRANT EXECUTE ON OBJECT::logs.sp_Backfill_Estado TO carril_dba;
IF OBJECT_ID(N'logs.sp_Backfill_Listar_Apartados') IS NOT NULL GRANT EXECUTE ON OBJECT::logs.sp_Backfill_Listar_Apartados TO carril_dba;
IF OBJECT_ID(N'logs.sp_Backfill_Listar_Medidas') IS NOT NULL GRANT EXECUTE ON OBJECT::logs.sp_Backfill_Listar_Medidas TO carril_dba;
IF OBJECT_ID(N'logs.sp_Backfill_Lote') IS NOT NULL GRANT EXECUTE ON OBJECT::logs.sp_Backfill_Lote TO carril_dba;
IF OBJECT_ID(N'logs.sp_Backfill_Revertir') IS NOT NULL GRANT EXECUTE ON OBJECT::logs.sp_Backfill_Revertir TO carril_dba;
IF OBJECT_ID(N'logs.sp_Backfill_Terminar') IS NOT NULL GRANT EXECUTE ON OBJECT::logs.sp_Backfill_Terminar TO carril_dba;
IF OBJECT_ID(N'logs.sp_Backfill_Verificar') IS NOT NULL GRANT EXECUTE ON OBJECT::logs.sp_Backfill_Verificar TO carril_dba;
IF OBJECT_ID(N'trabajo.sp_Crear_Credencial') IS NOT NULL GRANT EXECUTE ON OBJECT::trabajo.sp_Crear_Credencial TO carril_dba;
IF OBJECT_ID(N'trabajo.sp_Listar_Credenciales') IS NOT NULL GRANT EXECUTE ON OBJECT::trabajo.sp_Listar_Credenciales TO carril_dba;
IF OBJECT_ID(N'trabajo.sp_Revocar_Credencial') IS NOT NULL GRANT EXECUTE ON OBJECT::trabajo.sp_Revocar_Credencial TO carril_dba;

-- carril_lector
IF DATABASE_PRINCIPAL_ID(N'carril_lector') IS NULL
  CREATE ROLE carril_lector AUTHORIZATION dbo;
IF OBJECT_ID(N'dbo.LO_PROCESOS') IS NOT NULL GRANT SELECT ON OBJECT::dbo.LO_PROCESOS TO carril_lector;
IF OBJECT_ID(N'extract.vw_CAPM') IS NOT NULL GRANT SELECT ON OBJECT::extract.vw_CAPM TO carril_lector;
IF OBJECT_ID(N'extract.vw_Derivados') IS NOT NULL GRANT SELECT ON OBJECT::extract.vw_Derivados TO carril_lector;
IF OBJECT_ID(N'extract.vw_IPA') IS NOT NULL GRANT SELECT ON OBJECT::extract.vw_IPA TO carril_lector;
IF OBJECT_ID(N'extract.vw_PosModRF') IS NOT NULL GRANT SELECT ON OBJECT::extract.vw_PosModRF TO carril_lector;
IF OBJECT_ID(N'extract.vw_SONA') IS NOT NULL GRANT SELECT ON OBJECT::extract.vw_SONA TO carril_lector;
IF OBJECT_ID(N'extract.vw_UBS') IS NOT NULL GRANT SELECT ON OBJECT::extract.vw_UBS TO carril_lector;
IF OBJECT_ID(N'logs.sp_Arquitectura_Fondos') IS NOT NULL GRANT EXECUTE ON OBJECT::logs.sp_Arquitectura_Fondos TO carril_lector;
IF OBJECT_ID(N'logs.sp_Backfill_Estado') IS NOT NULL GRANT EXECUTE ON OBJECT::logs.sp_Backfill_Estado TO carril_lector;
IF OBJECT_ID(N'logs.sp_Backfill_Listar_Apartados') IS NOT NULL GRANT EXECUTE ON OBJECT::logs.sp_Backfill_Listar_Apartados TO carril_lector;
IF OBJECT_ID(N'logs.sp_Backfill_Listar_Medidas') IS NOT NULL GRANT EXECUTE ON OBJECT::logs.sp_Backfill_Listar_Medidas TO carril_lector;
IF OBJECT_ID(N'logs.sp_Estado_Ejecuciones') IS NOT NULL GRANT EXECUTE ON OBJECT::logs.sp_Estado_Ejecuciones TO carril_lector;
IF OBJECT_ID(N'logs.sp_Estado_Proceso') IS NOT NULL GRANT EXECUTE ON OBJECT::logs.sp_Estado_Proceso TO carril_lector;
IF OBJECT_ID(N'logs.sp_Estado_Servicios') IS NOT NULL GRANT EXECUTE ON OBJECT::logs.sp_Estado_Servicios TO carril_lector;
IF OBJECT_ID(N'logs.sp_Informe_Bloques') IS NOT NULL GRANT EXECUTE ON OBJECT::logs.sp_Informe_Bloques TO carril_lector;
IF OBJECT_ID(N'logs.sp_Listar_Bloques') IS NOT NULL GRANT EXECUTE ON OBJECT::logs.sp_Listar_Bloques TO carril_lector;
IF OBJECT_ID(N'logs.sp_Listar_Procesos') IS NOT NULL GRANT EXECUTE ON OBJECT::logs.sp_Listar_Procesos TO carril_lector;
IF OBJECT_ID(N'logs.sp_Listar_Revisiones') IS NOT NULL GRANT EXECUTE ON OBJECT::logs.sp_Listar_Revisiones TO carril_lector;
IF OBJECT_ID(N'logs.sp_Resultados_CAPM') IS NOT NULL GRANT EXECUTE ON OBJECT::logs.sp_Resultados_CAPM TO carril_lector;
IF OBJECT_ID(N'logs.sp_Resultados_Derivados') IS NOT NULL GRANT EXECUTE ON OBJECT::logs.sp_Resultados_Derivados TO carril_lector;
IF OBJECT_ID(N'logs.sp_Resultados_IPA') IS NOT NULL GRANT EXECUTE ON OBJECT::logs.sp_Resultados_IPA TO carril_lector;
IF OBJECT_ID(N'logs.sp_Resultados_PNL') IS NOT NULL GRANT EXECUTE ON OBJECT::logs.sp_Resultados_PNL TO carril_lector;
IF OBJECT_ID(N'logs.sp_Resultados_PosModRF') IS NOT NULL GRANT EXECUTE ON OBJECT::logs.sp_Resultados_PosModRF TO carril_lector;
IF OBJECT_ID(N'logs.sp_Resultados_Proceso') IS NOT NULL GRANT EXECUTE ON OBJECT::logs.sp_Resultados_Proceso TO carril_lector;
IF OBJECT_ID(N'logs.sp_Resultados_Servicios') IS NOT NULL GRANT EXECUTE ON OBJECT::logs.sp_Resultados_Servicios TO carril_lector;
IF OBJECT_ID(N'logs.sp_Resultados_SONA') IS NOT NULL GRANT EXECUTE ON OBJECT::logs.sp_Resultados_SONA TO carril_lector;
IF OBJECT_ID(N'logs.sp_Resultados_UBS') IS NOT NULL GRANT EXECUTE ON OBJECT::logs.sp_Resultados_UBS TO carril_lector;
IF OBJECT_ID(N'logs.sp_Resumen_Revision') IS NOT NULL GRANT EXECUTE ON OBJECT::logs.sp_Resumen_Revision TO carril_lector;
IF OBJECT_ID(N'logs.sp_Revisar_Despliegue') IS NOT NULL GRANT EXECUTE ON OBJECT::logs.sp_Revisar_Despliegue TO carril_lector;
IF OBJECT_ID(N'logs.sp_Traza_Cuellos') IS NOT NULL GRANT EXECUTE ON OBJECT::logs.sp_Traza_Cuellos TO carril_lector;
IF OBJECT_ID(N'logs.sp_Traza_Linea_Tiempo') IS NOT NULL GRANT EXECUTE ON OBJECT::logs.sp_Traza_Linea_Tiempo TO carril_lector;
IF OBJECT_ID(N'logs.sp_Traza_Registros') IS NOT NULL GRANT EXECUTE ON OBJECT::logs.sp_Traza_Registros TO carril_lector;
IF OBJECT_ID(N'logs.sp_Traza_Solapes') IS NOT NULL GRANT EXECUTE ON OBJECT::logs.sp_Traza_Solapes TO carril_lector;
IF OBJECT_ID(N'logs.vw_Arquitectura_Fondos') IS NOT NULL GRANT SELECT ON OBJECT::logs.vw_Arquitectura_Fondos TO carril_lector;
IF OBJECT_ID(N'logs.vw_Bloques_Error') IS NOT NULL GRANT SELECT ON OBJECT::logs.vw_Bloques_Error TO carril_lector;
IF OBJECT_ID(N'logs.vw_Ejecucion_Servicios') IS NOT NULL GRANT SELECT ON OBJECT::logs.vw_Ejecucion_Servicios TO carril_lector;
IF OBJECT_ID(N'logs.vw_Ejecuciones') IS NOT NULL GRANT SELECT ON OBJECT::logs.vw_Ejecuciones TO carril_lector;
IF OBJECT_ID(N'logs.vw_Procesos') IS NOT NULL GRANT SELECT ON OBJECT::logs.vw_Procesos TO carril_lector;
IF OBJECT_ID(N'logs.vw_Servicios_Fondo') IS NOT NULL GRANT SELECT ON OBJECT::logs.vw_Servicios_Fondo TO carril_lector;
IF OBJECT_ID(N'logs.vw_Ultima_Ejecucion') IS NOT NULL GRANT SELECT ON OBJECT::logs.vw_Ultima_Ejecucion TO carril_lector;
IF OBJECT_ID(N'logs.vw_Ultimo_Servicio') IS NOT NULL GRANT SELECT ON OBJECT::logs.vw_Ultimo_Servicio TO carril_lector;
IF OBJECT_ID(N'nomina.sp_Estado_Consolidacion') IS NOT NULL GRANT EXECUTE ON OBJECT::nomina.sp_Estado_Consolidacion TO carril_lector;
IF OBJECT_ID(N'nomina.sp_Listar_Cierres') IS NOT NULL GRANT EXECUTE ON OBJECT::nomina.sp_Listar_Cierres TO carril_lector;
IF OBJECT_ID(N'nomina.sp_Listar_Conceptos') IS NOT NULL GRANT EXECUTE ON OBJECT::nomina.sp_Listar_Conceptos TO carril_lector;
IF OBJECT_ID(N'nomina.sp_Listar_Consolidados') IS NOT NULL GRANT EXECUTE ON OBJECT::nomina.sp_Listar_Consolidados TO carril_lector;
IF OBJECT_ID(N'nomina.sp_Listar_Discrepancias') IS NOT NULL GRANT EXECUTE ON OBJECT::nomina.sp_Listar_Discrepancias TO carril_lector;
IF OBJECT_ID(N'staging.vw_CAPM_Final') IS NOT NULL GRANT SELECT ON OBJECT::staging.vw_CAPM_Final TO carril_lector;
IF OBJECT_ID(N'staging.vw_Derivados_Final') IS NOT NULL GRANT SELECT ON OBJECT::staging.vw_Derivados_Final TO carril_lector;
IF OBJECT_ID(N'staging.vw_IPA_Final') IS NOT NULL GRANT SELECT ON OBJECT::staging.vw_IPA_Final TO carril_lector;
IF OBJECT_ID(N'staging.vw_PNL_Final') IS NOT NULL GRANT SELECT ON OBJECT::staging.vw_PNL_Final TO carril_lector;
IF OBJECT_ID(N'staging.vw_PosModRF_Final') IS NOT NULL GRANT SELECT ON OBJECT::staging.vw_PosModRF_Final TO carril_lector;
IF OBJECT_ID(N'staging.vw_SONA_Final') IS NOT NULL GRANT SELECT ON OBJECT::staging.vw_SONA_Final TO carril_lector;
IF OBJECT_ID(N'staging.vw_UBS_Final') IS NOT NULL GRANT SELECT ON OBJECT::staging.vw_UBS_Final TO carril_lector;
IF OBJECT_ID(N'trabajo.sp_Alertas') IS NOT NULL GRANT EXECUTE ON OBJECT::trabajo.sp_Alertas TO carril_lector;
IF OBJECT_ID(N'trabajo.sp_Estado_Trabajo') IS NOT NULL GRANT EXECUTE ON OBJECT::trabajo.sp_Estado_Trabajo TO carril_lector;
IF OBJECT_ID(N'trabajo.sp_Listar_Chunks') IS NOT NULL GRANT EXECUTE ON OBJECT::trabajo.sp_Listar_Chunks TO carril_lector;
IF OBJECT_ID(N'trabajo.sp_Listar_Trabajos') IS NOT NULL GRANT EXECUTE ON OBJECT::trabajo.sp_Listar_Trabajos TO carril_lector;
IF OBJECT_ID(N'trabajo.sp_Medir_Cola') IS NOT NULL GRANT EXECUTE ON OBJECT::trabajo.sp_Medir_Cola TO carril_lector;
IF OBJECT_ID(N'trabajo.sp_Medir_Servidor') IS NOT NULL GRANT EXECUTE ON OBJECT::trabajo.sp_Medir_Servidor TO carril_lector;
IF OBJECT_ID(N'trabajo.vw_Alertas') IS NOT NULL GRANT SELECT ON OBJECT::trabajo.vw_Alertas TO carril_lector;
IF OBJECT_ID(N'trabajo.vw_Chunks') IS NOT NULL GRANT SELECT ON OBJECT::trabajo.vw_Chunks TO carril_lector;
IF OBJECT_ID(N'trabajo.vw_Cola') IS NOT NULL GRANT SELECT ON OBJECT::trabajo.vw_Cola TO carril_lector;
IF OBJECT_ID(N'trabajo.vw_Trabajos') IS NOT NULL GRANT SELECT ON OBJECT::trabajo.vw_Trabajos TO carril_lector;

IF @negado IS NOT NULL
  EXEC sys.sp_executesql @negado;
COMMIT TRANSACTION;
