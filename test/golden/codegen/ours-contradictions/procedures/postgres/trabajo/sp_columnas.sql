/*
  Results differ.

  Returns: one
    A int not null
    B bigint null
    C decimal(9,2) null
  Errors: none
  Touches: trabajo.Chunks write
  Batch: 2000
  Step: of another
  Since: 018
*/
CREATE OR REPLACE FUNCTION trabajo.sp_columnas() RETURNS TABLE (a bigint, b bigint, c numeric(9,3))
LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION $m$x$m$ USING ERRCODE = 'UC404'; END $$;
