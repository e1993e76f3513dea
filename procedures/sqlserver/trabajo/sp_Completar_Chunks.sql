SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  Completes a batch of chunks, each under its token and with its result, and claims up to @Reclamar next ones in the same
  transaction: one commit for both. For chunks whose work leaves nothing in the database but their own result: it takes no
  chunk's lock. The row's lock and the token serialise it against a claim, a heartbeat and its own repetition. Kinds whose
  completion writes more are refused (50409), and with them the whole call.

  Answers with what the caller could not know. A chunk of @Chunks that is not named was completed, or was complete already
  under this very token, and its job goes on.

    COMPLETADO  completed as well, and no unfinished chunk of its job was seen: try to finalize it
    CANCELADO   its job was cancelled: the chunk was not completed, it is CANCELADO
    PERDIDO     another token, nobody's, ended otherwise, or no such chunk; the others are completed all the same
    RECLAMADO   a chunk claimed by this call, as trabajo.sp_Reclamar_Chunks gives it

  Rows are locked in the order of ID_Chunk, and only those that can still be completed. Claims come after, and never wait. What
  an answer that got lost had claimed stays leased until it expires.

  Returns: many
    Situacion     varchar(20)    not null
    ID_Chunk      bigint         not null
    Token         bigint         not null
    ID_Trabajo    bigint         null      when there is such a chunk
    Restantes     int            null      0 with COMPLETADO
    Tipo          varchar(50)    null      this and what follows: with RECLAMADO
    Orden         int            null
    Rango_Inicio  bigint         null
    Rango_Fin     bigint         null
    Recurso       nvarchar(400)  null
    Peso          decimal(12,2)  null
    Intento       int            null
    Max_Intentos  int            null
    Expira        datetime2(3)   null
    Parametros    nvarchar(max)  null      of the job
  Errors: 50400, 50409, 50499
  Touches: trabajo.Trabajos read, trabajo.Chunks write
  Batch: 2000
  Entry: carril_app
  Since: 021
