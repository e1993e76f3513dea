SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  Plans the consolidation of a closing: one job of kind NOMINA with its chunks. The closing must be verified
  (verificado_sin_discrepancias, con_discrepancias), else 50409; one that is being consolidated is given back with Creado = 0, so
  two at once join. Results of an earlier life are deleted first, a bounded number a call: call again while Quedan is 1.

  Under an idempotency key that exists already it plans nothing and gives back the job of that key, whatever has become of it
  (50409 when it is no consolidation); one that joins does not take the key. @Huella, a digest of what was asked, is kept with the
  job, so that its caller can tell a repetition from another request.

  Chunks are ranges of EmpleadoCierre.id. Size (calcular_chunk_size_dinamico): up to 50 employees all of them, up to 200
  max(25, n div 4), up to 500 max(50, n div 6), else max(100, min(150, n div 8)); then balanced (balancear_chunks_optimizado):
  ceil(n / size) chunks of ceil(n / chunks). Weight (predecir_complejidad_chunk): 1 an employee, 0.1 a concept of the Libro, 0.5 a
  discrepancy known before, 0.3 a movement; the heaviest are claimed first. What no chunk would see becomes a discrepancy here:
  NOVEDADES_SIN_LIBRO, and RUT_INVALIDO of a Libro row without any RUT. Document 003, "Tarea principal de coordinacion", "Sistema de
  chunks dinamicos". @Limite_s: seconds after which it is cut off (timeout_consolidacion).

  Returns: one
    ID_Trabajo  bigint  null      null while Quedan is 1
    Creado      bit     not null
    Quedan      bit     not null
    Empleados   int     not null  rows of the Libro
    Chunks      int     not null
    Tamano      int     not null  by the formula, before balancing
  Errors: 50400, 50404, 50408, 50409, 50499
  Touches: trabajo.Trabajos write, trabajo.Chunks write, nomina.CierreNomina write, nomina.ConceptoEmpleadoConsolidado write, nomina.EmpleadoConsolidado write, nomina.DiscrepanciaCierre write, nomina.MetricaConsolidacion write, nomina.EmpleadoCierre read, nomina.RegistroConceptoEmpleado read, nomina.EmpleadoCierreNovedades read, nomina.MovimientoAltaBaja read
  Batch: 2000
  Entry: carril_app
  Since: 020
