-- carril: respaldo extract.IPA, extract.CAPM, extract.PosModRF, extract.SONA, extract.Derivados, extract.UBS
-- Deshace 015_extract_id_ejecucion.
SET LOCAL ROLE carril_dueno;

DROP INDEX extract.IX_UBS_Ejecucion;
DROP INDEX extract.IX_Derivados_Ejecucion;
DROP INDEX extract.IX_SONA_Ejecucion;
DROP INDEX extract.IX_PosModRF_Ejecucion;
DROP INDEX extract.IX_CAPM_Ejecucion;
DROP INDEX extract.IX_IPA_Ejecucion;
ALTER TABLE extract.UBS DROP COLUMN ID_Ejecucion;
ALTER TABLE extract.Derivados DROP COLUMN ID_Ejecucion;
ALTER TABLE extract.SONA DROP COLUMN ID_Ejecucion;
ALTER TABLE extract.PosModRF DROP COLUMN ID_Ejecucion;
ALTER TABLE extract.CAPM DROP COLUMN ID_Ejecucion;
ALTER TABLE extract.IPA DROP COLUMN ID_Ejecucion;
