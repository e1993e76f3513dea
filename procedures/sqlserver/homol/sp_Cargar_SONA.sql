SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  Loads trades that are not settled yet (Cantidad and Monto positive when buying): replaces all rows of each (FechaReporte,
  Portfolio) among the given lines, in one transaction. A pair whose stored rows already are the given ones is left alone, so
  that loading a file twice changes nothing. Texts are trimmed; numbers are plain decimals, rounded to the column's scale. A
  line is known by its ID_Operacion; the same one twice in one pair is refused. Two loads of one pair wait for each other. An
  error names the line.

  Returns: one
    Insertadas    int  not null  rows written
    Reemplazadas  int  not null  rows that stood there before and were deleted
    Sin_Cambio    bit  not null  nothing had to be written
  Errors: 50400, 50408, 50499
  Touches: homol.SONA write
  Batch: 2000
  Entry: carril_app
  Since: 024
*/
CREATE OR ALTER PROCEDURE homol.sp_Cargar_SONA
  @Filas homol.Filas_SONA_v1 READONLY
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;

  DECLARE
    @Mensaje nvarchar(2048), @Recurso nvarchar(255), @Par int = 0, @FechaReporte date, @Portfolio varchar(50),
    @Total int, @Iguales int, @Guardadas int, @Desde int, @Borradas int,
    @Insertadas int = 0, @Reemplazadas int = 0, @Sin_Cambio bit = 1;

  SELECT TOP (1) @Mensaje = CONCAT(N'Linea ', f.Linea, N': ', p.Problema)
  FROM @Filas AS f
  CROSS APPLY (VALUES
    (1, N'Portfolio', f.Portfolio, 'texto', 1),
    (2, N'ID_Operacion', f.ID_Operacion, 'texto', 1),
    (3, N'InvestID', f.InvestID, 'texto', 1),
    (4, N'Moneda', f.Moneda, 'moneda', 1),
    (5, N'Cantidad', f.Cantidad, 'decimal(28,8)', 1),
    (6, N'Monto', f.Monto, 'decimal(19,4)', 1)
  ) AS c (Orden, Columna, Texto, Tipo, Obligatoria)
  CROSS APPLY homol.fn_Problema_Celda(c.Columna, c.Texto, c.Tipo, c.Obligatoria) AS p
  WHERE p.Problema IS NOT NULL
  ORDER BY f.Linea, c.Orden;

  -- las mismas filas, limpias y convertidas; N las numera dentro de su par, en el orden del archivo
  DECLARE @Lineas TABLE
  (
    Linea            int            NOT NULL,
    N                int            NOT NULL,
    FechaReporte     date           NOT NULL,
    Portfolio        varchar(50)    NOT NULL,
    ID_Operacion     nvarchar(50)   NOT NULL,
    InvestID         nvarchar(100)  NOT NULL,
    Descripcion      nvarchar(200)  NOT NULL,
    Moneda           char(3)        NOT NULL,
    FechaOperacion   date           NOT NULL,
    FechaLiquidacion date           NOT NULL,
    Cantidad         decimal(28, 8) NOT NULL,
    Monto            decimal(19, 4) NOT NULL,
    PRIMARY KEY (FechaReporte, Portfolio, N)
  );

  IF @Mensaje IS NULL
  BEGIN
    INSERT INTO @Lineas (
      Linea, N, FechaReporte, Portfolio, ID_Operacion, InvestID, Descripcion, Moneda, FechaOperacion, FechaLiquidacion,
      Cantidad, Monto)
    SELECT
      f.Linea, ROW_NUMBER() OVER (PARTITION BY f.FechaReporte, TRIM(f.Portfolio) ORDER BY f.Linea),
      f.FechaReporte, TRIM(f.Portfolio), TRIM(f.ID_Operacion), TRIM(f.InvestID), TRIM(f.Descripcion), TRIM(f.Moneda),
      f.FechaOperacion, f.FechaLiquidacion, CONVERT(decimal(28, 8), TRIM(f.Cantidad)), CONVERT(decimal(19, 4), TRIM(f.Monto))
    FROM @Filas AS f;

    SELECT TOP (1) @Mensaje = CONCAT(
      N'Linea ', MAX(l.Linea), N': ', N'ID_Operacion ', l.ID_Operacion, N' de ', l.Portfolio, N' al ',
      CONVERT(char(10), l.FechaReporte, 23), N' ya esta en la linea ', MIN(l.Linea))
    FROM @Lineas AS l
    GROUP BY l.FechaReporte, l.Portfolio, l.ID_Operacion
    HAVING COUNT(*) > 1
    ORDER BY MAX(l.Linea);
  END;

  IF @Mensaje IS NOT NULL
  BEGIN
    SET @Mensaje = REPLACE(@Mensaje, N'%', N'%%'); -- THROW lee % como comienzo de un formato
    THROW 50400, @Mensaje, 1;
  END;

  DECLARE @Pares TABLE
  (
    Par          int         NOT NULL PRIMARY KEY,
    FechaReporte date        NOT NULL,
    Portfolio    varchar(50) NOT NULL,
    Total        int         NOT NULL
  );
  INSERT INTO @Pares (Par, FechaReporte, Portfolio, Total)
  SELECT ROW_NUMBER() OVER (ORDER BY l.FechaReporte, l.Portfolio), l.FechaReporte, l.Portfolio, COUNT(*)
  FROM @Lineas AS l
  GROUP BY l.FechaReporte, l.Portfolio;

  BEGIN TRY
    BEGIN TRANSACTION;

    -- par por par y siempre en el mismo orden: dos cargas de los mismos pares se esperan, nunca se cruzan
    WHILE 1 = 1
    BEGIN
      SET @Par += 1;
      SELECT @FechaReporte = p.FechaReporte, @Portfolio = p.Portfolio, @Total = p.Total FROM @Pares AS p WHERE p.Par = @Par;
      IF @@ROWCOUNT = 0 BREAK;

      -- el nombre de un bloqueo distingue mayusculas y el codigo de un portfolio, segun la base, no
      SET @Recurso = CONCAT(N'carril:carga:SONA:', CONVERT(char(10), @FechaReporte, 23), N':', UPPER(@Portfolio));
      EXEC trabajo.sp_Bloquear @Recurso = @Recurso, @Modo = 'Exclusive', @Espera_ms = 30000;

      -- Ya esta lo mismo: tantas filas como lineas, e igual a cada linea (no se repiten) una fila. INTERSECT compara NULL
      -- con NULL como iguales; los textos van en binario, para que un cambio de mayusculas tambien sea un cambio.
      SELECT @Guardadas = COUNT(*) FROM homol.SONA AS h WHERE h.FechaReporte = @FechaReporte AND h.Portfolio = @Portfolio;
      SELECT @Iguales = COUNT(*)
      FROM (
        SELECT
          l.Portfolio, l.ID_Operacion, l.InvestID, l.Descripcion, l.Moneda, l.FechaOperacion, l.FechaLiquidacion, l.Cantidad,
          l.Monto
        FROM @Lineas AS l
        WHERE l.FechaReporte = @FechaReporte AND l.Portfolio = @Portfolio
        INTERSECT
        SELECT
          h.Portfolio COLLATE Latin1_General_100_BIN2, h.ID_Operacion COLLATE Latin1_General_100_BIN2,
          h.InvestID COLLATE Latin1_General_100_BIN2, h.Descripcion COLLATE Latin1_General_100_BIN2,
          h.Moneda COLLATE Latin1_General_100_BIN2, h.FechaOperacion, h.FechaLiquidacion, h.Cantidad, h.Monto
        FROM homol.SONA AS h
        WHERE h.FechaReporte = @FechaReporte AND h.Portfolio = @Portfolio
      ) AS i
      OPTION (RECOMPILE); -- con el numero real de lineas: una variable de tabla se estima en una sola fila
      IF @Guardadas = @Total AND @Iguales = @Total CONTINUE;

      SET @Sin_Cambio = 0;
      SET @Borradas = 2000;
      WHILE @Borradas = 2000
      BEGIN
        DELETE TOP (2000) FROM homol.SONA WITH (ROWLOCK, FORCESEEK)
        WHERE FechaReporte = @FechaReporte AND Portfolio = @Portfolio;
        SET @Borradas = @@ROWCOUNT;
        SET @Reemplazadas += @Borradas;
      END;

      SET @Desde = 0;
      WHILE @Desde < @Total
      BEGIN
        INSERT INTO homol.SONA WITH (ROWLOCK) (
          FechaReporte, Portfolio, ID_Operacion, InvestID, Descripcion, Moneda, FechaOperacion, FechaLiquidacion, Cantidad,
          Monto)
        SELECT
          l.FechaReporte, l.Portfolio, l.ID_Operacion, l.InvestID, l.Descripcion, l.Moneda, l.FechaOperacion,
          l.FechaLiquidacion, l.Cantidad, l.Monto
        FROM @Lineas AS l
        WHERE l.FechaReporte = @FechaReporte AND l.Portfolio = @Portfolio AND l.N > @Desde AND l.N <= @Desde + 2000
        ORDER BY l.N;
        SET @Insertadas += @@ROWCOUNT;
        SET @Desde += 2000;
      END;
    END;

    COMMIT TRANSACTION;
  END TRY
  BEGIN CATCH
    IF XACT_STATE() <> 0 ROLLBACK TRANSACTION;
    THROW;
  END CATCH;

  SELECT @Insertadas AS Insertadas, @Reemplazadas AS Reemplazadas, @Sin_Cambio AS Sin_Cambio;
END;
GO
GRANT EXECUTE ON homol.sp_Cargar_SONA TO carril_app;
