SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  Consolidates the employees of a chunk under its token, set-based and in one transaction, and completes the chunk. Already complete
  under this token: says so and does nothing. Rules of document 003, which names them in reglas_aplicadas:

  - one result a RUT ("EmpleadoConsolidado", unique_together): the first row of the Libro with it, and of the Novedades
    (buscar_empleado_por_rut: first()); later ones count as RUT_DUPLICADO. A wrong check digit is RUT_INVALIDO, and consolidated.
  - "consolidar_datos_personales": nombre Libro, else Novedades; cargo Novedades, else Libro; centro_costo Libro.
  - "consolidar_conceptos_empleado": the Novedades' concept when its valor is not 0, else the Libro's, else none (CERO_EN_NOVEDADES);
    value, name and type come from the one that counts (TIPO_DISTINTO); of one code twice in one source the last counts
    (CONCEPTO_DUPLICADO); a name that is blank is the other source's, else the code (CONCEPTO_SIN_NOMBRE).
  - "consolidar_movimientos_empleado": ingreso, finiquito and ausentismo whose date lies in the closing's month.
  - "EmpleadoConsolidado", totals: sums of haber and of descuento; another type is in neither (TIPO_DESCONOCIDO).

  Returns: one
    Estado         varchar(50)  not null  COMPLETADO
    Empleados      int          not null  consolidated by this call
    Registros      int          not null  employees and concepts written
    Discrepancias  int          not null  found and resolved
    Restantes      int          not null  0: no unfinished chunk of the job was seen, try to finalize it; else 1
  Errors: 50400, 50404, 50408, 50409, 50410, 50499
  Touches: trabajo.Chunks write, trabajo.Trabajos read, nomina.CierreNomina read, nomina.EmpleadoCierre read, nomina.RegistroConceptoEmpleado read, nomina.EmpleadoCierreNovedades read, nomina.RegistroConceptoEmpleadoNovedades read, nomina.MovimientoAltaBaja read, nomina.MovimientoAusentismo read, nomina.EmpleadoConsolidado write, nomina.ConceptoEmpleadoConsolidado write, nomina.DiscrepanciaCierre write
  Batch: 2000
  Entry: carril_app
  Since: 020
*/
CREATE OR ALTER PROCEDURE nomina.sp_Consolidar_Chunk
  @ID_Chunk bigint,
  @Token bigint
