SET LOCAL ROLE carril_dueno;

/*
  One bounded batch of the way back: rows get the keys that they had, last table first; then the executions and processes that the
  backfill made go. To be called until Terminado. The map stays until the next backfill or until 017 is reverted, so that
  logs.sp_Backfill_Verificar can compare with what was measured before. Refused (50409) after logs.sp_Backfill_Terminar.

  Returns: one
    Fase       varchar(20)    not null
    Tabla      nvarchar(257)  null
    Filas      int            not null  rows that this call treated
    Terminado  bit            not null
    Lotes      bigint         not null
  Errors: 50400, 50404, 50408, 50409, 50499
  Touches: logs.Backfill_Estado write, logs.Backfill_Medidas write, logs.Backfill_Ejecuciones write, logs.Backfill_Mapa read, the tables of logs.Backfill_Tablas write, logs.Ejecuciones write, logs.Procesos write
  Batch: 2000
  Entry: carril_dba
  Since: 018
*/
CREATE OR REPLACE FUNCTION logs.sp_Backfill_Revertir(
  p_Maximo integer DEFAULT 10000
)
RETURNS TABLE (
  Fase text,
  Tabla text,
  Filas integer,
  Terminado boolean,
  Lotes bigint
)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET lock_timeout = '2s'
AS $$
#variable_conflict use_column
DECLARE
  c_primero CONSTANT bigint := -9223372036854775808;
  c_sentencia CONSTANT integer := 2000;
  e logs.Backfill_Estado%ROWTYPE;
  v_tabla logs.Backfill_Tablas%ROWTYPE;
  v_hechas integer := 0;
  v_filas integer;
  v_cupo integer;
  v_mayor integer := 0;
  v_ids bigint[];
  v_id bigint;
  v_acabada boolean := false;
BEGIN
  IF p_Maximo IS NULL OR p_Maximo NOT BETWEEN 1 AND 20000 THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400', MESSAGE = 'p_Maximo debe estar entre 1 y 20000';
  END IF;
  PERFORM trabajo.sp_Bloquear('carril:backfill', 'Exclusive', 15000);
  SELECT * INTO STRICT e FROM logs.Backfill_Estado AS x WHERE x.id = 1;

  IF e.terminado IS NOT NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'UC409',
      MESSAGE = 'ID_Proceso ya es NOT NULL: primero carril backfill finish --undo, despues carril backfill revert';
  END IF;
  IF e.fase IN ('NUEVO', 'REVERTIDO') THEN
    RETURN QUERY SELECT e.fase::text, NULL::text, 0, true, e.lotes;
    RETURN;
  END IF;
  IF e.fase <> 'REVIRTIENDO' THEN
    e.fase := 'REVIRTIENDO';
    e.orden := 2147483647;
    e.cursor_id := c_primero;
    e.mayor_sentencia := 0;
    e.inicio := clock_timestamp();
    e.fin := NULL;
  END IF;

  IF e.orden > 0 THEN
    SELECT * INTO v_tabla FROM logs.Backfill_Tablas AS b
    WHERE b.orden <= e.orden AND b.tipo <> 'PADRE' ORDER BY b.orden DESC LIMIT 1;
    IF NOT FOUND THEN
      e.orden := 0;
      e.cursor_id := c_primero;
    ELSE
      e.orden := v_tabla.orden;
      WHILE v_hechas < p_Maximo AND NOT v_acabada LOOP
        v_cupo := least(c_sentencia, p_Maximo - v_hechas);
        SELECT * INTO v_filas, v_id FROM logs.sp_Backfill_Deshacer(v_tabla.tabla, e.cursor_id, v_cupo);
        v_acabada := v_filas < v_cupo;
        v_hechas := v_hechas + v_filas;
        v_mayor := greatest(v_mayor, v_filas);
        e.cursor_id := COALESCE(v_id, e.cursor_id);
      END LOOP;
      UPDATE logs.Backfill_Medidas AS m SET cambiadas = greatest(m.cambiadas - v_hechas, 0) WHERE m.tabla = v_tabla.tabla;
      IF v_acabada THEN
        e.orden := v_tabla.orden - 1;
        e.cursor_id := c_primero;
      END IF;
    END IF;
  ELSIF e.orden = 0 THEN
    -- las ejecuciones nuevas ya no tienen filas
    v_cupo := least(p_Maximo, c_sentencia);
    v_ids := ARRAY(
      SELECT m.id_ejecucion_nuevo
      FROM logs.Backfill_Mapa AS m
      INNER JOIN logs.Ejecuciones AS x ON x.id_ejecucion = m.id_ejecucion_nuevo
      WHERE m.id_ejecucion_nuevo > e.cursor_id ORDER BY m.id_ejecucion_nuevo LIMIT v_cupo);
    v_hechas := cardinality(v_ids);
    DELETE FROM logs.Ejecuciones AS x WHERE x.id_ejecucion = ANY (v_ids);
    v_mayor := v_hechas;
    IF v_hechas < v_cupo THEN
      e.orden := -1;
      e.cursor_id := c_primero;
    ELSE
      e.cursor_id := v_ids[v_hechas];
    END IF;
  ELSE
    -- primero sueltas: borrar el proceso se llevaria por la cascada lo que aun fuera suyo
    v_cupo := least(p_Maximo, c_sentencia);
    v_ids := ARRAY(
      SELECT b.id_ejecucion FROM logs.Backfill_Ejecuciones AS b
      WHERE b.hecho AND b.id_ejecucion > e.cursor_id ORDER BY b.id_ejecucion LIMIT v_cupo);
    v_hechas := cardinality(v_ids);
    UPDATE logs.Ejecuciones AS x SET id_proceso = NULL WHERE x.id_ejecucion = ANY (v_ids) AND x.id_fund IS NULL;
    DELETE FROM logs.Procesos AS p
    USING logs.Backfill_Ejecuciones AS b
    WHERE b.id_ejecucion = ANY (v_ids) AND p.id_proceso = b.id_proceso AND p.arquitectura = 'LEGADO'
      AND NOT EXISTS (SELECT FROM logs.Ejecuciones AS x WHERE x.id_proceso = p.id_proceso);
    UPDATE logs.Backfill_Ejecuciones AS b SET hecho = false WHERE b.id_ejecucion = ANY (v_ids);
    v_mayor := v_hechas;
    IF v_hechas < v_cupo THEN
      e.fase := 'REVERTIDO';
      e.orden := 0;
      e.cursor_id := c_primero;
      e.fin := clock_timestamp();
    ELSE
      e.cursor_id := v_ids[v_hechas];
    END IF;
  END IF;

  UPDATE logs.Backfill_Estado AS x
  SET
    fase = e.fase, orden = e.orden, cursor_id = e.cursor_id, lotes = x.lotes + 1,
    mayor_sentencia = greatest(e.mayor_sentencia, v_mayor), inicio = e.inicio, fin = e.fin, ultimo = clock_timestamp(),
    verificado = NULL, verificacion_orden = NULL, verificacion_cursor = NULL
  WHERE x.id = 1;
  RETURN QUERY SELECT e.fase::text, v_tabla.tabla::text, v_hechas, e.fase = 'REVERTIDO', e.lotes + 1;
END
$$;
GRANT EXECUTE ON FUNCTION logs.sp_Backfill_Revertir TO carril_dba;
