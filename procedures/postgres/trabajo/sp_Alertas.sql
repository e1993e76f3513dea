SET LOCAL ROLE carril_dueno;

/*
  What somebody should look at: the rows of trabajo.vw_Alertas, which says what each of them means, the newest first, at most 2,000.

  Returns: many
    Alerta      varchar(40)     not null  CHUNK_FALLIDO, ARRIENDO_VENCIDO, TRABAJO_SIN_PROGRESO, UMBRAL_FALLIDOS, UMBRAL_DURACION
    ID_Trabajo  bigint          null
    Tipo        varchar(50)     null
    ID_Chunk    bigint          null
    Recurso     nvarchar(400)   null
    Desde       datetime2(3)    null
    Detalle     nvarchar(4000)  null
  Errors: none
  Touches: trabajo.Chunks read, trabajo.Trabajos read, logs.Archivos read, logs.Ajustes read
  Batch: none
  Entry: carril_app, carril_lector
  Since: 022
*/
CREATE OR REPLACE FUNCTION trabajo.sp_Alertas()
RETURNS TABLE (
  Alerta text,
  ID_Trabajo bigint,
  Tipo text,
  ID_Chunk bigint,
  Recurso text,
  Desde timestamptz,
  Detalle text
)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
-- los indices parciales: lo vivo y lo reciente, nunca la historia
SET enable_seqscan = off
SET enable_bitmapscan = off
SET enable_hashjoin = off
SET enable_mergejoin = off
AS $$
  SELECT v.alerta::text, v.id_trabajo, v.tipo::text, v.id_chunk, v.recurso::text, v.desde, v.detalle::text
  FROM trabajo.vw_Alertas AS v
  ORDER BY v.desde DESC NULLS LAST, v.alerta, v.id_trabajo, v.id_chunk NULLS FIRST
  LIMIT 2000;
$$;
GRANT EXECUTE ON FUNCTION trabajo.sp_Alertas TO carril_app, carril_lector;
