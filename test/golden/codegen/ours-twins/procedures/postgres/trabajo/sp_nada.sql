/*
  Is one row, written with OUT parameters in PostgreSQL.

  Returns: one
    Vivos int not null
  Errors: none
  Touches: nothing
  Batch: none
  Entry: carril_app
  Since: 018
*/
CREATE OR REPLACE FUNCTION trabajo.sp_Nada(OUT Vivos integer) LANGUAGE sql AS $$ SELECT 0 $$;
