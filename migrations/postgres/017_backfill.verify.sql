/* Comprueba 017: calla si todo esta; si no, UC422 y lo que falta. Solo lee. */
DO $$
DECLARE
  v_falta text;
BEGIN
  SELECT string_agg(f.nombre, ', ') INTO v_falta
  FROM (
    SELECT v.nombre
    FROM (VALUES
      ('logs.backfill_tablas'), ('logs.backfill_estado'), ('logs.backfill_ejecuciones'), ('logs.backfill_mapa'),
      ('logs.backfill_apartados'), ('logs.backfill_medidas'), ('logs.ix_backfill_mapa_fecha')) AS v (nombre)
    WHERE to_regclass(v.nombre) IS NULL
  ) AS f;
  IF v_falta IS NULL AND NOT EXISTS (SELECT FROM logs.Backfill_Estado AS e WHERE e.id = 1) THEN
    v_falta := 'la fila de logs.Backfill_Estado';
  END IF;
  IF v_falta IS NOT NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'UC422', MESSAGE = '017_backfill: falta ' || v_falta;
  END IF;
END
$$;
