SET LOCAL ROLE carril_dueno;

/*
  What rolling back would delete: the executions of a process, or one of them, with the rows that each has in extract and staging.
  Either ID, not both. @ID_Proceso accepts the ID of the process or a run's of the old way; that of one fund's execution is
  refused (50409), lest a whole process goes for one fund.

  Returns: many
    ID_Proceso     bigint         null      null for a run from before processes
    ID_Ejecucion   bigint         not null
    FundShortName  nvarchar(100)  null      null for a run of the old way
    Estado         varchar(50)    not null
    Termino        bit            not null  it can be rolled back: it neither runs nor waits to be run
    Filas          bigint         not null
  Errors: 50400, 50404, 50409
  Touches: extract.* read, staging.* read, trabajo.Chunks read, logs.Procesos read, logs.Ejecuciones read, logs.Ejecucion_Fondos read
  Batch: none
  Entry: carril_app
  Since: 021
*/
CREATE OR REPLACE FUNCTION logs.sp_Plan_Reversion(
  p_ID_Proceso bigint DEFAULT NULL,
  p_ID_Ejecucion bigint DEFAULT NULL
)
RETURNS TABLE (
  ID_Proceso bigint,
  ID_Ejecucion bigint,
  FundShortName text,
  Estado text,
  Termino boolean,
  Filas bigint
)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  v_id bigint;
  v_suyas bigint[];
BEGIN
  IF (p_ID_Proceso IS NULL) = (p_ID_Ejecucion IS NULL) THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400', MESSAGE = 'o p_ID_Proceso o p_ID_Ejecucion, una de las dos';
  END IF;

  IF p_ID_Ejecucion IS NOT NULL THEN
    v_suyas := ARRAY(SELECT e.id_ejecucion FROM logs.Ejecuciones AS e WHERE e.id_ejecucion = p_ID_Ejecucion);
    IF cardinality(v_suyas) = 0 THEN
      RAISE EXCEPTION USING ERRCODE = 'UC404', MESSAGE = format('no existe la ejecucion %s', p_ID_Ejecucion);
    END IF;
  ELSE
    v_id := logs.sp_Resolver_Proceso(p_ID_Proceso);
    PERFORM FROM logs.Ejecuciones AS e
    WHERE e.id_ejecucion = p_ID_Proceso AND e.id_fund IS NOT NULL AND v_id <> p_ID_Proceso;
    IF FOUND THEN
      RAISE EXCEPTION USING ERRCODE = 'UC409', MESSAGE = format(
        '%s es la ejecucion de un fondo del proceso %s: diga cual de los dos se revierte', p_ID_Proceso, v_id);
    END IF;
    v_suyas := ARRAY(
      SELECT e.id_ejecucion FROM logs.Ejecuciones AS e
      WHERE e.id_proceso = v_id OR (e.id_ejecucion = v_id AND e.id_proceso IS NULL));
  END IF;

  RETURN QUERY
  SELECT
    v.id_proceso, v.id_ejecucion, v.fundshortname::text, v.estado::text, v.estado NOT IN ('PENDIENTE', 'EN_PROGRESO'),
    (SELECT count(*) FROM extract.IPA AS x WHERE x.id_ejecucion = v.id_ejecucion)
    + (SELECT count(*) FROM extract.CAPM AS x WHERE x.id_ejecucion = v.id_ejecucion)
    + (SELECT count(*) FROM extract.PosModRF AS x WHERE x.id_ejecucion = v.id_ejecucion)
    + (SELECT count(*) FROM extract.SONA AS x WHERE x.id_ejecucion = v.id_ejecucion)
    + (SELECT count(*) FROM extract.Derivados AS x WHERE x.id_ejecucion = v.id_ejecucion)
    + (SELECT count(*) FROM extract.UBS AS x WHERE x.id_ejecucion = v.id_ejecucion)
    + (SELECT count(*) FROM staging.IPA_WorkTable AS x WHERE x.id_ejecucion = v.id_ejecucion)
    + (SELECT count(*) FROM staging.IPA_Cash AS x WHERE x.id_ejecucion = v.id_ejecucion)
    + (SELECT count(*) FROM staging.IPA_Final AS x WHERE x.id_ejecucion = v.id_ejecucion)
    + (SELECT count(*) FROM staging.CAPM_WorkTable AS x WHERE x.id_ejecucion = v.id_ejecucion)
    + (SELECT count(*) FROM staging.CAPM_Final AS x WHERE x.id_ejecucion = v.id_ejecucion)
    + (SELECT count(*) FROM staging.PosModRF_WorkTable AS x WHERE x.id_ejecucion = v.id_ejecucion)
    + (SELECT count(*) FROM staging.PosModRF_Final AS x WHERE x.id_ejecucion = v.id_ejecucion)
    + (SELECT count(*) FROM staging.SONA_WorkTable AS x WHERE x.id_ejecucion = v.id_ejecucion)
    + (SELECT count(*) FROM staging.SONA_Final AS x WHERE x.id_ejecucion = v.id_ejecucion)
    + (SELECT count(*) FROM staging.Derivados_WorkTable AS x WHERE x.id_ejecucion = v.id_ejecucion)
    + (SELECT count(*) FROM staging.Derivados_Final AS x WHERE x.id_ejecucion = v.id_ejecucion)
    + (SELECT count(*) FROM staging.UBS_WorkTable AS x WHERE x.id_ejecucion = v.id_ejecucion)
    + (SELECT count(*) FROM staging.UBS_Final AS x WHERE x.id_ejecucion = v.id_ejecucion)
    + (SELECT count(*) FROM staging.PNL_WorkTable AS x WHERE x.id_ejecucion = v.id_ejecucion)
    + (SELECT count(*) FROM staging.PNL_Final AS x WHERE x.id_ejecucion = v.id_ejecucion)
  FROM logs.vw_Ejecuciones AS v
  WHERE v.id_ejecucion = ANY (v_suyas)
  ORDER BY v.id_ejecucion;
END
$$;
GRANT EXECUTE ON FUNCTION logs.sp_Plan_Reversion TO carril_app;
