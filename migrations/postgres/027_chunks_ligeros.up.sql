/*
  027: que cambiar un chunk cueste menos. Nada de lo que se guarda o se permite cambia.
  Indices: toda fila cambia dos veces poco despues de nacer (se reclama, se completa) y cada cambio vuelve a entrar en los dos
  indices completos. Con sitio para ello en cada hoja no hay que partirla: partida queda igual de grande, mas lo que cuesta. Vale
  para las paginas que se llenen desde ahora.
  Reglas: PostgreSQL las lee y las prepara de nuevo en cada UPDATE, tambien en el de una sola fila. Las mismas, escritas sin nada
  que convertir: la lista ya como arreglo de text y el 0 ya como numeric.
*/
SET LOCAL ROLE carril_dueno;

ALTER INDEX trabajo.PK_Chunks SET (fillfactor = 45);
ALTER INDEX trabajo.UX_Chunks_Orden SET (fillfactor = 45);

ALTER TABLE trabajo.Chunks
  DROP CONSTRAINT CK_Chunks_Estado,
  DROP CONSTRAINT CK_Chunks_Cuentas,
  ADD CONSTRAINT CK_Chunks_Estado CHECK (Estado = ANY ('{PENDIENTE,COMPLETADO,ERROR,CANCELADO,OMITIDO}'::text[])),
  ADD CONSTRAINT CK_Chunks_Cuentas CHECK (Token >= 0 AND Intento >= 0 AND Peso >= '0'::numeric);
