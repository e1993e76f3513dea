/* Revierte 029. Las credenciales se pierden: solo su huella estaba aqui, y se crean otras. */
SET LOCAL ROLE carril_dueno;

DROP TABLE trabajo.Credenciales;
