SET LOCAL ROLE carril_dueno;

/*
  Records the failure of an attempt: the chunk goes back with exponential backoff and full jitter (a random wait up to
  2 s x 2^(attempt - 1), at most 5 min), or ends in ERROR when the failure is not retryable or the attempts are used up, or in
  CANCELADO when its job was cancelled. The message is kept. A repeated call finds it recorded and changes nothing.

  @Transitorio = 1: a database error that passes by itself (lost connection, deadlock, lock timeout, throttling). The chunk goes
  back with the backoff of the times that it was held in vain, 2 s x 2^(Token - attempts), and the attempt is given back, as
  long as fewer than 10 were (Token - attempts < 10); after that it uses an attempt like any other failure.

  Returns: output
    Estado       varchar(50)   not null  state of the chunk
    Intento      int           not null  attempts used
    No_Antes_De  datetime2(3)  null      when it may be claimed again
    ID_Trabajo   bigint        not null
    Registrado   bit           not null  this call recorded it
  Errors: 50400, 50404, 50408, 50409, 50410, 50499
  Touches: trabajo.Chunks write, trabajo.Trabajos read
  Batch: 1
  Step: called inside the caller's transaction
  Since: 018
*/
CREATE OR REPLACE FUNCTION trabajo.sp_Registrar_Fallo(
  p_ID_Chunk bigint,
  p_Token bigint,
  p_Error text,
  p_Reintentable boolean DEFAULT true,
  p_Transitorio boolean DEFAULT false,
  OUT p_Estado text,
  OUT p_Intento integer,
  OUT p_No_Antes_De timestamptz,
  OUT p_ID_Trabajo bigint,
  OUT p_Registrado boolean
)
LANGUAGE plpgsql VOLATILE SECURITY INVOKER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  v_vigente boolean;
  v_cancelado boolean;
  v_max_intentos integer;
  v_devuelve boolean;
BEGIN
  p_Registrado := false;
  IF p_Error IS NULL OR btrim(p_Error) = '' THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400', MESSAGE = 'p_Error es obligatorio: el mensaje con que fallo el intento';
  END IF;

  SELECT o.p_estado, o.p_id_trabajo, o.p_vigente, o.p_cancelado
  INTO p_Estado, p_ID_Trabajo, v_vigente, v_cancelado
  FROM trabajo.sp_Tomar_Chunk(p_ID_Chunk, p_Token, p_Exigir => false) AS o;

  SELECT c.intento, c.no_antes_de, t.max_intentos
  INTO p_Intento, p_No_Antes_De, v_max_intentos
  FROM trabajo.Chunks AS c
  INNER JOIN trabajo.Trabajos AS t ON t.id_trabajo = c.id_trabajo
  WHERE c.id_chunk = p_ID_Chunk;

  -- el mismo token y nadie lo tiene: este fallo (o su devolucion) ya quedo escrito
  IF NOT v_vigente THEN
    RETURN;
  END IF;

  p_Registrado := true;
  p_No_Antes_De := NULL;
  -- Token - Intento: las veces que se tuvo el chunk sin que contara como intento
  v_devuelve := p_Transitorio IS TRUE AND p_Token - p_Intento < 10;
  IF v_cancelado THEN
    p_Estado := 'CANCELADO';
  ELSIF p_Reintentable IS FALSE OR (NOT v_devuelve AND p_Intento >= v_max_intentos) THEN
    p_Estado := 'ERROR';
  ELSE
    -- el azar reparte los reintentos: fallos simultaneos no vuelven simultaneos
    p_No_Antes_De := clock_timestamp()
      + random() * least(
        interval '2 seconds' * 2 ^ least(CASE WHEN v_devuelve THEN p_Token - p_Intento ELSE p_Intento - 1 END, 8),
        interval '5 minutes');
    IF v_devuelve THEN
      p_Intento := p_Intento - 1;
    END IF;

    UPDATE trabajo.Chunks AS c
    SET
      poseedor = NULL, expira = NULL, no_antes_de = p_No_Antes_De, intento = p_Intento,
      ultimo_error = left(p_Error, 4000)
    WHERE c.id_chunk = p_ID_Chunk AND c.token = p_Token AND c.estado = 'PENDIENTE' AND c.poseedor IS NOT NULL
    RETURNING c.no_antes_de INTO p_No_Antes_De;
    IF NOT FOUND THEN
      RAISE EXCEPTION USING ERRCODE = 'UC410',
        MESSAGE = 'el chunk no esta arrendado con ese token: el fallo no se registro';
    END IF;
    RETURN;
  END IF;

  PERFORM trabajo.sp_Cerrar_Chunk(p_ID_Chunk, p_Token, p_Estado, p_Error => p_Error);
END
$$;
