/*
  Reports in three sections.

  Returns: one
    Filas int not null
  Returns: many
    Clave varchar(20) not null
    Importe decimal(10,2) not null
  Returns: many
    Mensaje nvarchar(4000) null
  Errors: none
  Touches: dbo.A read
  Batch: none
*/
CREATE OR ALTER PROCEDURE sp_Informe AS SELECT 1;
GO
/*
  Does something, and returns nothing.

  Returns: nothing
  Errors: none
  Touches: nothing
  Batch: none
*/
ALTER PROCEDURE dbo.Hacer_Algo @Ratio real, @Cuando datetime = NULL AS RETURN 0;
GO
CREATE VIEW dbo.vw_Nada AS SELECT 1 AS Uno;
