SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  Records, under the token, that an attempt at a chunk of a run of the old way failed: as trabajo.sp_Fallar_Chunk does, and on the
  fund's row the message, with ERROR for the service when the chunk ends so. The batch extraction has no fund: only its chunk is
  written, and its error ends the run. Already recorded under this token: says what became of it and does nothing.

  Returns: one
    Estado       varchar(50)   not null  of the chunk: PENDIENTE, ERROR, CANCELADO; COMPLETADO when it had completed
    Intento      int           not null  attempts used
    No_Antes_De  datetime2(3)  null
    Restantes    int           not null  0: no unfinished chunk of the process was seen, try to finalize it; else 1
  Errors: 50400, 50404, 50408, 50409, 50410, 50499
  Touches: trabajo.Chunks write, logs.Ejecuciones read, logs.Ejecucion_Fondos write
  Batch: 1
  Entry: carril_app
  Since: 018
*/
CREATE OR ALTER PROCEDURE logs.sp_Fallar_Servicio_Legado
  @ID_Chunk bigint,
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
    @ID_Trabajo bigint, @Estado varchar(50), @Intento int, @No_Antes_De datetime2(3), @Registrado bit, @ID_Ejecucion bigint,
    @ID_Fund int, @Estado_Servicio varchar(50), @Restantes int;

  BEGIN TRY
    BEGIN TRANSACTION;

    EXEC trabajo.sp_Registrar_Fallo
      @ID_Chunk = @ID_Chunk, @Token = @Token, @Error = @Error, @Reintentable = @Reintentable,
      @Transitorio = @Transitorio, @Estado = @Estado OUTPUT, @Intento = @Intento OUTPUT, @No_Antes_De = @No_Antes_De OUTPUT,
      @ID_Trabajo = @ID_Trabajo OUTPUT, @Registrado = @Registrado OUTPUT;

    IF @Registrado = 1
    BEGIN
      SELECT @ID_Ejecucion = v.ID_Ejecucion, @ID_Fund = v.ID_Fund, @Estado_Servicio = v.Estado
      FROM trabajo.Chunks AS c
      INNER JOIN logs.Procesos AS p ON p.ID_Trabajo = c.ID_Trabajo
      INNER JOIN logs.Ejecuciones AS e ON e.ID_Proceso = p.ID_Proceso AND e.ID_Fund IS NULL
      INNER JOIN logs.vw_Ejecucion_Servicios AS v ON v.ID_Ejecucion = e.ID_Ejecucion AND v.ID_Fund = c.Rango_Inicio
      WHERE c.ID_Chunk = @ID_Chunk AND v.Servicio = @Servicio;
      IF @ID_Fund IS NOT NULL
      BEGIN
        -- uno que alcanzo a terminar no se desdice: el error llego despues
        IF @Estado_Servicio NOT IN ('COMPLETADO', 'OMITIDO')
          SET @Estado_Servicio = CASE WHEN @Estado = 'ERROR' THEN 'ERROR' ELSE 'PENDIENTE' END;
        EXEC logs.sp_Marcar_Servicio
          @ID_Ejecucion = @ID_Ejecucion, @ID_Fund = @ID_Fund, @Servicio = @Servicio, @Estado = @Estado_Servicio,
          @Mensaje_Error = @Error;
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
GRANT EXECUTE ON OBJECT::logs.sp_Fallar_Servicio_Legado TO carril_app;
GO
