-- Deshace 024_tipos_de_carga. Lo cargado se queda: son tablas de 003.
DROP TYPE homol.Filas_UBS_v1;
DROP TYPE homol.Filas_Derivados_v1;
DROP TYPE homol.Filas_SONA_v1;
DROP TYPE homol.Filas_PosModRF_v1;
DROP TYPE homol.Filas_CAPM_v1;
