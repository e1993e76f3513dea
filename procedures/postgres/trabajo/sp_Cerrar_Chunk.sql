SET LOCAL ROLE carril_dueno;

/*
  Ends a chunk that sp_Tomar_Chunk has opened: sets its final state and gives up the lease. Updates exactly one row, else
  50410. The token stays. OMITIDO (from migration 021 on) is a chunk that was split.

  Returns: nothing
  Errors: 50400, 50410
  Touches: trabajo.Chunks write
  Batch: 1
  Step: called inside the caller's transaction
  Since: 018
*/
CREATE OR REPLACE FUNCTION trabajo.sp_Cerrar_Chunk(
  p_ID_Chunk bigint,
  p_Token bigint,
  p_Estado text,
  p_Resultado text DEFAULT NULL,
  p_Error text DEFAULT NULL
)
RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY INVOKER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
  IF p_Estado IS NULL OR p_Estado NOT IN ('COMPLETADO', 'ERROR', 'CANCELADO', 'OMITIDO') THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400',
      MESSAGE = 'trabajo.sp_Cerrar_Chunk: p_Estado debe ser COMPLETADO, ERROR, CANCELADO u OMITIDO';
  END IF;

  UPDATE trabajo.Chunks AS c
  SET
    estado = p_Estado,
    poseedor = NULL,
    expira = NULL,
    no_antes_de = NULL,
    fin = clock_timestamp(),
    resultado = CASE WHEN p_Estado IN ('COMPLETADO', 'OMITIDO') THEN p_Resultado ELSE c.resultado END,
    -- el ultimo mensaje se conserva, tambien el de un intento anterior al que salio bien
    ultimo_error = COALESCE(left(p_Error, 4000), c.ultimo_error)
  WHERE c.id_chunk = p_ID_Chunk AND c.token = p_Token AND c.estado = 'PENDIENTE' AND c.poseedor IS NOT NULL;

  IF NOT FOUND THEN
    RAISE EXCEPTION USING ERRCODE = 'UC410', MESSAGE = format(
      'el chunk %s no esta arrendado con el token %s: no se cerro', p_ID_Chunk, p_Token);
  END IF;
END
$$;
