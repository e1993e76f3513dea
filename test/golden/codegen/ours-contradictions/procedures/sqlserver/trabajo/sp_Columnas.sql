/*
  Results differ.

  Returns: many
    A int not null
    B bigint not null
    C decimal(9,2) null
    D varchar(10) null
  Errors: 50400
  Touches: trabajo.Trabajos write
  Batch: none
  Entry: carril_app
  Since: 018
*/
CREATE OR ALTER PROCEDURE trabajo.sp_Columnas AS RETURN;
