SET LOCAL ROLE carril_dueno;

/*
  Turns what is left of a cancelled job into CANCELADO: chunks that nobody holds, and chunks whose lease has expired and whose
  old holder is not in the middle of a transaction (its lock is asked for without waiting). What is held and alive is left to
  its holder. At most 20,000 chunks a call. The caller holds the job's lock Exclusive.

  Returns: output
    Cancelados  int  not null  chunks that this call ended
  Errors: 50400, 50409, 50499
  Touches: trabajo.Chunks write
  Batch: 2000
  Step: called inside the caller's transaction
  Since: 018
*/
CREATE OR REPLACE FUNCTION trabajo.sp_Barrer_Cancelado(
  p_ID_Trabajo bigint,
  OUT p_Cancelados integer
)
LANGUAGE plpgsql VOLATILE SECURITY INVOKER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  v_ahora timestamptz(3) := clock_timestamp();
  v_chunk record;
  v_filas integer;
BEGIN
  -- Con el candado del trabajo Exclusive y la bandera puesta, nadie mas reclama ni libera estas filas. PostgreSQL no escala
  -- bloqueos: una sentencia basta, con el mismo tope por llamada que en SQL Server.
  UPDATE trabajo.Chunks AS c
  SET estado = 'CANCELADO', no_antes_de = NULL, fin = v_ahora
  WHERE c.id_chunk = ANY (ARRAY(
    SELECT l.id_chunk
    FROM trabajo.Chunks AS l
    WHERE l.id_trabajo = p_ID_Trabajo AND l.estado = 'PENDIENTE' AND l.poseedor IS NULL
    ORDER BY l.peso DESC, l.id_chunk
    LIMIT 20000));
  GET DIAGNOSTICS p_Cancelados = ROW_COUNT;

  FOR v_chunk IN
    SELECT c.id_chunk, c.token
    FROM trabajo.Chunks AS c
    WHERE c.id_trabajo = p_ID_Trabajo AND c.estado = 'PENDIENTE' AND c.poseedor IS NOT NULL AND c.expira < v_ahora
    ORDER BY c.expira, c.id_chunk
  LOOP
    CONTINUE WHEN NOT trabajo.sp_Bloquear('carril:chunk:' || v_chunk.id_chunk, 'Exclusive', 0);

    UPDATE trabajo.Chunks AS c
    SET estado = 'CANCELADO', poseedor = NULL, expira = NULL, no_antes_de = NULL, fin = v_ahora
    WHERE c.id_chunk = (
      SELECT x.id_chunk
      FROM trabajo.Chunks AS x
      WHERE x.id_chunk = v_chunk.id_chunk AND x.token = v_chunk.token AND x.estado = 'PENDIENTE' AND x.expira < v_ahora
      FOR NO KEY UPDATE SKIP LOCKED);
    GET DIAGNOSTICS v_filas = ROW_COUNT;
    p_Cancelados := p_Cancelados + v_filas;
  END LOOP;
END
$$;
