SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  The newest payroll closings, newest first, with what their consolidation left when it ended; how far one is that runs says
  nomina.sp_Estado_Consolidacion. Counts nothing, so it may be asked often. Amounts as text.

  Returns: many
    ID_Cierre           bigint         not null
    Cliente             nvarchar(200)  not null
    Mes                 int            not null
    Anno                int            not null
    Estado              varchar(50)    not null
    Revision_Requerida  bit            not null
    ID_Trabajo          bigint         null
    Inicio              datetime2(3)   null      of its consolidation
    Empleados           int            null      consolidated; as the three below, once it has ended
    Segundos            float          null
    Discrepancias       int            null
    Liquido_Pagar       varchar(30)    null
  Errors: 50400
  Touches: nomina.CierreNomina read, nomina.MetricaConsolidacion read
  Batch: none
  Entry: carril_app, carril_lector
  Since: 020
*/
CREATE OR ALTER PROCEDURE nomina.sp_Listar_Cierres
  @Maximo int = 20
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;

  IF @Maximo IS NULL OR @Maximo NOT BETWEEN 1 AND 2000
    THROW 50400, N'@Maximo debe estar entre 1 y 2000', 1;

  SELECT TOP (@Maximo)
    c.id AS ID_Cierre, c.cliente AS Cliente, c.mes AS Mes, c.anno AS Anno, c.estado AS Estado,
    c.revision_requerida AS Revision_Requerida, c.ID_Trabajo, c.inicio_consolidacion AS Inicio, m.total_empleados AS Empleados,
    m.tiempo_total AS Segundos, m.total_discrepancias AS Discrepancias, CONVERT(varchar(30), m.liquido_pagar) AS Liquido_Pagar
  FROM nomina.CierreNomina AS c
  LEFT JOIN nomina.MetricaConsolidacion AS m ON m.cierre_id = c.id
  ORDER BY c.id DESC;
END;
GO
GRANT EXECUTE ON OBJECT::nomina.sp_Listar_Cierres TO carril_app, carril_lector;
GO
