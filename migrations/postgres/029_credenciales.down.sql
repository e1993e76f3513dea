-- carril: respaldo trabajo.Credenciales
/* Revierte 029. Sin la tabla ninguna credencial abre nada; la copia las guarda. */
SET LOCAL ROLE carril_dueno;

DROP TABLE trabajo.Credenciales;
