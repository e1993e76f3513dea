/*
  Parameters differ.

  Returns: nothing
  Errors: 50400
  Touches: trabajo.Trabajos write
  Batch: none
  Entry: carril_app
  Since: 018
*/
CREATE OR REPLACE FUNCTION trabajo.sp_parametros(
    p_tipo integer, p_grande integer, p_cuando timestamp, p_si integer, p_chico integer,
    p_peso numeric(10,2), p_filas json, p_sin integer, p_con integer DEFAULT 1, p_otro integer DEFAULT 6,
    INOUT p_texto varchar DEFAULT now()::text, p_sobra integer DEFAULT 1)
RETURNS integer LANGUAGE sql AS $$ SELECT 1 $$;
