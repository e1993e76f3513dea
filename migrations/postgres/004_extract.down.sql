-- carril: respaldo extract.IPA, extract.CAPM, extract.PosModRF, extract.SONA, extract.Derivados, extract.UBS
-- Deshace 004_extract.
SET LOCAL ROLE carril_dueno;

DROP TABLE extract.UBS;
DROP TABLE extract.Derivados;
DROP TABLE extract.SONA;
DROP TABLE extract.PosModRF;
DROP TABLE extract.CAPM;
DROP TABLE extract.IPA;