AS
BEGIN
  SET NOCOUNT, XACT_ABORT ON;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
  DECLARE
    @Estado varchar(50), @ID_Trabajo bigint, @Tipo varchar(50), @Desde bigint, @Hasta bigint, @Cierre bigint, @Mes int, @Anno int,
    @Inicio date, @Fin date, @Empleados int = 0, @Conceptos int = 0, @Discrepancias int = 0, @Restantes int = 1, @Fila int,
    @Haberes decimal(18, 2), @Descuentos decimal(18, 2), @Resultado nvarchar(max), @Mensaje nvarchar(2048);
  -- los del chunk, con lo que las reglas de personas y movimientos necesitan
  DECLARE @Emp TABLE (
    ID bigint NOT NULL PRIMARY KEY, Rut_Libro varchar(15) NOT NULL, Rut varchar(15) NOT NULL, Valido bit NOT NULL,
    Nombre nvarchar(200) NOT NULL, Cargo nvarchar(100) NOT NULL, Centro_Costo nvarchar(50) NOT NULL, Veces int NOT NULL,
    ID_Novedades bigint NULL, Veces_Novedades int NOT NULL, Nombre_Novedades nvarchar(200) NULL, Cargo_Novedades nvarchar(100) NULL,
    Es_Ingreso bit NOT NULL, Es_Finiquito bit NOT NULL, Tiene_Ausentismo bit NOT NULL, ID_Consolidado bigint NULL);
  -- cada codigo de cada empleado, resuelto; Fuente NULL: no se consolida
  DECLARE @Con TABLE (
    Fila int NOT NULL PRIMARY KEY, Empleado bigint NOT NULL, Codigo nvarchar(10) COLLATE Latin1_General_BIN2 NOT NULL,
    Fuente varchar(20) NULL, Valor decimal(12, 2) NULL, Tipo nvarchar(20) NULL, Nombre nvarchar(200) NULL, Sin_Nombre bit NOT NULL,
    Cero bit NOT NULL, Tipo_Libro nvarchar(20) NULL, Tipo_Novedades nvarchar(20) NULL, Veces_Libro int NOT NULL,
    Veces_Novedades int NOT NULL);
  -- lo que las reglas resolvieron y alguien debe mirar
  DECLARE @Dudas TABLE (
    Fila int IDENTITY(1, 1) NOT NULL PRIMARY KEY, Empleado bigint NOT NULL, Tipo varchar(50) NOT NULL,
    Codigo nvarchar(10) COLLATE Latin1_General_BIN2 NULL, Detalle nvarchar(400) NOT NULL);
  DECLARE @Nuevos TABLE (
    ID bigint NOT NULL, Empleado bigint NOT NULL PRIMARY KEY, Haberes decimal(14, 2) NOT NULL, Descuentos decimal(14, 2) NOT NULL);

  BEGIN TRY
    BEGIN TRANSACTION;

    EXEC trabajo.sp_Tomar_Chunk
      @ID_Chunk = @ID_Chunk, @Token = @Token, @Estado = @Estado OUTPUT, @ID_Trabajo = @ID_Trabajo OUTPUT;

    SELECT
      @Tipo = t.Tipo, @Desde = c.Rango_Inicio, @Hasta = c.Rango_Fin, @Cierre = n.id, @Mes = n.mes, @Anno = n.anno
    FROM trabajo.Chunks AS c
    INNER JOIN trabajo.Trabajos AS t ON t.ID_Trabajo = c.ID_Trabajo
    LEFT JOIN nomina.CierreNomina AS n ON n.ID_Trabajo = t.ID_Trabajo AND n.ID_Trabajo IS NOT NULL
    WHERE c.ID_Chunk = @ID_Chunk;
    IF @Tipo <> 'NOMINA'
    BEGIN
      SET @Mensaje = CONCAT(N'el chunk ', @ID_Chunk, N' es de un trabajo de tipo ', REPLACE(@Tipo, '%', '%%'),
        N': no es de una consolidacion');
      THROW 50409, @Mensaje, 1;
    END;

    IF @Estado <> 'COMPLETADO'
    BEGIN
      IF @Cierre IS NULL
      BEGIN
        SET @Mensaje = CONCAT(N'el trabajo ', @ID_Trabajo, N' ya no es la consolidacion de ningun cierre');
        THROW 50409, @Mensaje, 1;
      END;
      SET @Inicio = DATEFROMPARTS(@Anno, @Mes, 1);
      SET @Fin = DATEADD(MONTH, 1, @Inicio);

      -- 003, "EmpleadoConsolidado" y "consolidar_movimientos_empleado"
      INSERT INTO @Emp (
        ID, Rut_Libro, Rut, Valido, Nombre, Cargo, Centro_Costo, Veces, ID_Novedades, Veces_Novedades, Nombre_Novedades,
        Cargo_Novedades, Es_Ingreso, Es_Finiquito, Tiene_Ausentismo)
      SELECT
        l.id, l.rut, r.RUT, r.Valido, l.nombre, l.cargo, l.centro_costo, d.Veces, nd.ID, nd.Veces, n.nombre, n.cargo,
        CASE WHEN EXISTS (
          SELECT 1 FROM nomina.MovimientoAltaBaja AS m
          WHERE m.rut_normalizado = l.rut_normalizado AND m.tipo_movimiento = 'ingreso'
            AND m.fecha_movimiento >= @Inicio AND m.fecha_movimiento < @Fin) THEN 1 ELSE 0 END,
        CASE WHEN EXISTS (
          SELECT 1 FROM nomina.MovimientoAltaBaja AS m
          WHERE m.rut_normalizado = l.rut_normalizado AND m.tipo_movimiento = 'finiquito'
            AND m.fecha_movimiento >= @Inicio AND m.fecha_movimiento < @Fin) THEN 1 ELSE 0 END,
        CASE WHEN EXISTS (
          SELECT 1 FROM nomina.MovimientoAusentismo AS a
          WHERE a.rut_normalizado = l.rut_normalizado
            AND a.fecha_inicio >= @Inicio AND a.fecha_inicio < @Fin) THEN 1 ELSE 0 END
      FROM nomina.EmpleadoCierre AS l
      CROSS APPLY (
        SELECT MIN(x.id) AS ID, COUNT(*) AS Veces
        FROM nomina.EmpleadoCierre AS x
        WHERE x.cierre_id = @Cierre AND x.rut_normalizado = l.rut_normalizado
      ) AS d
      CROSS APPLY (
        SELECT MIN(x.id) AS ID, COUNT(*) AS Veces
        FROM nomina.EmpleadoCierreNovedades AS x
        WHERE x.cierre_id = @Cierre AND x.rut_normalizado = l.rut_normalizado
      ) AS nd
      LEFT JOIN nomina.EmpleadoCierreNovedades AS n ON n.id = nd.ID
      CROSS APPLY nomina.fn_RUT(l.rut_normalizado) AS r
      WHERE l.id >= @Desde AND l.id < @Hasta AND l.cierre_id = @Cierre AND l.rut_normalizado <> '' AND d.ID = l.id;
      SET @Empleados = @@ROWCOUNT;
      IF @Empleados > 2000
      BEGIN
        SET @Mensaje = CONCAT(N'el chunk ', @ID_Chunk, N' tiene ', @Empleados, N' empleados: como mucho 2000');
        THROW 50409, @Mensaje, 1;
      END;

      -- 003, "consolidar_conceptos_empleado": Novedades si su valor no es 0; si no, Libro; si no, nada
      INSERT INTO @Con (
        Fila, Empleado, Codigo, Fuente, Valor, Tipo, Nombre, Sin_Nombre, Cero, Tipo_Libro, Tipo_Novedades, Veces_Libro,
        Veces_Novedades)
      SELECT
        ROW_NUMBER() OVER (ORDER BY x.Empleado, x.Codigo), x.Empleado, x.Codigo, x.Fuente, x.Valor, x.Tipo,
        CASE
          WHEN TRIM(x.Nombre) <> N'' THEN x.Nombre
          WHEN TRIM(COALESCE(x.Otro_Nombre, N'')) <> N'' THEN x.Otro_Nombre
          ELSE x.Codigo
        END,
        CASE WHEN x.Fuente IS NOT NULL AND TRIM(x.Nombre) = N'' THEN 1 ELSE 0 END, x.Cero, x.Tipo_Libro, x.Tipo_Novedades,
        x.Veces_Libro, x.Veces_Novedades
      FROM (
        SELECT
          COALESCE(l.Empleado, n.Empleado) AS Empleado, COALESCE(l.Codigo, n.Codigo) AS Codigo,
          CASE WHEN n.Valor <> 0 THEN 'novedades' WHEN l.Codigo IS NOT NULL THEN 'libro' END AS Fuente,
          CASE WHEN n.Valor <> 0 THEN n.Valor ELSE l.Valor END AS Valor,
          CASE WHEN n.Valor <> 0 THEN n.Tipo ELSE l.Tipo END AS Tipo,
          CASE WHEN n.Valor <> 0 THEN n.Nombre ELSE l.Nombre END AS Nombre,
          CASE WHEN n.Valor <> 0 THEN l.Nombre ELSE n.Nombre END AS Otro_Nombre,
          CASE WHEN n.Valor = 0 THEN 1 ELSE 0 END AS Cero, l.Tipo AS Tipo_Libro, n.Tipo AS Tipo_Novedades,
          COALESCE(l.Veces, 0) AS Veces_Libro, COALESCE(n.Veces, 0) AS Veces_Novedades
        FROM (SELECT a.* FROM (
      SELECT
        e.ID AS Empleado, c.codigo_concepto COLLATE Latin1_General_BIN2 AS Codigo, c.nombre_concepto AS Nombre, c.valor AS Valor,
        LOWER(TRIM(c.tipo_concepto)) AS Tipo,
        -- de un codigo repetido vale el ultimo: orden 1
        ROW_NUMBER() OVER (
          PARTITION BY e.ID, c.codigo_concepto COLLATE Latin1_General_BIN2 ORDER BY c.id DESC) AS Orden,
        COUNT(*) OVER (PARTITION BY e.ID, c.codigo_concepto COLLATE Latin1_General_BIN2) AS Veces
      FROM @Emp AS e
      INNER JOIN nomina.RegistroConceptoEmpleado AS c ON c.empleado_id = e.ID
    ) AS a WHERE a.Orden = 1) AS l
        FULL JOIN (SELECT b.* FROM (
      SELECT
        e.ID AS Empleado, c.codigo_concepto COLLATE Latin1_General_BIN2 AS Codigo, c.nombre_concepto AS Nombre, c.valor AS Valor,
        LOWER(TRIM(c.tipo_concepto)) AS Tipo,
        -- de un codigo repetido vale el ultimo: orden 1
        ROW_NUMBER() OVER (
          PARTITION BY e.ID, c.codigo_concepto COLLATE Latin1_General_BIN2 ORDER BY c.id DESC) AS Orden,
        COUNT(*) OVER (PARTITION BY e.ID, c.codigo_concepto COLLATE Latin1_General_BIN2) AS Veces
      FROM @Emp AS e
      INNER JOIN nomina.RegistroConceptoEmpleadoNovedades AS c ON c.empleado_id = e.ID_Novedades
    ) AS b WHERE b.Orden = 1) AS n
          ON n.Empleado = l.Empleado AND n.Codigo = l.Codigo
      ) AS x;

      INSERT INTO @Dudas (Empleado, Tipo, Codigo, Detalle)
      SELECT d.Empleado, d.Tipo, d.Codigo, d.Detalle
      FROM (
        SELECT e.ID AS Empleado, v.Tipo, CONVERT(nvarchar(10), NULL) AS Codigo, v.Detalle
        FROM @Emp AS e
        CROSS APPLY (VALUES
          ('RUT_INVALIDO', CASE WHEN e.Valido = 0
            THEN CONCAT(N'"', e.Rut_Libro, N'": el digito verificador no corresponde') END),
          ('RUT_DUPLICADO', CASE WHEN e.Veces > 1 THEN CONCAT(e.Veces, N' filas del libro: vale la primera') END),
          ('RUT_DUPLICADO', CASE WHEN e.Veces_Novedades > 1
            THEN CONCAT(e.Veces_Novedades, N' filas de novedades: vale la primera') END)
        ) AS v (Tipo, Detalle)
        WHERE v.Detalle IS NOT NULL
        UNION ALL
        SELECT c.Empleado, v.Tipo, c.Codigo, v.Detalle
        FROM @Con AS c
        CROSS APPLY (VALUES
          ('CERO_EN_NOVEDADES', CASE WHEN c.Cero = 1 THEN
            CASE WHEN c.Fuente IS NULL THEN N'no esta en el libro: no se consolida' ELSE N'vale el libro' END END),
          ('TIPO_DISTINTO', CASE WHEN c.Tipo_Libro <> c.Tipo_Novedades
            THEN CONCAT(N'libro: ', c.Tipo_Libro, N', novedades: ', c.Tipo_Novedades) END),
          ('CONCEPTO_DUPLICADO', CASE WHEN c.Veces_Libro > 1
            THEN CONCAT(c.Veces_Libro, N' veces en el libro: vale la ultima') END),
          ('CONCEPTO_DUPLICADO', CASE WHEN c.Veces_Novedades > 1
            THEN CONCAT(c.Veces_Novedades, N' veces en novedades: vale la ultima') END),
          ('CONCEPTO_SIN_NOMBRE', CASE WHEN c.Sin_Nombre = 1 THEN CONCAT(N'se llama ', c.Nombre) END),
          ('TIPO_DESCONOCIDO', CASE WHEN c.Fuente IS NOT NULL AND c.Tipo NOT IN (N'haber', N'descuento')
            THEN CONCAT(N'"', c.Tipo, N'" no es haber ni descuento: en ningun total') END)
        ) AS v (Tipo, Detalle)
        WHERE v.Detalle IS NOT NULL
      ) AS d
      ORDER BY d.Empleado, d.Codigo, d.Tipo;
      SET @Discrepancias = @@ROWCOUNT;

      INSERT INTO nomina.EmpleadoConsolidado WITH (ROWLOCK) (
        cierre_id, empleado_origen_id, rut, nombre_completo, cargo, centro_costo, es_ingreso, es_finiquito, tiene_ausentismo,
        total_haberes, total_descuentos, liquido_pagar, fuentes_utilizadas, reglas_aplicadas, discrepancias_resueltas)
      OUTPUT inserted.id, inserted.empleado_origen_id, inserted.total_haberes, inserted.total_descuentos
        INTO @Nuevos (ID, Empleado, Haberes, Descuentos)
      SELECT
        @Cierre, e.ID, e.Rut,
        -- 003, "consolidar_datos_personales"
        CASE WHEN p.Nombre_Novedades = 1 THEN e.Nombre_Novedades ELSE e.Nombre END,
        CASE WHEN p.Cargo_Novedades = 1 THEN e.Cargo_Novedades ELSE e.Cargo END,
        e.Centro_Costo, e.Es_Ingreso, e.Es_Finiquito, e.Tiene_Ausentismo,
        COALESCE(s.Haberes, 0), COALESCE(s.Descuentos, 0), COALESCE(s.Haberes, 0) - COALESCE(s.Descuentos, 0),
        CONCAT(
          N'["libro"', CASE WHEN p.Nombre_Novedades = 1 OR p.Cargo_Novedades = 1 OR s.De_Novedades > 0 THEN N',"novedades"' END,
          CASE WHEN e.Es_Ingreso = 1 OR e.Es_Finiquito = 1 OR e.Tiene_Ausentismo = 1 THEN N',"movimientos"' END, N']'),
        CONCAT(
          CASE WHEN p.Nombre_Novedades = 1 THEN N'["nombre_novedades"' ELSE N'["nombre_libro"' END,
          CASE WHEN p.Cargo_Novedades = 1 THEN N',"cargo_novedades"' ELSE N',"cargo_libro"' END,
          CASE WHEN e.Rut <> e.Rut_Libro COLLATE Latin1_General_BIN2 THEN N',"rut_normalizado"' END,
          CASE WHEN s.De_Libro > 0 THEN N',"conceptos_libro"' END,
          CASE WHEN s.De_Novedades > 0 THEN N',"conceptos_novedades"' END,
          CASE WHEN s.Ceros > 0 THEN N',"cero_en_novedades"' END,
          CASE WHEN e.Es_Ingreso = 1 THEN N',"ingreso"' END,
          CASE WHEN e.Es_Finiquito = 1 THEN N',"finiquito"' END,
          CASE WHEN e.Tiene_Ausentismo = 1 THEN N',"ausentismo"' END, N']'),
        COALESCE(d.Cuantas, 0)
      FROM @Emp AS e
      CROSS APPLY (
        SELECT
          CASE WHEN TRIM(e.Nombre) = N'' AND TRIM(COALESCE(e.Nombre_Novedades, N'')) <> N'' THEN 1 ELSE 0 END AS Nombre_Novedades,
          CASE WHEN TRIM(COALESCE(e.Cargo_Novedades, N'')) <> N'' THEN 1 ELSE 0 END AS Cargo_Novedades
      ) AS p
      LEFT JOIN (
        -- 003, totales: solo haberes y descuentos
        SELECT
          c.Empleado, SUM(CASE WHEN c.Fuente IS NOT NULL AND c.Tipo = N'haber' THEN c.Valor END) AS Haberes,
          SUM(CASE WHEN c.Fuente IS NOT NULL AND c.Tipo = N'descuento' THEN c.Valor END) AS Descuentos,
          COUNT(CASE WHEN c.Fuente = 'libro' THEN 1 END) AS De_Libro,
          COUNT(CASE WHEN c.Fuente = 'novedades' THEN 1 END) AS De_Novedades,
          COUNT(CASE WHEN c.Cero = 1 THEN 1 END) AS Ceros
        FROM @Con AS c
        GROUP BY c.Empleado
      ) AS s ON s.Empleado = e.ID
      LEFT JOIN (SELECT x.Empleado, COUNT(*) AS Cuantas FROM @Dudas AS x GROUP BY x.Empleado) AS d ON d.Empleado = e.ID
      ORDER BY e.ID;
      SELECT @Haberes = COALESCE(SUM(n.Haberes), 0), @Descuentos = COALESCE(SUM(n.Descuentos), 0) FROM @Nuevos AS n;

      SET @Fila = 0;
      WHILE EXISTS (SELECT 1 FROM @Con AS c WHERE c.Fila > @Fila)
      BEGIN
        INSERT INTO nomina.ConceptoEmpleadoConsolidado WITH (ROWLOCK) (
          empleado_consolidado_id, codigo_concepto, nombre_concepto, valor, tipo_concepto, fuente_dato)
        SELECT n.ID, c.Codigo, c.Nombre, c.Valor, c.Tipo, c.Fuente
        FROM @Con AS c
        INNER JOIN @Nuevos AS n ON n.Empleado = c.Empleado
        WHERE c.Fila > @Fila AND c.Fila <= @Fila + 2000 AND c.Fuente IS NOT NULL
        ORDER BY c.Fila;
        SET @Conceptos += @@ROWCOUNT;
        SET @Fila += 2000;
      END;

      SET @Fila = 0;
      WHILE @Fila < @Discrepancias
      BEGIN
        INSERT INTO nomina.DiscrepanciaCierre WITH (ROWLOCK) (
          cierre_id, empleado_libro_id, rut, tipo, codigo_concepto, detalle, ID_Trabajo)
        SELECT @Cierre, d.Empleado, e.Rut, d.Tipo, d.Codigo, d.Detalle, @ID_Trabajo
        FROM @Dudas AS d
        INNER JOIN @Emp AS e ON e.ID = d.Empleado
        WHERE d.Fila > @Fila AND d.Fila <= @Fila + 2000
        ORDER BY d.Fila;
        SET @Fila += 2000;
      END;

      SELECT
        @Estado = 'COMPLETADO',
        @Resultado = CONCAT(
          N'{"empleados":', @Empleados, N',"registros":', @Empleados + @Conceptos, N',"discrepancias":', @Discrepancias,
          N',"haberes":"', @Haberes, N'","descuentos":"', @Descuentos, N'"}');
      EXEC trabajo.sp_Cerrar_Chunk @ID_Chunk = @ID_Chunk, @Token = @Token, @Estado = @Estado, @Resultado = @Resultado;
    END;

    COMMIT TRANSACTION;
  END TRY
  BEGIN CATCH
    IF XACT_STATE() <> 0
      ROLLBACK TRANSACTION;
    THROW;
  END CATCH;

  -- despues de confirmar: de dos que terminan a la vez, el segundo ve que no queda nada
  EXEC trabajo.sp_Restantes @ID_Trabajo = @ID_Trabajo, @Restantes = @Restantes OUTPUT;
  SELECT
    @Estado AS Estado, @Empleados AS Empleados, @Empleados + @Conceptos AS Registros, @Discrepancias AS Discrepancias,
    @Restantes AS Restantes;
END;
GO
GRANT EXECUTE ON OBJECT::nomina.sp_Consolidar_Chunk TO carril_app;
GO
