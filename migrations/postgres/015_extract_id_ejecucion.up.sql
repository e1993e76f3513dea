/*
  ID_Ejecucion en las seis tablas de extract (semilla 004, "015_ALTER_EXTRACT_TABLES_ADD_EJECUCION"). Admite NULL: las
  filas de antes no pertenecen a ninguna ejecucion y nadie las lee ya por ese camino. El indice empieza por ID_Ejecucion
  para que cada carril borre y lea solo sus filas, sin recorrer las de otros.
*/
SET LOCAL ROLE carril_dueno;

ALTER TABLE extract.IPA ADD COLUMN ID_Ejecucion bigint;
ALTER TABLE extract.CAPM ADD COLUMN ID_Ejecucion bigint;
ALTER TABLE extract.PosModRF ADD COLUMN ID_Ejecucion bigint;
ALTER TABLE extract.SONA ADD COLUMN ID_Ejecucion bigint;
ALTER TABLE extract.Derivados ADD COLUMN ID_Ejecucion bigint;
ALTER TABLE extract.UBS ADD COLUMN ID_Ejecucion bigint;

CREATE INDEX IX_IPA_Ejecucion ON extract.IPA (ID_Ejecucion, Portfolio);
CREATE INDEX IX_CAPM_Ejecucion ON extract.CAPM (ID_Ejecucion, Portfolio);
CREATE INDEX IX_PosModRF_Ejecucion ON extract.PosModRF (ID_Ejecucion, Portfolio, InvestID);
CREATE INDEX IX_SONA_Ejecucion ON extract.SONA (ID_Ejecucion, Portfolio);
CREATE INDEX IX_Derivados_Ejecucion ON extract.Derivados (ID_Ejecucion, Portfolio);
CREATE INDEX IX_UBS_Ejecucion ON extract.UBS (ID_Ejecucion, Portfolio);
