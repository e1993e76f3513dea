SET LOCAL ROLE carril_dueno;

/*
  A job and its counts: live while it runs, as its finalizer wrote them afterwards.

  Returns: one
    ID_Trabajo     bigint         not null
    Tipo           varchar(50)    not null
    Clave          nvarchar(200)  null
    Parametros     nvarchar(max)  null
    Estado         varchar(50)    not null
    Cancelado      bit            not null
    FechaCreacion  datetime2(3)   not null
    FechaFin       datetime2(3)   null
    Total          int            not null
    Pendientes     int            not null  free, waiting for their time, or with an expired lease
    EnProgreso     int            not null  under a lease that has not expired
    Completados    int            not null
    Fallidos       int            not null
    Cancelados     int            not null
  Errors: 50400, 50404
  Touches: trabajo.Trabajos read, trabajo.Chunks read
  Batch: none
  Entry: carril_app, carril_lector
  Since: 018
*/
CREATE OR REPLACE FUNCTION trabajo.sp_Estado_Trabajo(
  p_ID_Trabajo bigint
)
RETURNS TABLE (
  ID_Trabajo bigint,
  Tipo text,
  Clave text,
  Parametros text,
  Estado text,
  Cancelado boolean,
  FechaCreacion timestamptz,
  FechaFin timestamptz,
  Total integer,
  Pendientes integer,
  EnProgreso integer,
  Completados integer,
  Fallidos integer,
  Cancelados integer
)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
  IF p_ID_Trabajo IS NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400', MESSAGE = 'p_ID_Trabajo es obligatorio';
  END IF;

  RETURN QUERY
  SELECT
    v.id_trabajo, v.tipo::text, v.clave::text, v.parametros, v.estado::text, v.cancelado, v.fechacreacion, v.fechafin,
    v.total, v.pendientes, v.enprogreso, v.completados, v.fallidos, v.cancelados
  FROM trabajo.vw_Trabajos AS v
  WHERE v.id_trabajo = p_ID_Trabajo;
  IF NOT FOUND THEN
    RAISE EXCEPTION USING ERRCODE = 'UC404', MESSAGE = format('no existe el trabajo %s', p_ID_Trabajo);
  END IF;
END
$$;
GRANT EXECUTE ON FUNCTION trabajo.sp_Estado_Trabajo TO carril_app, carril_lector;
