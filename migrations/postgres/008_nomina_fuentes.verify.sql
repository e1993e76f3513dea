-- Comprueba, sin escribir nada, que esta todo lo que crea 008_nomina_fuentes; si no, UC422 con lo que falta.
DO $verificar$
DECLARE
  v_falta text;
BEGIN
  SELECT string_agg(f.que, ', ') INTO v_falta
  FROM (
    SELECT format('columna %s.%s %s%s', e.tabla, e.columna, e.tipo, CASE WHEN e.nulo THEN '' ELSE ' NOT NULL' END)
    FROM (VALUES
      ('nomina.cierrenomina', 'id', 'bigint', false),
      ('nomina.cierrenomina', 'cliente', 'character varying(200)', false),
      ('nomina.cierrenomina', 'mes', 'integer', false),
      ('nomina.cierrenomina', 'anno', 'integer', false),
      ('nomina.cierrenomina', 'estado', 'character varying(50)', false),
      ('nomina.cierrenomina', 'fecha_creacion', 'timestamp(3) with time zone', false),
      ('nomina.empleadocierre', 'id', 'bigint', false),
      ('nomina.empleadocierre', 'cierre_id', 'bigint', false),
      ('nomina.empleadocierre', 'rut', 'character varying(15)', false),
      ('nomina.empleadocierre', 'nombre', 'character varying(200)', false),
      ('nomina.empleadocierre', 'cargo', 'character varying(100)', false),
      ('nomina.empleadocierre', 'centro_costo', 'character varying(50)', false),
      ('nomina.empleadocierre', 'sueldo_base', 'numeric(12,2)', false),
      ('nomina.empleadocierre', 'fecha_ingreso', 'date', true),
      ('nomina.registroconceptoempleado', 'id', 'bigint', false),
      ('nomina.registroconceptoempleado', 'empleado_id', 'bigint', false),
      ('nomina.registroconceptoempleado', 'codigo_concepto', 'character varying(10)', false),
      ('nomina.registroconceptoempleado', 'nombre_concepto', 'character varying(200)', false),
      ('nomina.registroconceptoempleado', 'valor', 'numeric(12,2)', false),
      ('nomina.registroconceptoempleado', 'tipo_concepto', 'character varying(20)', false),
      ('nomina.empleadocierrenovedades', 'id', 'bigint', false),
      ('nomina.empleadocierrenovedades', 'cierre_id', 'bigint', false),
      ('nomina.empleadocierrenovedades', 'rut', 'character varying(15)', false),
      ('nomina.empleadocierrenovedades', 'nombre', 'character varying(200)', false),
      ('nomina.empleadocierrenovedades', 'cargo', 'character varying(100)', true),
      ('nomina.empleadocierrenovedades', 'centro_costo', 'character varying(50)', true),
      ('nomina.registroconceptoempleadonovedades', 'id', 'bigint', false),
      ('nomina.registroconceptoempleadonovedades', 'empleado_id', 'bigint', false),
      ('nomina.registroconceptoempleadonovedades', 'codigo_concepto', 'character varying(10)', false),
      ('nomina.registroconceptoempleadonovedades', 'nombre_concepto', 'character varying(200)', false),
      ('nomina.registroconceptoempleadonovedades', 'valor', 'numeric(12,2)', false),
      ('nomina.registroconceptoempleadonovedades', 'tipo_concepto', 'character varying(20)', false),
      ('nomina.movimientoaltabaja', 'id', 'bigint', false),
      ('nomina.movimientoaltabaja', 'rut', 'character varying(15)', false),
      ('nomina.movimientoaltabaja', 'tipo_movimiento', 'character varying(20)', false),
      ('nomina.movimientoaltabaja', 'fecha_movimiento', 'date', false),
      ('nomina.movimientoaltabaja', 'motivo', 'character varying(200)', true),
      ('nomina.movimientoausentismo', 'id', 'bigint', false),
      ('nomina.movimientoausentismo', 'rut', 'character varying(15)', false),
      ('nomina.movimientoausentismo', 'tipo_ausentismo', 'character varying(50)', false),
      ('nomina.movimientoausentismo', 'fecha_inicio', 'date', false),
      ('nomina.movimientoausentismo', 'fecha_fin', 'date', false),
      ('nomina.movimientoausentismo', 'dias_ausentismo', 'integer', false),
      ('nomina.movimientovacaciones', 'id', 'bigint', false),
      ('nomina.movimientovacaciones', 'rut', 'character varying(15)', false),
      ('nomina.movimientovacaciones', 'fecha_inicio', 'date', false),
      ('nomina.movimientovacaciones', 'fecha_fin', 'date', false),
      ('nomina.movimientovacaciones', 'dias_habiles', 'integer', false),
      ('nomina.analistaingreso', 'id', 'bigint', false),
      ('nomina.analistaingreso', 'cierre_id', 'bigint', false),
      ('nomina.analistaingreso', 'rut', 'character varying(15)', false),
      ('nomina.analistaingreso', 'fecha_ingreso', 'date', false),
      ('nomina.analistaingreso', 'observaciones', 'text', true),
      ('nomina.analistafiniquito', 'id', 'bigint', false),
      ('nomina.analistafiniquito', 'cierre_id', 'bigint', false),
      ('nomina.analistafiniquito', 'rut', 'character varying(15)', false),
      ('nomina.analistafiniquito', 'fecha_finiquito', 'date', false),
      ('nomina.analistafiniquito', 'motivo', 'character varying(200)', false),
      ('nomina.analistaincidencia', 'id', 'bigint', false),
      ('nomina.analistaincidencia', 'cierre_id', 'bigint', false),
      ('nomina.analistaincidencia', 'rut', 'character varying(15)', false),
      ('nomina.analistaincidencia', 'tipo_incidencia', 'character varying(50)', false),
      ('nomina.analistaincidencia', 'descripcion', 'text', false)
    ) AS e (tabla, columna, tipo, nulo)
    WHERE NOT EXISTS (
      SELECT FROM pg_attribute AS a
      WHERE a.attrelid = to_regclass(e.tabla) AND a.attname = e.columna AND NOT a.attisdropped
        AND format_type(a.atttypid, a.atttypmod) = e.tipo AND a.attnotnull <> e.nulo
    )
    UNION ALL
    SELECT format('valor por defecto de %s.%s', e.tabla, e.columna)
    FROM (VALUES
      ('nomina.cierrenomina', 'fecha_creacion')
    ) AS e (tabla, columna)
    WHERE NOT EXISTS (
      SELECT FROM pg_attribute AS a
      WHERE a.attrelid = to_regclass(e.tabla) AND a.attname = e.columna AND a.atthasdef
    )
    UNION ALL
    SELECT format('restriccion %s de %s', e.nombre, e.tabla)
    FROM (VALUES
      ('nomina.cierrenomina', 'pk_cierrenomina'),
      ('nomina.cierrenomina', 'ck_cierrenomina_mes'),
      ('nomina.empleadocierre', 'pk_empleadocierre'),
      ('nomina.empleadocierre', 'fk_empleadocierre_cierrenomina'),
      ('nomina.registroconceptoempleado', 'pk_registroconceptoempleado'),
      ('nomina.registroconceptoempleado', 'fk_registroconceptoempleado_empleadocierre'),
      ('nomina.empleadocierrenovedades', 'pk_empleadocierrenovedades'),
      ('nomina.empleadocierrenovedades', 'fk_empleadocierrenovedades_cierrenomina'),
      ('nomina.registroconceptoempleadonovedades', 'pk_registroconceptoempleadonovedades'),
      ('nomina.registroconceptoempleadonovedades', 'fk_registroconceptoempleadonovedades_empleadocierrenovedades'),
      ('nomina.movimientoaltabaja', 'pk_movimientoaltabaja'),
      ('nomina.movimientoaltabaja', 'ck_movimientoaltabaja_tipo'),
      ('nomina.movimientoausentismo', 'pk_movimientoausentismo'),
      ('nomina.movimientovacaciones', 'pk_movimientovacaciones'),
      ('nomina.analistaingreso', 'pk_analistaingreso'),
      ('nomina.analistaingreso', 'fk_analistaingreso_cierrenomina'),
      ('nomina.analistafiniquito', 'pk_analistafiniquito'),
      ('nomina.analistafiniquito', 'fk_analistafiniquito_cierrenomina'),
      ('nomina.analistaincidencia', 'pk_analistaincidencia'),
      ('nomina.analistaincidencia', 'fk_analistaincidencia_cierrenomina')
    ) AS e (tabla, nombre)
    WHERE NOT EXISTS (
      SELECT FROM pg_constraint AS c WHERE c.conrelid = to_regclass(e.tabla) AND c.conname = e.nombre
    )
    UNION ALL
    SELECT 'indice ' || e.nombre
    FROM (VALUES
      ('nomina.idx_cierre_periodo'),
      ('nomina.idx_empleado_cierre'),
      ('nomina.idx_empleado_rut'),
      ('nomina.idx_empleado_cierre_rut'),
      ('nomina.idx_empleado_nombre'),
      ('nomina.idx_concepto_empleado'),
      ('nomina.idx_concepto_codigo'),
      ('nomina.idx_concepto_emp_cod'),
      ('nomina.idx_concepto_tipo'),
      ('nomina.idx_novedades_cierre'),
      ('nomina.idx_novedades_rut'),
      ('nomina.idx_novedades_cierre_rut'),
      ('nomina.idx_concepto_nov_empleado'),
      ('nomina.idx_concepto_nov_codigo'),
      ('nomina.idx_concepto_nov_emp_cod'),
      ('nomina.idx_movimiento_rut'),
      ('nomina.idx_movimiento_fecha'),
      ('nomina.idx_movimiento_tipo'),
      ('nomina.idx_movimiento_rut_tipo_fecha'),
      ('nomina.idx_ausentismo_rut'),
      ('nomina.idx_ausentismo_fecha_inicio'),
      ('nomina.idx_ausentismo_tipo'),
      ('nomina.idx_ausentismo_rut_fecha'),
      ('nomina.idx_vacaciones_rut_fecha'),
      ('nomina.idx_analista_ingreso_cierre_rut'),
      ('nomina.idx_analista_finiquito_cierre_rut'),
      ('nomina.idx_analista_incidencia_cierre_rut')
    ) AS e (nombre)
    WHERE NOT EXISTS (
      SELECT FROM pg_index AS i WHERE i.indexrelid = to_regclass(e.nombre) AND i.indisvalid
    )
  ) AS f (que);

  IF v_falta IS NOT NULL THEN
    RAISE EXCEPTION '008_nomina_fuentes: falta %', v_falta USING ERRCODE = 'UC422';
  END IF;
END
$verificar$;
