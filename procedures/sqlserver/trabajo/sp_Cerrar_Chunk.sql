SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  Ends a chunk that sp_Tomar_Chunk has opened: sets its final state and gives up the lease. Updates exactly one row, else
  50410. The token stays. OMITIDO (from migration 021 on) is a chunk that was split.

  Returns: nothing
  Errors: 50400, 50410
  Touches: trabajo.Chunks write
  Batch: 1
  Step: called inside the caller's transaction
  Since: 018
*/
CREATE OR ALTER PROCEDURE trabajo.sp_Cerrar_Chunk
  @ID_Chunk bigint,
  @Token bigint,
  @Estado varchar(50),
  @Resultado nvarchar(max) = NULL,
  @Error nvarchar(4000) = NULL
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  DECLARE @Filas int, @Mensaje nvarchar(2048);

  IF @Estado IS NULL OR @Estado NOT IN ('COMPLETADO', 'ERROR', 'CANCELADO', 'OMITIDO')
    THROW 50400, N'trabajo.sp_Cerrar_Chunk: @Estado debe ser COMPLETADO, ERROR, CANCELADO u OMITIDO', 1;

  UPDATE c
  SET
    Estado = @Estado,
    Poseedor = NULL,
    Expira = NULL,
    No_Antes_De = NULL,
    Fin = SYSUTCDATETIME(),
    Resultado = CASE WHEN @Estado IN ('COMPLETADO', 'OMITIDO') THEN @Resultado ELSE c.Resultado END,
    -- el ultimo mensaje se conserva, tambien el de un intento anterior al que salio bien
    Ultimo_Error = COALESCE(@Error, c.Ultimo_Error)
  FROM trabajo.Chunks AS c WITH (ROWLOCK, FORCESEEK)
  WHERE c.ID_Chunk = @ID_Chunk AND c.Token = @Token AND c.Estado = 'PENDIENTE' AND c.Poseedor IS NOT NULL;

  SET @Filas = @@ROWCOUNT;
  IF @Filas <> 1
  BEGIN
    SET @Mensaje = CONCAT(N'el chunk ', @ID_Chunk, N' no esta arrendado con el token ', @Token, N': no se cerro');
    THROW 50410, @Mensaje, 1;
  END;
END;
GO
