/*
  030: que reclamar un chunk, y renovar su arriendo, no escriba en ningun indice. Nada de lo que se guarda o se permite cambia.
  PostgreSQL escribe la fila entera otra vez en cada UPDATE, y la vuelve a meter en todos sus indices si cambia una columna de alguno
  o de su predicado. Con un indice de lo libre y otro de lo arrendado, eso era siempre. Con uno de todo lo pendiente, quien la tiene y
  hasta cuando son columnas de ninguno: si la version nueva cabe en la misma pagina (de ahi el fillfactor), los indices no se tocan.
  Vale para las paginas que se llenen desde ahora.
*/
SET LOCAL ROLE carril_dueno;

-- lo que no ha terminado, lo mas pesado primero: lo que se puede reclamar y lo que alguien tiene
CREATE INDEX IX_Chunks_Pendientes ON trabajo.Chunks (ID_Trabajo, Peso DESC, ID_Chunk) WHERE Estado = 'PENDIENTE';
DROP INDEX trabajo.IX_Chunks_Libres, trabajo.IX_Chunks_Arrendados;
ALTER TABLE trabajo.Chunks SET (fillfactor = 50);
