SET LOCAL ROLE carril_dueno;

/*
  The chunks of a job in their order, from @Desde_Orden on, all or those in one situation (see trabajo.vw_Chunks), at most @Maximo:
  the next page begins after the last Orden of this one.

  Returns: many
    ID_Chunk      bigint          not null
    Orden         int             not null
    Rango_Inicio  bigint          null
    Rango_Fin     bigint          null
    Recurso       nvarchar(400)   null
    Peso          decimal(12,2)   not null
    Estado        varchar(50)     not null
    Situacion     varchar(20)     not null
    Poseedor      nvarchar(200)   null
    Token         bigint          not null
    Intento       int             not null
    Max_Intentos  int             not null
    Expira        datetime2(3)    null
    No_Antes_De   datetime2(3)    null
    Inicio        datetime2(3)    null      of the last attempt
    Fin           datetime2(3)    null
    Resultado     nvarchar(max)   null
    Ultimo_Error  nvarchar(4000)  null
  Errors: 50400, 50404
  Touches: trabajo.Trabajos read, trabajo.Chunks read
  Batch: none
  Entry: carril_app, carril_lector
  Since: 021
*/
CREATE OR REPLACE FUNCTION trabajo.sp_Listar_Chunks(
  p_ID_Trabajo bigint,
  p_Situacion text DEFAULT NULL,
  p_Desde_Orden integer DEFAULT 0,
  p_Maximo integer DEFAULT 100
)
RETURNS TABLE (
  ID_Chunk bigint,
  Orden integer,
  Rango_Inicio bigint,
  Rango_Fin bigint,
  Recurso text,
  Peso numeric,
  Estado text,
  Situacion text,
  Poseedor text,
  Token bigint,
  Intento integer,
  Max_Intentos integer,
  Expira timestamptz,
  No_Antes_De timestamptz,
  Inicio timestamptz,
  Fin timestamptz,
  Resultado text,
  Ultimo_Error text
)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
-- los indices, aunque las tablas fueran pequenas cuando la sesion preparo el plan
SET enable_seqscan = off
SET enable_bitmapscan = off
SET enable_hashjoin = off
SET enable_mergejoin = off
AS $$
#variable_conflict use_column
BEGIN
  IF p_ID_Trabajo IS NULL OR p_Desde_Orden IS NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400', MESSAGE = 'p_ID_Trabajo y p_Desde_Orden son obligatorios';
  END IF;
  IF p_Maximo IS NULL OR p_Maximo NOT BETWEEN 1 AND 2000 THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400', MESSAGE = 'p_Maximo debe estar entre 1 y 2000';
  END IF;
  IF p_Situacion NOT IN ('PENDIENTE', 'EN_ESPERA', 'EN_PROGRESO', 'VENCIDO', 'COMPLETADO', 'ERROR', 'CANCELADO', 'OMITIDO') THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400', MESSAGE =
      'p_Situacion debe ser PENDIENTE, EN_ESPERA, EN_PROGRESO, VENCIDO, COMPLETADO, ERROR, CANCELADO u OMITIDO';
  END IF;
  PERFORM FROM trabajo.Trabajos AS t WHERE t.id_trabajo = p_ID_Trabajo;
  IF NOT FOUND THEN
    RAISE EXCEPTION USING ERRCODE = 'UC404', MESSAGE = format('no existe el trabajo %s', p_ID_Trabajo);
  END IF;

  RETURN QUERY
  SELECT
    v.id_chunk, v.orden, v.rango_inicio, v.rango_fin, v.recurso::text, v.peso, v.estado::text, v.situacion::text,
    v.poseedor::text, v.token, v.intento, v.max_intentos, v.expira, v.no_antes_de, v.inicio, v.fin, v.resultado,
    v.ultimo_error::text
  FROM trabajo.vw_Chunks AS v
  WHERE v.id_trabajo = p_ID_Trabajo AND v.orden >= p_Desde_Orden AND (p_Situacion IS NULL OR v.situacion = p_Situacion)
  ORDER BY v.orden
  LIMIT p_Maximo;
END
$$;
GRANT EXECUTE ON FUNCTION trabajo.sp_Listar_Chunks TO carril_app, carril_lector;
