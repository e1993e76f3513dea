SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  Leaves one row per InvestID and currency in staging.SONA_Final: quantity and money of the trades that are pending, added up
  with their signs, and how many trades they are; lines with one ID_Operacion are parts of one trade. A row stays when its
  sums are zero. Deletes the fund's rows first.

  Returns: nothing
  Errors: 50400, 50404, 50409
  Touches: logs.Ejecuciones read, logs.Ejecucion_Fondos read, staging.SONA_WorkTable read, staging.SONA_Final write
  Batch: 2000
  Step: called inside the caller's transaction
  Since: 015
*/
CREATE OR ALTER PROCEDURE staging.SONA_02_Final
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
    N                  int            NOT NULL PRIMARY KEY,
    InvestID           nvarchar(100)  NOT NULL,
    Moneda             char(3)        NOT NULL,
    Cantidad_Pendiente decimal(28, 8) NOT NULL,
    Monto_Pendiente    decimal(19, 4) NOT NULL,
    Operaciones        int            NOT NULL
  );

  WITH lineas AS (
    SELECT
      w.InvestID, w.Moneda, w.ID_Operacion, w.Cantidad, w.Monto,
      ROW_NUMBER() OVER (PARTITION BY w.InvestID, w.Moneda ORDER BY w.ID_Linea) AS Puesto
    FROM staging.SONA_WorkTable AS w
    WHERE w.ID_Ejecucion = @ID_Ejecucion AND w.ID_Fund = @ID_Fund
  ),
  pendientes AS (
    SELECT
      MAX(CASE WHEN l.Puesto = 1 THEN l.InvestID END) AS InvestID,
      MAX(CASE WHEN l.Puesto = 1 THEN l.Moneda END) AS Moneda,
      CAST(SUM(l.Cantidad) AS decimal(28, 8)) AS Cantidad_Pendiente,
      CAST(SUM(l.Monto) AS decimal(19, 4)) AS Monto_Pendiente,
      COUNT(DISTINCT l.ID_Operacion) AS Operaciones
    FROM lineas AS l
    GROUP BY l.InvestID, l.Moneda
  )
  INSERT INTO @Final (N, InvestID, Moneda, Cantidad_Pendiente, Monto_Pendiente, Operaciones)
  SELECT
    ROW_NUMBER() OVER (ORDER BY p.InvestID, p.Moneda), p.InvestID, p.Moneda, p.Cantidad_Pendiente, p.Monto_Pendiente,
    p.Operaciones
  FROM pendientes AS p;
  SET @Filas = @@ROWCOUNT;

  WHILE @Borradas = 2000
  BEGIN
    DELETE TOP (2000) FROM staging.SONA_Final WITH (ROWLOCK, FORCESEEK)
    WHERE ID_Ejecucion = @ID_Ejecucion AND ID_Fund = @ID_Fund;
    SET @Borradas = @@ROWCOUNT;
  END;

  WHILE @Desde < @Filas
  BEGIN
    INSERT INTO staging.SONA_Final WITH (ROWLOCK) (
      ID_Ejecucion, ID_Fund, InvestID, FechaReporte, Moneda, Cantidad_Pendiente, Monto_Pendiente, Operaciones)
    SELECT
      @ID_Ejecucion, @ID_Fund, f.InvestID, @FechaReporte, f.Moneda, f.Cantidad_Pendiente, f.Monto_Pendiente,
      f.Operaciones
    FROM @Final AS f
    WHERE f.N > @Desde AND f.N <= @Desde + 2000;

    SET @Desde += 2000;
  END;
END;
