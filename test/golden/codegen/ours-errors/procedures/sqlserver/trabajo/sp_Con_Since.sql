/*
  Has an unknown error, two result sets, both Entry and Step, and throws what it does not say.

  Returns: one
    A int not null
  Returns: many
    B int not null
  Errors: 50400, 51234
  Touches: nothing
  Batch: none
  Entry: carril_app
  Step: too
  Since: 001
*/
CREATE OR ALTER PROCEDURE trabajo.sp_Con_Since AS THROW 50404, N'x', 1;
