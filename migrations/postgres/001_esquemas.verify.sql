-- Comprueba, sin escribir nada, que esta todo lo que crea 001_esquemas; si no, UC422 con lo que falta.
DO $verificar$
DECLARE
  v_falta text;
BEGIN
  SELECT string_agg(f.que, ', ') INTO v_falta
  FROM (
    SELECT 'esquema ' || e.nombre
    FROM (VALUES
      ('dimensionales'),
      ('homol'),
      ('extract'),
      ('staging'),
      ('logs'),
      ('trabajo'),
      ('nomina')
    ) AS e (nombre)
    WHERE to_regnamespace(e.nombre) IS NULL
    UNION ALL
    SELECT 'rol ' || e.nombre
    FROM (VALUES
      ('carril_dueno'),
      ('carril_app'),
      ('carril_carga'),
      ('carril_lector'),
      ('carril_dba')
    ) AS e (nombre)
    WHERE to_regrole(e.nombre) IS NULL
    UNION ALL
    SELECT 'que carril_dueno sea dueno del esquema ' || n.nspname
    FROM pg_namespace AS n
    WHERE n.nspname = ANY ('{dimensionales,homol,extract,staging,logs,trabajo,nomina}') AND n.nspowner <> to_regrole('carril_dueno')
  ) AS f (que);

  IF v_falta IS NOT NULL THEN
    RAISE EXCEPTION '001_esquemas: falta %', v_falta USING ERRCODE = 'UC422';
  END IF;
END
$verificar$;
