/*
  Is neither an entry nor a step.

  Returns: nothing
  Errors: none
  Touches: nothing
  Batch: none
  Since: 018
*/
CREATE OR ALTER PROCEDURE trabajo.sp_Ni_Ni AS RETURN;
