SET LOCAL ROLE carril_dueno;

/*
  What is known of a log file: the newest row of that path, how far it was read, its newest completed review, and the one that
  is running, if any (not one that was cancelled). No row: never seen.

  Returns: many
    ID_Archivo    bigint       not null
    Huella        varchar(64)  not null
    Huella_Bytes  int          not null
    Opciones      varchar(64)  not null
    Leido         bigint       not null  read up to here by completed reviews
    Reanudar_En   bigint       not null  where the next review begins
    ID_Trabajo    bigint       null      newest completed review
    Tipo          varchar(50)  null
    Estado        varchar(50)  null
    Trabajo_Vivo  bigint       null      review that is running
    Desde         bigint       null      its range
    Hasta         bigint       null
  Errors: 50400
  Touches: logs.Archivos read, trabajo.Trabajos read
  Batch: none
  Entry: carril_app
  Since: 022
*/
CREATE OR REPLACE FUNCTION logs.sp_Buscar_Archivo(
  p_Ruta text
)
RETURNS TABLE (
  ID_Archivo bigint,
  Huella text,
  Huella_Bytes integer,
  Opciones text,
  Leido bigint,
  Reanudar_En bigint,
  ID_Trabajo bigint,
  Tipo text,
  Estado text,
  Trabajo_Vivo bigint,
  Desde bigint,
  Hasta bigint
)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
  IF p_Ruta IS NULL OR p_Ruta = '' THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400', MESSAGE = 'p_Ruta es obligatoria';
  END IF;

  RETURN QUERY
  SELECT
    a.id_archivo, a.huella::text, a.huella_bytes, a.opciones::text, a.leido, a.reanudar_en, t.id_trabajo, t.tipo::text,
    t.estado::text, v.id_trabajo, (v.parametros::jsonb ->> 'desde')::bigint, (v.parametros::jsonb ->> 'hasta')::bigint
  FROM logs.Archivos AS a
  LEFT JOIN trabajo.Trabajos AS t ON t.id_trabajo = a.id_trabajo
  LEFT JOIN trabajo.Trabajos AS v ON v.id_trabajo = a.id_ultimo_trabajo AND v.estado = 'EN_PROGRESO' AND NOT v.cancelado
  WHERE a.ruta = p_Ruta
  ORDER BY a.id_archivo DESC
  LIMIT 1;
END
$$;
GRANT EXECUTE ON FUNCTION logs.sp_Buscar_Archivo TO carril_app;
