/*
  ID_Proceso e ID_Fund en logs.Ejecuciones (semillas 002, "013_ALTER_EJECUCIONES_ADD_ID_PROCESO", y 004). Ambas admiten
  NULL: las filas de antes no tienen proceso hasta que la migracion 017 se los de, y una ejecucion heredada (un ID para
  todos los fondos) nunca tiene ID_Fund. La cascada es la red de seguridad; se borra por lotes y primero los hijos.

  La FK se crea NOT VALID: la columna es nueva, toda ella NULL, y no hace falta recorrer la historia para comprobarlo.
  Lo que se escriba desde ahora se comprueba.
*/
SET LOCAL ROLE carril_dueno;

ALTER TABLE logs.Ejecuciones
  ADD COLUMN ID_Proceso bigint,
  ADD COLUMN ID_Fund integer;

ALTER TABLE logs.Ejecuciones
  ADD CONSTRAINT FK_Ejecuciones_Procesos FOREIGN KEY (ID_Proceso) REFERENCES logs.Procesos (ID_Proceso)
    ON DELETE CASCADE NOT VALID;

CREATE INDEX IX_Ejecuciones_Proceso ON logs.Ejecuciones (ID_Proceso, ID_Fund);
CREATE INDEX IX_Ejecuciones_Fund ON logs.Ejecuciones (ID_Fund, FechaReporte, ID_Ejecucion) INCLUDE (Estado);
