SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  Writes the error blocks that begin in a part of a file, [@Desde, @Hasta), in place of those that were there: the old ones
  are deleted, the given ones, which must all begin inside, inserted. Only the newest review of a file writes; one that was
  overtaken (an older job that was retried) is told so with 50409. At most 20,000 blocks a call.

  Returns: output
    Escritos  int  not null
  Errors: 50400, 50409
  Touches: logs.Archivos read, logs.Bloques_Error write
  Batch: 2000
  Step: called inside the caller's transaction
  Since: 022
*/
CREATE OR ALTER PROCEDURE logs.sp_Escribir_Bloques
  @ID_Trabajo bigint,
  @ID_Chunk bigint,
  @Desde bigint,
  @Hasta bigint,
  @Bloques logs.Lista_Bloques_v1 READONLY,
  @Escritos int = NULL OUTPUT
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  DECLARE @ID_Archivo bigint, @Filas int = 2000, @Lote_Desde bigint, @Lote_Hasta bigint, @Mensaje nvarchar(2048);
  SET @Escritos = 0;

  IF @@TRANCOUNT = 0
    THROW 50409, N'logs.sp_Escribir_Bloques necesita una transaccion abierta', 1;
  IF @Desde IS NULL OR @Hasta IS NULL OR @Desde < 0 OR @Hasta < @Desde
    THROW 50400, N'@Desde y @Hasta son obligatorios, y @Hasta no puede ser menor', 1;
  IF (SELECT COUNT(*) FROM @Bloques) > 20000
    THROW 50400, N'@Bloques: como mucho 20000 por llamada', 1;
  SELECT TOP (1) @Mensaje = CONCAT(N'el bloque de bytes ', x.Byte_Inicio, N' a ', x.Byte_Fin, N' no comienza entre ', @Desde,
    N' y ', @Hasta, N', o termina antes de comenzar')
  FROM @Bloques AS x
  WHERE x.Byte_Inicio < @Desde OR x.Byte_Inicio >= @Hasta OR x.Byte_Fin <= x.Byte_Inicio
  ORDER BY x.Byte_Inicio;
  IF @Mensaje IS NOT NULL
    THROW 50400, @Mensaje, 1;

  SELECT @ID_Archivo = a.ID_Archivo
  FROM logs.Archivos AS a
  WHERE a.ID_Ultimo_Trabajo = @ID_Trabajo AND a.ID_Ultimo_Trabajo IS NOT NULL;
  IF @ID_Archivo IS NULL
  BEGIN
    SET @Mensaje = CONCAT(N'el trabajo ', @ID_Trabajo, N' ya no es la ultima revision de su archivo: no escribe bloques');
    THROW 50409, @Mensaje, 1;
  END;

  -- la primera vez no hay nada; al repetir un intento, lo del anterior
  WHILE @Filas = 2000
  BEGIN
    DELETE TOP (2000) b
    FROM logs.Bloques_Error AS b WITH (ROWLOCK, FORCESEEK)
    WHERE b.ID_Archivo = @ID_Archivo AND b.Byte_Inicio >= @Desde AND b.Byte_Inicio < @Hasta;
    SET @Filas = @@ROWCOUNT;
  END;

  SELECT @Lote_Desde = MIN(x.Byte_Inicio) FROM @Bloques AS x;
  WHILE @Lote_Desde IS NOT NULL
  BEGIN
    SELECT @Lote_Hasta = MAX(y.Byte_Inicio)
    FROM (SELECT TOP (2000) x.Byte_Inicio FROM @Bloques AS x WHERE x.Byte_Inicio >= @Lote_Desde ORDER BY x.Byte_Inicio) AS y;

    INSERT INTO logs.Bloques_Error (
      ID_Archivo, Byte_Inicio, Byte_Fin, ID_Trabajo, ID_Chunk, Nivel, Momento, Firma, Primera_Linea, Texto, Recortado)
    SELECT
      @ID_Archivo, x.Byte_Inicio, x.Byte_Fin, @ID_Trabajo, @ID_Chunk, x.Nivel, x.Momento, x.Firma, x.Primera_Linea, x.Texto,
      x.Recortado
    FROM @Bloques AS x
    WHERE x.Byte_Inicio BETWEEN @Lote_Desde AND @Lote_Hasta
    ORDER BY x.Byte_Inicio;
    SET @Escritos += @@ROWCOUNT;

    SELECT @Lote_Desde = MIN(x.Byte_Inicio) FROM @Bloques AS x WHERE x.Byte_Inicio > @Lote_Hasta;
  END;
END;
GO
