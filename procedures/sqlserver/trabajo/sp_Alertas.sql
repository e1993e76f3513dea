SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  What somebody should look at: the rows of trabajo.vw_Alertas, which says what each of them means, the newest first, at most 2,000.

  Returns: many
    Alerta      varchar(40)     not null  CHUNK_FALLIDO, ARRIENDO_VENCIDO, TRABAJO_SIN_PROGRESO, UMBRAL_FALLIDOS, UMBRAL_DURACION
    ID_Trabajo  bigint          null
    Tipo        varchar(50)     null
    ID_Chunk    bigint          null
    Recurso     nvarchar(400)   null
    Desde       datetime2(3)    null
    Detalle     nvarchar(4000)  null
  Errors: none
  Touches: trabajo.Chunks read, trabajo.Trabajos read, logs.Archivos read, logs.Ajustes read
  Batch: none
  Entry: carril_app, carril_lector
  Since: 022
*/
CREATE OR ALTER PROCEDURE trabajo.sp_Alertas
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;

  SELECT TOP (2000) v.Alerta, v.ID_Trabajo, v.Tipo, v.ID_Chunk, v.Recurso, v.Desde, v.Detalle
  FROM trabajo.vw_Alertas AS v
  ORDER BY v.Desde DESC, v.Alerta, v.ID_Trabajo, v.ID_Chunk;
END;
GO
GRANT EXECUTE ON OBJECT::trabajo.sp_Alertas TO carril_app;
GRANT EXECUTE ON OBJECT::trabajo.sp_Alertas TO carril_lector;
GO
