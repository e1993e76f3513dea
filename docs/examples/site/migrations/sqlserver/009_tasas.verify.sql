IF OBJECT_ID(N'sitio.Tasas', N'U') IS NULL
  THROW 50422, N'falta la tabla sitio.Tasas', 1;
