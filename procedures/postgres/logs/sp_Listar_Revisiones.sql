SET LOCAL ROLE carril_dueno;

/*
  What carril logs sync writes down: of each file (the newest with its path) its newest review and, of kind LOGS, its chunks in
  their order, those that were split left out; one row without a chunk where there is none. Of all files, or of one.

  Returns: many
    Ruta            nvarchar(400)  not null
    ID_Archivo      bigint         not null
    ID_Trabajo      bigint         null
    Estado_Trabajo  varchar(50)    null
    Leido           bigint         not null
    Reanudar_En     bigint         not null
    ID_Chunk        bigint         null
    Orden           int            null
    Byte_Inicio     bigint         null
    Byte_Fin        bigint         null
    Estado          varchar(50)    null      PROCESANDO: held under a lease that has not expired
    Poseedor        nvarchar(200)  null
    Intento         int            null
    Fin             datetime2(3)   null
  Errors: none
  Touches: trabajo.Chunks read, trabajo.Trabajos read, logs.Archivos read
  Batch: none
  Entry: carril_app, carril_lector
  Since: 022
*/
CREATE OR REPLACE FUNCTION logs.sp_Listar_Revisiones(
  p_Ruta text DEFAULT NULL
)
RETURNS TABLE (
  Ruta text,
  ID_Archivo bigint,
  ID_Trabajo bigint,
  Estado_Trabajo text,
  Leido bigint,
  Reanudar_En bigint,
  ID_Chunk bigint,
  Orden integer,
  Byte_Inicio bigint,
  Byte_Fin bigint,
  Estado text,
  Poseedor text,
  Intento integer,
  Fin timestamptz
)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT
    a.ruta::text, a.id_archivo, t.id_trabajo, t.estado::text, a.leido, a.reanudar_en, c.id_chunk, c.orden, c.rango_inicio,
    c.rango_fin, CASE WHEN c.expira >= clock_timestamp() THEN 'PROCESANDO' ELSE c.estado END, c.poseedor::text, c.intento,
    c.fin
  FROM logs.Archivos AS a
  LEFT JOIN trabajo.Trabajos AS t ON t.id_trabajo = a.id_ultimo_trabajo
  LEFT JOIN trabajo.Chunks AS c ON c.id_trabajo = t.id_trabajo AND c.estado <> 'OMITIDO'
  WHERE (p_Ruta IS NULL OR a.ruta = p_Ruta)
    AND NOT EXISTS (SELECT FROM logs.Archivos AS n WHERE n.ruta = a.ruta AND n.id_archivo > a.id_archivo)
  ORDER BY a.ruta COLLATE "C", c.rango_inicio, c.orden;
$$;
GRANT EXECUTE ON FUNCTION logs.sp_Listar_Revisiones TO carril_app, carril_lector;
