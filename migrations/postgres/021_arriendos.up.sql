/*
  021: lo que los arriendos ganan despues de 018.
  OMITIDO: un chunk que se partio porque no cupo en memoria; su rango sigue en los dos que nombra su Resultado
  ({"partido_en":["<id>","<id>"]}) y en las cuentas de su trabajo ya no entra.
  Indices para lo que mira hacia atras (alertas, reintentos, purga) sin recorrer la historia.
*/
SET LOCAL ROLE carril_dueno;

ALTER TABLE trabajo.Chunks
  DROP CONSTRAINT CK_Chunks_Estado,
  ADD CONSTRAINT CK_Chunks_Estado CHECK (Estado IN ('PENDIENTE', 'COMPLETADO', 'ERROR', 'CANCELADO', 'OMITIDO'));

-- los que un 021 revertido habia pasado a CANCELADO: ningun otro CANCELADO tiene Resultado
UPDATE trabajo.Chunks AS c
SET estado = 'OMITIDO'
WHERE c.estado = 'CANCELADO' AND c.resultado LIKE '{"partido\_en":%';

-- como las otras cuentas: lo escribe el finalizador, una vez; NULL en lo que termino antes de 021 cuenta como 0
ALTER TABLE trabajo.Trabajos ADD COLUMN Omitidos integer;

-- los terminados, por su fin
CREATE INDEX IX_Trabajos_Terminados ON trabajo.Trabajos (FechaFin, ID_Trabajo) WHERE FechaFin IS NOT NULL;

-- los que fallaron: pocos, y lo primero que se pregunta
CREATE INDEX IX_Chunks_Fallidos ON trabajo.Chunks (ID_Trabajo, ID_Chunk) WHERE Estado = 'ERROR';
