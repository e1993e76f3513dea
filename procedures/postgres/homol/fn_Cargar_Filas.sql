SET LOCAL ROLE carril_dueno;

/*
  PostgreSQL only: what all homol.sp_Cargar_* do, for the source's name, its columns and those that identify a line within its
  (FechaReporte, Portfolio). T-SQL cannot take a table type of any shape nor read another's table under its own name, so there
  each procedure has a body; here types and nullability are read from the table, and every text that becomes SQL is the name of
  a column of it. Rules, messages and results are those of sp_Cargar_IPA's contract.

  Touches: homol.<p_Fuente> write
  Since: 018
*/
CREATE OR REPLACE FUNCTION homol.fn_Cargar_Filas(p_Fuente text, p_Columnas text[], p_Clave text[], p_Filas jsonb)
RETURNS TABLE (Insertadas integer, Reemplazadas integer, Sin_Cambio boolean)
LANGUAGE plpgsql VOLATILE SECURITY INVOKER
SET search_path = pg_catalog, pg_temp
AS $funcion$
DECLARE
  c_decimal CONSTANT text := '^[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)$';
  v_tabla CONSTANT regclass := format('homol.%I', lower(p_Fuente))::regclass;
  v_error text;
  v_limpias text; -- las columnas de la tabla, limpias y convertidas, a partir del texto de cada celda
  v_textos text;  -- como las declara jsonb_to_recordset
  v_nombres text;
  v_fuente text;
  v_bloqueo text;
