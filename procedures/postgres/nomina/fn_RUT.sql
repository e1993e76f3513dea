SET LOCAL ROLE carril_dueno;

/*
  A cleaned RUT (rut_normalizado of a source) as it is written, 12345678-5, and whether its check digit is right: modulus 11 over
  the digits from the right, weighed 2 to 7 and again from 2; 11 is 0, 10 is K. A number has at most nine digits and no leading zero.
  Document 003, "Mapeo de informacion por campo": 'RUT: normalizado de cualquier fuente'.

  Touches: nothing
  Since: 020
*/
-- sin SET search_path: asi el planificador la incorpora a quien la usa, que lo tiene fijo
CREATE OR REPLACE FUNCTION nomina.fn_RUT(p_Normalizado text)
RETURNS TABLE (
  RUT text,
  Valido boolean
)
LANGUAGE sql IMMUTABLE
AS $$
  SELECT
    CASE
      -- uno mas largo no cabe con guion, y no es ningun RUT
      WHEN length(p_Normalizado) BETWEEN 2 AND 14 THEN left(p_Normalizado, -1) || '-' || right(p_Normalizado, 1)
      ELSE p_Normalizado
    END,
    p_Normalizado ~ '^[1-9][0-9]{0,8}[0-9K]$'
      AND right(p_Normalizado, 1) = substr('0K987654321', 1 + (
        (ascii(substr(n.cifras, 9, 1)) - 48) * 2 + (ascii(substr(n.cifras, 8, 1)) - 48) * 3
        + (ascii(substr(n.cifras, 7, 1)) - 48) * 4 + (ascii(substr(n.cifras, 6, 1)) - 48) * 5
        + (ascii(substr(n.cifras, 5, 1)) - 48) * 6 + (ascii(substr(n.cifras, 4, 1)) - 48) * 7
        + (ascii(substr(n.cifras, 3, 1)) - 48) * 2 + (ascii(substr(n.cifras, 2, 1)) - 48) * 3
        + (ascii(substr(n.cifras, 1, 1)) - 48) * 4) % 11, 1)
  FROM (SELECT lpad(left(p_Normalizado, -1), 9, '0') AS cifras) AS n;
$$;
