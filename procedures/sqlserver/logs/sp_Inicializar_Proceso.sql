SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  Starts a process for a date: the process, one execution a fund, their states per service, and the job with one chunk an
  execution, in one transaction. Without funds: all that are Active and Incluir_En_Cubo. Under an idempotency key that exists
  already it creates nothing and gives back the process of that key; @Huella, a digest of what was asked, is kept with the job, so
  that its caller can tell a repetition from another request. What the process will run is frozen here: the funds' codes
  and flags, the architecture, and the active services; a service that is not active, or whose flag the fund has off, is OMITIDO
  from now on.

  @Arquitectura NULL: what logs.Ajustes says of the funds, 50409 when they differ (a process has one; start two). LEGADO: one
  ID_Ejecucion for all funds, without ID_Fund, and a job of kind FONDOS_LEGADO with one chunk, the batch extraction, which adds the
  funds' chunks when it is done.

  With @Servicio only that service runs. What it depends on, directly or not, is OMITIDO where the fund has a completed execution
  of that date with that service complete, whose rows are read then, and runs before it where not. A fund that has the flag of
  @Servicio off runs nothing; the old way cannot run one alone (50409). Nothing is started (50409, naming the rows) while logs.Servicios cannot be run: see
  logs.sp_Verificar_Servicios.

  A chunk's weight is what logs.fn_Peso_Fondo says, of the sources whose flag the fund has on: the heaviest funds are claimed first.

  Every ID comes from logs.Seq_ID, the process's first: whatever other callers draw in between, an execution's ID is above its
  process's.

  Returns: output
    ID_Proceso   bigint  not null
    ID_Trabajo   bigint  not null
    TotalFondos  int     not null
  Errors: 50400, 50404, 50408, 50409, 50499
  Touches: dimensionales.BD_Funds read, logs.Ajustes read, homol.IPA read, homol.CAPM read, homol.PosModRF read, homol.SONA read, homol.Derivados read, homol.UBS read, logs.Servicios read, logs.Servicio_Procedimientos read, trabajo.Trabajos write, logs.Procesos write, trabajo.Chunks write, logs.Ejecuciones write, logs.Ejecucion_Fondos write
  Batch: 2000
  Entry: carril_app
  Since: 018
