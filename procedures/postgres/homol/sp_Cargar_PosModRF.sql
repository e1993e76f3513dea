SET LOCAL ROLE carril_dueno;

/*
  Loads fixed income positions: replaces all rows of each (FechaReporte, Portfolio) among the given lines, in one transaction.
  A pair whose stored rows already are the given ones is left alone, so that loading a file twice changes nothing. Texts are
  trimmed; numbers are plain decimals, rounded to the column's scale. A blank TIR or DuracionModificada is none; the same
  InvestID twice in one pair is refused. Two loads of one pair wait for each other. An error names the line.

  Returns: one
    Insertadas    int  not null  rows written
    Reemplazadas  int  not null  rows that stood there before and were deleted
    Sin_Cambio    bit  not null  nothing had to be written
  Errors: 50400, 50408, 50499
  Touches: homol.PosModRF write
  Batch: 2000
  Entry: carril_app
  Since: 024
*/
CREATE OR REPLACE FUNCTION homol.sp_Cargar_PosModRF(p_Filas jsonb)
RETURNS TABLE (Insertadas integer, Reemplazadas integer, Sin_Cambio boolean)
LANGUAGE sql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $funcion$
  SELECT c.insertadas, c.reemplazadas, c.sin_cambio
  FROM homol.fn_Cargar_Filas(
    'PosModRF',
    ARRAY['FechaReporte', 'Portfolio', 'InvestID', 'Descripcion', 'Moneda', 'Nominal', 'TIR', 'DuracionModificada',
    'ValorMercado'],
    ARRAY['InvestID'],
    p_Filas
  ) AS c;
$funcion$;

GRANT EXECUTE ON FUNCTION homol.sp_Cargar_PosModRF(jsonb) TO carril_app;
