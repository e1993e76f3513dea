SET LOCAL ROLE carril_dueno;

/*
  Releases a range that logs.reservar_chunk reserved, under its token: COMPLETADO, ERROR, CANCELADO, or PENDIENTE to give it
  back. A message, when given, replaces the row's. 50410 when somebody else has taken it over, or when nobody holds it any more
  and it is not in that state. Already released like that under this token: says so and does nothing. Rows of carril's own log
  review (negative ids) are released by their workers only (50409).

  Returns: one
    estado  varchar(50)  not null  of the row now
  Errors: 50400, 50404, 50408, 50409, 50410, 50499
  Touches: trabajo.Lo_Procesos write, trabajo.Chunks write, trabajo.Trabajos read
  Batch: 1
  Entry: carril_app
  Since: 019
*/
CREATE OR REPLACE FUNCTION logs.liberar_chunk(
  p_id bigint,
  p_Token bigint,
  p_estado text DEFAULT 'COMPLETADO',
  p_mensaje text DEFAULT NULL
)
RETURNS TABLE (
  estado text
)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  v_ahora timestamptz(3) := clock_timestamp();
  v_estado text := upper(btrim(p_estado));
  v_chunk bigint;
  v_tomado record;
BEGIN
  IF p_id IS NULL OR p_Token IS NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400', MESSAGE = 'p_id y p_Token son obligatorios';
  END IF;
  IF v_estado IS NULL OR v_estado NOT IN ('COMPLETADO', 'ERROR', 'CANCELADO', 'PENDIENTE') THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400', MESSAGE = 'p_estado debe ser COMPLETADO, ERROR, CANCELADO o PENDIENTE';
  END IF;
  IF p_id < 0 THEN
    RAISE EXCEPTION USING ERRCODE = 'UC409', MESSAGE = format(
      'la fila %s es de la revision de logs de carril: la libera quien la revisa', p_id);
  END IF;

  SELECT l.id_chunk INTO v_chunk FROM trabajo.Lo_Procesos AS l WHERE l.id = p_id;
  IF NOT FOUND THEN
    RAISE EXCEPTION USING ERRCODE = 'UC404', MESSAGE = format('no existe la fila %s de LO_PROCESOS', p_id);
  END IF;

  -- el candado y despues el token; el trabajo de LO_PROCESOS no se cancela
  SELECT o.p_estado, o.p_vigente INTO v_tomado FROM trabajo.sp_Tomar_Chunk(v_chunk, p_Token, p_Exigir => false) AS o;

  IF v_tomado.p_vigente THEN
    UPDATE trabajo.Lo_Procesos AS l
    SET
      fecha_fin = CASE WHEN v_estado <> 'PENDIENTE' THEN v_ahora END,
      mensaje = COALESCE(p_mensaje, l.mensaje)
    WHERE l.id = p_id;

    UPDATE trabajo.Chunks AS c
    SET
      estado = v_estado,
      poseedor = NULL,
      expira = NULL,
      -- devolverlo no gasta el intento
      intento = c.intento - (v_estado = 'PENDIENTE')::integer,
      fin = CASE WHEN v_estado <> 'PENDIENTE' THEN v_ahora END,
      ultimo_error = CASE WHEN v_estado = 'ERROR' THEN COALESCE(p_mensaje, c.ultimo_error) ELSE c.ultimo_error END
    WHERE c.id_chunk = v_chunk AND c.token = p_Token AND c.estado = 'PENDIENTE' AND c.poseedor IS NOT NULL;
    IF NOT FOUND THEN
      RAISE EXCEPTION USING ERRCODE = 'UC410', MESSAGE = format(
        'la fila %s ya no esta reservada con el token %s: no se libero', p_id, p_Token);
    END IF;
  ELSIF v_tomado.p_estado <> v_estado THEN
    RAISE EXCEPTION USING ERRCODE = 'UC410', MESSAGE = format(
      'la fila %s ya no esta reservada con el token %s: esta %s', p_id, p_Token, v_tomado.p_estado);
  END IF;

  RETURN QUERY SELECT v_estado;
END
$$;
GRANT EXECUTE ON FUNCTION logs.liberar_chunk TO carril_app;
