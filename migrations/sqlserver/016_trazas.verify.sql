/* Comprueba 016: calla si todo esta; si no, 50422 y lo que falta. Solo lee. */
DECLARE @Falta nvarchar(max);

SELECT @Falta = STRING_AGG(CONVERT(nvarchar(max), f.Nombre), N', ') WITHIN GROUP (ORDER BY f.Nombre)
FROM (
  SELECT N'logs.Trace_Records' AS Nombre
  WHERE OBJECT_ID(N'logs.Trace_Records', N'U') IS NULL
  UNION ALL
  SELECT N'logs.Trace_Records.' + v.Columna
  FROM (VALUES
    (N'ID_Trace'), (N'ID_Proceso'), (N'ID_Ejecucion'), (N'ID_Fund'), (N'Timestamp'), (N'Etapa'), (N'SubEtapa'),
    (N'Tipo_Evento'), (N'Recurso'), (N'Duracion_Ms'), (N'Metadata'), (N'Thread_ID'), (N'ID_Trabajo')) AS v (Columna)
  WHERE NOT EXISTS (
    SELECT 1 FROM sys.columns AS c WHERE c.object_id = OBJECT_ID(N'logs.Trace_Records') AND c.name = v.Columna)
  UNION ALL
  SELECT N'logs.Trace_Records (' + v.Indice + N')'
  FROM (VALUES (N'PK_Trace_Records'), (N'IX_Trace_Proceso'), (N'IX_Trace_Trabajo')) AS v (Indice)
  WHERE NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i WHERE i.object_id = OBJECT_ID(N'logs.Trace_Records') AND i.name = v.Indice)
) AS f;

IF @Falta IS NOT NULL
BEGIN
  DECLARE @Mensaje nvarchar(2048) = N'016_trazas: falta ' + LEFT(@Falta, 1900);
  THROW 50422, @Mensaje, 1;
END;
GO
