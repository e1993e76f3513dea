SET LOCAL ROLE carril_dueno;
/*
  Claims free chunks for a worker.

  Returns: many
    ID_Chunk   bigint         not null
    Peso       decimal(12, 2) not null
    Expira     datetime2(3)   null
    Parametros nvarchar(max)  null
  Errors: 50400
  Touches: trabajo.Trabajos read,
           trabajo.Chunks write
  Batch: 2000
  Entry: carril_app
  Since: 018
*/
CREATE OR REPLACE FUNCTION trabajo.sp_Reclamar_Chunks(
    p_Poseedor character varying(200),
    p_Tipos jsonb DEFAULT '[]'::jsonb,
    p_Maximo int4 DEFAULT 1, -- a comment, with a comma
    p_Activo boolean DEFAULT true,
    p_ID_Trabajo bigint DEFAULT NULL::bigint
)
RETURNS TABLE (
    ID_Chunk bigint,
    Peso numeric(12, 2),
    Expira timestamp(3) with time zone,
    Parametros text
)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
    RAISE EXCEPTION 'p_Maximo; $1' USING ERRCODE = 'UC400';
END;
$$;
GRANT EXECUTE ON FUNCTION trabajo.sp_Reclamar_Chunks TO carril_app;
