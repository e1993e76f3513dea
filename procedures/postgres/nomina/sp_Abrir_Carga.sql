SET LOCAL ROLE carril_dueno;

/*
  Opens the closing of a client and month for a load (a new one, if there is none, or if @Nuevo = 1 even then) and puts it into the
  state cargando, in which it cannot be consolidated. The sources that the load brings (@Libro, @Novedades, @Analista) are emptied
  first, at most 800 employees or 20,000 rows a call: call again, with @ID_Cierre, until Quedan is 0. A closing that is being
  consolidated, or that is, is refused (50409): roll it back first. nomina.sp_Terminar_Carga ends the load.

  Returns: one
    ID_Cierre  bigint  not null
    Creado     bit     not null
    Quedan     bit     not null  1: there are earlier rows to delete, call again
  Errors: 50400, 50404, 50408, 50409, 50499
  Touches: nomina.CierreNomina write, nomina.RegistroConceptoEmpleado write, nomina.EmpleadoCierre write, nomina.RegistroConceptoEmpleadoNovedades write, nomina.EmpleadoCierreNovedades write, nomina.AnalistaIngreso write, nomina.AnalistaFiniquito write, nomina.AnalistaIncidencia write
  Batch: 2000
  Entry: carril_app
  Since: 020
*/
CREATE OR REPLACE FUNCTION nomina.sp_Abrir_Carga(
  p_Cliente text,
  p_Mes integer,
  p_Anno integer,
  p_Nuevo boolean DEFAULT false,
  p_ID_Cierre bigint DEFAULT NULL,
  p_Libro boolean DEFAULT true,
  p_Novedades boolean DEFAULT true,
  p_Analista boolean DEFAULT true
)
RETURNS TABLE (
  ID_Cierre bigint,
  Creado boolean,
  Quedan boolean
)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  v_cierre bigint := p_ID_Cierre;
  v_estado text;
  v_creado boolean := false;
  v_quedan boolean := false;
  v_empleados bigint[];
BEGIN
  IF p_Cliente IS NULL OR btrim(p_Cliente) = '' THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400', MESSAGE = 'p_Cliente es obligatorio';
  END IF;
  IF p_Mes IS NULL OR p_Mes NOT BETWEEN 1 AND 12 OR p_Anno IS NULL OR p_Anno NOT BETWEEN 1900 AND 9999 THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400', MESSAGE = 'p_Mes debe estar entre 1 y 12, y p_Anno entre 1900 y 9999';
  END IF;
  IF p_Nuevo IS NULL OR p_Libro IS NULL OR p_Novedades IS NULL OR p_Analista IS NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400', MESSAGE = 'p_Nuevo, p_Libro, p_Novedades y p_Analista son obligatorios';
  END IF;

  -- dos cargas a la vez del mismo cliente y mes: la segunda espera aqui y encuentra el cierre de la primera
  PERFORM trabajo.sp_Bloquear(format('carril:clave:nomina:%s-%s:%s', p_Anno, p_Mes, p_Cliente), 'Exclusive', 15000);
  IF v_cierre IS NULL AND NOT p_Nuevo THEN
    SELECT max(c.id) INTO v_cierre
    FROM nomina.CierreNomina AS c
    WHERE c.anno = p_Anno AND c.mes = p_Mes AND c.cliente = p_Cliente;
  END IF;

  IF v_cierre IS NULL THEN
    INSERT INTO nomina.CierreNomina (cliente, mes, anno, estado)
    VALUES (p_Cliente, p_Mes, p_Anno, 'cargando')
    RETURNING id INTO v_cierre;
    v_creado := true;
  ELSE
    PERFORM trabajo.sp_Bloquear('carril:clave:nomina:' || v_cierre, 'Exclusive', 15000);
    SELECT c.estado INTO v_estado
    FROM nomina.CierreNomina AS c
    WHERE c.id = v_cierre AND c.anno = p_Anno AND c.mes = p_Mes AND c.cliente = p_Cliente;
    IF NOT FOUND THEN
      RAISE EXCEPTION USING ERRCODE = 'UC404', MESSAGE = format('no existe el cierre %s de ese cliente y mes', v_cierre);
    END IF;
    IF v_estado IN (
      'consolidando_datos', 'datos_consolidados', 'consolidacion_parcial', 'error_consolidacion', 'consolidacion_cancelada',
      'timeout_consolidacion', 'error_recursos', 'revirtiendo_consolidacion')
    THEN
      RAISE EXCEPTION USING ERRCODE = 'UC409', MESSAGE = format(
        'el cierre %s esta en %s: deshaga su consolidacion antes de cargarlo otra vez', v_cierre, v_estado);
    END IF;
    UPDATE nomina.CierreNomina AS c SET estado = 'cargando' WHERE c.id = v_cierre AND c.estado <> 'cargando';

    -- los hijos primero
    IF p_Libro THEN
      v_empleados := ARRAY(SELECT e.id FROM nomina.EmpleadoCierre AS e WHERE e.cierre_id = v_cierre ORDER BY e.id LIMIT 800);
      IF cardinality(v_empleados) > 0 THEN
        v_quedan := true;
        DELETE FROM nomina.RegistroConceptoEmpleado AS r WHERE r.empleado_id = ANY (v_empleados);
        DELETE FROM nomina.EmpleadoCierre AS e WHERE e.id = ANY (v_empleados);
      END IF;
    END IF;
    IF p_Novedades AND NOT v_quedan THEN
      v_empleados := ARRAY(
        SELECT e.id FROM nomina.EmpleadoCierreNovedades AS e WHERE e.cierre_id = v_cierre ORDER BY e.id LIMIT 800);
      IF cardinality(v_empleados) > 0 THEN
        v_quedan := true;
        DELETE FROM nomina.RegistroConceptoEmpleadoNovedades AS r WHERE r.empleado_id = ANY (v_empleados);
        DELETE FROM nomina.EmpleadoCierreNovedades AS e WHERE e.id = ANY (v_empleados);
      END IF;
    END IF;
    IF p_Analista AND NOT v_quedan THEN
      DELETE FROM nomina.AnalistaIngreso AS a
      WHERE a.id = ANY (ARRAY(SELECT x.id FROM nomina.AnalistaIngreso AS x WHERE x.cierre_id = v_cierre LIMIT 20000));
      v_quedan := FOUND;
      DELETE FROM nomina.AnalistaFiniquito AS a
      WHERE a.id = ANY (ARRAY(SELECT x.id FROM nomina.AnalistaFiniquito AS x WHERE x.cierre_id = v_cierre LIMIT 20000));
      v_quedan := v_quedan OR FOUND;
      DELETE FROM nomina.AnalistaIncidencia AS a
      WHERE a.id = ANY (ARRAY(SELECT x.id FROM nomina.AnalistaIncidencia AS x WHERE x.cierre_id = v_cierre LIMIT 20000));
      v_quedan := v_quedan OR FOUND;
    END IF;
  END IF;

  RETURN QUERY SELECT v_cierre, v_creado, v_quedan;
END
$$;
GRANT EXECUTE ON FUNCTION nomina.sp_Abrir_Carga TO carril_app;
