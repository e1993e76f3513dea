/*
  021: lo que los arriendos ganan despues de 018.
  OMITIDO: un chunk que se partio porque no cupo en memoria; su rango sigue en los dos que nombra su Resultado
  ({"partido_en":["<id>","<id>"]}) y en las cuentas de su trabajo ya no entra.
  Indices para lo que mira hacia atras (alertas, reintentos, purga) sin recorrer la historia.
*/
SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
ALTER TABLE trabajo.Chunks DROP CONSTRAINT CK_Chunks_Estado;
GO
ALTER TABLE trabajo.Chunks WITH CHECK ADD CONSTRAINT CK_Chunks_Estado
  CHECK (Estado IN ('PENDIENTE', 'COMPLETADO', 'ERROR', 'CANCELADO', 'OMITIDO'));
GO
-- los que un 021 revertido habia pasado a CANCELADO: ningun otro CANCELADO tiene Resultado
DECLARE @Filas int = 1;
WHILE @Filas > 0
BEGIN
  UPDATE TOP (2000) c
  SET Estado = 'OMITIDO'
  FROM trabajo.Chunks AS c
  WHERE c.Estado = 'CANCELADO' AND c.Resultado LIKE N'{"partido[_]en":%';
  SET @Filas = @@ROWCOUNT;
END;
GO
-- como las otras cuentas: lo escribe el finalizador, una vez; NULL en lo que termino antes de 021 cuenta como 0
ALTER TABLE trabajo.Trabajos ADD Omitidos int NULL;
GO
-- los terminados, por su fin
CREATE NONCLUSTERED INDEX IX_Trabajos_Terminados ON trabajo.Trabajos (FechaFin, ID_Trabajo)
  INCLUDE (Tipo) WHERE FechaFin IS NOT NULL;
GO
-- los que fallaron: pocos, y lo primero que se pregunta
CREATE NONCLUSTERED INDEX IX_Chunks_Fallidos ON trabajo.Chunks (ID_Trabajo, ID_Chunk)
  INCLUDE (Estado) WHERE Estado = 'ERROR';
GO
-- chunks que se completan en bloque, con el token con que se reclamaron
CREATE TYPE trabajo.Lista_Terminados_v1 AS TABLE (
  ID_Chunk bigint NOT NULL PRIMARY KEY,
  Token bigint NOT NULL,
  Resultado nvarchar(max) NULL
);
GO
GRANT EXECUTE ON TYPE::trabajo.Lista_Terminados_v1 TO carril_app;
GO
