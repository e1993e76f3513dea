-- The site's own schema: what each fund pays a year, in per cent of its value.
SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
CREATE SCHEMA sitio;
GO
CREATE TABLE sitio.Tasas (
  ID_Fund int           NOT NULL CONSTRAINT PK_Tasas PRIMARY KEY,
  Tasa    decimal(9, 6) NOT NULL
);
