/*
  Rows where an output is.

  Returns: output
  Errors: 50400
  Touches: trabajo.Trabajos write
  Batch: none
  Entry: carril_app
  Since: 018
*/
CREATE OR REPLACE FUNCTION trabajo.sp_salida(p_x integer) RETURNS SETOF record LANGUAGE sql AS $$ SELECT 1, 2 $$;
