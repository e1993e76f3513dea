SET LOCAL ROLE carril_dueno;

/*
  Completes the extraction chunk of a run of the old way and, in the same transaction, adds a chunk for each fund of its shared
  execution: none can be claimed before all is extracted. Already complete under this token: does nothing.

  Returns: one
    Estado  varchar(50)  not null  COMPLETADO
    Fondos  int          not null
  Errors: 50400, 50404, 50408, 50409, 50410, 50499
  Touches: homol.IPA read, homol.CAPM read, homol.PosModRF read, homol.SONA read, homol.Derivados read, homol.UBS read, trabajo.Chunks write, logs.Ejecuciones write, logs.Ejecucion_Fondos read
  Batch: 2000
  Entry: carril_app
  Since: 018
*/
CREATE OR REPLACE FUNCTION logs.sp_Abrir_Fondos_Legado(
  p_ID_Chunk bigint,
  p_Token bigint
)
RETURNS TABLE (
  Estado text,
  Fondos integer
)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  v_fondo record;
  v_fondos integer := 0;
BEGIN
  SELECT * INTO v_fondo FROM logs.sp_Tomar_Fondo_Legado(p_ID_Chunk, p_Token);
  IF v_fondo.p_id_fund IS NOT NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'UC409', MESSAGE = format('el chunk %s es de un fondo, no de la extraccion', p_ID_Chunk);
  END IF;

  IF v_fondo.p_estado <> 'COMPLETADO' THEN
    UPDATE logs.Ejecuciones AS e SET etapa_actual = 'FONDOS' WHERE e.id_ejecucion = v_fondo.p_id_ejecucion;

    -- Orden 0 es la extraccion; lo que pesa cada uno, como en logs.sp_Inicializar_Proceso
    INSERT INTO trabajo.Chunks (id_trabajo, orden, rango_inicio, rango_fin, recurso, peso)
    SELECT
      v_fondo.p_id_trabajo, row_number() OVER (ORDER BY f.fundshortname), f.id_fund, f.id_fund, f.fundshortname, n.peso
    FROM logs.Ejecucion_Fondos AS f
    CROSS JOIN LATERAL logs.fn_Peso_Fondo(
      v_fondo.p_fechareporte, f.portfolio_geneva, f.portfolio_capm, CASE WHEN f.flag_derivados THEN f.portfolio_derivados END,
      CASE WHEN f.flag_ubs THEN f.portfolio_ubs END) AS n
    WHERE f.id_ejecucion = v_fondo.p_id_ejecucion
    ORDER BY f.fundshortname;

    PERFORM trabajo.sp_Cerrar_Chunk(p_ID_Chunk, p_Token, 'COMPLETADO');
  END IF;

  SELECT count(*) INTO v_fondos FROM logs.Ejecucion_Fondos AS f WHERE f.id_ejecucion = v_fondo.p_id_ejecucion;
  RETURN QUERY SELECT 'COMPLETADO', v_fondos;
END
$$;
GRANT EXECUTE ON FUNCTION logs.sp_Abrir_Fondos_Legado TO carril_app;
