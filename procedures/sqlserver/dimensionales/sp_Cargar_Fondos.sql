SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  Adds the funds that are new and updates those that differ, by FundShortName; funds that are not in the list stay as they are.
  Texts are trimmed; a blank portfolio is none.

  Returns: one
    Insertados    int  not null
    Actualizados  int  not null
    Iguales       int  not null
  Errors: 50400, 50408, 50499
  Touches: dimensionales.BD_Funds write
  Batch: 2000
  Entry: carril_app
  Since: 002
*/
CREATE OR ALTER PROCEDURE dimensionales.sp_Cargar_Fondos
  @Filas dimensionales.Filas_Fondos_v1 READONLY
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;

  DECLARE
    @Mensaje nvarchar(2048), @Codigo int, @Total int,
    @Desde int = 0, @Insertados int = 0, @Actualizados int = 0;

  DECLARE @Fondos TABLE
  (
    N                   int           NOT NULL PRIMARY KEY, -- de 1 en adelante: por tramos de 2,000
    Linea               int           NOT NULL,
    FundShortName       nvarchar(100) NOT NULL,
    Portfolio_Geneva    varchar(50)   NOT NULL,
    Portfolio_CAPM      varchar(50)   NULL,
    Portfolio_Derivados varchar(50)   NULL,
    Portfolio_UBS       varchar(50)   NULL,
    Flag_UBS            bit           NOT NULL,
    Flag_Derivados      bit           NOT NULL,
    Active              bit           NOT NULL,
    Incluir_En_Cubo     bit           NOT NULL
  );

  INSERT INTO @Fondos (
    N, Linea, FundShortName, Portfolio_Geneva, Portfolio_CAPM, Portfolio_Derivados, Portfolio_UBS,
    Flag_UBS, Flag_Derivados, Active, Incluir_En_Cubo)
  SELECT
    ROW_NUMBER() OVER (ORDER BY f.Linea), f.Linea, TRIM(f.FundShortName), TRIM(f.Portfolio_Geneva),
    NULLIF(TRIM(f.Portfolio_CAPM), ''), NULLIF(TRIM(f.Portfolio_Derivados), ''), NULLIF(TRIM(f.Portfolio_UBS), ''),
    f.Flag_UBS, f.Flag_Derivados, f.Active, f.Incluir_En_Cubo
  FROM @Filas AS f;
  SET @Total = @@ROWCOUNT;

  SELECT TOP (1) @Mensaje = CONCAT(N'Linea ', f.Linea, N': ', e.Motivo)
  FROM @Fondos AS f
  CROSS APPLY (VALUES
    (1, CASE WHEN f.FundShortName = N'' THEN N'FundShortName esta vacio' END),
    (2, CASE WHEN f.Portfolio_Geneva = '' THEN N'Portfolio_Geneva esta vacio' END)
  ) AS e (Orden, Motivo)
  WHERE e.Motivo IS NOT NULL
  ORDER BY f.Linea, e.Orden;

  IF @Mensaje IS NULL
    SELECT TOP (1) @Mensaje = CONCAT(
      N'Linea ', MAX(f.Linea), N': el fondo ', MIN(f.FundShortName), N' ya esta en la linea ', MIN(f.Linea))
    FROM @Fondos AS f
    GROUP BY f.FundShortName
    HAVING COUNT(*) > 1
    ORDER BY MAX(f.Linea);

  IF @Mensaje IS NOT NULL
  BEGIN
    SET @Mensaje = REPLACE(@Mensaje, N'%', N'%%'); -- THROW lee % como comienzo de un formato
    THROW 50400, @Mensaje, 1;
  END;

  BEGIN TRY
    BEGIN TRANSACTION;

    -- dos cargas a la vez insertarian el mismo fondo nuevo: una espera a la otra
    EXEC @Codigo = sp_getapplock
      @Resource = N'carril:carga:Fondos', @LockMode = 'Exclusive', @LockOwner = 'Transaction', @LockTimeout = 30000;
    IF @Codigo = -2
      THROW 50499, N'Se cancelo la espera del bloqueo carril:carga:Fondos.', 1;
    IF @Codigo = -999
      THROW 50400, N'El bloqueo carril:carga:Fondos no se pudo pedir.', 1;
    IF @Codigo < 0
      THROW 50408, N'Otra carga de fondos no termino en 30 s: reintente.', 1;

    WHILE @Desde < @Total
    BEGIN
      -- EXCEPT compara NULL con NULL como iguales; en binario, para que un cambio de mayusculas tambien sea un cambio
      UPDATE b
      SET
        FundShortName = f.FundShortName, Portfolio_Geneva = f.Portfolio_Geneva, Portfolio_CAPM = f.Portfolio_CAPM,
        Portfolio_Derivados = f.Portfolio_Derivados, Portfolio_UBS = f.Portfolio_UBS, Flag_UBS = f.Flag_UBS,
        Flag_Derivados = f.Flag_Derivados, Active = f.Active, Incluir_En_Cubo = f.Incluir_En_Cubo
      FROM dimensionales.BD_Funds AS b
      INNER JOIN @Fondos AS f ON f.FundShortName = b.FundShortName
      WHERE f.N > @Desde AND f.N <= @Desde + 2000
        AND EXISTS (
          SELECT
            f.FundShortName COLLATE Latin1_General_100_BIN2, f.Portfolio_Geneva COLLATE Latin1_General_100_BIN2,
            f.Portfolio_CAPM COLLATE Latin1_General_100_BIN2, f.Portfolio_Derivados COLLATE Latin1_General_100_BIN2,
            f.Portfolio_UBS COLLATE Latin1_General_100_BIN2,
            f.Flag_UBS, f.Flag_Derivados, f.Active, f.Incluir_En_Cubo
          EXCEPT
          SELECT
            b.FundShortName COLLATE Latin1_General_100_BIN2, b.Portfolio_Geneva COLLATE Latin1_General_100_BIN2,
            b.Portfolio_CAPM COLLATE Latin1_General_100_BIN2, b.Portfolio_Derivados COLLATE Latin1_General_100_BIN2,
            b.Portfolio_UBS COLLATE Latin1_General_100_BIN2,
            b.Flag_UBS, b.Flag_Derivados, b.Active, b.Incluir_En_Cubo
        );
      SET @Actualizados += @@ROWCOUNT;

      INSERT INTO dimensionales.BD_Funds (
        FundShortName, Portfolio_Geneva, Portfolio_CAPM, Portfolio_Derivados, Portfolio_UBS,
        Flag_UBS, Flag_Derivados, Active, Incluir_En_Cubo)
      SELECT
        f.FundShortName, f.Portfolio_Geneva, f.Portfolio_CAPM, f.Portfolio_Derivados, f.Portfolio_UBS,
        f.Flag_UBS, f.Flag_Derivados, f.Active, f.Incluir_En_Cubo
      FROM @Fondos AS f
      WHERE f.N > @Desde AND f.N <= @Desde + 2000
        AND NOT EXISTS (SELECT 1 FROM dimensionales.BD_Funds AS b WHERE b.FundShortName = f.FundShortName)
      ORDER BY f.N;
      SET @Insertados += @@ROWCOUNT;

      SET @Desde += 2000;
    END;

    COMMIT TRANSACTION;
  END TRY
  BEGIN CATCH
    IF XACT_STATE() <> 0 ROLLBACK TRANSACTION;
    THROW;
  END CATCH;

  SELECT @Insertados AS Insertados, @Actualizados AS Actualizados, @Total - @Insertados - @Actualizados AS Iguales;
END;
GO
GRANT EXECUTE ON dimensionales.sp_Cargar_Fondos TO carril_app;
