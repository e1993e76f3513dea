SET LOCAL ROLE carril_dueno;

/*
  Completes a batch of chunks, each under its token and with its result, and claims up to @Reclamar next ones in the same
  transaction: one commit for both. For chunks whose work leaves nothing in the database but their own result: it takes no
  chunk's lock. The row's lock and the token serialise it against a claim, a heartbeat and its own repetition. Kinds whose
  completion writes more are refused (50409), and with them the whole call.

  Answers with what the caller could not know. A chunk of @Chunks that is not named was completed, or was complete already
  under this very token, and its job goes on.

    COMPLETADO  completed as well, and no unfinished chunk of its job was seen: try to finalize it
    CANCELADO   its job was cancelled: the chunk was not completed, it is CANCELADO
    PERDIDO     another token, nobody's, ended otherwise, or no such chunk; the others are completed all the same
    RECLAMADO   a chunk claimed by this call, as trabajo.sp_Reclamar_Chunks gives it

  Rows are locked in the order of ID_Chunk, and only those that can still be completed. Claims come after, and never wait. What
  an answer that got lost had claimed stays leased until it expires.

  Returns: many
    Situacion     varchar(20)    not null
    ID_Chunk      bigint         not null
    Token         bigint         not null
    ID_Trabajo    bigint         null      when there is such a chunk
    Restantes     int            null      0 with COMPLETADO
    Tipo          varchar(50)    null      this and what follows: with RECLAMADO
    Orden         int            null
    Rango_Inicio  bigint         null
    Rango_Fin     bigint         null
    Recurso       nvarchar(400)  null
    Peso          decimal(12,2)  null
    Intento       int            null
    Max_Intentos  int            null
    Expira        datetime2(3)   null
    Parametros    nvarchar(max)  null      of the job
  Errors: 50400, 50409, 50499
  Touches: trabajo.Trabajos read, trabajo.Chunks write
  Batch: 2000
  Entry: carril_app
  Since: 021
*/
CREATE OR REPLACE FUNCTION trabajo.sp_Completar_Chunks(
  p_Poseedor text,
  p_Chunks jsonb DEFAULT '[]',
  p_Reclamar integer DEFAULT 0,
  p_Tipos jsonb DEFAULT '[]',
  p_Arriendo_s integer DEFAULT 30,
  p_ID_Trabajo bigint DEFAULT NULL
)
RETURNS TABLE (
  Situacion text,
  ID_Chunk bigint,
  Token bigint,
  ID_Trabajo bigint,
  Restantes integer,
  Tipo text,
  Orden integer,
  Rango_Inicio bigint,
  Rango_Fin bigint,
  Recurso text,
  Peso numeric,
  Intento integer,
  Max_Intentos integer,
  Expira timestamptz,
  Parametros text
)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off
SET enable_bitmapscan = off
SET enable_hashjoin = off
SET enable_mergejoin = off
AS $$
#variable_conflict use_column
DECLARE
  v_resultados jsonb;
  v_malo bigint;
  v_dados integer;
  v_ahora timestamptz(3);
  v_vence timestamptz(3);
  v_trabajo bigint;
  v_tipo text;
  v_max_intentos integer;
  v_parametros text;
  v_cabe boolean;
  v_tomados integer := 0;
  v_completar boolean;
  v_hechos integer;
  v_distintos integer;
  v_vedado text;
  v_de bigint;
  v_trabajos bigint[];
  v_acabados bigint[] := '{}';
