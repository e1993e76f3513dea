/*
  No table.

  Returns: one
    A int not null
  Errors: 50400
  Touches: trabajo.Trabajos write
  Batch: none
  Entry: carril_app
  Since: 018
*/
CREATE OR REPLACE FUNCTION trabajo.sp_escalar() RETURNS integer LANGUAGE sql AS $$ SELECT 1 $$;
