SET LOCAL ROLE carril_dueno;

/*
  A process and its counters: live while it runs. Accepts the ID of the process, of one of its executions, or of a run of the
  old way.

  Returns: one
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
  Errors: 50400, 50404
  Touches: trabajo.Chunks read, logs.Procesos read, logs.Ejecuciones read, logs.Ejecucion_Fondos read, logs.Servicios read
  Batch: none
  Entry: carril_app, carril_lector
  Since: 018
*/
CREATE OR REPLACE FUNCTION logs.sp_Estado_Proceso(
  p_ID_Proceso bigint
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
  v_id bigint := logs.sp_Resolver_Proceso(p_ID_Proceso);
BEGIN
  RETURN QUERY
  SELECT
    v.id_proceso, v.fechareporte, v.estado::text, v.etapa_actual::text, v.usuario::text, v.arquitectura::text, v.fechainicio,
    v.fechafin, v.totalfondos, v.fondosexitosos, v.fondosfallidos, v.fondosomitidos, v.fondosenprogreso, v.fondospendientes,
    v.id_trabajo
  FROM logs.vw_Procesos AS v
  WHERE v.id_proceso = v_id;
END
$$;
GRANT EXECUTE ON FUNCTION logs.sp_Estado_Proceso TO carril_app, carril_lector;
