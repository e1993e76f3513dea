SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  The discrepancies of a closing, known before or found by its consolidation, in the order of their IDs, from after @Desde_ID on; of
  one kind or of all.

  Returns: many
    ID                bigint         not null
    RUT               varchar(15)    not null
    Tipo              varchar(50)    not null
    Codigo_Concepto   nvarchar(10)   null
    Detalle           nvarchar(400)  not null
    Empleado_Libro    bigint         null      its row of the Libro
    En_Consolidacion  bit            not null  found and resolved by the consolidation
  Errors: 50400, 50404
  Touches: nomina.CierreNomina read, nomina.DiscrepanciaCierre read
  Batch: none
  Entry: carril_app, carril_lector
  Since: 020
*/
CREATE OR ALTER PROCEDURE nomina.sp_Listar_Discrepancias
  @ID_Cierre bigint,
  @Tipo varchar(50) = NULL,
  @Desde_ID bigint = 0,
  @Maximo int = 2000
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  DECLARE @Mensaje nvarchar(2048);

  IF @ID_Cierre IS NULL OR @Desde_ID IS NULL
    THROW 50400, N'@ID_Cierre y @Desde_ID son obligatorios', 1;
  IF @Maximo IS NULL OR @Maximo NOT BETWEEN 1 AND 2000
    THROW 50400, N'@Maximo debe estar entre 1 y 2000', 1;
  IF NOT EXISTS (SELECT 1 FROM nomina.CierreNomina AS c WHERE c.id = @ID_Cierre)
  BEGIN
    SET @Mensaje = CONCAT(N'no existe el cierre ', @ID_Cierre);
    THROW 50404, @Mensaje, 1;
  END;

  SELECT TOP (@Maximo)
    d.id AS ID, d.rut AS RUT, d.tipo AS Tipo, d.codigo_concepto AS Codigo_Concepto, d.detalle AS Detalle,
    d.empleado_libro_id AS Empleado_Libro,
    CONVERT(bit, CASE WHEN d.ID_Trabajo IS NULL THEN 0 ELSE 1 END) AS En_Consolidacion
  FROM nomina.DiscrepanciaCierre AS d
  WHERE d.cierre_id = @ID_Cierre AND d.id > @Desde_ID AND (@Tipo IS NULL OR d.tipo = @Tipo)
  ORDER BY d.id;
END;
GO
GRANT EXECUTE ON OBJECT::nomina.sp_Listar_Discrepancias TO carril_app, carril_lector;
GO
