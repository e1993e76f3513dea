SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  Takes a chunk of a run of the old way under its token, as trabajo.sp_Tomar_Chunk does, and says what it is about: the shared
  execution, and its fund (Rango_Inicio); the chunk of the batch extraction has none. 50409 for a chunk of another kind.

  Returns: output
    Estado            varchar(50)  not null  of the chunk
    ID_Trabajo        bigint       not null
    ID_Ejecucion      bigint       not null
    FechaReporte      date         not null
    ID_Fund           int          null
    Portfolio_Geneva  varchar(50)  null
  Errors: 50400, 50404, 50408, 50409, 50410, 50499
  Touches: trabajo.Chunks read, trabajo.Trabajos read, logs.Procesos read, logs.Ejecuciones read, logs.Ejecucion_Fondos read
  Batch: none
  Step: called inside the caller's transaction
  Since: 018
*/
CREATE OR ALTER PROCEDURE logs.sp_Tomar_Fondo_Legado
  @ID_Chunk bigint,
  @Token bigint,
  @Estado varchar(50) = NULL OUTPUT,
  @ID_Trabajo bigint = NULL OUTPUT,
  @ID_Ejecucion bigint = NULL OUTPUT,
  @FechaReporte date = NULL OUTPUT,
  @ID_Fund int = NULL OUTPUT,
  @Portfolio_Geneva varchar(50) = NULL OUTPUT
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  DECLARE @Mensaje nvarchar(2048);

  IF @@TRANCOUNT = 0
    THROW 50409, N'logs.sp_Tomar_Fondo_Legado es un paso: se llama dentro de la transaccion de quien lo ejecuta', 1;

  SELECT @ID_Ejecucion = NULL, @FechaReporte = NULL, @ID_Fund = NULL, @Portfolio_Geneva = NULL;
  EXEC trabajo.sp_Tomar_Chunk
    @ID_Chunk = @ID_Chunk, @Token = @Token, @Estado = @Estado OUTPUT, @ID_Trabajo = @ID_Trabajo OUTPUT;

  SELECT
    @ID_Ejecucion = e.ID_Ejecucion, @FechaReporte = e.FechaReporte, @ID_Fund = f.ID_Fund,
    @Portfolio_Geneva = f.Portfolio_Geneva
  FROM trabajo.Chunks AS c
  INNER JOIN logs.Procesos AS p ON p.ID_Trabajo = c.ID_Trabajo AND p.Arquitectura = 'LEGADO'
  INNER JOIN logs.Ejecuciones AS e ON e.ID_Proceso = p.ID_Proceso AND e.ID_Fund IS NULL
  LEFT JOIN logs.Ejecucion_Fondos AS f ON f.ID_Ejecucion = e.ID_Ejecucion AND f.ID_Fund = c.Rango_Inicio
  WHERE c.ID_Chunk = @ID_Chunk;
  IF @ID_Ejecucion IS NULL
  BEGIN
    SET @Mensaje = CONCAT(N'el chunk ', @ID_Chunk, N' no es de una corrida de la arquitectura anterior');
    THROW 50409, @Mensaje, 1;
  END;
END;
