SET LOCAL ROLE carril_dueno;

/*
  What keeps the active services from being run, one row a problem; none when all is well. logs.sp_Inicializar_Proceso refuses
  to start a process (50409) for the same reasons: a cycle, a dependency that comes later or is not active, a service without
  procedures or without a column of its own, a procedure that does not exist in extract or staging.

  Returns: many
    Servicio  varchar(50)     not null
    Orden     int             null      of the row of logs.Servicio_Procedimientos, where it is that row
    Problema  varchar(30)     not null  CICLO, ORDEN, DEPENDENCIA_INACTIVA, SIN_COLUMNA, SIN_PROCEDIMIENTOS or PROCEDIMIENTO
    Detalle   nvarchar(2048)  not null  in words, naming the rows
  Errors: none
  Touches: logs.Servicios read, logs.Servicio_Procedimientos read
  Batch: none
  Entry: carril_app
  Since: 014
*/
CREATE OR REPLACE FUNCTION logs.sp_Verificar_Servicios()
RETURNS TABLE (
  Servicio text,
  Orden integer,
  Problema text,
  Detalle text
)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  SELECT v.servicio::text, v.orden, v.problema, v.detalle
  FROM logs.vw_Servicio_Problemas AS v
  ORDER BY v.servicio, v.problema, v.orden;
END
$$;
GRANT EXECUTE ON FUNCTION logs.sp_Verificar_Servicios TO carril_app;
