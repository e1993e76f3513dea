SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  Creates a job with its chunks in one transaction. Under an idempotency key that exists already it creates nothing and gives
  the job of that key back, whatever the other arguments say. A job may have no chunks: its finalizer completes it.

  Returns: output
    ID_Trabajo  bigint  not null
    Creado      bit     not null  0: the job of this key existed
  Errors: 50400, 50408, 50409, 50499
  Touches: trabajo.Trabajos write, trabajo.Chunks write
  Batch: 2000
  Entry: carril_app
  Since: 018
*/
CREATE OR ALTER PROCEDURE trabajo.sp_Crear_Trabajo
  @Tipo varchar(50),
  @Clave nvarchar(200) = NULL,
  @Parametros nvarchar(max) = NULL,
  @Max_Intentos int = 3,
  @Usuario nvarchar(100) = NULL,
  @Chunks trabajo.Lista_Chunks_v1 READONLY,
  @ID_Trabajo bigint OUTPUT,
  @Creado bit OUTPUT
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
  DECLARE @Mensaje nvarchar(2048), @Recurso nvarchar(255), @Desde int, @Hasta int;
  SELECT @ID_Trabajo = NULL, @Creado = 0, @Clave = RTRIM(@Clave);

  IF @Tipo IS NULL OR LTRIM(@Tipo) = ''
    THROW 50400, N'@Tipo es obligatorio', 1;
  IF @Clave = N''
    THROW 50400, N'@Clave no puede ser vacia: NULL si no hay clave', 1;
  IF @Max_Intentos IS NULL OR @Max_Intentos NOT BETWEEN 1 AND 100
    THROW 50400, N'@Max_Intentos debe estar entre 1 y 100', 1;
  IF ISJSON(@Parametros) = 0
    THROW 50400, N'@Parametros debe ser un objeto o un arreglo JSON', 1;
  SELECT TOP (1) @Mensaje = CONCAT(N'el chunk de orden ', x.Orden, N' tiene un rango al reves o un peso negativo')
  FROM @Chunks AS x
  WHERE x.Rango_Fin < x.Rango_Inicio OR x.Peso < 0
  ORDER BY x.Orden;
  IF @Mensaje IS NOT NULL
    THROW 50400, @Mensaje, 1;

  BEGIN TRY
    BEGIN TRANSACTION;

    IF @Clave IS NOT NULL
    BEGIN
      -- dos llamadas con la misma clave: la segunda espera aqui y encuentra el trabajo de la primera
      SET @Recurso = CONCAT(N'carril:clave:', @Clave);
      EXEC trabajo.sp_Bloquear @Recurso = @Recurso, @Modo = 'Exclusive', @Espera_ms = 15000;

      SELECT @ID_Trabajo = t.ID_Trabajo
      FROM trabajo.Trabajos AS t WITH (READCOMMITTEDLOCK)
      WHERE t.Clave = @Clave AND t.Clave IS NOT NULL;
    END;

    IF @ID_Trabajo IS NULL
    BEGIN
      INSERT INTO trabajo.Trabajos (Tipo, Clave, Parametros, Max_Intentos, Usuario)
      VALUES (@Tipo, @Clave, @Parametros, @Max_Intentos, COALESCE(@Usuario, CONVERT(nvarchar(100), ORIGINAL_LOGIN())));
      SELECT @ID_Trabajo = SCOPE_IDENTITY(), @Creado = 1;

      -- en orden y por lotes: los ID_Chunk salen en el orden de Orden
      SELECT @Desde = MIN(x.Orden) FROM @Chunks AS x;
      WHILE @Desde IS NOT NULL
      BEGIN
        SELECT @Hasta = MAX(y.Orden)
        FROM (SELECT TOP (2000) x.Orden FROM @Chunks AS x WHERE x.Orden >= @Desde ORDER BY x.Orden) AS y;

        INSERT INTO trabajo.Chunks (ID_Trabajo, Orden, Rango_Inicio, Rango_Fin, Recurso, Peso, No_Antes_De)
        SELECT @ID_Trabajo, x.Orden, x.Rango_Inicio, x.Rango_Fin, x.Recurso, x.Peso, x.No_Antes_De
        FROM @Chunks AS x
        WHERE x.Orden BETWEEN @Desde AND @Hasta
        ORDER BY x.Orden;

        SELECT @Desde = MIN(x.Orden) FROM @Chunks AS x WHERE x.Orden > @Hasta;
      END;
    END;

    COMMIT TRANSACTION;
  END TRY
  BEGIN CATCH
    IF XACT_STATE() <> 0
      ROLLBACK TRANSACTION;
    THROW;
  END CATCH;
END;
GO
GRANT EXECUTE ON OBJECT::trabajo.sp_Crear_Trabajo TO carril_app;
GO
