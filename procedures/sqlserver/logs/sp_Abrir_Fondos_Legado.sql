SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  Completes the extraction chunk of a run of the old way and, in the same transaction, adds a chunk for each fund of its shared
  execution: none can be claimed before all is extracted. Already complete under this token: does nothing.

  Returns: one
    Estado  varchar(50)  not null  COMPLETADO
    Fondos  int          not null
  Errors: 50400, 50404, 50408, 50409, 50410, 50499
  Touches: homol.IPA read, homol.CAPM read, homol.PosModRF read, homol.SONA read, homol.Derivados read, homol.UBS read, trabajo.Chunks write, logs.Ejecuciones write, logs.Ejecucion_Fondos read
  Batch: 2000
  Entry: carril_app
  Since: 018
*/
CREATE OR ALTER PROCEDURE logs.sp_Abrir_Fondos_Legado
  @ID_Chunk bigint,
  @Token bigint
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
  DECLARE
    @Estado varchar(50), @ID_Trabajo bigint, @ID_Ejecucion bigint, @FechaReporte date, @ID_Fund int, @Fondos int, @Desde int = 1,
    @Mensaje nvarchar(2048);
  DECLARE @Nuevos TABLE (
    Fila int IDENTITY(1, 1) NOT NULL PRIMARY KEY, ID_Fund int NOT NULL, FundShortName nvarchar(100) NOT NULL,
    Peso decimal(12, 2) NOT NULL);

  BEGIN TRY
    BEGIN TRANSACTION;

    EXEC logs.sp_Tomar_Fondo_Legado
      @ID_Chunk = @ID_Chunk, @Token = @Token, @Estado = @Estado OUTPUT, @ID_Trabajo = @ID_Trabajo OUTPUT,
      @ID_Ejecucion = @ID_Ejecucion OUTPUT, @FechaReporte = @FechaReporte OUTPUT, @ID_Fund = @ID_Fund OUTPUT;
    IF @ID_Fund IS NOT NULL
    BEGIN
      SET @Mensaje = CONCAT(N'el chunk ', @ID_Chunk, N' es de un fondo, no de la extraccion');
      THROW 50409, @Mensaje, 1;
    END;

    -- lo que pesa cada uno, como en logs.sp_Inicializar_Proceso
    INSERT INTO @Nuevos (ID_Fund, FundShortName, Peso)
    SELECT f.ID_Fund, f.FundShortName, n.Peso
    FROM logs.Ejecucion_Fondos AS f
    CROSS APPLY logs.fn_Peso_Fondo(
      @FechaReporte, f.Portfolio_Geneva, f.Portfolio_CAPM,
      CASE WHEN f.Flag_Derivados = 1 THEN f.Portfolio_Derivados END, CASE WHEN f.Flag_UBS = 1 THEN f.Portfolio_UBS END) AS n
    WHERE f.ID_Ejecucion = @ID_Ejecucion
    ORDER BY f.FundShortName;
    SET @Fondos = @@ROWCOUNT;

    IF @Estado <> 'COMPLETADO'
    BEGIN
      -- Orden 0 es la extraccion
      WHILE @Desde <= @Fondos
      BEGIN
        INSERT INTO trabajo.Chunks (ID_Trabajo, Orden, Rango_Inicio, Rango_Fin, Recurso, Peso)
        SELECT @ID_Trabajo, x.Fila, x.ID_Fund, x.ID_Fund, x.FundShortName, x.Peso
        FROM @Nuevos AS x
        WHERE x.Fila BETWEEN @Desde AND @Desde + 1999
        ORDER BY x.Fila;
        SET @Desde += 2000;
      END;

      EXEC trabajo.sp_Cerrar_Chunk @ID_Chunk = @ID_Chunk, @Token = @Token, @Estado = 'COMPLETADO';

      UPDATE e
      SET Etapa_Actual = N'FONDOS'
      FROM logs.Ejecuciones AS e WITH (ROWLOCK, FORCESEEK)
      WHERE e.ID_Ejecucion = @ID_Ejecucion;
    END;

    COMMIT TRANSACTION;
  END TRY
  BEGIN CATCH
    IF XACT_STATE() <> 0
      ROLLBACK TRANSACTION;
    THROW;
  END CATCH;

  SELECT CONVERT(varchar(50), 'COMPLETADO') AS Estado, @Fondos AS Fondos;
END;
GO
GRANT EXECUTE ON OBJECT::logs.sp_Abrir_Fondos_Legado TO carril_app;
GO
