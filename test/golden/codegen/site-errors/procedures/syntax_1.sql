/*
  Is written wrong, 1.

  Returns: nothing
  Errors: none
  Touches: nothing
  Batch: none
*/
CREATE PROCEDURE dbo.Mal_1 @A xml AS RETURN;
