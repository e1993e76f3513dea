SET LOCAL ROLE carril_dueno;

/*
  Creates a job with its chunks in one transaction. Under an idempotency key that exists already it creates nothing and gives
  the job of that key back, whatever the other arguments say. A job may have no chunks: its finalizer completes it.

  Returns: output
    ID_Trabajo  bigint  not null
    Creado      bit     not null  0: the job of this key existed
  Errors: 50400, 50408, 50409, 50499
  Touches: trabajo.Trabajos write, trabajo.Chunks write
  Batch: 2000
  Entry: carril_app
  Since: 018
*/
CREATE OR REPLACE FUNCTION trabajo.sp_Crear_Trabajo(
  p_Tipo text,
  p_Clave text DEFAULT NULL,
  p_Parametros text DEFAULT NULL,
  p_Max_Intentos integer DEFAULT 3,
  p_Usuario text DEFAULT NULL,
  p_Chunks jsonb DEFAULT '[]',
  OUT p_ID_Trabajo bigint,
  OUT p_Creado boolean
)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  v_clave text := rtrim(p_Clave);
  v_malo integer;
BEGIN
  p_Creado := false;
  IF p_Tipo IS NULL OR btrim(p_Tipo) = '' THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400', MESSAGE = 'p_Tipo es obligatorio';
  END IF;
  IF v_clave = '' THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400', MESSAGE = 'p_Clave no puede ser vacia: NULL si no hay clave';
  END IF;
  IF p_Max_Intentos IS NULL OR p_Max_Intentos NOT BETWEEN 1 AND 100 THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400', MESSAGE = 'p_Max_Intentos debe estar entre 1 y 100';
  END IF;
  IF NOT (p_Parametros IS JSON OBJECT OR p_Parametros IS JSON ARRAY) THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400', MESSAGE = 'p_Parametros debe ser un objeto o un arreglo JSON';
  END IF;
  SELECT x."Orden" INTO v_malo
  FROM jsonb_to_recordset(p_Chunks) AS x ("Orden" integer, "Rango_Inicio" bigint, "Rango_Fin" bigint, "Peso" numeric)
  WHERE x."Rango_Fin" < x."Rango_Inicio" OR x."Peso" < 0
  ORDER BY x."Orden"
  LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400',
      MESSAGE = format('el chunk de orden %s tiene un rango al reves o un peso negativo', v_malo);
  END IF;

  IF v_clave IS NOT NULL THEN
    -- dos llamadas con la misma clave: la segunda espera aqui y encuentra el trabajo de la primera
    PERFORM trabajo.sp_Bloquear('carril:clave:' || v_clave, 'Exclusive', 15000);
    SELECT t.id_trabajo INTO p_ID_Trabajo FROM trabajo.Trabajos AS t WHERE t.clave = v_clave;
    IF FOUND THEN
      RETURN;
    END IF;
  END IF;

  INSERT INTO trabajo.Trabajos (tipo, clave, parametros, max_intentos, usuario)
  VALUES (p_Tipo, v_clave, p_Parametros, p_Max_Intentos, COALESCE(p_Usuario, session_user))
  RETURNING id_trabajo INTO p_ID_Trabajo;
  p_Creado := true;

  INSERT INTO trabajo.Chunks (id_trabajo, orden, rango_inicio, rango_fin, recurso, peso, no_antes_de)
  SELECT p_ID_Trabajo, x."Orden", x."Rango_Inicio", x."Rango_Fin", x."Recurso", x."Peso", x."No_Antes_De"
  FROM jsonb_to_recordset(p_Chunks) AS x (
    "Orden" integer, "Rango_Inicio" bigint, "Rango_Fin" bigint, "Recurso" text, "Peso" numeric(12, 2),
    "No_Antes_De" timestamptz)
  ORDER BY x."Orden";
END
$$;
GRANT EXECUTE ON FUNCTION trabajo.sp_Crear_Trabajo TO carril_app;
