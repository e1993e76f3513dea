-- Comprueba, sin escribir nada, que esta todo lo que crea 014_ids_y_ajustes; si no, UC422 con lo que falta.
DO $verificar$
DECLARE
  v_falta text;
BEGIN
  SELECT string_agg(f.que, ', ') INTO v_falta
  FROM (
    SELECT format('columna %s.%s %s%s', e.tabla, e.columna, e.tipo, CASE WHEN e.nulo THEN '' ELSE ' NOT NULL' END)
    FROM (VALUES
      ('logs.ajustes', 'ajuste', 'character varying(50)', false),
      ('logs.ajustes', 'id_fund', 'integer', true),
      ('logs.ajustes', 'valor', 'character varying(200)', false),
      ('logs.ajustes', 'fechacambio', 'timestamp(3) with time zone', false),
      ('logs.ajustes', 'usuario', 'character varying(100)', false),
      ('logs.servicios', 'servicio', 'character varying(50)', false),
      ('logs.servicios', 'orden', 'integer', false),
      ('logs.servicios', 'flag', 'character varying(50)', true),
      ('logs.servicios', 'depende_de', 'character varying(50)', true),
      ('logs.servicios', 'activo', 'boolean', false),
      ('logs.servicio_procedimientos', 'servicio', 'character varying(50)', false),
      ('logs.servicio_procedimientos', 'orden', 'integer', false),
      ('logs.servicio_procedimientos', 'procedimiento', 'character varying(256)', false)
    ) AS e (tabla, columna, tipo, nulo)
    WHERE NOT EXISTS (
      SELECT FROM pg_attribute AS a
      WHERE a.attrelid = to_regclass(e.tabla) AND a.attname = e.columna AND NOT a.attisdropped
        AND format_type(a.atttypid, a.atttypmod) = e.tipo AND a.attnotnull <> e.nulo
    )
    UNION ALL
    SELECT format('valor por defecto de %s.%s', e.tabla, e.columna)
    FROM (VALUES
      ('logs.ajustes', 'fechacambio'),
      ('logs.ajustes', 'usuario'),
      ('logs.servicios', 'activo')
    ) AS e (tabla, columna)
    WHERE NOT EXISTS (
      SELECT FROM pg_attribute AS a
      WHERE a.attrelid = to_regclass(e.tabla) AND a.attname = e.columna AND a.atthasdef
    )
    UNION ALL
    SELECT format('restriccion %s de %s', e.nombre, e.tabla)
    FROM (VALUES
      ('logs.ajustes', 'uq_ajustes'),
      ('logs.ajustes', 'ck_ajustes_arquitectura'),
      ('logs.servicios', 'pk_servicios'),
      ('logs.servicios', 'uq_servicios_orden'),
      ('logs.servicios', 'fk_servicios_depende_de'),
      ('logs.servicios', 'ck_servicios_flag'),
      ('logs.servicios', 'ck_servicios_depende_de'),
      ('logs.servicio_procedimientos', 'pk_servicio_procedimientos'),
      ('logs.servicio_procedimientos', 'fk_servicio_procedimientos_servicios'),
      ('logs.servicio_procedimientos', 'ck_servicio_procedimientos_esquema')
    ) AS e (tabla, nombre)
    WHERE NOT EXISTS (
      SELECT FROM pg_constraint AS c WHERE c.conrelid = to_regclass(e.tabla) AND c.conname = e.nombre
    )
    UNION ALL
    SELECT 'secuencia logs.seq_id'
    WHERE NOT EXISTS (SELECT FROM pg_sequence AS s WHERE s.seqrelid = to_regclass('logs.seq_id'))
  ) AS f (que);

  IF v_falta IS NOT NULL THEN
    RAISE EXCEPTION '014_ids_y_ajustes: falta %', v_falta USING ERRCODE = 'UC422';
  END IF;

  -- despues de las tablas: sin ellas esta consulta no se podria ni preparar
  SELECT string_agg(f.que, ', ') INTO v_falta
  FROM (
    SELECT 'el ajuste general ARQUITECTURA'
    WHERE NOT EXISTS (SELECT FROM logs.ajustes AS a WHERE a.ajuste = 'ARQUITECTURA' AND a.id_fund IS NULL)
    UNION ALL
    SELECT 'los procedimientos del servicio IPA'
    WHERE NOT EXISTS (SELECT FROM logs.servicio_procedimientos AS p WHERE p.servicio = 'IPA')
  ) AS f (que);

  IF v_falta IS NOT NULL THEN
    RAISE EXCEPTION '014_ids_y_ajustes: falta %', v_falta USING ERRCODE = 'UC422';
  END IF;
END
$verificar$;
