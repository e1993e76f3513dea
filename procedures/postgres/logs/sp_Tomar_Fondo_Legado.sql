SET LOCAL ROLE carril_dueno;

/*
  Takes a chunk of a run of the old way under its token, as trabajo.sp_Tomar_Chunk does, and says what it is about: the shared
  execution, and its fund (Rango_Inicio); the chunk of the batch extraction has none. 50409 for a chunk of another kind.

  Returns: output
    Estado            varchar(50)  not null  of the chunk
    ID_Trabajo        bigint       not null
    ID_Ejecucion      bigint       not null
    FechaReporte      date         not null
    ID_Fund           int          null
    Portfolio_Geneva  varchar(50)  null
  Errors: 50400, 50404, 50408, 50409, 50410, 50499
  Touches: trabajo.Chunks read, trabajo.Trabajos read, logs.Procesos read, logs.Ejecuciones read, logs.Ejecucion_Fondos read
  Batch: none
  Step: called inside the caller's transaction
  Since: 018
*/
CREATE OR REPLACE FUNCTION logs.sp_Tomar_Fondo_Legado(
  p_ID_Chunk bigint,
  p_Token bigint,
  OUT p_Estado text,
  OUT p_ID_Trabajo bigint,
  OUT p_ID_Ejecucion bigint,
  OUT p_FechaReporte date,
  OUT p_ID_Fund integer,
  OUT p_Portfolio_Geneva text
)
LANGUAGE plpgsql VOLATILE SECURITY INVOKER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
  SELECT o.p_estado, o.p_id_trabajo INTO p_Estado, p_ID_Trabajo FROM trabajo.sp_Tomar_Chunk(p_ID_Chunk, p_Token) AS o;

  SELECT e.id_ejecucion, e.fechareporte, f.id_fund, f.portfolio_geneva
  INTO p_ID_Ejecucion, p_FechaReporte, p_ID_Fund, p_Portfolio_Geneva
  FROM trabajo.Chunks AS c
  INNER JOIN logs.Procesos AS p ON p.id_trabajo = c.id_trabajo AND p.arquitectura = 'LEGADO'
  INNER JOIN logs.Ejecuciones AS e ON e.id_proceso = p.id_proceso AND e.id_fund IS NULL
  LEFT JOIN logs.Ejecucion_Fondos AS f ON f.id_ejecucion = e.id_ejecucion AND f.id_fund = c.rango_inicio
  WHERE c.id_chunk = p_ID_Chunk;
  IF NOT FOUND THEN
    RAISE EXCEPTION USING ERRCODE = 'UC409', MESSAGE = format(
      'el chunk %s no es de una corrida de la arquitectura anterior', p_ID_Chunk);
  END IF;
END
$$;
