SET LOCAL ROLE carril_dueno;

/*
  One bounded batch of the backfill: takes it up where the last call left it, writes at most @Maximo rows (while it measures, reads
  that many or one execution's), and says how far it is. To be called until Terminado. Phases: LIMPIEZA (what an earlier backfill
  left), INVENTARIO (legacy executions and the map), MEDICION (counts and checksums before; what belongs to no fund is set aside),
  PROCESOS (a process an execution, an execution a fund), FILAS (logs, staging and extract rows are re-keyed), COMPLETO.

  Runs of the old way that have not ended (younger than logs.Ajustes BACKFILL_EN_CURSO_H, 24 hours) are left for later: with
  @Otra_Vuelta a backfill that is complete and verified looks again for them and for rows whose fund is known by now. Nothing that a
  process of the new way writes is ever touched. One call at a time: a second one waits up to 15 s.

  Returns: one
    Fase       varchar(20)    not null
    Tabla      nvarchar(257)  null
    Filas      int            not null  rows that this call treated
    Terminado  bit            not null
    Lotes      bigint         not null  calls that did something, of all sessions
  Errors: 50400, 50404, 50408, 50409, 50499
  Touches: logs.Backfill_Estado write, logs.Backfill_Medidas write, logs.Backfill_Ejecuciones write, logs.Backfill_Mapa write, logs.Procesos write, logs.Ejecuciones write, logs.Ejecucion_Fondos write, the tables of logs.Backfill_Tablas write, logs.Backfill_Apartados write
  Batch: 2000
  Entry: carril_dba
  Since: 018
*/
CREATE OR REPLACE FUNCTION logs.sp_Backfill_Lote(
  p_Maximo integer DEFAULT 10000,
  p_Otra_Vuelta boolean DEFAULT false
)
RETURNS TABLE (
  Fase text,
  Tabla text,
  Filas integer,
  Terminado boolean,
  Lotes bigint
)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
-- las filas que cambia no las usa nadie mas; si alguien las tuviera, el lote se retira en vez de hacer cola
SET lock_timeout = '2s'
AS $$
#variable_conflict use_column
DECLARE
  c_primero CONSTANT bigint := -9223372036854775808;
  c_fondo CONSTANT integer := -2147483648;
  c_sentencia CONSTANT integer := 2000;
  e logs.Backfill_Estado%ROWTYPE;
  v_tabla logs.Backfill_Tablas%ROWTYPE;
  v_medida record;
  v_hechas integer := 0;
  v_filas integer;
  v_cupo integer;
  v_mayor integer := 0;
  v_ids bigint[];
  v_id bigint;
  v_fondo integer;
  v_cambiadas integer;
  v_apartadas integer;
  v_tope bigint;
  v_antes timestamptz;
  v_acabada boolean;
