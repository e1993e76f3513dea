SET LOCAL ROLE carril_dueno;

/*
  What the credential with this fingerprint may do: no row when there is none, or when it was revoked or has expired.

  Returns: many
    ID_Credencial  bigint         not null
    Nombre         nvarchar(100)  not null
    Rol            varchar(20)    not null
  Errors: 50400
  Touches: trabajo.Credenciales read
  Batch: none
  Entry: carril_app
  Since: 029
*/
CREATE OR REPLACE FUNCTION trabajo.sp_Comprobar_Credencial(
  p_Huella text
)
RETURNS TABLE (
  ID_Credencial bigint,
  Nombre text,
  Rol text
)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
  IF p_Huella IS NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400', MESSAGE = 'p_Huella es obligatoria';
  END IF;

  RETURN QUERY
  SELECT c.id_credencial, c.nombre::text, c.rol::text
  FROM trabajo.Credenciales AS c
  WHERE c.huella = p_Huella AND c.revocada IS NULL AND (c.vence IS NULL OR c.vence > clock_timestamp());
END
$$;
GRANT EXECUTE ON FUNCTION trabajo.sp_Comprobar_Credencial TO carril_app;
