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
CREATE OR ALTER PROCEDURE trabajo.sp_Escalar AS RETURN;
