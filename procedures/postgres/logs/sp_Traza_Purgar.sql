SET LOCAL ROLE carril_dueno;

/*
  Deletes trace records from before a moment, the first written first, at most @Maximo a call. Call again until Quedan is 0. Records
  are written soon after their time, so the first that is young ends it: no index on the time is needed.

  Returns: one
    Borradas  int  not null
    Quedan    bit  not null  1: the call reached its limit, there may be more
  Errors: 50400
  Touches: logs.Trace_Records write
  Batch: 2000
  Entry: carril_app
  Since: 016
*/
CREATE OR REPLACE FUNCTION logs.sp_Traza_Purgar(
  p_Antes_De timestamptz,
  p_Maximo integer DEFAULT 2000
)
RETURNS TABLE (
  Borradas integer,
  Quedan boolean
)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  v_vistas bigint[];
  v_borradas integer;
BEGIN
  IF p_Antes_De IS NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400',
      MESSAGE = 'p_Antes_De es obligatorio: las trazas de antes de ese momento se borran';
  END IF;
  IF p_Maximo IS NULL OR p_Maximo NOT BETWEEN 1 AND 2000 THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400', MESSAGE = 'p_Maximo debe estar entre 1 y 2000';
  END IF;

  v_vistas := ARRAY(SELECT t.id_trace FROM logs.Trace_Records AS t ORDER BY t.id_trace LIMIT p_Maximo);
  DELETE FROM logs.Trace_Records AS t WHERE t.id_trace = ANY (v_vistas) AND t.timestamp < p_Antes_De;
  GET DIAGNOSTICS v_borradas = ROW_COUNT;

  RETURN QUERY SELECT v_borradas, cardinality(v_vistas) = p_Maximo AND v_borradas = p_Maximo;
END
$$;
GRANT EXECUTE ON FUNCTION logs.sp_Traza_Purgar TO carril_app;
