-- Comprueba, sin escribir nada, que esta todo lo que crea 003_homol; si no, 50422 con lo que falta.
SET NOCOUNT ON;

DECLARE @falta TABLE (Que nvarchar(300) NOT NULL);

-- columnas, con su tipo y si admiten NULL
INSERT INTO @falta (Que)
SELECT CONCAT(N'columna ', e.Tabla, N'.', e.Columna, N' ', e.Tipo, CASE e.Nulo WHEN 1 THEN N' NULL' ELSE N' NOT NULL' END)
FROM (VALUES
  (N'homol.IPA', N'ID_Linea', N'bigint', 0),
  (N'homol.IPA', N'FechaReporte', N'date', 0),
  (N'homol.IPA', N'Portfolio', N'varchar(50)', 0),
  (N'homol.IPA', N'InvestID', N'nvarchar(100)', 0),
  (N'homol.IPA', N'Ticker', N'nvarchar(50)', 1),
  (N'homol.IPA', N'Descripcion', N'nvarchar(200)', 0),
  (N'homol.IPA', N'Moneda', N'char(3)', 0),
  (N'homol.IPA', N'Cantidad', N'decimal(28,8)', 0),
  (N'homol.IPA', N'PrecioLocal', N'decimal(28,8)', 1),
  (N'homol.IPA', N'ValorMercado', N'decimal(19,4)', 0),
  (N'homol.IPA', N'Peso', N'decimal(9,6)', 1),
  (N'homol.CAPM', N'ID_Linea', N'bigint', 0),
  (N'homol.CAPM', N'FechaReporte', N'date', 0),
  (N'homol.CAPM', N'Portfolio', N'varchar(50)', 0),
  (N'homol.CAPM', N'Cuenta', N'nvarchar(50)', 0),
  (N'homol.CAPM', N'Descripcion', N'nvarchar(200)', 0),
  (N'homol.CAPM', N'Moneda', N'char(3)', 0),
  (N'homol.CAPM', N'Saldo', N'decimal(19,4)', 0),
  (N'homol.PosModRF', N'ID_Linea', N'bigint', 0),
  (N'homol.PosModRF', N'FechaReporte', N'date', 0),
  (N'homol.PosModRF', N'Portfolio', N'varchar(50)', 0),
  (N'homol.PosModRF', N'InvestID', N'nvarchar(100)', 0),
  (N'homol.PosModRF', N'Descripcion', N'nvarchar(200)', 0),
  (N'homol.PosModRF', N'Moneda', N'char(3)', 0),
  (N'homol.PosModRF', N'Nominal', N'decimal(28,8)', 0),
  (N'homol.PosModRF', N'TIR', N'decimal(12,8)', 1),
  (N'homol.PosModRF', N'DuracionModificada', N'decimal(12,8)', 1),
  (N'homol.PosModRF', N'ValorMercado', N'decimal(19,4)', 0),
  (N'homol.SONA', N'ID_Linea', N'bigint', 0),
  (N'homol.SONA', N'FechaReporte', N'date', 0),
  (N'homol.SONA', N'Portfolio', N'varchar(50)', 0),
  (N'homol.SONA', N'ID_Operacion', N'nvarchar(50)', 0),
  (N'homol.SONA', N'InvestID', N'nvarchar(100)', 0),
  (N'homol.SONA', N'Descripcion', N'nvarchar(200)', 0),
  (N'homol.SONA', N'Moneda', N'char(3)', 0),
  (N'homol.SONA', N'FechaOperacion', N'date', 0),
  (N'homol.SONA', N'FechaLiquidacion', N'date', 0),
  (N'homol.SONA', N'Cantidad', N'decimal(28,8)', 0),
  (N'homol.SONA', N'Monto', N'decimal(19,4)', 0),
  (N'homol.Derivados', N'ID_Linea', N'bigint', 0),
  (N'homol.Derivados', N'FechaReporte', N'date', 0),
  (N'homol.Derivados', N'Portfolio', N'varchar(50)', 0),
  (N'homol.Derivados', N'InvestID', N'nvarchar(100)', 0),
  (N'homol.Derivados', N'Descripcion', N'nvarchar(200)', 0),
  (N'homol.Derivados', N'Tipo_Instrumento', N'varchar(50)', 0),
  (N'homol.Derivados', N'Moneda', N'char(3)', 0),
  (N'homol.Derivados', N'FechaVencimiento', N'date', 1),
  (N'homol.Derivados', N'Nocional', N'decimal(28,8)', 0),
  (N'homol.Derivados', N'ValorMercado', N'decimal(19,4)', 0),
  (N'homol.Derivados', N'Delta', N'decimal(18,10)', 1),
  (N'homol.UBS', N'ID_Linea', N'bigint', 0),
  (N'homol.UBS', N'FechaReporte', N'date', 0),
  (N'homol.UBS', N'Portfolio', N'varchar(50)', 0),
  (N'homol.UBS', N'InvestID', N'nvarchar(100)', 0),
  (N'homol.UBS', N'Descripcion', N'nvarchar(200)', 0),
  (N'homol.UBS', N'Moneda', N'char(3)', 0),
  (N'homol.UBS', N'Cantidad', N'decimal(28,8)', 0),
  (N'homol.UBS', N'PrecioLocal', N'decimal(28,8)', 1),
  (N'homol.UBS', N'ValorMercado', N'decimal(19,4)', 0)
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
  (N'homol.PK_IPA'),
  (N'homol.PK_CAPM'),
  (N'homol.PK_PosModRF'),
  (N'homol.PK_SONA'),
  (N'homol.PK_Derivados'),
  (N'homol.PK_UBS')
) AS e (Nombre)
WHERE OBJECT_ID(e.Nombre) IS NULL;

INSERT INTO @falta (Que)
SELECT CONCAT(N'indice ', e.Tabla, N'.', e.Indice)
FROM (VALUES
  (N'homol.IPA', N'IX_IPA_UltimoPrecio')
) AS e (Tabla, Indice)
WHERE NOT EXISTS (
  SELECT 1
  FROM sys.indexes AS i
  WHERE i.object_id = OBJECT_ID(e.Tabla) AND i.name = e.Indice AND i.is_disabled = 0
);

INSERT INTO @falta (Que)
SELECT N'tipo de tabla ' + e.Nombre
FROM (VALUES
  (N'homol.Filas_IPA_v1')
) AS e (Nombre)
WHERE TYPE_ID(e.Nombre) IS NULL;

IF EXISTS (SELECT 1 FROM @falta)
BEGIN
  DECLARE @mensaje nvarchar(2048);
  SELECT @mensaje = LEFT(CONCAT(N'003_homol: falta ', STRING_AGG(CAST(f.Que AS nvarchar(max)), N', ')), 2000)
  FROM @falta AS f;
  THROW 50422, @mensaje, 1;
END;
