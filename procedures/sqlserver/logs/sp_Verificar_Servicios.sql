SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
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
CREATE OR ALTER PROCEDURE logs.sp_Verificar_Servicios
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;

  SELECT v.Servicio, v.Orden, v.Problema, v.Detalle
  FROM logs.vw_Servicio_Problemas AS v
  ORDER BY v.Servicio, v.Problema, v.Orden;
END;
GO
GRANT EXECUTE ON OBJECT::logs.sp_Verificar_Servicios TO carril_app;
GO
