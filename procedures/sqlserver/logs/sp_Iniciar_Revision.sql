SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  Starts a review of a log file's bytes [@Desde, @Hasta), in one transaction: the file's row, the job, and for kind LOGS its
  chunks, which must cover the range without a gap or an overlap (compressed input: one chunk). With @Secuencial = 1 the job is
  of kind LOGS_SECUENCIAL and has no chunks. Without @ID_Archivo the file is new to the database, also when one with that path
  is known: it was replaced. id_archivo, ruta, desde and hasta in @Parametros are written here.

  A review of that path that is running: if it is of the same file, kind, options and range, it is given back with Creado = 0,
  so two scans at once join; one that was cancelled, or that lacks nothing but its end, is ended first; else 50409, naming it.
  No byte is skipped: @Desde cannot lie behind where the next review of the file begins, and other options than last time mean
  from 0 on; the file counts as unread until such a review is complete.

  Returns: one
    ID_Trabajo  bigint  not null
    ID_Archivo  bigint  not null
    Creado      bit     not null  0: that review was running already
  Errors: 50400, 50404, 50408, 50409, 50499
  Touches: logs.Archivos write, trabajo.Trabajos write, trabajo.Chunks write
  Batch: 2000
  Entry: carril_app
  Since: 022
*/
CREATE OR ALTER PROCEDURE logs.sp_Iniciar_Revision
  @Ruta nvarchar(400),
  @Huella varchar(64),
  @Huella_Bytes int,
  @Opciones varchar(64),
  @Desde bigint,
  @Hasta bigint,
  @ID_Archivo bigint = NULL,
  @Secuencial bit = 0,
  @Parametros nvarchar(max) = NULL,
  @Usuario nvarchar(100) = NULL,
  @Chunks trabajo.Lista_Chunks_v1 READONLY
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
  DECLARE
    @Tipo varchar(50) = CASE WHEN @Secuencial = 1 THEN 'LOGS_SECUENCIAL' ELSE 'LOGS' END, @Comprimido bit, @Cuantos int,
    @ID_Trabajo bigint, @Creado bit = 0, @Mensaje nvarchar(2048), @Recurso nvarchar(255), @Candado nvarchar(255),
    @Lote_Desde int, @Lote_Hasta int,
    @Vivo bigint, @Vivo_Archivo bigint, @Vivo_Tipo varchar(50), @Vivo_Cancelado bit, @Vivo_Igual bit, @Restantes int,
    @Cerrado bit, @Ruta_Antes nvarchar(400), @Huella_Antes varchar(64), @Huella_Bytes_Antes int, @Leido bigint,
    @Primero bigint;

  IF @Ruta IS NULL OR @Ruta = N'' OR @Ruta LIKE N'% '
    THROW 50400, N'@Ruta es obligatoria, y no puede terminar en un espacio: SQL Server no lo distinguiria', 1;
  IF @Huella IS NULL OR LEN(@Huella) <> 64 OR @Opciones IS NULL OR LEN(@Opciones) <> 64
    THROW 50400, N'@Huella y @Opciones deben ser sha256 en hexadecimal: 64 caracteres', 1;
  IF @Huella_Bytes IS NULL OR @Huella_Bytes < 0
    THROW 50400, N'@Huella_Bytes es obligatorio y no puede ser negativo', 1;
  IF @Desde IS NULL OR @Hasta IS NULL OR @Desde < 0 OR @Hasta < @Desde
    THROW 50400, N'@Desde y @Hasta son obligatorios, y @Hasta no puede ser menor', 1;
  IF @Secuencial IS NULL
    THROW 50400, N'@Secuencial es obligatorio', 1;
  SET @Parametros = COALESCE(@Parametros, N'{}');
  IF ISJSON(@Parametros) = 0 OR LEFT(LTRIM(@Parametros), 1) <> N'{'
    THROW 50400, N'@Parametros debe ser un objeto JSON', 1;

  SELECT
    @Comprimido = CASE WHEN JSON_VALUE(@Parametros, '$.gzip') = N'true' THEN 1 ELSE 0 END,
    @Cuantos = (SELECT COUNT(*) FROM @Chunks);
  IF @Secuencial = 1 AND @Cuantos > 0
    THROW 50400, N'@Chunks: una revision secuencial no tiene', 1;
  IF @Comprimido = 1 AND @Secuencial = 0 AND @Cuantos <> 1
    THROW 50400, N'@Chunks: lo comprimido se lee de una vez, en un chunk', 1;
  IF @Comprimido = 0 AND @Secuencial = 0
  BEGIN
    SELECT TOP (1) @Mensaje = CONCAT(N'el chunk de orden ', y.Orden, N' va de ', y.Rango_Inicio, N' a ', y.Rango_Fin,
      N' y debe comenzar en ', y.Antes, N', terminar despues y no pesar menos de 0')
    FROM (
      SELECT x.Orden, x.Rango_Inicio, x.Rango_Fin, x.Peso, LAG(x.Rango_Fin, 1, @Desde) OVER (ORDER BY x.Rango_Inicio) AS Antes
      FROM @Chunks AS x
    ) AS y
    WHERE y.Rango_Inicio IS NULL OR y.Rango_Fin IS NULL OR y.Rango_Inicio <> y.Antes OR y.Rango_Fin <= y.Rango_Inicio
      OR y.Peso < 0
    ORDER BY y.Rango_Inicio;
    IF @Mensaje IS NULL AND COALESCE((SELECT MAX(x.Rango_Fin) FROM @Chunks AS x), @Desde) <> @Hasta
      SET @Mensaje = CONCAT(N'los chunks no llegan hasta ', @Hasta, N', o pasan de ahi');
    IF @Mensaje IS NOT NULL
      THROW 50400, @Mensaje, 1;
  END;

  -- un nombre de candado tiene 255 caracteres como mucho, y se compara letra por letra
  SET @Recurso = CASE
    WHEN LEN(@Ruta) <= 200 THEN CONCAT(N'carril:clave:logs:', @Ruta)
    ELSE CONCAT(N'carril:clave:logs:', CONVERT(char(64), HASHBYTES('SHA2_256', @Ruta), 2))
  END;

  BEGIN TRY
    BEGIN TRANSACTION;

    -- dos a la vez sobre una ruta: la segunda espera aqui y encuentra la revision de la primera
    EXEC trabajo.sp_Bloquear @Recurso = @Recurso, @Modo = 'Exclusive', @Espera_ms = 15000;

    WHILE @ID_Trabajo IS NULL
    BEGIN
      SET @Vivo = NULL;
      SELECT TOP (1)
        @Vivo = t.ID_Trabajo, @Vivo_Archivo = a.ID_Archivo, @Vivo_Tipo = t.Tipo, @Vivo_Cancelado = t.Cancelado,
        @Vivo_Igual = CASE
          WHEN t.Tipo = @Tipo AND t.Cancelado = 0 AND (@ID_Archivo IS NULL OR @ID_Archivo = a.ID_Archivo)
            AND a.Huella = @Huella AND a.Huella_Bytes = @Huella_Bytes AND a.Opciones = @Opciones
            AND TRY_CONVERT(bigint, JSON_VALUE(t.Parametros, '$.desde')) = @Desde
            AND TRY_CONVERT(bigint, JSON_VALUE(t.Parametros, '$.hasta')) = @Hasta THEN 1
          ELSE 0
        END
      FROM logs.Archivos AS a
      INNER JOIN trabajo.Trabajos AS t WITH (READCOMMITTEDLOCK) ON t.ID_Trabajo = a.ID_Ultimo_Trabajo
      WHERE a.Ruta = @Ruta AND t.Estado = 'EN_PROGRESO'
      ORDER BY a.ID_Archivo DESC;
      IF @Vivo IS NULL
        BREAK;

      IF @Vivo_Igual = 1
        SELECT @ID_Trabajo = @Vivo, @ID_Archivo = @Vivo_Archivo;
      ELSE
      BEGIN
        -- si solo le falta terminar, se termina; si no, estorba
        SELECT @Cerrado = 0, @Restantes = 1;
        IF @Vivo_Tipo = 'LOGS'
          EXEC trabajo.sp_Restantes @ID_Trabajo = @Vivo, @Restantes = @Restantes OUTPUT;
        IF @Vivo_Cancelado = 1 OR @Restantes = 0
        BEGIN
          SET @Candado = CONCAT(N'carril:trabajo:', @Vivo);
          EXEC trabajo.sp_Bloquear @Recurso = @Candado, @Modo = 'Exclusive', @Espera_ms = 15000;
          EXEC logs.sp_Cerrar_Revision @ID_Trabajo = @Vivo, @Cerrado = @Cerrado OUTPUT;
        END;
        IF @Cerrado = 0 AND EXISTS (
          SELECT 1 FROM trabajo.Trabajos AS t WITH (READCOMMITTEDLOCK)
          WHERE t.ID_Trabajo = @Vivo AND t.Estado = 'EN_PROGRESO')
        BEGIN
          SET @Mensaje = CONCAT(N'el trabajo ', @Vivo, N' (', @Vivo_Tipo, CASE
            WHEN @Vivo_Cancelado = 1 THEN N') de ese archivo fue cancelado y un carril tiene todavia parte de el: espere'
            ELSE N') ya revisa ese archivo, con otro alcance u otras opciones: espere a que termine, o cancelelo'
          END);
          THROW 50409, @Mensaje, 1;
        END;
      END;
    END;

    IF @ID_Trabajo IS NULL
    BEGIN
      IF @ID_Archivo IS NULL
      BEGIN
        IF @Desde <> 0
          THROW 50409, N'un archivo nuevo se revisa desde 0', 1;
        INSERT INTO logs.Archivos (Ruta, Huella, Huella_Bytes, Opciones) VALUES (@Ruta, @Huella, @Huella_Bytes, @Opciones);
        SET @ID_Archivo = SCOPE_IDENTITY();
      END
      ELSE
      BEGIN
        SELECT
          @Ruta_Antes = a.Ruta, @Huella_Antes = a.Huella, @Huella_Bytes_Antes = a.Huella_Bytes, @Leido = a.Leido,
          @Primero = CASE WHEN a.Opciones = @Opciones THEN a.Reanudar_En ELSE 0 END
        FROM logs.Archivos AS a WITH (READCOMMITTEDLOCK)
        WHERE a.ID_Archivo = @ID_Archivo;
        IF @Ruta_Antes IS NULL OR @Ruta_Antes <> @Ruta COLLATE Latin1_General_BIN2
        BEGIN
          SET @Mensaje = CONCAT(N'no existe el archivo ', @ID_Archivo, N' con esa ruta');
          THROW 50404, @Mensaje, 1;
        END;
        IF EXISTS (SELECT 1 FROM logs.Archivos AS a WHERE a.Ruta = @Ruta AND a.ID_Archivo > @ID_Archivo)
          OR @Huella_Bytes < @Huella_Bytes_Antes OR @Hasta < @Leido
          OR (@Huella_Bytes = @Huella_Bytes_Antes AND @Huella <> @Huella_Antes)
        BEGIN
          SET @Mensaje = CONCAT(N'el archivo ', @ID_Archivo,
            N' ya no es ese: fue reemplazado o es mas corto; busquelo otra vez');
          THROW 50409, @Mensaje, 1;
        END;
        IF @Desde > @Primero
        BEGIN
          SET @Mensaje = CONCAT(N'con estas opciones el archivo ', @ID_Archivo, N' se revisa como mucho desde ', @Primero,
            N', no desde ', @Desde, N': faltarian bytes');
          THROW 50409, @Mensaje, 1;
        END;
      END;

      SET @Parametros = JSON_MODIFY(JSON_MODIFY(JSON_MODIFY(JSON_MODIFY(@Parametros,
        '$.id_archivo', CONVERT(nvarchar(20), @ID_Archivo)), '$.ruta', @Ruta),
        '$.desde', CONVERT(nvarchar(20), @Desde)), '$.hasta', CONVERT(nvarchar(20), @Hasta));
      INSERT INTO trabajo.Trabajos (Tipo, Parametros, Max_Intentos, Usuario)
      VALUES (@Tipo, @Parametros, 3, COALESCE(@Usuario, CONVERT(nvarchar(100), ORIGINAL_LOGIN())));
      SELECT @ID_Trabajo = SCOPE_IDENTITY(), @Creado = 1;

      -- en orden y por lotes: los ID_Chunk salen en el orden de Orden
      SELECT @Lote_Desde = MIN(x.Orden) FROM @Chunks AS x;
      WHILE @Lote_Desde IS NOT NULL
      BEGIN
        SELECT @Lote_Hasta = MAX(y.Orden)
        FROM (SELECT TOP (2000) x.Orden FROM @Chunks AS x WHERE x.Orden >= @Lote_Desde ORDER BY x.Orden) AS y;

        INSERT INTO trabajo.Chunks (ID_Trabajo, Orden, Rango_Inicio, Rango_Fin, Recurso, Peso, No_Antes_De)
        SELECT @ID_Trabajo, x.Orden, x.Rango_Inicio, x.Rango_Fin, COALESCE(x.Recurso, @Ruta), x.Peso, x.No_Antes_De
        FROM @Chunks AS x
        WHERE x.Orden BETWEEN @Lote_Desde AND @Lote_Hasta
        ORDER BY x.Orden;

        SELECT @Lote_Desde = MIN(x.Orden) FROM @Chunks AS x WHERE x.Orden > @Lote_Hasta;
      END;

      UPDATE a
      SET
        Huella = @Huella, Huella_Bytes = @Huella_Bytes, Opciones = @Opciones, ID_Ultimo_Trabajo = @ID_Trabajo,
        Leido = CASE WHEN a.Opciones = @Opciones THEN a.Leido ELSE 0 END,
        Reanudar_En = CASE WHEN a.Opciones = @Opciones THEN a.Reanudar_En ELSE 0 END
      FROM logs.Archivos AS a WITH (ROWLOCK, FORCESEEK)
      WHERE a.ID_Archivo = @ID_Archivo;
    END;

    COMMIT TRANSACTION;
  END TRY
  BEGIN CATCH
    IF XACT_STATE() <> 0
      ROLLBACK TRANSACTION;
    THROW;
  END CATCH;

  SELECT @ID_Trabajo AS ID_Trabajo, @ID_Archivo AS ID_Archivo, @Creado AS Creado;
END;
GO
GRANT EXECUTE ON OBJECT::logs.sp_Iniciar_Revision TO carril_app;
GO
