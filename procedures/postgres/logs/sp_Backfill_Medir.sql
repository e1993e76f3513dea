SET LOCAL ROLE carril_dueno;

/*
  Counts the legacy rows of a window of a table, and adds up slices of each row's SHA-256, over all columns and with every ID that
  the backfill gave turned back into what it was: the same before, in the middle, afterwards and reverted. Only rows of the old way
  count: neither a process of the new way nor a run that is not in the inventory (it had not ended) changes the sums.

  Returns: output
    Filas       bigint       not null
    S1          varchar(40)  not null  sum of the first 8 bytes of each hash, as a signed number
    S2          varchar(40)  not null  of the next 8
    Apartar     bigint       not null  rows keyed by execution that no execution of a fund is for, and that are not set aside yet
    Pendientes  bigint       not null  rows neither re-keyed nor set aside
    Hasta       bigint       null      end of the window; null: it was the last
  Errors: 50404, 50409
  Touches: logs.Backfill_Tablas read, logs.Backfill_Medidas read, logs.Backfill_Ejecuciones read, logs.Backfill_Mapa read, logs.Ejecuciones read, logs.Backfill_Apartados read, the table read
  Batch: none
  Step: called inside the caller's transaction
  Since: 018
*/
CREATE OR REPLACE FUNCTION logs.sp_Backfill_Medir(
  p_Tabla text,
  p_Desde bigint,
  p_Ventana integer,
  OUT p_Filas bigint,
  OUT p_S1 text,
  OUT p_S2 text,
  OUT p_Apartar bigint,
  OUT p_Pendientes bigint,
  OUT p_Hasta bigint
)
LANGUAGE plpgsql STABLE SECURITY INVOKER
SET search_path = pg_catalog, pg_temp
-- el texto de una fila no depende de la sesion que mide
SET timezone = 'UTC'
SET datestyle = 'ISO, YMD'
SET intervalstyle = 'postgres'
SET extra_float_digits = 1
SET bytea_output = 'hex'
-- aqui, para que lo que se apague abajo valga solo en esta funcion
SET enable_nestloop = on
AS $$
#variable_conflict use_column
DECLARE
  v_tabla regclass := to_regclass(p_Tabla);
  v_tipo text;
  v_anterior text;
  v_id text;
  v_hasta bigint;
  v_fila text;
  v_resumen text;
  v_clave text;
  v_heredadas text;
  v_tope bigint;
  v_ejecuciones bigint[];
  v_fondos integer[];
  v_antes bigint[];
  v_por_cambiar boolean[];
  v_sin_destino boolean[];
