/*
  Revierte 019: la tabla de antes recupera su nombre. Si nadie escribio desde el up, no se toca ni una fila ni el contador; si
  no, recibe por lotes lo que se inserto (con los mismos id), cambio o borro. Lo que no cabe en sus columnas (rangos, estados
  puestos a mano, tokens) queda en LO_PROCESOS_Rangos_019, que solo se crea si hay algo asi y que otro up vuelve a recoger.
*/
SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
-- despues de esto no escribe nadie
DROP TRIGGER dbo.tr_LO_PROCESOS_Insertar;
DROP TRIGGER dbo.tr_LO_PROCESOS_Cambiar;
DROP TRIGGER dbo.tr_LO_PROCESOS_Borrar;
DROP VIEW dbo.LO_PROCESOS;
GO
SET NOCOUNT ON;
DECLARE @Desde bigint = -1, @Hasta bigint, @Contador bigint, @Anterior bigint;

-- espera a las transacciones que habian escrito por la vista
SELECT @Hasta = COUNT(*) FROM trabajo.Lo_Procesos AS l WITH (TABLOCKX, HOLDLOCK);

-- borradas
WHILE 1 = 1
BEGIN
  SELECT @Hasta = MAX(x.id)
  FROM (
    SELECT TOP (2000) r.id FROM dbo.LO_PROCESOS_Respaldo_019 AS r WHERE r.id > @Desde ORDER BY r.id
  ) AS x;
  IF @Hasta IS NULL
    BREAK;

  DELETE r
  FROM dbo.LO_PROCESOS_Respaldo_019 AS r
  WHERE r.id > @Desde AND r.id <= @Hasta AND NOT EXISTS (SELECT 1 FROM trabajo.Lo_Procesos AS l WHERE l.id = r.id);
  SET @Desde = @Hasta;
END;

-- cambiadas e insertadas; los textos se comparan por sus bytes: = no distingue mayusculas ni espacios al final
SET @Desde = -1;
SET IDENTITY_INSERT dbo.LO_PROCESOS_Respaldo_019 ON;
WHILE 1 = 1
BEGIN
  SELECT @Hasta = MAX(x.id)
  FROM (SELECT TOP (2000) l.id FROM trabajo.Lo_Procesos AS l WHERE l.id > @Desde ORDER BY l.id) AS x;
  IF @Hasta IS NULL
    BREAK;

  UPDATE r
  SET proceso = l.proceso, usuario = l.usuario, fecha_inicio = l.fecha_inicio, fecha_fin = l.fecha_fin, mensaje = l.mensaje
  FROM dbo.LO_PROCESOS_Respaldo_019 AS r
  INNER JOIN trabajo.Lo_Procesos AS l ON l.id = r.id
  WHERE l.id > @Desde AND l.id <= @Hasta AND EXISTS (
    SELECT
      CONVERT(varbinary(8000), l.proceso), CONVERT(varbinary(8000), l.usuario), l.fecha_inicio, l.fecha_fin,
      CONVERT(varbinary(8000), l.mensaje)
    EXCEPT
    SELECT
      CONVERT(varbinary(8000), CONVERT(nvarchar(200), r.proceso)), CONVERT(varbinary(8000), CONVERT(nvarchar(100), r.usuario)),
      CONVERT(datetime2(3), r.fecha_inicio), CONVERT(datetime2(3), r.fecha_fin),
      CONVERT(varbinary(8000), CONVERT(nvarchar(4000), r.mensaje)));

  INSERT INTO dbo.LO_PROCESOS_Respaldo_019 (id, proceso, usuario, fecha_inicio, fecha_fin, mensaje)
  SELECT l.id, l.proceso, l.usuario, l.fecha_inicio, l.fecha_fin, l.mensaje
  FROM trabajo.Lo_Procesos AS l
  WHERE l.id > @Desde AND l.id <= @Hasta
    AND NOT EXISTS (SELECT 1 FROM dbo.LO_PROCESOS_Respaldo_019 AS r WHERE r.id = l.id)
  ORDER BY l.id;
  SET @Desde = @Hasta;
END;

-- un id que la vista dio no se vuelve a dar, aunque su fila ya no este: una fila con el ultimo, que se va enseguida
SELECT
  @Contador = MAX(CASE WHEN i.object_id = OBJECT_ID(N'trabajo.Lo_Procesos') THEN CONVERT(bigint, i.last_value) END),
  @Anterior = MAX(CASE WHEN i.object_id = OBJECT_ID(N'dbo.LO_PROCESOS_Respaldo_019') THEN CONVERT(bigint, i.last_value) END)
