SET LOCAL ROLE carril_dueno;

/*
  The dates from @Desde to @Hasta that have positions in homol.IPA: those that a run over a range of dates can run.

  Returns: many
    FechaReporte  date  not null
  Errors: 50400
  Touches: homol.IPA read
  Batch: none
  Entry: carril_app
  Since: 003
*/
CREATE OR REPLACE FUNCTION homol.sp_Fechas_Cargadas(
  p_Desde date,
  p_Hasta date
)
RETURNS TABLE (
  FechaReporte date
)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
  IF p_Desde IS NULL OR p_Hasta IS NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400', MESSAGE = 'p_Desde y p_Hasta son obligatorias';
  END IF;
  IF p_Desde > p_Hasta THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400', MESSAGE = 'p_Desde es posterior a p_Hasta';
  END IF;

  -- una busqueda por fecha en la clave, en vez de recorrer sus filas
  RETURN QUERY
  WITH RECURSIVE fechas AS (
    SELECT (SELECT min(i.fechareporte) FROM homol.IPA AS i WHERE i.fechareporte BETWEEN p_Desde AND p_Hasta) AS fecha
    UNION ALL
    SELECT (SELECT min(i.fechareporte) FROM homol.IPA AS i WHERE i.fechareporte > f.fecha AND i.fechareporte <= p_Hasta)
    FROM fechas AS f
    WHERE f.fecha IS NOT NULL
  )
  SELECT f.fecha FROM fechas AS f WHERE f.fecha IS NOT NULL ORDER BY f.fecha;
END
$$;
GRANT EXECUTE ON FUNCTION homol.sp_Fechas_Cargadas TO carril_app;
