-- Comprueba, sin escribir nada, que esta todo lo que crea 012_procesos; si no, 50422 con lo que falta.
SET NOCOUNT ON;

DECLARE @falta TABLE (Que nvarchar(300) NOT NULL);

INSERT INTO @falta (Que)
SELECT N'esquema ' + e.Nombre
FROM (VALUES
  (N'trabajo')
) AS e (Nombre)
WHERE SCHEMA_ID(e.Nombre) IS NULL;

INSERT INTO @falta (Que)
SELECT N'rol ' + e.Nombre
FROM (VALUES
  (N'carril_app'),
  (N'carril_carga'),
  (N'carril_lector'),
  (N'carril_dba')
) AS e (Nombre)
WHERE NOT EXISTS (SELECT 1 FROM sys.database_principals AS p WHERE p.name = e.Nombre AND p.type = 'R');

-- columnas, con su tipo y si admiten NULL
INSERT INTO @falta (Que)
SELECT CONCAT(N'columna ', e.Tabla, N'.', e.Columna, N' ', e.Tipo, CASE e.Nulo WHEN 1 THEN N' NULL' ELSE N' NOT NULL' END)
FROM (VALUES
  (N'logs.Procesos', N'ID_Proceso', N'bigint', 0),
  (N'logs.Procesos', N'FechaReporte', N'date', 0),
  (N'logs.Procesos', N'Estado', N'varchar(50)', 0),
  (N'logs.Procesos', N'Etapa_Actual', N'nvarchar(50)', 1),
  (N'logs.Procesos', N'Usuario', N'nvarchar(100)', 1),
  (N'logs.Procesos', N'Arquitectura', N'varchar(20)', 0),
  (N'logs.Procesos', N'FechaInicio', N'datetime2(3)', 0),
  (N'logs.Procesos', N'FechaFin', N'datetime2(3)', 1),
  (N'logs.Procesos', N'TotalFondos', N'int', 0),
  (N'logs.Procesos', N'FondosExitosos', N'int', 0),
  (N'logs.Procesos', N'FondosFallidos', N'int', 0),
  (N'logs.Procesos', N'FondosOmitidos', N'int', 0)
) AS e (Tabla, Columna, Tipo, Nulo)
WHERE NOT EXISTS (
  SELECT 1
  FROM sys.columns AS c
  INNER JOIN sys.types AS t ON t.user_type_id = c.user_type_id
  WHERE c.object_id = OBJECT_ID(e.Tabla)
    AND c.name = e.Columna
    AND c.is_nullable = e.Nulo
    AND e.Tipo = CASE
      WHEN t.name IN (N'nvarchar', N'nchar') AND c.max_length = -1 THEN CONCAT(t.name, N'(max)')
      WHEN t.name IN (N'nvarchar', N'nchar') THEN CONCAT(t.name, N'(', c.max_length / 2, N')')
      WHEN t.name IN (N'varchar', N'char') THEN CONCAT(t.name, N'(', c.max_length, N')')
      WHEN t.name = N'decimal' THEN CONCAT(t.name, N'(', c.precision, N',', c.scale, N')')
      WHEN t.name = N'datetime2' THEN CONCAT(t.name, N'(', c.scale, N')')
      ELSE t.name
    END
);

-- claves, restricciones y valores por defecto
INSERT INTO @falta (Que)
SELECT N'restriccion ' + e.Nombre
FROM (VALUES
  (N'logs.PK_Procesos'),
  (N'logs.DF_Procesos_Estado'),
  (N'logs.DF_Procesos_Arquitectura'),
  (N'logs.DF_Procesos_FechaInicio'),
  (N'logs.DF_Procesos_TotalFondos'),
  (N'logs.DF_Procesos_FondosExitosos'),
  (N'logs.DF_Procesos_FondosFallidos'),
  (N'logs.DF_Procesos_FondosOmitidos'),
  (N'logs.CK_Procesos_Estado'),
  (N'logs.CK_Procesos_Arquitectura')
) AS e (Nombre)
WHERE OBJECT_ID(e.Nombre) IS NULL;

INSERT INTO @falta (Que)
SELECT CONCAT(N'indice ', e.Tabla, N'.', e.Indice)
FROM (VALUES
  (N'logs.Procesos', N'IX_Procesos_FechaReporte'),
  (N'logs.Procesos', N'IX_Procesos_Estado'),
  (N'logs.Procesos', N'IX_Procesos_FechaInicio')
) AS e (Tabla, Indice)
WHERE NOT EXISTS (
  SELECT 1
  FROM sys.indexes AS i
  WHERE i.object_id = OBJECT_ID(e.Tabla) AND i.name = e.Indice AND i.is_disabled = 0
);

INSERT INTO @falta (Que)
SELECT N'tipo de tabla ' + e.Nombre
FROM (VALUES
  (N'dimensionales.Filas_Fondos_v1'),
  (N'homol.Filas_IPA_v1')
) AS e (Nombre)
WHERE TYPE_ID(e.Nombre) IS NULL;

IF EXISTS (SELECT 1 FROM @falta)
BEGIN
  DECLARE @mensaje nvarchar(2048);
  SELECT @mensaje = LEFT(CONCAT(N'012_procesos: falta ', STRING_AGG(CAST(f.Que AS nvarchar(max)), N', ')), 2000)
  FROM @falta AS f;
  THROW 50422, @mensaje, 1;
END;
