/*
  Takes a chunk's lock.

  Returns: output
  Errors: 50410, 50499
  Touches: trabajo.Chunks read
  Batch: none
  Step: called inside the caller's transaction
  Since: 018
*/
CREATE OR ALTER PROCEDURE trabajo.sp_Tomar_Chunk
    @ID_Chunk bigint, @Token bigint, @Estado varchar(50) OUTPUT
AS
    SET @Estado = 'PENDIENTE';
