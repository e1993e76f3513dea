/*
  Has an unknown error, two result sets, no Since, and neither Entry nor Step.

  Returns: one
    A int not null
  Returns: many
    B int not null
  Errors: 50400, 51234
  Touches: nothing
  Batch: none
*/
CREATE OR ALTER PROCEDURE trabajo.sp_Codigos AS THROW 50404, N'x', 1;