BEGIN
  IF p_Maximo IS NULL OR p_Maximo NOT BETWEEN 1 AND 20000 THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400', MESSAGE = 'p_Maximo debe estar entre 1 y 20000';
  END IF;
  PERFORM trabajo.sp_Bloquear('carril:backfill', 'Exclusive', 15000);
  SELECT * INTO STRICT e FROM logs.Backfill_Estado AS x WHERE x.id = 1;

  IF e.fase = 'REVIRTIENDO' THEN
    RAISE EXCEPTION USING ERRCODE = 'UC409',
      MESSAGE = 'el backfill se esta revirtiendo: termine con carril backfill revert antes de volver a empezar';
  END IF;

  -- los que corrian hace poco pueden seguir corriendo
  v_antes := clock_timestamp() - make_interval(hours => COALESCE((
    SELECT a.valor::integer FROM logs.Ajustes AS a WHERE a.ajuste = 'BACKFILL_EN_CURSO_H' AND a.id_fund IS NULL), 24));

  IF e.fase = 'COMPLETO' THEN
    IF NOT COALESCE(p_Otra_Vuelta, false) OR e.verificado IS NULL OR e.terminado IS NOT NULL OR NOT (
      EXISTS (SELECT FROM logs.Backfill_Apartados AS a WHERE a.motivo <> 'SIN_FONDOS')
      OR EXISTS (
        SELECT FROM logs.Ejecuciones AS x
        WHERE x.id_proceso IS NULL AND x.id_fund IS NULL AND NOT (
          x.estado IN ('PENDIENTE', 'EN_PROGRESO') AND x.fechafin IS NULL AND COALESCE(x.fechainicio >= v_antes, false))))
    THEN
      RETURN QUERY SELECT e.fase::text, NULL::text, 0, true, e.lotes;
      RETURN;
    END IF;
  END IF;
  IF e.fase IN ('NUEVO', 'REVERTIDO', 'COMPLETO') THEN
    -- los apartados se copian otra vez; mapa y lista solo se borran si la historia esta como antes
    e.vuelta := CASE WHEN e.fase = 'COMPLETO' THEN e.vuelta + 1 ELSE 0 END;
    e.fase := 'LIMPIEZA';
    e.inicio := clock_timestamp();
    e.fin := NULL;
    e.mayor_sentencia := 0;
  END IF;

  CASE e.fase
    WHEN 'LIMPIEZA' THEN
      v_cupo := least(p_Maximo, c_sentencia);
      DELETE FROM logs.Backfill_Apartados AS a
      WHERE a.ctid = ANY (ARRAY(SELECT x.ctid FROM logs.Backfill_Apartados AS x LIMIT v_cupo));
      GET DIAGNOSTICS v_filas = ROW_COUNT;
      v_mayor := v_filas;
      v_hechas := v_filas;
      IF e.vuelta = 0 THEN
        DELETE FROM logs.Backfill_Mapa AS m
        WHERE m.ctid = ANY (ARRAY(SELECT x.ctid FROM logs.Backfill_Mapa AS x LIMIT v_cupo));
        GET DIAGNOSTICS v_filas = ROW_COUNT;
        v_mayor := greatest(v_mayor, v_filas);
        v_hechas := v_hechas + v_filas;
        DELETE FROM logs.Backfill_Ejecuciones AS b
        WHERE b.ctid = ANY (ARRAY(SELECT x.ctid FROM logs.Backfill_Ejecuciones AS x LIMIT v_cupo));
        GET DIAGNOSTICS v_filas = ROW_COUNT;
        v_mayor := greatest(v_mayor, v_filas);
        v_hechas := v_hechas + v_filas;
      END IF;
      IF v_hechas = 0 THEN
        DELETE FROM logs.Backfill_Medidas;
        e.fase := 'INVENTARIO';
        e.orden := 0;
        e.cursor_id := c_primero;
        e.cursor_fund := c_fondo;
      END IF;

    WHEN 'INVENTARIO' THEN
      v_cupo := least(p_Maximo, c_sentencia);
      IF e.orden = 0 THEN
        -- el proceso lleva el numero de la ejecucion: quien pregunta por el ID de antes lo encuentra, y la historia no se pone
        -- por delante de lo nuevo. Si otro proceso ya lo tuviera, uno de la secuencia
        WITH elegidas AS MATERIALIZED (
          SELECT x.id_ejecucion, x.fechareporte
          FROM logs.Ejecuciones AS x
          WHERE x.id_ejecucion > e.cursor_id AND x.id_proceso IS NULL AND x.id_fund IS NULL AND NOT (
            x.estado IN ('PENDIENTE', 'EN_PROGRESO') AND x.fechafin IS NULL AND COALESCE(x.fechainicio >= v_antes, false))
          ORDER BY x.id_ejecucion
          LIMIT v_cupo
        ),
        escritas AS (
          INSERT INTO logs.Backfill_Ejecuciones (id_ejecucion, id_proceso, fechareporte)
          SELECT
            x.id_ejecucion,
            CASE
              WHEN EXISTS (SELECT FROM logs.Procesos AS p WHERE p.id_proceso = x.id_ejecucion) THEN nextval('logs.seq_id')
              ELSE x.id_ejecucion
            END,
            x.fechareporte
          FROM elegidas AS x
        )
        SELECT count(*), max(x.id_ejecucion) INTO v_filas, v_id FROM elegidas AS x;
      ELSIF e.orden = 1 THEN
        WITH elegidas AS MATERIALIZED (
          SELECT f.id_ejecucion, f.id_fund, b.id_proceso, b.fechareporte
          FROM logs.Backfill_Ejecuciones AS b
          INNER JOIN logs.Ejecucion_Fondos AS f ON f.id_ejecucion = b.id_ejecucion
          WHERE (f.id_ejecucion, f.id_fund) > (e.cursor_id, e.cursor_fund)
            AND NOT EXISTS (
              SELECT FROM logs.Backfill_Mapa AS m WHERE m.id_ejecucion = f.id_ejecucion AND m.id_fund = f.id_fund)
          ORDER BY f.id_ejecucion, f.id_fund
          LIMIT v_cupo
        ),
        escritas AS (
          INSERT INTO logs.Backfill_Mapa (id_ejecucion, id_fund, id_ejecucion_nuevo, id_proceso, fechareporte)
          SELECT x.id_ejecucion, x.id_fund, nextval('logs.seq_id'), x.id_proceso, x.fechareporte FROM elegidas AS x
        )
        SELECT n.filas, u.id_ejecucion, u.id_fund INTO v_filas, v_id, v_fondo
        FROM (SELECT count(*) AS filas FROM elegidas) AS n
        LEFT JOIN (
          SELECT x.id_ejecucion, x.id_fund FROM elegidas AS x ORDER BY x.id_ejecucion DESC, x.id_fund DESC LIMIT 1
        ) AS u ON true;
      ELSE
        WITH elegidas AS MATERIALIZED (
          SELECT b.id_ejecucion
          FROM logs.Backfill_Ejecuciones AS b
          WHERE b.id_ejecucion > e.cursor_id
            AND NOT EXISTS (SELECT FROM logs.Backfill_Mapa AS m WHERE m.id_ejecucion = b.id_ejecucion)
          ORDER BY b.id_ejecucion
          LIMIT v_cupo
        ),
        escritas AS (
          INSERT INTO logs.Backfill_Apartados (tabla, clave, motivo, fila)
          SELECT 'logs.Ejecuciones', x.id_ejecucion::text, 'SIN_FONDOS', to_jsonb(j)::text
          FROM elegidas AS x
          INNER JOIN logs.Ejecuciones AS j ON j.id_ejecucion = x.id_ejecucion
          ON CONFLICT DO NOTHING
        )
        SELECT count(*), max(x.id_ejecucion) INTO v_filas, v_id FROM elegidas AS x;
      END IF;
      v_mayor := v_filas;
      v_hechas := v_filas;
      IF v_filas = v_cupo THEN
        e.cursor_id := v_id;
        e.cursor_fund := COALESCE(v_fondo, c_fondo);
      ELSE
        e.cursor_id := c_primero;
        e.cursor_fund := c_fondo;
        e.orden := e.orden + 1;
        IF e.orden = 3 THEN
          e.fase := 'MEDICION';
          e.orden := 0;
        END IF;
      END IF;

    WHEN 'MEDICION' THEN
      SELECT * INTO v_tabla FROM logs.Backfill_Tablas AS b WHERE b.orden >= e.orden ORDER BY b.orden LIMIT 1;
      IF NOT FOUND THEN
        e.fase := 'PROCESOS';
        e.orden := 0;
        e.cursor_id := c_primero;
      ELSE
        IF e.orden <> v_tabla.orden OR e.cursor_id = c_primero THEN
          e.orden := v_tabla.orden;
          IF v_tabla.tipo = 'FECHA' THEN
            EXECUTE format('SELECT COALESCE(max(x.id), 0) FROM %s AS x', to_regclass(v_tabla.tabla)) INTO v_tope;
          END IF;
          INSERT INTO logs.Backfill_Medidas (tabla, tope) VALUES (v_tabla.tabla, v_tope)
          ON CONFLICT (tabla) DO NOTHING;
        END IF;
        SELECT * INTO v_medida FROM logs.sp_Backfill_Medir(v_tabla.tabla, e.cursor_id, p_Maximo);
        UPDATE logs.Backfill_Medidas AS m
        SET antes_filas = m.antes_filas + v_medida.p_Filas, antes_s1 = m.antes_s1 + v_medida.p_S1::numeric,
          antes_s2 = m.antes_s2 + v_medida.p_S2::numeric
        WHERE m.tabla = v_tabla.tabla;
        v_hechas := v_medida.p_Filas;
        WHILE v_medida.p_Apartar > 0 LOOP
          v_filas := logs.sp_Backfill_Apartar(v_tabla.tabla, e.cursor_id,
            COALESCE(v_medida.p_Hasta, 9223372036854775807), c_sentencia);
          v_mayor := greatest(v_mayor, v_filas);
          EXIT WHEN v_filas < c_sentencia;
        END LOOP;
        IF v_medida.p_Hasta IS NULL THEN
          e.orden := v_tabla.orden + 1;
          e.cursor_id := c_primero;
        ELSE
          e.cursor_id := v_medida.p_Hasta;
        END IF;
      END IF;

    WHEN 'PROCESOS' THEN
      v_cupo := least(p_Maximo, c_sentencia);
      IF e.orden = 0 THEN
        v_ids := ARRAY(
          SELECT b.id_ejecucion FROM logs.Backfill_Ejecuciones AS b
          WHERE NOT b.hecho AND b.id_ejecucion > e.cursor_id ORDER BY b.id_ejecucion LIMIT v_cupo);
        v_filas := cardinality(v_ids);
        INSERT INTO logs.Procesos (id_proceso, fechareporte, estado, etapa_actual, usuario, arquitectura, fechainicio, fechafin,
          totalfondos, fondosexitosos, fondosfallidos, fondosomitidos)
        SELECT
          b.id_proceso, x.fechareporte, x.estado, x.etapa_actual, x.usuario, 'LEGADO',
          COALESCE(x.fechainicio, x.fechareporte::timestamp AT TIME ZONE 'UTC'), x.fechafin,
          COALESCE(x.totalfondos, (SELECT count(*) FROM logs.Backfill_Mapa AS m WHERE m.id_ejecucion = x.id_ejecucion)),
          COALESCE(x.fondosexitosos, 0), COALESCE(x.fondosfallidos, 0), COALESCE(x.fondosomitidos, 0)
        FROM unnest(v_ids) AS u (id)
        INNER JOIN logs.Backfill_Ejecuciones AS b ON b.id_ejecucion = u.id
        INNER JOIN logs.Ejecuciones AS x ON x.id_ejecucion = u.id;
        UPDATE logs.Ejecuciones AS x SET id_proceso = b.id_proceso
        FROM logs.Backfill_Ejecuciones AS b
        WHERE x.id_ejecucion = ANY (v_ids) AND b.id_ejecucion = x.id_ejecucion;
        UPDATE logs.Backfill_Ejecuciones AS b SET hecho = true WHERE b.id_ejecucion = ANY (v_ids);
        v_id := v_ids[v_filas];
      ELSE
        -- de un fondo se sabe lo que dicen sus servicios; si no lo dicen todo, vale lo que decia la ejecucion
        WITH elegidas AS MATERIALIZED (
          SELECT m.id_ejecucion, m.id_fund, m.id_ejecucion_nuevo, m.id_proceso
          FROM logs.Backfill_Mapa AS m
          WHERE m.id_ejecucion_nuevo > e.cursor_id
            AND NOT EXISTS (SELECT FROM logs.Ejecuciones AS x WHERE x.id_ejecucion = m.id_ejecucion_nuevo)
          ORDER BY m.id_ejecucion_nuevo
          LIMIT v_cupo
        ),
        escritas AS (
          INSERT INTO logs.Ejecuciones (id_ejecucion, id_proceso, id_fund, fechareporte, estado, usuario, fechainicio, fechafin,
            totalfondos, fondosexitosos, fondosfallidos, fondosomitidos)
          SELECT
            m.id_ejecucion_nuevo, m.id_proceso, m.id_fund, x.fechareporte, s.estado, x.usuario,
            COALESCE(f.fechainicio, x.fechainicio), COALESCE(f.fechafin, x.fechafin), 1,
            (s.estado = 'COMPLETADO')::integer, (s.estado IN ('ERROR', 'COMPLETADO_CON_ERRORES'))::integer,
            (s.estado IN ('OMITIDO', 'CANCELADO', 'REVERTIDO'))::integer
          FROM elegidas AS m
          INNER JOIN logs.Ejecuciones AS x ON x.id_ejecucion = m.id_ejecucion
          INNER JOIN logs.Ejecucion_Fondos AS f ON f.id_ejecucion = m.id_ejecucion AND f.id_fund = m.id_fund
          CROSS JOIN LATERAL (
            SELECT CASE
              WHEN bool_or(v.estado IN ('ERROR', 'COMPLETADO_CON_ERRORES')) THEN 'ERROR'
              WHEN bool_and(v.estado = 'OMITIDO') THEN 'OMITIDO'
              WHEN bool_and(v.estado IN ('COMPLETADO', 'OMITIDO')) THEN 'COMPLETADO'
              ELSE x.estado
            END AS estado
            FROM (VALUES
              (f.estado_process_ipa), (f.estado_process_capm), (f.estado_process_posmodrf), (f.estado_process_sona),
              (f.estado_process_derivados), (f.estado_process_ubs), (f.estado_process_pnl)) AS v (estado)
          ) AS s
        )
        SELECT count(*), max(m.id_ejecucion_nuevo) INTO v_filas, v_id FROM elegidas AS m;
      END IF;
      v_mayor := v_filas;
      v_hechas := v_filas;
      IF v_filas = v_cupo THEN
        e.cursor_id := v_id;
      ELSE
        e.cursor_id := c_primero;
        e.orden := e.orden + 1;
        IF e.orden = 2 THEN
          e.fase := 'FILAS';
          e.orden := 0;
          e.cursor_fund := c_fondo;
        END IF;
      END IF;

    WHEN 'FILAS' THEN
      SELECT * INTO v_tabla FROM logs.Backfill_Tablas AS b
      WHERE b.orden >= e.orden AND b.tipo <> 'PADRE' ORDER BY b.orden LIMIT 1;
      IF NOT FOUND THEN
        e.fase := 'COMPLETO';
        e.orden := 0;
        e.cursor_id := c_primero;
        e.fin := clock_timestamp();
      ELSE
        e.orden := v_tabla.orden;
        SELECT m.tope INTO v_tope FROM logs.Backfill_Medidas AS m WHERE m.tabla = v_tabla.tabla;
        v_cambiadas := 0;
        v_acabada := false;
        WHILE v_hechas < p_Maximo AND NOT v_acabada LOOP
          v_cupo := least(c_sentencia, p_Maximo - v_hechas);
          IF v_tabla.tipo = 'CLAVE' THEN
            SELECT * INTO v_filas, v_id, v_fondo
            FROM logs.sp_Backfill_Clave(v_tabla.tabla, e.cursor_id, e.cursor_fund, v_cupo);
            v_acabada := v_id IS NULL;
            -- los pares van enteros: lo que no cupo no da otra sentencia para unas pocas filas
            v_hechas := v_hechas + v_cupo;
            v_cambiadas := v_cambiadas + v_filas;
            e.cursor_id := COALESCE(v_id, e.cursor_id);
            e.cursor_fund := COALESCE(v_fondo, e.cursor_fund);
          ELSE
            SELECT * INTO v_filas, v_apartadas, v_id
            FROM logs.sp_Backfill_Fecha(v_tabla.tabla, e.cursor_id, v_tope, v_cupo);
            v_acabada := v_id IS NULL;
            -- las que solo se miran tambien cuentan: el lote se acaba aunque no haya nada que cambiar
            v_hechas := v_hechas + v_cupo;
            v_cambiadas := v_cambiadas + v_filas;
            e.cursor_id := COALESCE(v_id, e.cursor_id);
            v_filas := greatest(v_filas, v_apartadas);
          END IF;
          v_mayor := greatest(v_mayor, v_filas);
        END LOOP;
        UPDATE logs.Backfill_Medidas AS m SET cambiadas = m.cambiadas + v_cambiadas WHERE m.tabla = v_tabla.tabla;
        v_hechas := v_cambiadas;
        IF v_acabada THEN
          e.orden := v_tabla.orden + 1;
          e.cursor_id := c_primero;
          e.cursor_fund := c_fondo;
        END IF;
      END IF;
  END CASE;

  UPDATE logs.Backfill_Estado AS x
  SET
    fase = e.fase, orden = e.orden, cursor_id = e.cursor_id, cursor_fund = e.cursor_fund, vuelta = e.vuelta,
    lotes = x.lotes + 1, mayor_sentencia = greatest(e.mayor_sentencia, v_mayor), inicio = e.inicio, fin = e.fin,
    ultimo = clock_timestamp(), verificado = NULL, verificacion_orden = NULL, verificacion_cursor = NULL
  WHERE x.id = 1;
  RETURN QUERY SELECT e.fase::text, v_tabla.tabla::text, v_hechas, e.fase = 'COMPLETO', e.lotes + 1;
END
$$;
GRANT EXECUTE ON FUNCTION logs.sp_Backfill_Lote TO carril_dba;
