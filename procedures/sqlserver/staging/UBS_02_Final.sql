SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  Leaves the breaks between the custodian and IPA in staging.UBS_Final, one row per InvestID whose quantities differ:
  FALTA_EN_IPA when IPA has no such position, FALTA_EN_UBS when the custodian has none, else CANTIDAD_DISTINTA; Diferencia is
  the custodian's quantity less IPA's. Quantities of one InvestID are added up; one of zero is as good as none. IPA's cash is
  no position: it is not looked for at the custodian, and the custodian's lines of that InvestID are left out. Without lines
  of the custodian every position is a break. Deletes the fund's rows first.

  Returns: nothing
  Errors: 50400, 50404, 50409
  Touches: logs.Ejecuciones read, logs.Ejecucion_Fondos read, logs.Backfill_Mapa read, logs.Backfill_Estado read, staging.IPA_Final read, staging.UBS_WorkTable read, staging.UBS_Final write
  Batch: 2000
  Step: called inside the caller's transaction
  Since: 018
*/
CREATE OR ALTER PROCEDURE staging.UBS_02_Final
  @ID_Ejecucion bigint,
  @FechaReporte date,
  @ID_Fund int,
  @Portfolio_Geneva varchar(50)
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;

  DECLARE @ID_Ejecucion_IPA bigint, @Desde int = 0, @Filas int, @Borradas int = 2000;

  EXEC staging.sp_Comprobar_Paso @ID_Ejecucion, @FechaReporte, @ID_Fund, @Portfolio_Geneva;

  EXEC staging.sp_Ejecucion_IPA
    @ID_Ejecucion = @ID_Ejecucion, @FechaReporte = @FechaReporte, @ID_Fund = @ID_Fund,
    @ID_Ejecucion_IPA = @ID_Ejecucion_IPA OUTPUT;

  DECLARE @Final TABLE
  (
    N               int            NOT NULL PRIMARY KEY,
    InvestID        nvarchar(100)  NOT NULL,
    Tipo_Diferencia varchar(20)    NOT NULL,
    Cantidad_IPA    decimal(28, 8) NULL,
    Cantidad_UBS    decimal(28, 8) NULL,
    Diferencia      decimal(28, 8) NOT NULL
  );

  WITH propias AS (
    SELECT i.InvestID, i.Cantidad, i.Es_Efectivo
    FROM staging.IPA_Final AS i
    WHERE i.ID_Ejecucion = @ID_Ejecucion_IPA AND i.ID_Fund = @ID_Fund
  ),
  lineas AS (
    SELECT w.InvestID, w.Cantidad, ROW_NUMBER() OVER (PARTITION BY w.InvestID ORDER BY w.ID_Linea) AS Puesto
    FROM staging.UBS_WorkTable AS w
    WHERE w.ID_Ejecucion = @ID_Ejecucion AND w.ID_Fund = @ID_Fund
  ),
  custodio AS (
    SELECT MAX(CASE WHEN l.Puesto = 1 THEN l.InvestID END) AS InvestID, CAST(SUM(l.Cantidad) AS decimal(28, 8)) AS Cantidad
    FROM lineas AS l
    GROUP BY l.InvestID
  )
  INSERT INTO @Final (N, InvestID, Tipo_Diferencia, Cantidad_IPA, Cantidad_UBS, Diferencia)
  SELECT
    ROW_NUMBER() OVER (ORDER BY COALESCE(p.InvestID, c.InvestID)), COALESCE(p.InvestID, c.InvestID),
    CASE
      WHEN p.InvestID IS NULL THEN 'FALTA_EN_IPA'
      WHEN c.InvestID IS NULL THEN 'FALTA_EN_UBS'
      ELSE 'CANTIDAD_DISTINTA'
    END,
    p.Cantidad, c.Cantidad, COALESCE(c.Cantidad, 0) - COALESCE(p.Cantidad, 0)
  FROM propias AS p
  FULL OUTER JOIN custodio AS c ON c.InvestID = p.InvestID
  WHERE COALESCE(p.Cantidad, 0) <> COALESCE(c.Cantidad, 0) AND COALESCE(p.Es_Efectivo, 0) = 0;
  SET @Filas = @@ROWCOUNT;

  WHILE @Borradas = 2000
  BEGIN
    DELETE TOP (2000) FROM staging.UBS_Final WITH (ROWLOCK, FORCESEEK)
    WHERE ID_Ejecucion = @ID_Ejecucion AND ID_Fund = @ID_Fund;
    SET @Borradas = @@ROWCOUNT;
  END;

  WHILE @Desde < @Filas
  BEGIN
    INSERT INTO staging.UBS_Final WITH (ROWLOCK) (
      ID_Ejecucion, ID_Fund, InvestID, FechaReporte, Tipo_Diferencia, Cantidad_IPA, Cantidad_UBS, Diferencia)
    SELECT
      @ID_Ejecucion, @ID_Fund, f.InvestID, @FechaReporte, f.Tipo_Diferencia, f.Cantidad_IPA, f.Cantidad_UBS,
      f.Diferencia
    FROM @Final AS f
    WHERE f.N > @Desde AND f.N <= @Desde + 2000;

    SET @Desde += 2000;
  END;
END;
