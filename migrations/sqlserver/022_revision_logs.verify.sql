/* Comprueba 022: calla si todo esta; si no, 50422 y lo que falta. Solo lee. */
DECLARE @Falta nvarchar(max);

SELECT @Falta = STRING_AGG(CONVERT(nvarchar(max), f.Nombre), N', ') WITHIN GROUP (ORDER BY f.Nombre)
FROM (
  SELECT v.Tabla AS Nombre
  FROM (VALUES (N'logs.Archivos'), (N'logs.Bloques_Error')) AS v (Tabla)
  WHERE OBJECT_ID(v.Tabla, N'U') IS NULL
  UNION ALL
  SELECT N'logs.Lista_Bloques_v1'
  WHERE NOT EXISTS (
    SELECT 1 FROM sys.table_types AS t WHERE t.schema_id = SCHEMA_ID(N'logs') AND t.name = N'Lista_Bloques_v1')
  UNION ALL
  SELECT v.Tabla + N'.' + v.Columna
  FROM (VALUES
    (N'logs.Archivos', N'Ruta'), (N'logs.Archivos', N'Huella'), (N'logs.Archivos', N'Huella_Bytes'),
    (N'logs.Archivos', N'Opciones'), (N'logs.Archivos', N'Leido'), (N'logs.Archivos', N'Reanudar_En'),
    (N'logs.Archivos', N'ID_Trabajo'), (N'logs.Archivos', N'ID_Ultimo_Trabajo'), (N'logs.Bloques_Error', N'Byte_Inicio'),
    (N'logs.Bloques_Error', N'Byte_Fin'), (N'logs.Bloques_Error', N'ID_Trabajo'), (N'logs.Bloques_Error', N'Firma'),
    (N'logs.Bloques_Error', N'Texto'), (N'logs.Bloques_Error', N'Recortado')) AS v (Tabla, Columna)
  WHERE NOT EXISTS (SELECT 1 FROM sys.columns AS c WHERE c.object_id = OBJECT_ID(v.Tabla) AND c.name = v.Columna)
  UNION ALL
  SELECT v.Tabla + N' (' + v.Indice + N')'
  FROM (VALUES
    (N'logs.Archivos', N'IX_Archivos_Ruta'), (N'logs.Archivos', N'UX_Archivos_Ultimo'),
    (N'logs.Bloques_Error', N'PK_Bloques_Error'), (N'logs.Bloques_Error', N'IX_Bloques_Error_Trabajo')) AS v (Tabla, Indice)
  WHERE NOT EXISTS (SELECT 1 FROM sys.indexes AS i WHERE i.object_id = OBJECT_ID(v.Tabla) AND i.name = v.Indice)
) AS f;

IF @Falta IS NOT NULL
BEGIN
  DECLARE @Mensaje nvarchar(2048) = N'022_revision_logs: falta ' + LEFT(@Falta, 1900);
  THROW 50422, @Mensaje, 1;
END;
GO
