/*
  Quien puede que: los roles y todos los permisos de carril. Lo escribe `carril codegen` a partir de los GRANT de migraciones y
  procedimientos; no se edita. Se puede correr cuantas veces se quiera: da lo que falte y no quita nada. `carril migrate up`
  hace lo mismo al terminar, y quita ademas lo que ningun archivo concede (`carril migrate grants` lo muestra).
*/

-- los roles son del cluster, y pueden estar ya
DO $permisos$
BEGIN
  IF to_regrole('carril_app') IS NULL THEN CREATE ROLE carril_app NOLOGIN; END IF;
  IF to_regrole('carril_carga') IS NULL THEN CREATE ROLE carril_carga NOLOGIN; END IF;
  IF to_regrole('carril_dba') IS NULL THEN CREATE ROLE carril_dba NOLOGIN; END IF;
  IF to_regrole('carril_dueno') IS NULL THEN CREATE ROLE carril_dueno NOLOGIN; END IF;
  IF to_regrole('carril_lector') IS NULL THEN CREATE ROLE carril_lector NOLOGIN; END IF;
END
$permisos$;

-- carril_app
DO $permisos$
BEGIN
  IF to_regnamespace('dimensionales') IS NOT NULL THEN GRANT USAGE ON SCHEMA dimensionales TO carril_app; END IF;
  IF to_regnamespace('homol') IS NOT NULL THEN GRANT USAGE ON SCHEMA homol TO carril_app; END IF;
  IF to_regnamespace('logs') IS NOT NULL THEN GRANT USAGE ON SCHEMA logs TO carril_app; END IF;
  IF to_regnamespace('nomina') IS NOT NULL THEN GRANT USAGE ON SCHEMA nomina TO carril_app; END IF;
  IF to_regnamespace('trabajo') IS NOT NULL THEN GRANT USAGE ON SCHEMA trabajo TO carril_app; END IF;
  IF to_regproc('dimensionales.sp_Cargar_Fondos') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION dimensionales.sp_Cargar_Fondos TO carril_app; END IF;
  IF to_regproc('dimensionales.sp_Listar_Fondos') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION dimensionales.sp_Listar_Fondos TO carril_app; END IF;
  IF to_regproc('homol.sp_Cargar_CAPM') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION homol.sp_Cargar_CAPM TO carril_app; END IF;
  IF to_regproc('homol.sp_Cargar_Derivados') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION homol.sp_Cargar_Derivados TO carril_app; END IF;
  IF to_regproc('homol.sp_Cargar_IPA') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION homol.sp_Cargar_IPA TO carril_app; END IF;
  IF to_regproc('homol.sp_Cargar_PosModRF') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION homol.sp_Cargar_PosModRF TO carril_app; END IF;
  IF to_regproc('homol.sp_Cargar_SONA') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION homol.sp_Cargar_SONA TO carril_app; END IF;
  IF to_regproc('homol.sp_Cargar_UBS') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION homol.sp_Cargar_UBS TO carril_app; END IF;
  IF to_regproc('homol.sp_Fechas_Cargadas') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION homol.sp_Fechas_Cargadas TO carril_app; END IF;
  IF to_regproc('logs.liberar_chunk') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION logs.liberar_chunk TO carril_app; END IF;
  IF to_regproc('logs.reservar_chunk') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION logs.reservar_chunk TO carril_app; END IF;
  IF to_regproc('logs.sp_Abrir_Fondos_Legado') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION logs.sp_Abrir_Fondos_Legado TO carril_app; END IF;
  IF to_regproc('logs.sp_Arquitectura_Fondos') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION logs.sp_Arquitectura_Fondos TO carril_app; END IF;
  IF to_regproc('logs.sp_Borrar_Proceso') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION logs.sp_Borrar_Proceso TO carril_app; END IF;
  IF to_regproc('logs.sp_Buscar_Archivo') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION logs.sp_Buscar_Archivo TO carril_app; END IF;
  IF to_regproc('logs.sp_Cambiar_Arquitectura') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION logs.sp_Cambiar_Arquitectura TO carril_app; END IF;
  IF to_regproc('logs.sp_Completar_Ejecucion') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION logs.sp_Completar_Ejecucion TO carril_app; END IF;
  IF to_regproc('logs.sp_Contar_Fondos_Legado') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION logs.sp_Contar_Fondos_Legado TO carril_app; END IF;
  IF to_regproc('logs.sp_Ejecutar_Servicio') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION logs.sp_Ejecutar_Servicio TO carril_app; END IF;
  IF to_regproc('logs.sp_Ejecutar_Servicio_Legado') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION logs.sp_Ejecutar_Servicio_Legado TO carril_app; END IF;
  IF to_regproc('logs.sp_Estado_Ejecuciones') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION logs.sp_Estado_Ejecuciones TO carril_app; END IF;
  IF to_regproc('logs.sp_Estado_Proceso') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION logs.sp_Estado_Proceso TO carril_app; END IF;
  IF to_regproc('logs.sp_Estado_Servicios') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION logs.sp_Estado_Servicios TO carril_app; END IF;
  IF to_regproc('logs.sp_Extraer_Legado') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION logs.sp_Extraer_Legado TO carril_app; END IF;
  IF to_regproc('logs.sp_Fallar_Servicio') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION logs.sp_Fallar_Servicio TO carril_app; END IF;
  IF to_regproc('logs.sp_Fallar_Servicio_Legado') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION logs.sp_Fallar_Servicio_Legado TO carril_app; END IF;
  IF to_regproc('logs.sp_Finalizar_Proceso') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION logs.sp_Finalizar_Proceso TO carril_app; END IF;
  IF to_regproc('logs.sp_Finalizar_Revision') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION logs.sp_Finalizar_Revision TO carril_app; END IF;
  IF to_regproc('logs.sp_Guardar_Bloques') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION logs.sp_Guardar_Bloques TO carril_app; END IF;
  IF to_regproc('logs.sp_Guardar_Bloques_Secuencial') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION logs.sp_Guardar_Bloques_Secuencial TO carril_app; END IF;
  IF to_regproc('logs.sp_Informe_Bloques') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION logs.sp_Informe_Bloques TO carril_app; END IF;
  IF to_regproc('logs.sp_Inicializar_Ejecucion') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION logs.sp_Inicializar_Ejecucion TO carril_app; END IF;
  IF to_regproc('logs.sp_Inicializar_Proceso') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION logs.sp_Inicializar_Proceso TO carril_app; END IF;
  IF to_regproc('logs.sp_Iniciar_Revision') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION logs.sp_Iniciar_Revision TO carril_app; END IF;
  IF to_regproc('logs.sp_Listar_Bloques') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION logs.sp_Listar_Bloques TO carril_app; END IF;
  IF to_regproc('logs.sp_Listar_Procesos') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION logs.sp_Listar_Procesos TO carril_app; END IF;
  IF to_regproc('logs.sp_Listar_Revisiones') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION logs.sp_Listar_Revisiones TO carril_app; END IF;
  IF to_regproc('logs.sp_Marcar_Estado_Legado') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION logs.sp_Marcar_Estado_Legado TO carril_app; END IF;
  IF to_regproc('logs.sp_Plan_Reversion') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION logs.sp_Plan_Reversion TO carril_app; END IF;
  IF to_regproc('logs.sp_Reintentar_Proceso') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION logs.sp_Reintentar_Proceso TO carril_app; END IF;
  IF to_regproc('logs.sp_Resultados_CAPM') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION logs.sp_Resultados_CAPM TO carril_app; END IF;
  IF to_regproc('logs.sp_Resultados_Derivados') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION logs.sp_Resultados_Derivados TO carril_app; END IF;
  IF to_regproc('logs.sp_Resultados_IPA') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION logs.sp_Resultados_IPA TO carril_app; END IF;
  IF to_regproc('logs.sp_Resultados_PNL') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION logs.sp_Resultados_PNL TO carril_app; END IF;
  IF to_regproc('logs.sp_Resultados_PosModRF') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION logs.sp_Resultados_PosModRF TO carril_app; END IF;
  IF to_regproc('logs.sp_Resultados_Proceso') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION logs.sp_Resultados_Proceso TO carril_app; END IF;
  IF to_regproc('logs.sp_Resultados_Servicios') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION logs.sp_Resultados_Servicios TO carril_app; END IF;
  IF to_regproc('logs.sp_Resultados_SONA') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION logs.sp_Resultados_SONA TO carril_app; END IF;
  IF to_regproc('logs.sp_Resultados_UBS') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION logs.sp_Resultados_UBS TO carril_app; END IF;
  IF to_regproc('logs.sp_Resumen_Revision') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION logs.sp_Resumen_Revision TO carril_app; END IF;
  IF to_regproc('logs.sp_Revertir_Ejecucion') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION logs.sp_Revertir_Ejecucion TO carril_app; END IF;
  IF to_regproc('logs.sp_Revisar_Despliegue') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION logs.sp_Revisar_Despliegue TO carril_app; END IF;
  IF to_regproc('logs.sp_Traza_Cuellos') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION logs.sp_Traza_Cuellos TO carril_app; END IF;
  IF to_regproc('logs.sp_Traza_Linea_Tiempo') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION logs.sp_Traza_Linea_Tiempo TO carril_app; END IF;
  IF to_regproc('logs.sp_Traza_Purgar') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION logs.sp_Traza_Purgar TO carril_app; END IF;
  IF to_regproc('logs.sp_Traza_Registros') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION logs.sp_Traza_Registros TO carril_app; END IF;
  IF to_regproc('logs.sp_Traza_Solapes') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION logs.sp_Traza_Solapes TO carril_app; END IF;
  IF to_regproc('logs.sp_Verificar_Servicios') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION logs.sp_Verificar_Servicios TO carril_app; END IF;
  IF to_regproc('nomina.sp_Abrir_Carga') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION nomina.sp_Abrir_Carga TO carril_app; END IF;
  IF to_regproc('nomina.sp_Cargar_Empleados') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION nomina.sp_Cargar_Empleados TO carril_app; END IF;
  IF to_regproc('nomina.sp_Cargar_Movimientos') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION nomina.sp_Cargar_Movimientos TO carril_app; END IF;
  IF to_regproc('nomina.sp_Consolidar_Chunk') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION nomina.sp_Consolidar_Chunk TO carril_app; END IF;
  IF to_regproc('nomina.sp_Estado_Consolidacion') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION nomina.sp_Estado_Consolidacion TO carril_app; END IF;
  IF to_regproc('nomina.sp_Finalizar_Consolidacion') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION nomina.sp_Finalizar_Consolidacion TO carril_app; END IF;
  IF to_regproc('nomina.sp_Listar_Cierres') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION nomina.sp_Listar_Cierres TO carril_app; END IF;
  IF to_regproc('nomina.sp_Listar_Conceptos') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION nomina.sp_Listar_Conceptos TO carril_app; END IF;
  IF to_regproc('nomina.sp_Listar_Consolidados') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION nomina.sp_Listar_Consolidados TO carril_app; END IF;
  IF to_regproc('nomina.sp_Listar_Discrepancias') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION nomina.sp_Listar_Discrepancias TO carril_app; END IF;
  IF to_regproc('nomina.sp_Planificar_Consolidacion') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION nomina.sp_Planificar_Consolidacion TO carril_app; END IF;
  IF to_regproc('nomina.sp_Revertir_Consolidacion') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION nomina.sp_Revertir_Consolidacion TO carril_app; END IF;
  IF to_regproc('nomina.sp_Terminar_Carga') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION nomina.sp_Terminar_Carga TO carril_app; END IF;
  IF to_regproc('nomina.sp_Vencer_Consolidacion') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION nomina.sp_Vencer_Consolidacion TO carril_app; END IF;
  IF to_regproc('trabajo.sp_Alertas') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION trabajo.sp_Alertas TO carril_app; END IF;
  IF to_regproc('trabajo.sp_Cancelar_Trabajo') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION trabajo.sp_Cancelar_Trabajo TO carril_app; END IF;
  IF to_regproc('trabajo.sp_Completar_Chunk') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION trabajo.sp_Completar_Chunk TO carril_app; END IF;
  IF to_regproc('trabajo.sp_Completar_Chunks') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION trabajo.sp_Completar_Chunks TO carril_app; END IF;
  IF to_regproc('trabajo.sp_Comprobar_Credencial') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION trabajo.sp_Comprobar_Credencial TO carril_app; END IF;
  IF to_regproc('trabajo.sp_Crear_Trabajo') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION trabajo.sp_Crear_Trabajo TO carril_app; END IF;
  IF to_regproc('trabajo.sp_Devolver_Chunk') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION trabajo.sp_Devolver_Chunk TO carril_app; END IF;
  IF to_regproc('trabajo.sp_Estado_Trabajo') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION trabajo.sp_Estado_Trabajo TO carril_app; END IF;
  IF to_regproc('trabajo.sp_Fallar_Chunk') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION trabajo.sp_Fallar_Chunk TO carril_app; END IF;
  IF to_regproc('trabajo.sp_Finalizar_Trabajo') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION trabajo.sp_Finalizar_Trabajo TO carril_app; END IF;
  IF to_regproc('trabajo.sp_Listar_Chunks') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION trabajo.sp_Listar_Chunks TO carril_app; END IF;
  IF to_regproc('trabajo.sp_Listar_Credenciales') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION trabajo.sp_Listar_Credenciales TO carril_app; END IF;
  IF to_regproc('trabajo.sp_Listar_Trabajos') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION trabajo.sp_Listar_Trabajos TO carril_app; END IF;
  IF to_regproc('trabajo.sp_Medir_Cola') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION trabajo.sp_Medir_Cola TO carril_app; END IF;
  IF to_regproc('trabajo.sp_Medir_Servidor') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION trabajo.sp_Medir_Servidor TO carril_app; END IF;
  IF to_regproc('trabajo.sp_Partir_Chunk') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION trabajo.sp_Partir_Chunk TO carril_app; END IF;
  IF to_regproc('trabajo.sp_Purgar_Trabajos') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION trabajo.sp_Purgar_Trabajos TO carril_app; END IF;
  IF to_regproc('trabajo.sp_Reclamar_Chunks') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION trabajo.sp_Reclamar_Chunks TO carril_app; END IF;
  IF to_regproc('trabajo.sp_Reintentar_Trabajo') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION trabajo.sp_Reintentar_Trabajo TO carril_app; END IF;
  IF to_regproc('trabajo.sp_Renovar_Chunks') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION trabajo.sp_Renovar_Chunks TO carril_app; END IF;
  IF to_regproc('trabajo.sp_Trabajos_Por_Finalizar') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION trabajo.sp_Trabajos_Por_Finalizar TO carril_app; END IF;
  IF to_regproc('trabajo.sp_Trabajos_Vivos') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION trabajo.sp_Trabajos_Vivos TO carril_app; END IF;
