SET LOCAL ROLE carril_dueno;

/*
  Creates a credential for the HTTP service from the SHA-256 of its key: the key itself never comes here. The same fingerprint a
  second time gives the first one's ID, so that a call repeated after a lost connection creates nothing twice.

  Returns: output
    ID_Credencial  bigint  not null
  Errors: 50400, 50409
  Touches: trabajo.Credenciales write
  Batch: 1
  Entry: carril_dba
  Since: 029
*/
CREATE OR REPLACE FUNCTION trabajo.sp_Crear_Credencial(
  p_Nombre text,
  p_Rol text,
  p_Huella text,
  p_Vence timestamptz DEFAULT NULL,
  OUT p_ID_Credencial bigint
)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  v_otro text;
BEGIN
  IF coalesce(btrim(p_Nombre), '') = '' THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400', MESSAGE = 'p_Nombre es obligatorio';
  END IF;
  IF p_Rol IS NULL OR p_Rol NOT IN ('LECTURA', 'EJECUCION', 'ADMIN') THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400', MESSAGE = 'p_Rol debe ser LECTURA, EJECUCION o ADMIN';
  END IF;
  IF p_Huella IS NULL OR p_Huella !~ '^[0-9a-f]{64}$' THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400', MESSAGE =
      'p_Huella debe ser un SHA-256: 64 cifras hexadecimales en minusculas';
  END IF;
  IF p_Vence <= clock_timestamp() THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400', MESSAGE = 'p_Vence ya paso';
  END IF;

  INSERT INTO trabajo.Credenciales AS c (nombre, rol, huella, vence)
  VALUES (p_Nombre, p_Rol, p_Huella, p_Vence)
  ON CONFLICT (huella) DO NOTHING
  RETURNING c.id_credencial INTO p_ID_Credencial;
  IF p_ID_Credencial IS NULL THEN
    SELECT c.id_credencial, c.nombre INTO p_ID_Credencial, v_otro
    FROM trabajo.Credenciales AS c
    WHERE c.huella = p_Huella;
    IF v_otro <> p_Nombre THEN
      RAISE EXCEPTION USING ERRCODE = 'UC409', MESSAGE = 'esa huella es de otra credencial';
    END IF;
  END IF;
END
$$;
GRANT EXECUTE ON FUNCTION trabajo.sp_Crear_Credencial TO carril_dba;
