SET LOCAL ROLE carril_dueno;

/*
  Loads positions: replaces all rows of each (FechaReporte, Portfolio) among the given lines, in one transaction. A pair whose
  stored rows already are the given ones is left alone, so that loading a file twice changes nothing. Texts are trimmed, a
  blank Ticker or price is none; numbers are plain decimals, rounded to the column's scale. Two loads of one pair wait for
  each other. An error names the line.

  Returns: one
    Insertadas    int  not null  rows written
    Reemplazadas  int  not null  rows that stood there before and were deleted
    Sin_Cambio    bit  not null  nothing had to be written
  Errors: 50400, 50408, 50499
  Touches: homol.IPA write
  Batch: 2000
  Entry: carril_app
  Since: 003
*/
CREATE OR REPLACE FUNCTION homol.sp_Cargar_IPA(p_Filas jsonb)
RETURNS TABLE (Insertadas integer, Reemplazadas integer, Sin_Cambio boolean)
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET lock_timeout = '30s'
AS $funcion$
#variable_conflict use_column
DECLARE
  c_decimal CONSTANT text := '^[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)$';
  v_error text;
  v_lineas homol.IPA[]; -- ID_Linea lleva el numero de linea
  v_bloqueo text;
  v_fechas date[];      -- los pares que cambian
  v_portfolios text[];
  v_insertadas integer;
  v_reemplazadas integer;
