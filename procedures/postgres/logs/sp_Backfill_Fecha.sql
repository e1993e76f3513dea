SET LOCAL ROLE carril_dueno;

/*
  Gives rows of a table without ID_Ejecucion theirs: the fund whose code in dimensionales.BD_Funds is their Portfolio, and the one
  backfilled execution of that fund and date. Where there is none, or more than one, the row is copied to logs.Backfill_Apartados
  with the reason and stays as it is. Rows of a date that a run of the old way is writing right now are left for later.

  Returns: output
    Cambiadas  int     not null
    Apartadas  int     not null
    Hasta      bigint  null      the last ID that it looked at; null: there are no more
  Errors: 50404, 50409
  Touches: logs.Backfill_Tablas read, dimensionales.BD_Funds read, logs.Backfill_Mapa read, logs.Ejecuciones read, the table write, logs.Backfill_Apartados write
  Batch: 2000
  Step: called inside the caller's transaction
  Since: 018
*/
CREATE OR REPLACE FUNCTION logs.sp_Backfill_Fecha(
  p_Tabla text,
  p_Desde bigint,
  p_Tope bigint,
  p_Maximo integer,
  OUT p_Cambiadas integer,
  OUT p_Apartadas integer,
  OUT p_Hasta bigint
)
LANGUAGE plpgsql VOLATILE SECURITY INVOKER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  v_tabla regclass := to_regclass(p_Tabla);
  v_portfolio text;
BEGIN
  SELECT lower(b.columna_portfolio) INTO v_portfolio
  FROM logs.Backfill_Tablas AS b WHERE b.tabla = p_Tabla AND b.tipo = 'FECHA';
  IF NOT FOUND OR v_tabla IS NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'UC404', MESSAGE = format('la tabla %s no existe o no esta en logs.Backfill_Tablas', p_Tabla);
  END IF;

  -- hasta donde llega el lote; NULL: no hay mas
  EXECUTE format($q$
    SELECT max(v.id) FROM (SELECT x.id FROM %s AS x WHERE x.id > $1 AND x.id <= $2 ORDER BY x.id LIMIT $3) AS v
  $q$, v_tabla)
  INTO p_Hasta
  USING p_Desde, p_Tope, p_Maximo;

  EXECUTE format($q$
    WITH pares AS MATERIALIZED (
      SELECT DISTINCT x.fechareporte, x.portfolio
      FROM %1$s AS x
      WHERE x.id > $1 AND x.id <= $2 AND x.id_ejecucion IS NULL
    ),
    -- min() solo se usa cuando hay uno
    destino AS MATERIALIZED (
      SELECT
        p.fechareporte, p.portfolio,
        CASE WHEN f.fondos = 1 AND d.ejecuciones = 1 THEN d.nuevo END AS nuevo,
        CASE
          WHEN p.fechareporte IS NULL THEN 'SIN_FECHA'
          WHEN f.fondos = 0 THEN 'SIN_FONDO'
          WHEN f.fondos > 1 THEN 'VARIOS_FONDOS'
          WHEN d.ejecuciones = 0 THEN 'SIN_EJECUCION'
          WHEN d.ejecuciones > 1 THEN 'VARIAS_EJECUCIONES'
        END AS motivo
      FROM pares AS p
      CROSS JOIN LATERAL (
        SELECT count(*) AS fondos, min(b.id_fund) AS id_fund
        FROM dimensionales.BD_Funds AS b WHERE b.%2$I = p.portfolio
      ) AS f
      CROSS JOIN LATERAL (
        SELECT count(*) AS ejecuciones, min(m.id_ejecucion_nuevo) AS nuevo
        FROM logs.Backfill_Mapa AS m WHERE m.fechareporte = p.fechareporte AND m.id_fund = f.id_fund
      ) AS d
      WHERE NOT EXISTS (
        SELECT FROM logs.Ejecuciones AS e
        WHERE e.fechareporte = p.fechareporte AND e.id_proceso IS NULL AND e.id_fund IS NULL)
    ),
    cambiadas AS (
      UPDATE %1$s AS x SET id_ejecucion = d.nuevo
      FROM destino AS d
      WHERE x.id > $1 AND x.id <= $2 AND x.id_ejecucion IS NULL
        AND d.fechareporte = x.fechareporte AND d.portfolio = x.portfolio AND d.nuevo IS NOT NULL
      RETURNING 1
    ),
    apartadas AS (
      INSERT INTO logs.Backfill_Apartados (tabla, clave, motivo, fila)
      SELECT $3, x.id::text, d.motivo, to_jsonb(x)::text
      FROM destino AS d
      INNER JOIN %1$s AS x ON x.fechareporte IS NOT DISTINCT FROM d.fechareporte AND x.portfolio IS NOT DISTINCT FROM d.portfolio
      WHERE d.motivo IS NOT NULL AND x.id > $1 AND x.id <= $2 AND x.id_ejecucion IS NULL
      ON CONFLICT (tabla, clave) DO NOTHING
      RETURNING 1
    )
    SELECT (SELECT count(*) FROM cambiadas)::integer, (SELECT count(*) FROM apartadas)::integer
  $q$, v_tabla, v_portfolio)
  INTO p_Cambiadas, p_Apartadas
  USING p_Desde, p_Hasta, p_Tabla;
END
$$;
