/*
  Has defaults that are the same, written differently.

  Returns: nothing
  Errors: none
  Touches: nothing
  Batch: none
  Entry: carril_app
  Since: 018
*/
CREATE OR ALTER PROCEDURE trabajo.sp_Valores
    @A nvarchar(20) = N'O''Brien\', @B int = -03, @C bit = 0, @D decimal(9,2) = 1.50, @E varchar(9) = 'x', @F bigint = 1
AS RETURN;