BEGIN
  -- numeric acepta de mas ('1e3', 'NaN', '1_000'): el patron deja solo decimales simples
  SELECT format('Linea %s: %s', f."Linea", e.motivo) INTO v_error
  FROM jsonb_to_recordset(p_Filas) AS f (
    "Linea" integer, "FechaReporte" date, "Portfolio" text, "InvestID" text, "Ticker" text, "Descripcion" text,
    "Moneda" text, "Cantidad" text, "PrecioLocal" text, "ValorMercado" text, "Peso" text
  )
  CROSS JOIN LATERAL (VALUES
    (1, CASE WHEN f."FechaReporte" IS NULL THEN 'FechaReporte esta vacia' END),
    (2, CASE WHEN coalesce(btrim(f."Portfolio"), '') = '' THEN 'Portfolio esta vacio'
      WHEN length(btrim(f."Portfolio")) > 50 THEN 'Portfolio tiene mas de 50 caracteres' END),
    (3, CASE WHEN coalesce(btrim(f."InvestID"), '') = '' THEN 'InvestID esta vacio'
      WHEN length(btrim(f."InvestID")) > 100 THEN 'InvestID tiene mas de 100 caracteres' END),
    (4, CASE WHEN length(btrim(f."Ticker")) > 50 THEN 'Ticker tiene mas de 50 caracteres' END),
    (5, CASE WHEN f."Descripcion" IS NULL THEN 'falta Descripcion'
      WHEN length(btrim(f."Descripcion")) > 200 THEN 'Descripcion tiene mas de 200 caracteres' END),
    (6, CASE WHEN coalesce(length(btrim(f."Moneda")), 0) <> 3
      THEN format('Moneda "%s" no tiene tres letras', f."Moneda") END),
    (7, CASE WHEN coalesce(btrim(f."Cantidad"), '') !~ c_decimal OR NOT pg_input_is_valid(f."Cantidad", 'numeric(28,8)')
      THEN format('Cantidad "%s" no es un numero decimal(28,8)', f."Cantidad") END),
    (8, CASE WHEN btrim(f."PrecioLocal") <> ''
        AND (btrim(f."PrecioLocal") !~ c_decimal OR NOT pg_input_is_valid(f."PrecioLocal", 'numeric(28,8)'))
      THEN format('PrecioLocal "%s" no es un numero decimal(28,8)', f."PrecioLocal") END),
    (9, CASE WHEN coalesce(btrim(f."ValorMercado"), '') !~ c_decimal
        OR NOT pg_input_is_valid(f."ValorMercado", 'numeric(19,4)')
      THEN format('ValorMercado "%s" no es un numero decimal(19,4)', f."ValorMercado") END),
    (10, CASE WHEN btrim(f."Peso") <> ''
        AND (btrim(f."Peso") !~ c_decimal OR NOT pg_input_is_valid(f."Peso", 'numeric(9,6)'))
      THEN format('Peso "%s" no es un numero decimal(9,6)', f."Peso") END)
  ) AS e (orden, motivo)
  WHERE e.motivo IS NOT NULL
  ORDER BY f."Linea", e.orden
  LIMIT 1;

  IF v_error IS NULL THEN
    SELECT array_agg(
      ROW(
        f."Linea", f."FechaReporte", btrim(f."Portfolio"), btrim(f."InvestID"), nullif(btrim(f."Ticker"), ''),
        btrim(f."Descripcion"), btrim(f."Moneda"), f."Cantidad", nullif(btrim(f."PrecioLocal"), ''),
        f."ValorMercado", nullif(btrim(f."Peso"), '')
      )::homol.IPA
    ) INTO v_lineas
    FROM jsonb_to_recordset(p_Filas) AS f (
      "Linea" integer, "FechaReporte" date, "Portfolio" text, "InvestID" text, "Ticker" text, "Descripcion" text,
      "Moneda" text, "Cantidad" text, "PrecioLocal" text, "ValorMercado" text, "Peso" text
    );

    SELECT format(
      'Linea %s: la posicion %s de %s al %s ya esta en la linea %s',
      max(l.ID_Linea), l.InvestID, l.Portfolio, l.FechaReporte, min(l.ID_Linea)
    ) INTO v_error
    FROM unnest(v_lineas) AS l
    GROUP BY l.FechaReporte, l.Portfolio, l.InvestID
    HAVING count(*) > 1
    ORDER BY max(l.ID_Linea)
    LIMIT 1;
  END IF;

  IF v_error IS NOT NULL THEN
    RAISE EXCEPTION '%', v_error USING ERRCODE = 'UC400';
  END IF;

  -- siempre en el mismo orden: dos cargas de los mismos pares se esperan, nunca se cruzan
  BEGIN
    FOR v_bloqueo IN
      SELECT DISTINCT format('carril:carga:IPA:%s:%s', l.FechaReporte, l.Portfolio) COLLATE "C"
      FROM unnest(v_lineas) AS l
      ORDER BY 1
    LOOP
      PERFORM pg_advisory_xact_lock(hashtextextended(v_bloqueo, 0));
    END LOOP;
  EXCEPTION
    WHEN lock_not_available THEN
      RAISE EXCEPTION 'El bloqueo % no se obtuvo en 30 s: reintente.', v_bloqueo USING ERRCODE = 'UC408';
  END;

  WITH nuevas AS (
    SELECT
      l.FechaReporte, l.Portfolio, l.InvestID, l.Ticker, l.Descripcion, l.Moneda,
      l.Cantidad, l.PrecioLocal, l.ValorMercado, l.Peso
    FROM unnest(v_lineas) AS l
  ), guardadas AS (
    SELECT
      h.FechaReporte, h.Portfolio, h.InvestID, h.Ticker, h.Descripcion, h.Moneda,
      h.Cantidad, h.PrecioLocal, h.ValorMercado, h.Peso
    FROM (SELECT DISTINCT n.FechaReporte, n.Portfolio FROM nuevas AS n) AS p
    INNER JOIN homol.IPA AS h ON h.FechaReporte = p.FechaReporte AND h.Portfolio = p.Portfolio
  ), cambian AS (
    SELECT d.FechaReporte, d.Portfolio FROM (TABLE nuevas EXCEPT ALL TABLE guardadas) AS d
    UNION
    SELECT d.FechaReporte, d.Portfolio FROM (TABLE guardadas EXCEPT ALL TABLE nuevas) AS d
  )
  SELECT array_agg(c.FechaReporte), array_agg(c.Portfolio) INTO v_fechas, v_portfolios
  FROM cambian AS c;

  -- PostgreSQL no escala bloqueos: cada paso es una sola sentencia
  DELETE FROM homol.IPA AS h
  USING unnest(v_fechas, v_portfolios) AS c (fecha, codigo)
  WHERE h.FechaReporte = c.fecha AND h.Portfolio = c.codigo;
  GET DIAGNOSTICS v_reemplazadas = ROW_COUNT;

  INSERT INTO homol.IPA (
    FechaReporte, Portfolio, InvestID, Ticker, Descripcion, Moneda, Cantidad, PrecioLocal, ValorMercado, Peso)
  SELECT
    l.FechaReporte, l.Portfolio, l.InvestID, l.Ticker, l.Descripcion, l.Moneda,
    l.Cantidad, l.PrecioLocal, l.ValorMercado, l.Peso
  FROM unnest(v_lineas) AS l
  INNER JOIN unnest(v_fechas, v_portfolios) AS c (fecha, codigo)
    ON c.fecha = l.FechaReporte AND c.codigo = l.Portfolio
  ORDER BY l.ID_Linea;
  GET DIAGNOSTICS v_insertadas = ROW_COUNT;

  RETURN QUERY SELECT v_insertadas, v_reemplazadas, v_fechas IS NULL;
END;
$funcion$;

GRANT EXECUTE ON FUNCTION homol.sp_Cargar_IPA(jsonb) TO carril_app;
