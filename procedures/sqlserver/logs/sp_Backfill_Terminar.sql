SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  After a verification that passed: logs.Ejecuciones.ID_Proceso becomes NOT NULL and its foreign key trusted; ID_Fund stays NULL for
  runs of the old way. Waits at most 5 s for the table's lock. With @Deshacer it becomes nullable again, so that
  logs.sp_Backfill_Revertir can give the history back; the foreign key stays trusted. Where the edition builds indexes online, the
  column's is built after the commit, with the table free again; a call that dies before that is made good by the next one.

  Returns: nothing
  Errors: 50408, 50409, 50499
  Touches: logs.Backfill_Estado write, logs.Ejecuciones write
  Batch: none
  Entry: carril_dba
  Since: 018
*/
CREATE OR ALTER PROCEDURE logs.sp_Backfill_Terminar
  @Deshacer bit = 0
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
  SET LOCK_TIMEOUT 5000;
  DECLARE
    -- Enterprise (y Developer), Azure SQL Database, Managed Instance, Fabric
    @EnLinea bit = CASE WHEN CONVERT(int, SERVERPROPERTY('EngineEdition')) IN (3, 5, 8, 12) THEN 1 ELSE 0 END,
    @Hecho bit = 0, @Fase varchar(20), @Verificado datetime2(3), @Terminado datetime2(3), @Sin bigint, @Otros nvarchar(max),
    @Mensaje nvarchar(2048);

  BEGIN TRY
    BEGIN TRANSACTION;

    EXEC trabajo.sp_Bloquear @Recurso = N'carril:backfill', @Modo = 'Exclusive', @Espera_ms = 5000;
    SELECT @Fase = x.Fase, @Verificado = x.Verificado, @Terminado = x.Terminado
    FROM logs.Backfill_Estado AS x WITH (READCOMMITTEDLOCK)
    WHERE x.ID = 1;
    SET @Deshacer = COALESCE(@Deshacer, 0);
    IF (@Deshacer = 1 AND @Terminado IS NULL) OR (@Deshacer = 0 AND @Terminado IS NOT NULL)
      SET @Hecho = 1;
    IF @Hecho = 0 AND @Deshacer = 0 AND (@Fase <> 'COMPLETO' OR @Verificado IS NULL)
    BEGIN
      SET @Mensaje = CONCAT(N'el backfill esta en la fase ', @Fase, CASE WHEN @Fase = 'COMPLETO' THEN N' sin verificar' ELSE N'' END,
        N': antes de terminar, carril backfill run y carril backfill verify');
      THROW 50409, @Mensaje, 1;
    END;

    IF @Hecho = 0
    BEGIN
      -- un indice del sitio sobre la columna impediria cambiarla: que lo quite quien sabe para que es
      SELECT @Otros = STRING_AGG(CONVERT(nvarchar(max), i.name), N', ')
      FROM sys.indexes AS i
      WHERE i.object_id = OBJECT_ID(N'logs.Ejecuciones') AND i.name <> N'IX_Ejecuciones_Proceso'
        AND EXISTS (
          SELECT 1 FROM sys.index_columns AS k
          INNER JOIN sys.columns AS c ON c.object_id = k.object_id AND c.column_id = k.column_id
          WHERE k.object_id = i.object_id AND k.index_id = i.index_id AND c.name = N'ID_Proceso');
      IF @Otros IS NOT NULL
      BEGIN
        SET @Mensaje = CONCAT(N'indices de logs.Ejecuciones que no son de carril usan ID_Proceso: ',
          REPLACE(LEFT(@Otros, 1500), N'%', N'%%'), N'; quitelos, termine, y vuelva a crearlos');
        THROW 50409, @Mensaje, 1;
      END;

      -- el mas fuerte desde el principio: nadie se cuela entre el recuento y el cambio, y no hay dos esperas
      SELECT @Sin = COUNT_BIG(*) FROM logs.Ejecuciones AS x WITH (TABLOCKX, HOLDLOCK) WHERE x.ID_Proceso IS NULL;
      IF @Deshacer = 0 AND @Sin > 0
      BEGIN
        SET @Mensaje = CONCAT(@Sin,
          N' ejecuciones no tienen proceso todavia (no habian terminado, o son nuevas): carril backfill run y verify otra vez');
        THROW 50409, @Mensaje, 1;
      END;

      -- indice y FK dependen de la columna; la FK vuelve comprobada, y desde entonces el optimizador se fia de ella
      DROP INDEX IF EXISTS IX_Ejecuciones_Proceso ON logs.Ejecuciones;
      ALTER TABLE logs.Ejecuciones DROP CONSTRAINT FK_Ejecuciones_Procesos;
      IF @Deshacer = 1
        ALTER TABLE logs.Ejecuciones ALTER COLUMN ID_Proceso bigint NULL;
      ELSE
        ALTER TABLE logs.Ejecuciones ALTER COLUMN ID_Proceso bigint NOT NULL;
      ALTER TABLE logs.Ejecuciones WITH CHECK ADD
        CONSTRAINT FK_Ejecuciones_Procesos FOREIGN KEY (ID_Proceso) REFERENCES logs.Procesos (ID_Proceso) ON DELETE CASCADE;
      ALTER TABLE logs.Ejecuciones WITH CHECK CHECK CONSTRAINT FK_Ejecuciones_Procesos;
      IF @EnLinea = 0
        CREATE NONCLUSTERED INDEX IX_Ejecuciones_Proceso ON logs.Ejecuciones (ID_Proceso, ID_Fund);

      UPDATE logs.Backfill_Estado
      SET Terminado = CASE WHEN @Deshacer = 0 THEN SYSUTCDATETIME() END
      WHERE ID = 1;
    END;

    COMMIT TRANSACTION;

    -- la tabla ya esta libre: los que escriben siguen mientras se crea
    IF @EnLinea = 1 AND NOT EXISTS (
      SELECT 1 FROM sys.indexes AS i WHERE i.object_id = OBJECT_ID(N'logs.Ejecuciones') AND i.name = N'IX_Ejecuciones_Proceso')
      CREATE NONCLUSTERED INDEX IX_Ejecuciones_Proceso ON logs.Ejecuciones (ID_Proceso, ID_Fund) WITH (ONLINE = ON);
  END TRY
  BEGIN CATCH
    IF XACT_STATE() <> 0
      ROLLBACK TRANSACTION;
    IF ERROR_NUMBER() = 1222
      THROW 50408, N'logs.Ejecuciones no quedo libre en 5 s: otra sesion la usa; se puede repetir la llamada', 1;
    THROW;
  END CATCH;
END;
GO
GRANT EXECUTE ON OBJECT::logs.sp_Backfill_Terminar TO carril_dba;
GO
