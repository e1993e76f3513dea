SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  What running a fund on a date weighs: 1 and a hundredth of the lines that the six sources hold of it, one row. A portfolio that is
  NULL has none: so a source whose flag the fund has off. It is only an order, the heaviest fund first: a load under way is skipped
  and not waited for.

  Touches: homol.IPA read, homol.CAPM read, homol.PosModRF read, homol.SONA read, homol.Derivados read, homol.UBS read
  Since: 018
*/
CREATE OR ALTER FUNCTION logs.fn_Peso_Fondo (
  @FechaReporte date,
  @Portfolio_Geneva varchar(50),
  @Portfolio_CAPM varchar(50),
  @Portfolio_Derivados varchar(50),
  @Portfolio_UBS varchar(50)
)
RETURNS TABLE
AS
RETURN
  -- una busqueda por fuente en su clave
  SELECT CONVERT(decimal(12, 2), 1 + CONVERT(decimal(12, 2), SUM(x.Lineas)) / 100) AS Peso
  FROM (
    SELECT COUNT(*) AS Lineas FROM homol.IPA AS h WITH (ROWLOCK, READPAST, READCOMMITTEDLOCK)
    WHERE h.FechaReporte = @FechaReporte AND h.Portfolio = @Portfolio_Geneva
    UNION ALL
    SELECT COUNT(*) FROM homol.CAPM AS h WITH (ROWLOCK, READPAST, READCOMMITTEDLOCK)
    WHERE h.FechaReporte = @FechaReporte AND h.Portfolio = @Portfolio_CAPM
    UNION ALL
    SELECT COUNT(*) FROM homol.PosModRF AS h WITH (ROWLOCK, READPAST, READCOMMITTEDLOCK)
    WHERE h.FechaReporte = @FechaReporte AND h.Portfolio = @Portfolio_Geneva
    UNION ALL
    SELECT COUNT(*) FROM homol.SONA AS h WITH (ROWLOCK, READPAST, READCOMMITTEDLOCK)
    WHERE h.FechaReporte = @FechaReporte AND h.Portfolio = @Portfolio_Geneva
    UNION ALL
    SELECT COUNT(*) FROM homol.Derivados AS h WITH (ROWLOCK, READPAST, READCOMMITTEDLOCK)
    WHERE h.FechaReporte = @FechaReporte AND h.Portfolio = @Portfolio_Derivados
    UNION ALL
    SELECT COUNT(*) FROM homol.UBS AS h WITH (ROWLOCK, READPAST, READCOMMITTEDLOCK)
    WHERE h.FechaReporte = @FechaReporte AND h.Portfolio = @Portfolio_UBS
  ) AS x;
GO
