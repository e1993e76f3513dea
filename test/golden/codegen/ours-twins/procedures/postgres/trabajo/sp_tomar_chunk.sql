CREATE OR REPLACE FUNCTION trabajo.sp_Tomar_Chunk(
    p_ID_Chunk bigint, IN p_Token int8, OUT p_Estado varchar)
LANGUAGE plpgsql AS $cuerpo$
/*
  Takes a chunk's lock.

  Returns: output
  Errors: 50410, 50499
  Touches: trabajo.Chunks read
  Batch: none
  Step: called inside the caller's transaction
  Since: 018
*/
BEGIN p_Estado := 'PENDIENTE'; END;
$cuerpo$;
CREATE OR REPLACE FUNCTION trabajo.fn_disparador() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
