-- Comprueba, sin escribir nada, que esta todo lo que crea 007_lo_procesos; si no, UC422 con lo que falta.
-- Solo las columnas: una migracion posterior convierte la tabla en una vista del mismo nombre, y eso tambien vale.
DO $verificar$
DECLARE
  v_falta text;
BEGIN
  SELECT string_agg(f.que, ', ') INTO v_falta
  FROM (
    SELECT 'columna public.lo_procesos.' || e.columna
    FROM (VALUES
      ('id'),
      ('proceso'),
      ('usuario'),
      ('fecha_inicio'),
      ('fecha_fin'),
      ('mensaje')
    ) AS e (columna)
    WHERE NOT EXISTS (
      SELECT FROM pg_attribute AS a
      WHERE a.attrelid = to_regclass('public.lo_procesos') AND a.attname = e.columna AND NOT a.attisdropped
    )
  ) AS f (que);

  IF v_falta IS NOT NULL THEN
    RAISE EXCEPTION '007_lo_procesos: falta %', v_falta USING ERRCODE = 'UC422';
  END IF;
END
$verificar$;
