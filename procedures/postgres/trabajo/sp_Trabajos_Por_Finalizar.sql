SET LOCAL ROLE carril_dueno;

/*
  Jobs of the given kinds (none given: of any kind) that a finalizer should be tried on: none of their chunks is unfinished, or
  they were cancelled and what is left is held by nobody alive. For idle polls. Never LO_PROCESOS, which does not end, nor
  LOGS_SECUENCIAL, which has no chunks and is ended by who runs it.

  Returns: many
    ID_Trabajo  bigint         not null
    Tipo        varchar(50)    not null
    Parametros  nvarchar(max)  null
  Errors: none
  Touches: trabajo.Trabajos read, trabajo.Chunks read
  Batch: none
  Entry: carril_app
  Since: 018
*/
CREATE OR REPLACE FUNCTION trabajo.sp_Trabajos_Por_Finalizar(
  p_Tipos jsonb DEFAULT '[]'
)
RETURNS TABLE (
  ID_Trabajo bigint,
  Tipo text,
  Parametros text
)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET enable_seqscan = off
SET enable_bitmapscan = off
SET enable_hashjoin = off
SET enable_mergejoin = off
AS $$
  SELECT t.id_trabajo, t.tipo, t.parametros
  FROM trabajo.Trabajos AS t
  -- de un trabajo cancelado solo estorba lo que alguien vivo tiene
  LEFT JOIN LATERAL (
    SELECT 1 AS hay
    FROM trabajo.Chunks AS c
    WHERE c.id_trabajo = t.id_trabajo AND c.estado = 'PENDIENTE'
      AND (NOT t.cancelado OR c.poseedor IS NOT NULL AND c.expira >= statement_timestamp())
    LIMIT 1
  ) AS estorba ON true
  WHERE t.estado = 'EN_PROGRESO' AND t.tipo NOT IN ('LO_PROCESOS', 'LOGS_SECUENCIAL')
    AND (p_Tipos = '[]' OR p_Tipos @> jsonb_build_array(jsonb_build_object('Tipo', t.tipo)))
    AND estorba.hay IS NULL
  ORDER BY t.id_trabajo;
$$;
GRANT EXECUTE ON FUNCTION trabajo.sp_Trabajos_Por_Finalizar TO carril_app;
