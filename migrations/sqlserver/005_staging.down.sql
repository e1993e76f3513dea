-- carril: respaldo staging.IPA_WorkTable, staging.IPA_Cash, staging.IPA_Final, staging.CAPM_WorkTable
-- carril: respaldo staging.CAPM_Final, staging.PosModRF_WorkTable, staging.PosModRF_Final, staging.SONA_WorkTable
-- carril: respaldo staging.SONA_Final, staging.Derivados_WorkTable, staging.Derivados_Final, staging.UBS_WorkTable
-- carril: respaldo staging.UBS_Final, staging.PNL_WorkTable, staging.PNL_Final
-- Deshace 005_staging.
DROP TABLE staging.PNL_Final;
DROP TABLE staging.PNL_WorkTable;
DROP TABLE staging.UBS_Final;
DROP TABLE staging.UBS_WorkTable;
DROP TABLE staging.Derivados_Final;
DROP TABLE staging.Derivados_WorkTable;
DROP TABLE staging.SONA_Final;
DROP TABLE staging.SONA_WorkTable;
DROP TABLE staging.PosModRF_Final;
DROP TABLE staging.PosModRF_WorkTable;
DROP TABLE staging.CAPM_Final;
DROP TABLE staging.CAPM_WorkTable;
DROP TABLE staging.IPA_Final;
DROP TABLE staging.IPA_Cash;
DROP TABLE staging.IPA_WorkTable;
