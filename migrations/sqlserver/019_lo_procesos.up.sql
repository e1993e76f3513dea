/*
  019: LO_PROCESOS, una vista sobre los chunks (semilla 000, fase 0). La tabla de antes queda entera, con otro nombre y sin
  que nada la toque, como respaldo: lo que el down devuelve. Sus filas pasan a un trabajo de tipo LO_PROCESOS, un chunk por
  fila, que ningun worker reclama y que no termina nunca; trabajo.Lo_Procesos guarda lo que escribieron, con los mismos id.
  La vista tiene las columnas de antes y las cuatro de la semilla (byte_inicio, byte_fin, ruta_archivo, estado), y sus
  disparadores dejan que los programas viejos sigan escribiendo en ella. Muestra tambien, con id negativo y solo para leer,
  los chunks de la revision de logs de carril.

  La vista y sus disparadores estan aqui y no en procedures/: asi el nombre no falta ni un instante.
  Toca dbo: la aplica un miembro de db_owner.
*/
SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
-- espera a quien este escribiendo y no deja entrar a nadie hasta confirmar; conserva permisos, indices e identidad
EXEC sp_rename N'dbo.LO_PROCESOS', N'LO_PROCESOS_Respaldo_019';
GO
-- una vista no cumple lo que cuelga de la tabla: mejor no empezar
DECLARE @Tabla int = OBJECT_ID(N'dbo.LO_PROCESOS_Respaldo_019', N'U'), @Estorba nvarchar(max);

SELECT @Estorba = STRING_AGG(CONVERT(nvarchar(max), f.Que), N', ') WITHIN GROUP (ORDER BY f.Que)
FROM (
  SELECT CONCAT(N'la columna ', c.name) AS Que
  FROM sys.columns AS c
  WHERE c.object_id = @Tabla
    AND c.name NOT IN (N'id', N'proceso', N'usuario', N'fecha_inicio', N'fecha_fin', N'mensaje')
  UNION ALL
  SELECT CONCAT(N'el disparador ', t.name) FROM sys.triggers AS t WHERE t.parent_id = @Tabla
  UNION ALL
  SELECT CONCAT(N'la restriccion ', k.name) FROM sys.check_constraints AS k WHERE k.parent_object_id = @Tabla
  UNION ALL
  SELECT CONCAT(N'la clave foranea ', k.name, N' de ', OBJECT_NAME(k.parent_object_id))
  FROM sys.foreign_keys AS k
  WHERE k.parent_object_id = @Tabla OR k.referenced_object_id = @Tabla
  UNION ALL
  SELECT CONCAT(N'el indice unico ', i.name)
  FROM sys.indexes AS i
  WHERE i.object_id = @Tabla AND i.is_unique = 1 AND i.is_primary_key = 0
  UNION ALL
  -- el de fecha_inicio pasa a trabajo.Lo_Procesos; el de una columna que admite NULL no se distingue de un NULL escrito
  SELECT CONCAT(N'el valor por defecto ', d.name)
  FROM sys.default_constraints AS d
  INNER JOIN sys.columns AS c ON c.object_id = d.parent_object_id AND c.column_id = d.parent_column_id
  WHERE d.parent_object_id = @Tabla AND c.name <> N'fecha_inicio'
  UNION ALL
  SELECT N'un id negativo' WHERE EXISTS (SELECT 1 FROM dbo.LO_PROCESOS_Respaldo_019 AS r WHERE r.id < 0)
) AS f;

IF @Estorba IS NOT NULL
BEGIN
  DECLARE @Mensaje nvarchar(2048) = REPLACE(CONCAT(N'LO_PROCESOS tiene lo que una vista en su lugar no tendria: ',
    LEFT(@Estorba, 1800), N'. Quitelo antes de 019'), N'%', N'%%');
  THROW 50409, @Mensaje, 1;
END;
GO
-- Lo que escriben los programas viejos. El estado y el arriendo son del chunk; su rango y su recurso, copias de estos.
CREATE TABLE trabajo.Lo_Procesos (
  id bigint IDENTITY(1, 1) NOT NULL,
  ID_Chunk bigint NOT NULL,
  proceso nvarchar(200) NOT NULL,
  usuario nvarchar(100) NULL,
  fecha_inicio datetime2(3) NOT NULL,
  fecha_fin datetime2(3) NULL,
  mensaje nvarchar(4000) NULL,
  byte_inicio bigint NULL,
  -- exclusivo
  byte_fin bigint NULL,
  -- binario: una ruta es la misma solo si lo es letra por letra, igual que en PostgreSQL
  ruta_archivo nvarchar(400) COLLATE Latin1_General_BIN2 NULL,
  CONSTRAINT PK_Lo_Procesos PRIMARY KEY CLUSTERED (id),
  CONSTRAINT UQ_Lo_Procesos_Chunk UNIQUE (ID_Chunk),
  CONSTRAINT FK_Lo_Procesos_Chunks FOREIGN KEY (ID_Chunk) REFERENCES trabajo.Chunks (ID_Chunk),
  CONSTRAINT CK_Lo_Procesos_Rango CHECK (byte_inicio <= byte_fin)
);
GO
-- los rangos de un archivo
CREATE NONCLUSTERED INDEX IX_Lo_Procesos_Ruta ON trabajo.Lo_Procesos (ruta_archivo, byte_inicio)
  INCLUDE (byte_fin, ID_Chunk) WHERE ruta_archivo IS NOT NULL;
