/* Comprueba 021: calla si todo esta; si no, 50422 y lo que falta. Solo lee. */
DECLARE @Falta nvarchar(max);

SELECT @Falta = STRING_AGG(CONVERT(nvarchar(max), f.Nombre), N', ') WITHIN GROUP (ORDER BY f.Nombre)
FROM (
  SELECT N'trabajo.' + v.Tipo AS Nombre
  FROM (VALUES (N'Lista_Terminados_v1')) AS v (Tipo)
  WHERE NOT EXISTS (SELECT 1 FROM sys.table_types AS t WHERE t.schema_id = SCHEMA_ID(N'trabajo') AND t.name = v.Tipo)
  UNION ALL
  SELECT v.Tabla + N'.' + v.Columna
  FROM (VALUES (N'trabajo.Trabajos', N'Omitidos')) AS v (Tabla, Columna)
  WHERE NOT EXISTS (SELECT 1 FROM sys.columns AS c WHERE c.object_id = OBJECT_ID(v.Tabla) AND c.name = v.Columna)
  UNION ALL
  SELECT v.Tabla + N' (' + v.Indice + N')'
  FROM (VALUES
    (N'trabajo.Trabajos', N'IX_Trabajos_Terminados'), (N'trabajo.Chunks', N'IX_Chunks_Fallidos')) AS v (Tabla, Indice)
  WHERE NOT EXISTS (SELECT 1 FROM sys.indexes AS i WHERE i.object_id = OBJECT_ID(v.Tabla) AND i.name = v.Indice)
  UNION ALL
  SELECT N'trabajo.CK_Chunks_Estado con OMITIDO'
  WHERE NOT EXISTS (
    SELECT 1 FROM sys.check_constraints AS k
    WHERE k.parent_object_id = OBJECT_ID(N'trabajo.Chunks') AND k.name = N'CK_Chunks_Estado'
      AND k.definition LIKE N'%OMITIDO%')
) AS f;

IF @Falta IS NOT NULL
BEGIN
  DECLARE @Mensaje nvarchar(2048) = N'021_arriendos: falta ' + LEFT(@Falta, 1900);
  THROW 50422, @Mensaje, 1;
END;
GO
