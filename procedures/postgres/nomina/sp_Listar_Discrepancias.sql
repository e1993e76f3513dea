SET LOCAL ROLE carril_dueno;

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
CREATE OR REPLACE FUNCTION nomina.sp_Listar_Discrepancias(
  p_ID_Cierre bigint,
  p_Tipo text DEFAULT NULL,
  p_Desde_ID bigint DEFAULT 0,
  p_Maximo integer DEFAULT 2000
)
RETURNS TABLE (
  ID bigint,
  RUT text,
  Tipo text,
  Codigo_Concepto text,
  Detalle text,
  Empleado_Libro bigint,
  En_Consolidacion boolean
)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
  IF p_ID_Cierre IS NULL OR p_Desde_ID IS NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400', MESSAGE = 'p_ID_Cierre y p_Desde_ID son obligatorios';
  END IF;
  IF p_Maximo IS NULL OR p_Maximo NOT BETWEEN 1 AND 2000 THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400', MESSAGE = 'p_Maximo debe estar entre 1 y 2000';
  END IF;
  PERFORM FROM nomina.CierreNomina AS c WHERE c.id = p_ID_Cierre;
  IF NOT FOUND THEN
    RAISE EXCEPTION USING ERRCODE = 'UC404', MESSAGE = format('no existe el cierre %s', p_ID_Cierre);
  END IF;
  RETURN QUERY
  SELECT
    d.id, d.rut::text, d.tipo::text, d.codigo_concepto::text, d.detalle::text, d.empleado_libro_id, d.id_trabajo IS NOT NULL
  FROM nomina.DiscrepanciaCierre AS d
  WHERE d.cierre_id = p_ID_Cierre AND d.id > p_Desde_ID AND (p_Tipo IS NULL OR d.tipo = p_Tipo)
  ORDER BY d.id
  LIMIT p_Maximo;
END
$$;
GRANT EXECUTE ON FUNCTION nomina.sp_Listar_Discrepancias TO carril_app, carril_lector;
