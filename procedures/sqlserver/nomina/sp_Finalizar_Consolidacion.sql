SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  Ends a consolidation whose chunks have all ended, exactly once: to be tried after every commit that ends a chunk and on every idle
  poll. A cheap look without a lock first, then the job's lock Exclusive, a recount, one commit: the job's end, the closing's state
  and its metrics. Of a cancelled job it first ends what nobody holds.

  State of the closing by the chunks that went well (document 003, determinar_estado_final): all datos_consolidados; from 50 %
  consolidacion_parcial; else error_consolidacion, or error_recursos when a chunk failed for want of memory (its message begins with
  [recursos]). Cancelled: timeout_consolidacion if its time was up, else consolidacion_cancelada. Below 80 % a review is required.

  Returns: one
    Estado      varchar(50)  not null  of the closing; of the job when no closing is left
    Finalizado  bit          not null  this call ended it
  Errors: 50400, 50404, 50408, 50409, 50499
  Touches: trabajo.Chunks write, trabajo.Trabajos write, nomina.CierreNomina write, nomina.DiscrepanciaCierre read, nomina.MetricaConsolidacion write
  Batch: 2000
  Entry: carril_app
  Since: 021
*/
CREATE OR ALTER PROCEDURE nomina.sp_Finalizar_Consolidacion
  @ID_Trabajo bigint
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
  DECLARE
    @Estado varchar(50), @Tipo varchar(50), @Cancelado bit, @Parametros nvarchar(max), @Finalizado bit = 0, @Restantes int,
    @Total int, @Completados int, @Cierre bigint, @Inicio datetime2(3), @Empleados int, @Registros int, @Haberes decimal(18, 2),
    @Descuentos decimal(18, 2), @Por_Chunk float, @Recursos bit = 0, @Segundos float, @Mensaje nvarchar(2048),
    @Recurso nvarchar(255);

  IF @ID_Trabajo IS NULL
    THROW 50400, N'@ID_Trabajo es obligatorio', 1;
  SELECT @Estado = t.Estado, @Tipo = t.Tipo, @Cancelado = t.Cancelado, @Parametros = t.Parametros
  FROM trabajo.Trabajos AS t
  WHERE t.ID_Trabajo = @ID_Trabajo;
  IF @Estado IS NULL
  BEGIN
    SET @Mensaje = CONCAT(N'no existe el trabajo ', @ID_Trabajo);
    THROW 50404, @Mensaje, 1;
  END;
  IF @Tipo <> 'NOMINA'
  BEGIN
    SET @Mensaje = CONCAT(N'el trabajo ', @ID_Trabajo, N' es de tipo ', REPLACE(@Tipo, '%', '%%'), N': no es una consolidacion');
    THROW 50409, @Mensaje, 1;
  END;

  -- sin candado: casi siempre queda algo, y entonces no se molesta a nadie. El recuento, con el candado, decide
  EXEC trabajo.sp_Restantes @ID_Trabajo = @ID_Trabajo, @Restantes = @Restantes OUTPUT;
  IF @Estado = 'EN_PROGRESO' AND (@Cancelado = 1 OR @Restantes = 0)
  BEGIN
    BEGIN TRY
      BEGIN TRANSACTION;

      SET @Recurso = CONCAT(N'carril:trabajo:', @ID_Trabajo);
      EXEC trabajo.sp_Bloquear @Recurso = @Recurso, @Modo = 'Exclusive', @Espera_ms = 15000;

      -- otra vez, con el candado: pudieron cancelarlo o terminarlo mientras se esperaba
      SELECT @Estado = t.Estado, @Cancelado = t.Cancelado
      FROM trabajo.Trabajos AS t WITH (READCOMMITTEDLOCK)
      WHERE t.ID_Trabajo = @ID_Trabajo;
      IF @Estado = 'EN_PROGRESO' AND @Cancelado = 1
        EXEC trabajo.sp_Barrer_Cancelado @ID_Trabajo = @ID_Trabajo;
      EXEC trabajo.sp_Cerrar_Trabajo
        @ID_Trabajo = @ID_Trabajo, @Estado = @Estado OUTPUT, @Cerrado = @Finalizado OUTPUT, @Total = @Total OUTPUT,
        @Completados = @Completados OUTPUT;

      SELECT @Cierre = c.id, @Inicio = c.inicio_consolidacion
      FROM nomina.CierreNomina AS c WITH (READCOMMITTEDLOCK)
      WHERE c.ID_Trabajo = @ID_Trabajo AND c.ID_Trabajo IS NOT NULL;
      IF @Finalizado = 1 AND @Cierre IS NOT NULL
      BEGIN
        SELECT
          @Empleados = COALESCE(SUM(CONVERT(int, JSON_VALUE(c.Resultado, '$.empleados'))), 0),
          @Registros = COALESCE(SUM(CONVERT(int, JSON_VALUE(c.Resultado, '$.registros'))), 0),
          @Haberes = COALESCE(SUM(CONVERT(decimal(18, 2), JSON_VALUE(c.Resultado, '$.haberes'))), 0),
          @Descuentos = COALESCE(SUM(CONVERT(decimal(18, 2), JSON_VALUE(c.Resultado, '$.descuentos'))), 0),
          @Por_Chunk = AVG(DATEDIFF_BIG(MILLISECOND, c.Inicio, c.Fin) / 1000e0)
        FROM trabajo.Chunks AS c
        WHERE c.ID_Trabajo = @ID_Trabajo AND c.Estado = 'COMPLETADO';
        IF EXISTS (
          SELECT 1 FROM trabajo.Chunks AS c
          WHERE c.ID_Trabajo = @ID_Trabajo AND c.Estado = 'ERROR' AND c.Ultimo_Error LIKE N'[[]recursos]%')
          SET @Recursos = 1;
        SET @Segundos = DATEDIFF_BIG(MILLISECOND, @Inicio, SYSUTCDATETIME()) / 1000e0;
        IF @Segundos < 0.001
          SET @Segundos = 0.001;

        UPDATE c
        SET
          estado = CASE
            WHEN @Estado = 'CANCELADO' AND c.vencida = 1 THEN 'timeout_consolidacion'
            WHEN @Estado = 'CANCELADO' THEN 'consolidacion_cancelada'
            WHEN @Completados = @Total THEN 'datos_consolidados'
            WHEN @Completados * 100 >= @Total * 50 THEN 'consolidacion_parcial'
            WHEN @Recursos = 1 THEN 'error_recursos'
            ELSE 'error_consolidacion'
          END,
          revision_requerida = CASE WHEN @Completados * 100 < @Total * 80 THEN 1 ELSE 0 END
        FROM nomina.CierreNomina AS c WITH (ROWLOCK, FORCESEEK)
        WHERE c.id = @Cierre;

        INSERT INTO nomina.MetricaConsolidacion (
          cierre_id, ID_Trabajo, total_empleados, chunks_procesados, chunks_exitosos, registros_creados, total_discrepancias,
          total_haberes, total_descuentos, liquido_pagar, tiempo_total, tiempo_promedio_chunk, throughput_empleados_sec,
          throughput_registros_sec, chunk_size_utilizado, workers_utilizados)
        SELECT
          @Cierre, @ID_Trabajo, @Empleados, @Total, @Completados, @Registros,
          (SELECT COUNT(*) FROM nomina.DiscrepanciaCierre AS d WHERE d.cierre_id = @Cierre AND d.ID_Trabajo = @ID_Trabajo),
          @Haberes, @Descuentos, @Haberes - @Descuentos, @Segundos, @Por_Chunk, @Empleados / @Segundos, @Registros / @Segundos,
          CONVERT(int, JSON_VALUE(@Parametros, '$.chunk_size')), CONVERT(int, JSON_VALUE(@Parametros, '$.lanes'));
      END;

      COMMIT TRANSACTION;
    END TRY
    BEGIN CATCH
      IF XACT_STATE() <> 0
        ROLLBACK TRANSACTION;
      THROW;
    END CATCH;
  END;

  SELECT COALESCE(c.estado, t.Estado) AS Estado, @Finalizado AS Finalizado
  FROM trabajo.Trabajos AS t
  LEFT JOIN nomina.CierreNomina AS c ON c.ID_Trabajo = t.ID_Trabajo AND c.ID_Trabajo IS NOT NULL
  WHERE t.ID_Trabajo = @ID_Trabajo;
END;
GO
GRANT EXECUTE ON OBJECT::nomina.sp_Finalizar_Consolidacion TO carril_app;
GO
