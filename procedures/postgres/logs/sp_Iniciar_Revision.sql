SET LOCAL ROLE carril_dueno;

/*
  Starts a review of a log file's bytes [@Desde, @Hasta), in one transaction: the file's row, the job, and for kind LOGS its
  chunks, which must cover the range without a gap or an overlap (compressed input: one chunk). With @Secuencial = 1 the job is
  of kind LOGS_SECUENCIAL and has no chunks. Without @ID_Archivo the file is new to the database, also when one with that path
  is known: it was replaced. id_archivo, ruta, desde and hasta in @Parametros are written here.

  A review of that path that is running: if it is of the same file, kind, options and range, it is given back with Creado = 0,
  so two scans at once join; one that was cancelled, or that lacks nothing but its end, is ended first; else 50409, naming it.
  No byte is skipped: @Desde cannot lie behind where the next review of the file begins, and other options than last time mean
  from 0 on; the file counts as unread until such a review is complete.

  Returns: one
    ID_Trabajo  bigint  not null
    ID_Archivo  bigint  not null
    Creado      bit     not null  0: that review was running already
  Errors: 50400, 50404, 50408, 50409, 50499
  Touches: logs.Archivos write, trabajo.Trabajos write, trabajo.Chunks write
  Batch: 2000
  Entry: carril_app
  Since: 022
*/
CREATE OR REPLACE FUNCTION logs.sp_Iniciar_Revision(
  p_Ruta text,
  p_Huella text,
  p_Huella_Bytes integer,
  p_Opciones text,
  p_Desde bigint,
  p_Hasta bigint,
  p_ID_Archivo bigint DEFAULT NULL,
  p_Secuencial boolean DEFAULT false,
  p_Parametros text DEFAULT NULL,
  p_Usuario text DEFAULT NULL,
  p_Chunks jsonb DEFAULT '[]'
)
RETURNS TABLE (
  ID_Trabajo bigint,
  ID_Archivo bigint,
  Creado boolean
)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  v_tipo text := CASE WHEN p_Secuencial THEN 'LOGS_SECUENCIAL' ELSE 'LOGS' END;
  v_parametros jsonb;
  v_comprimido boolean;
  v_mal record;
  v_vivo record;
  v_archivo record;
  v_id_archivo bigint := p_ID_Archivo;
  v_trabajo bigint;
