DROP TABLE sitio.Tasas;
GO
DROP SCHEMA sitio;
