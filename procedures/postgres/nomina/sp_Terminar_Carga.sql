SET LOCAL ROLE carril_dueno;

/*
  Ends the load of a closing: holds what the analyst reports against the movements of the month and leaves the closing
  con_discrepancias or verificado_sin_discrepancias, ready to be consolidated. Found are INGRESO_SIN_MOVIMIENTO and
  FINIQUITO_SIN_MOVIMIENTO (reported, but there is no movement), and, of employees of the Libro and only when the analyst has
  reported any of that kind, INGRESO_NO_INFORMADO and FINIQUITO_NO_INFORMADO. Those of an earlier load are replaced.
  Document 003, "Datos del Analista (Validacion)": 'para validacion cruzada con MovimientoAltaBaja'.

  Returns: one
    Estado         varchar(50)  not null  of the closing
    Empleados      int          not null  rows of the Libro
    Novedades      int          not null  rows of the Novedades
    Discrepancias  int          not null  known now, before the consolidation
  Errors: 50400, 50404, 50408, 50409, 50499
  Touches: nomina.CierreNomina write, nomina.DiscrepanciaCierre write, nomina.EmpleadoCierre read, nomina.EmpleadoCierreNovedades read, nomina.AnalistaIngreso read, nomina.AnalistaFiniquito read, nomina.MovimientoAltaBaja read
  Batch: 2000
  Entry: carril_app
  Since: 020
*/
CREATE OR REPLACE FUNCTION nomina.sp_Terminar_Carga(p_ID_Cierre bigint)
RETURNS TABLE (
  Estado text,
  Empleados integer,
  Novedades integer,
  Discrepancias integer
)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  v_estado text;
  v_desde date;
  v_empleados integer;
  v_discrepancias integer;
BEGIN
  PERFORM nomina.sp_Comprobar_Carga(p_ID_Cierre);
  SELECT count(*) INTO v_empleados FROM nomina.EmpleadoCierre AS e WHERE e.cierre_id = p_ID_Cierre;
  IF v_empleados = 0 THEN
    RAISE EXCEPTION USING ERRCODE = 'UC409', MESSAGE = format('el cierre %s no tiene empleados en el libro', p_ID_Cierre);
  END IF;
  SELECT make_date(c.anno, c.mes, 1) INTO v_desde FROM nomina.CierreNomina AS c WHERE c.id = p_ID_Cierre;

  DELETE FROM nomina.DiscrepanciaCierre AS d
  WHERE d.cierre_id = p_ID_Cierre AND d.id_trabajo IS NULL AND d.tipo IN (
    'INGRESO_SIN_MOVIMIENTO', 'FINIQUITO_SIN_MOVIMIENTO', 'INGRESO_NO_INFORMADO', 'FINIQUITO_NO_INFORMADO');

  WITH informados AS (
    SELECT a.rut_normalizado AS rut, 'ingreso' AS tipo, min(a.fecha_ingreso) AS fecha
    FROM nomina.AnalistaIngreso AS a
    WHERE a.cierre_id = p_ID_Cierre
    GROUP BY a.rut_normalizado
    UNION ALL
    SELECT a.rut_normalizado, 'finiquito', min(a.fecha_finiquito)
    FROM nomina.AnalistaFiniquito AS a
    WHERE a.cierre_id = p_ID_Cierre
    GROUP BY a.rut_normalizado
  ), movidos AS (
    SELECT m.rut_normalizado AS rut, m.tipo_movimiento AS tipo, min(m.fecha_movimiento) AS fecha
    FROM nomina.MovimientoAltaBaja AS m
    WHERE m.fecha_movimiento >= v_desde AND m.fecha_movimiento < v_desde + interval '1 month'
    GROUP BY m.rut_normalizado, m.tipo_movimiento
  )
  INSERT INTO nomina.DiscrepanciaCierre (cierre_id, empleado_libro_id, rut, tipo, detalle)
  SELECT p_ID_Cierre, e.id, r.rut, x.tipo, x.detalle
  FROM (
    SELECT i.rut, upper(i.tipo) || '_SIN_MOVIMIENTO' AS tipo, format('el analista informa %s', i.fecha) AS detalle
    FROM informados AS i
    WHERE NOT EXISTS (SELECT FROM movidos AS m WHERE m.rut = i.rut AND m.tipo = i.tipo)
    UNION ALL
    SELECT m.rut, upper(m.tipo) || '_NO_INFORMADO', format('movimiento de %s', m.fecha)
    FROM movidos AS m
    WHERE EXISTS (SELECT FROM informados AS i WHERE i.tipo = m.tipo)
      AND NOT EXISTS (SELECT FROM informados AS i WHERE i.rut = m.rut AND i.tipo = m.tipo)
      AND EXISTS (SELECT FROM nomina.EmpleadoCierre AS l WHERE l.cierre_id = p_ID_Cierre AND l.rut_normalizado = m.rut)
  ) AS x
  CROSS JOIN LATERAL nomina.fn_RUT(x.rut) AS r
  LEFT JOIN LATERAL (
    SELECT min(l.id) AS id FROM nomina.EmpleadoCierre AS l WHERE l.cierre_id = p_ID_Cierre AND l.rut_normalizado = x.rut
  ) AS e ON true
  ORDER BY x.rut, x.tipo;

  SELECT count(*) INTO v_discrepancias
  FROM nomina.DiscrepanciaCierre AS d
  WHERE d.cierre_id = p_ID_Cierre AND d.id_trabajo IS NULL;
  v_estado := CASE WHEN v_discrepancias > 0 THEN 'con_discrepancias' ELSE 'verificado_sin_discrepancias' END;
  UPDATE nomina.CierreNomina AS c SET estado = v_estado WHERE c.id = p_ID_Cierre;

  RETURN QUERY
  SELECT
    v_estado, v_empleados,
    (SELECT count(*) FROM nomina.EmpleadoCierreNovedades AS n WHERE n.cierre_id = p_ID_Cierre)::integer, v_discrepancias;
END
$$;
GRANT EXECUTE ON FUNCTION nomina.sp_Terminar_Carga TO carril_app;
