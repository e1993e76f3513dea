/*
  Parameters differ.

  Returns: nothing
  Errors: 50400
  Touches: trabajo.Trabajos write
  Batch: none
  Entry: carril_app
  Since: 018
*/
CREATE OR ALTER PROCEDURE trabajo.sp_Parametros
    @Falta int, @Tipo nvarchar(10), @Grande bigint, @Cuando datetime2(3), @Si bit, @Chico tinyint,
    @Peso decimal(12,2), @Filas trabajo.Filas READONLY, @Sin int = 3, @Con int, @Otro int = 5,
    @Texto varchar(10) = NULL
AS RETURN;
