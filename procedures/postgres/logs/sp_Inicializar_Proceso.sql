SET LOCAL ROLE carril_dueno;

/*
  Starts a process for a date: the process, one execution a fund, their states per service, and the job with one chunk an
  execution, in one transaction. Without funds: all that are Active and Incluir_En_Cubo. Under an idempotency key that exists
  already it creates nothing and gives back the process of that key; @Huella, a digest of what was asked, is kept with the job, so
  that its caller can tell a repetition from another request. What the process will run is frozen here: the funds' codes
  and flags, the architecture, and the active services; a service that is not active, or whose flag the fund has off, is OMITIDO
  from now on.

  @Arquitectura NULL: what logs.Ajustes says of the funds, 50409 when they differ (a process has one; start two). LEGADO: one
  ID_Ejecucion for all funds, without ID_Fund, and a job of kind FONDOS_LEGADO with one chunk, the batch extraction, which adds the
  funds' chunks when it is done.

  With @Servicio only that service runs. What it depends on, directly or not, is OMITIDO where the fund has a completed execution
  of that date with that service complete, whose rows are read then, and runs before it where not. A fund that has the flag of
  @Servicio off runs nothing; the old way cannot run one alone (50409). Nothing is started (50409, naming the rows) while logs.Servicios cannot be run: see
  logs.sp_Verificar_Servicios.

  A chunk's weight is what logs.fn_Peso_Fondo says, of the sources whose flag the fund has on: the heaviest funds are claimed first.

  Every ID comes from logs.Seq_ID, the process's first: whatever other callers draw in between, an execution's ID is above its
  process's.

  Returns: output
    ID_Proceso   bigint  not null
    ID_Trabajo   bigint  not null
    TotalFondos  int     not null
  Errors: 50400, 50404, 50408, 50409, 50499
  Touches: dimensionales.BD_Funds read, logs.Ajustes read, homol.IPA read, homol.CAPM read, homol.PosModRF read, homol.SONA read, homol.Derivados read, homol.UBS read, logs.Servicios read, logs.Servicio_Procedimientos read, trabajo.Trabajos write, logs.Procesos write, trabajo.Chunks write, logs.Ejecuciones write, logs.Ejecucion_Fondos write
  Batch: 2000
  Entry: carril_app
  Since: 018
*/
CREATE OR REPLACE FUNCTION logs.sp_Inicializar_Proceso(
  p_FechaReporte date,
  p_Fondos jsonb DEFAULT '[]',
  p_Usuario text DEFAULT NULL,
  p_Clave text DEFAULT NULL,
  p_Arquitectura text DEFAULT NULL,
  p_Servicio text DEFAULT NULL,
  p_Huella text DEFAULT NULL,
  OUT p_ID_Proceso bigint,
  OUT p_ID_Trabajo bigint,
  OUT p_TotalFondos integer
)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  v_clave text := rtrim(p_Clave);
  v_usuario text := COALESCE(p_Usuario, session_user);
  v_pedidos text[];
  v_nombres text;
  v_tipo text;
  v_servicios text[];
  v_flag text;
  v_arquitectura text := p_Arquitectura;
  v_distintas integer;
  v_compartida bigint;
