SET LOCAL ROLE carril_dueno;

/*
  Adds employees and their concepts to a closing that is being loaded, of the Libro or the Novedades (@Fuente: libro, novedades), in
  one transaction. A concept names the Linea of its employee among those given. Amounts are plain decimals as text, kept exactly: at
  most ten digits before the point and two behind it. Texts are trimmed. An error names the Linea. At most 20,000 employees and
  100,000 concepts a call. Not to be repeated after a lost connection: load the closing again.
  Document 003, "Modelos de datos FUENTE", 1 and 2.

  Returns: one
    Empleados  int  not null  rows written
    Conceptos  int  not null  rows written
  Errors: 50400, 50404, 50408, 50409, 50499
  Touches: nomina.CierreNomina read, nomina.EmpleadoCierre write, nomina.RegistroConceptoEmpleado write, nomina.EmpleadoCierreNovedades write, nomina.RegistroConceptoEmpleadoNovedades write
  Batch: 2000
  Entry: carril_app
  Since: 020
*/
CREATE OR REPLACE FUNCTION nomina.sp_Cargar_Empleados(
  p_ID_Cierre bigint,
  p_Fuente text,
  p_Empleados jsonb,
  p_Conceptos jsonb DEFAULT '[]'
)
RETURNS TABLE (
  Empleados integer,
  Conceptos integer
)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  -- un cast a numeric(12, 2) redondearia lo que sobra
  c_importe CONSTANT text := '^[+-]?[0-9]{1,10}([.][0-9]{1,2})?$';
  v_error text;
  v_lineas integer[];
  v_ids bigint[];
  v_empleados integer;
  v_conceptos integer;
