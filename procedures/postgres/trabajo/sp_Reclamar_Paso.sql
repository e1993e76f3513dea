SET LOCAL ROLE carril_dueno;

/*
  The claim itself, for trabajo.sp_Reclamar_Chunks and trabajo.sp_Completar_Chunks, which validate, begin and commit: both
  give its rows on as they come. Never waits.

  Returns: many
    ID_Chunk      bigint         not null
    ID_Trabajo    bigint         not null
    Tipo          varchar(50)    not null
    Orden         int            not null
    Rango_Inicio  bigint         null
    Rango_Fin     bigint         null
    Recurso       nvarchar(400)  null
    Peso          decimal(12,2)  not null
    Token         bigint         not null
    Intento       int            not null
    Max_Intentos  int            not null
    Expira        datetime2(3)   not null
    Parametros    nvarchar(max)  null      of the job
  Errors: 50400, 50409, 50499
  Touches: trabajo.Trabajos read, trabajo.Chunks write
  Batch: 2000
  Step: called inside the caller's transaction
  Since: 018
*/
CREATE OR REPLACE FUNCTION trabajo.sp_Reclamar_Paso(
  p_Poseedor text,
  p_Tipos jsonb,
  p_Maximo integer,
  p_Arriendo_s integer,
  p_ID_Trabajo bigint DEFAULT NULL
)
RETURNS TABLE (
  ID_Chunk bigint,
  ID_Trabajo bigint,
  Tipo text,
  Orden integer,
  Rango_Inicio bigint,
  Rango_Fin bigint,
  Recurso text,
  Peso numeric,
  Token bigint,
  Intento integer,
  Max_Intentos integer,
  Expira timestamptz,
  Parametros text
)
LANGUAGE plpgsql VOLATILE SECURITY INVOKER
SET search_path = pg_catalog, pg_temp
-- Lo que en T-SQL son INDEX y FORCESEEK: el indice parcial de lo libre es el unico camino bueno, tambien con estadisticas
-- viejas o una tabla que estaba vacia cuando la sesion preparo el plan.
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
  v_falta integer := p_Maximo;
  v_ultimo bigint := 0;
  v_trabajo record;
  v_vencido record;
  v_filas integer;
  v_todos boolean;
BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION USING ERRCODE = 'UC409', MESSAGE = 'los arriendos exigen READ COMMITTED';
  END IF;

  <<trabajos>>
  WHILE v_falta > 0 LOOP
    -- El siguiente trabajo con algo que reclamar, sin candado, y si lo primero que toca es un arriendo vencido. LATERAL con LIMIT y
    -- no EXISTS, que tiraria el orden: lo que otros tienen queda al principio del indice, y es poco.
    SELECT t.id_trabajo, t.tipo, t.max_intentos, t.parametros, l.vencido INTO v_trabajo
    FROM trabajo.Trabajos AS t
    CROSS JOIN LATERAL (
      SELECT c.poseedor IS NOT NULL AS vencido
      FROM trabajo.Chunks AS c
      WHERE c.id_trabajo = t.id_trabajo AND c.estado = 'PENDIENTE'
        AND (c.expira < v_ahora OR c.poseedor IS NULL AND (c.no_antes_de IS NULL OR c.no_antes_de <= v_ahora))
      ORDER BY c.peso DESC, c.id_chunk
      LIMIT 1
    ) AS l
    WHERE t.estado = 'EN_PROGRESO' AND NOT t.cancelado AND t.tipo <> 'LO_PROCESOS' AND t.id_trabajo > v_ultimo
      AND (p_ID_Trabajo IS NULL OR t.id_trabajo = p_ID_Trabajo)
      AND (p_Tipos = '[]' OR p_Tipos @> jsonb_build_array(jsonb_build_object('Tipo', t.tipo)))
    ORDER BY t.id_trabajo
    LIMIT 1;
    EXIT WHEN NOT FOUND;
    v_ultimo := v_trabajo.id_trabajo;

    -- 1: el candado del trabajo, compartido. Rechazado: lo estan cancelando, finalizando o reintentando
    CONTINUE WHEN NOT pg_try_advisory_xact_lock_shared(
      hashtextextended('carril:trabajo:' || v_trabajo.id_trabajo, 0));

    v_todos := false;
    LOOP
      -- 2: arriendos vencidos, por peso como lo demas: los que van delante de todo lo libre; los que van detras, solo cuando lo libre
      -- no basto y queda poco que recorrer
      IF v_trabajo.vencido OR v_todos THEN
        -- en una sentencia posterior al candado: ya nadie cambia la bandera ni el estado hasta que esto termine
        PERFORM FROM trabajo.Trabajos AS t
        WHERE t.id_trabajo = v_trabajo.id_trabajo AND t.estado = 'EN_PROGRESO' AND NOT t.cancelado;
        CONTINUE trabajos WHEN NOT FOUND;

        FOR v_vencido IN
          SELECT c.id_chunk, c.token, c.intento, c.poseedor IS NULL AS libre
          FROM trabajo.Chunks AS c
          WHERE c.id_trabajo = v_trabajo.id_trabajo AND c.estado = 'PENDIENTE'
            AND (c.expira < v_ahora
              OR NOT v_todos AND c.poseedor IS NULL AND (c.no_antes_de IS NULL OR c.no_antes_de <= v_ahora))
          ORDER BY c.peso DESC, c.id_chunk
        LOOP
          EXIT WHEN v_falta = 0 OR v_vencido.libre;
          CONTINUE WHEN NOT pg_try_advisory_xact_lock(hashtextextended('carril:chunk:' || v_vencido.id_chunk, 0));

          -- la fila tal como esta ahora, o nada si esta bloqueada: un latido pudo renovarla, y sigue siendo de su poseedor
          PERFORM FROM trabajo.Chunks AS c
          WHERE c.id_chunk = v_vencido.id_chunk AND c.token = v_vencido.token AND c.estado = 'PENDIENTE'
            AND c.poseedor IS NOT NULL AND c.expira < v_ahora
          FOR NO KEY UPDATE SKIP LOCKED;
          CONTINUE WHEN NOT FOUND;

          IF v_vencido.intento >= v_trabajo.max_intentos THEN
            UPDATE trabajo.Chunks AS c
            SET
              estado = 'ERROR', poseedor = NULL, expira = NULL, fin = v_ahora,
              ultimo_error = COALESCE(c.ultimo_error, format('el arriendo de %s vencio en el ultimo intento (%s de %s)',
                c.poseedor, c.intento, v_trabajo.max_intentos))
            WHERE c.id_chunk = v_vencido.id_chunk;
          ELSE
            RETURN QUERY
            UPDATE trabajo.Chunks AS c
            SET
              poseedor = p_Poseedor, token = c.token + 1, intento = c.intento + 1, expira = v_vence, no_antes_de = NULL,
              inicio = v_ahora
            WHERE c.id_chunk = v_vencido.id_chunk
            RETURNING
              c.id_chunk, c.id_trabajo, v_trabajo.tipo::text, c.orden, c.rango_inicio, c.rango_fin, c.recurso::text, c.peso,
              c.token, c.intento, v_trabajo.max_intentos, c.expira, v_trabajo.parametros;
            v_falta := v_falta - 1;
          END IF;
        END LOOP;
      END IF;
      EXIT WHEN v_falta = 0 OR v_todos;

      -- 3: libres, el mas pesado primero. Los que alguien tuvo antes, solo con su candado; se pide sin esperar, asi que
      -- pedirlo despues de la fila no puede trabar.
      -- Primera pasada: lo que toca, o toco hace nada, otra transaccion (xmax entre las cien ultimas; nadie: age da el maximo) se salta
      -- sin pedir su bloqueo. Pedir en vano el de cada fila que otro acaba de tomar cuesta mas que tomar las propias; y el de una que
      -- otro tomo y confirmo entretanto se concederia, y su poseedor tendria que esperar para completarla. No decide nada: lo que
      -- aun asi se pide lo arbitra SKIP LOCKED. Segunda, si falta: todo lo libre.
      FOR v_pasada IN 1 .. 2 LOOP
        RETURN QUERY
        WITH elegidos AS MATERIALIZED (
          SELECT c.id_chunk, c.token
          FROM trabajo.Chunks AS c
          WHERE c.id_trabajo = v_trabajo.id_trabajo AND c.estado = 'PENDIENTE' AND c.poseedor IS NULL
            AND (c.no_antes_de IS NULL OR c.no_antes_de <= v_ahora)
            AND (v_pasada = 2 OR age(c.xmax) > 100)
            -- esta sentencia tambien es posterior al candado
            AND EXISTS (
              SELECT FROM trabajo.Trabajos AS t
              WHERE t.id_trabajo = v_trabajo.id_trabajo AND t.estado = 'EN_PROGRESO' AND NOT t.cancelado)
          ORDER BY c.peso DESC, c.id_chunk
          LIMIT v_falta
          FOR NO KEY UPDATE SKIP LOCKED
        ), propios AS MATERIALIZED (
          SELECT e.id_chunk
          FROM elegidos AS e
          WHERE e.token = 0 OR pg_try_advisory_xact_lock(hashtextextended('carril:chunk:' || e.id_chunk, 0))
        ), tomados AS (
          UPDATE trabajo.Chunks AS c
          SET
            poseedor = p_Poseedor, token = c.token + 1, intento = c.intento + 1, expira = v_vence, no_antes_de = NULL,
            inicio = v_ahora
          WHERE c.id_chunk = ANY (ARRAY(SELECT p.id_chunk FROM propios AS p))
          RETURNING c.*
        )
        SELECT
          m.id_chunk, m.id_trabajo, v_trabajo.tipo::text, m.orden, m.rango_inicio, m.rango_fin, m.recurso::text, m.peso, m.token,
          m.intento, v_trabajo.max_intentos, m.expira, v_trabajo.parametros
        FROM tomados AS m
        ORDER BY m.peso DESC, m.id_chunk;
        GET DIAGNOSTICS v_filas = ROW_COUNT;
        v_falta := v_falta - v_filas;
        EXIT WHEN v_falta = 0;
      END LOOP;
      EXIT WHEN v_falta = 0;
      v_todos := true;
    END LOOP;
  END LOOP;
END
$$;
