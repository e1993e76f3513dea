import type { Engine } from '../../engine/index.js';

/**
 * The same consolidation as one statement over the whole closing: what set-based SQL can do at best on this server, without
 * leases, chunks, or anything to show for it when it is stopped. The rules are taken from the procedure itself; only who is
 * consolidated is found with joins over all, instead of by look-ups for a few.
 */
export async function singleStatement(engine: Engine, closing: bigint): Promise<void> {
  const [row] = await engine.query(
    `SELECT p.prosrc AS source FROM pg_proc AS p WHERE p.oid = 'nomina.sp_consolidar_chunk'::regproc`,
  );
  const source = String(row?.['source']);
  const [from, to] = [source.indexOf('), libro AS ('), source.indexOf('INTO v_hecho')];
  const after = source.indexOf('FROM (', to);
  const end = source.indexOf(';', after);
  if (from < 0 || to < 0 || end < 0) throw new Error('nomina.sp_Consolidar_Chunk is not written as it was');
  // the procedure keeps the statement's one row in a variable
  const rules = `${source.slice(from, to)} ${source.slice(after, end)}`
    .replaceAll('v_chunk.cierre', '$1::bigint')
    .replaceAll('v_trabajo', '$4::bigint');
  const [closed] = await engine.query(
    "SELECT make_date(anno, mes, 1) AS start, (make_date(anno, mes, 1) + interval '1 month')::date AS finish FROM nomina.CierreNomina WHERE id = $1",
    [closing],
  );
  await engine.transaction(async (session) => {
    // the best that it can get: memory to sort in, and joins over everything instead of look-ups, which the planner's guess at
    // the windows' filters would have it make by the million
    await session.batch("SET LOCAL work_mem = '256MB'; SET LOCAL enable_nestloop = off");
    await session.query(
      `${everybody} ${rules}`,
      [closing, closed?.['start'] as string, closed?.['finish'] as string, 0n],
      { timeoutMs: 0 },
    );
  });
}

const everybody = `
  WITH moves AS (
    SELECT m.rut_normalizado AS rut, bool_or(m.tipo_movimiento = 'ingreso') AS es_ingreso,
      bool_or(m.tipo_movimiento = 'finiquito') AS es_finiquito
    FROM nomina.MovimientoAltaBaja AS m
    WHERE m.fecha_movimiento >= $2::date AND m.fecha_movimiento < $3::date
    GROUP BY m.rut_normalizado
  ), absences AS (
    SELECT DISTINCT a.rut_normalizado AS rut
    FROM nomina.MovimientoAusentismo AS a
    WHERE a.fecha_inicio >= $2::date AND a.fecha_inicio < $3::date
  ), emp AS MATERIALIZED (
    SELECT
      nextval('nomina.empleadoconsolidado_id_seq') AS id_consolidado, l.id, l.rut AS rut_libro, r.rut, r.valido, l.nombre, l.cargo, l.centro_costo, l.veces, n.id AS id_novedades,
      COALESCE(n.veces, 0) AS veces_novedades, n.nombre AS nombre_novedades, n.cargo AS cargo_novedades,
      COALESCE(m.es_ingreso, false) AS es_ingreso, COALESCE(m.es_finiquito, false) AS es_finiquito,
      a.rut IS NOT NULL AS tiene_ausentismo
    FROM (
      SELECT x.*, row_number() OVER w AS vez, count(*) OVER (PARTITION BY x.rut_normalizado) AS veces
      FROM nomina.EmpleadoCierre AS x
      WHERE x.cierre_id = $1
      WINDOW w AS (PARTITION BY x.rut_normalizado ORDER BY x.id)
    ) AS l
    LEFT JOIN (
      SELECT x.*, row_number() OVER w AS vez, count(*) OVER (PARTITION BY x.rut_normalizado) AS veces
      FROM nomina.EmpleadoCierreNovedades AS x
      WHERE x.cierre_id = $1
      WINDOW w AS (PARTITION BY x.rut_normalizado ORDER BY x.id)
    ) AS n ON n.rut_normalizado = l.rut_normalizado AND n.vez = 1
    LEFT JOIN moves AS m ON m.rut = l.rut_normalizado
    LEFT JOIN absences AS a ON a.rut = l.rut_normalizado
    CROSS JOIN LATERAL nomina.fn_RUT(l.rut_normalizado) AS r
    WHERE l.vez = 1 AND l.rut_normalizado <> ''
  `;
