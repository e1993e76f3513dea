SET LOCAL ROLE carril_dueno;

/*
  Consolidates the employees of a chunk under its token, set-based and in one transaction, and completes the chunk. Already complete
  under this token: says so and does nothing. Rules of document 003, which names them in reglas_aplicadas:

  - one result a RUT ("EmpleadoConsolidado", unique_together): the first row of the Libro with it, and of the Novedades
    (buscar_empleado_por_rut: first()); later ones count as RUT_DUPLICADO. A wrong check digit is RUT_INVALIDO, and consolidated.
  - "consolidar_datos_personales": nombre Libro, else Novedades; cargo Novedades, else Libro; centro_costo Libro.
  - "consolidar_conceptos_empleado": the Novedades' concept when its valor is not 0, else the Libro's, else none (CERO_EN_NOVEDADES);
    value, name and type come from the one that counts (TIPO_DISTINTO); of one code twice in one source the last counts
    (CONCEPTO_DUPLICADO); a name that is blank is the other source's, else the code (CONCEPTO_SIN_NOMBRE).
  - "consolidar_movimientos_empleado": ingreso, finiquito and ausentismo whose date lies in the closing's month.
  - "EmpleadoConsolidado", totals: sums of haber and of descuento; another type is in neither (TIPO_DESCONOCIDO).

  Returns: one
    Estado         varchar(50)  not null  COMPLETADO
    Empleados      int          not null  consolidated by this call
    Registros      int          not null  employees and concepts written
    Discrepancias  int          not null  found and resolved
    Restantes      int          not null  0: no unfinished chunk of the job was seen, try to finalize it; else 1
  Errors: 50400, 50404, 50408, 50409, 50410, 50499
  Touches: trabajo.Chunks write, trabajo.Trabajos read, nomina.CierreNomina read, nomina.EmpleadoCierre read, nomina.RegistroConceptoEmpleado read, nomina.EmpleadoCierreNovedades read, nomina.RegistroConceptoEmpleadoNovedades read, nomina.MovimientoAltaBaja read, nomina.MovimientoAusentismo read, nomina.EmpleadoConsolidado write, nomina.ConceptoEmpleadoConsolidado write, nomina.DiscrepanciaCierre write
  Batch: 2000
  Entry: carril_app
  Since: 020
*/
CREATE OR REPLACE FUNCTION nomina.sp_Consolidar_Chunk(
  p_ID_Chunk bigint,
  p_Token bigint
)
RETURNS TABLE (
  Estado text,
  Empleados integer,
  Registros integer,
  Discrepancias integer,
  Restantes integer
)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
-- de pocos empleados a la vez: por los indices, digan lo que digan las estadisticas de antes de la carga; y con un plan para
-- todos los chunks, que hacerlo cuesta mas que media consolidacion
SET enable_seqscan = off
SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict use_column
DECLARE
  v_estado text;
  v_trabajo bigint;
  v_chunk record;
  v_hecho record;
  v_desde date;
  v_hasta date;
