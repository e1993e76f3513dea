SET LOCAL ROLE carril_dueno;

/*
  After a verification that passed: logs.Ejecuciones.ID_Proceso becomes NOT NULL and its foreign key trusted; ID_Fund stays NULL for
  runs of the old way. Waits at most 5 s for the table's lock. With @Deshacer it becomes nullable again, so that
  logs.sp_Backfill_Revertir can give the history back; the foreign key stays trusted.

  Returns: nothing
  Errors: 50408, 50409, 50499
  Touches: logs.Backfill_Estado write, logs.Ejecuciones write
  Batch: none
  Entry: carril_dba
  Since: 018
*/
CREATE OR REPLACE FUNCTION logs.sp_Backfill_Terminar(
  p_Deshacer boolean DEFAULT false
)
RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET lock_timeout = '5s'
AS $$
#variable_conflict use_column
DECLARE
  e logs.Backfill_Estado%ROWTYPE;
  v_sin bigint;
BEGIN
  PERFORM trabajo.sp_Bloquear('carril:backfill', 'Exclusive', 5000);
  SELECT * INTO STRICT e FROM logs.Backfill_Estado AS x WHERE x.id = 1;

  IF COALESCE(p_Deshacer, false) THEN
    IF e.terminado IS NULL THEN
      RETURN;
    END IF;
  ELSE
    IF e.terminado IS NOT NULL THEN
      RETURN;
    END IF;
    IF e.fase <> 'COMPLETO' OR e.verificado IS NULL THEN
      RAISE EXCEPTION USING ERRCODE = 'UC409', MESSAGE = format(
        'el backfill esta en la fase %s%s: antes de terminar, carril backfill run y carril backfill verify', e.fase,
        CASE WHEN e.fase = 'COMPLETO' THEN ' sin verificar' ELSE '' END);
    END IF;
  END IF;

  -- el mas fuerte desde el principio: nadie se cuela entre el recuento y el cambio, y no hay dos esperas
  BEGIN
    LOCK TABLE logs.Procesos IN SHARE ROW EXCLUSIVE MODE;
    LOCK TABLE logs.Ejecuciones IN ACCESS EXCLUSIVE MODE;
  EXCEPTION
    WHEN lock_not_available THEN
      RAISE EXCEPTION USING ERRCODE = 'UC408',
        MESSAGE = 'logs.Ejecuciones no quedo libre en 5 s: otra sesion la usa; se puede repetir la llamada';
  END;

  IF COALESCE(p_Deshacer, false) THEN
    ALTER TABLE logs.Ejecuciones ALTER COLUMN ID_Proceso DROP NOT NULL;
    UPDATE logs.Backfill_Estado AS x SET terminado = NULL WHERE x.id = 1;
    RETURN;
  END IF;

  SELECT count(*) INTO v_sin FROM logs.Ejecuciones AS x WHERE x.id_proceso IS NULL;
  IF v_sin > 0 THEN
    RAISE EXCEPTION USING ERRCODE = 'UC409', MESSAGE = format(
      '%s ejecuciones no tienen proceso todavia (no habian terminado, o son nuevas): carril backfill run y verify otra vez', v_sin);
  END IF;
  ALTER TABLE logs.Ejecuciones ALTER COLUMN ID_Proceso SET NOT NULL;
  ALTER TABLE logs.Ejecuciones VALIDATE CONSTRAINT FK_Ejecuciones_Procesos;
  UPDATE logs.Backfill_Estado AS x SET terminado = clock_timestamp() WHERE x.id = 1;
END
$$;
GRANT EXECUTE ON FUNCTION logs.sp_Backfill_Terminar TO carril_dba;
