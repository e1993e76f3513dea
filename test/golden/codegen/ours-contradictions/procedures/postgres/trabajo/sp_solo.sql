/*
  Has no twin.

  Returns: nothing
  Errors: 50400
  Touches: trabajo.Trabajos write
  Batch: none
  Entry: carril_app
  Since: 018
*/
CREATE OR REPLACE FUNCTION trabajo.sp_solo() RETURNS void LANGUAGE sql AS $$ $$;
