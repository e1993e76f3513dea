SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  How far the backfill is. Filas is what the tables hold of the old way: measured once MEDICION has ended, before that an estimate
  of all rows from the statistics; Medidas and Cambiadas say how many of them are measured and re-keyed.

  Returns: one
    Fase             varchar(20)    not null
    Tabla            nvarchar(257)  null      the table it is at
    Vuelta           int            not null  0: the first round
    Lotes            bigint         not null
    Filas            bigint         not null
    Medidas          bigint         not null
    Cambiadas        bigint         not null
    Apartadas        bigint         not null
    Ejecuciones      bigint         not null  legacy executions in the inventory
    Nuevas           bigint         not null  executions of one fund, in the map
    Sin_Proceso      bigint         not null  executions without a process now
    Mayor_Sentencia  int            not null  rows of the statement that wrote most
    Inicio           datetime2(3)   null
    Ultimo           datetime2(3)   null
    Fin              datetime2(3)   null
    Verificado       datetime2(3)   null      when a verification passed, with nothing changed since
    Terminado        datetime2(3)   null      since when ID_Proceso is NOT NULL
  Errors: none
  Touches: logs.Backfill_Estado read, logs.Backfill_Tablas read, logs.Backfill_Medidas read, logs.Backfill_Ejecuciones read, logs.Backfill_Mapa read, logs.Backfill_Apartados read, logs.Ejecuciones read
  Batch: none
  Entry: carril_dba, carril_lector
  Since: 018
*/
CREATE OR ALTER PROCEDURE logs.sp_Backfill_Estado
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  DECLARE @Estimadas bigint;
  SELECT @Estimadas = SUM(p.rows)
  FROM sys.partitions AS p
  WHERE p.index_id IN (0, 1) AND p.object_id IN (SELECT OBJECT_ID(b.Tabla) FROM logs.Backfill_Tablas AS b);

  SELECT
    e.Fase,
    CASE
      WHEN e.Fase IN ('MEDICION', 'FILAS') THEN
        (SELECT TOP (1) b.Tabla FROM logs.Backfill_Tablas AS b WHERE b.Orden >= e.Orden ORDER BY b.Orden)
      WHEN e.Fase = 'REVIRTIENDO' THEN
        (SELECT TOP (1) b.Tabla FROM logs.Backfill_Tablas AS b WHERE b.Orden <= e.Orden ORDER BY b.Orden DESC)
    END AS Tabla,
    e.Vuelta, e.Lotes,
    CASE
      WHEN e.Fase IN ('NUEVO', 'LIMPIEZA', 'INVENTARIO', 'MEDICION') AND @Estimadas > m.Medidas THEN @Estimadas
      ELSE m.Medidas
    END AS Filas,
    m.Medidas, m.Cambiadas,
    (SELECT COUNT_BIG(*) FROM logs.Backfill_Apartados) AS Apartadas,
    (SELECT COUNT_BIG(*) FROM logs.Backfill_Ejecuciones) AS Ejecuciones,
    (SELECT COUNT_BIG(*) FROM logs.Backfill_Mapa) AS Nuevas,
    (SELECT COUNT_BIG(*) FROM logs.Ejecuciones AS x WHERE x.ID_Proceso IS NULL) AS Sin_Proceso,
    e.Mayor_Sentencia, e.Inicio, e.Ultimo, e.Fin, e.Verificado, e.Terminado
  FROM logs.Backfill_Estado AS e
  CROSS APPLY (
    SELECT COALESCE(SUM(x.Antes_Filas), 0) AS Medidas, COALESCE(SUM(x.Cambiadas), 0) AS Cambiadas
    FROM logs.Backfill_Medidas AS x
  ) AS m
  WHERE e.ID = 1;
END;
GO
GRANT EXECUTE ON OBJECT::logs.sp_Backfill_Estado TO carril_dba, carril_lector;
GO
