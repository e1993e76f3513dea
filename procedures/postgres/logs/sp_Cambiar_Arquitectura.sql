SET LOCAL ROLE carril_dueno;

/*
  The switch: sets the architecture of the funds named, or, of none named, of all of them, which takes back what single funds had of
  their own. Processes that have started keep theirs. The same by hand: UPDATE logs.Ajustes SET Valor = 'LEGADO'
  WHERE Ajuste = 'ARQUITECTURA' (all funds at once).

  Returns: output
    Cambiados  int  not null  funds that run another way than before
  Errors: 50400, 50404
  Touches: dimensionales.BD_Funds read, logs.Ajustes write
  Batch: 2000
  Entry: carril_app
  Since: 014
*/
CREATE OR REPLACE FUNCTION logs.sp_Cambiar_Arquitectura(
  p_Arquitectura text,
  p_Fondos jsonb DEFAULT '[]',
  p_Usuario text DEFAULT NULL,
  OUT p_Cambiados integer
)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  v_usuario text := COALESCE(p_Usuario, session_user);
  v_pedidos text[];
  v_nombres text;
BEGIN
  IF p_Arquitectura IS NULL OR p_Arquitectura NOT IN ('LEGADO', 'JERARQUICA') THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400', MESSAGE = 'p_Arquitectura debe ser LEGADO o JERARQUICA';
  END IF;
  SELECT array_agg(DISTINCT x."FundShortName") INTO v_pedidos
  FROM jsonb_to_recordset(p_Fondos) AS x ("FundShortName" text);
  SELECT string_agg(x.nombre, ', ' ORDER BY x.nombre) INTO v_nombres
  FROM unnest(v_pedidos) AS x (nombre)
  WHERE NOT EXISTS (SELECT FROM dimensionales.BD_Funds AS f WHERE f.fundshortname = x.nombre);
  IF v_nombres IS NOT NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'UC404', MESSAGE = 'no estan en dimensionales.BD_Funds: ' || left(v_nombres, 1900);
  END IF;

  SELECT count(*) INTO p_Cambiados
  FROM logs.vw_Arquitectura_Fondos AS a
  WHERE (v_pedidos IS NULL OR a.fundshortname = ANY (v_pedidos)) AND a.arquitectura <> p_Arquitectura;

  IF v_pedidos IS NULL THEN
    DELETE FROM logs.Ajustes AS a WHERE a.ajuste = 'ARQUITECTURA' AND a.id_fund IS NOT NULL;
  END IF;
  INSERT INTO logs.Ajustes (ajuste, id_fund, valor, usuario)
  SELECT 'ARQUITECTURA', NULL, p_Arquitectura, v_usuario
  WHERE v_pedidos IS NULL
  UNION ALL
  SELECT 'ARQUITECTURA', f.id_fund, p_Arquitectura, v_usuario
  FROM dimensionales.BD_Funds AS f
  WHERE f.fundshortname = ANY (v_pedidos)
  ON CONFLICT (ajuste, id_fund) DO UPDATE
  SET valor = EXCLUDED.valor, fechacambio = clock_timestamp(), usuario = EXCLUDED.usuario;
END
$$;
GRANT EXECUTE ON FUNCTION logs.sp_Cambiar_Arquitectura TO carril_app;