GO
-- el Orden de los chunks de LO_PROCESOS: dos que insertan a la vez no se esperan
CREATE SEQUENCE trabajo.Seq_Lo_Procesos AS int START WITH 1 INCREMENT BY 1 MINVALUE 1 NO CYCLE CACHE 100;
GO
-- el valor por defecto de fecha_inicio, tal como lo tenia la tabla
DECLARE @Defecto nvarchar(max), @Orden nvarchar(max);
SELECT @Defecto = d.definition
FROM sys.default_constraints AS d
INNER JOIN sys.columns AS c ON c.object_id = d.parent_object_id AND c.column_id = d.parent_column_id
WHERE d.parent_object_id = OBJECT_ID(N'dbo.LO_PROCESOS_Respaldo_019') AND c.name = N'fecha_inicio';
IF @Defecto IS NOT NULL
BEGIN
  SET @Orden = CONCAT(N'ALTER TABLE trabajo.Lo_Procesos ADD CONSTRAINT DF_Lo_Procesos_fecha_inicio DEFAULT ', @Defecto,
    N' FOR fecha_inicio;');
  EXEC sp_executesql @Orden;
END;
GO
INSERT INTO trabajo.Trabajos (Tipo, Clave, Usuario)
VALUES ('LO_PROCESOS', N'LO_PROCESOS', CONVERT(nvarchar(100), ORIGINAL_LOGIN()));
GO
-- las filas, por lotes y en orden de id: primero los chunks, a los que se reconoce por su Orden
SET NOCOUNT ON;
DECLARE
  @ID_Trabajo bigint = (SELECT t.ID_Trabajo FROM trabajo.Trabajos AS t WHERE t.Clave = N'LO_PROCESOS'),
  @Desde bigint = -1, @Hasta bigint, @Contador bigint;
DECLARE @Lote TABLE (id bigint NOT NULL PRIMARY KEY, Orden int NOT NULL UNIQUE);

SET IDENTITY_INSERT trabajo.Lo_Procesos ON;
WHILE 1 = 1
BEGIN
  SELECT @Hasta = MAX(x.id)
  FROM (
    SELECT TOP (2000) r.id FROM dbo.LO_PROCESOS_Respaldo_019 AS r WHERE r.id > @Desde ORDER BY r.id
  ) AS x;
  IF @Hasta IS NULL
    BREAK;

  DELETE FROM @Lote;
  INSERT INTO @Lote (id, Orden)
  SELECT r.id, NEXT VALUE FOR trabajo.Seq_Lo_Procesos
  FROM dbo.LO_PROCESOS_Respaldo_019 AS r
  WHERE r.id > @Desde AND r.id <= @Hasta;

  INSERT INTO trabajo.Chunks (ID_Trabajo, Orden, Estado, Fin)
  SELECT @ID_Trabajo, o.Orden, CASE WHEN r.fecha_fin IS NULL THEN 'PENDIENTE' ELSE 'COMPLETADO' END, r.fecha_fin
  FROM @Lote AS o
  INNER JOIN dbo.LO_PROCESOS_Respaldo_019 AS r ON r.id = o.id
  ORDER BY o.id;

  INSERT INTO trabajo.Lo_Procesos (id, ID_Chunk, proceso, usuario, fecha_inicio, fecha_fin, mensaje)
  SELECT r.id, c.ID_Chunk, r.proceso, r.usuario, r.fecha_inicio, r.fecha_fin, r.mensaje
  FROM @Lote AS o
  INNER JOIN dbo.LO_PROCESOS_Respaldo_019 AS r ON r.id = o.id
  INNER JOIN trabajo.Chunks AS c ON c.ID_Trabajo = @ID_Trabajo AND c.Orden = o.Orden
  ORDER BY r.id;

  SET @Desde = @Hasta;
END;

-- El contador sigue por encima de todo id que la tabla haya dado, tambien de los que ya no estan: una fila con el ultimo, que
-- se va enseguida.
SET @Contador = (
  SELECT CONVERT(bigint, i.last_value)
  FROM sys.identity_columns AS i
  WHERE i.object_id = OBJECT_ID(N'dbo.LO_PROCESOS_Respaldo_019'));
