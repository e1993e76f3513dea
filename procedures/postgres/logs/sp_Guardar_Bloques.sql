SET LOCAL ROLE carril_dueno;

/*
  Stores the error blocks of a chunk of a log and completes the chunk, in one transaction under its token: what begins in
  [@Desde, @Hasta) is replaced by the given blocks. Already complete under this token: says so and does nothing. With
  @Completar = 0 it stores a part of a chunk that is too large for one call; the chunk stays held, and an attempt that is
  repeated replaces the parts again. The part must lie in the chunk's range (of compressed input only from its start on: its
  bytes are counted after decompression). The result is {"bloques":n} unless given. At most 20,000 blocks a call.

  Returns: one
    Estado     varchar(50)  not null  COMPLETADO, or EN_PROGRESO after a part
    Bloques    int          not null  rows that this call wrote
    Restantes  int          not null  0: no unfinished chunk of the job was seen, try to finalize it; else 1
  Errors: 50400, 50404, 50408, 50409, 50410, 50499
  Touches: logs.Archivos read, logs.Bloques_Error write, trabajo.Chunks write, trabajo.Trabajos read
  Batch: 2000
  Entry: carril_app
  Since: 022
*/
CREATE OR REPLACE FUNCTION logs.sp_Guardar_Bloques(
  p_ID_Chunk bigint,
  p_Token bigint,
  p_Desde bigint,
  p_Hasta bigint,
  p_Bloques jsonb,
  p_Completar boolean DEFAULT true,
  p_Resultado text DEFAULT NULL
)
RETURNS TABLE (
  Estado text,
  Bloques integer,
  Restantes integer
)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  v_estado text;
  v_trabajo bigint;
  v_chunk record;
  v_escritos integer := 0;
BEGIN
  IF p_Completar IS NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400', MESSAGE = 'p_Completar es obligatorio';
  END IF;
  IF NOT (p_Resultado IS JSON OBJECT OR p_Resultado IS JSON ARRAY) THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400', MESSAGE = 'p_Resultado debe ser un objeto o un arreglo JSON';
  END IF;

  SELECT o.p_estado, o.p_id_trabajo INTO v_estado, v_trabajo FROM trabajo.sp_Tomar_Chunk(p_ID_Chunk, p_Token) AS o;

  SELECT t.tipo, c.rango_inicio AS inicio, c.rango_fin AS fin, t.parametros::jsonb ->> 'gzip' AS gzip
  INTO v_chunk
  FROM trabajo.Chunks AS c
  INNER JOIN trabajo.Trabajos AS t ON t.id_trabajo = c.id_trabajo
  WHERE c.id_chunk = p_ID_Chunk;
  IF v_chunk.tipo <> 'LOGS' THEN
    RAISE EXCEPTION USING ERRCODE = 'UC409', MESSAGE = format(
      'el chunk %s es de un trabajo de tipo %s: no tiene bloques de un log', p_ID_Chunk, v_chunk.tipo);
  END IF;

  IF v_estado <> 'COMPLETADO' THEN
    -- fuera de su rango estan los bloques de otro carril
    IF p_Desde < v_chunk.inicio OR (p_Hasta > v_chunk.fin AND v_chunk.gzip IS DISTINCT FROM 'true') THEN
      RAISE EXCEPTION USING ERRCODE = 'UC400', MESSAGE = format(
        'el chunk %s va de %s a %s: de %s a %s no es suyo', p_ID_Chunk, v_chunk.inicio, v_chunk.fin, p_Desde, p_Hasta);
    END IF;

    v_escritos := logs.sp_Escribir_Bloques(v_trabajo, p_ID_Chunk, p_Desde, p_Hasta, p_Bloques);
    v_estado := 'EN_PROGRESO';
    IF p_Completar THEN
      v_estado := 'COMPLETADO';
      PERFORM trabajo.sp_Cerrar_Chunk(
        p_ID_Chunk, p_Token, v_estado, COALESCE(p_Resultado, format('{"bloques":%s}', v_escritos)));
    END IF;
  END IF;

  RETURN QUERY
  SELECT v_estado, v_escritos, CASE WHEN v_estado = 'COMPLETADO' THEN trabajo.sp_Restantes(v_trabajo) ELSE 1 END;
END
$$;
GRANT EXECUTE ON FUNCTION logs.sp_Guardar_Bloques TO carril_app;
