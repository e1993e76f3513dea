SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/* Comprueba 030, que aqui no cambio nada: siguen estando los indices que en PostgreSQL cambia. Solo lee. */
DECLARE @Falta nvarchar(max);

SELECT @Falta = STRING_AGG(CONVERT(nvarchar(max), N'trabajo.Chunks (' + v.Indice + N')'), N', ') WITHIN GROUP (ORDER BY v.Indice)
FROM (VALUES (N'IX_Chunks_Libres'), (N'IX_Chunks_Arrendados')) AS v (Indice)
WHERE NOT EXISTS (
  SELECT 1 FROM sys.indexes AS i WHERE i.object_id = OBJECT_ID(N'trabajo.Chunks') AND i.name = v.Indice);

IF @Falta IS NOT NULL
BEGIN
  DECLARE @Mensaje nvarchar(2048) = N'030_chunks_pendientes: falta ' + LEFT(@Falta, 1900);
  THROW 50422, @Mensaje, 1;
END;
GO
