SET LOCAL ROLE carril_dueno;

/*
  Takes a consolidation back, whether it went well or not: deletes its results, discrepancies and metrics, a bounded number a call
  (call again until Quedan is 0; meanwhile the closing is in revirtiendo_consolidacion), and puts the closing back into the state
  from which it was consolidated; where that is not known, con_discrepancias if any are left, else verificado_sin_discrepancias. One
  that still runs is refused (50409): cancel it first. Nothing to take back: changes nothing.
  Document 003, rollback_consolidacion_fallida.

  Returns: one
    Estado    varchar(50)  not null  of the closing
    Borrados  int          not null  rows that this call deleted
    Quedan    bit          not null
  Errors: 50400, 50404, 50408, 50409, 50499
  Touches: trabajo.Trabajos read, nomina.CierreNomina write, nomina.ConceptoEmpleadoConsolidado write, nomina.EmpleadoConsolidado write, nomina.DiscrepanciaCierre write, nomina.MetricaConsolidacion write
  Batch: 2000
  Entry: carril_app
  Since: 020
*/
CREATE OR REPLACE FUNCTION nomina.sp_Revertir_Consolidacion(
  p_ID_Cierre bigint
)
RETURNS TABLE (
  Estado text,
  Borrados integer,
  Quedan boolean
)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  v_cierre record;
  v_estado text;
  v_borrados integer := 0;
  v_quedan boolean := false;
BEGIN
  IF p_ID_Cierre IS NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400', MESSAGE = 'p_ID_Cierre es obligatorio';
  END IF;
  PERFORM trabajo.sp_Bloquear('carril:clave:nomina:' || p_ID_Cierre, 'Exclusive', 15000);
  SELECT c.estado, c.estado_anterior, c.id_trabajo, t.estado = 'EN_PROGRESO' AS corre
  INTO v_cierre
  FROM nomina.CierreNomina AS c
  LEFT JOIN trabajo.Trabajos AS t ON t.id_trabajo = c.id_trabajo
  WHERE c.id = p_ID_Cierre;
  IF NOT FOUND THEN
    RAISE EXCEPTION USING ERRCODE = 'UC404', MESSAGE = format('no existe el cierre %s', p_ID_Cierre);
  END IF;
  IF v_cierre.corre THEN
    RAISE EXCEPTION USING ERRCODE = 'UC409', MESSAGE = format(
      'el trabajo %s todavia consolida el cierre %s: cancelelo, y cuando haya terminado deshaga', v_cierre.id_trabajo, p_ID_Cierre);
  END IF;

  v_estado := v_cierre.estado;
  IF v_estado NOT IN ('cargando', 'verificado_sin_discrepancias', 'con_discrepancias') OR v_cierre.id_trabajo IS NOT NULL THEN
    v_estado := 'revirtiendo_consolidacion';
    SELECT o.p_borrados, o.p_quedan INTO v_borrados, v_quedan FROM nomina.sp_Borrar_Consolidacion(p_ID_Cierre) AS o;
    IF NOT v_quedan THEN
      v_estado := COALESCE(v_cierre.estado_anterior, CASE
        WHEN EXISTS (SELECT FROM nomina.DiscrepanciaCierre AS d WHERE d.cierre_id = p_ID_Cierre) THEN 'con_discrepancias'
        ELSE 'verificado_sin_discrepancias'
      END);
    END IF;
    UPDATE nomina.CierreNomina AS c
    SET
      estado = v_estado,
      estado_anterior = CASE WHEN v_quedan THEN c.estado_anterior END,
      id_trabajo = CASE WHEN v_quedan THEN c.id_trabajo END,
      inicio_consolidacion = CASE WHEN v_quedan THEN c.inicio_consolidacion END,
      limite = NULL, vencida = false, revision_requerida = false
    WHERE c.id = p_ID_Cierre;
  END IF;

  RETURN QUERY SELECT v_estado, v_borrados, v_quedan;
END
$$;
GRANT EXECUTE ON FUNCTION nomina.sp_Revertir_Consolidacion TO carril_app;
