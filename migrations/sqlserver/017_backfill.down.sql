/*
  Revierte 017. Se niega mientras la historia este cambiada: sin el mapa no habria como devolverla.
*/
DECLARE @Fase varchar(20), @Mensaje nvarchar(2048);
SELECT @Fase = e.Fase FROM logs.Backfill_Estado AS e;
IF @Fase NOT IN ('NUEVO', 'REVERTIDO')
BEGIN
  SET @Mensaje = CONCAT(N'017_backfill: el backfill esta en la fase ', @Fase,
    N'; primero devuelva la historia con carril backfill revert');
  THROW 50409, @Mensaje, 1;
END;
-- en el mismo lote que la comprobacion: despues de un GO, SSMS seguiria aunque se haya negado
DROP TABLE logs.Backfill_Medidas;
DROP TABLE logs.Backfill_Apartados;
DROP TABLE logs.Backfill_Mapa;
DROP TABLE logs.Backfill_Ejecuciones;
DROP TABLE logs.Backfill_Estado;
DROP TABLE logs.Backfill_Tablas;
