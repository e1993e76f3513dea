SET LOCAL ROLE carril_dueno;

/*
  How far the backfill is. Filas is what the tables hold of the old way: measured once MEDICION has ended, before that an estimate
  of all rows from the statistics; Medidas and Cambiadas say how many of them are measured and re-keyed.

  Returns: one
    Fase             varchar(20)    not null
    Tabla            nvarchar(257)  null      the table it is at
    Vuelta           int            not null  0: the first round
    Lotes            bigint         not null
    Filas            bigint         not null
    Medidas          bigint         not null
    Cambiadas        bigint         not null
    Apartadas        bigint         not null
    Ejecuciones      bigint         not null  legacy executions in the inventory
    Nuevas           bigint         not null  executions of one fund, in the map
    Sin_Proceso      bigint         not null  executions without a process now
    Mayor_Sentencia  int            not null  rows of the statement that wrote most
    Inicio           datetime2(3)   null
    Ultimo           datetime2(3)   null
    Fin              datetime2(3)   null
    Verificado       datetime2(3)   null      when a verification passed, with nothing changed since
    Terminado        datetime2(3)   null      since when ID_Proceso is NOT NULL
  Errors: none
  Touches: logs.Backfill_Estado read, logs.Backfill_Tablas read, logs.Backfill_Medidas read, logs.Backfill_Ejecuciones read, logs.Backfill_Mapa read, logs.Backfill_Apartados read, logs.Ejecuciones read
  Batch: none
  Entry: carril_dba, carril_lector
  Since: 018
*/
CREATE OR REPLACE FUNCTION logs.sp_Backfill_Estado()
RETURNS TABLE (
  Fase text,
  Tabla text,
  Vuelta integer,
  Lotes bigint,
  Filas bigint,
  Medidas bigint,
  Cambiadas bigint,
  Apartadas bigint,
  Ejecuciones bigint,
  Nuevas bigint,
  Sin_Proceso bigint,
  Mayor_Sentencia integer,
  Inicio timestamptz,
  Ultimo timestamptz,
  Fin timestamptz,
  Verificado timestamptz,
  Terminado timestamptz
)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  SELECT
    e.fase::text,
    CASE
      WHEN e.fase IN ('MEDICION', 'FILAS') THEN
        (SELECT b.tabla FROM logs.Backfill_Tablas AS b WHERE b.orden >= e.orden ORDER BY b.orden LIMIT 1)
      WHEN e.fase = 'REVIRTIENDO' THEN
        (SELECT b.tabla FROM logs.Backfill_Tablas AS b WHERE b.orden <= e.orden ORDER BY b.orden DESC LIMIT 1)
    END::text,
    e.vuelta, e.lotes,
    CASE
      WHEN e.fase IN ('NUEVO', 'LIMPIEZA', 'INVENTARIO', 'MEDICION') THEN greatest(m.medidas, (
        SELECT COALESCE(sum(greatest(c.reltuples, 0)), 0)::bigint
        FROM logs.Backfill_Tablas AS b INNER JOIN pg_class AS c ON c.oid = to_regclass(b.tabla)))
      ELSE m.medidas
    END,
    m.medidas, m.cambiadas,
    (SELECT count(*) FROM logs.Backfill_Apartados),
    (SELECT count(*) FROM logs.Backfill_Ejecuciones),
    (SELECT count(*) FROM logs.Backfill_Mapa),
    (SELECT count(*) FROM logs.Ejecuciones AS x WHERE x.id_proceso IS NULL),
    e.mayor_sentencia, e.inicio, e.ultimo, e.fin, e.verificado, e.terminado
  FROM logs.Backfill_Estado AS e
  CROSS JOIN (
    SELECT COALESCE(sum(x.antes_filas), 0)::bigint AS medidas, COALESCE(sum(x.cambiadas), 0)::bigint AS cambiadas
    FROM logs.Backfill_Medidas AS x
  ) AS m
  WHERE e.id = 1;
END
$$;
GRANT EXECUTE ON FUNCTION logs.sp_Backfill_Estado TO carril_dba, carril_lector;
