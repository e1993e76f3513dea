SET LOCAL ROLE carril_dueno;

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
CREATE OR REPLACE FUNCTION nomina.sp_Listar_Conceptos(
  p_ID_Cierre bigint,
  p_Desde_ID bigint,
  p_Hasta_ID bigint
)
RETURNS TABLE (
  ID bigint,
  RUT text,
  Codigo_Concepto text,
  Nombre_Concepto text,
  Valor text,
  Tipo_Concepto text,
  Fuente_Dato text
)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
  IF p_ID_Cierre IS NULL OR p_Desde_ID IS NULL OR p_Hasta_ID IS NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400', MESSAGE = 'p_ID_Cierre, p_Desde_ID y p_Hasta_ID son obligatorios';
  END IF;
  RETURN QUERY
  SELECT
    e.id, e.rut::text, c.codigo_concepto::text, c.nombre_concepto::text, c.valor::text, c.tipo_concepto::text,
    c.fuente_dato::text
  FROM nomina.EmpleadoConsolidado AS e
  INNER JOIN nomina.ConceptoEmpleadoConsolidado AS c ON c.empleado_consolidado_id = e.id
  WHERE e.cierre_id = p_ID_Cierre AND e.id > p_Desde_ID AND e.id <= p_Hasta_ID
  ORDER BY e.id, c.codigo_concepto;
END
$$;
GRANT EXECUTE ON FUNCTION nomina.sp_Listar_Conceptos TO carril_app, carril_lector;
