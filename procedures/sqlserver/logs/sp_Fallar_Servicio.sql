SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  Records, under the token, that a service of an execution failed: the message on the fund's row, and the attempt on the chunk,
  which goes back with backoff or ends (as trabajo.sp_Fallar_Chunk says, @Transitorio too). When the chunk ends, so does the execution, and the
  service that failed is ERROR; until then it stays PENDIENTE, for the next attempt begins at the first unfinished service.
  Already recorded under this token: says what became of it and does nothing.

  Returns: one
    Estado       varchar(50)   not null  of the chunk: PENDIENTE, ERROR, CANCELADO; COMPLETADO when it had completed
    Intento      int           not null  attempts used
    No_Antes_De  datetime2(3)  null
    Restantes    int           not null  0: no unfinished chunk of the process was seen, try to finalize it; else 1
  Errors: 50400, 50404, 50408, 50409, 50410, 50499
  Touches: trabajo.Chunks write, logs.Ejecucion_Fondos write, logs.Ejecuciones write
  Batch: 1
  Entry: carril_app
  Since: 018
*/
CREATE OR ALTER PROCEDURE logs.sp_Fallar_Servicio
  @ID_Ejecucion bigint,
  @Servicio varchar(50),
  @Token bigint,
  @Error nvarchar(4000),
  @Reintentable bit = 1,
  @Transitorio bit = 0
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
  DECLARE
    @Encontrada bit = 0, @ID_Chunk bigint, @ID_Trabajo bigint, @ID_Fund int, @Estado varchar(50), @Intento int,
    @No_Antes_De datetime2(3), @Registrado bit, @Estado_Servicio varchar(50), @Restantes int,
    @Ahora datetime2(3) = SYSUTCDATETIME(), @Mensaje nvarchar(2048);

  IF @ID_Ejecucion IS NULL OR @Servicio IS NULL OR @Token IS NULL
    THROW 50400, N'@ID_Ejecucion, @Servicio y @Token son obligatorios', 1;

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

    EXEC trabajo.sp_Registrar_Fallo
      @ID_Chunk = @ID_Chunk, @Token = @Token, @Error = @Error, @Reintentable = @Reintentable,
      @Transitorio = @Transitorio, @Estado = @Estado OUTPUT, @Intento = @Intento OUTPUT, @No_Antes_De = @No_Antes_De OUTPUT,
      @ID_Trabajo = @ID_Trabajo OUTPUT, @Registrado = @Registrado OUTPUT;

    IF @Registrado = 1
    BEGIN
      SELECT @Estado_Servicio = v.Estado
      FROM logs.vw_Ejecucion_Servicios AS v
      WHERE v.ID_Ejecucion = @ID_Ejecucion AND v.ID_Fund = @ID_Fund AND v.Servicio = @Servicio;
      -- uno que alcanzo a terminar no se desdice: el error llego despues
      IF @Estado_Servicio NOT IN ('COMPLETADO', 'OMITIDO')
        SET @Estado_Servicio = CASE WHEN @Estado = 'ERROR' THEN 'ERROR' ELSE 'PENDIENTE' END;
      EXEC logs.sp_Marcar_Servicio
        @ID_Ejecucion = @ID_Ejecucion, @ID_Fund = @ID_Fund, @Servicio = @Servicio, @Estado = @Estado_Servicio,
        @Mensaje_Error = @Error;

      IF @Estado IN ('ERROR', 'CANCELADO')
      BEGIN
        UPDATE f
        SET FechaFin = @Ahora
        FROM logs.Ejecucion_Fondos AS f WITH (ROWLOCK, FORCESEEK)
        WHERE f.ID_Ejecucion = @ID_Ejecucion AND f.ID_Fund = @ID_Fund;

        UPDATE e
        SET
          Estado = @Estado, Etapa_Actual = NULL, FechaFin = @Ahora, FondosExitosos = 0,
          FondosFallidos = CASE WHEN @Estado = 'ERROR' THEN 1 ELSE 0 END,
          FondosOmitidos = CASE WHEN @Estado = 'CANCELADO' THEN 1 ELSE 0 END
        FROM logs.Ejecuciones AS e WITH (ROWLOCK, FORCESEEK)
        WHERE e.ID_Ejecucion = @ID_Ejecucion AND e.Estado IN ('PENDIENTE', 'EN_PROGRESO');
      END;
    END;

    COMMIT TRANSACTION;
  END TRY
  BEGIN CATCH
    IF XACT_STATE() <> 0
      ROLLBACK TRANSACTION;
    THROW;
  END CATCH;

  EXEC trabajo.sp_Restantes @ID_Trabajo = @ID_Trabajo, @Restantes = @Restantes OUTPUT;
  SELECT @Estado AS Estado, @Intento AS Intento, @No_Antes_De AS No_Antes_De, @Restantes AS Restantes;
END;
GO
GRANT EXECUTE ON OBJECT::logs.sp_Fallar_Servicio TO carril_app;
GO
