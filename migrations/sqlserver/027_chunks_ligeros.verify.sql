/* Comprueba 027, que aqui no cambio nada: siguen estando las reglas e indices que en PostgreSQL cambia. Solo lee. */
DECLARE @Falta nvarchar(max);

SELECT @Falta = STRING_AGG(CONVERT(nvarchar(max), f.Nombre), N', ') WITHIN GROUP (ORDER BY f.Nombre)
FROM (
  SELECT N'trabajo.' + v.Regla AS Nombre
  FROM (VALUES (N'CK_Chunks_Estado'), (N'CK_Chunks_Cuentas')) AS v (Regla)
  WHERE NOT EXISTS (
    SELECT 1 FROM sys.check_constraints AS k
    WHERE k.parent_object_id = OBJECT_ID(N'trabajo.Chunks') AND k.name = v.Regla)
  UNION ALL
  SELECT N'trabajo.Chunks (' + v.Indice + N')'
  FROM (VALUES (N'PK_Chunks'), (N'UX_Chunks_Orden')) AS v (Indice)
  WHERE NOT EXISTS (
    SELECT 1 FROM sys.indexes AS i WHERE i.object_id = OBJECT_ID(N'trabajo.Chunks') AND i.name = v.Indice)
) AS f;

IF @Falta IS NOT NULL
BEGIN
  DECLARE @Mensaje nvarchar(2048) = N'027_chunks_ligeros: falta ' + LEFT(@Falta, 1900);
  THROW 50422, @Mensaje, 1;
END;
GO