BEGIN
  SELECT o.p_estado, o.p_id_trabajo INTO v_estado, v_trabajo FROM trabajo.sp_Tomar_Chunk(p_ID_Chunk, p_Token) AS o;

  SELECT t.tipo, c.rango_inicio AS desde, c.rango_fin AS hasta, n.id AS cierre, n.mes, n.anno
  INTO v_chunk
  FROM trabajo.Chunks AS c
  INNER JOIN trabajo.Trabajos AS t ON t.id_trabajo = c.id_trabajo
  LEFT JOIN nomina.CierreNomina AS n ON n.id_trabajo = t.id_trabajo
  WHERE c.id_chunk = p_ID_Chunk;
  IF v_chunk.tipo <> 'NOMINA' THEN
    RAISE EXCEPTION USING ERRCODE = 'UC409', MESSAGE = format(
      'el chunk %s es de un trabajo de tipo %s: no es de una consolidacion', p_ID_Chunk, v_chunk.tipo);
  END IF;
  IF v_estado = 'COMPLETADO' THEN
    RETURN QUERY SELECT v_estado, 0, 0, 0, trabajo.sp_Restantes(v_trabajo);
    RETURN;
  END IF;
  IF v_chunk.cierre IS NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'UC409', MESSAGE = format(
      'el trabajo %s ya no es la consolidacion de ningun cierre', v_trabajo);
  END IF;
  v_desde := make_date(v_chunk.anno, v_chunk.mes, 1);
  v_hasta := v_desde + interval '1 month';

  -- Una sola sentencia: los conceptos se resuelven una vez y sirven a los totales, a las discrepancias y a si mismos.
  WITH emp AS MATERIALIZED (
    -- 003, "EmpleadoConsolidado" y "consolidar_movimientos_empleado"
    SELECT
      -- el id, antes de escribirlo: asi los conceptos no tienen que buscar el de su empleado
      nextval('nomina.empleadoconsolidado_id_seq') AS id_consolidado,
      l.id, l.rut AS rut_libro, r.rut, r.valido, l.nombre, l.cargo, l.centro_costo, d.veces, nd.id AS id_novedades,
      nd.veces AS veces_novedades, n.nombre AS nombre_novedades, n.cargo AS cargo_novedades,
      EXISTS (
        SELECT FROM nomina.MovimientoAltaBaja AS m
        WHERE m.rut_normalizado = l.rut_normalizado AND m.tipo_movimiento = 'ingreso'
          AND m.fecha_movimiento >= v_desde AND m.fecha_movimiento < v_hasta) AS es_ingreso,
      EXISTS (
        SELECT FROM nomina.MovimientoAltaBaja AS m
        WHERE m.rut_normalizado = l.rut_normalizado AND m.tipo_movimiento = 'finiquito'
          AND m.fecha_movimiento >= v_desde AND m.fecha_movimiento < v_hasta) AS es_finiquito,
      EXISTS (
        SELECT FROM nomina.MovimientoAusentismo AS a
        WHERE a.rut_normalizado = l.rut_normalizado
          AND a.fecha_inicio >= v_desde AND a.fecha_inicio < v_hasta) AS tiene_ausentismo
    FROM nomina.EmpleadoCierre AS l
    CROSS JOIN LATERAL (
      SELECT min(x.id) AS id, count(*) AS veces
      FROM nomina.EmpleadoCierre AS x
      WHERE x.cierre_id = v_chunk.cierre AND x.rut_normalizado = l.rut_normalizado
    ) AS d
    CROSS JOIN LATERAL (
      SELECT min(x.id) AS id, count(*) AS veces
      FROM nomina.EmpleadoCierreNovedades AS x
      WHERE x.cierre_id = v_chunk.cierre AND x.rut_normalizado = l.rut_normalizado
    ) AS nd
    LEFT JOIN nomina.EmpleadoCierreNovedades AS n ON n.id = nd.id
    CROSS JOIN LATERAL nomina.fn_RUT(l.rut_normalizado) AS r
    WHERE l.id >= v_chunk.desde AND l.id < v_chunk.hasta AND l.cierre_id = v_chunk.cierre
      AND l.rut_normalizado <> '' AND d.id = l.id
  ), libro AS (
    -- de un codigo repetido vale el ultimo, y su lugar dice cuantos hay
    SELECT
      e.id AS empleado, e.id_consolidado, c.codigo_concepto AS codigo, c.nombre_concepto AS nombre, c.valor, lower(btrim(c.tipo_concepto)) AS tipo,
      row_number() OVER w AS veces, lead(c.id) OVER w IS NULL AS ultimo
    FROM emp AS e
    INNER JOIN nomina.RegistroConceptoEmpleado AS c ON c.empleado_id = e.id
    WINDOW w AS (PARTITION BY c.empleado_id, c.codigo_concepto COLLATE "C" ORDER BY c.id)
  ), novedades AS (
    SELECT
      e.id AS empleado, e.id_consolidado, c.codigo_concepto AS codigo, c.nombre_concepto AS nombre, c.valor, lower(btrim(c.tipo_concepto)) AS tipo,
      row_number() OVER w AS veces, lead(c.id) OVER w IS NULL AS ultimo
    FROM emp AS e
    INNER JOIN nomina.RegistroConceptoEmpleadoNovedades AS c ON c.empleado_id = e.id_novedades
    WINDOW w AS (PARTITION BY c.empleado_id, c.codigo_concepto COLLATE "C" ORDER BY c.id)
  ), conceptos AS MATERIALIZED (
    -- 003, "consolidar_conceptos_empleado": Novedades si su valor no es 0; si no, Libro; si no, nada (fuente NULL)
    SELECT
      x.empleado, x.id_consolidado, x.codigo, x.fuente, x.valor, x.tipo, x.sin_nombre,
      CASE
        WHEN NOT x.sin_nombre THEN x.nombre
        WHEN btrim(COALESCE(x.otro_nombre, '')) <> '' THEN x.otro_nombre
        ELSE x.codigo
      END AS nombre,
      x.cero, x.tipo_distinto, x.tipo_libro, x.tipo_novedades, x.veces_libro, x.veces_novedades,
      x.fuente IS NOT NULL AND x.tipo NOT IN ('haber', 'descuento') AS tipo_desconocido
    FROM (
      SELECT
        COALESCE(l.empleado, n.empleado) AS empleado, COALESCE(l.id_consolidado, n.id_consolidado) AS id_consolidado,
        COALESCE(l.codigo, n.codigo) AS codigo,
        CASE WHEN n.valor <> 0 THEN 'novedades' WHEN l.codigo IS NOT NULL THEN 'libro' END AS fuente,
        CASE WHEN n.valor <> 0 THEN n.valor ELSE l.valor END AS valor,
        CASE WHEN n.valor <> 0 THEN n.tipo ELSE l.tipo END AS tipo,
        CASE WHEN n.valor <> 0 THEN n.nombre ELSE l.nombre END AS nombre,
        CASE WHEN n.valor <> 0 THEN l.nombre ELSE n.nombre END AS otro_nombre,
        btrim(CASE WHEN n.valor <> 0 THEN n.nombre ELSE l.nombre END) = '' AS sin_nombre,
        COALESCE(n.valor = 0, false) AS cero,
        COALESCE(n.tipo <> l.tipo, false) AS tipo_distinto, l.tipo AS tipo_libro, n.tipo AS tipo_novedades,
        COALESCE(l.veces, 0) AS veces_libro, COALESCE(n.veces, 0) AS veces_novedades
      FROM (SELECT * FROM libro WHERE libro.ultimo) AS l
      FULL JOIN (SELECT * FROM novedades WHERE novedades.ultimo) AS n ON n.empleado = l.empleado AND n.codigo = l.codigo
    ) AS x
  ), dudas AS MATERIALIZED (
    -- lo que las reglas resolvieron y alguien debe mirar
    SELECT e.id AS empleado, e.rut, v.tipo, NULL AS codigo, v.detalle
    FROM emp AS e
    CROSS JOIN LATERAL (VALUES
      (NOT e.valido, 'RUT_INVALIDO', format('"%s": el digito verificador no corresponde', e.rut_libro)),
      (e.veces > 1, 'RUT_DUPLICADO', format('%s filas del libro: vale la primera', e.veces)),
      (e.veces_novedades > 1, 'RUT_DUPLICADO', format('%s filas de novedades: vale la primera', e.veces_novedades))
    ) AS v (hay, tipo, detalle)
    WHERE v.hay
    UNION ALL
    SELECT c.empleado, e.rut, v.tipo, c.codigo, v.detalle
    FROM conceptos AS c
    INNER JOIN emp AS e ON e.id = c.empleado
    CROSS JOIN LATERAL (VALUES
      (c.cero, 'CERO_EN_NOVEDADES', CASE WHEN c.fuente IS NULL THEN 'no esta en el libro: no se consolida' ELSE 'vale el libro' END),
      (c.tipo_distinto, 'TIPO_DISTINTO', format('libro: %s, novedades: %s', c.tipo_libro, c.tipo_novedades)),
      (c.veces_libro > 1, 'CONCEPTO_DUPLICADO', format('%s veces en el libro: vale la ultima', c.veces_libro)),
      (c.veces_novedades > 1, 'CONCEPTO_DUPLICADO', format('%s veces en novedades: vale la ultima', c.veces_novedades)),
      (c.fuente IS NOT NULL AND c.sin_nombre, 'CONCEPTO_SIN_NOMBRE', format('se llama %s', c.nombre)),
      (c.tipo_desconocido, 'TIPO_DESCONOCIDO', format('"%s" no es haber ni descuento: en ningun total', c.tipo))
    ) AS v (hay, tipo, detalle)
    -- casi ninguno tiene nada: antes de abrir las seis
    WHERE (c.cero OR c.tipo_distinto OR c.veces_libro > 1 OR c.veces_novedades > 1 OR c.sin_nombre OR c.tipo_desconocido) AND v.hay
  ), sumas AS (
    SELECT
      c.empleado,
      COALESCE(sum(c.valor) FILTER (WHERE c.tipo = 'haber' AND c.fuente IS NOT NULL), 0) AS haberes,
      COALESCE(sum(c.valor) FILTER (WHERE c.tipo = 'descuento' AND c.fuente IS NOT NULL), 0) AS descuentos,
      bool_or(c.fuente = 'libro') AS de_libro, bool_or(c.fuente = 'novedades') AS de_novedades, bool_or(c.cero) AS cero
    FROM conceptos AS c
    GROUP BY c.empleado
  ), sumas_dudas AS (
    SELECT d.empleado, count(*) AS cuantas FROM dudas AS d GROUP BY d.empleado
  ), consolidados AS (
    INSERT INTO nomina.EmpleadoConsolidado (
      id, cierre_id, empleado_origen_id, rut, nombre_completo, cargo, centro_costo, es_ingreso, es_finiquito, tiene_ausentismo,
      total_haberes, total_descuentos, liquido_pagar, fuentes_utilizadas, reglas_aplicadas, discrepancias_resueltas)
    OVERRIDING SYSTEM VALUE
    SELECT
      e.id_consolidado, v_chunk.cierre, e.id, e.rut,
      -- 003, "consolidar_datos_personales"
      CASE WHEN p.nombre_libro THEN e.nombre ELSE COALESCE(e.nombre_novedades, '') END,
      CASE WHEN p.cargo_novedades THEN e.cargo_novedades ELSE e.cargo END,
      e.centro_costo, e.es_ingreso, e.es_finiquito, e.tiene_ausentismo,
      COALESCE(s.haberes, 0), COALESCE(s.descuentos, 0), COALESCE(s.haberes - s.descuentos, 0),
      concat(
        '["libro"', CASE WHEN p.nombre_novedades OR p.cargo_novedades OR s.de_novedades THEN ',"novedades"' END,
        CASE WHEN e.es_ingreso OR e.es_finiquito OR e.tiene_ausentismo THEN ',"movimientos"' END, ']'),
      concat(
        CASE WHEN p.nombre_novedades THEN '["nombre_novedades"' ELSE '["nombre_libro"' END,
        CASE WHEN p.cargo_novedades THEN ',"cargo_novedades"' ELSE ',"cargo_libro"' END,
        CASE WHEN e.rut <> e.rut_libro THEN ',"rut_normalizado"' END,
        CASE WHEN s.de_libro THEN ',"conceptos_libro"' END,
        CASE WHEN s.de_novedades THEN ',"conceptos_novedades"' END,
        CASE WHEN s.cero THEN ',"cero_en_novedades"' END,
        CASE WHEN e.es_ingreso THEN ',"ingreso"' END,
        CASE WHEN e.es_finiquito THEN ',"finiquito"' END,
        CASE WHEN e.tiene_ausentismo THEN ',"ausentismo"' END, ']'),
      COALESCE(d.cuantas, 0)
    FROM emp AS e
    CROSS JOIN LATERAL (
      SELECT
        btrim(e.nombre) <> '' OR btrim(COALESCE(e.nombre_novedades, '')) = '' AS nombre_libro,
        btrim(e.nombre) = '' AND btrim(COALESCE(e.nombre_novedades, '')) <> '' AS nombre_novedades,
        btrim(COALESCE(e.cargo_novedades, '')) <> '' AS cargo_novedades
    ) AS p
    LEFT JOIN sumas AS s ON s.empleado = e.id
    LEFT JOIN sumas_dudas AS d ON d.empleado = e.id
    ORDER BY e.id
    RETURNING total_haberes, total_descuentos
  ), escritos AS (
    INSERT INTO nomina.ConceptoEmpleadoConsolidado (
      empleado_consolidado_id, codigo_concepto, nombre_concepto, valor, tipo_concepto, fuente_dato)
    SELECT c.id_consolidado, c.codigo, c.nombre, c.valor, c.tipo, c.fuente
    FROM conceptos AS c
    WHERE c.fuente IS NOT NULL
  ), anotadas AS (
    INSERT INTO nomina.DiscrepanciaCierre (cierre_id, empleado_libro_id, rut, tipo, codigo_concepto, detalle, id_trabajo)
    SELECT v_chunk.cierre, d.empleado, d.rut, d.tipo, d.codigo, left(d.detalle, 400), v_trabajo
    FROM dudas AS d
    ORDER BY d.empleado, d.codigo NULLS FIRST, d.tipo
  )
  SELECT
    t.empleados, t.haberes, t.descuentos, (SELECT count(c.fuente) FROM conceptos AS c)::integer AS conceptos,
    (SELECT count(*) FROM dudas)::integer AS discrepancias
  INTO v_hecho
  FROM (
    SELECT
      count(*)::integer AS empleados, COALESCE(sum(k.total_haberes), 0.00) AS haberes,
      COALESCE(sum(k.total_descuentos), 0.00) AS descuentos
    FROM consolidados AS k
  ) AS t;

  PERFORM trabajo.sp_Cerrar_Chunk(p_ID_Chunk, p_Token, 'COMPLETADO', format(
    '{"empleados":%s,"registros":%s,"discrepancias":%s,"haberes":"%s","descuentos":"%s"}',
    v_hecho.empleados, v_hecho.empleados + v_hecho.conceptos, v_hecho.discrepancias, v_hecho.haberes, v_hecho.descuentos));
  RETURN QUERY SELECT
    'COMPLETADO', v_hecho.empleados, v_hecho.empleados + v_hecho.conceptos, v_hecho.discrepancias,
    trabajo.sp_Restantes(v_trabajo);
END
$$;
GRANT EXECUTE ON FUNCTION nomina.sp_Consolidar_Chunk TO carril_app;
