SET LOCAL ROLE carril_dueno;

/*
  Deletes what consolidations of a closing have left: its consolidated employees with their concepts, children first, then the
  discrepancies that they found, then the metrics. At most 800 employees or 20,000 discrepancies a call; call again until Quedan
  is 0. The sources and the discrepancies that were known before stay. The caller holds the closing's lock.
  Document 003, limpiar_datos_consolidacion_previos and rollback_consolidacion_fallida.

  Returns: output
    Borrados  int  not null  rows that this call deleted
    Quedan    bit  not null
  Errors: 50409
  Touches: nomina.ConceptoEmpleadoConsolidado write, nomina.EmpleadoConsolidado write, nomina.DiscrepanciaCierre write, nomina.MetricaConsolidacion write
  Batch: 2000
  Step: called inside the caller's transaction
  Since: 020
*/
CREATE OR REPLACE FUNCTION nomina.sp_Borrar_Consolidacion(
  p_ID_Cierre bigint,
  OUT p_Borrados integer,
  OUT p_Quedan boolean
)
LANGUAGE plpgsql VOLATILE SECURITY INVOKER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  v_empleados bigint[];
  v_filas integer;
BEGIN
  p_Borrados := 0;
  p_Quedan := true;
  v_empleados := ARRAY(
    SELECT e.id FROM nomina.EmpleadoConsolidado AS e WHERE e.cierre_id = p_ID_Cierre ORDER BY e.rut LIMIT 800);

  IF cardinality(v_empleados) > 0 THEN
    DELETE FROM nomina.ConceptoEmpleadoConsolidado AS c WHERE c.empleado_consolidado_id = ANY (v_empleados);
    GET DIAGNOSTICS p_Borrados = ROW_COUNT;
    DELETE FROM nomina.EmpleadoConsolidado AS e WHERE e.id = ANY (v_empleados);
    p_Borrados := p_Borrados + cardinality(v_empleados);
    RETURN;
  END IF;

  DELETE FROM nomina.DiscrepanciaCierre AS d
  WHERE d.id = ANY (ARRAY(
    SELECT x.id
    FROM nomina.DiscrepanciaCierre AS x
    WHERE x.cierre_id = p_ID_Cierre AND x.id_trabajo IS NOT NULL
    ORDER BY x.id
    LIMIT 20000));
  GET DIAGNOSTICS p_Borrados = ROW_COUNT;
  p_Quedan := p_Borrados = 20000;
  IF NOT p_Quedan THEN
    DELETE FROM nomina.MetricaConsolidacion AS m WHERE m.cierre_id = p_ID_Cierre;
    GET DIAGNOSTICS v_filas = ROW_COUNT;
    p_Borrados := p_Borrados + v_filas;
  END IF;
END
$$;
