SET LOCAL ROLE carril_dueno;

/*
  What running a fund on a date weighs: 1 and a hundredth of the lines that the six sources hold of it, one row. A portfolio that is
  NULL has none: so a source whose flag the fund has off. It is only an order, the heaviest fund first: a load under way is skipped
  and not waited for.

  Touches: homol.IPA read, homol.CAPM read, homol.PosModRF read, homol.SONA read, homol.Derivados read, homol.UBS read
  Since: 018
*/
CREATE OR REPLACE FUNCTION logs.fn_Peso_Fondo(
  p_FechaReporte date,
  p_Portfolio_Geneva text,
  p_Portfolio_CAPM text,
  p_Portfolio_Derivados text,
  p_Portfolio_UBS text
)
RETURNS TABLE (
  Peso numeric
)
LANGUAGE sql STABLE SECURITY INVOKER
SET search_path = pg_catalog, pg_temp
AS $$
  -- una busqueda por fuente en su clave
  SELECT round(1 + (
      (SELECT count(*) FROM homol.IPA AS h WHERE h.fechareporte = p_FechaReporte AND h.portfolio = p_Portfolio_Geneva)
      + (SELECT count(*) FROM homol.CAPM AS h WHERE h.fechareporte = p_FechaReporte AND h.portfolio = p_Portfolio_CAPM)
      + (SELECT count(*) FROM homol.PosModRF AS h WHERE h.fechareporte = p_FechaReporte AND h.portfolio = p_Portfolio_Geneva)
      + (SELECT count(*) FROM homol.SONA AS h WHERE h.fechareporte = p_FechaReporte AND h.portfolio = p_Portfolio_Geneva)
      + (SELECT count(*) FROM homol.Derivados AS h
         WHERE h.fechareporte = p_FechaReporte AND h.portfolio = p_Portfolio_Derivados)
      + (SELECT count(*) FROM homol.UBS AS h WHERE h.fechareporte = p_FechaReporte AND h.portfolio = p_Portfolio_UBS)
    ) / 100.0, 2);
$$;
