SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  Chunks with what their lease says of them. Situacion: EN_PROGRESO (held, not expired), VENCIDO (held, expired: whoever claims
  it first, or its holder's heartbeat), EN_ESPERA (free from No_Antes_De on), PENDIENTE, or the final state.

  Touches: trabajo.Chunks read, trabajo.Trabajos read
  Since: 018
*/
CREATE OR ALTER VIEW trabajo.vw_Chunks
AS
SELECT
  c.ID_Chunk, c.ID_Trabajo, t.Tipo, c.Orden, c.Rango_Inicio, c.Rango_Fin, c.Recurso, c.Peso, c.Estado,
  CONVERT(varchar(20), CASE
    WHEN c.Estado <> 'PENDIENTE' THEN c.Estado
    WHEN c.Expira >= SYSUTCDATETIME() THEN 'EN_PROGRESO'
    WHEN c.Expira IS NOT NULL THEN 'VENCIDO'
    WHEN c.No_Antes_De > SYSUTCDATETIME() THEN 'EN_ESPERA'
    ELSE 'PENDIENTE'
  END) AS Situacion,
  c.Poseedor, c.Token, c.Intento, t.Max_Intentos, c.Expira, c.No_Antes_De, c.Inicio, c.Fin, c.Resultado, c.Ultimo_Error
FROM trabajo.Chunks AS c
INNER JOIN trabajo.Trabajos AS t ON t.ID_Trabajo = c.ID_Trabajo;
GO
GRANT SELECT ON OBJECT::trabajo.vw_Chunks TO carril_lector;
GO
