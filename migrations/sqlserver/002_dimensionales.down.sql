-- carril: respaldo dimensionales.BD_Funds
-- Deshace 002_dimensionales.
DROP TYPE dimensionales.Filas_Fondos_v1;
DROP TABLE dimensionales.BD_Funds;
