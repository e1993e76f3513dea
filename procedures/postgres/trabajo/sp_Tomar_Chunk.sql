SET LOCAL ROLE carril_dueno;

/*
  Opens work on a leased chunk: takes its application lock Exclusive, waiting at most @Espera_ms, and then, in a statement
  after that, compares the token. The lock is what makes a repeated call wait for its own orphaned session; the order is what
  makes the comparison see everything that the lock's previous holder committed. Nothing but the token decides: an expired
  lease that nobody has claimed is still its holder's.

  50404 no such chunk; 50410 the token moved. With @Exigir = 1 also 50410 when nobody holds the chunk and 50499 when its job is
  cancelled, unless it is COMPLETADO under this very token: that is said in @Estado and left to the caller. With @Exigir = 0
  the facts are returned: @Vigente = 1 says that the chunk is held under this token.

  Returns: output
    Estado      varchar(50)  not null  state of the chunk
    ID_Trabajo  bigint       not null
    Vigente     bit          not null
    Cancelado   bit          not null  the job's flag
  Errors: 50400, 50404, 50408, 50409, 50410, 50499
  Touches: trabajo.Chunks read, trabajo.Trabajos read
  Batch: none
  Step: called inside the caller's transaction
  Since: 018
*/
CREATE OR REPLACE FUNCTION trabajo.sp_Tomar_Chunk(
  p_ID_Chunk bigint,
  p_Token bigint,
  p_Exigir boolean DEFAULT true,
  p_Espera_ms integer DEFAULT 15000,
  OUT p_Estado text,
  OUT p_ID_Trabajo bigint,
  OUT p_Vigente boolean,
  OUT p_Cancelado boolean
)
LANGUAGE plpgsql VOLATILE SECURITY INVOKER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  v_actual bigint;
BEGIN
  IF p_ID_Chunk IS NULL OR p_Token IS NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400', MESSAGE = 'trabajo.sp_Tomar_Chunk: p_ID_Chunk y p_Token son obligatorios';
  END IF;
  -- con REPEATABLE READ la sentencia posterior al candado veria lo de antes de el: la comparacion no valdria nada
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION USING ERRCODE = 'UC409',
      MESSAGE = 'los arriendos exigen READ COMMITTED: ' || current_setting('transaction_isolation') || ' compara con una foto vieja';
  END IF;

  PERFORM trabajo.sp_Bloquear('carril:chunk:' || p_ID_Chunk, 'Exclusive', p_Espera_ms);

  -- sentencia nueva, foto nueva: ve todo lo que confirmo quien tuvo el candado antes
  SELECT c.token, c.estado, c.id_trabajo, c.estado = 'PENDIENTE' AND c.poseedor IS NOT NULL, t.cancelado
  INTO v_actual, p_Estado, p_ID_Trabajo, p_Vigente, p_Cancelado
  FROM trabajo.Chunks AS c
  INNER JOIN trabajo.Trabajos AS t ON t.id_trabajo = c.id_trabajo
  WHERE c.id_chunk = p_ID_Chunk;

  IF NOT FOUND THEN
    RAISE EXCEPTION USING ERRCODE = 'UC404', MESSAGE = format('no existe el chunk %s', p_ID_Chunk);
  END IF;
  IF v_actual <> p_Token THEN
    RAISE EXCEPTION USING ERRCODE = 'UC410', MESSAGE = format(
      'el arriendo del chunk %s se perdio: el token %s ya no vale, va por el %s; abandone este trabajo',
      p_ID_Chunk, p_Token, v_actual);
  END IF;
  IF NOT p_Exigir OR p_Estado = 'COMPLETADO' THEN
    RETURN;
  END IF;
  IF p_Cancelado OR p_Estado = 'CANCELADO' THEN
    RAISE EXCEPTION USING ERRCODE = 'UC499', MESSAGE = format(
      'el trabajo %s del chunk %s fue cancelado: devuelva el chunk', p_ID_Trabajo, p_ID_Chunk);
  END IF;
  IF NOT p_Vigente THEN
    RAISE EXCEPTION USING ERRCODE = 'UC410', MESSAGE = format(
      'el chunk %s ya no esta arrendado con el token %s (%s): fue devuelto o fallo; abandone este trabajo',
      p_ID_Chunk, p_Token, p_Estado);
  END IF;
END
$$;
