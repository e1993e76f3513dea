SET LOCAL ROLE carril_dueno;

/*
  Completes a batch of chunks, each under its token and with its result, and claims up to @Reclamar next ones in the same
  transaction: one commit for both. For chunks whose work leaves nothing in the database but their own result: it takes no
  chunk's lock. The row's lock and the token serialise it against a claim, a heartbeat and its own repetition. Kinds whose
  completion writes more are refused (50409), and with them the whole call.

    COMPLETADO  completed, or complete already under this very token
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
    Restantes     int            null      with COMPLETADO: 0: no unfinished chunk of the job was seen, try to finalize it; else 1
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
  v_ahora timestamptz(3) := clock_timestamp();
  v_vence timestamptz(3) := v_ahora + make_interval(secs => p_Arriendo_s);
  v_dados integer := COALESCE(jsonb_array_length(p_Chunks), 0);
  v_malo bigint;
  v_distintos integer;
  v_trabajo bigint;
  v_tipo_trabajo text;
  v_max_intentos integer;
  v_parametros text;
  v_vencidos boolean;
  v_cupo integer := 0;
  v_tomados trabajo.Chunks[];
  v_hechos bigint[];
  v_tokens bigint[];
  v_estados text[];
  v_de bigint[];
  v_trabajos bigint[];
  v_restantes integer[];
  v_ajenos boolean;
  v_tipo text;
BEGIN
  IF p_Poseedor IS NULL OR btrim(p_Poseedor) = '' THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400', MESSAGE = 'p_Poseedor es obligatorio: quien completa y reclama';
  END IF;
  IF p_Reclamar IS NULL OR p_Reclamar NOT BETWEEN 0 AND 2000 THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400', MESSAGE = 'p_Reclamar debe estar entre 0 y 2000';
  END IF;
  IF p_Arriendo_s IS NULL OR p_Arriendo_s NOT BETWEEN 1 AND 86400 THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400', MESSAGE = 'p_Arriendo_s debe estar entre 1 y 86400';
  END IF;
  IF v_dados > 2000 THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400', MESSAGE = 'p_Chunks: como mucho 2000 por llamada';
  END IF;
  -- con REPEATABLE READ una fila que otro cambio mientras se la espera seria un error, y no un PERDIDO
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION USING ERRCODE = 'UC409', MESSAGE = 'los arriendos exigen READ COMMITTED';
  END IF;
  -- lo corriente es que no traigan resultado, y entonces no hay nada que mirar
  IF p_Chunks @? '$[*] ? (@.Resultado != null)' THEN
    SELECT min(x."ID_Chunk") INTO v_malo
    FROM jsonb_to_recordset(p_Chunks) AS x ("ID_Chunk" bigint, "Resultado" text)
    WHERE NOT (x."Resultado" IS JSON OBJECT OR x."Resultado" IS JSON ARRAY);
    IF v_malo IS NOT NULL THEN
      RAISE EXCEPTION USING ERRCODE = 'UC400',
        MESSAGE = format('el resultado del chunk %s debe ser un objeto o un arreglo JSON', v_malo);
    END IF;
  END IF;

  -- El primer trabajo con algo que reclamar, y su candado, como en trabajo.sp_Reclamar_Paso. Lo corriente es que con el baste, y
  -- entonces lo nuevo se toma en la misma sentencia que cierra lo hecho: una en vez de dos, que es casi la mitad de lo que
  -- cuesta una llamada con un solo chunk. Si tiene arriendos vencidos, o otro tiene el candado, reclama el paso, despues.
  IF p_Reclamar > 0 THEN
    SELECT t.id_trabajo, t.tipo, t.max_intentos, t.parametros, v.hay IS NOT NULL
    INTO v_trabajo, v_tipo_trabajo, v_max_intentos, v_parametros, v_vencidos
    FROM trabajo.Trabajos AS t
    LEFT JOIN LATERAL (
      SELECT 1 AS hay
      FROM trabajo.Chunks AS c
      WHERE c.id_trabajo = t.id_trabajo AND c.estado = 'PENDIENTE' AND c.poseedor IS NOT NULL AND c.expira < v_ahora
      LIMIT 1
    ) AS v ON true
    LEFT JOIN LATERAL (
      SELECT 1 AS hay
      FROM trabajo.Chunks AS c
      WHERE c.id_trabajo = t.id_trabajo AND c.estado = 'PENDIENTE' AND c.poseedor IS NULL
        AND (c.no_antes_de IS NULL OR c.no_antes_de <= v_ahora)
      ORDER BY c.peso, c.id_chunk DESC
      LIMIT 1
    ) AS l ON true
    WHERE t.estado = 'EN_PROGRESO' AND NOT t.cancelado AND t.tipo <> 'LO_PROCESOS'
      AND (p_ID_Trabajo IS NULL OR t.id_trabajo = p_ID_Trabajo)
      AND (p_Tipos = '[]' OR p_Tipos @> jsonb_build_array(jsonb_build_object('Tipo', t.tipo)))
      AND (v.hay IS NOT NULL OR l.hay IS NOT NULL)
    ORDER BY t.id_trabajo
    LIMIT 1;
    IF v_trabajo IS NOT NULL AND NOT v_vencidos
      AND pg_try_advisory_xact_lock_shared(hashtextextended('carril:trabajo:' || v_trabajo, 0))
    THEN
      v_cupo := p_Reclamar;
    END IF;
  END IF;

  IF v_dados + v_cupo > 0 THEN
    -- propios: lo que aun se puede completar, bloqueado en el orden de ID_Chunk: dos lotes que se cruzan se esperan, no se
    -- traban. Lo que otro esta cambiando se espera (su propia repeticion, un latido, un reclamo), y se juzga tal como quede. Con
    -- poseedor un chunk esta PENDIENTE (CK_Chunks_Arriendo); dicho ademas aqui, el planificador recorreria el indice de lo
    -- arrendado en vez de buscar por la clave.
    -- elegidos y libres: como en trabajo.sp_Reclamar_Paso.
    WITH propios AS MATERIALIZED (
      SELECT c.id_chunk, d."Resultado" AS resultado, c.id_trabajo = ANY (ARRAY(
        SELECT t.id_trabajo FROM trabajo.Trabajos AS t WHERE t.estado = 'EN_PROGRESO' AND t.cancelado)) AS cancelado
      FROM jsonb_to_recordset(p_Chunks) AS d ("ID_Chunk" bigint, "Token" bigint, "Resultado" text)
      INNER JOIN trabajo.Chunks AS c ON c.id_chunk = d."ID_Chunk"
      WHERE c.token = d."Token" AND c.poseedor IS NOT NULL
      ORDER BY c.id_chunk
      FOR NO KEY UPDATE OF c
    ), elegidos AS MATERIALIZED (
      SELECT c.id_chunk, c.token
      FROM trabajo.Chunks AS c
      WHERE c.id_trabajo = v_trabajo AND c.estado = 'PENDIENTE' AND c.poseedor IS NULL
        AND (c.no_antes_de IS NULL OR c.no_antes_de <= v_ahora)
        AND c.xmax <> ALL (ARRAY(SELECT x::xid FROM pg_snapshot_xip(pg_current_snapshot()) AS x))
        AND EXISTS (
          SELECT FROM trabajo.Trabajos AS t
          WHERE t.id_trabajo = v_trabajo AND t.estado = 'EN_PROGRESO' AND NOT t.cancelado)
      ORDER BY c.peso DESC, c.id_chunk
      LIMIT v_cupo
      FOR NO KEY UPDATE SKIP LOCKED
    ), libres AS MATERIALIZED (
      SELECT e.id_chunk
      FROM elegidos AS e
      WHERE e.token = 0 OR pg_try_advisory_xact_lock(hashtextextended('carril:chunk:' || e.id_chunk, 0))
    ), cambios AS (
      UPDATE trabajo.Chunks AS c
      SET
        estado = x.estado,
        poseedor = x.poseedor,
        token = c.token + x.toma,
        intento = c.intento + x.toma,
        expira = x.expira,
        no_antes_de = NULL,
        inicio = CASE x.toma WHEN 1 THEN v_ahora ELSE c.inicio END,
        fin = CASE x.toma WHEN 1 THEN c.fin ELSE v_ahora END,
        resultado = CASE x.estado WHEN 'COMPLETADO' THEN x.resultado ELSE c.resultado END
      FROM (
        SELECT p.id_chunk, 0 AS toma, CASE WHEN p.cancelado THEN 'CANCELADO' ELSE 'COMPLETADO' END AS estado,
          NULL::text AS poseedor, NULL::timestamptz AS expira, p.resultado
        FROM propios AS p
        UNION ALL
        SELECT l.id_chunk, 1, 'PENDIENTE', p_Poseedor, v_vence, NULL
        FROM libres AS l
      ) AS x
      WHERE c.id_chunk = x.id_chunk
      RETURNING x.toma, c AS fila, c.id_chunk, c.token, c.estado, c.id_trabajo
    )
    SELECT
      array_agg(m.fila) FILTER (WHERE m.toma = 1),
      array_agg(m.id_chunk) FILTER (WHERE m.toma = 0),
      array_agg(m.token) FILTER (WHERE m.toma = 0),
      array_agg(m.estado) FILTER (WHERE m.toma = 0),
      array_agg(m.id_trabajo) FILTER (WHERE m.toma = 0),
      array_agg(DISTINCT m.id_trabajo) FILTER (WHERE m.toma = 0),
      bool_or(m.id_trabajo = ANY (ARRAY(
        SELECT t.id_trabajo FROM trabajo.Trabajos AS t
        WHERE t.estado = 'EN_PROGRESO' AND t.tipo IN ('FONDOS', 'LOGS', 'LO_PROCESOS')))) FILTER (WHERE m.toma = 0)
    INTO v_tomados, v_hechos, v_tokens, v_estados, v_de, v_trabajos, v_ajenos
    FROM cambios AS m;
    IF v_ajenos THEN
      SELECT min(t.tipo) INTO v_tipo
      FROM trabajo.Trabajos AS t
      WHERE t.id_trabajo = ANY (v_trabajos) AND t.tipo IN ('FONDOS', 'LOGS', 'LO_PROCESOS');
      RAISE EXCEPTION USING ERRCODE = 'UC409', MESSAGE = format(
        'hay chunks de tipo %s, que no se completan en lote: %s', v_tipo, CASE v_tipo
          WHEN 'FONDOS' THEN 'los completa logs.sp_Completar_Ejecucion'
          WHEN 'LOGS' THEN 'los completa logs.sp_Guardar_Bloques'
          ELSE 'los libera logs.liberar_chunk' END);
    END IF;

    IF v_dados > COALESCE(cardinality(v_hechos), 0) THEN
      -- sentencia nueva, foto nueva: lo que esta llamada no pudo completar, tal como quedo
      SELECT
        array_agg(d."ID_Chunk" ORDER BY d."ID_Chunk"), array_agg(d."Token" ORDER BY d."ID_Chunk"),
        array_agg(c.id_trabajo ORDER BY d."ID_Chunk"), array_agg(DISTINCT c.id_trabajo),
        array_agg(CASE WHEN c.token = d."Token" AND c.estado IN ('COMPLETADO', 'CANCELADO') THEN c.estado
          ELSE 'PERDIDO' END ORDER BY d."ID_Chunk"), count(DISTINCT d."ID_Chunk")
      INTO v_hechos, v_tokens, v_de, v_trabajos, v_estados, v_distintos
      FROM jsonb_to_recordset(p_Chunks) AS d ("ID_Chunk" bigint, "Token" bigint)
      LEFT JOIN trabajo.Chunks AS c ON c.id_chunk = d."ID_Chunk";
      IF v_distintos < v_dados THEN
        RAISE EXCEPTION USING ERRCODE = 'unique_violation', MESSAGE = 'p_Chunks: un chunk repetido';
      END IF;
    END IF;

    -- una pregunta por trabajo, no por chunk; y ninguna por aquel del que se acaba de reclamar
    FOR v_i IN 1 .. COALESCE(cardinality(v_trabajos), 0) LOOP
      IF v_trabajos[v_i] = v_trabajo AND v_tomados IS NOT NULL THEN
        v_restantes[v_i] := 1;
      ELSE
        v_restantes[v_i] := trabajo.sp_Restantes(v_trabajos[v_i]);
      END IF;
    END LOOP;

    RETURN QUERY
    SELECT
      d.estado, d.id, d.token, d.de,
      CASE WHEN d.estado = 'COMPLETADO' THEN v_restantes[array_position(v_trabajos, d.de)] END, NULL::text, NULL::integer,
      NULL::bigint, NULL::bigint, NULL::text, NULL::numeric, NULL::integer, NULL::integer, NULL::timestamptz, NULL::text
    FROM unnest(v_hechos, v_tokens, v_estados, v_de) AS d (id, token, estado, de)
    UNION ALL
    SELECT
      'RECLAMADO', f.id_chunk, f.token, f.id_trabajo, NULL, v_tipo_trabajo, f.orden, f.rango_inicio, f.rango_fin, f.recurso,
      f.peso, f.intento, v_max_intentos, f.expira, v_parametros
    FROM unnest(v_tomados) AS f;
  END IF;

  IF v_trabajo IS NOT NULL AND p_Reclamar > COALESCE(cardinality(v_tomados), 0) THEN
    RETURN QUERY
    SELECT
      'RECLAMADO', r.id_chunk, r.token, r.id_trabajo, NULL::integer, r.tipo, r.orden, r.rango_inicio, r.rango_fin, r.recurso,
      r.peso, r.intento, r.max_intentos, r.expira, r.parametros
    FROM trabajo.sp_Reclamar_Paso(
      p_Poseedor, p_Tipos, p_Reclamar - COALESCE(cardinality(v_tomados), 0), p_Arriendo_s, p_ID_Trabajo) AS r;
  END IF;
END
$$;
GRANT EXECUTE ON FUNCTION trabajo.sp_Completar_Chunks TO carril_app;
