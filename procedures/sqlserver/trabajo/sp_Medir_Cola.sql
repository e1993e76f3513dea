SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  The queue as trabajo.vw_Cola has it, for who may only call procedures.

  Returns: many
    Tipo         varchar(50)  not null
    Reclamables  int          not null  could be claimed now
    En_Espera    int          not null  wait for their time
    En_Progreso  int          not null  held
    Vencidos     int          not null  held, and expired
  Errors: none
  Touches: trabajo.Chunks read, trabajo.Trabajos read
  Batch: none
  Entry: carril_app, carril_lector
  Since: 018
*/
CREATE OR ALTER PROCEDURE trabajo.sp_Medir_Cola
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;

  SELECT v.Tipo, v.Reclamables, v.En_Espera, v.En_Progreso, v.Vencidos
  FROM trabajo.vw_Cola AS v
  ORDER BY v.Tipo;
END;
GO
GRANT EXECUTE ON OBJECT::trabajo.sp_Medir_Cola TO carril_app;
GRANT EXECUTE ON OBJECT::trabajo.sp_Medir_Cola TO carril_lector;
GO
