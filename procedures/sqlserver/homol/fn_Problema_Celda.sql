SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  What is wrong with one cell of a line that is being loaded, NULL when nothing is: the rules of all homol.sp_Cargar_*, once.
  @Tipo is texto, moneda (three letters) or the decimal that the cell must fit. Inline, so that it costs no call a cell.

  Touches: nothing
  Since: 018
*/
CREATE OR ALTER FUNCTION homol.fn_Problema_Celda
(
  @Columna     nvarchar(50),
  @Texto       nvarchar(200),
  @Tipo        varchar(20),
  @Obligatoria bit
)
RETURNS TABLE
AS
RETURN
  SELECT CASE
    WHEN TRIM(ISNULL(@Texto, N'')) = N''
      THEN CASE WHEN @Obligatoria = 1 THEN CONCAT(@Columna, N' esta vacio') END
    WHEN @Tipo = 'texto' THEN NULL
    WHEN @Tipo = 'moneda'
      THEN CASE WHEN LEN(TRIM(@Texto)) <> 3 THEN CONCAT(@Columna, N' "', @Texto, N'" no tiene tres letras') END
    -- solo decimales simples: cifras, punto y signo (el LIKE), en ese orden y dentro del tipo (TRY_CONVERT)
    WHEN TRIM(@Texto) LIKE N'%[^-+.0-9]%' OR @Texto NOT LIKE N'%[0-9]%' OR CASE @Tipo
        WHEN 'decimal(28,8)' THEN CONVERT(float, TRY_CONVERT(decimal(28, 8), TRIM(@Texto)))
        WHEN 'decimal(19,4)' THEN CONVERT(float, TRY_CONVERT(decimal(19, 4), TRIM(@Texto)))
        WHEN 'decimal(18,10)' THEN CONVERT(float, TRY_CONVERT(decimal(18, 10), TRIM(@Texto)))
        WHEN 'decimal(12,8)' THEN CONVERT(float, TRY_CONVERT(decimal(12, 8), TRIM(@Texto)))
        WHEN 'decimal(9,6)' THEN CONVERT(float, TRY_CONVERT(decimal(9, 6), TRIM(@Texto)))
      END IS NULL
      THEN CONCAT(@Columna, N' "', @Texto, N'" no es un numero ', @Tipo)
  END AS Problema;
GO
