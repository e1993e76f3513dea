SET LOCAL ROLE carril_dueno;

/*
  Claims up to @Maximo chunks for a worker, heaviest first, of jobs of the given kinds (none given: of any kind but
  LO_PROCESOS, which is never claimed), or of one given job. Each claim raises the chunk's token and uses one attempt.
  Never waits: what another session has locked is skipped, so an empty answer proves nothing about a job.

  A chunk held before (token not 0: given back, failed, expired) is taken only with its lock Exclusive, asked for without
  waiting: refused means that its old holder is in the middle of a transaction. An expired lease comes in its place by weight;
  one that has used all its attempts ends in ERROR instead.

  Returns: many
    ID_Chunk      bigint         not null
    ID_Trabajo    bigint         not null
    Tipo          varchar(50)    not null
    Orden         int            not null
    Rango_Inicio  bigint         null
    Rango_Fin     bigint         null
    Recurso       nvarchar(400)  null
    Peso          decimal(12,2)  not null
    Token         bigint         not null
    Intento       int            not null
    Max_Intentos  int            not null
    Expira        datetime2(3)   not null
    Parametros    nvarchar(max)  null      of the job
  Errors: 50400, 50409, 50499
  Touches: trabajo.Trabajos read, trabajo.Chunks write
  Batch: 2000
  Entry: carril_app
  Since: 018
*/
CREATE OR REPLACE FUNCTION trabajo.sp_Reclamar_Chunks(
  p_Poseedor text,
  p_Tipos jsonb DEFAULT '[]',
  p_Maximo integer DEFAULT 1,
  p_Arriendo_s integer DEFAULT 30,
  p_ID_Trabajo bigint DEFAULT NULL
)
RETURNS TABLE (
  ID_Chunk bigint,
  ID_Trabajo bigint,
  Tipo text,
  Orden integer,
  Rango_Inicio bigint,
  Rango_Fin bigint,
  Recurso text,
  Peso numeric,
  Token bigint,
  Intento integer,
  Max_Intentos integer,
  Expira timestamptz,
  Parametros text
)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
  IF p_Poseedor IS NULL OR btrim(p_Poseedor) = '' THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400', MESSAGE = 'p_Poseedor es obligatorio: quien reclama';
  END IF;
  IF p_Maximo IS NULL OR p_Maximo NOT BETWEEN 1 AND 2000 THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400', MESSAGE = 'p_Maximo debe estar entre 1 y 2000';
  END IF;
  IF p_Arriendo_s IS NULL OR p_Arriendo_s NOT BETWEEN 1 AND 86400 THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400', MESSAGE = 'p_Arriendo_s debe estar entre 1 y 86400';
  END IF;
  RETURN QUERY
  SELECT * FROM trabajo.sp_Reclamar_Paso(p_Poseedor, p_Tipos, p_Maximo, p_Arriendo_s, p_ID_Trabajo);
END
$$;
GRANT EXECUTE ON FUNCTION trabajo.sp_Reclamar_Chunks TO carril_app;
