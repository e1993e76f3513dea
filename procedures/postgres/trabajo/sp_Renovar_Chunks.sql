SET LOCAL ROLE carril_dueno;

/*
  The heartbeat: renews all of a worker's leases in one call, for @Arriendo_s seconds from now, and says what became of each.
  Never waits: a row that another session has locked counts as alive, whoever it is (this worker's own completion, or a claim
  after expiry: then the token decides, and the next heartbeat says PERDIDO).

    RENOVADO   renewed
    CANCELADO  the job was cancelled (renewed all the same, so that its holder has time to stop and give it back)
    OCUPADO    its row is locked at this moment: counts as alive, not renewed this time
    TERMINADO  ended or given back under this very token
    PERDIDO    the token moved: another worker has it

  Two statements. The first renews what it can lock. The second is a plain read, which never waits and gives what was committed
  last: what was not renewed and is still this worker's there was locked, hence OCUPADO; the rest is judged by its token. A
  deleted chunk is PERDIDO.

  Returns: many
    ID_Chunk   bigint       not null
    Token      bigint       not null
    Situacion  varchar(20)  not null
  Errors: 50400
  Touches: trabajo.Trabajos read, trabajo.Chunks write
  Batch: 2000
  Entry: carril_app
  Since: 018
*/
CREATE OR REPLACE FUNCTION trabajo.sp_Renovar_Chunks(
  p_Poseedor text,
  p_Arriendo_s integer,
  p_Chunks jsonb
)
RETURNS TABLE (
  ID_Chunk bigint,
  Token bigint,
  Situacion text
)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
-- una busqueda por la clave para cada uno, tambien con estadisticas viejas o un plan de cuando la tabla estaba vacia
SET enable_seqscan = off
SET enable_bitmapscan = off
SET enable_hashjoin = off
SET enable_mergejoin = off
AS $$
#variable_conflict use_column
DECLARE
  v_renovados bigint[];
BEGIN
  IF p_Poseedor IS NULL OR btrim(p_Poseedor) = '' THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400', MESSAGE = 'p_Poseedor es obligatorio: quien renueva';
  END IF;
  IF p_Arriendo_s IS NULL OR p_Arriendo_s NOT BETWEEN 1 AND 86400 THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400', MESSAGE = 'p_Arriendo_s debe estar entre 1 y 86400';
  END IF;
  IF jsonb_array_length(p_Chunks) > 2000 THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400', MESSAGE = 'p_Chunks: como mucho 2000 por llamada';
  END IF;

  -- primera: renueva lo que puede bloquear; con poseedor un chunk esta PENDIENTE (CK_Chunks_Arriendo)
  WITH vivos AS MATERIALIZED (
    SELECT v.id_chunk
    FROM jsonb_to_recordset(p_Chunks) AS a ("ID_Chunk" bigint, "Token" bigint)
    CROSS JOIN LATERAL (
      SELECT c.id_chunk
      FROM trabajo.Chunks AS c
      WHERE c.id_chunk = a."ID_Chunk" AND c.token = a."Token" AND c.poseedor = p_Poseedor
      LIMIT 1
      FOR NO KEY UPDATE SKIP LOCKED
    ) AS v
  ), renovados AS (
    UPDATE trabajo.Chunks AS c
    SET expira = clock_timestamp() + make_interval(secs => p_Arriendo_s)
    WHERE c.id_chunk = ANY (ARRAY(SELECT v.id_chunk FROM vivos AS v))
    RETURNING c.id_chunk
  )
  SELECT array_agg(r.id_chunk) INTO v_renovados FROM renovados AS r;

  -- segunda: una lectura no espera nunca y da lo ultimo confirmado. Lo que no se renovo y ahi sigue siendo de este poseedor
  -- estaba bloqueado; lo demas se juzga por su token
  RETURN QUERY
  SELECT
    a."ID_Chunk",
    a."Token",
    CASE
      WHEN a."ID_Chunk" = ANY (v_renovados) THEN CASE WHEN t.cancelado THEN 'CANCELADO' ELSE 'RENOVADO' END
      WHEN c.token IS DISTINCT FROM a."Token" THEN 'PERDIDO'
      WHEN c.estado = 'CANCELADO' THEN 'CANCELADO'
      WHEN c.estado <> 'PENDIENTE' OR c.poseedor IS NULL THEN 'TERMINADO'
      WHEN c.poseedor <> p_Poseedor THEN 'PERDIDO'
      ELSE 'OCUPADO'
    END
  FROM jsonb_to_recordset(p_Chunks) AS a ("ID_Chunk" bigint, "Token" bigint)
  LEFT JOIN trabajo.Chunks AS c ON c.id_chunk = a."ID_Chunk"
  LEFT JOIN trabajo.Trabajos AS t ON t.id_trabajo = c.id_trabajo
  ORDER BY a."ID_Chunk";
END
$$;
GRANT EXECUTE ON FUNCTION trabajo.sp_Renovar_Chunks TO carril_app;
