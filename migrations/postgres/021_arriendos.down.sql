-- carril: respaldo trabajo.Trabajos, trabajo.Chunks
/*
  Revierte 021. Un chunk OMITIDO (partido) pasa a CANCELADO y lo dice: su rango lo llevan sus dos mitades.
*/
SET LOCAL ROLE carril_dueno;

DROP INDEX trabajo.IX_Chunks_Fallidos;
DROP INDEX trabajo.IX_Trabajos_Terminados;

UPDATE trabajo.Chunks AS c
SET
  estado = 'CANCELADO',
  ultimo_error = left(concat('021 revertida: el chunk se habia partido y su rango sigue en otros dos ', c.resultado,
    '. ', c.ultimo_error), 4000)
WHERE c.estado = 'OMITIDO';

ALTER TABLE trabajo.Chunks
  DROP CONSTRAINT CK_Chunks_Estado,
  ADD CONSTRAINT CK_Chunks_Estado CHECK (Estado IN ('PENDIENTE', 'COMPLETADO', 'ERROR', 'CANCELADO'));

ALTER TABLE trabajo.Trabajos DROP COLUMN Omitidos;
