/* Comprueba 018: calla si todo esta; si no, 50422 y lo que falta. Solo lee. */
DECLARE @Falta nvarchar(max);

SELECT @Falta = STRING_AGG(CONVERT(nvarchar(max), f.Nombre), N', ') WITHIN GROUP (ORDER BY f.Nombre)
FROM (
  SELECT v.Tabla AS Nombre
  FROM (VALUES (N'trabajo.Trabajos'), (N'trabajo.Chunks')) AS v (Tabla)
  WHERE OBJECT_ID(v.Tabla, N'U') IS NULL
  UNION ALL
  SELECT N'trabajo.' + v.Tipo
  FROM (VALUES (N'Lista_Chunks_v1'), (N'Lista_Tipos_v1'), (N'Lista_Arriendos_v1')) AS v (Tipo)
  WHERE NOT EXISTS (SELECT 1 FROM sys.table_types AS t WHERE t.schema_id = SCHEMA_ID(N'trabajo') AND t.name = v.Tipo)
  UNION ALL
  SELECT v.Tabla + N'.' + v.Columna
  FROM (VALUES
    (N'trabajo.Trabajos', N'Clave'), (N'trabajo.Trabajos', N'Cancelado'), (N'trabajo.Trabajos', N'Max_Intentos'),
    (N'trabajo.Chunks', N'Poseedor'), (N'trabajo.Chunks', N'Token'), (N'trabajo.Chunks', N'Intento'),
    (N'trabajo.Chunks', N'Expira'), (N'trabajo.Chunks', N'No_Antes_De'), (N'trabajo.Chunks', N'Ultimo_Error'),
    (N'logs.Procesos', N'ID_Trabajo'), (N'logs.Ejecuciones', N'ID_Chunk')) AS v (Tabla, Columna)
  WHERE NOT EXISTS (SELECT 1 FROM sys.columns AS c WHERE c.object_id = OBJECT_ID(v.Tabla) AND c.name = v.Columna)
  UNION ALL
  SELECT v.Tabla + N' (' + v.Indice + N')'
  FROM (VALUES
    (N'trabajo.Trabajos', N'UX_Trabajos_Clave'), (N'trabajo.Trabajos', N'IX_Trabajos_Vivos'),
    (N'trabajo.Chunks', N'UX_Chunks_Orden'), (N'trabajo.Chunks', N'IX_Chunks_Libres'),
    (N'trabajo.Chunks', N'IX_Chunks_Arrendados'), (N'logs.Procesos', N'IX_Procesos_Trabajo'),
    (N'logs.Ejecuciones', N'IX_Ejecuciones_Chunk')) AS v (Tabla, Indice)
  WHERE NOT EXISTS (SELECT 1 FROM sys.indexes AS i WHERE i.object_id = OBJECT_ID(v.Tabla) AND i.name = v.Indice)
) AS f;

IF @Falta IS NOT NULL
BEGIN
  DECLARE @Mensaje nvarchar(2048) = N'018_trabajos_y_chunks: falta ' + LEFT(@Falta, 1900);
  THROW 50422, @Mensaje, 1;
END;
GO
