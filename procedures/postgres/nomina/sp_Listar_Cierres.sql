SET LOCAL ROLE carril_dueno;

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
CREATE OR REPLACE FUNCTION nomina.sp_Listar_Cierres(
  p_Maximo integer DEFAULT 20
)
RETURNS TABLE (
  ID_Cierre bigint,
  Cliente text,
  Mes integer,
  Anno integer,
  Estado text,
  Revision_Requerida boolean,
  ID_Trabajo bigint,
  Inicio timestamptz,
  Empleados integer,
  Segundos double precision,
  Discrepancias integer,
  Liquido_Pagar text
)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
  IF p_Maximo IS NULL OR p_Maximo NOT BETWEEN 1 AND 2000 THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400', MESSAGE = 'p_Maximo debe estar entre 1 y 2000';
  END IF;

  RETURN QUERY
  SELECT
    c.id, c.cliente::text, c.mes::integer, c.anno::integer, c.estado::text, c.revision_requerida, c.id_trabajo,
    c.inicio_consolidacion::timestamptz, m.total_empleados, m.tiempo_total, m.total_discrepancias, m.liquido_pagar::text
  FROM nomina.CierreNomina AS c
  LEFT JOIN nomina.MetricaConsolidacion AS m ON m.cierre_id = c.id
  ORDER BY c.id DESC
  LIMIT p_Maximo;
END
$$;
GRANT EXECUTE ON FUNCTION nomina.sp_Listar_Cierres TO carril_app, carril_lector;
