SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  Runs one service of a fund's execution, under its chunk's token, in one round trip and one transaction: takes the chunk's lock,
  compares token and state, runs the service's step procedures in order, writes the service's state. A service that is finished
  already, or skipped for this fund, returns at once with Ya_Terminado 1, so a call repeated after a lost connection does nothing
  twice. A failure rolls everything back and is recorded by logs.sp_Fallar_Servicio.

  Only names in logs.Servicio_Procedimientos that exist as procedures in extract or staging are executed. extract procedures take
  @FechaReporte and @ID_Ejecucion; staging procedures @ID_Ejecucion, @FechaReporte, @ID_Fund, @Portfolio_Geneva. Steps return
  no rows, and neither commit nor roll back: the transaction is checked after each.

  Returns: one
    Estado        varchar(50)  not null  of the service: COMPLETADO or OMITIDO
    Ya_Terminado  bit          not null  it was finished before this call
    Duracion_Ms   int          not null  0 when it was
  Errors: 50400, 50404, 50408, 50409, 50410, 50499
  Touches: trabajo.Chunks read, logs.Ejecuciones read, logs.Servicios read, logs.Servicio_Procedimientos read, extract.* write, staging.* write, logs.Ejecucion_Fondos write
  Batch: 2000
  Entry: carril_app
  Since: 018
*/
CREATE OR ALTER PROCEDURE logs.sp_Ejecutar_Servicio
  @ID_Ejecucion bigint,
  @Servicio varchar(50),
  @Token bigint
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
  DECLARE
    @Inicio datetime2(3) = SYSUTCDATETIME(), @Nivel int = 0, @Encontrada bit = 0, @ID_Chunk bigint, @ID_Fund int,
    @FechaReporte date, @Portfolio_Geneva varchar(50), @Estado_Chunk varchar(50), @Estado varchar(50), @Ya_Terminado bit = 0,
    @Dependencia varchar(50), @Pasos int = 0, @Orden int = -2147483648, @Procedimiento nvarchar(256), @Esquema nvarchar(128),
    @Nombre nvarchar(300), @Mensaje nvarchar(2048);

  IF @ID_Ejecucion IS NULL OR @Servicio IS NULL OR @Token IS NULL
    THROW 50400, N'@ID_Ejecucion, @Servicio y @Token son obligatorios', 1;

  BEGIN TRY
    BEGIN TRANSACTION;
    SET @Nivel = @@TRANCOUNT;

    -- nada de esto cambia despues de inicializar
    SELECT
      @Encontrada = 1, @ID_Chunk = e.ID_Chunk, @ID_Fund = e.ID_Fund, @FechaReporte = e.FechaReporte,
      @Portfolio_Geneva = f.Portfolio_Geneva
    FROM logs.Ejecuciones AS e
    LEFT JOIN logs.Ejecucion_Fondos AS f ON f.ID_Ejecucion = e.ID_Ejecucion AND f.ID_Fund = e.ID_Fund
    WHERE e.ID_Ejecucion = @ID_Ejecucion;
    IF @Encontrada = 0
    BEGIN
      SET @Mensaje = CONCAT(N'no existe la ejecucion ', @ID_Ejecucion);
      THROW 50404, @Mensaje, 1;
    END;
    IF @ID_Chunk IS NULL
    BEGIN
      SET @Mensaje = CONCAT(N'la ejecucion ', @ID_Ejecucion, N' es de la arquitectura anterior: no tiene arriendo');
      THROW 50409, @Mensaje, 1;
    END;

    EXEC trabajo.sp_Tomar_Chunk @ID_Chunk = @ID_Chunk, @Token = @Token, @Estado = @Estado_Chunk OUTPUT;

    -- con el candado en la mano: lo que hizo una llamada anterior de este mismo arriendo ya se ve
    SELECT @Estado = v.Estado
    FROM logs.vw_Ejecucion_Servicios AS v
    WHERE v.ID_Ejecucion = @ID_Ejecucion AND v.ID_Fund = @ID_Fund AND v.Servicio = @Servicio;
    IF @Estado IS NULL
    BEGIN
      SET @Mensaje = CONCAT(N'no existe el servicio ', REPLACE(@Servicio, '%', '%%'));
      THROW 50400, @Mensaje, 1;
    END;

    IF @Estado IN ('COMPLETADO', 'OMITIDO')
      SET @Ya_Terminado = 1;
    ELSE
    BEGIN
      IF @Estado_Chunk = 'COMPLETADO'
      BEGIN
        SET @Mensaje = CONCAT(N'la ejecucion ', @ID_Ejecucion, N' ya esta completa sin el servicio ', @Servicio);
        THROW 50409, @Mensaje, 1;
      END;

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
        WHERE p.Servicio = @Servicio AND p.Orden > @Orden
        ORDER BY p.Orden;
        IF @@ROWCOUNT = 0
          BREAK;

        EXEC logs.sp_Resolver_Paso
          @Procedimiento = @Procedimiento, @Esquema = @Esquema OUTPUT, @Nombre = @Nombre OUTPUT;
        IF @Esquema = N'extract'
        BEGIN
          EXEC @Nombre @FechaReporte = @FechaReporte, @ID_Ejecucion = @ID_Ejecucion;
        END
        ELSE
        BEGIN
          EXEC @Nombre
            @ID_Ejecucion = @ID_Ejecucion, @FechaReporte = @FechaReporte, @ID_Fund = @ID_Fund,
            @Portfolio_Geneva = @Portfolio_Geneva;
        END;

        IF @@TRANCOUNT <> @Nivel OR XACT_STATE() <> 1
        BEGIN
          SET @Mensaje = CONCAT(N'el paso ', @Nombre, N' termino la transaccion de quien lo llama, y no debe');
          THROW 50409, @Mensaje, 1;
        END;
        SET @Pasos += 1;
      END;
      IF @Pasos = 0
      BEGIN
        SET @Mensaje = CONCAT(N'el servicio ', @Servicio, N' no tiene procedimientos en logs.Servicio_Procedimientos');
        THROW 50409, @Mensaje, 1;
      END;

      SET @Estado = 'COMPLETADO';
      EXEC logs.sp_Marcar_Servicio
        @ID_Ejecucion = @ID_Ejecucion, @ID_Fund = @ID_Fund, @Servicio = @Servicio, @Estado = @Estado, @Inicio = @Inicio;
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
GRANT EXECUTE ON OBJECT::logs.sp_Ejecutar_Servicio TO carril_app;
GO
