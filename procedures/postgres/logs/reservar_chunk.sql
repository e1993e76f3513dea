SET LOCAL ROLE carril_dueno;

/*
  Reserves a range of bytes of a log for a process: a row of LO_PROCESOS in PROCESANDO, held for @limite_min minutes. A range
  that overlaps one of that file which is PENDIENTE, PROCESANDO or COMPLETADO is refused (50409, naming its id), with two
  exceptions, both for exactly the same range: one that is PENDIENTE is taken, and one that has been PROCESANDO for longer than
  @limite_min is taken over, under a higher token, so that its holder can no longer release it. Ranges in ERROR or CANCELADO are
  in nobody's way. Paths are compared letter by letter and do not end in a blank (50400); reservations of one file wait for each
  other, at most 15 s.

  Returns: one
    id     bigint  not null  of the row of LO_PROCESOS
    Token  bigint  not null  to be given to logs.liberar_chunk
  Errors: 50400, 50408, 50409, 50499
  Touches: trabajo.Lo_Procesos write, trabajo.Chunks write, trabajo.Trabajos read
  Batch: 1
  Entry: carril_app
  Since: 019
*/
CREATE OR REPLACE FUNCTION logs.reservar_chunk(
  p_ruta_archivo text,
  p_byte_inicio bigint,
  p_byte_fin bigint,
  p_proceso text,
  p_usuario text DEFAULT NULL,
  p_limite_min integer DEFAULT 30
)
RETURNS TABLE (
  id bigint,
  Token bigint
)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  v_ahora timestamptz(3) := clock_timestamp();
  v_usuario text := COALESCE(NULLIF(btrim(p_usuario), ''), session_user);
  v_vence timestamptz(3);
  v_igual record;
  v_ajeno record;
  v_id bigint;
  v_chunk bigint;
  v_token bigint := 1;