BEGIN
  SELECT b.tipo, lower(b.columna_anterior), m.tope INTO v_tipo, v_anterior, v_tope
  FROM logs.Backfill_Tablas AS b
  LEFT JOIN logs.Backfill_Medidas AS m ON m.tabla = b.tabla
  WHERE b.tabla = p_Tabla;
  IF NOT FOUND OR v_tabla IS NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'UC404', MESSAGE = format('la tabla %s no existe o no esta en logs.Backfill_Tablas', p_Tabla);
  END IF;

  -- hasta donde llega la ventana; las filas de un mismo ID no se reparten
  v_id := CASE WHEN v_tipo = 'FECHA' THEN 'id' ELSE 'id_ejecucion' END;
  EXECUTE format('SELECT t.%1$I FROM %2$s AS t WHERE t.%1$I > $1 ORDER BY t.%1$I OFFSET $2 LIMIT 1', v_id, v_tabla)
  INTO p_Hasta USING p_Desde, p_Ventana - 1;
  IF v_tipo = 'FECHA' AND p_Hasta >= v_tope THEN
    p_Hasta := NULL;
  END IF;
  v_hasta := COALESCE(p_Hasta, CASE WHEN v_tipo = 'FECHA' THEN v_tope END, 9223372036854775807);

  -- la fila con los ID de antes
  SELECT string_agg(
    CASE
      WHEN v_tipo = 'PADRE' AND a.attname = 'id_proceso' THEN 'NULL::bigint'
      WHEN v_tipo = 'FECHA' AND a.attname = 'id_ejecucion' THEN 'NULL::bigint'
      WHEN v_tipo = 'CLAVE' AND a.attname = 'id_ejecucion' THEN 'h.id_antes'
      WHEN a.attname = v_anterior THEN format('COALESCE((SELECT n.id_ejecucion FROM logs.Backfill_Mapa AS n '
        || 'WHERE n.id_ejecucion_nuevo = t.%1$I AND n.id_fund = t.id_fund), t.%1$I)', a.attname)
      ELSE format('t.%I', a.attname)
    END, ', ' ORDER BY a.attnum)
  INTO v_fila
  FROM pg_attribute AS a
  WHERE a.attrelid = v_tabla AND a.attnum > 0 AND NOT a.attisdropped;
  -- los 16 primeros bytes del SHA-256 de su texto
  v_resumen := format(
    $s$('x' || encode(substr(sha256(convert_to(ROW(%s)::text, 'UTF8')), 1, 16), 'hex'))::bit(128)$s$, v_fila);

  IF v_tipo = 'CLAVE' THEN
    SELECT format('concat_ws(''|'', %s)', string_agg(format('t.%I', a.attname), ', ' ORDER BY k.orden)) INTO v_clave
    FROM pg_index AS i
    CROSS JOIN LATERAL unnest(i.indkey::smallint[]) WITH ORDINALITY AS k (columna, orden)
    INNER JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = k.columna
    WHERE i.indrelid = v_tabla AND i.indisprimary;
    IF v_clave IS NULL THEN
      RAISE EXCEPTION USING ERRCODE = 'UC409', MESSAGE = format('la tabla %s no tiene clave primaria', p_Tabla);
    END IF;
    -- quien es cada par se averigua una vez, no por fila
    EXECUTE format($q$
      WITH pares AS MATERIALIZED (
        SELECT DISTINCT t.id_ejecucion, t.id_fund FROM %s AS t WHERE t.id_ejecucion > $1 AND t.id_ejecucion <= $2
      )
      SELECT
        array_agg(p.id_ejecucion), array_agg(p.id_fund), array_agg(COALESCE(n.id_ejecucion, p.id_ejecucion)),
        array_agg(n.id_ejecucion IS NULL AND m.id_ejecucion IS NOT NULL),
        array_agg(n.id_ejecucion IS NULL AND m.id_ejecucion IS NULL)
      FROM pares AS p
      LEFT JOIN logs.Backfill_Mapa AS n ON n.id_ejecucion_nuevo = p.id_ejecucion AND n.id_fund = p.id_fund
      LEFT JOIN logs.Backfill_Mapa AS m ON m.id_ejecucion = p.id_ejecucion AND m.id_fund = p.id_fund
      WHERE n.id_ejecucion IS NOT NULL
        OR EXISTS (SELECT FROM logs.Backfill_Ejecuciones AS b WHERE b.id_ejecucion = p.id_ejecucion)
        OR NOT EXISTS (SELECT FROM logs.Ejecuciones AS e WHERE e.id_ejecucion = p.id_ejecucion)
    $q$, v_tabla)
    INTO v_ejecuciones, v_fondos, v_antes, v_por_cambiar, v_sin_destino
    USING p_Desde, v_hasta;
    -- recien cambiadas las claves, las estadisticas no conocen las nuevas: que no crea que la ventana tiene una fila
    PERFORM set_config('enable_nestloop', 'off', true);
    v_heredadas := format($q$
      WITH filas AS (
        SELECT
          %3$s AS h, h.por_cambiar AS pendiente,
          h.sin_destino AND NOT EXISTS (
            SELECT FROM logs.Backfill_Apartados AS a WHERE a.tabla = $3 AND a.clave = %2$s) AS apartar
        FROM unnest($4, $5, $6, $7, $8) AS h (id_ejecucion, id_fund, id_antes, por_cambiar, sin_destino)
        INNER JOIN %1$s AS t ON t.id_ejecucion = h.id_ejecucion AND t.id_fund = h.id_fund
      $q$, v_tabla, v_clave, v_resumen);
  ELSIF v_tipo = 'PADRE' THEN
    v_heredadas := format($q$
      WITH filas AS (
        SELECT %2$s AS h, t.id_proceso IS NULL AS pendiente, false AS apartar
        FROM %1$s AS t
        INNER JOIN logs.Backfill_Ejecuciones AS b ON b.id_ejecucion = t.id_ejecucion
      $q$, v_tabla, v_resumen);
  ELSE
    v_heredadas := format($q$
      WITH en_curso AS MATERIALIZED (
        SELECT DISTINCT e.fechareporte
        FROM logs.Ejecuciones AS e
        WHERE e.id_proceso IS NULL AND e.id_fund IS NULL
          AND NOT EXISTS (SELECT FROM logs.Backfill_Ejecuciones AS b WHERE b.id_ejecucion = e.id_ejecucion)
      ),
      filas AS (
        SELECT
          %2$s AS h,
          t.id_ejecucion IS NULL AND NOT EXISTS (
            SELECT FROM logs.Backfill_Apartados AS a WHERE a.tabla = $3 AND a.clave = t.id::text) AS pendiente,
          false AS apartar
        FROM (
          SELECT x.*
          FROM %1$s AS x
          WHERE x.id > $1 AND x.id <= $2
            AND CASE
              WHEN x.id_ejecucion IS NULL THEN NOT EXISTS (SELECT FROM en_curso AS c WHERE c.fechareporte = x.fechareporte)
              ELSE EXISTS (SELECT FROM logs.Backfill_Mapa AS n WHERE n.id_ejecucion_nuevo = x.id_ejecucion)
            END
        ) AS t
      $q$, v_tabla, v_resumen);
  END IF;

  EXECUTE v_heredadas || format($q$
        WHERE t.%1$I > $1 AND t.%1$I <= $2
        -- que cada resumen se calcule una vez, aunque se use dos
        OFFSET 0
      )
    SELECT
      count(*),
      COALESCE(sum(f.h::bit(64)::bigint), 0)::text,
      COALESCE(sum((f.h << 64)::bit(64)::bigint), 0)::text,
      count(*) FILTER (WHERE f.apartar),
      count(*) FILTER (WHERE f.pendiente OR f.apartar)
    FROM filas AS f
  $q$, v_id)
  INTO p_Filas, p_S1, p_S2, p_Apartar, p_Pendientes
  USING p_Desde, v_hasta, p_Tabla, v_ejecuciones, v_fondos, v_antes, v_por_cambiar, v_sin_destino;
END
$$;
