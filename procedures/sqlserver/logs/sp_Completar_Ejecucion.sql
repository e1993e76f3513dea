SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  Completes a fund's execution and its chunk together, when every service of it is finished (else 50409, naming the first that
  is not). OMITIDO when every service was skipped. Already complete under this token: says so and does nothing.

  Returns: one
    Estado     varchar(50)  not null  of the execution: COMPLETADO or OMITIDO
    Restantes  int          not null  0: no unfinished chunk of the process was seen, try to finalize it; else 1
  Errors: 50400, 50404, 50408, 50409, 50410, 50499
  Touches: logs.Ejecucion_Fondos write, logs.Ejecuciones write, trabajo.Chunks write
  Batch: 1
  Entry: carril_app
  Since: 018
*/
CREATE OR ALTER PROCEDURE logs.sp_Completar_Ejecucion
  @ID_Ejecucion bigint,
  @Token bigint
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
  DECLARE
    @Encontrada bit = 0, @ID_Chunk bigint, @ID_Trabajo bigint, @ID_Fund int, @Estado_Chunk varchar(50), @Estado varchar(50),
    @Falta varchar(50), @Restantes int, @Ahora datetime2(3) = SYSUTCDATETIME(), @Filas int, @Mensaje nvarchar(2048);

  IF @ID_Ejecucion IS NULL OR @Token IS NULL
    THROW 50400, N'@ID_Ejecucion y @Token son obligatorios', 1;

  BEGIN TRY
    BEGIN TRANSACTION;

    SELECT @Encontrada = 1, @ID_Chunk = e.ID_Chunk, @ID_Fund = e.ID_Fund
    FROM logs.Ejecuciones AS e
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

    EXEC trabajo.sp_Tomar_Chunk
      @ID_Chunk = @ID_Chunk, @Token = @Token, @Estado = @Estado_Chunk OUTPUT, @ID_Trabajo = @ID_Trabajo OUTPUT;

    IF @Estado_Chunk = 'COMPLETADO'
      SELECT @Estado = e.Estado FROM logs.Ejecuciones AS e WHERE e.ID_Ejecucion = @ID_Ejecucion;
    ELSE
    BEGIN
      SELECT TOP (1) @Falta = v.Servicio
      FROM logs.vw_Ejecucion_Servicios AS v
      LEFT JOIN logs.Servicios AS s ON s.Servicio = v.Servicio
      WHERE v.ID_Ejecucion = @ID_Ejecucion AND v.ID_Fund = @ID_Fund AND v.Estado NOT IN ('COMPLETADO', 'OMITIDO')
      ORDER BY COALESCE(s.Orden, 2147483647);
      IF @Falta IS NOT NULL
      BEGIN
        SET @Mensaje = CONCAT(N'a la ejecucion ', @ID_Ejecucion, N' le falta el servicio ', @Falta);
        THROW 50409, @Mensaje, 1;
      END;

      SET @Estado = CASE WHEN EXISTS (
        SELECT 1 FROM logs.vw_Ejecucion_Servicios AS v
        WHERE v.ID_Ejecucion = @ID_Ejecucion AND v.ID_Fund = @ID_Fund AND v.Estado = 'COMPLETADO'
      ) THEN 'COMPLETADO' ELSE 'OMITIDO' END;

      UPDATE f
      SET FechaFin = @Ahora
      FROM logs.Ejecucion_Fondos AS f WITH (ROWLOCK, FORCESEEK)
      WHERE f.ID_Ejecucion = @ID_Ejecucion AND f.ID_Fund = @ID_Fund;

      UPDATE e
      SET
        Estado = @Estado, Etapa_Actual = NULL, FechaFin = @Ahora, FondosFallidos = 0,
        FondosExitosos = CASE WHEN @Estado = 'COMPLETADO' THEN 1 ELSE 0 END,
        FondosOmitidos = CASE WHEN @Estado = 'OMITIDO' THEN 1 ELSE 0 END
      FROM logs.Ejecuciones AS e WITH (ROWLOCK, FORCESEEK)
      WHERE e.ID_Ejecucion = @ID_Ejecucion AND e.Estado IN ('PENDIENTE', 'EN_PROGRESO');
      SET @Filas = @@ROWCOUNT;
      IF @Filas <> 1
      BEGIN
        SET @Mensaje = CONCAT(N'la ejecucion ', @ID_Ejecucion, N' ya tiene un estado final: no se completa');
        THROW 50409, @Mensaje, 1;
      END;

      EXEC trabajo.sp_Cerrar_Chunk @ID_Chunk = @ID_Chunk, @Token = @Token, @Estado = 'COMPLETADO';
    END;

    COMMIT TRANSACTION;
  END TRY
  BEGIN CATCH
    IF XACT_STATE() <> 0
      ROLLBACK TRANSACTION;
    THROW;
  END CATCH;

  -- despues de confirmar: de dos que terminan a la vez, el segundo ve que no queda nada
  EXEC trabajo.sp_Restantes @ID_Trabajo = @ID_Trabajo, @Restantes = @Restantes OUTPUT;
  SELECT @Estado AS Estado, @Restantes AS Restantes;
END;
GO
GRANT EXECUTE ON OBJECT::logs.sp_Completar_Ejecucion TO carril_app;
GO
