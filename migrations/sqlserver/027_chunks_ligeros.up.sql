/*
  027: que cambiar un chunk cueste menos. Aqui no hay nada que cambiar, y el numero queda igual en los dos motores.
  En PostgreSQL cada UPDATE escribe la fila entera otra vez y entra de nuevo en sus indices, y lee y prepara las reglas CHECK en
  cada sentencia. SQL Server cambia la fila en su sitio, no toca los indices cuyas columnas no cambian, y compila las reglas en el
  plan, que guarda.
*/
SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
