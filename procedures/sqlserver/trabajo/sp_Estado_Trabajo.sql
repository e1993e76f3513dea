SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  A job, its counts and its ETA: live while it runs, as its finalizer wrote them afterwards. Chunks that were split (Omitidos) count
  neither in Total nor in the weights: their halves do.

  The ETA comes from the job's newest 100 completions: the weight of those after the oldest of them, by the time from that one
  until now; when all ended at one instant, their weight by the time since the first of them began. So the rate of a job that
  stands still sinks.

  Returns: one
    ID_Trabajo     bigint         not null
    Tipo           varchar(50)    not null
    Clave          nvarchar(200)  null
    Parametros     nvarchar(max)  null
    Estado         varchar(50)    not null
    Cancelado      bit            not null
    FechaCreacion  datetime2(3)   not null
    FechaFin       datetime2(3)   null
    Total          int            not null
    Pendientes     int            not null  free, waiting for their time, or with an expired lease
    EnProgreso     int            not null  under a lease that has not expired
    Completados    int            not null
    Fallidos       int            not null
    Cancelados     int            not null
    Omitidos       int            not null  split into two others
    Peso_Total     float          not null
    Peso_Restante  float          not null  of what has not ended
    Peso_Por_s     float          null      null when nothing has completed or the job has ended
    Faltan_s       int            null      seconds to go at that rate
    Ultimo_Fin     datetime2(3)   null      of the newest completion
  Errors: 50400, 50404
  Touches: trabajo.Trabajos read, trabajo.Chunks read
  Batch: none
  Entry: carril_app, carril_lector
  Since: 021
*/
CREATE OR ALTER PROCEDURE trabajo.sp_Estado_Trabajo
  @ID_Trabajo bigint
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  DECLARE
    @Mensaje nvarchar(2048), @Ahora datetime2(3), @Fin datetime2(3), @Peso_Total float, @Peso_Restante float,
    @Ultimo_Fin datetime2(3), @Primer_Fin datetime2(3), @Primer_Inicio datetime2(3), @Peso float, @Desde datetime2(3),
    @Peso_Por_s float;

  IF @ID_Trabajo IS NULL
    THROW 50400, N'@ID_Trabajo es obligatorio', 1;
  SELECT @Fin = t.FechaFin FROM trabajo.Trabajos AS t WHERE t.ID_Trabajo = @ID_Trabajo;
  IF @@ROWCOUNT = 0
  BEGIN
    SET @Mensaje = CONCAT(N'no existe el trabajo ', @ID_Trabajo);
    THROW 50404, @Mensaje, 1;
  END;

  SELECT
    @Peso_Total = COALESCE(CONVERT(float, SUM(CASE WHEN c.Estado <> 'OMITIDO' THEN c.Peso ELSE 0 END)), 0),
    @Peso_Restante = COALESCE(CONVERT(float, SUM(CASE WHEN c.Estado = 'PENDIENTE' THEN c.Peso ELSE 0 END)), 0),
    @Ultimo_Fin = MAX(CASE WHEN c.Estado = 'COMPLETADO' THEN c.Fin END)
  FROM trabajo.Chunks AS c
  WHERE c.ID_Trabajo = @ID_Trabajo;

  IF @Fin IS NULL AND @Ultimo_Fin IS NOT NULL
  BEGIN
    DECLARE @Ultimos TABLE (Inicio datetime2(3) NULL, Fin datetime2(3) NOT NULL, Peso decimal(12, 2) NOT NULL);
    INSERT INTO @Ultimos (Inicio, Fin, Peso)
    SELECT TOP (100) c.Inicio, c.Fin, c.Peso
    FROM trabajo.Chunks AS c
    WHERE c.ID_Trabajo = @ID_Trabajo AND c.Estado = 'COMPLETADO' AND c.Fin IS NOT NULL
    ORDER BY c.Fin DESC;

    SELECT @Primer_Fin = MIN(u.Fin), @Primer_Inicio = MIN(u.Inicio) FROM @Ultimos AS u;
    -- con un solo instante no hay intervalo: se mide desde que empezaron
    SET @Desde = CASE WHEN @Primer_Fin < @Ultimo_Fin THEN @Primer_Fin ELSE @Primer_Inicio END;
    SELECT @Peso = SUM(CONVERT(float, u.Peso)) FROM @Ultimos AS u WHERE u.Fin > @Desde OR @Primer_Fin = @Ultimo_Fin;
    SET @Ahora = SYSUTCDATETIME();
    IF @Desde < @Ahora
      SET @Peso_Por_s = 1000.0 * @Peso / DATEDIFF_BIG(MILLISECOND, @Desde, @Ahora);
  END;

  SELECT
    v.ID_Trabajo, v.Tipo, v.Clave, v.Parametros, v.Estado, v.Cancelado, v.FechaCreacion, v.FechaFin, v.Total, v.Pendientes,
    v.EnProgreso, v.Completados, v.Fallidos, v.Cancelados, v.Omitidos, @Peso_Total AS Peso_Total,
    @Peso_Restante AS Peso_Restante, @Peso_Por_s AS Peso_Por_s,
    -- lo que no cabe en un int son decadas
    CONVERT(int, CASE
      WHEN @Peso_Restante < 2147483647 * @Peso_Por_s THEN CEILING(@Peso_Restante / @Peso_Por_s)
      WHEN @Peso_Por_s > 0 THEN 2147483647
    END) AS Faltan_s,
    @Ultimo_Fin AS Ultimo_Fin
  FROM trabajo.vw_Trabajos AS v
  WHERE v.ID_Trabajo = @ID_Trabajo;
END;
GO
GRANT EXECUTE ON OBJECT::trabajo.sp_Estado_Trabajo TO carril_app;
GRANT EXECUTE ON OBJECT::trabajo.sp_Estado_Trabajo TO carril_lector;
GO
