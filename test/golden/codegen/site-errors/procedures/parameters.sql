/*
  Has wrong types.

  Returns: nothing
  Errors: none
  Touches: nothing
  Batch: none
*/
CREATE PROCEDURE dbo.Tipos
    @A dbo.No_Existe READONLY,
    @B decimal(28,8),
    @C int READONLY,
    @D dbo.Anchas,
    @E dbo.Anchas READONLY
AS RETURN;
GO
