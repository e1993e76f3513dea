SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  Opens work on a leased chunk: takes its application lock Exclusive, waiting at most @Espera_ms, and then, in a statement
  after that, compares the token. The lock is what makes a repeated call wait for its own orphaned session; the order is what
  makes the comparison see everything that the lock's previous holder committed. Nothing but the token decides: an expired
  lease that nobody has claimed is still its holder's.

  50404 no such chunk; 50410 the token moved. With @Exigir = 1 also 50410 when nobody holds the chunk and 50499 when its job is
  cancelled, unless it is COMPLETADO under this very token: that is said in @Estado and left to the caller. With @Exigir = 0
  the facts are returned: @Vigente = 1 says that the chunk is held under this token.

  Returns: output
    Estado      varchar(50)  not null  state of the chunk
    ID_Trabajo  bigint       not null
    Vigente     bit          not null
    Cancelado   bit          not null  the job's flag
  Errors: 50400, 50404, 50408, 50409, 50410, 50499
  Touches: trabajo.Chunks read, trabajo.Trabajos read
  Batch: none
  Step: called inside the caller's transaction
  Since: 018
*/
CREATE OR ALTER PROCEDURE trabajo.sp_Tomar_Chunk
  @ID_Chunk bigint,
  @Token bigint,
  @Exigir bit = 1,
  @Espera_ms int = 15000,
  @Estado varchar(50) = NULL OUTPUT,
  @ID_Trabajo bigint = NULL OUTPUT,
  @Vigente bit = NULL OUTPUT,
  @Cancelado bit = NULL OUTPUT
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  DECLARE @Recurso nvarchar(255), @Actual bigint, @Mensaje nvarchar(2048);
  SELECT @Estado = NULL, @ID_Trabajo = NULL, @Vigente = NULL, @Cancelado = NULL;

  IF @ID_Chunk IS NULL OR @Token IS NULL
    THROW 50400, N'trabajo.sp_Tomar_Chunk: @ID_Chunk y @Token son obligatorios', 1;

  SET @Recurso = CONCAT(N'carril:chunk:', @ID_Chunk);
  EXEC trabajo.sp_Bloquear @Recurso = @Recurso, @Modo = 'Exclusive', @Espera_ms = @Espera_ms;

  -- READCOMMITTEDLOCK: la fila tal como esta, no una version de antes, sea cual sea el aislamiento de quien llama. Con el
  -- candado en la mano solo un latido puede tenerla bloqueada, y dura un instante.
  SELECT
    @Actual = c.Token,
    @Estado = c.Estado,
    @ID_Trabajo = c.ID_Trabajo,
    @Vigente = CASE WHEN c.Estado = 'PENDIENTE' AND c.Poseedor IS NOT NULL THEN 1 ELSE 0 END
  FROM trabajo.Chunks AS c WITH (READCOMMITTEDLOCK)
  WHERE c.ID_Chunk = @ID_Chunk;

  IF @Actual IS NULL
  BEGIN
    SET @Mensaje = CONCAT(N'no existe el chunk ', @ID_Chunk);
    THROW 50404, @Mensaje, 1;
  END;
  IF @Actual <> @Token
  BEGIN
    SET @Mensaje = CONCAT(N'el arriendo del chunk ', @ID_Chunk, N' se perdio: el token ', @Token,
      N' ya no vale, va por el ', @Actual, N'; abandone este trabajo');
    THROW 50410, @Mensaje, 1;
  END;

  SELECT @Cancelado = t.Cancelado FROM trabajo.Trabajos AS t WHERE t.ID_Trabajo = @ID_Trabajo;

  IF @Exigir = 0 OR @Estado = 'COMPLETADO'
    RETURN;
  IF @Cancelado = 1 OR @Estado = 'CANCELADO'
  BEGIN
    SET @Mensaje = CONCAT(N'el trabajo ', @ID_Trabajo, N' del chunk ', @ID_Chunk, N' fue cancelado: devuelva el chunk');
    THROW 50499, @Mensaje, 1;
  END;
  IF @Vigente = 0
  BEGIN
    SET @Mensaje = CONCAT(N'el chunk ', @ID_Chunk, N' ya no esta arrendado con el token ', @Token, N' (', @Estado,
      N'): fue devuelto o fallo; abandone este trabajo');
    THROW 50410, @Mensaje, 1;
  END;
END;
GO