BEGIN
  -- numeric acepta de mas ('1e3', 'NaN', '1_000') y date tambien ('today'): los patrones dejan solo lo simple.
  -- OFFSET 0: sin el, cada uso de texto y tope en el CASE los calcularia de nuevo (tres veces el tiempo).
  SELECT format('Linea %s: %s', f.fila ->> 'Linea', p.problema) INTO v_error
  FROM jsonb_array_elements(p_Filas) AS f (fila)
  CROSS JOIN (
    SELECT
      n.orden, n.nombre, a.attnotnull AS obligatoria, a.atttypid AS tipo, a.atttypmod - 4 AS largo,
      (a.atttypmod - 4) >> 16 & 65535 AS precision, (a.atttypmod - 4) & 65535 AS escala,
      10::numeric ^ (((a.atttypmod - 4) >> 16 & 65535) - ((a.atttypmod - 4) & 65535)) AS tope
    FROM unnest(p_Columnas) WITH ORDINALITY AS n (nombre, orden)
    INNER JOIN pg_attribute AS a ON a.attrelid = v_tabla AND a.attname = lower(n.nombre)
    OFFSET 0
  ) AS c
  CROSS JOIN LATERAL (SELECT btrim(f.fila ->> c.nombre) AS texto OFFSET 0) AS t
  CROSS JOIN LATERAL (SELECT CASE
    WHEN coalesce(t.texto, '') = '' THEN
      CASE WHEN c.obligatoria AND (t.texto IS NULL OR c.nombre <> 'Descripcion') THEN c.nombre || ' esta vacio' END
    WHEN c.nombre = 'Moneda' THEN
      CASE WHEN length(t.texto) <> 3 THEN format('Moneda "%s" no tiene tres letras', t.texto) END
    WHEN c.tipo = 'varchar'::regtype THEN
      CASE WHEN length(t.texto) > c.largo THEN format('%s tiene mas de %s caracteres', c.nombre, c.largo) END
    WHEN c.tipo = 'date'::regtype THEN
      CASE WHEN t.texto !~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' OR NOT pg_input_is_valid(t.texto, 'date')
        THEN format('%s "%s" no es una fecha', c.nombre, t.texto) END
    WHEN t.texto !~ c_decimal THEN
      format('%s "%s" no es un numero decimal(%s,%s)', c.nombre, t.texto, c.precision, c.escala)
    WHEN abs(round(t.texto::numeric, c.escala)) >= c.tope THEN
      format('%s "%s" no es un numero decimal(%s,%s)', c.nombre, t.texto, c.precision, c.escala)
  END AS problema) AS p
  WHERE p.problema IS NOT NULL
  ORDER BY (f.fila ->> 'Linea')::integer, c.orden
  LIMIT 1;

  SELECT
    string_agg(format(
      CASE WHEN n.nombre = 'Descripcion' THEN 'btrim(f.%1$I)' ELSE 'nullif(btrim(f.%1$I), '''')::%2$s' END || ' AS %3$I',
      n.nombre, format_type(a.atttypid, a.atttypmod), a.attname), ', ' ORDER BY n.orden),
    string_agg(format('%I text', n.nombre), ', ' ORDER BY n.orden),
    string_agg(quote_ident(a.attname), ', ' ORDER BY n.orden)
  INTO v_limpias, v_textos, v_nombres
  FROM unnest(p_Columnas) WITH ORDINALITY AS n (nombre, orden)
  INNER JOIN pg_attribute AS a ON a.attrelid = v_tabla AND a.attname = lower(n.nombre);

  v_fuente := format('SELECT f."Linea" AS linea, %s FROM jsonb_to_recordset($1) AS f ("Linea" integer, %s)', v_limpias, v_textos);

  IF v_error IS NULL THEN
    EXECUTE format(
      'SELECT format(''Linea %%s: %%s de %%s al %%s ya esta en la linea %%s'',
         max(l.linea), concat_ws('', '', %2$s), l.portfolio, l.fechareporte, min(l.linea))
       FROM (%1$s) AS l
       GROUP BY l.fechareporte, l.portfolio, %3$s
       HAVING count(*) > 1
       ORDER BY max(l.linea)
       LIMIT 1',
      v_fuente,
      (SELECT string_agg(format('%L || l.%I', k || ' ', lower(k)), ', ') FROM unnest(p_Clave) AS k),
      (SELECT string_agg(format('l.%I', lower(k)), ', ') FROM unnest(p_Clave) AS k)
    ) INTO v_error USING p_Filas;
  END IF;

  IF v_error IS NOT NULL THEN
    RAISE EXCEPTION '%', v_error USING ERRCODE = 'UC400';
  END IF;

  -- siempre en el mismo orden: dos cargas de los mismos pares se esperan, nunca se cruzan
  FOR v_bloqueo IN
    SELECT DISTINCT
      format('carril:carga:%s:%s:%s', p_Fuente, f.fila ->> 'FechaReporte', upper(btrim(f.fila ->> 'Portfolio'))) COLLATE "C"
    FROM jsonb_array_elements(p_Filas) AS f (fila)
    ORDER BY 1
  LOOP
    PERFORM trabajo.sp_Bloquear(v_bloqueo, 'Exclusive', 30000);
  END LOOP;

  -- PostgreSQL no escala bloqueos: una sola sentencia compara, borra e inserta
  RETURN QUERY EXECUTE format(
    'WITH nuevas AS MATERIALIZED (%1$s),
     guardadas AS (
       SELECT %3$s
       FROM (SELECT DISTINCT n.fechareporte, n.portfolio FROM nuevas AS n) AS p
       INNER JOIN %2$s AS h USING (fechareporte, portfolio)
     ),
     cambian AS (
       SELECT d.fechareporte, d.portfolio FROM (SELECT %3$s FROM nuevas EXCEPT ALL TABLE guardadas) AS d
       UNION
       SELECT d.fechareporte, d.portfolio FROM (TABLE guardadas EXCEPT ALL SELECT %3$s FROM nuevas) AS d
     ),
     borradas AS (
       DELETE FROM %2$s AS h
       USING cambian AS c
       WHERE h.fechareporte = c.fechareporte AND h.portfolio = c.portfolio
       RETURNING 1
     ),
     insertadas AS (
       INSERT INTO %2$s (%3$s)
       SELECT %3$s
       FROM nuevas
       INNER JOIN cambian USING (fechareporte, portfolio)
       ORDER BY linea
       RETURNING 1
     )
     SELECT
       (SELECT count(*) FROM insertadas)::integer, (SELECT count(*) FROM borradas)::integer,
       NOT EXISTS (SELECT FROM cambian)',
    v_fuente, v_tabla, v_nombres
  ) USING p_Filas;
END;
$funcion$;
