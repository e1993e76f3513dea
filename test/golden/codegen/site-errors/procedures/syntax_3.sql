/*
  Is written wrong, 3.

  Returns: nothing
  Errors: none
  Touches: nothing
  Batch: none
*/
CREATE PROCEDURE dbo.Mal_3 @A int @B int AS RETURN;