*/
CREATE OR ALTER PROCEDURE logs.sp_Inicializar_Proceso
  @FechaReporte date,
  @Fondos logs.Lista_Fondos_v1 READONLY,
  @Usuario nvarchar(100) = NULL,
  @Clave nvarchar(200) = NULL,
  @Arquitectura varchar(20) = NULL,
  @Servicio varchar(50) = NULL,
  @Huella varchar(64) = NULL,
  @ID_Proceso bigint OUTPUT,
  @ID_Trabajo bigint OUTPUT,
  @TotalFondos int OUTPUT
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
  DECLARE
    @Mensaje nvarchar(2048), @Nombres nvarchar(max), @Recurso nvarchar(255), @Tipo varchar(50), @Servicios nvarchar(max),
    @Parametros nvarchar(max), @Ahora datetime2(3) = SYSUTCDATETIME(), @Desde int, @Distintas int,
    @Compartida bigint, @Flag varchar(50);
  DECLARE @Activos TABLE (Servicio varchar(50) NOT NULL PRIMARY KEY, Orden int NOT NULL, Flag varchar(50) NULL);
  DECLARE @Elegidos TABLE (
    Fila int IDENTITY(1, 1) NOT NULL PRIMARY KEY, ID_Ejecucion bigint NULL, ID_Fund int NOT NULL,
    FundShortName nvarchar(100) NOT NULL, Portfolio_Geneva varchar(50) NOT NULL, Portfolio_CAPM varchar(50) NULL,
    Portfolio_Derivados varchar(50) NULL, Portfolio_UBS varchar(50) NULL, Flag_UBS bit NOT NULL, Flag_Derivados bit NOT NULL,
    Peso decimal(12, 2) NOT NULL);
  DECLARE @Creados TABLE (ID_Ejecucion bigint NOT NULL PRIMARY KEY, ID_Chunk bigint NOT NULL);
  SELECT @ID_Proceso = NULL, @ID_Trabajo = NULL, @TotalFondos = NULL;
  SELECT @Clave = RTRIM(@Clave), @Usuario = COALESCE(@Usuario, CONVERT(nvarchar(100), ORIGINAL_LOGIN()));

  IF @FechaReporte IS NULL
    THROW 50400, N'@FechaReporte es obligatoria', 1;
  IF @Clave = N''
    THROW 50400, N'@Clave no puede ser vacia: NULL si no hay clave', 1;

  IF @Arquitectura NOT IN ('LEGADO', 'JERARQUICA')
    THROW 50400, N'@Arquitectura debe ser LEGADO o JERARQUICA', 1;

  BEGIN TRY
    BEGIN TRANSACTION;

    IF @Clave IS NOT NULL
    BEGIN
      -- dos llamadas con la misma clave: la segunda espera aqui y encuentra el proceso de la primera
      SET @Recurso = CONCAT(N'carril:clave:', @Clave);
      EXEC trabajo.sp_Bloquear @Recurso = @Recurso, @Modo = 'Exclusive', @Espera_ms = 15000;

      SELECT @ID_Trabajo = t.ID_Trabajo, @Tipo = t.Tipo
      FROM trabajo.Trabajos AS t WITH (READCOMMITTEDLOCK)
      WHERE t.Clave = @Clave AND t.Clave IS NOT NULL;

      IF @Tipo NOT IN ('FONDOS', 'FONDOS_LEGADO')
      BEGIN
        SET @Mensaje = CONCAT(N'la clave ', REPLACE(@Clave, N'%', N'%%'), N' es de un trabajo de tipo ', @Tipo, N': use otra');
        THROW 50409, @Mensaje, 1;
      END;
      IF @ID_Trabajo IS NOT NULL
      BEGIN
        SELECT @ID_Proceso = p.ID_Proceso, @TotalFondos = p.TotalFondos
        FROM logs.Procesos AS p
        WHERE p.ID_Trabajo = @ID_Trabajo;
        COMMIT TRANSACTION;
        RETURN;
      END;
    END;

    -- los fondos
    IF EXISTS (SELECT 1 FROM @Fondos)
    BEGIN
      SELECT @Nombres = STRING_AGG(CONVERT(nvarchar(max), x.FundShortName), N', ')
      FROM @Fondos AS x
      WHERE NOT EXISTS (SELECT 1 FROM dimensionales.BD_Funds AS f WHERE f.FundShortName = x.FundShortName);
      IF @Nombres IS NOT NULL
      BEGIN
        SET @Mensaje = CONCAT(N'no estan en dimensionales.BD_Funds: ', REPLACE(LEFT(@Nombres, 1900), N'%', N'%%'));
        THROW 50404, @Mensaje, 1;
      END;

      SELECT @Nombres = STRING_AGG(CONVERT(nvarchar(max), x.FundShortName), N', ')
      FROM @Fondos AS x
      INNER JOIN dimensionales.BD_Funds AS f ON f.FundShortName = x.FundShortName
      WHERE f.Active = 0;
      IF @Nombres IS NOT NULL
      BEGIN
        SET @Mensaje = CONCAT(N'no estan activos (dimensionales.BD_Funds.Active): ', REPLACE(LEFT(@Nombres, 1900), N'%', N'%%'));
        THROW 50409, @Mensaje, 1;
      END;
    END;

    INSERT INTO @Elegidos (
      ID_Fund, FundShortName, Portfolio_Geneva, Portfolio_CAPM, Portfolio_Derivados, Portfolio_UBS, Flag_UBS, Flag_Derivados,
      Peso)
    SELECT
      f.ID_Fund, f.FundShortName, f.Portfolio_Geneva, f.Portfolio_CAPM, f.Portfolio_Derivados, f.Portfolio_UBS, f.Flag_UBS,
      f.Flag_Derivados, n.Peso
    FROM dimensionales.BD_Funds AS f
    CROSS APPLY logs.fn_Peso_Fondo(
      @FechaReporte, f.Portfolio_Geneva, f.Portfolio_CAPM,
      CASE WHEN f.Flag_Derivados = 1 THEN f.Portfolio_Derivados END, CASE WHEN f.Flag_UBS = 1 THEN f.Portfolio_UBS END) AS n
    WHERE f.Active = 1
      AND (EXISTS (SELECT 1 FROM @Fondos AS x WHERE x.FundShortName = f.FundShortName)
        OR (f.Incluir_En_Cubo = 1 AND NOT EXISTS (SELECT 1 FROM @Fondos)))
    ORDER BY f.FundShortName;
    SET @TotalFondos = @@ROWCOUNT;
    IF @TotalFondos = 0
      THROW 50404, N'no hay fondos que correr: ninguno esta activo e incluido en el cubo', 1;

    IF @Arquitectura IS NULL
    BEGIN
      SELECT @Arquitectura = MIN(a.Arquitectura), @Distintas = COUNT(DISTINCT a.Arquitectura)
      FROM @Elegidos AS x
      INNER JOIN logs.vw_Arquitectura_Fondos AS a ON a.ID_Fund = x.ID_Fund;
      IF @Distintas > 1
        THROW 50409, N'unos fondos van por LEGADO y otros por JERARQUICA (logs.Ajustes): inicie un proceso de cada, con sus fondos', 1;
    END;

    -- los servicios
    INSERT INTO @Activos (Servicio, Orden, Flag)
    SELECT s.Servicio, s.Orden, s.Flag FROM logs.Servicios AS s WHERE s.Activo = 1;
    IF @@ROWCOUNT = 0
      THROW 50409, N'no hay servicios activos en logs.Servicios', 1;
    SELECT @Nombres = STRING_AGG(CONVERT(nvarchar(max), v.Detalle), N'; ') WITHIN GROUP (ORDER BY v.Servicio, v.Problema, v.Orden)
    FROM logs.vw_Servicio_Problemas AS v;
    IF @Nombres IS NOT NULL
    BEGIN
      SET @Mensaje = CONCAT(N'logs.Servicios no se puede correr: ', REPLACE(LEFT(@Nombres, 1900), N'%', N'%%'));
      THROW 50409, @Mensaje, 1;
    END;
    IF @Servicio IS NOT NULL
    BEGIN
      IF @Arquitectura = 'LEGADO'
        THROW 50409, N'un servicio solo se corre por la arquitectura JERARQUICA: la anterior extrae todo de una vez', 1;
      SELECT @Flag = a.Flag FROM @Activos AS a WHERE a.Servicio = @Servicio;
      IF @@ROWCOUNT = 0
      BEGIN
        SELECT @Nombres = STRING_AGG(CONVERT(nvarchar(max), a.Servicio), N', ') WITHIN GROUP (ORDER BY a.Orden)
        FROM @Activos AS a;
        SET @Mensaje = CONCAT(N'no hay un servicio activo ', REPLACE(@Servicio, '%', '%%'), N' en logs.Servicios; hay ',
          REPLACE(LEFT(@Nombres, 1900), N'%', N'%%'));
        THROW 50404, @Mensaje, 1;
      END;

      -- el y lo que necesita; que no hay ciclos se acaba de comprobar
      WITH Necesarios (Servicio, Depende_De) AS (
        SELECT s.Servicio, s.Depende_De FROM logs.Servicios AS s WHERE s.Servicio = @Servicio
        UNION ALL
        SELECT s.Servicio, s.Depende_De
        FROM Necesarios AS n
        INNER JOIN logs.Servicios AS s ON s.Servicio = n.Depende_De
      )
      DELETE a
      FROM @Activos AS a
      WHERE NOT EXISTS (SELECT 1 FROM Necesarios AS n WHERE n.Servicio = a.Servicio);
    END;
    SELECT @Servicios = STRING_AGG(CONVERT(nvarchar(max), CONCAT(N'"', a.Servicio, N'"')), N',') WITHIN GROUP (ORDER BY a.Orden)
    FROM @Activos AS a;

    -- los ID: el del proceso antes que ninguno de los suyos
    SET @ID_Proceso = NEXT VALUE FOR logs.Seq_ID;
    IF @Arquitectura = 'LEGADO'
    BEGIN
      SET @Compartida = NEXT VALUE FOR logs.Seq_ID;
      UPDATE @Elegidos SET ID_Ejecucion = @Compartida;
    END
    ELSE
      UPDATE @Elegidos SET ID_Ejecucion = NEXT VALUE FOR logs.Seq_ID;

    SET @Parametros = CONCAT(N'{"id_proceso":"', @ID_Proceso, N'","fecha_reporte":"', CONVERT(char(10), @FechaReporte, 23),
      N'","servicios":[', @Servicios, N']',
      N',"id_ejecucion":"' + CONVERT(nvarchar(20), @Compartida) + N'"', N',"huella":"' + STRING_ESCAPE(@Huella, 'json') + N'"', N'}');
    INSERT INTO trabajo.Trabajos (Tipo, Clave, Parametros, Usuario)
    VALUES (CASE WHEN @Compartida IS NULL THEN 'FONDOS' ELSE 'FONDOS_LEGADO' END, @Clave, @Parametros, @Usuario);
    SET @ID_Trabajo = SCOPE_IDENTITY();

    INSERT INTO logs.Procesos (ID_Proceso, FechaReporte, Usuario, Arquitectura, FechaInicio, TotalFondos, ID_Trabajo)
    VALUES (@ID_Proceso, @FechaReporte, @Usuario, @Arquitectura, @Ahora, @TotalFondos, @ID_Trabajo);

    IF @Compartida IS NOT NULL
    BEGIN
      INSERT INTO trabajo.Chunks (ID_Trabajo, Orden, Recurso) VALUES (@ID_Trabajo, 0, N'EXTRACCION');
      INSERT INTO logs.Ejecuciones (ID_Ejecucion, ID_Proceso, FechaReporte, Estado, Etapa_Actual, Usuario, FechaInicio,
        TotalFondos, FondosExitosos, FondosFallidos, FondosOmitidos)
      VALUES (@Compartida, @ID_Proceso, @FechaReporte, 'EN_PROGRESO', N'EXTRACCION', @Usuario, @Ahora, @TotalFondos, 0, 0, 0);
    END;

    -- los padres antes que los hijos, por lotes; filas nuevas que nadie mas ve todavia. Los fondos de una ejecucion compartida
    -- tienen su chunk cuando todo esta extraido
    SET @Desde = 1;
    WHILE @Desde <= @TotalFondos
    BEGIN
      INSERT INTO trabajo.Chunks (ID_Trabajo, Orden, Rango_Inicio, Rango_Fin, Recurso, Peso)
      OUTPUT inserted.Rango_Inicio, inserted.ID_Chunk INTO @Creados (ID_Ejecucion, ID_Chunk)
      SELECT @ID_Trabajo, x.Fila, x.ID_Ejecucion, x.ID_Ejecucion, x.FundShortName, x.Peso
      FROM @Elegidos AS x
      WHERE x.Fila BETWEEN @Desde AND @Desde + 1999 AND @Compartida IS NULL
      ORDER BY x.Fila;

      INSERT INTO logs.Ejecuciones (ID_Ejecucion, ID_Proceso, ID_Fund, FechaReporte, Estado, Usuario, FechaInicio, TotalFondos,
        ID_Chunk)
      SELECT x.ID_Ejecucion, @ID_Proceso, x.ID_Fund, @FechaReporte, 'PENDIENTE', @Usuario, @Ahora, 1, c.ID_Chunk
      FROM @Elegidos AS x
      INNER JOIN @Creados AS c ON c.ID_Ejecucion = x.ID_Ejecucion
      WHERE x.Fila BETWEEN @Desde AND @Desde + 1999;

      INSERT INTO logs.Ejecucion_Fondos (
        ID_Ejecucion, ID_Fund, FundShortName, Portfolio_Geneva, Portfolio_CAPM, Portfolio_Derivados, Portfolio_UBS, Flag_UBS,
        Flag_Derivados, Estado_Process_IPA, Estado_Process_CAPM, Estado_Process_PosModRF, Estado_Process_SONA,
        Estado_Process_Derivados, Estado_Process_UBS, Estado_Process_PNL)
      SELECT
        x.ID_Ejecucion, x.ID_Fund, x.FundShortName, x.Portfolio_Geneva, x.Portfolio_CAPM, x.Portfolio_Derivados,
        x.Portfolio_UBS, x.Flag_UBS, x.Flag_Derivados, COALESCE(s.IPA, 'OMITIDO'), COALESCE(s.CAPM, 'OMITIDO'),
        COALESCE(s.PosModRF, 'OMITIDO'), COALESCE(s.SONA, 'OMITIDO'), COALESCE(s.Derivados, 'OMITIDO'),
        COALESCE(s.UBS, 'OMITIDO'), COALESCE(s.PNL, 'OMITIDO')
      FROM @Elegidos AS x
      -- los servicios activos cuyo flag, si lo hay, el fondo tiene encendido
      CROSS APPLY (
        SELECT
          MAX(CASE WHEN a.Servicio = 'IPA' THEN 'PENDIENTE' END) AS IPA,
          MAX(CASE WHEN a.Servicio = 'CAPM' THEN 'PENDIENTE' END) AS CAPM,
          MAX(CASE WHEN a.Servicio = 'PosModRF' THEN 'PENDIENTE' END) AS PosModRF,
          MAX(CASE WHEN a.Servicio = 'SONA' THEN 'PENDIENTE' END) AS SONA,
          MAX(CASE WHEN a.Servicio = 'Derivados' THEN 'PENDIENTE' END) AS Derivados,
          MAX(CASE WHEN a.Servicio = 'UBS' THEN 'PENDIENTE' END) AS UBS,
          MAX(CASE WHEN a.Servicio = 'PNL' THEN 'PENDIENTE' END) AS PNL
        FROM @Activos AS a
        WHERE (a.Flag IS NULL OR (a.Flag = 'Flag_UBS' AND x.Flag_UBS = 1)
            OR (a.Flag = 'Flag_Derivados' AND x.Flag_Derivados = 1))
          -- el que se pidio, apagado: tampoco hace falta lo que va antes
          AND (@Flag IS NULL OR (@Flag = 'Flag_UBS' AND x.Flag_UBS = 1) OR (@Flag = 'Flag_Derivados' AND x.Flag_Derivados = 1))
          -- y lo que va antes solo donde falta
          AND (@Servicio IS NULL OR a.Servicio = @Servicio OR NOT EXISTS (
            SELECT 1
            FROM logs.Ejecuciones AS e
            INNER JOIN logs.vw_Ejecucion_Servicios AS v ON v.ID_Ejecucion = e.ID_Ejecucion AND v.ID_Fund = e.ID_Fund
            WHERE e.ID_Fund = x.ID_Fund AND e.FechaReporte = @FechaReporte AND e.Estado = 'COMPLETADO'
              AND v.Servicio = a.Servicio AND v.Estado = 'COMPLETADO'))
      ) AS s
      WHERE x.Fila BETWEEN @Desde AND @Desde + 1999;

      SET @Desde += 2000;
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
GRANT EXECUTE ON OBJECT::logs.sp_Inicializar_Proceso TO carril_app;
GO