BEGIN
  IF p_ruta_archivo IS NULL OR p_ruta_archivo = '' OR right(p_ruta_archivo, 1) = ' ' THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400', MESSAGE = 'p_ruta_archivo es obligatorio y no termina en espacio';
  END IF;
  IF p_proceso IS NULL OR btrim(p_proceso) = '' THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400', MESSAGE = 'p_proceso es obligatorio: quien reserva';
  END IF;
  IF p_byte_inicio IS NULL OR p_byte_fin IS NULL OR p_byte_inicio < 0 OR p_byte_fin <= p_byte_inicio THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400',
      MESSAGE = 'p_byte_inicio y p_byte_fin son un rango de al menos un byte: [inicio, fin)';
  END IF;
  IF p_limite_min IS NULL OR p_limite_min NOT BETWEEN 1 AND 10080 THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400', MESSAGE = 'p_limite_min debe estar entre 1 y 10080';
  END IF;
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION USING ERRCODE = 'UC409', MESSAGE = 'los arriendos exigen READ COMMITTED';
  END IF;
  v_vence := v_ahora + make_interval(mins => p_limite_min);

  -- las reservas de un archivo, de una en una: la segunda ve lo que confirmo la primera
  PERFORM trabajo.sp_Bloquear('carril:clave:lo_procesos:' || p_ruta_archivo, 'Exclusive', 15000);

  -- el mismo rango, libre o abandonado; si alguien lo tuvo puede estar a mitad de liberarlo: se espera a que lo diga
  SELECT l.id, l.id_chunk, c.token INTO v_igual
  FROM trabajo.Lo_Procesos AS l
  INNER JOIN trabajo.Chunks AS c ON c.id_chunk = l.id_chunk
  WHERE l.ruta_archivo = p_ruta_archivo AND l.byte_inicio = p_byte_inicio AND l.byte_fin = p_byte_fin
    AND c.estado = 'PENDIENTE'
    AND (c.poseedor IS NULL OR c.inicio <= v_ahora - make_interval(mins => p_limite_min))
  ORDER BY l.id
  LIMIT 1;
  IF v_igual.token > 0 THEN
    PERFORM trabajo.sp_Bloquear('carril:chunk:' || v_igual.id_chunk, 'Exclusive', 15000);
  END IF;

  SELECT
    l.id, l.byte_inicio, l.byte_fin, l.proceso, l.usuario,
    CASE WHEN c.poseedor IS NOT NULL THEN 'PROCESANDO' ELSE c.estado END AS estado
  INTO v_ajeno
  FROM trabajo.Lo_Procesos AS l
  INNER JOIN trabajo.Chunks AS c ON c.id_chunk = l.id_chunk
  WHERE l.ruta_archivo = p_ruta_archivo AND l.byte_inicio < p_byte_fin AND l.byte_fin > p_byte_inicio
    AND c.estado IN ('PENDIENTE', 'COMPLETADO') AND l.id IS DISTINCT FROM v_igual.id
  ORDER BY l.id
  LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION USING ERRCODE = 'UC409', MESSAGE = format(
      'el rango [%s, %s) de %s se cruza con el de la fila %s, [%s, %s), que esta %s (%s, %s)', p_byte_inicio, p_byte_fin,
      p_ruta_archivo, v_ajeno.id, v_ajeno.byte_inicio, v_ajeno.byte_fin, v_ajeno.estado, v_ajeno.proceso,
      COALESCE(v_ajeno.usuario, 'sin usuario'));
  END IF;

  IF v_igual.id IS NOT NULL THEN
    -- otra vez, con el candado: pudo liberarlo, o tomarlo otro por la vista
    PERFORM
    FROM trabajo.Lo_Procesos AS l
    INNER JOIN trabajo.Chunks AS c ON c.id_chunk = l.id_chunk
    WHERE l.id = v_igual.id AND l.ruta_archivo = p_ruta_archivo AND l.byte_inicio = p_byte_inicio AND l.byte_fin = p_byte_fin
      AND c.token = v_igual.token AND c.estado = 'PENDIENTE'
      AND (c.poseedor IS NULL OR c.inicio <= v_ahora - make_interval(mins => p_limite_min))
    FOR NO KEY UPDATE;
    IF NOT FOUND THEN
      RAISE EXCEPTION USING ERRCODE = 'UC409', MESSAGE = format(
        'la fila %s, con el mismo rango de %s, cambio en este momento: ya no esta libre', v_igual.id, p_ruta_archivo);
    END IF;

    UPDATE trabajo.Lo_Procesos AS l
    SET proceso = p_proceso, usuario = v_usuario, fecha_inicio = v_ahora, fecha_fin = NULL
    WHERE l.id = v_igual.id;

    UPDATE trabajo.Chunks AS c
    SET poseedor = v_usuario, expira = v_vence, token = c.token + 1, intento = c.intento + 1, inicio = v_ahora, fin = NULL
    WHERE c.id_chunk = v_igual.id_chunk
    RETURNING c.token INTO v_token;
    v_id := v_igual.id;
  ELSE
    INSERT INTO trabajo.Chunks (
      id_trabajo, orden, rango_inicio, rango_fin, recurso, poseedor, token, intento, expira, inicio)
    SELECT
      t.id_trabajo, nextval('trabajo.seq_lo_procesos'), p_byte_inicio, p_byte_fin, p_ruta_archivo, v_usuario, v_token, 1,
      v_vence, v_ahora
    FROM trabajo.Trabajos AS t
    WHERE t.clave = 'LO_PROCESOS'
    RETURNING id_chunk INTO v_chunk;

    INSERT INTO trabajo.Lo_Procesos (id, id_chunk, proceso, usuario, fecha_inicio, byte_inicio, byte_fin, ruta_archivo)
    VALUES (
      nextval(pg_get_serial_sequence('public.lo_procesos_respaldo_019', 'id')), v_chunk, p_proceso, v_usuario, v_ahora,
      p_byte_inicio, p_byte_fin, p_ruta_archivo)
    RETURNING id INTO v_id;
  END IF;

  RETURN QUERY SELECT v_id, v_token;
END
$$;
GRANT EXECUTE ON FUNCTION logs.reservar_chunk TO carril_app;
