/* Revierte 030: los indices como los dejo 018. No toca ninguna fila. */
SET LOCAL ROLE carril_dueno;

ALTER TABLE trabajo.Chunks RESET (fillfactor);
CREATE INDEX IX_Chunks_Libres ON trabajo.Chunks (ID_Trabajo, Peso DESC, ID_Chunk)
  WHERE Estado = 'PENDIENTE' AND Poseedor IS NULL;
CREATE INDEX IX_Chunks_Arrendados ON trabajo.Chunks (ID_Trabajo, Expira, ID_Chunk)
  WHERE Estado = 'PENDIENTE' AND Poseedor IS NOT NULL;
DROP INDEX trabajo.IX_Chunks_Pendientes;
