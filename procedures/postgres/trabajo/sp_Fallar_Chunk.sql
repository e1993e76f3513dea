SET LOCAL ROLE carril_dueno;

/*
  Records that an attempt failed. Retryable and with attempts left: the chunk goes back and may be claimed from No_Antes_De on
  (exponential backoff with full jitter, 2 s to 5 min). Else: ERROR, with the message kept. Of a cancelled job: CANCELADO.
  @Transitorio = 1, a database error that passes by itself, gives the attempt back, at most 10 times a chunk.
  Already recorded under this token: says what became of it and does nothing.

  Returns: one
    Estado       varchar(50)   not null  of the chunk: PENDIENTE, ERROR, CANCELADO; COMPLETADO or OMITIDO when it had completed or been split
    Intento      int           not null  attempts used
    No_Antes_De  datetime2(3)  null
    Restantes    int           not null  0: no unfinished chunk of the job was seen, try to finalize it; else 1
  Errors: 50400, 50404, 50408, 50409, 50410, 50499
  Touches: trabajo.Chunks write, trabajo.Trabajos read
  Batch: 1
  Entry: carril_app
  Since: 018
*/
CREATE OR REPLACE FUNCTION trabajo.sp_Fallar_Chunk(
  p_ID_Chunk bigint,
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
  v_fallo record;
BEGIN
  SELECT * INTO v_fallo FROM trabajo.sp_Registrar_Fallo(p_ID_Chunk, p_Token, p_Error, p_Reintentable, p_Transitorio);

  RETURN QUERY
  SELECT v_fallo.p_estado, v_fallo.p_intento, v_fallo.p_no_antes_de, trabajo.sp_Restantes(v_fallo.p_id_trabajo);
END
$$;
GRANT EXECUTE ON FUNCTION trabajo.sp_Fallar_Chunk TO carril_app;
