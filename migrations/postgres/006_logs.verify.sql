-- Comprueba, sin escribir nada, que esta todo lo que crea 006_logs; si no, UC422 con lo que falta.
DO $verificar$
DECLARE
  v_falta text;
BEGIN
  SELECT string_agg(f.que, ', ') INTO v_falta
  FROM (
    SELECT format('columna %s.%s %s%s', e.tabla, e.columna, e.tipo, CASE WHEN e.nulo THEN '' ELSE ' NOT NULL' END)
    FROM (VALUES
      ('logs.ejecuciones', 'id_ejecucion', 'bigint', false),
      ('logs.ejecuciones', 'fechareporte', 'date', false),
      ('logs.ejecuciones', 'estado', 'character varying(50)', false),
      ('logs.ejecuciones', 'etapa_actual', 'character varying(50)', true),
      ('logs.ejecuciones', 'usuario', 'character varying(100)', true),
      ('logs.ejecuciones', 'fechainicio', 'timestamp(3) with time zone', true),
      ('logs.ejecuciones', 'fechafin', 'timestamp(3) with time zone', true),
      ('logs.ejecuciones', 'totalfondos', 'integer', true),
      ('logs.ejecuciones', 'fondosexitosos', 'integer', true),
      ('logs.ejecuciones', 'fondosfallidos', 'integer', true),
      ('logs.ejecuciones', 'fondosomitidos', 'integer', true),
      ('logs.ejecucion_fondos', 'id_ejecucion', 'bigint', false),
      ('logs.ejecucion_fondos', 'id_fund', 'integer', false),
      ('logs.ejecucion_fondos', 'fundshortname', 'character varying(100)', false),
      ('logs.ejecucion_fondos', 'portfolio_geneva', 'character varying(50)', false),
      ('logs.ejecucion_fondos', 'portfolio_capm', 'character varying(50)', true),
      ('logs.ejecucion_fondos', 'portfolio_derivados', 'character varying(50)', true),
      ('logs.ejecucion_fondos', 'portfolio_ubs', 'character varying(50)', true),
      ('logs.ejecucion_fondos', 'flag_ubs', 'boolean', false),
      ('logs.ejecucion_fondos', 'flag_derivados', 'boolean', false),
      ('logs.ejecucion_fondos', 'estado_process_ipa', 'character varying(50)', false),
      ('logs.ejecucion_fondos', 'estado_process_capm', 'character varying(50)', false),
      ('logs.ejecucion_fondos', 'estado_process_posmodrf', 'character varying(50)', false),
      ('logs.ejecucion_fondos', 'estado_process_sona', 'character varying(50)', false),
      ('logs.ejecucion_fondos', 'estado_process_derivados', 'character varying(50)', false),
      ('logs.ejecucion_fondos', 'estado_process_ubs', 'character varying(50)', false),
      ('logs.ejecucion_fondos', 'estado_process_pnl', 'character varying(50)', false),
      ('logs.ejecucion_fondos', 'fechainicio', 'timestamp(3) with time zone', true),
      ('logs.ejecucion_fondos', 'fechafin', 'timestamp(3) with time zone', true),
      ('logs.ejecucion_fondos', 'mensaje_error', 'character varying(4000)', true)
    ) AS e (tabla, columna, tipo, nulo)
    WHERE NOT EXISTS (
      SELECT FROM pg_attribute AS a
      WHERE a.attrelid = to_regclass(e.tabla) AND a.attname = e.columna AND NOT a.attisdropped
        AND format_type(a.atttypid, a.atttypmod) = e.tipo AND a.attnotnull <> e.nulo
    )
    UNION ALL
    SELECT format('valor por defecto de %s.%s', e.tabla, e.columna)
    FROM (VALUES
      ('logs.ejecuciones', 'estado'),
      ('logs.ejecuciones', 'fechainicio'),
      ('logs.ejecucion_fondos', 'flag_ubs'),
      ('logs.ejecucion_fondos', 'flag_derivados'),
      ('logs.ejecucion_fondos', 'estado_process_ipa'),
      ('logs.ejecucion_fondos', 'estado_process_capm'),
      ('logs.ejecucion_fondos', 'estado_process_posmodrf'),
      ('logs.ejecucion_fondos', 'estado_process_sona'),
      ('logs.ejecucion_fondos', 'estado_process_derivados'),
      ('logs.ejecucion_fondos', 'estado_process_ubs'),
      ('logs.ejecucion_fondos', 'estado_process_pnl')
    ) AS e (tabla, columna)
    WHERE NOT EXISTS (
      SELECT FROM pg_attribute AS a
      WHERE a.attrelid = to_regclass(e.tabla) AND a.attname = e.columna AND a.atthasdef
    )
    UNION ALL
    SELECT format('restriccion %s de %s', e.nombre, e.tabla)
    FROM (VALUES
      ('logs.ejecuciones', 'pk_ejecuciones'),
      ('logs.ejecuciones', 'ck_ejecuciones_estado'),
      ('logs.ejecucion_fondos', 'pk_ejecucion_fondos'),
      ('logs.ejecucion_fondos', 'fk_ejecucion_fondos_ejecuciones'),
      ('logs.ejecucion_fondos', 'ck_ejecucion_fondos_estado_ipa'),
      ('logs.ejecucion_fondos', 'ck_ejecucion_fondos_estado_capm'),
      ('logs.ejecucion_fondos', 'ck_ejecucion_fondos_estado_posmodrf'),
      ('logs.ejecucion_fondos', 'ck_ejecucion_fondos_estado_sona'),
      ('logs.ejecucion_fondos', 'ck_ejecucion_fondos_estado_derivados'),
      ('logs.ejecucion_fondos', 'ck_ejecucion_fondos_estado_ubs'),
      ('logs.ejecucion_fondos', 'ck_ejecucion_fondos_estado_pnl')
    ) AS e (tabla, nombre)
    WHERE NOT EXISTS (
      SELECT FROM pg_constraint AS c WHERE c.conrelid = to_regclass(e.tabla) AND c.conname = e.nombre
    )
    UNION ALL
    SELECT 'indice ' || e.nombre
    FROM (VALUES
      ('logs.ix_ejecuciones_fechareporte')
    ) AS e (nombre)
    WHERE NOT EXISTS (
      SELECT FROM pg_index AS i WHERE i.indexrelid = to_regclass(e.nombre) AND i.indisvalid
    )
  ) AS f (que);

  IF v_falta IS NOT NULL THEN
    RAISE EXCEPTION '006_logs: falta %', v_falta USING ERRCODE = 'UC422';
  END IF;
END
$verificar$;
