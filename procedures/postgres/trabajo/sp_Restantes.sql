SET LOCAL ROLE carril_dueno;

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
CREATE OR REPLACE FUNCTION trabajo.sp_Restantes(
  p_ID_Trabajo bigint,
  OUT p_Restantes integer
)
-- VOLATILE: con foto propia ve lo que acaba de escribir quien la llama
LANGUAGE plpgsql VOLATILE SECURITY INVOKER
SET search_path = pg_catalog, pg_temp
-- el indice parcial, aunque las estadisticas sean de cuando casi todo estaba pendiente
SET enable_seqscan = off
SET enable_bitmapscan = off
AS $$
#variable_conflict use_column
BEGIN
  -- Desde el final del indice: por el principio quedan, hasta el proximo vaciado, las entradas de lo que ya termino, y cada
  -- pregunta las recorreria todas. Con LIMIT y no EXISTS, que tiraria el orden.
  p_Restantes := COALESCE((
    SELECT 1 FROM trabajo.Chunks AS c
    WHERE c.id_trabajo = p_ID_Trabajo AND c.estado = 'PENDIENTE'
    ORDER BY c.peso, c.id_chunk DESC
    LIMIT 1
  ), 0);
END
$$;
