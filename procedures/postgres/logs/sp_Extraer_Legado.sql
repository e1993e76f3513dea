SET LOCAL ROLE carril_dueno;

/*
  Runs, under the extraction chunk's token, the batch extraction of one service for all funds of a run of the old way: of each
  extract procedure of the service its sibling <name>_Legado, in one transaction. A service without one (PNL) does nothing. Run
  again it leaves the same rows.

  Document 004, phase 2: "Los SPs de extraccion son BATCH (una vez por fecha para todos los fondos)".

  Returns: one
    Pasos        int  not null
    Duracion_Ms  int  not null
  Errors: 50400, 50404, 50408, 50409, 50410, 50499
  Touches: trabajo.Chunks read, logs.Ejecuciones read, logs.Servicio_Procedimientos read, extract.* write
  Batch: none
  Entry: carril_app
  Since: 018
*/
CREATE OR REPLACE FUNCTION logs.sp_Extraer_Legado(
  p_ID_Chunk bigint,
  p_Servicio text,
  p_Token bigint
)
RETURNS TABLE (
  Pasos integer,
  Duracion_Ms integer
)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  v_inicio timestamptz := clock_timestamp();
  v_fondo record;
  v_paso record;
  v_pasos integer := 0;
BEGIN
  IF p_ID_Chunk IS NULL OR p_Servicio IS NULL OR p_Token IS NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400', MESSAGE = 'p_ID_Chunk, p_Servicio y p_Token son obligatorios';
  END IF;
  SELECT * INTO v_fondo FROM logs.sp_Tomar_Fondo_Legado(p_ID_Chunk, p_Token);

  FOR v_paso IN
    SELECT r.p_nombre AS nombre
    FROM logs.Servicio_Procedimientos AS p
    CROSS JOIN LATERAL logs.sp_Resolver_Paso(p.procedimiento || '_Legado') AS r
    WHERE p.servicio = p_Servicio AND p.procedimiento LIKE 'extract.%' AND v_fondo.p_estado <> 'COMPLETADO'
    ORDER BY p.orden
  LOOP
    EXECUTE format('SELECT %s(p_FechaReporte => $1, p_ID_Ejecucion => $2)', v_paso.nombre)
    USING v_fondo.p_fechareporte, v_fondo.p_id_ejecucion;
    v_pasos := v_pasos + 1;
  END LOOP;

  RETURN QUERY SELECT v_pasos, (extract(epoch FROM clock_timestamp() - v_inicio) * 1000)::integer;
END
$$;
GRANT EXECUTE ON FUNCTION logs.sp_Extraer_Legado TO carril_app;
