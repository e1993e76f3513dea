DROP TABLE sitio.Tasas;
DROP SCHEMA sitio;
