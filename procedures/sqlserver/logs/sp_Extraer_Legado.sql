SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  Runs, under the extraction chunk's token, the batch extraction of one service for all funds of a run of the old way: of each
  extract procedure of the service its sibling <name>_Legado, in one transaction. A service without one (PNL) does nothing. Run
  again it leaves the same rows.

  Document 004, phase 2: "Los SPs de extraccion son BATCH (una vez por fecha para todos los fondos)".

  Returns: one
    Pasos        int  not null
    Duracion_Ms  int  not null
  Errors: 50400, 50404, 50408, 50409, 50410, 50499
  Touches: trabajo.Chunks read, logs.Ejecuciones read, logs.Servicio_Procedimientos read, extract.* write
  Batch: none
  Entry: carril_app
  Since: 018
*/
CREATE OR ALTER PROCEDURE logs.sp_Extraer_Legado
  @ID_Chunk bigint,
  @Servicio varchar(50),
  @Token bigint
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
  DECLARE
    @Inicio datetime2(3) = SYSUTCDATETIME(), @Nivel int = 0, @Estado varchar(50), @ID_Ejecucion bigint, @FechaReporte date,
    @Pasos int = 0, @Orden int = -2147483648, @Procedimiento nvarchar(256), @Esquema nvarchar(128), @Nombre nvarchar(300),
    @Mensaje nvarchar(2048);

  IF @ID_Chunk IS NULL OR @Servicio IS NULL OR @Token IS NULL
    THROW 50400, N'@ID_Chunk, @Servicio y @Token son obligatorios', 1;

  BEGIN TRY
    BEGIN TRANSACTION;
    SET @Nivel = @@TRANCOUNT;

    EXEC logs.sp_Tomar_Fondo_Legado
      @ID_Chunk = @ID_Chunk, @Token = @Token, @Estado = @Estado OUTPUT, @ID_Ejecucion = @ID_Ejecucion OUTPUT,
      @FechaReporte = @FechaReporte OUTPUT;

    WHILE @Estado <> 'COMPLETADO'
    BEGIN
      SELECT TOP (1) @Orden = p.Orden, @Procedimiento = p.Procedimiento + N'_Legado'
      FROM logs.Servicio_Procedimientos AS p
      WHERE p.Servicio = @Servicio AND p.Procedimiento LIKE N'extract.%' AND p.Orden > @Orden
      ORDER BY p.Orden;
      IF @@ROWCOUNT = 0
        BREAK;

      EXEC logs.sp_Resolver_Paso @Procedimiento = @Procedimiento, @Esquema = @Esquema OUTPUT, @Nombre = @Nombre OUTPUT;
      EXEC @Nombre @FechaReporte = @FechaReporte, @ID_Ejecucion = @ID_Ejecucion;
      IF @@TRANCOUNT <> @Nivel OR XACT_STATE() <> 1
      BEGIN
        SET @Mensaje = CONCAT(N'el paso ', @Nombre, N' termino la transaccion de quien lo llama, y no debe');
        THROW 50409, @Mensaje, 1;
      END;
      SET @Pasos += 1;
    END;

    COMMIT TRANSACTION;
  END TRY
  BEGIN CATCH
    IF XACT_STATE() <> 0
      ROLLBACK TRANSACTION;
    -- 266: el paso volvio con otro @@TRANCOUNT; con XACT_ABORT llega antes que la comprobacion de arriba
    IF ERROR_NUMBER() = 266 AND @Nombre IS NOT NULL
    BEGIN
      SET @Mensaje = CONCAT(N'el paso ', @Nombre, N' termino la transaccion de quien lo llama, y no debe');
      THROW 50409, @Mensaje, 1;
    END;
    THROW;
  END CATCH;

  SELECT @Pasos AS Pasos, DATEDIFF(MILLISECOND, @Inicio, SYSUTCDATETIME()) AS Duracion_Ms;
END;
GO
GRANT EXECUTE ON OBJECT::logs.sp_Extraer_Legado TO carril_app;
GO
