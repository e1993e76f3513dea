SET LOCAL ROLE carril_dueno;

/*
  Whose rows of staging.IPA_Final the other services of an execution read: its own, or, when IPA was skipped in it (OMITIDO,
  because one service was run alone), those of the fund's last completed execution of the same date. Neither has rows: NULL.
  Of a date whose rows a backfill is moving, the latter are refused (50409): a part of them is elsewhere.

  Returns: output
    ID_Ejecucion_IPA  bigint  null
  Errors: 50409
  Touches: logs.Ejecuciones read, logs.Ejecucion_Fondos read, logs.Backfill_Mapa read, logs.Backfill_Estado read, staging.IPA_Final read
  Batch: none
  Step: called inside the caller's transaction
  Since: 018
*/
CREATE OR REPLACE FUNCTION staging.sp_Ejecucion_IPA(
  p_ID_Ejecucion bigint,
  p_FechaReporte date,
  p_ID_Fund integer,
  OUT p_ID_Ejecucion_IPA bigint
)
LANGUAGE plpgsql
STABLE
SET search_path = pg_catalog, pg_temp
AS $funcion$
DECLARE
  v_estado text;
BEGIN
  SELECT f.Estado_Process_IPA INTO v_estado
  FROM logs.Ejecucion_Fondos AS f
  WHERE f.ID_Ejecucion = p_ID_Ejecucion AND f.ID_Fund = p_ID_Fund;

  IF v_estado = 'OMITIDO' THEN
    SELECT b.p_ID_Ejecucion_IPA INTO p_ID_Ejecucion_IPA
    FROM staging.sp_Buscar_IPA(p_ID_Fund, p_FechaReporte, p_FechaReporte) AS b;
    IF EXISTS (SELECT FROM logs.Backfill_Estado AS b WHERE b.Fase IN ('PROCESOS', 'FILAS', 'REVIRTIENDO'))
      AND EXISTS (SELECT FROM logs.Ejecuciones AS e WHERE e.ID_Ejecucion = p_ID_Ejecucion_IPA AND e.ID_Chunk IS NULL)
    THEN
      RAISE EXCEPTION USING ERRCODE = 'UC409', MESSAGE = format(
        'Los resultados del fondo %s de la arquitectura anterior se estan moviendo (carril backfill): repita el fondo cuando termine.',
        p_ID_Fund);
    END IF;
  ELSIF EXISTS (SELECT FROM staging.IPA_Final AS i WHERE i.ID_Ejecucion = p_ID_Ejecucion AND i.ID_Fund = p_ID_Fund) THEN
    p_ID_Ejecucion_IPA := p_ID_Ejecucion;
  END IF;
END;
$funcion$;
