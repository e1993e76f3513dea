SET LOCAL ROLE carril_dueno;

/*
  The newest processes, newest first, of one date or of all; runs of the old way among them.

  Returns: many
    ID_Proceso        bigint         not null
    FechaReporte      date           not null
    Estado            varchar(50)    not null
    Etapa_Actual      nvarchar(50)   null
    Usuario           nvarchar(100)  null
    Arquitectura      varchar(20)    not null
    FechaInicio       datetime2(3)   not null
    FechaFin          datetime2(3)   null
    TotalFondos       int            not null
    FondosExitosos    int            not null
    FondosFallidos    int            not null
    FondosOmitidos    int            not null
    FondosEnProgreso  int            not null
    FondosPendientes  int            not null
    ID_Trabajo        bigint         null
  Errors: 50400
  Touches: trabajo.Chunks read, logs.Procesos read, logs.Ejecuciones read, logs.Ejecucion_Fondos read, logs.Servicios read
  Batch: none
  Entry: carril_app, carril_lector
  Since: 018
*/
CREATE OR REPLACE FUNCTION logs.sp_Listar_Procesos(
  p_FechaReporte date DEFAULT NULL,
  p_Maximo integer DEFAULT 20
)
RETURNS TABLE (
  ID_Proceso bigint,
  FechaReporte date,
  Estado text,
  Etapa_Actual text,
  Usuario text,
  Arquitectura text,
  FechaInicio timestamptz,
  FechaFin timestamptz,
  TotalFondos integer,
  FondosExitosos integer,
  FondosFallidos integer,
  FondosOmitidos integer,
  FondosEnProgreso integer,
  FondosPendientes integer,
  ID_Trabajo bigint
)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  v_ultimos bigint[];
BEGIN
  IF p_Maximo IS NULL OR p_Maximo NOT BETWEEN 1 AND 2000 THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400', MESSAGE = 'p_Maximo debe estar entre 1 y 2000';
  END IF;

  -- primero cuales, por su ID, que crece con el tiempo; los contadores, solo de esos
  v_ultimos := ARRAY(
    (SELECT p.id_proceso
     FROM logs.Procesos AS p
     WHERE p_FechaReporte IS NULL OR p.fechareporte = p_FechaReporte
     ORDER BY p.id_proceso DESC LIMIT p_Maximo)
    UNION ALL
    (SELECT e.id_ejecucion
     FROM logs.Ejecuciones AS e
     WHERE e.id_proceso IS NULL AND (p_FechaReporte IS NULL OR e.fechareporte = p_FechaReporte)
     ORDER BY e.id_ejecucion DESC LIMIT p_Maximo)
    ORDER BY 1 DESC
    LIMIT p_Maximo);

  RETURN QUERY
  SELECT
    v.id_proceso, v.fechareporte, v.estado::text, v.etapa_actual::text, v.usuario::text, v.arquitectura::text, v.fechainicio,
    v.fechafin, v.totalfondos, v.fondosexitosos, v.fondosfallidos, v.fondosomitidos, v.fondosenprogreso, v.fondospendientes,
    v.id_trabajo
  FROM unnest(v_ultimos) AS u (id)
  CROSS JOIN LATERAL (SELECT * FROM logs.vw_Procesos AS w WHERE w.id_proceso = u.id) AS v
  ORDER BY v.id_proceso DESC;
END
$$;
GRANT EXECUTE ON FUNCTION logs.sp_Listar_Procesos TO carril_app, carril_lector;
