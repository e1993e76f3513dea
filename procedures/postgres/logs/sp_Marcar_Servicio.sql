SET LOCAL ROLE carril_dueno;

/*
  Writes the state of one service of an execution, and its message (NULL clears it). Updates exactly one row, else 50404. The
  first service that is marked sets the fund's start.

  Returns: nothing
  Errors: 50400, 50404
  Touches: logs.Ejecucion_Fondos write
  Batch: 1
  Step: called inside the caller's transaction
  Since: 006
*/
CREATE OR REPLACE FUNCTION logs.sp_Marcar_Servicio(
  p_ID_Ejecucion bigint,
  p_ID_Fund integer,
  p_Servicio text,
  p_Estado text,
  p_Mensaje_Error text DEFAULT NULL,
  p_Inicio timestamptz DEFAULT NULL
)
RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY INVOKER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
  IF p_Servicio IS NULL OR p_Servicio NOT IN ('IPA', 'CAPM', 'PosModRF', 'SONA', 'Derivados', 'UBS', 'PNL') THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400',
      MESSAGE = format('el servicio %s no tiene columna de estado en logs.Ejecucion_Fondos', p_Servicio);
  END IF;

  UPDATE logs.Ejecucion_Fondos AS f
  SET
    estado_process_ipa = CASE WHEN p_Servicio = 'IPA' THEN p_Estado ELSE f.estado_process_ipa END,
    estado_process_capm = CASE WHEN p_Servicio = 'CAPM' THEN p_Estado ELSE f.estado_process_capm END,
    estado_process_posmodrf = CASE WHEN p_Servicio = 'PosModRF' THEN p_Estado ELSE f.estado_process_posmodrf END,
    estado_process_sona = CASE WHEN p_Servicio = 'SONA' THEN p_Estado ELSE f.estado_process_sona END,
    estado_process_derivados = CASE WHEN p_Servicio = 'Derivados' THEN p_Estado ELSE f.estado_process_derivados END,
    estado_process_ubs = CASE WHEN p_Servicio = 'UBS' THEN p_Estado ELSE f.estado_process_ubs END,
    estado_process_pnl = CASE WHEN p_Servicio = 'PNL' THEN p_Estado ELSE f.estado_process_pnl END,
    fechainicio = COALESCE(f.fechainicio, p_Inicio),
    mensaje_error = left(p_Mensaje_Error, 4000)
  WHERE f.id_ejecucion = p_ID_Ejecucion AND f.id_fund = p_ID_Fund;

  IF NOT FOUND THEN
    RAISE EXCEPTION USING ERRCODE = 'UC404', MESSAGE = format(
      'no hay fila de estados de la ejecucion %s y el fondo %s', p_ID_Ejecucion, p_ID_Fund);
  END IF;
END
$$;
