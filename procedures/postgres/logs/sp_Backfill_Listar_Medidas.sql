SET LOCAL ROLE carril_dueno;

/*
  The tables of the backfill with their counts and checksums before and, once verified, after. A checksum is two sums of slices of
  the rows' SHA-256, as text.

  Returns: many
    Tabla           nvarchar(257)  not null
    Antes_Filas     bigint         not null
    Antes_Suma      varchar(90)    not null
    Cambiadas       bigint         not null  re-keyed
    Apartadas       bigint         not null  set aside
    Despues_Filas   bigint         null
    Despues_Suma    varchar(90)    null
    Pendientes      bigint         null      neither re-keyed nor set aside
    Igual           bit            null      counts and checksums agree
  Errors: none
  Touches: logs.Backfill_Tablas read, logs.Backfill_Medidas read, logs.Backfill_Apartados read
  Batch: none
  Entry: carril_dba, carril_lector
  Since: 018
*/
CREATE OR REPLACE FUNCTION logs.sp_Backfill_Listar_Medidas()
RETURNS TABLE (
  Tabla text,
  Antes_Filas bigint,
  Antes_Suma text,
  Cambiadas bigint,
  Apartadas bigint,
  Despues_Filas bigint,
  Despues_Suma text,
  Pendientes bigint,
  Igual boolean
)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  SELECT
    m.tabla::text, m.antes_filas, m.antes_s1 || ':' || m.antes_s2, m.cambiadas, COALESCE(a.filas, 0),
    m.despues_filas, m.despues_s1 || ':' || m.despues_s2, m.pendientes,
    m.despues_filas = m.antes_filas AND m.despues_s1 = m.antes_s1 AND m.despues_s2 = m.antes_s2
  FROM logs.Backfill_Medidas AS m
  INNER JOIN logs.Backfill_Tablas AS b ON b.tabla = m.tabla
  LEFT JOIN (
    SELECT x.tabla, count(*) AS filas FROM logs.Backfill_Apartados AS x GROUP BY x.tabla
  ) AS a ON a.tabla = m.tabla
  ORDER BY b.orden;
END
$$;
GRANT EXECUTE ON FUNCTION logs.sp_Backfill_Listar_Medidas TO carril_dba, carril_lector;
