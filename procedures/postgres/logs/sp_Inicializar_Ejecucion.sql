SET LOCAL ROLE carril_dueno;

/*
  The old way in, kept for its callers: one ID_Ejecucion for all funds that are Active and Incluir_En_Cubo, with their states per
  service, under a process of its own (Arquitectura LEGADO). It has no job: whoever runs it writes its states.

  Returns: output
    ID_Ejecucion  bigint  not null
  Errors: 50400, 50404
  Touches: dimensionales.BD_Funds read, logs.Procesos write, logs.Ejecuciones write, logs.Ejecucion_Fondos write
  Batch: 2000
  Entry: carril_app
  Since: 014
*/
CREATE OR REPLACE FUNCTION logs.sp_Inicializar_Ejecucion(
  p_FechaReporte date,
  OUT p_ID_Ejecucion bigint
)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  v_proceso bigint;
  v_total integer;
BEGIN
  IF p_FechaReporte IS NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400', MESSAGE = 'p_FechaReporte es obligatoria';
  END IF;
  SELECT count(*) INTO v_total FROM dimensionales.BD_Funds AS f WHERE f.active AND f.incluir_en_cubo;
  IF v_total = 0 THEN
    RAISE EXCEPTION USING ERRCODE = 'UC404',
      MESSAGE = 'no hay fondos que correr: ninguno esta activo e incluido en el cubo';
  END IF;

  v_proceso := nextval('logs.seq_id');
  p_ID_Ejecucion := nextval('logs.seq_id');

  INSERT INTO logs.Procesos (id_proceso, fechareporte, usuario, arquitectura, totalfondos)
  VALUES (v_proceso, p_FechaReporte, session_user, 'LEGADO', v_total);

  INSERT INTO logs.Ejecuciones (id_ejecucion, id_proceso, fechareporte, estado, usuario, totalfondos, fondosexitosos,
    fondosfallidos, fondosomitidos)
  VALUES (p_ID_Ejecucion, v_proceso, p_FechaReporte, 'EN_PROGRESO', session_user, v_total, 0, 0, 0);

  INSERT INTO logs.Ejecucion_Fondos (
    id_ejecucion, id_fund, fundshortname, portfolio_geneva, portfolio_capm, portfolio_derivados, portfolio_ubs, flag_ubs,
    flag_derivados)
  SELECT
    p_ID_Ejecucion, f.id_fund, f.fundshortname, f.portfolio_geneva, f.portfolio_capm, f.portfolio_derivados, f.portfolio_ubs,
    f.flag_ubs, f.flag_derivados
  FROM dimensionales.BD_Funds AS f
  WHERE f.active AND f.incluir_en_cubo;
END
$$;
GRANT EXECUTE ON FUNCTION logs.sp_Inicializar_Ejecucion TO carril_app;