IF @Contador > @Desde
BEGIN
  INSERT INTO trabajo.Chunks (ID_Trabajo, Orden) VALUES (@ID_Trabajo, 0);
  INSERT INTO trabajo.Lo_Procesos (id, ID_Chunk, proceso, fecha_inicio)
  SELECT @Contador, c.ID_Chunk, N'', SYSUTCDATETIME()
  FROM trabajo.Chunks AS c
  WHERE c.ID_Trabajo = @ID_Trabajo AND c.Orden = 0;
  DELETE FROM trabajo.Lo_Procesos WHERE id = @Contador;
  DELETE FROM trabajo.Chunks WHERE ID_Trabajo = @ID_Trabajo AND Orden = 0;
END;
SET IDENTITY_INSERT trabajo.Lo_Procesos OFF;
GO
-- Lo que un 019 revertido aparto porque la tabla no tiene donde ponerlo. Si entretanto un programa puso o quito fecha_fin, el
-- estado es el que habria quedado escribiendolo en la vista.
IF OBJECT_ID(N'dbo.LO_PROCESOS_Rangos_019', N'U') IS NOT NULL
BEGIN
  SET NOCOUNT ON;
  DECLARE @Desde bigint = -1, @Hasta bigint;
  WHILE 1 = 1
  BEGIN
    SELECT @Hasta = MAX(x.id)
    FROM (
      SELECT TOP (2000) r.id FROM dbo.LO_PROCESOS_Rangos_019 AS r WHERE r.id > @Desde ORDER BY r.id
    ) AS x;
    IF @Hasta IS NULL
      BREAK;

    UPDATE l
    SET byte_inicio = r.byte_inicio, byte_fin = r.byte_fin, ruta_archivo = r.ruta_archivo
    FROM trabajo.Lo_Procesos AS l
    INNER JOIN dbo.LO_PROCESOS_Rangos_019 AS r ON r.id = l.id
    WHERE r.id > @Desde AND r.id <= @Hasta;

    UPDATE c
    SET
      Rango_Inicio = r.byte_inicio, Rango_Fin = r.byte_fin, Recurso = r.ruta_archivo, Token = r.Token, Intento = r.Intento,
      Inicio = r.Inicio, Ultimo_Error = r.Ultimo_Error,
      Estado = CASE WHEN e.Estado = 'PROCESANDO' THEN 'PENDIENTE' ELSE e.Estado END,
      Poseedor = CASE WHEN e.Estado = 'PROCESANDO' THEN r.Poseedor END,
      Expira = CASE WHEN e.Estado = 'PROCESANDO' THEN r.Expira END,
      Fin = CASE WHEN e.Estado NOT IN ('PENDIENTE', 'PROCESANDO') THEN COALESCE(l.fecha_fin, r.Fin) END
    FROM trabajo.Chunks AS c
    INNER JOIN trabajo.Lo_Procesos AS l ON l.ID_Chunk = c.ID_Chunk
    INNER JOIN dbo.LO_PROCESOS_Rangos_019 AS r ON r.id = l.id
    CROSS APPLY (
      SELECT CASE
        WHEN r.fecha_fin IS NULL AND l.fecha_fin IS NOT NULL AND r.estado IN ('PENDIENTE', 'PROCESANDO') THEN 'COMPLETADO'
        WHEN r.fecha_fin IS NOT NULL AND l.fecha_fin IS NULL AND r.estado = 'COMPLETADO' THEN 'PENDIENTE'
        ELSE r.estado
      END AS Estado
    ) AS e
    WHERE r.id > @Desde AND r.id <= @Hasta;

    SET @Desde = @Hasta;
  END;
  DROP TABLE dbo.LO_PROCESOS_Rangos_019;
END;
GO
/*
  Las columnas id y fecha_inicio admiten NULL en la vista (lo comprueba el verify): un INSERT que no las nombra es valido solo
  asi, y los de antes no las nombran.
*/
CREATE VIEW dbo.LO_PROCESOS
AS
SELECT
  l.id, l.proceso, l.usuario, l.fecha_inicio, l.fecha_fin, l.mensaje, l.byte_inicio, l.byte_fin,
  CONVERT(nvarchar(400), l.ruta_archivo COLLATE DATABASE_DEFAULT) AS ruta_archivo,
  CONVERT(varchar(50), CASE WHEN c.Poseedor IS NOT NULL THEN 'PROCESANDO' ELSE c.Estado END) AS estado
