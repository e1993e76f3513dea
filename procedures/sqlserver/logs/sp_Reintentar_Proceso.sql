SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  Gives the failed and cancelled funds of a process another chance, in that process: each begins at its first unfinished service,
  with all its attempts. Accepts the ID of the process, or of one fund's execution for that fund alone. What is complete, skipped
  or rolled back stays as it is, and so does the list of services, which was frozen when the process began. The process and its
  job, if they had ended, are under way again until they are finalized. At most 500 funds a call: call again until Reintentados
  is 0. Nothing to retry changes nothing.

  Holds the job's lock Exclusive, and of each chunk its own (waiting at most 15 s). Tokens stay where they are: a late call of an
  earlier holder is refused before and after the next claim. Refused (50409): a run of the old way, and a process that is being
  cancelled, until it has ended.

  Returns: one
    ID_Proceso    bigint       not null
    Estado        varchar(50)  not null  of the process
    Reintentados  int          not null  funds that this call set free
  Errors: 50400, 50404, 50408, 50409, 50499
  Touches: logs.Ejecucion_Fondos write, logs.Ejecuciones write, logs.Procesos write, trabajo.Chunks write, trabajo.Trabajos write
  Batch: 500
  Entry: carril_app
  Since: 021
*/
CREATE OR ALTER PROCEDURE logs.sp_Reintentar_Proceso
  @ID_Proceso bigint
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
  DECLARE
    @ID bigint, @ID_Trabajo bigint, @Solo bigint = NULL, @Estado varchar(50), @Cancelado bit, @Reintentados int = 0,
    @Chunk bigint = 0, @Recurso nvarchar(255);
  DECLARE @Elegidos TABLE (ID_Chunk bigint NOT NULL PRIMARY KEY, ID_Ejecucion bigint NOT NULL, ID_Fund int NOT NULL);

  EXEC logs.sp_Resolver_Proceso @ID = @ID_Proceso, @ID_Proceso = @ID OUTPUT;
  SELECT @ID_Trabajo = p.ID_Trabajo FROM logs.Procesos AS p WHERE p.ID_Proceso = @ID AND p.Arquitectura = 'JERARQUICA';
  IF @ID_Trabajo IS NULL
    THROW 50409, N'un proceso de la arquitectura anterior no se reintenta: corra otra vez su fecha', 1;
  -- los ID salen de una secuencia: el que no es del proceso es de una de sus ejecuciones
  IF @ID <> @ID_Proceso
    SET @Solo = @ID_Proceso;

  BEGIN TRY
    BEGIN TRANSACTION;

    SET @Recurso = CONCAT(N'carril:trabajo:', @ID_Trabajo);
    EXEC trabajo.sp_Bloquear @Recurso = @Recurso, @Modo = 'Exclusive', @Espera_ms = 15000;

    SELECT @Estado = t.Estado, @Cancelado = t.Cancelado
    FROM trabajo.Trabajos AS t WITH (READCOMMITTEDLOCK)
    WHERE t.ID_Trabajo = @ID_Trabajo;
    IF @Estado = 'EN_PROGRESO' AND @Cancelado = 1
      THROW 50409, N'el proceso se esta cancelando: reintentelo cuando haya terminado', 1;

    INSERT INTO @Elegidos (ID_Chunk, ID_Ejecucion, ID_Fund)
    SELECT TOP (500) c.ID_Chunk, e.ID_Ejecucion, e.ID_Fund
    FROM trabajo.Chunks AS c WITH (READCOMMITTEDLOCK, FORCESEEK (UX_Chunks_Orden (ID_Trabajo)))
    INNER JOIN logs.Ejecuciones AS e WITH (READCOMMITTEDLOCK) ON e.ID_Chunk = c.ID_Chunk
    WHERE c.ID_Trabajo = @ID_Trabajo AND c.Estado IN ('ERROR', 'CANCELADO') AND e.Estado <> 'REVERTIDO'
      AND (@Solo IS NULL OR e.ID_Ejecucion = @Solo)
    ORDER BY c.Orden;

    -- antes de tocar ninguna fila, todos los candados, en orden: quien aun tiene alguno esta por terminar
    WHILE 1 = 1
    BEGIN
      SELECT TOP (1) @Chunk = x.ID_Chunk FROM @Elegidos AS x WHERE x.ID_Chunk > @Chunk ORDER BY x.ID_Chunk;
      IF @@ROWCOUNT = 0
        BREAK;
      SET @Recurso = CONCAT(N'carril:chunk:', @Chunk);
      EXEC trabajo.sp_Bloquear @Recurso = @Recurso, @Modo = 'Exclusive', @Espera_ms = 15000;
    END;

    IF EXISTS (SELECT 1 FROM @Elegidos)
    BEGIN
      -- el ultimo mensaje se queda hasta que haya otro
      UPDATE f
      SET
        Estado_Process_IPA = CASE WHEN f.Estado_Process_IPA IN ('COMPLETADO', 'OMITIDO') THEN f.Estado_Process_IPA ELSE 'PENDIENTE' END,
        Estado_Process_CAPM = CASE WHEN f.Estado_Process_CAPM IN ('COMPLETADO', 'OMITIDO') THEN f.Estado_Process_CAPM ELSE 'PENDIENTE' END,
        Estado_Process_PosModRF = CASE WHEN f.Estado_Process_PosModRF IN ('COMPLETADO', 'OMITIDO') THEN f.Estado_Process_PosModRF ELSE 'PENDIENTE' END,
        Estado_Process_SONA = CASE WHEN f.Estado_Process_SONA IN ('COMPLETADO', 'OMITIDO') THEN f.Estado_Process_SONA ELSE 'PENDIENTE' END,
        Estado_Process_Derivados = CASE WHEN f.Estado_Process_Derivados IN ('COMPLETADO', 'OMITIDO') THEN f.Estado_Process_Derivados ELSE 'PENDIENTE' END,
        Estado_Process_UBS = CASE WHEN f.Estado_Process_UBS IN ('COMPLETADO', 'OMITIDO') THEN f.Estado_Process_UBS ELSE 'PENDIENTE' END,
        Estado_Process_PNL = CASE WHEN f.Estado_Process_PNL IN ('COMPLETADO', 'OMITIDO') THEN f.Estado_Process_PNL ELSE 'PENDIENTE' END,
        FechaFin = NULL
      FROM logs.Ejecucion_Fondos AS f WITH (ROWLOCK, FORCESEEK)
      INNER JOIN @Elegidos AS x ON x.ID_Ejecucion = f.ID_Ejecucion AND x.ID_Fund = f.ID_Fund;

      UPDATE e
      SET Estado = 'PENDIENTE', FechaFin = NULL, FondosExitosos = NULL, FondosFallidos = NULL, FondosOmitidos = NULL
      FROM logs.Ejecuciones AS e WITH (ROWLOCK, FORCESEEK)
      INNER JOIN @Elegidos AS x ON x.ID_Ejecucion = e.ID_Ejecucion;

      UPDATE p
      SET Estado = 'PENDIENTE', Etapa_Actual = NULL, FechaFin = NULL, FondosExitosos = 0, FondosFallidos = 0, FondosOmitidos = 0
      FROM logs.Procesos AS p WITH (ROWLOCK, FORCESEEK)
      WHERE p.ID_Proceso = @ID;

      UPDATE c
      SET Estado = 'PENDIENTE', Intento = 0, No_Antes_De = NULL, Fin = NULL
      FROM trabajo.Chunks AS c WITH (ROWLOCK, FORCESEEK)
      INNER JOIN @Elegidos AS x ON x.ID_Chunk = c.ID_Chunk
      WHERE c.Estado IN ('ERROR', 'CANCELADO');
      SET @Reintentados = @@ROWCOUNT;

      UPDATE t
      SET
        Estado = 'EN_PROGRESO', Cancelado = 0, FechaFin = NULL,
        Total = NULL, Completados = NULL, Fallidos = NULL, Cancelados = NULL, Omitidos = NULL
      FROM trabajo.Trabajos AS t WITH (ROWLOCK, FORCESEEK)
      WHERE t.ID_Trabajo = @ID_Trabajo AND t.Estado <> 'EN_PROGRESO';
    END;

    COMMIT TRANSACTION;
  END TRY
  BEGIN CATCH
    IF XACT_STATE() <> 0
      ROLLBACK TRANSACTION;
    THROW;
  END CATCH;

  SELECT v.ID_Proceso, v.Estado, @Reintentados AS Reintentados
  FROM logs.vw_Procesos AS v
  WHERE v.ID_Proceso = @ID;
END;
GO
GRANT EXECUTE ON OBJECT::logs.sp_Reintentar_Proceso TO carril_app;
GO
