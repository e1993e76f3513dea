-- Comprueba, sin escribir nada, que esta todo lo que crea 012_procesos; si no, UC422 con lo que falta.
DO $verificar$
DECLARE
  v_falta text;
BEGIN
  SELECT string_agg(f.que, ', ') INTO v_falta
  FROM (
    SELECT format('columna %s.%s %s%s', e.tabla, e.columna, e.tipo, CASE WHEN e.nulo THEN '' ELSE ' NOT NULL' END)
    FROM (VALUES
      ('logs.procesos', 'id_proceso', 'bigint', false),
      ('logs.procesos', 'fechareporte', 'date', false),
      ('logs.procesos', 'estado', 'character varying(50)', false),
      ('logs.procesos', 'etapa_actual', 'character varying(50)', true),
      ('logs.procesos', 'usuario', 'character varying(100)', true),
      ('logs.procesos', 'arquitectura', 'character varying(20)', false),
      ('logs.procesos', 'fechainicio', 'timestamp(3) with time zone', false),
      ('logs.procesos', 'fechafin', 'timestamp(3) with time zone', true),
      ('logs.procesos', 'totalfondos', 'integer', false),
      ('logs.procesos', 'fondosexitosos', 'integer', false),
      ('logs.procesos', 'fondosfallidos', 'integer', false),
      ('logs.procesos', 'fondosomitidos', 'integer', false)
    ) AS e (tabla, columna, tipo, nulo)
    WHERE NOT EXISTS (
      SELECT FROM pg_attribute AS a
      WHERE a.attrelid = to_regclass(e.tabla) AND a.attname = e.columna AND NOT a.attisdropped
        AND format_type(a.atttypid, a.atttypmod) = e.tipo AND a.attnotnull <> e.nulo
    )
    UNION ALL
    SELECT format('valor por defecto de %s.%s', e.tabla, e.columna)
    FROM (VALUES
      ('logs.procesos', 'estado'),
      ('logs.procesos', 'arquitectura'),
      ('logs.procesos', 'fechainicio'),
      ('logs.procesos', 'totalfondos'),
      ('logs.procesos', 'fondosexitosos'),
      ('logs.procesos', 'fondosfallidos'),
      ('logs.procesos', 'fondosomitidos')
    ) AS e (tabla, columna)
    WHERE NOT EXISTS (
      SELECT FROM pg_attribute AS a
      WHERE a.attrelid = to_regclass(e.tabla) AND a.attname = e.columna AND a.atthasdef
    )
    UNION ALL
    SELECT format('restriccion %s de %s', e.nombre, e.tabla)
    FROM (VALUES
      ('logs.procesos', 'pk_procesos'),
      ('logs.procesos', 'ck_procesos_estado'),
      ('logs.procesos', 'ck_procesos_arquitectura')
    ) AS e (tabla, nombre)
    WHERE NOT EXISTS (
      SELECT FROM pg_constraint AS c WHERE c.conrelid = to_regclass(e.tabla) AND c.conname = e.nombre
    )
    UNION ALL
    SELECT 'indice ' || e.nombre
    FROM (VALUES
      ('logs.ix_procesos_fechareporte'),
      ('logs.ix_procesos_estado'),
      ('logs.ix_procesos_fechainicio')
    ) AS e (nombre)
    WHERE NOT EXISTS (
      SELECT FROM pg_index AS i WHERE i.indexrelid = to_regclass(e.nombre) AND i.indisvalid
    )
  ) AS f (que);

  IF v_falta IS NOT NULL THEN
    RAISE EXCEPTION '012_procesos: falta %', v_falta USING ERRCODE = 'UC422';
  END IF;
END
$verificar$;
