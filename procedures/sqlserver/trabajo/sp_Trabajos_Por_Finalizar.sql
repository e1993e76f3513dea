SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  Jobs of the given kinds (none given: of any kind) that a finalizer should be tried on: none of their chunks is unfinished, or
  they were cancelled and what is left is held by nobody alive. For idle polls. Never LO_PROCESOS, which does not end, nor
  LOGS_SECUENCIAL, which has no chunks and is ended by who runs it.

  Returns: many
    ID_Trabajo  bigint         not null
    Tipo        varchar(50)    not null
    Parametros  nvarchar(max)  null
  Errors: none
  Touches: trabajo.Trabajos read, trabajo.Chunks read
  Batch: none
  Entry: carril_app
  Since: 018
*/
CREATE OR ALTER PROCEDURE trabajo.sp_Trabajos_Por_Finalizar
  @Tipos trabajo.Lista_Tipos_v1 READONLY
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  DECLARE @Todos bit = CASE WHEN EXISTS (SELECT 1 FROM @Tipos) THEN 0 ELSE 1 END, @Ahora datetime2(3) = SYSUTCDATETIME();

  SELECT t.ID_Trabajo, t.Tipo, t.Parametros
  FROM trabajo.Trabajos AS t
  WHERE t.Estado = 'EN_PROGRESO' AND t.Tipo NOT IN ('LO_PROCESOS', 'LOGS_SECUENCIAL')
    AND (@Todos = 1 OR EXISTS (SELECT 1 FROM @Tipos AS x WHERE x.Tipo = t.Tipo))
    AND (t.Cancelado = 1 OR NOT EXISTS (
      SELECT 1 FROM trabajo.Chunks AS c WITH (FORCESEEK (IX_Chunks_Libres (ID_Trabajo)))
      WHERE c.ID_Trabajo = t.ID_Trabajo AND c.Estado = 'PENDIENTE' AND c.Poseedor IS NULL))
    -- de un trabajo cancelado solo estorba lo que alguien vivo tiene
    AND NOT EXISTS (
      SELECT 1 FROM trabajo.Chunks AS c WITH (FORCESEEK (IX_Chunks_Arrendados (ID_Trabajo)))
      WHERE c.ID_Trabajo = t.ID_Trabajo AND c.Estado = 'PENDIENTE' AND c.Poseedor IS NOT NULL
        AND (t.Cancelado = 0 OR c.Expira >= @Ahora))
  ORDER BY t.ID_Trabajo;
END;
GO
GRANT EXECUTE ON OBJECT::trabajo.sp_Trabajos_Por_Finalizar TO carril_app;
GO
