SET LOCAL ROLE carril_dueno;

/*
  Re-keys rows of a table keyed by (ID_Ejecucion, ID_Fund): from the shared execution to the fund's own, in the order of the map,
  from a pair on. Hasta_ID null: that was the last.

  Returns: output
    Filas       int     not null
    Hasta_ID    bigint  null      the pair to go on with
    Hasta_Fund  int     null
  Errors: 50404, 50409
  Touches: logs.Backfill_Tablas read, logs.Backfill_Mapa read, the table write
  Batch: 2000
  Step: called inside the caller's transaction
  Since: 018
*/
CREATE OR REPLACE FUNCTION logs.sp_Backfill_Clave(
  p_Tabla text,
  p_Desde_ID bigint,
  p_Desde_Fund integer,
  p_Maximo integer,
  OUT p_Filas integer,
  OUT p_Hasta_ID bigint,
  OUT p_Hasta_Fund integer
)
LANGUAGE plpgsql VOLATILE SECURITY INVOKER
SET search_path = pg_catalog, pg_temp
-- mapa y tabla van en el mismo orden, el de sus claves: recorrerlos a la par es lo mas barato, y cualquier otro plan recorre la
-- tabla entera para escribir 2.000 filas
SET enable_seqscan = off
SET enable_bitmapscan = off
SET enable_hashjoin = off
SET enable_nestloop = off
AS $$
#variable_conflict use_column
DECLARE
  v_tabla regclass := to_regclass(p_Tabla);
  v_anterior text;
  v_cambio text := '';
  v_tope bigint;
BEGIN
  SELECT lower(b.columna_anterior) INTO v_anterior
  FROM logs.Backfill_Tablas AS b WHERE b.tabla = p_Tabla AND b.tipo = 'CLAVE';
  IF NOT FOUND OR v_tabla IS NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'UC404', MESSAGE = format('la tabla %s no existe o no esta en logs.Backfill_Tablas', p_Tabla);
  END IF;
  -- una que ya no existe, o que nunca paso por el mapa, se queda como estaba
  IF v_anterior IS NOT NULL THEN
    v_cambio := format(', %1$I = COALESCE((SELECT a.id_ejecucion_nuevo FROM logs.Backfill_Mapa AS a '
      || 'WHERE a.id_ejecucion = s.%1$I AND a.id_fund = s.id_fund), s.%1$I)', v_anterior);
  END IF;

  -- hasta el par en que cae la fila siguiente a las que caben: los pares van enteros, y el par queda para la proxima vez. Las
  -- claves nuevas estan mas alla del tope, o no estan en el mapa
  SELECT max(m.id_ejecucion) INTO v_tope FROM logs.Backfill_Mapa AS m;
  EXECUTE format($q$
    SELECT s.id_ejecucion, s.id_fund
    FROM %s AS s
    WHERE (s.id_ejecucion, s.id_fund) >= ($1, $2) AND s.id_ejecucion <= $4
    ORDER BY s.id_ejecucion, s.id_fund
    OFFSET $3 LIMIT 1
  $q$, v_tabla)
  INTO p_Hasta_ID, p_Hasta_Fund
  USING p_Desde_ID, p_Desde_Fund, p_Maximo, v_tope;

  IF (p_Hasta_ID, p_Hasta_Fund) = (p_Desde_ID, p_Desde_Fund) THEN
    -- un par que no cabe: por partes
    EXECUTE format($q$
      UPDATE %1$s AS s SET id_ejecucion = m.id_ejecucion_nuevo%2$s
      FROM logs.Backfill_Mapa AS m
      WHERE m.id_ejecucion = $1 AND m.id_fund = $2
        AND s.ctid = ANY (ARRAY(SELECT x.ctid FROM %1$s AS x WHERE x.id_ejecucion = $1 AND x.id_fund = $2 LIMIT $3))
    $q$, v_tabla, v_cambio)
    USING p_Desde_ID, p_Desde_Fund, p_Maximo;
    GET DIAGNOSTICS p_Filas = ROW_COUNT;
    IF p_Filas = 0 THEN
      -- no esta en el mapa: se queda como esta
      EXECUTE format($q$
        SELECT s.id_ejecucion, s.id_fund
        FROM %s AS s
        WHERE (s.id_ejecucion, s.id_fund) > ($1, $2) AND s.id_ejecucion <= $3
        ORDER BY s.id_ejecucion, s.id_fund
        LIMIT 1
      $q$, v_tabla)
      INTO p_Hasta_ID, p_Hasta_Fund
      USING p_Desde_ID, p_Desde_Fund, v_tope;
    END IF;
    RETURN;
  END IF;

  EXECUTE format($q$
    UPDATE %1$s AS s SET id_ejecucion = m.id_ejecucion_nuevo%2$s
    FROM logs.Backfill_Mapa AS m
    WHERE s.id_ejecucion = m.id_ejecucion AND s.id_fund = m.id_fund
      AND (m.id_ejecucion, m.id_fund) >= ($1, $2) AND (m.id_ejecucion, m.id_fund) < ($3, $4)
      AND (s.id_ejecucion, s.id_fund) >= ($1, $2) AND (s.id_ejecucion, s.id_fund) < ($3, $4)
  $q$, v_tabla, v_cambio)
  USING p_Desde_ID, p_Desde_Fund, COALESCE(p_Hasta_ID, 9223372036854775807), COALESCE(p_Hasta_Fund, 2147483647);
  GET DIAGNOSTICS p_Filas = ROW_COUNT;
END
$$;
