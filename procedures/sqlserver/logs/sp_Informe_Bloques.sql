SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  The error blocks of one review, or of a file (the newest with that path), grouped by signature and level, the most frequent
  first. Exactly one of @ID_Trabajo and @Ruta. A block that grew is counted by the review that read it last.

  Returns: many
    Firma          nvarchar(400)   not null
    Nivel          varchar(20)     not null
    Veces          int             not null
    Primero        datetime2(3)    null      first seen, by the time stamps in the log
    Ultimo         datetime2(3)    null      last seen
    Ejemplo        nvarchar(1000)  not null  first line of the earliest block
    Ejemplo_Inicio  bigint         not null  where that block begins
  Errors: 50400, 50404, 50409
  Touches: trabajo.Trabajos read, logs.Archivos read, logs.Bloques_Error read
  Batch: none
  Entry: carril_app, carril_lector
  Since: 022
*/
CREATE OR ALTER PROCEDURE logs.sp_Informe_Bloques
  @ID_Trabajo bigint = NULL,
  @Ruta nvarchar(400) = NULL,
  @Maximo int = 100
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  DECLARE @ID_Archivo bigint, @Tipo varchar(50), @Mensaje nvarchar(2048);

  IF (@ID_Trabajo IS NULL AND @Ruta IS NULL) OR (@ID_Trabajo IS NOT NULL AND @Ruta IS NOT NULL)
    THROW 50400, N'uno de los dos, @ID_Trabajo o @Ruta', 1;
  IF @Maximo IS NULL OR @Maximo NOT BETWEEN 1 AND 10000
    THROW 50400, N'@Maximo debe estar entre 1 y 10000', 1;

  IF @ID_Trabajo IS NOT NULL
  BEGIN
    SELECT @Tipo = t.Tipo FROM trabajo.Trabajos AS t WHERE t.ID_Trabajo = @ID_Trabajo;
    IF @Tipo IS NULL
    BEGIN
      SET @Mensaje = CONCAT(N'no existe el trabajo ', @ID_Trabajo);
      THROW 50404, @Mensaje, 1;
    END;
    IF @Tipo NOT IN ('LOGS', 'LOGS_SECUENCIAL')
    BEGIN
      SET @Mensaje = CONCAT(N'el trabajo ', @ID_Trabajo, N' es de tipo ', REPLACE(@Tipo, '%', '%%'), N': no es la revision de un log');
      THROW 50409, @Mensaje, 1;
    END;
  END
  ELSE
  BEGIN
    SELECT @ID_Archivo = MAX(a.ID_Archivo) FROM logs.Archivos AS a WHERE a.Ruta = @Ruta;
    IF @ID_Archivo IS NULL
      THROW 50404, N'no se ha revisado ningun archivo con esa ruta', 1;
  END;

  -- una de las dos mitades esta vacia: su valor es NULL
  SELECT
    g.Firma, g.Nivel, g.Veces, g.Primero, g.Ultimo, e.Primera_Linea AS Ejemplo, g.Ejemplo_Inicio
  FROM (
    SELECT TOP (@Maximo)
      b.ID_Archivo, b.Firma, b.Nivel, COUNT(*) AS Veces, MIN(b.Momento) AS Primero, MAX(b.Momento) AS Ultimo,
      MIN(b.Byte_Inicio) AS Ejemplo_Inicio
    FROM (
      SELECT x.ID_Archivo, x.Firma, x.Nivel, x.Momento, x.Byte_Inicio
      FROM logs.Bloques_Error AS x
      WHERE x.ID_Trabajo = @ID_Trabajo
      UNION ALL
      SELECT y.ID_Archivo, y.Firma, y.Nivel, y.Momento, y.Byte_Inicio
      FROM logs.Bloques_Error AS y
      WHERE y.ID_Archivo = @ID_Archivo
    ) AS b
    GROUP BY b.ID_Archivo, b.Firma, b.Nivel
    ORDER BY COUNT(*) DESC, MIN(b.Byte_Inicio)
  ) AS g
  INNER JOIN logs.Bloques_Error AS e ON e.ID_Archivo = g.ID_Archivo AND e.Byte_Inicio = g.Ejemplo_Inicio
  ORDER BY g.Veces DESC, g.Ejemplo_Inicio
  -- el plan de un trabajo no sirve para un archivo, ni el de uno pequeno para uno grande
  OPTION (RECOMPILE);
END;
GO
GRANT EXECUTE ON OBJECT::logs.sp_Informe_Bloques TO carril_app;
GRANT EXECUTE ON OBJECT::logs.sp_Informe_Bloques TO carril_lector;
GO
