/* Revierte 027: los indices y las reglas como los dejo 021. No toca ninguna fila. */
SET LOCAL ROLE carril_dueno;

ALTER TABLE trabajo.Chunks
  DROP CONSTRAINT CK_Chunks_Estado,
  DROP CONSTRAINT CK_Chunks_Cuentas,
  ADD CONSTRAINT CK_Chunks_Estado CHECK (Estado IN ('PENDIENTE', 'COMPLETADO', 'ERROR', 'CANCELADO', 'OMITIDO')),
  ADD CONSTRAINT CK_Chunks_Cuentas CHECK (Token >= 0 AND Intento >= 0 AND Peso >= 0);

ALTER INDEX trabajo.UX_Chunks_Orden RESET (fillfactor);
ALTER INDEX trabajo.PK_Chunks RESET (fillfactor);
