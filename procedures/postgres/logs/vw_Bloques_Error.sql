SET LOCAL ROLE carril_dueno;

/*
  Error blocks with the path of their file.

  Touches: logs.Archivos read, logs.Bloques_Error read
  Since: 022
*/
CREATE OR REPLACE VIEW logs.vw_Bloques_Error AS
SELECT
  b.ID_Archivo, a.Ruta, b.Byte_Inicio, b.Byte_Fin, b.ID_Trabajo, b.ID_Chunk, b.Nivel, b.Momento, b.Firma, b.Primera_Linea,
  b.Texto, b.Recortado
FROM logs.Bloques_Error AS b
INNER JOIN logs.Archivos AS a ON a.ID_Archivo = b.ID_Archivo;
GRANT SELECT ON logs.vw_Bloques_Error TO carril_lector;
