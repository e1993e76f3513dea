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
CREATE OR ALTER PROCEDURE trabajo.sp_Nada AS SELECT 0 AS Vivos;
