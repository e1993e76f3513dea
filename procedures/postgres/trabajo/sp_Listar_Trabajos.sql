SET LOCAL ROLE carril_dueno;

/*
  The newest jobs, newest first, of one kind or of all, in one state or in any, with their counts. Counts only the chunks of the
  jobs that it lists.

  Returns: many
    ID_Trabajo     bigint         not null
    Tipo           varchar(50)    not null
    Clave          nvarchar(200)  null
    Estado         varchar(50)    not null
    Cancelado      bit            not null
    Usuario        nvarchar(100)  null
    FechaCreacion  datetime2(3)   not null
    FechaFin       datetime2(3)   null
    Total          int            not null
    Pendientes     int            not null
    EnProgreso     int            not null
    Completados    int            not null
    Fallidos       int            not null
    Cancelados     int            not null
    Omitidos       int            not null
  Errors: 50400
  Touches: trabajo.Trabajos read, trabajo.Chunks read
  Batch: none
  Entry: carril_app, carril_lector
  Since: 021
*/
CREATE OR REPLACE FUNCTION trabajo.sp_Listar_Trabajos(
  p_Tipo text DEFAULT NULL,
  p_Estado text DEFAULT NULL,
  p_Maximo integer DEFAULT 20
)
RETURNS TABLE (
  ID_Trabajo bigint,
  Tipo text,
  Clave text,
  Estado text,
  Cancelado boolean,
  Usuario text,
  FechaCreacion timestamptz,
  FechaFin timestamptz,
  Total integer,
  Pendientes integer,
  EnProgreso integer,
  Completados integer,
  Fallidos integer,
  Cancelados integer,
  Omitidos integer
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
DECLARE
  v_ultimos bigint[];
BEGIN
  IF p_Maximo IS NULL OR p_Maximo NOT BETWEEN 1 AND 2000 THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400', MESSAGE = 'p_Maximo debe estar entre 1 y 2000';
  END IF;
  IF p_Estado NOT IN ('EN_PROGRESO', 'COMPLETADO', 'COMPLETADO_CON_ERRORES', 'ERROR', 'CANCELADO') THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400',
      MESSAGE = 'p_Estado debe ser EN_PROGRESO, COMPLETADO, COMPLETADO_CON_ERRORES, ERROR o CANCELADO';
  END IF;

  -- primero cuales, por su ID, que crece con el tiempo; las cuentas, solo de esos
  v_ultimos := ARRAY(
    SELECT t.id_trabajo
    FROM trabajo.Trabajos AS t
    WHERE (p_Tipo IS NULL OR t.tipo = p_Tipo) AND (p_Estado IS NULL OR t.estado = p_Estado)
    ORDER BY t.id_trabajo DESC
    LIMIT p_Maximo);

  RETURN QUERY
  SELECT
    v.id_trabajo, v.tipo::text, v.clave::text, v.estado::text, v.cancelado, v.usuario::text, v.fechacreacion, v.fechafin,
    v.total, v.pendientes, v.enprogreso, v.completados, v.fallidos, v.cancelados, v.omitidos
  FROM unnest(v_ultimos) AS u (id)
  CROSS JOIN LATERAL (SELECT * FROM trabajo.vw_Trabajos AS w WHERE w.id_trabajo = u.id) AS v
  ORDER BY v.id_trabajo DESC;
END
$$;
GRANT EXECUTE ON FUNCTION trabajo.sp_Listar_Trabajos TO carril_app, carril_lector;
