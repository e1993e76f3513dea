-- carril: respaldo dimensionales.BD_Funds
-- Deshace 002_dimensionales.
SET LOCAL ROLE carril_dueno;

DROP TABLE dimensionales.BD_Funds;
