SET LOCAL ROLE carril_dueno;

/*
  Runs one service of a fund's execution, under its chunk's token, in one round trip and one transaction: takes the chunk's lock,
  compares token and state, runs the service's step procedures in order, writes the service's state. A service that is finished
  already, or skipped for this fund, returns at once with Ya_Terminado 1, so a call repeated after a lost connection does nothing
  twice. A failure rolls everything back and is recorded by logs.sp_Fallar_Servicio.

  Only names in logs.Servicio_Procedimientos that exist as procedures in extract or staging are executed. extract procedures take
  @FechaReporte and @ID_Ejecucion; staging procedures @ID_Ejecucion, @FechaReporte, @ID_Fund, @Portfolio_Geneva. Steps return
  no rows, and neither commit nor roll back: the transaction is checked after each.

  Returns: one
    Estado        varchar(50)  not null  of the service: COMPLETADO or OMITIDO
    Ya_Terminado  bit          not null  it was finished before this call
    Duracion_Ms   int          not null  0 when it was
  Errors: 50400, 50404, 50408, 50409, 50410, 50499
  Touches: trabajo.Chunks read, logs.Ejecuciones read, logs.Servicios read, logs.Servicio_Procedimientos read, extract.* write, staging.* write, logs.Ejecucion_Fondos write
  Batch: 2000
  Entry: carril_app
  Since: 018
*/
CREATE OR REPLACE FUNCTION logs.sp_Ejecutar_Servicio(
  p_ID_Ejecucion bigint,
  p_Servicio text,
  p_Token bigint
)
RETURNS TABLE (
  Estado text,
  Ya_Terminado boolean,
  Duracion_Ms integer
)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  v_inicio timestamptz := clock_timestamp();
  v_ejecucion record;
  v_estado_chunk text;
  v_estado text;
  v_dependencia text;
  v_paso record;
  v_pasos integer := 0;
BEGIN
  IF p_ID_Ejecucion IS NULL OR p_Servicio IS NULL OR p_Token IS NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400', MESSAGE = 'p_ID_Ejecucion, p_Servicio y p_Token son obligatorios';
  END IF;

  -- nada de esto cambia despues de inicializar
  SELECT e.id_chunk, e.id_fund, e.fechareporte, f.portfolio_geneva
  INTO v_ejecucion
  FROM logs.Ejecuciones AS e
  LEFT JOIN logs.Ejecucion_Fondos AS f ON f.id_ejecucion = e.id_ejecucion AND f.id_fund = e.id_fund
  WHERE e.id_ejecucion = p_ID_Ejecucion;
  IF NOT FOUND THEN
    RAISE EXCEPTION USING ERRCODE = 'UC404', MESSAGE = format('no existe la ejecucion %s', p_ID_Ejecucion);
  END IF;
  IF v_ejecucion.id_chunk IS NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'UC409', MESSAGE = format(
      'la ejecucion %s es de la arquitectura anterior: no tiene arriendo', p_ID_Ejecucion);
  END IF;

  SELECT o.p_estado INTO v_estado_chunk FROM trabajo.sp_Tomar_Chunk(v_ejecucion.id_chunk, p_Token) AS o;

  -- con el candado en la mano: lo que hizo una llamada anterior de este mismo arriendo ya se ve
  SELECT v.estado INTO v_estado
  FROM logs.vw_Ejecucion_Servicios AS v
  WHERE v.id_ejecucion = p_ID_Ejecucion AND v.id_fund = v_ejecucion.id_fund AND v.servicio = p_Servicio;
  IF NOT FOUND THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400', MESSAGE = format('no existe el servicio %s', p_Servicio);
  END IF;
  IF v_estado IN ('COMPLETADO', 'OMITIDO') THEN
    RETURN QUERY SELECT v_estado, true, 0;
    RETURN;
  END IF;
  IF v_estado_chunk = 'COMPLETADO' THEN
    RAISE EXCEPTION USING ERRCODE = 'UC409', MESSAGE = format(
      'la ejecucion %s ya esta completa sin el servicio %s', p_ID_Ejecucion, p_Servicio);
  END IF;

  SELECT d.servicio INTO v_dependencia
  FROM logs.Servicios AS s
  INNER JOIN logs.vw_Ejecucion_Servicios AS d ON d.servicio = s.depende_de
  WHERE s.servicio = p_Servicio AND d.id_ejecucion = p_ID_Ejecucion AND d.id_fund = v_ejecucion.id_fund
    AND d.estado NOT IN ('COMPLETADO', 'OMITIDO');
  IF FOUND THEN
    RAISE EXCEPTION USING ERRCODE = 'UC409', MESSAGE = format(
      'el servicio %s depende de %s, que no ha terminado', p_Servicio, v_dependencia);
  END IF;

  FOR v_paso IN
    SELECT r.p_esquema AS esquema, r.p_nombre AS nombre
    FROM logs.Servicio_Procedimientos AS p
    CROSS JOIN LATERAL logs.sp_Resolver_Paso(p.procedimiento) AS r
    WHERE p.servicio = p_Servicio
    ORDER BY p.orden
  LOOP
    -- el nombre viene del catalogo de PostgreSQL y ya citado; una funcion no puede terminar la transaccion de quien la llama
    IF v_paso.esquema = 'extract' THEN
      EXECUTE format('SELECT %s(p_FechaReporte => $1, p_ID_Ejecucion => $2)', v_paso.nombre)
      USING v_ejecucion.fechareporte, p_ID_Ejecucion;
    ELSE
      EXECUTE format(
        'SELECT %s(p_ID_Ejecucion => $1, p_FechaReporte => $2, p_ID_Fund => $3, p_Portfolio_Geneva => $4)', v_paso.nombre)
      USING p_ID_Ejecucion, v_ejecucion.fechareporte, v_ejecucion.id_fund, v_ejecucion.portfolio_geneva;
    END IF;
    v_pasos := v_pasos + 1;
  END LOOP;
  IF v_pasos = 0 THEN
    RAISE EXCEPTION USING ERRCODE = 'UC409', MESSAGE = format(
      'el servicio %s no tiene procedimientos en logs.Servicio_Procedimientos', p_Servicio);
  END IF;

  PERFORM logs.sp_Marcar_Servicio(p_ID_Ejecucion, v_ejecucion.id_fund, p_Servicio, 'COMPLETADO', p_Inicio => v_inicio);
  RETURN QUERY SELECT 'COMPLETADO', false, (extract(epoch FROM clock_timestamp() - v_inicio) * 1000)::integer;
END
$$;
GRANT EXECUTE ON FUNCTION logs.sp_Ejecutar_Servicio TO carril_app;
