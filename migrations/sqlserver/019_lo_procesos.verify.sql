/* Comprueba 019: calla si todo esta; si no, 50422 y lo que falta. Solo lee. */
DECLARE @Falta nvarchar(max);

SELECT @Falta = STRING_AGG(CONVERT(nvarchar(max), f.Nombre), N', ') WITHIN GROUP (ORDER BY f.Nombre)
FROM (
  SELECT v.Objeto AS Nombre
  FROM (VALUES
    (N'dbo.LO_PROCESOS', N'V'), (N'dbo.LO_PROCESOS_Respaldo_019', N'U'), (N'trabajo.Lo_Procesos', N'U'),
    (N'trabajo.Seq_Lo_Procesos', N'SO'), (N'dbo.tr_LO_PROCESOS_Insertar', N'TR'), (N'dbo.tr_LO_PROCESOS_Cambiar', N'TR'),
    (N'dbo.tr_LO_PROCESOS_Borrar', N'TR')) AS v (Objeto, Tipo)
  WHERE OBJECT_ID(v.Objeto, v.Tipo) IS NULL
  UNION ALL
  SELECT N'dbo.LO_PROCESOS.' + v.Columna
  FROM (VALUES
    (N'id'), (N'proceso'), (N'usuario'), (N'fecha_inicio'), (N'fecha_fin'), (N'mensaje'), (N'byte_inicio'), (N'byte_fin'),
    (N'ruta_archivo'), (N'estado')) AS v (Columna)
  WHERE NOT EXISTS (
    SELECT 1 FROM sys.columns AS c WHERE c.object_id = OBJECT_ID(N'dbo.LO_PROCESOS') AND c.name = v.Columna)
  UNION ALL
  -- si no admiten NULL, un INSERT que no las nombra es un error
  SELECT N'dbo.LO_PROCESOS.' + c.name + N' que admita NULL'
  FROM sys.columns AS c
  WHERE c.object_id = OBJECT_ID(N'dbo.LO_PROCESOS') AND c.is_nullable = 0
    AND c.name IN (N'id', N'usuario', N'fecha_inicio', N'fecha_fin', N'mensaje', N'byte_inicio', N'byte_fin', N'ruta_archivo',
      N'estado')
  UNION ALL
  SELECT N'trabajo.Lo_Procesos (IX_Lo_Procesos_Ruta)'
  WHERE NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i
    WHERE i.object_id = OBJECT_ID(N'trabajo.Lo_Procesos') AND i.name = N'IX_Lo_Procesos_Ruta')
  UNION ALL
  SELECT N'el trabajo LO_PROCESOS en curso'
  WHERE NOT EXISTS (
    SELECT 1 FROM trabajo.Trabajos AS t
    WHERE t.Clave = N'LO_PROCESOS' AND t.Tipo = 'LO_PROCESOS' AND t.Estado = 'EN_PROGRESO' AND t.Cancelado = 0)
) AS f;

IF @Falta IS NOT NULL
BEGIN
  DECLARE @Mensaje nvarchar(2048) = N'019_lo_procesos: falta ' + LEFT(@Falta, 1900);
  THROW 50422, @Mensaje, 1;
END;
GO
