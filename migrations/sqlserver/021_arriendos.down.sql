-- carril: respaldo trabajo.Trabajos, trabajo.Chunks
/*
  Revierte 021. Un chunk OMITIDO (partido) pasa a CANCELADO y lo dice: su rango lo llevan sus dos mitades.
*/
SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
DROP TYPE trabajo.Lista_Terminados_v1;
GO
DROP INDEX IX_Chunks_Fallidos ON trabajo.Chunks;
GO
DROP INDEX IX_Trabajos_Terminados ON trabajo.Trabajos;
GO
DECLARE @Filas int = 1;
WHILE @Filas > 0
BEGIN
  UPDATE TOP (2000) c
  SET
    Estado = 'CANCELADO',
    Ultimo_Error = LEFT(CONCAT(N'021 revertida: el chunk se habia partido y su rango sigue en otros dos ', c.Resultado,
      N'. ', c.Ultimo_Error), 4000)
  FROM trabajo.Chunks AS c
  WHERE c.Estado = 'OMITIDO';
  SET @Filas = @@ROWCOUNT;
END;
GO
ALTER TABLE trabajo.Chunks DROP CONSTRAINT CK_Chunks_Estado;
GO
ALTER TABLE trabajo.Chunks WITH CHECK ADD CONSTRAINT CK_Chunks_Estado
  CHECK (Estado IN ('PENDIENTE', 'COMPLETADO', 'ERROR', 'CANCELADO'));
GO
ALTER TABLE trabajo.Trabajos DROP COLUMN Omitidos;
GO
