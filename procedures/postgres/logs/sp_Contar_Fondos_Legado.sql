SET LOCAL ROLE carril_dueno;

/*
  Counts the funds of a shared execution and writes the counters on its row: what every lane of a run of the old way does when its
  fund has ended, so that all of them update one row (document 002, "logs.Ejecuciones: TotalFondos, FondosExitosos,
  FondosFallidos"; the count is that of updateProcesoStats in document 004). An execution that has ended stays as it is.

  Returns: nothing
  Errors: 50404
  Touches: logs.Ejecuciones write, logs.Ejecucion_Fondos read
  Batch: 1
  Entry: carril_app
  Since: 013
*/
CREATE OR REPLACE FUNCTION logs.sp_Contar_Fondos_Legado(p_ID_Ejecucion bigint)
RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
  IF NOT EXISTS (SELECT FROM logs.Ejecuciones AS e WHERE e.id_ejecucion = p_ID_Ejecucion AND e.id_fund IS NULL) THEN
    RAISE EXCEPTION USING ERRCODE = 'UC404', MESSAGE = format('no existe la ejecucion compartida %s', p_ID_Ejecucion);
  END IF;

  UPDATE logs.Ejecuciones AS e
  SET fondosexitosos = n.exitosos, fondosfallidos = n.fallidos, fondosomitidos = n.omitidos
  FROM (
    SELECT
      count(*) FILTER (WHERE x.completados > 0 AND x.hechos) AS exitosos,
      count(*) FILTER (WHERE x.fallidos > 0) AS fallidos,
      count(*) FILTER (WHERE x.completados = 0 AND x.hechos) AS omitidos
    FROM (
      SELECT
        count(*) FILTER (WHERE v.estado = 'COMPLETADO') AS completados,
        count(*) FILTER (WHERE v.estado = 'ERROR') AS fallidos,
        bool_and(v.estado IN ('COMPLETADO', 'OMITIDO')) AS hechos
      FROM logs.vw_Ejecucion_Servicios AS v
      WHERE v.id_ejecucion = p_ID_Ejecucion
      GROUP BY v.id_fund
    ) AS x
  ) AS n
  WHERE e.id_ejecucion = p_ID_Ejecucion AND e.estado = 'EN_PROGRESO';
END
$$;
GRANT EXECUTE ON FUNCTION logs.sp_Contar_Fondos_Legado TO carril_app;
