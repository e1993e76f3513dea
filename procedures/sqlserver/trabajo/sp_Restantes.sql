SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  Whether a job has unfinished chunks, as two index lookups and without waiting: 0 when none was seen, else 1. What another
  session has locked at this moment is on its way to its end or not: 0 means only that finalizing is worth a try.

  Returns: output
    Restantes  int  not null
  Errors: none
  Touches: trabajo.Chunks read
  Batch: none
  Step: called inside the caller's transaction, or after it
  Since: 018
*/
CREATE OR ALTER PROCEDURE trabajo.sp_Restantes
  @ID_Trabajo bigint,
  @Restantes int = NULL OUTPUT
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;

  SET @Restantes = CASE WHEN EXISTS (
    SELECT 1 FROM trabajo.Chunks AS c WITH (ROWLOCK, READPAST, READCOMMITTEDLOCK, FORCESEEK (IX_Chunks_Libres (ID_Trabajo)))
    WHERE c.ID_Trabajo = @ID_Trabajo AND c.Estado = 'PENDIENTE' AND c.Poseedor IS NULL
  ) OR EXISTS (
    SELECT 1 FROM trabajo.Chunks AS c WITH (ROWLOCK, READPAST, READCOMMITTEDLOCK, FORCESEEK (IX_Chunks_Arrendados (ID_Trabajo)))
    WHERE c.ID_Trabajo = @ID_Trabajo AND c.Estado = 'PENDIENTE' AND c.Poseedor IS NOT NULL
  ) THEN 1 ELSE 0 END;
END;
GO
