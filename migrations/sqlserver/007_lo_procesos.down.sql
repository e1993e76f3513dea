-- carril: respaldo dbo.LO_PROCESOS
-- Deshace 007_lo_procesos.
DROP TABLE dbo.LO_PROCESOS;