BEGIN
  -- Una llamada corta son sobre todo sus expresiones, que PL/pgSQL prepara de nuevo en cada transaccion: de ahi que todo lo que se
  -- comprueba sea una sola, y que quien la incumple se busque despues.
  IF (btrim(p_Poseedor) = '' OR p_Reclamar NOT BETWEEN 0 AND 2000 OR p_Arriendo_s NOT BETWEEN 1 AND 86400
    OR jsonb_array_length(p_Chunks) > 2000
    -- con REPEATABLE READ una fila que otro cambio mientras se la espera seria un error, y no un PERDIDO
    OR current_setting('transaction_isolation') <> 'read committed'
    -- lo corriente es que no traigan resultado, y entonces no hay nada que mirar
    OR p_Chunks @? '$[*] ? (@.Resultado != null)') IS NOT FALSE
  THEN
    IF p_Poseedor IS NULL OR btrim(p_Poseedor) = '' THEN
      RAISE EXCEPTION USING ERRCODE = 'UC400', MESSAGE = 'p_Poseedor es obligatorio: quien completa y reclama';
    END IF;
    IF p_Reclamar IS NULL OR p_Reclamar NOT BETWEEN 0 AND 2000 THEN
      RAISE EXCEPTION USING ERRCODE = 'UC400', MESSAGE = 'p_Reclamar debe estar entre 0 y 2000';
    END IF;
    IF p_Arriendo_s IS NULL OR p_Arriendo_s NOT BETWEEN 1 AND 86400 THEN
      RAISE EXCEPTION USING ERRCODE = 'UC400', MESSAGE = 'p_Arriendo_s debe estar entre 1 y 86400';
    END IF;
    IF jsonb_array_length(p_Chunks) > 2000 THEN
      RAISE EXCEPTION USING ERRCODE = 'UC400', MESSAGE = 'p_Chunks: como mucho 2000 por llamada';
    END IF;
    IF current_setting('transaction_isolation') <> 'read committed' THEN
      RAISE EXCEPTION USING ERRCODE = 'UC409', MESSAGE = 'los arriendos exigen READ COMMITTED';
    END IF;
    SELECT
      jsonb_object_agg(x."ID_Chunk", x."Resultado") FILTER (WHERE x."ID_Chunk" IS NOT NULL),
      min(x."ID_Chunk") FILTER (WHERE NOT (x."Resultado" IS JSON OBJECT OR x."Resultado" IS JSON ARRAY))
    INTO v_resultados, v_malo
    FROM jsonb_to_recordset(p_Chunks) AS x ("ID_Chunk" bigint, "Resultado" text);
    IF v_malo IS NOT NULL THEN
      RAISE EXCEPTION USING ERRCODE = 'UC400',
        MESSAGE = format('el resultado del chunk %s debe ser un objeto o un arreglo JSON', v_malo);
    END IF;
  END IF;

  -- El primer trabajo con algo que reclamar, y su candado, como en trabajo.sp_Reclamar_Paso. Lo corriente es que con el baste, y
  -- entonces lo nuevo se toma en la misma sentencia que cierra lo hecho. Si lo primero que
  -- toca es un arriendo vencido, o si otro tiene el candado, reclama el paso, despues.
  SELECT
    x.ahora, x.ahora + p_Arriendo_s * interval '1 second', x.id_trabajo, x.tipo, x.max_intentos, x.parametros,
    NOT x.vencido AND pg_try_advisory_xact_lock_shared(hashtextextended('carril:trabajo:' || x.id_trabajo, 0)),
    COALESCE(jsonb_array_length(p_Chunks), 0)
  INTO v_ahora, v_vence, v_trabajo, v_tipo, v_max_intentos, v_parametros, v_cabe, v_dados
  FROM (
    SELECT
      t.id_trabajo, t.tipo, t.max_intentos, t.parametros, l.vencido,
      clock_timestamp()::timestamptz(3) AS ahora
    FROM trabajo.Trabajos AS t
    CROSS JOIN LATERAL (
      SELECT c.poseedor IS NOT NULL AS vencido
      FROM trabajo.Chunks AS c
      WHERE c.id_trabajo = t.id_trabajo AND c.estado = 'PENDIENTE'
        AND (c.expira < statement_timestamp()
          OR c.poseedor IS NULL AND (c.no_antes_de IS NULL OR c.no_antes_de <= statement_timestamp()))
      ORDER BY c.peso DESC, c.id_chunk
      LIMIT 1
    ) AS l
    WHERE p_Reclamar > 0 AND t.estado = 'EN_PROGRESO' AND NOT t.cancelado AND t.tipo <> 'LO_PROCESOS'
      AND (p_ID_Trabajo IS NULL OR t.id_trabajo = p_ID_Trabajo)
      AND (p_Tipos = '[]' OR p_Tipos @> jsonb_build_array(jsonb_build_object('Tipo', t.tipo)))
    ORDER BY t.id_trabajo
    LIMIT 1
  ) AS x;

  IF v_cabe THEN
    -- Primero, lo propio, bloqueado en el orden de ID_Chunk: dos lotes que se cruzan se esperan, no se traban. Lo que otro esta
    -- cambiando se espera (su propia repeticion, un latido, un reclamo), y se juzga tal como quede. LATERAL con LIMIT: una busqueda
    -- por la clave para cada uno, crean lo que crean las estadisticas de lo arrendado. Lo de un trabajo cancelado, o de un tipo que
    -- no se completa en lote, no entra: se mira mas abajo.
    -- Despues lo libre: la primera pasada de trabajo.sp_Reclamar_Paso.
    -- Sin poseedor, una fila era libre y se toma; con el, es propia y se cierra. Cuantas fueron en total lo deja la sentencia en un
    -- ajuste de la transaccion: si son todas las pedidas, no hay mas que mirar, y preguntarlo aparte seria otra sentencia.
    RETURN QUERY
    WITH cambios AS (
      UPDATE trabajo.Chunks AS c
      SET
        estado = CASE WHEN c.poseedor IS NULL THEN c.estado ELSE 'COMPLETADO' END,
        poseedor = CASE WHEN c.poseedor IS NULL THEN p_Poseedor END,
        token = c.token + (c.poseedor IS NULL)::integer,
        intento = c.intento + (c.poseedor IS NULL)::integer,
        expira = CASE WHEN c.poseedor IS NULL THEN v_vence END,
        no_antes_de = NULL,
        inicio = CASE WHEN c.poseedor IS NULL THEN v_ahora ELSE c.inicio END,
        fin = CASE WHEN c.poseedor IS NULL THEN c.fin ELSE v_ahora END,
        resultado = CASE WHEN c.poseedor IS NULL THEN c.resultado ELSE v_resultados ->> c.id_chunk::text END
      WHERE c.id_chunk = ANY (ARRAY(
        SELECT p.id_chunk
        FROM (
          SELECT (x.value ->> 'ID_Chunk')::bigint AS id_chunk, (x.value ->> 'Token')::bigint AS token
          FROM jsonb_array_elements(p_Chunks) AS x
          ORDER BY 1
        ) AS d
        CROSS JOIN LATERAL (
          SELECT c.id_chunk
          FROM trabajo.Chunks AS c
          WHERE c.id_chunk = d.id_chunk AND c.token = d.token AND c.poseedor IS NOT NULL
            AND c.id_trabajo <> ALL (ARRAY(
              SELECT t.id_trabajo
              FROM trabajo.Trabajos AS t
              WHERE t.estado = 'EN_PROGRESO' AND (t.cancelado OR t.tipo IN ('FONDOS', 'LOGS', 'LO_PROCESOS'))))
          LIMIT 1
          FOR NO KEY UPDATE
        ) AS p
        UNION ALL
        SELECT l.id_chunk
        FROM (
          SELECT c.id_chunk, c.token
          FROM trabajo.Chunks AS c
          WHERE c.id_trabajo = v_trabajo AND c.estado = 'PENDIENTE' AND c.poseedor IS NULL
            AND (c.no_antes_de IS NULL OR c.no_antes_de <= v_ahora)
            AND age(c.xmax) > 100
            AND EXISTS (
              SELECT FROM trabajo.Trabajos AS t
              WHERE t.id_trabajo = v_trabajo AND t.estado = 'EN_PROGRESO' AND NOT t.cancelado)
          ORDER BY c.peso DESC, c.id_chunk
          LIMIT p_Reclamar
          FOR NO KEY UPDATE SKIP LOCKED
        ) AS l
        WHERE l.token = 0 OR pg_try_advisory_xact_lock(hashtextextended('carril:chunk:' || l.id_chunk, 0))))
      RETURNING c.id_chunk, c.token, c.id_trabajo, c.poseedor, c.orden, c.rango_inicio, c.rango_fin, c.recurso, c.peso, c.intento, c.expira
    )
    SELECT
      'RECLAMADO', m.id_chunk, m.token, m.id_trabajo, NULL::integer, v_tipo, m.orden, m.rango_inicio, m.rango_fin, m.recurso::text, m.peso,
      m.intento, v_max_intentos, m.expira, v_parametros
    FROM cambios AS m
    WHERE m.poseedor IS NOT NULL
      AND (
        SELECT set_config('carril.cambios', count(*)::text, true) FROM cambios AS n WHERE n.id_trabajo = v_trabajo) IS NOT NULL;
    GET DIAGNOSTICS v_tomados = ROW_COUNT;
    -- CASE: sin ningun reclamado la sentencia no llego a dejarlo
    IF (CASE WHEN v_tomados = p_Reclamar THEN current_setting('carril.cambios')::integer = v_dados + p_Reclamar ELSE false END) THEN
      RETURN;
    END IF;
  END IF;

  -- Lo que no es lo corriente: nada que reclamar, o menos de lo pedido; chunks de un trabajo cancelado, de otro trabajo, o que ya no
  -- son de quien los da. Lo que la sentencia de arriba hizo, hecho esta; aqui se completa lo que falte y se dice de cada uno lo que no se sepa.
  v_dados := jsonb_array_length(p_Chunks);
  IF v_dados > 0 THEN
    v_completar := v_cabe IS NOT TRUE;
    LOOP
      IF v_completar THEN
        -- el trabajo se mira fila por fila: como tabla de un FROM, el plan podria recorrer todos sus chunks
        UPDATE trabajo.Chunks AS c
        SET
          (estado, resultado) = (
            SELECT
              CASE WHEN t.cancelado THEN 'CANCELADO' ELSE 'COMPLETADO' END,
              CASE WHEN t.cancelado THEN c.resultado ELSE v_resultados ->> c.id_chunk::text END
            FROM trabajo.Trabajos AS t
            WHERE t.id_trabajo = c.id_trabajo),
          poseedor = NULL,
          expira = NULL,
          no_antes_de = NULL,
          fin = clock_timestamp()
        WHERE c.id_chunk = ANY (ARRAY(
          SELECT p.id_chunk
          FROM (
            SELECT x."ID_Chunk" AS id_chunk, x."Token" AS token
            FROM jsonb_to_recordset(p_Chunks) AS x ("ID_Chunk" bigint, "Token" bigint)
            ORDER BY x."ID_Chunk"
          ) AS d
          CROSS JOIN LATERAL (
            SELECT c.id_chunk
            FROM trabajo.Chunks AS c
            WHERE c.id_chunk = d.id_chunk AND c.token = d.token AND c.poseedor IS NOT NULL
              AND c.id_trabajo <> ALL (ARRAY(
                SELECT t.id_trabajo
                FROM trabajo.Trabajos AS t
                WHERE t.estado = 'EN_PROGRESO' AND t.tipo IN ('FONDOS', 'LOGS', 'LO_PROCESOS')))
            LIMIT 1
            FOR NO KEY UPDATE
          ) AS p));
      END IF;
      -- Sentencia nueva, foto nueva: se juzga tal como quedo
      SELECT count(*), count(DISTINCT c.id_chunk), array_agg(DISTINCT c.id_trabajo) INTO v_hechos, v_distintos, v_trabajos
      FROM jsonb_to_recordset(p_Chunks) AS d ("ID_Chunk" bigint, "Token" bigint)
      INNER JOIN trabajo.Chunks AS c ON c.id_chunk = d."ID_Chunk"
      WHERE c.token = d."Token" AND c.estado = 'COMPLETADO';
      EXIT WHEN v_completar OR v_hechos = v_dados;
      v_completar := true;
    END LOOP;

    IF v_hechos < v_dados THEN
      SELECT min(t.tipo) INTO v_vedado
      FROM jsonb_to_recordset(p_Chunks) AS d ("ID_Chunk" bigint, "Token" bigint)
      INNER JOIN trabajo.Chunks AS c ON c.id_chunk = d."ID_Chunk"
      INNER JOIN trabajo.Trabajos AS t ON t.id_trabajo = c.id_trabajo
      WHERE c.token = d."Token" AND c.poseedor IS NOT NULL AND t.estado = 'EN_PROGRESO'
        AND t.tipo IN ('FONDOS', 'LOGS', 'LO_PROCESOS');
      IF v_vedado IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'UC409', MESSAGE = format(
          'hay chunks de tipo %s, que no se completan en lote: %s', v_vedado, CASE v_vedado
            WHEN 'FONDOS' THEN 'los completa logs.sp_Completar_Ejecucion'
            WHEN 'LOGS' THEN 'los completa logs.sp_Guardar_Bloques'
            ELSE 'los libera logs.liberar_chunk' END);
      END IF;
      SELECT count(DISTINCT d."ID_Chunk"), count(*) INTO v_distintos, v_hechos
      FROM jsonb_to_recordset(p_Chunks) AS d ("ID_Chunk" bigint);
    END IF;
    IF v_distintos < v_hechos THEN
      RAISE EXCEPTION USING ERRCODE = 'unique_violation', MESSAGE = 'p_Chunks: un chunk repetido';
    END IF;

    -- una pregunta por trabajo, no por chunk; y ninguna por aquel del que se acaba de reclamar
    FOREACH v_de IN ARRAY COALESCE(v_trabajos, '{}') LOOP
      CONTINUE WHEN v_de = v_trabajo AND v_tomados > 0;
      IF trabajo.sp_Restantes(v_de) = 0 THEN
        v_acabados := array_append(v_acabados, v_de);
      END IF;
    END LOOP;
    RETURN QUERY
    SELECT
      j.situacion, d."ID_Chunk", d."Token", c.id_trabajo, CASE WHEN j.situacion = 'COMPLETADO' THEN 0 END,
      NULL::text, NULL::integer, NULL::bigint, NULL::bigint, NULL::text, NULL::numeric, NULL::integer, NULL::integer,
      NULL::timestamptz, NULL::text
    FROM jsonb_to_recordset(p_Chunks) AS d ("ID_Chunk" bigint, "Token" bigint)
    LEFT JOIN trabajo.Chunks AS c ON c.id_chunk = d."ID_Chunk"
    CROSS JOIN LATERAL (
      SELECT CASE WHEN c.token = d."Token" AND c.estado IN ('COMPLETADO', 'CANCELADO') THEN c.estado::text
        ELSE 'PERDIDO' END AS situacion
    ) AS j
    WHERE j.situacion <> 'COMPLETADO' OR c.id_trabajo = ANY (v_acabados)
    ORDER BY d."ID_Chunk";
  END IF;

  IF v_trabajo IS NOT NULL AND p_Reclamar > v_tomados THEN
    RETURN QUERY
    SELECT
      'RECLAMADO', r.id_chunk, r.token, r.id_trabajo, NULL::integer, r.tipo, r.orden, r.rango_inicio, r.rango_fin, r.recurso,
      r.peso, r.intento, r.max_intentos, r.expira, r.parametros
    FROM trabajo.sp_Reclamar_Paso(p_Poseedor, p_Tipos, p_Reclamar - v_tomados, p_Arriendo_s, p_ID_Trabajo) AS r;
  END IF;
END
$$;
GRANT EXECUTE ON FUNCTION trabajo.sp_Completar_Chunks TO carril_app;
