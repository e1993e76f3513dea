SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  Loads derivatives: replaces all rows of each (FechaReporte, Portfolio) among the given lines, in one transaction. A pair
  whose stored rows already are the given ones is left alone, so that loading a file twice changes nothing. Texts are trimmed;
  numbers are plain decimals, rounded to the column's scale. A blank FechaVencimiento or Delta is none; the same InvestID
  twice in one pair is refused. Two loads of one pair wait for each other. An error names the line.

  Returns: one
    Insertadas    int  not null  rows written
    Reemplazadas  int  not null  rows that stood there before and were deleted
    Sin_Cambio    bit  not null  nothing had to be written
  Errors: 50400, 50408, 50499
  Touches: homol.Derivados write
  Batch: 2000
  Entry: carril_app
  Since: 024
*/
CREATE OR ALTER PROCEDURE homol.sp_Cargar_Derivados
  @Filas homol.Filas_Derivados_v1 READONLY
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
    (2, N'InvestID', f.InvestID, 'texto', 1),
    (3, N'Tipo_Instrumento', f.Tipo_Instrumento, 'texto', 1),
    (4, N'Moneda', f.Moneda, 'moneda', 1),
    (5, N'Nocional', f.Nocional, 'decimal(28,8)', 1),
    (6, N'ValorMercado', f.ValorMercado, 'decimal(19,4)', 1),
    (7, N'Delta', f.Delta, 'decimal(18,10)', 0)
  ) AS c (Orden, Columna, Texto, Tipo, Obligatoria)
  CROSS APPLY homol.fn_Problema_Celda(c.Columna, c.Texto, c.Tipo, c.Obligatoria) AS p
  WHERE p.Problema IS NOT NULL
  ORDER BY f.Linea, c.Orden;

  -- las mismas filas, limpias y convertidas; N las numera dentro de su par, en el orden del archivo
  DECLARE @Lineas TABLE
  (
    Linea            int             NOT NULL,
    N                int             NOT NULL,
    FechaReporte     date            NOT NULL,
    Portfolio        varchar(50)     NOT NULL,
    InvestID         nvarchar(100)   NOT NULL,
    Descripcion      nvarchar(200)   NOT NULL,
    Tipo_Instrumento varchar(50)     NOT NULL,
    Moneda           char(3)         NOT NULL,
    FechaVencimiento date            NULL,
    Nocional         decimal(28, 8)  NOT NULL,
    ValorMercado     decimal(19, 4)  NOT NULL,
    Delta            decimal(18, 10) NULL,
    PRIMARY KEY (FechaReporte, Portfolio, N)
  );

  IF @Mensaje IS NULL
  BEGIN
    INSERT INTO @Lineas (
      Linea, N, FechaReporte, Portfolio, InvestID, Descripcion, Tipo_Instrumento, Moneda, FechaVencimiento, Nocional,
      ValorMercado, Delta)
    SELECT
      f.Linea, ROW_NUMBER() OVER (PARTITION BY f.FechaReporte, TRIM(f.Portfolio) ORDER BY f.Linea),
      f.FechaReporte, TRIM(f.Portfolio), TRIM(f.InvestID), TRIM(f.Descripcion), TRIM(f.Tipo_Instrumento), TRIM(f.Moneda),
      f.FechaVencimiento, CONVERT(decimal(28, 8), TRIM(f.Nocional)), CONVERT(decimal(19, 4), TRIM(f.ValorMercado)),
      CONVERT(decimal(18, 10), NULLIF(TRIM(f.Delta), ''))
    FROM @Filas AS f;

    SELECT TOP (1) @Mensaje = CONCAT(
      N'Linea ', MAX(l.Linea), N': ', N'InvestID ', l.InvestID, N' de ', l.Portfolio, N' al ',
      CONVERT(char(10), l.FechaReporte, 23), N' ya esta en la linea ', MIN(l.Linea))
    FROM @Lineas AS l
    GROUP BY l.FechaReporte, l.Portfolio, l.InvestID
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
      SET @Recurso = CONCAT(N'carril:carga:Derivados:', CONVERT(char(10), @FechaReporte, 23), N':', UPPER(@Portfolio));
      EXEC trabajo.sp_Bloquear @Recurso = @Recurso, @Modo = 'Exclusive', @Espera_ms = 30000;

      -- Ya esta lo mismo: tantas filas como lineas, e igual a cada linea (no se repiten) una fila. INTERSECT compara NULL
      -- con NULL como iguales; los textos van en binario, para que un cambio de mayusculas tambien sea un cambio.
      SELECT @Guardadas = COUNT(*) FROM homol.Derivados AS h WHERE h.FechaReporte = @FechaReporte AND h.Portfolio = @Portfolio;
      SELECT @Iguales = COUNT(*)
      FROM (
        SELECT
          l.Portfolio, l.InvestID, l.Descripcion, l.Tipo_Instrumento, l.Moneda, l.FechaVencimiento, l.Nocional,
          l.ValorMercado, l.Delta
        FROM @Lineas AS l
        WHERE l.FechaReporte = @FechaReporte AND l.Portfolio = @Portfolio
        INTERSECT
        SELECT
          h.Portfolio COLLATE Latin1_General_100_BIN2, h.InvestID COLLATE Latin1_General_100_BIN2,
          h.Descripcion COLLATE Latin1_General_100_BIN2, h.Tipo_Instrumento COLLATE Latin1_General_100_BIN2,
          h.Moneda COLLATE Latin1_General_100_BIN2, h.FechaVencimiento, h.Nocional, h.ValorMercado, h.Delta
        FROM homol.Derivados AS h
        WHERE h.FechaReporte = @FechaReporte AND h.Portfolio = @Portfolio
      ) AS i
      OPTION (RECOMPILE); -- con el numero real de lineas: una variable de tabla se estima en una sola fila
      IF @Guardadas = @Total AND @Iguales = @Total CONTINUE;

      SET @Sin_Cambio = 0;
      SET @Borradas = 2000;
      WHILE @Borradas = 2000
      BEGIN
        DELETE TOP (2000) FROM homol.Derivados WITH (ROWLOCK, FORCESEEK)
        WHERE FechaReporte = @FechaReporte AND Portfolio = @Portfolio;
        SET @Borradas = @@ROWCOUNT;
        SET @Reemplazadas += @Borradas;
      END;

      SET @Desde = 0;
      WHILE @Desde < @Total
      BEGIN
        INSERT INTO homol.Derivados WITH (ROWLOCK) (
          FechaReporte, Portfolio, InvestID, Descripcion, Tipo_Instrumento, Moneda, FechaVencimiento, Nocional, ValorMercado,
          Delta)
        SELECT
          l.FechaReporte, l.Portfolio, l.InvestID, l.Descripcion, l.Tipo_Instrumento, l.Moneda, l.FechaVencimiento,
          l.Nocional, l.ValorMercado, l.Delta
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
GRANT EXECUTE ON homol.sp_Cargar_Derivados TO carril_app;
