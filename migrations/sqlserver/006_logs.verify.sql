-- Comprueba, sin escribir nada, que esta todo lo que crea 006_logs; si no, 50422 con lo que falta.
SET NOCOUNT ON;

DECLARE @falta TABLE (Que nvarchar(300) NOT NULL);

-- columnas, con su tipo y si admiten NULL
INSERT INTO @falta (Que)
SELECT CONCAT(N'columna ', e.Tabla, N'.', e.Columna, N' ', e.Tipo, CASE e.Nulo WHEN 1 THEN N' NULL' ELSE N' NOT NULL' END)
FROM (VALUES
  (N'logs.Ejecuciones', N'ID_Ejecucion', N'bigint', 0),
  (N'logs.Ejecuciones', N'FechaReporte', N'date', 0),
  (N'logs.Ejecuciones', N'Estado', N'varchar(50)', 0),
  (N'logs.Ejecuciones', N'Etapa_Actual', N'nvarchar(50)', 1),
  (N'logs.Ejecuciones', N'Usuario', N'nvarchar(100)', 1),
  (N'logs.Ejecuciones', N'FechaInicio', N'datetime2(3)', 1),
  (N'logs.Ejecuciones', N'FechaFin', N'datetime2(3)', 1),
  (N'logs.Ejecuciones', N'TotalFondos', N'int', 1),
  (N'logs.Ejecuciones', N'FondosExitosos', N'int', 1),
  (N'logs.Ejecuciones', N'FondosFallidos', N'int', 1),
  (N'logs.Ejecuciones', N'FondosOmitidos', N'int', 1),
  (N'logs.Ejecucion_Fondos', N'ID_Ejecucion', N'bigint', 0),
  (N'logs.Ejecucion_Fondos', N'ID_Fund', N'int', 0),
  (N'logs.Ejecucion_Fondos', N'FundShortName', N'nvarchar(100)', 0),
  (N'logs.Ejecucion_Fondos', N'Portfolio_Geneva', N'varchar(50)', 0),
  (N'logs.Ejecucion_Fondos', N'Portfolio_CAPM', N'varchar(50)', 1),
  (N'logs.Ejecucion_Fondos', N'Portfolio_Derivados', N'varchar(50)', 1),
  (N'logs.Ejecucion_Fondos', N'Portfolio_UBS', N'varchar(50)', 1),
  (N'logs.Ejecucion_Fondos', N'Flag_UBS', N'bit', 0),
  (N'logs.Ejecucion_Fondos', N'Flag_Derivados', N'bit', 0),
  (N'logs.Ejecucion_Fondos', N'Estado_Process_IPA', N'varchar(50)', 0),
  (N'logs.Ejecucion_Fondos', N'Estado_Process_CAPM', N'varchar(50)', 0),
  (N'logs.Ejecucion_Fondos', N'Estado_Process_PosModRF', N'varchar(50)', 0),
  (N'logs.Ejecucion_Fondos', N'Estado_Process_SONA', N'varchar(50)', 0),
  (N'logs.Ejecucion_Fondos', N'Estado_Process_Derivados', N'varchar(50)', 0),
  (N'logs.Ejecucion_Fondos', N'Estado_Process_UBS', N'varchar(50)', 0),
  (N'logs.Ejecucion_Fondos', N'Estado_Process_PNL', N'varchar(50)', 0),
  (N'logs.Ejecucion_Fondos', N'FechaInicio', N'datetime2(3)', 1),
  (N'logs.Ejecucion_Fondos', N'FechaFin', N'datetime2(3)', 1),
  (N'logs.Ejecucion_Fondos', N'Mensaje_Error', N'nvarchar(4000)', 1)
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
  (N'logs.PK_Ejecuciones'),
  (N'logs.DF_Ejecuciones_Estado'),
  (N'logs.DF_Ejecuciones_FechaInicio'),
  (N'logs.CK_Ejecuciones_Estado'),
  (N'logs.PK_Ejecucion_Fondos'),
  (N'logs.DF_Ejecucion_Fondos_Flag_UBS'),
  (N'logs.DF_Ejecucion_Fondos_Flag_Derivados'),
  (N'logs.DF_Ejecucion_Fondos_Estado_Process_IPA'),
  (N'logs.DF_Ejecucion_Fondos_Estado_Process_CAPM'),
  (N'logs.DF_Ejecucion_Fondos_Estado_Process_PosModRF'),
  (N'logs.DF_Ejecucion_Fondos_Estado_Process_SONA'),
  (N'logs.DF_Ejecucion_Fondos_Estado_Process_Derivados'),
  (N'logs.DF_Ejecucion_Fondos_Estado_Process_UBS'),
  (N'logs.DF_Ejecucion_Fondos_Estado_Process_PNL'),
  (N'logs.FK_Ejecucion_Fondos_Ejecuciones'),
  (N'logs.CK_Ejecucion_Fondos_Estado_IPA'),
  (N'logs.CK_Ejecucion_Fondos_Estado_CAPM'),
  (N'logs.CK_Ejecucion_Fondos_Estado_PosModRF'),
  (N'logs.CK_Ejecucion_Fondos_Estado_SONA'),
  (N'logs.CK_Ejecucion_Fondos_Estado_Derivados'),
  (N'logs.CK_Ejecucion_Fondos_Estado_UBS'),
  (N'logs.CK_Ejecucion_Fondos_Estado_PNL')
) AS e (Nombre)
WHERE OBJECT_ID(e.Nombre) IS NULL;

INSERT INTO @falta (Que)
SELECT CONCAT(N'indice ', e.Tabla, N'.', e.Indice)
FROM (VALUES
  (N'logs.Ejecuciones', N'IX_Ejecuciones_FechaReporte')
) AS e (Tabla, Indice)
WHERE NOT EXISTS (
  SELECT 1
  FROM sys.indexes AS i
  WHERE i.object_id = OBJECT_ID(e.Tabla) AND i.name = e.Indice AND i.is_disabled = 0
);

IF EXISTS (SELECT 1 FROM @falta)
BEGIN
  DECLARE @mensaje nvarchar(2048);
  SELECT @mensaje = LEFT(CONCAT(N'006_logs: falta ', STRING_AGG(CAST(f.Que AS nvarchar(max)), N', ')), 2000)
  FROM @falta AS f;
  THROW 50422, @mensaje, 1;
END;
