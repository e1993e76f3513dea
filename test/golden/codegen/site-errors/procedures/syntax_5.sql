/*
  Is written wrong, 5.

  Returns: nothing
  Errors: none
  Touches: nothing
  Batch: none
*/
CREATE PROCEDURE dbo.Mal_5 A int AS RETURN;
