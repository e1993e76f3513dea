SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  How far the consolidation of a closing is: live while it runs, from its metrics afterwards. Progress is by weight; the ETA divides
  what is left by the rate since its beginning. Document 003, progreso_consolidacion and the monitor. Amounts as text.

  Returns: one
    ID_Cierre             bigint          not null
    Cliente               nvarchar(200)   not null
    Mes                   int             not null
    Anno                  int             not null
    Estado                varchar(50)     not null
    Revision_Requerida    bit             not null
    ID_Trabajo            bigint          null
    Empleados             int             not null  rows of the Libro
    Empleados_Procesados  int             not null
    Registros             int             not null  employees and concepts written
    Chunks                int             not null
    Chunks_Completados    int             not null
    Chunks_Fallidos       int             not null
    Tamano_Chunk          int             null
    Porcentaje            float           not null
    Segundos              float           null      since its beginning, or all of it
    Empleados_Por_s       float           null
    Faltan_s              int             null      while it runs
    Discrepancias         int             not null  known before and found
    Total_Haberes         varchar(30)     null      once it has ended, as the two below
    Total_Descuentos      varchar(30)     null
    Liquido_Pagar         varchar(30)     null
    Ultimo_Error          nvarchar(4000)  null      of the first chunk that failed
  Errors: 50400, 50404
  Touches: trabajo.Trabajos read, trabajo.Chunks read, nomina.CierreNomina read, nomina.EmpleadoCierre read, nomina.DiscrepanciaCierre read, nomina.MetricaConsolidacion read
  Batch: none
  Entry: carril_app, carril_lector
  Since: 021
*/
CREATE OR ALTER PROCEDURE nomina.sp_Estado_Consolidacion
  @ID_Cierre bigint
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  DECLARE @Ahora datetime2(3) = SYSUTCDATETIME(), @Mensaje nvarchar(2048);

  IF @ID_Cierre IS NULL
    THROW 50400, N'@ID_Cierre es obligatorio', 1;
  IF NOT EXISTS (SELECT 1 FROM nomina.CierreNomina AS c WHERE c.id = @ID_Cierre)
  BEGIN
    SET @Mensaje = CONCAT(N'no existe el cierre ', @ID_Cierre);
    THROW 50404, @Mensaje, 1;
  END;

  SELECT
    c.id AS ID_Cierre, c.cliente AS Cliente, c.mes AS Mes, c.anno AS Anno, c.estado AS Estado,
    c.revision_requerida AS Revision_Requerida, c.ID_Trabajo,
    (SELECT COUNT(*) FROM nomina.EmpleadoCierre AS e WHERE e.cierre_id = c.id) AS Empleados,
    COALESCE(m.total_empleados, k.Empleados, 0) AS Empleados_Procesados, COALESCE(m.registros_creados, k.Registros, 0) AS Registros,
    COALESCE(m.chunks_procesados, k.Total, 0) AS Chunks, COALESCE(m.chunks_exitosos, k.Completados, 0) AS Chunks_Completados,
    COALESCE(k.Fallidos, 0) AS Chunks_Fallidos,
    COALESCE(m.chunk_size_utilizado, CONVERT(int, JSON_VALUE(t.Parametros, '$.chunk_size'))) AS Tamano_Chunk,
    COALESCE(x.Porcentaje, 0) AS Porcentaje, COALESCE(m.tiempo_total, x.Segundos) AS Segundos,
    COALESCE(m.throughput_empleados_sec, k.Empleados / NULLIF(x.Segundos, 0)) AS Empleados_Por_s,
    CASE
      WHEN t.Estado = 'EN_PROGRESO' AND x.Porcentaje > 0 AND x.Segundos * (100 - x.Porcentaje) / x.Porcentaje < 2147483647
        THEN CONVERT(int, CEILING(x.Segundos * (100 - x.Porcentaje) / x.Porcentaje))
      WHEN t.Estado = 'EN_PROGRESO' AND x.Porcentaje > 0 THEN 2147483647
    END AS Faltan_s,
    (SELECT COUNT(*) FROM nomina.DiscrepanciaCierre AS d WHERE d.cierre_id = c.id) AS Discrepancias,
    CONVERT(varchar(30), m.total_haberes) AS Total_Haberes, CONVERT(varchar(30), m.total_descuentos) AS Total_Descuentos,
    CONVERT(varchar(30), m.liquido_pagar) AS Liquido_Pagar, f.Ultimo_Error
  FROM nomina.CierreNomina AS c
  LEFT JOIN trabajo.Trabajos AS t ON t.ID_Trabajo = c.ID_Trabajo
  LEFT JOIN nomina.MetricaConsolidacion AS m ON m.cierre_id = c.id
  OUTER APPLY (
    SELECT
      COUNT(CASE WHEN h.Estado <> 'OMITIDO' THEN 1 END) AS Total,
      COUNT(CASE WHEN h.Estado = 'COMPLETADO' THEN 1 END) AS Completados,
      COUNT(CASE WHEN h.Estado = 'ERROR' THEN 1 END) AS Fallidos,
      SUM(CASE WHEN h.Estado = 'COMPLETADO' THEN CONVERT(int, JSON_VALUE(h.Resultado, '$.empleados')) END) AS Empleados,
      SUM(CASE WHEN h.Estado = 'COMPLETADO' THEN CONVERT(int, JSON_VALUE(h.Resultado, '$.registros')) END) AS Registros,
      SUM(CASE WHEN h.Estado <> 'OMITIDO' THEN h.Peso END) AS Peso,
      SUM(CASE WHEN h.Estado = 'COMPLETADO' THEN h.Peso ELSE 0 END) AS Hecho
    FROM trabajo.Chunks AS h
    WHERE h.ID_Trabajo = c.ID_Trabajo
  ) AS k
  CROSS APPLY (
    SELECT
      CONVERT(float, 100 * k.Hecho / NULLIF(k.Peso, 0)) AS Porcentaje,
      DATEDIFF_BIG(MILLISECOND, c.inicio_consolidacion, COALESCE(t.FechaFin, @Ahora)) / 1000e0 AS Segundos
  ) AS x
  OUTER APPLY (
    SELECT TOP (1) z.Ultimo_Error
    FROM trabajo.Chunks AS z
    WHERE z.ID_Trabajo = c.ID_Trabajo AND z.Estado = 'ERROR'
    ORDER BY z.Orden
  ) AS f
  WHERE c.id = @ID_Cierre;
END;
GO
GRANT EXECUTE ON OBJECT::nomina.sp_Estado_Consolidacion TO carril_app, carril_lector;
GO
