SET LOCAL ROLE carril_dueno;

/*
  Writes the error blocks that begin in a part of a file, [@Desde, @Hasta), in place of those that were there: the old ones
  are deleted, the given ones, which must all begin inside, inserted. Only the newest review of a file writes; one that was
  overtaken (an older job that was retried) is told so with 50409. At most 20,000 blocks a call.

  Returns: output
    Escritos  int  not null
  Errors: 50400, 50409
  Touches: logs.Archivos read, logs.Bloques_Error write
  Batch: 2000
  Step: called inside the caller's transaction
  Since: 022
*/
CREATE OR REPLACE FUNCTION logs.sp_Escribir_Bloques(
  p_ID_Trabajo bigint,
  p_ID_Chunk bigint,
  p_Desde bigint,
  p_Hasta bigint,
  p_Bloques jsonb,
  OUT p_Escritos integer
)
LANGUAGE plpgsql VOLATILE SECURITY INVOKER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  v_archivo bigint;
  v_malo record;
BEGIN
  IF p_Desde IS NULL OR p_Hasta IS NULL OR p_Desde < 0 OR p_Hasta < p_Desde THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400',
      MESSAGE = 'p_Desde y p_Hasta son obligatorios, y p_Hasta no puede ser menor';
  END IF;
  IF jsonb_array_length(p_Bloques) > 20000 THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400', MESSAGE = 'p_Bloques: como mucho 20000 por llamada';
  END IF;
  SELECT x."Byte_Inicio" AS inicio, x."Byte_Fin" AS fin INTO v_malo
  FROM jsonb_to_recordset(p_Bloques) AS x ("Byte_Inicio" bigint, "Byte_Fin" bigint)
  WHERE x."Byte_Inicio" < p_Desde OR x."Byte_Inicio" >= p_Hasta OR x."Byte_Fin" <= x."Byte_Inicio"
  ORDER BY x."Byte_Inicio"
  LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400', MESSAGE = format(
      'el bloque de bytes %s a %s no comienza entre %s y %s, o termina antes de comenzar',
      v_malo.inicio, v_malo.fin, p_Desde, p_Hasta);
  END IF;

  SELECT a.id_archivo INTO v_archivo FROM logs.Archivos AS a WHERE a.id_ultimo_trabajo = p_ID_Trabajo;
  IF NOT FOUND THEN
    RAISE EXCEPTION USING ERRCODE = 'UC409', MESSAGE = format(
      'el trabajo %s ya no es la ultima revision de su archivo: no escribe bloques', p_ID_Trabajo);
  END IF;

  -- la primera vez no hay nada; al repetir un intento, lo del anterior
  DELETE FROM logs.Bloques_Error AS b
  WHERE b.id_archivo = v_archivo AND b.byte_inicio >= p_Desde AND b.byte_inicio < p_Hasta;

  INSERT INTO logs.Bloques_Error (
    id_archivo, byte_inicio, byte_fin, id_trabajo, id_chunk, nivel, momento, firma, primera_linea, texto, recortado)
  SELECT
    v_archivo, x."Byte_Inicio", x."Byte_Fin", p_ID_Trabajo, p_ID_Chunk, x."Nivel", x."Momento", x."Firma",
    x."Primera_Linea", x."Texto", x."Recortado"
  FROM jsonb_to_recordset(p_Bloques) AS x (
    "Byte_Inicio" bigint, "Byte_Fin" bigint, "Nivel" text, "Momento" timestamptz, "Firma" text, "Primera_Linea" text,
    "Texto" text, "Recortado" boolean);
  GET DIAGNOSTICS p_Escritos = ROW_COUNT;
END
$$;
