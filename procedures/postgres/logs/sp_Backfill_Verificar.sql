SET LOCAL ROLE carril_dueno;

/*
  One window of a verification of a backfill that is complete, or reverted: counts and checksums of every table again, with new IDs
  turned back into what they were, beside what was measured before. To be called until Terminado; Correcto then says whether all
  tables have the rows they had and, unless reverted, each is re-keyed or set aside. logs.sp_Backfill_Listar_Medidas has the figures.

  Returns: one
    Tabla      nvarchar(257)  null
    Filas      int            not null  rows that this call read
    Terminado  bit            not null
    Correcto   bit            null      null until Terminado
  Errors: 50400, 50404, 50408, 50409, 50499
  Touches: logs.Backfill_Estado write, logs.Backfill_Medidas write, the tables of logs.Backfill_Tablas read, logs.Backfill_Apartados read
  Batch: 2000
  Entry: carril_dba
  Since: 018
*/
CREATE OR REPLACE FUNCTION logs.sp_Backfill_Verificar(
  p_Ventana integer DEFAULT 20000
)
RETURNS TABLE (
  Tabla text,
  Filas integer,
  Terminado boolean,
  Correcto boolean
)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  c_primero CONSTANT bigint := -9223372036854775808;
  e logs.Backfill_Estado%ROWTYPE;
  v_tabla logs.Backfill_Tablas%ROWTYPE;
  v_medida record;
  v_correcto boolean;
BEGIN
  IF p_Ventana IS NULL OR p_Ventana NOT BETWEEN 1 AND 100000 THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400', MESSAGE = 'p_Ventana debe estar entre 1 y 100000';
  END IF;
  PERFORM trabajo.sp_Bloquear('carril:backfill', 'Exclusive', 15000);
  SELECT * INTO STRICT e FROM logs.Backfill_Estado AS x WHERE x.id = 1;
  IF e.fase NOT IN ('COMPLETO', 'REVERTIDO') THEN
    RAISE EXCEPTION USING ERRCODE = 'UC409', MESSAGE = format(
      'el backfill esta en la fase %s: se verifica cuando ha terminado (carril backfill run) o se ha revertido', e.fase);
  END IF;

  IF e.verificacion_orden IS NULL THEN
    e.verificacion_orden := 0;
    e.verificacion_cursor := c_primero;
    UPDATE logs.Backfill_Medidas AS m SET despues_filas = 0, despues_s1 = 0, despues_s2 = 0, pendientes = 0;
  END IF;
  SELECT * INTO v_tabla FROM logs.Backfill_Tablas AS b
  WHERE b.orden >= e.verificacion_orden AND EXISTS (SELECT FROM logs.Backfill_Medidas AS m WHERE m.tabla = b.tabla)
  ORDER BY b.orden LIMIT 1;

  IF FOUND THEN
    SELECT * INTO v_medida
    FROM logs.sp_Backfill_Medir(v_tabla.tabla, e.verificacion_cursor, p_Ventana);
    UPDATE logs.Backfill_Medidas AS m
    SET despues_filas = m.despues_filas + v_medida.p_Filas, despues_s1 = m.despues_s1 + v_medida.p_S1::numeric,
      despues_s2 = m.despues_s2 + v_medida.p_S2::numeric, pendientes = m.pendientes + v_medida.p_Pendientes
    WHERE m.tabla = v_tabla.tabla;
    UPDATE logs.Backfill_Estado AS x
    SET
      verificacion_orden = v_tabla.orden + (v_medida.p_Hasta IS NULL)::integer,
      verificacion_cursor = COALESCE(v_medida.p_Hasta, c_primero), verificado = NULL
    WHERE x.id = 1;
    RETURN QUERY SELECT v_tabla.tabla::text, v_medida.p_Filas::integer, false, NULL::boolean;
    RETURN;
  END IF;

  SELECT COALESCE(bool_and(
    m.despues_filas = m.antes_filas AND m.despues_s1 = m.antes_s1 AND m.despues_s2 = m.antes_s2
    AND (e.fase = 'REVERTIDO' OR m.pendientes = 0)), true)
  INTO v_correcto
  FROM logs.Backfill_Medidas AS m;
  -- cada fondo del mapa con su ejecucion y su proceso; revertido, ninguno
  v_correcto := v_correcto AND NOT EXISTS (
    SELECT FROM logs.Backfill_Mapa AS m
    LEFT JOIN logs.Ejecuciones AS x
      ON x.id_ejecucion = m.id_ejecucion_nuevo AND x.id_fund = m.id_fund AND x.id_proceso = m.id_proceso
    WHERE (x.id_ejecucion IS NULL) <> (e.fase = 'REVERTIDO'));
  UPDATE logs.Backfill_Estado AS x
  SET verificacion_orden = NULL, verificacion_cursor = NULL, verificado = CASE WHEN v_correcto THEN clock_timestamp() END
  WHERE x.id = 1;
  RETURN QUERY SELECT NULL::text, 0, true, v_correcto;
END
$$;
GRANT EXECUTE ON FUNCTION logs.sp_Backfill_Verificar TO carril_dba;