END
$permisos$;

-- carril_carga
DO $permisos$
BEGIN
  IF to_regnamespace('homol') IS NOT NULL THEN GRANT USAGE ON SCHEMA homol TO carril_carga; END IF;
  IF to_regnamespace('logs') IS NOT NULL THEN GRANT USAGE ON SCHEMA logs TO carril_carga; END IF;
  IF to_regclass('homol.CAPM') IS NOT NULL THEN GRANT INSERT ON homol.CAPM TO carril_carga; END IF;
  IF to_regclass('homol.Derivados') IS NOT NULL THEN GRANT INSERT ON homol.Derivados TO carril_carga; END IF;
  IF to_regclass('homol.IPA') IS NOT NULL THEN GRANT INSERT ON homol.IPA TO carril_carga; END IF;
  IF to_regclass('homol.PosModRF') IS NOT NULL THEN GRANT INSERT ON homol.PosModRF TO carril_carga; END IF;
  IF to_regclass('homol.SONA') IS NOT NULL THEN GRANT INSERT ON homol.SONA TO carril_carga; END IF;
  IF to_regclass('homol.UBS') IS NOT NULL THEN GRANT INSERT ON homol.UBS TO carril_carga; END IF;
  IF to_regclass('logs.Trace_Records') IS NOT NULL THEN GRANT INSERT ON logs.Trace_Records TO carril_carga; END IF;
