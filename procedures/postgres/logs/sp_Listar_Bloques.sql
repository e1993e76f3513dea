SET LOCAL ROLE carril_dueno;

/*
  The error blocks of one review that begin in a range of bytes, in the file's order, at most @Maximo: the next page begins after
  the last Byte_Inicio of this one. The text is cut at 4,000 characters; its range of bytes is whole.

  Returns: many
    ID_Chunk       bigint          null      which chunk found it; none in a sequential review
    Byte_Inicio    bigint          not null
    Byte_Fin       bigint          not null
    Nivel          varchar(20)     not null
    Momento        datetime2(3)    null
    Firma          nvarchar(400)   not null
    Primera_Linea  nvarchar(1000)  not null
    Texto          nvarchar(4000)  not null
  Errors: 50400
  Touches: logs.Bloques_Error read
  Batch: none
  Entry: carril_app, carril_lector
  Since: 022
*/
CREATE OR REPLACE FUNCTION logs.sp_Listar_Bloques(
  p_ID_Trabajo bigint,
  p_Desde bigint DEFAULT 0,
  p_Hasta bigint DEFAULT NULL,
  p_Maximo integer DEFAULT 1000
)
RETURNS TABLE (
  ID_Chunk bigint,
  Byte_Inicio bigint,
  Byte_Fin bigint,
  Nivel text,
  Momento timestamptz,
  Firma text,
  Primera_Linea text,
  Texto text
)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  v_archivo bigint;
BEGIN
  IF p_ID_Trabajo IS NULL OR p_Desde IS NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400', MESSAGE = 'p_ID_Trabajo y p_Desde son obligatorios';
  END IF;
  IF p_Maximo IS NULL OR p_Maximo NOT BETWEEN 1 AND 2000 THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400', MESSAGE = 'p_Maximo debe estar entre 1 y 2000';
  END IF;

  -- una revision es de un solo archivo, y la clave de los bloques empieza por el
  SELECT b.id_archivo INTO v_archivo FROM logs.Bloques_Error AS b WHERE b.id_trabajo = p_ID_Trabajo LIMIT 1;

  RETURN QUERY
  SELECT
    b.id_chunk, b.byte_inicio, b.byte_fin, b.nivel::text, b.momento::timestamptz, b.firma::text, b.primera_linea::text,
    left(b.texto, 4000)
  FROM logs.Bloques_Error AS b
  WHERE b.id_archivo = v_archivo AND b.id_trabajo = p_ID_Trabajo
    AND b.byte_inicio >= p_Desde AND (p_Hasta IS NULL OR b.byte_inicio < p_Hasta)
  ORDER BY b.byte_inicio
  LIMIT p_Maximo;
END
$$;
GRANT EXECUTE ON FUNCTION logs.sp_Listar_Bloques TO carril_app, carril_lector;
