SET LOCAL ROLE carril_dueno;

/*
  Runs the staging procedures of one service for one fund of a run of the old way, under its chunk's token and in one transaction:
  the same procedures as logs.sp_Ejecutar_Servicio runs, with the shared ID_Ejecucion and the fund's ID_Fund. What it reads was
  extracted for all funds before. Its state is written by another call, logs.sp_Marcar_Estado_Legado: a service that is finished
  already returns at once with Ya_Terminado 1, one that was stopped between the two runs again and leaves the same rows.

  Document 002, "Flujo Actual": staging procedures WHERE ID_Ejecucion = shared AND ID_Fund = own, 50 funds side by side.

  Returns: one
    Estado        varchar(50)  not null  of the service: COMPLETADO or OMITIDO
    Ya_Terminado  bit          not null  it was finished before this call
    Duracion_Ms   int          not null  0 when it was
  Errors: 50400, 50404, 50408, 50409, 50410, 50499
  Touches: trabajo.Chunks read, logs.Ejecuciones read, logs.Ejecucion_Fondos read, logs.Servicios read, logs.Servicio_Procedimientos read, extract.* read, staging.* write
  Batch: 2000
  Entry: carril_app
  Since: 018
*/
CREATE OR REPLACE FUNCTION logs.sp_Ejecutar_Servicio_Legado(
  p_ID_Chunk bigint,
  p_Servicio text,
  p_Token bigint
)
RETURNS TABLE (
  Estado text,
  Ya_Terminado boolean,
  Duracion_Ms integer
)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  v_inicio timestamptz := clock_timestamp();
  v_fondo record;
  v_estado text;
  v_dependencia text;
  v_paso record;
  v_pasos integer := 0;
BEGIN
  IF p_ID_Chunk IS NULL OR p_Servicio IS NULL OR p_Token IS NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400', MESSAGE = 'p_ID_Chunk, p_Servicio y p_Token son obligatorios';
  END IF;
  SELECT * INTO v_fondo FROM logs.sp_Tomar_Fondo_Legado(p_ID_Chunk, p_Token);

  SELECT v.estado INTO v_estado
  FROM logs.vw_Ejecucion_Servicios AS v
  WHERE v.id_ejecucion = v_fondo.p_id_ejecucion AND v.id_fund = v_fondo.p_id_fund AND v.servicio = p_Servicio;
  IF NOT FOUND THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400',
      MESSAGE = format('el chunk %s no tiene fondo, o no existe el servicio %s', p_ID_Chunk, p_Servicio);
  END IF;
  IF v_estado IN ('COMPLETADO', 'OMITIDO') THEN
    RETURN QUERY SELECT v_estado, true, 0;
    RETURN;
  END IF;

  SELECT d.servicio INTO v_dependencia
  FROM logs.Servicios AS s
  INNER JOIN logs.vw_Ejecucion_Servicios AS d ON d.servicio = s.depende_de
  WHERE s.servicio = p_Servicio AND d.id_ejecucion = v_fondo.p_id_ejecucion AND d.id_fund = v_fondo.p_id_fund
    AND d.estado NOT IN ('COMPLETADO', 'OMITIDO');
  IF FOUND THEN
    RAISE EXCEPTION USING ERRCODE = 'UC409', MESSAGE = format(
      'el servicio %s depende de %s, que no ha terminado', p_Servicio, v_dependencia);
  END IF;

  FOR v_paso IN
    SELECT r.p_nombre AS nombre
    FROM logs.Servicio_Procedimientos AS p
    CROSS JOIN LATERAL logs.sp_Resolver_Paso(p.procedimiento) AS r
    WHERE p.servicio = p_Servicio AND p.procedimiento LIKE 'staging.%'
    ORDER BY p.orden
  LOOP
    EXECUTE format(
      'SELECT %s(p_ID_Ejecucion => $1, p_FechaReporte => $2, p_ID_Fund => $3, p_Portfolio_Geneva => $4)', v_paso.nombre)
    USING v_fondo.p_id_ejecucion, v_fondo.p_fechareporte, v_fondo.p_id_fund, v_fondo.p_portfolio_geneva;
    v_pasos := v_pasos + 1;
  END LOOP;
  IF v_pasos = 0 THEN
    RAISE EXCEPTION USING ERRCODE = 'UC409', MESSAGE = format(
      'el servicio %s no tiene procedimientos de staging en logs.Servicio_Procedimientos', p_Servicio);
  END IF;

  RETURN QUERY SELECT 'COMPLETADO', false, (extract(epoch FROM clock_timestamp() - v_inicio) * 1000)::integer;
END
$$;
GRANT EXECUTE ON FUNCTION logs.sp_Ejecutar_Servicio_Legado TO carril_app;