FROM sys.identity_columns AS i
WHERE i.object_id IN (OBJECT_ID(N'trabajo.Lo_Procesos'), OBJECT_ID(N'dbo.LO_PROCESOS_Respaldo_019'));
IF @Contador > COALESCE(@Anterior, -1)
  AND NOT EXISTS (SELECT 1 FROM dbo.LO_PROCESOS_Respaldo_019 AS r WHERE r.id = @Contador)
BEGIN
  INSERT INTO dbo.LO_PROCESOS_Respaldo_019 (id, proceso, fecha_inicio) VALUES (@Contador, N'', SYSUTCDATETIME());
  DELETE FROM dbo.LO_PROCESOS_Respaldo_019 WHERE id = @Contador;
END;
SET IDENTITY_INSERT dbo.LO_PROCESOS_Respaldo_019 OFF;
GO
EXEC sp_rename N'dbo.LO_PROCESOS_Respaldo_019', N'LO_PROCESOS';
GO
SET NOCOUNT ON;
IF EXISTS (
  SELECT 1
  FROM trabajo.Lo_Procesos AS l
  INNER JOIN trabajo.Chunks AS c ON c.ID_Chunk = l.ID_Chunk
  WHERE l.byte_inicio IS NOT NULL OR l.byte_fin IS NOT NULL OR l.ruta_archivo IS NOT NULL OR c.Token > 0
    OR c.Estado <> CASE WHEN l.fecha_fin IS NULL THEN 'PENDIENTE' ELSE 'COMPLETADO' END)
BEGIN
  CREATE TABLE dbo.LO_PROCESOS_Rangos_019 (
    id bigint NOT NULL,
    -- la que habia: si cambia, el estado ya no vale tal cual
    fecha_fin datetime2(3) NULL,
    byte_inicio bigint NULL,
    byte_fin bigint NULL,
    ruta_archivo nvarchar(400) NULL,
    estado varchar(50) NOT NULL,
    Poseedor nvarchar(200) NULL,
    Token bigint NOT NULL,
    Intento int NOT NULL,
    Expira datetime2(3) NULL,
    Inicio datetime2(3) NULL,
    Fin datetime2(3) NULL,
    Ultimo_Error nvarchar(4000) NULL,
    CONSTRAINT PK_LO_PROCESOS_Rangos_019 PRIMARY KEY CLUSTERED (id)
  );

  DECLARE @Desde bigint = -1, @Hasta bigint;
  WHILE 1 = 1
  BEGIN
    SELECT @Hasta = MAX(x.id)
    FROM (SELECT TOP (2000) l.id FROM trabajo.Lo_Procesos AS l WHERE l.id > @Desde ORDER BY l.id) AS x;
    IF @Hasta IS NULL
      BREAK;

    INSERT INTO dbo.LO_PROCESOS_Rangos_019 (
      id, fecha_fin, byte_inicio, byte_fin, ruta_archivo, estado, Poseedor, Token, Intento, Expira, Inicio, Fin, Ultimo_Error)
    SELECT
      l.id, l.fecha_fin, l.byte_inicio, l.byte_fin, l.ruta_archivo,
      CASE WHEN c.Poseedor IS NOT NULL THEN 'PROCESANDO' ELSE c.Estado END,
      c.Poseedor, c.Token, c.Intento, c.Expira, c.Inicio, c.Fin, c.Ultimo_Error
    FROM trabajo.Lo_Procesos AS l
    INNER JOIN trabajo.Chunks AS c ON c.ID_Chunk = l.ID_Chunk
    WHERE l.id > @Desde AND l.id <= @Hasta
      AND (l.byte_inicio IS NOT NULL OR l.byte_fin IS NOT NULL OR l.ruta_archivo IS NOT NULL OR c.Token > 0
        OR c.Estado <> CASE WHEN l.fecha_fin IS NULL THEN 'PENDIENTE' ELSE 'COMPLETADO' END)
    ORDER BY l.id;
    SET @Desde = @Hasta;
  END;
END;
GO
DROP TABLE trabajo.Lo_Procesos;
GO
DROP SEQUENCE trabajo.Seq_Lo_Procesos;
GO
SET NOCOUNT ON;
DECLARE
  @ID_Trabajo bigint = (SELECT t.ID_Trabajo FROM trabajo.Trabajos AS t WHERE t.Clave = N'LO_PROCESOS'), @Filas int = 1;
WHILE @Filas > 0
BEGIN
  DELETE TOP (2000) FROM trabajo.Chunks WHERE ID_Trabajo = @ID_Trabajo;
  SET @Filas = @@ROWCOUNT;
END;
DELETE FROM trabajo.Trabajos WHERE ID_Trabajo = @ID_Trabajo;
GO
