SET LOCAL ROLE carril_dueno;

/*
  Plans the consolidation of a closing: one job of kind NOMINA with its chunks. The closing must be verified
  (verificado_sin_discrepancias, con_discrepancias), else 50409; one that is being consolidated is given back with Creado = 0, so
  two at once join. Results of an earlier life are deleted first, a bounded number a call: call again while Quedan is 1.

  Under an idempotency key that exists already it plans nothing and gives back the job of that key, whatever has become of it
  (50409 when it is no consolidation); one that joins does not take the key. @Huella, a digest of what was asked, is kept with the
  job, so that its caller can tell a repetition from another request.

  Chunks are ranges of EmpleadoCierre.id. Size (calcular_chunk_size_dinamico): up to 50 employees all of them, up to 200
  max(25, n div 4), up to 500 max(50, n div 6), else max(100, min(150, n div 8)); then balanced (balancear_chunks_optimizado):
  ceil(n / size) chunks of ceil(n / chunks). Weight (predecir_complejidad_chunk): 1 an employee, 0.1 a concept of the Libro, 0.5 a
  discrepancy known before, 0.3 a movement; the heaviest are claimed first. What no chunk would see becomes a discrepancy here:
  NOVEDADES_SIN_LIBRO, and RUT_INVALIDO of a Libro row without any RUT. Document 003, "Tarea principal de coordinacion", "Sistema de
  chunks dinamicos". @Limite_s: seconds after which it is cut off (timeout_consolidacion).

  Returns: one
    ID_Trabajo  bigint  null      null while Quedan is 1
    Creado      bit     not null
    Quedan      bit     not null
    Empleados   int     not null  rows of the Libro
    Chunks      int     not null
    Tamano      int     not null  by the formula, before balancing
  Errors: 50400, 50404, 50408, 50409, 50499
  Touches: trabajo.Trabajos write, trabajo.Chunks write, nomina.CierreNomina write, nomina.ConceptoEmpleadoConsolidado write, nomina.EmpleadoConsolidado write, nomina.DiscrepanciaCierre write, nomina.MetricaConsolidacion write, nomina.EmpleadoCierre read, nomina.RegistroConceptoEmpleado read, nomina.EmpleadoCierreNovedades read, nomina.MovimientoAltaBaja read
  Batch: 2000
  Entry: carril_app
  Since: 020
*/
CREATE OR REPLACE FUNCTION nomina.sp_Planificar_Consolidacion(
  p_ID_Cierre bigint,
  p_Limite_s integer DEFAULT NULL,
  p_Lanes integer DEFAULT NULL,
  p_Usuario text DEFAULT NULL,
  p_Clave text DEFAULT NULL,
  p_Huella text DEFAULT NULL
)
RETURNS TABLE (
  ID_Trabajo bigint,
  Creado boolean,
  Quedan boolean,
  Empleados integer,
  Chunks integer,
  Tamano integer
)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  v_inicio timestamptz(3) := clock_timestamp();
  v_limite timestamptz(3) := v_inicio + make_interval(secs => p_Limite_s);
  v_clave text := rtrim(p_Clave);
  v_conocido record;
  v_cierre record;
  v_n integer;
  v_tamano integer;
  v_chunks integer;
  v_por_chunk integer;
  v_trabajo bigint;
