SET LOCAL ROLE carril_dueno;

/*
  The step procedure a name of the catalogue stands for: one that exists as a function in schema extract or staging, quoted and
  ready to be executed. Anything else is 50409: another schema, a name that is none.

  Returns: output
    Esquema  nvarchar(128)  not null  extract or staging
    Nombre   nvarchar(300)  not null  schema.name
  Errors: 50409
  Touches: nothing
  Batch: none
  Step: called inside the caller's transaction
  Since: 014
*/
CREATE OR REPLACE FUNCTION logs.sp_Resolver_Paso(
  p_Procedimiento text,
  OUT p_Esquema text,
  OUT p_Nombre text
)
LANGUAGE plpgsql STABLE SECURITY INVOKER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  -- el catalogo escribe los nombres como T-SQL; aqui van sin comillas, en minusculas. Se buscan por sus dos partes, que tienen
  -- indice; la ultima condicion descarta lo que traiga mas de dos
  SELECT n.nspname, format('%I.%I', n.nspname, f.proname)
  INTO p_Esquema, p_Nombre
  FROM pg_catalog.pg_proc AS f
  INNER JOIN pg_catalog.pg_namespace AS n ON n.oid = f.pronamespace
  WHERE n.nspname IN ('extract', 'staging')
    AND f.prokind = 'f'
    AND n.nspname = split_part(lower(p_Procedimiento), '.', 1)
    AND f.proname = split_part(lower(p_Procedimiento), '.', 2)
    AND n.nspname || '.' || f.proname = lower(p_Procedimiento)
  LIMIT 1;

  IF NOT FOUND THEN
    RAISE EXCEPTION USING ERRCODE = 'UC409', MESSAGE = format(
      'logs.Servicio_Procedimientos nombra %s, que no existe como funcion de los esquemas extract o staging',
      p_Procedimiento);
  END IF;
END
$$;