BEGIN
  IF p_FechaReporte IS NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400', MESSAGE = 'p_FechaReporte es obligatoria';
  END IF;
  IF v_clave = '' THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400', MESSAGE = 'p_Clave no puede ser vacia: NULL si no hay clave';
  END IF;

  IF p_Arquitectura NOT IN ('LEGADO', 'JERARQUICA') THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400', MESSAGE = 'p_Arquitectura debe ser LEGADO o JERARQUICA';
  END IF;

  IF v_clave IS NOT NULL THEN
    -- dos llamadas con la misma clave: la segunda espera aqui y encuentra el proceso de la primera
    PERFORM trabajo.sp_Bloquear('carril:clave:' || v_clave, 'Exclusive', 15000);
    SELECT t.id_trabajo, t.tipo INTO p_ID_Trabajo, v_tipo FROM trabajo.Trabajos AS t WHERE t.clave = v_clave;
    IF v_tipo NOT IN ('FONDOS', 'FONDOS_LEGADO') THEN
      RAISE EXCEPTION USING ERRCODE = 'UC409',
        MESSAGE = format('la clave %s es de un trabajo de tipo %s: use otra', v_clave, v_tipo);
    END IF;
    IF p_ID_Trabajo IS NOT NULL THEN
      SELECT p.id_proceso, p.totalfondos INTO p_ID_Proceso, p_TotalFondos
      FROM logs.Procesos AS p
      WHERE p.id_trabajo = p_ID_Trabajo;
      RETURN;
    END IF;
  END IF;

  -- los fondos
  SELECT array_agg(DISTINCT x."FundShortName") INTO v_pedidos
  FROM jsonb_to_recordset(p_Fondos) AS x ("FundShortName" text);

  SELECT string_agg(x.nombre, ', ' ORDER BY x.nombre) INTO v_nombres
  FROM unnest(v_pedidos) AS x (nombre)
  WHERE NOT EXISTS (SELECT FROM dimensionales.BD_Funds AS f WHERE f.fundshortname = x.nombre);
  IF v_nombres IS NOT NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'UC404', MESSAGE = 'no estan en dimensionales.BD_Funds: ' || left(v_nombres, 1900);
  END IF;
  SELECT string_agg(f.fundshortname, ', ' ORDER BY f.fundshortname) INTO v_nombres
  FROM dimensionales.BD_Funds AS f
  WHERE f.fundshortname = ANY (v_pedidos) AND NOT f.active;
  IF v_nombres IS NOT NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'UC409',
      MESSAGE = 'no estan activos (dimensionales.BD_Funds.Active): ' || left(v_nombres, 1900);
  END IF;

  IF v_arquitectura IS NULL THEN
    SELECT min(a.arquitectura), count(DISTINCT a.arquitectura) INTO v_arquitectura, v_distintas
    FROM logs.vw_Arquitectura_Fondos AS a
    WHERE a.active AND CASE WHEN v_pedidos IS NULL THEN a.incluir_en_cubo ELSE a.fundshortname = ANY (v_pedidos) END;
    IF v_distintas > 1 THEN
      RAISE EXCEPTION USING ERRCODE = 'UC409',
        MESSAGE = 'unos fondos van por LEGADO y otros por JERARQUICA (logs.Ajustes): inicie un proceso de cada, con sus fondos';
    END IF;
  END IF;

  -- los servicios
  SELECT array_agg(s.servicio ORDER BY s.orden) INTO v_servicios FROM logs.Servicios AS s WHERE s.activo;
  IF v_servicios IS NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'UC409', MESSAGE = 'no hay servicios activos en logs.Servicios';
  END IF;
  SELECT string_agg(v.detalle, '; ' ORDER BY v.servicio, v.problema, v.orden) INTO v_nombres
  FROM logs.vw_Servicio_Problemas AS v;
  IF v_nombres IS NOT NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'UC409', MESSAGE = 'logs.Servicios no se puede correr: ' || left(v_nombres, 1900);
  END IF;
  IF p_Servicio IS NOT NULL THEN
    IF v_arquitectura = 'LEGADO' THEN
      RAISE EXCEPTION USING ERRCODE = 'UC409',
        MESSAGE = 'un servicio solo se corre por la arquitectura JERARQUICA: la anterior extrae todo de una vez';
    END IF;
    SELECT s.flag INTO v_flag FROM logs.Servicios AS s WHERE s.activo AND lower(s.servicio) = lower(p_Servicio);
    IF NOT FOUND THEN
      RAISE EXCEPTION USING ERRCODE = 'UC404', MESSAGE = format(
        'no hay un servicio activo %s en logs.Servicios; hay %s', p_Servicio, array_to_string(v_servicios, ', '));
    END IF;

    -- el y lo que necesita; que no hay ciclos se acaba de comprobar
    WITH RECURSIVE necesarios AS (
      SELECT s.servicio, s.depende_de, s.orden FROM logs.Servicios AS s WHERE lower(s.servicio) = lower(p_Servicio)
      UNION ALL
      SELECT s.servicio, s.depende_de, s.orden
      FROM necesarios AS n
      INNER JOIN logs.Servicios AS s ON s.servicio = n.depende_de
    )
    SELECT array_agg(n.servicio ORDER BY n.orden) INTO v_servicios FROM necesarios AS n;
  END IF;

  -- el ID del proceso antes que ninguno de los suyos
  p_ID_Proceso := nextval('logs.seq_id');
  IF v_arquitectura = 'LEGADO' THEN
    v_compartida := nextval('logs.seq_id');
  END IF;

  INSERT INTO trabajo.Trabajos (tipo, clave, parametros, usuario)
  VALUES (
    CASE WHEN v_compartida IS NULL THEN 'FONDOS' ELSE 'FONDOS_LEGADO' END, v_clave,
    (jsonb_build_object('id_proceso', p_ID_Proceso::text, 'fecha_reporte', p_FechaReporte::text, 'servicios', to_jsonb(v_servicios))
      || CASE WHEN v_compartida IS NULL THEN '{}' ELSE jsonb_build_object('id_ejecucion', v_compartida::text) END
      || CASE WHEN p_Huella IS NULL THEN '{}' ELSE jsonb_build_object('huella', p_Huella) END)::text,
    v_usuario)
  RETURNING id_trabajo INTO p_ID_Trabajo;

  INSERT INTO logs.Procesos (id_proceso, fechareporte, usuario, arquitectura, totalfondos, id_trabajo)
  VALUES (p_ID_Proceso, p_FechaReporte, v_usuario, COALESCE(v_arquitectura, 'JERARQUICA'), 0, p_ID_Trabajo);

  IF v_compartida IS NOT NULL THEN
    INSERT INTO logs.Ejecuciones (id_ejecucion, id_proceso, fechareporte, estado, etapa_actual, usuario, fondosexitosos,
      fondosfallidos, fondosomitidos)
    VALUES (v_compartida, p_ID_Proceso, p_FechaReporte, 'EN_PROGRESO', 'EXTRACCION', v_usuario, 0, 0, 0);
    INSERT INTO trabajo.Chunks (id_trabajo, orden, recurso) VALUES (p_ID_Trabajo, 0, 'EXTRACCION');
  END IF;

  -- Chunk, ejecucion y estados por servicio de cada fondo, en una sentencia: aqui nada escala y las filas son nuevas. Los de una
  -- ejecucion compartida tienen su chunk cuando todo esta extraido
  WITH elegidos AS MATERIALIZED (
    SELECT COALESCE(v_compartida, nextval('logs.seq_id')) AS id_ejecucion, (row_number() OVER (ORDER BY f.fundshortname))::integer AS fila, f.*,
      n.peso
    FROM dimensionales.BD_Funds AS f
    CROSS JOIN LATERAL logs.fn_Peso_Fondo(
      p_FechaReporte, f.portfolio_geneva, f.portfolio_capm, CASE WHEN f.flag_derivados THEN f.portfolio_derivados END,
      CASE WHEN f.flag_ubs THEN f.portfolio_ubs END) AS n
    WHERE f.active AND CASE WHEN v_pedidos IS NULL THEN f.incluir_en_cubo ELSE f.fundshortname = ANY (v_pedidos) END
  ), creados AS (
    INSERT INTO trabajo.Chunks (id_trabajo, orden, rango_inicio, rango_fin, recurso, peso)
    SELECT p_ID_Trabajo, x.fila, x.id_ejecucion, x.id_ejecucion, x.fundshortname, x.peso
    FROM elegidos AS x
    WHERE v_compartida IS NULL
    ORDER BY x.fila
    RETURNING id_chunk, rango_inicio
  ), ejecuciones AS (
    INSERT INTO logs.Ejecuciones (id_ejecucion, id_proceso, id_fund, fechareporte, estado, usuario, totalfondos, id_chunk)
    SELECT x.id_ejecucion, p_ID_Proceso, x.id_fund, p_FechaReporte, 'PENDIENTE', v_usuario, 1, c.id_chunk
    FROM elegidos AS x
    INNER JOIN creados AS c ON c.rango_inicio = x.id_ejecucion
  )
  INSERT INTO logs.Ejecucion_Fondos (
    id_ejecucion, id_fund, fundshortname, portfolio_geneva, portfolio_capm, portfolio_derivados, portfolio_ubs, flag_ubs,
    flag_derivados, estado_process_ipa, estado_process_capm, estado_process_posmodrf, estado_process_sona,
    estado_process_derivados, estado_process_ubs, estado_process_pnl)
  SELECT
    x.id_ejecucion, x.id_fund, x.fundshortname, x.portfolio_geneva, x.portfolio_capm, x.portfolio_derivados, x.portfolio_ubs,
    x.flag_ubs, x.flag_derivados,
    CASE WHEN 'IPA' = ANY (s.corren) THEN 'PENDIENTE' ELSE 'OMITIDO' END,
    CASE WHEN 'CAPM' = ANY (s.corren) THEN 'PENDIENTE' ELSE 'OMITIDO' END,
    CASE WHEN 'PosModRF' = ANY (s.corren) THEN 'PENDIENTE' ELSE 'OMITIDO' END,
    CASE WHEN 'SONA' = ANY (s.corren) THEN 'PENDIENTE' ELSE 'OMITIDO' END,
    CASE WHEN 'Derivados' = ANY (s.corren) THEN 'PENDIENTE' ELSE 'OMITIDO' END,
    CASE WHEN 'UBS' = ANY (s.corren) THEN 'PENDIENTE' ELSE 'OMITIDO' END,
    CASE WHEN 'PNL' = ANY (s.corren) THEN 'PENDIENTE' ELSE 'OMITIDO' END
  FROM elegidos AS x
  -- los servicios que corren y cuyo flag, si lo hay, el fondo tiene encendido; con el del pedido apagado,
  -- tampoco lo que va antes, que corre solo donde falta
  CROSS JOIN LATERAL (
    SELECT array_agg(a.servicio::text) AS corren
    FROM logs.Servicios AS a
    WHERE a.servicio = ANY (v_servicios)
      AND (a.flag IS NULL OR (a.flag = 'Flag_UBS' AND x.flag_ubs) OR (a.flag = 'Flag_Derivados' AND x.flag_derivados))
      AND (v_flag IS NULL OR (v_flag = 'Flag_UBS' AND x.flag_ubs) OR (v_flag = 'Flag_Derivados' AND x.flag_derivados))
      AND (p_Servicio IS NULL OR lower(a.servicio) = lower(p_Servicio) OR NOT EXISTS (
        SELECT
        FROM logs.Ejecuciones AS e
        INNER JOIN logs.vw_Ejecucion_Servicios AS v ON v.id_ejecucion = e.id_ejecucion AND v.id_fund = e.id_fund
        WHERE e.id_fund = x.id_fund AND e.fechareporte = p_FechaReporte AND e.estado = 'COMPLETADO'
          AND v.servicio = a.servicio AND v.estado = 'COMPLETADO'))
  ) AS s;
  GET DIAGNOSTICS p_TotalFondos = ROW_COUNT;

  IF p_TotalFondos = 0 THEN
    RAISE EXCEPTION USING ERRCODE = 'UC404',
      MESSAGE = 'no hay fondos que correr: ninguno esta activo e incluido en el cubo';
  END IF;
  UPDATE logs.Procesos AS p SET totalfondos = p_TotalFondos WHERE p.id_proceso = p_ID_Proceso;
  UPDATE logs.Ejecuciones AS e SET totalfondos = p_TotalFondos WHERE e.id_ejecucion = v_compartida;
END
$$;
GRANT EXECUTE ON FUNCTION logs.sp_Inicializar_Proceso TO carril_app;