BEGIN
  IF p_ID_Cierre IS NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400', MESSAGE = 'p_ID_Cierre es obligatorio';
  END IF;
  IF p_Limite_s < 1 OR p_Lanes < 1 THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400', MESSAGE = 'p_Limite_s y p_Lanes deben ser positivos';
  END IF;
  IF v_clave = '' THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400', MESSAGE = 'p_Clave no puede ser vacia: NULL si no hay clave';
  END IF;

  IF v_clave IS NOT NULL THEN
    -- dos llamadas con la misma clave: la segunda espera aqui y encuentra el trabajo de la primera
    PERFORM trabajo.sp_Bloquear('carril:clave:' || v_clave, 'Exclusive', 15000);
    SELECT t.id_trabajo, t.tipo, t.parametros INTO v_conocido FROM trabajo.Trabajos AS t WHERE t.clave = v_clave;
    IF FOUND THEN
      IF v_conocido.tipo <> 'NOMINA' THEN
        RAISE EXCEPTION USING ERRCODE = 'UC409',
          MESSAGE = format('la clave %s es de un trabajo de tipo %s: use otra', v_clave, v_conocido.tipo);
      END IF;
      RETURN QUERY
      SELECT
        v_conocido.id_trabajo, false, false,
        (SELECT count(*) FROM nomina.EmpleadoCierre AS e
         WHERE e.cierre_id = (v_conocido.parametros::jsonb ->> 'id_cierre')::bigint)::integer,
        (SELECT count(*) FROM trabajo.Chunks AS c WHERE c.id_trabajo = v_conocido.id_trabajo AND c.estado <> 'OMITIDO')::integer,
        (v_conocido.parametros::jsonb ->> 'chunk_size')::integer;
      RETURN;
    END IF;
  END IF;

  -- dos a la vez sobre un cierre: la segunda espera aqui y encuentra el trabajo de la primera
  PERFORM trabajo.sp_Bloquear('carril:clave:nomina:' || p_ID_Cierre, 'Exclusive', 15000);
  SELECT c.estado, c.id_trabajo, t.estado AS trabajo, t.parametros
  INTO v_cierre
  FROM nomina.CierreNomina AS c
  LEFT JOIN trabajo.Trabajos AS t ON t.id_trabajo = c.id_trabajo
  WHERE c.id = p_ID_Cierre;
  IF NOT FOUND THEN
    RAISE EXCEPTION USING ERRCODE = 'UC404', MESSAGE = format('no existe el cierre %s', p_ID_Cierre);
  END IF;
  SELECT count(*) INTO v_n FROM nomina.EmpleadoCierre AS e WHERE e.cierre_id = p_ID_Cierre;

  IF v_cierre.estado = 'consolidando_datos' AND v_cierre.trabajo = 'EN_PROGRESO' THEN
    RETURN QUERY
    SELECT
      v_cierre.id_trabajo, false, false, v_n,
      (SELECT count(*) FROM trabajo.Chunks AS c WHERE c.id_trabajo = v_cierre.id_trabajo AND c.estado <> 'OMITIDO')::integer,
      (v_cierre.parametros::jsonb ->> 'chunk_size')::integer;
    RETURN;
  END IF;
  IF v_cierre.estado NOT IN ('verificado_sin_discrepancias', 'con_discrepancias') THEN
    RAISE EXCEPTION USING ERRCODE = 'UC409', MESSAGE = format(
      'el cierre %s esta en %s y debe estar verificado para consolidar; lo consolidado se deshace con nomina.sp_Revertir_Consolidacion',
      p_ID_Cierre, v_cierre.estado);
  END IF;
  IF v_n = 0 THEN
    RAISE EXCEPTION USING ERRCODE = 'UC409', MESSAGE = format('el cierre %s no tiene empleados en el libro', p_ID_Cierre);
  END IF;

  IF (nomina.sp_Borrar_Consolidacion(p_ID_Cierre)).p_quedan THEN
    RETURN QUERY SELECT NULL::bigint, false, true, v_n, 0, 0;
    RETURN;
  END IF;

  v_tamano := CASE
    WHEN v_n <= 50 THEN v_n
    WHEN v_n <= 200 THEN greatest(25, v_n / 4)
    WHEN v_n <= 500 THEN greatest(50, v_n / 6)
    ELSE greatest(100, least(150, v_n / 8))
  END;
  v_chunks := ceil(v_n::numeric / v_tamano);
  v_por_chunk := ceil(v_n::numeric / v_chunks);

  INSERT INTO trabajo.Trabajos (tipo, clave, parametros, max_intentos, usuario)
  VALUES (
    'NOMINA', v_clave,
    jsonb_build_object(
      'id_cierre', p_ID_Cierre::text, 'chunk_size', v_tamano, 'lanes', p_Lanes,
      'limite', to_char(v_limite AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'huella', p_Huella)::text,
    3, COALESCE(p_Usuario, session_user))
  RETURNING id_trabajo INTO v_trabajo;

  WITH empleados AS MATERIALIZED (
    SELECT l.id, l.rut_normalizado, (row_number() OVER (ORDER BY l.id) - 1) / v_por_chunk AS n
    FROM nomina.EmpleadoCierre AS l
    WHERE l.cierre_id = p_ID_Cierre
  ), rangos AS (
    SELECT e.n, min(e.id) AS desde, max(e.id) + 1 AS hasta, count(*) AS empleados FROM empleados AS e GROUP BY e.n
  ), conceptos AS (
    SELECT e.n, count(*) AS cuantos
    FROM empleados AS e
    INNER JOIN nomina.RegistroConceptoEmpleado AS r ON r.empleado_id = e.id
    GROUP BY e.n
  ), discrepancias AS (
    SELECT e.n, count(*) AS cuantas
    FROM nomina.DiscrepanciaCierre AS d
    INNER JOIN empleados AS e ON e.id = d.empleado_libro_id
    WHERE d.cierre_id = p_ID_Cierre
    GROUP BY e.n
  ), movimientos AS (
    SELECT e.n, count(*) AS cuantos
    FROM nomina.MovimientoAltaBaja AS m
    INNER JOIN empleados AS e ON e.rut_normalizado = m.rut_normalizado
    GROUP BY e.n
  )
  INSERT INTO trabajo.Chunks (id_trabajo, orden, rango_inicio, rango_fin, recurso, peso)
  SELECT
    v_trabajo, r.n + 1, r.desde, r.hasta,
    format('empleados %s-%s', r.n * v_por_chunk + 1, r.n * v_por_chunk + r.empleados),
    r.empleados + 0.1 * COALESCE(c.cuantos, 0) + 0.5 * COALESCE(d.cuantas, 0) + 0.3 * COALESCE(m.cuantos, 0)
  FROM rangos AS r
  LEFT JOIN conceptos AS c ON c.n = r.n
  LEFT JOIN discrepancias AS d ON d.n = r.n
  LEFT JOIN movimientos AS m ON m.n = r.n
  ORDER BY r.n;
  GET DIAGNOSTICS v_chunks = ROW_COUNT;

  INSERT INTO nomina.DiscrepanciaCierre (cierre_id, rut, tipo, detalle, id_trabajo)
  SELECT p_ID_Cierre, r.rut, 'NOVEDADES_SIN_LIBRO', 'no esta en el libro: no se consolida', v_trabajo
  FROM (
    SELECT DISTINCT n.rut_normalizado
    FROM nomina.EmpleadoCierreNovedades AS n
    WHERE n.cierre_id = p_ID_Cierre AND NOT EXISTS (
      SELECT FROM nomina.EmpleadoCierre AS l WHERE l.cierre_id = p_ID_Cierre AND l.rut_normalizado = n.rut_normalizado)
  ) AS x
  CROSS JOIN LATERAL nomina.fn_RUT(x.rut_normalizado) AS r
  ORDER BY x.rut_normalizado;
  INSERT INTO nomina.DiscrepanciaCierre (cierre_id, empleado_libro_id, rut, tipo, detalle, id_trabajo)
  SELECT p_ID_Cierre, l.id, '', 'RUT_INVALIDO', format('"%s" no es un RUT: no se consolida', l.rut), v_trabajo
  FROM nomina.EmpleadoCierre AS l
  WHERE l.cierre_id = p_ID_Cierre AND l.rut_normalizado = ''
  ORDER BY l.id;

  UPDATE nomina.CierreNomina AS c
  SET
    estado = 'consolidando_datos', estado_anterior = c.estado, id_trabajo = v_trabajo, inicio_consolidacion = v_inicio,
    limite = v_limite, vencida = false, revision_requerida = false
  WHERE c.id = p_ID_Cierre;

  RETURN QUERY SELECT v_trabajo, true, false, v_n, v_chunks, v_tamano;
END
$$;
GRANT EXECUTE ON FUNCTION nomina.sp_Planificar_Consolidacion TO carril_app;
