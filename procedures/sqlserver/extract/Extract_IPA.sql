SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  Copies the execution's positions of its date from homol.IPA to extract.IPA, for the Portfolio_Geneva of its funds. Deletes
  the execution's rows first, so that a second call leaves the same rows; touches no other execution's.

  Returns: nothing
  Errors: 50400, 50404, 50408, 50409, 50499
  Touches: logs.Ejecuciones read, logs.Ejecucion_Fondos read, homol.IPA read, extract.IPA write
  Batch: 2000
  Step: called inside the caller's transaction
  Since: 015
*/
CREATE OR ALTER PROCEDURE extract.Extract_IPA
  @FechaReporte date,
  @ID_Ejecucion bigint
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;

  DECLARE
    @Mensaje nvarchar(2048), @Codigo int, @Recurso nvarchar(255), @Fecha date,
    @N int = 0, @Portfolio varchar(50), @Desde bigint, @Hasta bigint, @Borradas int = 2000;

  IF @@TRANCOUNT = 0
    THROW 50409, N'extract.Extract_IPA es un paso: se llama dentro de la transaccion de quien lo ejecuta.', 1;

  SELECT @Fecha = e.FechaReporte FROM logs.Ejecuciones AS e WHERE e.ID_Ejecucion = @ID_Ejecucion;
  IF @Fecha IS NULL
  BEGIN
    SET @Mensaje = CONCAT(N'La ejecucion ', @ID_Ejecucion, N' no existe.');
    THROW 50404, @Mensaje, 1;
  END;
  IF @FechaReporte IS NULL OR @FechaReporte <> @Fecha
  BEGIN
    SET @Mensaje = CONCAT(N'La ejecucion ', @ID_Ejecucion, N' es del ', CONVERT(char(10), @Fecha, 23), N', no del ',
      ISNULL(CONVERT(char(10), @FechaReporte, 23), N'NULL'), N'.');
    THROW 50400, @Mensaje, 1;
  END;

  WHILE @Borradas = 2000
  BEGIN
    DELETE TOP (2000) FROM extract.IPA WITH (ROWLOCK, FORCESEEK)
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

    -- Compartido con las demas extracciones y excluyente con homol.sp_Cargar_IPA: sin el, una carga que confirma entre
    -- dos tramos dejaria mitad de las filas de antes y mitad de las de despues.
    SET @Recurso = CONCAT(N'carril:carga:IPA:', CONVERT(char(10), @FechaReporte, 23), N':', UPPER(@Portfolio));
    EXEC @Codigo = sp_getapplock
      @Resource = @Recurso, @LockMode = 'Shared', @LockOwner = 'Transaction', @LockTimeout = 30000;
    IF @Codigo < 0
    BEGIN
      SET @Mensaje = REPLACE(CONCAT(N'El bloqueo ', @Recurso, N' no se obtuvo en 30 s: reintente.'), N'%', N'%%');
      IF @Codigo = -2 THROW 50499, @Mensaje, 1;
      IF @Codigo = -999 THROW 50400, @Mensaje, 1;
      THROW 50408, @Mensaje, 1;
    END;

    SET @Desde = 0;
    WHILE 1 = 1
    BEGIN
      SELECT @Hasta = MAX(t.ID_Linea)
      FROM (
        SELECT TOP (2000) h.ID_Linea
        FROM homol.IPA AS h
        WHERE h.FechaReporte = @FechaReporte AND h.Portfolio = @Portfolio AND h.ID_Linea > @Desde
        ORDER BY h.ID_Linea
      ) AS t;
      IF @Hasta IS NULL BREAK;

      INSERT INTO extract.IPA WITH (ROWLOCK) (
        ID_Ejecucion, FechaReporte, Portfolio, InvestID, Ticker, Descripcion, Moneda,
        Cantidad, PrecioLocal, ValorMercado, Peso)
      SELECT
        @ID_Ejecucion, h.FechaReporte, h.Portfolio, h.InvestID, h.Ticker, h.Descripcion, h.Moneda,
        h.Cantidad, h.PrecioLocal, h.ValorMercado, h.Peso
      FROM homol.IPA AS h
      WHERE h.FechaReporte = @FechaReporte AND h.Portfolio = @Portfolio
        AND h.ID_Linea > @Desde AND h.ID_Linea <= @Hasta
      ORDER BY h.ID_Linea;

      SET @Desde = @Hasta;
    END;
  END;
END;
