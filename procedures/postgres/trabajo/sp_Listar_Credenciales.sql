SET LOCAL ROLE carril_dueno;

/*
  The credentials of the HTTP service, the newest first, without their fingerprints.

  Returns: many
    ID_Credencial  bigint         not null
    Nombre         nvarchar(100)  not null
    Rol            varchar(20)    not null
    FechaCreacion  datetime2(3)   not null
    Vence          datetime2(3)   null
    Revocada       datetime2(3)   null
    Usuario        nvarchar(100)  not null
  Errors: none
  Touches: trabajo.Credenciales read
  Batch: none
  Entry: carril_app, carril_dba
  Since: 029
*/
CREATE OR REPLACE FUNCTION trabajo.sp_Listar_Credenciales()
RETURNS TABLE (
  ID_Credencial bigint,
  Nombre text,
  Rol text,
  FechaCreacion timestamptz,
  Vence timestamptz,
  Revocada timestamptz,
  Usuario text
)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  SELECT c.id_credencial, c.nombre::text, c.rol::text, c.fechacreacion, c.vence, c.revocada, c.usuario::text
  FROM trabajo.Credenciales AS c
  ORDER BY c.id_credencial DESC;
END
$$;
GRANT EXECUTE ON FUNCTION trabajo.sp_Listar_Credenciales TO carril_app, carril_dba;
