SET LOCAL ROLE carril_dueno;

/*
  Records, under the token, that an attempt at a chunk of a run of the old way failed: as trabajo.sp_Fallar_Chunk does, and on the
  fund's row the message, with ERROR for the service when the chunk ends so. The batch extraction has no fund: only its chunk is
  written, and its error ends the run. Already recorded under this token: says what became of it and does nothing.

  Returns: one
    Estado       varchar(50)   not null  of the chunk: PENDIENTE, ERROR, CANCELADO; COMPLETADO when it had completed
    Intento      int           not null  attempts used
    No_Antes_De  datetime2(3)  null
    Restantes    int           not null  0: no unfinished chunk of the process was seen, try to finalize it; else 1
  Errors: 50400, 50404, 50408, 50409, 50410, 50499
  Touches: trabajo.Chunks write, logs.Ejecuciones read, logs.Ejecucion_Fondos write
  Batch: 1
  Entry: carril_app
  Since: 018
*/
CREATE OR REPLACE FUNCTION logs.sp_Fallar_Servicio_Legado(
  p_ID_Chunk bigint,
  p_Servicio text,
  p_Token bigint,
  p_Error text,
  p_Reintentable boolean DEFAULT true,
  p_Transitorio boolean DEFAULT false
)
RETURNS TABLE (
  Estado text,
  Intento integer,
  No_Antes_De timestamptz,
  Restantes integer
)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  v_fallo record;
  v_fondo record;
BEGIN
  SELECT * INTO v_fallo
  FROM trabajo.sp_Registrar_Fallo(p_ID_Chunk, p_Token, p_Error, p_Reintentable, p_Transitorio);

  IF v_fallo.p_registrado THEN
    SELECT v.id_ejecucion, v.id_fund, v.estado INTO v_fondo
    FROM trabajo.Chunks AS c
    INNER JOIN logs.Procesos AS p ON p.id_trabajo = c.id_trabajo
    INNER JOIN logs.Ejecuciones AS e ON e.id_proceso = p.id_proceso AND e.id_fund IS NULL
    INNER JOIN logs.vw_Ejecucion_Servicios AS v ON v.id_ejecucion = e.id_ejecucion AND v.id_fund = c.rango_inicio
    WHERE c.id_chunk = p_ID_Chunk AND v.servicio = p_Servicio;
    IF FOUND THEN
      -- uno que alcanzo a terminar no se desdice: el error llego despues
      PERFORM logs.sp_Marcar_Servicio(
        v_fondo.id_ejecucion, v_fondo.id_fund, p_Servicio,
        CASE
          WHEN v_fondo.estado IN ('COMPLETADO', 'OMITIDO') THEN v_fondo.estado
          WHEN v_fallo.p_estado = 'ERROR' THEN 'ERROR'
          ELSE 'PENDIENTE'
        END,
        p_Mensaje_Error => p_Error);
    END IF;
  END IF;

  RETURN QUERY
  SELECT v_fallo.p_estado, v_fallo.p_intento, v_fallo.p_no_antes_de, trabajo.sp_Restantes(v_fallo.p_id_trabajo);
END
$$;
GRANT EXECUTE ON FUNCTION logs.sp_Fallar_Servicio_Legado TO carril_app;