BEGIN
  IF p_Fuente IS NULL OR p_Fuente NOT IN ('libro', 'novedades') THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400', MESSAGE = 'p_Fuente debe ser libro o novedades';
  END IF;
  IF jsonb_array_length(p_Empleados) > 20000 OR jsonb_array_length(p_Conceptos) > 100000 THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400', MESSAGE = 'como mucho 20000 empleados y 100000 conceptos por llamada';
  END IF;

  SELECT format('Linea %s: %s', e."Linea", m.motivo) INTO v_error
  FROM jsonb_to_recordset(p_Empleados) AS e (
    "Linea" integer, "RUT" text, "Nombre" text, "Cargo" text, "Centro_Costo" text, "Sueldo_Base" text)
  CROSS JOIN LATERAL (VALUES
    (CASE WHEN length(btrim(e."RUT")) > 15 THEN 'RUT tiene mas de 15 caracteres' END),
    (CASE WHEN length(btrim(e."Nombre")) > 200 THEN 'Nombre tiene mas de 200 caracteres' END),
    (CASE WHEN length(btrim(e."Cargo")) > 100 THEN 'Cargo tiene mas de 100 caracteres' END),
    (CASE WHEN length(btrim(e."Centro_Costo")) > 50 THEN 'Centro_Costo tiene mas de 50 caracteres' END),
    (CASE WHEN p_Fuente = 'libro' AND COALESCE(btrim(e."Sueldo_Base"), '') !~ c_importe
      THEN format('Sueldo_Base "%s" no es un importe decimal(12,2)', e."Sueldo_Base") END)
  ) AS m (motivo)
  WHERE m.motivo IS NOT NULL
  ORDER BY e."Linea"
  LIMIT 1;
  IF v_error IS NULL THEN
    SELECT format('Linea %s de los conceptos: %s', c."Linea", m.motivo) INTO v_error
    FROM jsonb_to_recordset(p_Conceptos) AS c (
      "Linea" integer, "Codigo" text, "Nombre" text, "Valor" text, "Tipo" text)
    CROSS JOIN LATERAL (VALUES
      (CASE WHEN COALESCE(btrim(c."Codigo"), '') = '' THEN 'Codigo esta vacio'
        WHEN length(btrim(c."Codigo")) > 10 THEN 'Codigo tiene mas de 10 caracteres' END),
      (CASE WHEN length(btrim(c."Nombre")) > 200 THEN 'Nombre tiene mas de 200 caracteres' END),
      (CASE WHEN length(btrim(c."Tipo")) > 20 THEN 'Tipo tiene mas de 20 caracteres' END),
      (CASE WHEN COALESCE(btrim(c."Valor"), '') !~ c_importe
        THEN format('Valor "%s" no es un importe decimal(12,2)', c."Valor") END)
    ) AS m (motivo)
    WHERE m.motivo IS NOT NULL
    ORDER BY c."Linea"
    LIMIT 1;
  END IF;
  IF v_error IS NOT NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400', MESSAGE = v_error;
  END IF;

  PERFORM nomina.sp_Comprobar_Carga(p_ID_Cierre);

  -- los id se piden antes, en el orden del archivo: asi cada concepto sabe el de su empleado
  SELECT array_agg(x.linea ORDER BY x.linea), array_agg(x.id ORDER BY x.linea) INTO v_lineas, v_ids
  FROM (
    SELECT
      l.linea,
      nextval(CASE
        WHEN p_Fuente = 'libro' THEN pg_get_serial_sequence('nomina.empleadocierre', 'id')
        ELSE pg_get_serial_sequence('nomina.empleadocierrenovedades', 'id')
      END::regclass) AS id
    FROM (
      SELECT e."Linea" AS linea FROM jsonb_to_recordset(p_Empleados) AS e ("Linea" integer) ORDER BY e."Linea"
    ) AS l
  ) AS x;

  IF p_Fuente = 'libro' THEN
    INSERT INTO nomina.EmpleadoCierre (id, cierre_id, rut, nombre, cargo, centro_costo, sueldo_base, fecha_ingreso)
    OVERRIDING SYSTEM VALUE
    SELECT
      n.id, p_ID_Cierre, btrim(e."RUT"), btrim(e."Nombre"), COALESCE(btrim(e."Cargo"), ''),
      COALESCE(btrim(e."Centro_Costo"), ''), btrim(e."Sueldo_Base")::numeric(12, 2), e."Fecha_Ingreso"
    FROM jsonb_to_recordset(p_Empleados) AS e (
      "Linea" integer, "RUT" text, "Nombre" text, "Cargo" text, "Centro_Costo" text, "Sueldo_Base" text, "Fecha_Ingreso" date)
    INNER JOIN unnest(v_lineas, v_ids) AS n (linea, id) ON n.linea = e."Linea"
    ORDER BY n.id;
    GET DIAGNOSTICS v_empleados = ROW_COUNT;
    INSERT INTO nomina.RegistroConceptoEmpleado (empleado_id, codigo_concepto, nombre_concepto, valor, tipo_concepto)
    SELECT
      n.id, btrim(c."Codigo"), COALESCE(btrim(c."Nombre"), ''), btrim(c."Valor")::numeric(12, 2), COALESCE(btrim(c."Tipo"), '')
    FROM jsonb_to_recordset(p_Conceptos) AS c (
      "Linea" integer, "Empleado" integer, "Codigo" text, "Nombre" text, "Valor" text, "Tipo" text)
    INNER JOIN unnest(v_lineas, v_ids) AS n (linea, id) ON n.linea = c."Empleado"
    ORDER BY c."Linea";
    GET DIAGNOSTICS v_conceptos = ROW_COUNT;
  ELSE
    INSERT INTO nomina.EmpleadoCierreNovedades (id, cierre_id, rut, nombre, cargo, centro_costo)
    OVERRIDING SYSTEM VALUE
    SELECT n.id, p_ID_Cierre, btrim(e."RUT"), btrim(e."Nombre"), btrim(e."Cargo"), btrim(e."Centro_Costo")
    FROM jsonb_to_recordset(p_Empleados) AS e (
      "Linea" integer, "RUT" text, "Nombre" text, "Cargo" text, "Centro_Costo" text)
    INNER JOIN unnest(v_lineas, v_ids) AS n (linea, id) ON n.linea = e."Linea"
    ORDER BY n.id;
    GET DIAGNOSTICS v_empleados = ROW_COUNT;
    INSERT INTO nomina.RegistroConceptoEmpleadoNovedades (
      empleado_id, codigo_concepto, nombre_concepto, valor, tipo_concepto)
    SELECT
      n.id, btrim(c."Codigo"), COALESCE(btrim(c."Nombre"), ''), btrim(c."Valor")::numeric(12, 2), COALESCE(btrim(c."Tipo"), '')
    FROM jsonb_to_recordset(p_Conceptos) AS c (
      "Linea" integer, "Empleado" integer, "Codigo" text, "Nombre" text, "Valor" text, "Tipo" text)
    INNER JOIN unnest(v_lineas, v_ids) AS n (linea, id) ON n.linea = c."Empleado"
    ORDER BY c."Linea";
    GET DIAGNOSTICS v_conceptos = ROW_COUNT;
  END IF;

  IF v_conceptos <> jsonb_array_length(p_Conceptos) THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400', MESSAGE = 'un concepto nombra una Linea que no es de ningun empleado';
  END IF;
  RETURN QUERY SELECT v_empleados, v_conceptos;
END
$$;
GRANT EXECUTE ON FUNCTION nomina.sp_Cargar_Empleados TO carril_app;
