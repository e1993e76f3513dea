/* Comprueba 029: calla si todo esta; si no, 50422 y lo que falta. Solo lee. */
DECLARE @Falta nvarchar(max);

SELECT @Falta = STRING_AGG(CONVERT(nvarchar(max), f.Nombre), N', ') WITHIN GROUP (ORDER BY f.Nombre)
FROM (
  SELECT v.Tabla + N'.' + v.Columna AS Nombre
  FROM (VALUES
    (N'trabajo.Credenciales', N'ID_Credencial'), (N'trabajo.Credenciales', N'Nombre'), (N'trabajo.Credenciales', N'Rol'),
    (N'trabajo.Credenciales', N'Huella'), (N'trabajo.Credenciales', N'Vence'), (N'trabajo.Credenciales', N'Revocada')
  ) AS v (Tabla, Columna)
  WHERE NOT EXISTS (SELECT 1 FROM sys.columns AS c WHERE c.object_id = OBJECT_ID(v.Tabla) AND c.name = v.Columna)
  UNION ALL
  SELECT N'trabajo.UQ_Credenciales_Huella'
  WHERE NOT EXISTS (
    SELECT 1 FROM sys.key_constraints AS k
    WHERE k.parent_object_id = OBJECT_ID(N'trabajo.Credenciales') AND k.name = N'UQ_Credenciales_Huella')
) AS f;

IF @Falta IS NOT NULL
BEGIN
  DECLARE @Mensaje nvarchar(2048) = N'029_credenciales: falta ' + LEFT(@Falta, 1900);
  THROW 50422, @Mensaje, 1;
END;
GO
