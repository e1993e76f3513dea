/* Comprueba 017: calla si todo esta; si no, 50422 y lo que falta. Solo lee. */
DECLARE @Falta nvarchar(max), @Mensaje nvarchar(2048);

SELECT @Falta = STRING_AGG(CONVERT(nvarchar(max), f.Nombre), N', ') WITHIN GROUP (ORDER BY f.Nombre)
FROM (
  SELECT v.Tabla AS Nombre
  FROM (VALUES
    (N'logs.Backfill_Tablas'), (N'logs.Backfill_Estado'), (N'logs.Backfill_Ejecuciones'), (N'logs.Backfill_Mapa'),
    (N'logs.Backfill_Apartados'), (N'logs.Backfill_Medidas')) AS v (Tabla)
  WHERE OBJECT_ID(v.Tabla, N'U') IS NULL
  UNION ALL
  SELECT N'logs.Backfill_Mapa (IX_Backfill_Mapa_Fecha)'
  WHERE NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    WHERE i.object_id = OBJECT_ID(N'logs.Backfill_Mapa') AND i.name = N'IX_Backfill_Mapa_Fecha')
) AS f;
IF @Falta IS NULL AND NOT EXISTS (SELECT 1 FROM logs.Backfill_Estado AS e WHERE e.ID = 1)
  SET @Falta = N'la fila de logs.Backfill_Estado';

IF @Falta IS NOT NULL
BEGIN
  SET @Mensaje = N'017_backfill: falta ' + LEFT(@Falta, 1900);
  THROW 50422, @Mensaje, 1;
END;
