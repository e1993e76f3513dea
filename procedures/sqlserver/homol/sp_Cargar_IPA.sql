SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  Loads positions: replaces all rows of each (FechaReporte, Portfolio) among the given lines, in one transaction. A pair whose
  stored rows already are the given ones is left alone, so that loading a file twice changes nothing. Texts are trimmed, a
  blank Ticker or price is none; numbers are plain decimals, rounded to the column's scale. Two loads of one pair wait for
  each other. An error names the line.

  Returns: one
    Insertadas    int  not null  rows written
    Reemplazadas  int  not null  rows that stood there before and were deleted
    Sin_Cambio    bit  not null  nothing had to be written
  Errors: 50400, 50408, 50499
  Touches: homol.IPA write
  Batch: 2000
  Entry: carril_app
  Since: 003
*/
CREATE OR ALTER PROCEDURE homol.sp_Cargar_IPA
  @Filas homol.Filas_IPA_v1 READONLY
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;

  DECLARE
    @Mensaje nvarchar(2048), @Codigo int, @Recurso nvarchar(255),
    @N int, @FechaReporte date, @Portfolio varchar(50), @Desde int, @Hasta int, @Borradas int,
    @Insertadas int = 0, @Reemplazadas int = 0;

  -- las mismas filas con los textos limpios y los numeros convertidos: NULL donde no hay numero
  DECLARE @Lineas TABLE
  (
    Linea        int            NOT NULL,
    FechaReporte date           NOT NULL,
    Portfolio    varchar(50)    NOT NULL,
    InvestID     nvarchar(100)  NOT NULL,
    Ticker       nvarchar(50)   NULL,
    Descripcion  nvarchar(200)  NOT NULL,
    Moneda       char(3)        NOT NULL,
    Cantidad     decimal(28, 8) NULL,
    PrecioLocal  decimal(28, 8) NULL,
    ValorMercado decimal(19, 4) NULL,
    Peso         decimal(9, 6)  NULL,
    PRIMARY KEY (FechaReporte, Portfolio, Linea)
  );

  -- solo decimales simples: cifras, punto y signo (el LIKE), en ese orden y dentro del tipo (TRY_CONVERT)
  INSERT INTO @Lineas (
    Linea, FechaReporte, Portfolio, InvestID, Ticker, Descripcion, Moneda,
    Cantidad, PrecioLocal, ValorMercado, Peso)
  SELECT
    f.Linea, f.FechaReporte, TRIM(f.Portfolio), TRIM(f.InvestID), NULLIF(TRIM(f.Ticker), N''), TRIM(f.Descripcion),
    TRIM(f.Moneda),
    CASE WHEN t.Cantidad LIKE '%[0-9]%' AND t.Cantidad NOT LIKE '%[^-+.0-9]%'
      THEN TRY_CONVERT(decimal(28, 8), t.Cantidad) END,
    CASE WHEN t.PrecioLocal LIKE '%[0-9]%' AND t.PrecioLocal NOT LIKE '%[^-+.0-9]%'
      THEN TRY_CONVERT(decimal(28, 8), t.PrecioLocal) END,
    CASE WHEN t.ValorMercado LIKE '%[0-9]%' AND t.ValorMercado NOT LIKE '%[^-+.0-9]%'
      THEN TRY_CONVERT(decimal(19, 4), t.ValorMercado) END,
    CASE WHEN t.Peso LIKE '%[0-9]%' AND t.Peso NOT LIKE '%[^-+.0-9]%'
      THEN TRY_CONVERT(decimal(9, 6), t.Peso) END
  FROM @Filas AS f
  CROSS APPLY (VALUES
    (TRIM(f.Cantidad), TRIM(f.PrecioLocal), TRIM(f.ValorMercado), TRIM(f.Peso))
  ) AS t (Cantidad, PrecioLocal, ValorMercado, Peso);

  SELECT TOP (1) @Mensaje = CONCAT(N'Linea ', f.Linea, N': ', e.Motivo)
  FROM @Filas AS f
  INNER JOIN @Lineas AS l ON l.Linea = f.Linea
  CROSS APPLY (VALUES
    (1, CASE WHEN l.Portfolio = '' THEN N'Portfolio esta vacio' END),
    (2, CASE WHEN l.InvestID = N'' THEN N'InvestID esta vacio' END),
    (3, CASE WHEN LEN(RTRIM(l.Moneda)) <> 3 THEN CONCAT(N'Moneda "', f.Moneda, N'" no tiene tres letras') END),
    (4, CASE WHEN l.Cantidad IS NULL
      THEN CONCAT(N'Cantidad "', f.Cantidad, N'" no es un numero decimal(28,8)') END),
    (5, CASE WHEN l.PrecioLocal IS NULL AND f.PrecioLocal <> ''
      THEN CONCAT(N'PrecioLocal "', f.PrecioLocal, N'" no es un numero decimal(28,8)') END),
    (6, CASE WHEN l.ValorMercado IS NULL
      THEN CONCAT(N'ValorMercado "', f.ValorMercado, N'" no es un numero decimal(19,4)') END),
    (7, CASE WHEN l.Peso IS NULL AND f.Peso <> ''
      THEN CONCAT(N'Peso "', f.Peso, N'" no es un numero decimal(9,6)') END)
  ) AS e (Orden, Motivo)
  WHERE e.Motivo IS NOT NULL
  ORDER BY f.Linea, e.Orden;

  IF @Mensaje IS NULL
    SELECT TOP (1) @Mensaje = CONCAT(
      N'Linea ', MAX(l.Linea), N': la posicion ', l.InvestID, N' de ', l.Portfolio, N' al ',
      CONVERT(char(10), l.FechaReporte, 23), N' ya esta en la linea ', MIN(l.Linea))
    FROM @Lineas AS l
    GROUP BY l.FechaReporte, l.Portfolio, l.InvestID
    HAVING COUNT(*) > 1
    ORDER BY MAX(l.Linea);

  IF @Mensaje IS NOT NULL
  BEGIN
    SET @Mensaje = REPLACE(@Mensaje, N'%', N'%%'); -- THROW lee % como comienzo de un formato
    THROW 50400, @Mensaje, 1;
  END;

  DECLARE @Pares TABLE
  (
    N            int         NOT NULL PRIMARY KEY, -- en el orden en que se toman los bloqueos
    FechaReporte date        NOT NULL,
    Portfolio    varchar(50) NOT NULL,
    Filas        int         NOT NULL,
    Cambia       bit         NOT NULL
  );

  INSERT INTO @Pares (N, FechaReporte, Portfolio, Filas, Cambia)
  SELECT ROW_NUMBER() OVER (ORDER BY l.FechaReporte, l.Portfolio), l.FechaReporte, l.Portfolio, COUNT(*), 0
  FROM @Lineas AS l
  GROUP BY l.FechaReporte, l.Portfolio;

  BEGIN TRY
    BEGIN TRANSACTION;

    -- siempre en el mismo orden: dos cargas de los mismos pares se esperan, nunca se cruzan
    SET @N = 1;
    WHILE 1 = 1
    BEGIN
      -- el nombre de un bloqueo distingue mayusculas y el codigo de un portfolio, segun la base, no
      SELECT @Recurso = CONCAT(N'carril:carga:IPA:', CONVERT(char(10), p.FechaReporte, 23), N':', UPPER(p.Portfolio))
      FROM @Pares AS p
      WHERE p.N = @N;
      IF @@ROWCOUNT = 0 BREAK;

      EXEC @Codigo = sp_getapplock
        @Resource = @Recurso, @LockMode = 'Exclusive', @LockOwner = 'Transaction', @LockTimeout = 30000;
      IF @Codigo < 0
      BEGIN
        SET @Mensaje = REPLACE(CONCAT(N'El bloqueo ', @Recurso, N' no se obtuvo en 30 s: reintente.'), N'%', N'%%');
        IF @Codigo = -2 THROW 50499, @Mensaje, 1;
        IF @Codigo = -999 THROW 50400, @Mensaje, 1;
        THROW 50408, @Mensaje, 1;
      END;

      SET @N += 1;
    END;

    -- Cambia el par que no tiene las mismas filas: otro numero de ellas, o una linea sin igual entre las guardadas (las
    -- lineas no se repiten, asi que con eso basta). INTERSECT compara NULL con NULL como iguales; los textos van en
    -- binario, para que un cambio de mayusculas tambien sea un cambio.
    UPDATE p
    SET Cambia = 1
    FROM @Pares AS p
    WHERE p.Filas <> (
        SELECT COUNT(*) FROM homol.IPA AS h WHERE h.FechaReporte = p.FechaReporte AND h.Portfolio = p.Portfolio
      )
      OR EXISTS (
        SELECT 1
        FROM @Lineas AS l
        WHERE l.FechaReporte = p.FechaReporte AND l.Portfolio = p.Portfolio
          AND NOT EXISTS (
            SELECT 1
            FROM homol.IPA AS h
            WHERE h.FechaReporte = l.FechaReporte AND h.Portfolio = l.Portfolio AND h.InvestID = l.InvestID
              AND EXISTS (
                SELECT
                  h.Portfolio COLLATE Latin1_General_100_BIN2, h.InvestID COLLATE Latin1_General_100_BIN2,
                  h.Ticker COLLATE Latin1_General_100_BIN2, h.Descripcion COLLATE Latin1_General_100_BIN2,
                  h.Moneda COLLATE Latin1_General_100_BIN2, h.Cantidad, h.PrecioLocal, h.ValorMercado, h.Peso
                INTERSECT
                SELECT
                  l.Portfolio COLLATE Latin1_General_100_BIN2, l.InvestID COLLATE Latin1_General_100_BIN2,
                  l.Ticker COLLATE Latin1_General_100_BIN2, l.Descripcion COLLATE Latin1_General_100_BIN2,
                  l.Moneda COLLATE Latin1_General_100_BIN2, l.Cantidad, l.PrecioLocal, l.ValorMercado, l.Peso
              )
          )
      )
    OPTION (RECOMPILE); -- con el numero real de lineas: una variable de tabla se estima en una sola fila

    SET @N = 0;
    WHILE 1 = 1
    BEGIN
      SELECT TOP (1) @N = p.N, @FechaReporte = p.FechaReporte, @Portfolio = p.Portfolio
      FROM @Pares AS p
      WHERE p.Cambia = 1 AND p.N > @N
      ORDER BY p.N;
      IF @@ROWCOUNT = 0 BREAK;

      SET @Borradas = 2000;
      WHILE @Borradas = 2000
      BEGIN
        DELETE TOP (2000) FROM homol.IPA WITH (ROWLOCK, FORCESEEK)
        WHERE FechaReporte = @FechaReporte AND Portfolio = @Portfolio;
        SET @Borradas = @@ROWCOUNT;
        SET @Reemplazadas += @Borradas;
      END;

      -- en el orden del archivo, para que ID_Linea lo conserve
      SET @Desde = -2147483648;
      WHILE 1 = 1
      BEGIN
        SELECT @Hasta = MAX(t.Linea)
        FROM (
          SELECT TOP (2000) l.Linea
          FROM @Lineas AS l
          WHERE l.FechaReporte = @FechaReporte AND l.Portfolio = @Portfolio AND l.Linea > @Desde
          ORDER BY l.Linea
        ) AS t;
        IF @Hasta IS NULL BREAK;

        INSERT INTO homol.IPA WITH (ROWLOCK) (
          FechaReporte, Portfolio, InvestID, Ticker, Descripcion, Moneda, Cantidad, PrecioLocal, ValorMercado, Peso)
        SELECT
          l.FechaReporte, l.Portfolio, l.InvestID, l.Ticker, l.Descripcion, l.Moneda,
          l.Cantidad, l.PrecioLocal, l.ValorMercado, l.Peso
        FROM @Lineas AS l
        WHERE l.FechaReporte = @FechaReporte AND l.Portfolio = @Portfolio AND l.Linea > @Desde AND l.Linea <= @Hasta
        ORDER BY l.Linea;
        SET @Insertadas += @@ROWCOUNT;
        SET @Desde = @Hasta;
      END;
    END;

    COMMIT TRANSACTION;
  END TRY
  BEGIN CATCH
    IF XACT_STATE() <> 0 ROLLBACK TRANSACTION;
    THROW;
  END CATCH;

  SELECT
    @Insertadas AS Insertadas,
    @Reemplazadas AS Reemplazadas,
    CAST(CASE WHEN EXISTS (SELECT 1 FROM @Pares AS p WHERE p.Cambia = 1) THEN 0 ELSE 1 END AS bit) AS Sin_Cambio;
END;
GO
GRANT EXECUTE ON homol.sp_Cargar_IPA TO carril_app;
