-- Comprueba, sin escribir nada, que esta todo lo que crea 002_dimensionales; si no, 50422 con lo que falta.
SET NOCOUNT ON;

DECLARE @falta TABLE (Que nvarchar(300) NOT NULL);

-- columnas, con su tipo y si admiten NULL
INSERT INTO @falta (Que)
SELECT CONCAT(N'columna ', e.Tabla, N'.', e.Columna, N' ', e.Tipo, CASE e.Nulo WHEN 1 THEN N' NULL' ELSE N' NOT NULL' END)
FROM (VALUES
  (N'dimensionales.BD_Funds', N'ID_Fund', N'int', 0),
  (N'dimensionales.BD_Funds', N'FundShortName', N'nvarchar(100)', 0),
  (N'dimensionales.BD_Funds', N'Portfolio_Geneva', N'varchar(50)', 0),
  (N'dimensionales.BD_Funds', N'Portfolio_CAPM', N'varchar(50)', 1),
  (N'dimensionales.BD_Funds', N'Portfolio_Derivados', N'varchar(50)', 1),
  (N'dimensionales.BD_Funds', N'Portfolio_UBS', N'varchar(50)', 1),
  (N'dimensionales.BD_Funds', N'Flag_UBS', N'bit', 0),
  (N'dimensionales.BD_Funds', N'Flag_Derivados', N'bit', 0),
  (N'dimensionales.BD_Funds', N'Active', N'bit', 0),
  (N'dimensionales.BD_Funds', N'Incluir_En_Cubo', N'bit', 0)
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
  (N'dimensionales.PK_BD_Funds'),
  (N'dimensionales.DF_BD_Funds_Flag_UBS'),
  (N'dimensionales.DF_BD_Funds_Flag_Derivados'),
  (N'dimensionales.DF_BD_Funds_Active'),
  (N'dimensionales.DF_BD_Funds_Incluir_En_Cubo'),
  (N'dimensionales.UQ_BD_Funds_FundShortName')
) AS e (Nombre)
WHERE OBJECT_ID(e.Nombre) IS NULL;

INSERT INTO @falta (Que)
SELECT N'tipo de tabla ' + e.Nombre
FROM (VALUES
  (N'dimensionales.Filas_Fondos_v1')
) AS e (Nombre)
WHERE TYPE_ID(e.Nombre) IS NULL;

IF EXISTS (SELECT 1 FROM @falta)
BEGIN
  DECLARE @mensaje nvarchar(2048);
  SELECT @mensaje = LEFT(CONCAT(N'002_dimensionales: falta ', STRING_AGG(CAST(f.Que AS nvarchar(max)), N', ')), 2000)
  FROM @falta AS f;
  THROW 50422, @mensaje, 1;
END;
