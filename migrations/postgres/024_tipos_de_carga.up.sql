/*
  024: en SQL Server, los tipos de tabla de homol.sp_Cargar_{CAPM,PosModRF,SONA,Derivados,UBS}. Aqui las filas llegan como jsonb:
  no hay nada que crear.
*/
