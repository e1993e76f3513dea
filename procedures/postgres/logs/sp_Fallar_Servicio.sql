SET LOCAL ROLE carril_dueno;

/*
  Records, under the token, that a service of an execution failed: the message on the fund's row, and the attempt on the chunk,
  which goes back with backoff or ends (as trabajo.sp_Fallar_Chunk says, @Transitorio too). When the chunk ends, so does the execution, and the
  service that failed is ERROR; until then it stays PENDIENTE, for the next attempt begins at the first unfinished service.
  Already recorded under this token: says what became of it and does nothing.

  Returns: one
    Estado       varchar(50)   not null  of the chunk: PENDIENTE, ERROR, CANCELADO; COMPLETADO when it had completed
    Intento      int           not null  attempts used
    No_Antes_De  datetime2(3)  null
    Restantes    int           not null  0: no unfinished chunk of the process was seen, try to finalize it; else 1
  Errors: 50400, 50404, 50408, 50409, 50410, 50499
  Touches: trabajo.Chunks write, logs.Ejecucion_Fondos write, logs.Ejecuciones write
  Batch: 1
  Entry: carril_app
  Since: 018
*/
CREATE OR REPLACE FUNCTION logs.sp_Fallar_Servicio(
  p_ID_Ejecucion bigint,
  p_Servicio text,
  p_Token bigint,
  p_Error text,
  p_Reintentable boolean DEFAULT true,
  p_Transitorio boolean DEFAULT false
)
RETURNS TABLE (
  Estado text,
  Intento integer,
  No_Antes_De timestamptz,
  Restantes integer
)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  v_ahora timestamptz(3) := clock_timestamp();
  v_ejecucion record;
  v_fallo record;
  v_estado_servicio text;
BEGIN
  IF p_ID_Ejecucion IS NULL OR p_Servicio IS NULL OR p_Token IS NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400', MESSAGE = 'p_ID_Ejecucion, p_Servicio y p_Token son obligatorios';
  END IF;
  SELECT e.id_chunk, e.id_fund INTO v_ejecucion FROM logs.Ejecuciones AS e WHERE e.id_ejecucion = p_ID_Ejecucion;
  IF NOT FOUND THEN
    RAISE EXCEPTION USING ERRCODE = 'UC404', MESSAGE = format('no existe la ejecucion %s', p_ID_Ejecucion);
  END IF;
  IF v_ejecucion.id_chunk IS NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'UC409', MESSAGE = format(
      'la ejecucion %s es de la arquitectura anterior: no tiene arriendo', p_ID_Ejecucion);
  END IF;

  SELECT * INTO v_fallo
  FROM trabajo.sp_Registrar_Fallo(v_ejecucion.id_chunk, p_Token, p_Error, p_Reintentable, p_Transitorio);

  IF v_fallo.p_registrado THEN
    SELECT v.estado INTO v_estado_servicio
    FROM logs.vw_Ejecucion_Servicios AS v
    WHERE v.id_ejecucion = p_ID_Ejecucion AND v.id_fund = v_ejecucion.id_fund AND v.servicio = p_Servicio;
    -- uno que alcanzo a terminar no se desdice: el error llego despues
    IF v_estado_servicio NOT IN ('COMPLETADO', 'OMITIDO') THEN
      v_estado_servicio := CASE WHEN v_fallo.p_estado = 'ERROR' THEN 'ERROR' ELSE 'PENDIENTE' END;
    END IF;
    PERFORM logs.sp_Marcar_Servicio(
      p_ID_Ejecucion, v_ejecucion.id_fund, p_Servicio, v_estado_servicio, p_Mensaje_Error => p_Error);

    IF v_fallo.p_estado IN ('ERROR', 'CANCELADO') THEN
      UPDATE logs.Ejecucion_Fondos AS f
      SET fechafin = v_ahora
      WHERE f.id_ejecucion = p_ID_Ejecucion AND f.id_fund = v_ejecucion.id_fund;

      UPDATE logs.Ejecuciones AS e
      SET
        estado = v_fallo.p_estado, etapa_actual = NULL, fechafin = v_ahora, fondosexitosos = 0,
        fondosfallidos = (v_fallo.p_estado = 'ERROR')::integer, fondosomitidos = (v_fallo.p_estado = 'CANCELADO')::integer
      WHERE e.id_ejecucion = p_ID_Ejecucion AND e.estado IN ('PENDIENTE', 'EN_PROGRESO');
    END IF;
  END IF;

  RETURN QUERY
  SELECT v_fallo.p_estado, v_fallo.p_intento, v_fallo.p_no_antes_de, trabajo.sp_Restantes(v_fallo.p_id_trabajo);
END
$$;
GRANT EXECUTE ON FUNCTION logs.sp_Fallar_Servicio TO carril_app;
