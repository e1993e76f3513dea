-- Comprueba, sin escribir nada, que esta todo lo que crea 014_ids_y_ajustes; si no, 50422 con lo que falta.
SET NOCOUNT ON;

DECLARE @falta TABLE (Que nvarchar(300) NOT NULL);

-- columnas, con su tipo y si admiten NULL
INSERT INTO @falta (Que)
SELECT CONCAT(N'columna ', e.Tabla, N'.', e.Columna, N' ', e.Tipo, CASE e.Nulo WHEN 1 THEN N' NULL' ELSE N' NOT NULL' END)
FROM (VALUES
  (N'logs.Ajustes', N'Ajuste', N'varchar(50)', 0),
  (N'logs.Ajustes', N'ID_Fund', N'int', 1),
  (N'logs.Ajustes', N'Valor', N'nvarchar(200)', 0),
  (N'logs.Ajustes', N'FechaCambio', N'datetime2(3)', 0),
  (N'logs.Ajustes', N'Usuario', N'nvarchar(100)', 0),
  (N'logs.Servicios', N'Servicio', N'varchar(50)', 0),
  (N'logs.Servicios', N'Orden', N'int', 0),
  (N'logs.Servicios', N'Flag', N'varchar(50)', 1),
  (N'logs.Servicios', N'Depende_De', N'varchar(50)', 1),
  (N'logs.Servicios', N'Activo', N'bit', 0),
  (N'logs.Servicio_Procedimientos', N'Servicio', N'varchar(50)', 0),
  (N'logs.Servicio_Procedimientos', N'Orden', N'int', 0),
  (N'logs.Servicio_Procedimientos', N'Procedimiento', N'nvarchar(256)', 0)
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
  (N'logs.UQ_Ajustes'),
  (N'logs.CK_Ajustes_Arquitectura'),
  (N'logs.DF_Ajustes_FechaCambio'),
  (N'logs.DF_Ajustes_Usuario'),
  (N'logs.PK_Servicios'),
  (N'logs.DF_Servicios_Activo'),
  (N'logs.UQ_Servicios_Orden'),
  (N'logs.FK_Servicios_Depende_De'),
  (N'logs.CK_Servicios_Flag'),
  (N'logs.CK_Servicios_Depende_De'),
  (N'logs.PK_Servicio_Procedimientos'),
  (N'logs.FK_Servicio_Procedimientos_Servicios'),
  (N'logs.CK_Servicio_Procedimientos_Esquema')
) AS e (Nombre)
WHERE OBJECT_ID(e.Nombre) IS NULL;

INSERT INTO @falta (Que)
SELECT N'tipo de tabla ' + e.Nombre
FROM (VALUES
  (N'logs.Lista_Fondos_v1')
) AS e (Nombre)
WHERE TYPE_ID(e.Nombre) IS NULL;

INSERT INTO @falta (Que)
SELECT N'secuencia logs.Seq_ID'
WHERE OBJECT_ID(N'logs.Seq_ID') IS NULL;

-- sin la tabla, la consulta ni siquiera se podria resolver
IF OBJECT_ID(N'logs.Ajustes') IS NOT NULL
  INSERT INTO @falta (Que)
  SELECT N'el ajuste general ARQUITECTURA'
  WHERE NOT EXISTS (SELECT 1 FROM logs.Ajustes AS a WHERE a.Ajuste = 'ARQUITECTURA' AND a.ID_Fund IS NULL);

IF OBJECT_ID(N'logs.Servicio_Procedimientos') IS NOT NULL
  INSERT INTO @falta (Que)
  SELECT N'los procedimientos del servicio IPA'
  WHERE NOT EXISTS (SELECT 1 FROM logs.Servicio_Procedimientos AS p WHERE p.Servicio = 'IPA');

IF EXISTS (SELECT 1 FROM @falta)
BEGIN
  DECLARE @mensaje nvarchar(2048);
  SELECT @mensaje = LEFT(CONCAT(N'014_ids_y_ajustes: falta ', STRING_AGG(CAST(f.Que AS nvarchar(max)), N', ')), 2000)
  FROM @falta AS f;
  THROW 50422, @mensaje, 1;
END;
