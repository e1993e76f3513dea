/*
  Has defaults that are the same, written differently.

  Returns: nothing
  Errors: none
  Touches: nothing
  Batch: none
  Entry: carril_app
  Since: 018
*/
CREATE OR REPLACE FUNCTION trabajo."sp_valores"(
    p_A text DEFAULT E'O\'Brien\\', p_B integer = -3, p_C boolean = false, p_D numeric DEFAULT 1.5,
    p_E varchar(9) DEFAULT 'x'::varchar(9), p_F bigint DEFAULT (1)::bigint)
RETURNS void LANGUAGE sql AS $$ $$;
