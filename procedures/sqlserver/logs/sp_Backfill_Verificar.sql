SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  One window of a verification of a backfill that is complete, or reverted: counts and checksums of every table again, with new IDs
  turned back into what they were, beside what was measured before. To be called until Terminado; Correcto then says whether all
  tables have the rows they had and, unless reverted, each is re-keyed or set aside. logs.sp_Backfill_Listar_Medidas has the figures.

  Returns: one
    Tabla      nvarchar(257)  null
    Filas      int            not null  rows that this call read
    Terminado  bit            not null
    Correcto   bit            null      null until Terminado
  Errors: 50400, 50404, 50408, 50409, 50499
  Touches: logs.Backfill_Estado write, logs.Backfill_Medidas write, the tables of logs.Backfill_Tablas read, logs.Backfill_Apartados read
  Batch: 2000
  Entry: carril_dba
  Since: 018
*/
CREATE OR ALTER PROCEDURE logs.sp_Backfill_Verificar
  @Ventana int = 20000
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
  DECLARE
    @Fase varchar(20), @Orden int, @Cursor bigint, @Primero bigint = -9223372036854775808, @Tabla nvarchar(257), @Medida_Filas bigint,
    @S1 varchar(40), @S2 varchar(40), @Apartar bigint, @Pendientes bigint, @Hasta bigint, @Correcto bit,
    @Mensaje nvarchar(2048);

  IF @Ventana IS NULL OR @Ventana NOT BETWEEN 1 AND 100000
    THROW 50400, N'@Ventana debe estar entre 1 y 100000', 1;

  BEGIN TRY
    BEGIN TRANSACTION;

    EXEC trabajo.sp_Bloquear @Recurso = N'carril:backfill', @Modo = 'Exclusive', @Espera_ms = 15000;
    SELECT @Fase = x.Fase, @Orden = x.Verificacion_Orden, @Cursor = x.Verificacion_Cursor
    FROM logs.Backfill_Estado AS x WITH (READCOMMITTEDLOCK)
    WHERE x.ID = 1;
    IF @Fase NOT IN ('COMPLETO', 'REVERTIDO')
    BEGIN
      SET @Mensaje = CONCAT(N'el backfill esta en la fase ', @Fase,
        N': se verifica cuando ha terminado (carril backfill run) o se ha revertido');
      THROW 50409, @Mensaje, 1;
    END;

    IF @Orden IS NULL
    BEGIN
      SELECT @Orden = 0, @Cursor = @Primero;
      UPDATE logs.Backfill_Medidas SET Despues_Filas = 0, Despues_S1 = 0, Despues_S2 = 0, Pendientes = 0;
    END;
    SELECT TOP (1) @Tabla = b.Tabla, @Orden = b.Orden
    FROM logs.Backfill_Tablas AS b
    WHERE b.Orden >= @Orden AND EXISTS (SELECT 1 FROM logs.Backfill_Medidas AS m WHERE m.Tabla = b.Tabla)
    ORDER BY b.Orden;

    IF @Tabla IS NOT NULL
    BEGIN
      EXEC logs.sp_Backfill_Medir @Tabla = @Tabla, @Desde = @Cursor, @Ventana = @Ventana, @Filas = @Medida_Filas OUTPUT,
        @S1 = @S1 OUTPUT, @S2 = @S2 OUTPUT, @Apartar = @Apartar OUTPUT, @Pendientes = @Pendientes OUTPUT, @Hasta = @Hasta OUTPUT;
      UPDATE logs.Backfill_Medidas
      SET
        Despues_Filas += @Medida_Filas, Despues_S1 += CONVERT(decimal(38, 0), @S1), Despues_S2 += CONVERT(decimal(38, 0), @S2),
        Pendientes += @Pendientes
      WHERE Tabla = @Tabla;
      UPDATE logs.Backfill_Estado
      SET
        Verificacion_Orden = @Orden + CASE WHEN @Hasta IS NULL THEN 1 ELSE 0 END,
        Verificacion_Cursor = COALESCE(@Hasta, @Primero), Verificado = NULL
      WHERE ID = 1;
    END
    ELSE
    BEGIN
      SET @Correcto = 1;
      IF EXISTS (
        SELECT 1 FROM logs.Backfill_Medidas AS m
        WHERE m.Despues_Filas <> m.Antes_Filas OR m.Despues_S1 <> m.Antes_S1 OR m.Despues_S2 <> m.Antes_S2
          OR (@Fase = 'COMPLETO' AND m.Pendientes > 0))
        SET @Correcto = 0;
      -- cada fondo del mapa con su ejecucion y su proceso; revertido, ninguno
      IF EXISTS (
        SELECT 1 FROM logs.Backfill_Mapa AS m
        LEFT JOIN logs.Ejecuciones AS x
          ON x.ID_Ejecucion = m.ID_Ejecucion_Nuevo AND x.ID_Fund = m.ID_Fund AND x.ID_Proceso = m.ID_Proceso
        WHERE (@Fase = 'COMPLETO' AND x.ID_Ejecucion IS NULL) OR (@Fase = 'REVERTIDO' AND x.ID_Ejecucion IS NOT NULL))
        SET @Correcto = 0;
      UPDATE logs.Backfill_Estado
      SET
        Verificacion_Orden = NULL, Verificacion_Cursor = NULL,
        Verificado = CASE WHEN @Correcto = 1 THEN SYSUTCDATETIME() END
      WHERE ID = 1;
    END;

    COMMIT TRANSACTION;
  END TRY
  BEGIN CATCH
    IF XACT_STATE() <> 0
      ROLLBACK TRANSACTION;
    THROW;
  END CATCH;

  SELECT
    @Tabla AS Tabla, CONVERT(int, COALESCE(@Medida_Filas, 0)) AS Filas,
    CONVERT(bit, CASE WHEN @Tabla IS NULL THEN 1 ELSE 0 END) AS Terminado, @Correcto AS Correcto;
END;
GO
GRANT EXECUTE ON OBJECT::logs.sp_Backfill_Verificar TO carril_dba;
GO
