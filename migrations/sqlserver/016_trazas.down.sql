-- carril: respaldo logs.Trace_Records
/* Revierte 016. Las trazas se pierden; lo que trazaban no cambia. */
SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
DROP TABLE logs.Trace_Records;
GO
