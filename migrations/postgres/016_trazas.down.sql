-- carril: respaldo logs.Trace_Records
/* Revierte 016. Las trazas se pierden; lo que trazaban no cambia. */
SET LOCAL ROLE carril_dueno;

DROP TABLE logs.Trace_Records;
