SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  Records the failure of an attempt: the chunk goes back with exponential backoff and full jitter (a random wait up to
  2 s x 2^(attempt - 1), at most 5 min), or ends in ERROR when the failure is not retryable or the attempts are used up, or in
  CANCELADO when its job was cancelled. The message is kept. A repeated call finds it recorded and changes nothing.

  @Transitorio = 1: a database error that passes by itself (lost connection, deadlock, lock timeout, throttling). The chunk goes
  back with the backoff of the times that it was held in vain, 2 s x 2^(Token - attempts), and the attempt is given back, as
  long as fewer than 10 were (Token - attempts < 10); after that it uses an attempt like any other failure.

  Returns: output
    Estado       varchar(50)   not null  state of the chunk
    Intento      int           not null  attempts used
    No_Antes_De  datetime2(3)  null      when it may be claimed again
    ID_Trabajo   bigint        not null
    Registrado   bit           not null  this call recorded it
  Errors: 50400, 50404, 50408, 50409, 50410, 50499
  Touches: trabajo.Chunks write, trabajo.Trabajos read
  Batch: 1
  Step: called inside the caller's transaction
  Since: 018
*/
CREATE OR ALTER PROCEDURE trabajo.sp_Registrar_Fallo
  @ID_Chunk bigint,
  @Token bigint,
  @Error nvarchar(4000),
  @Reintentable bit = 1,
  @Transitorio bit = 0,
  @Estado varchar(50) = NULL OUTPUT,
  @Intento int = NULL OUTPUT,
  @No_Antes_De datetime2(3) = NULL OUTPUT,
  @ID_Trabajo bigint = NULL OUTPUT,
  @Registrado bit = NULL OUTPUT
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  DECLARE
    @Vigente bit, @Cancelado bit, @Max_Intentos int, @Devuelve bit, @Exponente bigint, @Tope_ms bigint,
    @Espera_ms int, @Filas int;
  SELECT @No_Antes_De = NULL, @Registrado = 0;

  IF @Error IS NULL OR LTRIM(@Error) = N''
    THROW 50400, N'@Error es obligatorio: el mensaje con que fallo el intento', 1;

  EXEC trabajo.sp_Tomar_Chunk
    @ID_Chunk = @ID_Chunk, @Token = @Token, @Exigir = 0,
    @Estado = @Estado OUTPUT, @ID_Trabajo = @ID_Trabajo OUTPUT, @Vigente = @Vigente OUTPUT, @Cancelado = @Cancelado OUTPUT;

  SELECT @Intento = c.Intento, @No_Antes_De = c.No_Antes_De, @Max_Intentos = t.Max_Intentos
  FROM trabajo.Chunks AS c
  INNER JOIN trabajo.Trabajos AS t ON t.ID_Trabajo = c.ID_Trabajo
  WHERE c.ID_Chunk = @ID_Chunk;

  -- el mismo token y nadie lo tiene: este fallo (o su devolucion) ya quedo escrito
  IF @Vigente = 0
    RETURN;

  SELECT
    @Registrado = 1,
    @No_Antes_De = NULL,
    -- Token - Intento: las veces que se tuvo el chunk sin que contara como intento
    @Devuelve = CASE WHEN @Transitorio = 1 AND @Token - @Intento < 10 THEN 1 ELSE 0 END;
  IF @Cancelado = 1
    SET @Estado = 'CANCELADO';
  ELSE IF COALESCE(@Reintentable, 1) = 0 OR (@Devuelve = 0 AND @Intento >= @Max_Intentos)
    SET @Estado = 'ERROR';
  ELSE
  BEGIN
    -- el azar reparte los reintentos: fallos simultaneos no vuelven simultaneos
    SET @Exponente = CASE WHEN @Devuelve = 1 THEN @Token - @Intento ELSE @Intento - 1 END;
    SET @Tope_ms = CASE WHEN @Exponente > 7 THEN 300000 ELSE 2000 * POWER(CONVERT(bigint, 2), @Exponente) END;
    IF @Tope_ms > 300000
      SET @Tope_ms = 300000;
    SET @Espera_ms = CONVERT(int, RAND(CHECKSUM(NEWID())) * @Tope_ms);
    SET @No_Antes_De = DATEADD(MILLISECOND, @Espera_ms, SYSUTCDATETIME());
    IF @Devuelve = 1
      SET @Intento -= 1;

    UPDATE c
    SET Poseedor = NULL, Expira = NULL, No_Antes_De = @No_Antes_De, Intento = @Intento, Ultimo_Error = @Error
    FROM trabajo.Chunks AS c WITH (ROWLOCK, FORCESEEK)
    WHERE c.ID_Chunk = @ID_Chunk AND c.Token = @Token AND c.Estado = 'PENDIENTE' AND c.Poseedor IS NOT NULL;

    SET @Filas = @@ROWCOUNT;
    IF @Filas <> 1
      THROW 50410, N'el chunk no esta arrendado con ese token: el fallo no se registro', 1;
    RETURN;
  END;

  EXEC trabajo.sp_Cerrar_Chunk @ID_Chunk = @ID_Chunk, @Token = @Token, @Estado = @Estado, @Error = @Error;
END;
GO
