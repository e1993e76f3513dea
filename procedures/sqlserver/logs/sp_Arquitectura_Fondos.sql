SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  The way each of these funds runs from now on, by name; of none given, that of all that are Active and Incluir_En_Cubo. A process
  that has started keeps its own.

  Returns: many
    FundShortName  nvarchar(100)  not null
    Arquitectura   varchar(20)    not null  LEGADO or JERARQUICA
    Propia         bit            not null  a setting of the fund itself; else the general one
    FechaCambio    datetime2(3)   null
    Usuario        nvarchar(100)  null
  Errors: none
  Touches: dimensionales.BD_Funds read, logs.Ajustes read
  Batch: none
  Entry: carril_app, carril_lector
  Since: 014
*/
CREATE OR ALTER PROCEDURE logs.sp_Arquitectura_Fondos
  @Fondos logs.Lista_Fondos_v1 READONLY
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;

  SELECT a.FundShortName, a.Arquitectura, a.Propia, a.FechaCambio, a.Usuario
  FROM logs.vw_Arquitectura_Fondos AS a
  WHERE EXISTS (SELECT 1 FROM @Fondos AS x WHERE x.FundShortName = a.FundShortName)
    OR (a.Active = 1 AND a.Incluir_En_Cubo = 1 AND NOT EXISTS (SELECT 1 FROM @Fondos))
  ORDER BY a.FundShortName;
END;
GO
GRANT EXECUTE ON OBJECT::logs.sp_Arquitectura_Fondos TO carril_app;
GRANT EXECUTE ON OBJECT::logs.sp_Arquitectura_Fondos TO carril_lector;
GO