*/
CREATE OR ALTER PROCEDURE nomina.sp_Planificar_Consolidacion
  @ID_Cierre bigint,
  @Limite_s int = NULL,
  @Lanes int = NULL,
  @Usuario nvarchar(100) = NULL,
  @Clave nvarchar(200) = NULL,
  @Huella varchar(64) = NULL
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
  DECLARE
    @Inicio datetime2(3) = SYSUTCDATETIME(), @Limite datetime2(3), @ID_Trabajo bigint, @Creado bit = 0, @Quedan bit = 0, @Estado varchar(50),
    @Trabajo varchar(50), @Parametros nvarchar(max), @N int, @Tamano int = 0, @Chunks int = 0, @Por_Chunk int, @Desde int,
    @Recurso nvarchar(255), @Tipo varchar(50), @Mensaje nvarchar(2048);
  DECLARE @Rangos TABLE (
    N int NOT NULL PRIMARY KEY, Desde bigint NOT NULL, Hasta bigint NOT NULL, Empleados int NOT NULL, Peso decimal(12, 2) NOT NULL);
  DECLARE @Dudas TABLE (
    Fila int IDENTITY(1, 1) NOT NULL PRIMARY KEY, Empleado bigint NULL, Rut varchar(15) NOT NULL, Tipo varchar(50) NOT NULL,
    Detalle nvarchar(400) NOT NULL);

  IF @ID_Cierre IS NULL
    THROW 50400, N'@ID_Cierre es obligatorio', 1;
  IF @Limite_s < 1 OR @Lanes < 1
    THROW 50400, N'@Limite_s y @Lanes deben ser positivos', 1;
  SET @Clave = RTRIM(@Clave);
  IF @Clave = N''
    THROW 50400, N'@Clave no puede ser vacia: NULL si no hay clave', 1;

  BEGIN TRY
    BEGIN TRANSACTION;

    IF @Clave IS NOT NULL
    BEGIN
      -- dos llamadas con la misma clave: la segunda espera aqui y encuentra el trabajo de la primera
      SET @Recurso = CONCAT(N'carril:clave:', @Clave);
      EXEC trabajo.sp_Bloquear @Recurso = @Recurso, @Modo = 'Exclusive', @Espera_ms = 15000;
      SELECT @ID_Trabajo = t.ID_Trabajo, @Tipo = t.Tipo, @Parametros = t.Parametros
      FROM trabajo.Trabajos AS t WITH (READCOMMITTEDLOCK)
      WHERE t.Clave = @Clave AND t.Clave IS NOT NULL;
      IF @Tipo <> 'NOMINA'
      BEGIN
        SET @Mensaje = CONCAT(N'la clave ', REPLACE(@Clave, N'%', N'%%'), N' es de un trabajo de tipo ', @Tipo, N': use otra');
        THROW 50409, @Mensaje, 1;
      END;
      IF @ID_Trabajo IS NOT NULL
      BEGIN
        SELECT @N = COUNT(*)
        FROM nomina.EmpleadoCierre AS e
        WHERE e.cierre_id = TRY_CONVERT(bigint, JSON_VALUE(@Parametros, '$.id_cierre'));
        SELECT @Chunks = COUNT(*) FROM trabajo.Chunks AS c WHERE c.ID_Trabajo = @ID_Trabajo AND c.Estado <> 'OMITIDO';
        SET @Tamano = TRY_CONVERT(int, JSON_VALUE(@Parametros, '$.chunk_size'));
        COMMIT TRANSACTION;
        SELECT
          @ID_Trabajo AS ID_Trabajo, @Creado AS Creado, @Quedan AS Quedan, @N AS Empleados, @Chunks AS Chunks, @Tamano AS Tamano;
        RETURN;
      END;
    END;

    -- dos a la vez sobre un cierre: la segunda espera aqui y encuentra el trabajo de la primera
    SET @Recurso = CONCAT(N'carril:clave:nomina:', @ID_Cierre);
    EXEC trabajo.sp_Bloquear @Recurso = @Recurso, @Modo = 'Exclusive', @Espera_ms = 15000;
    SELECT @Estado = c.estado, @ID_Trabajo = c.ID_Trabajo, @Trabajo = t.Estado, @Parametros = t.Parametros
    FROM nomina.CierreNomina AS c WITH (READCOMMITTEDLOCK)
    LEFT JOIN trabajo.Trabajos AS t WITH (READCOMMITTEDLOCK) ON t.ID_Trabajo = c.ID_Trabajo
    WHERE c.id = @ID_Cierre;
    IF @Estado IS NULL
    BEGIN
      SET @Mensaje = CONCAT(N'no existe el cierre ', @ID_Cierre);
      THROW 50404, @Mensaje, 1;
    END;
    SELECT @N = COUNT(*) FROM nomina.EmpleadoCierre AS e WHERE e.cierre_id = @ID_Cierre;

    IF @Estado = 'consolidando_datos' AND @Trabajo = 'EN_PROGRESO'
    BEGIN
      SELECT @Chunks = COUNT(*) FROM trabajo.Chunks AS c WHERE c.ID_Trabajo = @ID_Trabajo AND c.Estado <> 'OMITIDO';
      SET @Tamano = TRY_CONVERT(int, JSON_VALUE(@Parametros, '$.chunk_size'));
    END
    ELSE
    BEGIN
      SET @ID_Trabajo = NULL;
      IF @Estado NOT IN ('verificado_sin_discrepancias', 'con_discrepancias')
      BEGIN
        SET @Mensaje = CONCAT(N'el cierre ', @ID_Cierre, N' esta en ', @Estado,
          N' y debe estar verificado para consolidar; lo consolidado se deshace con nomina.sp_Revertir_Consolidacion');
        THROW 50409, @Mensaje, 1;
      END;
      IF @N = 0
      BEGIN
        SET @Mensaje = CONCAT(N'el cierre ', @ID_Cierre, N' no tiene empleados en el libro');
        THROW 50409, @Mensaje, 1;
      END;
      EXEC nomina.sp_Borrar_Consolidacion @ID_Cierre = @ID_Cierre, @Quedan = @Quedan OUTPUT;

      IF @Quedan = 0
      BEGIN
        SET @Tamano = CASE
          WHEN @N <= 50 THEN @N
          WHEN @N <= 200 THEN CASE WHEN @N / 4 > 25 THEN @N / 4 ELSE 25 END
          WHEN @N <= 500 THEN CASE WHEN @N / 6 > 50 THEN @N / 6 ELSE 50 END
          WHEN @N / 8 < 100 THEN 100
          WHEN @N / 8 > 150 THEN 150
          ELSE @N / 8
        END;
        SET @Chunks = (@N + @Tamano - 1) / @Tamano;
        SET @Por_Chunk = (@N + @Chunks - 1) / @Chunks;

        SET @Limite = DATEADD(SECOND, @Limite_s, @Inicio);
        SET @Parametros = (
          SELECT CONVERT(varchar(20), @ID_Cierre) AS id_cierre, @Tamano AS chunk_size, @Lanes AS lanes,
            CONVERT(varchar(30), @Limite, 126) + 'Z' AS limite, @Huella AS huella
          FOR JSON PATH, WITHOUT_ARRAY_WRAPPER, INCLUDE_NULL_VALUES);
        INSERT INTO trabajo.Trabajos (Tipo, Clave, Parametros, Max_Intentos, Usuario)
        VALUES ('NOMINA', @Clave, @Parametros, 3, COALESCE(@Usuario, CONVERT(nvarchar(100), ORIGINAL_LOGIN())));
        SELECT @ID_Trabajo = SCOPE_IDENTITY(), @Creado = 1;

        WITH Empleados AS (
          SELECT l.id, l.rut_normalizado, CONVERT(int, (ROW_NUMBER() OVER (ORDER BY l.id) - 1) / @Por_Chunk) AS N
          FROM nomina.EmpleadoCierre AS l
          WHERE l.cierre_id = @ID_Cierre
        ), Pesos AS (
          SELECT
            e.N, e.id,
            1 + 0.1 * (SELECT COUNT(*) FROM nomina.RegistroConceptoEmpleado AS r WHERE r.empleado_id = e.id)
              + 0.3 * (SELECT COUNT(*) FROM nomina.MovimientoAltaBaja AS m WHERE m.rut_normalizado = e.rut_normalizado) AS Peso
          FROM Empleados AS e
        )
        INSERT INTO @Rangos (N, Desde, Hasta, Empleados, Peso)
        SELECT p.N, MIN(p.id), MAX(p.id) + 1, COUNT(*), SUM(p.Peso)
        FROM Pesos AS p
        GROUP BY p.N;
        UPDATE r
        SET Peso = r.Peso + 0.5 * d.Cuantas
        FROM @Rangos AS r
        INNER JOIN (
          SELECT x.N, COUNT(*) AS Cuantas
          FROM nomina.DiscrepanciaCierre AS d
          INNER JOIN @Rangos AS x ON d.empleado_libro_id >= x.Desde AND d.empleado_libro_id < x.Hasta
          WHERE d.cierre_id = @ID_Cierre
          GROUP BY x.N
        ) AS d ON d.N = r.N;

        SET @Desde = 0;
        WHILE @Desde < @Chunks
        BEGIN
          INSERT INTO trabajo.Chunks (ID_Trabajo, Orden, Rango_Inicio, Rango_Fin, Recurso, Peso)
          SELECT
            @ID_Trabajo, r.N + 1, r.Desde, r.Hasta,
            CONCAT(N'empleados ', r.N * @Por_Chunk + 1, N'-', r.N * @Por_Chunk + r.Empleados), r.Peso
          FROM @Rangos AS r
          WHERE r.N >= @Desde AND r.N < @Desde + 2000
          ORDER BY r.N;
          SET @Desde += 2000;
        END;
        SELECT @Chunks = COUNT(*) FROM @Rangos;

        INSERT INTO @Dudas (Empleado, Rut, Tipo, Detalle)
        SELECT NULL, r.RUT, 'NOVEDADES_SIN_LIBRO', N'no esta en el libro: no se consolida'
        FROM (
          SELECT DISTINCT n.rut_normalizado
          FROM nomina.EmpleadoCierreNovedades AS n
          WHERE n.cierre_id = @ID_Cierre AND NOT EXISTS (
            SELECT 1
            FROM nomina.EmpleadoCierre AS l
            WHERE l.cierre_id = @ID_Cierre AND l.rut_normalizado = n.rut_normalizado)
        ) AS x
        CROSS APPLY nomina.fn_RUT(x.rut_normalizado) AS r
        ORDER BY x.rut_normalizado;
        INSERT INTO @Dudas (Empleado, Rut, Tipo, Detalle)
        SELECT l.id, '', 'RUT_INVALIDO', CONCAT(N'"', l.rut, N'" no es un RUT: no se consolida')
        FROM nomina.EmpleadoCierre AS l
        WHERE l.cierre_id = @ID_Cierre AND l.rut_normalizado = ''
        ORDER BY l.id;
        SET @Desde = 0;
        WHILE 1 = 1
        BEGIN
          INSERT INTO nomina.DiscrepanciaCierre WITH (ROWLOCK) (cierre_id, empleado_libro_id, rut, tipo, detalle, ID_Trabajo)
          SELECT @ID_Cierre, d.Empleado, d.Rut, d.Tipo, d.Detalle, @ID_Trabajo
          FROM @Dudas AS d
          WHERE d.Fila > @Desde AND d.Fila <= @Desde + 2000
          ORDER BY d.Fila;
          IF @@ROWCOUNT = 0
            BREAK;
          SET @Desde += 2000;
        END;

        UPDATE c
        SET
          estado = 'consolidando_datos', estado_anterior = c.estado, ID_Trabajo = @ID_Trabajo, inicio_consolidacion = @Inicio,
          limite = @Limite, vencida = 0, revision_requerida = 0
        FROM nomina.CierreNomina AS c WITH (ROWLOCK, FORCESEEK)
        WHERE c.id = @ID_Cierre;
      END;
    END;

    COMMIT TRANSACTION;
  END TRY
  BEGIN CATCH
    IF XACT_STATE() <> 0
      ROLLBACK TRANSACTION;
    THROW;
  END CATCH;

  SELECT
    @ID_Trabajo AS ID_Trabajo, @Creado AS Creado, @Quedan AS Quedan, @N AS Empleados, @Chunks AS Chunks, @Tamano AS Tamano;
END;
GO
GRANT EXECUTE ON OBJECT::nomina.sp_Planificar_Consolidacion TO carril_app;
GO
