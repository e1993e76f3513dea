-- Comprueba, sin escribir nada, que esta todo lo que crea 005_staging; si no, 50422 con lo que falta.
SET NOCOUNT ON;

DECLARE @falta TABLE (Que nvarchar(300) NOT NULL);

-- columnas, con su tipo y si admiten NULL
INSERT INTO @falta (Que)
SELECT CONCAT(N'columna ', e.Tabla, N'.', e.Columna, N' ', e.Tipo, CASE e.Nulo WHEN 1 THEN N' NULL' ELSE N' NOT NULL' END)
FROM (VALUES
  (N'staging.IPA_WorkTable', N'ID_Ejecucion', N'bigint', 0),
  (N'staging.IPA_WorkTable', N'ID_Fund', N'int', 0),
  (N'staging.IPA_WorkTable', N'ID_Linea', N'bigint', 0),
  (N'staging.IPA_WorkTable', N'FechaReporte', N'date', 0),
  (N'staging.IPA_WorkTable', N'Portfolio', N'varchar(50)', 0),
  (N'staging.IPA_WorkTable', N'InvestID', N'nvarchar(100)', 0),
  (N'staging.IPA_WorkTable', N'Ticker', N'nvarchar(50)', 1),
  (N'staging.IPA_WorkTable', N'Descripcion', N'nvarchar(200)', 0),
  (N'staging.IPA_WorkTable', N'Moneda', N'char(3)', 0),
  (N'staging.IPA_WorkTable', N'Cantidad', N'decimal(28,8)', 0),
  (N'staging.IPA_WorkTable', N'PrecioLocal', N'decimal(28,8)', 1),
  (N'staging.IPA_WorkTable', N'Origen_Precio', N'varchar(20)', 0),
  (N'staging.IPA_WorkTable', N'ValorMercado', N'decimal(19,4)', 0),
  (N'staging.IPA_WorkTable', N'Peso', N'decimal(9,6)', 1),
  (N'staging.IPA_WorkTable', N'Es_Efectivo', N'bit', 0),
  (N'staging.IPA_Cash', N'ID_Ejecucion', N'bigint', 0),
  (N'staging.IPA_Cash', N'ID_Fund', N'int', 0),
  (N'staging.IPA_Cash', N'ID_Linea', N'bigint', 0),
  (N'staging.IPA_Cash', N'InvestID', N'nvarchar(100)', 0),
  (N'staging.IPA_Cash', N'Descripcion', N'nvarchar(200)', 0),
  (N'staging.IPA_Cash', N'Moneda', N'char(3)', 0),
  (N'staging.IPA_Cash', N'ValorMercado', N'decimal(19,4)', 0),
  (N'staging.IPA_Final', N'ID_Ejecucion', N'bigint', 0),
  (N'staging.IPA_Final', N'ID_Fund', N'int', 0),
  (N'staging.IPA_Final', N'InvestID', N'nvarchar(100)', 0),
  (N'staging.IPA_Final', N'FechaReporte', N'date', 0),
  (N'staging.IPA_Final', N'Descripcion', N'nvarchar(200)', 0),
  (N'staging.IPA_Final', N'Moneda', N'char(3)', 0),
  (N'staging.IPA_Final', N'Cantidad', N'decimal(28,8)', 0),
  (N'staging.IPA_Final', N'PrecioLocal', N'decimal(28,8)', 1),
  (N'staging.IPA_Final', N'ValorMercado', N'decimal(19,4)', 0),
  (N'staging.IPA_Final', N'Peso', N'decimal(18,10)', 0),
  (N'staging.IPA_Final', N'Lineas', N'int', 0),
  (N'staging.IPA_Final', N'Repreciadas', N'int', 0),
  (N'staging.IPA_Final', N'Es_Efectivo', N'bit', 0),
  (N'staging.CAPM_WorkTable', N'ID_Ejecucion', N'bigint', 0),
  (N'staging.CAPM_WorkTable', N'ID_Fund', N'int', 0),
  (N'staging.CAPM_WorkTable', N'ID_Linea', N'bigint', 0),
  (N'staging.CAPM_WorkTable', N'FechaReporte', N'date', 0),
  (N'staging.CAPM_WorkTable', N'Portfolio', N'varchar(50)', 0),
  (N'staging.CAPM_WorkTable', N'Cuenta', N'nvarchar(50)', 0),
  (N'staging.CAPM_WorkTable', N'Descripcion', N'nvarchar(200)', 0),
  (N'staging.CAPM_WorkTable', N'Moneda', N'char(3)', 0),
  (N'staging.CAPM_WorkTable', N'Saldo', N'decimal(19,4)', 0),
  (N'staging.CAPM_Final', N'ID_Ejecucion', N'bigint', 0),
  (N'staging.CAPM_Final', N'ID_Fund', N'int', 0),
  (N'staging.CAPM_Final', N'FechaReporte', N'date', 0),
  (N'staging.CAPM_Final', N'Patrimonio_Contable', N'decimal(19,4)', 0),
  (N'staging.CAPM_Final', N'Total_IPA', N'decimal(19,4)', 0),
  (N'staging.CAPM_Final', N'Diferencia', N'decimal(19,4)', 0),
  (N'staging.CAPM_Final', N'Diferencia_PB', N'decimal(18,4)', 1),
  (N'staging.PosModRF_WorkTable', N'ID_Ejecucion', N'bigint', 0),
  (N'staging.PosModRF_WorkTable', N'ID_Fund', N'int', 0),
  (N'staging.PosModRF_WorkTable', N'ID_Linea', N'bigint', 0),
  (N'staging.PosModRF_WorkTable', N'FechaReporte', N'date', 0),
  (N'staging.PosModRF_WorkTable', N'Portfolio', N'varchar(50)', 0),
  (N'staging.PosModRF_WorkTable', N'InvestID', N'nvarchar(100)', 0),
  (N'staging.PosModRF_WorkTable', N'Descripcion', N'nvarchar(200)', 0),
  (N'staging.PosModRF_WorkTable', N'Moneda', N'char(3)', 0),
  (N'staging.PosModRF_WorkTable', N'Nominal', N'decimal(28,8)', 0),
  (N'staging.PosModRF_WorkTable', N'TIR', N'decimal(12,8)', 1),
  (N'staging.PosModRF_WorkTable', N'DuracionModificada', N'decimal(12,8)', 1),
  (N'staging.PosModRF_WorkTable', N'ValorMercado', N'decimal(19,4)', 0),
  (N'staging.PosModRF_Final', N'ID_Ejecucion', N'bigint', 0),
  (N'staging.PosModRF_Final', N'ID_Fund', N'int', 0),
  (N'staging.PosModRF_Final', N'InvestID', N'nvarchar(100)', 0),
  (N'staging.PosModRF_Final', N'FechaReporte', N'date', 0),
  (N'staging.PosModRF_Final', N'Descripcion', N'nvarchar(200)', 0),
  (N'staging.PosModRF_Final', N'Nominal', N'decimal(28,8)', 0),
  (N'staging.PosModRF_Final', N'ValorMercado', N'decimal(19,4)', 0),
  (N'staging.PosModRF_Final', N'Peso', N'decimal(18,10)', 0),
  (N'staging.PosModRF_Final', N'DuracionModificada', N'decimal(12,8)', 1),
  (N'staging.PosModRF_Final', N'Contribucion', N'decimal(18,10)', 1),
  (N'staging.PosModRF_Final', N'Duracion_Fondo', N'decimal(18,10)', 1),
  (N'staging.SONA_WorkTable', N'ID_Ejecucion', N'bigint', 0),
  (N'staging.SONA_WorkTable', N'ID_Fund', N'int', 0),
  (N'staging.SONA_WorkTable', N'ID_Linea', N'bigint', 0),
  (N'staging.SONA_WorkTable', N'FechaReporte', N'date', 0),
  (N'staging.SONA_WorkTable', N'Portfolio', N'varchar(50)', 0),
  (N'staging.SONA_WorkTable', N'ID_Operacion', N'nvarchar(50)', 0),
  (N'staging.SONA_WorkTable', N'InvestID', N'nvarchar(100)', 0),
  (N'staging.SONA_WorkTable', N'Descripcion', N'nvarchar(200)', 0),
  (N'staging.SONA_WorkTable', N'Moneda', N'char(3)', 0),
  (N'staging.SONA_WorkTable', N'FechaOperacion', N'date', 0),
  (N'staging.SONA_WorkTable', N'FechaLiquidacion', N'date', 0),
  (N'staging.SONA_WorkTable', N'Cantidad', N'decimal(28,8)', 0),
  (N'staging.SONA_WorkTable', N'Monto', N'decimal(19,4)', 0),
  (N'staging.SONA_Final', N'ID_Ejecucion', N'bigint', 0),
  (N'staging.SONA_Final', N'ID_Fund', N'int', 0),
  (N'staging.SONA_Final', N'InvestID', N'nvarchar(100)', 0),
  (N'staging.SONA_Final', N'Moneda', N'char(3)', 0),
  (N'staging.SONA_Final', N'FechaReporte', N'date', 0),
  (N'staging.SONA_Final', N'Cantidad_Pendiente', N'decimal(28,8)', 0),
  (N'staging.SONA_Final', N'Monto_Pendiente', N'decimal(19,4)', 0),
  (N'staging.SONA_Final', N'Operaciones', N'int', 0),
  (N'staging.Derivados_WorkTable', N'ID_Ejecucion', N'bigint', 0),
  (N'staging.Derivados_WorkTable', N'ID_Fund', N'int', 0),
  (N'staging.Derivados_WorkTable', N'ID_Linea', N'bigint', 0),
  (N'staging.Derivados_WorkTable', N'FechaReporte', N'date', 0),
  (N'staging.Derivados_WorkTable', N'Portfolio', N'varchar(50)', 0),
  (N'staging.Derivados_WorkTable', N'InvestID', N'nvarchar(100)', 0),
  (N'staging.Derivados_WorkTable', N'Descripcion', N'nvarchar(200)', 0),
  (N'staging.Derivados_WorkTable', N'Tipo_Instrumento', N'varchar(50)', 0),
  (N'staging.Derivados_WorkTable', N'Moneda', N'char(3)', 0),
  (N'staging.Derivados_WorkTable', N'FechaVencimiento', N'date', 1),
  (N'staging.Derivados_WorkTable', N'Nocional', N'decimal(28,8)', 0),
  (N'staging.Derivados_WorkTable', N'ValorMercado', N'decimal(19,4)', 0),
  (N'staging.Derivados_WorkTable', N'Delta', N'decimal(18,10)', 1),
  (N'staging.Derivados_Final', N'ID_Ejecucion', N'bigint', 0),
  (N'staging.Derivados_Final', N'ID_Fund', N'int', 0),
  (N'staging.Derivados_Final', N'InvestID', N'nvarchar(100)', 0),
  (N'staging.Derivados_Final', N'FechaReporte', N'date', 0),
  (N'staging.Derivados_Final', N'Descripcion', N'nvarchar(200)', 0),
  (N'staging.Derivados_Final', N'Nocional', N'decimal(28,8)', 0),
  (N'staging.Derivados_Final', N'ValorMercado', N'decimal(19,4)', 0),
  (N'staging.Derivados_Final', N'Exposicion_Delta', N'decimal(28,8)', 1),
  (N'staging.UBS_WorkTable', N'ID_Ejecucion', N'bigint', 0),
  (N'staging.UBS_WorkTable', N'ID_Fund', N'int', 0),
  (N'staging.UBS_WorkTable', N'ID_Linea', N'bigint', 0),
  (N'staging.UBS_WorkTable', N'FechaReporte', N'date', 0),
  (N'staging.UBS_WorkTable', N'Portfolio', N'varchar(50)', 0),
  (N'staging.UBS_WorkTable', N'InvestID', N'nvarchar(100)', 0),
  (N'staging.UBS_WorkTable', N'Descripcion', N'nvarchar(200)', 0),
  (N'staging.UBS_WorkTable', N'Moneda', N'char(3)', 0),
  (N'staging.UBS_WorkTable', N'Cantidad', N'decimal(28,8)', 0),
  (N'staging.UBS_WorkTable', N'PrecioLocal', N'decimal(28,8)', 1),
  (N'staging.UBS_WorkTable', N'ValorMercado', N'decimal(19,4)', 0),
  (N'staging.UBS_Final', N'ID_Ejecucion', N'bigint', 0),
  (N'staging.UBS_Final', N'ID_Fund', N'int', 0),
  (N'staging.UBS_Final', N'InvestID', N'nvarchar(100)', 0),
  (N'staging.UBS_Final', N'FechaReporte', N'date', 0),
  (N'staging.UBS_Final', N'Tipo_Diferencia', N'varchar(20)', 0),
  (N'staging.UBS_Final', N'Cantidad_IPA', N'decimal(28,8)', 1),
  (N'staging.UBS_Final', N'Cantidad_UBS', N'decimal(28,8)', 1),
  (N'staging.UBS_Final', N'Diferencia', N'decimal(28,8)', 0),
  (N'staging.PNL_WorkTable', N'ID_Ejecucion', N'bigint', 0),
  (N'staging.PNL_WorkTable', N'ID_Fund', N'int', 0),
  (N'staging.PNL_WorkTable', N'InvestID', N'nvarchar(100)', 0),
  (N'staging.PNL_WorkTable', N'FechaReporte', N'date', 0),
  (N'staging.PNL_WorkTable', N'ID_Ejecucion_Anterior', N'bigint', 1),
  (N'staging.PNL_WorkTable', N'FechaAnterior', N'date', 1),
  (N'staging.PNL_WorkTable', N'Cantidad', N'decimal(28,8)', 0),
  (N'staging.PNL_WorkTable', N'ValorMercado', N'decimal(19,4)', 0),
  (N'staging.PNL_WorkTable', N'Cantidad_Anterior', N'decimal(28,8)', 0),
  (N'staging.PNL_WorkTable', N'ValorMercado_Anterior', N'decimal(19,4)', 0),
  (N'staging.PNL_Final', N'ID_Ejecucion', N'bigint', 0),
  (N'staging.PNL_Final', N'ID_Fund', N'int', 0),
  (N'staging.PNL_Final', N'InvestID', N'nvarchar(100)', 0),
  (N'staging.PNL_Final', N'FechaReporte', N'date', 0),
  (N'staging.PNL_Final', N'FechaAnterior', N'date', 1),
  (N'staging.PNL_Final', N'Cambio_Valor', N'decimal(19,4)', 0),
  (N'staging.PNL_Final', N'Efecto_Precio', N'decimal(19,4)', 0),
  (N'staging.PNL_Final', N'Efecto_Cantidad', N'decimal(19,4)', 0)
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
  (N'staging.PK_IPA_WorkTable'),
  (N'staging.DF_IPA_WorkTable_Es_Efectivo'),
  (N'staging.CK_IPA_WorkTable_Origen_Precio'),
  (N'staging.PK_IPA_Cash'),
  (N'staging.PK_IPA_Final'),
  (N'staging.DF_IPA_Final_Es_Efectivo'),
  (N'staging.PK_CAPM_WorkTable'),
  (N'staging.PK_CAPM_Final'),
  (N'staging.PK_PosModRF_WorkTable'),
  (N'staging.PK_PosModRF_Final'),
  (N'staging.PK_SONA_WorkTable'),
  (N'staging.PK_SONA_Final'),
  (N'staging.PK_Derivados_WorkTable'),
  (N'staging.PK_Derivados_Final'),
  (N'staging.PK_UBS_WorkTable'),
  (N'staging.PK_UBS_Final'),
  (N'staging.CK_UBS_Final_Tipo_Diferencia'),
  (N'staging.PK_PNL_WorkTable'),
  (N'staging.PK_PNL_Final')
) AS e (Nombre)
WHERE OBJECT_ID(e.Nombre) IS NULL;

IF EXISTS (SELECT 1 FROM @falta)
BEGIN
  DECLARE @mensaje nvarchar(2048);
  SELECT @mensaje = LEFT(CONCAT(N'005_staging: falta ', STRING_AGG(CAST(f.Que AS nvarchar(max)), N', ')), 2000)
  FROM @falta AS f;
  THROW 50422, @mensaje, 1;
END;
