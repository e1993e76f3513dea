-- carril: respaldo nomina.CierreNomina, nomina.EmpleadoCierre, nomina.RegistroConceptoEmpleado
-- carril: respaldo nomina.EmpleadoCierreNovedades, nomina.RegistroConceptoEmpleadoNovedades
-- carril: respaldo nomina.MovimientoAltaBaja, nomina.MovimientoAusentismo, nomina.MovimientoVacaciones
-- carril: respaldo nomina.AnalistaIngreso, nomina.AnalistaFiniquito, nomina.AnalistaIncidencia
-- Deshace 008_nomina_fuentes.
SET LOCAL ROLE carril_dueno;

DROP TABLE nomina.AnalistaIncidencia;
DROP TABLE nomina.AnalistaFiniquito;
DROP TABLE nomina.AnalistaIngreso;
DROP TABLE nomina.MovimientoVacaciones;
DROP TABLE nomina.MovimientoAusentismo;
DROP TABLE nomina.MovimientoAltaBaja;
DROP TABLE nomina.RegistroConceptoEmpleadoNovedades;
DROP TABLE nomina.EmpleadoCierreNovedades;
DROP TABLE nomina.RegistroConceptoEmpleado;
DROP TABLE nomina.EmpleadoCierre;
DROP TABLE nomina.CierreNomina;
