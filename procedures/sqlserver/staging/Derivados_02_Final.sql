SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  Leaves one row per InvestID in staging.Derivados_Final: notionals and market values added up, description of the line with
  the largest absolute notional, delta exposure (notional times delta, line by line, added up exactly and then rounded half
  away from zero to 8 decimals). A position with a line whose delta is not known has no exposure (NULL). Deletes the fund's
  rows first.

  Returns: nothing
  Errors: 50400, 50404, 50409
  Touches: logs.Ejecuciones read, logs.Ejecucion_Fondos read, staging.Derivados_WorkTable read, staging.Derivados_Final write
  Batch: 2000
  Step: called inside the caller's transaction
  Since: 015
*/
CREATE OR ALTER PROCEDURE staging.Derivados_02_Final
  @ID_Ejecucion bigint,
  @FechaReporte date,
  @ID_Fund int,
  @Portfolio_Geneva varchar(50)
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;

  DECLARE @Desde int = 0, @Filas int, @Borradas int = 2000;

  EXEC staging.sp_Comprobar_Paso @ID_Ejecucion, @FechaReporte, @ID_Fund, @Portfolio_Geneva;

  DECLARE @Final TABLE
  (
    N                int            NOT NULL PRIMARY KEY,
    InvestID         nvarchar(100)  NOT NULL,
    Descripcion      nvarchar(200)  NOT NULL,
    Nocional         decimal(28, 8) NOT NULL,
    ValorMercado     decimal(19, 4) NOT NULL,
    Exposicion_Delta decimal(28, 8) NULL
  );

  -- Un producto de decimal(28,8) por decimal(18,10) pasa de 38 cifras, y T-SQL lo redondearia a 9 decimales antes de sumar.
  -- En dos partes cabe exacto: la entera por Delta es decimal(38,10), la decimal por Delta decimal(27,18).
  WITH lineas AS (
    SELECT
      w.InvestID, w.Descripcion, w.Nocional, w.ValorMercado,
      CAST(CAST(partes.Entera * w.Delta AS decimal(37, 18)) + partes.Fraccion * w.Delta AS decimal(38, 18)) AS Exposicion,
      ROW_NUMBER() OVER (PARTITION BY w.InvestID ORDER BY ABS(w.Nocional) DESC, w.ID_Linea) AS Puesto
    FROM staging.Derivados_WorkTable AS w
    CROSS APPLY (VALUES (
      CAST(ROUND(w.Nocional, 0, 1) AS decimal(19, 0)),
      CAST(w.Nocional - ROUND(w.Nocional, 0, 1) AS decimal(8, 8))
    )) AS partes (Entera, Fraccion)
    WHERE w.ID_Ejecucion = @ID_Ejecucion AND w.ID_Fund = @ID_Fund
  ),
  posiciones AS (
    SELECT
      MAX(CASE WHEN l.Puesto = 1 THEN l.InvestID END) AS InvestID,
      MAX(CASE WHEN l.Puesto = 1 THEN l.Descripcion END) AS Descripcion,
      CAST(SUM(l.Nocional) AS decimal(28, 8)) AS Nocional,
      CAST(SUM(l.ValorMercado) AS decimal(19, 4)) AS ValorMercado,
      CASE WHEN COUNT(l.Exposicion) = COUNT(*) THEN CAST(SUM(l.Exposicion) AS decimal(28, 8)) END AS Exposicion_Delta
    FROM lineas AS l
    GROUP BY l.InvestID
  )
  INSERT INTO @Final (N, InvestID, Descripcion, Nocional, ValorMercado, Exposicion_Delta)
  SELECT
    ROW_NUMBER() OVER (ORDER BY p.InvestID), p.InvestID, p.Descripcion, p.Nocional, p.ValorMercado, p.Exposicion_Delta
  FROM posiciones AS p;
  SET @Filas = @@ROWCOUNT;

  WHILE @Borradas = 2000
  BEGIN
    DELETE TOP (2000) FROM staging.Derivados_Final WITH (ROWLOCK, FORCESEEK)
    WHERE ID_Ejecucion = @ID_Ejecucion AND ID_Fund = @ID_Fund;
    SET @Borradas = @@ROWCOUNT;
  END;

  WHILE @Desde < @Filas
  BEGIN
    INSERT INTO staging.Derivados_Final WITH (ROWLOCK) (
      ID_Ejecucion, ID_Fund, InvestID, FechaReporte, Descripcion, Nocional, ValorMercado, Exposicion_Delta)
    SELECT
      @ID_Ejecucion, @ID_Fund, f.InvestID, @FechaReporte, f.Descripcion, f.Nocional, f.ValorMercado,
      f.Exposicion_Delta
    FROM @Final AS f
    WHERE f.N > @Desde AND f.N <= @Desde + 2000;

    SET @Desde += 2000;
  END;
END;
