SET LOCAL ROLE carril_dueno;

/*
  Adds movements, absences, vacations and what the analyst reports to a closing that is being loaded, in one transaction. Clase:
  ALTA_BAJA (Tipo ingreso or finiquito, Fecha, Texto: motivo), AUSENTISMO (Tipo, Fecha, Fecha_Fin, Dias), VACACIONES (Fecha,
  Fecha_Fin, Dias), ANALISTA_INGRESO (Fecha, Texto), ANALISTA_FINIQUITO (Fecha, Texto), ANALISTA_INCIDENCIA (Tipo, Texto).

  The first three are the personnel system's and belong to no closing: a row that is there already is not added again, and none
  is removed. An error names the Linea. At most 20,000 rows a call.
  Document 003, "Modelos de datos FUENTE", 3 and 4.

  Returns: one
    Insertados  int  not null  rows written
    Repetidos   int  not null  were there already
  Errors: 50400, 50404, 50408, 50409, 50499
  Touches: nomina.CierreNomina read, nomina.MovimientoAltaBaja write, nomina.MovimientoAusentismo write, nomina.MovimientoVacaciones write, nomina.AnalistaIngreso write, nomina.AnalistaFiniquito write, nomina.AnalistaIncidencia write
  Batch: 2000
  Entry: carril_app
  Since: 020
*/
CREATE OR REPLACE FUNCTION nomina.sp_Cargar_Movimientos(
  p_ID_Cierre bigint,
  p_Movimientos jsonb
)
RETURNS TABLE (
  Insertados integer,
  Repetidos integer
)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  v_error text;
  v_filas integer;
  v_insertados integer := 0;
