-- Comprueba, sin escribir nada, que esta todo lo que crea 013_ejecuciones_id_proceso; si no, UC422 con lo que falta.
DO $verificar$
DECLARE
  v_falta text;
BEGIN
  SELECT string_agg(f.que, ', ') INTO v_falta
  FROM (
    SELECT format('columna %s.%s %s%s', e.tabla, e.columna, e.tipo, CASE WHEN e.nulo THEN '' ELSE ' NOT NULL' END)
    FROM (VALUES
      ('logs.ejecuciones', 'id_proceso', 'bigint', true),
      ('logs.ejecuciones', 'id_fund', 'integer', true)
    ) AS e (tabla, columna, tipo, nulo)
    WHERE NOT EXISTS (
      SELECT FROM pg_attribute AS a
      WHERE a.attrelid = to_regclass(e.tabla) AND a.attname = e.columna AND NOT a.attisdropped
        -- logs.sp_Backfill_Terminar hace ID_Proceso NOT NULL
        AND format_type(a.atttypid, a.atttypmod) = e.tipo AND (a.attnotnull <> e.nulo OR e.columna = 'id_proceso')
    )
    UNION ALL
    SELECT 'indice ' || e.nombre
    FROM (VALUES
      ('logs.ix_ejecuciones_proceso'),
      ('logs.ix_ejecuciones_fund')
    ) AS e (nombre)
    WHERE NOT EXISTS (
      SELECT FROM pg_index AS i WHERE i.indexrelid = to_regclass(e.nombre) AND i.indisvalid
    )
    UNION ALL
    SELECT 'la FK fk_ejecuciones_procesos ON DELETE CASCADE'
    WHERE NOT EXISTS (
      SELECT FROM pg_constraint AS c
      WHERE c.conrelid = to_regclass('logs.ejecuciones') AND c.conname = 'fk_ejecuciones_procesos'
        AND c.confrelid = to_regclass('logs.procesos') AND c.confdeltype = 'c'
    )
  ) AS f (que);

  IF v_falta IS NOT NULL THEN
    RAISE EXCEPTION '013_ejecuciones_id_proceso: falta %', v_falta USING ERRCODE = 'UC422';
  END IF;
END
$verificar$;
