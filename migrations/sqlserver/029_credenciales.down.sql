/* Revierte 029. Las credenciales se pierden: solo su huella estaba aqui, y se crean otras. */
SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
DROP TABLE trabajo.Credenciales;
GO