END
$permisos$;

-- carril_dba
DO $permisos$
BEGIN
  IF to_regnamespace('carril') IS NOT NULL THEN GRANT CREATE ON SCHEMA carril TO carril_dba; END IF;
  IF to_regnamespace('carril') IS NOT NULL THEN GRANT USAGE ON SCHEMA carril TO carril_dba; END IF;
  IF NOT pg_has_role('carril_dba', 'carril_dueno', 'MEMBER') THEN GRANT carril_dueno TO carril_dba; END IF;
  IF to_regproc('logs.sp_Backfill_Estado') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION logs.sp_Backfill_Estado TO carril_dba; END IF;
  IF to_regproc('logs.sp_Backfill_Listar_Apartados') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION logs.sp_Backfill_Listar_Apartados TO carril_dba; END IF;
  IF to_regproc('logs.sp_Backfill_Listar_Medidas') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION logs.sp_Backfill_Listar_Medidas TO carril_dba; END IF;
  IF to_regproc('logs.sp_Backfill_Lote') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION logs.sp_Backfill_Lote TO carril_dba; END IF;
  IF to_regproc('logs.sp_Backfill_Revertir') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION logs.sp_Backfill_Revertir TO carril_dba; END IF;
  IF to_regproc('logs.sp_Backfill_Terminar') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION logs.sp_Backfill_Terminar TO carril_dba; END IF;
  IF to_regproc('logs.sp_Backfill_Verificar') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION logs.sp_Backfill_Verificar TO carril_dba; END IF;
  IF to_regproc('trabajo.sp_Crear_Credencial') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION trabajo.sp_Crear_Credencial TO carril_dba; END IF;
  IF to_regproc('trabajo.sp_Listar_Credenciales') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION trabajo.sp_Listar_Credenciales TO carril_dba; END IF;
  IF to_regproc('trabajo.sp_Revocar_Credencial') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION trabajo.sp_Revocar_Credencial TO carril_dba; END IF;
