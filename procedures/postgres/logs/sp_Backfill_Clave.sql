SET LOCAL ROLE carril_dueno;

/*
  Re-keys rows of a table keyed by (ID_Ejecucion, ID_Fund): from the shared execution to the fund's own, in the order of the map,
  from a pair on. Filas less than @Maximo: that was the last.

  Returns: output
    Filas       int     not null
    Hasta_ID    bigint  null      the last pair that it touched, which may have more rows
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
-- del mapa a la tabla, par por par: cualquier otro plan recorre la tabla entera para escribir 2.000 filas
SET enable_seqscan = off
SET enable_bitmapscan = off
SET enable_hashjoin = off
SET enable_mergejoin = off
AS $$
#variable_conflict use_column
DECLARE
  v_tabla regclass := to_regclass(p_Tabla);
  v_anterior text;
  v_cambio text := '';
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

  EXECUTE format($q$
    WITH lote AS MATERIALIZED (
      SELECT s.ctid AS tid, m.id_ejecucion, m.id_fund, m.id_ejecucion_nuevo
      FROM logs.Backfill_Mapa AS m
      INNER JOIN %1$s AS s ON s.id_ejecucion = m.id_ejecucion AND s.id_fund = m.id_fund
      WHERE (m.id_ejecucion, m.id_fund) >= ($1, $2)
      ORDER BY m.id_ejecucion, m.id_fund
      LIMIT $3
    ),
    cambiadas AS (
      UPDATE %1$s AS s SET id_ejecucion = l.id_ejecucion_nuevo%2$s
      FROM lote AS l
      WHERE s.ctid = l.tid
      RETURNING 1
    )
    SELECT (SELECT count(*) FROM cambiadas)::integer, u.id_ejecucion, u.id_fund
    FROM (SELECT) AS nada
    LEFT JOIN (
      SELECT l.id_ejecucion, l.id_fund FROM lote AS l ORDER BY l.id_ejecucion DESC, l.id_fund DESC LIMIT 1
    ) AS u ON true
  $q$, v_tabla, v_cambio)
  INTO p_Filas, p_Hasta_ID, p_Hasta_Fund
  USING p_Desde_ID, p_Desde_Fund, p_Maximo;
END
$$;
