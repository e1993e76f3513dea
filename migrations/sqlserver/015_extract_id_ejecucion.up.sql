/*
  ID_Ejecucion en las seis tablas de extract (semilla 004, "015_ALTER_EXTRACT_TABLES_ADD_EJECUCION"). Admite NULL: las
  filas de antes no pertenecen a ninguna ejecucion y nadie las lee ya por ese camino. El indice empieza por ID_Ejecucion
  para que cada carril borre y lea solo sus filas, sin recorrer las de otros.
*/
SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO

ALTER TABLE extract.IPA ADD ID_Ejecucion bigint NULL;
ALTER TABLE extract.CAPM ADD ID_Ejecucion bigint NULL;
ALTER TABLE extract.PosModRF ADD ID_Ejecucion bigint NULL;
ALTER TABLE extract.SONA ADD ID_Ejecucion bigint NULL;
ALTER TABLE extract.Derivados ADD ID_Ejecucion bigint NULL;
ALTER TABLE extract.UBS ADD ID_Ejecucion bigint NULL;
GO
CREATE NONCLUSTERED INDEX IX_IPA_Ejecucion ON extract.IPA (ID_Ejecucion, Portfolio);
CREATE NONCLUSTERED INDEX IX_CAPM_Ejecucion ON extract.CAPM (ID_Ejecucion, Portfolio);
CREATE NONCLUSTERED INDEX IX_PosModRF_Ejecucion ON extract.PosModRF (ID_Ejecucion, Portfolio, InvestID);
CREATE NONCLUSTERED INDEX IX_SONA_Ejecucion ON extract.SONA (ID_Ejecucion, Portfolio);
CREATE NONCLUSTERED INDEX IX_Derivados_Ejecucion ON extract.Derivados (ID_Ejecucion, Portfolio);
CREATE NONCLUSTERED INDEX IX_UBS_Ejecucion ON extract.UBS (ID_Ejecucion, Portfolio);
