DROP TYPE ventas.Lineas_v1;
DROP TYPE dbo.Claves;
