SET ANSI_NULLS, QUOTED_IDENTIFIER ON;
GO
/*
  A cleaned RUT (rut_normalizado of a source) as it is written, 12345678-5, and whether its check digit is right: modulus 11 over
  the digits from the right, weighed 2 to 7 and again from 2; 11 is 0, 10 is K. A number has at most nine digits and no leading zero.
  Document 003, "Mapeo de informacion por campo": 'RUT: normalizado de cualquier fuente'.

  Touches: nothing
  Since: 020
*/
CREATE OR ALTER FUNCTION nomina.fn_RUT(@Normalizado varchar(15))
RETURNS TABLE
AS
RETURN (
  SELECT
    CASE
      -- uno mas largo no cabe con guion, y no es ningun RUT
      WHEN LEN(@Normalizado) BETWEEN 2 AND 14 THEN STUFF(@Normalizado, LEN(@Normalizado), 0, '-')
      ELSE @Normalizado
    END AS RUT,
    CONVERT(bit, CASE
      WHEN LEN(@Normalizado) BETWEEN 2 AND 10
        AND @Normalizado LIKE '[1-9]%[0-9K]' COLLATE Latin1_General_BIN2
        AND LEFT(@Normalizado, LEN(@Normalizado) - 1) NOT LIKE '%[^0-9]%' COLLATE Latin1_General_BIN2
        AND RIGHT(@Normalizado, 1) = SUBSTRING('0K987654321', 1 + (
          (ASCII(SUBSTRING(n.Cifras, 9, 1)) - 48) * 2 + (ASCII(SUBSTRING(n.Cifras, 8, 1)) - 48) * 3
          + (ASCII(SUBSTRING(n.Cifras, 7, 1)) - 48) * 4 + (ASCII(SUBSTRING(n.Cifras, 6, 1)) - 48) * 5
          + (ASCII(SUBSTRING(n.Cifras, 5, 1)) - 48) * 6 + (ASCII(SUBSTRING(n.Cifras, 4, 1)) - 48) * 7
          + (ASCII(SUBSTRING(n.Cifras, 3, 1)) - 48) * 2 + (ASCII(SUBSTRING(n.Cifras, 2, 1)) - 48) * 3
          + (ASCII(SUBSTRING(n.Cifras, 1, 1)) - 48) * 4) % 11, 1) THEN 1
      ELSE 0
    END) AS Valido
  FROM (
    SELECT RIGHT(CONCAT('000000000', LEFT(@Normalizado, CASE WHEN @Normalizado = '' THEN 0 ELSE LEN(@Normalizado) - 1 END)), 9) AS Cifras
  ) AS n
);
GO
