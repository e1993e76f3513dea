SET LOCAL ROLE carril_dueno;

/*
  Loads derivatives: replaces all rows of each (FechaReporte, Portfolio) among the given lines, in one transaction. A pair
  whose stored rows already are the given ones is left alone, so that loading a file twice changes nothing. Texts are trimmed;
  numbers are plain decimals, rounded to the column's scale. A blank FechaVencimiento or Delta is none; the same InvestID
  twice in one pair is refused. Two loads of one pair wait for each other. An error names the line.

  Returns: one
    Insertadas    int  not null  rows written
    Reemplazadas  int  not null  rows that stood there before and were deleted
    Sin_Cambio    bit  not null  nothing had to be written
  Errors: 50400, 50408, 50499
  Touches: homol.Derivados write
  Batch: 2000
  Entry: carril_app
  Since: 024
*/
CREATE OR REPLACE FUNCTION homol.sp_Cargar_Derivados(p_Filas jsonb)
RETURNS TABLE (Insertadas integer, Reemplazadas integer, Sin_Cambio boolean)
LANGUAGE sql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $funcion$
  SELECT c.insertadas, c.reemplazadas, c.sin_cambio
  FROM homol.fn_Cargar_Filas(
    'Derivados',
    ARRAY['FechaReporte', 'Portfolio', 'InvestID', 'Descripcion', 'Tipo_Instrumento', 'Moneda', 'FechaVencimiento',
    'Nocional', 'ValorMercado', 'Delta'],
    ARRAY['InvestID'],
    p_Filas
  ) AS c;
$funcion$;

GRANT EXECUTE ON FUNCTION homol.sp_Cargar_Derivados(jsonb) TO carril_app;
