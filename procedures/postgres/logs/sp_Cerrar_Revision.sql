SET LOCAL ROLE carril_dueno;

/*
  Ends a review of a log if nothing of it is left to do, and writes what is known of its file then, once. The caller holds the
  job's lock Exclusive. LOGS: as trabajo.sp_Cerrar_Trabajo, all or nothing: one failed chunk makes the job ERROR; of a
  cancelled one it first ends what nobody holds. LOGS_SECUENCIAL: at once, CANCELADO, ERROR (the message goes into the job's
  parameters) or COMPLETADO.

  Only COMPLETADO moves the file on: read up to the review's end; the next review begins at @Reanudar_En, else at what the
  last chunk's result says ({"reanudar_en":"123"}), else at the review's end; compressed input is always read from its start.

  Returns: output
    Estado   varchar(50)  not null  of the job
    Cerrado  bit          not null  this call ended it
  Errors: 50400, 50404, 50409, 50499
  Touches: trabajo.Chunks write, trabajo.Trabajos write, logs.Archivos write
  Batch: 2000
  Step: called inside the caller's transaction
  Since: 022
*/
CREATE OR REPLACE FUNCTION logs.sp_Cerrar_Revision(
  p_ID_Trabajo bigint,
  p_Error text DEFAULT NULL,
  p_Reanudar_En bigint DEFAULT NULL,
  OUT p_Estado text,
  OUT p_Cerrado boolean
)
LANGUAGE plpgsql VOLATILE SECURITY INVOKER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  v_trabajo record;
  v_reanudar bigint := p_Reanudar_En;
BEGIN
  p_Cerrado := false;
  SELECT
    t.estado, t.tipo, t.cancelado, substring(t.parametros::jsonb ->> 'hasta' FROM '^\d{1,18}$')::bigint AS hasta,
    t.parametros::jsonb ->> 'gzip' AS gzip
  INTO v_trabajo
  FROM trabajo.Trabajos AS t
  WHERE t.id_trabajo = p_ID_Trabajo;
  IF NOT FOUND THEN
    RAISE EXCEPTION USING ERRCODE = 'UC404', MESSAGE = format('no existe el trabajo %s', p_ID_Trabajo);
  END IF;
  p_Estado := v_trabajo.estado;
  IF p_Estado <> 'EN_PROGRESO' THEN
    RETURN;
  END IF;

  IF v_trabajo.tipo = 'LOGS' THEN
    IF v_trabajo.cancelado THEN
      PERFORM trabajo.sp_Barrer_Cancelado(p_ID_Trabajo);
    END IF;
    SELECT o.p_estado, o.p_cerrado INTO p_Estado, p_Cerrado
    FROM trabajo.sp_Cerrar_Trabajo(p_ID_Trabajo, p_Todo_O_Nada => true) AS o;

    -- una vez por revision: recorre sus chunks, que el cierre acaba de contar
    IF p_Cerrado AND p_Estado = 'COMPLETADO' THEN
      SELECT substring(c.resultado::jsonb ->> 'reanudar_en' FROM '^\d{1,18}$')::bigint INTO v_reanudar
      FROM trabajo.Chunks AS c
      WHERE c.id_trabajo = p_ID_Trabajo AND c.estado = 'COMPLETADO'
      ORDER BY c.rango_fin DESC NULLS LAST, c.id_chunk DESC
      LIMIT 1;
    END IF;
  ELSE
    p_Estado := CASE
      WHEN v_trabajo.cancelado THEN 'CANCELADO' WHEN p_Error IS NOT NULL THEN 'ERROR' ELSE 'COMPLETADO'
    END;
    UPDATE trabajo.Trabajos AS t
    SET
      estado = p_Estado, fechafin = clock_timestamp(), total = 0, completados = 0, fallidos = 0, cancelados = 0,
      parametros = CASE
        WHEN p_Error IS NULL THEN t.parametros
        ELSE (t.parametros::jsonb || jsonb_build_object('error', left(p_Error, 4000)))::text
      END
    WHERE t.id_trabajo = p_ID_Trabajo AND t.estado = 'EN_PROGRESO';
    p_Cerrado := FOUND;
  END IF;

  IF p_Cerrado AND p_Estado = 'COMPLETADO' THEN
    UPDATE logs.Archivos AS a
    SET
      leido = v_trabajo.hasta,
      reanudar_en = CASE
        WHEN v_trabajo.gzip = 'true' THEN 0
        WHEN v_reanudar BETWEEN 0 AND v_trabajo.hasta THEN v_reanudar
        ELSE v_trabajo.hasta
      END,
      id_trabajo = p_ID_Trabajo
    WHERE a.id_ultimo_trabajo = p_ID_Trabajo;
  END IF;
END
$$;
