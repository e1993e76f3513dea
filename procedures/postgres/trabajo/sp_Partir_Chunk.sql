SET LOCAL ROLE carril_dueno;

/*
  Splits a leased chunk whose work did not fit in memory: its half-open range [Rango_Inicio, Rango_Fin) goes on in two new chunks,
  cut at @Corte (none given: in the middle), with the weight shared out in proportion, at the end of the job's order. The chunk
  itself becomes OMITIDO: lease given up, @Error kept, its halves named in its Resultado. One transaction: either all of the
  range is in the two, or nothing has changed.

  Partido = 0, and nothing changed: a range of fewer than two units or none, a cut outside of it, a kind whose chunks are no ranges
  (FONDOS, LO_PROCESOS), or a chunk that has completed. The caller then fails the chunk as usual. Already split under this
  token: says into which.

  Returns: one
    Partido     bit     not null
    ID_Chunk_1  bigint  null      from Rango_Inicio to the cut
    ID_Chunk_2  bigint  null      from the cut to Rango_Fin
    Restantes   int     not null  0: no unfinished chunk of the job was seen, try to finalize it; else 1
  Errors: 50400, 50404, 50408, 50409, 50410, 50499
  Touches: trabajo.Trabajos read, trabajo.Chunks write
  Batch: 1
  Entry: carril_app
  Since: 021
*/
CREATE OR REPLACE FUNCTION trabajo.sp_Partir_Chunk(
  p_ID_Chunk bigint,
  p_Token bigint,
  p_Error text,
  p_Corte bigint DEFAULT NULL
)
RETURNS TABLE (
  Partido boolean,
  ID_Chunk_1 bigint,
  ID_Chunk_2 bigint,
  Restantes integer
)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
-- los indices, aunque las tablas fueran pequenas cuando la sesion preparo el plan
SET enable_seqscan = off
SET enable_bitmapscan = off
AS $$
#variable_conflict use_column
DECLARE
  v_trabajo bigint;
  v_tipo text;
  v_estado text;
  v_chunk record;
  v_orden integer;
  v_corte bigint := p_Corte;
  v_peso_1 numeric(12, 2);
  v_partido boolean := false;
  v_chunk_1 bigint;
  v_chunk_2 bigint;
BEGIN
  IF p_ID_Chunk IS NULL OR p_Token IS NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400', MESSAGE = 'p_ID_Chunk y p_Token son obligatorios';
  END IF;
  IF p_Error IS NULL OR btrim(p_Error) = '' THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400', MESSAGE = 'p_Error es obligatorio: el mensaje con que fallo el intento';
  END IF;

  -- de que trabajo es no cambia nunca: se puede mirar antes de tener candado alguno
  SELECT c.id_trabajo, t.tipo INTO v_trabajo, v_tipo
  FROM trabajo.Chunks AS c
  INNER JOIN trabajo.Trabajos AS t ON t.id_trabajo = c.id_trabajo
  WHERE c.id_chunk = p_ID_Chunk;
  IF NOT FOUND THEN
    RAISE EXCEPTION USING ERRCODE = 'UC404', MESSAGE = format('no existe el chunk %s', p_ID_Chunk);
  END IF;

  -- 1: el del trabajo, Exclusive: nadie mas agrega chunks ni los cuenta mientras este se parte. 2: el del chunk, y su token
  PERFORM trabajo.sp_Bloquear('carril:trabajo:' || v_trabajo, 'Exclusive', 15000);
  v_estado := (trabajo.sp_Tomar_Chunk(p_ID_Chunk, p_Token, p_Exigir => false)).p_estado;

  IF v_estado = 'OMITIDO' THEN
    -- la misma llamada otra vez: ya quedo partido
    v_partido := true;
    SELECT (r.en ->> 0)::bigint, (r.en ->> 1)::bigint INTO v_chunk_1, v_chunk_2
    FROM (SELECT c.resultado::json -> 'partido_en' AS en FROM trabajo.Chunks AS c WHERE c.id_chunk = p_ID_Chunk) AS r;
  ELSIF v_estado <> 'COMPLETADO' THEN
    -- las reglas de siempre: 50410 si ya no lo tiene, 50499 si el trabajo fue cancelado
    PERFORM trabajo.sp_Tomar_Chunk(p_ID_Chunk, p_Token);

    SELECT c.rango_inicio AS inicio, c.rango_fin AS fin, c.rango_fin::numeric - c.rango_inicio AS largo, c.recurso, c.peso
    INTO v_chunk
    FROM trabajo.Chunks AS c
    WHERE c.id_chunk = p_ID_Chunk;
    IF v_corte IS NULL AND v_chunk.largo >= 2 THEN
      v_corte := v_chunk.inicio + floor(v_chunk.largo / 2);
    END IF;

    -- con un NULL de por medio no se cumple, y entonces no se parte
    IF v_chunk.largo >= 2 AND v_corte > v_chunk.inicio AND v_corte < v_chunk.fin AND v_tipo NOT IN ('FONDOS', 'LO_PROCESOS') THEN
      SELECT max(c.orden) INTO v_orden FROM trabajo.Chunks AS c WHERE c.id_trabajo = v_trabajo;
      -- la suma de los dos es el de antes
      v_peso_1 := round(v_chunk.peso * (v_corte::numeric - v_chunk.inicio) / v_chunk.largo, 2);

      INSERT INTO trabajo.Chunks (id_trabajo, orden, rango_inicio, rango_fin, recurso, peso)
      VALUES (v_trabajo, v_orden + 1, v_chunk.inicio, v_corte, v_chunk.recurso, v_peso_1)
      RETURNING id_chunk INTO v_chunk_1;
      INSERT INTO trabajo.Chunks (id_trabajo, orden, rango_inicio, rango_fin, recurso, peso)
      VALUES (v_trabajo, v_orden + 2, v_corte, v_chunk.fin, v_chunk.recurso, v_chunk.peso - v_peso_1)
      RETURNING id_chunk INTO v_chunk_2;

      PERFORM trabajo.sp_Cerrar_Chunk(
        p_ID_Chunk, p_Token, 'OMITIDO', format('{"partido_en":["%s","%s"]}', v_chunk_1, v_chunk_2), p_Error);
      v_partido := true;
    END IF;
  END IF;

  RETURN QUERY SELECT v_partido, v_chunk_1, v_chunk_2, trabajo.sp_Restantes(v_trabajo);
END
$$;
GRANT EXECUTE ON FUNCTION trabajo.sp_Partir_Chunk TO carril_app;
