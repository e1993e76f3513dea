/*
  ID_Proceso e ID_Fund en logs.Ejecuciones (semillas 002, "013_ALTER_EJECUCIONES_ADD_ID_PROCESO", y 004). Ambas admiten
  NULL: las filas de antes no tienen proceso hasta que la migracion 017 se los de, y una ejecucion heredada (un ID para
  todos los fondos) nunca tiene ID_Fund. La cascada es la red de seguridad; se borra por lotes y primero los hijos.

  La FK se crea WITH NOCHECK: la columna es nueva, toda ella NULL, y recorrer la historia para comprobarlo tomaria un
  bloqueo de esquema que en una tabla grande dura. Queda habilitada: lo que se escriba desde ahora se comprueba.
*/
SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO

ALTER TABLE logs.Ejecuciones ADD
  ID_Proceso bigint NULL,
  ID_Fund    int    NULL;
GO
ALTER TABLE logs.Ejecuciones WITH NOCHECK ADD
  CONSTRAINT FK_Ejecuciones_Procesos FOREIGN KEY (ID_Proceso) REFERENCES logs.Procesos (ID_Proceso)
    ON DELETE CASCADE;
ALTER TABLE logs.Ejecuciones CHECK CONSTRAINT FK_Ejecuciones_Procesos;

CREATE NONCLUSTERED INDEX IX_Ejecuciones_Proceso ON logs.Ejecuciones (ID_Proceso, ID_Fund);
CREATE NONCLUSTERED INDEX IX_Ejecuciones_Fund ON logs.Ejecuciones (ID_Fund, FechaReporte, ID_Ejecucion)
  INCLUDE (Estado);
