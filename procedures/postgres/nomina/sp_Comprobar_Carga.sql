SET LOCAL ROLE carril_dueno;

/*
  Takes a closing's lock Exclusive, waiting at most 15 s, and checks that the closing is in the state cargando.

  Returns: nothing
  Errors: 50400, 50404, 50408, 50409, 50499
  Touches: nomina.CierreNomina read
  Batch: none
  Step: called inside the caller's transaction
  Since: 020
*/
CREATE OR REPLACE FUNCTION nomina.sp_Comprobar_Carga(p_ID_Cierre bigint)
RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY INVOKER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  v_estado text;
BEGIN
  IF p_ID_Cierre IS NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400', MESSAGE = 'p_ID_Cierre es obligatorio';
  END IF;
  PERFORM trabajo.sp_Bloquear('carril:clave:nomina:' || p_ID_Cierre, 'Exclusive', 15000);
  SELECT c.estado INTO v_estado FROM nomina.CierreNomina AS c WHERE c.id = p_ID_Cierre;
  IF NOT FOUND THEN
    RAISE EXCEPTION USING ERRCODE = 'UC404', MESSAGE = format('no existe el cierre %s', p_ID_Cierre);
  END IF;
  IF v_estado <> 'cargando' THEN
    RAISE EXCEPTION USING ERRCODE = 'UC409', MESSAGE = format(
      'el cierre %s esta en %s: la carga se abre con nomina.sp_Abrir_Carga', p_ID_Cierre, v_estado);
  END IF;
END
$$;
