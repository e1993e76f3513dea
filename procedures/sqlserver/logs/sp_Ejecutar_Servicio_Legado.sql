SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  Runs the staging procedures of one service for one fund of a run of the old way, under its chunk's token and in one transaction:
  the same procedures as logs.sp_Ejecutar_Servicio runs, with the shared ID_Ejecucion and the fund's ID_Fund. What it reads was
  extracted for all funds before. Its state is written by another call, logs.sp_Marcar_Estado_Legado: a service that is finished
  already returns at once with Ya_Terminado 1, one that was stopped between the two runs again and leaves the same rows.

  Document 002, "Flujo Actual": staging procedures WHERE ID_Ejecucion = shared AND ID_Fund = own, 50 funds side by side.

  Returns: one
    Estado        varchar(50)  not null  of the service: COMPLETADO or OMITIDO
    Ya_Terminado  bit          not null  it was finished before this call
    Duracion_Ms   int          not null  0 when it was
  Errors: 50400, 50404, 50408, 50409, 50410, 50499
  Touches: trabajo.Chunks read, logs.Ejecuciones read, logs.Ejecucion_Fondos read, logs.Servicios read, logs.Servicio_Procedimientos read, extract.* read, staging.* write
  Batch: 2000
  Entry: carril_app
  Since: 018
*/
CREATE OR ALTER PROCEDURE logs.sp_Ejecutar_Servicio_Legado
  @ID_Chunk bigint,
  @Servicio varchar(50),
  @Token bigint
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
  DECLARE
    @Inicio datetime2(3) = SYSUTCDATETIME(), @Nivel int = 0, @ID_Ejecucion bigint, @ID_Fund int, @FechaReporte date,
    @Portfolio_Geneva varchar(50), @Estado varchar(50), @Ya_Terminado bit = 0, @Dependencia varchar(50), @Pasos int = 0,
    @Orden int = -2147483648, @Procedimiento nvarchar(256), @Esquema nvarchar(128), @Nombre nvarchar(300),
    @Mensaje nvarchar(2048);

  IF @ID_Chunk IS NULL OR @Servicio IS NULL OR @Token IS NULL
    THROW 50400, N'@ID_Chunk, @Servicio y @Token son obligatorios', 1;

  BEGIN TRY
    BEGIN TRANSACTION;
    SET @Nivel = @@TRANCOUNT;

    EXEC logs.sp_Tomar_Fondo_Legado
      @ID_Chunk = @ID_Chunk, @Token = @Token, @ID_Ejecucion = @ID_Ejecucion OUTPUT, @FechaReporte = @FechaReporte OUTPUT,
      @ID_Fund = @ID_Fund OUTPUT, @Portfolio_Geneva = @Portfolio_Geneva OUTPUT;

    SELECT @Estado = v.Estado
    FROM logs.vw_Ejecucion_Servicios AS v
    WHERE v.ID_Ejecucion = @ID_Ejecucion AND v.ID_Fund = @ID_Fund AND v.Servicio = @Servicio;
    IF @Estado IS NULL
    BEGIN
      SET @Mensaje = CONCAT(N'el chunk ', @ID_Chunk, N' no tiene fondo, o no existe el servicio ', REPLACE(@Servicio, '%', '%%'));
      THROW 50400, @Mensaje, 1;
    END;

    IF @Estado IN ('COMPLETADO', 'OMITIDO')
      SET @Ya_Terminado = 1;
    ELSE
    BEGIN
      SELECT @Dependencia = d.Servicio
      FROM logs.Servicios AS s
      INNER JOIN logs.vw_Ejecucion_Servicios AS d ON d.Servicio = s.Depende_De
      WHERE s.Servicio = @Servicio AND d.ID_Ejecucion = @ID_Ejecucion AND d.ID_Fund = @ID_Fund
        AND d.Estado NOT IN ('COMPLETADO', 'OMITIDO');
      IF @Dependencia IS NOT NULL
      BEGIN
        SET @Mensaje = CONCAT(N'el servicio ', @Servicio, N' depende de ', @Dependencia, N', que no ha terminado');
        THROW 50409, @Mensaje, 1;
      END;

      WHILE 1 = 1
      BEGIN
        SELECT TOP (1) @Orden = p.Orden, @Procedimiento = p.Procedimiento
        FROM logs.Servicio_Procedimientos AS p
        WHERE p.Servicio = @Servicio AND p.Procedimiento LIKE N'staging.%' AND p.Orden > @Orden
        ORDER BY p.Orden;
        IF @@ROWCOUNT = 0
          BREAK;

        EXEC logs.sp_Resolver_Paso @Procedimiento = @Procedimiento, @Esquema = @Esquema OUTPUT, @Nombre = @Nombre OUTPUT;
        EXEC @Nombre
          @ID_Ejecucion = @ID_Ejecucion, @FechaReporte = @FechaReporte, @ID_Fund = @ID_Fund,
          @Portfolio_Geneva = @Portfolio_Geneva;
        IF @@TRANCOUNT <> @Nivel OR XACT_STATE() <> 1
        BEGIN
          SET @Mensaje = CONCAT(N'el paso ', @Nombre, N' termino la transaccion de quien lo llama, y no debe');
          THROW 50409, @Mensaje, 1;
        END;
        SET @Pasos += 1;
      END;
      IF @Pasos = 0
      BEGIN
        SET @Mensaje = CONCAT(N'el servicio ', @Servicio,
          N' no tiene procedimientos de staging en logs.Servicio_Procedimientos');
        THROW 50409, @Mensaje, 1;
      END;
      SET @Estado = 'COMPLETADO';
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

  SELECT
    @Estado AS Estado,
    @Ya_Terminado AS Ya_Terminado,
    CASE WHEN @Ya_Terminado = 1 THEN 0 ELSE DATEDIFF(MILLISECOND, @Inicio, SYSUTCDATETIME()) END AS Duracion_Ms;
END;
GO
GRANT EXECUTE ON OBJECT::logs.sp_Ejecutar_Servicio_Legado TO carril_app;
GO
