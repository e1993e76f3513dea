SET LOCAL ROLE carril_dueno;

/*
  Gives a chunk back unfinished: it is free at once and the attempt is not used up. Of a cancelled job: CANCELADO. Already given
  back, failed or ended under this token: says so and does nothing.

  Returns: one
    Estado  varchar(50)  not null  of the chunk
  Errors: 50400, 50404, 50408, 50409, 50410, 50499
  Touches: trabajo.Chunks write, trabajo.Trabajos read
  Batch: 1
  Entry: carril_app
  Since: 018
*/
CREATE OR REPLACE FUNCTION trabajo.sp_Devolver_Chunk(
  p_ID_Chunk bigint,
  p_Token bigint
)
RETURNS TABLE (
  Estado text
)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  v_chunk record;
BEGIN
  SELECT * INTO v_chunk FROM trabajo.sp_Tomar_Chunk(p_ID_Chunk, p_Token, p_Exigir => false);

  IF v_chunk.p_vigente AND v_chunk.p_cancelado THEN
    v_chunk.p_estado := 'CANCELADO';
    PERFORM trabajo.sp_Cerrar_Chunk(p_ID_Chunk, p_Token, v_chunk.p_estado);
  ELSIF v_chunk.p_vigente THEN
    -- el token se queda donde esta: lo que devuelve este poseedor no lo puede terminar despues
    UPDATE trabajo.Chunks AS c
    SET poseedor = NULL, expira = NULL, no_antes_de = NULL, intento = c.intento - 1
    WHERE c.id_chunk = p_ID_Chunk AND c.token = p_Token AND c.estado = 'PENDIENTE' AND c.poseedor IS NOT NULL;
    IF NOT FOUND THEN
      RAISE EXCEPTION USING ERRCODE = 'UC410',
        MESSAGE = 'el chunk no esta arrendado con ese token: no se devolvio';
    END IF;
  END IF;

  RETURN QUERY SELECT v_chunk.p_estado;
END
$$;
GRANT EXECUTE ON FUNCTION trabajo.sp_Devolver_Chunk TO carril_app;
