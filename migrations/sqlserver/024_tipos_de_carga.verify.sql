-- Comprueba 024: calla si todo esta; si no, 50422 y lo que falta. Solo lee.
DECLARE @Falta nvarchar(max);

SELECT @Falta = STRING_AGG(CONVERT(nvarchar(max), N'homol.' + v.Tipo), N', ') WITHIN GROUP (ORDER BY v.Tipo)
FROM (VALUES
  (N'Filas_CAPM_v1'), (N'Filas_PosModRF_v1'), (N'Filas_SONA_v1'), (N'Filas_Derivados_v1'), (N'Filas_UBS_v1')
) AS v (Tipo)
WHERE NOT EXISTS (SELECT 1 FROM sys.table_types AS t WHERE t.schema_id = SCHEMA_ID(N'homol') AND t.name = v.Tipo);

IF @Falta IS NOT NULL
BEGIN
  DECLARE @Mensaje nvarchar(2048) = N'024_tipos_de_carga: falta ' + LEFT(@Falta, 1900);
  THROW 50422, @Mensaje, 1;
END;