FROM trabajo.Lo_Procesos AS l
INNER JOIN trabajo.Chunks AS c ON c.ID_Chunk = l.ID_Chunk
UNION ALL
-- la revision de logs de carril: se mira, no se toca. CASE y COALESCE: expresiones que admiten NULL
SELECT
  CASE WHEN c.ID_Chunk > 0 THEN -c.ID_Chunk END, CONVERT(nvarchar(200), N'carril'),
  CONVERT(nvarchar(100), LEFT(COALESCE(c.Poseedor, t.Usuario), 100)), COALESCE(c.Inicio, t.FechaCreacion), c.Fin,
  c.Ultimo_Error, c.Rango_Inicio, c.Rango_Fin, c.Recurso,
  CONVERT(varchar(50), CASE WHEN c.Poseedor IS NOT NULL THEN 'PROCESANDO' ELSE c.Estado END)
FROM trabajo.Trabajos AS t
-- por este indice se decide sin leer la fila que un carril este escribiendo: sus columnas no cambian nunca
INNER JOIN trabajo.Chunks AS c WITH (FORCESEEK (UX_Chunks_Orden (ID_Trabajo))) ON c.ID_Trabajo = t.ID_Trabajo
WHERE t.Tipo = 'LOGS' AND c.Rango_Inicio IS NOT NULL;
GO
/*
  INSERT de una o muchas filas. Sin estado, el que dice fecha_fin: PENDIENTE o COMPLETADO. Con PROCESANDO (o EN_PROGRESO),
  quien lo escribe es su poseedor por 30 minutos. Las filas se insertan en ultimo lugar: @@IDENTITY es su id.
*/
CREATE TRIGGER dbo.tr_LO_PROCESOS_Insertar ON dbo.LO_PROCESOS
INSTEAD OF INSERT
AS
BEGIN
  -- los indices filtrados las exigen, y un programa viejo puede haber entrado con otras
  SET NOCOUNT, XACT_ABORT, ANSI_WARNINGS, ANSI_PADDING, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;
  DECLARE
    @Ahora datetime2(3) = SYSUTCDATETIME(), @ID_Trabajo bigint, @Desde int = -1, @Hasta int, @Mensaje nvarchar(2048),
    @Login nvarchar(200) = ORIGINAL_LOGIN();
  DECLARE @Filas TABLE (
    Orden int NOT NULL PRIMARY KEY, proceso nvarchar(200) NULL, usuario nvarchar(100) NULL, fecha_inicio datetime2(3) NULL,
    fecha_fin datetime2(3) NULL, mensaje nvarchar(4000) NULL, byte_inicio bigint NULL, byte_fin bigint NULL,
    ruta_archivo nvarchar(400) NULL, Estado varchar(50) NULL, Escrito varchar(50) NULL);

  IF NOT EXISTS (SELECT 1 FROM inserted)
    RETURN;
  IF EXISTS (SELECT 1 FROM inserted AS i WHERE i.id IS NOT NULL)
    THROW 50409, N'LO_PROCESOS: el id lo da la base; uno negativo es de la revision de logs de carril', 1;

  INSERT INTO @Filas (
    Orden, proceso, usuario, fecha_inicio, fecha_fin, mensaje, byte_inicio, byte_fin, ruta_archivo, Estado, Escrito)
  SELECT
    NEXT VALUE FOR trabajo.Seq_Lo_Procesos, i.proceso, i.usuario, i.fecha_inicio, i.fecha_fin, i.mensaje, i.byte_inicio,
    i.byte_fin, i.ruta_archivo, UPPER(LTRIM(RTRIM(i.estado))), i.estado
  FROM inserted AS i;

  UPDATE @Filas
  SET Estado = CASE
    WHEN Estado = 'EN_PROGRESO' THEN 'PROCESANDO'
    WHEN Estado <> '' THEN Estado
    WHEN fecha_fin IS NULL THEN 'PENDIENTE'
    ELSE 'COMPLETADO'
  END;
  SELECT TOP (1) @Mensaje = REPLACE(CASE
    WHEN f.byte_fin < f.byte_inicio
      THEN CONCAT(N'LO_PROCESOS: byte_fin (', f.byte_fin, N') esta antes de byte_inicio (', f.byte_inicio, N')')
    ELSE CONCAT(N'LO_PROCESOS: ', f.Escrito, N' no es un estado: PENDIENTE, PROCESANDO, COMPLETADO, ERROR o CANCELADO')
  END, N'%', N'%%') -- THROW lee los %
  FROM @Filas AS f
  WHERE f.byte_fin < f.byte_inicio OR f.Estado NOT IN ('PENDIENTE', 'PROCESANDO', 'COMPLETADO', 'ERROR', 'CANCELADO')
  ORDER BY f.Orden;
  IF @Mensaje IS NOT NULL
    THROW 50400, @Mensaje, 1;

  SELECT @ID_Trabajo = t.ID_Trabajo FROM trabajo.Trabajos AS t WHERE t.Clave = N'LO_PROCESOS';

  WHILE 1 = 1
  BEGIN
    SELECT @Hasta = MAX(x.Orden)
    FROM (SELECT TOP (2000) f.Orden FROM @Filas AS f WHERE f.Orden > @Desde ORDER BY f.Orden) AS x;
    IF @Hasta IS NULL
      BREAK;

    INSERT INTO trabajo.Chunks (
      ID_Trabajo, Orden, Rango_Inicio, Rango_Fin, Recurso, Estado, Poseedor, Token, Intento, Expira, Inicio, Fin, Ultimo_Error)
    SELECT
      @ID_Trabajo, f.Orden, f.byte_inicio, f.byte_fin, f.ruta_archivo,
      CASE WHEN f.Estado = 'PROCESANDO' THEN 'PENDIENTE' ELSE f.Estado END,
      CASE WHEN f.Estado = 'PROCESANDO' THEN COALESCE(f.usuario, @Login) END,
      CASE WHEN f.Estado = 'PROCESANDO' THEN 1 ELSE 0 END,
      CASE WHEN f.Estado = 'PROCESANDO' THEN 1 ELSE 0 END,
      CASE WHEN f.Estado = 'PROCESANDO' THEN DATEADD(MINUTE, 30, @Ahora) END,
      CASE WHEN f.Estado = 'PROCESANDO' THEN @Ahora END,
      CASE WHEN f.Estado NOT IN ('PENDIENTE', 'PROCESANDO') THEN COALESCE(f.fecha_fin, @Ahora) END,
      CASE WHEN f.Estado = 'ERROR' THEN f.mensaje END
    FROM @Filas AS f
    WHERE f.Orden > @Desde AND f.Orden <= @Hasta
    ORDER BY f.Orden;

    -- las que callan fecha_inicio, aparte: la recibe de la tabla, como antes
    IF EXISTS (SELECT 1 FROM @Filas AS f WHERE f.Orden > @Desde AND f.Orden <= @Hasta AND f.fecha_inicio IS NOT NULL)
      INSERT INTO trabajo.Lo_Procesos (
        ID_Chunk, proceso, usuario, fecha_inicio, fecha_fin, mensaje, byte_inicio, byte_fin, ruta_archivo)
      SELECT
        c.ID_Chunk, f.proceso, f.usuario, f.fecha_inicio, f.fecha_fin, f.mensaje, f.byte_inicio, f.byte_fin, f.ruta_archivo
      FROM @Filas AS f
      INNER JOIN trabajo.Chunks AS c ON c.ID_Trabajo = @ID_Trabajo AND c.Orden = f.Orden
      WHERE f.Orden > @Desde AND f.Orden <= @Hasta AND f.fecha_inicio IS NOT NULL
      ORDER BY f.Orden;
    IF EXISTS (SELECT 1 FROM @Filas AS f WHERE f.Orden > @Desde AND f.Orden <= @Hasta AND f.fecha_inicio IS NULL)
      INSERT INTO trabajo.Lo_Procesos (ID_Chunk, proceso, usuario, fecha_fin, mensaje, byte_inicio, byte_fin, ruta_archivo)
      SELECT c.ID_Chunk, f.proceso, f.usuario, f.fecha_fin, f.mensaje, f.byte_inicio, f.byte_fin, f.ruta_archivo
      FROM @Filas AS f
      INNER JOIN trabajo.Chunks AS c ON c.ID_Trabajo = @ID_Trabajo AND c.Orden = f.Orden
      WHERE f.Orden > @Desde AND f.Orden <= @Hasta AND f.fecha_inicio IS NULL
      ORDER BY f.Orden;

    SET @Desde = @Hasta;
  END;
