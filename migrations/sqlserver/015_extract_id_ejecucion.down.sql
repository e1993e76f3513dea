-- carril: respaldo extract.IPA, extract.CAPM, extract.PosModRF, extract.SONA, extract.Derivados, extract.UBS
-- Deshace 015_extract_id_ejecucion.
DROP INDEX IX_UBS_Ejecucion ON extract.UBS;
DROP INDEX IX_Derivados_Ejecucion ON extract.Derivados;
DROP INDEX IX_SONA_Ejecucion ON extract.SONA;
DROP INDEX IX_PosModRF_Ejecucion ON extract.PosModRF;
DROP INDEX IX_CAPM_Ejecucion ON extract.CAPM;
DROP INDEX IX_IPA_Ejecucion ON extract.IPA;
GO
ALTER TABLE extract.UBS DROP COLUMN ID_Ejecucion;
ALTER TABLE extract.Derivados DROP COLUMN ID_Ejecucion;
ALTER TABLE extract.SONA DROP COLUMN ID_Ejecucion;
ALTER TABLE extract.PosModRF DROP COLUMN ID_Ejecucion;
ALTER TABLE extract.CAPM DROP COLUMN ID_Ejecucion;
ALTER TABLE extract.IPA DROP COLUMN ID_Ejecucion;
