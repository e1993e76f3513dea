-- carril: respaldo homol.IPA, homol.CAPM, homol.PosModRF, homol.SONA, homol.Derivados, homol.UBS
-- Deshace 003_homol.
DROP TYPE homol.Filas_IPA_v1;
DROP TABLE homol.UBS;
DROP TABLE homol.Derivados;
DROP TABLE homol.SONA;
DROP TABLE homol.PosModRF;
DROP TABLE homol.CAPM;
DROP TABLE homol.IPA;
