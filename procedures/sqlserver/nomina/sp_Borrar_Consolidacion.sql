SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  Deletes what consolidations of a closing have left: its consolidated employees with their concepts, children first, then the
  discrepancies that they found, then the metrics. At most 800 employees or 20,000 discrepancies a call; call again until Quedan
  is 0. The sources and the discrepancies that were known before stay. The caller holds the closing's lock.
  Document 003, limpiar_datos_consolidacion_previos and rollback_consolidacion_fallida.

  Returns: output
    Borrados  int  not null  rows that this call deleted
    Quedan    bit  not null
  Errors: 50409
  Touches: nomina.ConceptoEmpleadoConsolidado write, nomina.EmpleadoConsolidado write, nomina.DiscrepanciaCierre write, nomina.MetricaConsolidacion write
  Batch: 2000
  Step: called inside the caller's transaction
  Since: 020
*/
CREATE OR ALTER PROCEDURE nomina.sp_Borrar_Consolidacion
  @ID_Cierre bigint,
  @Borrados int = NULL OUTPUT,
  @Quedan bit = NULL OUTPUT
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  DECLARE @Filas int, @Vueltas int = 0;
  DECLARE @Empleados TABLE (ID bigint NOT NULL PRIMARY KEY);
  SELECT @Borrados = 0, @Quedan = 1;

  IF @@TRANCOUNT = 0
    THROW 50409, N'nomina.sp_Borrar_Consolidacion necesita una transaccion abierta, con el candado del cierre', 1;

  INSERT INTO @Empleados (ID)
  SELECT TOP (800) e.id FROM nomina.EmpleadoConsolidado AS e WHERE e.cierre_id = @ID_Cierre ORDER BY e.rut;

  IF EXISTS (SELECT 1 FROM @Empleados)
  BEGIN
    SET @Filas = 1;
    WHILE @Filas > 0
    BEGIN
      DELETE TOP (2000) c
      FROM @Empleados AS e
      INNER JOIN nomina.ConceptoEmpleadoConsolidado AS c WITH (ROWLOCK, FORCESEEK) ON c.empleado_consolidado_id = e.ID;
      SET @Filas = @@ROWCOUNT;
      SET @Borrados += @Filas;
    END;
    DELETE e
    FROM @Empleados AS x
    INNER JOIN nomina.EmpleadoConsolidado AS e WITH (ROWLOCK, FORCESEEK) ON e.id = x.ID;
    SET @Borrados += @@ROWCOUNT;
    RETURN;
  END;

  SET @Filas = 2000;
  WHILE @Filas = 2000 AND @Vueltas < 10
  BEGIN
    DELETE TOP (2000) d
    FROM nomina.DiscrepanciaCierre AS d WITH (ROWLOCK, FORCESEEK)
    WHERE d.cierre_id = @ID_Cierre AND d.ID_Trabajo IS NOT NULL;
    SELECT @Filas = @@ROWCOUNT, @Vueltas += 1;
    SET @Borrados += @Filas;
  END;
  SET @Quedan = CASE WHEN @Filas = 2000 THEN 1 ELSE 0 END;
  IF @Quedan = 0
  BEGIN
    DELETE m FROM nomina.MetricaConsolidacion AS m WITH (ROWLOCK, FORCESEEK) WHERE m.cierre_id = @ID_Cierre;
    SET @Borrados += @@ROWCOUNT;
  END;
END;
GO
