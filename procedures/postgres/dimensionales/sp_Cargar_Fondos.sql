SET LOCAL ROLE carril_dueno;

/*
  Adds the funds that are new and updates those that differ, by FundShortName; funds that are not in the list stay as they are.
  Texts are trimmed; a blank portfolio is none.

  Returns: one
    Insertados    int  not null
    Actualizados  int  not null
    Iguales       int  not null
  Errors: 50400, 50408, 50499
  Touches: dimensionales.BD_Funds write
  Batch: 2000
  Entry: carril_app
  Since: 002
*/
CREATE OR REPLACE FUNCTION dimensionales.sp_Cargar_Fondos(p_Filas jsonb)
RETURNS TABLE (Insertados integer, Actualizados integer, Iguales integer)
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET lock_timeout = '30s'
AS $funcion$
#variable_conflict use_column
DECLARE
  v_error text;
  v_fondos dimensionales.BD_Funds[]; -- ID_Fund lleva el numero de linea
  v_insertados integer;
  v_actualizados integer;
BEGIN
  SELECT format('Linea %s: %s', f."Linea", e.motivo) INTO v_error
  FROM jsonb_to_recordset(p_Filas) AS f (
    "Linea" integer, "FundShortName" text, "Portfolio_Geneva" text, "Portfolio_CAPM" text,
    "Portfolio_Derivados" text, "Portfolio_UBS" text
  )
  CROSS JOIN LATERAL (VALUES
    (1, CASE WHEN coalesce(btrim(f."FundShortName"), '') = '' THEN 'FundShortName esta vacio' END),
    (2, CASE WHEN coalesce(btrim(f."Portfolio_Geneva"), '') = '' THEN 'Portfolio_Geneva esta vacio' END),
    (3, CASE WHEN length(btrim(f."FundShortName")) > 100 THEN 'FundShortName tiene mas de 100 caracteres' END),
    (4, CASE WHEN greatest(
        length(btrim(f."Portfolio_Geneva")), length(btrim(f."Portfolio_CAPM")),
        length(btrim(f."Portfolio_Derivados")), length(btrim(f."Portfolio_UBS"))
      ) > 50 THEN 'un Portfolio tiene mas de 50 caracteres' END)
  ) AS e (orden, motivo)
  WHERE e.motivo IS NOT NULL
  ORDER BY f."Linea", e.orden
  LIMIT 1;

  IF v_error IS NULL THEN
    SELECT array_agg(
      ROW(
        f."Linea", btrim(f."FundShortName"), btrim(f."Portfolio_Geneva"), nullif(btrim(f."Portfolio_CAPM"), ''),
        nullif(btrim(f."Portfolio_Derivados"), ''), nullif(btrim(f."Portfolio_UBS"), ''),
        f."Flag_UBS", f."Flag_Derivados", f."Active", f."Incluir_En_Cubo"
      )::dimensionales.BD_Funds
    ) INTO v_fondos
    FROM jsonb_to_recordset(p_Filas) AS f (
      "Linea" integer, "FundShortName" text, "Portfolio_Geneva" text, "Portfolio_CAPM" text,
      "Portfolio_Derivados" text, "Portfolio_UBS" text, "Flag_UBS" boolean, "Flag_Derivados" boolean,
      "Active" boolean, "Incluir_En_Cubo" boolean
    );

    SELECT format(
      'Linea %s: el fondo %s ya esta en la linea %s', max(f.ID_Fund), f.FundShortName, min(f.ID_Fund)
    ) INTO v_error
    FROM unnest(v_fondos) AS f
    GROUP BY f.FundShortName
    HAVING count(*) > 1
    ORDER BY max(f.ID_Fund)
    LIMIT 1;
  END IF;

  IF v_error IS NOT NULL THEN
    RAISE EXCEPTION '%', v_error USING ERRCODE = 'UC400';
  END IF;

  -- Dos cargas a la vez insertarian el mismo fondo nuevo: una espera a la otra. ON CONFLICT tambien lo resolveria, pero
  -- gastaria un ID_Fund por cada fondo que ya existe.
  BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('carril:carga:Fondos', 0));
  EXCEPTION
    WHEN lock_not_available THEN
      RAISE EXCEPTION 'Otra carga de fondos no termino en 30 s: reintente.' USING ERRCODE = 'UC408';
  END;

  UPDATE dimensionales.BD_Funds AS b
  SET
    Portfolio_Geneva = f.Portfolio_Geneva, Portfolio_CAPM = f.Portfolio_CAPM,
    Portfolio_Derivados = f.Portfolio_Derivados, Portfolio_UBS = f.Portfolio_UBS, Flag_UBS = f.Flag_UBS,
    Flag_Derivados = f.Flag_Derivados, Active = f.Active, Incluir_En_Cubo = f.Incluir_En_Cubo
  FROM unnest(v_fondos) AS f
  WHERE b.FundShortName = f.FundShortName
    AND (b.Portfolio_Geneva, b.Portfolio_CAPM, b.Portfolio_Derivados, b.Portfolio_UBS,
         b.Flag_UBS, b.Flag_Derivados, b.Active, b.Incluir_En_Cubo)
      IS DISTINCT FROM
        (f.Portfolio_Geneva, f.Portfolio_CAPM, f.Portfolio_Derivados, f.Portfolio_UBS,
         f.Flag_UBS, f.Flag_Derivados, f.Active, f.Incluir_En_Cubo);
  GET DIAGNOSTICS v_actualizados = ROW_COUNT;

  INSERT INTO dimensionales.BD_Funds (
    FundShortName, Portfolio_Geneva, Portfolio_CAPM, Portfolio_Derivados, Portfolio_UBS,
    Flag_UBS, Flag_Derivados, Active, Incluir_En_Cubo)
  SELECT
    f.FundShortName, f.Portfolio_Geneva, f.Portfolio_CAPM, f.Portfolio_Derivados, f.Portfolio_UBS,
    f.Flag_UBS, f.Flag_Derivados, f.Active, f.Incluir_En_Cubo
  FROM unnest(v_fondos) AS f
  WHERE NOT EXISTS (SELECT FROM dimensionales.BD_Funds AS b WHERE b.FundShortName = f.FundShortName)
  ORDER BY f.ID_Fund;
  GET DIAGNOSTICS v_insertados = ROW_COUNT;

  RETURN QUERY SELECT v_insertados, v_actualizados, coalesce(cardinality(v_fondos), 0) - v_insertados - v_actualizados;
END;
$funcion$;

GRANT EXECUTE ON FUNCTION dimensionales.sp_Cargar_Fondos(jsonb) TO carril_app;
