SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  Gives what failed or was cancelled another chance: chunks in ERROR or CANCELADO, or the given one of them, become PENDIENTE with
  all their attempts (their token stays where it is); a job that had ended is EN_PROGRESO again, no longer cancelled, its counts
  open. At most 500 chunks a call, in the job's order: call again until Reintentados is 0. Nothing to retry changes nothing.

  Holds the job's lock Exclusive, and of each chunk its own (waiting at most 15 s): 500 is what keeps these locks few. Refused
  (50409): FONDOS, retried by logs.sp_Reintentar_Proceso, and LO_PROCESOS; a log review that has ended, for the next scan goes on where it
  stopped; a payroll consolidation that has ended, which is rolled back instead; a job that is being cancelled, until it has ended.

  Returns: one
    Estado        varchar(50)  not null  of the job
    Reintentados  int          not null  chunks that this call set free
  Errors: 50400, 50404, 50408, 50409, 50499
  Touches: trabajo.Chunks write, trabajo.Trabajos write
  Batch: 500
  Entry: carril_app
  Since: 021
*/
CREATE OR ALTER PROCEDURE trabajo.sp_Reintentar_Trabajo
  @ID_Trabajo bigint,
  @ID_Chunk bigint = NULL
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
  DECLARE
    @Estado varchar(50), @Tipo varchar(50), @Cancelado bit, @Reintentados int = 0, @Chunk bigint = 0,
    @Mensaje nvarchar(2048), @Recurso nvarchar(255);
  DECLARE @Elegidos TABLE (ID_Chunk bigint NOT NULL PRIMARY KEY);

  IF @ID_Trabajo IS NULL
    THROW 50400, N'@ID_Trabajo es obligatorio', 1;

  BEGIN TRY
    BEGIN TRANSACTION;

    SET @Recurso = CONCAT(N'carril:trabajo:', @ID_Trabajo);
    EXEC trabajo.sp_Bloquear @Recurso = @Recurso, @Modo = 'Exclusive', @Espera_ms = 15000;

    SELECT @Estado = t.Estado, @Tipo = t.Tipo, @Cancelado = t.Cancelado
    FROM trabajo.Trabajos AS t WITH (READCOMMITTEDLOCK)
    WHERE t.ID_Trabajo = @ID_Trabajo;
    IF @Estado IS NULL
    BEGIN
      SET @Mensaje = CONCAT(N'no existe el trabajo ', @ID_Trabajo);
      THROW 50404, @Mensaje, 1;
    END;
    IF @Tipo IN ('FONDOS', 'FONDOS_LEGADO')
      THROW 50409, N'un trabajo de tipo FONDOS se reintenta por su proceso: logs.sp_Reintentar_Proceso (carril retry)', 1;
    IF @Tipo = 'LO_PROCESOS'
      THROW 50409, N'el trabajo de LO_PROCESOS no se reintenta: cambie el estado de la fila en la vista LO_PROCESOS', 1;
    IF @Tipo IN ('LOGS', 'LOGS_SECUENCIAL') AND @Estado <> 'EN_PROGRESO'
      THROW 50409, N'una revision de logs terminada no se reintenta: revise otra vez el archivo, y sigue donde quedo', 1;
    IF @Tipo = 'NOMINA' AND @Estado <> 'EN_PROGRESO'
      THROW 50409, N'una consolidacion terminada no se reintenta: deshagala y consolide otra vez el cierre', 1;
    IF @Estado = 'EN_PROGRESO' AND @Cancelado = 1
      THROW 50409, N'el trabajo se esta cancelando: reintentelo cuando haya terminado', 1;

    IF @ID_Chunk IS NULL
      INSERT INTO @Elegidos (ID_Chunk)
      SELECT TOP (500) c.ID_Chunk
      FROM trabajo.Chunks AS c WITH (READCOMMITTEDLOCK, FORCESEEK (UX_Chunks_Orden (ID_Trabajo)))
      WHERE c.ID_Trabajo = @ID_Trabajo AND c.Estado IN ('ERROR', 'CANCELADO')
      ORDER BY c.Orden;
    ELSE IF NOT EXISTS (SELECT 1 FROM trabajo.Chunks AS c WHERE c.ID_Chunk = @ID_Chunk AND c.ID_Trabajo = @ID_Trabajo)
    BEGIN
      SET @Mensaje = CONCAT(N'el trabajo ', @ID_Trabajo, N' no tiene el chunk ', @ID_Chunk);
      THROW 50404, @Mensaje, 1;
    END
    ELSE
      INSERT INTO @Elegidos (ID_Chunk) VALUES (@ID_Chunk);

    -- antes de tocar ninguna fila, todos los candados, en orden: quien aun tiene alguno esta por terminar
    WHILE 1 = 1
    BEGIN
      SELECT TOP (1) @Chunk = e.ID_Chunk FROM @Elegidos AS e WHERE e.ID_Chunk > @Chunk ORDER BY e.ID_Chunk;
      IF @@ROWCOUNT = 0
        BREAK;
      SET @Recurso = CONCAT(N'carril:chunk:', @Chunk);
      EXEC trabajo.sp_Bloquear @Recurso = @Recurso, @Modo = 'Exclusive', @Espera_ms = 15000;
    END;

    UPDATE c
    SET Estado = 'PENDIENTE', Intento = 0, No_Antes_De = NULL, Fin = NULL
    FROM trabajo.Chunks AS c WITH (ROWLOCK, FORCESEEK)
    INNER JOIN @Elegidos AS e ON e.ID_Chunk = c.ID_Chunk
    WHERE c.Estado IN ('ERROR', 'CANCELADO');
    SET @Reintentados = @@ROWCOUNT;

    IF @Reintentados > 0 AND @Estado <> 'EN_PROGRESO'
    BEGIN
      SET @Estado = 'EN_PROGRESO';
      UPDATE t
      SET
        Estado = @Estado, Cancelado = 0, FechaFin = NULL,
        Total = NULL, Completados = NULL, Fallidos = NULL, Cancelados = NULL, Omitidos = NULL
      FROM trabajo.Trabajos AS t WITH (ROWLOCK, FORCESEEK)
      WHERE t.ID_Trabajo = @ID_Trabajo;
    END;

    COMMIT TRANSACTION;
  END TRY
  BEGIN CATCH
    IF XACT_STATE() <> 0
      ROLLBACK TRANSACTION;
    THROW;
  END CATCH;

  SELECT @Estado AS Estado, @Reintentados AS Reintentados;
END;
GO
GRANT EXECUTE ON OBJECT::trabajo.sp_Reintentar_Trabajo TO carril_app;
GO
