SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  Claims up to @Maximo chunks for a worker, heaviest first, of jobs of the given kinds (none given: of any kind but
  LO_PROCESOS, which is never claimed), or of one given job. Each claim raises the chunk's token and uses one attempt.
  Never waits: what another session has locked is skipped, so an empty answer proves nothing about a job.

  A chunk held before (token not 0: given back, failed, expired) is taken only with its lock Exclusive, asked for without
  waiting: refused means that its old holder is in the middle of a transaction. Expired leases come first; one that has used
  all its attempts ends in ERROR instead.

  Returns: many
    ID_Chunk      bigint         not null
    ID_Trabajo    bigint         not null
    Tipo          varchar(50)    not null
    Orden         int            not null
    Rango_Inicio  bigint         null
    Rango_Fin     bigint         null
    Recurso       nvarchar(400)  null
    Peso          decimal(12,2)  not null
    Token         bigint         not null
    Intento       int            not null
    Max_Intentos  int            not null
    Expira        datetime2(3)   not null
    Parametros    nvarchar(max)  null      of the job
  Errors: 50400, 50409, 50499
  Touches: trabajo.Trabajos read, trabajo.Chunks write
  Batch: 2000
  Entry: carril_app
  Since: 018
*/
CREATE OR ALTER PROCEDURE trabajo.sp_Reclamar_Chunks
  @Poseedor nvarchar(200),
  @Tipos trabajo.Lista_Tipos_v1 READONLY,
  @Maximo int = 1,
  @Arriendo_s int = 30,
  @ID_Trabajo bigint = NULL
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  -- READPAST no vale en SERIALIZABLE, que un pool puede haber dejado puesto
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  IF @Poseedor IS NULL OR LTRIM(@Poseedor) = N''
    THROW 50400, N'@Poseedor es obligatorio: quien reclama', 1;
  IF @Maximo IS NULL OR @Maximo NOT BETWEEN 1 AND 2000
    THROW 50400, N'@Maximo debe estar entre 1 y 2000', 1;
  IF @Arriendo_s IS NULL OR @Arriendo_s NOT BETWEEN 1 AND 86400
    THROW 50400, N'@Arriendo_s debe estar entre 1 y 86400', 1;

  DECLARE @Tomados TABLE (
    ID_Chunk bigint NOT NULL PRIMARY KEY, ID_Trabajo bigint NOT NULL, Tipo varchar(50) NOT NULL, Orden int NOT NULL,
    Rango_Inicio bigint NULL, Rango_Fin bigint NULL, Recurso nvarchar(400) NULL, Peso decimal(12, 2) NOT NULL,
    Token bigint NOT NULL, Intento int NOT NULL, Max_Intentos int NOT NULL, Expira datetime2(3) NOT NULL,
    Parametros nvarchar(max) NULL);

  BEGIN TRY
    BEGIN TRANSACTION;

    INSERT INTO @Tomados (ID_Chunk, ID_Trabajo, Tipo, Orden, Rango_Inicio, Rango_Fin, Recurso, Peso, Token, Intento,
      Max_Intentos, Expira, Parametros)
    EXEC trabajo.sp_Reclamar_Paso
      @Poseedor = @Poseedor, @Tipos = @Tipos, @Maximo = @Maximo, @Arriendo_s = @Arriendo_s, @ID_Trabajo = @ID_Trabajo;

    COMMIT TRANSACTION;
  END TRY
  BEGIN CATCH
    IF XACT_STATE() <> 0
      ROLLBACK TRANSACTION;
    THROW;
  END CATCH;

  -- despues de confirmar: un cliente lento no retiene candados
  SELECT
    c.ID_Chunk, c.ID_Trabajo, c.Tipo, c.Orden, c.Rango_Inicio, c.Rango_Fin, c.Recurso, c.Peso, c.Token, c.Intento,
    c.Max_Intentos, c.Expira, c.Parametros
  FROM @Tomados AS c
  ORDER BY c.ID_Trabajo, c.Peso DESC, c.ID_Chunk;
END;
GO
GRANT EXECUTE ON OBJECT::trabajo.sp_Reclamar_Chunks TO carril_app;
GO
