SET LOCAL ROLE carril_dueno;

/*
  What one execution's fund pays for one day: its value times the yearly rate, by 365, rounded to cents.

  Returns: one
    Comision  varchar(40)  not null
  Errors: 50404
  Touches: sitio.Tasas read, staging.IPA_Final read
  Batch: none
  Entry: carril_app
  Since: 015
*/
CREATE OR REPLACE FUNCTION sitio.sp_Comision(p_ID_Ejecucion bigint, p_ID_Fund integer)
RETURNS TABLE (Comision text)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  v_tasa numeric;
BEGIN
  SELECT t.tasa INTO v_tasa FROM sitio.Tasas AS t WHERE t.id_fund = p_ID_Fund;
  IF NOT FOUND THEN
    RAISE EXCEPTION USING ERRCODE = 'UC404', MESSAGE = format('el fondo %s no tiene tasa en sitio.Tasas', p_ID_Fund);
  END IF;

  RETURN QUERY
  SELECT round(COALESCE(sum(f.valormercado), 0) * v_tasa / 36500, 2)::text
  FROM staging.IPA_Final AS f
  WHERE f.id_ejecucion = p_ID_Ejecucion AND f.id_fund = p_ID_Fund;
END
$$;
GRANT EXECUTE ON FUNCTION sitio.sp_Comision TO carril_app;
