-- Comprueba, sin escribir nada, que esta todo lo que crea 007_lo_procesos; si no, 50422 con lo que falta.
-- Solo las columnas: una migracion posterior convierte la tabla en una vista del mismo nombre, y eso tambien vale.
SET NOCOUNT ON;

DECLARE @falta TABLE (Que nvarchar(300) NOT NULL);

INSERT INTO @falta (Que)
SELECT CONCAT(N'columna dbo.LO_PROCESOS.', e.Columna)
FROM (VALUES
  (N'id'),
  (N'proceso'),
  (N'usuario'),
  (N'fecha_inicio'),
  (N'fecha_fin'),
  (N'mensaje')
) AS e (Columna)
WHERE NOT EXISTS (
  SELECT 1 FROM sys.columns AS c WHERE c.object_id = OBJECT_ID(N'dbo.LO_PROCESOS') AND c.name = e.Columna
);

IF EXISTS (SELECT 1 FROM @falta)
BEGIN
  DECLARE @mensaje nvarchar(2048);
  SELECT @mensaje = LEFT(CONCAT(N'007_lo_procesos: falta ', STRING_AGG(CAST(f.Que AS nvarchar(max)), N', ')), 2000)
  FROM @falta AS f;
  THROW 50422, @mensaje, 1;
END;