END;
GO
/*
  UPDATE de una o muchas filas. El estado cambia si se escribe otro; si no, lo cambia fecha_fin: al ponerla termina lo que no
  habia terminado, al quitarla vuelve a empezar lo completado. PROCESANDO escrito de nuevo con otro usuario u otra
  fecha_inicio es otro que lo toma: el token avanza y el anterior ya no puede liberarlo.
  Las filas se miran otra vez con ellas bloqueadas: si alguna ya no es la que el UPDATE encontro, dos no toman lo mismo (50408,
  se repite).
*/
CREATE TRIGGER dbo.tr_LO_PROCESOS_Cambiar ON dbo.LO_PROCESOS
INSTEAD OF UPDATE
AS
BEGIN
  SET NOCOUNT, XACT_ABORT, ANSI_WARNINGS, ANSI_PADDING, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;
  DECLARE
    @Ahora datetime2(3) = SYSUTCDATETIME(), @Desde bigint = -1, @Hasta bigint, @ID_Chunk bigint = 0, @id bigint,
    @Recurso nvarchar(255), @Mensaje nvarchar(2048), @Login nvarchar(200) = ORIGINAL_LOGIN();
  DECLARE @Filas TABLE (
    id bigint NOT NULL PRIMARY KEY, ID_Chunk bigint NULL, Antes varchar(50) NOT NULL, Estado varchar(50) NULL,
    Toma bit NOT NULL, Candado bit NOT NULL);

  IF NOT EXISTS (SELECT 1 FROM deleted)
    RETURN;
  IF EXISTS (SELECT 1 FROM deleted AS d WHERE d.id < 0)
    THROW 50409, N'LO_PROCESOS: una fila de id negativo es de la revision de logs de carril: solo se lee', 1;
  IF UPDATE(id)
    THROW 50409, N'LO_PROCESOS: el id no se cambia', 1;

  INSERT INTO @Filas (id, Antes, Estado, Toma, Candado)
  SELECT
    d.id, d.estado,
    CASE
      WHEN n.Estado = 'EN_PROGRESO' THEN 'PROCESANDO'
      WHEN n.Estado IS NULL THEN CASE WHEN i.fecha_fin IS NULL THEN 'PENDIENTE' ELSE 'COMPLETADO' END
      WHEN n.Estado <> d.estado THEN n.Estado
      WHEN d.fecha_fin IS NULL AND i.fecha_fin IS NOT NULL AND d.estado IN ('PENDIENTE', 'PROCESANDO') THEN 'COMPLETADO'
      WHEN d.fecha_fin IS NOT NULL AND i.fecha_fin IS NULL AND d.estado = 'COMPLETADO' THEN 'PENDIENTE'
      ELSE n.Estado
    END,
    -- todavia falta saber si el estado acaba en PROCESANDO
    CASE
      WHEN d.estado <> 'PROCESANDO'
        OR EXISTS (SELECT i.usuario, i.fecha_inicio EXCEPT SELECT d.usuario, d.fecha_inicio) THEN 1
      ELSE 0
    END,
    0
  FROM inserted AS i
  INNER JOIN deleted AS d ON d.id = i.id
  CROSS APPLY (SELECT NULLIF(UPPER(LTRIM(RTRIM(i.estado))), '') AS Estado) AS n;

  SELECT TOP (1) @Mensaje = REPLACE(CASE
    WHEN i.byte_fin < i.byte_inicio
      THEN CONCAT(N'LO_PROCESOS: byte_fin (', i.byte_fin, N') esta antes de byte_inicio (', i.byte_inicio, N')')
    ELSE CONCAT(N'LO_PROCESOS: ', i.estado, N' no es un estado: PENDIENTE, PROCESANDO, COMPLETADO, ERROR o CANCELADO')
  END, N'%', N'%%') -- THROW lee los %
  FROM @Filas AS f
  INNER JOIN inserted AS i ON i.id = f.id
  WHERE i.byte_fin < i.byte_inicio OR f.Estado NOT IN ('PENDIENTE', 'PROCESANDO', 'COMPLETADO', 'ERROR', 'CANCELADO')
  ORDER BY f.id;
  IF @Mensaje IS NOT NULL
    THROW 50400, @Mensaje, 1;

  -- quien lo tiene o lo tuvo puede estar a mitad de una transaccion: su candado, antes que la fila
  UPDATE f
  SET
    ID_Chunk = c.ID_Chunk,
    Toma = CASE WHEN f.Estado = 'PROCESANDO' THEN f.Toma ELSE 0 END,
    Candado = CASE
      WHEN f.Estado = 'PROCESANDO' AND f.Toma = 1 AND c.Token > 0 THEN 1
      WHEN f.Estado <> f.Antes AND c.Poseedor IS NOT NULL THEN 1
      ELSE 0
    END
  FROM @Filas AS f
  INNER JOIN trabajo.Lo_Procesos AS l ON l.id = f.id
  INNER JOIN trabajo.Chunks AS c ON c.ID_Chunk = l.ID_Chunk;
  WHILE 1 = 1
  BEGIN
    SELECT TOP (1) @ID_Chunk = f.ID_Chunk FROM @Filas AS f WHERE f.Candado = 1 AND f.ID_Chunk > @ID_Chunk ORDER BY f.ID_Chunk;
    IF @@ROWCOUNT = 0
      BREAK;
    SET @Recurso = CONCAT(N'carril:chunk:', @ID_Chunk);
    EXEC trabajo.sp_Bloquear @Recurso = @Recurso, @Modo = 'Exclusive', @Espera_ms = 15000;
  END;

  WHILE 1 = 1
  BEGIN
    SELECT @Hasta = MAX(x.id) FROM (SELECT TOP (2000) f.id FROM @Filas AS f WHERE f.id > @Desde ORDER BY f.id) AS x;
    IF @Hasta IS NULL
      BREAK;

    -- UPDLOCK: la fila de ahora, no una version, y de nadie mas hasta confirmar. Una que ya no existe no se cambia
    SELECT @id = MAX(x.id)
    FROM @Filas AS f
    INNER JOIN trabajo.Lo_Procesos AS l WITH (UPDLOCK, ROWLOCK) ON l.id = f.id
    INNER JOIN trabajo.Chunks AS c WITH (UPDLOCK, ROWLOCK) ON c.ID_Chunk = l.ID_Chunk
    INNER JOIN deleted AS d ON d.id = f.id
    -- aparte: MAX no admite una subconsulta (error 130)
    CROSS APPLY (
      SELECT CASE WHEN EXISTS (
        SELECT l.proceso, l.usuario, l.fecha_inicio, l.fecha_fin, l.mensaje, l.byte_inicio, l.byte_fin,
          l.ruta_archivo COLLATE DATABASE_DEFAULT,
          CASE WHEN c.Poseedor IS NOT NULL THEN 'PROCESANDO' ELSE c.Estado END
        INTERSECT
        SELECT d.proceso, d.usuario, d.fecha_inicio, d.fecha_fin, d.mensaje, d.byte_inicio, d.byte_fin, d.ruta_archivo, d.estado
      ) THEN -1 ELSE l.id END AS id
    ) AS x
    WHERE f.id > @Desde AND f.id <= @Hasta;
    IF @id >= 0
    BEGIN
      SET @Mensaje = CONCAT(N'LO_PROCESOS: otra sesion cambio la fila ', @id,
        N' mientras se escribia; se puede repetir la sentencia');
      THROW 50408, @Mensaje, 1;
    END;

    UPDATE l
    SET
      proceso = i.proceso, usuario = i.usuario, fecha_inicio = i.fecha_inicio, fecha_fin = i.fecha_fin, mensaje = i.mensaje,
      byte_inicio = i.byte_inicio, byte_fin = i.byte_fin, ruta_archivo = i.ruta_archivo
    FROM trabajo.Lo_Procesos AS l WITH (ROWLOCK, FORCESEEK)
    INNER JOIN @Filas AS f ON f.id = l.id
    INNER JOIN inserted AS i ON i.id = f.id
    WHERE f.id > @Desde AND f.id <= @Hasta;

    UPDATE c
    SET
      Rango_Inicio = i.byte_inicio,
      Rango_Fin = i.byte_fin,
      Recurso = i.ruta_archivo,
      Estado = CASE WHEN f.Estado = 'PROCESANDO' THEN 'PENDIENTE' ELSE f.Estado END,
      Poseedor = CASE WHEN f.Toma = 1 THEN COALESCE(i.usuario, @Login) WHEN f.Estado = 'PROCESANDO' THEN c.Poseedor END,
      Expira = CASE WHEN f.Toma = 1 THEN DATEADD(MINUTE, 30, @Ahora) WHEN f.Estado = 'PROCESANDO' THEN c.Expira END,
      Token = c.Token + f.Toma,
      Intento = c.Intento + f.Toma,
      Inicio = CASE WHEN f.Toma = 1 THEN @Ahora ELSE c.Inicio END,
      Fin = CASE WHEN f.Estado NOT IN ('PENDIENTE', 'PROCESANDO') THEN COALESCE(i.fecha_fin, c.Fin, @Ahora) END,
      Ultimo_Error = CASE WHEN f.Estado = 'ERROR' THEN COALESCE(i.mensaje, c.Ultimo_Error) ELSE c.Ultimo_Error END
    FROM trabajo.Chunks AS c WITH (ROWLOCK, FORCESEEK)
    INNER JOIN trabajo.Lo_Procesos AS l ON l.ID_Chunk = c.ID_Chunk
    INNER JOIN @Filas AS f ON f.id = l.id
    INNER JOIN inserted AS i ON i.id = f.id
    WHERE f.id > @Desde AND f.id <= @Hasta;

    SET @Desde = @Hasta;
  END;
