import { journalSchema } from './journal-schema.js';
import { lockResource } from './session-lock.js';
import { nText } from './sql-text.js';

const held = `APPLOCK_MODE(N'public', ${nText(lockResource)}, N'Session')`;

/**
 * A batch that does its work only when the one before it ended, and counts itself only when its work did.
 * @param before what SESSION_CONTEXT says when it may run
 */
export function guarded(before: number, work: string, options: { readonly first?: boolean } = {}): string {
  const lock = options.first === true ? '' : ` AND ${held} = N'Exclusive'`;
  return `IF CONVERT(int, SESSION_CONTEXT(N'carril.paso')) = ${before}${lock} AND @@TRANCOUNT = 0
BEGIN
  DECLARE @archivo nvarchar(400), @linea int, @vez int, @texto nvarchar(max), @inicio datetime2(3) = SYSUTCDATETIME();
  BEGIN TRY
${work}    EXEC sys.sp_set_session_context @key = N'carril.paso', @value = ${before + 1};
  END TRY
  BEGIN CATCH
    IF XACT_STATE() <> 0
      ROLLBACK TRANSACTION;
    EXEC #carril_fallo @archivo = @archivo, @linea = @linea;
  END CATCH;
END
ELSE
  EXEC #carril_omitir;
GO
`;
}

