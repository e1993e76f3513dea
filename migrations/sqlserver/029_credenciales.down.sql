-- carril: respaldo trabajo.Credenciales
/* Revierte 029. Sin la tabla ninguna credencial abre nada; la copia las guarda. */
SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
DROP TABLE trabajo.Credenciales;
GO
