-- Comprueba, sin escribir nada, que esta todo lo que crea 001_esquemas; si no, 50422 con lo que falta.
SET NOCOUNT ON;

DECLARE @falta TABLE (Que nvarchar(300) NOT NULL);

INSERT INTO @falta (Que)
SELECT N'esquema ' + e.Nombre
FROM (VALUES
  (N'dimensionales'),
  (N'homol'),
  (N'extract'),
  (N'staging'),
  (N'logs'),
  (N'trabajo'),
  (N'nomina')
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

IF EXISTS (SELECT 1 FROM @falta)
BEGIN
  DECLARE @mensaje nvarchar(2048);
  SELECT @mensaje = LEFT(CONCAT(N'001_esquemas: falta ', STRING_AGG(CAST(f.Que AS nvarchar(max)), N', ')), 2000)
  FROM @falta AS f;
  THROW 50422, @mensaje, 1;
END;
