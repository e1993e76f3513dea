SET LOCAL ROLE carril_dueno;

/*
  Stores the error blocks of a part of a log for a sequential review, which has no chunks and no leases: what begins in
  [@Desde, @Hasta) is replaced by the given blocks. The job's lock Exclusive keeps two runs of one review apart. At most
  20,000 blocks a call.

  Returns: one
    Bloques  int  not null  rows that this call wrote
  Errors: 50400, 50404, 50408, 50409, 50499
  Touches: trabajo.Trabajos read, logs.Archivos read, logs.Bloques_Error write
  Batch: 2000
  Entry: carril_app
  Since: 022
*/
CREATE OR REPLACE FUNCTION logs.sp_Guardar_Bloques_Secuencial(
  p_ID_Trabajo bigint,
  p_Desde bigint,
  p_Hasta bigint,
  p_Bloques jsonb
)
RETURNS TABLE (
  Bloques integer
)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  v_trabajo record;
BEGIN
  IF p_ID_Trabajo IS NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400', MESSAGE = 'p_ID_Trabajo es obligatorio';
  END IF;
  PERFORM trabajo.sp_Bloquear('carril:trabajo:' || p_ID_Trabajo, 'Exclusive', 15000);

  SELECT
    t.estado, t.tipo, t.cancelado, (t.parametros::jsonb ->> 'desde')::bigint AS inicio,
    CASE WHEN t.parametros::jsonb ->> 'gzip' IS DISTINCT FROM 'true' THEN (t.parametros::jsonb ->> 'hasta')::bigint END AS fin
  INTO v_trabajo
  FROM trabajo.Trabajos AS t
  WHERE t.id_trabajo = p_ID_Trabajo AND t.tipo = 'LOGS_SECUENCIAL';
  IF NOT FOUND THEN
    PERFORM FROM trabajo.Trabajos AS t WHERE t.id_trabajo = p_ID_Trabajo;
    IF FOUND THEN
      RAISE EXCEPTION USING ERRCODE = 'UC409',
        MESSAGE = format('el trabajo %s no es una revision secuencial', p_ID_Trabajo);
    END IF;
    RAISE EXCEPTION USING ERRCODE = 'UC404', MESSAGE = format('no existe el trabajo %s', p_ID_Trabajo);
  END IF;
  IF v_trabajo.cancelado THEN
    RAISE EXCEPTION USING ERRCODE = 'UC499', MESSAGE = format('el trabajo %s fue cancelado', p_ID_Trabajo);
  END IF;
  IF v_trabajo.estado <> 'EN_PROGRESO' THEN
    RAISE EXCEPTION USING ERRCODE = 'UC409',
      MESSAGE = format('el trabajo %s ya termino: %s', p_ID_Trabajo, v_trabajo.estado);
  END IF;
  IF p_Desde < v_trabajo.inicio OR p_Hasta > v_trabajo.fin THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400', MESSAGE = format(
      'la revision %s va de %s a %s: de %s a %s no es suyo', p_ID_Trabajo, v_trabajo.inicio, v_trabajo.fin, p_Desde, p_Hasta);
  END IF;

  RETURN QUERY SELECT logs.sp_Escribir_Bloques(p_ID_Trabajo, NULL, p_Desde, p_Hasta, p_Bloques);
END
$$;
GRANT EXECUTE ON FUNCTION logs.sp_Guardar_Bloques_Secuencial TO carril_app;
