SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  The dates from @Desde to @Hasta that have positions in homol.IPA: those that a run over a range of dates can run.

  Returns: many
    FechaReporte  date  not null
  Errors: 50400
  Touches: homol.IPA read
  Batch: none
  Entry: carril_app
  Since: 003
*/
CREATE OR ALTER PROCEDURE homol.sp_Fechas_Cargadas
  @Desde date,
  @Hasta date
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  DECLARE @Fecha date;
  DECLARE @Fechas TABLE (FechaReporte date NOT NULL PRIMARY KEY);

  IF @Desde IS NULL OR @Hasta IS NULL
    THROW 50400, N'@Desde y @Hasta son obligatorias', 1;
  IF @Desde > @Hasta
    THROW 50400, N'@Desde es posterior a @Hasta', 1;

  -- una busqueda por fecha en la clave, en vez de recorrer sus filas
  SELECT TOP (1) @Fecha = i.FechaReporte
  FROM homol.IPA AS i
  WHERE i.FechaReporte >= @Desde AND i.FechaReporte <= @Hasta
  ORDER BY i.FechaReporte;
  WHILE @@ROWCOUNT = 1
  BEGIN
    INSERT INTO @Fechas (FechaReporte) VALUES (@Fecha);
    SELECT TOP (1) @Fecha = i.FechaReporte
    FROM homol.IPA AS i
    WHERE i.FechaReporte > @Fecha AND i.FechaReporte <= @Hasta
    ORDER BY i.FechaReporte;
  END;

  SELECT f.FechaReporte FROM @Fechas AS f ORDER BY f.FechaReporte;
END;
GO
GRANT EXECUTE ON OBJECT::homol.sp_Fechas_Cargadas TO carril_app;
GO
