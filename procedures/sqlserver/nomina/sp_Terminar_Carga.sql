SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  Ends the load of a closing: holds what the analyst reports against the movements of the month and leaves the closing
  con_discrepancias or verificado_sin_discrepancias, ready to be consolidated. Found are INGRESO_SIN_MOVIMIENTO and
  FINIQUITO_SIN_MOVIMIENTO (reported, but there is no movement), and, of employees of the Libro and only when the analyst has
  reported any of that kind, INGRESO_NO_INFORMADO and FINIQUITO_NO_INFORMADO. Those of an earlier load are replaced.
  Document 003, "Datos del Analista (Validacion)": 'para validacion cruzada con MovimientoAltaBaja'.

  Returns: one
    Estado         varchar(50)  not null  of the closing
    Empleados      int          not null  rows of the Libro
    Novedades      int          not null  rows of the Novedades
    Discrepancias  int          not null  known now, before the consolidation
  Errors: 50400, 50404, 50408, 50409, 50499
  Touches: nomina.CierreNomina write, nomina.DiscrepanciaCierre write, nomina.EmpleadoCierre read, nomina.EmpleadoCierreNovedades read, nomina.AnalistaIngreso read, nomina.AnalistaFiniquito read, nomina.MovimientoAltaBaja read
  Batch: 2000
  Entry: carril_app
  Since: 020
