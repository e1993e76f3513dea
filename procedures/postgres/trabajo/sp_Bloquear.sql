SET LOCAL ROLE carril_dueno;

/*
  Takes a transaction-owned advisory lock on the hash of a name. A wait that ends in vain, or in a deadlock, is 50408; a
  cancelled statement stays what it is (57014). With p_Espera_ms = 0 a refusal is an answer, p_Concedido false, and no error.
  The lock ends with the caller's transaction.

  Returns: output
    Concedido  bit  not null
  Errors: 50400, 50408, 50409, 50499
  Touches: nothing
  Batch: none
  Step: called inside the caller's transaction
  Since: 018
*/
CREATE OR REPLACE FUNCTION trabajo.sp_Bloquear(
  p_Recurso text,
  p_Modo text,
  p_Espera_ms integer,
  OUT p_Concedido boolean
)
LANGUAGE plpgsql VOLATILE SECURITY INVOKER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  v_clave bigint := hashtextextended(p_Recurso, 0);
  v_exclusivo boolean := lower(p_Modo) = 'exclusive';
  v_antes text;
BEGIN
  IF p_Recurso IS NULL OR p_Modo IS NULL OR lower(p_Modo) NOT IN ('exclusive', 'shared')
    OR p_Espera_ms IS NULL OR p_Espera_ms < 0
  THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400', MESSAGE = format(
      'recurso, modo o espera no valen (%s, %s, %s)', p_Recurso, p_Modo, p_Espera_ms);
  END IF;

  IF v_exclusivo THEN
    p_Concedido := pg_try_advisory_xact_lock(v_clave);
  ELSE
    p_Concedido := pg_try_advisory_xact_lock_shared(v_clave);
  END IF;
  IF p_Concedido OR p_Espera_ms = 0 THEN
    RETURN;
  END IF;

  -- lock_timeout se repone: limita esta espera, no las de las filas que vengan despues
  v_antes := current_setting('lock_timeout');
  BEGIN
    PERFORM set_config('lock_timeout', p_Espera_ms::text, true);
    IF v_exclusivo THEN
      PERFORM pg_advisory_xact_lock(v_clave);
    ELSE
      PERFORM pg_advisory_xact_lock_shared(v_clave);
    END IF;
    PERFORM set_config('lock_timeout', v_antes, true);
  EXCEPTION
    WHEN lock_not_available OR deadlock_detected THEN
      RAISE EXCEPTION USING ERRCODE = 'UC408', MESSAGE = format(
        'el candado %s (%s) no se obtuvo en %s ms: otra sesion lo tiene; se puede repetir la llamada',
        p_Recurso, p_Modo, p_Espera_ms);
  END;
  p_Concedido := true;
END
$$;
