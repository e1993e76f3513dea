SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  The heartbeat: renews all of a worker's leases in one call, for @Arriendo_s seconds from now, and says what became of each.
  Never waits: a row that another session has locked counts as alive, whoever it is (this worker's own completion, or a claim
  after expiry: then the token decides, and the next heartbeat says PERDIDO).

    RENOVADO   renewed
    CANCELADO  the job was cancelled (renewed all the same, so that its holder has time to stop and give it back)
    OCUPADO    its row is locked at this moment: counts as alive, not renewed this time
    TERMINADO  ended or given back under this very token
    PERDIDO    the token moved: another worker has it

  Two looks. The first takes what it can lock, and renews it. The second, after that has committed, looks at the rest, again
  skipping what is locked: a row that it sees can be judged by its token, a row that it does not see is locked, so OCUPADO.
  Under READ_COMMITTED_SNAPSHOT a plain read would answer from an old version, and under locking READ COMMITTED it would wait;
  READPAST with READCOMMITTEDLOCK sees the row as it is, or not at all, in both. A row that was locked in the first look and is
  free and unchanged in the second is OCUPADO too. So is a chunk that has been deleted (only an ended job's are): its holder,
  if it is still somewhere, hears 50404 at its next call.

  Returns: many
    ID_Chunk   bigint       not null
    Token      bigint       not null
    Situacion  varchar(20)  not null
  Errors: 50400
  Touches: trabajo.Trabajos read, trabajo.Chunks write
  Batch: 2000
  Entry: carril_app
  Since: 018
*/
CREATE OR ALTER PROCEDURE trabajo.sp_Renovar_Chunks
  @Poseedor nvarchar(200),
  @Arriendo_s int,
  @Chunks trabajo.Lista_Arriendos_v1 READONLY
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  -- READPAST no vale en SERIALIZABLE, que un pool puede haber dejado puesto
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
  DECLARE @Renovados TABLE (ID_Chunk bigint NOT NULL PRIMARY KEY, ID_Trabajo bigint NOT NULL);
  DECLARE @Vistos TABLE (ID_Chunk bigint NOT NULL PRIMARY KEY, Token bigint NOT NULL, Estado varchar(50) NOT NULL,
    Poseedor nvarchar(200) NULL);

  IF @Poseedor IS NULL OR LTRIM(@Poseedor) = N''
    THROW 50400, N'@Poseedor es obligatorio: quien renueva', 1;
  IF @Arriendo_s IS NULL OR @Arriendo_s NOT BETWEEN 1 AND 86400
    THROW 50400, N'@Arriendo_s debe estar entre 1 y 86400', 1;
  IF (SELECT COUNT(*) FROM @Chunks) > 2000
    THROW 50400, N'@Chunks: como mucho 2000 por llamada', 1;

  BEGIN TRY
    BEGIN TRANSACTION;

    -- lo que se puede bloquear sin esperar y sigue siendo suyo; UPDLOCK lo sujeta hasta la sentencia siguiente
    INSERT INTO @Renovados (ID_Chunk, ID_Trabajo)
    SELECT c.ID_Chunk, c.ID_Trabajo
    FROM @Chunks AS a
    INNER JOIN trabajo.Chunks AS c WITH (UPDLOCK, READPAST, READCOMMITTEDLOCK, ROWLOCK, FORCESEEK) ON c.ID_Chunk = a.ID_Chunk
    WHERE c.Token = a.Token AND c.Poseedor = @Poseedor AND c.Estado = 'PENDIENTE';

    UPDATE c
    SET Expira = DATEADD(SECOND, @Arriendo_s, SYSUTCDATETIME())
    FROM trabajo.Chunks AS c WITH (ROWLOCK, FORCESEEK)
    INNER JOIN @Renovados AS r ON r.ID_Chunk = c.ID_Chunk;

    COMMIT TRANSACTION;
  END TRY
  BEGIN CATCH
    IF XACT_STATE() <> 0
      ROLLBACK TRANSACTION;
    THROW;
  END CATCH;

  INSERT INTO @Vistos (ID_Chunk, Token, Estado, Poseedor)
  SELECT c.ID_Chunk, c.Token, c.Estado, c.Poseedor
  FROM trabajo.Chunks AS c WITH (ROWLOCK, READPAST, READCOMMITTEDLOCK, FORCESEEK)
  INNER JOIN @Chunks AS a ON a.ID_Chunk = c.ID_Chunk
  WHERE NOT EXISTS (SELECT 1 FROM @Renovados AS r WHERE r.ID_Chunk = a.ID_Chunk);

  SELECT
    a.ID_Chunk,
    a.Token,
    CONVERT(varchar(20), CASE
      WHEN r.ID_Chunk IS NOT NULL AND t.ID_Trabajo IS NOT NULL THEN 'CANCELADO'
      WHEN r.ID_Chunk IS NOT NULL THEN 'RENOVADO'
      WHEN v.ID_Chunk IS NULL THEN 'OCUPADO'
      WHEN v.Token <> a.Token THEN 'PERDIDO'
      WHEN v.Estado = 'CANCELADO' THEN 'CANCELADO'
      WHEN v.Estado <> 'PENDIENTE' OR v.Poseedor IS NULL THEN 'TERMINADO'
      WHEN v.Poseedor <> @Poseedor THEN 'PERDIDO'
      ELSE 'OCUPADO'
    END) AS Situacion
  FROM @Chunks AS a
  LEFT JOIN @Renovados AS r ON r.ID_Chunk = a.ID_Chunk
  LEFT JOIN @Vistos AS v ON v.ID_Chunk = a.ID_Chunk
  -- una fila de trabajo bloqueada la tiene quien esta cancelando: se sabra en el proximo latido
  LEFT JOIN trabajo.Trabajos AS t WITH (ROWLOCK, READPAST, READCOMMITTEDLOCK)
    ON t.ID_Trabajo = r.ID_Trabajo AND t.Cancelado = 1
  ORDER BY a.ID_Chunk;
END;
GO
GRANT EXECUTE ON OBJECT::trabajo.sp_Renovar_Chunks TO carril_app;
GO
