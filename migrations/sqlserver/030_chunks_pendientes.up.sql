SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  030: que reclamar un chunk no escriba en ningun indice. Aqui no hay nada que cambiar, y el numero queda igual en los dos motores.
  En PostgreSQL un UPDATE que cambia una columna de un indice, o de su predicado, vuelve a meter la fila en todos. SQL Server cambia
  la fila en su sitio y solo toca los dos indices filtrados de los que sale y en los que entra; y que lo arrendado tenga el suyo
  ahorra a cada reclamo pasar por lo que otros tienen, y bloquearlo o saltarlo.
*/
