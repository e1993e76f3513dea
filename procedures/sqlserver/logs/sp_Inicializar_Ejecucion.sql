SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  The old way in, kept for its callers: one ID_Ejecucion for all funds that are Active and Incluir_En_Cubo, with their states per
  service, under a process of its own (Arquitectura LEGADO). It has no job: whoever runs it writes its states.

  Returns: output
    ID_Ejecucion  bigint  not null
  Errors: 50400, 50404
  Touches: dimensionales.BD_Funds read, logs.Procesos write, logs.Ejecuciones write, logs.Ejecucion_Fondos write
  Batch: 2000
  Entry: carril_app
  Since: 014
*/
CREATE OR ALTER PROCEDURE logs.sp_Inicializar_Ejecucion
  @FechaReporte date,
  @ID_Ejecucion bigint OUTPUT
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
  DECLARE
    @ID_Proceso bigint, @Total int, @Desde int = 1, @Ahora datetime2(3) = SYSUTCDATETIME(),
    @Usuario nvarchar(100) = CONVERT(nvarchar(100), ORIGINAL_LOGIN());
  DECLARE @Elegidos TABLE (Fila int IDENTITY(1, 1) NOT NULL PRIMARY KEY, ID_Fund int NOT NULL);
  SET @ID_Ejecucion = NULL;

  IF @FechaReporte IS NULL
    THROW 50400, N'@FechaReporte es obligatoria', 1;

  BEGIN TRY
    BEGIN TRANSACTION;

    INSERT INTO @Elegidos (ID_Fund)
    SELECT f.ID_Fund FROM dimensionales.BD_Funds AS f WHERE f.Active = 1 AND f.Incluir_En_Cubo = 1 ORDER BY f.ID_Fund;
    SET @Total = @@ROWCOUNT;
    IF @Total = 0
      THROW 50404, N'no hay fondos que correr: ninguno esta activo e incluido en el cubo', 1;

    SET @ID_Proceso = NEXT VALUE FOR logs.Seq_ID;
    SET @ID_Ejecucion = NEXT VALUE FOR logs.Seq_ID;

    INSERT INTO logs.Procesos (ID_Proceso, FechaReporte, Usuario, Arquitectura, FechaInicio, TotalFondos)
    VALUES (@ID_Proceso, @FechaReporte, @Usuario, 'LEGADO', @Ahora, @Total);

    INSERT INTO logs.Ejecuciones (ID_Ejecucion, ID_Proceso, ID_Fund, FechaReporte, Estado, Usuario, FechaInicio, TotalFondos,
      FondosExitosos, FondosFallidos, FondosOmitidos)
    VALUES (@ID_Ejecucion, @ID_Proceso, NULL, @FechaReporte, 'EN_PROGRESO', @Usuario, @Ahora, @Total, 0, 0, 0);

    WHILE @Desde <= @Total
    BEGIN
      INSERT INTO logs.Ejecucion_Fondos (
        ID_Ejecucion, ID_Fund, FundShortName, Portfolio_Geneva, Portfolio_CAPM, Portfolio_Derivados, Portfolio_UBS, Flag_UBS,
        Flag_Derivados)
      SELECT
        @ID_Ejecucion, f.ID_Fund, f.FundShortName, f.Portfolio_Geneva, f.Portfolio_CAPM, f.Portfolio_Derivados,
        f.Portfolio_UBS, f.Flag_UBS, f.Flag_Derivados
      FROM @Elegidos AS x
      INNER JOIN dimensionales.BD_Funds AS f ON f.ID_Fund = x.ID_Fund
      WHERE x.Fila BETWEEN @Desde AND @Desde + 1999;
      SET @Desde += 2000;
    END;

    COMMIT TRANSACTION;
  END TRY
  BEGIN CATCH
    IF XACT_STATE() <> 0
      ROLLBACK TRANSACTION;
    THROW;
  END CATCH;
END;
GO
GRANT EXECUTE ON OBJECT::logs.sp_Inicializar_Ejecucion TO carril_app;
GO
