SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  The switch: sets the architecture of the funds named, or, of none named, of all of them, which takes back what single funds had of
  their own. Processes that have started keep theirs. The same by hand: UPDATE logs.Ajustes SET Valor = 'LEGADO'
  WHERE Ajuste = 'ARQUITECTURA' (all funds at once).

  Returns: output
    Cambiados  int  not null  funds that run another way than before
  Errors: 50400, 50404
  Touches: dimensionales.BD_Funds read, logs.Ajustes write
  Batch: 2000
  Entry: carril_app
  Since: 014
*/
CREATE OR ALTER PROCEDURE logs.sp_Cambiar_Arquitectura
  @Arquitectura varchar(20),
  @Fondos logs.Lista_Fondos_v1 READONLY,
  @Usuario nvarchar(100) = NULL,
  @Cambiados int OUTPUT
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
  DECLARE @Mensaje nvarchar(2048), @Nombres nvarchar(max), @Filas int, @Desde int = 0, @Hasta int;
  SELECT @Cambiados = NULL, @Usuario = COALESCE(@Usuario, CONVERT(nvarchar(100), ORIGINAL_LOGIN()));

  IF @Arquitectura IS NULL OR @Arquitectura NOT IN ('LEGADO', 'JERARQUICA')
    THROW 50400, N'@Arquitectura debe ser LEGADO o JERARQUICA', 1;
  SELECT @Nombres = STRING_AGG(CONVERT(nvarchar(max), x.FundShortName), N', ')
  FROM @Fondos AS x
  WHERE NOT EXISTS (SELECT 1 FROM dimensionales.BD_Funds AS f WHERE f.FundShortName = x.FundShortName);
  IF @Nombres IS NOT NULL
  BEGIN
    SET @Mensaje = CONCAT(N'no estan en dimensionales.BD_Funds: ', REPLACE(LEFT(@Nombres, 1900), N'%', N'%%'));
    THROW 50404, @Mensaje, 1;
  END;

  BEGIN TRY
    BEGIN TRANSACTION;

    SELECT @Cambiados = COUNT(*)
    FROM logs.vw_Arquitectura_Fondos AS a
    WHERE a.Arquitectura <> @Arquitectura
      AND (NOT EXISTS (SELECT 1 FROM @Fondos) OR EXISTS (SELECT 1 FROM @Fondos AS x WHERE x.FundShortName = a.FundShortName));

    IF NOT EXISTS (SELECT 1 FROM @Fondos)
    BEGIN
      SET @Filas = 2000;
      WHILE @Filas = 2000
      BEGIN
        DELETE TOP (2000) FROM logs.Ajustes WHERE Ajuste = 'ARQUITECTURA' AND ID_Fund IS NOT NULL;
        SET @Filas = @@ROWCOUNT;
      END;

      UPDATE logs.Ajustes
      SET Valor = @Arquitectura, FechaCambio = SYSUTCDATETIME(), Usuario = @Usuario
      WHERE Ajuste = 'ARQUITECTURA' AND ID_Fund IS NULL;
      IF @@ROWCOUNT = 0
        INSERT INTO logs.Ajustes (Ajuste, ID_Fund, Valor, Usuario) VALUES ('ARQUITECTURA', NULL, @Arquitectura, @Usuario);
    END
    ELSE
    BEGIN
      -- por tramos de ID_Fund: a lo sumo 2000 fondos por sentencia
      WHILE 1 = 1
      BEGIN
        SELECT @Hasta = MAX(t.ID_Fund)
        FROM (
          SELECT TOP (2000) f.ID_Fund
          FROM dimensionales.BD_Funds AS f
          INNER JOIN @Fondos AS x ON x.FundShortName = f.FundShortName
          WHERE f.ID_Fund > @Desde
          ORDER BY f.ID_Fund
        ) AS t;
        IF @Hasta IS NULL
          BREAK;

        UPDATE a
        SET Valor = @Arquitectura, FechaCambio = SYSUTCDATETIME(), Usuario = @Usuario
        FROM logs.Ajustes AS a
        INNER JOIN dimensionales.BD_Funds AS f ON f.ID_Fund = a.ID_Fund
        INNER JOIN @Fondos AS x ON x.FundShortName = f.FundShortName
        WHERE a.Ajuste = 'ARQUITECTURA' AND a.ID_Fund > @Desde AND a.ID_Fund <= @Hasta;

        INSERT INTO logs.Ajustes (Ajuste, ID_Fund, Valor, Usuario)
        SELECT 'ARQUITECTURA', f.ID_Fund, @Arquitectura, @Usuario
        FROM dimensionales.BD_Funds AS f
        INNER JOIN @Fondos AS x ON x.FundShortName = f.FundShortName
        WHERE f.ID_Fund > @Desde AND f.ID_Fund <= @Hasta
          AND NOT EXISTS (SELECT 1 FROM logs.Ajustes AS a WHERE a.Ajuste = 'ARQUITECTURA' AND a.ID_Fund = f.ID_Fund);

        SET @Desde = @Hasta;
      END;
    END;

    COMMIT TRANSACTION;
  END TRY
  BEGIN CATCH
    IF XACT_STATE() <> 0
      ROLLBACK TRANSACTION;
    THROW;
  END CATCH;
END;
GO
GRANT EXECUTE ON OBJECT::logs.sp_Cambiar_Arquitectura TO carril_app;
GO
