SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  The consolidated employees of a closing in the order of their IDs, from after @Desde_ID on. Amounts as text.

  Returns: many
    ID                       bigint         not null
    RUT                      varchar(15)    not null
    Nombre_Completo          nvarchar(200)  not null
    Cargo                    nvarchar(100)  not null
    Centro_Costo             nvarchar(50)   not null
    Es_Ingreso               bit            not null
    Es_Finiquito             bit            not null
    Tiene_Ausentismo         bit            not null
    Total_Haberes            varchar(30)    not null
    Total_Descuentos         varchar(30)    not null
    Liquido_Pagar            varchar(30)    not null
    Fuentes_Utilizadas       nvarchar(100)  not null  a JSON list
    Reglas_Aplicadas         nvarchar(400)  not null  a JSON list
    Discrepancias_Resueltas  int            not null
  Errors: 50400, 50404
  Touches: nomina.CierreNomina read, nomina.EmpleadoConsolidado read
  Batch: none
  Entry: carril_app, carril_lector
  Since: 020
*/
CREATE OR ALTER PROCEDURE nomina.sp_Listar_Consolidados
  @ID_Cierre bigint,
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
    e.id AS ID, e.rut AS RUT, e.nombre_completo AS Nombre_Completo, e.cargo AS Cargo, e.centro_costo AS Centro_Costo,
    e.es_ingreso AS Es_Ingreso, e.es_finiquito AS Es_Finiquito, e.tiene_ausentismo AS Tiene_Ausentismo,
    CONVERT(varchar(30), e.total_haberes) AS Total_Haberes, CONVERT(varchar(30), e.total_descuentos) AS Total_Descuentos,
    CONVERT(varchar(30), e.liquido_pagar) AS Liquido_Pagar, e.fuentes_utilizadas AS Fuentes_Utilizadas,
    e.reglas_aplicadas AS Reglas_Aplicadas, e.discrepancias_resueltas AS Discrepancias_Resueltas
  FROM nomina.EmpleadoConsolidado AS e
  WHERE e.cierre_id = @ID_Cierre AND e.id > @Desde_ID
  ORDER BY e.id;
END;
GO
GRANT EXECUTE ON OBJECT::nomina.sp_Listar_Consolidados TO carril_app, carril_lector;
GO
