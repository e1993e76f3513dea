/*
  Is written wrong, 2.

  Returns: nothing
  Errors: none
  Touches: nothing
  Batch: none
*/
CREATE PROCEDURE dbo.Mal_2 @A varchar AS RETURN;
