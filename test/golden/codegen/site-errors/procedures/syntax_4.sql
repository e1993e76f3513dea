/*
  Is written wrong, 4.

  Returns: nothing
  Errors: none
  Touches: nothing
  Batch: none
*/
CREATE PROCEDURE dbo.Mal_4 @A int = GETDATE() AS RETURN;
