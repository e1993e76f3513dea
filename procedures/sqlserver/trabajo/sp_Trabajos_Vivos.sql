SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  How many jobs of the given kinds (none given: of any kind) have not ended. A worker leaves for want of work only at 0.
  LO_PROCESOS and LOGS_SECUENCIAL do not count: no worker has anything to do for them.

  Returns: one
    Vivos  int  not null
  Errors: none
  Touches: trabajo.Trabajos read
  Batch: none
  Entry: carril_app
  Since: 018
*/
CREATE OR ALTER PROCEDURE trabajo.sp_Trabajos_Vivos
  @Tipos trabajo.Lista_Tipos_v1 READONLY
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  DECLARE @Todos bit = CASE WHEN EXISTS (SELECT 1 FROM @Tipos) THEN 0 ELSE 1 END;

  SELECT COUNT(*) AS Vivos
  FROM trabajo.Trabajos AS t
  WHERE t.Estado = 'EN_PROGRESO' AND t.Tipo NOT IN ('LO_PROCESOS', 'LOGS_SECUENCIAL')
    AND (@Todos = 1 OR EXISTS (SELECT 1 FROM @Tipos AS x WHERE x.Tipo = t.Tipo));
END;
GO
GRANT EXECUTE ON OBJECT::trabajo.sp_Trabajos_Vivos TO carril_app;
GO
