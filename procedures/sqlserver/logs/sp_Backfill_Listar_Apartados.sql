SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  What the backfill could not assign, counted by table and reason; the rows themselves are in logs.Backfill_Apartados.

  Returns: many
    Tabla   nvarchar(257)  not null
    Motivo  varchar(30)    not null
    Filas   bigint         not null
  Errors: none
  Touches: logs.Backfill_Apartados read
  Batch: none
  Entry: carril_dba, carril_lector
  Since: 018
*/
CREATE OR ALTER PROCEDURE logs.sp_Backfill_Listar_Apartados
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;

  SELECT a.Tabla, a.Motivo, COUNT_BIG(*) AS Filas
  FROM logs.Backfill_Apartados AS a
  GROUP BY a.Tabla, a.Motivo
  ORDER BY a.Tabla, a.Motivo;
END;
GO
GRANT EXECUTE ON OBJECT::logs.sp_Backfill_Listar_Apartados TO carril_dba, carril_lector;
GO
