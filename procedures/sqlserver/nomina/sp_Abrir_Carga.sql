SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  Opens the closing of a client and month for a load (a new one, if there is none, or if @Nuevo = 1 even then) and puts it into the
  state cargando, in which it cannot be consolidated. The sources that the load brings (@Libro, @Novedades, @Analista) are emptied
  first, at most 800 employees or 20,000 rows a call: call again, with @ID_Cierre, until Quedan is 0. A closing that is being
  consolidated, or that is, is refused (50409): roll it back first. nomina.sp_Terminar_Carga ends the load.

  Returns: one
    ID_Cierre  bigint  not null
    Creado     bit     not null
    Quedan     bit     not null  1: there are earlier rows to delete, call again
  Errors: 50400, 50404, 50408, 50409, 50499
  Touches: nomina.CierreNomina write, nomina.RegistroConceptoEmpleado write, nomina.EmpleadoCierre write, nomina.RegistroConceptoEmpleadoNovedades write, nomina.EmpleadoCierreNovedades write, nomina.AnalistaIngreso write, nomina.AnalistaFiniquito write, nomina.AnalistaIncidencia write
  Batch: 2000
  Entry: carril_app
  Since: 020
*/
CREATE OR ALTER PROCEDURE nomina.sp_Abrir_Carga
  @Cliente nvarchar(200),
  @Mes int,
  @Anno int,
  @Nuevo bit = 0,
  @ID_Cierre bigint = NULL,
  @Libro bit = 1,
  @Novedades bit = 1,
  @Analista bit = 1
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
  DECLARE
    @Cierre bigint = @ID_Cierre, @Estado varchar(50), @Creado bit = 0, @Quedan bit = 0, @Filas int, @Vueltas int,
    @Recurso nvarchar(255), @Mensaje nvarchar(2048);
  DECLARE @Empleados TABLE (ID bigint NOT NULL PRIMARY KEY);

  IF @Cliente IS NULL OR TRIM(@Cliente) = N''
    THROW 50400, N'@Cliente es obligatorio', 1;
  IF @Mes IS NULL OR @Mes NOT BETWEEN 1 AND 12 OR @Anno IS NULL OR @Anno NOT BETWEEN 1900 AND 9999
    THROW 50400, N'@Mes debe estar entre 1 y 12, y @Anno entre 1900 y 9999', 1;
  IF @Nuevo IS NULL OR @Libro IS NULL OR @Novedades IS NULL OR @Analista IS NULL
    THROW 50400, N'@Nuevo, @Libro, @Novedades y @Analista son obligatorios', 1;

  BEGIN TRY
    BEGIN TRANSACTION;

    -- dos cargas a la vez del mismo cliente y mes: la segunda espera aqui y encuentra el cierre de la primera. El nombre de un
    -- candado distingue mayusculas y espacios al final, y el del cliente, segun la base, no
    SET @Recurso = CONCAT(N'carril:clave:nomina:', @Anno, N'-', @Mes, N':', UPPER(RTRIM(@Cliente)));
    EXEC trabajo.sp_Bloquear @Recurso = @Recurso, @Modo = 'Exclusive', @Espera_ms = 15000;
    IF @Cierre IS NULL AND @Nuevo = 0
      SELECT @Cierre = MAX(c.id)
      FROM nomina.CierreNomina AS c
      WHERE c.anno = @Anno AND c.mes = @Mes AND c.cliente = @Cliente;

    IF @Cierre IS NULL
    BEGIN
      INSERT INTO nomina.CierreNomina (cliente, mes, anno, estado) VALUES (@Cliente, @Mes, @Anno, 'cargando');
      SELECT @Cierre = SCOPE_IDENTITY(), @Creado = 1;
    END
    ELSE
    BEGIN
      SET @Recurso = CONCAT(N'carril:clave:nomina:', @Cierre);
      EXEC trabajo.sp_Bloquear @Recurso = @Recurso, @Modo = 'Exclusive', @Espera_ms = 15000;
      SELECT @Estado = c.estado
      FROM nomina.CierreNomina AS c WITH (READCOMMITTEDLOCK)
      WHERE c.id = @Cierre AND c.anno = @Anno AND c.mes = @Mes AND c.cliente = @Cliente;
      IF @Estado IS NULL
      BEGIN
        SET @Mensaje = CONCAT(N'no existe el cierre ', @Cierre, N' de ese cliente y mes');
        THROW 50404, @Mensaje, 1;
      END;
      IF @Estado IN (
        'consolidando_datos', 'datos_consolidados', 'consolidacion_parcial', 'error_consolidacion', 'consolidacion_cancelada',
        'timeout_consolidacion', 'error_recursos', 'revirtiendo_consolidacion')
      BEGIN
        SET @Mensaje = CONCAT(N'el cierre ', @Cierre, N' esta en ', @Estado,
          N': deshaga su consolidacion antes de cargarlo otra vez');
        THROW 50409, @Mensaje, 1;
      END;
      UPDATE c
      SET estado = 'cargando'
      FROM nomina.CierreNomina AS c WITH (ROWLOCK, FORCESEEK)
      WHERE c.id = @Cierre AND c.estado <> 'cargando';

      -- los hijos primero
      IF @Libro = 1 AND @Quedan = 0
      BEGIN
        DELETE FROM @Empleados;
        INSERT INTO @Empleados (ID)
        SELECT TOP (800) e.id FROM nomina.EmpleadoCierre AS e WHERE e.cierre_id = @Cierre ORDER BY e.id;
        IF EXISTS (SELECT 1 FROM @Empleados)
        BEGIN
          SELECT @Quedan = 1, @Filas = 1;
          WHILE @Filas > 0
          BEGIN
            DELETE TOP (2000) r
            FROM @Empleados AS e
            INNER JOIN nomina.RegistroConceptoEmpleado AS r WITH (ROWLOCK, FORCESEEK) ON r.empleado_id = e.ID;
            SET @Filas = @@ROWCOUNT;
          END;
          DELETE e
          FROM @Empleados AS x
          INNER JOIN nomina.EmpleadoCierre AS e WITH (ROWLOCK, FORCESEEK) ON e.id = x.ID;
        END;
      END;
      IF @Novedades = 1 AND @Quedan = 0
      BEGIN
        DELETE FROM @Empleados;
        INSERT INTO @Empleados (ID)
        SELECT TOP (800) e.id FROM nomina.EmpleadoCierreNovedades AS e WHERE e.cierre_id = @Cierre ORDER BY e.id;
        IF EXISTS (SELECT 1 FROM @Empleados)
        BEGIN
          SELECT @Quedan = 1, @Filas = 1;
          WHILE @Filas > 0
          BEGIN
            DELETE TOP (2000) r
            FROM @Empleados AS e
            INNER JOIN nomina.RegistroConceptoEmpleadoNovedades AS r WITH (ROWLOCK, FORCESEEK) ON r.empleado_id = e.ID;
            SET @Filas = @@ROWCOUNT;
          END;
          DELETE e
          FROM @Empleados AS x
          INNER JOIN nomina.EmpleadoCierreNovedades AS e WITH (ROWLOCK, FORCESEEK) ON e.id = x.ID;
        END;
      END;
      IF @Analista = 1 AND @Quedan = 0
      BEGIN
        SELECT @Filas = 2000, @Vueltas = 0;
        WHILE @Filas = 2000 AND @Vueltas < 10
        BEGIN
          DELETE TOP (2000) a FROM nomina.AnalistaIngreso AS a WITH (ROWLOCK, FORCESEEK) WHERE a.cierre_id = @Cierre;
          SELECT @Filas = @@ROWCOUNT, @Vueltas += 1;
          IF @Filas > 0
            SET @Quedan = 1;
        END;
        SELECT @Filas = 2000, @Vueltas = 0;
        WHILE @Filas = 2000 AND @Vueltas < 10
        BEGIN
          DELETE TOP (2000) a FROM nomina.AnalistaFiniquito AS a WITH (ROWLOCK, FORCESEEK) WHERE a.cierre_id = @Cierre;
          SELECT @Filas = @@ROWCOUNT, @Vueltas += 1;
          IF @Filas > 0
            SET @Quedan = 1;
        END;
        SELECT @Filas = 2000, @Vueltas = 0;
        WHILE @Filas = 2000 AND @Vueltas < 10
        BEGIN
          DELETE TOP (2000) a FROM nomina.AnalistaIncidencia AS a WITH (ROWLOCK, FORCESEEK) WHERE a.cierre_id = @Cierre;
          SELECT @Filas = @@ROWCOUNT, @Vueltas += 1;
          IF @Filas > 0
            SET @Quedan = 1;
        END;
      END;
    END;

    COMMIT TRANSACTION;
  END TRY
  BEGIN CATCH
    IF XACT_STATE() <> 0
      ROLLBACK TRANSACTION;
    THROW;
  END CATCH;

  SELECT @Cierre AS ID_Cierre, @Creado AS Creado, @Quedan AS Quedan;
END;
GO
GRANT EXECUTE ON OBJECT::nomina.sp_Abrir_Carga TO carril_app;
GO
