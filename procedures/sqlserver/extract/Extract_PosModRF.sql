SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  Copies the execution's fixed income positions of its date from homol.PosModRF to extract.PosModRF, for the Portfolio_Geneva
  of its funds. Deletes the execution's rows first, so that a second call leaves the same rows; touches no other execution's.

  Returns: nothing
  Errors: 50400, 50404, 50408, 50409, 50499
  Touches: logs.Ejecuciones read, logs.Ejecucion_Fondos read, homol.PosModRF read, extract.PosModRF write
  Batch: 2000
  Step: called inside the caller's transaction
  Since: 018
*/
CREATE OR ALTER PROCEDURE extract.Extract_PosModRF
  @FechaReporte date,
  @ID_Ejecucion bigint
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;

  DECLARE
    @Recurso nvarchar(255), @N int = 0, @Portfolio varchar(50), @Desde bigint, @Hasta bigint, @Borradas int = 2000;

  EXEC extract.sp_Comprobar_Extraccion @FechaReporte = @FechaReporte, @ID_Ejecucion = @ID_Ejecucion;

  WHILE @Borradas = 2000
  BEGIN
    DELETE TOP (2000) FROM extract.PosModRF WITH (ROWLOCK, FORCESEEK)
    WHERE ID_Ejecucion = @ID_Ejecucion;
    SET @Borradas = @@ROWCOUNT;
  END;

  -- un portfolio por fondo; una ejecucion heredada tiene todos los de su fecha
  DECLARE @Portfolios TABLE
  (
    N         int         NOT NULL PRIMARY KEY, -- en el orden en que se toman los bloqueos
    Portfolio varchar(50) NOT NULL
  );
  INSERT INTO @Portfolios (N, Portfolio)
  SELECT ROW_NUMBER() OVER (ORDER BY f.Portfolio_Geneva), f.Portfolio_Geneva
  FROM logs.Ejecucion_Fondos AS f
  WHERE f.ID_Ejecucion = @ID_Ejecucion
  GROUP BY f.Portfolio_Geneva;

  WHILE 1 = 1
  BEGIN
    SELECT TOP (1) @N = p.N, @Portfolio = p.Portfolio
    FROM @Portfolios AS p
    WHERE p.N > @N
    ORDER BY p.N;
    IF @@ROWCOUNT = 0 BREAK;

    -- compartido con las demas extracciones y excluyente con las cargas de homol.PosModRF: todos los tramos salen de lo mismo
    SET @Recurso = CONCAT(N'carril:carga:PosModRF:', CONVERT(char(10), @FechaReporte, 23), N':', UPPER(@Portfolio));
    EXEC trabajo.sp_Bloquear @Recurso = @Recurso, @Modo = 'Shared', @Espera_ms = 30000;

    SET @Desde = 0;
    WHILE 1 = 1
    BEGIN
      SELECT @Hasta = MAX(t.ID_Linea)
      FROM (
        SELECT TOP (2000) h.ID_Linea
        FROM homol.PosModRF AS h
        WHERE h.FechaReporte = @FechaReporte AND h.Portfolio = @Portfolio AND h.ID_Linea > @Desde
        ORDER BY h.ID_Linea
      ) AS t;
      IF @Hasta IS NULL BREAK;

      INSERT INTO extract.PosModRF WITH (ROWLOCK) (
        ID_Ejecucion, FechaReporte, Portfolio, InvestID, Descripcion, Moneda, Nominal, TIR, DuracionModificada,
        ValorMercado)
      SELECT
        @ID_Ejecucion, h.FechaReporte, h.Portfolio, h.InvestID, h.Descripcion, h.Moneda, h.Nominal, h.TIR,
        h.DuracionModificada, h.ValorMercado
      FROM homol.PosModRF AS h
      WHERE h.FechaReporte = @FechaReporte AND h.Portfolio = @Portfolio
        AND h.ID_Linea > @Desde AND h.ID_Linea <= @Hasta
      ORDER BY h.ID_Linea;

      SET @Desde = @Hasta;
    END;
  END;
END;