*/
CREATE OR ALTER PROCEDURE trabajo.sp_Completar_Chunks
  @Poseedor nvarchar(200),
  @Chunks trabajo.Lista_Terminados_v1 READONLY,
  @Reclamar int = 0,
  @Tipos trabajo.Lista_Tipos_v1 READONLY,
  @Arriendo_s int = 30,
  @ID_Trabajo bigint = NULL
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  -- READPAST no vale en SERIALIZABLE, que un pool puede haber dejado puesto
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
  DECLARE @Ahora datetime2(3) = SYSUTCDATETIME(), @Malo bigint, @Tipo varchar(50), @Mensaje nvarchar(2048),
    @Trabajo bigint = 0, @Restantes int;
  DECLARE @Propios TABLE (ID_Chunk bigint NOT NULL PRIMARY KEY, ID_Trabajo bigint NOT NULL);
  DECLARE @Dados TABLE (ID_Chunk bigint NOT NULL PRIMARY KEY, Token bigint NOT NULL, ID_Trabajo bigint NULL,
    Situacion varchar(20) NOT NULL);
  DECLARE @Acabados TABLE (ID_Trabajo bigint NOT NULL PRIMARY KEY);
  DECLARE @Tomados TABLE (
    ID_Chunk bigint NOT NULL PRIMARY KEY, ID_Trabajo bigint NOT NULL, Tipo varchar(50) NOT NULL, Orden int NOT NULL,
    Rango_Inicio bigint NULL, Rango_Fin bigint NULL, Recurso nvarchar(400) NULL, Peso decimal(12, 2) NOT NULL,
    Token bigint NOT NULL, Intento int NOT NULL, Max_Intentos int NOT NULL, Expira datetime2(3) NOT NULL,
    Parametros nvarchar(max) NULL);

  IF @Poseedor IS NULL OR LTRIM(@Poseedor) = N''
    THROW 50400, N'@Poseedor es obligatorio: quien completa y reclama', 1;
  IF @Reclamar IS NULL OR @Reclamar NOT BETWEEN 0 AND 2000
    THROW 50400, N'@Reclamar debe estar entre 0 y 2000', 1;
  IF @Arriendo_s IS NULL OR @Arriendo_s NOT BETWEEN 1 AND 86400
    THROW 50400, N'@Arriendo_s debe estar entre 1 y 86400', 1;
  IF (SELECT COUNT(*) FROM @Chunks) > 2000
    THROW 50400, N'@Chunks: como mucho 2000 por llamada', 1;
  SELECT @Malo = MIN(a.ID_Chunk) FROM @Chunks AS a WHERE ISJSON(a.Resultado) = 0;
  IF @Malo IS NOT NULL
  BEGIN
    SET @Mensaje = CONCAT(N'el resultado del chunk ', @Malo, N' debe ser un objeto o un arreglo JSON');
    THROW 50400, @Mensaje, 1;
  END;

  BEGIN TRY
    BEGIN TRANSACTION;

    -- Lo que aun se puede completar, bloqueado en el orden de ID_Chunk: dos lotes que se cruzan se esperan, no se traban. Lo que
    -- otro esta cambiando se espera (su propia repeticion, un latido, un reclamo), y se juzga tal como quede.
    INSERT INTO @Propios (ID_Chunk, ID_Trabajo)
    SELECT c.ID_Chunk, c.ID_Trabajo
    FROM @Chunks AS a
    INNER LOOP JOIN trabajo.Chunks AS c WITH (UPDLOCK, READCOMMITTEDLOCK, ROWLOCK, FORCESEEK) ON c.ID_Chunk = a.ID_Chunk
    WHERE c.Token = a.Token AND c.Estado = 'PENDIENTE' AND c.Poseedor IS NOT NULL
    ORDER BY a.ID_Chunk
    OPTION (FORCE ORDER);

    SELECT @Tipo = MIN(t.Tipo)
    FROM @Propios AS p
    INNER JOIN trabajo.Trabajos AS t ON t.ID_Trabajo = p.ID_Trabajo
    WHERE t.Tipo IN ('FONDOS', 'LOGS', 'LO_PROCESOS');
    IF @Tipo IS NOT NULL
    BEGIN
      SET @Mensaje = CONCAT(N'hay chunks de tipo ', @Tipo, N', que no se completan en lote: ', CASE @Tipo
        WHEN 'FONDOS' THEN N'los completa logs.sp_Completar_Ejecucion'
        WHEN 'LOGS' THEN N'los completa logs.sp_Guardar_Bloques'
        ELSE N'los libera logs.liberar_chunk' END);
      THROW 50409, @Mensaje, 1;
    END;

    UPDATE c
    SET
      Estado = CASE WHEN t.Cancelado = 1 THEN 'CANCELADO' ELSE 'COMPLETADO' END,
      Poseedor = NULL,
      Expira = NULL,
      No_Antes_De = NULL,
      Fin = @Ahora,
      Resultado = CASE WHEN t.Cancelado = 1 THEN c.Resultado ELSE a.Resultado END
    FROM trabajo.Chunks AS c WITH (ROWLOCK, FORCESEEK)
    INNER JOIN @Propios AS p ON p.ID_Chunk = c.ID_Chunk
    INNER JOIN @Chunks AS a ON a.ID_Chunk = p.ID_Chunk
    INNER JOIN trabajo.Trabajos AS t ON t.ID_Trabajo = p.ID_Trabajo
    WHERE c.Token = a.Token AND c.Estado = 'PENDIENTE' AND c.Poseedor IS NOT NULL;

    IF @Reclamar > 0
      INSERT INTO @Tomados (ID_Chunk, ID_Trabajo, Tipo, Orden, Rango_Inicio, Rango_Fin, Recurso, Peso, Token, Intento,
        Max_Intentos, Expira, Parametros)
      EXEC trabajo.sp_Reclamar_Paso
        @Poseedor = @Poseedor, @Tipos = @Tipos, @Maximo = @Reclamar, @Arriendo_s = @Arriendo_s, @ID_Trabajo = @ID_Trabajo;

    COMMIT TRANSACTION;
  END TRY
  BEGIN CATCH
    IF XACT_STATE() <> 0
      ROLLBACK TRANSACTION;
    THROW;
  END CATCH;

  -- Despues de confirmar, sin nada bloqueado. Bajo el mismo token un chunk terminado ya no cambia, asi que lo que se lee es lo
  -- que esta llamada, o la que ella repite, dejo escrito.
  INSERT INTO @Dados (ID_Chunk, Token, ID_Trabajo, Situacion)
  SELECT a.ID_Chunk, a.Token, c.ID_Trabajo,
    CASE WHEN c.Token = a.Token AND c.Estado IN ('COMPLETADO', 'CANCELADO') THEN c.Estado ELSE 'PERDIDO' END
  FROM @Chunks AS a
  LEFT JOIN trabajo.Chunks AS c WITH (FORCESEEK (PK_Chunks (ID_Chunk))) ON c.ID_Chunk = a.ID_Chunk;

  -- una pregunta por trabajo, no por chunk; y ninguna por aquellos de los que se acaba de reclamar
  WHILE 1 = 1
  BEGIN
    SELECT TOP (1) @Trabajo = d.ID_Trabajo
    FROM @Dados AS d
    WHERE d.Situacion = 'COMPLETADO' AND d.ID_Trabajo > @Trabajo
      AND NOT EXISTS (SELECT 1 FROM @Tomados AS m WHERE m.ID_Trabajo = d.ID_Trabajo)
    ORDER BY d.ID_Trabajo;
    IF @@ROWCOUNT = 0
      BREAK;
    EXEC trabajo.sp_Restantes @ID_Trabajo = @Trabajo, @Restantes = @Restantes OUTPUT;
    IF @Restantes = 0
      INSERT INTO @Acabados (ID_Trabajo) VALUES (@Trabajo);
  END;

  -- lo que no se sepa de los dados, por ID_Chunk; luego los reclamados, en el orden de trabajo.sp_Reclamar_Chunks
  SELECT
    r.Situacion, r.ID_Chunk, r.Token, r.ID_Trabajo, r.Restantes, r.Tipo, r.Orden, r.Rango_Inicio, r.Rango_Fin, r.Recurso,
    r.Peso, r.Intento, r.Max_Intentos, r.Expira, r.Parametros
  FROM (
    SELECT
      0 AS Reclamado, d.Situacion, d.ID_Chunk, d.Token, d.ID_Trabajo,
      CASE WHEN d.Situacion = 'COMPLETADO' THEN 0 END AS Restantes, CONVERT(varchar(50), NULL) AS Tipo,
      CONVERT(int, NULL) AS Orden, CONVERT(bigint, NULL) AS Rango_Inicio, CONVERT(bigint, NULL) AS Rango_Fin,
      CONVERT(nvarchar(400), NULL) AS Recurso, CONVERT(decimal(12, 2), NULL) AS Peso, CONVERT(int, NULL) AS Intento,
      CONVERT(int, NULL) AS Max_Intentos, CONVERT(datetime2(3), NULL) AS Expira, CONVERT(nvarchar(max), NULL) AS Parametros
    FROM @Dados AS d
    WHERE d.Situacion <> 'COMPLETADO' OR EXISTS (SELECT 1 FROM @Acabados AS e WHERE e.ID_Trabajo = d.ID_Trabajo)
    UNION ALL
    SELECT
      1, CONVERT(varchar(20), 'RECLAMADO'), m.ID_Chunk, m.Token, m.ID_Trabajo, CONVERT(int, NULL), m.Tipo, m.Orden,
      m.Rango_Inicio, m.Rango_Fin, m.Recurso, m.Peso, m.Intento, m.Max_Intentos, m.Expira, m.Parametros
    FROM @Tomados AS m
  ) AS r
  ORDER BY
    r.Reclamado, CASE WHEN r.Reclamado = 1 THEN r.ID_Trabajo END, CASE WHEN r.Reclamado = 1 THEN r.Peso END DESC, r.ID_Chunk;
END;
GO
GRANT EXECUTE ON OBJECT::trabajo.sp_Completar_Chunks TO carril_app;
GO
