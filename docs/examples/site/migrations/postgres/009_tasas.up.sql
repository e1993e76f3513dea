-- The site's own schema: what each fund pays a year, in per cent of its value.
CREATE SCHEMA sitio AUTHORIZATION carril_dueno;
GRANT USAGE ON SCHEMA sitio TO carril_app;
SET LOCAL ROLE carril_dueno;
CREATE TABLE sitio.Tasas (
  ID_Fund integer       NOT NULL CONSTRAINT PK_Tasas PRIMARY KEY,
  Tasa    numeric(9, 6) NOT NULL
);
