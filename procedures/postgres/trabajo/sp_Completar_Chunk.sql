SET LOCAL ROLE carril_dueno;

/*
  Completes a chunk under its token, with its result. Already complete under this token: says so and does nothing. A chunk whose
  job was cancelled is not completed (50499): the holder gives it back and it becomes CANCELADO. Kinds whose completion writes
  more than the chunk are completed by their own procedure (50409): FONDOS, LOGS.

  Returns: one
    Estado     varchar(50)  not null  COMPLETADO
    Restantes  int          not null  0: no unfinished chunk of the job was seen, try to finalize it; else 1
  Errors: 50400, 50404, 50408, 50409, 50410, 50499
  Touches: trabajo.Chunks write, trabajo.Trabajos read
  Batch: 1
  Entry: carril_app
  Since: 018
*/
CREATE OR REPLACE FUNCTION trabajo.sp_Completar_Chunk(
  p_ID_Chunk bigint,
  p_Token bigint,
  p_Resultado text DEFAULT NULL
)
RETURNS TABLE (
  Estado text,
  Restantes integer
)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  v_estado text;
  v_trabajo bigint;
  v_tipo text;
BEGIN
  IF NOT (p_Resultado IS JSON OBJECT OR p_Resultado IS JSON ARRAY) THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400', MESSAGE = 'p_Resultado debe ser un objeto o un arreglo JSON';
  END IF;

  SELECT o.p_estado, o.p_id_trabajo INTO v_estado, v_trabajo FROM trabajo.sp_Tomar_Chunk(p_ID_Chunk, p_Token) AS o;

  IF v_estado <> 'COMPLETADO' THEN
    SELECT t.tipo INTO v_tipo FROM trabajo.Trabajos AS t WHERE t.id_trabajo = v_trabajo;
    IF v_tipo = 'FONDOS' THEN
      RAISE EXCEPTION USING ERRCODE = 'UC409',
        MESSAGE = 'el chunk es una ejecucion de un fondo: la completa logs.sp_Completar_Ejecucion';
    END IF;
    IF v_tipo = 'LOGS' THEN
      RAISE EXCEPTION USING ERRCODE = 'UC409',
        MESSAGE = 'el chunk es de una revision de logs: lo completa logs.sp_Guardar_Bloques';
    END IF;
    PERFORM trabajo.sp_Cerrar_Chunk(p_ID_Chunk, p_Token, 'COMPLETADO', p_Resultado);
  END IF;

  -- Todavia sin confirmar: de dos que terminan a la vez, cada uno ve pendiente al otro, y es el finalizador, que se intenta
  -- tras cada confirmacion y en cada sondeo, quien se entera.
  RETURN QUERY SELECT 'COMPLETADO', trabajo.sp_Restantes(v_trabajo);
END
$$;
GRANT EXECUTE ON FUNCTION trabajo.sp_Completar_Chunk TO carril_app;