BEGIN
  IF p_Ruta IS NULL OR p_Ruta = '' OR p_Ruta LIKE '% ' THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400',
      MESSAGE = 'p_Ruta es obligatoria, y no puede terminar en un espacio: SQL Server no lo distinguiria';
  END IF;
  IF p_Huella IS NULL OR length(p_Huella) <> 64 OR p_Opciones IS NULL OR length(p_Opciones) <> 64 THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400',
      MESSAGE = 'p_Huella y p_Opciones deben ser sha256 en hexadecimal: 64 caracteres';
  END IF;
  IF p_Huella_Bytes IS NULL OR p_Huella_Bytes < 0 THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400', MESSAGE = 'p_Huella_Bytes es obligatorio y no puede ser negativo';
  END IF;
  IF p_Desde IS NULL OR p_Hasta IS NULL OR p_Desde < 0 OR p_Hasta < p_Desde THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400',
      MESSAGE = 'p_Desde y p_Hasta son obligatorios, y p_Hasta no puede ser menor';
  END IF;
  IF p_Secuencial IS NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400', MESSAGE = 'p_Secuencial es obligatorio';
  END IF;
  IF NOT COALESCE(p_Parametros, '{}') IS JSON OBJECT THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400', MESSAGE = 'p_Parametros debe ser un objeto JSON';
  END IF;

  v_parametros := COALESCE(p_Parametros, '{}')::jsonb;
  v_comprimido := COALESCE(v_parametros ->> 'gzip' = 'true', false);
  IF p_Secuencial AND jsonb_array_length(p_Chunks) > 0 THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400', MESSAGE = 'p_Chunks: una revision secuencial no tiene';
  END IF;
  IF v_comprimido AND NOT p_Secuencial AND jsonb_array_length(p_Chunks) <> 1 THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400', MESSAGE = 'p_Chunks: lo comprimido se lee de una vez, en un chunk';
  END IF;
  IF NOT v_comprimido AND NOT p_Secuencial THEN
    SELECT y.* INTO v_mal
    FROM (
      SELECT
        x."Orden" AS orden, x."Rango_Inicio" AS inicio, x."Rango_Fin" AS fin, x."Peso" AS peso,
        lag(x."Rango_Fin", 1, p_Desde) OVER (ORDER BY x."Rango_Inicio" NULLS FIRST) AS antes
      FROM jsonb_to_recordset(p_Chunks) AS x ("Orden" integer, "Rango_Inicio" bigint, "Rango_Fin" bigint, "Peso" numeric)
    ) AS y
    WHERE y.inicio IS NULL OR y.fin IS NULL OR y.inicio <> y.antes OR y.fin <= y.inicio OR y.peso < 0
    ORDER BY y.inicio NULLS FIRST
    LIMIT 1;
    IF FOUND THEN
      RAISE EXCEPTION USING ERRCODE = 'UC400', MESSAGE = format(
        'el chunk de orden %s va de %s a %s y debe comenzar en %s, terminar despues y no pesar menos de 0',
        v_mal.orden, v_mal.inicio, v_mal.fin, v_mal.antes);
    END IF;
    IF p_Hasta <> COALESCE(
      (SELECT max(x."Rango_Fin") FROM jsonb_to_recordset(p_Chunks) AS x ("Rango_Fin" bigint)), p_Desde)
    THEN
      RAISE EXCEPTION USING ERRCODE = 'UC400', MESSAGE = format('los chunks no llegan hasta %s, o pasan de ahi', p_Hasta);
    END IF;
  END IF;

  -- dos a la vez sobre una ruta: la segunda espera aqui y encuentra la revision de la primera
  PERFORM trabajo.sp_Bloquear('carril:clave:logs:' || p_Ruta, 'Exclusive', 15000);

  LOOP
    SELECT
      t.id_trabajo, a.id_archivo, t.tipo, t.cancelado,
      t.tipo = v_tipo AND NOT t.cancelado AND a.id_archivo = COALESCE(p_ID_Archivo, a.id_archivo)
        AND a.huella = p_Huella AND a.huella_bytes = p_Huella_Bytes AND a.opciones = p_Opciones
        AND (t.parametros::jsonb ->> 'desde')::bigint = p_Desde
        AND (t.parametros::jsonb ->> 'hasta')::bigint = p_Hasta AS igual
    INTO v_vivo
    FROM logs.Archivos AS a
    INNER JOIN trabajo.Trabajos AS t ON t.id_trabajo = a.id_ultimo_trabajo
    WHERE a.ruta = p_Ruta AND t.estado = 'EN_PROGRESO'
    ORDER BY a.id_archivo DESC
    LIMIT 1;
    EXIT WHEN NOT FOUND;

    IF v_vivo.igual THEN
      RETURN QUERY SELECT v_vivo.id_trabajo, v_vivo.id_archivo, false;
      RETURN;
    END IF;
    -- si solo le falta terminar, se termina; si no, estorba
    IF v_vivo.cancelado OR (v_vivo.tipo = 'LOGS' AND trabajo.sp_Restantes(v_vivo.id_trabajo) = 0) THEN
      PERFORM trabajo.sp_Bloquear('carril:trabajo:' || v_vivo.id_trabajo, 'Exclusive', 15000);
      PERFORM logs.sp_Cerrar_Revision(v_vivo.id_trabajo);
    END IF;
    PERFORM FROM trabajo.Trabajos AS t WHERE t.id_trabajo = v_vivo.id_trabajo AND t.estado = 'EN_PROGRESO';
    IF FOUND THEN
      RAISE EXCEPTION USING ERRCODE = 'UC409', MESSAGE = format(
        'el trabajo %s (%s) %s', v_vivo.id_trabajo, v_vivo.tipo,
        CASE
          WHEN v_vivo.cancelado THEN 'de ese archivo fue cancelado y un carril tiene todavia parte de el: espere'
          ELSE 'ya revisa ese archivo, con otro alcance u otras opciones: espere a que termine, o cancelelo'
        END);
    END IF;
  END LOOP;

  IF v_id_archivo IS NULL THEN
    IF p_Desde <> 0 THEN
      RAISE EXCEPTION USING ERRCODE = 'UC409', MESSAGE = 'un archivo nuevo se revisa desde 0';
    END IF;
    INSERT INTO logs.Archivos (ruta, huella, huella_bytes, opciones)
    VALUES (p_Ruta, p_Huella, p_Huella_Bytes, p_Opciones)
    RETURNING id_archivo INTO v_id_archivo;
  ELSE
    SELECT
      a.huella, a.huella_bytes, a.leido, CASE WHEN a.opciones = p_Opciones THEN a.reanudar_en ELSE 0 END AS desde,
      EXISTS (SELECT FROM logs.Archivos AS n WHERE n.ruta = p_Ruta AND n.id_archivo > v_id_archivo) AS reemplazado
    INTO v_archivo
    FROM logs.Archivos AS a
    WHERE a.id_archivo = v_id_archivo AND a.ruta = p_Ruta;
    IF NOT FOUND THEN
      RAISE EXCEPTION USING ERRCODE = 'UC404', MESSAGE = format('no existe el archivo %s con esa ruta', v_id_archivo);
    END IF;
    IF v_archivo.reemplazado OR p_Huella_Bytes < v_archivo.huella_bytes OR p_Hasta < v_archivo.leido
      OR (p_Huella_Bytes = v_archivo.huella_bytes AND p_Huella <> v_archivo.huella)
    THEN
      RAISE EXCEPTION USING ERRCODE = 'UC409', MESSAGE = format(
        'el archivo %s ya no es ese: fue reemplazado o es mas corto; busquelo otra vez', v_id_archivo);
    END IF;
    IF p_Desde > v_archivo.desde THEN
      RAISE EXCEPTION USING ERRCODE = 'UC409', MESSAGE = format(
        'con estas opciones el archivo %s se revisa como mucho desde %s, no desde %s: faltarian bytes',
        v_id_archivo, v_archivo.desde, p_Desde);
    END IF;
  END IF;

  INSERT INTO trabajo.Trabajos (tipo, parametros, max_intentos, usuario)
  VALUES (
    v_tipo,
    (v_parametros || jsonb_build_object(
      'id_archivo', v_id_archivo::text, 'ruta', p_Ruta, 'desde', p_Desde::text, 'hasta', p_Hasta::text))::text,
    3, COALESCE(p_Usuario, session_user))
  RETURNING id_trabajo INTO v_trabajo;

  INSERT INTO trabajo.Chunks (id_trabajo, orden, rango_inicio, rango_fin, recurso, peso, no_antes_de)
  SELECT
    v_trabajo, x."Orden", x."Rango_Inicio", x."Rango_Fin", COALESCE(x."Recurso", p_Ruta), x."Peso", x."No_Antes_De"
  FROM jsonb_to_recordset(p_Chunks) AS x (
    "Orden" integer, "Rango_Inicio" bigint, "Rango_Fin" bigint, "Recurso" text, "Peso" numeric(12, 2),
    "No_Antes_De" timestamptz)
  ORDER BY x."Orden";

  UPDATE logs.Archivos AS a
  SET
    huella = p_Huella, huella_bytes = p_Huella_Bytes, opciones = p_Opciones, id_ultimo_trabajo = v_trabajo,
    leido = CASE WHEN a.opciones = p_Opciones THEN a.leido ELSE 0 END,
    reanudar_en = CASE WHEN a.opciones = p_Opciones THEN a.reanudar_en ELSE 0 END
  WHERE a.id_archivo = v_id_archivo;

  RETURN QUERY SELECT v_trabajo, v_id_archivo, true;
END
$$;
GRANT EXECUTE ON FUNCTION logs.sp_Iniciar_Revision TO carril_app;
