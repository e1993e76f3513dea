SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  Leaves one row per InvestID in staging.PosModRF_Final: nominals and values added up, description of the line with the
  largest absolute value, modified duration of the largest line that has one. Peso is the share of the fund's fixed income, in
  per cent with 10 decimals, and the weights sum to exactly 100 (to 0 when the total is zero). Contribucion is value times
  duration over the value of what has a duration, so what has none neither contributes nor counts as zero; Duracion_Fondo is
  their sum, the same in every row. Both rounded half away from zero to 10 decimals; the largest absolute value takes what
  rounding left over, of several the lowest InvestID. Without any duration, or when the value of what has one is zero, both
  are NULL. 50409 when a total is so small beside a position that a weight or a contribution would not fit. Deletes the fund's
  rows first.

  Returns: nothing
  Errors: 50400, 50404, 50409
  Touches: logs.Ejecuciones read, logs.Ejecucion_Fondos read, staging.PosModRF_WorkTable read, staging.PosModRF_Final write
  Batch: 2000
  Step: called inside the caller's transaction
  Since: 015
*/
CREATE OR ALTER PROCEDURE staging.PosModRF_02_Final
  @ID_Ejecucion bigint,
  @FechaReporte date,
  @ID_Fund int,
  @Portfolio_Geneva varchar(50)
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;

  DECLARE
    @Mensaje nvarchar(2048), @Total decimal(28, 4), @Mayor decimal(19, 4), @Resto decimal(18, 10), @Base decimal(28, 4),
    @Suma decimal(38, 12), @Mayor_Producto decimal(38, 12), @Duracion decimal(18, 10), @Desde int = 0, @Filas int,
    @Borradas int = 2000;

  EXEC staging.sp_Comprobar_Paso @ID_Ejecucion, @FechaReporte, @ID_Fund, @Portfolio_Geneva;

  -- aparte, para repartir el redondeo antes de escribir; una variable de tabla usa la intercalacion de la base
  DECLARE @Final TABLE
  (
    N                  int             NOT NULL PRIMARY KEY, -- de mayor a menor valor absoluto
    InvestID           nvarchar(100)   NOT NULL,
    Descripcion        nvarchar(200)   NOT NULL,
    Nominal            decimal(28, 8)  NOT NULL,
    ValorMercado       decimal(19, 4)  NOT NULL,
    Peso               decimal(18, 10) NOT NULL,
    DuracionModificada decimal(12, 8)  NULL,
    Producto           decimal(31, 12) NULL, -- valor por duracion, exacto
    Contribucion       decimal(18, 10) NULL
  );

  WITH lineas AS (
    SELECT
      w.InvestID, w.Descripcion, w.Nominal, w.DuracionModificada, w.ValorMercado,
      ROW_NUMBER() OVER (PARTITION BY w.InvestID ORDER BY ABS(w.ValorMercado) DESC, w.ID_Linea) AS Puesto,
      ROW_NUMBER() OVER (
        PARTITION BY w.InvestID
        ORDER BY CASE WHEN w.DuracionModificada IS NULL THEN 1 ELSE 0 END, ABS(w.ValorMercado) DESC, w.ID_Linea
      ) AS Puesto_Duracion
    FROM staging.PosModRF_WorkTable AS w
    WHERE w.ID_Ejecucion = @ID_Ejecucion AND w.ID_Fund = @ID_Fund
  ),
  posiciones AS (
    SELECT
      MAX(CASE WHEN l.Puesto = 1 THEN l.InvestID END) AS InvestID,
      MAX(CASE WHEN l.Puesto = 1 THEN l.Descripcion END) AS Descripcion,
      CAST(SUM(l.Nominal) AS decimal(28, 8)) AS Nominal,
      CAST(SUM(l.ValorMercado) AS decimal(19, 4)) AS ValorMercado,
      MAX(CASE WHEN l.Puesto_Duracion = 1 THEN l.DuracionModificada END) AS DuracionModificada
    FROM lineas AS l
    GROUP BY l.InvestID
  )
  INSERT INTO @Final (N, InvestID, Descripcion, Nominal, ValorMercado, Peso, DuracionModificada, Producto)
  SELECT
    ROW_NUMBER() OVER (ORDER BY ABS(p.ValorMercado) DESC, p.InvestID COLLATE Latin1_General_100_BIN2),
    p.InvestID, p.Descripcion, p.Nominal, p.ValorMercado, 0, p.DuracionModificada,
    CAST(p.ValorMercado * p.DuracionModificada AS decimal(31, 12))
  FROM posiciones AS p;
  SET @Filas = @@ROWCOUNT;

  SELECT
    @Total = SUM(f.ValorMercado), @Mayor = MAX(ABS(f.ValorMercado)),
    @Base = SUM(CASE WHEN f.DuracionModificada IS NOT NULL THEN f.ValorMercado END),
    @Suma = SUM(f.Producto), @Mayor_Producto = MAX(ABS(f.Producto))
  FROM @Final AS f;

  IF @Total <> 0
  BEGIN
    IF @Mayor >= ABS(@Total) * 1000000
    BEGIN
      SET @Mensaje = CONCAT(N'El total de renta fija del fondo ', @ID_Fund, N' (', @Total,
        N') es tan pequeno frente a una posicion de ', @Mayor, N' que los pesos no caben: revise sus lineas.');
      THROW 50409, @Mensaje, 1;
    END;

    -- decimal(21,4) / decimal(28,4) es decimal(38,17), y la division trunca: quedan siete cifras mas que las diez que se
    -- guardan, asi que el CAST redondea lo mismo que redondearia el cociente exacto
    UPDATE f
    SET Peso = CAST(CAST(f.ValorMercado * 100 AS decimal(21, 4)) / @Total AS decimal(18, 10))
    FROM @Final AS f;

    SELECT @Resto = 100 - SUM(f.Peso) FROM @Final AS f;
    UPDATE f SET Peso = f.Peso + @Resto FROM @Final AS f WHERE f.N = 1;
  END;

  IF @Base <> 0
  BEGIN
    IF @Mayor_Producto >= ABS(@Base) * 10000000 OR ABS(@Suma) >= ABS(@Base) * 10000000
    BEGIN
      SET @Mensaje = CONCAT(N'El valor con duracion del fondo ', @ID_Fund, N' (', @Base,
        N') es tan pequeno frente a una posicion que su duracion no cabe: revise sus lineas.');
      THROW 50409, @Mensaje, 1;
    END;

    -- decimal(31,12) / decimal(28,4) es decimal(38,15): cinco cifras mas que las diez que se guardan
    SET @Duracion = CAST(CAST(@Suma AS decimal(31, 12)) / @Base AS decimal(18, 10));
    UPDATE f
    SET Contribucion = CAST(f.Producto / @Base AS decimal(18, 10))
    FROM @Final AS f
    WHERE f.Producto IS NOT NULL;

    SELECT @Resto = @Duracion - SUM(f.Contribucion) FROM @Final AS f;
    UPDATE f
    SET Contribucion = f.Contribucion + @Resto
    FROM @Final AS f
    WHERE f.N = (SELECT MIN(m.N) FROM @Final AS m WHERE m.Producto IS NOT NULL);
  END;

  WHILE @Borradas = 2000
  BEGIN
    DELETE TOP (2000) FROM staging.PosModRF_Final WITH (ROWLOCK, FORCESEEK)
    WHERE ID_Ejecucion = @ID_Ejecucion AND ID_Fund = @ID_Fund;
    SET @Borradas = @@ROWCOUNT;
  END;

  WHILE @Desde < @Filas
  BEGIN
    INSERT INTO staging.PosModRF_Final WITH (ROWLOCK) (
      ID_Ejecucion, ID_Fund, InvestID, FechaReporte, Descripcion, Nominal, ValorMercado, Peso, DuracionModificada,
      Contribucion, Duracion_Fondo)
    SELECT
      @ID_Ejecucion, @ID_Fund, f.InvestID, @FechaReporte, f.Descripcion, f.Nominal, f.ValorMercado, f.Peso,
      f.DuracionModificada, f.Contribucion, @Duracion
    FROM @Final AS f
    WHERE f.N > @Desde AND f.N <= @Desde + 2000;

    SET @Desde += 2000;
  END;
END;
