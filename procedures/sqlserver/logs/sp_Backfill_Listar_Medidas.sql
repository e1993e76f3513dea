SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
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
CREATE OR ALTER PROCEDURE logs.sp_Backfill_Listar_Medidas
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;

  SELECT
    m.Tabla, m.Antes_Filas, CONVERT(varchar(90), CONCAT(m.Antes_S1, ':', m.Antes_S2)) AS Antes_Suma, m.Cambiadas,
    COALESCE(a.Filas, 0) AS Apartadas, m.Despues_Filas,
    CASE WHEN m.Despues_S1 IS NOT NULL THEN CONVERT(varchar(90), CONCAT(m.Despues_S1, ':', m.Despues_S2)) END AS Despues_Suma,
    m.Pendientes,
    CONVERT(bit, CASE
      WHEN m.Despues_Filas IS NULL THEN NULL
      WHEN m.Despues_Filas = m.Antes_Filas AND m.Despues_S1 = m.Antes_S1 AND m.Despues_S2 = m.Antes_S2 THEN 1
      ELSE 0
    END) AS Igual
  FROM logs.Backfill_Medidas AS m
  INNER JOIN logs.Backfill_Tablas AS b ON b.Tabla = m.Tabla
  LEFT JOIN (
    SELECT x.Tabla, COUNT_BIG(*) AS Filas FROM logs.Backfill_Apartados AS x GROUP BY x.Tabla
  ) AS a ON a.Tabla = m.Tabla
  ORDER BY b.Orden;
END;
GO
GRANT EXECUTE ON OBJECT::logs.sp_Backfill_Listar_Medidas TO carril_dba, carril_lector;
GO
