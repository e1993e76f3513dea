SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  Splits a leased chunk whose work did not fit in memory: its half-open range [Rango_Inicio, Rango_Fin) goes on in two new chunks,
  cut at @Corte (none given: in the middle), with the weight shared out in proportion, at the end of the job's order. The chunk
  itself becomes OMITIDO: lease given up, @Error kept, its halves named in its Resultado. One transaction: either all of the
  range is in the two, or nothing has changed.

  Partido = 0, and nothing changed: a range of fewer than two units or none, a cut outside of it, a kind whose chunks are no ranges
  (FONDOS, LO_PROCESOS), or a chunk that has completed. The caller then fails the chunk as usual. Already split under this
  token: says into which.

  Returns: one
    Partido     bit     not null
    ID_Chunk_1  bigint  null      from Rango_Inicio to the cut
    ID_Chunk_2  bigint  null      from the cut to Rango_Fin
    Restantes   int     not null  0: no unfinished chunk of the job was seen, try to finalize it; else 1
  Errors: 50400, 50404, 50408, 50409, 50410, 50499
  Touches: trabajo.Trabajos read, trabajo.Chunks write
  Batch: 1
  Entry: carril_app
  Since: 021
*/
CREATE OR ALTER PROCEDURE trabajo.sp_Partir_Chunk
  @ID_Chunk bigint,
  @Token bigint,
  @Error nvarchar(4000),
  @Corte bigint = NULL
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
  DECLARE
    @ID_Trabajo bigint, @Tipo varchar(50), @Estado varchar(50), @Inicio bigint, @Fin bigint, @Recurso_Chunk nvarchar(400),
    @Peso decimal(12, 2), @Peso_1 decimal(12, 2), @Resultado nvarchar(max), @Largo decimal(20, 0), @Orden int,
    @Partido bit = 0, @ID_Chunk_1 bigint, @ID_Chunk_2 bigint, @Restantes int, @Mensaje nvarchar(2048), @Recurso nvarchar(255);

  IF @ID_Chunk IS NULL OR @Token IS NULL
    THROW 50400, N'@ID_Chunk y @Token son obligatorios', 1;
  IF @Error IS NULL OR LTRIM(@Error) = N''
    THROW 50400, N'@Error es obligatorio: el mensaje con que fallo el intento', 1;

  BEGIN TRY
    BEGIN TRANSACTION;

    -- de que trabajo es no cambia nunca: se puede mirar antes de tener candado alguno
    SELECT @ID_Trabajo = c.ID_Trabajo, @Tipo = t.Tipo
    FROM trabajo.Chunks AS c
    INNER JOIN trabajo.Trabajos AS t ON t.ID_Trabajo = c.ID_Trabajo
    WHERE c.ID_Chunk = @ID_Chunk;
    IF @ID_Trabajo IS NULL
    BEGIN
      SET @Mensaje = CONCAT(N'no existe el chunk ', @ID_Chunk);
      THROW 50404, @Mensaje, 1;
    END;

    -- 1: el del trabajo, Exclusive: nadie mas agrega chunks ni los cuenta mientras este se parte
    SET @Recurso = CONCAT(N'carril:trabajo:', @ID_Trabajo);
    EXEC trabajo.sp_Bloquear @Recurso = @Recurso, @Modo = 'Exclusive', @Espera_ms = 15000;

    -- 2: el del chunk, y su token
    EXEC trabajo.sp_Tomar_Chunk @ID_Chunk = @ID_Chunk, @Token = @Token, @Exigir = 0, @Estado = @Estado OUTPUT;

    IF @Estado = 'OMITIDO'
    BEGIN
      -- la misma llamada otra vez: ya quedo partido
      SELECT @Resultado = c.Resultado FROM trabajo.Chunks AS c WHERE c.ID_Chunk = @ID_Chunk;
      SELECT
        @Partido = 1,
        @ID_Chunk_1 = CONVERT(bigint, JSON_VALUE(@Resultado, '$.partido_en[0]')),
        @ID_Chunk_2 = CONVERT(bigint, JSON_VALUE(@Resultado, '$.partido_en[1]'));
    END
    ELSE IF @Estado <> 'COMPLETADO'
    BEGIN
      -- las reglas de siempre: 50410 si ya no lo tiene, 50499 si el trabajo fue cancelado
      EXEC trabajo.sp_Tomar_Chunk @ID_Chunk = @ID_Chunk, @Token = @Token;

      SELECT @Inicio = c.Rango_Inicio, @Fin = c.Rango_Fin, @Recurso_Chunk = c.Recurso, @Peso = c.Peso
      FROM trabajo.Chunks AS c
      WHERE c.ID_Chunk = @ID_Chunk;
      SET @Largo = CONVERT(decimal(20, 0), @Fin) - @Inicio;
      IF @Corte IS NULL AND @Largo >= 2
        SET @Corte = CONVERT(bigint, @Inicio + FLOOR(@Largo / 2));

      -- con un NULL de por medio no se cumple, y entonces no se parte
      IF @Largo >= 2 AND @Corte > @Inicio AND @Corte < @Fin AND @Tipo NOT IN ('FONDOS', 'LO_PROCESOS')
      BEGIN
        SELECT @Orden = MAX(c.Orden) FROM trabajo.Chunks AS c WHERE c.ID_Trabajo = @ID_Trabajo;
        -- la suma de los dos es el de antes. La resta, exacta: un float pierde las unidades de un numero grande
        SET @Peso_1 = ROUND(
          CONVERT(float, @Peso) * CONVERT(float, CONVERT(decimal(20, 0), @Corte) - @Inicio) / CONVERT(float, @Largo), 2);

        INSERT INTO trabajo.Chunks (ID_Trabajo, Orden, Rango_Inicio, Rango_Fin, Recurso, Peso)
        VALUES (@ID_Trabajo, @Orden + 1, @Inicio, @Corte, @Recurso_Chunk, @Peso_1);
        SET @ID_Chunk_1 = SCOPE_IDENTITY();
        INSERT INTO trabajo.Chunks (ID_Trabajo, Orden, Rango_Inicio, Rango_Fin, Recurso, Peso)
        VALUES (@ID_Trabajo, @Orden + 2, @Corte, @Fin, @Recurso_Chunk, @Peso - @Peso_1);
        SET @ID_Chunk_2 = SCOPE_IDENTITY();

        SET @Resultado = CONCAT(N'{"partido_en":["', @ID_Chunk_1, N'","', @ID_Chunk_2, N'"]}');
        EXEC trabajo.sp_Cerrar_Chunk
          @ID_Chunk = @ID_Chunk, @Token = @Token, @Estado = 'OMITIDO', @Resultado = @Resultado, @Error = @Error;
        SET @Partido = 1;
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
  SELECT @Partido AS Partido, @ID_Chunk_1 AS ID_Chunk_1, @ID_Chunk_2 AS ID_Chunk_2, @Restantes AS Restantes;
END;
GO
GRANT EXECUTE ON OBJECT::trabajo.sp_Partir_Chunk TO carril_app;
GO
