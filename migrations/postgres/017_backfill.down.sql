/*
  Revierte 017. Se niega mientras la historia este cambiada: sin el mapa no habria como devolverla.
*/
SET LOCAL ROLE carril_dueno;

DO $$
DECLARE
  v_fase text;
BEGIN
  SELECT e.fase INTO v_fase FROM logs.Backfill_Estado AS e;
  IF v_fase NOT IN ('NUEVO', 'REVERTIDO') THEN
    RAISE EXCEPTION USING ERRCODE = 'UC409', MESSAGE = format(
      '017_backfill: el backfill esta en la fase %s; primero devuelva la historia con carril backfill revert', v_fase);
  END IF;
END
$$;

DROP TABLE logs.Backfill_Medidas;
DROP TABLE logs.Backfill_Apartados;
DROP TABLE logs.Backfill_Mapa;
DROP TABLE logs.Backfill_Ejecuciones;
DROP TABLE logs.Backfill_Estado;
DROP TABLE logs.Backfill_Tablas;
