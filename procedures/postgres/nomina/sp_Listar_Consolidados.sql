SET LOCAL ROLE carril_dueno;

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
CREATE OR REPLACE FUNCTION nomina.sp_Listar_Consolidados(
  p_ID_Cierre bigint,
  p_Desde_ID bigint DEFAULT 0,
  p_Maximo integer DEFAULT 2000
)
RETURNS TABLE (
  ID bigint,
  RUT text,
  Nombre_Completo text,
  Cargo text,
  Centro_Costo text,
  Es_Ingreso boolean,
  Es_Finiquito boolean,
  Tiene_Ausentismo boolean,
  Total_Haberes text,
  Total_Descuentos text,
  Liquido_Pagar text,
  Fuentes_Utilizadas text,
  Reglas_Aplicadas text,
  Discrepancias_Resueltas integer
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
    e.id, e.rut::text, e.nombre_completo::text, e.cargo::text, e.centro_costo::text, e.es_ingreso, e.es_finiquito,
    e.tiene_ausentismo, e.total_haberes::text, e.total_descuentos::text, e.liquido_pagar::text, e.fuentes_utilizadas::text,
    e.reglas_aplicadas::text, e.discrepancias_resueltas
  FROM nomina.EmpleadoConsolidado AS e
  WHERE e.cierre_id = p_ID_Cierre AND e.id > p_Desde_ID
  ORDER BY e.id
  LIMIT p_Maximo;
END
$$;
GRANT EXECUTE ON FUNCTION nomina.sp_Listar_Consolidados TO carril_app, carril_lector;
