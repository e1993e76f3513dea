SET LOCAL ROLE carril_dueno;

/*
  Revokes a credential: from now on it opens nothing. One that was revoked before keeps its time. The row stays, for who asks
  later what it was.

  Returns: one
    Nombre    nvarchar(100)  not null
    Revocada  datetime2(3)   not null
  Errors: 50400, 50404
  Touches: trabajo.Credenciales write
  Batch: 1
  Entry: carril_dba
  Since: 029
*/
CREATE OR REPLACE FUNCTION trabajo.sp_Revocar_Credencial(
  p_ID_Credencial bigint
)
RETURNS TABLE (
  Nombre text,
  Revocada timestamptz
)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
  IF p_ID_Credencial IS NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'UC400', MESSAGE = 'p_ID_Credencial es obligatorio';
  END IF;

  RETURN QUERY
  UPDATE trabajo.Credenciales AS c
  SET revocada = coalesce(c.revocada, clock_timestamp())
  WHERE c.id_credencial = p_ID_Credencial
  RETURNING c.nombre::text, c.revocada::timestamptz;
  IF NOT FOUND THEN
    RAISE EXCEPTION USING ERRCODE = 'UC404', MESSAGE = format('no existe la credencial %s', p_ID_Credencial);
  END IF;
END
$$;
GRANT EXECUTE ON FUNCTION trabajo.sp_Revocar_Credencial TO carril_dba;
