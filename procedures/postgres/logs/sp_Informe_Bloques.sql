SET LOCAL ROLE carril_dueno;

/*
  The error blocks of one review, or of a file (the newest with that path), grouped by signature and level, the most frequent
  first. Exactly one of @ID_Trabajo and @Ruta. A block that grew is counted by the review that read it last.

  Returns: many
    Firma          nvarchar(400)   not null
    Nivel          varchar(20)     not null
    Veces          int             not null
    Primero        datetime2(3)    null      first seen, by the time stamps in the log
    Ultimo         datetime2(3)    null      last seen
    Ejemplo        nvarchar(1000)  not null  first line of the earliest block
    Ejemplo_Inicio  bigint         not null  where that block begins
  Errors: 50400, 50404, 50409
  Touches: trabajo.Trabajos read, logs.Archivos read, logs.Bloques_Error read
  Batch: none
  Entry: carril_app, carril_lector
  Since: 022
*/
CREATE OR REPLACE FUNCTION logs.sp_Informe_Bloques(
  p_ID_Trabajo bigint DEFAULT NULL,
  p_Ruta text DEFAULT NULL,
  p_Maximo integer DEFAULT 100
)
RETURNS TABLE (
  Firma text,
  Nivel text,
  Veces integer,
  Primero timestamptz,
  Ultimo timestamptz,
  Ejemplo text,
  Ejemplo_Inicio bigint
)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  v_archivo bigint;
  v_tipo text;
BEGIN
  IF (p_ID_Trabajo IS NULL) = (p_Ruta IS NULL) THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400', MESSAGE = 'uno de los dos, p_ID_Trabajo o p_Ruta';
  END IF;
  IF p_Maximo IS NULL OR p_Maximo NOT BETWEEN 1 AND 10000 THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400', MESSAGE = 'p_Maximo debe estar entre 1 y 10000';
  END IF;

  IF p_ID_Trabajo IS NOT NULL THEN
    SELECT t.tipo INTO v_tipo FROM trabajo.Trabajos AS t WHERE t.id_trabajo = p_ID_Trabajo;
    IF NOT FOUND THEN
      RAISE EXCEPTION USING ERRCODE = 'UC404', MESSAGE = format('no existe el trabajo %s', p_ID_Trabajo);
    END IF;
    IF v_tipo NOT IN ('LOGS', 'LOGS_SECUENCIAL') THEN
      RAISE EXCEPTION USING ERRCODE = 'UC409', MESSAGE = format(
        'el trabajo %s es de tipo %s: no es la revision de un log', p_ID_Trabajo, v_tipo);
    END IF;
  ELSE
    SELECT max(a.id_archivo) INTO v_archivo FROM logs.Archivos AS a WHERE a.ruta = p_Ruta;
    IF v_archivo IS NULL THEN
      RAISE EXCEPTION USING ERRCODE = 'UC404', MESSAGE = 'no se ha revisado ningun archivo con esa ruta';
    END IF;
  END IF;

  -- una de las dos mitades esta vacia: su valor es NULL
  RETURN QUERY
  SELECT g.firma::text, g.nivel::text, g.veces, g.primero, g.ultimo, e.primera_linea::text, g.inicio
  FROM (
    SELECT
      b.id_archivo, b.firma, b.nivel, count(*)::integer AS veces, min(b.momento) AS primero, max(b.momento) AS ultimo,
      min(b.byte_inicio) AS inicio
    FROM (
      SELECT x.id_archivo, x.firma, x.nivel, x.momento, x.byte_inicio
      FROM logs.Bloques_Error AS x
      WHERE x.id_trabajo = p_ID_Trabajo
      UNION ALL
      SELECT y.id_archivo, y.firma, y.nivel, y.momento, y.byte_inicio
      FROM logs.Bloques_Error AS y
      WHERE y.id_archivo = v_archivo
    ) AS b
    GROUP BY b.id_archivo, b.firma, b.nivel
    ORDER BY count(*) DESC, min(b.byte_inicio)
    LIMIT p_Maximo
  ) AS g
  INNER JOIN logs.Bloques_Error AS e ON e.id_archivo = g.id_archivo AND e.byte_inicio = g.inicio
  ORDER BY g.veces DESC, g.inicio;
END
$$;
GRANT EXECUTE ON FUNCTION logs.sp_Informe_Bloques TO carril_app, carril_lector;
