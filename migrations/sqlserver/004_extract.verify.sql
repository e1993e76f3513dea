-- Comprueba, sin escribir nada, que esta todo lo que crea 004_extract; si no, 50422 con lo que falta.
SET NOCOUNT ON;

DECLARE @falta TABLE (Que nvarchar(300) NOT NULL);

-- columnas, con su tipo y si admiten NULL
INSERT INTO @falta (Que)
SELECT CONCAT(N'columna ', e.Tabla, N'.', e.Columna, N' ', e.Tipo, CASE e.Nulo WHEN 1 THEN N' NULL' ELSE N' NOT NULL' END)
FROM (VALUES
  (N'extract.IPA', N'ID', N'bigint', 0),
  (N'extract.IPA', N'FechaReporte', N'date', 0),
  (N'extract.IPA', N'Portfolio', N'varchar(50)', 0),
  (N'extract.IPA', N'InvestID', N'nvarchar(100)', 0),
  (N'extract.IPA', N'Ticker', N'nvarchar(50)', 1),
  (N'extract.IPA', N'Descripcion', N'nvarchar(200)', 0),
  (N'extract.IPA', N'Moneda', N'char(3)', 0),
  (N'extract.IPA', N'Cantidad', N'decimal(28,8)', 0),
  (N'extract.IPA', N'PrecioLocal', N'decimal(28,8)', 1),
  (N'extract.IPA', N'ValorMercado', N'decimal(19,4)', 0),
  (N'extract.IPA', N'Peso', N'decimal(9,6)', 1),
  (N'extract.CAPM', N'ID', N'bigint', 0),
  (N'extract.CAPM', N'FechaReporte', N'date', 0),
  (N'extract.CAPM', N'Portfolio', N'varchar(50)', 0),
  (N'extract.CAPM', N'Cuenta', N'nvarchar(50)', 0),
  (N'extract.CAPM', N'Descripcion', N'nvarchar(200)', 0),
  (N'extract.CAPM', N'Moneda', N'char(3)', 0),
  (N'extract.CAPM', N'Saldo', N'decimal(19,4)', 0),
  (N'extract.PosModRF', N'ID', N'bigint', 0),
  (N'extract.PosModRF', N'FechaReporte', N'date', 0),
  (N'extract.PosModRF', N'Portfolio', N'varchar(50)', 0),
  (N'extract.PosModRF', N'InvestID', N'nvarchar(100)', 0),
  (N'extract.PosModRF', N'Descripcion', N'nvarchar(200)', 0),
  (N'extract.PosModRF', N'Moneda', N'char(3)', 0),
  (N'extract.PosModRF', N'Nominal', N'decimal(28,8)', 0),
  (N'extract.PosModRF', N'TIR', N'decimal(12,8)', 1),
  (N'extract.PosModRF', N'DuracionModificada', N'decimal(12,8)', 1),
  (N'extract.PosModRF', N'ValorMercado', N'decimal(19,4)', 0),
  (N'extract.SONA', N'ID', N'bigint', 0),
  (N'extract.SONA', N'FechaReporte', N'date', 0),
  (N'extract.SONA', N'Portfolio', N'varchar(50)', 0),
  (N'extract.SONA', N'ID_Operacion', N'nvarchar(50)', 0),
  (N'extract.SONA', N'InvestID', N'nvarchar(100)', 0),
  (N'extract.SONA', N'Descripcion', N'nvarchar(200)', 0),
  (N'extract.SONA', N'Moneda', N'char(3)', 0),
  (N'extract.SONA', N'FechaOperacion', N'date', 0),
  (N'extract.SONA', N'FechaLiquidacion', N'date', 0),
  (N'extract.SONA', N'Cantidad', N'decimal(28,8)', 0),
  (N'extract.SONA', N'Monto', N'decimal(19,4)', 0),
  (N'extract.Derivados', N'ID', N'bigint', 0),
  (N'extract.Derivados', N'FechaReporte', N'date', 0),
  (N'extract.Derivados', N'Portfolio', N'varchar(50)', 0),
  (N'extract.Derivados', N'InvestID', N'nvarchar(100)', 0),
  (N'extract.Derivados', N'Descripcion', N'nvarchar(200)', 0),
  (N'extract.Derivados', N'Tipo_Instrumento', N'varchar(50)', 0),
  (N'extract.Derivados', N'Moneda', N'char(3)', 0),
  (N'extract.Derivados', N'FechaVencimiento', N'date', 1),
  (N'extract.Derivados', N'Nocional', N'decimal(28,8)', 0),
  (N'extract.Derivados', N'ValorMercado', N'decimal(19,4)', 0),
  (N'extract.Derivados', N'Delta', N'decimal(18,10)', 1),
  (N'extract.UBS', N'ID', N'bigint', 0),
  (N'extract.UBS', N'FechaReporte', N'date', 0),
  (N'extract.UBS', N'Portfolio', N'varchar(50)', 0),
  (N'extract.UBS', N'InvestID', N'nvarchar(100)', 0),
  (N'extract.UBS', N'Descripcion', N'nvarchar(200)', 0),
  (N'extract.UBS', N'Moneda', N'char(3)', 0),
  (N'extract.UBS', N'Cantidad', N'decimal(28,8)', 0),
  (N'extract.UBS', N'PrecioLocal', N'decimal(28,8)', 1),
  (N'extract.UBS', N'ValorMercado', N'decimal(19,4)', 0)
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
  (N'extract.PK_IPA'),
  (N'extract.PK_CAPM'),
  (N'extract.PK_PosModRF'),
  (N'extract.PK_SONA'),
  (N'extract.PK_Derivados'),
  (N'extract.PK_UBS')
) AS e (Nombre)
WHERE OBJECT_ID(e.Nombre) IS NULL;

INSERT INTO @falta (Que)
SELECT CONCAT(N'indice ', e.Tabla, N'.', e.Indice)
FROM (VALUES
  (N'extract.IPA', N'IX_IPA_FechaReporte'),
  (N'extract.CAPM', N'IX_CAPM_FechaReporte'),
  (N'extract.PosModRF', N'IX_PosModRF_FechaReporte'),
  (N'extract.SONA', N'IX_SONA_FechaReporte'),
  (N'extract.Derivados', N'IX_Derivados_FechaReporte'),
  (N'extract.UBS', N'IX_UBS_FechaReporte')
) AS e (Tabla, Indice)
WHERE NOT EXISTS (
  SELECT 1
  FROM sys.indexes AS i
  WHERE i.object_id = OBJECT_ID(e.Tabla) AND i.name = e.Indice AND i.is_disabled = 0
);

IF EXISTS (SELECT 1 FROM @falta)
BEGIN
  DECLARE @mensaje nvarchar(2048);
  SELECT @mensaje = LEFT(CONCAT(N'004_extract: falta ', STRING_AGG(CAST(f.Que AS nvarchar(max)), N', ')), 2000)
  FROM @falta AS f;
  THROW 50422, @mensaje, 1;
END;