BEGIN
  IF jsonb_array_length(p_Movimientos) > 20000 THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400', MESSAGE = 'como mucho 20000 filas por llamada';
  END IF;
  SELECT format('Linea %s: %s', m."Linea", e.motivo) INTO v_error
  FROM jsonb_to_recordset(p_Movimientos) AS m (
    "Linea" integer, "Clase" text, "RUT" text, "Tipo" text, "Fecha" date, "Fecha_Fin" date, "Dias" integer, "Texto" text)
  CROSS JOIN LATERAL (VALUES
    (CASE WHEN m."Clase" NOT IN (
      'ALTA_BAJA', 'AUSENTISMO', 'VACACIONES', 'ANALISTA_INGRESO', 'ANALISTA_FINIQUITO', 'ANALISTA_INCIDENCIA')
      THEN format('Clase "%s" no existe', m."Clase") END),
    (CASE WHEN COALESCE(btrim(m."RUT"), '') = '' THEN 'RUT esta vacio' END),
    (CASE WHEN m."Clase" <> 'ANALISTA_INCIDENCIA' AND m."Fecha" IS NULL THEN 'Fecha esta vacia' END),
    (CASE WHEN m."Clase" = 'ALTA_BAJA' AND m."Tipo" IS DISTINCT FROM 'ingreso' AND m."Tipo" IS DISTINCT FROM 'finiquito'
      THEN format('Tipo "%s" no es ingreso ni finiquito', m."Tipo") END),
    (CASE WHEN m."Clase" IN ('AUSENTISMO', 'ANALISTA_INCIDENCIA') AND COALESCE(btrim(m."Tipo"), '') = ''
      THEN 'Tipo esta vacio' END),
    (CASE WHEN m."Clase" IN ('AUSENTISMO', 'VACACIONES') AND (m."Fecha_Fin" IS NULL OR m."Fecha_Fin" < m."Fecha" OR m."Dias" IS NULL)
      THEN 'Fecha_Fin y Dias son obligatorios, y Fecha_Fin no puede ser anterior a Fecha' END),
    (CASE WHEN m."Clase" IN ('ALTA_BAJA', 'ANALISTA_FINIQUITO') AND length(m."Texto") > 200
      THEN 'Texto tiene mas de 200 caracteres' END)
  ) AS e (motivo)
  WHERE e.motivo IS NOT NULL
  ORDER BY m."Linea"
  LIMIT 1;
  IF v_error IS NOT NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400', MESSAGE = v_error;
  END IF;

  PERFORM nomina.sp_Comprobar_Carga(p_ID_Cierre);

  INSERT INTO nomina.MovimientoAltaBaja (rut, tipo_movimiento, fecha_movimiento, motivo)
  SELECT DISTINCT ON (x.clave, m."Tipo", m."Fecha") btrim(m."RUT"), m."Tipo", m."Fecha", NULLIF(btrim(m."Texto"), '')
  FROM jsonb_to_recordset(p_Movimientos) AS m ("Linea" integer, "Clase" text, "RUT" text, "Tipo" text, "Fecha" date, "Texto" text)
  CROSS JOIN LATERAL (
    SELECT ltrim(upper(replace(replace(replace(m."RUT", '.', ''), '-', ''), ' ', '')), '0') AS clave) AS x
  WHERE m."Clase" = 'ALTA_BAJA' AND NOT EXISTS (
    SELECT FROM nomina.MovimientoAltaBaja AS a
    WHERE a.rut_normalizado = x.clave AND a.tipo_movimiento = m."Tipo" AND a.fecha_movimiento = m."Fecha")
  ORDER BY x.clave, m."Tipo", m."Fecha", m."Linea";
  GET DIAGNOSTICS v_filas = ROW_COUNT;
  v_insertados := v_insertados + v_filas;

  INSERT INTO nomina.MovimientoAusentismo (rut, tipo_ausentismo, fecha_inicio, fecha_fin, dias_ausentismo)
  SELECT DISTINCT ON (x.clave, m."Fecha", m."Fecha_Fin", btrim(m."Tipo"))
    btrim(m."RUT"), btrim(m."Tipo"), m."Fecha", m."Fecha_Fin", m."Dias"
  FROM jsonb_to_recordset(p_Movimientos) AS m (
    "Linea" integer, "Clase" text, "RUT" text, "Tipo" text, "Fecha" date, "Fecha_Fin" date, "Dias" integer)
  CROSS JOIN LATERAL (
    SELECT ltrim(upper(replace(replace(replace(m."RUT", '.', ''), '-', ''), ' ', '')), '0') AS clave) AS x
  WHERE m."Clase" = 'AUSENTISMO' AND NOT EXISTS (
    SELECT FROM nomina.MovimientoAusentismo AS a
    WHERE a.rut_normalizado = x.clave AND a.fecha_inicio = m."Fecha" AND a.fecha_fin = m."Fecha_Fin"
      AND a.tipo_ausentismo = btrim(m."Tipo"))
  ORDER BY x.clave, m."Fecha", m."Fecha_Fin", btrim(m."Tipo"), m."Linea";
  GET DIAGNOSTICS v_filas = ROW_COUNT;
  v_insertados := v_insertados + v_filas;

  -- las vacaciones no intervienen en ninguna regla: aqui el rut se compara tal como viene
  INSERT INTO nomina.MovimientoVacaciones (rut, fecha_inicio, fecha_fin, dias_habiles)
  SELECT DISTINCT ON (btrim(m."RUT"), m."Fecha", m."Fecha_Fin") btrim(m."RUT"), m."Fecha", m."Fecha_Fin", m."Dias"
  FROM jsonb_to_recordset(p_Movimientos) AS m (
    "Linea" integer, "Clase" text, "RUT" text, "Fecha" date, "Fecha_Fin" date, "Dias" integer)
  WHERE m."Clase" = 'VACACIONES' AND NOT EXISTS (
    SELECT FROM nomina.MovimientoVacaciones AS a
    WHERE a.rut = btrim(m."RUT") AND a.fecha_inicio = m."Fecha" AND a.fecha_fin = m."Fecha_Fin")
  ORDER BY btrim(m."RUT"), m."Fecha", m."Fecha_Fin", m."Linea";
  GET DIAGNOSTICS v_filas = ROW_COUNT;
  v_insertados := v_insertados + v_filas;

  INSERT INTO nomina.AnalistaIngreso (cierre_id, rut, fecha_ingreso, observaciones)
  SELECT p_ID_Cierre, btrim(m."RUT"), m."Fecha", NULLIF(btrim(m."Texto"), '')
  FROM jsonb_to_recordset(p_Movimientos) AS m ("Linea" integer, "Clase" text, "RUT" text, "Fecha" date, "Texto" text)
  WHERE m."Clase" = 'ANALISTA_INGRESO'
  ORDER BY m."Linea";
  GET DIAGNOSTICS v_filas = ROW_COUNT;
  v_insertados := v_insertados + v_filas;

  INSERT INTO nomina.AnalistaFiniquito (cierre_id, rut, fecha_finiquito, motivo)
  SELECT p_ID_Cierre, btrim(m."RUT"), m."Fecha", COALESCE(btrim(m."Texto"), '')
  FROM jsonb_to_recordset(p_Movimientos) AS m ("Linea" integer, "Clase" text, "RUT" text, "Fecha" date, "Texto" text)
  WHERE m."Clase" = 'ANALISTA_FINIQUITO'
  ORDER BY m."Linea";
  GET DIAGNOSTICS v_filas = ROW_COUNT;
  v_insertados := v_insertados + v_filas;

  INSERT INTO nomina.AnalistaIncidencia (cierre_id, rut, tipo_incidencia, descripcion)
  SELECT p_ID_Cierre, btrim(m."RUT"), btrim(m."Tipo"), COALESCE(btrim(m."Texto"), '')
  FROM jsonb_to_recordset(p_Movimientos) AS m ("Linea" integer, "Clase" text, "RUT" text, "Tipo" text, "Texto" text)
  WHERE m."Clase" = 'ANALISTA_INCIDENCIA'
  ORDER BY m."Linea";
  GET DIAGNOSTICS v_filas = ROW_COUNT;
  v_insertados := v_insertados + v_filas;

  RETURN QUERY SELECT v_insertados, jsonb_array_length(p_Movimientos) - v_insertados;
END
$$;
GRANT EXECUTE ON FUNCTION nomina.sp_Cargar_Movimientos TO carril_app;
