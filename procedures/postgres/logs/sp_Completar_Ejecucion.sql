SET LOCAL ROLE carril_dueno;

/*
  Completes a fund's execution and its chunk together, when every service of it is finished (else 50409, naming the first that
  is not). OMITIDO when every service was skipped. Already complete under this token: says so and does nothing.

  Returns: one
    Estado     varchar(50)  not null  of the execution: COMPLETADO or OMITIDO
    Restantes  int          not null  0: no unfinished chunk of the process was seen, try to finalize it; else 1
  Errors: 50400, 50404, 50408, 50409, 50410, 50499
  Touches: logs.Ejecucion_Fondos write, logs.Ejecuciones write, trabajo.Chunks write
  Batch: 1
  Entry: carril_app
  Since: 018
*/
CREATE OR REPLACE FUNCTION logs.sp_Completar_Ejecucion(
  p_ID_Ejecucion bigint,
  p_Token bigint
)
RETURNS TABLE (
  Estado text,
  Restantes integer
)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  v_ahora timestamptz(3) := clock_timestamp();
  v_ejecucion record;
  v_chunk record;
  v_falta text;
  v_estado text;
BEGIN
  IF p_ID_Ejecucion IS NULL OR p_Token IS NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400', MESSAGE = 'p_ID_Ejecucion y p_Token son obligatorios';
  END IF;
  SELECT e.id_chunk, e.id_fund INTO v_ejecucion FROM logs.Ejecuciones AS e WHERE e.id_ejecucion = p_ID_Ejecucion;
  IF NOT FOUND THEN
    RAISE EXCEPTION USING ERRCODE = 'UC404', MESSAGE = format('no existe la ejecucion %s', p_ID_Ejecucion);
  END IF;
  IF v_ejecucion.id_chunk IS NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'UC409', MESSAGE = format(
      'la ejecucion %s es de la arquitectura anterior: no tiene arriendo', p_ID_Ejecucion);
  END IF;

  SELECT * INTO v_chunk FROM trabajo.sp_Tomar_Chunk(v_ejecucion.id_chunk, p_Token);

  IF v_chunk.p_estado = 'COMPLETADO' THEN
    SELECT e.estado INTO v_estado FROM logs.Ejecuciones AS e WHERE e.id_ejecucion = p_ID_Ejecucion;
  ELSE
    SELECT v.servicio INTO v_falta
    FROM logs.vw_Ejecucion_Servicios AS v
    LEFT JOIN logs.Servicios AS s ON s.servicio = v.servicio
    WHERE v.id_ejecucion = p_ID_Ejecucion AND v.id_fund = v_ejecucion.id_fund AND v.estado NOT IN ('COMPLETADO', 'OMITIDO')
    ORDER BY s.orden NULLS LAST
    LIMIT 1;
    IF FOUND THEN
      RAISE EXCEPTION USING ERRCODE = 'UC409', MESSAGE = format(
        'a la ejecucion %s le falta el servicio %s', p_ID_Ejecucion, v_falta);
    END IF;

    v_estado := CASE WHEN EXISTS (
      SELECT FROM logs.vw_Ejecucion_Servicios AS v
      WHERE v.id_ejecucion = p_ID_Ejecucion AND v.id_fund = v_ejecucion.id_fund AND v.estado = 'COMPLETADO'
    ) THEN 'COMPLETADO' ELSE 'OMITIDO' END;

    UPDATE logs.Ejecucion_Fondos AS f
    SET fechafin = v_ahora
    WHERE f.id_ejecucion = p_ID_Ejecucion AND f.id_fund = v_ejecucion.id_fund;

    UPDATE logs.Ejecuciones AS e
    SET
      estado = v_estado, etapa_actual = NULL, fechafin = v_ahora, fondosfallidos = 0,
      fondosexitosos = (v_estado = 'COMPLETADO')::integer, fondosomitidos = (v_estado = 'OMITIDO')::integer
    WHERE e.id_ejecucion = p_ID_Ejecucion AND e.estado IN ('PENDIENTE', 'EN_PROGRESO');
    IF NOT FOUND THEN
      RAISE EXCEPTION USING ERRCODE = 'UC409', MESSAGE = format(
        'la ejecucion %s ya tiene un estado final: no se completa', p_ID_Ejecucion);
    END IF;

    PERFORM trabajo.sp_Cerrar_Chunk(v_ejecucion.id_chunk, p_Token, 'COMPLETADO');
  END IF;

  -- Todavia sin confirmar: de dos que terminan a la vez, cada uno ve pendiente al otro, y es el finalizador, que se intenta
  -- tras cada confirmacion y en cada sondeo, quien se entera.
  RETURN QUERY SELECT v_estado, trabajo.sp_Restantes(v_chunk.p_id_trabajo);
END
$$;
GRANT EXECUTE ON FUNCTION logs.sp_Completar_Ejecucion TO carril_app;
