SET LOCAL ROLE carril_dueno;

/*
  Gives rows of a table back the ID_Ejecucion that they had before the backfill, in the order of the map, from one of its executions
  on. Filas less than @Maximo: that was the last.

  Returns: output
    Filas  int     not null
    Hasta  bigint  null      the last execution that it touched, which may have more rows
  Errors: 50404, 50409
  Touches: logs.Backfill_Tablas read, logs.Backfill_Mapa read, the table write
  Batch: 2000
  Step: called inside the caller's transaction
  Since: 018
*/
CREATE OR REPLACE FUNCTION logs.sp_Backfill_Deshacer(
  p_Tabla text,
  p_Desde bigint,
  p_Maximo integer,
  OUT p_Filas integer,
  OUT p_Hasta bigint
)
LANGUAGE plpgsql VOLATILE SECURITY INVOKER
SET search_path = pg_catalog, pg_temp
SET enable_seqscan = off
SET enable_bitmapscan = off
SET enable_hashjoin = off
SET enable_mergejoin = off
AS $$
#variable_conflict use_column
DECLARE
  v_tabla regclass := to_regclass(p_Tabla);
  v_tipo text;
  v_anterior text;
  v_cambio text;
BEGIN
  SELECT b.tipo, lower(b.columna_anterior) INTO v_tipo, v_anterior
  FROM logs.Backfill_Tablas AS b WHERE b.tabla = p_Tabla AND b.tipo IN ('CLAVE', 'FECHA');
  IF NOT FOUND OR v_tabla IS NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'UC404', MESSAGE = format('la tabla %s no existe o no esta en logs.Backfill_Tablas', p_Tabla);
  END IF;
  v_cambio := CASE WHEN v_tipo = 'FECHA' THEN 'NULL' ELSE 'l.id_ejecucion' END;
  IF v_anterior IS NOT NULL THEN
    v_cambio := v_cambio || format(', %1$I = COALESCE((SELECT a.id_ejecucion FROM logs.Backfill_Mapa AS a '
      || 'WHERE a.id_ejecucion_nuevo = s.%1$I AND a.id_fund = s.id_fund), s.%1$I)', v_anterior);
  END IF;

  EXECUTE format($q$
    WITH lote AS MATERIALIZED (
      SELECT s.ctid AS tid, m.id_ejecucion, m.id_ejecucion_nuevo
      FROM logs.Backfill_Mapa AS m
      INNER JOIN %1$s AS s ON s.id_ejecucion = m.id_ejecucion_nuevo%3$s
      WHERE m.id_ejecucion_nuevo >= $1
      ORDER BY m.id_ejecucion_nuevo
      LIMIT $2
    ),
    cambiadas AS (
      UPDATE %1$s AS s SET id_ejecucion = %2$s
      FROM lote AS l
      WHERE s.ctid = l.tid
      RETURNING 1
    )
    SELECT (SELECT count(*) FROM cambiadas)::integer, (SELECT max(l.id_ejecucion_nuevo) FROM lote AS l)
  $q$, v_tabla, v_cambio, CASE WHEN v_tipo = 'CLAVE' THEN ' AND s.id_fund = m.id_fund' ELSE '' END)
  INTO p_Filas, p_Hasta
  USING p_Desde, p_Maximo;
END
$$;
