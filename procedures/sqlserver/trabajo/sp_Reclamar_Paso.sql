SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  The claim itself, for trabajo.sp_Reclamar_Chunks and trabajo.sp_Completar_Chunks, which validate, begin and commit: both take
  its rows with INSERT ... EXEC and answer after the commit. Never waits.

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
  Step: called inside the caller's transaction
  Since: 018
*/
CREATE OR ALTER PROCEDURE trabajo.sp_Reclamar_Paso
  @Poseedor nvarchar(200),
  @Tipos trabajo.Lista_Tipos_v1 READONLY,
  @Maximo int,
  @Arriendo_s int,
  @ID_Trabajo bigint = NULL
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  IF @@TRANCOUNT = 0
    THROW 50409, N'trabajo.sp_Reclamar_Paso necesita una transaccion abierta: la de quien reclama', 1;

  DECLARE
    @Ahora datetime2(3) = SYSUTCDATETIME(),
    @Todos bit = CASE WHEN EXISTS (SELECT 1 FROM @Tipos) THEN 0 ELSE 1 END,
    @Trabajo bigint = 0, @Max_Intentos int, @Vencidos bit, @Falta int = @Maximo,
    @ID_Chunk bigint, @Token bigint, @Intento int, @Expira datetime2(3), @Ultimo_Expira datetime2(3), @Ultimo_Chunk bigint,
    @Recurso nvarchar(255), @Concedido bit;
  DECLARE @Vence datetime2(3) = DATEADD(SECOND, @Arriendo_s, @Ahora);
  DECLARE @Elegidos TABLE (ID_Chunk bigint NOT NULL PRIMARY KEY, Token bigint NOT NULL);
  DECLARE @Mios TABLE (ID_Chunk bigint NOT NULL PRIMARY KEY, Token bigint NOT NULL);
  DECLARE @Trabajos TABLE (
    ID_Trabajo bigint NOT NULL PRIMARY KEY, Tipo varchar(50) NOT NULL, Max_Intentos int NOT NULL,
    Parametros nvarchar(max) NULL);

  WHILE @Falta > 0
  BEGIN
    -- el siguiente trabajo con algo que reclamar, sin candado: lo bloqueado se salta, no se espera. FORCESEEK por ID_Trabajo:
    -- una busqueda por trabajo, nunca un recorrido de todo lo pendiente para cruzarlo despues
    SELECT TOP (1)
      @Trabajo = t.ID_Trabajo,
      @Max_Intentos = t.Max_Intentos,
      @Vencidos = CASE WHEN EXISTS (
        SELECT 1
        FROM trabajo.Chunks AS v WITH (ROWLOCK, READPAST, READCOMMITTEDLOCK, FORCESEEK (IX_Chunks_Arrendados (ID_Trabajo)))
        WHERE v.ID_Trabajo = t.ID_Trabajo AND v.Estado = 'PENDIENTE' AND v.Poseedor IS NOT NULL AND v.Expira < @Ahora
      ) THEN 1 ELSE 0 END
    FROM trabajo.Trabajos AS t WITH (ROWLOCK, READPAST, READCOMMITTEDLOCK)
    WHERE t.Estado = 'EN_PROGRESO' AND t.Cancelado = 0 AND t.Tipo <> 'LO_PROCESOS' AND t.ID_Trabajo > @Trabajo
      AND (@ID_Trabajo IS NULL OR t.ID_Trabajo = @ID_Trabajo)
      AND (@Todos = 1 OR EXISTS (SELECT 1 FROM @Tipos AS x WHERE x.Tipo = t.Tipo))
      AND (
        EXISTS (
          SELECT 1
          FROM trabajo.Chunks AS l WITH (ROWLOCK, READPAST, READCOMMITTEDLOCK, FORCESEEK (IX_Chunks_Libres (ID_Trabajo)))
          WHERE l.ID_Trabajo = t.ID_Trabajo AND l.Estado = 'PENDIENTE' AND l.Poseedor IS NULL
            AND (l.No_Antes_De IS NULL OR l.No_Antes_De <= @Ahora))
        OR EXISTS (
          SELECT 1
          FROM trabajo.Chunks AS v WITH (ROWLOCK, READPAST, READCOMMITTEDLOCK, FORCESEEK (IX_Chunks_Arrendados (ID_Trabajo)))
          WHERE v.ID_Trabajo = t.ID_Trabajo AND v.Estado = 'PENDIENTE' AND v.Poseedor IS NOT NULL AND v.Expira < @Ahora))
    ORDER BY t.ID_Trabajo;
    IF @@ROWCOUNT = 0
      BREAK;

    -- 1: el candado del trabajo, compartido. Rechazado: lo estan cancelando, finalizando o reintentando
    SET @Recurso = CONCAT(N'carril:trabajo:', @Trabajo);
    EXEC trabajo.sp_Bloquear @Recurso = @Recurso, @Modo = 'Shared', @Espera_ms = 0, @Concedido = @Concedido OUTPUT;
    IF @Concedido = 0
      CONTINUE;

    -- en una sentencia posterior al candado: ya nadie cambia la bandera ni el estado hasta que esto termine
    INSERT INTO @Trabajos (ID_Trabajo, Tipo, Max_Intentos, Parametros)
    SELECT t.ID_Trabajo, t.Tipo, t.Max_Intentos, t.Parametros
    FROM trabajo.Trabajos AS t WITH (ROWLOCK, READPAST, READCOMMITTEDLOCK)
    WHERE t.ID_Trabajo = @Trabajo AND t.Estado = 'EN_PROGRESO' AND t.Cancelado = 0;
    IF @@ROWCOUNT = 0
      CONTINUE;

    -- 2: arriendos vencidos, de uno en uno y en orden de vencimiento
    SELECT @Ultimo_Expira = CONVERT(datetime2(3), '00010101'), @Ultimo_Chunk = 0;
    WHILE @Vencidos = 1 AND @Falta > 0
    BEGIN
      SELECT TOP (1) @ID_Chunk = c.ID_Chunk, @Token = c.Token, @Intento = c.Intento, @Expira = c.Expira
      FROM trabajo.Chunks AS c WITH (ROWLOCK, READPAST, READCOMMITTEDLOCK, FORCESEEK (IX_Chunks_Arrendados (ID_Trabajo)))
      WHERE c.ID_Trabajo = @Trabajo AND c.Estado = 'PENDIENTE' AND c.Poseedor IS NOT NULL AND c.Expira < @Ahora
        AND c.Expira >= @Ultimo_Expira AND (c.Expira > @Ultimo_Expira OR c.ID_Chunk > @Ultimo_Chunk)
      ORDER BY c.Expira, c.ID_Chunk;
      IF @@ROWCOUNT = 0
        BREAK;
      SELECT @Ultimo_Expira = @Expira, @Ultimo_Chunk = @ID_Chunk, @Recurso = CONCAT(N'carril:chunk:', @ID_Chunk);

      EXEC trabajo.sp_Bloquear @Recurso = @Recurso, @Modo = 'Exclusive', @Espera_ms = 0, @Concedido = @Concedido OUTPUT;
      IF @Concedido = 0
        CONTINUE;

      -- se vuelve a mirar el vencimiento: un latido pudo renovarlo, y entonces sigue siendo de su poseedor
      IF @Intento >= @Max_Intentos
        UPDATE c
        SET
          Estado = 'ERROR', Poseedor = NULL, Expira = NULL, Fin = @Ahora,
          Ultimo_Error = COALESCE(c.Ultimo_Error, CONCAT(N'el arriendo de ', c.Poseedor, N' vencio en el ultimo intento (',
            c.Intento, N' de ', @Max_Intentos, N')'))
        FROM trabajo.Chunks AS c WITH (ROWLOCK, READPAST, READCOMMITTEDLOCK, FORCESEEK)
        WHERE c.ID_Chunk = @ID_Chunk AND c.Token = @Token AND c.Estado = 'PENDIENTE' AND c.Poseedor IS NOT NULL
          AND c.Expira < @Ahora;
      ELSE
      BEGIN
        UPDATE c
        SET
          Poseedor = @Poseedor, Token = c.Token + 1, Intento = c.Intento + 1, Expira = @Vence, No_Antes_De = NULL,
          Inicio = @Ahora
        FROM trabajo.Chunks AS c WITH (ROWLOCK, READPAST, READCOMMITTEDLOCK, FORCESEEK)
        WHERE c.ID_Chunk = @ID_Chunk AND c.Token = @Token AND c.Estado = 'PENDIENTE' AND c.Poseedor IS NOT NULL
          AND c.Expira < @Ahora;
        IF @@ROWCOUNT = 1
        BEGIN
          INSERT INTO @Mios (ID_Chunk, Token) VALUES (@ID_Chunk, @Token + 1);
          SET @Falta -= 1;
        END;
      END;
    END;
    IF @Falta = 0
      BREAK;

    -- 3: libres, el mas pesado primero. El indice cubre la eleccion: se bloquean sus claves y solo se toca lo pendiente
    DELETE FROM @Elegidos;
    INSERT INTO @Elegidos (ID_Chunk, Token)
    SELECT TOP (@Falta) c.ID_Chunk, c.Token
    FROM trabajo.Chunks AS c WITH (UPDLOCK, READPAST, READCOMMITTEDLOCK, ROWLOCK, FORCESEEK (IX_Chunks_Libres (ID_Trabajo)))
    WHERE c.ID_Trabajo = @Trabajo AND c.Estado = 'PENDIENTE' AND c.Poseedor IS NULL
      AND (c.No_Antes_De IS NULL OR c.No_Antes_De <= @Ahora)
    ORDER BY c.Peso DESC, c.ID_Chunk;

    -- los que alguien tuvo antes, solo con su candado; sin esperar, asi que pedirlo despues de la fila no puede trabar
    SET @Ultimo_Chunk = 0;
    WHILE 1 = 1
    BEGIN
      SELECT TOP (1) @Ultimo_Chunk = e.ID_Chunk
      FROM @Elegidos AS e
      WHERE e.Token <> 0 AND e.ID_Chunk > @Ultimo_Chunk
      ORDER BY e.ID_Chunk;
      IF @@ROWCOUNT = 0
        BREAK;
      SET @Recurso = CONCAT(N'carril:chunk:', @Ultimo_Chunk);
      EXEC trabajo.sp_Bloquear @Recurso = @Recurso, @Modo = 'Exclusive', @Espera_ms = 0, @Concedido = @Concedido OUTPUT;
      IF @Concedido = 0
        DELETE FROM @Elegidos WHERE ID_Chunk = @Ultimo_Chunk;
    END;

    -- nada de esto pudo cambiar desde que se eligio: las claves siguen bloqueadas
    UPDATE c
    SET
      Poseedor = @Poseedor, Token = c.Token + 1, Intento = c.Intento + 1, Expira = @Vence, No_Antes_De = NULL,
      Inicio = @Ahora
    FROM trabajo.Chunks AS c WITH (ROWLOCK, FORCESEEK)
    INNER JOIN @Elegidos AS e ON e.ID_Chunk = c.ID_Chunk
    WHERE c.Token = e.Token AND c.Estado = 'PENDIENTE' AND c.Poseedor IS NULL;
    INSERT INTO @Mios (ID_Chunk, Token) SELECT e.ID_Chunk, e.Token + 1 FROM @Elegidos AS e;
    SET @Falta -= @@ROWCOUNT;
  END;

  -- lo que quedo escrito, y nada mas, es lo que se entrega
  SELECT
    c.ID_Chunk, c.ID_Trabajo, t.Tipo, c.Orden, c.Rango_Inicio, c.Rango_Fin, c.Recurso, c.Peso, c.Token, c.Intento,
    t.Max_Intentos, c.Expira, t.Parametros
  FROM @Mios AS m
  INNER JOIN trabajo.Chunks AS c WITH (FORCESEEK (PK_Chunks (ID_Chunk))) ON c.ID_Chunk = m.ID_Chunk
  INNER JOIN @Trabajos AS t ON t.ID_Trabajo = c.ID_Trabajo
  WHERE c.Token = m.Token AND c.Poseedor = @Poseedor;
END;
GO
