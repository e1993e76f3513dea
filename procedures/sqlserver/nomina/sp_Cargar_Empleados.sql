SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  Adds employees and their concepts to a closing that is being loaded, of the Libro or the Novedades (@Fuente: libro, novedades), in
  one transaction. A concept names the Linea of its employee among those given. Amounts are plain decimals as text, kept exactly: at
  most ten digits before the point and two behind it. Texts are trimmed. An error names the Linea. At most 20,000 employees and
  100,000 concepts a call. Not to be repeated after a lost connection: load the closing again.
  Document 003, "Modelos de datos FUENTE", 1 and 2.

  Returns: one
    Empleados  int  not null  rows written
    Conceptos  int  not null  rows written
  Errors: 50400, 50404, 50408, 50409, 50499
  Touches: nomina.CierreNomina read, nomina.EmpleadoCierre write, nomina.RegistroConceptoEmpleado write, nomina.EmpleadoCierreNovedades write, nomina.RegistroConceptoEmpleadoNovedades write
  Batch: 2000
  Entry: carril_app
  Since: 020
*/
CREATE OR ALTER PROCEDURE nomina.sp_Cargar_Empleados
  @ID_Cierre bigint,
  @Fuente varchar(20),
  @Empleados nomina.Lista_Empleados_v1 READONLY,
  @Conceptos nomina.Lista_Conceptos_v1 READONLY
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
  DECLARE
    @N_Empleados int = 0, @N_Conceptos int = 0, @Desde int, @Hasta int, @Mensaje nvarchar(2048);
  DECLARE @Ids TABLE (Linea int NOT NULL PRIMARY KEY, ID bigint NOT NULL);
  DECLARE @Nuevos TABLE (ID bigint NOT NULL PRIMARY KEY);

  IF @Fuente IS NULL OR @Fuente NOT IN ('libro', 'novedades')
    THROW 50400, N'@Fuente debe ser libro o novedades', 1;
  IF (SELECT COUNT(*) FROM @Empleados) > 20000 OR (SELECT COUNT(*) FROM @Conceptos) > 100000
    THROW 50400, N'como mucho 20000 empleados y 100000 conceptos por llamada', 1;

  -- solo decimales simples, con dos decimales como mucho: un CONVERT redondearia lo que sobra
  IF @Fuente = 'libro'
    SELECT TOP (1) @Mensaje = CONCAT(N'Linea ', e.Linea, N': Sueldo_Base "', e.Sueldo_Base, N'" no es un importe decimal(12,2)')
    FROM @Empleados AS e
    CROSS APPLY (SELECT TRIM(COALESCE(e.Sueldo_Base, '')) AS Texto) AS t
    WHERE (CASE WHEN t.Texto LIKE '%[0-9]%' AND t.Texto NOT LIKE '%[^-+.0-9]%'
        AND (CHARINDEX('.', t.Texto) = 0 OR LEN(t.Texto) - CHARINDEX('.', t.Texto) BETWEEN 1 AND 2)
        THEN TRY_CONVERT(decimal(12, 2), t.Texto) END) IS NULL
    ORDER BY e.Linea;
  IF @Mensaje IS NULL
    SELECT TOP (1) @Mensaje = CONCAT(N'Linea ', c.Linea, N' de los conceptos: ', m.Motivo)
    FROM @Conceptos AS c
    CROSS APPLY (SELECT TRIM(c.Valor) AS Texto) AS t
    CROSS APPLY (VALUES
      (CASE WHEN TRIM(c.Codigo) = N'' THEN N'Codigo esta vacio' END),
      (CASE WHEN (CASE WHEN t.Texto LIKE '%[0-9]%' AND t.Texto NOT LIKE '%[^-+.0-9]%'
        AND (CHARINDEX('.', t.Texto) = 0 OR LEN(t.Texto) - CHARINDEX('.', t.Texto) BETWEEN 1 AND 2)
        THEN TRY_CONVERT(decimal(12, 2), t.Texto) END) IS NULL
        THEN CONCAT(N'Valor "', c.Valor, N'" no es un importe decimal(12,2)') END)
    ) AS m (Motivo)
    WHERE m.Motivo IS NOT NULL
    ORDER BY c.Linea;
  IF @Mensaje IS NULL AND EXISTS (
    SELECT 1 FROM @Conceptos AS c WHERE NOT EXISTS (SELECT 1 FROM @Empleados AS e WHERE e.Linea = c.Empleado))
    SET @Mensaje = N'un concepto nombra una Linea que no es de ningun empleado';
  IF @Mensaje IS NOT NULL
  BEGIN
    SET @Mensaje = REPLACE(@Mensaje, N'%', N'%%'); -- THROW lee % como comienzo de un formato
    THROW 50400, @Mensaje, 1;
  END;

  BEGIN TRY
    BEGIN TRANSACTION;

    EXEC nomina.sp_Comprobar_Carga @ID_Cierre = @ID_Cierre;

    IF @Fuente = 'libro'
    BEGIN
      SET @Desde = -2147483648;
      WHILE 1 = 1
      BEGIN
        SELECT @Hasta = MAX(t.Linea)
        FROM (SELECT TOP (2000) e.Linea FROM @Empleados AS e WHERE e.Linea > @Desde ORDER BY e.Linea) AS t;
        IF @Hasta IS NULL
          BREAK;
        DELETE FROM @Nuevos;
        -- IDENTITY sigue el ORDER BY: los id, en orden, son los de las lineas, en orden
        INSERT INTO nomina.EmpleadoCierre WITH (ROWLOCK) (cierre_id, rut, nombre, cargo, centro_costo, sueldo_base, fecha_ingreso)
        OUTPUT inserted.id INTO @Nuevos (ID)
        SELECT 
          @ID_Cierre, TRIM(e.RUT), TRIM(e.Nombre), COALESCE(TRIM(e.Cargo), N''), COALESCE(TRIM(e.Centro_Costo), N''),
          CONVERT(decimal(12, 2), TRIM(e.Sueldo_Base)), e.Fecha_Ingreso
        FROM @Empleados AS e
        WHERE e.Linea > @Desde AND e.Linea <= @Hasta
        ORDER BY e.Linea;
        SET @N_Empleados += @@ROWCOUNT;
        INSERT INTO @Ids (Linea, ID)
        SELECT l.Linea, n.ID
        FROM (SELECT e.Linea, ROW_NUMBER() OVER (ORDER BY e.Linea) AS Fila
          FROM @Empleados AS e WHERE e.Linea > @Desde AND e.Linea <= @Hasta) AS l
        INNER JOIN (SELECT x.ID, ROW_NUMBER() OVER (ORDER BY x.ID) AS Fila FROM @Nuevos AS x) AS n ON n.Fila = l.Fila;
        SET @Desde = @Hasta;
      END;

      SET @Desde = -2147483648;
      WHILE 1 = 1
      BEGIN
        SELECT @Hasta = MAX(t.Linea)
        FROM (SELECT TOP (2000) c.Linea FROM @Conceptos AS c WHERE c.Linea > @Desde ORDER BY c.Linea) AS t;
        IF @Hasta IS NULL
          BREAK;
        INSERT INTO nomina.RegistroConceptoEmpleado WITH (ROWLOCK) (
          empleado_id, codigo_concepto, nombre_concepto, valor, tipo_concepto)
        SELECT i.ID, TRIM(c.Codigo), TRIM(c.Nombre), CONVERT(decimal(12, 2), TRIM(c.Valor)), TRIM(c.Tipo)
        FROM @Conceptos AS c
        INNER JOIN @Ids AS i ON i.Linea = c.Empleado
        WHERE c.Linea > @Desde AND c.Linea <= @Hasta
        ORDER BY c.Linea;
        SET @N_Conceptos += @@ROWCOUNT;
        SET @Desde = @Hasta;
      END;
    END
    ELSE
    BEGIN
      SET @Desde = -2147483648;
      WHILE 1 = 1
      BEGIN
        SELECT @Hasta = MAX(t.Linea)
        FROM (SELECT TOP (2000) e.Linea FROM @Empleados AS e WHERE e.Linea > @Desde ORDER BY e.Linea) AS t;
        IF @Hasta IS NULL
          BREAK;
        DELETE FROM @Nuevos;
        -- IDENTITY sigue el ORDER BY: los id, en orden, son los de las lineas, en orden
        INSERT INTO nomina.EmpleadoCierreNovedades WITH (ROWLOCK) (cierre_id, rut, nombre, cargo, centro_costo)
        OUTPUT inserted.id INTO @Nuevos (ID)
        SELECT @ID_Cierre, TRIM(e.RUT), TRIM(e.Nombre), TRIM(e.Cargo), TRIM(e.Centro_Costo)
        FROM @Empleados AS e
        WHERE e.Linea > @Desde AND e.Linea <= @Hasta
        ORDER BY e.Linea;
        SET @N_Empleados += @@ROWCOUNT;
        INSERT INTO @Ids (Linea, ID)
        SELECT l.Linea, n.ID
        FROM (SELECT e.Linea, ROW_NUMBER() OVER (ORDER BY e.Linea) AS Fila
          FROM @Empleados AS e WHERE e.Linea > @Desde AND e.Linea <= @Hasta) AS l
        INNER JOIN (SELECT x.ID, ROW_NUMBER() OVER (ORDER BY x.ID) AS Fila FROM @Nuevos AS x) AS n ON n.Fila = l.Fila;
        SET @Desde = @Hasta;
      END;

      SET @Desde = -2147483648;
      WHILE 1 = 1
      BEGIN
        SELECT @Hasta = MAX(t.Linea)
        FROM (SELECT TOP (2000) c.Linea FROM @Conceptos AS c WHERE c.Linea > @Desde ORDER BY c.Linea) AS t;
        IF @Hasta IS NULL
          BREAK;
        INSERT INTO nomina.RegistroConceptoEmpleadoNovedades WITH (ROWLOCK) (
          empleado_id, codigo_concepto, nombre_concepto, valor, tipo_concepto)
        SELECT i.ID, TRIM(c.Codigo), TRIM(c.Nombre), CONVERT(decimal(12, 2), TRIM(c.Valor)), TRIM(c.Tipo)
        FROM @Conceptos AS c
        INNER JOIN @Ids AS i ON i.Linea = c.Empleado
        WHERE c.Linea > @Desde AND c.Linea <= @Hasta
        ORDER BY c.Linea;
        SET @N_Conceptos += @@ROWCOUNT;
        SET @Desde = @Hasta;
      END;
    END;

    COMMIT TRANSACTION;
  END TRY
  BEGIN CATCH
    IF XACT_STATE() <> 0
      ROLLBACK TRANSACTION;
    THROW;
  END CATCH;

  SELECT @N_Empleados AS Empleados, @N_Conceptos AS Conceptos;
END;
GO
GRANT EXECUTE ON OBJECT::nomina.sp_Cargar_Empleados TO carril_app;
GO
