SET LOCAL ROLE carril_dueno;

/*
  Deletes jobs that ended before a moment, oldest first, of one kind or of all, with their chunks and, of a log review, its error
  blocks: at most @Maximo rows a call, of at most 500 jobs, children first, so that a large job goes in several calls; between them
  it is still an ended job with its counts. Call again until Quedan is 0.

  Never FONDOS, which belong to a process, nor LO_PROCESOS (50409 when asked for by name). A job whose lock is refused is skipped:
  somebody is about to bring it back to life. No chunk's lock is taken: an ended chunk has no holder, and only a retry, which needs
  the job's lock, could give it another. A file whose newest review goes keeps how far it was read.

  Returns: one
    Trabajos  int  not null  jobs deleted
    Chunks    int  not null  chunks deleted
    Otros     int  not null  error blocks deleted
    Quedan    bit  not null  1: the call reached its limit, there may be more
  Errors: 50400, 50409, 50499
  Touches: logs.Bloques_Error write, trabajo.Chunks write, logs.Archivos write, trabajo.Trabajos write
  Batch: 2000
  Entry: carril_app
  Since: 022
*/
CREATE OR REPLACE FUNCTION trabajo.sp_Purgar_Trabajos(
  p_Antes_De timestamptz,
  p_Tipo text DEFAULT NULL,
  p_Maximo integer DEFAULT 2000
)
RETURNS TABLE (
  Trabajos integer,
  Chunks integer,
  Otros integer,
  Quedan boolean
)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
-- los indices, aunque las tablas fueran pequenas cuando la sesion preparo el plan
SET enable_seqscan = off
SET enable_bitmapscan = off
AS $$
#variable_conflict use_column
DECLARE
  v_cupo integer := p_Maximo;
  v_vistos integer := 0;
  v_filas integer;
  v_trabajos integer := 0;
  v_chunks integer := 0;
  v_otros integer := 0;
  v_quedan boolean := false;
  v_trabajo record;
BEGIN
  IF p_Antes_De IS NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400',
      MESSAGE = 'p_Antes_De es obligatorio: lo que termino antes de ese momento se borra';
  END IF;
  IF p_Maximo IS NULL OR p_Maximo NOT BETWEEN 1 AND 2000 THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400', MESSAGE = 'p_Maximo debe estar entre 1 y 2000';
  END IF;
  IF p_Tipo IN ('FONDOS', 'FONDOS_LEGADO', 'LO_PROCESOS') THEN
    RAISE EXCEPTION USING ERRCODE = 'UC409',
      MESSAGE = format('los trabajos de tipo %s no se purgan: son parte de otra historia', p_Tipo);
  END IF;

  FOR v_trabajo IN
    SELECT t.id_trabajo, t.tipo IN ('LOGS', 'LOGS_SECUENCIAL') AS revision, t.parametros
    FROM trabajo.Trabajos AS t
    WHERE t.fechafin < p_Antes_De AND t.tipo NOT IN ('FONDOS', 'FONDOS_LEGADO', 'LO_PROCESOS') AND (p_Tipo IS NULL OR t.tipo = p_Tipo)
    ORDER BY t.fechafin, t.id_trabajo
  LOOP
    IF v_cupo = 0 OR v_vistos = 500 THEN
      v_quedan := true;
      EXIT;
    END IF;
    CONTINUE WHEN NOT trabajo.sp_Bloquear('carril:trabajo:' || v_trabajo.id_trabajo, 'Exclusive', 0);
    v_vistos := v_vistos + 1;

    -- otra vez, con el candado: pudieron reintentarlo mientras tanto
    PERFORM FROM trabajo.Trabajos AS t WHERE t.id_trabajo = v_trabajo.id_trabajo AND t.fechafin < p_Antes_De;
    CONTINUE WHEN NOT FOUND;

    -- los hijos primero; los bloques, en el orden en que los escribe quien revisa el archivo otra vez
    IF v_trabajo.revision THEN
      DELETE FROM logs.Bloques_Error AS b
      WHERE b.ctid = ANY (ARRAY(
        SELECT x.ctid
        FROM logs.Bloques_Error AS x
        WHERE x.id_trabajo = v_trabajo.id_trabajo
        ORDER BY x.id_archivo, x.byte_inicio
        LIMIT v_cupo
        FOR UPDATE));
      GET DIAGNOSTICS v_filas = ROW_COUNT;
      v_otros := v_otros + v_filas;
      v_cupo := v_cupo - v_filas;
    END IF;

    DELETE FROM trabajo.Chunks AS c
    WHERE c.id_chunk = ANY (ARRAY(
      SELECT x.id_chunk FROM trabajo.Chunks AS x WHERE x.id_trabajo = v_trabajo.id_trabajo ORDER BY x.orden LIMIT v_cupo));
    GET DIAGNOSTICS v_filas = ROW_COUNT;
    v_chunks := v_chunks + v_filas;
    v_cupo := v_cupo - v_filas;
    IF v_cupo = 0 THEN
      v_quedan := true;
      EXIT;
    END IF;

    -- lo leido y desde donde seguir se quedan
    IF v_trabajo.revision THEN
      UPDATE logs.Archivos AS a
      SET
        id_trabajo = NULLIF(a.id_trabajo, v_trabajo.id_trabajo),
        id_ultimo_trabajo = NULLIF(a.id_ultimo_trabajo, v_trabajo.id_trabajo)
      WHERE a.id_archivo = substring(v_trabajo.parametros::json ->> 'id_archivo' FROM '^\d{1,18}$')::bigint
        AND (a.id_trabajo = v_trabajo.id_trabajo OR a.id_ultimo_trabajo = v_trabajo.id_trabajo);
    END IF;

    DELETE FROM trabajo.Trabajos AS t WHERE t.id_trabajo = v_trabajo.id_trabajo;
    v_trabajos := v_trabajos + 1;
    v_cupo := v_cupo - 1;
  END LOOP;

  RETURN QUERY SELECT v_trabajos, v_chunks, v_otros, v_quedan;
END
$$;
GRANT EXECUTE ON FUNCTION trabajo.sp_Purgar_Trabajos TO carril_app;
