SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  Lists the fund master, by ID.

  Returns: many
    ID_Fund              int            not null
    FundShortName        nvarchar(100)  not null
    Portfolio_Geneva     varchar(50)    not null
    Portfolio_CAPM       varchar(50)    null
    Portfolio_Derivados  varchar(50)    null
    Portfolio_UBS        varchar(50)    null
    Flag_UBS             bit            not null
    Flag_Derivados       bit            not null
    Active               bit            not null
    Incluir_En_Cubo      bit            not null
  Errors: none
  Touches: dimensionales.BD_Funds read
  Batch: none
  Entry: carril_app
  Since: 002
*/
CREATE OR ALTER PROCEDURE dimensionales.sp_Listar_Fondos
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;

  SELECT
    f.ID_Fund, f.FundShortName, f.Portfolio_Geneva, f.Portfolio_CAPM, f.Portfolio_Derivados, f.Portfolio_UBS,
    f.Flag_UBS, f.Flag_Derivados, f.Active, f.Incluir_En_Cubo
  FROM dimensionales.BD_Funds AS f
  ORDER BY f.ID_Fund;
END;
GO
GRANT EXECUTE ON dimensionales.sp_Listar_Fondos TO carril_app;
