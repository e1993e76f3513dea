-- carril: respaldo public.LO_PROCESOS
-- Deshace 007_lo_procesos.
SET LOCAL ROLE carril_dueno;

DROP TABLE public.LO_PROCESOS;
