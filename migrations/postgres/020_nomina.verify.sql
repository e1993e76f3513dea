/* Comprueba 020: calla si todo esta; si no, UC422 y lo que falta. Solo lee. */
DO $$
DECLARE
  v_falta text;
BEGIN
  SELECT string_agg(f.nombre, ', ') INTO v_falta
  FROM (
    SELECT v.nombre
    FROM (VALUES
      ('nomina.empleadoconsolidado'), ('nomina.conceptoempleadoconsolidado'), ('nomina.metricaconsolidacion'),
      ('nomina.discrepanciacierre'), ('nomina.ux_cierrenomina_trabajo'), ('nomina.pk_empleadoconsolidado'),
      ('nomina.uq_empleadoconsolidado_cierre_rut'), ('nomina.pk_conceptoempleadoconsolidado'),
      ('nomina.idx_consolidado_origen'), ('nomina.idx_discrepancia_cierre'), ('nomina.idx_empleado_rut_normalizado'),
      ('nomina.idx_novedades_rut_normalizado'), ('nomina.idx_movimiento_rut_normalizado'),
      ('nomina.idx_ausentismo_rut_normalizado')) AS v (nombre)
    WHERE to_regclass(v.nombre) IS NULL
    UNION ALL
    SELECT v.tabla || '.' || v.columna
    FROM (VALUES
      ('nomina.empleadocierre', 'rut_normalizado'), ('nomina.empleadocierrenovedades', 'rut_normalizado'),
      ('nomina.movimientoaltabaja', 'rut_normalizado'), ('nomina.movimientoausentismo', 'rut_normalizado'),
      ('nomina.analistaingreso', 'rut_normalizado'), ('nomina.analistafiniquito', 'rut_normalizado'),
      ('nomina.cierrenomina', 'estado_anterior'), ('nomina.cierrenomina', 'id_trabajo'),
      ('nomina.cierrenomina', 'inicio_consolidacion'), ('nomina.cierrenomina', 'limite'),
      ('nomina.cierrenomina', 'vencida'), ('nomina.cierrenomina', 'revision_requerida'),
      ('nomina.empleadoconsolidado', 'fuentes_utilizadas'), ('nomina.empleadoconsolidado', 'reglas_aplicadas'),
      ('nomina.empleadoconsolidado', 'liquido_pagar'), ('nomina.conceptoempleadoconsolidado', 'valor'),
      ('nomina.conceptoempleadoconsolidado', 'fuente_dato'), ('nomina.metricaconsolidacion', 'registros_creados'),
      ('nomina.discrepanciacierre', 'tipo'), ('nomina.discrepanciacierre', 'id_trabajo')) AS v (tabla, columna)
    WHERE NOT EXISTS (
      SELECT FROM pg_attribute AS a
      WHERE a.attrelid = to_regclass(v.tabla) AND a.attname = v.columna AND NOT a.attisdropped)
  ) AS f;
  IF v_falta IS NOT NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'UC422', MESSAGE = '020_nomina: falta ' || v_falta;
  END IF;
END
$$;
