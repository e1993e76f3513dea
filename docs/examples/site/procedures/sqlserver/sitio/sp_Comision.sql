SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  What one execution's fund pays for one day: its value times the yearly rate, by 365, rounded to cents.

  Returns: one
    Comision  varchar(40)  not null
  Errors: 50404
  Touches: sitio.Tasas read, staging.IPA_Final read
  Batch: none
  Entry: carril_app
  Since: 015
*/
CREATE OR ALTER PROCEDURE sitio.sp_Comision
  @ID_Ejecucion bigint,
  @ID_Fund int
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  DECLARE @Tasa decimal(9, 6), @Mensaje nvarchar(2048);

  SELECT @Tasa = t.Tasa FROM sitio.Tasas AS t WHERE t.ID_Fund = @ID_Fund;
  IF @Tasa IS NULL
  BEGIN
    SET @Mensaje = CONCAT(N'el fondo ', @ID_Fund, N' no tiene tasa en sitio.Tasas');
    THROW 50404, @Mensaje, 1;
  END;

  SELECT CONVERT(varchar(40), CONVERT(decimal(19, 2), ROUND(COALESCE(SUM(f.ValorMercado), 0) * @Tasa / 36500, 2))) AS Comision
  FROM staging.IPA_Final AS f
  WHERE f.ID_Ejecucion = @ID_Ejecucion AND f.ID_Fund = @ID_Fund;
END;
GO
GRANT EXECUTE ON OBJECT::sitio.sp_Comision TO carril_app;