END;
GO
-- DELETE de una o muchas filas, miradas otra vez con ellas bloqueadas
CREATE TRIGGER dbo.tr_LO_PROCESOS_Borrar ON dbo.LO_PROCESOS
INSTEAD OF DELETE
AS
BEGIN
  SET NOCOUNT, XACT_ABORT, ANSI_WARNINGS, ANSI_PADDING, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;
  DECLARE
    @Desde bigint = -1, @Hasta bigint, @ID_Chunk bigint = 0, @id bigint, @Recurso nvarchar(255), @Mensaje nvarchar(2048);
  DECLARE @Filas TABLE (id bigint NOT NULL PRIMARY KEY, ID_Chunk bigint NULL, Candado bit NOT NULL);

  IF NOT EXISTS (SELECT 1 FROM deleted)
    RETURN;
  IF EXISTS (SELECT 1 FROM deleted AS d WHERE d.id < 0)
    THROW 50409, N'LO_PROCESOS: una fila de id negativo es de la revision de logs de carril: solo se lee', 1;

  INSERT INTO @Filas (id, ID_Chunk, Candado)
  SELECT d.id, c.ID_Chunk, CASE WHEN c.Poseedor IS NULL THEN 0 ELSE 1 END
  FROM deleted AS d
  INNER JOIN trabajo.Lo_Procesos AS l ON l.id = d.id
  INNER JOIN trabajo.Chunks AS c ON c.ID_Chunk = l.ID_Chunk;
  WHILE 1 = 1
  BEGIN
    SELECT TOP (1) @ID_Chunk = f.ID_Chunk FROM @Filas AS f WHERE f.Candado = 1 AND f.ID_Chunk > @ID_Chunk ORDER BY f.ID_Chunk;
    IF @@ROWCOUNT = 0
      BREAK;
    SET @Recurso = CONCAT(N'carril:chunk:', @ID_Chunk);
    EXEC trabajo.sp_Bloquear @Recurso = @Recurso, @Modo = 'Exclusive', @Espera_ms = 15000;
  END;

  WHILE 1 = 1
  BEGIN
    SELECT @Hasta = MAX(x.id) FROM (SELECT TOP (2000) f.id FROM @Filas AS f WHERE f.id > @Desde ORDER BY f.id) AS x;
    IF @Hasta IS NULL
      BREAK;

    SELECT @id = MAX(x.id)
    FROM @Filas AS f
    INNER JOIN trabajo.Lo_Procesos AS l WITH (UPDLOCK, ROWLOCK) ON l.id = f.id
    INNER JOIN trabajo.Chunks AS c WITH (UPDLOCK, ROWLOCK) ON c.ID_Chunk = l.ID_Chunk
    INNER JOIN deleted AS d ON d.id = f.id
    -- aparte: MAX no admite una subconsulta (error 130)
    CROSS APPLY (
      SELECT CASE WHEN EXISTS (
        SELECT l.proceso, l.usuario, l.fecha_inicio, l.fecha_fin, l.mensaje, l.byte_inicio, l.byte_fin,
          l.ruta_archivo COLLATE DATABASE_DEFAULT,
          CASE WHEN c.Poseedor IS NOT NULL THEN 'PROCESANDO' ELSE c.Estado END
        INTERSECT
        SELECT d.proceso, d.usuario, d.fecha_inicio, d.fecha_fin, d.mensaje, d.byte_inicio, d.byte_fin, d.ruta_archivo, d.estado
      ) THEN -1 ELSE l.id END AS id
    ) AS x
    WHERE f.id > @Desde AND f.id <= @Hasta;
    IF @id >= 0
    BEGIN
      SET @Mensaje = CONCAT(N'LO_PROCESOS: otra sesion cambio la fila ', @id,
        N' mientras se borraba; se puede repetir la sentencia');
      THROW 50408, @Mensaje, 1;
    END;

    DELETE l
    FROM trabajo.Lo_Procesos AS l WITH (ROWLOCK, FORCESEEK)
    INNER JOIN @Filas AS f ON f.id = l.id
    WHERE f.id > @Desde AND f.id <= @Hasta;

    DELETE c
    FROM trabajo.Chunks AS c WITH (ROWLOCK, FORCESEEK)
    INNER JOIN @Filas AS f ON f.ID_Chunk = c.ID_Chunk
    WHERE f.id > @Desde AND f.id <= @Hasta;

    SET @Desde = @Hasta;
  END;