END
$permisos$;

-- carril_dueno
DO $permisos$
BEGIN
  IF to_regnamespace('public') IS NOT NULL THEN GRANT CREATE ON SCHEMA public TO carril_dueno; END IF;
END
$permisos$;

-- carril_lector
DO $permisos$
BEGIN
  IF to_regnamespace('logs') IS NOT NULL THEN GRANT USAGE ON SCHEMA logs TO carril_lector; END IF;
  IF to_regnamespace('nomina') IS NOT NULL THEN GRANT USAGE ON SCHEMA nomina TO carril_lector; END IF;
  IF to_regnamespace('staging') IS NOT NULL THEN GRANT USAGE ON SCHEMA staging TO carril_lector; END IF;
  IF to_regnamespace('trabajo') IS NOT NULL THEN GRANT USAGE ON SCHEMA trabajo TO carril_lector; END IF;
  IF to_regclass('extract.vw_CAPM') IS NOT NULL THEN GRANT SELECT ON extract.vw_CAPM TO carril_lector; END IF;
  IF to_regclass('extract.vw_Derivados') IS NOT NULL THEN GRANT SELECT ON extract.vw_Derivados TO carril_lector; END IF;
  IF to_regclass('extract.vw_IPA') IS NOT NULL THEN GRANT SELECT ON extract.vw_IPA TO carril_lector; END IF;
  IF to_regclass('extract.vw_PosModRF') IS NOT NULL THEN GRANT SELECT ON extract.vw_PosModRF TO carril_lector; END IF;
  IF to_regclass('extract.vw_SONA') IS NOT NULL THEN GRANT SELECT ON extract.vw_SONA TO carril_lector; END IF;
  IF to_regclass('extract.vw_UBS') IS NOT NULL THEN GRANT SELECT ON extract.vw_UBS TO carril_lector; END IF;
  IF to_regproc('logs.sp_Arquitectura_Fondos') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION logs.sp_Arquitectura_Fondos TO carril_lector; END IF;
  IF to_regproc('logs.sp_Backfill_Estado') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION logs.sp_Backfill_Estado TO carril_lector; END IF;
  IF to_regproc('logs.sp_Backfill_Listar_Apartados') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION logs.sp_Backfill_Listar_Apartados TO carril_lector; END IF;
  IF to_regproc('logs.sp_Backfill_Listar_Medidas') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION logs.sp_Backfill_Listar_Medidas TO carril_lector; END IF;
  IF to_regproc('logs.sp_Estado_Ejecuciones') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION logs.sp_Estado_Ejecuciones TO carril_lector; END IF;
  IF to_regproc('logs.sp_Estado_Proceso') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION logs.sp_Estado_Proceso TO carril_lector; END IF;
  IF to_regproc('logs.sp_Estado_Servicios') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION logs.sp_Estado_Servicios TO carril_lector; END IF;
  IF to_regproc('logs.sp_Informe_Bloques') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION logs.sp_Informe_Bloques TO carril_lector; END IF;
  IF to_regproc('logs.sp_Listar_Bloques') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION logs.sp_Listar_Bloques TO carril_lector; END IF;
  IF to_regproc('logs.sp_Listar_Procesos') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION logs.sp_Listar_Procesos TO carril_lector; END IF;
  IF to_regproc('logs.sp_Listar_Revisiones') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION logs.sp_Listar_Revisiones TO carril_lector; END IF;
  IF to_regproc('logs.sp_Resultados_CAPM') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION logs.sp_Resultados_CAPM TO carril_lector; END IF;
  IF to_regproc('logs.sp_Resultados_Derivados') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION logs.sp_Resultados_Derivados TO carril_lector; END IF;
  IF to_regproc('logs.sp_Resultados_IPA') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION logs.sp_Resultados_IPA TO carril_lector; END IF;
  IF to_regproc('logs.sp_Resultados_PNL') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION logs.sp_Resultados_PNL TO carril_lector; END IF;
  IF to_regproc('logs.sp_Resultados_PosModRF') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION logs.sp_Resultados_PosModRF TO carril_lector; END IF;
  IF to_regproc('logs.sp_Resultados_Proceso') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION logs.sp_Resultados_Proceso TO carril_lector; END IF;
  IF to_regproc('logs.sp_Resultados_Servicios') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION logs.sp_Resultados_Servicios TO carril_lector; END IF;
  IF to_regproc('logs.sp_Resultados_SONA') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION logs.sp_Resultados_SONA TO carril_lector; END IF;
  IF to_regproc('logs.sp_Resultados_UBS') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION logs.sp_Resultados_UBS TO carril_lector; END IF;
  IF to_regproc('logs.sp_Resumen_Revision') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION logs.sp_Resumen_Revision TO carril_lector; END IF;
  IF to_regproc('logs.sp_Revisar_Despliegue') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION logs.sp_Revisar_Despliegue TO carril_lector; END IF;
  IF to_regproc('logs.sp_Traza_Cuellos') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION logs.sp_Traza_Cuellos TO carril_lector; END IF;
  IF to_regproc('logs.sp_Traza_Linea_Tiempo') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION logs.sp_Traza_Linea_Tiempo TO carril_lector; END IF;
  IF to_regproc('logs.sp_Traza_Registros') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION logs.sp_Traza_Registros TO carril_lector; END IF;
  IF to_regproc('logs.sp_Traza_Solapes') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION logs.sp_Traza_Solapes TO carril_lector; END IF;
  IF to_regclass('logs.vw_Arquitectura_Fondos') IS NOT NULL THEN GRANT SELECT ON logs.vw_Arquitectura_Fondos TO carril_lector; END IF;
  IF to_regclass('logs.vw_Bloques_Error') IS NOT NULL THEN GRANT SELECT ON logs.vw_Bloques_Error TO carril_lector; END IF;
  IF to_regclass('logs.vw_Ejecucion_Servicios') IS NOT NULL THEN GRANT SELECT ON logs.vw_Ejecucion_Servicios TO carril_lector; END IF;
  IF to_regclass('logs.vw_Ejecuciones') IS NOT NULL THEN GRANT SELECT ON logs.vw_Ejecuciones TO carril_lector; END IF;
  IF to_regclass('logs.vw_Procesos') IS NOT NULL THEN GRANT SELECT ON logs.vw_Procesos TO carril_lector; END IF;
  IF to_regclass('logs.vw_Servicios_Fondo') IS NOT NULL THEN GRANT SELECT ON logs.vw_Servicios_Fondo TO carril_lector; END IF;
  IF to_regclass('logs.vw_Ultima_Ejecucion') IS NOT NULL THEN GRANT SELECT ON logs.vw_Ultima_Ejecucion TO carril_lector; END IF;
  IF to_regclass('logs.vw_Ultimo_Servicio') IS NOT NULL THEN GRANT SELECT ON logs.vw_Ultimo_Servicio TO carril_lector; END IF;
  IF to_regproc('nomina.sp_Estado_Consolidacion') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION nomina.sp_Estado_Consolidacion TO carril_lector; END IF;
  IF to_regproc('nomina.sp_Listar_Cierres') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION nomina.sp_Listar_Cierres TO carril_lector; END IF;
  IF to_regproc('nomina.sp_Listar_Conceptos') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION nomina.sp_Listar_Conceptos TO carril_lector; END IF;
  IF to_regproc('nomina.sp_Listar_Consolidados') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION nomina.sp_Listar_Consolidados TO carril_lector; END IF;
  IF to_regproc('nomina.sp_Listar_Discrepancias') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION nomina.sp_Listar_Discrepancias TO carril_lector; END IF;
  IF to_regclass('public.LO_PROCESOS') IS NOT NULL THEN GRANT SELECT ON public.LO_PROCESOS TO carril_lector; END IF;
  IF to_regclass('staging.vw_CAPM_Final') IS NOT NULL THEN GRANT SELECT ON staging.vw_CAPM_Final TO carril_lector; END IF;
  IF to_regclass('staging.vw_Derivados_Final') IS NOT NULL THEN GRANT SELECT ON staging.vw_Derivados_Final TO carril_lector; END IF;
  IF to_regclass('staging.vw_IPA_Final') IS NOT NULL THEN GRANT SELECT ON staging.vw_IPA_Final TO carril_lector; END IF;
  IF to_regclass('staging.vw_PNL_Final') IS NOT NULL THEN GRANT SELECT ON staging.vw_PNL_Final TO carril_lector; END IF;
  IF to_regclass('staging.vw_PosModRF_Final') IS NOT NULL THEN GRANT SELECT ON staging.vw_PosModRF_Final TO carril_lector; END IF;
  IF to_regclass('staging.vw_SONA_Final') IS NOT NULL THEN GRANT SELECT ON staging.vw_SONA_Final TO carril_lector; END IF;
  IF to_regclass('staging.vw_UBS_Final') IS NOT NULL THEN GRANT SELECT ON staging.vw_UBS_Final TO carril_lector; END IF;
  IF to_regproc('trabajo.sp_Alertas') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION trabajo.sp_Alertas TO carril_lector; END IF;
  IF to_regproc('trabajo.sp_Estado_Trabajo') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION trabajo.sp_Estado_Trabajo TO carril_lector; END IF;
  IF to_regproc('trabajo.sp_Listar_Chunks') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION trabajo.sp_Listar_Chunks TO carril_lector; END IF;
  IF to_regproc('trabajo.sp_Listar_Trabajos') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION trabajo.sp_Listar_Trabajos TO carril_lector; END IF;
  IF to_regproc('trabajo.sp_Medir_Cola') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION trabajo.sp_Medir_Cola TO carril_lector; END IF;
  IF to_regproc('trabajo.sp_Medir_Servidor') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION trabajo.sp_Medir_Servidor TO carril_lector; END IF;
  IF to_regclass('trabajo.vw_Alertas') IS NOT NULL THEN GRANT SELECT ON trabajo.vw_Alertas TO carril_lector; END IF;
  IF to_regclass('trabajo.vw_Chunks') IS NOT NULL THEN GRANT SELECT ON trabajo.vw_Chunks TO carril_lector; END IF;
  IF to_regclass('trabajo.vw_Cola') IS NOT NULL THEN GRANT SELECT ON trabajo.vw_Cola TO carril_lector; END IF;
  IF to_regclass('trabajo.vw_Trabajos') IS NOT NULL THEN GRANT SELECT ON trabajo.vw_Trabajos TO carril_lector; END IF;
END
$permisos$;
