SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  Turns what is left of a cancelled job into CANCELADO: chunks that nobody holds, and chunks whose lease has expired and whose
  old holder is not in the middle of a transaction (its lock is asked for without waiting). What is held and alive is left to
  its holder. At most 20,000 chunks a call. The caller holds the job's lock Exclusive.

  Returns: output
    Cancelados  int  not null  chunks that this call ended
  Errors: 50400, 50409, 50499
  Touches: trabajo.Chunks write
  Batch: 2000
  Step: called inside the caller's transaction
  Since: 018
*/
CREATE OR ALTER PROCEDURE trabajo.sp_Barrer_Cancelado
  @ID_Trabajo bigint,
  @Cancelados int = NULL OUTPUT
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  DECLARE
    @Ahora datetime2(3) = SYSUTCDATETIME(), @Vueltas int = 0, @Filas int = 1,
    @ID_Chunk bigint, @Token bigint, @Expira datetime2(3), @Ultimo_Chunk bigint = 0,
    @Ultimo_Expira datetime2(3) = CONVERT(datetime2(3), '00010101'), @Recurso nvarchar(255), @Concedido bit;
  SET @Cancelados = 0;

  -- con el candado del trabajo Exclusive y la bandera puesta, nadie mas reclama ni libera estas filas
  WHILE @Filas > 0 AND @Vueltas < 10
  BEGIN
    UPDATE TOP (2000) c
    SET Estado = 'CANCELADO', No_Antes_De = NULL, Fin = @Ahora
    FROM trabajo.Chunks AS c WITH (ROWLOCK, INDEX (IX_Chunks_Libres))
    WHERE c.ID_Trabajo = @ID_Trabajo AND c.Estado = 'PENDIENTE' AND c.Poseedor IS NULL;
    SELECT @Filas = @@ROWCOUNT, @Vueltas += 1;
    SET @Cancelados += @Filas;
  END;

  -- vencidos: de uno en uno, en orden de vencimiento
  WHILE 1 = 1
  BEGIN
    SELECT TOP (1) @ID_Chunk = c.ID_Chunk, @Token = c.Token, @Expira = c.Expira
    FROM trabajo.Chunks AS c WITH (ROWLOCK, READPAST, READCOMMITTEDLOCK, FORCESEEK (IX_Chunks_Arrendados (ID_Trabajo)))
    WHERE c.ID_Trabajo = @ID_Trabajo AND c.Estado = 'PENDIENTE' AND c.Poseedor IS NOT NULL AND c.Expira < @Ahora
      AND c.Expira >= @Ultimo_Expira AND (c.Expira > @Ultimo_Expira OR c.ID_Chunk > @Ultimo_Chunk)
    ORDER BY c.Expira, c.ID_Chunk;
    IF @@ROWCOUNT = 0
      BREAK;
    SELECT @Ultimo_Expira = @Expira, @Ultimo_Chunk = @ID_Chunk, @Recurso = CONCAT(N'carril:chunk:', @ID_Chunk);

    EXEC trabajo.sp_Bloquear @Recurso = @Recurso, @Modo = 'Exclusive', @Espera_ms = 0, @Concedido = @Concedido OUTPUT;
    IF @Concedido = 1
    BEGIN
      UPDATE c
      SET Estado = 'CANCELADO', Poseedor = NULL, Expira = NULL, No_Antes_De = NULL, Fin = @Ahora
      FROM trabajo.Chunks AS c WITH (ROWLOCK, READPAST, READCOMMITTEDLOCK, FORCESEEK)
      WHERE c.ID_Chunk = @ID_Chunk AND c.Token = @Token AND c.Estado = 'PENDIENTE' AND c.Poseedor IS NOT NULL
        AND c.Expira < @Ahora;
      SET @Cancelados += @@ROWCOUNT;
    END;
  END;
END;
GO
