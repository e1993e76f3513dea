SET LOCAL ROLE carril_dueno;

/*
  Copies rows of a table keyed by (ID_Ejecucion, ID_Fund) that no execution of a fund is for to logs.Backfill_Apartados, with the
  reason: SIN_EJECUCION (logs.Ejecuciones does not know it) or SIN_FONDO (it knows no such fund). The rows stay as they are.

  Returns: output
    Filas  int  not null
  Errors: 50404, 50409
  Touches: logs.Backfill_Ejecuciones read, logs.Backfill_Mapa read, logs.Ejecuciones read, the table read, logs.Backfill_Apartados write
  Batch: 2000
  Step: called inside the caller's transaction
  Since: 018
*/
CREATE OR REPLACE FUNCTION logs.sp_Backfill_Apartar(
  p_Tabla text,
  p_Desde bigint,
  p_Hasta bigint,
  p_Maximo integer,
  OUT p_Filas integer
)
LANGUAGE plpgsql VOLATILE SECURITY INVOKER
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
#variable_conflict use_column
DECLARE
  v_tabla regclass := to_regclass(p_Tabla);
  v_clave text;
BEGIN
  SELECT format('concat_ws(''|'', %s)', string_agg(format('t.%I', a.attname), ', ' ORDER BY k.orden)) INTO v_clave
  FROM logs.Backfill_Tablas AS b
  INNER JOIN pg_index AS i ON i.indrelid = v_tabla AND i.indisprimary
  CROSS JOIN LATERAL unnest(i.indkey::smallint[]) WITH ORDINALITY AS k (columna, orden)
  INNER JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = k.columna
  WHERE b.tabla = p_Tabla AND b.tipo = 'CLAVE';
  IF v_clave IS NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'UC404', MESSAGE = format('la tabla %s no existe o no esta en logs.Backfill_Tablas', p_Tabla);
  END IF;

  EXECUTE format($q$
    INSERT INTO logs.Backfill_Apartados (tabla, clave, motivo, fila)
    SELECT $3, t.clave, CASE WHEN t.conocida THEN 'SIN_FONDO' ELSE 'SIN_EJECUCION' END, t.fila
    FROM (
      SELECT
        to_jsonb(t)::text AS fila, %1$s AS clave,
        EXISTS (SELECT FROM logs.Ejecuciones AS e WHERE e.id_ejecucion = t.id_ejecucion) AS conocida
      FROM %2$s AS t
      WHERE t.id_ejecucion > $1 AND t.id_ejecucion <= $2
        AND NOT EXISTS (SELECT FROM logs.Backfill_Mapa AS m WHERE m.id_ejecucion = t.id_ejecucion AND m.id_fund = t.id_fund)
        AND NOT EXISTS (SELECT FROM logs.Backfill_Mapa AS n WHERE n.id_ejecucion_nuevo = t.id_ejecucion AND n.id_fund = t.id_fund)
        AND (EXISTS (SELECT FROM logs.Backfill_Ejecuciones AS b WHERE b.id_ejecucion = t.id_ejecucion)
          OR NOT EXISTS (SELECT FROM logs.Ejecuciones AS e WHERE e.id_ejecucion = t.id_ejecucion))
    ) AS t
    WHERE NOT EXISTS (SELECT FROM logs.Backfill_Apartados AS a WHERE a.tabla = $3 AND a.clave = t.clave)
    LIMIT $4
  $q$, v_clave, v_tabla)
  USING p_Desde, p_Hasta, p_Tabla, p_Maximo;
  GET DIAGNOSTICS p_Filas = ROW_COUNT;
END
$$;
