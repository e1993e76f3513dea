/*
  Is written wrong, 7.

  Returns: nothing
  Errors: none
  Touches: nothing
  Batch: none
*/
CREATE PROCEDURE dbo.Mal_7 @A varchar(20) = 'x AS RETURN;
