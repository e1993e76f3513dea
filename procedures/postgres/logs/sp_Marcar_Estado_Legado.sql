SET LOCAL ROLE carril_dueno;

/*
  Writes that a service of one fund of a run of the old way has finished, under its chunk's token: one UPDATE of one row, in a
  transaction of its own, 350 of them for 50 funds and 7 services (document 004, hypothesis 4: "ExecutionTracker, 350 UPDATEs sin
  batching"). Written twice it is the same.

  Returns: nothing
  Errors: 50400, 50404, 50408, 50409, 50410, 50499
  Touches: trabajo.Chunks read, logs.Ejecuciones read, logs.Ejecucion_Fondos write
  Batch: 1
  Entry: carril_app
  Since: 018
*/
CREATE OR REPLACE FUNCTION logs.sp_Marcar_Estado_Legado(
  p_ID_Chunk bigint,
  p_Servicio text,
  p_Token bigint
)
RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  v_fondo record;
BEGIN
  SELECT t.p_id_ejecucion, t.p_id_fund, c.inicio INTO v_fondo
  FROM logs.sp_Tomar_Fondo_Legado(p_ID_Chunk, p_Token) AS t
  INNER JOIN trabajo.Chunks AS c ON c.id_chunk = p_ID_Chunk;
  PERFORM logs.sp_Marcar_Servicio(
    v_fondo.p_id_ejecucion, v_fondo.p_id_fund, p_Servicio, 'COMPLETADO', p_Inicio => v_fondo.inicio);
END
$$;
GRANT EXECUTE ON FUNCTION logs.sp_Marcar_Estado_Legado TO carril_app;
