/* Comprueba 023: calla si los seis servicios estan, con pasos; si no, 50422 y los que faltan. Solo lee. */
DECLARE @Falta nvarchar(1000), @Mensaje nvarchar(2048);

SELECT @Falta = STRING_AGG(CONVERT(nvarchar(1000), n.Servicio), N', ')
FROM (VALUES ('CAPM'), ('PosModRF'), ('SONA'), ('Derivados'), ('UBS'), ('PNL')) AS n (Servicio)
WHERE NOT EXISTS (
  SELECT 1
  FROM logs.Servicios AS s
  INNER JOIN logs.Servicio_Procedimientos AS p ON p.Servicio = s.Servicio
  WHERE s.Servicio = n.Servicio);

IF @Falta IS NOT NULL
BEGIN
  SET @Mensaje = N'023_servicios: faltan los servicios, o sus pasos: ' + @Falta;
  THROW 50422, @Mensaje, 1;
END;
GO