END;
GO
-- quien podia leer o escribir la tabla puede con la vista, y quien no, tampoco; el respaldo conserva sus permisos, para el down
DECLARE @Permisos nvarchar(max);
SELECT @Permisos = STRING_AGG(CONVERT(nvarchar(max), CONCAT(
  CASE p.state WHEN 'D' THEN N'DENY ' ELSE N'GRANT ' END, p.permission_name COLLATE DATABASE_DEFAULT, N' ON dbo.LO_PROCESOS',
  CASE WHEN p.minor_id > 0 THEN CONCAT(N' (', QUOTENAME(COL_NAME(p.major_id, p.minor_id)), N')') END,
  N' TO ', QUOTENAME(USER_NAME(p.grantee_principal_id)),
  CASE p.state WHEN 'W' THEN N' WITH GRANT OPTION' END, N';')), N' ')
FROM sys.database_permissions AS p
WHERE p.class = 1 AND p.major_id = OBJECT_ID(N'dbo.LO_PROCESOS_Respaldo_019') AND p.state IN ('D', 'G', 'W')
  AND p.permission_name IN ('SELECT', 'INSERT', 'UPDATE', 'DELETE', 'CONTROL', 'VIEW DEFINITION');
IF @Permisos IS NOT NULL
  EXEC sp_executesql @Permisos;
GO
GRANT CONTROL ON dbo.LO_PROCESOS TO carril_dba;
GRANT SELECT ON dbo.LO_PROCESOS TO carril_lector;
