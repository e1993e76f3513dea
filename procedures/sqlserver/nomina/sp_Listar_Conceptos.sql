SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  The consolidated concepts of a closing's employees whose IDs lie in (@Desde_ID, @Hasta_ID], in the order of ID and code: whole
  employees, as nomina.sp_Listar_Consolidados names them. Amounts as text.

  Returns: many
    ID               bigint         not null  of the consolidated employee
    RUT              varchar(15)    not null
    Codigo_Concepto  nvarchar(10)   not null
    Nombre_Concepto  nvarchar(200)  not null
    Valor            varchar(30)    not null
    Tipo_Concepto    nvarchar(20)   not null
    Fuente_Dato      varchar(20)    not null
  Errors: 50400
  Touches: nomina.EmpleadoConsolidado read, nomina.ConceptoEmpleadoConsolidado read
  Batch: none
  Entry: carril_app, carril_lector
  Since: 020
*/
CREATE OR ALTER PROCEDURE nomina.sp_Listar_Conceptos
  @ID_Cierre bigint,
  @Desde_ID bigint,
  @Hasta_ID bigint
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;

  IF @ID_Cierre IS NULL OR @Desde_ID IS NULL OR @Hasta_ID IS NULL
    THROW 50400, N'@ID_Cierre, @Desde_ID y @Hasta_ID son obligatorios', 1;
  SELECT
    e.id AS ID, e.rut AS RUT, c.codigo_concepto AS Codigo_Concepto, c.nombre_concepto AS Nombre_Concepto,
    CONVERT(varchar(30), c.valor) AS Valor, c.tipo_concepto AS Tipo_Concepto, c.fuente_dato AS Fuente_Dato
  FROM nomina.EmpleadoConsolidado AS e
  INNER JOIN nomina.ConceptoEmpleadoConsolidado AS c ON c.empleado_consolidado_id = e.id
  WHERE e.cierre_id = @ID_Cierre AND e.id > @Desde_ID AND e.id <= @Hasta_ID
  ORDER BY e.id, c.codigo_concepto;
END;
GO
GRANT EXECUTE ON OBJECT::nomina.sp_Listar_Conceptos TO carril_app, carril_lector;
GO
