/*
  Is written wrong, 6.

  Returns: nothing
  Errors: none
  Touches: nothing
  Batch: none
*/
CREATE PROCEDURE dbo.Mal_6 @A int, AS RETURN;