/** Procedures and a table of the session only, which vanish with it. They touch nothing of the database. */
export const sqlserverHelpers = `-- procedimientos de esta sesion, que se van con ella
EXEC sys.sp_set_session_context @key = N'carril.paso', @value = 0;
EXEC sys.sp_set_session_context @key = N'carril.dicho', @value = 0;
-- antes de cualquier TRY: un CATCH desharia lo que es de quien tiene abierta la transaccion
IF @@TRANCOUNT > 0
BEGIN
  EXEC sys.sp_set_session_context @key = N'carril.paso', @value = -1;
  EXEC sys.sp_set_session_context @key = N'carril.dicho', @value = 1;
  RAISERROR (N'esta sesion tiene una transaccion abierta: terminela antes; no se hizo nada.', 16, 1);
END;
IF OBJECT_ID(N'tempdb..#carril_soltar') IS NOT NULL DROP PROCEDURE #carril_soltar;
IF OBJECT_ID(N'tempdb..#carril_fallo') IS NOT NULL DROP PROCEDURE #carril_fallo;
IF OBJECT_ID(N'tempdb..#carril_omitir') IS NOT NULL DROP PROCEDURE #carril_omitir;
IF OBJECT_ID(N'tempdb..#carril_quitar') IS NOT NULL DROP PROCEDURE #carril_quitar;
IF OBJECT_ID(N'tempdb..#carril_anotar') IS NOT NULL DROP PROCEDURE #carril_anotar;
IF OBJECT_ID(N'tempdb..#carril_previo') IS NOT NULL DROP PROCEDURE #carril_previo;
IF OBJECT_ID(N'tempdb..#carril_orden') IS NOT NULL DROP TABLE #carril_orden;
CREATE TABLE #carril_orden (
  nombre nvarchar(256) COLLATE DATABASE_DEFAULT NOT NULL PRIMARY KEY, lugar int NOT NULL, queda bit NOT NULL);
GO
CREATE PROCEDURE #carril_soltar AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  DECLARE @codigo int;
  IF ${held} = N'Exclusive' AND @@TRANCOUNT = 0
  BEGIN
    BEGIN TRY
      IF OBJECT_ID(N'${journalSchema}.Bloqueo', N'U') IS NOT NULL
        DELETE FROM ${journalSchema}.Bloqueo WHERE sesion = @@SPID;
    END TRY
    BEGIN CATCH
      -- la fila solo nombra a quien lo tiene: el bloqueo se suelta igual
      PRINT ERROR_MESSAGE();
    END CATCH;
    EXEC @codigo = sys.sp_releaseapplock @Resource = ${nText(lockResource)}, @LockOwner = N'Session';
    IF @codigo < 0
      PRINT N'el bloqueo no se pudo soltar: se va con esta sesion';
  END;
END;
GO
-- dentro de un CATCH, ya sin transaccion: dice que fallo y donde, suelta el bloqueo, y nada mas corre
CREATE PROCEDURE #carril_fallo @archivo nvarchar(400), @linea int AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  DECLARE @mensaje nvarchar(2000) = LEFT(CONCAT(
    @archivo,
    CASE WHEN ERROR_PROCEDURE() IS NULL AND @linea IS NOT NULL THEN CONCAT(N':', @linea + ERROR_LINE() - 1) END,
    N': error ', ERROR_NUMBER(), N': ', ERROR_MESSAGE(),
    CASE WHEN ERROR_PROCEDURE() IS NOT NULL THEN CONCAT(N' (', ERROR_PROCEDURE(), N', linea ', ERROR_LINE(), N')') END,
    N'. Nada de lo que sigue se ejecuta.'), 2000);
  EXEC sys.sp_set_session_context @key = N'carril.paso', @value = -1;
  EXEC sys.sp_set_session_context @key = N'carril.dicho', @value = 1;
  EXEC #carril_soltar;
  RAISERROR (N'%s', 16, 1, @mensaje);
END;
GO
-- un lote cuyo anterior no termino: lo dice el primero, los demas callan
CREATE PROCEDURE #carril_omitir AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  IF COALESCE(CONVERT(int, SESSION_CONTEXT(N'carril.dicho')), 0) = 0
  BEGIN
    EXEC sys.sp_set_session_context @key = N'carril.dicho', @value = 1;
    RAISERROR (N'lo anterior no termino, o el bloqueo se perdio: nada de lo que sigue se ejecuta.', 16, 1);
  END;
END;
GO
-- en la transaccion de quien llama
CREATE PROCEDURE #carril_anotar
  @suceso nvarchar(20), @clase nvarchar(20), @numero int, @nombre nvarchar(256), @checksum char(64), @inicio datetime2(3),
  @version nvarchar(50)
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  INSERT INTO ${journalSchema}.Historia (
    suceso, clase, numero, nombre, checksum, duracion_ms, en, usuario, login, equipo, version)
  VALUES (
    @suceso, @clase, @numero, @nombre, @checksum, DATEDIFF(MILLISECOND, @inicio, SYSUTCDATETIME()), SYSUTCDATETIME(),
    LEFT(SUSER_SNAME(), 200), ORIGINAL_LOGIN(), COALESCE(LEFT(HOST_NAME(), 200), N''), @version);
END;
GO
-- lo que habia antes de carril (adoptado o reemplazado) lo guarda y lo restaura carril, no un script
CREATE PROCEDURE #carril_previo @nombre nvarchar(256), @accion nvarchar(20) AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  DECLARE @mensaje nvarchar(1000);
  IF EXISTS (
    SELECT 1 FROM ${journalSchema}.Objetos_Previos AS o
    WHERE LOWER(o.nombre) = LOWER(@nombre) AND o.cerrado_en IS NULL AND o.accion = COALESCE(@accion, o.accion))
  BEGIN
    SET @mensaje = CONCAT(@nombre, N' estaba antes de carril y se adopto o reemplazo: este paso lo hace carril migrate');
    THROW 50409, @mensaje, 1;
  END;
END;
GO
-- en la transaccion de quien llama: los del diario desde ese numero o, sin numero, los que ya no estan entre los archivos
CREATE PROCEDURE #carril_quitar @desde int, @version nvarchar(50) AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  DECLARE @nombre nvarchar(256), @numero int, @sql nvarchar(max), @inicio datetime2(3);
  DECLARE quitar CURSOR LOCAL STATIC READ_ONLY FORWARD_ONLY FOR
    SELECT p.nombre, p.desde
    FROM ${journalSchema}.Procedimientos AS p
    LEFT JOIN #carril_orden AS o ON o.nombre = LOWER(p.nombre)
    WHERE (@desde IS NULL AND COALESCE(o.queda, 0) = 0) OR p.desde >= @desde
    ORDER BY CASE WHEN o.nombre IS NULL THEN 0 ELSE 1 END, o.lugar DESC;
  OPEN quitar;
  FETCH NEXT FROM quitar INTO @nombre, @numero;
  WHILE @@FETCH_STATUS = 0
  BEGIN
    EXEC #carril_previo @nombre = @nombre, @accion = NULL;
    SET @inicio = SYSUTCDATETIME();
    SET @sql = NULL;
    SELECT @sql = CONCAT(N'DROP ',
      CASE RTRIM(o.type) WHEN 'P' THEN N'PROCEDURE' WHEN 'V' THEN N'VIEW' WHEN 'TR' THEN N'TRIGGER' ELSE N'FUNCTION' END,
      N' ', QUOTENAME(OBJECT_SCHEMA_NAME(o.object_id)), N'.', QUOTENAME(o.name), N';')
    FROM sys.objects AS o
    WHERE o.object_id = OBJECT_ID(@nombre) AND RTRIM(o.type) IN ('P', 'V', 'FN', 'IF', 'TF', 'TR');
    IF @sql IS NOT NULL
      EXEC sys.sp_executesql @sql;
    DELETE FROM ${journalSchema}.Procedimientos WHERE nombre = @nombre;
    EXEC #carril_anotar @suceso = N'ELIMINADA', @clase = N'PROCEDIMIENTO', @numero = @numero, @nombre = @nombre,
      @checksum = NULL, @inicio = @inicio, @version = @version;
    FETCH NEXT FROM quitar INTO @nombre, @numero;
  END;
  CLOSE quitar;
  DEALLOCATE quitar;
END;
GO
`;