*/
CREATE OR ALTER PROCEDURE nomina.sp_Terminar_Carga
  @ID_Cierre bigint
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
  DECLARE
    @Estado varchar(50), @Empleados int, @Novedades int, @Discrepancias int, @Inicio date, @Fin date, @Filas int,
    @Desde int = 0, @Mensaje nvarchar(2048);
  DECLARE @Informados TABLE (
    Rut varchar(15) NOT NULL, Tipo varchar(20) NOT NULL, Fecha date NOT NULL, PRIMARY KEY (Tipo, Rut));
  DECLARE @Movidos TABLE (
    Rut varchar(15) NOT NULL, Tipo varchar(20) NOT NULL, Fecha date NOT NULL, PRIMARY KEY (Tipo, Rut));
  DECLARE @Dudas TABLE (
    Fila int IDENTITY(1, 1) NOT NULL PRIMARY KEY, Rut varchar(15) NOT NULL, Tipo varchar(50) NOT NULL,
    Detalle nvarchar(400) NOT NULL);

  BEGIN TRY
    BEGIN TRANSACTION;

    EXEC nomina.sp_Comprobar_Carga @ID_Cierre = @ID_Cierre;
    SELECT @Empleados = COUNT(*) FROM nomina.EmpleadoCierre AS e WHERE e.cierre_id = @ID_Cierre;
    IF @Empleados = 0
    BEGIN
      SET @Mensaje = CONCAT(N'el cierre ', @ID_Cierre, N' no tiene empleados en el libro');
      THROW 50409, @Mensaje, 1;
    END;
    SELECT @Inicio = DATEFROMPARTS(c.anno, c.mes, 1) FROM nomina.CierreNomina AS c WHERE c.id = @ID_Cierre;
    SET @Fin = DATEADD(MONTH, 1, @Inicio);

    SET @Filas = 2000;
    WHILE @Filas = 2000
    BEGIN
      DELETE TOP (2000) d
      FROM nomina.DiscrepanciaCierre AS d WITH (ROWLOCK, FORCESEEK)
      WHERE d.cierre_id = @ID_Cierre AND d.ID_Trabajo IS NULL AND d.tipo IN (
        'INGRESO_SIN_MOVIMIENTO', 'FINIQUITO_SIN_MOVIMIENTO', 'INGRESO_NO_INFORMADO', 'FINIQUITO_NO_INFORMADO');
      SET @Filas = @@ROWCOUNT;
    END;

    INSERT INTO @Informados (Rut, Tipo, Fecha)
    SELECT a.rut_normalizado, 'ingreso', MIN(a.fecha_ingreso)
    FROM nomina.AnalistaIngreso AS a
    WHERE a.cierre_id = @ID_Cierre
    GROUP BY a.rut_normalizado
    UNION ALL
    SELECT a.rut_normalizado, 'finiquito', MIN(a.fecha_finiquito)
    FROM nomina.AnalistaFiniquito AS a
    WHERE a.cierre_id = @ID_Cierre
    GROUP BY a.rut_normalizado;
    INSERT INTO @Movidos (Rut, Tipo, Fecha)
    SELECT m.rut_normalizado, m.tipo_movimiento, MIN(m.fecha_movimiento)
    FROM nomina.MovimientoAltaBaja AS m
    WHERE m.fecha_movimiento >= @Inicio AND m.fecha_movimiento < @Fin
    GROUP BY m.rut_normalizado, m.tipo_movimiento;

    INSERT INTO @Dudas (Rut, Tipo, Detalle)
    SELECT x.Rut, x.Tipo, x.Detalle
    FROM (
      SELECT i.Rut, UPPER(i.Tipo) + '_SIN_MOVIMIENTO' AS Tipo,
        CONCAT(N'el analista informa ', CONVERT(char(10), i.Fecha, 23)) AS Detalle
      FROM @Informados AS i
      WHERE NOT EXISTS (SELECT 1 FROM @Movidos AS m WHERE m.Rut = i.Rut AND m.Tipo = i.Tipo)
      UNION ALL
      SELECT m.Rut, UPPER(m.Tipo) + '_NO_INFORMADO', CONCAT(N'movimiento de ', CONVERT(char(10), m.Fecha, 23))
      FROM @Movidos AS m
      WHERE EXISTS (SELECT 1 FROM @Informados AS i WHERE i.Tipo = m.Tipo)
        AND NOT EXISTS (SELECT 1 FROM @Informados AS i WHERE i.Rut = m.Rut AND i.Tipo = m.Tipo)
        AND EXISTS (
          SELECT 1 FROM nomina.EmpleadoCierre AS l WHERE l.cierre_id = @ID_Cierre AND l.rut_normalizado = m.Rut)
    ) AS x
    ORDER BY x.Rut, x.Tipo;

    WHILE 1 = 1
    BEGIN
      INSERT INTO nomina.DiscrepanciaCierre WITH (ROWLOCK) (cierre_id, empleado_libro_id, rut, tipo, detalle)
      SELECT @ID_Cierre, e.ID, r.RUT, d.Tipo, d.Detalle
      FROM @Dudas AS d
      CROSS APPLY nomina.fn_RUT(d.Rut) AS r
      OUTER APPLY (
        SELECT MIN(l.id) AS ID FROM nomina.EmpleadoCierre AS l WHERE l.cierre_id = @ID_Cierre AND l.rut_normalizado = d.Rut
      ) AS e
      WHERE d.Fila > @Desde AND d.Fila <= @Desde + 2000
      ORDER BY d.Fila;
      IF @@ROWCOUNT = 0
        BREAK;
      SET @Desde += 2000;
    END;

    SELECT @Discrepancias = COUNT(*)
    FROM nomina.DiscrepanciaCierre AS d
    WHERE d.cierre_id = @ID_Cierre AND d.ID_Trabajo IS NULL;
    SELECT @Novedades = COUNT(*) FROM nomina.EmpleadoCierreNovedades AS n WHERE n.cierre_id = @ID_Cierre;
    SET @Estado = CASE WHEN @Discrepancias > 0 THEN 'con_discrepancias' ELSE 'verificado_sin_discrepancias' END;
    UPDATE c SET estado = @Estado FROM nomina.CierreNomina AS c WITH (ROWLOCK, FORCESEEK) WHERE c.id = @ID_Cierre;

    COMMIT TRANSACTION;
  END TRY
  BEGIN CATCH
    IF XACT_STATE() <> 0
      ROLLBACK TRANSACTION;
    THROW;
  END CATCH;

  SELECT @Estado AS Estado, @Empleados AS Empleados, @Novedades AS Novedades, @Discrepancias AS Discrepancias;
END;
GO
GRANT EXECUTE ON OBJECT::nomina.sp_Terminar_Carga TO carril_app;
GO
