SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  Adds movements, absences, vacations and what the analyst reports to a closing that is being loaded, in one transaction. Clase:
  ALTA_BAJA (Tipo ingreso or finiquito, Fecha, Texto: motivo), AUSENTISMO (Tipo, Fecha, Fecha_Fin, Dias), VACACIONES (Fecha,
  Fecha_Fin, Dias), ANALISTA_INGRESO (Fecha, Texto), ANALISTA_FINIQUITO (Fecha, Texto), ANALISTA_INCIDENCIA (Tipo, Texto).

  The first three are the personnel system's and belong to no closing: a row that is there already is not added again, and none
  is removed. An error names the Linea. At most 20,000 rows a call.
  Document 003, "Modelos de datos FUENTE", 3 and 4.

  Returns: one
    Insertados  int  not null  rows written
    Repetidos   int  not null  were there already
  Errors: 50400, 50404, 50408, 50409, 50499
  Touches: nomina.CierreNomina read, nomina.MovimientoAltaBaja write, nomina.MovimientoAusentismo write, nomina.MovimientoVacaciones write, nomina.AnalistaIngreso write, nomina.AnalistaFiniquito write, nomina.AnalistaIncidencia write
  Batch: 2000
  Entry: carril_app
  Since: 020
*/
CREATE OR ALTER PROCEDURE nomina.sp_Cargar_Movimientos
  @ID_Cierre bigint,
  @Movimientos nomina.Lista_Movimientos_v1 READONLY
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
  DECLARE @Insertados int = 0, @Total int, @Desde int, @Hasta int, @Mensaje nvarchar(2048);
  -- las lineas de una clase que se insertan
  DECLARE @Nuevas TABLE (Linea int NOT NULL PRIMARY KEY);

  SELECT @Total = COUNT(*) FROM @Movimientos;
  IF @Total > 20000
    THROW 50400, N'como mucho 20000 filas por llamada', 1;
  SELECT TOP (1) @Mensaje = CONCAT(N'Linea ', m.Linea, N': ', e.Motivo)
  FROM @Movimientos AS m
  CROSS APPLY (VALUES
    (CASE WHEN m.Clase NOT IN (
      'ALTA_BAJA', 'AUSENTISMO', 'VACACIONES', 'ANALISTA_INGRESO', 'ANALISTA_FINIQUITO', 'ANALISTA_INCIDENCIA')
      THEN CONCAT(N'Clase "', m.Clase, N'" no existe') END),
    (CASE WHEN TRIM(m.RUT) = '' THEN N'RUT esta vacio' END),
    (CASE WHEN m.Clase <> 'ANALISTA_INCIDENCIA' AND m.Fecha IS NULL THEN N'Fecha esta vacia' END),
    (CASE WHEN m.Clase = 'ALTA_BAJA' AND COALESCE(m.Tipo, N'') NOT IN (N'ingreso', N'finiquito')
      THEN CONCAT(N'Tipo "', m.Tipo, N'" no es ingreso ni finiquito') END),
    (CASE WHEN m.Clase IN ('AUSENTISMO', 'ANALISTA_INCIDENCIA') AND TRIM(COALESCE(m.Tipo, N'')) = N''
      THEN N'Tipo esta vacio' END),
    (CASE WHEN m.Clase IN ('AUSENTISMO', 'VACACIONES') AND (m.Fecha_Fin IS NULL OR m.Fecha_Fin < m.Fecha OR m.Dias IS NULL)
      THEN N'Fecha_Fin y Dias son obligatorios, y Fecha_Fin no puede ser anterior a Fecha' END),
    (CASE WHEN m.Clase IN ('ALTA_BAJA', 'ANALISTA_FINIQUITO') AND LEN(m.Texto) > 200
      THEN N'Texto tiene mas de 200 caracteres' END)
  ) AS e (Motivo)
  WHERE e.Motivo IS NOT NULL
  ORDER BY m.Linea;
  IF @Mensaje IS NOT NULL
  BEGIN
    SET @Mensaje = REPLACE(@Mensaje, N'%', N'%%'); -- THROW lee % como comienzo de un formato
    THROW 50400, @Mensaje, 1;
  END;

  BEGIN TRY
    BEGIN TRANSACTION;

    EXEC nomina.sp_Comprobar_Carga @ID_Cierre = @ID_Cierre;

    DELETE FROM @Nuevas;
    INSERT INTO @Nuevas (Linea)
    SELECT MIN(m.Linea)
    FROM @Movimientos AS m
    CROSS APPLY (SELECT UPPER(REPLACE(REPLACE(REPLACE(m.RUT, '.', ''), '-', ''), ' ', '')) AS Limpio) AS k
    CROSS APPLY (SELECT SUBSTRING(k.Limpio, PATINDEX('%[^0]%', k.Limpio + '.'), 15) AS Clave) AS x
    WHERE m.Clase = 'ALTA_BAJA' AND NOT EXISTS (
      SELECT 1
      FROM nomina.MovimientoAltaBaja AS a
      WHERE a.rut_normalizado = x.Clave AND a.tipo_movimiento = m.Tipo AND a.fecha_movimiento = m.Fecha)
    GROUP BY x.Clave, m.Tipo, m.Fecha;

    SET @Desde = -2147483648;
    WHILE 1 = 1
    BEGIN
      SELECT @Hasta = MAX(t.Linea)
      FROM (SELECT TOP (2000) n.Linea FROM @Nuevas AS n WHERE n.Linea > @Desde ORDER BY n.Linea) AS t;
      IF @Hasta IS NULL
        BREAK;
      INSERT INTO nomina.MovimientoAltaBaja WITH (ROWLOCK) (rut, tipo_movimiento, fecha_movimiento, motivo)
      SELECT TRIM(m.RUT), LOWER(m.Tipo), m.Fecha, NULLIF(TRIM(m.Texto), N'')
      FROM @Movimientos AS m
      INNER JOIN @Nuevas AS n ON n.Linea = m.Linea
      WHERE n.Linea > @Desde AND n.Linea <= @Hasta
      ORDER BY n.Linea;
      SET @Insertados += @@ROWCOUNT;
      SET @Desde = @Hasta;
    END;

    DELETE FROM @Nuevas;
    INSERT INTO @Nuevas (Linea)
    SELECT MIN(m.Linea)
    FROM @Movimientos AS m
    CROSS APPLY (SELECT UPPER(REPLACE(REPLACE(REPLACE(m.RUT, '.', ''), '-', ''), ' ', '')) AS Limpio) AS k
    CROSS APPLY (SELECT SUBSTRING(k.Limpio, PATINDEX('%[^0]%', k.Limpio + '.'), 15) AS Clave) AS x
    WHERE m.Clase = 'AUSENTISMO' AND NOT EXISTS (
      SELECT 1
      FROM nomina.MovimientoAusentismo AS a
      WHERE a.rut_normalizado = x.Clave AND a.fecha_inicio = m.Fecha AND a.fecha_fin = m.Fecha_Fin
        AND a.tipo_ausentismo = TRIM(m.Tipo))
    GROUP BY x.Clave, m.Fecha, m.Fecha_Fin, TRIM(m.Tipo);

    SET @Desde = -2147483648;
    WHILE 1 = 1
    BEGIN
      SELECT @Hasta = MAX(t.Linea)
      FROM (SELECT TOP (2000) n.Linea FROM @Nuevas AS n WHERE n.Linea > @Desde ORDER BY n.Linea) AS t;
      IF @Hasta IS NULL
        BREAK;
      INSERT INTO nomina.MovimientoAusentismo WITH (ROWLOCK) (
        rut, tipo_ausentismo, fecha_inicio, fecha_fin, dias_ausentismo)
      SELECT TRIM(m.RUT), TRIM(m.Tipo), m.Fecha, m.Fecha_Fin, m.Dias
      FROM @Movimientos AS m
      INNER JOIN @Nuevas AS n ON n.Linea = m.Linea
      WHERE n.Linea > @Desde AND n.Linea <= @Hasta
      ORDER BY n.Linea;
      SET @Insertados += @@ROWCOUNT;
      SET @Desde = @Hasta;
    END;

    -- las vacaciones no intervienen en ninguna regla: aqui el rut se compara tal como viene

    DELETE FROM @Nuevas;
    INSERT INTO @Nuevas (Linea)
    SELECT MIN(m.Linea)
    FROM @Movimientos AS m
    WHERE m.Clase = 'VACACIONES' AND NOT EXISTS (
      SELECT 1
      FROM nomina.MovimientoVacaciones AS a
      WHERE a.rut = TRIM(m.RUT) AND a.fecha_inicio = m.Fecha AND a.fecha_fin = m.Fecha_Fin)
    GROUP BY TRIM(m.RUT), m.Fecha, m.Fecha_Fin;

    SET @Desde = -2147483648;
    WHILE 1 = 1
    BEGIN
      SELECT @Hasta = MAX(t.Linea)
      FROM (SELECT TOP (2000) n.Linea FROM @Nuevas AS n WHERE n.Linea > @Desde ORDER BY n.Linea) AS t;
      IF @Hasta IS NULL
        BREAK;
      INSERT INTO nomina.MovimientoVacaciones WITH (ROWLOCK) (rut, fecha_inicio, fecha_fin, dias_habiles)
      SELECT TRIM(m.RUT), m.Fecha, m.Fecha_Fin, m.Dias
      FROM @Movimientos AS m
      INNER JOIN @Nuevas AS n ON n.Linea = m.Linea
      WHERE n.Linea > @Desde AND n.Linea <= @Hasta
      ORDER BY n.Linea;
      SET @Insertados += @@ROWCOUNT;
      SET @Desde = @Hasta;
    END;

    DELETE FROM @Nuevas;
    INSERT INTO @Nuevas (Linea)
    SELECT m.Linea FROM @Movimientos AS m WHERE m.Clase = 'ANALISTA_INGRESO';

    SET @Desde = -2147483648;
    WHILE 1 = 1
    BEGIN
      SELECT @Hasta = MAX(t.Linea)
      FROM (SELECT TOP (2000) n.Linea FROM @Nuevas AS n WHERE n.Linea > @Desde ORDER BY n.Linea) AS t;
      IF @Hasta IS NULL
        BREAK;
      INSERT INTO nomina.AnalistaIngreso WITH (ROWLOCK) (cierre_id, rut, fecha_ingreso, observaciones)
      SELECT @ID_Cierre, TRIM(m.RUT), m.Fecha, NULLIF(TRIM(m.Texto), N'')
      FROM @Movimientos AS m
      INNER JOIN @Nuevas AS n ON n.Linea = m.Linea
      WHERE n.Linea > @Desde AND n.Linea <= @Hasta
      ORDER BY n.Linea;
      SET @Insertados += @@ROWCOUNT;
      SET @Desde = @Hasta;
    END;

    DELETE FROM @Nuevas;
    INSERT INTO @Nuevas (Linea)
    SELECT m.Linea FROM @Movimientos AS m WHERE m.Clase = 'ANALISTA_FINIQUITO';

    SET @Desde = -2147483648;
    WHILE 1 = 1
    BEGIN
      SELECT @Hasta = MAX(t.Linea)
      FROM (SELECT TOP (2000) n.Linea FROM @Nuevas AS n WHERE n.Linea > @Desde ORDER BY n.Linea) AS t;
      IF @Hasta IS NULL
        BREAK;
      INSERT INTO nomina.AnalistaFiniquito WITH (ROWLOCK) (cierre_id, rut, fecha_finiquito, motivo)
      SELECT @ID_Cierre, TRIM(m.RUT), m.Fecha, COALESCE(TRIM(m.Texto), N'')
      FROM @Movimientos AS m
      INNER JOIN @Nuevas AS n ON n.Linea = m.Linea
      WHERE n.Linea > @Desde AND n.Linea <= @Hasta
      ORDER BY n.Linea;
      SET @Insertados += @@ROWCOUNT;
      SET @Desde = @Hasta;
    END;

    DELETE FROM @Nuevas;
    INSERT INTO @Nuevas (Linea)
    SELECT m.Linea FROM @Movimientos AS m WHERE m.Clase = 'ANALISTA_INCIDENCIA';

    SET @Desde = -2147483648;
    WHILE 1 = 1
    BEGIN
      SELECT @Hasta = MAX(t.Linea)
      FROM (SELECT TOP (2000) n.Linea FROM @Nuevas AS n WHERE n.Linea > @Desde ORDER BY n.Linea) AS t;
      IF @Hasta IS NULL
        BREAK;
      INSERT INTO nomina.AnalistaIncidencia WITH (ROWLOCK) (cierre_id, rut, tipo_incidencia, descripcion)
      SELECT @ID_Cierre, TRIM(m.RUT), TRIM(m.Tipo), COALESCE(TRIM(m.Texto), N'')
      FROM @Movimientos AS m
      INNER JOIN @Nuevas AS n ON n.Linea = m.Linea
      WHERE n.Linea > @Desde AND n.Linea <= @Hasta
      ORDER BY n.Linea;
      SET @Insertados += @@ROWCOUNT;
      SET @Desde = @Hasta;
    END;

    COMMIT TRANSACTION;
  END TRY
  BEGIN CATCH
    IF XACT_STATE() <> 0
      ROLLBACK TRANSACTION;
    THROW;
  END CATCH;

  SELECT @Insertados AS Insertados, @Total - @Insertados AS Repetidos;
END;
GO
GRANT EXECUTE ON OBJECT::nomina.sp_Cargar_Movimientos TO carril_app;
GO
