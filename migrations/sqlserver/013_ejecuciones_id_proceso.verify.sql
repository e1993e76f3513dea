-- Comprueba, sin escribir nada, que esta todo lo que crea 013_ejecuciones_id_proceso; si no, 50422 con lo que falta.
SET NOCOUNT ON;

DECLARE @falta TABLE (Que nvarchar(300) NOT NULL);

-- columnas, con su tipo y si admiten NULL
INSERT INTO @falta (Que)
SELECT CONCAT(N'columna ', e.Tabla, N'.', e.Columna, N' ', e.Tipo, CASE e.Nulo WHEN 1 THEN N' NULL' ELSE N' NOT NULL' END)
FROM (VALUES
  (N'logs.Ejecuciones', N'ID_Proceso', N'bigint', 1),
  (N'logs.Ejecuciones', N'ID_Fund', N'int', 1)
) AS e (Tabla, Columna, Tipo, Nulo)
WHERE NOT EXISTS (
  SELECT 1
  FROM sys.columns AS c
  INNER JOIN sys.types AS t ON t.user_type_id = c.user_type_id
  WHERE c.object_id = OBJECT_ID(e.Tabla)
    AND c.name = e.Columna
    -- logs.sp_Backfill_Terminar hace ID_Proceso NOT NULL
    AND (c.is_nullable = e.Nulo OR e.Columna = N'ID_Proceso')
    AND e.Tipo = CASE
      WHEN t.name IN (N'nvarchar', N'nchar') AND c.max_length = -1 THEN CONCAT(t.name, N'(max)')
      WHEN t.name IN (N'nvarchar', N'nchar') THEN CONCAT(t.name, N'(', c.max_length / 2, N')')
      WHEN t.name IN (N'varchar', N'char') THEN CONCAT(t.name, N'(', c.max_length, N')')
      WHEN t.name = N'decimal' THEN CONCAT(t.name, N'(', c.precision, N',', c.scale, N')')
      WHEN t.name = N'datetime2' THEN CONCAT(t.name, N'(', c.scale, N')')
      ELSE t.name
    END
);

INSERT INTO @falta (Que)
SELECT CONCAT(N'indice ', e.Tabla, N'.', e.Indice)
FROM (VALUES
  (N'logs.Ejecuciones', N'IX_Ejecuciones_Proceso'),
  (N'logs.Ejecuciones', N'IX_Ejecuciones_Fund')
) AS e (Tabla, Indice)
WHERE NOT EXISTS (
  SELECT 1
  FROM sys.indexes AS i
  WHERE i.object_id = OBJECT_ID(e.Tabla) AND i.name = e.Indice AND i.is_disabled = 0
);

-- la FK, habilitada y con su cascada
INSERT INTO @falta (Que)
SELECT N'la FK logs.FK_Ejecuciones_Procesos habilitada y ON DELETE CASCADE'
WHERE NOT EXISTS (
  SELECT 1
  FROM sys.foreign_keys AS k
  WHERE k.object_id = OBJECT_ID(N'logs.FK_Ejecuciones_Procesos')
    AND k.referenced_object_id = OBJECT_ID(N'logs.Procesos')
    AND k.delete_referential_action = 1
    AND k.is_disabled = 0
);

IF EXISTS (SELECT 1 FROM @falta)
BEGIN
  DECLARE @mensaje nvarchar(2048);
  SELECT @mensaje = LEFT(CONCAT(N'013_ejecuciones_id_proceso: falta ', STRING_AGG(CAST(f.Que AS nvarchar(max)), N', ')), 2000)
  FROM @falta AS f;
  THROW 50422, @mensaje, 1;
END;
